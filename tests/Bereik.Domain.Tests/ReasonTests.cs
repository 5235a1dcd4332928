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
        ["flow.notInProtocol"] = () => Order(Ordinary.Order with { Flow = Flow.Match, KnownCount = null }, Ordinary.OrderFacts with { Operators = Ordinary.Operators(OrganisationKind.Municipality, "d") }),
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
        ["operators.overlap"] = () => Order(facts: Ordinary.OrderFacts with { Operators = Ordinary.Operators(OrganisationKind.PublicCentreForWelfare, "A") }),
        ["order.knownCountMissing"] = () => Order(Ordinary.Order with { KnownCount = null }),
        ["order.knownSetEmpty"] = () => Order(Ordinary.Order with { KnownCount = 0 }),
        ["order.knownSetBelowFloor"] = () => Order(Ordinary.Order with { KnownCount = 4 }),
        ["order.knownSetReview"] = () => Order(Ordinary.Order with { KnownCount = 79 }, Ordinary.OrderFacts with { EarlierKnown = new EarlierKnown(100) }),
        ["household.excluded"] = () => Release(facts: Ordinary.ReleaseFacts with { Excluded = null }),
        ["notice.tooShort"] = () => Release(facts: Ordinary.ReleaseFacts with { AnnouncedOn = null }),
        ["field.notInProtocol"] = () => Release(Ordinary.Release with { Fields = [RecordField.Insz] }, Ordinary.ReleaseFacts with { Consent = Ordinary.ReleaseFacts.Consent! with { Fields = [RecordField.Insz] } }),
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
        ["worker.attestationExpired"] = () => Use(facts: Ordinary.UseFacts with { Worker = Ordinary.UseFacts.Worker! with { AttestedOn = null } }),
        ["onward.notGranted"] = () => Use(Ordinary.Use with { Act = UseAct.PassOn, PassTo = OrganisationKind.WelfareCentre }),
    };

    private static readonly string[] Holds = ["order.knownSetEmpty", "order.knownSetBelowFloor", "order.knownSetReview"];

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

    private static Decision Release(ReleaseRequest? request = null, ReleaseFacts? facts = null) => Decide.Release(Ordinary.Shared, request ?? Ordinary.Release, facts ?? Ordinary.ReleaseFacts);

    private static Decision Use(UseRequest? request = null, UseFacts? facts = null) => Decide.Use(Ordinary.Unknown, request ?? Ordinary.Use, facts ?? Ordinary.UseFacts);

    private static Decision Real(string clause) => Order(facts: Ordinary.OrderFacts with { SyntheticOnly = false }, protocol: Ordinary.VerifiedBut(clause));

    private static Decision Without(SecrecyCondition condition) => Release(facts: Ordinary.ReleaseFacts with { Secrecy = Ordinary.ReleaseFacts.Secrecy!.Where(entry => entry.Key != condition).ToDictionary(entry => entry.Key, entry => entry.Value) });
}
