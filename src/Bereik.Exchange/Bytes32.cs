using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Bereik.Exchange;

/// <summary>Thirty-two bytes that are no secret and no person: a SHA-256 digest, a nonce, a context. 43 characters of base64url as text.</summary>
public readonly record struct Bytes32
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 32;

    /// <summary>Length in characters of the base64url text.</summary>
    public const int TextLength = 43;

    private readonly ulong a;
    private readonly ulong b;
    private readonly ulong c;
    private readonly ulong d;

    /// <summary>Takes exactly 32 bytes.</summary>
    /// <exception cref="ArgumentException">Another length.</exception>
    public Bytes32(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length) throw new ArgumentException("Exactly 32 bytes.", nameof(bytes));
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        (a, b, c, d) = (words[0], words[1], words[2], words[3]);
    }

    /// <summary>Thirty-two random bytes.</summary>
    public static Bytes32 Random()
    {
        Span<byte> bytes = stackalloc byte[Length];
        RandomNumberGenerator.Fill(bytes);
        return new Bytes32(bytes);
    }

    /// <summary>SHA-256 of the bytes.</summary>
    public static Bytes32 Sha256(ReadOnlySpan<byte> bytes)
    {
        Span<byte> digest = stackalloc byte[Length];
        SHA256.HashData(bytes, digest);
        return new Bytes32(digest);
    }

    /// <summary>Reads 43 characters of canonical base64url; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Bytes32 value)
    {
        Span<byte> bytes = stackalloc byte[Length];
        var isRead = StrictBase64Url.TryDecode(text, bytes);
        value = isRead ? new Bytes32(bytes) : default;
        return isRead;
    }

    /// <summary>Writes the 32 bytes to the start of <paramref name="destination"/>.</summary>
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

    /// <summary>43 characters of base64url.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        return StrictBase64Url.Encode(bytes);
    }
}
