using System.Security.Cryptography;

namespace Bereik.Exchange.Keys;

/// <summary>Checks an organisation's ES256 signatures (P-256). Equal by key.</summary>
public sealed class SigningPublicKey : IEquatable<SigningPublicKey>
{
    internal SigningPublicKey(ECPoint point)
    {
        Point = point;
        Kid = P256.Thumbprint(point);
    }

    /// <summary>The key id: the RFC 7638 SHA-256 thumbprint, 43 characters of base64url.</summary>
    public string Kid { get; }

    internal ECPoint Point { get; }

    internal ECParameters Parameters => new() { Curve = ECCurve.NamedCurves.nistP256, Q = Point };

    /// <summary>Reads a public JWK. Codes: <c>jwk.json</c>, <c>jwk.type</c>, <c>jwk.use</c>, <c>jwk.point</c> (not on the curve, not 32 bytes), <c>jwk.private</c> (it holds a private key), <c>jwk.kid</c>.</summary>
    public static Parsed<SigningPublicKey> FromJwk(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (!P256.ReadPublic(json, P256.SigningUse).TryGet(out var key, out var error)) return error;
        return new SigningPublicKey(key.Parameters.Q);
    }

    /// <summary>The public JWK: members kty, crv, x, y, kid, use, in this order.</summary>
    public string ToJwk() => P256.WritePublic(Point, P256.SigningUse);

    /// <summary>True when the signature (64 bytes, r then s) over the bytes is by this key.</summary>
    public bool Verify(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> signature)
    {
        using var key = ECDsa.Create(Parameters);
        return signature.Length == 64 && key.VerifyData(bytes, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    /// <summary>True for the same key.</summary>
    public bool Equals(SigningPublicKey? other) => other is not null && other.Kid == Kid;

    /// <summary>True for the same key.</summary>
    public override bool Equals(object? obj) => Equals(obj as SigningPublicKey);

    /// <summary>A hash of the key id.</summary>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Kid);

    /// <summary>The key id.</summary>
    public override string ToString() => Kid;
}
