namespace Bereik.Magda;

/// <summary>A person as the National Register describes them (nl: persoon, gezinslid). Holds personal data.</summary>
public sealed record RegisterPerson
{
    /// <summary>The person's number; null when the register does not give one.</summary>
    public InszText? Insz { get; init; }

    /// <summary>The first names, in order (nl: voornamen); may be empty.</summary>
    public required IReadOnlyList<string> GivenNames { get; init; }

    /// <summary>The surnames, in order (nl: achternamen); may be empty.</summary>
    public required IReadOnlyList<string> FamilyNames { get; init; }

    /// <summary>
    /// The day of birth as <c>yyyy-MM-dd</c>, where month or day may be <c>00</c> (unknown); null when the register does not say.
    /// </summary>
    public string? BirthDate { get; init; }

    /// <summary>Whether the register records a death (nl: overlijden).</summary>
    public bool IsDeceased { get; init; }

    /// <summary>The main address (nl: hoofdverblijfplaats); null when the register has none.</summary>
    public RegisterAddress? MainAddress { get; init; }

    /// <summary>The shielding of the address (nl: niet-mededeelbaar adres); null when there is none.</summary>
    public AddressShielding? Shielding { get; init; }

    /// <summary>The position in the household, two digits (01 reference person, 02 spouse, 03 child, 20 in a community); null outside a household.</summary>
    public string? PositionCode { get; init; }

    /// <summary>The position in words; null when not said.</summary>
    public string? Position { get; init; }

    /// <summary>The first day of which the person is certainly <paramref name="years"/> old; null when the year of birth is unknown.</summary>
    /// <param name="years">The age, such as 18.</param>
    /// <remarks>An unknown month or day counts as the last one possible, so that nobody is taken for older than they may be.</remarks>
    public DateOnly? Reaches(int years)
    {
        if (BirthDate is not { Length: 10 } text || !int.TryParse(text.AsSpan(0, 4), out var year) || !int.TryParse(text.AsSpan(5, 2), out var month) || !int.TryParse(text.AsSpan(8, 2), out var day))
            return null;
        if (year < 1 || year + years is < 1 or > 9999)
            return null;
        if (month is < 1 or > 12)
            (month, day) = (12, 31);
        var last = DateTime.DaysInMonth(year, month);
        return new DateOnly(year, month, day < 1 || day > last ? last : day).AddYears(years);
    }

    /// <summary>A fixed word, never the person.</summary>
    public override string ToString() => "person";
}

/// <summary>A main address (nl: hoofdverblijfplaats). Every part may be absent.</summary>
public sealed record RegisterAddress
{
    /// <summary>The municipality's NIS code, five digits, as it was when the address was written; null for an address abroad.</summary>
    public string? NisCode { get; init; }

    /// <summary>The street (nl: straatnaam), in the address register's spelling or else the National Register's.</summary>
    public string? Street { get; init; }

    /// <summary>The house number with its suffix (nl: huisnummer).</summary>
    public string? Number { get; init; }

    /// <summary>The box (nl: busnummer).</summary>
    public string? Box { get; init; }

    /// <summary>The postal code.</summary>
    public string? Postcode { get; init; }

    /// <summary>The municipality's name.</summary>
    public string? Municipality { get; init; }

    /// <summary>The country's NIS code, three digits (150 is Belgium).</summary>
    public string? CountryNisCode { get; init; }

    /// <summary>The country's name.</summary>
    public string? Country { get; init; }

    /// <summary>Since when, <c>yyyy-MM-dd</c>, parts may be 00.</summary>
    public string? Since { get; init; }

    /// <summary>Whether it is a reference address (nl: referentieadres), such as that of an OCMW for who has no home.</summary>
    public bool IsReferenceAddress { get; init; }

    /// <summary>A fixed word, never the address.</summary>
    public override string ToString() => "address";
}

/// <summary>A decision that an address may not be told (nl: niet-mededeelbaar adres).</summary>
/// <param name="Begin">The first day, when given.</param>
/// <param name="End">The last day, itself included, when given.</param>
public sealed record AddressShielding(DateOnly? Begin, DateOnly? End)
{
    // INVARIANT: in doubt it is in force. A missing or unreadable end never uncovers an address, and a begin in the future covers already.
    /// <summary>Whether the address is shielded on a day.</summary>
    /// <param name="day">The day, Europe/Brussels.</param>
    public bool IsInForce(DateOnly day) => End is not { } end || day <= end;
}
