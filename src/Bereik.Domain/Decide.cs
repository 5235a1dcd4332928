namespace Bereik.Domain;

/// <summary>
/// The one place that permits a disclosure (nl: beslissen). Pure and total: the same protocol, request and facts give the same decision, with every
/// reason. What is unknown or missing refuses.
/// </summary>
public static class Decide
{
    /// <summary>An order with less time than this before its epoch ends is refused, since its steps would cross it.</summary>
    public static readonly TimeSpan LeastTimeInEpoch = TimeSpan.FromMinutes(30);

    /// <summary>A comparison of fewer people than this is held, where the protocol sets no higher floor: each list is delivered once a month, and must not be a question about one person.</summary>
    public const int FewestCompared = 20;

    /// <summary>A wave of letters is never smaller than this, whatever a protocol says: in a small one, whoever answers stands out.</summary>
    public const int FewestLetters = 20;

    /// <summary>A text goes out after this many people have read it, people who live in poverty among them.</summary>
    public const int FewestReaders = 8;

    /// <summary>Orders and releases are decided on a register that was read this lately.</summary>
    public static readonly TimeSpan LongestUnread = TimeSpan.FromMinutes(15);

    /// <summary>What was received may be used while the register was read this lately: a hub that cannot be reached for an hour keeps nobody from helping.</summary>
    public static readonly TimeSpan LongestUnreadForUse = TimeSpan.FromHours(24);

    /// <summary>May this organisation order this list?</summary>
    /// <param name="protocol">The protocol named in the order; null when the node does not have it.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="facts">What the node knows.</param>
    /// <returns>Refuse when any refusing reason holds, else hold when what the asker brings needs review, else permit.</returns>
    public static Decision Order(Protocol? protocol, OrderRequest request, OrderFacts facts)
    {
        if (protocol is null) return Decision.Refusal(Reasons.ProtocolUnknown);
        var refusals = new List<Reason>();
        void Refuse(bool when, Reason reason)
        {
            if (when) refusals.Add(reason);
        }

        var parties = protocol.Find<Clause.PartiesClause>();
        var roles = protocol.Find<Clause.Roles>();
        var term = protocol.Find<Clause.Term>();
        var periodicity = protocol.Find<Clause.Periodicity>();
        var own = protocol.Find<Clause.OwnData>();
        Refuse(!protocol.IsComplete, Reasons.ProtocolIncomplete);
        Refuse(protocol.Hash.Length == 0 || protocol.Hash != request.ProtocolHash, Reasons.ProtocolDiffers);
        Refuse(protocol.Flow != request.Flow || request.Flow is not (Flow.Match or Flow.Unknown or Flow.Messenger) || (request.Flow == Flow.Messenger) != (request.Wave is not null), Reasons.FlowNotInProtocol);
        Refuse(parties?.Source != request.Source.Value, Reasons.SourceNotInProtocol);
        Refuse(facts.RecipientKind is not { } kind || parties?.Recipients.Contains(kind) != true, Reasons.RecipientNotInProtocol);
        AddGrounds(protocol, facts.SyntheticOnly, refusals);
        AddRegister(facts.Register, facts.SyntheticOnly, refusals);
        Refuse(facts.Territory?.Contains(request.Nis) != true, Reasons.OutsideTerritory);
        Refuse(request.ReferenceMonth > Month.Of(BelgianTime.DayOf(facts.Now)), Reasons.MonthInFuture);
        Refuse(request.Epoch != Epoch.At(facts.Now), Reasons.EpochNotCurrent);
        Refuse(
            request.ExpiresAt > request.Epoch.End || facts.Now + LeastTimeInEpoch > request.Epoch.End,
            Reasons.EpochCrossed);
        Refuse(request.ExpiresAt <= facts.Now, Reasons.OrderExpired);
        Refuse(term is null || request.ExpiresAt > request.IssuedAt.AddDays(term.Days), Reasons.TermTooLong);
        Refuse(facts.ContextSeen is null || facts.AlreadyDelivered is null || facts.AnotherOpen is null || facts.EarlierAttempts is null || facts.RootOwed is null || facts.RoundOwed is null, Reasons.FactMissing);
        Refuse(facts.ContextSeen == true, Reasons.ContextReused);

        // Letters go out in waves: the next one of the same month is to other families, which the source sees to.
        Refuse(facts.AlreadyDelivered == true && request.Wave is null, Reasons.AlreadyDelivered);
        if (request.Wave is { } wave)
        {
            var waves = protocol.Find<Clause.Waves>();
            Refuse(wave.Letters < Math.Max(FewestLetters, waves?.Least ?? int.MaxValue), Reasons.WaveTooSmall);
            Refuse(wave.Letters > Math.Min(wave.Capacity, waves?.Most ?? 0), Reasons.WaveTooLarge);
            Refuse(wave.Readers < FewestReaders || wave.TestedOn > BelgianTime.DayOf(facts.Now), Reasons.LetterNotTested);
        }

        Refuse(facts.AnotherOpen == true, Reasons.AnotherOpen);
        Refuse(facts.RootOwed == true, Reasons.RootMissing);
        Refuse(facts.RoundOwed == true, Reasons.RoundMissing);

        // A list that is asked for again tells a little more of the same families. The next wave goes to others, and the order of it tells nothing.
        Refuse(request.Wave is null && facts.EarlierAttempts > periodicity?.Repeats, Reasons.TooManyAttempts);
        Refuse(roles?.DisjointOperators != true || !OperatorsDisjoint(facts.Operators, request.Flow), Reasons.OperatorsOverlap);
        Refuse((request.KnownCount is null) != (request.Flow is not (Flow.Unknown or Flow.Match)), Reasons.KnownCountMissing);
        Refuse(request.KnownCount < 0, Reasons.KnownCountMissing);
        Refuse(request.KnownCount is not null && facts.EarlierKnown is null, Reasons.FactMissing);
        if (refusals.Count > 0) return Decision.Of([.. refusals.Distinct()], []);

        var holds = new List<Reason>();
        if (request is { Flow: Flow.Match, KnownCount: { } compared })
        {
            if (compared < Math.Max(own!.Floor, FewestCompared)) holds.Add(Reasons.SetBelowFloor);
        }
        else if (request.KnownCount is { } known)
        {
            if (known == 0) holds.Add(Reasons.KnownSetEmpty);
            else if (known < own!.Floor) holds.Add(Reasons.KnownSetBelowFloor);
            if (facts.EarlierKnown?.Count is { } earlier && Shrank(earlier, known, own!.ShrinkPercent)) holds.Add(Reasons.KnownSetShrank);
        }

        return Decision.Of([], holds);
    }

    /// <summary>May this service refer somebody to that one? It is decided on organisations alone: whether the person agreed is a release, decided where the person is known.</summary>
    /// <param name="protocol">The protocol named in the referral; null when the node does not have it.</param>
    /// <param name="request">Which services.</param>
    /// <param name="facts">What the node knows.</param>
    public static Decision Refer(Protocol? protocol, ReferralRequest request, ReferralFacts facts)
    {
        if (protocol is null) return Decision.Refusal(Reasons.ProtocolUnknown);
        var refusals = new List<Reason>();
        void Refuse(bool when, Reason reason)
        {
            if (when) refusals.Add(reason);
        }

        var parties = protocol.Find<Clause.PartiesClause>();
        var term = protocol.Find<Clause.Term>();
        var today = BelgianTime.DayOf(facts.Now);
        var isAmongPartners = protocol.Find<Clause.SharedSecrecy>() is not null;
        Refuse(!protocol.IsComplete, Reasons.ProtocolIncomplete);
        Refuse(protocol.Hash.Length == 0 || protocol.Hash != request.ProtocolHash, Reasons.ProtocolDiffers);
        Refuse(protocol.Flow != Flow.Referral, Reasons.FlowNotInProtocol);
        Refuse(facts.RecipientKind is not { } kind || request.Recipient == request.Sender || parties?.Recipients.Contains(kind) != true, Reasons.RecipientNotInProtocol);
        AddGrounds(protocol, facts.SyntheticOnly, refusals);
        AddRegister(facts.Register, facts.SyntheticOnly, refusals);
        if (isAmongPartners)
        {
            Refuse(facts.SenderKind is not { } sender || parties?.Recipients.Contains(sender) != true, Reasons.SenderNotInProtocol);
            AddRegister(facts.SenderRegister, facts.SyntheticOnly, refusals);
            Refuse(facts.SenderPartnership?.IsSharedWith(facts.RecipientPartnership, today) != true, Reasons.PartnershipNotShared);
        }
        else Refuse(parties?.Source != request.Sender.Value, Reasons.SenderNotInProtocol);
        Refuse(facts.Services?.Any(service => service.Id == request.Service) != true, Reasons.ServiceUnknown);
        Refuse(request.ExpiresAt <= facts.Now, Reasons.OrderExpired);
        Refuse(term is null || request.ExpiresAt > request.IssuedAt.AddDays(term.Days), Reasons.TermTooLong);
        Refuse(facts.AlreadySent is null, Reasons.FactMissing);
        Refuse(facts.AlreadySent == true, Reasons.ReferralAlreadySent);
        return Decision.Of([.. refusals.Distinct()], []);
    }

    /// <summary>May this household, and which fields of it, leave the source?</summary>
    /// <param name="protocol">The protocol of the order; null when the node does not have it.</param>
    /// <param name="request">What would leave.</param>
    /// <param name="facts">What the node knows of the household.</param>
    /// <returns>Refuse when something holds against the household as a whole, or against every field that was asked for. Each field has its own outcome: what
    /// one yields does not depend on which others were asked for.</returns>
    public static Decision Release(Protocol? protocol, ReleaseRequest request, ReleaseFacts facts) =>
        protocol is null ? Refused(request, Reasons.ProtocolUnknown) : ReleaseSituation.Of(protocol, request, facts).Of(facts);

    /// <summary>May this worker open this row, use it, pass it on?</summary>
    /// <param name="protocol">The protocol that the row carries; null when the node does not have that text.</param>
    /// <param name="request">What somebody wants to do.</param>
    /// <param name="facts">What the node knows of the row and the worker.</param>
    /// <returns>Permit only for the purpose of the protocol, by a worker it names, within its days.</returns>
    public static Decision Use(Protocol? protocol, UseRequest request, UseFacts facts)
    {
        if (protocol is null) return Decision.Refusal(Reasons.ProtocolUnknown);
        var refusals = new List<Reason>();
        void Refuse(bool when, Reason reason)
        {
            if (when) refusals.Add(reason);
        }

        var recipients = protocol.Find<Clause.RecipientsClause>();
        var retention = protocol.Find<Clause.Retention>();
        var inform = protocol.Find<Clause.InformBy>();
        var onward = protocol.Find<Clause.Onward>();
        Refuse(!protocol.IsComplete, Reasons.ProtocolIncomplete);
        Refuse(protocol.Find<Clause.PurposeClause>()?.Purpose != request.Purpose || (request.Act == UseAct.Grant && request.Purpose != Purpose.AutomaticGrant), Reasons.PurposeNotGranted);
        AddGrounds(protocol, facts.SyntheticOnly, refusals);
        Refuse(!IsFresh(facts.Register, LongestUnreadForUse), Reasons.RegisterStale);
        Refuse(facts.Register is { State: null }, Reasons.ProtocolUnregistered);
        Refuse(facts.Register is { Accession: null }, Reasons.AccessionMissing);
        Refuse(facts.Register is { } register && (register.UsableUntil < facts.Today || (HasStopped(register) && register.UsableUntil is null)), Reasons.GraceOver);
        Refuse(facts.ReceivedOn is null || facts.Contacted is null || facts.Informed is null, Reasons.FactMissing);
        Refuse(facts.Objected != false, Reasons.Objected);
        if (facts.Worker is { AttestedOn: { } attested } worker)
        {
            Refuse(recipients?.Functions.Contains(worker.Function) != true, Reasons.FunctionNotGranted);
            Refuse(attested > facts.Today || recipients is null || attested.AddMonths(recipients.AttestationMonths) < facts.Today, Reasons.AttestationExpired);
            Refuse(worker.Suspended != false, Reasons.WorkerSuspended);
            Refuse(recipients?.ProfessionalSecrecy != false && worker.BoundBySecrecy != true, Reasons.RecipientNotBound);
        }
        else refusals.Add(Reasons.NotAttested);
        Refuse(facts.OwnTeam != true && !facts.WiderAccess, Reasons.OtherTeam);
        if (facts.ReceivedOn is { } received)
        {
            Refuse(received > facts.Today, Reasons.FactMissing);
            Refuse(retention is null || received.AddDays(facts.Contacted == true ? retention.ContactDays : retention.Days) < facts.Today, Reasons.RetentionExpired);
            Refuse(inform is null || (facts.Informed != true && received.AddDays(inform.Days) < facts.Today), Reasons.NotInformed);
        }

        // A yes that whoever had the letter may have said opens name and address for one first contact, and nothing else.
        Refuse(protocol.Flow == Flow.Messenger && request.Act is not (UseAct.Open or UseAct.Assign) && facts.Confirmed != true, Reasons.ConsentNotConfirmed);
        Refuse(request.Act == UseAct.PassOn && (request.PassTo is not { } to || onward?.To.Contains(to) != true), Reasons.OnwardNotGranted);
        return Decision.Of([.. refusals.Distinct()], []);
    }

    /// <summary>May an order that was permitted go on? Asked before each of its steps.</summary>
    /// <param name="protocol">The protocol of the order; null when the node does not have it.</param>
    /// <param name="register">What the register says; null when the node has none.</param>
    /// <param name="syntheticOnly">Whether this node works on synthetic numbers only.</param>
    /// <returns>Permit only while protocol and accession both run.</returns>
    public static Decision Continue(Protocol? protocol, RegisterFacts? register, bool? syntheticOnly)
    {
        if (protocol is null) return Decision.Refusal(Reasons.ProtocolUnknown);
        var refusals = new List<Reason>();
        if (!protocol.IsComplete) refusals.Add(Reasons.ProtocolIncomplete);
        AddGrounds(protocol, syntheticOnly, refusals);
        AddRegister(register, syntheticOnly, refusals);
        return Decision.Of(refusals, []);
    }

    /// <summary>May a node act on what the public log shows?</summary>
    /// <param name="stop">Null when it holds; else <c>log.alarm</c>, <c>log.stale</c> or <c>log.unread</c>.</param>
    /// <returns>Permit only when it holds; what is not known refuses as an alarm does.</returns>
    public static Decision Log(string? stop) => stop switch
    {
        null => Decision.Of([], []),
        "log.stale" => Decision.Refusal(Reasons.LogStale),
        "log.unread" => Decision.Refusal(Reasons.LogUnread),
        _ => Decision.Refusal(Reasons.LogAlarm),
    };

    /// <summary>May this text be made public, and so come into force on its day?</summary>
    /// <param name="protocol">The text; null when the node does not have it.</param>
    /// <param name="facts">What the node knows.</param>
    /// <returns>Never a permit while a ground is not verified, on whatever data a node works.</returns>
    public static Decision Publish(Protocol? protocol, PublicationFacts facts)
    {
        if (protocol is null) return Decision.Refusal(Reasons.ProtocolUnknown);
        var refusals = new List<Reason>();
        void Refuse(bool when, Reason reason)
        {
            if (when) refusals.Add(reason);
        }

        Refuse(!protocol.IsComplete, Reasons.ProtocolIncomplete);
        AddGrounds(protocol, syntheticOnly: false, refusals);
        Refuse(
            protocol.Find<Clause.Officers>() is null || facts.Advices is null || !new[] { Party.Source, Party.Recipient }.All(party => facts.Advices.TryGetValue(party, out var advice) && advice.IsReasoned && advice.On <= facts.Today),
            Reasons.ProtocolNotAdvised);
        Refuse(protocol.Find<Clause.Roles>() is null || facts.SignedBy is null || !ProtocolStanding.MustSign(protocol).All(facts.SignedBy.Contains), Reasons.ProtocolNotSigned);
        Refuse(protocol.Find<Clause.Publication>()?.ByAllParties != true || facts.Places is null || facts.Places.Count == 0 || facts.Places.Any(string.IsNullOrWhiteSpace), Reasons.ProtocolNotPublished);
        Refuse(protocol.Find<Clause.EntryIntoForce>() is not { } force || force.Until < facts.Today, Reasons.ProtocolExpired);
        return Decision.Of(refusals, []);
    }

    /// <summary>May this organisation join this text?</summary>
    /// <param name="protocol">The text; null when the node does not have it.</param>
    /// <param name="accession">What it declares.</param>
    /// <param name="facts">What the node knows.</param>
    /// <returns>Permit only when everything that the protocol and its framework ask for is there.</returns>
    public static Decision Accede(Protocol? protocol, Accession accession, AccessionFacts facts)
    {
        if (protocol is null) return Decision.Refusal(Reasons.ProtocolUnknown);
        var refusals = new List<Reason>();
        void Refuse(bool when, Reason reason)
        {
            if (when) refusals.Add(reason);
        }

        var security = protocol.Find<Clause.Security>();
        var benefit = protocol.Find<Clause.Benefit>();
        var framework = facts.Framework;
        Refuse(!protocol.IsComplete, Reasons.ProtocolIncomplete);
        Refuse(accession.Protocol != protocol.Id || accession.Version != protocol.Version || accession.ProtocolHash != protocol.Hash || protocol.Hash.Length == 0, Reasons.ProtocolDiffers);
        AddGrounds(protocol, facts.SyntheticOnly, refusals);
        AddState(facts.State, facts.SyntheticOnly, refusals, ProtocolState.Published);
        Refuse(facts.SignedBy is not { } signer || signer.Value != accession.Organisation, Reasons.AccessionOtherSigner);
        Refuse(facts.Kind is not { } kind || kind != accession.Kind || protocol.Find<Clause.PartiesClause>()?.Recipients.Contains(kind) != true, Reasons.RecipientNotInProtocol);
        Refuse(framework is null || framework.Version != security?.Framework || framework.Hash.Length == 0 || framework.Hash != accession.FrameworkHash, Reasons.OtherFramework);
        Refuse(!MayDecide(accession.Kind, accession.Decision.Body) || accession.Decision.On > facts.Today || string.IsNullOrWhiteSpace(accession.Decision.Number), Reasons.DecisionInvalid);
        Refuse(!accession.Advice.IsReasoned || accession.Advice.On > facts.Today, Reasons.AccessionNotAdvised);
        Refuse(framework is not null && !framework.Measures.All(measure => IsAnswered(accession, measure, facts.Today)), Reasons.MeasureUnanswered);
        Refuse(framework is not null && framework.Measures.Any(measure => measure.Blocking && (AccessionStanding.LastDay(accession, measure) is not { } last || last < facts.Today)), Reasons.MeasureLapsed);
        Refuse(accession.ReviewBy < facts.Today || accession.ReviewBy > facts.Today.AddYears(1), Reasons.ReviewTooFar);
        Refuse(benefit?.NeedsLocalRegulation == true && string.IsNullOrWhiteSpace(accession.Regulation), Reasons.RegulationMissing);
        Refuse(protocol.Flow == Flow.Referral && (accession.Services is not { Count: > 0 } services || services.DistinctBy(service => service.Id).Count() < services.Count), Reasons.ServiceMissing);
        Refuse(protocol.Find<Clause.SharedSecrecy>() is not null && accession.Partnership is null, Reasons.PartnershipMissing);
        Refuse(accession.Territory.Count == 0 || !accession.Territory.All(period => Exists(facts, period) is not null), Reasons.TerritoryInvalid);
        Refuse(accession.Kind == OrganisationKind.PublicCentreForWelfare && accession.Territory.Any(period => Exists(facts, period) is { HasWelfareCentre: false }), Reasons.NoWelfareCentre);
        return Decision.Of([.. refusals.Distinct()], []);
    }

    private static MunicipalityFact? Exists(AccessionFacts facts, TerritoryPeriod period) =>
        facts.Municipalities is not null && facts.Municipalities.TryGetValue(period.Nis, out var municipality) && municipality.Overlaps(period) && (period.Until is not { } last || period.From <= last) ? municipality : null;

    private static bool IsAnswered(Accession accession, Measure measure, DateOnly today)
    {
        var answers = accession.Measures.Where(answer => answer.Id == measure.Id).ToList();
        return answers is [var answer] && answer.On <= today && !string.IsNullOrWhiteSpace(answer.Evidence)
            && (answer.State != MeasureState.Planned || (!string.IsNullOrWhiteSpace(answer.Plan) && answer.PlanBy >= today));
    }

    private static bool MayDecide(OrganisationKind kind, DecidingBody body) => kind switch
    {
        OrganisationKind.PublicCentreForWelfare => body is DecidingBody.SocialWelfareCouncil or DecidingBody.StandingBureau,
        OrganisationKind.Municipality => body is DecidingBody.MunicipalCouncil or DecidingBody.MayorAndAldermen,
        _ => body == DecidingBody.Board,
    };

    // What the register says is a fact like any other: not read lately, not there, stopped or ended all refuse.
    internal static void AddRegister(RegisterFacts? register, bool? syntheticOnly, List<Reason> refusals)
    {
        if (!IsFresh(register, LongestUnread)) refusals.Add(Reasons.RegisterStale);
        if (register is null) return;
        AddState(register.State, syntheticOnly, refusals, ProtocolState.InForce);
        if (register.Accession is not { } accession)
        {
            refusals.Add(Reasons.AccessionMissing);
            return;
        }

        if (accession.Suspended) refusals.Add(Reasons.AccessionSuspended);
        if (accession.Ended) refusals.Add(Reasons.AccessionEnded);
        if (accession.MeasureLapsed) refusals.Add(Reasons.MeasureLapsed);
        if (accession.ReviewOverdue) refusals.Add(Reasons.ReviewOverdue);
    }

    // A register that was read in the future was read by another clock: how old it is, nobody knows.
    private static bool IsFresh(RegisterFacts? register, TimeSpan longest) => register?.Age is { } age && age >= TimeSpan.Zero && age <= longest;

    private static bool HasStopped(RegisterFacts register) =>
        register.State is ProtocolState.Expired or ProtocolState.Suspended or ProtocolState.Ended || register.Accession is { Suspended: true } or { Ended: true } or { MeasureLapsed: true } or { ReviewOverdue: true };

    // A draft runs on synthetic data only; what has stopped runs on none.
    private static void AddState(ProtocolState? state, bool? syntheticOnly, List<Reason> refusals, ProtocolState least)
    {
        switch (state)
        {
            case null:
                refusals.Add(Reasons.ProtocolUnregistered);
                break;
            case ProtocolState.Suspended:
                refusals.Add(Reasons.ProtocolSuspended);
                break;
            case ProtocolState.Ended:
                refusals.Add(Reasons.ProtocolEnded);
                break;
            case ProtocolState.Expired:
                refusals.Add(Reasons.ProtocolExpired);
                break;
            default:
                if (syntheticOnly != true && state < least) refusals.Add(Reasons.ProtocolNotInForce);
                break;
        }
    }

    private static Decision Refused(ReleaseRequest request, Reason reason) =>
        new(Outcome.Refuse, [reason], [.. request.Fields.Distinct().Select(field => new FieldDecision(field, [reason]))]);

    // Nothing counts as verified because it is absent: a clause that is not there is as one that nobody has read.
    internal static void AddGrounds(Protocol protocol, bool? syntheticOnly, List<Reason> refusals)
    {
        if (syntheticOnly == true) return;
        if (protocol.Find<Clause.CollectionGround>()?.State != GroundState.Verified) refusals.Add(Reasons.CollectionUnverified);
        if (protocol.Find<Clause.CommunicationGround>()?.State != GroundState.Verified) refusals.Add(Reasons.GroundUnverified);
        if (protocol.Find<Clause.RecipientGround>()?.State != GroundState.Verified) refusals.Add(Reasons.RecipientUnverified);
        if (protocol.Find<Clause.Authorisation>()?.State != GroundState.Verified) refusals.Add(Reasons.AuthorisationUnverified);
    }

    private static bool Shrank(int earlier, int now, int percent) => (long)now * 100 < (long)earlier * (100 - percent);

    // A party that runs two of the roles would hold what design keeps apart, so the same name, or no name, refuses.
    private static bool OperatorsDisjoint(IReadOnlyDictionary<OrganisationKind, string?>? operators, Flow flow)
    {
        if (operators is null) return false;
        OrganisationKind[] needed =
        [
            OrganisationKind.Hub, OrganisationKind.Pseudonymiser, OrganisationKind.Source,
            flow == Flow.Match ? OrganisationKind.Municipality : OrganisationKind.PublicCentreForWelfare,
        ];
        var names = needed.Select(kind => operators.GetValueOrDefault(kind)).ToList();
        return names.All(name => !string.IsNullOrWhiteSpace(name)) && names.Distinct(StringComparer.OrdinalIgnoreCase).Count() == needed.Length;
    }
}
