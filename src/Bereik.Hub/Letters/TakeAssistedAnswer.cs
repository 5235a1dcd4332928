using System.Text.Json;
using System.Text.Json.Serialization;
using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Invitations;
using Bereik.Hub.Features;
using Bereik.Hub.Storage;
using Bereik.Node.Api;
using Bereik.Node.Errors;
using Bereik.Node.Machines;
using Bereik.Node.Requests;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Letters;

// PUT /v1/answers/{id}: a worker of the recipient helped somebody to say yes at the counter. It waits for a second person or a call back.
// SECURITY: number and code lie beside the signed word, in this one body: in nothing that is signed, kept, logged or said back.
internal static class TakeAssistedAnswer
{
    private const int MostBytes = 8000;

    public static readonly ApiOperation Api = new("putAssistedAnswer", "Pass on a yes that a worker helped with")
    {
        Description = "It is held until another worker or a call back stands for it, and for 72 hours at least. The receipt is given once.",
        Takes = ApiBody.Json(new AssistedSent(ApiExamples.Jws, "XCE5A469J", "X5X60N0GY3R5F3", new AnswerChoices { Contact = "visit" })),
        Answers = [ApiAnswer.Json(201, "It is taken, and held.", new ReceiptTold(ApiExamples.Jws))],
        Errors =
        [
            ErrorCatalogue.TooLarge, ErrorCatalogue.StateConflict, ErrorCatalogue.DocumentRefused, ErrorCatalogue.AnswerWrongCode, ErrorCatalogue.AnswerTooEarly, ErrorCatalogue.AnswerOver, ErrorCatalogue.AnswerAlready,
            ErrorCatalogue.AnswerRefused, ErrorCatalogue.AnswerBusy,
        ],
    };

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        MaxDepth = 3,
    };

    public static async Task<IResult> HandleAsync(
        Guid id, HttpContext http, Actor actor, HubDatabase database, AnswerDesk desk, LetterLookup letters, NodeKeys keys, TimeProvider clock, CancellationToken cancel)
    {
        var caller = (Actor.Organisation)actor;
        if (await ReadAsync(http.Request, cancel) is not { } sent) return ErrorCatalogue.BadRequest.Problem("answer", issues: [InputIssue.Shape("body", "answer")]);
        if (sent.Choices.FindWrongMember() is { } member) return ErrorCatalogue.BadRequest.Problem(member, issues: [InputIssue.Shape("body", member)]);
        if (!keys.Open<AssistedAnswer>(caller.Id.Value, sent.Answer).TryGet(out var signed, out var wrong)) return ErrorCatalogue.DocumentRefused.Problem(wrong.Place, wrong.Code);
        if (signed.Document.By != caller.Id.Value) return ErrorCatalogue.DocumentRefused.Problem("by", "answer.by");
        if (signed.Document.Id != id) return ErrorCatalogue.DocumentRefused.Problem("id", "answer.id");
        if (signed.Document.At > clock.GetUtcNow() + PlaceReferral.MostAhead) return ErrorCatalogue.DocumentRefused.Problem("at", "answer.early");

        // What is no number or no code at all is a wrong one, and is told at once: its check characters are no secret.
        if (!LetterNumber.TryRead(sent.Number, out var number) || !SecretCode.TryRead(sent.Code, out var code)) return ErrorCatalogue.AnswerWrongCode.Problem();
        using (code)
        {
            if (await letters.FindAsync(number, cancel) is { } found && found.About.Order.Recipient == caller.Id.Value
                && TokenRefusal.Without(caller.Scopes, MachineScopes.Orders(found.About.Order.Protocol)) is { } missing) return missing;

            // An id that is taken is no yes of another letter; a yes of this very letter is told as one below.
            var text = id.ToString("D");
            if (await database.Answers.AnyAsync(answer => answer.Id == text && answer.Number != number.Text, cancel)) return ErrorCatalogue.StateConflict.Problem("id", "answer.idTaken");
            var answer = await desk.YesAsync(number, code, sent.Choices, AnswerMethod.Counter, signed.Document, cancel);
            return Tell(answer, http.Response);
        }
    }

    private static IResult Tell(YesAnswer answer, HttpResponse response)
    {
        switch (answer.Outcome)
        {
            case YesOutcome.Taken:
                return Results.Json(new ReceiptTold(answer.Receipt!), statusCode: StatusCodes.Status201Created);
            case YesOutcome.Already:
                return ErrorCatalogue.AnswerAlready.Problem();
            case YesOutcome.TooEarly:
                return ErrorCatalogue.AnswerTooEarly.Problem();
            case YesOutcome.Over:
                return ErrorCatalogue.AnswerOver.Problem();
            case YesOutcome.Stopped:
                return ErrorCatalogue.AnswerRefused.Problem();
            case YesOutcome.Busy:
                response.Headers.RetryAfter = "1";
                return ErrorCatalogue.AnswerBusy.Problem();
            default:
                return ErrorCatalogue.AnswerWrongCode.Problem();
        }
    }

    // Null for whatever else it is: an exception of a reader could quote what it read.
    private static async Task<AssistedSent?> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        if (request.Body.Length is 0 or > MostBytes) return null;
        try
        {
            return await JsonSerializer.DeserializeAsync<AssistedSent>(request.Body, Strict, cancel);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}

/// <summary>A yes that a worker helped with.</summary>
/// <param name="Answer">Compact JWS, by the recipient whose worker helped.</param>
/// <param name="Number">The number of the letter, as it was typed.</param>
/// <param name="Code">The code in it, as it was typed.</param>
/// <param name="Choices">What was chosen.</param>
internal sealed record AssistedSent(string Answer, string Number, string Code, AnswerChoices Choices)
{
    public override string ToString() => "assisted answer";
}

/// <summary>What the person takes home.</summary>
/// <param name="Receipt">Compact JWS, by the hub.</param>
internal sealed record ReceiptTold(string Receipt)
{
    public override string ToString() => "receipt";
}
