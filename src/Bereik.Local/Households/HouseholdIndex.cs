using Bereik.Exchange;
using Bereik.Local.Storage;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Households;

/// <summary>
/// The opened households of lists, in memory alone: in the store nothing can be sorted or searched by who they are. A list is opened whole when it is first asked for; all its rows
/// came in one transaction, and a wave of letters, to which rows come one by one, is opened anew after each. Who may see it is decided before anybody asks here.
/// </summary>
internal sealed class HouseholdIndex(HouseholdKeys keys) : IDisposable
{
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly Dictionary<string, KnownList> lists = new(StringComparer.Ordinal);

    /// <summary>The households of lists.</summary>
    /// <param name="database">The store.</param>
    /// <param name="wanted">Ids of lists that came in.</param>
    /// <param name="byStreet">By street and house number; else by the last day to inform them.</param>
    /// <param name="cancel">Stops.</param>
    public async Task<IReadOnlyList<KnownHousehold>> RowsAsync(LocalDatabase database, IReadOnlyList<string> wanted, bool byStreet, CancellationToken cancel)
    {
        await gate.WaitAsync(cancel);
        try
        {
            var found = new List<KnownHousehold[]>(wanted.Count);
            foreach (var id in wanted)
            {
                if (!lists.TryGetValue(id, out var list)) lists[id] = list = await LoadAsync(database, id, cancel);
                found.Add(byStreet ? list.ByStreet : list.ByDeadline);
            }

            if (found.Count == 1) return found[0];
            var all = found.SelectMany(rows => rows).ToArray();
            Array.Sort(all, byStreet ? KnownHousehold.ByStreet : KnownHousehold.ByDeadline);
            return all;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>The household and the person to whom a salt belongs.</summary>
    public async Task<(string Row, int Person)?> FindOwnerAsync(LocalDatabase database, string list, Bytes32 salt, CancellationToken cancel)
    {
        foreach (var row in await RowsAsync(database, [list], byStreet: false, cancel))
        {
            foreach (var (at, person) in row.Kept.People.Index())
            {
                if (person.Bytes() == salt) return (row.Id, at);
            }
        }

        return null;
    }

    /// <summary>Forgets households. INVARIANT: called after their keys are destroyed, so that a list that is being opened meanwhile either has no key for them or is done here.</summary>
    public async Task ForgetAsync(IEnumerable<string> ids)
    {
        var gone = ids.ToHashSet(StringComparer.Ordinal);
        await gate.WaitAsync();
        try
        {
            foreach (var (id, list) in lists.ToList())
            {
                var rest = list.ByStreet.Where(row => !gone.Contains(row.Id)).ToArray();
                if (rest.Length < list.ByStreet.Length) lists[id] = new KnownList([.. list.ByDeadline.Where(row => !gone.Contains(row.Id))], rest);
            }
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Opens a list anew when it is next asked for. INVARIANT: called after what came in was committed.</summary>
    public async Task RenewAsync(string list)
    {
        await gate.WaitAsync();
        try
        {
            lists.Remove(list);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => gate.Dispose();

    private async Task<KnownList> LoadAsync(LocalDatabase database, string list, CancellationToken cancel)
    {
        var rows = await database.Households.AsNoTracking().Where(row => row.ListId == list).Select(row => new { row.Id, row.InformBy, row.Record }).ToListAsync(cancel);
        var days = rows.ToDictionary(row => row.Id, row => row.InformBy);
        var byDeadline = keys.OpenAll([.. rows.Select(row => (row.Id, row.Record))]).Select(one => new KnownHousehold(one.Id, days[one.Id], KeptHousehold.Parse(one.Plain))).ToArray();
        var byStreet = byDeadline.ToArray();
        Array.Sort(byDeadline, KnownHousehold.ByDeadline);
        Array.Sort(byStreet, KnownHousehold.ByStreet);
        return new KnownList(byDeadline, byStreet);
    }

    private sealed record KnownList(KnownHousehold[] ByDeadline, KnownHousehold[] ByStreet);
}

/// <summary>An opened household.</summary>
internal sealed class KnownHousehold
{
    public static readonly Comparison<KnownHousehold> ByDeadline = (one, other) => one.InformBy == other.InformBy ? string.CompareOrdinal(one.Id, other.Id) : one.InformBy.CompareTo(other.InformBy);

    public static readonly Comparison<KnownHousehold> ByStreet = (one, other) => string.CompareOrdinal(one.streetKey, other.streetKey) is var order and not 0 ? order : string.CompareOrdinal(one.Id, other.Id);

    private readonly string streetKey;
    private readonly string searchKey;

    public KnownHousehold(string id, DateOnly informBy, KeptHousehold kept)
    {
        var record = kept.Record;
        (Id, InformBy, Kept, Names) = (id, informBy, kept, kept.Names());
        streetKey = SearchKey.OfStreet(record.Street, record.HouseNumber, record.Box);
        searchKey = SearchKey.Of($"{string.Join(' ', Names)} {record.Street} {record.HouseNumber} {record.Postcode} {record.Place}");
    }

    public string Id { get; }

    public DateOnly InformBy { get; }

    public KeptHousehold Kept { get; }

    // One a beneficiary.
    public IReadOnlyList<string> Names { get; }

    /// <summary>Those in whose names or address every word stands.</summary>
    public static IReadOnlyList<KnownHousehold> Found(IReadOnlyList<KnownHousehold> rows, string search)
    {
        var words = SearchKey.Of(search).Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(8).ToArray();
        return words.Length == 0 ? rows : [.. rows.Where(row => Array.TrueForAll(words, word => row.searchKey.Contains(word, StringComparison.Ordinal)))];
    }

    /// <summary>Never a name.</summary>
    public override string ToString() => "[gezin]";
}
