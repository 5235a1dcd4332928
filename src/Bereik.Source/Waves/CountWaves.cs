using Bereik.Node.Api;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Source.Waves;

// GET /v1/waves: how many letters went out, and all that ever comes back of them here.
internal static class CountWaves
{
    public static readonly ApiOperation Api = new("countWaves", "How the waves of letters stand at the source")
    {
        Description = "Counts alone. A source learns of objections and of yeses that were not the person's, and of nothing else that anybody answered.",
        Answers = [ApiAnswer.Json(200, "A page of waves, newest first.", new Page<WaveTold>([new WaveTold(ApiExamples.Id, "ocmw-voorbeeld", "opened", 100, 3, 0)], "17"))],
        Parameters = new Dictionary<string, string> { ["after"] = "Cursor: the `next` of the page before; absent for the newest." },
    };

    public static async Task<IResult> TellAsync(SourceDatabase database, CancellationToken cancel, long? after = null, int? limit = null)
    {
        if (Paging.Read(limit, out var size) is { } refused) return refused;
        var waves = await (from wave in database.Waves.AsNoTracking() join request in database.Requests.AsNoTracking() on wave.Id equals request.Id where after == null || request.Sequence < after orderby request.Sequence descending select new { Wave = wave, request.Recipient, request.Sequence }).Take(size + 1).ToListAsync(cancel);
        var objected = await database.Objections.AsNoTracking().GroupBy(objection => objection.Wave).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(one => one.Key, one => one.Count, cancel);
        return Results.Json(Paging.Of(
            waves, size, one => new WaveTold(Guid.Parse(one.Wave.Id), one.Recipient, one.Wave.State.ToString().ToLowerInvariant(), one.Wave.Letters, objected.GetValueOrDefault(one.Wave.Id), one.Wave.Denied),
            one => one.Sequence.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }
}

/// <summary>One wave, counted at the source.</summary>
/// <param name="Id">Of its order.</param>
/// <param name="Recipient">Who asked for it.</param>
/// <param name="State"><c>making</c>, <c>opened</c>, <c>closed</c> or <c>stopped</c>.</param>
/// <param name="Letters">Letters that were drawn; 0 before that.</param>
/// <param name="Objected">How many never want to be written to again.</param>
/// <param name="Denied">How often somebody said at a first contact that the yes was not theirs.</param>
internal sealed record WaveTold(Guid Id, string Recipient, string State, int Letters, int Objected, int Denied);
