using System.Text.RegularExpressions;

namespace Bereik.Node.Logging;

/// <summary>
/// The last guard before a log line is written: anything that could be a national number, however it is spelled, becomes a fixed
/// word. What is logged should never hold one; this is for the day that it does.
/// </summary>
public static partial class PersonalNumberFilter
{
    /// <summary>What stands in the place of a number.</summary>
    public const string Word = "[nummer]";

    private const string Between = "(?:%[2A-Fa-f][0-9A-Fa-f]|[^0-9A-Za-z%]){0,3}";

    /// <summary>
    /// Replaces each run of exactly eleven digits, and each five groups of two, two, two, three and two digits with up to three other
    /// characters (or their percent codes) between the groups. Letters around it do not protect it; more digits do.
    /// </summary>
    /// <param name="text">A log line.</param>
    public static string Clean(string text) => Number().Replace(text, Word);

    [GeneratedRegex($"(?<![0-9])[0-9]{{2}}{Between}[0-9]{{2}}{Between}[0-9]{{2}}{Between}[0-9]{{3}}{Between}[0-9]{{2}}(?![0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
