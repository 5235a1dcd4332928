using Bereik.Domain;
using Bereik.Hub.Storage;
using Bereik.Node.Api;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Letters;

// GET /v1/waves: how many letters and yeses there are of each wave, for the operator. Of no, later and silence there is nothing to count.
internal static class CountAnswers
{
    public static readonly ApiOperation Api = new("countAnswers", "How the waves of letters stand")
    {
        Description = "Counts alone, for the operator: never a number of a letter. What was answered with no, later or nothing is not there to be counted.",
        Answers = [ApiAnswer.Json(200, "A page of the waves that were opened, newest first.", new Page<WaveCounted>([new WaveCounted(ApiExamples.Id, "ocmw-voorbeeld", "open", 100, 31, 29, 12, 2, 4)], "17"))],
        Parameters = new Dictionary<string, string> { ["after"] = "Cursor: the `next` of the page before; absent for the newest." },
    };

    public static async Task<IResult> TellAsync(HubDatabase database, CancellationToken cancel, long? after = null, int? limit = null)
    {
        if (Paging.Read(limit, out var size) is { } refused) return refused;
        var waves = await (from wave in database.Waves.AsNoTracking() join order in database.Orders.AsNoTracking() on wave.OrderSequence equals order.Sequence where after == null || order.Sequence < after orderby order.Sequence descending select new { order.Sequence, order.Id, order.Recipient, order.State, wave.Letters }).Take(size + 1).ToListAsync(cancel);
        var asked = waves.Select(wave => wave.Sequence).ToList();
        var counts = (await database.Answers.AsNoTracking().Where(answer => asked.Contains(answer.OrderSequence))
            .GroupBy(answer => new { answer.OrderSequence, answer.State, answer.IsConfirmed, answer.IsErased, IsReleased = answer.ReleasedAt != null })
            .Select(group => new { group.Key, Count = group.Count() }).ToListAsync(cancel)).ToLookup(one => one.Key.OrderSequence);
        return Results.Json(Paging.Of(waves, size, wave =>
        {
            var of = counts[wave.Sequence];
            return new WaveCounted(
                Guid.Parse(wave.Id), wave.Recipient, wave.State.WireName(), wave.Letters, of.Sum(one => one.Count), of.Where(one => one.Key.IsReleased).Sum(one => one.Count), of.Where(one => one.Key.IsConfirmed).Sum(one => one.Count),
                of.Where(one => one.Key.State == ConsentState.Withdrawn).Sum(one => one.Count), of.Where(one => one.Key.IsErased).Sum(one => one.Count));
        }, wave => wave.Sequence.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }
}

/// <summary>One wave, counted.</summary>
/// <param name="Id">Of its order.</param>
/// <param name="Recipient">Who asked for it.</param>
/// <param name="State"><c>open</c>, <c>closed</c> or <c>refused</c>.</param>
/// <param name="Invited">Letters.</param>
/// <param name="Yes">Every yes, whatever became of it.</param>
/// <param name="Released">Of those, how many the recipient could fetch.</param>
/// <param name="Confirmed">Of those, how many were confirmed at a first contact.</param>
/// <param name="Withdrawn">How many were taken back.</param>
/// <param name="Erased">Of how many nothing is left at hub and recipient.</param>
internal sealed record WaveCounted(Guid Id, string Recipient, string State, int Invited, int Yes, int Released, int Confirmed, int Withdrawn, int Erased);
