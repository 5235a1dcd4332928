using System.Text.RegularExpressions;

namespace Bereik.Exchange;

/// <summary>The shapes of the words in signed documents.</summary>
internal static partial class Words
{
    public const string Match = "match";
    public const string Unknown = "unknown";

    public const string Messenger = "messenger";

    public static bool IsListFlow(string text) => text is Match or Unknown;

    [GeneratedRegex("^[a-z0-9-]{2,40}\\z", RegexOptions.CultureInvariant)]
    public static partial Regex Organisation();

    [GeneratedRegex("^[a-z0-9][a-z0-9.-]{1,79}\\z", RegexOptions.CultureInvariant)]
    public static partial Regex Protocol();

    [GeneratedRegex("^[0-9A-Za-z][0-9A-Za-z.-]{0,31}\\z", RegexOptions.CultureInvariant)]
    public static partial Regex Version();

    [GeneratedRegex("^[a-z][A-Za-z]{1,19}\\z", RegexOptions.CultureInvariant)]
    public static partial Regex Part();

    [GeneratedRegex("^(?=.{1,80}\\z)[a-z0-9]+(-[a-z0-9]+){0,8}\\z", RegexOptions.CultureInvariant)]
    public static partial Regex Service();

    [GeneratedRegex("^[0-9]{4}Q[1-4]\\z", RegexOptions.CultureInvariant)]
    public static partial Regex Epoch();

    [GeneratedRegex("^[0-9]{4}-(0[1-9]|1[0-2])\\z", RegexOptions.CultureInvariant)]
    public static partial Regex Month();

    [GeneratedRegex("^[0-9]{5}\\z", RegexOptions.CultureInvariant)]
    public static partial Regex Nis();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9.-]{0,79}\\z", RegexOptions.CultureInvariant)]
    public static partial Regex Code();
}
