using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Bereik.Exchange.Oprf;

/// <summary>The prime-order group ristretto255 (RFC 9496), from libsodium's native library.</summary>
/// <remarks>
/// Elements and scalars are 32 bytes, little-endian, in their one canonical encoding. Every function is pure and may run on any thread.
/// The native library is the one the NSec.Cryptography package brings; nothing here implements group arithmetic itself.
/// </remarks>
internal static partial class Ristretto255
{
    public const int ElementBytes = 32;
    public const int ScalarBytes = 32;
    public const int HashBytes = 64;

    private const string Library = "libsodium";

    // RFC 9496, 4: the group order 2^252 + 27742317777372353535851937790883648493, little-endian.
    private static ReadOnlySpan<byte> Order =>
    [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x10,
    ];

    // INVARIANT: sodium_init has run before any other call; libsodium picks its implementations in it. 0 = done, 1 = was done before.
    static Ristretto255()
    {
        if (sodium_init() < 0)
            throw new PlatformNotSupportedException("libsodium could not be initialised.");
    }

    /// <summary>True for a canonical encoding of an element other than the identity.</summary>
    public static bool IsElement(ReadOnlySpan<byte> element)
    {
        if (element.Length != ElementBytes || !element.ContainsAnyExcept((byte)0)) return false;
        return crypto_core_ristretto255_is_valid_point(in MemoryMarshal.GetReference(element)) == 1;
    }

    /// <summary>True for a canonical scalar other than zero.</summary>
    public static bool IsScalar(ReadOnlySpan<byte> scalar)
    {
        if (scalar.Length != ScalarBytes || !scalar.ContainsAnyExcept((byte)0)) return false;
        return IsBelowOrder(scalar);
    }

    /// <summary>True for a canonical scalar; zero is allowed (a proof may in principle hold it).</summary>
    public static bool IsBelowOrder(ReadOnlySpan<byte> scalar)
    {
        // SECURITY: no early exit, since the scalar may be a private key.
        var borrow = 0;
        var order = Order;
        for (var i = 0; i < ScalarBytes; i++)
            borrow = (scalar[i] - order[i] - borrow) >> 31 & 1;
        return borrow == 1;
    }

    public static void ElementFromHash(Span<byte> element, ReadOnlySpan<byte> hash)
    {
        Require(element, ElementBytes);
        Require(hash, HashBytes);
        Check(crypto_core_ristretto255_from_hash(ref MemoryMarshal.GetReference(element), in MemoryMarshal.GetReference(hash)));
    }

    public static void ScalarFromHash(Span<byte> scalar, ReadOnlySpan<byte> hash)
    {
        Require(scalar, ScalarBytes);
        Require(hash, HashBytes);
        crypto_core_ristretto255_scalar_reduce(ref MemoryMarshal.GetReference(scalar), in MemoryMarshal.GetReference(hash));
    }

    /// <summary>A uniformly random element; never the identity.</summary>
    public static void RandomElement(Span<byte> element)
    {
        Require(element, ElementBytes);
        do crypto_core_ristretto255_random(ref MemoryMarshal.GetReference(element));
        while (!element.ContainsAnyExcept((byte)0));
    }

    /// <summary>A uniformly random scalar; never zero.</summary>
    public static void RandomScalar(Span<byte> scalar)
    {
        Require(scalar, ScalarBytes);
        crypto_core_ristretto255_scalar_random(ref MemoryMarshal.GetReference(scalar));
    }

    /// <summary>scalar * element. False when the element is not canonical or the product is the identity.</summary>
    public static bool TryMultiply(Span<byte> product, ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> element)
    {
        Require(product, ElementBytes);
        Require(scalar, ScalarBytes);
        Require(element, ElementBytes);
        return crypto_scalarmult_ristretto255(ref MemoryMarshal.GetReference(product), in MemoryMarshal.GetReference(scalar), in MemoryMarshal.GetReference(element)) == 0;
    }

    /// <summary>scalar * generator. False when the product is the identity.</summary>
    public static bool TryMultiplyBase(Span<byte> product, ReadOnlySpan<byte> scalar)
    {
        Require(product, ElementBytes);
        Require(scalar, ScalarBytes);
        return crypto_scalarmult_ristretto255_base(ref MemoryMarshal.GetReference(product), in MemoryMarshal.GetReference(scalar)) == 0;
    }

    /// <summary>left + right. False when either is not a canonical element.</summary>
    public static bool TryAdd(Span<byte> sum, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Require(sum, ElementBytes);
        Require(left, ElementBytes);
        Require(right, ElementBytes);
        return crypto_core_ristretto255_add(ref MemoryMarshal.GetReference(sum), in MemoryMarshal.GetReference(left), in MemoryMarshal.GetReference(right)) == 0;
    }

    public static void MultiplyScalars(Span<byte> product, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Require(product, ScalarBytes);
        Require(left, ScalarBytes);
        Require(right, ScalarBytes);
        crypto_core_ristretto255_scalar_mul(ref MemoryMarshal.GetReference(product), in MemoryMarshal.GetReference(left), in MemoryMarshal.GetReference(right));
    }

    public static void SubtractScalars(Span<byte> difference, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Require(difference, ScalarBytes);
        Require(left, ScalarBytes);
        Require(right, ScalarBytes);
        crypto_core_ristretto255_scalar_sub(ref MemoryMarshal.GetReference(difference), in MemoryMarshal.GetReference(left), in MemoryMarshal.GetReference(right));
    }

    public static void InvertScalar(Span<byte> inverse, ReadOnlySpan<byte> scalar)
    {
        Require(inverse, ScalarBytes);
        Require(scalar, ScalarBytes);
        Check(crypto_core_ristretto255_scalar_invert(ref MemoryMarshal.GetReference(inverse), in MemoryMarshal.GetReference(scalar)));
    }

    // SECURITY: the native side reads and writes fixed sizes; a shorter span would be a buffer overrun.
    private static void Require(ReadOnlySpan<byte> span, int length)
    {
        if (span.Length != length) throw new ArgumentException($"{length} bytes are needed, not {span.Length}.");
    }

    private static void Check(int result)
    {
        if (result != 0) throw new CryptographicException("A group operation failed.");
    }

    [LibraryImport(Library)]
    private static partial int sodium_init();

    [LibraryImport(Library)]
    private static partial int crypto_core_ristretto255_is_valid_point(in byte p);

    [LibraryImport(Library)]
    private static partial int crypto_core_ristretto255_add(ref byte r, in byte p, in byte q);

    [LibraryImport(Library)]
    private static partial int crypto_core_ristretto255_from_hash(ref byte p, in byte r);

    [LibraryImport(Library)]
    private static partial void crypto_core_ristretto255_random(ref byte p);

    [LibraryImport(Library)]
    private static partial void crypto_core_ristretto255_scalar_random(ref byte r);

    [LibraryImport(Library)]
    private static partial int crypto_core_ristretto255_scalar_invert(ref byte recip, in byte s);

    [LibraryImport(Library)]
    private static partial void crypto_core_ristretto255_scalar_mul(ref byte z, in byte x, in byte y);

    [LibraryImport(Library)]
    private static partial void crypto_core_ristretto255_scalar_sub(ref byte z, in byte x, in byte y);

    [LibraryImport(Library)]
    private static partial void crypto_core_ristretto255_scalar_reduce(ref byte r, in byte s);

    [LibraryImport(Library)]
    private static partial int crypto_scalarmult_ristretto255(ref byte q, in byte n, in byte p);

    [LibraryImport(Library)]
    private static partial int crypto_scalarmult_ristretto255_base(ref byte q, in byte n);
}
