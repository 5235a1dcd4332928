using Bereik.Domain;
using Bereik.Hub.Storage;
using Bereik.Node.Ui;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Letters;

// GET /beheer/toestemmingen: what ended and was not erased in time, for the operator. It names organisations, and nobody.
internal static class ListLate
{
    public static async Task<IResult> ShowAsync(HubDatabase database, HubSettings settings, TimeProvider clock, CancellationToken cancel)
    {
        var today = clock.Today();
        var late = await ExpireAnswers.LateAnswers(database, today).AsNoTracking().OrderBy(answer => answer.EraseBy).ThenBy(answer => answer.Id).ToListAsync(cancel);
        return UiSetup.Page<LatePage>(new
        {
            Lines = (IReadOnlyList<LateLine>)[.. late.Select(answer => new LateLine(answer.Id, settings.Peer(answer.Recipient)?.Name ?? answer.Recipient, answer.EraseBy!.Value, today.DayNumber - answer.EraseBy.Value.DayNumber))],
        });
    }
}

/// <summary>One yes that its recipient is late to erase.</summary>
/// <param name="Id">Of the consent record.</param>
/// <param name="Recipient">Its name.</param>
/// <param name="EraseBy">The last day for it.</param>
/// <param name="DaysLate">Since then; at least one.</param>
public sealed record LateLine(string Id, string Recipient, DateOnly EraseBy, int DaysLate);
