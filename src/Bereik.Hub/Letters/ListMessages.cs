using System.Globalization;
using System.Text.Json.Serialization;
using Bereik.Hub.Features;
using Bereik.Hub.Storage;
using Bereik.Node.Api;
using Bereik.Node.Errors;
using Bereik.Node.Machines;
using Bereik.Node.Requests;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Letters;

// GET /v1/messages: what a source is told of its letters. It comes with a round, in no order, and is all that a source hears after it opened a wave.
internal static class ListMessages
{
    public static readonly ApiOperation Api = new("listMessages", "Objections and denials, as the source of the letters")
    {
        Description = "Told once a day, in random order within the day. An objection has the number of the letter; a denial has none.",
        Parameters = new Dictionary<string, string> { ["after"] = "The highest `sequence` that was read before." },
        Answers = [ApiAnswer.Json(200, "A page of messages.", new Page<MessageItem>([new MessageItem(17, ApiExamples.Id, "objection") { Number = "XCE5A469J" }], "17"))],
    };

    public static async Task<IResult> HandleAsync(Actor actor, HubDatabase database, CancellationToken cancel, long after = 0, int? limit = null)
    {
        if (Paging.Read(limit, out var size) is { } refused) return refused;
        var caller = (Actor.Organisation)actor;
        var source = caller.Id.Value;
        var messages = await database.Messages.AsNoTracking().Where(message => message.Source == source && message.Sequence > after).OrderBy(message => message.Sequence).Take(size + 1).ToListAsync(cancel);

        // Refused as a whole: one that was left out would never be listed again, since its reader goes on after the last one.
        if (messages.Select(message => TokenRefusal.Without(caller.Scopes, MachineScopes.Orders(message.Protocol))).FirstOrDefault(refusal => refusal is not null) is { } missing) return missing;
        return Results.Json(Paging.Of(
            messages, size, message => new MessageItem(message.Sequence!.Value, Guid.Parse(message.Wave), message.Kind) { Number = message.Number }, message => message.Sequence!.Value.ToString(CultureInfo.InvariantCulture)));
    }
}

/// <summary>What a source is told of one of its letters.</summary>
/// <param name="Sequence">Its number among those of this source.</param>
/// <param name="Wave">The wave of letters.</param>
/// <param name="Kind"><c>objection</c>: never write to me again. <c>denied</c>: at the first contact the person said that the yes is not theirs.</param>
internal sealed record MessageItem(long Sequence, Guid Wave, string Kind)
{
    /// <summary>With an objection: the number of the letter.</summary>
    public string? Number { get; init; }

    public override string ToString() => $"{Kind} of wave {Wave}";
}

// POST /v1/messages/taken: the source has them; nothing of them stays here.
internal static class TakeMessages
{
    public static readonly ApiOperation Api = new("acknowledgeMessages", "Say that messages were taken, as the source")
    {
        Takes = ApiBody.Json(new MessagesTaken(17)),
        Answers = [ApiAnswer.Json(200, "They are deleted here; the same again is no error.", new MessagesTaken(17))],
    };

    public static async Task<IResult> HandleAsync(MessagesTaken taken, Actor actor, HubDatabase database, TimeProvider clock, CancellationToken cancel)
    {
        var source = ((Actor.Organisation)actor).Id.Value;
        if (taken.UpTo < 0) return ErrorCatalogue.BadRequest.Problem("upTo", issues: [InputIssue.Shape("body", "upTo")]);
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        if (await database.Messages.Where(message => message.Source == source && message.Sequence <= taken.UpTo).ExecuteDeleteAsync(cancel) > 0)
        {
            var now = clock.GetUtcNow();
            ScrubStore.Enqueue(database, source, $"messages/{now.ToUnixTimeMilliseconds()}", now);
            await database.SaveChangesAsync(cancel);
        }

        await transaction.CommitAsync(CancellationToken.None);
        return Results.Json(taken);
    }
}

/// <summary>Up to which message a source has them.</summary>
/// <param name="UpTo">The sequence of the last one.</param>
internal sealed record MessagesTaken([property: JsonRequired] long UpTo);
