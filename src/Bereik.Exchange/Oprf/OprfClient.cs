using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Bereik.Exchange.Oprf;

/// <summary>The client's group operations of RFC 9497 in mode VOPRF (ristretto255-SHA512), over bytes; it knows no person.</summary>
/// <remarks>Pure functions without locks: a caller may run batches in parallel. Blinds are secret; the caller zeroes them.</remarks>
public static class OprfClient
{
    /// <summary>Length in bytes of an element, a scalar and a blind.</summary>
    public const int ElementBytes = 32;

    /// <summary>Length in bytes of a finalized output.</summary>
    public const int OutputBytes = OprfSuite.OutputBytes;

    /// <summary>Length in bytes of a proof.</summary>
    public const int ProofBytes = OprfSuite.ProofBytes;

    /// <summary>Blinds one input under a new random blind (RFC 9497, 3.3.2 Blind).</summary>
    /// <param name="input">At most 65,535 bytes.</param>
    /// <param name="blind">Receives the blind, 32 bytes, secret.</param>
    /// <param name="blinded">Receives the blinded element, 32 bytes.</param>
    /// <exception cref="CryptographicException">The input maps to the identity; no such input is known.</exception>
    public static void Blind(ReadOnlySpan<byte> input, Span<byte> blind, Span<byte> blinded)
    {
        Ristretto255.RandomScalar(blind);
        BlindWith(input, blind, blinded);
    }

    internal static void BlindWith(ReadOnlySpan<byte> input, ReadOnlySpan<byte> blind, Span<byte> blinded)
    {
        Span<byte> element = stackalloc byte[ElementBytes];
        OprfSuite.HashToGroup(element, input);
        var isElement = Ristretto255.TryMultiply(blinded, blind, element);
        CryptographicOperations.ZeroMemory(element);
        if (!isElement) throw new CryptographicException("The input maps to the identity.");
    }

    /// <summary>Writes a random element that nobody can tell from a blinded one; pads a batch.</summary>
    public static void Pad(Span<byte> blinded) => Ristretto255.RandomElement(blinded);

    /// <summary>True for a canonical element other than the identity, 32 bytes.</summary>
    public static bool IsElement(ReadOnlySpan<byte> element) => Ristretto255.IsElement(element);

    /// <summary>Verifies that a batch was evaluated with the key of <paramref name="publicKey"/> (RFC 9497, 2.2.2 VerifyProof).</summary>
    /// <param name="publicKey">The pinned public key, 32 bytes.</param>
    /// <param name="blinded">The elements sent, 32 bytes each.</param>
    /// <param name="evaluated">The elements received, as many.</param>
    /// <param name="proof">64 bytes.</param>
    /// <returns>False for any mismatch, a wrong length, an identity or a non-canonical element or scalar.</returns>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> blinded, ReadOnlySpan<byte> evaluated, ReadOnlySpan<byte> proof)
    {
        if (!IsElement(publicKey) || proof.Length != ProofBytes || blinded.IsEmpty || blinded.Length != evaluated.Length
            || blinded.Length % ElementBytes != 0 || blinded.Length / ElementBytes > OprfSuite.MaxBatch)
            return false;

        ReadOnlySpan<byte> c = proof[..32], s = proof[32..];
        if (!Ristretto255.IsScalar(c) || !Ristretto255.IsScalar(s)) return false;

        Span<byte> m = stackalloc byte[32], z = stackalloc byte[32], t2 = stackalloc byte[32], t3 = stackalloc byte[32], term = stackalloc byte[32];
        if (!OprfSuite.TryComposites(publicKey, blinded, evaluated, m, z)
            || !Ristretto255.TryMultiplyBase(t2, s) || !Ristretto255.TryMultiply(term, c, publicKey) || !Ristretto255.TryAdd(t2, t2, term)
            || !Ristretto255.TryMultiply(t3, s, m) || !Ristretto255.TryMultiply(term, c, z) || !Ristretto255.TryAdd(t3, t3, term))
            return false;

        Span<byte> expected = stackalloc byte[32];
        OprfSuite.Challenge(expected, publicKey, m, z, t2, t3);
        return CryptographicOperations.FixedTimeEquals(expected, c);
    }

    /// <summary>Replaces every blind by its inverse, in place: one inversion for the whole batch.</summary>
    /// <param name="blinds">Blinds of 32 bytes each, none zero.</param>
    public static void InvertBlinds(Span<byte> blinds)
    {
        // Montgomery's trick: prefix products forward, one inversion, then back.
        if (blinds.IsEmpty) return;
        var prefix = new byte[blinds.Length];
        Span<byte> running = stackalloc byte[32];
        Span<byte> inverse = stackalloc byte[32];
        blinds[..32].CopyTo(running);
        for (var i = 32; i < blinds.Length; i += 32)
        {
            running.CopyTo(prefix.AsSpan(i));
            Ristretto255.MultiplyScalars(running, running, blinds.Slice(i, 32));
        }

        Ristretto255.InvertScalar(inverse, running);
        for (var i = blinds.Length - 32; i > 0; i -= 32)
        {
            blinds.Slice(i, 32).CopyTo(running);
            Ristretto255.MultiplyScalars(blinds.Slice(i, 32), inverse, prefix.AsSpan(i, 32));
            Ristretto255.MultiplyScalars(inverse, inverse, running);
        }

        inverse.CopyTo(blinds[..32]);
        CryptographicOperations.ZeroMemory(prefix);
        CryptographicOperations.ZeroMemory(running);
        CryptographicOperations.ZeroMemory(inverse);
    }

    /// <summary>Unblinds one verified element and hashes it to the output (RFC 9497, 3.3.2 Finalize).</summary>
    /// <param name="input">The input that was blinded.</param>
    /// <param name="blindInverse">The inverse of its blind, from <see cref="InvertBlinds"/>.</param>
    /// <param name="evaluated">The evaluated element; its batch's proof must have been verified.</param>
    /// <param name="output">Receives 64 bytes, as secret as the input.</param>
    /// <returns>False when the element is not valid.</returns>
    public static bool TryFinalize(ReadOnlySpan<byte> input, ReadOnlySpan<byte> blindInverse, ReadOnlySpan<byte> evaluated, Span<byte> output)
    {
        Span<byte> element = stackalloc byte[ElementBytes];
        if (!Ristretto255.TryMultiply(element, blindInverse, evaluated)) return false;

        var size = 2 + input.Length + 2 + ElementBytes + 8;
        var transcript = size <= 512 ? stackalloc byte[size] : new byte[size];
        BinaryPrimitives.WriteUInt16BigEndian(transcript, checked((ushort)input.Length));
        input.CopyTo(transcript[2..]);
        BinaryPrimitives.WriteUInt16BigEndian(transcript[(2 + input.Length)..], ElementBytes);
        element.CopyTo(transcript[(4 + input.Length)..]);
        "Finalize"u8.CopyTo(transcript[(36 + input.Length)..]);
        SHA512.HashData(transcript, output);
        CryptographicOperations.ZeroMemory(element);
        CryptographicOperations.ZeroMemory(transcript);
        return true;
    }
}
