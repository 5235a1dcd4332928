using System.ComponentModel.DataAnnotations;

namespace Bereik.Domain;

/// <summary>A text in both languages (nl: tekst in twee talen).</summary>
public sealed record Sentence
{
    /// <summary>Dutch, plain.</summary>
    [StringLength(1000, MinimumLength = 3)]
    public required string Nl { get; init; }

    /// <summary>English.</summary>
    [StringLength(1000, MinimumLength = 3)]
    public required string En { get; init; }

    /// <summary>In one of the languages.</summary>
    /// <param name="english">English rather than Dutch.</param>
    public string In(bool english) => english ? En : Nl;
}
