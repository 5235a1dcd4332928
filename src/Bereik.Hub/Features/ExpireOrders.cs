using Bereik.Domain;
using Bereik.Hub.Log;
using Bereik.Hub.Storage;
using Bereik.Node.Work;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Features;

// Ends orders whose time is over, or whose protocol or accession stopped, and deletes what was deposited for them; deletes token sets that waited a day for an envelope.
internal sealed class ExpireOrders(HubDatabase store, HubSettings settings, RunningOrders running, TimeProvider clock) : IWorkStep
{
    public const string StepKind = "orders.expire";

    public static readonly TimeSpan LongestWaitOfTokens = TimeSpan.FromHours(24);

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    public string Kind => StepKind;

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        await SweepAsync(cancel);
        return WorkResult.Later(Pause);
    }

    // Repeatable: one transaction, and what it has ended it does not find again.
    internal async Task SweepAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await store.Database.BeginTransactionAsync(cancel);
        await RegisterEvents.RecoverAsync(store, cancel);
        await running.StopWhatMayNotGoOnAsync(cancel);
        var over = await store.Orders.Where(order => order.ExpiresAt <= now
            && (order.State == OrderState.Requested || order.State == OrderState.Held || order.State == OrderState.Approved || order.State == OrderState.Delivered)).ToListAsync(cancel);
        foreach (var order in over)
        {
            await store.PurgeAsync(order.Sequence, cancel);
            order.State = OrderState.Expired;
            order.EndedAt = now;
            order.SetReasons([Reasons.OrderExpired]);
            store.Record(order.Id, now, "order.expired", [Reasons.OrderExpired.Code]);
            ScrubStore.Enqueue(store, order.Id, "expired", now);
        }

        // The order itself goes on: the local node is told that its token set is awaited again.
        var oldest = now - LongestWaitOfTokens;
        var waiting = await store.Orders.Where(order => order.State == OrderState.Approved && order.EnvelopeAt == null && order.TokensAt != null && order.TokensAt <= oldest).ToListAsync(cancel);
        foreach (var order in waiting)
        {
            await store.PurgeTokensAsync(order.Sequence, cancel);
            store.Record(order.Id, now, "tokens.lapsed");
            ScrubStore.Enqueue(store, order.Id, $"lapsed/{order.TokensAt!.Value.ToUnixTimeMilliseconds()}", now);
            order.TokensAt = null;
            order.TokensDigest = null;
        }

        await store.LogAsync(
        [
            .. over.Select(order => OrderEntries.Ended(order, settings.Organisation, "expired", [Reasons.OrderExpired.Code], now)),

            // Handed out and never acknowledged: the hub's own copy is gone all the same.
            .. over.Where(order => order.FetchedAt is not null && order.Handle is not null).Select(order => OrderEntries.Destroyed(order, settings.Organisation, now)),
        ]);
        await transaction.CommitAsync(CancellationToken.None);
    }
}
