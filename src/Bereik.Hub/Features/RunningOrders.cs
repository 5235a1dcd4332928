using Bereik.Domain;
using Bereik.Hub.Letters;
using Bereik.Hub.Log;
using Bereik.Hub.Storage;
using Bereik.Node.Decisions;
using Bereik.Node.Registers;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Features;

// Orders that were permitted and are not finished. Each of their steps asks again whether they may go on.
internal sealed class RunningOrders(HubDatabase database, ProtocolRegister register, HubSettings settings, RunningAnswers answers, TimeProvider clock)
{
    // Ends one order when it may not go on, inside the caller's transaction, which the caller commits. What was handed out is out, and is left alone.
    public async Task<bool> HasStoppedAsync(Order order, CancellationToken cancel)
    {
        if (order.State is not (OrderState.Requested or OrderState.Held or OrderState.Approved or OrderState.Delivered or OrderState.Open) || order.FetchedAt is not null) return false;
        var view = await register.ViewAsync(cancel);
        var protocol = view.Find(order.Protocol, order.ProtocolVersion);
        var now = clock.GetUtcNow();
        var facts = view.Facts(protocol, new OrganisationId(order.Recipient), now, now);
        var decision = Decide.Continue(protocol, facts, settings.AllowSyntheticNumbers);
        if (decision.Outcome == Outcome.Permit) return false;
        await database.PurgeAsync(order.Sequence, cancel);
        await answers.ExpireAllAsync(order.Sequence, now, cancel);
        order.State = OrderState.Refused;
        order.EndedAt = now;
        order.SetReasons(decision.Reasons);
        database.LogDecision(
            decision, new DecisionContext(now, DecisionPoint.Order, "order.continue", order.Id, order.Recipient, order.Protocol, order.ProtocolVersion, protocol?.Hash ?? ""), new { order.Flow, order.ReferenceMonth }, facts);
        database.Record(order.Id, now, "order.stopped", decision.Reasons.Select(reason => reason.Code));
        ScrubStore.Enqueue(database, order.Id, "stopped", now);
        await database.LogAsync(OrderEntries.Ended(order, settings.Organisation, "stopped", decision.Reasons.Select(reason => reason.Code), now));
        return true;
    }

    // All of them: after a step of the register, and once a minute, since a measure can lapse without anybody doing anything.
    public async Task StopWhatMayNotGoOnAsync(CancellationToken cancel)
    {
        var open = await database.Orders.Where(order => order.FetchedAt == null
            && (order.State == OrderState.Requested || order.State == OrderState.Held || order.State == OrderState.Approved || order.State == OrderState.Delivered || order.State == OrderState.Open)).ToListAsync(cancel);
        foreach (var order in open) await HasStoppedAsync(order, cancel);
        await StopAnswersAsync(cancel);
    }

    // A wave that was answered and is closed goes on in its yeses: they stop with its protocol and accession as those of an open one do.
    private async Task StopAnswersAsync(CancellationToken cancel)
    {
        var living = RunningAnswers.Living(database);
        var closed = await database.Orders.AsNoTracking().Where(order => order.State == OrderState.Closed && living.Any(answer => answer.OrderSequence == order.Sequence)).ToListAsync(cancel);
        if (closed.Count == 0) return;
        var (view, now) = (await register.ViewAsync(cancel), clock.GetUtcNow());
        foreach (var order in closed)
        {
            var protocol = view.Find(order.Protocol, order.ProtocolVersion);
            if (Decide.Continue(protocol, view.Facts(protocol, new OrganisationId(order.Recipient), now, now), settings.AllowSyntheticNumbers).Outcome != Outcome.Permit) await answers.ExpireAllAsync(order.Sequence, now, cancel);
        }
    }
}
