using System.Net;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Signatures;
using Shouldly;
using Xunit;

namespace Bereik.Hub.Tests;

public sealed class OrderTests
{
    [Fact]
    public async Task Order_ByTheBook_IsRequestedAndTheSameAgainIsNoSecondOne()
    {
        await using var hub = await TestHub.StartAsync();
        var order = SignedDocument.Sign(hub.NewOrder(Flow.Unknown), hub.Welfare.Signing).Compact;
        var first = await hub.PlaceAsync(hub.Welfare, order);
        first.StatusCode.ShouldBe(HttpStatusCode.Created);
        ((string?)(await first.JsonAsync())["state"]).ShouldBe("requested");
        (await hub.PlaceAsync(hub.Welfare, order)).StatusCode.ShouldBe(HttpStatusCode.OK);
        hub.Count("SELECT count(*) FROM list_order").ShouldBe(1);
        hub.Count("SELECT count(*) FROM order_event").ShouldBe(1);
    }

    [Theory]
    [InlineData("protocol.unknown")]
    [InlineData("protocol.differs")]
    [InlineData("flow.notInProtocol")]
    [InlineData("source.notInProtocol")]
    [InlineData("order.outsideTerritory")]
    [InlineData("order.monthInFuture")]
    [InlineData("order.epochNotCurrent")]
    [InlineData("order.epochCrossed")]
    [InlineData("order.expired")]
    [InlineData("order.termTooLong")]
    public async Task Order_AgainstTheProtocol_IsRefusedWithItsReasonAndKept(string code)
    {
        await using var hub = await TestHub.StartAsync();
        var good = hub.NewOrder(Flow.Unknown);
        var order = code switch
        {
            "protocol.unknown" => good with { ProtocolVersion = "9.9" },
            "protocol.differs" => good with { ProtocolHash = Bytes32.Random() },
            "flow.notInProtocol" => good with { Flow = "match" },
            "source.notInProtocol" => good with { Source = hub.OtherSource.Id },
            "order.outsideTerritory" => good with { Nis = "11002" },
            "order.monthInFuture" => good with { ReferenceMonth = "2026-12" },
            "order.epochNotCurrent" => good with { Epoch = "2027Q1" },
            "order.epochCrossed" => good with { ExpiresAt = new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero) },
            "order.expired" => good with { IssuedAt = good.IssuedAt.AddDays(-2), ExpiresAt = good.IssuedAt.AddDays(-1) },
            _ => good with { ExpiresAt = good.IssuedAt.AddDays(15) },
        };
        var signed = SignedDocument.Sign(order, hub.Welfare.Signing);
        var answer = await hub.PlaceAsync(hub.Welfare, signed.Compact);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.ReasonsAsync()).ShouldContain(code);
        (await hub.PlaceAsync(hub.Welfare, signed.Compact)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        hub.Events(signed).ShouldHaveSingleItem().ShouldContain(code);
        (await hub.SendAsync(hub.Source, HttpMethod.Get, $"/v1/orders/{order.Id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Order_UnderAnUnverifiedGroundOnRealNumbers_IsRefused()
    {
        await using var hub = await TestHub.StartAsync(settings => settings["allowSyntheticNumbers"] = false, acceded: false);
        (await (await hub.PlaceAsync(hub.Welfare, hub.NewOrder(Flow.Unknown))).ReasonsAsync())
            .ShouldBe(["ground.collectionUnverified", "ground.unverified", "ground.recipientUnverified", "authorisation.unverified", "protocol.notInForce", "accession.missing"]);
    }

    [Fact]
    public async Task Order_WhereOneOperatorRunsTwoParties_IsRefused()
    {
        await using var hub = await TestHub.StartAsync(welfareOperator: "uitbater-hub");
        (await (await hub.PlaceAsync(hub.Welfare, hub.NewOrder(Flow.Unknown))).ReasonsAsync()).ShouldBe(["operators.overlap"]);
    }

    [Fact]
    public async Task Order_SignedTwiceOverTheSameWords_IsAReusedContext()
    {
        await using var hub = await TestHub.StartAsync();
        var order = hub.NewOrder(Flow.Unknown);
        (await hub.PlaceAsync(hub.Welfare, order)).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await (await hub.PlaceAsync(hub.Welfare, order)).ReasonsAsync()).ShouldContain("order.contextReused");
        (await (await hub.PlaceAsync(hub.Welfare, order with { Nonce = Bytes32.Random() })).CauseAsync()).ShouldBe("order.idTaken");
    }

    [Fact]
    public async Task Order_WhileAnotherIsOpen_IsRefused()
    {
        await using var hub = await TestHub.StartAsync();
        await hub.PlacedAsync(Flow.Unknown);
        (await (await hub.PlaceAsync(hub.Welfare, hub.NewOrder(Flow.Unknown))).ReasonsAsync()).ShouldBe(["order.anotherOpen"]);
        (await hub.PlaceAsync(hub.Welfare, hub.NewOrder(Flow.Unknown, new Month(2026, 9)))).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Order_AfterFourRefusedBySource_IsOneTooMany()
    {
        await using var hub = await TestHub.StartAsync();
        for (var i = 0; i < 4; i++)
        {
            var order = await hub.PlacedAsync(Flow.Unknown);
            (await hub.DecideAsync(order.Document.Id, hub.Decision(order, "refuse"))).EnsureSuccessStatusCode();
        }

        (await (await hub.PlaceAsync(hub.Welfare, hub.NewOrder(Flow.Unknown))).ReasonsAsync()).ShouldBe(["order.tooManyAttempts"]);
    }

    [Fact]
    public async Task Order_OfAnotherOrganisation_IsRefused()
    {
        await using var hub = await TestHub.StartAsync();
        var order = hub.NewOrder(Flow.Unknown);
        (await (await hub.PlaceAsync(hub.Municipality, SignedDocument.Sign(order, hub.Municipality.Signing).Compact)).CauseAsync()).ShouldBe("order.recipient");
        (await (await hub.PlaceAsync(hub.Welfare, SignedDocument.Sign(order, hub.Municipality.Signing).Compact)).CauseAsync()).ShouldBe("jws.kid");
        (await hub.SendAsync(hub.Welfare, HttpMethod.Post, "/v1/orders", "{\"order\":\"x\",\"more\":\"y\"}"u8.ToArray())).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Order_SeenByOthers_DoesNotExist()
    {
        await using var hub = await TestHub.StartAsync();
        var order = await hub.PlacedAsync(Flow.Unknown);
        var path = $"/v1/orders/{order.Document.Id}";
        (await hub.SendAsync(hub.Municipality, HttpMethod.Get, path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await hub.SendAsync(hub.OtherSource, HttpMethod.Get, path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await hub.SendAsync(hub.OtherSource, HttpMethod.Put, path + "/envelope", "x"u8.ToArray())).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await hub.SendAsync(hub.Municipality, HttpMethod.Get, path + "/package")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await hub.SendAsync(hub.Municipality, HttpMethod.Put, path + "/tokens", "x"u8.ToArray())).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Orders_OfASource_ComeOldestFirstInPages()
    {
        await using var hub = await TestHub.StartAsync();
        var ids = new List<Guid>();
        for (var i = 0; i < 3; i++) ids.Add((await hub.PlacedAsync(Flow.Unknown, new Month(2026, 10 - i))).Document.Id);
        var first = await (await hub.SendAsync(hub.Source, HttpMethod.Get, "/v1/orders?after=0&limit=2")).JsonAsync();
        first["items"]!.AsArray().Select(item => (Guid)item!["id"]!).ShouldBe(ids[..2]);
        var rest = await (await hub.SendAsync(hub.Source, HttpMethod.Get, $"/v1/orders?after={(string)first["next"]!}&limit=2")).JsonAsync();
        rest["items"]!.AsArray().Select(item => (Guid)item!["id"]!).ShouldBe(ids[2..]);
        rest["next"].ShouldBeNull();
        (await (await hub.SendAsync(hub.OtherSource, HttpMethod.Get, "/v1/orders")).JsonAsync())["items"]!.AsArray().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0, "order.knownSetEmpty")]
    [InlineData(4, "order.knownSetBelowFloor")]
    public async Task Order_WithASmallKnownSet_IsHeldUntilTheSourceSignsForIt(int known, string code)
    {
        await using var hub = await TestHub.StartAsync();
        var order = SignedDocument.Sign(hub.NewOrder(Flow.Unknown) with { KnownCount = known }, hub.Welfare.Signing);
        var answer = await hub.PlaceAsync(hub.Welfare, order.Compact);
        ((string?)(await answer.JsonAsync())["state"]).ShouldBe("held");
        (await answer.ReasonsAsync()).ShouldBe([code]);
        (await (await hub.DecideAsync(order.Document.Id, hub.Decision(order))).CauseAsync()).ShouldBe("decision.knownSetNotAccepted");
        (await hub.StateAsync(hub.Welfare, order)).ShouldBe("held");
        (await hub.DecideAsync(order.Document.Id, hub.Decision(order, accepts: true))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await hub.StateAsync(hub.Welfare, order)).ShouldBe("approved");
    }

    [Fact]
    public async Task Order_ThatComparesFewPeople_IsHeldUntilTheSourceSignsForIt()
    {
        await using var hub = await TestHub.StartAsync();
        var order = SignedDocument.Sign(hub.NewOrder(Flow.Match) with { KnownCount = Decide.FewestCompared - 1 }, hub.Municipality.Signing);
        (await (await hub.PlaceAsync(hub.Municipality, order.Compact)).ReasonsAsync()).ShouldBe(["order.setBelowFloor"]);
        (await (await hub.DecideAsync(order.Document.Id, hub.Decision(order))).CauseAsync()).ShouldBe("decision.knownSetNotAccepted");
        (await hub.DecideAsync(order.Document.Id, hub.Decision(order, accepts: true))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await hub.StateAsync(hub.Municipality, order)).ShouldBe("approved");
    }

    // An oracle would ask again and again with other people in its set.
    [Fact]
    public async Task MatchOrder_OnceDelivered_IsRefusedForThatMonthUnderAnyContext()
    {
        await using var hub = await TestHub.StartAsync();
        var (order, manifest) = await hub.FetchedAsync(Flow.Match, known: 64);
        (await (await hub.PlaceAsync(hub.Municipality, hub.NewOrder(Flow.Match))).ReasonsAsync()).ShouldContain("periodicity.exceeded");
        await hub.RootAsync(order);
        (await hub.ReceiveAsync(order, manifest.Hash)).EnsureSuccessStatusCode();
        await hub.RoundAsync(hub.Municipality);
        (await (await hub.PlaceAsync(hub.Municipality, hub.NewOrder(Flow.Match))).ReasonsAsync()).ShouldBe(["periodicity.exceeded"]);
        (await hub.PlaceAsync(hub.Municipality, hub.NewOrder(Flow.Match, new Month(2026, 9)))).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Decision_OnceTaken_IsIdempotentAndCannotBeReplaced()
    {
        await using var hub = await TestHub.StartAsync();
        var order = await hub.PlacedAsync(Flow.Unknown);
        var id = order.Document.Id;
        (await (await hub.DecideAsync(id, hub.Decision(order, change: made => made with { Order = Bytes32.Random() }))).CauseAsync()).ShouldBe("decision.order");
        (await (await hub.DecideAsync(id, hub.Decision(order, change: made => made with { Id = Guid.NewGuid() }))).CauseAsync()).ShouldBe("decision.exchange");
        var forged = SignedDocument.Sign(SignedDocument.Parse<SourceDecision>(hub.Decision(order)).Value.Document, hub.OtherSource.Signing).Compact;
        (await (await hub.DecideAsync(id, forged)).CauseAsync()).ShouldBe("jws.kid");

        var decision = hub.Decision(order, "refuse");
        (await hub.DecideAsync(id, decision)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await hub.DecideAsync(id, decision)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await hub.DecideAsync(id, hub.Decision(order))).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await hub.StateAsync(hub.Welfare, order)).ShouldBe("refused");
        hub.Events(order).Count(kind => kind.StartsWith("decision.refuse", StringComparison.Ordinal)).ShouldBe(1);
    }
}
