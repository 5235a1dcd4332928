using System.Globalization;
using Bereik.Node.Access;
using Bereik.Node.Errors;
using Bereik.Node.Requests;
using Bereik.Node.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Node.Events;

/// <summary>The feed of signed events (nl: meldingen): everything that was told, in its order.</summary>
public static class EventFeed
{
    private const int MostOnAPage = 100;

    /// <summary>Maps <c>GET /v1/events</c>.</summary>
    /// <param name="app">The node.</param>
    public static void MapEvents(this IEndpointRouteBuilder app) => app.MapGet("/v1/events", TellAsync).ForPeople(Rights.FollowLists, MachineScope.ReadEvents);

    private static async Task<IResult> TellAsync(string? after, int? limit, NodeDatabase database, CancellationToken cancel)
    {
        var from = 0L;
        if (after is not null && !long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out from)) return ErrorCatalogue.BadRequest.Problem("after");
        if (limit is < 1 or > MostOnAPage) return ErrorCatalogue.BadRequest.Problem("limit");
        var last = await database.Events.MaxAsync(one => (long?)one.Sequence, cancel) ?? 0;

        // The cursor of a store that is not there any more: to be noticed, and not waited on for ever.
        if (from > last) return ErrorCatalogue.BadRequest.Problem("after", "cursor.ahead");
        var items = await database.Events.AsNoTracking().Where(one => one.Sequence > from).OrderBy(one => one.Sequence).Take(limit ?? MostOnAPage).Select(one => new EventTold(one.Sequence, one.Document)).ToListAsync(cancel);
        return Results.Json(new EventPage(items, (items.Count > 0 ? items[^1].Sequence : from).ToString(CultureInfo.InvariantCulture)));
    }

    private sealed record EventPage(IReadOnlyList<EventTold> Items, string Next);

    private sealed record EventTold(long Sequence, string Event);
}
