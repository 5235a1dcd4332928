using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Bereik.Exchange.Oprf;

/// <summary>The suite ristretto255-SHA512 in mode VOPRF (RFC 9497, 3.3.2 and 4.1), shared by server and client.</summary>
internal static class OprfSuite
{
    public const int OutputBytes = 64;
    public const int ProofBytes = 64;

    /// <summary>RFC 9497 numbers the elements of a batch in two bytes.</summary>
    public const int MaxBatch = ushort.MaxValue;

    // contextString = "OPRFV1-" || I2OSP(1, 1) || "-" || "ristretto255-SHA512"
    private static ReadOnlySpan<byte> HashToGroupDst => "HashToGroup-OPRFV1-\x01-ristretto255-SHA512"u8;
    private static ReadOnlySpan<byte> HashToScalarDst => "HashToScalar-OPRFV1-\x01-ristretto255-SHA512"u8;
    private static ReadOnlySpan<byte> SeedDst => "Seed-OPRFV1-\x01-ristretto255-SHA512"u8;

    public static void HashToGroup(Span<byte> element, ReadOnlySpan<byte> input)
    {
        Span<byte> uniform = stackalloc byte[Ristretto255.HashBytes];
        ExpandMessage(uniform, input, HashToGroupDst);
        Ristretto255.ElementFromHash(element, uniform);
        CryptographicOperations.ZeroMemory(uniform);
    }

    public static void HashToScalar(Span<byte> scalar, ReadOnlySpan<byte> input)
    {
        Span<byte> uniform = stackalloc byte[Ristretto255.HashBytes];
        ExpandMessage(uniform, input, HashToScalarDst);
        Ristretto255.ScalarFromHash(scalar, uniform);
    }

    /// <summary>expand_message_xmd with SHA-512 to 64 bytes (RFC 9380, 5.3.1): one block, so b_0 and b_1 only.</summary>
    public static void ExpandMessage(Span<byte> uniform, ReadOnlySpan<byte> message, ReadOnlySpan<byte> dst)
    {
        const int block = 128;
        var size = block + message.Length + 3 + dst.Length + 1;
        var buffer = size <= 1024 ? stackalloc byte[size] : new byte[size];
        buffer[..block].Clear();
        message.CopyTo(buffer[block..]);
        var at = block + message.Length;
        BinaryPrimitives.WriteUInt16BigEndian(buffer[at..], (ushort)uniform.Length);
        buffer[at + 2] = 0;
        dst.CopyTo(buffer[(at + 3)..]);
        buffer[^1] = (byte)dst.Length;

        Span<byte> second = stackalloc byte[64 + 1 + 256];
        SHA512.HashData(buffer, second);
        second[64] = 1;
        dst.CopyTo(second[65..]);
        second[65 + dst.Length] = (byte)dst.Length;
        SHA512.HashData(second[..(66 + dst.Length)], uniform);
        CryptographicOperations.ZeroMemory(buffer);
    }

    /// <summary>
    /// The composites M and, when <paramref name="z"/> is given, Z of a batch (RFC 9497, 2.2.1: ComputeCompositesFast needs M only,
    /// ComputeComposites both). False when an element is not valid or a composite is the identity.
    /// </summary>
    public static bool TryComposites(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> blinded, ReadOnlySpan<byte> evaluated, Span<byte> m, Span<byte> z)
    {
        Span<byte> transcript = stackalloc byte[2 + 64 + 2 + 2 + 32 + 2 + 32 + 9];
        Seed(publicKey, transcript.Slice(2, 64));
        BinaryPrimitives.WriteUInt16BigEndian(transcript, 64);
        BinaryPrimitives.WriteUInt16BigEndian(transcript[68..], 32);
        BinaryPrimitives.WriteUInt16BigEndian(transcript[102..], 32);
        "Composite"u8.CopyTo(transcript[136..]);

        Span<byte> weight = stackalloc byte[32];
        Span<byte> term = stackalloc byte[32];
        var count = blinded.Length / 32;
        for (var i = 0; i < count; i++)
        {
            var c = blinded.Slice(i * 32, 32);
            var d = evaluated.Slice(i * 32, 32);
            BinaryPrimitives.WriteUInt16BigEndian(transcript[66..], (ushort)i);
            c.CopyTo(transcript[70..]);
            d.CopyTo(transcript[104..]);
            HashToScalar(weight, transcript[..145]);
            if (!Accumulate(m, term, weight, c, i == 0)) return false;
            if (!z.IsEmpty && !Accumulate(z, term, weight, d, i == 0)) return false;
        }

        return true;
    }

    /// <summary>The challenge of the proof (RFC 9497, 2.2.1 and 2.2.2).</summary>
    public static void Challenge(Span<byte> challenge, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> m, ReadOnlySpan<byte> z, ReadOnlySpan<byte> t2, ReadOnlySpan<byte> t3)
    {
        Span<byte> transcript = stackalloc byte[5 * 34 + 9];
        var at = 0;
        Append(transcript, ref at, publicKey);
        Append(transcript, ref at, m);
        Append(transcript, ref at, z);
        Append(transcript, ref at, t2);
        Append(transcript, ref at, t3);
        "Challenge"u8.CopyTo(transcript[at..]);
        HashToScalar(challenge, transcript);
    }

    private static void Append(Span<byte> transcript, ref int at, ReadOnlySpan<byte> element)
    {
        BinaryPrimitives.WriteUInt16BigEndian(transcript[at..], 32);
        element.CopyTo(transcript[(at + 2)..]);
        at += 34;
    }

    private static void Seed(ReadOnlySpan<byte> publicKey, Span<byte> seed)
    {
        Span<byte> transcript = stackalloc byte[2 + 32 + 2 + SeedDst.Length];
        BinaryPrimitives.WriteUInt16BigEndian(transcript, 32);
        publicKey.CopyTo(transcript[2..]);
        BinaryPrimitives.WriteUInt16BigEndian(transcript[34..], (ushort)SeedDst.Length);
        SeedDst.CopyTo(transcript[36..]);
        SHA512.HashData(transcript, seed);
    }

    private static bool Accumulate(Span<byte> sum, Span<byte> term, ReadOnlySpan<byte> weight, ReadOnlySpan<byte> element, bool isFirst) =>
        isFirst
            ? Ristretto255.TryMultiply(sum, weight, element)
            : Ristretto255.TryMultiply(term, weight, element) && Ristretto255.TryAdd(sum, sum, term);
}
