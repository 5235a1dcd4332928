using System.Globalization;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Local.Storage;
using Bereik.Sealing.Packages;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Orders;

/// <summary>
/// The rows of one package: read and verified first, stored after. Each row carries list, protocol, clause, purpose and days from its
/// first moment.
/// </summary>
internal sealed class PackageImport(OrderedList list, Protocol protocol, DateOnly today)
{
    private readonly List<Household> households = [];
    private readonly Dictionary<string, GrantRow> grants = new(StringComparer.Ordinal);
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
        grants.Clear();
        return opened.IsOk ? wrong! : opened;
    }

    /// <summary>Writes the rows and the list's days; the caller's transaction makes it all or nothing.</summary>
    public async Task StoreAsync(LocalDatabase database, CancellationToken cancel)
    {
        foreach (var chunk in households.Chunk(500))
        {
            database.Households.AddRange(chunk);
            await database.SaveChangesAsync(cancel);
            foreach (var household in chunk) database.Entry(household).State = EntityState.Detached;
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
        households.Add(Outreach(record));
        return null;
    }

    private Household Outreach(HouseholdRecord record)
    {
        var names = record.Beneficiaries.Select(name => $"{name.GivenNames} {name.FamilyName}".Trim()).ToList();
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
            Names = string.Join('\n', names),
            Street = record.Street,
            HouseNumber = record.HouseNumber,
            Box = record.Box,
            Postcode = record.Postcode,
            Place = record.Place,
            ReferenceMonth = list.ReferenceMonth,
            StreetKey = SearchKey.OfStreet(record.Street, record.HouseNumber, record.Box),
            SearchKey = SearchKey.Of($"{string.Join(' ', names)} {record.Street} {record.HouseNumber} {record.Postcode} {record.Place}"),
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
