using System.Security.Cryptography;

namespace Bereik.Exchange.Keys;

/// <summary>The public half of an edge token key of one epoch (P-256). Equal by key.</summary>
public sealed class TokenPublicKey : IEquatable<TokenPublicKey>
{
    internal TokenPublicKey(ECPoint point)
    {
        Point = point;
        Kid = P256.Thumbprint(point);
    }

    /// <summary>The key id: the RFC 7638 SHA-256 thumbprint, 43 characters of base64url.</summary>
    public string Kid { get; }

    internal ECPoint Point { get; }

    internal ECParameters Parameters => new() { Curve = ECCurve.NamedCurves.nistP256, Q = Point };

    /// <summary>Reads a public JWK. Codes: <c>jwk.json</c>, <c>jwk.type</c>, <c>jwk.use</c>, <c>jwk.point</c> (not on the curve, not 32 bytes), <c>jwk.private</c> (it holds a private key), <c>jwk.kid</c>.</summary>
    public static Parsed<TokenPublicKey> FromJwk(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (!P256.ReadPublic(json, P256.TokenUse).TryGet(out var key, out var error)) return error;
        return new TokenPublicKey(key.Parameters.Q);
    }

    /// <summary>The public JWK: members kty, crv, x, y, kid, use, in this order.</summary>
    public string ToJwk() => P256.WritePublic(Point, P256.TokenUse);

    /// <summary>A key object for the key agreement; the caller disposes it.</summary>
    public ECDiffieHellman ToEcdh() => ECDiffieHellman.Create(Parameters);

    /// <summary>True for the same key.</summary>
    public bool Equals(TokenPublicKey? other) => other is not null && other.Kid == Kid;

    /// <summary>True for the same key.</summary>
    public override bool Equals(object? obj) => Equals(obj as TokenPublicKey);

    /// <summary>A hash of the key id.</summary>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Kid);

    /// <summary>The key id.</summary>
    public override string ToString() => Kid;
}
