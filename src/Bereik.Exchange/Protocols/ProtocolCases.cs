using System.Text.Json;
using Bereik.Domain;

namespace Bereik.Exchange.Protocols;

/// <summary>How a case came out.</summary>
/// <param name="Case">The case.</param>
/// <param name="Decision">What was decided.</param>
/// <param name="IsAsExpected">Whether outcome and reasons are those of the case.</param>
public sealed record CaseResult(ProtocolCase Case, Decision Decision, bool IsAsExpected);

/// <summary>A request in the words of a case.</summary>
public sealed record CaseRequest
{
    /// <summary>What is decided on.</summary>
    public required DecisionPoint Point { get; init; }

    /// <summary>What differs from the ordinary.</summary>
    public CaseGiven Given { get; init; } = new();
}

/// <summary>Runs the cases of a protocol by the same function as every node.</summary>
public static class ProtocolCases
{
    // Cases are about days from one another; the day on which they begin has no meaning, but lies in the middle of a quarter.
    private static readonly DateTimeOffset Now = new(2026, 11, 16, 9, 0, 0, TimeSpan.Zero);

    private static DateOnly Today => BelgianTime.DayOf(Now);

    /// <summary>Runs all cases.</summary>
    /// <param name="protocol">The protocol.</param>
    public static IReadOnlyList<CaseResult> Run(Protocol protocol)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        return [.. protocol.Cases.Select(example =>
        {
            var decision = Decision(protocol, example.Point, example.Given);
            var codes = decision.Reasons.Select(reason => reason.Code).Order(StringComparer.Ordinal);
            return new CaseResult(example, decision, decision.Outcome == example.Expect && codes.SequenceEqual(example.Reasons.Order(StringComparer.Ordinal)));
        })];
    }

    /// <summary>Ids of the clauses that no case needs: without them every case still comes out the same.</summary>
    /// <param name="protocol">A protocol whose cases all come out as expected.</param>
    public static IReadOnlyList<string> Uncovered(Protocol protocol)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        return [.. protocol.Clauses.Where(clause => Run(protocol with { Clauses = [.. protocol.Clauses.Where(other => other != clause)] }).All(result => result.IsAsExpected)).Select(clause => clause.Id)];
    }

    /// <summary>Reads a request in the words of a case.</summary>
    /// <param name="json">JSON (or YAML): <c>point</c>, and what is <c>given</c> where it is not ordinary.</param>
    /// <returns>Null with every error, by place.</returns>
    public static (CaseRequest? Request, IReadOnlyList<LintError> Errors) ReadRequest(ReadOnlySpan<byte> json)
    {
        var errors = new List<LintError>();
        if (YamlTree.Read(json, errors) is not { } tree) return (null, errors);
        var made = new ProtocolShape(errors).Check(tree, typeof(CaseRequest), null);
        return errors.Count > 0 || made is null ? (null, errors) : (made.Deserialize<CaseRequest>(ProtocolJson.Options), []);
    }

    /// <summary>Decides on a request in the words of a case.</summary>
    /// <param name="protocol">The protocol.</param>
    /// <param name="request">The request.</param>
    public static Decision Decide(Protocol protocol, CaseRequest request)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        ArgumentNullException.ThrowIfNull(request);
        return Decision(protocol, request.Point, request.Given);
    }

    private static Decision Decision(Protocol protocol, DecisionPoint point, CaseGiven given) => point switch
    {
        DecisionPoint.Order => Domain.Decide.Order(protocol, OrderOf(protocol, given), OrderFactsOf(protocol, given)),
        DecisionPoint.Release => Domain.Decide.Release(protocol, new ReleaseRequest { Purpose = given.Purpose ?? protocol.Flow.Purpose(), Fields = given.Fields ?? Shared(protocol) }, ReleaseFactsOf(protocol, given)),
        DecisionPoint.Refer => Domain.Decide.Refer(protocol, ReferralOf(protocol, given), ReferralFactsOf(protocol, given)),
        DecisionPoint.Publish => Domain.Decide.Publish(protocol, PublicationFactsOf(given)),
        DecisionPoint.Accede => Domain.Decide.Accede(protocol, AccessionOf(protocol, given), AccessionFactsOf(protocol, given)),
        _ => Domain.Decide.Use(
            protocol, new UseRequest { Act = given.Act ?? UseAct.Open, Purpose = given.Purpose ?? protocol.Flow.Purpose(), PassTo = given.PassTo }, UseFactsOf(protocol, given)),
    };

    private static OrderRequest OrderOf(Protocol protocol, CaseGiven given) => new()
    {
        Flow = protocol.Flow,
        ProtocolHash = protocol.Hash,
        Epoch = Epoch.At(Now),
        Source = protocol.Source,
        Nis = given.Elsewhere == true ? "11002" : "41002",
        ReferenceMonth = Month.Of(Today).Plus(given.MonthsAhead ?? 0),
        KnownCount = protocol.Flow is Flow.Unknown or Flow.Match ? given.Known ?? Math.Max(100, protocol.Find<Clause.OwnData>()?.Floor ?? 0) : given.Known,
        Wave = protocol.Flow == Flow.Messenger ? WaveOf(given) : null,
        IssuedAt = Now,
        ExpiresAt = Now.AddDays(given.TermDays ?? protocol.Find<Clause.Term>()?.Days ?? 1),
    };

    private static WaveRequest WaveOf(CaseGiven given) => new(given.Letters ?? 100, given.Capacity ?? 100, Today, given.LetterTested == false ? 0 : Domain.Decide.FewestReaders);

    private static OrderFacts OrderFactsOf(Protocol protocol, CaseGiven given)
    {
        var recipient = given.Recipient ?? protocol.Find<Clause.PartiesClause>()?.Recipients[0] ?? OrganisationKind.Hub;
        var local = protocol.Flow == Flow.Match ? OrganisationKind.Municipality : OrganisationKind.PublicCentreForWelfare;
        return new OrderFacts
        {
            Now = Now,
            RecipientKind = recipient,
            Territory = ["41002"],
            Operators = new Dictionary<OrganisationKind, string?>
            {
                [OrganisationKind.Hub] = "a", [OrganisationKind.Pseudonymiser] = given.SharedOperator == true ? "a" : "b", [OrganisationKind.Source] = "c", [local] = "d",
            },
            SyntheticOnly = given.Synthetic ?? true,
            Register = RegisterOf(given),
            AlreadyDelivered = given.Delivered ?? false,
            EarlierAttempts = given.Attempts ?? 0,
            ContextSeen = false,
            AnotherOpen = given.AnotherOpen ?? false,
            RootOwed = false,
            RoundOwed = false,
            EarlierKnown = new EarlierKnown(given.KnownBefore),
        };
    }

    private static ReferralRequest ReferralOf(Protocol protocol, CaseGiven given) => new()
    {
        Sender = given.SenderKnown == false ? new OrganisationId("elders") : protocol.Source, Recipient = new OrganisationId("a"), Service = given.ServiceKnown == false ? "elders" : Service.Id,
        ProtocolHash = protocol.Hash, IssuedAt = Now, ExpiresAt = Now.AddDays(given.TermDays ?? protocol.Find<Clause.Term>()?.Days ?? 1),
    };

    private static ReferralFacts ReferralFactsOf(Protocol protocol, CaseGiven given)
    {
        var recipients = protocol.Find<Clause.PartiesClause>()?.Recipients ?? [];
        return new ReferralFacts
        {
            Now = Now, SyntheticOnly = given.Synthetic ?? true, Register = RegisterOf(given), SenderRegister = RegisterOf(given),
            SenderKind = given.SenderKnown == false ? OrganisationKind.Municipality : recipients is [var first, ..] ? first : OrganisationKind.Referrer,
            RecipientKind = given.Recipient ?? (recipients.Count > 0 ? recipients[^1] : OrganisationKind.Hub),
            Services = [Service], SenderPartnership = Partnership, RecipientPartnership = given.Partners == false ? Partnership with { Id = "elders" } : Partnership, AlreadySent = given.Delivered ?? false,
        };
    }

    private static readonly ReferralService Service = new() { Id = "onthaal", Name = "Onthaal", Team = "Team", About = "Een dienst van een geval.", Reach = "Elke werkdag", WaitingDays = 10 };

    private static readonly PartnershipMembership Partnership = new() { Id = "gbo", Name = "Geïntegreerd breed onthaal", Arrangement = Bytes32.Sha256("-"u8).ToString(), From = Today };

    private static ReleaseFacts ReleaseFactsOf(Protocol protocol, CaseGiven given) => new()
    {
        Today = Today,
        SyntheticOnly = given.Synthetic ?? true,
        Register = RegisterOf(given),
        AnnouncedFields = FieldSet.Of(given.NoticeFields ?? Shared(protocol)),
        Excluded = ExclusionFacts.Of(Enum.GetValues<Exclusion>().Select(exclusion => KeyValuePair.Create(exclusion, given.Excluded == exclusion))),
        AnnouncedOn = Today.AddDays(-(given.NoticeDays ?? protocol.Find<Clause.Notice>()?.DaysBefore ?? 0)),
        Consent = (given.Consent ?? protocol.Find<Clause.Consent>() is not null)
            ? new ConsentFact { GivenOn = Today.AddDays(-(given.ConsentDays ?? 0)), Under = given.ConsentOlderText == true ? "" : protocol.Hash, Fields = FieldSet.Of(given.ConsentFields ?? Shared(protocol)), Withdrawn = given.Withdrawn ?? false } : null,
        Secrecy = Enum.GetValues<SecrecyCondition>().ToDictionary(condition => condition, condition => given.ConditionFails != condition),
    };

    private static UseFacts UseFactsOf(Protocol protocol, CaseGiven given) => new()
    {
        Today = Today,
        SyntheticOnly = given.Synthetic ?? true,
        Register = RegisterOf(given),
        ReceivedOn = Today.AddDays(-(given.Day ?? 0)),
        Contacted = given.Contacted ?? false,
        Informed = given.Informed ?? false,
        Objected = given.Objected ?? false,
        Confirmed = given.Confirmed ?? true,
        Worker = new WorkerFact
        {
            Function = given.Function ?? protocol.Find<Clause.RecipientsClause>()?.Functions[0] ?? WorkerFunction.SocialWorker,
            BoundBySecrecy = given.BoundBySecrecy ?? true,
            AttestedOn = Today.AddMonths(-(given.AttestedMonths ?? 0)),
            Suspended = false,
        },
        OwnTeam = true,
    };

    private static RegisterFacts RegisterOf(CaseGiven given) => new()
    {
        Age = TimeSpan.FromHours(given.RegisterHours ?? 0),
        State = given.State ?? ProtocolState.InForce,
        Accession = given.Accession == AccessionCase.None ? null : new AccessionFact(
            given.Accession == AccessionCase.Suspended, given.Accession == AccessionCase.Ended, given.Accession == AccessionCase.MeasureLapsed, given.Accession == AccessionCase.ReviewOverdue),
        UsableUntil = given.StoppedDays is { } days ? Today.AddDays(FrameworkFile.Shipped.GraceDays - days) : null,
    };

    private static PublicationFacts PublicationFactsOf(CaseGiven given)
    {
        var advice = new OfficerAdvice { Outcome = AdviceOutcome.Favourable, Officer = "DPO", On = Today, Summary = "-" };
        return new PublicationFacts
        {
            Today = Today,
            Advices = given.Advised == false ? new Dictionary<Party, OfficerAdvice> { [Party.Source] = advice } : new Dictionary<Party, OfficerAdvice> { [Party.Source] = advice, [Party.Recipient] = advice },
            SignedBy = given.Signatures == false ? new HashSet<Party>() : Enum.GetValues<Party>().ToHashSet(),
            Places = ["-"],
        };
    }

    private static Accession AccessionOf(Protocol protocol, CaseGiven given)
    {
        var kind = given.Recipient ?? protocol.Find<Clause.PartiesClause>()?.Recipients[0] ?? OrganisationKind.Hub;
        return new Accession
        {
            Organisation = "a", Kind = kind, Protocol = protocol.Id, Version = protocol.Version, ProtocolHash = protocol.Hash, FrameworkHash = FrameworkFile.Shipped.Hash,
            Decision = new CouncilDecision
            {
                Body = given.Body ?? kind switch
                {
                    OrganisationKind.PublicCentreForWelfare => DecidingBody.SocialWelfareCouncil, OrganisationKind.Municipality => DecidingBody.MunicipalCouncil, _ => DecidingBody.Board,
                },
                On = Today, Number = "1",
            },
            Advice = new OfficerAdvice { Outcome = AdviceOutcome.Favourable, Officer = "DPO", On = Today, Summary = "-" },
            Measures = [.. FrameworkFile.Shipped.Measures.Select(measure => new MeasureAnswer { Id = measure.Id, State = measure.Id == given.MeasureFails ? MeasureState.NotMet : MeasureState.Met, On = Today, Evidence = "-" })],
            Contact = "-", Service = "-", ReviewBy = Today, Regulation = given.Regulation == false ? null : "-",
            Territory = [new TerritoryPeriod { Nis = given.Elsewhere == true ? "73028" : "41002", From = Today }],
            Services = protocol.Flow == Flow.Referral && given.ServiceKnown != false ? [Service] : null,
            Partnership = protocol.Find<Clause.SharedSecrecy>() is not null && given.Partners != false ? Partnership : null,
        };
    }

    private static AccessionFacts AccessionFactsOf(Protocol protocol, CaseGiven given) => new()
    {
        Today = Today,
        SyntheticOnly = given.Synthetic ?? true,
        SignedBy = new OrganisationId("a"),
        Kind = given.Recipient ?? protocol.Find<Clause.PartiesClause>()?.Recipients[0],
        State = given.State ?? ProtocolState.InForce,
        Framework = FrameworkFile.Shipped,
        Municipalities = new Dictionary<string, MunicipalityFact> { ["41002"] = new(null, null, HasWelfareCentre: true), ["73028"] = new(null, null, HasWelfareCentre: false) },
    };

    private static IReadOnlyList<RecordField> Shared(Protocol protocol) => [.. (protocol.Find<Clause.FieldsClause>()?.Shared ?? []).Select(shared => shared.Id)];
}
