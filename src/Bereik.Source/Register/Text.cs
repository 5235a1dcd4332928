namespace Bereik.Source.Register;

// Words of a register as they are compared and printed: no white space around or twice within, nothing for nothing.
internal static class Text
{
    public static string? Clean(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        return string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    public static string Join(IEnumerable<string> words) => Clean(string.Join(' ', words)) ?? "";
}
