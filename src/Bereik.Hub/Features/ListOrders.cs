using System.Globalization;
using Bereik.Hub.Storage;
using Bereik.Node.Api;
using Bereik.Node.Machines;
using Bereik.Node.Requests;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Features;

// GET /v1/orders: the orders addressed to a source, oldest first.
internal static class ListOrders
{
    public static readonly ApiOperation Api = new("listOrders", "The orders addressed to this source")
    {
        Answers = [ApiAnswer.Json(200, "A page of orders, oldest first.", new Page<OrderItem>([new OrderItem(17, ApiExamples.Id, ApiExamples.Jws, "requested", [])], "17"))],
    };

    public static async Task<IResult> HandleAsync(Actor actor, HubDatabase database, CancellationToken cancel, long after = 0, int? limit = null)
    {
        if (Paging.Read(limit, out var size) is { } refused) return refused;
        var caller = (Actor.Organisation)actor;
        var source = caller.Id.Value;
        var orders = await database.Orders.AsNoTracking()
            .Where(order => order.Source == source && !order.RefusedAtOnce && order.Sequence > after)
            .OrderBy(order => order.Sequence).Take(size + 1).ToListAsync(cancel);

        // Refused as a whole: an order that was left out would never be listed again, since its reader goes on after the last one.
        if (orders.Select(order => TokenRefusal.Without(caller.Scopes, MachineScopes.Orders(order.Protocol))).FirstOrDefault(refusal => refusal is not null) is { } missing) return missing;
        return Results.Json(Paging.Of(
            orders, size, order => new OrderItem(order.Sequence, Guid.Parse(order.Id), order.Jws, OrderAnswer.SourceState(order), OrderAnswer.SourceReasons(order)),
            order => order.Sequence.ToString(CultureInfo.InvariantCulture)));
    }
}

/// <summary>An order as its source sees it in the list.</summary>
/// <param name="Sequence">Its number at this hub.</param>
/// <param name="Id">Its id.</param>
/// <param name="Order">The order itself, a compact JWS by the organisation that asks.</param>
/// <param name="State"><c>requested</c>, <c>held</c>, <c>approved</c>, <c>refused</c>, <c>expired</c> or <c>deposited</c>.</param>
/// <param name="Reasons">Every reason of the present state.</param>
internal sealed record OrderItem(long Sequence, Guid Id, string Order, string State, IReadOnlyList<AnsweredReason> Reasons);
