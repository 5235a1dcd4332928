using System.Security.Cryptography;

namespace Bereik.Exchange.Oprf;

/// <summary>The holder of one epoch's key: evaluates blinded points in mode VOPRF of RFC 9497 (ristretto255-SHA512).</summary>
/// <remarks>Safe to use from several threads at once. Disposing zeroes the key; a disposed server throws.</remarks>
public sealed class OprfServer : IDisposable
{
    private readonly byte[] privateKey;
    private readonly byte[] publicKey = new byte[Ristretto255.ElementBytes];
    private bool isDisposed;

    private OprfServer(byte[] privateKey)
    {
        this.privateKey = privateKey;
        if (!Ristretto255.TryMultiplyBase(publicKey, privateKey)) throw new CryptographicException("A group operation failed.");
    }

    /// <summary>The public key: 32 bytes, a canonical ristretto255 element.</summary>
    public ReadOnlySpan<byte> PublicKey => publicKey;

    /// <summary>Makes a server with a new random key.</summary>
    public static OprfServer Generate()
    {
        var key = GC.AllocateArray<byte>(Ristretto255.ScalarBytes, pinned: true);
        Ristretto255.RandomScalar(key);
        return new OprfServer(key);
    }

    /// <summary>Makes a server from an exported key: 32 bytes, a canonical scalar other than zero; otherwise <c>oprf.privateKey</c>.</summary>
    public static Parsed<OprfServer> Import(ReadOnlySpan<byte> key)
    {
        if (!Ristretto255.IsScalar(key)) return new ParseError("oprf.privateKey", "");
        var copy = GC.AllocateArray<byte>(Ristretto255.ScalarBytes, pinned: true);
        key.CopyTo(copy);
        return new OprfServer(copy);
    }

    /// <summary>A copy of the private key, 32 bytes; the caller zeroes it.</summary>
    public byte[] ExportPrivateKey()
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        return (byte[])privateKey.Clone();
    }

    /// <summary>Evaluates a batch and proves it (RFC 9497, 3.3.2 BlindEvaluate).</summary>
    /// <param name="blinded">The blinded elements, 32 bytes each, one after another; at least one, at most 65,535.</param>
    /// <returns>The evaluated elements in the same order and the proof; or <c>oprf.batch</c> for an empty, ragged or too long batch, or
    /// <c>oprf.point</c> with the element's index as place for the identity or a non-canonical encoding.</returns>
    public Parsed<OprfEvaluation> Evaluate(ReadOnlySpan<byte> blinded)
    {
        Span<byte> random = stackalloc byte[Ristretto255.ScalarBytes];
        Ristretto255.RandomScalar(random);
        try
        {
            return Evaluate(blinded, random);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(random);
        }
    }

    // SECURITY: with a random scalar used twice the proof gives the key away; only the published vectors come in with their own.
    internal Parsed<OprfEvaluation> Evaluate(ReadOnlySpan<byte> blinded, ReadOnlySpan<byte> random)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        if (blinded.IsEmpty || blinded.Length % 32 != 0 || blinded.Length / 32 > OprfSuite.MaxBatch) return new ParseError("oprf.batch", "");

        var evaluated = new byte[blinded.Length];
        for (var i = 0; i < blinded.Length; i += 32)
        {
            if (!Ristretto255.TryMultiply(evaluated.AsSpan(i, 32), privateKey, blinded.Slice(i, 32)))
                return ParseError.At("oprf.point", i / 32);
        }

        Span<byte> m = stackalloc byte[32], z = stackalloc byte[32], t2 = stackalloc byte[32], t3 = stackalloc byte[32], product = stackalloc byte[32];
        if (!OprfSuite.TryComposites(publicKey, blinded, evaluated, m, [])
            || !Ristretto255.TryMultiply(z, privateKey, m)
            || !Ristretto255.TryMultiplyBase(t2, random)
            || !Ristretto255.TryMultiply(t3, random, m))
            return new ParseError("oprf.batch", "");

        var proof = new byte[OprfSuite.ProofBytes];
        var challenge = proof.AsSpan(0, 32);
        OprfSuite.Challenge(challenge, publicKey, m, z, t2, t3);
        Ristretto255.MultiplyScalars(product, challenge, privateKey);
        Ristretto255.SubtractScalars(proof.AsSpan(32), random, product);
        CryptographicOperations.ZeroMemory(product);
        return new OprfEvaluation(evaluated, proof);
    }

    /// <summary>Zeroes the private key.</summary>
    public void Dispose()
    {
        isDisposed = true;
        CryptographicOperations.ZeroMemory(privateKey);
    }
}

/// <summary>What the server gives back for one batch.</summary>
/// <param name="Evaluated">The evaluated elements, 32 bytes each, in the order of the blinded ones.</param>
/// <param name="Proof">The batch's proof: challenge and response, 64 bytes.</param>
public sealed record OprfEvaluation(byte[] Evaluated, byte[] Proof);
