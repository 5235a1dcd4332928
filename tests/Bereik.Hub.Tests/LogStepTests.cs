using System.Net;
using System.Text;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Log;
using Bereik.Exchange.Register;
using Bereik.Exchange.Signatures;
using Bereik.Hub.Features;
using Bereik.Hub.Log;
using Bereik.Hub.Storage;
using Bereik.Ledger;
using Bereik.Node.Requests;
using Bereik.Node.Work;
using Bereik.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Bereik.Hub.Tests;

// Every step between organisations stands in the public log.
public sealed class LogStepTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Flow.Match)]
    [InlineData(Flow.Unknown)]
    public async Task Exchange_FromOrderToReceipt_LeavesAnEntryAtEveryStep(Flow flow)
    {
        await using var hub = await TestHub.StartAsync();
        var (order, manifest) = await hub.FetchedAsync(flow, known: 64);
        (await hub.PackageAsync(order)).EnsureSuccessStatusCode();
        await hub.RootAsync(order);
        (await hub.ReceiveAsync(order, manifest.Hash)).EnsureSuccessStatusCode();

        var entries = await hub.EntriesAsync(order);
        var (local, source) = (hub.OfRecipient(order).Id, hub.Source.Id);
        entries.Select(entry => $"{LogEntryFormat.NameOf(entry)} {entry.By}").ShouldBe(
        [
            $"order.placed {local}", $"order.decided {source}", $"tokens.deposited {local}", $"envelope.deposited {source}", "exchange.matched hub", "package.delivered hub", $"persons.root {local}", $"receipt.taken {local}",
            "package.destroyed hub",
        ]);
        var placed = (LogEntry.OrderPlaced)entries[0];
        (placed.Hash, placed.Flow, placed.Protocol, placed.ProtocolHash, placed.Source, placed.Nis, placed.ReferenceMonth, placed.Epoch, placed.Outcome)
            .ShouldBe((order.Hash, order.Document.Flow, order.Document.Protocol, order.Document.ProtocolHash, source, "41002", "2026-10", "2026Q4", "permit"));
        SignedDocument.Open<SourceDecision>(((LogEntry.OrderDecided)entries[1]).Document, hub.Source.Signing.PublicKey).Value.Document.DecidedAt.ShouldBe(entries[1].At);
        ((LogEntry.EnvelopeDeposited)entries[3]).Manifest.ShouldBe(manifest.Hash);
        var delivered = (LogEntry.PackageDelivered)entries[5];
        delivered.Manifest.ShouldBe(manifest.Hash);
        entries.OfType<IDisclosureEntry>().Select(entry => entry.Handle).Distinct().ShouldBe([delivered.Handle]);
        SignedDocument.Open<Receipt>(((LogEntry.ReceiptTaken)entries[7]).Document, hub.OfRecipient(order).Signing.PublicKey).Value.Document.ManifestHash.ShouldBe(manifest.Hash);
        entries.ShouldAllBe(entry => entry.At.Ticks % TimeSpan.TicksPerSecond == 0);
    }

    [Fact]
    public async Task Answer_ThatLeftAnEntry_PromisesIt()
    {
        await using var hub = await TestHub.StartAsync();
        var order = SignedDocument.Sign(hub.NewOrder(Flow.Unknown), hub.Welfare.Signing);
        var answer = await hub.PlaceAsync(hub.Welfare, order.Compact);
        var promise = answer.Headers.GetValues(ILogPromises.Header).ShouldHaveSingleItem().Split(' ');
        var entries = await hub.EntriesAsync();
        var entry = entries[int.Parse(promise[0], System.Globalization.CultureInfo.InvariantCulture)];
        ((LogEntry.OrderPlaced)entry).Order.ShouldBe(order.Document.Id);
        promise[1].ShouldBe(MerkleTree.LeafHash(LogEntryFormat.Write(entry)).ToString());

        // The same again leaves none, and promises none. A refusal leaves one; two entries are two promises.
        (await hub.PlaceAsync(hub.Welfare, order.Compact)).Headers.Contains(ILogPromises.Header).ShouldBeFalse();
        (await hub.PlaceAsync(hub.Welfare, hub.NewOrder(Flow.Unknown))).Headers.GetValues(ILogPromises.Header).Count().ShouldBe(1);
        var (other, manifest) = await hub.FetchedAsync(Flow.Match, known: 64);
        (await hub.ReceiveAsync(other, manifest.Hash)).Headers.GetValues(ILogPromises.Header).Count().ShouldBe(2);
    }

    [Fact]
    public async Task Order_RefusedOrHeld_StandsInTheLogWithItsReasons()
    {
        await using var hub = await TestHub.StartAsync();
        var refused = SignedDocument.Sign(hub.NewOrder(Flow.Unknown) with { Nis = "11002", ReferenceMonth = "2026-12" }, hub.Welfare.Signing);
        var held = SignedDocument.Sign(hub.NewOrder(Flow.Unknown) with { KnownCount = 0 }, hub.Welfare.Signing);
        foreach (var order in new[] { refused, held }) await hub.PlaceAsync(hub.Welfare, order.Compact);
        (await hub.DecideAsync(held.Document.Id, hub.Decision(held, "refuse"))).EnsureSuccessStatusCode();

        var placed = (LogEntry.OrderPlaced)(await hub.EntriesAsync(refused)).ShouldHaveSingleItem();
        placed.Outcome.ShouldBe("refuse");
        placed.Reasons.ShouldBe(["order.outsideTerritory", "order.monthInFuture"]);
        var course = await hub.EntriesAsync(held);
        ((LogEntry.OrderPlaced)course[0]).Outcome.ShouldBe("hold");
        ((LogEntry.OrderPlaced)course[0]).Reasons.ShouldBeEmpty("it would tell that nobody is known");
        SignedDocument.Parse<SourceDecision>(((LogEntry.OrderDecided)course[1]).Document).Value.Document.Outcome.ShouldBe("refuse");
    }

    [Fact]
    public async Task Deposit_ThatIsRefused_StandsInTheLogWithoutAManifest()
    {
        await using var hub = await TestHub.StartAsync();
        var order = await hub.ApprovedAsync(Flow.Unknown);
        (await hub.PutTokensAsync(order, "x\n"u8.ToArray())).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await hub.PutEnvelopeAsync(order, "x\n"u8.ToArray())).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var envelope = TestEnvelope.Of(hub, order, Token.Random(), TestEnvelope.RandomRows(64), manifest => manifest with { Epoch = "2026Q3" });
        (await (await hub.PutEnvelopeAsync(order, envelope.ToBytes())).CauseAsync()).ShouldBe("manifest.epoch");
        var entries = (await hub.EntriesAsync(order)).Skip(2).ToList();
        ((LogEntry.TokensDeposited)entries[0]).Outcome.ShouldBe("refuse");
        ((LogEntry.TokensDeposited)entries[0]).Reasons.Single().ShouldStartWith("tokenSet.");
        foreach (var refused in entries.Skip(1).Cast<LogEntry.EnvelopeDeposited>()) (refused.Outcome, refused.Manifest, refused.By).ShouldBe(("refuse", null, hub.Source.Id));
        ((LogEntry.EnvelopeDeposited)entries[2]).Reasons.ShouldBe(["manifest.epoch"]);
        entries.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Comparison_ThatIsRefused_StandsInTheLog()
    {
        await using var hub = await TestHub.StartAsync();
        var order = await hub.ApprovedAsync(Flow.Unknown);
        (await hub.PutTokensAsync(order, await TestEnvelope.TokensAsync(Token.Random(), [Token.Random()]))).EnsureSuccessStatusCode();
        (await hub.PutEnvelopeAsync(order, TestEnvelope.Of(hub, order, Token.Random(), TestEnvelope.RandomRows(64)).ToBytes())).EnsureSuccessStatusCode();
        (await hub.StateAfterMatchAsync(order)).ShouldBe("refused");
        var matched = (LogEntry.ExchangeMatched)(await hub.EntriesAsync(order))[^1];
        (matched.By, matched.Outcome).ShouldBe((hub.Hub.Id, "refuse"));
        matched.Reasons.ShouldBe(["exchange.agreementDiffers"]);
    }

    [Fact]
    public async Task Comparison_ThatCouldNotBeDone_EndsTheOrderInTheLog()
    {
        await using var hub = await TestHub.StartAsync();
        var order = await hub.ApprovedAsync(Flow.Unknown);
        await using (var scope = hub.Node.Services.CreateAsyncScope())
        {
            var database = scope.ServiceProvider.GetRequiredService<HubDatabase>();
            await using var transaction = await database.Database.BeginTransactionAsync(Cancel);
            await scope.ServiceProvider.GetServices<IWorkStep>().OfType<MatchExchange>().Single().FailedAsync(database, order.Document.Id.ToString("D"), "work.gaveUp", Cancel);
            await transaction.CommitAsync(Cancel);
        }

        Ended((await hub.EntriesAsync(order))[^1]).ShouldBe(("hub", "failed", "work.gaveUp"));
        (await hub.StateAsync(hub.Welfare, order)).ShouldBe("failed");
    }

    [Fact]
    public async Task Order_PastItsTime_EndsInTheLogAndItsCopyToo()
    {
        await using var hub = await TestHub.StartAsync();
        var (fetched, _) = await hub.FetchedAsync(Flow.Unknown);
        var waiting = await hub.PlacedAsync(Flow.Unknown, new Month(2026, 9));
        hub.Clock.Move(TimeSpan.FromDays(8));
        await SweepAsync(hub);
        Ended((await hub.EntriesAsync(waiting))[^1]).ShouldBe(("hub", "expired", "order.expired"));
        var entries = await hub.EntriesAsync(fetched);
        Ended(entries[^2]).ShouldBe(("hub", "expired", "order.expired"));
        ((LogEntry.PackageDestroyed)entries[^1]).Handle.ShouldBe((await hub.DeliveryAsync(fetched)).Handle);
        var count = (await hub.EntriesAsync()).Count;
        await SweepAsync(hub);
        (await hub.EntriesAsync()).Count.ShouldBe(count);
    }

    [Fact]
    public async Task Suspension_StandsInTheLogBeforeWhatItStops()
    {
        await using var hub = await TestHub.StartAsync();
        var order = await hub.ApprovedAsync(Flow.Unknown);
        var document = Acceding.Stop(Acceding.FileOf(Flow.Unknown).Protocol!, null, StopKind.Suspend, hub.Source.Signing, hub.Clock.GetUtcNow());
        var answer = await hub.TellAsync(document);
        answer.EnsureSuccessStatusCode();
        answer.Headers.GetValues(ILogPromises.Header).Count().ShouldBe(2);
        var entries = await hub.EntriesAsync();
        var step = (LogEntry.RegisterStep)entries[^2];
        (step.By, step.Document).ShouldBe((hub.Source.Id, document));
        Ended(entries[^1]).ShouldBe(("hub", "stopped", "protocol.suspended"));
    }

    [Fact]
    public async Task Register_EveryStep_StandsInTheLogInItsOrder()
    {
        await using var hub = await TestHub.StartAsync();
        var steps = (await hub.EntriesAsync()).OfType<LogEntry.RegisterStep>().ToList();
        using var store = hub.OpenStore();
        using var command = store.CreateCommand();
        command.CommandText = "SELECT sequence, event FROM register_entry ORDER BY sequence";
        using var reader = command.ExecuteReader();
        foreach (var step in steps)
        {
            reader.Read().ShouldBeTrue();
            (step.Sequence, step.Document).ShouldBe((reader.GetInt32(0), reader.GetString(1)));
        }

        reader.Read().ShouldBeFalse();
        steps[0].By.ShouldBe(hub.Hub.Id);
        steps[^1].By.ShouldBe(hub.Welfare.Id);
        (await hub.TellAsync(steps[^1].Document)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await hub.EntriesAsync()).OfType<LogEntry.RegisterStep>().Count().ShouldBe(steps.Count);
    }

    [Fact]
    public async Task Register_AStepThatFitsNoEntry_IsRefused()
    {
        await using var hub = await TestHub.StartAsync(acceded: false);
        var answer = await hub.TellAsync(new string('x', 65_001));
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.CauseAsync()).ShouldBe("register.tooLarge");
        (await (await hub.TellAsync(new string('x', 65_000))).CauseAsync()).ShouldNotBe("register.tooLarge");
    }

    // A step that is in the log and whose commit was lost keeps its place: the register takes it from there.
    [Fact]
    public async Task Register_AStepThatIsInTheLogOnly_IsTakenFromThere()
    {
        await using var hub = await TestHub.StartAsync(acceded: false);
        var file = Acceding.FileOf(Flow.Unknown);
        var accession = Acceding.Ordinary(file.Protocol!, hub.Welfare.Id, OrganisationKind.PublicCentreForWelfare, "41002", BelgianTime.DayOf(hub.Clock.GetUtcNow()));
        var documents = Acceding.Documents(file, accession, hub.Welfare.Signing, hub.Clock.GetUtcNow()).ToList();
        var next = (int)hub.Count("SELECT max(sequence) + 1 FROM register_entry");
        var lost = new LogEntry.RegisterStep { By = hub.Welfare.Id, At = hub.Clock.Second(), Sequence = next, Document = documents[0] };
        await hub.Node.Services.GetRequiredService<HubLog>().AppendAsync([lost]);
        hub.Count("SELECT count(*) FROM register_entry").ShouldBe(next - 1);

        ((long)(await (await hub.TellAsync(documents[1])).JsonAsync())["sequence"]!).ShouldBe(next + 1);
        hub.Count("SELECT count(*) FROM register_entry").ShouldBe(next + 1);
        (await hub.TellAsync(documents[0])).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await hub.EntriesAsync()).OfType<LogEntry.RegisterStep>().Select(step => step.Sequence).ShouldBe(Enumerable.Range(1, next + 1));
    }

    public static TheoryData<string> Checkpoints => ["missing", "garbage", "of another key", "of another tree", "of a larger tree"];

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public async Task Order_OnACheckpointThatIsNotOfThisLog_IsRefused(string kind)
    {
        await using var hub = await TestHub.StartAsync();
        var answer = await hub.PlaceAsync(hub.Welfare, hub.NewOrder(Flow.Unknown) with { Checkpoint = Spoiled(hub, kind) });
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.CauseAsync()).ShouldBe("order.checkpoint");
        hub.Count("SELECT count(*) FROM list_order").ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public async Task Envelope_OnACheckpointThatIsNotOfThisLog_IsRefused(string kind)
    {
        await using var hub = await TestHub.StartAsync();
        var order = await hub.ApprovedAsync(Flow.Unknown);
        var envelope = TestEnvelope.Of(hub, order, Token.Random(), TestEnvelope.RandomRows(64), manifest => manifest with { Checkpoint = Spoiled(hub, kind) });
        (await (await hub.PutEnvelopeAsync(order, envelope.ToBytes())).CauseAsync()).ShouldBe("manifest.checkpoint");
        (await hub.StateAsync(hub.Source, order)).ShouldBe("approved");
    }

    [Fact]
    public async Task Order_OnAnEarlierCheckpoint_IsTaken()
    {
        await using var hub = await TestHub.StartAsync();
        var early = hub.Checkpoint();
        await hub.PlacedAsync(Flow.Unknown, new Month(2026, 9));
        await hub.EntriesAsync();
        hub.Checkpoint().ShouldNotBe(early);
        (await hub.PlaceAsync(hub.Welfare, hub.NewOrder(Flow.Unknown) with { Checkpoint = early })).StatusCode.ShouldBe(HttpStatusCode.Created);
        Checkpoint.TryParse($"{hub.Hub.Note!.Verifier.Name}\n0\n{TreeHash.OfEmptyTree}\n", out var empty, out _).ShouldBeTrue();
        (await hub.PlaceAsync(hub.Municipality, hub.NewOrder(Flow.Match) with { Checkpoint = empty.Sign(hub.Hub.Note!).ToString() })).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    // Until the root over an earlier package is in the log, and while the daily roots come in, nothing further can be ordered.
    [Fact]
    public async Task Order_AfterAPackage_NeedsItsRootAndTheDailyRoots()
    {
        await using var hub = await TestHub.StartAsync();
        var (order, manifest) = await hub.FetchedAsync(Flow.Unknown);
        (await hub.ReceiveAsync(order, manifest.Hash)).EnsureSuccessStatusCode();
        Task<List<string>> NextAsync() => ReasonsAsync(hub, hub.NewOrder(Flow.Unknown, new Month(2026, 9)));
        (await NextAsync()).ShouldBe(["order.rootMissing"]);
        await hub.RootAsync(order);
        hub.Clock.Move(TimeSpan.FromDays(3));
        (await NextAsync()).ShouldBe(["order.roundMissing"]);
        (await hub.BringAsync(hub.RoundOf(hub.Welfare, BelgianTime.DayOf(hub.Clock.GetUtcNow()).AddDays(-3)))).EnsureSuccessStatusCode();
        (await NextAsync()).ShouldBe(["order.roundMissing"]);
        (await hub.BringAsync(hub.RoundOf(hub.Welfare, BelgianTime.DayOf(hub.Clock.GetUtcNow()).AddDays(-2)))).EnsureSuccessStatusCode();
        (await NextAsync()).ShouldBe([]);

        // Another organisation owes nothing.
        (await ReasonsAsync(hub, hub.NewOrder(Flow.Match))).ShouldBe([]);
    }

    [Fact]
    public async Task Order_AfterAPackageThatWasFoundWrong_NeedsNoRoot()
    {
        await using var hub = await TestHub.StartAsync();
        var (order, manifest) = await hub.FetchedAsync(Flow.Unknown);
        (await hub.ReceiveAsync(order, manifest.Hash, "rejected")).EnsureSuccessStatusCode();
        (await ReasonsAsync(hub, hub.NewOrder(Flow.Unknown))).ShouldBe([]);
    }

    private static async Task<List<string>> ReasonsAsync(TestHub hub, ListOrder order)
    {
        var answer = await hub.PlaceAsync(hub.OfRecipient(SignedDocument.Sign(order, hub.Source.Signing)), order);
        return answer.IsSuccessStatusCode ? [] : await answer.ReasonsAsync();
    }

    private static (string By, string Outcome, string Reasons) Ended(LogEntry entry)
    {
        var ended = (LogEntry.OrderEnded)entry;
        return (ended.By, ended.Outcome, string.Join(' ', ended.Reasons));
    }

    private static string? Spoiled(TestHub hub, string kind)
    {
        var own = hub.Checkpoint();
        Checkpoint.TryOpen(Encoding.UTF8.GetBytes(own), hub.Hub.Note!.Verifier, out _, out var checkpoint, out _).ShouldBeTrue();
        using var stranger = NoteSigner.Generate(checkpoint.Origin, NoteKeyKind.Ed25519);
        return kind switch
        {
            "missing" => null,
            "garbage" => own[..^3],
            "of another key" => checkpoint.Sign(stranger).ToString(),
            "of another tree" => (checkpoint with { Root = MerkleTree.LeafHash([1]) }).Sign(hub.Hub.Note!).ToString(),
            _ => (checkpoint with { Size = checkpoint.Size + 100 }).Sign(hub.Hub.Note!).ToString(),
        };
    }

    private static async Task SweepAsync(TestHub hub)
    {
        await using var scope = hub.Node.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetServices<IWorkStep>().OfType<ExpireOrders>().Single().SweepAsync(CancellationToken.None);
    }
}
