using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Bereik.Ledger;

/// <summary>A Merkle Tree Hash (RFC 6962, 2.1): 32 bytes of SHA-256. As text, 44 characters of standard base64 with padding, as C2SP writes it.</summary>
public readonly record struct TreeHash
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 32;

    /// <summary>Length in characters.</summary>
    public const int TextLength = 44;

    private readonly ulong a;
    private readonly ulong b;
    private readonly ulong c;
    private readonly ulong d;

    /// <summary>Takes exactly 32 bytes.</summary>
    /// <exception cref="ArgumentException">Another length.</exception>
    public TreeHash(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length) throw new ArgumentException("Exactly 32 bytes.", nameof(bytes));
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        (a, b, c, d) = (words[0], words[1], words[2], words[3]);
    }

    /// <summary>The hash of the empty tree: SHA-256 of no bytes.</summary>
    public static TreeHash OfEmptyTree { get; } = new(SHA256.HashData([]));

    /// <summary>Reads 44 characters of canonical base64; false for anything else.</summary>
    /// <param name="text">The text.</param>
    /// <param name="hash">What was read.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out TreeHash hash)
    {
        Span<byte> bytes = stackalloc byte[Length + 1];
        hash = default;
        if (text.Length != TextLength || !StrictBase64.TryDecode(text, bytes, out var written) || written != Length) return false;
        hash = new TreeHash(bytes[..Length]);
        return true;
    }

    /// <summary>Writes the 32 bytes to the start of <paramref name="destination"/>.</summary>
    /// <param name="destination">At least 32 bytes.</param>
    public void CopyTo(Span<byte> destination)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(destination[..Length]);
        (words[0], words[1], words[2], words[3]) = (a, b, c, d);
    }

    /// <summary>The 32 bytes in a new array.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>44 characters of base64.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        return Convert.ToBase64String(bytes);
    }
}

/// <summary>Standard base64 (RFC 4648, 4) in its one canonical form: padding there, spare bits zero, nothing else.</summary>
internal static class StrictBase64
{
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes, out int written)
    {
        if (!Convert.TryFromBase64Chars(text, bytes, out written)) return false;

        // SECURITY: the platform skips white space and spare bits; one value must have one text, or a note could be changed and still hold.
        Span<char> again = text.Length <= 128 ? stackalloc char[text.Length] : new char[text.Length];
        return Convert.TryToBase64Chars(bytes[..written], again, out var length) && length == text.Length && again.SequenceEqual(text);
    }

    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        var buffer = new byte[(text.Length / 4 * 3) + 3];
        bytes = TryDecode(text, buffer, out var written) ? buffer[..written] : null;
        return bytes is not null;
    }
}
