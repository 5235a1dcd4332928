using Bereik.Domain;
using Bereik.Local.Storage;
using Bereik.Node.Requests;

namespace Bereik.Local.Features;

// POST /werklijst/{id}/toewijzen: a worker takes a household. A row of a match list is refused by its purpose, not by being elsewhere.
internal static class AssignHousehold
{
    public static async Task<IResult> HandleAsync(Guid id, Actor actor, HttpContext context, LocalDatabase database, ReceivedRows rows, CancellationToken cancel)
    {
        var (household, refused) = await rows.HouseholdAsync(id, UseAct.Assign, Logged.By(actor, "household.assign"), cancel);
        if (household is null) return refused!;
        household.AssignedTo = ((Actor.Person)actor).Who.Name;
        await database.SaveChangesAsync(cancel);
        return Results.LocalRedirect(context.Request.Query["volgorde"] == "straat" ? "/werklijst?volgorde=straat" : "/werklijst");
    }
}
