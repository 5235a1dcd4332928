using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Hub.Log;
using Bereik.Hub.Storage;
using Bereik.Node.Api;
using Bereik.Node.Errors;
using Bereik.Node.Requests;
using Bereik.Node.Work;

namespace Bereik.Hub.Features;

// POST /v1/orders/{id}/receipt: the local node has the package, or found it wrong. Then nothing of it stays here.
internal static class TakeReceipt
{
    public static readonly ApiOperation Api = new("acknowledgePackage", "Say that a package was received, or found wrong")
    {
        Description = "Then nothing of it stays at the hub.",
        Takes = ApiBody.Json(new ReceiptSent(ApiExamples.Jws)),
        Answers = [ApiAnswer.Json(200, "It is noted; the same receipt again is no error.", new OrderAnswer(ApiExamples.Id, "received", []) { Decision = ApiExamples.Jws })],
        Errors = [ErrorCatalogue.NotFound, ErrorCatalogue.TooLarge, ErrorCatalogue.StateConflict, ErrorCatalogue.DocumentRefused, ErrorCatalogue.Unavailable],
    };

    public static async Task<IResult> HandleAsync(
        Guid id, HttpRequest http, Actor actor, HubDatabase database, HubSettings settings, NodeKeys keys, WorkSignal signal, TimeProvider clock, CancellationToken cancel)
    {
        var recipient = ((Actor.Organisation)actor).Id.Value;
        var (compact, wrongBody) = await DocumentBody.ReadAsync(http, "receipt", cancel);
        if (compact is null) return wrongBody!;

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

/// <summary>A local node's signed word on a package.</summary>
/// <param name="Receipt">Compact JWS, by the organisation that received.</param>
internal sealed record ReceiptSent(string Receipt);
