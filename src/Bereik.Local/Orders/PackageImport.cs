using System.Globalization;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Log;
using Bereik.Exchange.Signatures;
using Bereik.Local.Households;
using Bereik.Local.Storage;
using Bereik.Sealing.Packages;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Orders;

/// <summary>
/// The rows of one package: read and verified first, stored after. Each row carries list, protocol, clause, purpose and days from its
/// first moment.
/// </summary>
internal sealed class PackageImport(OrderedList list, Protocol protocol, string organisation, DateOnly today)
{
    private readonly List<(Household Row, HouseholdRecord Record)> households = [];
    private readonly Dictionary<string, GrantRow> grants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<KeptPerson>> kept = new(StringComparer.Ordinal);
    private readonly List<CommittedPerson> people = [];
    private PersonRoot? root;
    private readonly DateOnly informBy = today.AddDays(protocol.InformByDays);
    private readonly DateOnly deleteBy = today.AddDays(protocol.DeleteByDays);

    // What is said of it in public: the last day of a row, contact or not.
    private readonly DateOnly eraseBy = today.AddDays(protocol.LongestKeptDays);

    /// <summary>How many households or residents the package holds.</summary>
    public int Count => households.Count + grants.Count;

    /// <summary>Reads and verifies a package; keeps nothing when anything is wrong with it.</summary>
    /// <returns>The package, or a code of <see cref="PackageOpener"/>, <c>record.shape</c> or <c>record.referenceMonth</c>.</returns>
    public async Task<Parsed<OpenedPackage>> ReadAsync(
        Stream file, PackageTask task, Dictionary<Token, string> own, Action<long, long> progress, CancellationToken cancel)
    {
        ParseError? wrong = null;
        var opened = await PackageOpener.OpenAsync(file, task, async (row, _) =>
        {
            wrong ??= Take(row, own);
            progress(file.Position, file.Length);
        }, cancel);
        if (opened.IsOk && wrong is null) return opened;
        households.Clear();
        grants.Clear();
        return opened.IsOk ? wrong! : opened;
    }

    /// <summary>Commits to everybody in the package: a salt and a slot for each person, and the signed root over all.</summary>
    public void Commit(Bytes32 handle, Bytes32 manifest, SigningKey key, DateTimeOffset now)
    {
        people.Clear();
        kept.Clear();
        var salts = new List<(IReceivedRow Row, Bytes32 Salt)>();
        var commitments = new List<Bytes32>();
        foreach (var (row, record) in households)
        {
            foreach (var name in record.Beneficiaries) Add(row, PersonStatements.FieldsOf(record, name));
        }

        foreach (var grant in grants.Values) Add(grant, PersonStatements.FieldsOf(grant));
        var tree = PaddedRoot.Make(commitments, protocol.Band);
        foreach (var (at, (row, salt)) in salts.Index())
        {
            if (row is GrantRow) people.Add(new CommittedPerson { RowId = row.Id, Person = 0, ListId = list.Id, Slot = tree.Slots[at], Salt = salt.ToArray() });
            else (kept.TryGetValue(row.Id, out var of) ? of : kept[row.Id] = []).Add(new KeptPerson(tree.Slots[at], salt.ToString()));
        }

        var document = new PersonsRoot
        {
            Order = Guid.Parse(list.Id), Handle = handle, Manifest = manifest, Root = tree.Root, Slots = tree.SlotCount, EraseBy = eraseBy, At = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()),
        };
        root = new PersonRoot
        {
            ListId = list.Id, Handle = handle.ToString(), Root = tree.Root.ToString(), Slots = tree.SlotCount, Leaves = tree.LeafBytes(), Document = SignedDocument.Sign(document, key).Compact,
        };

        void Add(IReceivedRow row, IReadOnlyDictionary<string, string> fields)
        {
            var salt = Bytes32.Random();
            salts.Add((row, salt));
            commitments.Add(PersonCommitment.Of(PersonStatements.Of(list, row, fields, handle, organisation, eraseBy), salt));
        }
    }

    /// <summary>Writes the keys, the rows under them, the commitments and the list's days; the caller's transaction makes it all or nothing, but for the keys: without a row they go at the next start.</summary>
    public async Task StoreAsync(LocalDatabase database, HouseholdKeys keys, CancellationToken cancel)
    {
        if (households.Count > 0)
        {
            var values = keys.SealAll(list.Id, [.. households.Select(one => (one.Row.Id, new KeptHousehold(one.Record, kept[one.Row.Id]).ToJson()))]);
            foreach (var (at, (row, _)) in households.Index()) row.Record = values[at];
        }

        database.PersonRoots.Add(root ?? throw new InvalidOperationException("Nobody is committed to."));
        foreach (var chunk in households.Select(one => one.Row).Chunk(500))
        {
            database.Households.AddRange(chunk);
            await database.SaveChangesAsync(cancel);
            foreach (var household in chunk) database.Entry(household).State = EntityState.Detached;
        }

        foreach (var chunk in people.Chunk(500))
        {
            database.CommittedPersons.AddRange(chunk);
            await database.SaveChangesAsync(cancel);
            foreach (var person in chunk) database.Entry(person).State = EntityState.Detached;
        }

        database.GrantRows.AddRange(grants.Values);
        var stored = await database.Lists.SingleAsync(one => one.Id == list.Id, cancel);
        stored.Delivered = Count;
        stored.ReceivedOn = today;
        stored.InformBy = informBy;
        stored.DeleteBy = deleteBy;
        stored.CheckChoice = null;
        await database.SaveChangesAsync(cancel);
    }

    private ParseError? Take(OpenedRow row, Dictionary<Token, string> own)
    {
        if (protocol.Flow == Flow.Match)
        {
            foreach (var token in row.Tokens)
            {
                if (own.TryGetValue(token, out var insz)) grants.TryAdd(insz, Grant(insz));
            }

            return null;
        }

        if (HouseholdRecord.Parse(row.Json.Span) is not { } record) return ParseError.At("record.shape", row.Slot);
        if (record.ReferenceMonth != list.ReferenceMonth.ToString()) return ParseError.At("record.referenceMonth", row.Slot);
        households.Add((Outreach(), record));
        return null;
    }

    private Household Outreach() => new()
    {
        Id = Guid.NewGuid().ToString("D", CultureInfo.InvariantCulture),
        ListId = list.Id,
        ProtocolId = protocol.Id,
        ProtocolVersion = protocol.Version,
        ProtocolHash = protocol.Hash,
        Clause = "doel",
        Purpose = Purpose.Outreach.WireName(),
        ReceivedOn = today,
        InformBy = informBy,
        DeleteBy = deleteBy,
    };

    private GrantRow Grant(string insz) => new()
    {
        Id = Guid.NewGuid().ToString("D", CultureInfo.InvariantCulture),
        ListId = list.Id,
        ProtocolId = protocol.Id,
        ProtocolVersion = protocol.Version,
        ProtocolHash = protocol.Hash,
        Clause = "doel",
        Purpose = Purpose.AutomaticGrant.WireName(),
        ReceivedOn = today,
        InformBy = informBy,
        DeleteBy = deleteBy,
        Insz = insz,
        ReferenceMonth = list.ReferenceMonth,
    };
}
