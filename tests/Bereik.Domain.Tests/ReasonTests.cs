using Shouldly;
using Xunit;

namespace Bereik.Domain.Tests;

// Every reason is, somewhere, the one and only reason.
public sealed class ReasonTests
{
    private static readonly Dictionary<string, Func<Decision>> Alone = new(StringComparer.Ordinal)
    {
        ["protocol.unknown"] = () => Decide.Order(null, Ordinary.Order, Ordinary.OrderFacts),
        ["protocol.incomplete"] = () => Order(protocol: Ordinary.Unknown with { Clauses = [.. Ordinary.Unknown.Clauses.Where(clause => clause is not Clause.Rights)] }),
        ["protocol.differs"] = () => Order(Ordinary.Order with { ProtocolHash = "x" }),
        ["fact.missing"] = () => Order(facts: Ordinary.OrderFacts with { AnotherOpen = null }),
        ["flow.notInProtocol"] = () => Order(Ordinary.Order with { Flow = Flow.Match }, Ordinary.OrderFacts with { Operators = Ordinary.Operators(OrganisationKind.Municipality, "d") }),
        ["source.notInProtocol"] = () => Order(Ordinary.Order with { Source = new OrganisationId("andere-bron") }),
        ["recipient.notInProtocol"] = () => Order(facts: Ordinary.OrderFacts with { RecipientKind = null }),
        ["ground.unverified"] = () => Real("rechtsgrond-mededeling"),
        ["ground.collectionUnverified"] = () => Real("rechtsgrond-verzameling"),
        ["ground.recipientUnverified"] = () => Real("rechtsgrond-ontvanger"),
        ["authorisation.unverified"] = () => Real("machtiging"),
        ["order.outsideTerritory"] = () => Order(facts: Ordinary.OrderFacts with { Territory = null }),
        ["order.monthInFuture"] = () => Order(Ordinary.Order with { ReferenceMonth = new Month(2026, 12) }),
        ["order.epochNotCurrent"] = () => Order(Ordinary.Order with { Epoch = new Epoch(2027, 1) }),
        ["order.epochCrossed"] = () => Order(Ordinary.Order with { IssuedAt = new Epoch(2026, 4).End.AddHours(-1), ExpiresAt = new Epoch(2026, 4).End.AddHours(1) }),
        ["order.expired"] = () => Order(Ordinary.Order with { IssuedAt = Ordinary.Now.AddDays(-3), ExpiresAt = Ordinary.Now }),
        ["order.termTooLong"] = () => Order(Ordinary.Order with { ExpiresAt = Ordinary.Now.AddDays(15) }),
        ["order.contextReused"] = () => Order(facts: Ordinary.OrderFacts with { ContextSeen = true }),
        ["periodicity.exceeded"] = () => Order(facts: Ordinary.OrderFacts with { AlreadyDelivered = true }),
        ["order.anotherOpen"] = () => Order(facts: Ordinary.OrderFacts with { AnotherOpen = true }),
        ["order.tooManyAttempts"] = () => Order(facts: Ordinary.OrderFacts with { EarlierAttempts = 4 }),
        ["order.rootMissing"] = () => Order(facts: Ordinary.OrderFacts with { RootOwed = true }),
        ["order.roundMissing"] = () => Order(facts: Ordinary.OrderFacts with { RoundOwed = true }),
        ["operators.overlap"] = () => Order(facts: Ordinary.OrderFacts with { Operators = Ordinary.Operators(OrganisationKind.PublicCentreForWelfare, "A") }),
        ["order.knownCountMissing"] = () => Order(Ordinary.Order with { KnownCount = null }),
        ["order.setBelowFloor"] = () => Compared(Decide.FewestCompared - 1),
        ["order.knownSetEmpty"] = () => Order(Ordinary.Order with { KnownCount = 0 }),
        ["order.knownSetBelowFloor"] = () => Order(Ordinary.Order with { KnownCount = 4 }),
        ["order.knownSetReview"] = () => Order(Ordinary.Order with { KnownCount = 79 }, Ordinary.OrderFacts with { EarlierKnown = new EarlierKnown(100) }),
        ["wave.tooSmall"] = () => Wave(Ordinary.Wave with { Letters = Decide.FewestLetters - 1 }),
        ["wave.tooLarge"] = () => Wave(Ordinary.Wave with { Capacity = Ordinary.Wave.Letters - 1 }),
        ["letter.notTested"] = () => Wave(Ordinary.Wave with { TestedOn = Ordinary.Today.AddDays(1) }),
        ["consent.notConfirmed"] = () => Decide.Use(Ordinary.Brief, Ordinary.Use with { Act = UseAct.Export, Purpose = Purpose.RequestedHelp }, Ordinary.UseFacts with { Confirmed = null }),
        ["household.excluded"] = () => Release(facts: Ordinary.ReleaseFacts with { Excluded = null }),
        ["notice.tooShort"] = () => Release(facts: Ordinary.ReleaseFacts with { AnnouncedOn = null }),
        ["field.notInProtocol"] = () => Release(Ordinary.Release with { Fields = [RecordField.Insz] }, Ordinary.ReleaseFacts with { AnnouncedFields = [RecordField.Insz], Consent = Ordinary.ReleaseFacts.Consent! with { Fields = [RecordField.Insz] } }),
        ["consent.missing"] = () => Release(Ordinary.Release with { Fields = [] }, Ordinary.ReleaseFacts with { Consent = null }),
        ["consent.withdrawn"] = () => Release(facts: Ordinary.ReleaseFacts with { Consent = Ordinary.ReleaseFacts.Consent! with { Withdrawn = null } }),
        ["consent.expired"] = () => Release(facts: Ordinary.ReleaseFacts with { Consent = Ordinary.ReleaseFacts.Consent! with { GivenOn = Ordinary.Today.AddDays(-91) } }),
        ["consent.notForField"] = () => Release(facts: Ordinary.ReleaseFacts with { Consent = Ordinary.ReleaseFacts.Consent! with { Fields = [] } }),
        ["secrecy.recipientNotBound"] = () => Without(SecrecyCondition.RecipientBound),
        ["secrecy.missionDiffers"] = () => Without(SecrecyCondition.SameMission),
        ["secrecy.clientNotInformed"] = () => Without(SecrecyCondition.ClientInformed),
        ["secrecy.consentMissing"] = () => Without(SecrecyCondition.ClientConsents),
        ["secrecy.fieldNotNecessary"] = () => Without(SecrecyCondition.Necessary),
        ["purpose.notGranted"] = () => Use(Ordinary.Use with { Purpose = Purpose.AutomaticGrant }),
        ["retention.expired"] = () => Use(facts: Ordinary.UseFacts with { ReceivedOn = Ordinary.Today.AddDays(-91), Informed = true }),
        ["notice.overdue"] = () => Use(facts: Ordinary.UseFacts with { ReceivedOn = Ordinary.Today.AddDays(-29) }),
        ["household.objected"] = () => Use(facts: Ordinary.UseFacts with { Objected = null }),
        ["worker.functionNotGranted"] = () => Use(facts: Ordinary.UseFacts with { Worker = Ordinary.UseFacts.Worker! with { Function = WorkerFunction.BenefitClerk } }),
        ["worker.attestationExpired"] = () => Use(facts: Ordinary.UseFacts with { Worker = Ordinary.UseFacts.Worker! with { AttestedOn = Ordinary.Today.AddMonths(-13) } }),
        ["worker.notAttested"] = () => Use(facts: Ordinary.UseFacts with { Worker = null }),
        ["worker.suspended"] = () => Use(facts: Ordinary.UseFacts with { Worker = Ordinary.UseFacts.Worker! with { Suspended = null } }),
        ["worker.otherTeam"] = () => Use(facts: Ordinary.UseFacts with { OwnTeam = null }),
        ["onward.notGranted"] = () => Use(Ordinary.Use with { Act = UseAct.PassOn, PassTo = OrganisationKind.WelfareCentre }),
        ["notice.notForField"] = () => Release(facts: Ordinary.ReleaseFacts with { AnnouncedFields = null }),
        ["consent.otherText"] = () => Release(facts: Ordinary.ReleaseFacts with { Consent = Ordinary.ReleaseFacts.Consent! with { Under = "an earlier text" } }),
        ["register.stale"] = () => Order(facts: Ordinary.OrderFacts with { Register = null }),
        ["protocol.unregistered"] = () => Registered(Ordinary.Register with { State = null }),
        ["protocol.notInForce"] = () => Order(facts: Ordinary.OrderFacts with { SyntheticOnly = false, Register = Ordinary.Register with { State = ProtocolState.Published } }, protocol: Ordinary.VerifiedBut(null)),
        ["protocol.expired"] = () => Registered(Ordinary.Register with { State = ProtocolState.Expired }),
        ["protocol.suspended"] = () => Registered(Ordinary.Register with { State = ProtocolState.Suspended }),
        ["protocol.ended"] = () => Registered(Ordinary.Register with { State = ProtocolState.Ended }),
        ["protocol.notAdvised"] = () => Publish(Ordinary.PublicationFacts with { Advices = null }),
        ["protocol.notSigned"] = () => Publish(Ordinary.PublicationFacts with { SignedBy = new HashSet<Party> { Party.Source, Party.Hub } }),
        ["protocol.notPublished"] = () => Publish(Ordinary.PublicationFacts with { Places = [] }),
        ["accession.missing"] = () => Registered(Ordinary.Register with { Accession = null }),
        ["accession.suspended"] = () => Registered(Ordinary.Register with { Accession = Ordinary.Register.Accession! with { Suspended = true } }),
        ["accession.ended"] = () => Registered(Ordinary.Register with { Accession = Ordinary.Register.Accession! with { Ended = true } }),
        ["accession.measureLapsed"] = () => Registered(Ordinary.Register with { Accession = Ordinary.Register.Accession! with { MeasureLapsed = true } }),
        ["accession.reviewOverdue"] = () => Registered(Ordinary.Register with { Accession = Ordinary.Register.Accession! with { ReviewOverdue = true } }),
        ["accession.graceOver"] = () => Use(facts: Ordinary.UseFacts with { Register = Ordinary.Register with { UsableUntil = Ordinary.Today.AddDays(-1) } }),
        ["accession.otherSigner"] = () => Accede(facts: Ordinary.AccessionFacts with { SignedBy = null }),
        ["accession.otherFramework"] = () => Accede(facts: Ordinary.AccessionFacts with { Framework = null }),
        ["accession.decisionInvalid"] = () => Accede(Ordinary.Accession() with { Decision = Ordinary.Accession().Decision with { Body = DecidingBody.MayorAndAldermen } }),
        ["accession.notAdvised"] = () => Accede(Ordinary.Accession() with { Advice = Ordinary.Advice with { Outcome = AdviceOutcome.Unfavourable } }),
        ["accession.measureUnanswered"] = () => Accede(Ordinary.Accession().Answering("K04", answer => answer with { State = MeasureState.Planned, Plan = "Tegen de zomer" })),
        ["accession.reviewTooFar"] = () => Accede(Ordinary.Accession() with { ReviewBy = Ordinary.Today.AddYears(1).AddDays(1) }),
        ["accession.regulationMissing"] = () => Decide.Accede(
            Ordinary.Match,
            Ordinary.Accession(Ordinary.Match) with { Kind = OrganisationKind.Municipality, Decision = Ordinary.Accession().Decision with { Body = DecidingBody.MunicipalCouncil } },
            Ordinary.AccessionFacts with { Kind = OrganisationKind.Municipality }),
        ["accession.territoryInvalid"] = () => Accede(Ordinary.Accession() with { Territory = [] }),
        ["accession.noWelfareCentre"] = () => Accede(Ordinary.Accession() with { Territory = [new TerritoryPeriod { Nis = "73028", From = Ordinary.Today }] }),
        ["accession.serviceMissing"] = () => Decide.Accede(Ordinary.Referral, Ordinary.Accession(Ordinary.Referral) with { Services = [Ordinary.Service, Ordinary.Service] }, Ordinary.AccessionFacts),
        ["accession.partnershipMissing"] = () => Decide.Accede(Ordinary.Shared, Ordinary.Accession(Ordinary.Shared) with { Services = [Ordinary.Service] }, Ordinary.AccessionFacts),
        ["referral.senderNotInProtocol"] = () => Refer(facts: Ordinary.ReferralFacts with { SenderKind = null }),
        ["referral.partnershipNotShared"] = () => Refer(facts: Ordinary.ReferralFacts with { RecipientPartnership = Ordinary.Partnership with { Until = Ordinary.Today.AddDays(-1) } }),
        ["referral.serviceUnknown"] = () => Refer(facts: Ordinary.ReferralFacts with { Services = null }),
        ["referral.alreadySent"] = () => Refer(facts: Ordinary.ReferralFacts with { AlreadySent = true }),
        ["log.alarm"] = () => Decide.Log("log.alarm"),
        ["log.stale"] = () => Decide.Log("log.stale"),
        ["log.unread"] = () => Decide.Log("log.unread"),
    };

    private static readonly string[] Holds = ["order.setBelowFloor", "order.knownSetEmpty", "order.knownSetBelowFloor", "order.knownSetReview"];

    public static TheoryData<string> Codes => [.. Reasons.All.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Reason_WhereOneThingIsWrong_IsTheReason(string code)
    {
        Alone.ShouldContainKey(code);
        var decision = Alone[code]();
        decision.Reasons.Select(reason => reason.Code).ShouldBe([code]);
        decision.Outcome.ShouldBe(Holds.Contains(code) ? Outcome.Hold : Outcome.Refuse);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Reason_InBothLanguages_IsOneOrTwoSentences(string code)
    {
        var reason = Reasons.All[code];
        foreach (var text in new[] { reason.Text, reason.TextEnglish }) text.ShouldMatch(@"\A[A-Z][^\n]{10,200}\.\z");
        reason.Text.ShouldNotBe(reason.TextEnglish);
        if (reason.Clause is not null) Clause.Kinds.Keys.ShouldContain(reason.Clause);
    }

    [Fact]
    public void Ordinary_IsPermittedEverywhere()
    {
        Order().Outcome.ShouldBe(Outcome.Permit);
        Order().Reasons.ShouldBeEmpty();
        var release = Release();
        release.Outcome.ShouldBe(Outcome.Permit);
        release.Fields.Select(field => (field.Field, field.Outcome)).ShouldBe([(RecordField.FamilyName, Outcome.Permit), (RecordField.Phone, Outcome.Permit)]);
        release.Obligations.ShouldBe(new Obligations(Ordinary.Today.AddDays(28), Ordinary.Today.AddDays(90)));
        Use().Outcome.ShouldBe(Outcome.Permit);
        Publish().Outcome.ShouldBe(Outcome.Permit);
        Refer().Outcome.ShouldBe(Outcome.Permit);
        Wave(Ordinary.Wave).Outcome.ShouldBe(Outcome.Permit);
        Decide.Use(Ordinary.Brief, Ordinary.Use with { Purpose = Purpose.RequestedHelp }, Ordinary.UseFacts with { Confirmed = false }).Outcome.ShouldBe(Outcome.Permit);
        Accede().Outcome.ShouldBe(Outcome.Permit);
        Decide.Continue(Ordinary.Unknown, Ordinary.Register, syntheticOnly: true).Outcome.ShouldBe(Outcome.Permit);
    }

    // A team that visits sixty households a month needs many waves to reach a city. Waiting for the one before still holds.
    [Fact]
    public void Wave_AfterManyOfTheSameMonth_IsPermittedOneAtATime()
    {
        var many = Ordinary.OrderFacts with { EarlierAttempts = 40, AlreadyDelivered = true };
        Decide.Order(Ordinary.Brief, Ordinary.LetterOrder with { Wave = Ordinary.Wave }, many).Outcome.ShouldBe(Outcome.Permit);
        Decide.Order(Ordinary.Brief, Ordinary.LetterOrder with { Wave = Ordinary.Wave }, many with { AnotherOpen = true }).Reasons.ShouldBe([Reasons.AnotherOpen]);
    }

    // Nobody says how long it was usable, so it is not.
    [Theory]
    [InlineData(ProtocolState.Expired)]
    [InlineData(ProtocolState.Suspended)]
    [InlineData(ProtocolState.Ended)]
    public void Use_OfAStoppedProtocolWithoutALastDay_IsRefused(ProtocolState state) =>
        Use(facts: Ordinary.UseFacts with { Register = Ordinary.Register with { State = state } }).Reasons.ShouldBe([Reasons.GraceOver]);

    [Fact]
    public void Use_OfAStoppedAccessionWithoutALastDay_IsRefused() =>
        Use(facts: Ordinary.UseFacts with { Register = Ordinary.Register with { Accession = new AccessionFact(Suspended: true, Ended: false, MeasureLapsed: false, ReviewOverdue: false) } }).Reasons.ShouldBe([Reasons.GraceOver]);

    [Theory]
    [InlineData(15, true)]
    [InlineData(16, false)]
    [InlineData(-1, false)]
    public void Order_OnARegisterReadMinutesAgo_IsPermittedUpToFifteen(int minutes, bool isPermitted) =>
        Registered(Ordinary.Register with { Age = TimeSpan.FromMinutes(minutes) }).Reasons.ShouldBe(isPermitted ? [] : [Reasons.RegisterStale]);

    [Theory]
    [InlineData(24, true)]
    [InlineData(25, false)]
    [InlineData(-1, false)]
    public void Use_OnARegisterReadHoursAgo_IsPermittedUpToADay(int hours, bool isPermitted) =>
        Use(facts: Ordinary.UseFacts with { Register = Ordinary.Register with { Age = TimeSpan.FromHours(hours) } }).Reasons.ShouldBe(isPermitted ? [] : [Reasons.RegisterStale]);

    // What began may not go on when protocol or accession stops on the way.
    [Fact]
    public void Continue_AfterAStop_IsRefused()
    {
        Decide.Continue(null, Ordinary.Register, syntheticOnly: true).Reasons.ShouldBe([Reasons.ProtocolUnknown]);
        Decide.Continue(Ordinary.Unknown, null, syntheticOnly: true).Reasons.ShouldBe([Reasons.RegisterStale]);
        Decide.Continue(Ordinary.Unknown, Ordinary.Register with { Accession = Ordinary.Register.Accession! with { Suspended = true } }, syntheticOnly: true).Reasons.ShouldBe([Reasons.AccessionSuspended]);
        Decide.Continue(Ordinary.Unknown, Ordinary.Register with { State = ProtocolState.Draft }, syntheticOnly: true).Outcome.ShouldBe(Outcome.Permit);
        Decide.Continue(Ordinary.VerifiedBut(null), Ordinary.Register with { State = ProtocolState.Draft }, syntheticOnly: false).Reasons.ShouldBe([Reasons.ProtocolNotInForce]);
        Decide.Continue(Ordinary.VerifiedBut(null), Ordinary.Register with { State = ProtocolState.Draft }, syntheticOnly: null).Reasons.ShouldBe([Reasons.ProtocolNotInForce]);
        Decide.Continue(Ordinary.Unknown.Without(Ordinary.Unknown.Clause("rechten")!), Ordinary.Register, syntheticOnly: true).Reasons.ShouldBe([Reasons.ProtocolIncomplete]);
    }

    [Fact]
    public void Order_ThatComparesEnoughPeople_IsPermittedAndAHigherFloorOfTheProtocolCounts()
    {
        Compared(Decide.FewestCompared).Outcome.ShouldBe(Outcome.Permit);
        Compared(Decide.FewestCompared - 1).Outcome.ShouldBe(Outcome.Hold);
        var floor = Ordinary.Match.Find<Clause.OwnData>()! with { Floor = 100 };
        var stricter = Ordinary.Match with { Clauses = [.. Ordinary.Match.Clauses.Select(clause => clause is Clause.OwnData ? floor : clause)] };
        Compared(99, stricter).Reasons.ShouldBe([Reasons.SetBelowFloor]);
        Compared(100, stricter).Outcome.ShouldBe(Outcome.Permit);
        Compared(null).Reasons.ShouldBe([Reasons.KnownCountMissing]);
    }

    [Fact]
    public void Log_ThatHolds_IsActedOnAndAnUnknownStopIsAnAlarm()
    {
        Decide.Log(null).Outcome.ShouldBe(Outcome.Permit);
        Decide.Log("log.somethingNew").Reasons.ShouldBe([Reasons.LogAlarm]);
    }

    [Fact]
    public void Decision_WithSeveralThingsWrong_GivesEveryReason() =>
        Order(Ordinary.Order with { Nis = "11002", KnownCount = 0 }, Ordinary.OrderFacts with { AnotherOpen = true }).Reasons.Select(reason => reason.Code)
            .ShouldBe(["order.outsideTerritory", "order.anotherOpen"]);

    [Theory]
    [InlineData(OrganisationKind.Hub)]
    [InlineData(OrganisationKind.Pseudonymiser)]
    [InlineData(OrganisationKind.Source)]
    [InlineData(OrganisationKind.PublicCentreForWelfare)]
    public void Order_WithoutAnOperator_IsRefused(OrganisationKind missing) =>
        Order(facts: Ordinary.OrderFacts with { Operators = Ordinary.OrderFacts.Operators!.Where(pair => pair.Key != missing).ToDictionary(pair => pair.Key, pair => pair.Value) }).Reasons.ShouldBe([Reasons.OperatorsOverlap]);

    private static Decision Order(OrderRequest? request = null, OrderFacts? facts = null, Protocol? protocol = null) => Decide.Order(protocol ?? Ordinary.Unknown, request ?? Ordinary.Order, facts ?? Ordinary.OrderFacts);

    private static Decision Compared(int? people, Protocol? protocol = null) => Decide.Order(
        protocol ?? Ordinary.Match, Ordinary.Order with { Flow = Flow.Match, ProtocolHash = Ordinary.Match.Hash, KnownCount = people },
        Ordinary.OrderFacts with { RecipientKind = OrganisationKind.Municipality, Operators = Ordinary.Operators(OrganisationKind.Municipality, "d") });

    private static Decision Release(ReleaseRequest? request = null, ReleaseFacts? facts = null) => Decide.Release(Ordinary.Shared, request ?? Ordinary.Release, facts ?? Ordinary.ReleaseFacts);

    private static Decision Registered(RegisterFacts register) => Order(facts: Ordinary.OrderFacts with { Register = register });

    private static Decision Wave(WaveRequest wave) => Decide.Order(Ordinary.Brief, Ordinary.LetterOrder with { Wave = wave }, Ordinary.OrderFacts);

    private static Decision Refer(ReferralRequest? request = null, ReferralFacts? facts = null) => Decide.Refer(Ordinary.Shared, request ?? Ordinary.ReferralRequest, facts ?? Ordinary.ReferralFacts);

    private static Decision Publish(PublicationFacts? facts = null) => Decide.Publish(Ordinary.VerifiedBut(null), facts ?? Ordinary.PublicationFacts);

    private static Decision Accede(Accession? accession = null, AccessionFacts? facts = null) => Decide.Accede(Ordinary.Unknown, accession ?? Ordinary.Accession(), facts ?? Ordinary.AccessionFacts);

    private static Decision Use(UseRequest? request = null, UseFacts? facts = null) => Decide.Use(Ordinary.Unknown, request ?? Ordinary.Use, facts ?? Ordinary.UseFacts);

    private static Decision Real(string clause) => Order(facts: Ordinary.OrderFacts with { SyntheticOnly = false }, protocol: Ordinary.VerifiedBut(clause));

    private static Decision Without(SecrecyCondition condition) => Release(facts: Ordinary.ReleaseFacts with { Secrecy = Ordinary.ReleaseFacts.Secrecy!.Where(entry => entry.Key != condition).ToDictionary(entry => entry.Key, entry => entry.Value) });
}
