using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Bereik.Exchange.Envelopes;

/// <summary>Finds each row's slot by its digest, in ascending order. Needs no secret, so hub and local node walk alike.</summary>
/// <remarks>A pointer moves over the manifest's digests and never back: the work for all rows together is one hash a slot.</remarks>
public sealed class SlotWalk(IReadOnlyList<Bytes32> digests)
{
    private const int TokenBytes = EnvelopeFormat.TokensPerRow * Bytes32.Length;
    private readonly HashSet<int> taken = [];
    private byte[] preimage = new byte[4 + TokenBytes + 2048];
    private int next;

    /// <summary>SHA-256(uint32be slot || the 8 tokens in order || ASCII(sealed)); a row without a sealed record adds nothing there.</summary>
    public static Bytes32 Digest(int slot, IReadOnlyList<Token> tokens, string? sealedRecord)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        var preimage = new byte[4 + TokenBytes + (sealedRecord?.Length ?? 0)];
        Fill(preimage, tokens, sealedRecord);
        return Digest(preimage, slot);
    }

    /// <summary>Takes the next row.</summary>
    /// <returns>Its slot, or a negative number with the reason: <c>row.duplicate</c> (its slot was taken before), <c>row.order</c> (its slot
    /// lies behind), <c>row.tampered</c> (the source signed for no such row).</returns>
    public int Advance(IReadOnlyList<Token> tokens, string? sealedRecord, out string? code)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        var length = 4 + TokenBytes + (sealedRecord?.Length ?? 0);
        if (preimage.Length < length) preimage = new byte[length];
        Fill(preimage, tokens, sealedRecord);
        var bytes = preimage.AsSpan(0, length);

        for (var slot = next; slot < digests.Count; slot++)
        {
            if (Digest(bytes, slot) != digests[slot]) continue;
            taken.Add(slot);
            next = slot + 1;
            code = null;
            return slot;
        }

        // Only to say what happened; the row is refused whatever is found.
        code = "row.tampered";
        for (var slot = 0; slot < next && slot < digests.Count; slot++)
        {
            if (Digest(bytes, slot) != digests[slot]) continue;
            code = taken.Contains(slot) ? "row.duplicate" : "row.order";
            break;
        }

        next = digests.Count;
        return -1;
    }

    private static void Fill(Span<byte> preimage, IReadOnlyList<Token> tokens, string? sealedRecord)
    {
        if (tokens.Count != EnvelopeFormat.TokensPerRow) throw new ArgumentException("Exactly 8 tokens.", nameof(tokens));
        for (var i = 0; i < tokens.Count; i++) tokens[i].Bytes.CopyTo(preimage[(4 + i * Bytes32.Length)..]);
        if (sealedRecord is not null) Encoding.ASCII.GetBytes(sealedRecord, preimage[(4 + TokenBytes)..]);
    }

    private static Bytes32 Digest(Span<byte> preimage, int slot)
    {
        BinaryPrimitives.WriteUInt32BigEndian(preimage, (uint)slot);
        Span<byte> digest = stackalloc byte[Bytes32.Length];
        SHA256.HashData(preimage, digest);
        return new Bytes32(digest);
    }
}
