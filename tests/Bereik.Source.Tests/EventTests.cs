using Bereik.Domain;
using Shouldly;
using Xunit;

namespace Bereik.Source.Tests;

// What a source tells its own organisation's software of an order, each with what happened.
public sealed class EventTests
{
    [Fact]
    public async Task Order_ApprovedAndDeposited_IsToldStepByStep()
    {
        await using var source = await TestSource.StartAsync(MagdaMessages.Town);
        var order = await source.DepositedAsync(source.NewOrder(Flow.Unknown));
        Told(source, order.Document.Id).ShouldBe(["1 order.decided", "2 list.delivered"]);
        var payload = System.Text.Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(source.Read("SELECT document FROM node_event")[0].Split('.')[1]));
        payload.ShouldContain("\"by\":\"opgroeien\",\"organisation\":\"ocmw-aalst\"");
    }

    [Fact]
    public async Task Order_Refused_IsDecidedOnAndEnds()
    {
        await using var source = await TestSource.StartAsync(MagdaMessages.Town);
        var order = source.Place(source.NewOrder(Flow.Unknown)).Document;
        await source.StateAsync(order.Id, "ready");
        await source.PostAsync(TestSource.Page(order.Id), $"{TestSource.Page(order.Id)}/weigeren", ("reden", "source.knownSetDoubtful"));
        await source.StateAsync(order.Id, "refused");
        Told(source, order.Id).ShouldBe(["1 order.decided", "2 list.ended"]);
    }

    [Fact]
    public async Task Order_ThatNobodyDecidedOn_EndsOnly()
    {
        await using var source = await TestSource.StartAsync(MagdaMessages.Town);
        var order = source.Place(source.NewOrder(Flow.Unknown)).Document;
        await source.StateAsync(order.Id, "ready");
        source.Clock.Move(TimeSpan.FromDays(8));
        await source.StateAsync(order.Id, "expired");
        Told(source, order.Id).ShouldBe(["1 list.ended"]);
    }

    private static List<string> Told(TestSource source, Guid id) => source.Read($"SELECT number || ' ' || type FROM node_event WHERE exchange = '{id:D}' ORDER BY sequence");
}
