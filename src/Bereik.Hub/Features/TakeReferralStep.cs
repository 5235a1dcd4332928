using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Signatures;
using Bereik.Hub.Storage;
using Bereik.Node.Api;
using Bereik.Node.Errors;
using Bereik.Node.Requests;
using Bereik.Node.Work;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Features;

// POST /v1/referrals/{id}/steps: one of the two services says how it goes on. Nothing else moves a referral but time.
internal static class TakeReferralStep
{
    public static readonly ApiOperation Api = new("addReferralStep", "Say how a referral goes on")
    {
        Description = "The recipient says `receive`, `accept`, `decline`, `contact`, `close` and `erase`; both sides can say `revoke`. From `receive`, `revoke` and expiry on nothing sealed stays at the hub.",
        Takes = ApiBody.Json(new ReferralStepSent(ApiExamples.Jws)),
        Answers = [ApiAnswer.Json(200, "It is noted; the same step again is no error.", ReferralAnswer.Example)],
        Errors = [ErrorCatalogue.NotFound, ErrorCatalogue.TooLarge, ErrorCatalogue.StateConflict, ErrorCatalogue.DocumentRefused, ErrorCatalogue.ReferralRefused],
    };

    public static async Task<IResult> HandleAsync(
        Guid id, HttpRequest http, Actor actor, HubDatabase database, RunningReferrals running, NodeKeys keys, WorkSignal signal, TimeProvider clock, CancellationToken cancel)
    {
        var caller = ((Actor.Organisation)actor).Id.Value;
        var (compact, wrongBody) = await DocumentBody.ReadAsync(http, "step", cancel);
        if (compact is null) return wrongBody!;

        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        if (await database.ReferralOfAsync(id, cancel) is not { } referral || (referral.Sender != caller && referral.Recipient != caller)) return ErrorCatalogue.NotFound.Problem();
        if (!keys.Open<ReferralStep>(caller, compact).TryGet(out var step, out var wrong)) return ErrorCatalogue.DocumentRefused.Problem(wrong.Place, wrong.Code);
        if (FindMismatch(step, referral, caller) is { } place) return ErrorCatalogue.DocumentRefused.Problem(place, $"step.{place}");
        if (!ReferralNames.TryParse(step.Document.Act, out ReferralAct act)) return ErrorCatalogue.DocumentRefused.Problem("act", "document.field");

        var now = clock.GetUtcNow();
        var before = referral.StandingAt(now);
        var said = step.Context.ToString();
        var earlier = await database.ReferralWords.AsNoTracking().Where(word => word.Referral == referral.Sequence && word.By == caller).ToListAsync(cancel);
        if (earlier.Any(word => word.Said == said)) return Results.Json(await ReferralAnswer.OfAsync(database, referral, now, cancel));
        if (before.After(act, SideOf(referral, caller)) is not { } next) return ErrorCatalogue.StateConflict.Problem("act", $"referral.{before.State.WireName()}");

        // Taking back what this side took back already says nothing new.
        if (next == before && earlier.Any(word => word.Act == act)) return Results.Json(await ReferralAnswer.OfAsync(database, referral, now, cancel));

        // SECURITY: nobody is taken up by a service that may not go on. Whatever ends a referral it can always say.
        if (act == ReferralAct.Accept && await running.FindStopAsync(referral, "referral.accept", now, cancel) is { Count: > 0 } reasons)
        {
            await transaction.CommitAsync(CancellationToken.None);
            return ErrorCatalogue.ReferralRefused.Problem(reasons: reasons);
        }

        database.ReferralWords.Add(new ReferralWord { Referral = referral.Sequence, Said = said, Step = compact, Act = act, By = caller, At = now });
        await running.MoveAsync(referral, next, now, cancel);
        await transaction.CommitAsync(CancellationToken.None);
        signal.Wake();
        return Results.Json(await ReferralAnswer.OfAsync(database, referral, now, CancellationToken.None));
    }

    // The member that does not fit this referral or who says it; null when all do.
    private static string? FindMismatch(SignedDocument<ReferralStep> step, Referral referral, string caller)
    {
        if (step.Document.By != caller) return "by";
        if (step.Document.Id.ToString("D") != referral.Id) return "id";
        if (step.Document.Offer.ToString() != referral.OfferHash) return "offer";
        return SideOf(referral, caller) == ReferralSide.Sender && step.Document.Act != ReferralAct.Revoke.WireName() ? "act" : null;
    }

    private static ReferralSide SideOf(Referral referral, string caller) => referral.Sender == caller ? ReferralSide.Sender : ReferralSide.Recipient;
}

/// <summary>A signed word of one of the two services.</summary>
/// <param name="Step">Compact JWS, by the one that says it.</param>
internal sealed record ReferralStepSent(string Step);
