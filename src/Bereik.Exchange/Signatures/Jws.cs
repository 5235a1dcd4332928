using System.Text;
using Bereik.Exchange.Keys;

namespace Bereik.Exchange.Signatures;

/// <summary>Compact JWS, ES256 (RFC 7515), with a protected header of exactly <c>{"alg":"ES256","kid":"...","typ":"..."}</c>.</summary>
/// <remarks>The header is compared byte for byte: no other member, order, space or escape parses. So there is nothing to negotiate.</remarks>
public static class Jws
{
    private const string HeaderStart = """{"alg":"ES256","kid":""";

    /// <summary>Signs a payload.</summary>
    /// <param name="typ">One of <see cref="JoseTypes"/>.</param>
    /// <param name="payload">The bytes to sign.</param>
    /// <param name="key">The signer's key.</param>
    public static string Sign(string typ, ReadOnlySpan<byte> payload, SigningKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var signed = $"{StrictBase64Url.Encode(Encoding.ASCII.GetBytes(Header(typ, key.Kid)))}.{StrictBase64Url.Encode(payload)}";
        return $"{signed}.{StrictBase64Url.Encode(key.Sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>Reads the parts, without verifying the signature.</summary>
    /// <param name="compact">The three parts; only canonical base64url.</param>
    /// <param name="typ">The one <c>typ</c> that is accepted.</param>
    /// <returns>The parts, or <c>jws.parts</c>, <c>jws.encoding</c> (place: header, payload or signature) or <c>jws.header</c>.</returns>
    public static Parsed<JwsParts> Read(string compact, string typ)
    {
        ArgumentNullException.ThrowIfNull(compact);
        var first = compact.IndexOf('.', StringComparison.Ordinal);
        var last = compact.LastIndexOf('.');
        if (first < 0 || last == first || compact.IndexOf('.', first + 1) != last) return new ParseError("jws.parts", "");
        if (!StrictBase64Url.TryDecode(compact.AsSpan(0, first), out var header)) return new ParseError("jws.encoding", "header");
        if (!StrictBase64Url.TryDecode(compact.AsSpan(first + 1, last - first - 1), out var payload)) return new ParseError("jws.encoding", "payload");
        var signature = new byte[64];
        if (!StrictBase64Url.TryDecode(compact.AsSpan(last + 1), signature)) return new ParseError("jws.encoding", "signature");

        if (header.Length > 512) return new ParseError("jws.header", "");
        var text = Encoding.Latin1.GetString(header);
        if (text.Length < HeaderStart.Length + 1 + Bytes32.TextLength) return new ParseError("jws.header", "");
        var kid = text.Substring(HeaderStart.Length + 1, Bytes32.TextLength);
        if (!Bytes32.TryParse(kid, out _) || text != Header(typ, kid)) return new ParseError("jws.header", "");
        return new JwsParts(kid, payload, compact[..last], signature);
    }

    private static string Header(string typ, string kid) => $$"""{{HeaderStart}}"{{kid}}","typ":"{{typ}}"}""";
}

/// <summary>A JWS taken apart. Nothing in it is to be trusted before <see cref="IsSignedBy"/> is true.</summary>
public sealed class JwsParts
{
    private readonly byte[] signature;

    internal JwsParts(string kid, byte[] payload, string signingInput, byte[] signature)
    {
        Kid = kid;
        Payload = payload;
        SigningInput = signingInput;
        this.signature = signature;
    }

    /// <summary>The key id that the header names.</summary>
    public string Kid { get; }

    /// <summary>The payload's bytes.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>The text that was signed: header "." payload, base64url both.</summary>
    public string SigningInput { get; }

    /// <summary>True when the header names this key and the signature is by it.</summary>
    public bool IsSignedBy(SigningPublicKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Kid == Kid && key.Verify(Encoding.ASCII.GetBytes(SigningInput), signature);
    }

    /// <summary>The key id only.</summary>
    public override string ToString() => $"JWS by {Kid}";
}
