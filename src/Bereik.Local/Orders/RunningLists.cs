using Bereik.Domain;
using Bereik.Local.Storage;
using Bereik.Node.Decisions;
using Bereik.Node.Logs;
using Bereik.Node.Registers;

namespace Bereik.Local.Orders;

/// <summary>Orders that are not finished. Each of their steps reads the register and asks again whether they may go on.</summary>
internal sealed class RunningLists(LocalSettings settings, OwnProtocols protocols, RegisterReader reader, LogWatch log, TimeProvider clock)
{
    /// <summary>Whether the public log stops what this node does.</summary>
    /// <returns>Null when it holds, or the refusal of an alarm.</returns>
    /// <exception cref="HttpRequestException">Nothing fresh was read of it: the step is tried again, and the order waits.</exception>
    public async Task<Decision?> FindAlarmAsync(CancellationToken cancel)
    {
        if (await log.FindStopAsync(cancel) is not { } stop) return null;
        var decision = Decide.Log(stop);
        return decision.Reasons[0] == Reasons.LogAlarm ? decision : throw new HttpRequestException("The log was not renewed or not read.");
    }

    /// <summary>Reads the register at the hub and decides, on the register and on the log.</summary>
    /// <returns>Null when the order goes on.</returns>
    public async Task<StoppedList?> FindStopAsync(OrderedList list, CancellationToken cancel)
    {
        await reader.ReadAsync(cancel);
        var protocol = await protocols.TextAsync(list.ProtocolHash, cancel);
        var facts = await protocols.FactsAsync(protocol, cancel);
        var decision = Decide.Continue(protocol, facts, settings.AllowSyntheticNumbers);
        if (decision.Outcome == Outcome.Permit && await FindAlarmAsync(cancel) is { } alarm) decision = alarm;
        if (decision.Outcome == Outcome.Permit) return null;

        // As where the hub cannot be reached: the step is tried again, and the order waits.
        if (decision.IsForStaleRegisterOnly) throw new HttpRequestException("The register was read too long ago.");
        var context = new DecisionContext(clock.GetUtcNow(), DecisionPoint.Order, "order.continue", list.Id, settings.Organisation, list.ProtocolId, list.ProtocolVersion, protocol?.Hash ?? "");
        return new StoppedList(decision, store => store.LogDecision(decision, context, new { list.Flow, referenceMonth = list.ReferenceMonth.ToString() }, facts));
    }
}

/// <summary>An order that may not go on.</summary>
/// <param name="Decision">Why, with every reason.</param>
/// <param name="Log">Writes the decision to the register of decisions, in the transaction that ends the order.</param>
internal sealed record StoppedList(Decision Decision, Action<LocalDatabase> Log)
{
    /// <summary>The code of the first reason.</summary>
    public string Code => Decision.Reasons[0].Code;

    /// <summary>The reasons as an order shows them.</summary>
    public IReadOnlyList<HubReason> Reasons => [.. Decision.Reasons.Select(reason => new HubReason(reason.Code, reason.Clause, reason.Text))];
}
