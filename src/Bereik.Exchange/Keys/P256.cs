using System.Security.Cryptography;
using System.Text;

namespace Bereik.Exchange.Keys;

/// <summary>The JWK form of P-256 keys (RFC 7517, RFC 7518 6.2), one strict reader and writer for the six key types.</summary>
internal static class P256
{
    public const string SigningUse = "sig";
    public const string SealingUse = "enc";
    public const string TokenUse = "bereik-token";

    /// <summary>RFC 7638: SHA-256 over the required members in order, as base64url.</summary>
    public static string Thumbprint(ECPoint q) =>
        Bytes32.Sha256(Encoding.ASCII.GetBytes(
            $$"""{"crv":"P-256","kty":"EC","x":"{{StrictBase64Url.Encode(q.X)}}","y":"{{StrictBase64Url.Encode(q.Y)}}"}""")).ToString();

    public static string WritePublic(ECPoint q, string use) => Encoding.UTF8.GetString(StrictJson.Write(Document(q, use)));

    public static string WritePrivate(ECParameters key, string use) =>
        Encoding.UTF8.GetString(StrictJson.Write(Document(key.Q, use) with { D = StrictBase64Url.Encode(key.D) }));

    public static Parsed<Key> ReadPublic(string json, string use)
    {
        if (!ReadDocument(json, use).TryGet(out var jwk, out var error)) return error;
        // SECURITY: a private key handed over as a public one has left its owner; it is refused, not trimmed.
        if (jwk.D is not null) return new ParseError("jwk.private", "d");
        return Import(jwk, null);
    }

    public static Parsed<Key> ReadPrivate(string json, string use)
    {
        if (!ReadDocument(json, use).TryGet(out var jwk, out var error)) return error;
        var d = new byte[32];
        if (jwk.D is null || !StrictBase64Url.TryDecode(jwk.D, d)) return new ParseError("jwk.private", "d");
        return Import(jwk, d);
    }

    public static ECParameters Generate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportParameters(includePrivateParameters: true);
    }

    private static JwkDocument Document(ECPoint q, string use) => new()
    {
        Kty = "EC",
        Crv = "P-256",
        X = StrictBase64Url.Encode(q.X),
        Y = StrictBase64Url.Encode(q.Y),
        Kid = Thumbprint(q),
        Use = use,
    };

    private static Parsed<JwkDocument> ReadDocument(string json, string use)
    {
        if (StrictJson.Read<JwkDocument>(Encoding.UTF8.GetBytes(json)) is not { } jwk) return new ParseError("jwk.json", "");
        if (jwk.Kty != "EC") return new ParseError("jwk.type", "kty");
        if (jwk.Crv != "P-256") return new ParseError("jwk.type", "crv");
        if (jwk.Use is not null && jwk.Use != use) return new ParseError("jwk.use", "use");
        return jwk;
    }

    private static Parsed<Key> Import(JwkDocument jwk, byte[]? d)
    {
        byte[] x = new byte[32], y = new byte[32];
        if (!StrictBase64Url.TryDecode(jwk.X, x)) return new ParseError("jwk.point", "x");
        if (!StrictBase64Url.TryDecode(jwk.Y, y)) return new ParseError("jwk.point", "y");
        var q = new ECPoint { X = x, Y = y };
        try
        {
            // SECURITY: the platform checks on import that the point lies on the curve.
            using var onCurve = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = q });
            if (d is not null)
            {
                using var own = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = d });
                var derived = own.ExportParameters(includePrivateParameters: false).Q;
                if (!derived.X.AsSpan().SequenceEqual(x) || !derived.Y.AsSpan().SequenceEqual(y)) return new ParseError("jwk.point", "d");
            }
        }
        catch (CryptographicException)
        {
            return new ParseError("jwk.point", "");
        }

        if (jwk.Kid is not null && jwk.Kid != Thumbprint(q)) return new ParseError("jwk.kid", "kid");
        return new Key(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = q, D = d });
    }

    /// <summary>A key that was read; a class only so that a result can hold it.</summary>
    public sealed class Key(ECParameters parameters)
    {
        public ECParameters Parameters => parameters;
    }

    private sealed record JwkDocument
    {
        public required string Kty { get; init; }
        public required string Crv { get; init; }
        public required string X { get; init; }
        public required string Y { get; init; }
        public string? D { get; init; }
        public string? Kid { get; init; }
        public string? Use { get; init; }
    }
}
