using System.Text.RegularExpressions;

namespace Bereik.Node.Logging;

/// <summary>
/// The last guard before a log line is written: anything that could be a national number, with or without its usual
/// punctuation, becomes a fixed word. What is logged should never hold one; this is for the day that it does.
/// </summary>
public static partial class PersonalNumberFilter
{
    /// <summary>What stands in the place of a number.</summary>
    public const string Word = "[nummer]";

    /// <summary>Replaces each run of eleven digits that is not part of a longer word.</summary>
    /// <param name="text">A log line.</param>
    public static string Clean(string text) => Number().Replace(text, Word);

    [GeneratedRegex(@"(?<![0-9A-Za-z])[0-9]{2}[.\- ]?[0-9]{2}[.\- ]?[0-9]{2}[.\- ]?[0-9]{3}[.\- ]?[0-9]{2}(?![0-9A-Za-z])", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
