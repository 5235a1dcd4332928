using Bereik.Local.Storage;
using Bereik.Node.Storage;
using Bereik.Node.Work;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Orders;

// Step order.follow: asks the hub how the order stands, until the source has decided.
internal sealed class FollowOrder(LocalDatabase database, LocalSettings settings, HubOrders orders, RunningLists running, TimeProvider clock) : IWorkStep
{
    public const string Name = "order.follow";

    public string Kind => Name;

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        var list = await database.Lists.AsNoTracking().SingleAsync(one => one.Id == run.Subject, cancel);
        if (clock.GetUtcNow() >= list.ExpiresAt) return Ended(run.Subject, "expired", "order.expired", null);
        if (await running.FindStopAsync(list, cancel) is { } stopped) return Ended(run.Subject, "refused", stopped.Code, stopped.Reasons, stopped.Log);
        var answer = await orders.ReadAsync(run.Subject, cancel);
        switch (answer.State)
        {
            case "requested":
                return WorkResult.Later(TimeSpan.FromSeconds(settings.PollSeconds));
            case "held":
                await orders.NoteAsync(run.Subject, "held", answer.Reasons, cancel);
                return WorkResult.Later(TimeSpan.FromSeconds(settings.PollSeconds));
            case "approved":
                var wasHeld = await database.ListEvents.AnyAsync(one => one.ListId == run.Subject && one.State == "held", cancel);
                var wrong = orders.FindDecisionError(answer.Decision, orders.OwnOrder(list), wasHeld);
                return wrong is null ? Approved(run.Subject, answer.Decision!) : Ended(run.Subject, "failed", wrong, null);
            case "refused":
                return Ended(run.Subject, "refused", answer.Reasons is [var first, ..] ? first.Code : "order.refused", answer.Reasons);
            case "expired":
                return Ended(run.Subject, "expired", "order.expired", answer.Reasons);
            default:
                return Ended(run.Subject, "failed", answer.Reasons is [var cause, ..] ? cause.Code : "order.failed", answer.Reasons);
        }
    }

    public Task FailedAsync(NodeDatabase store, string subject, string code, CancellationToken cancel) =>
        ListStates.EndAsync((LocalDatabase)store, subject, "failed", code, clock.GetUtcNow(), cancel);

    private WorkResult Approved(string id, string decision) => WorkResult.Done<LocalDatabase>(async (store, stop) =>
    {
        var list = await store.Lists.SingleAsync(one => one.Id == id, stop);
        list.DecisionJws = decision;
        await HubOrders.ReplaceReasonsAsync(store, id, null, stop);
        await ListStates.MoveAsync(store, list, "approved", clock.GetUtcNow(), stop);
        store.Enqueue(SendTokens.Name, id, clock.GetUtcNow());
    });

    private WorkResult Ended(string id, string state, string code, IReadOnlyList<HubReason>? reasons, Action<LocalDatabase>? log = null) => WorkResult.Done<LocalDatabase>(async (store, stop) =>
    {
        log?.Invoke(store);
        await HubOrders.ReplaceReasonsAsync(store, id, reasons, stop);
        await ListStates.EndAsync(store, id, state, code, clock.GetUtcNow(), stop);
    });
}
