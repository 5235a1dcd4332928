using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Envelopes;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Signatures;
using Bereik.Local.Households;
using Bereik.Local.Storage;
using Bereik.Node.Requests;
using Bereik.Node.Storage;
using Bereik.Node.Work;
using Bereik.Sealing.Packages;
using Bereik.Sealing.Pseudonyms;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Orders;

// Step package.open: verifies the whole package, then imports its rows in the transaction that ends the step. All of it, or nothing.
internal sealed class OpenPackage(
    LocalDatabase database, LocalSettings settings, HubOrders orders, OwnProtocols protocols, RunningLists running, LoggedOrders logged, ExchangeTokens tokens, HouseholdKeys households, NodeKeys keys, SealingKey sealing, TimeProvider clock) : IWorkStep
{
    public const string Name = "package.open";

    public string Kind => Name;

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        var list = await database.Lists.AsNoTracking().SingleAsync(one => one.Id == run.Subject, cancel);
        var order = orders.OwnOrder(list);
        var now = clock.GetUtcNow();
        if (Epoch.At(now).ToString() != order.Document.Epoch) return Rejected(run.Subject, await ReceiptAsync(run.Subject, "manifest.epoch", now, cancel), "manifest.epoch");
        if (await running.FindStopAsync(list, cancel) is { } stopped) return Rejected(run.Subject, await ReceiptAsync(run.Subject, stopped.Code, now, cancel), stopped.Code, stopped);
        var protocol = (await protocols.TextAsync(list.ProtocolHash, cancel))!;

        // INVARIANT: nothing is opened that the public log does not show to everybody, under the handle that its persons' root and its end will carry.
        if (!(await ReadManifestAsync(run.Subject, cancel)).TryGet(out var manifest, out var unread)) return Rejected(run.Subject, null, unread.Code);
        if (orders.SourceKey(list.Source, manifest.Kid) is not { } sourceKey) return Rejected(run.Subject, Sign(run.Subject, manifest.Hash, "manifest.sourceKey", now), "manifest.sourceKey");
        var mismatch = ManifestBinding.FindMismatch(manifest, order, sourceKey, sealing.Kid, protocol.Band, order.Document.Epoch, now);
        if (mismatch is { Code: not "manifest.expired" }) return Rejected(run.Subject, Sign(run.Subject, manifest.Hash, mismatch.Code, now), mismatch.Code);
        var finding = await logged.CheckAsync(list, order, manifest, cancel);
        if (finding is LogFinding.Refuses refuses) return Rejected(run.Subject, Sign(run.Subject, manifest.Hash, refuses.Code, now), refuses.Code);
        if (finding is not LogFinding.Holds holds) return now < list.ExpiresAt ? WorkResult.Later(TimeSpan.FromSeconds(settings.PollSeconds)) : WorkResult.Failed(LoggedOrders.Missing);
        if (mismatch is not null) return Rejected(run.Subject, Sign(run.Subject, manifest.Hash, mismatch.Code, now), mismatch.Code);
        var day = BelgianTime.DayOf(order.Document.IssuedAt);
        await tokens.EnsureAsync(order, day, _ => { }, cancel);
        using var maker = tokens.Maker(list, order.Context);
        using var agreement = await tokens.AgreementAsync(order, cancel);
        var own = await tokens.OwnAsync(order, maker, day, cancel);
        var task = new PackageTask
        {
            Order = order,
            SourceKey = sourceKey,
            RecipientKey = sealing,
            Tokens = maker,
            Agreement = agreement,
            Choice = CheckChoice.Restore(list.CheckChoice ?? "") ?? throw new InvalidDataException("The choice of check rows is gone."),
            OwnTokens = own.Keys.ToHashSet(),
            Band = protocol.Band,
            Epoch = order.Document.Epoch,
            Now = now,
        };

        await using var file = File.OpenRead(ExchangeFiles.Package(settings, run.Subject));
        var import = new PackageImport(list, protocol, settings.Organisation, BelgianTime.DayOf(now));
        var opened = await import.ReadAsync(file, task, own, (done, total) => run.Report(done, total), cancel);
        if (!opened.TryGet(out var package, out var error)) return Rejected(run.Subject, await ReceiptAsync(run.Subject, error.Code, now, cancel), error.Code);
        var receipt = Sign(run.Subject, package.Manifest.Hash, null, now);
        import.Commit(holds.Handle, package.Manifest.Hash, keys.Signing, now);
        return WorkResult.Done<LocalDatabase>(async (store, stop) =>
        {
            await import.StoreAsync(store, households, stop);
            var stored = await store.Lists.SingleAsync(one => one.Id == run.Subject, stop);
            stored.ReceiptJws = receipt;
            await ListStates.MoveAsync(store, stored, "received", now, stop);
            store.Enqueue(SendRoot.Name, stored.Id, now);
        });
    }

    public Task FailedAsync(NodeDatabase store, string subject, string code, CancellationToken cancel)
    {
        ExchangeFiles.Delete(settings, subject);
        store.Enqueue(SendEnd.Name, subject, clock.GetUtcNow());
        return ListStates.EndAsync((LocalDatabase)store, subject, "failed", code, clock.GetUtcNow(), cancel);
    }

    private WorkResult Rejected(string id, string? receipt, string code, StoppedList? stopped = null) => WorkResult.Done<LocalDatabase>(async (store, stop) =>
    {
        stopped?.Log(store);
        if (stopped is not null) await HubOrders.ReplaceReasonsAsync(store, id, stopped.Reasons, stop);
        var stored = await store.Lists.SingleAsync(one => one.Id == id, stop);
        stored.ReceiptJws = receipt;
        await ListStates.EndAsync(store, id, "rejected", code, clock.GetUtcNow(), stop);
        store.Enqueue(SendReceipt.Name, id, clock.GetUtcNow());
        store.Enqueue(SendEnd.Name, id, clock.GetUtcNow());
    });

    // Null when not even a manifest can be read: there is then nothing that a receipt could name.
    private async Task<string?> ReceiptAsync(string id, string code, DateTimeOffset now, CancellationToken cancel) =>
        (await ReadManifestAsync(id, cancel)).TryGet(out var manifest, out _) ? Sign(id, manifest.Hash, code, now) : null;

    private async Task<Parsed<SignedDocument<Manifest>>> ReadManifestAsync(string id, CancellationToken cancel)
    {
        await using var file = File.OpenRead(ExchangeFiles.Package(settings, id));
        return await new EnvelopeReader(file).ReadManifestAsync(cancel);
    }

    private string Sign(string id, Bytes32 manifest, string? code, DateTimeOffset now) => SignedDocument.Sign(
        new Receipt
        {
            Id = Guid.Parse(id),
            ManifestHash = manifest,
            Outcome = code is null ? "received" : "rejected",
            Code = code,
            At = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()),
        },
        keys.Signing).Compact;
}
