using Bereik.Domain;
using Bereik.Hub.Storage;
using Bereik.Node.Api;
using Bereik.Node.Errors;
using Bereik.Node.Requests;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Features;

// GET /v1/referrals/{id}/sealed: what is sealed, for the service that is referred to; the same as often as it asks, until it says that it received it.
internal static class FetchReferral
{
    public static readonly ApiOperation Api = new("getSealedReferral", "Fetch what is sealed of a referral, as its recipient")
    {
        Description = "The same as often as it is asked, until the step `receive`.",
        Answers = [ApiAnswer.Json(200, "The sealed record.", new SealedTold(ApiExamples.Jws))],
        Errors = [ErrorCatalogue.NotFound, ErrorCatalogue.StateConflict, ErrorCatalogue.ReferralRefused, ErrorCatalogue.PackageGone],
    };

    public static async Task<IResult> HandleAsync(Guid id, Actor actor, HubDatabase database, RunningReferrals running, TimeProvider clock, CancellationToken cancel)
    {
        var recipient = ((Actor.Organisation)actor).Id.Value;
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        if (await database.ReferralOfAsync(id, cancel) is not { } referral || referral.Recipient != recipient) return ErrorCatalogue.NotFound.Problem();
        var now = clock.GetUtcNow();
        var standing = referral.StandingAt(now);
        if (standing.IsReceived) return ErrorCatalogue.PackageGone.Problem();
        if (standing.State != ReferralState.Sent) return ErrorCatalogue.StateConflict.Problem(cause: $"referral.{standing.State.WireName()}");

        // SECURITY: a service that was suspended gets nothing more, also of what was sent before.
        if (await running.FindStopAsync(referral, "referral.fetch", now, cancel) is { Count: > 0 } reasons)
        {
            await transaction.CommitAsync(CancellationToken.None);
            return ErrorCatalogue.ReferralRefused.Problem(reasons: reasons);
        }

        var record = await database.Database.SqlQuery<string>($"SELECT sealed AS Value FROM referral WHERE sequence = {referral.Sequence}").SingleAsync(cancel);
        return Results.Json(new SealedTold(record));
    }
}

/// <summary>What is sealed of a referral.</summary>
/// <param name="Sealed">A compact JWE; its content key is in the offer.</param>
internal sealed record SealedTold(string Sealed);
