using Bereik.Exchange;
using Bereik.Exchange.Log;
using Bereik.Local.Storage;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Orders;

/// <summary>What was received about one person, as it was committed to. It is made anew of the row each time, so that a row that changed no longer fits.</summary>
internal sealed class PersonStatements(LocalDatabase database, LocalSettings settings)
{
    /// <summary>The statement of one person of a row.</summary>
    public static PersonStatement Of(OrderedList list, IReceivedRow row, PersonName name, Bytes32 handle, string organisation)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        void Add(string field, string? value)
        {
            if (!string.IsNullOrEmpty(value)) fields[field] = value;
        }

        switch (row)
        {
            case Household household:
                Add("givenNames", name.GivenNames);
                Add("familyName", name.FamilyName);
                Add("street", household.Street);
                Add("houseNumber", household.HouseNumber);
                Add("box", household.Box);
                Add("postcode", household.Postcode);
                Add("place", household.Place);
                Add("referenceMonth", household.ReferenceMonth.ToString());
                break;
            case GrantRow grant:
                Add("insz", grant.Insz);
                Add("referenceMonth", grant.ReferenceMonth.ToString());
                break;
        }

        return new PersonStatement
        {
            Order = Guid.Parse(list.Id),
            Handle = handle,
            Protocol = row.ProtocolId,
            ProtocolVersion = row.ProtocolVersion,
            Organisation = organisation,
            Source = list.Source,
            ReceivedOn = row.ReceivedOn,
            EraseBy = row.DeleteBy,
            Fields = fields,
        };
    }

    /// <summary>A received row, of whichever kind.</summary>
    public async Task<IReceivedRow?> RowAsync(string id, CancellationToken cancel) =>
        (IReceivedRow?)await database.Households.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancel)
        ?? await database.GrantRows.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancel);

    /// <summary>One person of a row, with salt, slot and root.</summary>
    /// <returns>Null when there is no such person, or nothing was committed to.</returns>
    public async Task<CommittedStatement?> FindAsync(IReceivedRow row, int person, CancellationToken cancel)
    {
        if (await database.CommittedPersons.AsNoTracking().SingleOrDefaultAsync(one => one.RowId == row.Id && one.Person == person, cancel) is not { } committed) return null;
        if (await database.PersonRoots.AsNoTracking().SingleOrDefaultAsync(one => one.ListId == row.ListId, cancel) is not { Leaves: not null } root) return null;
        var list = await database.Lists.AsNoTracking().SingleAsync(one => one.Id == row.ListId, cancel);
        var handle = Bytes32.TryParse(root.Handle, out var parsed) ? parsed : throw new InvalidDataException("A stored handle does not have its shape.");
        var name = new PersonName(committed.GivenNames, committed.FamilyName);
        return new CommittedStatement(Of(list, row, name, handle, settings.Organisation), new Bytes32(committed.Salt), committed.Slot, root);
    }

    /// <summary>The person to whom a salt belongs.</summary>
    public Task<CommittedPerson?> OwnerAsync(Bytes32 salt, CancellationToken cancel)
    {
        var bytes = salt.ToArray();
        return database.CommittedPersons.AsNoTracking().FirstOrDefaultAsync(one => one.Salt == bytes, cancel);
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
