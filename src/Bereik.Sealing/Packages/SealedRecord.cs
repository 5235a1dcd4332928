using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Bereik.Exchange;
using Bereik.Exchange.Envelopes;

namespace Bereik.Sealing.Packages;

/// <summary>What a sealed record holds.</summary>
internal enum RecordKind : byte
{
    Record = 0,
    Check = 1,
}

/// <summary>One record: padded to the exchange's one size, then a compact JWE of <c>dir</c> and A256GCM (RFC 7516).</summary>
/// <remarks>Plaintext: one byte of kind (0 record, 1 check), uint32be length, that many bytes of JSON, zeros to the padded size.</remarks>
internal static class SealedRecord
{
    public static string Seal(AesGcm key, Guid exchange, int slot, RecordKind kind, ReadOnlySpan<byte> json, int paddedSize)
    {
        var plaintext = new byte[paddedSize];
        plaintext[0] = (byte)kind;
        BinaryPrimitives.WriteUInt32BigEndian(plaintext.AsSpan(1), (uint)json.Length);
        json.CopyTo(plaintext.AsSpan(EnvelopeFormat.PaddingOverhead));

        var header = StrictBase64Url.Encode(Encoding.ASCII.GetBytes(SealedShape.Header(exchange, slot)));
        Span<byte> iv = stackalloc byte[12];
        Span<byte> tag = stackalloc byte[16];
        // Random, 96 bits: one key seals at most 2^18 rows, far below the 2^32 of SP 800-38D, 8.3.
        RandomNumberGenerator.Fill(iv);
        var ciphertext = new byte[paddedSize];
        key.Encrypt(iv, plaintext, ciphertext, tag, Encoding.ASCII.GetBytes(header));
        CryptographicOperations.ZeroMemory(plaintext);
        return $"{header}..{StrictBase64Url.Encode(iv)}.{StrictBase64Url.Encode(ciphertext)}.{StrictBase64Url.Encode(tag)}";
    }

    /// <summary>Opens a record whose shape was checked. SECURITY: null for whatever fails, without saying what.</summary>
    public static (RecordKind Kind, byte[] Json)? Open(AesGcm key, string sealedRecord)
    {
        var parts = sealedRecord.Split('.');
        if (parts.Length != 5
            || !StrictBase64Url.TryDecode(parts[2], out var iv) || !StrictBase64Url.TryDecode(parts[3], out var ciphertext) || !StrictBase64Url.TryDecode(parts[4], out var tag)
            || iv.Length != 12 || tag.Length != 16 || ciphertext.Length < EnvelopeFormat.PaddingOverhead)
            return null;
        var plaintext = new byte[ciphertext.Length];
        try
        {
            key.Decrypt(iv, ciphertext, tag, plaintext, Encoding.ASCII.GetBytes(parts[0]));
            var length = BinaryPrimitives.ReadUInt32BigEndian(plaintext.AsSpan(1));
            if (plaintext[0] > 1 || length > plaintext.Length - EnvelopeFormat.PaddingOverhead) return null;
            var json = plaintext.AsSpan(EnvelopeFormat.PaddingOverhead, (int)length);
            return plaintext.AsSpan(EnvelopeFormat.PaddingOverhead + (int)length).ContainsAnyExcept((byte)0) ? null : ((RecordKind)plaintext[0], json.ToArray());
        }
        catch (CryptographicException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }
}
