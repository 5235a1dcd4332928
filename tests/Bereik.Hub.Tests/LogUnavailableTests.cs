using System.Net;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Log;
using Bereik.Exchange.Signatures;
using Bereik.Hub.Features;
using Bereik.Ledger;
using Bereik.Node.Requests;
using Bereik.Node.Work;
using Bereik.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Bereik.Hub.Tests;

// No entry, no exchange: while the log's disk is full nothing happens, and afterwards the same things happen once.
public sealed class LogUnavailableTests
{
    private volatile bool isFull;

    [Fact]
    public async Task Log_ThatCannotBeWritten_StopsEveryStepAndNothingElse()
    {
        await using var hub = await TestHub.StartAsync(more: services => services.AddSingleton<Func<LogWriterOptions, LogWriterOptions>>(options => options with { Hook = Fail }));
        var agreement = Token.Random();
        var order = SignedDocument.Sign(hub.NewOrder(Flow.Unknown), hub.Welfare.Signing);
        (await RefusedThenDoneAsync(hub, () => hub.PlaceAsync(hub.Welfare, order.Compact), "SELECT count(*) FROM list_order")).ShouldBe(HttpStatusCode.Created);
        (await RefusedThenDoneAsync(hub, () => hub.DecideAsync(order.Document.Id, hub.Decision(order)), "SELECT count(decision) FROM list_order")).ShouldBe(HttpStatusCode.OK);
        var set = await TestEnvelope.TokensAsync(agreement, [Token.Random()]);
        (await RefusedThenDoneAsync(hub, () => hub.PutTokensAsync(order, set), "SELECT count(*) > 0 FROM known_token")).ShouldBe(HttpStatusCode.Accepted);
        var envelope = TestEnvelope.Of(hub, order, agreement, TestEnvelope.RandomRows(64));
        (await RefusedThenDoneAsync(hub, () => hub.PutEnvelopeAsync(order, envelope.ToBytes()), "SELECT count(*) FROM manifest_line")).ShouldBe(HttpStatusCode.Accepted);
        (await hub.StateAfterMatchAsync(order)).ShouldBe("delivered");

        // Nothing is handed out: not one byte of the package.
        isFull = true;
        var refused = await hub.PackageAsync(order);
        (refused.StatusCode, await refused.CauseAsync()).ShouldBe((HttpStatusCode.ServiceUnavailable, "log.unavailable"));
        isFull = false;
        (await RefusedThenDoneAsync(hub, () => hub.PackageAsync(order), "SELECT count(fetched_at) FROM list_order")).ShouldBe(HttpStatusCode.OK);
        var root = await hub.RootOfAsync(order);
        (await RefusedThenDoneAsync(hub, () => hub.BringAsync(root), "SELECT count(root_hash) FROM list_order")).ShouldBe(HttpStatusCode.OK);
        (await RefusedThenDoneAsync(hub, () => hub.ReceiveAsync(order, envelope.Manifest.Hash), "SELECT count(receipt_hash) FROM list_order")).ShouldBe(HttpStatusCode.OK);
        var stop = Acceding.Stop(Acceding.FileOf(Flow.Match).Protocol!, null, Exchange.Register.StopKind.Suspend, hub.Source.Signing, hub.Clock.GetUtcNow());
        (await RefusedThenDoneAsync(hub, () => hub.TellAsync(stop), $"SELECT count(*) FROM register_entry WHERE event = '{stop}'")).ShouldBe(HttpStatusCode.Created);

        // Each step stands once.
        (await hub.EntriesAsync(order)).Select(LogEntryFormat.NameOf).ShouldBe(
            ["order.placed", "order.decided", "tokens.deposited", "envelope.deposited", "exchange.matched", "package.delivered", "persons.root", "receipt.taken", "package.destroyed"]);
        (await hub.EntriesAsync()).OfType<LogEntry.RegisterStep>().Count(step => step.Document == stop).ShouldBe(1);
    }

    [Fact]
    public async Task Comparison_WhileTheLogCannotBeWritten_WaitsAndIsDoneOnce()
    {
        await using var hub = await TestHub.StartAsync(more: services => services.AddSingleton<Func<LogWriterOptions, LogWriterOptions>>(options => options with { Hook = Fail }));
        var order = await hub.ApprovedAsync(Flow.Unknown);
        var agreement = Token.Random();
        (await hub.PutTokensAsync(order, await TestEnvelope.TokensAsync(agreement, [Token.Random()]))).EnsureSuccessStatusCode();

        // The deposit that begins the comparison is in; then the disk is full before the step runs.
        Full = LogStep.JournalWrite;
        skipped = 1;
        isFull = true;
        (await hub.PutEnvelopeAsync(order, TestEnvelope.Of(hub, order, agreement, TestEnvelope.RandomRows(64)).ToBytes())).EnsureSuccessStatusCode();
        for (var i = 0; failed < 3; i++)
        {
            i.ShouldBeLessThan(400, "The step was not tried again.");
            await Task.Delay(25, TestContext.Current.CancellationToken);
        }

        (await hub.StateAsync(hub.Welfare, order)).ShouldBe("approved");
        hub.Count("SELECT count(*) FROM known_set").ShouldBe(1);
        isFull = false;
        (await hub.StateAfterMatchAsync(order)).ShouldBe("delivered");
        (await hub.EntriesAsync(order)).OfType<LogEntry.ExchangeMatched>().Count().ShouldBe(1);
    }

    [Fact]
    public async Task Orders_PastTheirTimeWhileTheLogCannotBeWritten_EndLater()
    {
        await using var hub = await TestHub.StartAsync(more: services => services.AddSingleton<Func<LogWriterOptions, LogWriterOptions>>(options => options with { Hook = Fail }));
        var order = await hub.PlacedAsync(Flow.Unknown);
        hub.Clock.Move(TimeSpan.FromDays(8));
        isFull = true;
        await Should.ThrowAsync<LogUnavailableException>(SweepAsync);
        (await hub.StateAsync(hub.Welfare, order)).ShouldBe("requested");
        isFull = false;
        await SweepAsync();
        (await hub.StateAsync(hub.Welfare, order)).ShouldBe("expired");
        (await hub.EntriesAsync(order)).OfType<LogEntry.OrderEnded>().Count().ShouldBe(1);

        async Task SweepAsync()
        {
            await using var scope = hub.Node.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetServices<IWorkStep>().OfType<ExpireOrders>().Single().SweepAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task Health_WhileTheLogCannotBeWritten_IsDown()
    {
        await using var hub = await TestHub.StartAsync(more: services => services.AddSingleton<Func<LogWriterOptions, LogWriterOptions>>(options => options with { Hook = Fail }));
        isFull = true;
        (await hub.PlaceAsync(hub.Welfare, hub.NewOrder(Flow.Unknown))).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        var health = await hub.Node.SendAsync(HttpMethod.Get, "/health", null, null);
        health.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        var told = await health.JsonAsync();
        ((string?)told["status"]).ShouldBe("DOWN");
        ((string?)told["log"]!["state"]).ShouldBe("waiting");
        ((string?)told["log"]!["code"]).ShouldBe("log.diskFull");
        isFull = false;
        (await hub.PlaceAsync(hub.Welfare, hub.NewOrder(Flow.Unknown))).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await hub.Node.SendAsync(HttpMethod.Get, "/health", null, null)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private LogStep Full { get; set; } = LogStep.JournalWrite;

    private int skipped;
    private int failed;

    private void Fail(LogStep step, string place, ref int length)
    {
        if (!isFull || step != Full || Interlocked.Decrement(ref skipped) >= 0) return;
        Interlocked.Increment(ref failed);
        length = 0;
    }

    // While the disk is full: 503 and no trace in the store. Then the same request, as if for the first time.
    private async Task<HttpStatusCode> RefusedThenDoneAsync(TestHub hub, Func<Task<HttpResponseMessage>> ask, string trace)
    {
        isFull = true;
        var refused = await ask();
        (refused.StatusCode, await refused.CauseAsync()).ShouldBe((HttpStatusCode.ServiceUnavailable, "log.unavailable"));
        refused.Headers.Contains(ILogPromises.Header).ShouldBeFalse();
        hub.Count(trace).ShouldBe(0);
        isFull = false;
        var done = await ask();
        hub.Count(trace).ShouldBe(1);
        return done.StatusCode;
    }
}
