using System.Security.Cryptography;

namespace Bereik.Exchange.Keys;

/// <summary>Opens what was sealed to an organisation: ECDH-ES+A256KW over P-256 (nl: verzegelsleutel). Disposing zeroes it.</summary>
public sealed class SealingKey : IDisposable
{
    private readonly ECParameters parameters;
    private bool isDisposed;

    private SealingKey(ECParameters parameters)
    {
        this.parameters = parameters;
        PublicKey = new SealingPublicKey(parameters.Q);
    }

    /// <summary>The public half.</summary>
    public SealingPublicKey PublicKey { get; }

    /// <summary>The key id of both halves.</summary>
    public string Kid => PublicKey.Kid;

    /// <summary>Makes a new random key.</summary>
    public static SealingKey Generate() => new(P256.Generate());

    /// <summary>Reads a private JWK. Codes: <c>jwk.json</c>, <c>jwk.type</c>, <c>jwk.use</c>, <c>jwk.point</c>, <c>jwk.private</c> (none in it), <c>jwk.kid</c>.</summary>
    public static Parsed<SealingKey> FromJwk(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (!P256.ReadPrivate(json, P256.SealingUse).TryGet(out var key, out var error)) return error;
        return new SealingKey(key.Parameters);
    }

    /// <summary>The private JWK, a secret: members kty, crv, x, y, d, kid, use, in this order.</summary>
    public string ExportJwk() => P256.WritePrivate(Parameters(), P256.SealingUse);

    /// <summary>A key object for a JOSE library; the caller disposes it.</summary>
    public ECDiffieHellman ToEcdh() => ECDiffieHellman.Create(Parameters());

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
