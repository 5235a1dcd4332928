using Bereik.Hub.Storage;
using Bereik.Node.Api;
using Bereik.Node.Errors;
using Bereik.Node.Requests;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Features;

// GET /v1/orders/{id}: one order, as its local node or its source may see it. To others it does not exist.
internal static class ReadOrder
{
    public static readonly ApiOperation Api = new("getOrder", "One order, as its local node or its source may see it")
    {
        Answers = [ApiAnswer.Json(200, "The order.", new OrderAnswer(ApiExamples.Id, "approved", []) { Decision = ApiExamples.Jws, Awaits = ["tokens"] })],
        Errors = [ErrorCatalogue.NotFound],
    };

    public static async Task<IResult> HandleAsync(Guid id, Actor actor, HubDatabase database, CancellationToken cancel)
    {
        var caller = ((Actor.Organisation)actor).Id.Value;
        if (await database.OrderOfAsync(id, cancel) is not { } order) return ErrorCatalogue.NotFound.Problem();
        if (order.Recipient == caller)
        {
            var wave = order.IsWave ? await database.Waves.AsNoTracking().SingleOrDefaultAsync(wave => wave.OrderSequence == order.Sequence, cancel) : null;
            return Results.Json(OrderAnswer.ForRecipient(order) with { Opening = wave?.Opening, Invited = wave?.Letters });
        }

        return order.Source == caller && !order.RefusedAtOnce ? Results.Json(OrderAnswer.ForSource(order)) : ErrorCatalogue.NotFound.Problem();
    }
}
