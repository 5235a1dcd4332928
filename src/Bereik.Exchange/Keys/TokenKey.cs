using System.Security.Cryptography;

namespace Bereik.Exchange.Keys;

/// <summary>Agrees the secret of a pair of edges, for one epoch and nothing else (P-256; nl: pseudoniemsleutel). Disposing zeroes it.</summary>
public sealed class TokenKey : IDisposable
{
    private readonly ECParameters parameters;
    private bool isDisposed;

    private TokenKey(ECParameters parameters)
    {
        this.parameters = parameters;
        PublicKey = new TokenPublicKey(parameters.Q);
    }

    /// <summary>The public half.</summary>
    public TokenPublicKey PublicKey { get; }

    /// <summary>The key id of both halves.</summary>
    public string Kid => PublicKey.Kid;

    /// <summary>Makes a new random key.</summary>
    public static TokenKey Generate() => new(P256.Generate());

    /// <summary>Reads a private JWK. Codes: <c>jwk.json</c>, <c>jwk.type</c>, <c>jwk.use</c>, <c>jwk.point</c>, <c>jwk.private</c> (none in it), <c>jwk.kid</c>.</summary>
    public static Parsed<TokenKey> FromJwk(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (!P256.ReadPrivate(json, P256.TokenUse).TryGet(out var key, out var error)) return error;
        return new TokenKey(key.Parameters);
    }

    /// <summary>The private JWK, a secret: members kty, crv, x, y, d, kid, use, in this order.</summary>
    public string ExportJwk() => P256.WritePrivate(Parameters(), P256.TokenUse);

    /// <summary>A key object for the key agreement; the caller disposes it.</summary>
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
