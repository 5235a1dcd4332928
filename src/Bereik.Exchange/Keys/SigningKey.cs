using System.Security.Cryptography;

namespace Bereik.Exchange.Keys;

/// <summary>Signs in an organisation's name: ES256 over P-256 (nl: handtekensleutel). Disposing zeroes it.</summary>
public sealed class SigningKey : IDisposable
{
    private readonly ECParameters parameters;
    private bool isDisposed;

    private SigningKey(ECParameters parameters)
    {
        this.parameters = parameters;
        PublicKey = new SigningPublicKey(parameters.Q);
    }

    /// <summary>The public half.</summary>
    public SigningPublicKey PublicKey { get; }

    /// <summary>The key id of both halves.</summary>
    public string Kid => PublicKey.Kid;

    /// <summary>Makes a new random key.</summary>
    public static SigningKey Generate() => new(P256.Generate());

    /// <summary>Reads a private JWK. Codes: <c>jwk.json</c>, <c>jwk.type</c>, <c>jwk.use</c>, <c>jwk.point</c>, <c>jwk.private</c> (none in it), <c>jwk.kid</c>.</summary>
    public static Parsed<SigningKey> FromJwk(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (!P256.ReadPrivate(json, P256.SigningUse).TryGet(out var key, out var error)) return error;
        return new SigningKey(key.Parameters);
    }

    /// <summary>The private JWK, a secret: members kty, crv, x, y, d, kid, use, in this order.</summary>
    public string ExportJwk() => P256.WritePrivate(Parameters(), P256.SigningUse);

    /// <summary>The ES256 signature over the bytes: 64 bytes, r then s.</summary>
    public byte[] Sign(ReadOnlySpan<byte> bytes)
    {
        using var key = ECDsa.Create(Parameters());
        return key.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    /// <summary>Zeroes the private half.</summary>
    public void Dispose()
    {
        isDisposed = true;
        CryptographicOperations.ZeroMemory(parameters.D);
    }

    /// <summary>The key id, never the key.</summary>
    public override string ToString() => Kid;

    private ECParameters Parameters()
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        return parameters;
    }
}
