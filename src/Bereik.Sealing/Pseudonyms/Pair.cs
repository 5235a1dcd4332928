using System.Security.Cryptography;
using Bereik.Exchange.Keys;

namespace Bereik.Sealing.Pseudonyms;

/// <summary>The secret of two edges in one epoch: the x-coordinate of the agreement of their token keys, 32 bytes.</summary>
/// <remarks>Disposing zeroes it.</remarks>
public sealed class Pair : IDisposable
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 32;

    private readonly byte[] secret;

    private Pair(byte[] secret) => this.secret = secret;

    /// <summary>Agrees the secret; both edges get the same from their own private and the other's public key.</summary>
    public static Pair Derive(TokenKey own, TokenPublicKey peer)
    {
        ArgumentNullException.ThrowIfNull(own);
        ArgumentNullException.ThrowIfNull(peer);
        using var mine = own.ToEcdh();
        using var theirs = peer.ToEcdh();
        using var theirPublic = theirs.PublicKey;
        return new Pair(mine.DeriveRawSecretAgreement(theirPublic));
    }

    internal ReadOnlySpan<byte> Secret => secret;

    internal static Pair FromSecret(ReadOnlySpan<byte> secret) => new(secret.ToArray());

    /// <summary>Zeroes the secret.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(secret);

    /// <summary>The word "pair", never the secret.</summary>
    public override string ToString() => "pair";
}
