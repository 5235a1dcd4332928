namespace Bereik.Magda;

/// <summary>
/// A national number as it stands in a message (nl: INSZ), with its place. Its check digits are not verified here: a number that
/// nobody needs must not make a whole answer unreadable.
/// </summary>
public sealed record InszText
{
    /// <summary>The text as it stands, without white space around it. Eleven digits when <see cref="HasElevenDigits"/>.</summary>
    public required string Digits { get; init; }

    /// <summary>The line of the element in the file, from 1; 0 when unknown.</summary>
    public int Line { get; init; }

    /// <summary>The column of the element in its line, from 1; 0 when unknown.</summary>
    public int Column { get; init; }

    /// <summary>Whether the text is exactly eleven ASCII digits. Says nothing about the check digits.</summary>
    public bool HasElevenDigits => Digits.Length == 11 && Digits.All(char.IsAsciiDigit);

    /// <summary>Two numbers are equal when their text is, wherever they stand.</summary>
    /// <param name="other">The other number.</param>
    public bool Equals(InszText? other) => other is not null && string.Equals(Digits, other.Digits, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Digits);

    // SECURITY: a national number never reaches a log through string formatting.
    /// <summary>A fixed word, never the number.</summary>
    public override string ToString() => "INSZ";
}
