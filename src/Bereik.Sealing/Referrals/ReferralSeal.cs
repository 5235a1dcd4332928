using System.Security.Cryptography;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Envelopes;
using Bereik.Exchange.Keys;
using Bereik.Sealing.Packages;

namespace Bereik.Sealing.Referrals;

/// <summary>What is sealed of a referral (nl: verzegeling van een doorverwijzing).</summary>
/// <param name="ContentKey">The content key, a compact JWE to the recipient.</param>
/// <param name="Record">The record under it, a compact JWE of one fixed size.</param>
public sealed record SealedReferral(string ContentKey, string Record)
{
    /// <summary>The word, never what is in it.</summary>
    public override string ToString() => "sealed referral";
}

/// <summary>Seals the record of a referral to the receiving organisation's key, and opens it there; the same profile as the rows of a list.</summary>
public static class ReferralSeal
{
    /// <summary>The most bytes a record may have.</summary>
    public const int MostBytes = ReferralFormat.PaddedSize - EnvelopeFormat.PaddingOverhead;

    /// <summary>Seals a record.</summary>
    /// <param name="id">The referral's id; it opens under this one alone.</param>
    /// <param name="json">The record, UTF-8 JSON, at most <see cref="MostBytes"/> bytes.</param>
    /// <param name="recipient">The recipient's pinned sealing key.</param>
    /// <exception cref="ArgumentException">The record is too large; the message names nobody.</exception>
    public static SealedReferral Seal(Guid id, ReadOnlySpan<byte> json, SealingPublicKey recipient)
    {
        ArgumentNullException.ThrowIfNull(recipient);
        if (json.Length > MostBytes) throw new ArgumentException("A record is larger than a referral may hold.", nameof(json));
        var key = RandomNumberGenerator.GetBytes(ContentKey.Length);
        try
        {
            using var aes = new AesGcm(key, 16);
            return new SealedReferral(ContentKey.Seal(key, recipient), SealedRecord.Seal(aes, id, 0, RecordKind.Record, json, ReferralFormat.PaddedSize));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Opens a referral whose offer was verified. SECURITY: null for whatever fails, without saying what.</summary>
    /// <param name="offer">The offer.</param>
    /// <param name="sealedRecord">The sealed record.</param>
    /// <param name="recipient">The recipient's sealing key.</param>
    public static byte[]? Open(ReferralOffer offer, string sealedRecord, SealingKey recipient)
    {
        ArgumentNullException.ThrowIfNull(offer);
        ArgumentNullException.ThrowIfNull(recipient);
        if (ReferralFormat.FindError(offer, sealedRecord) is not null || ContentKey.Open(offer.ContentKey, recipient) is not { } key) return null;
        try
        {
            using var aes = new AesGcm(key, 16);
            return SealedRecord.Open(aes, sealedRecord) is { Kind: RecordKind.Record } opened ? opened.Json : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }
}
