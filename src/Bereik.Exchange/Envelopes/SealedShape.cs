using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Bereik.Exchange.Envelopes;

/// <summary>Whether a text has the shape of a sealed record. Shape only: whether it is ciphertext shows at the recipient alone.</summary>
public static class SealedShape
{
    /// <summary>The protected header, byte for byte: <c>{"alg":"dir","enc":"A256GCM","typ":"bereik-record+jwe","exc":"...","row":0}</c>.</summary>
    public static string Header(Guid exchange, int slot) =>
        $$"""{"alg":"dir","enc":"A256GCM","typ":"bereik-record+jwe","exc":"{{exchange:D}}","row":{{slot.ToString(CultureInfo.InvariantCulture)}}}""";

    /// <summary>Checks one record.</summary>
    /// <returns>Null, or <c>seal.parts</c> (not five, or an encrypted key), <c>seal.header</c> (not exactly <see cref="Header"/>),
    /// <c>seal.encoding</c> or <c>seal.size</c> (IV not 12 bytes, tag not 16, ciphertext not the manifest's padded size).</returns>
    public static string? FindError(string sealedRecord, Guid exchange, int slot, int paddedSize)
    {
        ArgumentNullException.ThrowIfNull(sealedRecord);
        Span<Range> parts = stackalloc Range[6];
        var text = sealedRecord.AsSpan();
        if (text.Split(parts, '.') != 5 || !text[parts[1]].IsEmpty) return "seal.parts";
        if (!text[parts[0]].SequenceEqual(StrictBase64Url.Encode(Encoding.ASCII.GetBytes(Header(exchange, slot))))) return "seal.header";
        if (!StrictBase64Url.IsCanonical(text[parts[2]]) || !StrictBase64Url.IsCanonical(text[parts[3]]) || !StrictBase64Url.IsCanonical(text[parts[4]])) return "seal.encoding";
        return text[parts[2]].Length != 16 || text[parts[4]].Length != 22 || text[parts[3]].Length != Base64Url.GetEncodedLength(paddedSize) ? "seal.size" : null;
    }
}

/// <summary>Whether a text has the shape of a content key sealed to a recipient.</summary>
internal static class ContentKeyShape
{
    public static bool IsOne(string jwe, string recipientKid) => jwe.Length <= 1024 && SealedToKeyShape.IsOne(jwe, Signatures.JoseTypes.ContentKey, recipientKid, 32);
}

/// <summary>Whether a text has the shape of bytes sealed to a recipient's key: compact JWE, ECDH-ES+A256KW over P-256 and A256GCM, and no other header member.</summary>
internal static class SealedToKeyShape
{
    public static bool IsOne(string jwe, string typ, string recipientKid, int size)
    {
        Span<Range> parts = stackalloc Range[6];
        var text = jwe.AsSpan();
        if (text.Split(parts, '.') != 5 || !StrictBase64Url.TryDecode(text[parts[0]], out var header)) return false;
        return StrictJson.Read<Protected>(header) is { } read
            && read.Alg == "ECDH-ES+A256KW" && read.Enc == "A256GCM" && read.Typ == typ && read.Kid == recipientKid
            && read.Epk.Kty == "EC" && read.Epk.Crv == "P-256" && Bytes32.TryParse(read.Epk.X, out _) && Bytes32.TryParse(read.Epk.Y, out _)
            && HasBytes(text[parts[1]], 40) && HasBytes(text[parts[2]], 12) && HasBytes(text[parts[3]], size) && HasBytes(text[parts[4]], 16);
    }

    private static bool HasBytes(ReadOnlySpan<char> text, int count) =>
        text.Length == Base64Url.GetEncodedLength(count) && StrictBase64Url.IsCanonical(text);

    private sealed record Protected
    {
        public required string Alg { get; init; }
        public required string Enc { get; init; }
        public required string Typ { get; init; }
        public required string Kid { get; init; }
        public required EphemeralKey Epk { get; init; }
    }

    private sealed record EphemeralKey
    {
        public required string Kty { get; init; }
        public required string Crv { get; init; }
        public required string X { get; init; }
        public required string Y { get; init; }
    }
}
