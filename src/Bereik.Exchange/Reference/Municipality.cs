namespace Bereik.Exchange.Reference;

/// <summary>A Flemish municipality (nl: gemeente) as the public registers list it.</summary>
public sealed record Municipality
{
    /// <summary>The NIS code, five digits (nl: NIS-code).</summary>
    public required string NisCode { get; init; }

    /// <summary>The official Dutch name.</summary>
    public required string Name { get; init; }

    /// <summary>The province.</summary>
    public required string Province { get; init; }

    /// <summary>Inhabitants in 2018, for merged municipalities added up.</summary>
    public required int Inhabitants { get; init; }

    /// <summary>The OVO code, <c>OVO</c> and six digits. May stay the same across a merger.</summary>
    public required string OvoCode { get; init; }

    /// <summary>The first day this code is valid; null when it was valid before 2025 already.</summary>
    public DateOnly? ValidFrom { get; init; }

    /// <summary>The last day this code is valid; null while it is.</summary>
    public DateOnly? ValidTo { get; init; }

    /// <summary>The NIS code of the municipality it merged into; null when it did not.</summary>
    public string? MergedInto { get; init; }

    /// <summary>Whether the municipality has an OCMW of its own: every one but Herstappe.</summary>
    public bool HasOcmw => NisCode != "73028";

    /// <summary>Whether the code is valid on a day.</summary>
    /// <param name="day">The day, Europe/Brussels.</param>
    public bool IsValidOn(DateOnly day) => (ValidFrom is not { } from || from <= day) && (ValidTo is not { } to || day <= to);
}
