using System.Globalization;
using System.Text;

namespace Bereik.Ledger;

/// <summary>
/// Where a tile or entry bundle stands under the log's prefix (C2SP tlog-tiles): <c>tile/0/x001/x234/067.p/12</c>, <c>tile/entries/000</c>.
/// </summary>
/// <param name="Level">0 to 63; <see cref="Entries"/> for an entry bundle.</param>
/// <param name="Index">Place within the level, from 0.</param>
/// <param name="Width">1 to 256; below 256 it is a partial tile.</param>
public readonly record struct TilePath(int Level, long Index, int Width)
{
    /// <summary>The level that stands for entry bundles.</summary>
    public const int Entries = -1;

    /// <summary>Hashes, or entries, in a full tile.</summary>
    public const int FullWidth = 256;

    /// <summary>Whether it is full and never changes.</summary>
    public bool IsFull => Width == FullWidth;

    /// <summary>The full tile of the same place.</summary>
    public TilePath Full => this with { Width = FullWidth };

    /// <summary>The tile that holds a hash of a level in a tree of a size.</summary>
    /// <param name="level">Level, or <see cref="Entries"/>.</param>
    /// <param name="index">Place of the tile.</param>
    /// <param name="size">Size of the tree.</param>
    /// <returns>Its path with the width that it has in that tree; null when the tree has no such tile.</returns>
    public static TilePath? In(int level, long index, long size)
    {
        var hashes = level <= 0 ? size : level > 7 ? 0 : size >> (8 * level);
        var width = Math.Min(FullWidth, hashes - (index * FullWidth));
        return index < 0 || width <= 0 ? null : new TilePath(level, index, (int)width);
    }

    /// <summary>Reads a path; false for anything but its one canonical form.</summary>
    /// <param name="text">Without a leading slash.</param>
    /// <param name="path">What was read.</param>
    public static bool TryParse(string text, out TilePath path)
    {
        ArgumentNullException.ThrowIfNull(text);
        path = default;
        var width = FullWidth;
        var place = text;
        if (text.IndexOf(".p/", StringComparison.Ordinal) is >= 0 and var dot)
        {
            if (!TryNumber(text.AsSpan(dot + 3), 255, out var partial) || partial == 0) return false;
            (width, place) = ((int)partial, text[..dot]);
        }

        var parts = place.Split('/');
        if (parts.Length is < 3 or > 8 || parts[0] != "tile") return false;
        var level = Entries;
        if (parts[1] != "entries")
        {
            if (!TryNumber(parts[1], 63, out var number)) return false;
            level = (int)number;
        }

        long index = 0;
        for (var i = 2; i < parts.Length; i++)
        {
            var isLast = i == parts.Length - 1;
            var digits = parts[i].AsSpan();
            if (!isLast && (digits.Length != 4 || digits[0] != 'x')) return false;
            if (!isLast) digits = digits[1..];
            if (digits.Length != 3 || digits.ContainsAnyExceptInRange('0', '9')) return false;
            index = (index * 1000) + int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        }

        path = new TilePath(level, index, width);
        return path.ToString() == text;
    }

    /// <summary>The path, without a leading slash.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("tile/").Append(Level == Entries ? "entries" : Level.ToString(CultureInfo.InvariantCulture)).Append('/');
        var digits = Index.ToString("000", CultureInfo.InvariantCulture);
        digits = digits.PadLeft((digits.Length + 2) / 3 * 3, '0');
        for (var i = 0; i < digits.Length; i += 3)
        {
            if (i + 3 < digits.Length) text.Append('x').Append(digits, i, 3).Append('/');
            else text.Append(digits, i, 3);
        }

        if (!IsFull) text.Append(".p/").Append(Width.ToString(CultureInfo.InvariantCulture));
        return text.ToString();
    }

    private static bool TryNumber(ReadOnlySpan<char> text, int most, out long number)
    {
        number = -1;
        if (text.Length is 0 or > 4 || text.ContainsAnyExceptInRange('0', '9') || (text.Length > 1 && text[0] == '0')) return false;
        number = int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
        return number <= most;
    }
}
