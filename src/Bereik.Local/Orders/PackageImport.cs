using System.Globalization;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Log;
using Bereik.Exchange.Signatures;
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
    private readonly List<Household> households = [];
    private readonly Dictionary<string, GrantRow> grants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<PersonName>> names = new(StringComparer.Ordinal);
    private readonly List<CommittedPerson> people = [];
    private PersonRoot? root;
    private readonly DateOnly informBy = today.AddDays(protocol.InformByDays);
    private readonly DateOnly deleteBy = today.AddDays(protocol.DeleteByDays);

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
        names.Clear();
        grants.Clear();
        return opened.IsOk ? wrong! : opened;
    }

    /// <summary>Commits to everybody in the package: a salt and a slot for each person, and the signed root over all.</summary>
    public void Commit(Bytes32 handle, Bytes32 manifest, SigningKey key, DateTimeOffset now)
    {
        people.Clear();
        var salts = new List<(string Row, int Person, PersonName Name, Bytes32 Salt)>();
        var commitments = new List<Bytes32>();
        foreach (var household in households)
        {
            foreach (var (person, name) in names[household.Id].Index()) Add(household, person, name);
        }

        foreach (var grant in grants.Values) Add(grant, 0, new PersonName());
        var tree = PaddedRoot.Make(commitments, protocol.Band);
        foreach (var (at, (row, person, name, salt)) in salts.Index())
        {
            people.Add(new CommittedPerson { RowId = row, Person = person, ListId = list.Id, Slot = tree.Slots[at], Salt = salt.ToArray(), GivenNames = name.GivenNames, FamilyName = name.FamilyName });
        }

        var document = new PersonsRoot
        {
            Order = Guid.Parse(list.Id), Handle = handle, Manifest = manifest, Root = tree.Root, Slots = tree.SlotCount, EraseBy = deleteBy, At = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()),
        };
        root = new PersonRoot
        {
            ListId = list.Id, Handle = handle.ToString(), Root = tree.Root.ToString(), Slots = tree.SlotCount, Leaves = tree.LeafBytes(), Document = SignedDocument.Sign(document, key).Compact,
        };

        void Add(IReceivedRow row, int person, PersonName name)
        {
            var salt = Bytes32.Random();
            salts.Add((row.Id, person, name, salt));
            commitments.Add(PersonCommitment.Of(PersonStatements.Of(list, row, name, handle, organisation), salt));
        }
    }

    /// <summary>Writes the rows, the commitments and the list's days; the caller's transaction makes it all or nothing.</summary>
    public async Task StoreAsync(LocalDatabase database, CancellationToken cancel)
    {
        database.PersonRoots.Add(root ?? throw new InvalidOperationException("Nobody is committed to."));
        foreach (var chunk in households.Chunk(500))
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
        var household = Outreach(record);
        households.Add(household);
        names[household.Id] = record.Beneficiaries;
        return null;
    }

    private Household Outreach(HouseholdRecord record)
    {
        var lines = record.Beneficiaries.Select(name => $"{name.GivenNames} {name.FamilyName}".Trim()).ToList();
        return new Household
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
            Names = string.Join('\n', lines),
            Street = record.Street,
            HouseNumber = record.HouseNumber,
            Box = record.Box,
            Postcode = record.Postcode,
            Place = record.Place,
            ReferenceMonth = list.ReferenceMonth,
            StreetKey = SearchKey.OfStreet(record.Street, record.HouseNumber, record.Box),
            SearchKey = SearchKey.Of($"{string.Join(' ', lines)} {record.Street} {record.HouseNumber} {record.Postcode} {record.Place}"),
        };
    }

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
