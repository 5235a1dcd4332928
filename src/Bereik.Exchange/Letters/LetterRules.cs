namespace Bereik.Exchange.Letters;

/// <summary>What the protocol and the one who runs the answer page ask of a letter (nl: regels).</summary>
public sealed record LetterRules
{
    /// <summary>Address of the answer page, https, ending in a slash; the number of the letter may be put behind it.</summary>
    public required Uri AnswerPage { get; init; }

    /// <summary>The lowest reading figure with which a letter goes out (Douma). 70 is where "fairly easy" begins, which is taken for B1.</summary>
    public double LeastReading { get; init; } = 70;

    /// <summary>The reference of the language law that the protocol names for text in another language; null when it names none.</summary>
    public string? LanguageGround { get; init; }

    /// <summary>True when the square code holds the bare number. A telephone then opens nothing: the person goes to the page and types.</summary>
    public bool BareNumber { get; init; }

    /// <summary>The address of the page as it is printed: without https and slash.</summary>
    public string Site => AnswerPage.Authority + AnswerPage.AbsolutePath.TrimEnd('/');

    /// <summary>What the square code holds: the number and at the most the page where it is asked. Never the secret code, and nothing by which one reading differs from another.</summary>
    /// <param name="number">Number of the letter.</param>
    public string PictureOf(string number) => BareNumber ? number : AnswerPage.AbsoluteUri + number;
}
