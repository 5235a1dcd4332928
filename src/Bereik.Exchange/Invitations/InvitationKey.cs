using System.Security.Cryptography;
using NSec.Cryptography;

namespace Bereik.Exchange.Invitations;

/// <summary>What a secret code becomes for one invitation (nl: sleutel van een uitnodiging): the key of the outer seal, and a proof of who holds the code. Disposing zeroes both.</summary>
/// <remarks>
/// <c>root = Argon2id(code, salt; 32 MiB, 3 passes, 1 lane, 32 bytes)</c>; <c>seal key = HKDF-SHA256(root, no salt, "bereik invitation seal v1", 32)</c>;
/// <c>holder key = HKDF-SHA256(root, no salt, "bereik invitation holder v1", 32)</c>. The two say nothing of each other.
/// </remarks>
public sealed class InvitationKey : IDisposable
{
    /// <summary>Memory of one derivation, in KiB. Why so much and no more: <c>docs/decisions/0013-invitation.md</c>.</summary>
    public const int MemoryKiB = 32 * 1024;

    /// <summary>Passes over that memory.</summary>
    public const int Passes = 3;

    private const int Length = 32;

    private static readonly PasswordBasedKeyDerivationAlgorithm Argon2id =
        PasswordBasedKeyDerivationAlgorithm.Argon2id(new Argon2Parameters { DegreeOfParallelism = 1, MemorySize = MemoryKiB, NumberOfPasses = Passes });

    private readonly byte[] sealKey = GC.AllocateUninitializedArray<byte>(Length, pinned: true);
    private readonly byte[] holderKey = GC.AllocateUninitializedArray<byte>(Length, pinned: true);
    private bool isDisposed;

    private InvitationKey(ReadOnlySpan<byte> root, InvitationSalt salt)
    {
        Salt = salt;
        HKDF.DeriveKey(HashAlgorithmName.SHA256, root, sealKey, [], "bereik invitation seal v1"u8);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, root, holderKey, [], "bereik invitation holder v1"u8);
        HolderDigest = Bytes32.Sha256(holderKey);
    }

    /// <summary>The salt that it was derived with.</summary>
    public InvitationSalt Salt { get; }

    /// <summary>SHA-256 of the holder key: what the hub keeps after a yes, to know the holder of the letter again. It opens nothing.</summary>
    public Bytes32 HolderDigest { get; }

    internal ReadOnlySpan<byte> SealKey
    {
        get
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            return sealKey;
        }
    }

    /// <summary>Derives the key: slow and large on purpose (<see cref="MemoryKiB"/>), so a caller that answers others bounds how many run at once.</summary>
    /// <param name="code">The code.</param>
    /// <param name="salt">The invitation's salt.</param>
    public static InvitationKey Derive(SecretCode code, InvitationSalt salt)
    {
        ArgumentNullException.ThrowIfNull(code);
        Span<byte> saltBytes = stackalloc byte[InvitationSalt.Length];
        Span<byte> root = stackalloc byte[Length];
        salt.CopyTo(saltBytes);
        Argon2id.DeriveBytes(code.Ascii, saltBytes, root);
        var key = new InvitationKey(root, salt);
        CryptographicOperations.ZeroMemory(root);
        return key;
    }

    /// <summary>Whether a kept digest is the one of this code and salt; takes as long for any digest.</summary>
    public bool IsHolder(Bytes32 kept)
    {
        Span<byte> mine = stackalloc byte[Bytes32.Length], theirs = stackalloc byte[Bytes32.Length];
        HolderDigest.CopyTo(mine);
        kept.CopyTo(theirs);
        return CryptographicOperations.FixedTimeEquals(mine, theirs);
    }

    /// <summary>Zeroes the keys.</summary>
    public void Dispose()
    {
        isDisposed = true;
        CryptographicOperations.ZeroMemory(sealKey);
        CryptographicOperations.ZeroMemory(holderKey);
    }

    /// <summary>The words "invitation key", never a key.</summary>
    public override string ToString() => "invitation key";
}
