using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Register;
using Bereik.Tests.Shared;
using Shouldly;
using Xunit;

namespace Bereik.Source.Tests;

public sealed class OrderTests
{
    public static TheoryData<string, Func<ListOrder, ListOrder>> Refused => new()
    {
        { "protocol.unknown", order => order with { ProtocolVersion = "9.9" } },
        { "protocol.differs", order => order with { ProtocolHash = Bytes32.Random() } },
        { "source.notInProtocol", order => order with { Source = "andere-bron" } },
        { "recipient.notInProtocol", order => order with { Recipient = "gemeente-aalst" } },
        { "order.outsideTerritory", order => order with { Nis = "44021" } },
        { "order.monthInFuture", order => order with { ReferenceMonth = "2026-12" } },
        { "order.epochNotCurrent", order => order with { Epoch = "2027Q1" } },
        { "order.epochCrossed", order => order with { ExpiresAt = new DateTimeOffset(2027, 1, 2, 0, 0, 0, TimeSpan.Zero) } },
        { "order.expired", order => order with { IssuedAt = order.IssuedAt.AddDays(-3), ExpiresAt = order.IssuedAt.AddDays(-1) } },
        { "order.termTooLong", order => order with { ExpiresAt = order.IssuedAt.AddDays(15) } },
    };

    [Fact]
    public async Task Order_ThatTheSourceMayNotCarryOut_IsRefusedWithItsReason()
    {
        await using var source = await TestSource.StartAsync(MagdaMessages.Town);
        foreach (var row in Refused)
        {
            var (code, change) = row.Data;
            var order = change(source.NewOrder(Flow.Unknown));
            source.Place(order, order.Recipient == "gemeente-aalst" ? source.Parties.Municipality.Signing : null);
            await source.StateAsync(order.Id, "refused");
            await TestSource.EventuallyAsync(() => source.Hub.Decisions.ContainsKey(order.Id.ToString()) ? "sent" : null);
            source.Hub.Decision(order.Id).Reasons.Select(reason => reason.Code).ShouldContain(code);
        }

        source.Hub.Envelopes.Keys.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Suspension_StopsARunningRequest_InTheVeryPollThatReadsIt(bool approved)
    {
        await using var source = await TestSource.StartAsync(MagdaMessages.Town);
        source.Hub.TakesDeposits = false;
        var order = source.NewOrder(Flow.Unknown);
        source.Place(order);
        await source.StateAsync(order.Id, "ready");
        if (approved) (await source.PostAsync(TestSource.Page(order.Id), $"{TestSource.Page(order.Id)}/goedkeuren", ("gekendeLijst", "ja"))).StatusCode.ShouldBe(System.Net.HttpStatusCode.Found);
        await source.StateAsync(order.Id, approved ? "approved" : "ready");

        // One poll may have read the register just before. The next reads the suspension, and stops the request before it asks for orders.
        var suspension = Acceding.Stop(ShippedProtocols.Of(Flow.Unknown), source.Parties.Welfare.Id, StopKind.Suspend, source.Parties.Hub.Signing, source.Clock.GetUtcNow());
        var (told, polls) = (false, 0);
        string? state = null;
        source.Hub.Heard = what =>
        {
            if (what == "register" && !told && source.Hub.Register.Any(entry => entry.Event == suspension)) told = true;
            else if (what == "orders" && told && ++polls == 2) state = source.StateInStore(order.Id);
        };
        source.Hub.Register = Acceding.After(source.Hub.Register, suspension, source.Clock.GetUtcNow());
        await TestSource.EventuallyAsync(() => state);
        state.ShouldBe("refused");
        var page = await source.GetAsync(TestSource.Page(order.Id));
        page.ShouldContain("accession.suspended");
        page.ShouldContain(Reasons.AccessionSuspended.Text);
        source.Hub.Envelopes.Keys.ShouldBeEmpty();
    }

    [Fact]
    public async Task Order_ForAListThatWasDeposited_IsRefusedAsFarAsTheSourceKnows()
    {
        await using var source = await TestSource.StartAsync(MagdaMessages.Town);
        await source.DepositedAsync(source.NewOrder(Flow.Unknown));
        var again = source.Place(source.NewOrder(Flow.Unknown)).Document;
        await source.StateAsync(again.Id, "refused");
        await TestSource.EventuallyAsync(() => source.Hub.Decisions.ContainsKey(again.Id.ToString()) ? "sent" : null);
        source.Hub.Decision(again.Id).Reasons.Select(reason => reason.Code).ShouldBe(["periodicity.exceeded"]);
    }

    [Fact]
    public async Task Order_BesideAnotherForTheSameList_IsRefused()
    {
        await using var source = await TestSource.StartAsync(MagdaMessages.Town);
        await source.StateAsync(source.Place(source.NewOrder(Flow.Unknown)).Document.Id, "ready");
        var second = source.Place(source.NewOrder(Flow.Unknown)).Document;
        await source.StateAsync(second.Id, "refused");
        await TestSource.EventuallyAsync(() => source.Hub.Decisions.ContainsKey(second.Id.ToString()) ? "sent" : null);
        source.Hub.Decision(second.Id).Reasons.Select(reason => reason.Code).ShouldBe(["order.anotherOpen"]);
    }

    [Fact]
    public async Task Order_ThatIsNotTheRecipients_OrComesTwice_IsReportedAndNotTakenUp()
    {
        await using var source = await TestSource.StartAsync(MagdaMessages.Town);
        using var stranger = SigningKey.Generate();
        var order = source.NewOrder(Flow.Unknown);
        var first = source.Place(order);
        await source.StateAsync(order.Id, "ready");
        source.Hub.Place(order.Id.ToString(), first.Compact);
        source.Place(order);
        source.Place(source.NewOrder(Flow.Unknown), stranger);
        source.Place(source.NewOrder(Flow.Unknown) with { Recipient = "ocmw-gent" });
        source.Hub.Place(Guid.NewGuid().ToString(), source.Place(source.NewOrder(Flow.Match)).Compact);
        source.Hub.Place(Guid.NewGuid().ToString(), "a.b.c");
        var codes = await TestSource.EventuallyAsync(() => source.Rejected() is { Count: >= 6 } all ? all : null);
        codes.ShouldBe(["order.contextReused", "order.contextReused", "jws.signature", "order.recipientUnknown", "order.otherId", "jws.encoding"]);
        (await source.RequestsAsync()).Count.ShouldBe(2);
        source.Hub.Decisions.ShouldBeEmpty();
    }

    [Fact]
    public async Task Request_ThatNobodyDecidedInTime_Expires()
    {
        await using var source = await TestSource.StartAsync(MagdaMessages.Town);
        var order = source.Place(source.NewOrder(Flow.Unknown)).Document;
        await source.StateAsync(order.Id, "ready");
        source.Clock.Move(TimeSpan.FromDays(8));
        await source.StateAsync(order.Id, "expired");
    }
}
