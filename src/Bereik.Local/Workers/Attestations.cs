using Bereik.Domain;
using Bereik.Local.Storage;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Workers;

// The register of attestations, as facts for decisions (nl: register van attesten). It is this organisation's statement about itself, and proves nothing to others.
internal sealed class Attestations(LocalDatabase database, TimeProvider clock)
{
    // The attestation that counts for a person today: confirmed, not ended, and the last one.
    public Task<Attestation?> FindAsync(string subject, CancellationToken cancel) => database.Attestations.AsNoTracking()
        .Where(one => one.Subject == subject && one.ConfirmedAt != null && one.EndedAt == null).OrderByDescending(one => one.ConfirmedAt).FirstOrDefaultAsync(cancel);

    // The worker as a fact; null when nobody attested this person. Whether that is still recent enough is the protocol's to say.
    public async Task<WorkerFact?> FactAsync(string subject, CancellationToken cancel)
    {
        if (await FindAsync(subject, cancel) is not { } attestation) return null;
        var today = clock.Today();
        return new WorkerFact
        {
            Function = attestation.Function,
            BoundBySecrecy = attestation.Secrecy == Secrecy.ProfessionalSecrecy && attestation.BoundSince <= today && (attestation.BoundUntil is not { } until || until >= today),
            AttestedOn = BelgianTime.DayOf(attestation.ConfirmedAt!.Value),
        };
    }
}
