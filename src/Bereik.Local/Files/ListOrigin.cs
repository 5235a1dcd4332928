using Bereik.Domain;
using Bereik.Local.Storage;

namespace Bereik.Local.Files;

// What each line of an exported list says of itself: for what it was received, under which text, by which clause. Who brings it back is held to that.
internal sealed record ListOrigin(string Protocol, string Clause)
{
    public const string ProtocolColumn = "protocol";
    public const string ClauseColumn = "clause";
    private static readonly string[] Purposes = [.. Enum.GetValues<Purpose>().Select(purpose => purpose.WireName())];

    public static IReadOnlyList<string> Columns { get; } = ["purpose", ProtocolColumn, ClauseColumn];

    public static IReadOnlyList<string> Cells(IReceivedRow row) => [row.Purpose, NameOf(row.ProtocolId, row.ProtocolVersion), row.Clause];

    // Whether a cell is the name of a purpose, also under another title.
    public static bool IsPurpose(ReadOnlySpan<char> cell)
    {
        foreach (var purpose in Purposes)
        {
            if (cell.Trim().Equals(purpose, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    // Whether a text is the one that the file names; the file itself proves nothing.
    public bool Names(Protocol text) => NameOf(text.Id, text.Version) == Protocol;

    public override string ToString() => nameof(ListOrigin);

    private static string NameOf(string id, string version) => $"{id} {version}";
}
