using Bereik.Domain;
using Bereik.Local.Files;
using Bereik.Local.Storage;
using Bereik.Node.Requests;
using Bereik.Node.Storage;
using Bereik.Node.Work;
using Bereik.Sealing.Pseudonyms;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Orders;

// Step tokens.send: draws and stores the choice of check rows, makes the token set once, and sends those same bytes at every attempt.
internal sealed class SendTokens(LocalDatabase database, LocalSettings settings, HubOrders orders, OwnProtocols protocols, RunningLists running, OwnPeople people, ExchangeTokens tokens, NodeClient client, TimeProvider clock) : IWorkStep
{
    public const string Name = "tokens.send";

    public string Kind => Name;

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        Directory.CreateDirectory(settings.ExchangeFolder);
        var list = await database.Lists.AsNoTracking().SingleAsync(one => one.Id == run.Subject, cancel);
        if (await running.FindStopAsync(list, cancel) is { } stopped) return Ended(run.Subject, "refused", stopped.Code, stopped.Reasons, stopped.Log);
        var choice = await ChoiceAsync(run.Subject, cancel);
        var file = ExchangeFiles.Tokens(settings, run.Subject);
        if (!File.Exists(file)) await MakeAsync(list, choice, file, run, cancel);
        try
        {
            await client.PutFileAsync(orders.Hub, $"/v1/orders/{run.Subject}/tokens", file, cancel);
        }
        catch (PeerRefusedException refused) when (refused is { Status: 409, Code: "order.refused" })
        {
            // Stopped at the hub a moment ago: its reasons are shown, not only that it did not work.
            var answer = await orders.ReadAsync(run.Subject, cancel);
            return Ended(run.Subject, "refused", answer.Reasons is [var first, ..] ? first.Code : refused.Code, answer.Reasons, null);
        }

        return WorkResult.Done<LocalDatabase>(async (store, stop) =>
        {
            var stored = await store.Lists.SingleAsync(one => one.Id == run.Subject, stop);
            await ListStates.MoveAsync(store, stored, "tokensSent", clock.GetUtcNow(), stop);
            store.Enqueue(FetchPackage.Name, stored.Id, clock.GetUtcNow());
        });
    }

    public async Task FailedAsync(NodeDatabase store, string subject, string code, CancellationToken cancel)
    {
        ExchangeFiles.Delete(settings, subject);
        await ListStates.EndAsync((LocalDatabase)store, subject, "failed", code, clock.GetUtcNow(), cancel);
    }

    private WorkResult Ended(string id, string state, string code, IReadOnlyList<HubReason>? reasons, Action<LocalDatabase>? log) => WorkResult.Done<LocalDatabase>(async (store, stop) =>
    {
        log?.Invoke(store);
        ExchangeFiles.Delete(settings, id);
        await HubOrders.ReplaceReasonsAsync(store, id, reasons, stop);
        await ListStates.EndAsync(store, id, state, code, clock.GetUtcNow(), stop);
    });

    // INVARIANT: the choice is committed before a byte of the token set exists, or the package could not be checked after a kill.
    private async Task<CheckChoice> ChoiceAsync(string id, CancellationToken cancel)
    {
        var drawn = CheckChoice.Draw().Export();
        await database.Database.ExecuteSqlAsync($"UPDATE ordered_list SET check_choice = {drawn} WHERE id = {id} AND check_choice IS NULL", cancel);
        var stored = await database.Lists.AsNoTracking().Where(list => list.Id == id).Select(list => list.CheckChoice).SingleAsync(cancel);
        return CheckChoice.Restore(stored!) ?? throw new InvalidDataException("A stored choice does not have its shape.");
    }

    // The same day as in the order counts, so that the set has the people that the team lead signed for.
    private async Task MakeAsync(OrderedList list, CheckChoice choice, string file, WorkRun run, CancellationToken cancel)
    {
        var order = orders.OwnOrder(list);
        var day = BelgianTime.DayOf(order.Document.IssuedAt);
        var total = 0;
        await foreach (var _ in people.NumbersAsync(day, cancel)) total++;
        run.Report(0, total);
        await tokens.EnsureAsync(order, day, done => run.Report(done, total), cancel);
        using var maker = tokens.Maker(list, order.Context);
        using var agreement = await tokens.AgreementAsync(order, cancel);
        var own = await tokens.OwnAsync(order, maker, day, cancel);
        await database.Database.ExecuteSqlAsync($"UPDATE ordered_list SET offered = {own.Count} WHERE id = {list.Id}", cancel);
        await ExchangeTokens.WriteAsync(file, maker, agreement, own.Keys, choice, (await protocols.TextAsync(list.ProtocolHash, cancel))!.Band, cancel);
        run.Report(total, total);
    }
}
