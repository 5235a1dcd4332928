using System.Runtime.CompilerServices;
using Bereik.Domain;
using Bereik.Local.Orders;
using Bereik.Local.Storage;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Files;

/// <summary>Whom the organisation compares: clients who count as known today, or all residents.</summary>
internal sealed class OwnPeople(LocalDatabase database, LocalSettings settings, OwnProtocols protocols)
{
    /// <summary>
    /// A file closed on this day or before does not count any more: it was closed that many months ago. Where the month has no such
    /// day (31 August, six months back) its last day counts.
    /// </summary>
    public static DateOnly LastForgottenClosing(DateOnly today, int knownWithinMonths) => today.AddMonths(-knownWithinMonths);

    /// <summary>How many persons there are to compare.</summary>
    public async Task<int> CountAsync(DateOnly today, CancellationToken cancel) => settings.ListFlow == Flow.Match
        ? await Residents().Select(person => person.Insz).Distinct().CountAsync(cancel)
        : await (await KnownAsync(today, cancel)).Select(person => person.Insz).Distinct().CountAsync(cancel);

    /// <summary>Every number of these persons, each once, and the number under which the organisation has the person.</summary>
    public async IAsyncEnumerable<(string Number, string Own)> NumbersAsync(DateOnly today, [EnumeratorCancellation] CancellationToken cancel)
    {
        var own = settings.ListFlow == Flow.Match ? Residents().Select(person => person.Insz) : (await KnownAsync(today, cancel)).Select(person => person.Insz);
        var numbers = own.Distinct().Select(insz => new { Number = insz, Own = insz });
        await foreach (var number in numbers.AsNoTracking().AsAsyncEnumerable().WithCancellation(cancel)) yield return (number.Number, number.Own);

        var linked = database.LinkedNumbers.Where(link => own.Contains(link.Insz)
            && database.Files.Any(file => file.Id == link.FileId && file.State == "current" && file.Kind == settings.FileKind) && !own.Contains(link.Linked));
        await foreach (var link in linked.AsNoTracking().AsAsyncEnumerable().WithCancellation(cancel)) yield return (link.Linked, link.Insz);
    }

    private IQueryable<Resident> Residents() =>
        database.Residents.Where(person => database.Files.Any(file => file.Id == person.FileId && file.State == "current"));

    private async Task<IQueryable<KnownPerson>> KnownAsync(DateOnly today, CancellationToken cancel)
    {
        var limit = LastForgottenClosing(today, (await protocols.PresentAsync(cancel)).KnownWithinMonths);
        return database.KnownPersons.Where(person =>
            database.Files.Any(file => file.Id == person.FileId && file.State == "current") && (person.Closed == null || person.Closed > limit));
    }
}
