using System.Buffers.Binary;
using System.Security.Cryptography;
using Bereik.Exchange.Invitations;

namespace Bereik.Sealing.Invitations;

/// <summary>The secret codes of one wave of letters (nl: codes van een golf), from one key: letter 7 has the same code however often its printing begins anew.</summary>
/// <remarks>
/// <c>code i = the first 60 bits of HMAC-SHA256(wave key, "bereik wave code v1" || uint32be i)</c>, wave key: 32 random bytes. SECURITY: the key is every code of the wave. The source keeps it
/// encrypted while the wave is printed, and destroys it then; after that no code can be made again. Safe to use from several threads. Disposing zeroes it.
/// </remarks>
public sealed class WaveCodes : IDisposable
{
    /// <summary>Length in bytes of the wave key.</summary>
    public const int KeyLength = 32;

    private readonly byte[] key = GC.AllocateUninitializedArray<byte>(KeyLength, pinned: true);
    private bool isDisposed;

    private WaveCodes()
    {
    }

    /// <summary>Draws the key of a new wave.</summary>
    public static WaveCodes Draw()
    {
        var codes = new WaveCodes();
        RandomNumberGenerator.Fill(codes.key);
        return codes;
    }

    /// <summary>Takes a key that was exported before.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public static WaveCodes Import(ReadOnlySpan<byte> exported)
    {
        if (exported.Length != KeyLength) throw new ArgumentException("Exactly 32 bytes.", nameof(exported));
        var codes = new WaveCodes();
        exported.CopyTo(codes.key);
        return codes;
    }

    /// <summary>A copy of the key, for an encrypted store until the wave is printed; the caller zeroes it.</summary>
    public byte[] Export()
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        return key.ToArray();
    }

    /// <summary>The code of one letter; the caller disposes it.</summary>
    /// <param name="index">Its place in the wave, from 0.</param>
    public SecretCode Code(int index)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        var label = "bereik wave code v1"u8;
        Span<byte> message = stackalloc byte[label.Length + sizeof(uint)];
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        label.CopyTo(message);
        BinaryPrimitives.WriteUInt32BigEndian(message[label.Length..], (uint)index);
        HMACSHA256.HashData(key, message, mac);
        var code = SecretCode.FromBits(mac);
        CryptographicOperations.ZeroMemory(mac);
        return code;
    }

    /// <summary>Zeroes the key.</summary>
    public void Dispose()
    {
        isDisposed = true;
        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>The words "wave codes", never one of them.</summary>
    public override string ToString() => "wave codes";
}
