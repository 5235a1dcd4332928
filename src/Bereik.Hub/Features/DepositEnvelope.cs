using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Envelopes;
using Bereik.Exchange.Signatures;
using Bereik.Hub.Letters;
using Bereik.Hub.Log;
using Bereik.Hub.Storage;
using Bereik.Node.Api;
using Bereik.Node.Errors;
using Bereik.Node.Registers;
using Bereik.Node.Requests;
using Bereik.Node.Work;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Features;

// PUT /v1/orders/{id}/envelope: the source's sealed rows, checked for shape and streamed into the store in one transaction.
// The answer comes before the set operation and is the same whether or not the local node was here.
internal static class DepositEnvelope
{
    public static readonly ApiOperation Api = new("depositEnvelope", "Bring the sealed rows of the source")
    {
        Description = "The signed manifest, then one line a row (docs/formats/envelope.md). The answer is the same whatever the local node did.",
        Takes = ApiBody.Text(EnvelopeFormat.MediaType, $"{{\"manifest\":\"{ApiExamples.Jws}\"}}\n"),
        Answers = [ApiAnswer.Json(202, "The envelope is in; the same again is no error.", new EnvelopeTaken("deposited"))],
        Errors = [ErrorCatalogue.NotFound, ErrorCatalogue.TooLarge, ErrorCatalogue.StateConflict, ErrorCatalogue.DocumentRefused, ErrorCatalogue.EnvelopeRefused, ErrorCatalogue.Unavailable],
    };

    public static async Task<IResult> HandleAsync(
        Guid id, HttpRequest http, Actor actor, HubDatabase database, HubSettings settings, RunningOrders running, ProtocolRegister register, NodeKeys keys, WorkSignal signal, TimeProvider clock, CancellationToken cancel)
    {
        var source = ((Actor.Organisation)actor).Id.Value;
        var reader = new EnvelopeReader(http.Body);
        var first = await reader.ReadManifestAsync(cancel);

        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        if (await database.OrderOfAsync(id, cancel) is not { RefusedAtOnce: false } order || order.Source != source) return ErrorCatalogue.NotFound.Problem();
        if (order.IsWave) return ErrorCatalogue.StateConflict.Problem(cause: WaveFlow.Letters);
        if (!first.TryGet(out var manifest, out var unread)) return await RefuseAsync(ErrorCatalogue.EnvelopeRefused, order, unread);
        if (order.ManifestHash is not null) return order.ManifestHash == manifest.Hash.ToString() ? Deposited() : ErrorCatalogue.StateConflict.Problem(cause: "envelope.another");
        if (await running.HasStoppedAsync(order, cancel))
        {
            await transaction.CommitAsync(CancellationToken.None);
            return ErrorCatalogue.StateConflict.Problem(cause: "order.refused");
        }

        var now = clock.GetUtcNow();
        if (order.State != OrderState.Approved || !order.IsOpen(now)) return ErrorCatalogue.StateConflict.Problem(cause: $"order.{OrderAnswer.SourceState(order)}");
        var band = (await register.ViewAsync(cancel)).Find(order.Protocol, order.ProtocolVersion)!.Band;
        if (ManifestCheck.FindMismatch(manifest, order, band, settings, keys, now) is { } mismatch) return await RefuseAsync(ErrorCatalogue.DocumentRefused, order, mismatch);

        // SECURITY: as of an order: the source too shows which log it saw.
        if (!await database.Log.IsOwnAsync(manifest.Document.Checkpoint, cancel)) return await RefuseAsync(ErrorCatalogue.DocumentRefused, order, new ParseError("manifest.checkpoint", "checkpoint"));
        if (await StoreAsync(database, order, manifest, reader, cancel) is { } wrong) return await RefuseAsync(ErrorCatalogue.EnvelopeRefused, order, wrong);

        order.EnvelopeAt = now;
        order.ManifestHash = manifest.Hash.ToString();
        database.Record(order.Id, now, "envelope.deposited", hash: order.ManifestHash);
        if (order.TokensAt is not null) database.Enqueue(MatchExchange.StepKind, order.Id, now);
        await database.LogAsync(OrderEntries.Envelope(order, manifest.Hash, now));
        await transaction.CommitAsync(CancellationToken.None);
        signal.Wake();
        return Deposited();

        static IResult Deposited() => Results.Json(new EnvelopeTaken("deposited"), statusCode: StatusCodes.Status202Accepted);

        async Task<IResult> RefuseAsync(NodeError error, Order about, ParseError cause)
        {
            await transaction.RollbackAsync(cancel);
            var at = clock.GetUtcNow();
            await database.RecordAloneAsync(about.Id, at, "envelope.notAccepted", cause.Code, OrderEntries.Envelope(about, null, at, cause.Code), cancel);
            return error.Problem(cause.Place, cause.Code);
        }
    }

    private static async Task<ParseError?> StoreAsync(HubDatabase database, Order order, SignedDocument<Manifest> manifest, EnvelopeReader reader, CancellationToken cancel)
    {
        using var line = new MemoryStream();
        await EnvelopeFormat.WriteManifestAsync(line, manifest, cancel);
        await database.Database.ExecuteSqlAsync($"INSERT INTO manifest_line (order_sequence, line) VALUES ({order.Sequence}, {line.ToArray()})", cancel);

        await using var insertRow = database.Prepare("INSERT INTO envelope_row (order_sequence, slot, line) VALUES ($order, $slot, $line)");
        insertRow.Parameters.AddWithValue("$order", order.Sequence);
        var rowSlot = insertRow.Parameters.Add("$slot", SqliteType.Integer);
        var rowLine = insertRow.Parameters.Add("$line", SqliteType.Blob);

        // A token twice in one row says nothing more than once.
        await using var insertToken = database.Prepare("INSERT INTO row_token (order_sequence, slot, token) VALUES ($order, $slot, $token) ON CONFLICT DO NOTHING");
        insertToken.Parameters.AddWithValue("$order", order.Sequence);
        var tokenSlot = insertToken.Parameters.Add("$slot", SqliteType.Integer);
        var bytes = new byte[Bytes32.Length];
        var token = insertToken.Parameters.Add("$token", SqliteType.Blob);
        token.Value = bytes;

        while (await reader.ReadRowAsync(cancel) is { } read)
        {
            if (!read.TryGet(out var row, out var wrong)) return wrong;
            line.SetLength(0);
            await EnvelopeFormat.WriteRowAsync(line, row, cancel);
            rowSlot.Value = tokenSlot.Value = row.Slot;
            rowLine.Value = line.ToArray();
            insertRow.ExecuteNonQuery();
            foreach (var one in row.Tokens)
            {
                one.Bytes.CopyTo(bytes);
                insertToken.ExecuteNonQuery();
            }
        }

        return reader.RowCount < EnvelopeFormat.CheckRows ? new ParseError("envelope.checkRows", "") : null;
    }
}

/// <summary>An envelope that is in.</summary>
/// <param name="State"><c>deposited</c>.</param>
internal sealed record EnvelopeTaken(string State);

// Whether a manifest answers an order, by everything that the hub itself can see.
internal static class ManifestCheck
{
    public static ParseError? FindMismatch(SignedDocument<Manifest> manifest, Order order, int band, HubSettings settings, NodeKeys keys, DateTimeOffset now)
    {
        if (keys.ForRequest(order.Source, manifest.Kid) is not { } sourceKey) return new ParseError("manifest.sourceKey", "sourceKid");
        if (settings.Peer(order.Recipient) is not { } recipient || HubSettings.SealingKid(recipient) is not { } recipientKid) return new ParseError("manifest.recipientKey", "recipientKid");
        return ManifestBinding.FindMismatch(manifest, SignedDocument.Parse<ListOrder>(order.Jws).Value, sourceKey, recipientKid, band, Epoch.At(now).ToString(), now);
    }
}
