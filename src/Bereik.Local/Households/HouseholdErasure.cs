using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Signatures;
using Bereik.Local.Storage;
using Bereik.Node.Requests;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Households;

/// <summary>
/// The one way in which a household, a resident or a referral is erased, with a line and a signed certificate in the transaction of the row. Of a household the key goes first. Of a referral the row
/// goes first, since what is said of it is in the same transaction, and the key at once after it: <see cref="FinishAsync"/>.
/// </summary>
internal sealed class HouseholdErasure(LocalDatabase database, LocalSettings settings, HouseholdKeys households, HouseholdIndex index, NodeKeys keys, TimeProvider clock)
{
    // Ids in one statement to the store.
    private const int Chunk = 500;
    private static readonly TimeSpan Recent = TimeSpan.FromDays(7);

    /// <summary>Erases households of lists now. Ids that are not there, or no longer, are passed over.</summary>
    /// <param name="ids">Ids of the rows.</param>
    /// <param name="cause">Why, where no worker ended it.</param>
    /// <param name="cancel">Stops before the keys are destroyed, and not after.</param>
    /// <returns>How many were erased.</returns>
    public async Task<int> EraseAsync(IReadOnlyCollection<string> ids, ErasureCause cause, CancellationToken cancel)
    {
        await using var transaction = database.Database.CurrentTransaction is null ? await database.Database.BeginTransactionAsync(cancel) : null;
        var things = new List<ErasedThing>();
        foreach (var chunk in ids.Distinct().Chunk(Chunk)) things.AddRange(await ThingsAsync(database.Households.AsNoTracking().Where(row => chunk.Contains(row.Id)), cancel));
        var now = clock.GetUtcNow();

        // What a worker ended first counts, also where a second one comes to erase it.
        foreach (var group in things.GroupBy(thing => thing.ClosedAs ?? cause)) await EraseAsync([.. group], group.Key, now);
        if (transaction is not null) await transaction.CommitAsync(CancellationToken.None);
        return things.Count;
    }

    /// <summary>Erases rows of lists that are past their last day, in the caller's transaction.</summary>
    /// <returns>How many households and how many residents.</returns>
    public async Task<(int Households, int Grants)> EraseDueAsync(DateTimeOffset now, CancellationToken cancel)
    {
        var today = BelgianTime.DayOf(now);
        var due = await ThingsAsync(DueErasures.Households(database, today), cancel);
        foreach (var group in due.GroupBy(thing => thing.ClosedAs ?? ErasureCause.Deadline)) await EraseAsync([.. group], group.Key, now);

        // A resident of a match list is in the organisation's own register anyhow, and has no key: the row and the salt go.
        var grants = (await DueErasures.Grants(database, today).Select(row => new { row.Id, row.ListId, row.InformBy, row.DeleteBy }).ToListAsync(cancel))
            .Select(row => new ErasedThing(row.Id, row.ListId, DueErasures.LastDay(row.InformBy, row.DeleteBy))).ToList();
        Certify(ErasedKind.Grant, grants, ErasureCause.Deadline, now);
        await database.SaveChangesAsync(cancel);
        await database.CommittedPersons.Where(person => database.GrantRows.Any(row => row.Id == person.RowId && (row.DeleteBy < today || row.InformBy < today))).ExecuteDeleteAsync(cancel);
        await database.GrantRows.Where(row => row.DeleteBy < today || row.InformBy < today).ExecuteDeleteAsync(cancel);
        return (due.Count, grants.Count);
    }

    /// <summary>Certifies that nothing is here of what was handed out for this organisation and never taken in: a yes to a letter that ended on its way, or that could not be opened.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="wave">The wave of letters.</param>
    /// <param name="due">The last day on which it might have been here.</param>
    /// <param name="cause">Why it ended.</param>
    /// <param name="cancel">Stops before it is said.</param>
    public async Task CertifyAbsentAsync(string id, string wave, DateOnly due, ErasureCause cause, CancellationToken cancel)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        if (await database.Erasures.AnyAsync(one => one.Id == id, cancel) || await database.Households.AnyAsync(row => row.Id == id, cancel)) return;
        var now = clock.GetUtcNow();
        households.Destroy([id], cause, now);
        Certify(ErasedKind.Household, [new ErasedThing(id, wave, due, IsAlone: true)], cause, now);
        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(CancellationToken.None);
        database.ChangeTracker.Clear();
    }

    /// <summary>Erases what is kept of a referral; the caller commits it and then finishes.</summary>
    /// <param name="referral">The referral, tracked.</param>
    /// <param name="cause">Why.</param>
    public void Erase(Referral referral, ErasureCause cause) => Empty(referral, cause, clock.GetUtcNow());

    /// <summary>Destroys the keys of referrals that were erased. After each commit of one; repeated with every round, so that a kill in between leaves no key for long.</summary>
    public Task FinishAsync(CancellationToken cancel) => DestroyAsync(clock.GetUtcNow() - Recent, cancel);

    private async Task DestroyAsync(DateTimeOffset since, CancellationToken cancel)
    {
        foreach (var one in await database.Erasures.AsNoTracking().Where(one => one.Kind == ErasedKind.Referral && one.ErasedAt >= since).Select(one => new { one.Id, one.Cause, one.ErasedAt }).ToListAsync(cancel))
        {
            if (!households.IsDestroyed(one.Id)) households.Destroy([one.Id], one.Cause, one.ErasedAt);
        }
    }

    /// <summary>
    /// Before anything is served: what a kill, or a store or folder that was put back from a copy, left of what was erased goes again, with the cause and the instant that were written down
    /// beside the keys; a key without a row, of a kill between the two, is forgotten; and what is past its last day goes.
    /// </summary>
    public async Task ResumeAsync(CancellationToken cancel)
    {
        await DestroyAsync(DateTimeOffset.UnixEpoch, cancel);
        var rows = await database.Households.AsNoTracking().Select(row => row.Id).ToListAsync(cancel);
        var referrals = await database.Referrals.AsNoTracking().Where(one => one.Record != null).Select(one => one.Id).ToListAsync(cancel);
        households.Forget([.. households.Ids().Except(rows.Concat(referrals), StringComparer.Ordinal)]);
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        foreach (var group in rows.Select(id => (Id: id, Gone: households.FindDestroyed(id))).Where(one => one.Gone is not null).GroupBy(one => one.Gone!, one => one.Id))
        {
            foreach (var chunk in group.Chunk(Chunk)) await EraseAsync(await ThingsAsync(database.Households.AsNoTracking().Where(row => chunk.Contains(row.Id)), cancel), group.Key.Cause ?? ErasureCause.Deadline, group.Key.At);
        }

        foreach (var id in await DueErasures.Kept(database).Select(one => one.Id).ToListAsync(cancel))
        {
            if (households.FindDestroyed(id) is { } gone) Empty(await database.Referrals.SingleAsync(one => one.Id == id, cancel), gone.Cause ?? ErasureCause.Deadline, gone.At);
        }

        await database.SaveChangesAsync(cancel);
        await EraseDueAsync(clock.GetUtcNow(), cancel);
        await transaction.CommitAsync(cancel);
        database.ChangeTracker.Clear();
        await database.EmptyLogAsync(cancel);
    }

    // INVARIANT: from the first key on this is not stopped; what a kill leaves, the next start finishes from what is written down beside the keys.
    private async Task EraseAsync(List<ErasedThing> things, ErasureCause cause, DateTimeOffset at)
    {
        if (things.Count == 0) return;
        var ids = things.ConvertAll(thing => thing.Id);
        households.Destroy(ids, cause, at);
        await index.ForgetAsync(ids);
        Certify(ErasedKind.Household, things, cause, at);
        await database.SaveChangesAsync(CancellationToken.None);
        foreach (var chunk in ids.Chunk(Chunk)) await database.Households.Where(row => chunk.Contains(row.Id)).ExecuteDeleteAsync(CancellationToken.None);
    }

    private void Empty(Referral referral, ErasureCause cause, DateTimeOffset at)
    {
        if (referral.Record is not null && referral.ErasedAt is null) Certify(ErasedKind.Referral, [new ErasedThing(referral.Id, null, DueErasures.LastDay(referral))], cause, at);
        referral.Record = null;
        referral.Sealed = null;
        referral.ErasedAt ??= at;
    }

    // A store that was put back from a copy forgot the first certificate; the one that is made again says the same, under another id.
    private void Certify(ErasedKind kind, List<ErasedThing> things, ErasureCause cause, DateTimeOffset at)
    {
        foreach (var group in things.GroupBy(thing => (thing.ListId, thing.Due)))
        {
            var (list, due) = group.Key;
            var late = ErasureCertificate.DaysLate(due, BelgianTime.DayOf(at));

            // The hub is shown the certificate of a yes to a letter: it is of that one alone, so that it tells nothing of another.
            foreach (var part in group.OrderBy(thing => thing.Id, StringComparer.Ordinal).Chunk(group.Any(thing => thing.IsAlone) ? 1 : ErasureCertificate.MostThings))
            {
                var document = new ErasureCertificate
                {
                    Id = Guid.NewGuid(), Organisation = settings.Organisation, Kind = kind, Cause = cause, OtherFile = cause == ErasureCause.OwnFile ? true : null, Due = due, Count = part.Length,
                    Ids = [.. part.Select(thing => Guid.Parse(thing.Id))], At = DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds()),
                };
                var id = document.Id.ToString("D");
                database.ErasureAttests.Add(new ErasureAttest
                {
                    Id = id, Kind = kind, ListId = list, Cause = cause, Due = due, ErasedAt = at, Things = part.Length, DaysLate = late, Document = SignedDocument.Sign(document, keys.Signing).Compact,
                });
                database.Erasures.AddRange(part.Select(thing => new Erasure { Id = thing.Id, Kind = kind, ListId = list, Cause = cause, Due = due, ErasedAt = at, IsLate = late > 0, AttestId = id, Outcome = thing.Outcome }));
            }
        }
    }

    private static async Task<List<ErasedThing>> ThingsAsync(IQueryable<Household> rows, CancellationToken cancel) =>
        (await rows.Select(row => new { row.Id, row.ListId, row.Purpose, row.InformBy, row.InformedOn, row.DeleteBy, row.ClosedAs, row.Outcome }).ToListAsync(cancel))
            .ConvertAll(row => new ErasedThing(row.Id, row.ListId, DueErasures.LastDay(row.InformBy, row.InformedOn, row.DeleteBy), row.ClosedAs, row.Outcome, row.Purpose == Purpose.RequestedHelp.WireName()));

    private sealed record ErasedThing(string Id, string? ListId, DateOnly Due, ErasureCause? ClosedAs = null, string? Outcome = null, bool IsAlone = false);
}
