using Bereik.Domain;
using Bereik.Hub.Storage;
using Bereik.Node.Api;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Features;

/// <summary>A referral as its two services see it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Changed">The number of its last change; what changed later has a higher one.</param>
/// <param name="State"><c>sent</c>, <c>accepted</c>, <c>declined</c>, <c>contacted</c>, <c>closed</c>, <c>revoked</c> or <c>expired</c>.</param>
/// <param name="Received">Whether the recipient has it; then nothing sealed of it is at the hub.</param>
/// <param name="Erased">Whether the recipient said that nothing of it is left.</param>
/// <param name="Offer">The offer, a compact JWS by the organisation that refers.</param>
/// <param name="Steps">What the two services said of it, oldest first; each a compact JWS by the one that says it.</param>
internal sealed record ReferralAnswer(Guid Id, long Changed, string State, bool Received, bool Erased, string Offer, IReadOnlyList<string> Steps)
{
    public static ReferralAnswer Example { get; } = new(ApiExamples.Id, 17, "accepted", Received: true, Erased: false, ApiExamples.Jws, [ApiExamples.Jws, ApiExamples.Jws]);

    public static async Task<ReferralAnswer> OfAsync(HubDatabase database, Referral referral, DateTimeOffset now, CancellationToken cancel) =>
        (await OfAsync(database, [referral], now, cancel))[0];

    public static async Task<IReadOnlyList<ReferralAnswer>> OfAsync(HubDatabase database, IReadOnlyList<Referral> referrals, DateTimeOffset now, CancellationToken cancel)
    {
        var sequences = referrals.Select(referral => referral.Sequence).ToList();
        var words = await database.ReferralWords.AsNoTracking().Where(word => sequences.Contains(word.Referral)).OrderBy(word => word.Sequence).ToListAsync(cancel);
        var steps = words.ToLookup(word => word.Referral, word => word.Step);
        return [.. referrals.Select(referral => Of(referral, referral.StandingAt(now), [.. steps[referral.Sequence]]))];
    }

    private static ReferralAnswer Of(Referral referral, ReferralStanding standing, IReadOnlyList<string> steps) =>
        new(Guid.Parse(referral.Id), referral.Changed, standing.State.WireName(), standing.IsReceived, standing.IsErased, referral.Offer, steps);
}
