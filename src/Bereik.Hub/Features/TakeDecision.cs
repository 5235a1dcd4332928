using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Hub.Log;
using Bereik.Hub.Storage;
using Bereik.Node.Api;
using Bereik.Node.Errors;
using Bereik.Node.Requests;

namespace Bereik.Hub.Features;

// POST /v1/orders/{id}/decision: the source permits or refuses. The same decision again is no error.
internal static class TakeDecision
{
    public static readonly ApiOperation Api = new("decideOrder", "Permit or refuse an order, as its source")
    {
        Takes = ApiBody.Json(new DecisionSent(ApiExamples.Jws)),
        Answers = [ApiAnswer.Json(200, "It is decided; the same decision again is no error.", new OrderAnswer(ApiExamples.Id, "approved", []) { Decision = ApiExamples.Jws })],
        Errors = [ErrorCatalogue.NotFound, ErrorCatalogue.TooLarge, ErrorCatalogue.StateConflict, ErrorCatalogue.DocumentRefused, ErrorCatalogue.Unavailable],
    };

    public static async Task<IResult> HandleAsync(
        Guid id, HttpRequest http, Actor actor, HubDatabase database, RunningOrders running, NodeKeys keys, TimeProvider clock, CancellationToken cancel)
    {
        var source = ((Actor.Organisation)actor).Id.Value;
        var (compact, wrongBody) = await DocumentBody.ReadAsync(http, "decision", cancel);
        if (compact is null) return wrongBody!;

        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        if (await database.OrderOfAsync(id, cancel) is not { RefusedAtOnce: false } order || order.Source != source) return ErrorCatalogue.NotFound.Problem();
        if (order.Decision == compact) return Results.Json(OrderAnswer.ForSource(order));
        if (await running.HasStoppedAsync(order, cancel))
        {
            await transaction.CommitAsync(CancellationToken.None);
            return ErrorCatalogue.StateConflict.Problem(cause: "order.refused");
        }

        var now = clock.GetUtcNow();
        if (!keys.Open<SourceDecision>(source, compact).TryGet(out var decision, out var wrong)) return await RefuseAsync(wrong.Code, wrong.Place);
        if (decision.Document.Id != id) return await RefuseAsync("decision.exchange", "id");
        if (decision.Document.Order.ToString() != order.Hash) return await RefuseAsync("decision.order", "order");
        if (order.State is not (OrderState.Requested or OrderState.Held)) return ErrorCatalogue.StateConflict.Problem(cause: order.Decision is null ? "order.closed" : "decision.another");
        if (now >= order.ExpiresAt) return ErrorCatalogue.StateConflict.Problem(cause: Reasons.OrderExpired.Code);

        // SECURITY: a held order goes on only when the source signs for the known set in so many words.
        var permits = decision.Document.Outcome == "permit";
        if (permits && order.State == OrderState.Held && !decision.Document.AcceptsKnownSet) return await RefuseAsync("decision.knownSetNotAccepted", "acceptsKnownSet");

        order.Decision = compact;
        order.State = permits ? OrderState.Approved : OrderState.Refused;
        order.EndedAt = permits ? null : now;
        order.SetReasons(decision.Document.Reasons.Select(reason => new Reason(reason.Code, null, reason.Text, reason.Text)));
        database.Record(order.Id, now, $"decision.{decision.Document.Outcome}", decision.Document.Reasons.Select(reason => reason.Code), decision.Hash.ToString());
        await database.LogAsync(OrderEntries.Decided(order, decision));
        await transaction.CommitAsync(CancellationToken.None);
        return Results.Json(OrderAnswer.ForSource(order));

        async Task<IResult> RefuseAsync(string code, string place)
        {
            await database.RecordAloneAsync(id.ToString("D"), clock.GetUtcNow(), "decision.notAccepted", code, cancel);
            await transaction.CommitAsync(cancel);
            return ErrorCatalogue.DocumentRefused.Problem(place, code);
        }
    }
}

/// <summary>A source's signed decision.</summary>
/// <param name="Decision">Compact JWS, by the source of the order.</param>
internal sealed record DecisionSent(string Decision);
