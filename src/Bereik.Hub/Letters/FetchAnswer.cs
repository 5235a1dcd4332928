using System.Text.Json;
using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Hub.Storage;
using Bereik.Node.Api;
using Bereik.Node.Errors;
using Bereik.Node.Requests;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Letters;

// GET /v1/answers/{id}/sealed: the inner seal and what was chosen, for the recipient; the same as often as it asks, until it says that it received it.
internal static class FetchAnswer
{
    public static readonly ApiOperation Api = new("getSealedAnswer", "Fetch what is sealed of a yes, and what was chosen")
    {
        Description = "The same as often as it is asked, until the step `receive`. What was handed out must be erased when the yes ends.",
        Answers = [ApiAnswer.Json(200, "The sealed record.", new SealedAnswer(ApiExamples.Jws, new AnswerChoices { Contact = "visit", Language = "nl" }))],
        Errors = [ErrorCatalogue.NotFound, ErrorCatalogue.StateConflict, ErrorCatalogue.AnswerRefused, ErrorCatalogue.PackageGone, ErrorCatalogue.Unavailable],
    };

    public static async Task<IResult> HandleAsync(Guid id, Actor actor, HubDatabase database, LetterLookup letters, AnswerRelease release, RunningAnswers running, TimeProvider clock, CancellationToken cancel)
    {
        var recipient = ((Actor.Organisation)actor).Id.Value;
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        if (await database.AnswerOfAsync(id, cancel) is not { IsTold: true } answer || answer.Recipient != recipient) return ErrorCatalogue.NotFound.Problem();
        var now = clock.GetUtcNow();
        var before = answer.StandingAt(now);
        if (before.State is ConsentState.Received or ConsentState.Confirmed) return ErrorCatalogue.PackageGone.Problem();
        if (before.After(ConsentAct.HandOut, ConsentSide.Hub) is not { } next) return ErrorCatalogue.StateConflict.Problem(cause: $"answer.{before.State.WireName()}");

        // SECURITY: a recipient that was suspended gets nothing more, also of what was released before.
        var (decision, _) = await release.DecideAsync((await letters.WaveAsync(answer.OrderSequence, cancel))!, answer.GivenOn, "answer.fetch", cancel);
        if (decision.Outcome != Outcome.Permit)
        {
            await database.SaveChangesAsync(cancel);
            await transaction.CommitAsync(CancellationToken.None);
            return ErrorCatalogue.AnswerRefused.Problem(reasons: decision.Reasons);
        }

        var kept = await database.Database.SqlQuery<Kept>($"SELECT sealed AS Sealed, choices AS Choices FROM answer WHERE sequence = {answer.Sequence}").SingleAsync(cancel);

        // Before the first byte goes out: what was handed out counts as handed out, whatever happens on the way.
        if (!before.IsHandedOut) await running.MoveAsync(answer, next, ConsentAct.HandOut, ConsentSide.Hub, now, null, cancel);
        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(CancellationToken.None);
        return Results.Json(new SealedAnswer(kept.Sealed, JsonSerializer.Deserialize<AnswerChoices>(kept.Choices, JsonSerializerOptions.Web)!));
    }

    private sealed record Kept(string Sealed, string Choices)
    {
        public override string ToString() => "sealed answer";
    }
}

/// <summary>What is sealed of a yes, and what was chosen.</summary>
/// <param name="Inner">The inner seal, a compact JWE to the recipient's key.</param>
/// <param name="Choices">From fixed words; absent where nothing was chosen.</param>
internal sealed record SealedAnswer(string Inner, AnswerChoices Choices)
{
    public override string ToString() => "sealed answer";
}
