using Bereik.Exchange.Keys;
using Bereik.Exchange.Oprf;

namespace Bereik.Exchange.Log;

/// <summary>Reads the keys in key statements.</summary>
public static class KeyStatements
{
    /// <summary>The id of a public key.</summary>
    /// <param name="use">What it is for.</param>
    /// <param name="key">A JWK as text, or an OPRF key in base64url.</param>
    /// <returns>Null when it is no such key.</returns>
    public static string? KidOf(KeyUse use, string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return use switch
        {
            KeyUse.Signing => SigningPublicKey.FromJwk(key).TryGet(out var signing, out _) ? signing.Kid : null,
            KeyUse.Sealing => SealingPublicKey.FromJwk(key).TryGet(out var sealing, out _) ? sealing.Kid : null,
            KeyUse.Token => TokenPublicKey.FromJwk(key).TryGet(out var token, out _) ? token.Kid : null,
            KeyUse.Oprf => IsOprfKey(key) ? key : null,
            _ => null,
        };
    }

    private static bool IsOprfKey(string text)
    {
        Span<byte> bytes = stackalloc byte[OprfClient.ElementBytes];
        return StrictBase64Url.TryDecode(text, bytes) && OprfClient.IsElement(bytes);
    }
}
