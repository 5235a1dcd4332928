using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace Bereik.Exchange;

/// <summary>base64url without padding (RFC 4648, 5) in its one canonical form: nothing else decodes.</summary>
public static class StrictBase64Url
{
    /// <summary>Encodes without padding.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    /// <summary>Decodes; false for padding, white space, other characters or spare bits that are not zero.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (!IsCanonical(text)) return false;
        bytes = Base64Url.DecodeFromChars(text);
        return true;
    }

    /// <summary>Decodes exactly as many bytes as <paramref name="bytes"/> holds.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes) =>
        text.Length == Base64Url.GetEncodedLength(bytes.Length) && IsCanonical(text) && Base64Url.DecodeFromChars(text, bytes) == bytes.Length;

    /// <summary>Decodes exactly as many bytes as <paramref name="bytes"/> holds, from ASCII.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> ascii, Span<byte> bytes)
    {
        if (ascii.Length != Base64Url.GetEncodedLength(bytes.Length) || !IsCanonical(ascii)) return false;
        return Base64Url.DecodeFromUtf8(ascii, bytes) == bytes.Length;
    }

    /// <summary>True when the text is the canonical encoding of some bytes (possibly none).</summary>
    public static bool IsCanonical(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
            if (ValueOf(c) < 0) return false;
        return HasCanonicalEnd(text.Length, text.IsEmpty ? 0 : ValueOf(text[^1]));
    }

    /// <summary>True when the ASCII text is the canonical encoding of some bytes (possibly none).</summary>
    public static bool IsCanonical(ReadOnlySpan<byte> ascii)
    {
        foreach (var c in ascii)
            if (ValueOf((char)c) < 0) return false;
        return HasCanonicalEnd(ascii.Length, ascii.IsEmpty ? 0 : ValueOf((char)ascii[^1]));
    }

    // SECURITY: the spare low bits of the last character are zero, so that one value has one text.
    private static bool HasCanonicalEnd(int length, int last) => (length % 4) switch
    {
        0 => true,
        2 => (last & 0b1111) == 0,
        3 => (last & 0b11) == 0,
        _ => false,
    };

    private static int ValueOf(char c) => c switch
    {
        >= 'A' and <= 'Z' => c - 'A',
        >= 'a' and <= 'z' => c - 'a' + 26,
        >= '0' and <= '9' => c - '0' + 52,
        '-' => 62,
        '_' => 63,
        _ => -1,
    };
}
