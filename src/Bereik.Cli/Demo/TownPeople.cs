using Bereik.Magda;

namespace Bereik.Cli.Demo;

/// <summary>A municipality that the town's people may live in.</summary>
internal sealed record TownMunicipality(string Nis, string Name, string Postcode, string? Slug, string Shelter);

/// <summary>Where people live, and what the register knows of it.</summary>
internal sealed class TownHome
{
    public required string Id { get; init; }

    /// <summary>home, reference, collective, safe, none or unregistered.</summary>
    public required string Kind { get; init; }

    public required TownMunicipality? Municipality { get; init; }

    /// <summary>The NIS code in the register, which may be that of before a merger; null when the register has no address.</summary>
    public required string? RegisterNis { get; init; }

    public string? Street { get; init; }

    public string? Number { get; init; }

    public string? Box { get; init; }

    public string? Postcode { get; init; }

    public string? City { get; init; }

    /// <summary>In the order of the register: the reference person first.</summary>
    public List<TownPerson> Members { get; } = [];

    public bool HasAddress => RegisterNis is not null;

    public override string ToString() => "home";
}

/// <summary>A file at an OCMW.</summary>
internal sealed record TownClientFile(string Ocmw, DateOnly Opened, DateOnly? Closed);

internal sealed class TownPerson
{
    /// <summary>The number in the source's register.</summary>
    public required string Insz { get; init; }

    /// <summary>The number that replaced it, when one did.</summary>
    public string? NewInsz { get; init; }

    public required string Given { get; init; }

    public required string Family { get; init; }

    public required DateOnly Born { get; init; }

    public required bool Female { get; init; }

    /// <summary>parent, partner, relative or child.</summary>
    public required string Role { get; init; }

    public bool Deceased { get; init; }

    public TownHome? Home { get; set; }

    public List<TownClientFile> Files { get; } = [];

    public List<TownPeriod> Periods { get; } = [];

    public bool IsAdultOn(DateOnly day) => Born.AddYears(18) <= day;

    public override string ToString() => "person";
}

internal sealed record TownPeriod(string Category, PaymentMonth Begin, PaymentMonth? End)
{
    public bool Covers(PaymentMonth month) => Begin <= month && (End is not { } end || month <= end);
}

internal sealed class TownFamily
{
    public required int Id { get; init; }

    public required string Shape { get; init; }

    public List<TownHome> Homes { get; } = [];

    public List<TownPerson> Beneficiaries { get; } = [];

    public List<TownPerson> Adults { get; } = [];

    public List<TownPerson> Children { get; } = [];

    /// <summary>Whether any child ever has the supplement; only then did the source ask the National Register.</summary>
    public bool EverHasSupplement => Children.Any(c => c.Periods.Any(p => p.Category == PaymentPeriod.SocialSupplement));

    public override string ToString() => "family";
}
