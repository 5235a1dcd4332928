using System.Globalization;

namespace Bereik.Source;

// The NIS codes that a local government answers for: five digits, or five digits, '@' and the day from which the code counts.
internal static class Territory
{
    public static bool IsReadable(IReadOnlyList<string> codes) => codes.Count > 0 && codes.All(text => TryRead(text, out _, out _));

    public static IReadOnlyList<string> On(IReadOnlyList<string> codes, DateOnly day) =>
        [.. codes.Where(text => TryRead(text, out _, out var from) && from <= day).Select(text => text[..5])];

    private static bool TryRead(string text, out string code, out DateOnly from)
    {
        code = text.Length >= 5 ? text[..5] : "";
        from = DateOnly.MinValue;
        if (code.Length != 5 || !code.All(char.IsAsciiDigit)) return false;
        return text.Length == 5 || (text[5] == '@' && DateOnly.TryParseExact(text.AsSpan(6), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out from));
    }
}
