using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Bereik.Ledger;

/// <summary>An entry bundle (C2SP tlog-tiles): entries one after another, each after its length as a big-endian uint16.</summary>
public static class EntryBundle
{
    /// <summary>The longest entry, in bytes.</summary>
    public const int LongestEntry = ushort.MaxValue;

    /// <summary>Writes entries as one bundle.</summary>
    /// <param name="entries">1 to 256 entries of at most <see cref="LongestEntry"/> bytes.</param>
    public static byte[] Write(IReadOnlyList<ReadOnlyMemory<byte>> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentOutOfRangeException.ThrowIfZero(entries.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entries.Count, TilePath.FullWidth);
        var bundle = new byte[entries.Sum(entry => entry.Length + 2)];
        var at = bundle.AsSpan();
        foreach (var entry in entries)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(entry.Length, LongestEntry);
            BinaryPrimitives.WriteUInt16BigEndian(at, (ushort)entry.Length);
            entry.Span.CopyTo(at[2..]);
            at = at[(entry.Length + 2)..];
        }

        return bundle;
    }

    /// <summary>Reads a bundle.</summary>
    /// <param name="bundle">Foreign bytes.</param>
    /// <param name="entries">The entries, 1 to 256; each is a part of <paramref name="bundle"/>.</param>
    /// <returns>False when a length and what follows do not agree, or there are none or too many.</returns>
    public static bool TryRead(ReadOnlyMemory<byte> bundle, [NotNullWhen(true)] out IReadOnlyList<ReadOnlyMemory<byte>>? entries)
    {
        entries = null;
        var read = new List<ReadOnlyMemory<byte>>();
        while (bundle.Length > 0)
        {
            if (bundle.Length < 2 || read.Count == TilePath.FullWidth) return false;
            var length = BinaryPrimitives.ReadUInt16BigEndian(bundle.Span);
            if (bundle.Length < length + 2) return false;
            read.Add(bundle.Slice(2, length));
            bundle = bundle[(length + 2)..];
        }

        if (read.Count == 0) return false;
        entries = read;
        return true;
    }
}
