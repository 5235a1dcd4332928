using System.Text;
using Bereik.Exchange.Keys;

namespace Bereik.Exchange.Signatures;

/// <summary>The value of the header <c>Bereik-Signature</c>: a JWS whose payload is the request body (RFC 7515, appendix F).</summary>
/// <remarks>
/// <c>protected..signature</c>; the protected header is exactly
/// <c>{"alg":"ES256","kid":"...","typ":"bereik-request+jws","iat":1790000000,"nonce":"...","aud":"..."}</c>.
/// Freshness and replay are the receiver's to check.
/// </remarks>
public sealed class DetachedSignature
{
    private readonly string header;
    private readonly byte[] signature;

    private DetachedSignature(Protected members, string header, byte[] signature)
    {
        this.header = header;
        this.signature = signature;
        Kid = members.Kid;
        IssuedAt = DateTimeOffset.FromUnixTimeSeconds(members.Iat);
        Nonce = members.Nonce;
        Audience = members.Aud;
    }

    /// <summary>The signer's key id.</summary>
    public string Kid { get; }

    /// <summary>When it was made; UTC, whole seconds.</summary>
    public DateTimeOffset IssuedAt { get; }

    /// <summary>32 random bytes; the receiver refuses one it has seen.</summary>
    public Bytes32 Nonce { get; }

    /// <summary>The receiving organisation's id.</summary>
    public string Audience { get; }

    /// <summary>Signs a body.</summary>
    public static DetachedSignature Sign(ReadOnlySpan<byte> body, string audience, DateTimeOffset now, SigningKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var members = new Protected
        {
            Alg = "ES256",
            Kid = key.Kid,
            Typ = JoseTypes.Request,
            Iat = now.ToUnixTimeSeconds(),
            Nonce = Bytes32.Random(),
            Aud = audience,
        };
        var header = StrictBase64Url.Encode(StrictJson.Write(members));
        return new DetachedSignature(members, header, key.Sign(SigningInput(header, body)));
    }

    /// <summary>Reads the header's value. Codes: <c>jws.parts</c>, <c>jws.encoding</c>, <c>jws.header</c>.</summary>
    public static Parsed<DetachedSignature> Parse(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var dots = value.IndexOf("..", StringComparison.Ordinal);
        if (dots <= 0 || value.Length > 2048) return new ParseError("jws.parts", "");
        if (!StrictBase64Url.TryDecode(value.AsSpan(0, dots), out var json)) return new ParseError("jws.encoding", "header");
        var signature = new byte[64];
        if (!StrictBase64Url.TryDecode(value.AsSpan(dots + 2), signature)) return new ParseError("jws.encoding", "signature");
        if (StrictJson.Read<Protected>(json) is not { } members
            || members.Alg != "ES256" || members.Typ != JoseTypes.Request || !Bytes32.TryParse(members.Kid, out _)
            || !Words.Organisation().IsMatch(members.Aud) || members.Iat is < 0 or > 253_402_300_799
            || !json.AsSpan().SequenceEqual(StrictJson.Write(members)))
            return new ParseError("jws.header", "");
        return new DetachedSignature(members, value[..dots], signature);
    }

    /// <summary>True when the header names this key and the signature over the body is by it.</summary>
    public bool IsSignedBy(SigningPublicKey key, ReadOnlySpan<byte> body)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Kid == Kid && key.Verify(SigningInput(header, body), signature);
    }

    /// <summary>The header's value: <c>protected..signature</c>.</summary>
    public override string ToString() => $"{header}..{StrictBase64Url.Encode(signature)}";

    private static byte[] SigningInput(string header, ReadOnlySpan<byte> body) => Encoding.ASCII.GetBytes($"{header}.{StrictBase64Url.Encode(body)}");

    private sealed record Protected
    {
        public required string Alg { get; init; }
        public required string Kid { get; init; }
        public required string Typ { get; init; }
        public required long Iat { get; init; }
        public required Bytes32 Nonce { get; init; }
        public required string Aud { get; init; }
    }
}
