using Bereik.Local.Storage;
using Bereik.Node.Requests;
using Bereik.Node.Storage;
using Bereik.Node.Work;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Orders;

// Step package.fetch: waits until the hub has brought both sides together, then takes the package into a file.
internal sealed class FetchPackage(LocalDatabase database, LocalSettings settings, HubOrders orders, RunningLists running, NodeClient client, TimeProvider clock) : IWorkStep
{
    public const string Name = "package.fetch";
    private const long MostBytes = 4L << 30;

    public string Kind => Name;

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        var list = await database.Lists.AsNoTracking().SingleAsync(one => one.Id == run.Subject, cancel);
        if (clock.GetUtcNow() >= list.ExpiresAt) return Ended(run.Subject, "expired", "order.expired", null);
        if (await running.FindStopAsync(list, cancel) is { } stopped) return Ended(run.Subject, "refused", stopped.Code, stopped.Reasons, stopped.Log);
        var file = ExchangeFiles.Package(settings, run.Subject);
        try
        {
            if (!File.Exists(file) && await IsTooEarlyAsync(run.Subject, cancel)) return WorkResult.Later(TimeSpan.FromSeconds(settings.PollSeconds));
            if (!File.Exists(file) && !await client.FetchFileAsync(orders.Hub, $"/v1/orders/{run.Subject}/package", file, MostBytes, cancel))
            {
                return WorkResult.Later(TimeSpan.FromSeconds(settings.PollSeconds));
            }
        }
        catch (PeerRefusedException refused) when (refused.Status is 409 or 410)
        {
            var answer = await orders.ReadAsync(run.Subject, cancel);
            var state = answer.State is "refused" or "expired" ? answer.State : "failed";
            return Ended(run.Subject, state, answer.Reasons is [var first, ..] ? first.Code : refused.Code, answer.Reasons);
        }

        return WorkResult.Done<LocalDatabase>(async (store, stop) =>
        {
            var stored = await store.Lists.SingleAsync(one => one.Id == run.Subject, stop);
            await ListStates.MoveAsync(store, stored, "delivered", clock.GetUtcNow(), stop);
            store.Enqueue(OpenPackage.Name, stored.Id, clock.GetUtcNow());
        });
    }

    // The hub keeps a token set for a day and then awaits it again: it gets the very same bytes.
    private async Task<bool> IsTooEarlyAsync(string id, CancellationToken cancel)
    {
        var answer = await orders.ReadAsync(id, cancel);
        if (answer.State != "approved") return false;
        if (answer.Awaits?.Contains("tokens") == true) await client.PutFileAsync(orders.Hub, $"/v1/orders/{id}/tokens", ExchangeFiles.Tokens(settings, id), cancel);
        return true;
    }

    public Task FailedAsync(NodeDatabase store, string subject, string code, CancellationToken cancel)
    {
        ExchangeFiles.Delete(settings, subject);
        store.Enqueue(SendEnd.Name, subject, clock.GetUtcNow());
        return ListStates.EndAsync((LocalDatabase)store, subject, "failed", code, clock.GetUtcNow(), cancel);
    }

    private WorkResult Ended(string id, string state, string code, IReadOnlyList<HubReason>? reasons, Action<LocalDatabase>? log = null) => WorkResult.Done<LocalDatabase>(async (store, stop) =>
    {
        log?.Invoke(store);
        ExchangeFiles.Delete(settings, id);
        await HubOrders.ReplaceReasonsAsync(store, id, reasons, stop);
        await ListStates.EndAsync(store, id, state, code, clock.GetUtcNow(), stop);

        // It may have been handed out and lost on the way: then it counts as disclosed, and its end is told.
        store.Enqueue(SendEnd.Name, id, clock.GetUtcNow());
    });
}
