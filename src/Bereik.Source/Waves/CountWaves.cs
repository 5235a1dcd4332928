using Bereik.Node.Api;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Source.Waves;

// GET /v1/waves: how many letters went out, and all that ever comes back of them here.
internal static class CountWaves
{
    public static readonly ApiOperation Api = new("countWaves", "How the waves of letters stand at the source")
    {
        Description = "Counts alone. A source learns of objections and of yeses that were not the person's, and of nothing else that anybody answered.",
        Answers = [ApiAnswer.Json(200, "Every wave, newest first.", new WavesTold([new WaveTold(ApiExamples.Id, "ocmw-voorbeeld", "opened", 100, 3, 0)]))],
    };

    public static async Task<IResult> TellAsync(SourceDatabase database, CancellationToken cancel)
    {
        var waves = await (from wave in database.Waves.AsNoTracking() join request in database.Requests.AsNoTracking() on wave.Id equals request.Id orderby request.Sequence descending select new { Wave = wave, request.Recipient }).ToListAsync(cancel);
        var objected = await database.Objections.AsNoTracking().GroupBy(objection => objection.Wave).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(one => one.Key, one => one.Count, cancel);
        return Results.Json(new WavesTold([.. waves.Select(one => new WaveTold(
            Guid.Parse(one.Wave.Id), one.Recipient, one.Wave.State.ToString().ToLowerInvariant(), one.Wave.Letters, objected.GetValueOrDefault(one.Wave.Id), one.Wave.Denied))]));
    }
}

/// <summary>Waves of letters, counted at the source.</summary>
/// <param name="Items">Newest first.</param>
internal sealed record WavesTold(IReadOnlyList<WaveTold> Items);

/// <summary>One wave, counted at the source.</summary>
/// <param name="Id">Of its order.</param>
/// <param name="Recipient">Who asked for it.</param>
/// <param name="State"><c>making</c>, <c>opened</c>, <c>closed</c> or <c>stopped</c>.</param>
/// <param name="Letters">Letters that were drawn; 0 before that.</param>
/// <param name="Objected">How many never want to be written to again.</param>
/// <param name="Denied">How often somebody said at a first contact that the yes was not theirs.</param>
internal sealed record WaveTold(Guid Id, string Recipient, string State, int Letters, int Objected, int Denied);
