using Bereik.Exchange.Keys;
using Bereik.Exchange.Signatures;
using Jose;

namespace Bereik.Sealing.Packages;

/// <summary>The key of one exchange's records, sealed to the recipient: compact JWE, ECDH-ES+A256KW over P-256 and A256GCM, 32 bytes within.</summary>
internal static class ContentKey
{
    public const int Length = 32;

    // Only these two algorithms are known here, so there is nothing to be talked into.
    private static readonly JwtSettings Settings = new();

    public static string Seal(ReadOnlySpan<byte> key, SealingPublicKey recipient)
    {
        using var ecdh = recipient.ToEcdh();
        var headers = new Dictionary<string, object> { ["typ"] = JoseTypes.ContentKey, ["kid"] = recipient.Kid };
        return JWT.EncodeBytes(key.ToArray(), ecdh, JweAlgorithm.ECDH_ES_A256KW, JweEncryption.A256GCM, null, headers, Settings);
    }

    /// <summary>Opens a content key. SECURITY: null for whatever fails, without saying what.</summary>
    public static byte[]? Open(string jwe, SealingKey recipient)
    {
        using var ecdh = recipient.ToEcdh();
        try
        {
            var key = JWT.DecodeBytes(jwe, ecdh, JweAlgorithm.ECDH_ES_A256KW, JweEncryption.A256GCM, Settings);
            return key.Length == Length ? key : null;
        }
        // Foreign bytes may make the library throw anything, also what is a bug of its own; for the caller it is one.
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return null;
        }
    }
}
