using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Signatures;
using Bereik.Hub.Features;
using Bereik.Hub.Storage;
using Bereik.Node.Api;
using Bereik.Node.Errors;
using Bereik.Node.Requests;
using Bereik.Node.Work;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Letters;

// POST /v1/answers/{id}/steps: the recipient says how it goes on with a yes. Whatever ends one it can always say.
internal static class TakeConsentStep
{
    public static readonly ApiOperation Api = new("addConsentStep", "Say how it goes on with a yes")
    {
        Description = "`countersign`, `receive`, `confirm`, `deny`, `withdraw`, `never`, `close` and `erase`; with `erase` goes the erasure certificate whose hash the step has. From `receive` on nothing sealed and no choice stays at the hub.",
        Takes = ApiBody.Json(new ConsentStepSent(ApiExamples.Jws)),
        Answers = [ApiAnswer.Json(200, "It is noted; the same step again is no error.", AnswerItem.Example with { State = "received", IsHandedOut = true })],
        Errors = [ErrorCatalogue.NotFound, ErrorCatalogue.TooLarge, ErrorCatalogue.StateConflict, ErrorCatalogue.DocumentRefused],
    };

    private static readonly string[] Members = ["step", "certificate?"];

    public static async Task<IResult> HandleAsync(
        Guid id, HttpRequest http, Actor actor, HubDatabase database, RunningAnswers running, NodeKeys keys, WorkSignal signal, TimeProvider clock, CancellationToken cancel)
    {
        var recipient = ((Actor.Organisation)actor).Id.Value;
        var (texts, wrongBody) = await DocumentBody.ReadAsync(http, Members, cancel, 2 * DocumentBody.MostBytes);
        if (texts is not [var compact, var certificate]) return wrongBody!;

        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        if (await database.AnswerOfAsync(id, cancel) is not { IsTold: true } answer || answer.Recipient != recipient) return ErrorCatalogue.NotFound.Problem();
        if (!keys.Open<ConsentStep>(recipient, compact).TryGet(out var step, out var wrong)) return ErrorCatalogue.DocumentRefused.Problem(wrong.Place, wrong.Code);
        if (FindMismatch(step, answer, recipient) is { } place) return ErrorCatalogue.DocumentRefused.Problem(place, $"step.{place}");
        if (FindWrong(certificate, step, keys, recipient) is { } refused) return ErrorCatalogue.DocumentRefused.Problem(refused.Place, refused.Code);
        if (!ConsentNames.TryParse(step.Document.Act, out ConsentAct act)) return ErrorCatalogue.DocumentRefused.Problem("act", "document.field");

        var now = clock.GetUtcNow();
        var said = step.Context.ToString();
        if (await database.ConsentEvents.AnyAsync(one => one.Answer == answer.Id && one.Said == said, cancel)) return Results.Json(AnswerItem.Of(answer, now));
        var before = answer.StandingAt(now);
        if (before.After(act, ConsentSide.Recipient) is not { } next) return ErrorCatalogue.StateConflict.Problem("act", $"answer.{before.State.WireName()}");
        await running.MoveAsync(answer, next, act, ConsentSide.Recipient, now, new ConsentWord(said, compact, certificate.Length == 0 ? null : certificate), cancel);
        if (act is ConsentAct.Deny or ConsentAct.Never)
        {
            var order = await database.Orders.AsNoTracking().SingleAsync(order => order.Sequence == answer.OrderSequence, cancel);
            if (act == ConsentAct.Deny) running.Deny(order, now);
            else if (answer.Number is { } number) await running.ObjectAsync(number, order, now, cancel);
        }

        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(CancellationToken.None);
        signal.Wake();
        return Results.Json(AnswerItem.Of(answer, now));
    }

    // The member that does not fit this yes or who says it; null when all do.
    private static string? FindMismatch(SignedDocument<ConsentStep> step, Answer answer, string recipient)
    {
        if (step.Document.By != recipient) return "by";
        if (step.Document.Id.ToString("D") != answer.Id) return "id";
        return step.Document.Wave.ToString("D") == answer.Wave ? null : "wave";
    }

    // SECURITY: only a certificate that this recipient signed, and that the step names, says that something was erased.
    private static ParseError? FindWrong(string certificate, SignedDocument<ConsentStep> step, NodeKeys keys, string recipient)
    {
        if (step.Document.Certificate is not { } named) return certificate.Length == 0 ? null : new ParseError("step.certificate", "certificate");
        if (!keys.Open<ErasureCertificate>(recipient, certificate).TryGet(out var signed, out var wrong)) return new ParseError(wrong.Code, "certificate");
        return signed.Hash == named && signed.Document.Organisation == recipient ? null : new ParseError("step.certificate", "certificate");
    }
}

/// <summary>What a recipient says of a yes.</summary>
/// <param name="Step">Compact JWS, by the recipient.</param>
/// <param name="Certificate">With <c>erase</c>: the erasure certificate, a compact JWS by the recipient.</param>
internal sealed record ConsentStepSent(string Step, string? Certificate = null);
