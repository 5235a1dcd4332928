using Bereik.Domain;
using Bereik.Local.Letters;
using Bereik.Local.Storage;
using Bereik.Node.Decisions;
using Bereik.Node.Registers;
using Bereik.Node.Requests;
using Bereik.Node.Storage;
using Bereik.Node.Work;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Orders;

// Step order.send: the stored order goes to the hub. The same bytes at every attempt.
internal sealed class SendOrder(LocalDatabase database, OrderMaker maker, HubOrders orders, RegisterReader reader, RunningLists running, NodeClient client, TimeProvider clock) : IWorkStep
{
    public const string Name = "order.send";

    public string Kind => Name;

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        var list = await database.Lists.AsNoTracking().SingleAsync(one => one.Id == run.Subject, cancel);
        var order = orders.OwnOrder(list);
        await reader.ReadAsync(cancel);
        var (decision, request, facts) = await maker.DecideAsync(order.Document, list.Id, cancel);
        if (decision.Outcome != Outcome.Refuse && await running.FindAlarmAsync(cancel) is { } alarm) decision = alarm;
        if (decision.Outcome == Outcome.Refuse) return Refused(list.Id, store => store.LogDecision(decision, OrderMaker.ContextOf(order.Document, order.Document.Recipient, clock.GetUtcNow()), request, facts), [.. decision.Reasons.Select(reason => new HubReason(reason.Code, reason.Clause, reason.Text))]);

        try
        {
            await client.PostAsync(orders.Hub, "/v1/orders", new { order = order.Compact }, cancel);
        }
        catch (PeerRefusedException refused) when (refused.Code == "order.refused")
        {
            var answer = await orders.ReadAsync(list.Id, cancel);
            return Refused(list.Id, _ => { }, answer.Reasons ?? [new HubReason(refused.Code, null, "Het knooppunt weigert de aanvraag.")]);
        }

        return WorkResult.Done<LocalDatabase>(async (store, stop) =>
        {
            var stored = await store.Lists.SingleAsync(one => one.Id == run.Subject, stop);
            await ListStates.MoveAsync(store, stored, "sent", clock.GetUtcNow(), stop);
            store.Enqueue(stored.FlowKind == Flow.Messenger ? FollowWave.Name : FollowOrder.Name, stored.Id, clock.GetUtcNow());
        });
    }

    public Task FailedAsync(NodeDatabase store, string subject, string code, CancellationToken cancel) =>
        ListStates.EndAsync((LocalDatabase)store, subject, "failed", code, clock.GetUtcNow(), cancel);

    private WorkResult Refused(string id, Action<LocalDatabase> log, IReadOnlyList<HubReason> reasons) => WorkResult.Done<LocalDatabase>(async (store, stop) =>
    {
        log(store);
        await HubOrders.ReplaceReasonsAsync(store, id, reasons, stop);
        await ListStates.EndAsync(store, id, "refused", reasons.Count > 0 ? reasons[0].Code : "order.refused", clock.GetUtcNow(), stop);
    });
}
