using System.Globalization;
using Bereik.Node.Access;
using Bereik.Node.Api;
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
    private static readonly ApiOperation Api = new("listEvents", "The feed of signed events: everything that was told, in its order")
    {
        Description = "`next` is always there: what to ask with next time, also when nothing is new.",
        Answers = [ApiAnswer.Json(200, "A page of events, oldest first.", new EventPage([new EventTold(17, ApiExamples.Jws)], "17"))],
    };

    /// <summary>Maps <c>GET /v1/events</c>.</summary>
    /// <param name="app">The node.</param>
    public static void MapEvents(this IEndpointRouteBuilder app) => app.MapGet("/v1/events", TellAsync).ForPeople(Rights.FollowLists, MachineScope.ReadEvents).As(Api);

    private static async Task<IResult> TellAsync(string? after, int? limit, NodeDatabase database, CancellationToken cancel)
    {
        var from = 0L;
        if (after is not null && !long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out from)) return ErrorCatalogue.BadRequest.Problem("after", issues: [InputIssue.Shape("query", "after")]);
        if (Paging.Read(limit, out var size) is { } refused) return refused;
        var last = await database.Events.MaxAsync(one => (long?)one.Sequence, cancel) ?? 0;

        // The cursor of a store that is not there any more: to be noticed, and not waited on for ever.
        if (from > last) return ErrorCatalogue.BadRequest.Problem("after", "cursor.ahead", issues: [InputIssue.Shape("query", "after")]);
        var items = await database.Events.AsNoTracking().Where(one => one.Sequence > from).OrderBy(one => one.Sequence).Take(size).Select(one => new EventTold(one.Sequence, one.Document)).ToListAsync(cancel);
        return Results.Json(new EventPage(items, (items.Count > 0 ? items[^1].Sequence : from).ToString(CultureInfo.InvariantCulture)));
    }

}

/// <summary>A page of the feed.</summary>
/// <param name="Items">The events of this page.</param>
/// <param name="Next">What to give as <c>after</c> next time.</param>
internal sealed record EventPage(IReadOnlyList<EventTold> Items, string Next);

/// <summary>An event.</summary>
/// <param name="Sequence">Its number at this node.</param>
/// <param name="Event">Compact JWS by the organisation of this node.</param>
internal sealed record EventTold(long Sequence, string Event);
