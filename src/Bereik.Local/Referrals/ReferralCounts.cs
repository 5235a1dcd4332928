using Bereik.Domain;
using Bereik.Local.Storage;
using Bereik.Node.Api;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Referrals;

// GET /v1/referrals: how many there are in each state, from here and to here; never one of them.
internal static class ReferralCounts
{
    public static readonly ApiOperation Api = new("countReferrals", "How referrals stand")
    {
        Description = "Counts alone, by direction and state.",
        Answers = [ApiAnswer.Json(200, "The counts; a state without any is left out.", new ReferralsTold(new Dictionary<string, int> { [ReferralState.Sent.WireName()] = 2 }, new Dictionary<string, int> { [ReferralState.Accepted.WireName()] = 1 }, 3))],
    };

    public static async Task<IResult> TellAsync(LocalDatabase database, CancellationToken cancel)
    {
        var counts = await database.Referrals.GroupBy(one => new { one.Direction, one.State }).Select(group => new { group.Key.Direction, group.Key.State, Count = group.Count() }).ToListAsync(cancel);
        Dictionary<string, int> Of(string direction) => counts.Where(one => one.Direction == direction).OrderBy(one => one.State, StringComparer.Ordinal).ToDictionary(one => one.State, one => one.Count);
        return Results.Json(new ReferralsTold(Of(Referral.Out), Of(Referral.In), await database.Referrals.CountAsync(one => one.ErasedAt != null, cancel)));
    }
}

/// <summary>How referrals stand.</summary>
/// <param name="Made">From here, by state.</param>
/// <param name="Received">To here, by state.</param>
/// <param name="Erased">Of how many nothing is left here but that they were.</param>
internal sealed record ReferralsTold(IReadOnlyDictionary<string, int> Made, IReadOnlyDictionary<string, int> Received, int Erased);
