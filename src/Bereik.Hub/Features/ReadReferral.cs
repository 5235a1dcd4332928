using Bereik.Hub.Storage;
using Bereik.Node.Api;
using Bereik.Node.Errors;
using Bereik.Node.Requests;

namespace Bereik.Hub.Features;

// GET /v1/referrals/{id}: one referral, as its two services see it. To others it does not exist.
internal static class ReadReferral
{
    public static readonly ApiOperation Api = new("getReferral", "One referral, as its two services see it")
    {
        Answers = [ApiAnswer.Json(200, "The referral.", ReferralAnswer.Example)],
        Errors = [ErrorCatalogue.NotFound],
    };

    public static async Task<IResult> HandleAsync(Guid id, Actor actor, HubDatabase database, TimeProvider clock, CancellationToken cancel)
    {
        var caller = ((Actor.Organisation)actor).Id.Value;
        if (await database.ReferralOfAsync(id, cancel) is not { } referral || (referral.Sender != caller && referral.Recipient != caller)) return ErrorCatalogue.NotFound.Problem();
        return Results.Json(await ReferralAnswer.OfAsync(database, referral, clock.GetUtcNow(), cancel));
    }
}
