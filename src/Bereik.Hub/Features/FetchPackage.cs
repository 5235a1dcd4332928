using Bereik.Exchange;
using Bereik.Exchange.Envelopes;
using Bereik.Hub.Letters;
using Bereik.Hub.Log;
using Bereik.Hub.Storage;
using Bereik.Node.Api;
using Bereik.Node.Errors;
using Bereik.Node.Requests;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Features;

// GET /v1/orders/{id}/package: what the set operation left, for the local node; the same as often as it asks, until its receipt.
internal static class FetchPackage
{
    public static readonly ApiOperation Api = new("getPackage", "Fetch what the set operation left")
    {
        Description = "The same as often as it is asked, until the receipt. What was handed out counts as delivered.",
        Answers = [new ApiAnswer(200, "The package: the manifest, then one line a row.", ApiBody.Text(EnvelopeFormat.MediaType, $"{{\"manifest\":\"{ApiExamples.Jws}\"}}\n")), new ApiAnswer(204, "There is none yet.")],
        Errors = [ErrorCatalogue.NotFound, ErrorCatalogue.StateConflict, ErrorCatalogue.PackageGone, ErrorCatalogue.Unavailable],
    };

    public static async Task<IResult> HandleAsync(Guid id, Actor actor, HubDatabase database, HubSettings settings, RunningOrders running, TimeProvider clock, CancellationToken cancel)
    {
        var recipient = ((Actor.Organisation)actor).Id.Value;
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        if (await database.OrderOfAsync(id, cancel) is not { } order || order.Recipient != recipient) return ErrorCatalogue.NotFound.Problem();
        if (order.IsWave) return ErrorCatalogue.StateConflict.Problem(cause: WaveFlow.Letters);
        if (await running.HasStoppedAsync(order, cancel))
        {
            await transaction.CommitAsync(CancellationToken.None);
            return ErrorCatalogue.StateConflict.Problem(cause: "order.refused");
        }

        switch (order.State)
        {
            case OrderState.Requested or OrderState.Held or OrderState.Approved:
                return Results.NoContent();
            case OrderState.Received or OrderState.Rejected:
                return ErrorCatalogue.PackageGone.Problem();
            case not OrderState.Delivered:
                return ErrorCatalogue.StateConflict.Problem(cause: $"order.{order.State.WireName()}");
        }

        // Before the first byte goes out: a package that was handed out counts as delivered, whatever happens on the way. A package from
        // before this hub had a log has no handle yet.
        if (order.FetchedAt is null || order.Handle is null)
        {
            var now = clock.GetUtcNow();
            if (order.FetchedAt is null) database.Record(order.Id, now, "package.fetched", hash: order.ManifestHash);
            order.FetchedAt ??= now;
            order.Handle ??= Bytes32.Random().ToString();
            await database.LogAsync(OrderEntries.Delivered(order, settings.Organisation, now));
        }

        await transaction.CommitAsync(CancellationToken.None);
        return Results.Stream(output => WriteAsync(database, order.Sequence, output, cancel), EnvelopeFormat.MediaType);
    }

    private static async Task WriteAsync(HubDatabase database, long sequence, Stream output, CancellationToken cancel)
    {
        await database.Database.OpenConnectionAsync(cancel);
        await using var lines = (SqliteCommand)database.Database.GetDbConnection().CreateCommand();
        lines.CommandText = """
            SELECT line FROM (SELECT -1 AS slot, line FROM manifest_line WHERE order_sequence = $order
                              UNION ALL SELECT slot, line FROM envelope_row WHERE order_sequence = $order)
            ORDER BY slot
            """;
        lines.Parameters.AddWithValue("$order", sequence);
        await using var reader = await lines.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) await output.WriteAsync(reader.GetFieldValue<byte[]>(0), cancel);
    }
}
