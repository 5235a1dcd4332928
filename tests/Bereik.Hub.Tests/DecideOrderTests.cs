using Bereik.Domain;
using Bereik.Exchange.Protocols;
using Shouldly;
using Xunit;

namespace Bereik.Hub.Tests;

public sealed class DecideOrderTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 10, 0, 0, TimeSpan.Zero);
    private static readonly Protocol Unknown = ShippedProtocols.Of(Flow.Unknown);

    private static readonly OrderRequest Request = new()
    {
        Flow = Flow.Unknown,
        ProtocolHash = Unknown.Hash,
        Epoch = new Epoch(2026, 4),
        Source = Unknown.Source,
        Nis = "41002",
        ReferenceMonth = new Month(2026, 10),
        KnownCount = 20,
        IssuedAt = Now,
        ExpiresAt = Now.AddDays(7),
    };

    private static readonly OrderFacts Facts = new()
    {
        Now = Now,
        RecipientKind = OrganisationKind.PublicCentreForWelfare,
        Territory = ["41002"],
        Operators = new Dictionary<OrganisationKind, string?>
        {
            [OrganisationKind.Hub] = "a",
            [OrganisationKind.Pseudonymiser] = "b",
            [OrganisationKind.Source] = "c",
            [OrganisationKind.PublicCentreForWelfare] = "d",
        },
        SyntheticOnly = true,
        AlreadyDelivered = false,
        EarlierAttempts = 0,
        ContextSeen = false,
        AnotherOpen = false,
        EarlierKnownCount = null,
    };

    public static TheoryData<string, Outcome> Alone => new()
    {
        { "protocol.unknown", Outcome.Refuse },
        { "protocol.differs", Outcome.Refuse },
        { "flow.notInProtocol", Outcome.Refuse },
        { "source.notInProtocol", Outcome.Refuse },
        { "recipient.notInProtocol", Outcome.Refuse },
        { "ground.unverified", Outcome.Refuse },
        { "order.outsideTerritory", Outcome.Refuse },
        { "order.monthInFuture", Outcome.Refuse },
        { "order.epochNotCurrent", Outcome.Refuse },
        { "order.epochCrossed", Outcome.Refuse },
        { "order.expired", Outcome.Refuse },
        { "order.termTooLong", Outcome.Refuse },
        { "order.contextReused", Outcome.Refuse },
        { "periodicity.exceeded", Outcome.Refuse },
        { "order.anotherOpen", Outcome.Refuse },
        { "order.tooManyAttempts", Outcome.Refuse },
        { "operators.overlap", Outcome.Refuse },
        { "order.knownCountMissing", Outcome.Refuse },
        { "order.knownSetEmpty", Outcome.Hold },
        { "order.knownSetBelowFloor", Outcome.Hold },
        { "order.knownSetReview", Outcome.Hold },
    };

    [Theory]
    [MemberData(nameof(Alone))]
    public void Order_WithOneThingWrong_GivesThatReasonAlone(string code, Outcome outcome)
    {
        var (protocol, request, facts) = Spoil(code);
        var decision = Decide.Order(protocol, request, facts);
        decision.Outcome.ShouldBe(outcome);
        decision.Reasons.Select(reason => reason.Code).ShouldBe([code]);
    }

    [Fact]
    public void Alone_NamesEveryReasonThereIs() =>
        Alone.Select(row => row.Data.Item1).ShouldBe(
            typeof(Reasons).GetFields().Select(field => field.GetValue(null)).OfType<Reason>().Select(reason => reason.Code)
                .Except([Reasons.PurposeNotGranted.Code, Reasons.RetentionOver.Code]), // reasons of using a row, not of ordering
            ignoreOrder: true);

    [Fact]
    public void Order_WithNothingWrong_IsPermitted()
    {
        var decision = Decide.Order(Unknown, Request, Facts);
        decision.Outcome.ShouldBe(Outcome.Permit);
        decision.Reasons.ShouldBeEmpty();
    }

    [Fact]
    public void Order_WithSeveralThingsWrong_GivesEveryReason() =>
        Decide.Order(Unknown, Request with { Nis = "11002", KnownCount = 0 }, Facts with { AnotherOpen = true }).Reasons.Select(reason => reason.Code)
            .ShouldBe(["order.outsideTerritory", "order.anotherOpen"]);

    [Theory]
    [InlineData(OrganisationKind.Hub)]
    [InlineData(OrganisationKind.Pseudonymiser)]
    [InlineData(OrganisationKind.Source)]
    [InlineData(OrganisationKind.PublicCentreForWelfare)]
    public void Order_WithoutAnOperator_IsRefused(OrganisationKind missing)
    {
        var operators = Facts.Operators.Where(pair => pair.Key != missing).ToDictionary(pair => pair.Key, pair => pair.Value);
        Decide.Order(Unknown, Request, Facts with { Operators = operators }).Reasons.ShouldBe([Reasons.OperatorsOverlap]);
    }

    private static (Protocol? Protocol, OrderRequest Request, OrderFacts Facts) Spoil(string code) => code switch
    {
        "protocol.unknown" => (null, Request, Facts),
        "protocol.differs" => (Unknown, Request with { ProtocolHash = "x" }, Facts),
        "flow.notInProtocol" => (Unknown, Request with { Flow = Flow.Match, KnownCount = null }, Facts with { Operators = Operators(OrganisationKind.Municipality, "d") }),
        "source.notInProtocol" => (Unknown, Request with { Source = new OrganisationId("andere-bron") }, Facts),
        "recipient.notInProtocol" => (Unknown, Request, Facts with { RecipientKind = null }),
        "ground.unverified" => (Unknown, Request, Facts with { SyntheticOnly = false }),
        "order.outsideTerritory" => (Unknown, Request, Facts with { Territory = [] }),
        "order.monthInFuture" => (Unknown, Request with { ReferenceMonth = new Month(2026, 12) }, Facts),
        "order.epochNotCurrent" => (Unknown, Request with { Epoch = new Epoch(2027, 1) }, Facts),
        "order.epochCrossed" => (Unknown, Request with { IssuedAt = new Epoch(2026, 4).End.AddHours(-1), ExpiresAt = new Epoch(2026, 4).End.AddHours(1) }, Facts),
        "order.expired" => (Unknown, Request with { IssuedAt = Now.AddDays(-3), ExpiresAt = Now }, Facts),
        "order.termTooLong" => (Unknown, Request with { ExpiresAt = Now.AddDays(15) }, Facts),
        "order.contextReused" => (Unknown, Request, Facts with { ContextSeen = true }),
        "periodicity.exceeded" => (Unknown, Request, Facts with { AlreadyDelivered = true }),
        "order.anotherOpen" => (Unknown, Request, Facts with { AnotherOpen = true }),
        "order.tooManyAttempts" => (Unknown, Request, Facts with { EarlierAttempts = 4 }),
        "operators.overlap" => (Unknown, Request, Facts with { Operators = Operators(OrganisationKind.PublicCentreForWelfare, "A") }),
        "order.knownCountMissing" => (Unknown, Request with { KnownCount = null }, Facts),
        "order.knownSetEmpty" => (Unknown, Request with { KnownCount = 0 }, Facts),
        "order.knownSetBelowFloor" => (Unknown, Request with { KnownCount = 4 }, Facts),
        "order.knownSetReview" => (Unknown, Request with { KnownCount = 79 }, Facts with { EarlierKnownCount = 100 }),
        _ => throw new ArgumentOutOfRangeException(nameof(code)),
    };

    private static Dictionary<OrganisationKind, string?> Operators(OrganisationKind recipient, string name) =>
        new(Facts.Operators.Where(pair => pair.Key != OrganisationKind.PublicCentreForWelfare)) { [recipient] = name };
}
