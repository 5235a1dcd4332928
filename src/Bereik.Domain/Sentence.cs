namespace Bereik.Domain;

/// <summary>A text in both languages (nl: tekst in twee talen).</summary>
public sealed record Sentence
{
    /// <summary>Dutch, plain.</summary>
    public required string Nl { get; init; }

    /// <summary>English.</summary>
    public required string En { get; init; }

    /// <summary>In one of the languages.</summary>
    /// <param name="english">English rather than Dutch.</param>
    public string In(bool english) => english ? En : Nl;
}
