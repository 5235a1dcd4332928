using Bereik.Exchange.Oprf;
using System.Security.Cryptography;

namespace Bereik.Sealing.Pseudonyms;

/// <summary>What the pseudonymiser's key makes of one number in one epoch: 64 bytes, as secret as the number itself.</summary>
/// <remarks>SECURITY: stays at the edge that asked, encrypted, and is destroyed when the epoch ends. Never printed. Disposing zeroes it.</remarks>
public sealed class PseudonymBase : IDisposable
{
    /// <summary>Length in bytes.</summary>
    public const int Length = OprfClient.OutputBytes;

    private readonly byte[] bytes;

    internal PseudonymBase(byte[] bytes) => this.bytes = bytes;

    /// <summary>Takes 64 bytes that were exported before.</summary>
    /// <exception cref="ArgumentException">Another length.</exception>
    public static PseudonymBase Import(ReadOnlySpan<byte> exported) =>
        exported.Length == Length ? new PseudonymBase(exported.ToArray()) : throw new ArgumentException("Exactly 64 bytes.", nameof(exported));

    /// <summary>A copy of the 64 bytes, for an encrypted store; the caller zeroes it.</summary>
    public byte[] Export() => bytes.ToArray();

    internal void CopyTo(Span<byte> destination) => bytes.CopyTo(destination);

    /// <summary>Zeroes the bytes.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(bytes);

    /// <summary>The word "base", never the value.</summary>
    public override string ToString() => "base";
}
