using Bereik.Hub.Storage;
using Bereik.Node.Errors;
using Bereik.Node.Machines;
using Bereik.Node.Requests;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Features;

// GET /v1/orders: the orders addressed to a source, oldest first.
internal static class ListOrders
{
    private const int MostItems = 100;

    public static async Task<IResult> HandleAsync(Actor actor, HubDatabase database, CancellationToken cancel, long after = 0, int limit = MostItems)
    {
        if (limit is < 1 or > MostItems) return ErrorCatalogue.BadRequest.Problem("limit");
        var caller = (Actor.Organisation)actor;
        var source = caller.Id.Value;
        var orders = await database.Orders.AsNoTracking()
            .Where(order => order.Source == source && !order.RefusedAtOnce && order.Sequence > after)
            .OrderBy(order => order.Sequence).Take(limit + 1).ToListAsync(cancel);

        // Refused as a whole: an order that was left out would never be listed again, since its reader goes on after the last one.
        if (orders.Select(order => TokenRefusal.Without(caller.Scopes, MachineScopes.Orders(order.Protocol))).FirstOrDefault(refusal => refusal is not null) is { } missing) return missing;
        var items = orders.Take(limit)
            .Select(order => new Item(order.Sequence, Guid.Parse(order.Id), order.Jws, OrderAnswer.SourceState(order), OrderAnswer.SourceReasons(order))).ToList();
        return Results.Json(new Page(items, orders.Count > limit ? items[^1].Sequence : null));
    }

    private sealed record Page(IReadOnlyList<Item> Items, long? Next);

    private sealed record Item(long Sequence, Guid Id, string Order, string State, IReadOnlyList<AnsweredReason> Reasons);
}
