using Bereik.Domain;
using Bereik.Local.Storage;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Workers;

// The register of attestations, as facts for decisions (nl: register van attesten). It is this organisation's statement about itself, and proves nothing to others.
internal sealed class Attestations(LocalDatabase database, TimeProvider clock)
{
    // The attestation that decides for a person: the last that was confirmed, also when it has ended. An earlier one never comes back.
    public Task<Attestation?> FindAsync(string subject, CancellationToken cancel) => database.Attestations.AsNoTracking()
        .Where(one => one.Subject == subject && one.ConfirmedAt != null).OrderByDescending(one => one.ConfirmedAt).ThenByDescending(one => one.ProposedAt).FirstOrDefaultAsync(cancel);

    // The team for which a person works today; null when nobody says so.
    public async Task<string?> TeamAsync(string subject, CancellationToken cancel) => await FindAsync(subject, cancel) is { EndedAt: null } attestation ? attestation.Team : null;

    // The worker as a fact, and whose lists are the worker's own. Whether an attestation is still recent enough is the protocol's to say.
    public async Task<Reach> ReachAsync(string subject, CancellationToken cancel)
    {
        if (await FindAsync(subject, cancel) is not { } attestation) return new Reach(null, null, new HashSet<string>());
        var today = clock.Today();
        var wider = await database.WiderAccesses.AsNoTracking().Where(access => access.Subject == subject && access.Day == today).Select(access => access.ListId).ToListAsync(cancel);
        var fact = new WorkerFact
        {
            Function = attestation.Function,
            BoundBySecrecy = IsBound(attestation, today),
            AttestedOn = BelgianTime.DayOf(attestation.ConfirmedAt!.Value),
            Suspended = attestation.EndedAt is not null,
        };
        return new Reach(fact, attestation.Team, wider.ToHashSet(StringComparer.Ordinal));
    }

    // Who works for a team today, bound by professional secrecy. The last word on each colleague counts: an attestation that ended, or that is of another team by now, is none.
    public async Task<IReadOnlyList<Attestation>> ColleaguesAsync(string team, CancellationToken cancel)
    {
        var today = clock.Today();
        var confirmed = await database.Attestations.AsNoTracking().Where(one => one.ConfirmedAt != null).ToListAsync(cancel);
        return [.. confirmed.GroupBy(one => one.Subject).Select(group => group.OrderByDescending(one => one.ConfirmedAt).ThenByDescending(one => one.ProposedAt).First())
            .Where(one => one.EndedAt is null && one.Team == team && IsBound(one, today)).OrderBy(one => one.Name, StringComparer.CurrentCulture).ThenBy(one => one.Id, StringComparer.Ordinal)];
    }

    // Only the secrecy of article 458 binds in the sense of the protocols.
    public static bool IsBound(Attestation attestation, DateOnly today) =>
        attestation.Secrecy == Secrecy.ProfessionalSecrecy && attestation.BoundSince <= today && (attestation.BoundUntil is not { } until || until >= today);
}
