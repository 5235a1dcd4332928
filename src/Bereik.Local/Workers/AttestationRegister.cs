using Bereik.Local.Storage;
using Bereik.Node.Access;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Workers;

// What two colleagues say of a third, and what one takes back (nl: attesteren). Each returns the code of why it was not done, or null; the store refuses the same once more.
internal sealed class AttestationRegister(LocalDatabase database, Attestations attestations, Passkeys passkeys, Sessions sessions, TimeProvider clock)
{
    // After this, a proposal cannot be confirmed.
    public static readonly TimeSpan LongestProposal = TimeSpan.FromDays(14);

    // Why this person says nothing of that one. SECURITY: whoever runs the node attests nobody, and nobody is attested by themselves.
    public static string? FindObjection(Person by, string subject) =>
        by.Roles.Contains(Role.Operator) ? "attestation.operator" : by.Subject == subject ? "attestation.self" : null;

    // Why this person does not confirm that proposal.
    public string? FindObjection(Person by, Attestation proposal) => FindObjection(by, proposal.Subject) switch
    {
        { } objection => objection,
        _ when proposal.ConfirmedAt is not null || proposal.EndedAt is not null => "attestation.notOpen",
        _ when proposal.ProposedBy == by.Subject => "attestation.samePerson",
        _ when proposal.ProposedAt + LongestProposal < clock.GetUtcNow() => "attestation.tooOld",
        _ => null,
    };

    public Task<Attestation?> FindOpenAsync(string subject, CancellationToken cancel) =>
        database.Attestations.AsNoTracking().SingleOrDefaultAsync(one => one.Subject == subject && one.ConfirmedAt == null && one.EndedAt == null, cancel);

    // A proposal takes the place of one that is still open.
    public async Task<string?> ProposeAsync(Attestation proposal, Person by, CancellationToken cancel)
    {
        if (FindObjection(by, proposal.Subject) is { } objection) return objection;
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        await WithdrawAsync(proposal.Subject, by, "attestation.replaced", cancel);
        database.Attestations.Add(proposal);
        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return null;
    }

    // A code comes with it for whoever has no key yet.
    public async Task<(string? Code, string? Objection)> ConfirmAsync(string id, Person by, CancellationToken cancel)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        if (await database.Attestations.SingleOrDefaultAsync(one => one.Id == id, cancel) is not { } proposal) return (null, "attestation.notOpen");
        if (FindObjection(by, proposal) is { } objection) return (null, objection);
        (proposal.ConfirmedBy, proposal.ConfirmedByName, proposal.ConfirmedAt) = (by.Subject, by.Name, clock.GetUtcNow());
        await database.SaveChangesAsync(cancel);
        var code = await passkeys.HasOneAsync(proposal.Subject, cancel) ? null : await MakeCodeAsync(proposal.Subject, proposal.Name, proposal.Id, by, null, cancel);
        await transaction.CommitAsync(cancel);
        return (code, null);
    }

    // INVARIANT: after this nothing of an earlier day lets the person in: no attestation, no proposal, no key, no code, no session.
    public async Task<string?> SuspendAsync(string subject, Person by, string because, CancellationToken cancel)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        var withdrawn = await WithdrawAsync(subject, by, because, cancel);
        var present = await attestations.FindAsync(subject, cancel) is { EndedAt: null } found ? await database.Attestations.SingleAsync(one => one.Id == found.Id, cancel) : null;
        if (!withdrawn && present is null) return "attestation.none";
        if (present is not null)
        {
            End(present, by, because);
            await database.SaveChangesAsync(cancel);
            await passkeys.RevokeAllAsync(subject, cancel);
            await sessions.EndAllAsync(subject, cancel);
        }

        await transaction.CommitAsync(cancel);
        return null;
    }

    // Why this person hands no code to that one: codes are for who opens rows, and for who attests.
    public async Task<string?> FindObjectionToCodeAsync(Person by, Person person, CancellationToken cancel)
    {
        if (FindObjection(by, person.Subject) is { } objection) return objection;
        var isAttested = await attestations.FindAsync(person.Subject, cancel) is { EndedAt: null };
        return isAttested || person.Has(Rights.ConfirmWorkers) ? null : "attestation.none";
    }

    // A new code; with a lost key, the keys that there were end.
    public async Task<(string? Code, string? Objection)> MakeCodeAsync(Person person, Person by, bool isLost, CancellationToken cancel)
    {
        if (await FindObjectionToCodeAsync(by, person, cancel) is { } objection) return (null, objection);
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        if (isLost)
        {
            await passkeys.RevokeAllAsync(person.Subject, cancel);
            await sessions.EndAllAsync(person.Subject, cancel);
        }

        var code = await MakeCodeAsync(person.Subject, person.Name, (await attestations.FindAsync(person.Subject, cancel))?.Id, by, isLost ? "passkey.lost" : null, cancel);
        await transaction.CommitAsync(cancel);
        return (code, null);
    }

    private async Task<string> MakeCodeAsync(string subject, string name, string? attestation, Person by, string? because, CancellationToken cancel)
    {
        database.AttestationEvents.Add(new AttestationEvent
        {
            AttestationId = attestation, Subject = subject, Name = name, Act = "codeMade", DoneBy = by.Subject, DoneByName = by.Name, Because = because, At = clock.GetUtcNow(),
        });
        return await passkeys.MakeCodeAsync(subject, cancel);
    }

    private async Task<bool> WithdrawAsync(string subject, Person by, string because, CancellationToken cancel)
    {
        if (await database.Attestations.SingleOrDefaultAsync(one => one.Subject == subject && one.ConfirmedAt == null && one.EndedAt == null, cancel) is not { } open) return false;
        End(open, by, because);
        await database.SaveChangesAsync(cancel);
        return true;
    }

    private void End(Attestation attestation, Person by, string because) =>
        (attestation.EndedBy, attestation.EndedByName, attestation.EndedAt, attestation.EndedBecause) = (by.Subject, by.Name, clock.GetUtcNow(), because);
}
