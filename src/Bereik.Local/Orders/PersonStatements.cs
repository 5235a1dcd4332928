using Bereik.Exchange;
using Bereik.Exchange.Log;
using Bereik.Exchange.Signatures;
using Bereik.Local.Households;
using Bereik.Local.Storage;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Orders;

/// <summary>What was received about one person, as it was committed to. It is made anew of the row each time, so that a row that changed no longer fits.</summary>
internal sealed class PersonStatements(LocalDatabase database, LocalSettings settings, HouseholdKeys keys, HouseholdIndex index)
{
    /// <summary>The statement of one person of a row; the last day is that of the root, whatever contact there was since.</summary>
    public static PersonStatement Of(OrderedList list, IReceivedRow row, IReadOnlyDictionary<string, string> fields, Bytes32 handle, string organisation, DateOnly eraseBy) => new()
    {
        Order = Guid.Parse(list.Id),
        Handle = handle,
        Protocol = row.ProtocolId,
        ProtocolVersion = row.ProtocolVersion,
        Organisation = organisation,
        Source = list.Source,
        ReceivedOn = row.ReceivedOn,
        EraseBy = eraseBy,
        Fields = fields,
    };

    /// <summary>What was received about one beneficiary of a household.</summary>
    public static IReadOnlyDictionary<string, string> FieldsOf(HouseholdRecord record, PersonName name) => Fields(
        ("givenNames", name.GivenNames), ("familyName", name.FamilyName), ("street", record.Street), ("houseNumber", record.HouseNumber), ("box", record.Box), ("postcode", record.Postcode), ("place", record.Place),
        ("referenceMonth", record.ReferenceMonth));

    /// <summary>What is known of a resident of a match list.</summary>
    public static IReadOnlyDictionary<string, string> FieldsOf(GrantRow grant) => Fields(("insz", grant.Insz), ("referenceMonth", grant.ReferenceMonth.ToString()));

    /// <summary>A received row, of whichever kind; a household's still sealed.</summary>
    public async Task<IReceivedRow?> RowAsync(string id, CancellationToken cancel) =>
        (IReceivedRow?)await database.Households.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancel)
        ?? await database.GrantRows.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancel);

    /// <summary>One person of a row, with salt, slot and root.</summary>
    /// <returns>Null when there is no such person, or nothing was committed to, or the key is gone.</returns>
    public async Task<CommittedStatement?> FindAsync(IReceivedRow row, int person, CancellationToken cancel)
    {
        if (await CommittedAsync(row, person, cancel) is not var (fields, salt, slot)) return null;
        if (await database.PersonRoots.AsNoTracking().SingleOrDefaultAsync(one => one.ListId == row.ListId, cancel) is not { Leaves: not null } root) return null;
        var list = await database.Lists.AsNoTracking().SingleAsync(one => one.Id == row.ListId, cancel);
        var handle = Bytes32.TryParse(root.Handle, out var parsed) ? parsed : throw new InvalidDataException("A stored handle does not have its shape.");
        return new CommittedStatement(Of(list, row, fields, handle, settings.Organisation, SignedDocument.Parse<PersonsRoot>(root.Document).Value.Document.EraseBy), salt, slot, root);
    }

    /// <summary>The row and the person to whom a salt belongs.</summary>
    /// <param name="order">The list in which it is looked for.</param>
    /// <param name="salt">The salt.</param>
    /// <param name="cancel">Stops.</param>
    public async Task<(string Row, int Person)?> OwnerAsync(Guid order, Bytes32 salt, CancellationToken cancel)
    {
        var (list, bytes) = (order.ToString("D"), salt.ToArray());
        if (await database.CommittedPersons.AsNoTracking().FirstOrDefaultAsync(one => one.Salt == bytes, cancel) is { } resident) return (resident.RowId, resident.Person);
        return await database.Lists.AnyAsync(one => one.Id == list && one.State == "received" && one.ErasedAt == null, cancel) ? await index.FindOwnerAsync(database, list, salt, cancel) : null;
    }

    private async Task<(IReadOnlyDictionary<string, string> Fields, Bytes32 Salt, int Slot)?> CommittedAsync(IReceivedRow row, int person, CancellationToken cancel)
    {
        if (row is GrantRow grant)
        {
            return await database.CommittedPersons.AsNoTracking().SingleOrDefaultAsync(one => one.RowId == row.Id && one.Person == person, cancel) is { } resident ? (FieldsOf(grant), new Bytes32(resident.Salt), resident.Slot) : null;
        }

        if (row is not Household household || keys.Open(household.Id, household.Record) is not { } plain) return null;
        var kept = KeptHousehold.Parse(plain);
        return person >= 0 && person < kept.People.Count ? (FieldsOf(kept.Record, kept.Record.Beneficiaries[person]), kept.People[person].Bytes(), kept.People[person].Slot) : null;
    }

    private static Dictionary<string, string> Fields(params ReadOnlySpan<(string Name, string? Value)> values)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in values)
        {
            if (!string.IsNullOrEmpty(value)) fields[name] = value;
        }

        return fields;
    }
}

/// <summary>A statement that was committed to.</summary>
/// <param name="Statement">What was received.</param>
/// <param name="Salt">The person's salt.</param>
/// <param name="Slot">The person's slot.</param>
/// <param name="Root">The tree that holds it.</param>
internal sealed record CommittedStatement(PersonStatement Statement, Bytes32 Salt, int Slot, PersonRoot Root)
{
    /// <summary>Never what was received.</summary>
    public override string ToString() => $"statement in {Root}";
}
