using System.Security.Cryptography;

namespace Bereik.Exchange.Keys;

/// <summary>Seals content keys to an organisation: ECDH-ES+A256KW over P-256. Equal by key.</summary>
public sealed class SealingPublicKey : IEquatable<SealingPublicKey>
{
    internal SealingPublicKey(ECPoint point)
    {
        Point = point;
        Kid = P256.Thumbprint(point);
    }

    /// <summary>The key id: the RFC 7638 SHA-256 thumbprint, 43 characters of base64url.</summary>
    public string Kid { get; }

    internal ECPoint Point { get; }

    internal ECParameters Parameters => new() { Curve = ECCurve.NamedCurves.nistP256, Q = Point };

    /// <summary>Reads a public JWK. Codes: <c>jwk.json</c>, <c>jwk.type</c>, <c>jwk.use</c>, <c>jwk.point</c> (not on the curve, not 32 bytes), <c>jwk.private</c> (it holds a private key), <c>jwk.kid</c>.</summary>
    public static Parsed<SealingPublicKey> FromJwk(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (!P256.ReadPublic(json, P256.SealingUse).TryGet(out var key, out var error)) return error;
        return new SealingPublicKey(key.Parameters.Q);
    }

    /// <summary>The public JWK: members kty, crv, x, y, kid, use, in this order.</summary>
    public string ToJwk() => P256.WritePublic(Point, P256.SealingUse);

    /// <summary>A key object for a JOSE library; the caller disposes it.</summary>
    public ECDiffieHellman ToEcdh() => ECDiffieHellman.Create(Parameters);

    /// <summary>True for the same key.</summary>
    public bool Equals(SealingPublicKey? other) => other is not null && other.Kid == Kid;

    /// <summary>True for the same key.</summary>
    public override bool Equals(object? obj) => Equals(obj as SealingPublicKey);

    /// <summary>A hash of the key id.</summary>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Kid);

    /// <summary>The key id.</summary>
    public override string ToString() => Kid;
}
