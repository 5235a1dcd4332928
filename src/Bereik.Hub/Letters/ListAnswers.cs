using System.Globalization;
using Bereik.Hub.Storage;
using Bereik.Node.Api;
using Bereik.Node.Machines;
using Bereik.Node.Requests;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Letters;

// GET /v1/answers: what changed of the yeses to the letters of this recipient, the oldest change first. One that was not released yet is not there, and leaves no gap.
internal static class ListAnswers
{
    public static readonly ApiOperation Api = new("listAnswers", "What changed of the yeses to this recipient's letters")
    {
        Description = "Those that were released, and those that its own worker helped with. One that changes again comes again, with a higher number.",
        Parameters = new Dictionary<string, string> { ["after"] = "The highest `changed` that was read before." },
        Answers = [ApiAnswer.Json(200, "A page of yeses, the oldest change first.", new Page<AnswerItem>([AnswerItem.Example], "17"))],
    };

    public static async Task<IResult> HandleAsync(Actor actor, HubDatabase database, TimeProvider clock, CancellationToken cancel, long after = 0, int? limit = null)
    {
        if (Paging.Read(limit, out var size) is { } refused) return refused;
        var caller = (Actor.Organisation)actor;
        var name = caller.Id.Value;
        var answers = await database.Answers.AsNoTracking().Where(answer => answer.Recipient == name && answer.Changed > after).OrderBy(answer => answer.Changed).Take(size + 1).ToListAsync(cancel);

        // Refused as a whole: one that was left out would never be listed again, since its reader goes on after the last one.
        if (answers.Select(answer => TokenRefusal.Without(caller.Scopes, MachineScopes.Orders(answer.Protocol))).FirstOrDefault(refusal => refusal is not null) is { } missing) return missing;
        var now = clock.GetUtcNow();
        return Results.Json(Paging.Of(answers, size, answer => AnswerItem.Of(answer, now), answer => answer.Changed!.Value.ToString(CultureInfo.InvariantCulture)));
    }
}
