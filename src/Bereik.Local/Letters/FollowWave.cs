using Bereik.Exchange.Contracts;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Signatures;
using Bereik.Local.Orders;
using Bereik.Local.Storage;
using Bereik.Node.Requests;
using Bereik.Node.Storage;
using Bereik.Node.Work;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Letters;

// Step wave.follow: asks the hub how a wave of letters stands, from the order to the last day to answer.
internal sealed class FollowWave(LocalDatabase database, LocalSettings settings, HubOrders orders, RunningLists running, WaveLog log, SealingKey sealing, TimeProvider clock) : IWorkStep
{
    public const string Name = "wave.follow";

    // While letters are out nothing is waited for but the last day.
    private const int SlowlyBy = 20;

    public string Kind => Name;

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        var list = await database.Lists.AsNoTracking().SingleAsync(one => one.Id == run.Subject, cancel);
        var isOpen = list.State == ListStates.Open;
        if (!isOpen && await running.FindStopAsync(list, cancel) is { } stopped) return Ended(run.Subject, "refused", stopped.Code, stopped.Reasons, stopped.Log);
        HubOrder answer;
        try
        {
            answer = await orders.ReadAsync(run.Subject, cancel);
        }
        catch (PeerRefusedException) when (isOpen)
        {
            // Letters are out: that the hub does not tell of them now ends nothing.
            return WorkResult.Later(TimeSpan.FromSeconds(settings.PollSeconds * SlowlyBy));
        }

        switch (answer.State)
        {
            case "requested" or "approved" when clock.GetUtcNow() >= list.ExpiresAt:
                return Ended(run.Subject, "expired", "order.expired", null);
            case "requested" or "held":
                return WorkResult.Later(TimeSpan.FromSeconds(settings.PollSeconds));
            case "approved":
                return await ApproveAsync(list, answer.Decision, cancel) is { } wrong ? Ended(run.Subject, "failed", wrong, null) : WorkResult.Later(TimeSpan.FromSeconds(settings.PollSeconds));
            case "open" when isOpen:
                return WorkResult.Later(TimeSpan.FromSeconds(settings.PollSeconds * SlowlyBy));
            case "open":
                return await OpenAsync(list, answer, cancel);

            // Where this node was away for as long as letters were out, what it must know of them it learns now.
            case "closed" when !isOpen && list.State != ListStates.Closed && answer.Opening is not null && !await database.OpenedWaves.AnyAsync(wave => wave.ListId == list.Id, cancel):
                return await OpenAsync(list, answer, cancel);
            case "closed":
                return WorkResult.Done<LocalDatabase>(async (store, stop) => await ListStates.MoveAsync(store, await store.Lists.SingleAsync(one => one.Id == run.Subject, stop), ListStates.Closed, clock.GetUtcNow(), stop));
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

    /// <summary>Why an opening is not that of this order; null when it is.</summary>
    internal string? FindOpeningError(string? compact, SignedDocument<ListOrder> order, out SignedDocument<WaveOpening>? opening)
    {
        opening = null;
        if (compact is null) return "opening.missing";
        if (!SignedDocument.Parse<WaveOpening>(compact).TryGet(out var signed, out var wrong)) return wrong.Code;
        if (orders.SourceKey(order.Document.Source, signed.Kid) is not { } key || key.Kid != signed.Kid) return "jws.kid";
        if (!signed.IsSignedBy(key)) return "jws.signature";
        var (said, asked) = (signed.Document, order.Document);
        if (said.Id != asked.Id || said.Order != order.Hash) return "opening.otherOrder";
        if (said.ProtocolHash != asked.ProtocolHash) return "opening.protocol";
        if (said.SourceKid != signed.Kid) return "opening.sourceKey";
        if (said.RecipientKid != sealing.Kid) return "opening.recipientKey";
        if (said.Letters > asked.Letter!.Letters) return "opening.letters";
        if (said.AnswerBy != said.OpensOn.AddDays(asked.Letter.AnswerDays)) return "opening.days";
        opening = signed;
        return null;
    }

    // SECURITY: the source's own signed decision, and not the hub's word that there is one. Null when it holds.
    private async Task<string?> ApproveAsync(OrderedList list, string? decision, CancellationToken cancel)
    {
        if (list.DecisionJws is { } shown) return shown == decision ? null : "decision.other";
        if (orders.FindDecisionError(decision, orders.OwnOrder(list), wasHeld: false) is { } wrong) return wrong;
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        var stored = await database.Lists.SingleAsync(one => one.Id == list.Id, cancel);
        stored.DecisionJws = decision;
        await ListStates.MoveAsync(database, stored, "approved", clock.GetUtcNow(), cancel);
        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        database.ChangeTracker.Clear();
        return null;
    }

    private async Task<WorkResult> OpenAsync(OrderedList list, HubOrder answer, CancellationToken cancel)
    {
        var order = orders.OwnOrder(list);
        if (await ApproveAsync(list, answer.Decision, cancel) is { } undecided) return Ended(list.Id, "failed", undecided, null);
        if (FindOpeningError(answer.Opening, order, out var opening) is { } wrong) return Ended(list.Id, "failed", wrong, null);
        switch (await log.AgreesAsync(list, order, opening!, answer.Decision!, cancel))
        {
            case null: return WorkResult.Later(TimeSpan.FromSeconds(settings.PollSeconds));
            case false: return Ended(list.Id, "failed", WaveLog.Differs, null);
        }

        // Outside the step's end, since the step goes on; it is found as it is when it runs again.
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        var said = opening!.Document;
        if (!await database.OpenedWaves.AnyAsync(wave => wave.ListId == list.Id, cancel)) database.OpenedWaves.Add(new OpenedWave { ListId = list.Id, Document = answer.Opening!, Letters = said.Letters, OpensOn = said.OpensOn, AnswerBy = said.AnswerBy });
        var stored = await database.Lists.SingleAsync(one => one.Id == list.Id, cancel);
        await ListStates.MoveAsync(database, stored, ListStates.Open, clock.GetUtcNow(), cancel);
        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        database.ChangeTracker.Clear();
        return WorkResult.Later(TimeSpan.FromSeconds(settings.PollSeconds));
    }

    private WorkResult Ended(string id, string state, string code, IReadOnlyList<HubReason>? reasons, Action<LocalDatabase>? logged = null) => WorkResult.Done<LocalDatabase>(async (store, stop) =>
    {
        logged?.Invoke(store);
        await HubOrders.ReplaceReasonsAsync(store, id, reasons, stop);
        await ListStates.EndAsync(store, id, state, code, clock.GetUtcNow(), stop);
    });
}
