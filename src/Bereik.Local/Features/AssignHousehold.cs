using Bereik.Domain;
using Bereik.Local.Storage;
using Bereik.Node.Errors;
using Bereik.Node.Requests;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Features;

// POST /werklijst/{id}/toewijzen: a worker takes a household. A row of a match list is refused by its purpose, not by being elsewhere.
internal static class AssignHousehold
{
    public static async Task<IResult> HandleAsync(Guid id, Actor actor, HttpContext context, LocalDatabase database, ReceivedRows rows, CancellationToken cancel)
    {
        var (key, logged) = (id.ToString("D"), Logged.By(actor, "household.assign"));
        if (await database.GrantRows.AsNoTracking().SingleOrDefaultAsync(row => row.Id == key, cancel) is { } grant) return Refusals.Page(await rows.DecideAsync(grant, UseAct.Assign, Purpose.Outreach, logged, cancel));
        if (await database.Households.SingleOrDefaultAsync(row => row.Id == key, cancel) is not { } household) return ErrorCatalogue.NotFound.Problem();
        var decision = await rows.DecideAsync(household, UseAct.Assign, Purpose.Outreach, logged, cancel);
        if (decision.Outcome != Outcome.Permit) return Refusals.Page(decision);
        household.AssignedTo = ((Actor.Person)actor).Who.Name;
        await database.SaveChangesAsync(cancel);
        return Results.LocalRedirect(context.Request.Query["volgorde"] == "straat" ? "/werklijst?volgorde=straat" : "/werklijst");
    }
}
