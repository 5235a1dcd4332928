using Bereik.Exchange;

namespace Bereik.Source.Protocols;

// What people type in a form, as a document carries it.
internal static class FormText
{
    // One paragraph without control characters: it is signed, and read by others on their pages.
    public static string Line(string? typed) =>
        string.Join(' ', new string([.. (typed ?? "").Select(c => char.IsControl(c) ? ' ' : c)]).Split(' ', StringSplitOptions.RemoveEmptyEntries));

    public static IReadOnlyList<string> Lines(string? typed) => [.. (typed ?? "").Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];

    public static Bytes32 Hash(string hash) => Bytes32.TryParse(hash, out var bytes) ? bytes : throw new InvalidOperationException("A text in the register has no hash.");
}
