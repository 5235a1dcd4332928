namespace Bereik.Source.Register;

// What one record of the register says; every number in it was checked. Holds personal data.
internal sealed record RegisterRecord
{
    public IReadOnlyList<PersonFact> Persons { get; init; } = [];

    public IReadOnlyList<BenefitFact> Benefits { get; init; } = [];

    public IReadOnlyList<(string Old, string New)> Links { get; init; } = [];

    public override string ToString() => "[record]";
}

// What a record says of one person.
internal sealed record PersonFact
{
    public required string Number { get; init; }

    // True when the record answers a question about this person, false when the person is a member of a household in it.
    public required bool IsSubject { get; init; }

    // Persons of one household share this word; null where the record says nothing of a household.
    public string? Household { get; init; }

    public required string GivenNames { get; init; }

    public required string FamilyName { get; init; }

    // yyyy-MM-dd, where month and day may be 00.
    public string? BirthDay { get; init; }

    public bool IsDeceased { get; init; }

    public required AddressKind AddressKind { get; init; }

    // Last day on which a safe address is shielded, yyyy-MM-dd; null has no end.
    public string? SafeUntil { get; init; }

    public string? Nis { get; init; }

    public string? Street { get; init; }

    public string? HouseNumber { get; init; }

    public string? Box { get; init; }

    public string? Postcode { get; init; }

    public string? Place { get; init; }

    public override string ToString() => "[persoon]";
}

// Months in which something is paid for a child.
internal sealed record BenefitFact(string Child, string Beneficiary, bool IsSocialSupplement, string BeginMonth, string? EndMonth)
{
    public override string ToString() => "[toeslag]";
}

// What kind of address a person has (nl: soort adres).
internal enum AddressKind
{
    // Main residence.
    Main,

    // Reference address, such as that of an OCMW.
    Reference,

    // A home, shelter or community.
    Collective,

    // Shielded: may not be told to anybody (nl: niet-mededeelbaar).
    Safe,

    // None that the register knows.
    None,
}

// Why a record was not taken up, and where. Line and column say a place in a message; a CSV column is named.
internal sealed record RecordError(string Code, int Line, string Column);
