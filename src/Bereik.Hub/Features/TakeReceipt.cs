using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Hub.Log;
using Bereik.Hub.Storage;
using Bereik.Node.Errors;
using Bereik.Node.Requests;
using Bereik.Node.Work;

namespace Bereik.Hub.Features;

// POST /v1/orders/{id}/receipt: the local node has the package, or found it wrong. Then nothing of it stays here.
internal static class TakeReceipt
{
    public static async Task<IResult> HandleAsync(
        Guid id, HttpRequest http, Actor actor, HubDatabase database, HubSettings settings, NodeKeys keys, WorkSignal signal, TimeProvider clock, CancellationToken cancel)
    {
        var recipient = ((Actor.Organisation)actor).Id.Value;
        if (await DocumentBody.ReadAsync(http, "receipt", cancel) is not { } compact) return ErrorCatalogue.BadRequest.Problem("receipt");

        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        if (await database.OrderOfAsync(id, cancel) is not { } order || order.Recipient != recipient) return ErrorCatalogue.NotFound.Problem();
        var now = clock.GetUtcNow();
        if (!keys.Open<Receipt>(recipient, compact).TryGet(out var receipt, out var wrong)) return await RefuseAsync(wrong.Code, wrong.Place);
        if (receipt.Document.Id != id) return await RefuseAsync("receipt.exchange", "id");
        if (order.ReceiptHash == receipt.Hash.ToString()) return Results.Json(OrderAnswer.ForRecipient(order));
        if (order.State != OrderState.Delivered) return ErrorCatalogue.StateConflict.Problem(cause: $"order.{order.State.WireName()}");
        if (receipt.Document.ManifestHash.ToString() != order.ManifestHash) return await RefuseAsync("receipt.manifest", "manifestHash");

        order.State = receipt.Document.Outcome == "received" ? OrderState.Received : OrderState.Rejected;
        order.ReceiptHash = receipt.Hash.ToString();
        order.EndedAt = now;
        string[] codes = receipt.Document.Code is { } code ? [code] : [];
        order.SetReasons(codes.Select(text => new Reason(text, null, "De ontvanger heeft het pakket geweigerd.", "The recipient refused the package.")));
        database.Record(order.Id, now, $"receipt.{receipt.Document.Outcome}", codes, order.ReceiptHash);
        await database.PurgeAsync(order.Sequence, cancel);
        ScrubStore.Enqueue(database, order.Id, "receipt", now);
        await database.LogAsync(order.Handle is null ? [OrderEntries.Received(order, receipt)] : [OrderEntries.Received(order, receipt), OrderEntries.Destroyed(order, settings.Organisation, now)]);
        await transaction.CommitAsync(CancellationToken.None);
        signal.Wake();
        return Results.Json(OrderAnswer.ForRecipient(order));

        async Task<IResult> RefuseAsync(string cause, string place)
        {
            await database.RecordAloneAsync(id.ToString("D"), now, "receipt.notAccepted", cause, cancel);
            await transaction.CommitAsync(cancel);
            return ErrorCatalogue.DocumentRefused.Problem(place, cause);
        }
    }
}
