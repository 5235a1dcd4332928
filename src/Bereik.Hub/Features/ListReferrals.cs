using System.Globalization;
using Bereik.Hub.Storage;
using Bereik.Node.Api;
using Bereik.Node.Machines;
using Bereik.Node.Requests;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Features;

// GET /v1/referrals: what changed of the referrals that this service sent or was sent, the oldest change first.
internal static class ListReferrals
{
    public static readonly ApiOperation Api = new("listReferrals", "What changed of the referrals of this service")
    {
        Description = "Those that it sent and those that it was sent. A referral that changes again comes again, with a higher number.",
        Parameters = new Dictionary<string, string> { ["after"] = "The highest `changed` that was read before." },
        Answers = [ApiAnswer.Json(200, "A page of referrals, the oldest change first.", new Page<ReferralAnswer>([ReferralAnswer.Example], "17"))],
    };

    public static async Task<IResult> HandleAsync(Actor actor, HubDatabase database, TimeProvider clock, CancellationToken cancel, long after = 0, int? limit = null)
    {
        if (Paging.Read(limit, out var size) is { } refused) return refused;
        var caller = (Actor.Organisation)actor;
        var name = caller.Id.Value;
        var referrals = await database.Referrals.AsNoTracking()
            .Where(referral => (referral.Sender == name || referral.Recipient == name) && referral.Changed > after)
            .OrderBy(referral => referral.Changed).Take(size + 1).ToListAsync(cancel);

        // Refused as a whole: one that was left out would never be listed again, since its reader goes on after the last one.
        if (referrals.Select(referral => TokenRefusal.Without(caller.Scopes, MachineScopes.Referrals(referral.Protocol))).FirstOrDefault(refusal => refusal is not null) is { } missing) return missing;
        var answers = await ReferralAnswer.OfAsync(database, referrals, clock.GetUtcNow(), cancel);
        return Results.Json(Paging.Of(answers, size, answer => answer, answer => answer.Changed.ToString(CultureInfo.InvariantCulture)));
    }
}
