using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Envelopes;
using Bereik.Hub.Log;
using Bereik.Hub.Storage;
using Bereik.Node.Registers;
using Bereik.Node.Requests;
using Bereik.Node.Work;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Features;

// The set operation of one order, begun by the second of the two deposits. Rows that are not delivered and all tokens are gone with
// the same commit that makes the package ready.
internal sealed class MatchExchange(HubDatabase store, HubSettings settings, ProtocolRegister register, NodeKeys keys, TimeProvider clock) : IWorkStep
{
    public const string StepKind = "exchange.match";

    public string Kind => StepKind;

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        var order = await store.Orders.AsNoTracking().SingleAsync(candidate => candidate.Id == run.Subject, cancel);
        if (order.State != OrderState.Approved) return WorkResult.Done();
        var now = clock.GetUtcNow();
        var view = await register.ViewAsync(cancel);
        var protocol = view.Find(order.Protocol, order.ProtocolVersion);
        var goesOn = Decide.Continue(protocol, view.Facts(protocol, new OrganisationId(order.Recipient), now, now), settings.AllowSyntheticNumbers);
        IReadOnlyList<Reason> refusals = goesOn.Outcome != Outcome.Permit ? goesOn.Reasons : await FindRefusalAsync(order, protocol!.Band, now, cancel) is { } reason ? [reason] : [];
        return refusals.Count > 0
            ? WorkResult.Failed<HubDatabase>(refusals[0].Code, (database, _) => EndAsync(database, order.Id, settings.Organisation, refusals, now))
            : WorkResult.Done<HubDatabase>((database, _) => EndAsync(database, order.Id, settings.Organisation, [], now));
    }

    // Repeated tries that all broke: nothing stays behind.
    public Task FailedAsync(Node.Storage.NodeDatabase database, string subject, string code, CancellationToken cancel) =>
        AbandonAsync((HubDatabase)database, subject, settings.Organisation, code, clock.GetUtcNow(), cancel);

    // What was deposited does not change until this step ends, so it may be read before the transaction that ends it.
    private async Task<Reason?> FindRefusalAsync(Order order, int band, DateTimeOffset now, CancellationToken cancel)
    {
        var line = await store.Database.SqlQuery<byte[]>($"SELECT line AS Value FROM manifest_line WHERE order_sequence = {order.Sequence}").SingleAsync(cancel);
        using var stream = new MemoryStream(line);
        if (!(await new EnvelopeReader(stream).ReadManifestAsync(cancel)).TryGet(out var manifest, out var unread)) return ExchangeReasons.ManifestDiffers(unread);
        if (manifest.Hash.ToString() != order.ManifestHash) return ExchangeReasons.ManifestDiffers(new ParseError("manifest.another", ""));
        if (ManifestCheck.FindMismatch(manifest, order, band, settings, keys, now) is { } mismatch) return ExchangeReasons.ManifestDiffers(mismatch);

        var agreement = await store.Database.SqlQuery<byte[]>($"SELECT agreement AS Value FROM known_set WHERE order_sequence = {order.Sequence}").SingleAsync(cancel);
        return new Bytes32(agreement) == manifest.Document.Agreement.Bytes ? null : ExchangeReasons.AgreementDiffers;
    }

    private static async Task EndAsync(HubDatabase database, string id, string hub, IReadOnlyList<Reason> refusals, DateTimeOffset now)
    {
        var order = await database.Orders.SingleAsync(candidate => candidate.Id == id);
        if (order.State != OrderState.Approved) return;
        if (refusals.Count == 0)
        {
            await KeepDeliveredAsync(database, order, CancellationToken.None);
            order.State = OrderState.Delivered;
            order.DeliveredAt = now;

            // Chosen here and committed before it is told, so that a delivery that is told twice after a crash has one name.
            order.Handle = Bytes32.Random().ToString();
            order.SetReasons([]);
            database.Record(id, now, "exchange.matched", hash: order.ManifestHash);
        }
        else
        {
            await database.PurgeAsync(order.Sequence, CancellationToken.None);
            order.State = OrderState.Refused;
            order.EndedAt = now;
            order.SetReasons(refusals);
            database.Record(id, now, "exchange.refused", refusals.Select(refusal => refusal.Code), order.ManifestHash);
        }

        ScrubStore.Enqueue(database, id, "matched", now);
        await database.LogAsync(OrderEntries.Matched(order, hub, [.. refusals.Select(refusal => refusal.Code)], now));
    }

    // Set-based, and in the order of the rows: each token of a row is looked up in the known set once (CROSS JOIN keeps that order).
    private static async Task KeepDeliveredAsync(HubDatabase database, Order order, CancellationToken cancel)
    {
        if (order.Flow == Flow.Match.WireName())
        {
            await database.Database.ExecuteSqlAsync(
                $"""
                DELETE FROM envelope_row WHERE order_sequence = {order.Sequence} AND slot NOT IN (
                    SELECT r.slot FROM row_token r CROSS JOIN known_token k ON k.order_sequence = r.order_sequence AND k.token = r.token
                    WHERE r.order_sequence = {order.Sequence})
                """, cancel);
        }
        else
        {
            await database.Database.ExecuteSqlAsync(
                $"""
                DELETE FROM envelope_row WHERE order_sequence = {order.Sequence} AND slot IN (
                    SELECT r.slot FROM row_token r CROSS JOIN known_token k ON k.order_sequence = r.order_sequence AND k.token = r.token
                    WHERE r.order_sequence = {order.Sequence})
                """, cancel);
        }

        await database.PurgeTokensAsync(order.Sequence, cancel);
        await database.Database.ExecuteSqlAsync($"DELETE FROM row_token WHERE order_sequence = {order.Sequence}", cancel);
    }

    private static async Task AbandonAsync(HubDatabase database, string id, string hub, string code, DateTimeOffset now, CancellationToken cancel)
    {
        var order = await database.Orders.SingleAsync(candidate => candidate.Id == id, cancel);
        if (order.State != OrderState.Approved) return;
        await database.PurgeAsync(order.Sequence, cancel);
        order.State = OrderState.Failed;
        order.EndedAt = now;
        order.SetReasons([]);
        database.Record(id, now, "exchange.failed", [code], order.ManifestHash);
        ScrubStore.Enqueue(database, id, "failed", now);
        await database.LogAsync(OrderEntries.Ended(order, hub, "failed", [code], now));
    }
}
