using Bereik.Exchange.Contracts;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Signatures;

namespace Bereik.Exchange.Envelopes;

/// <summary>Whether a manifest answers an order: what hub and local node both check, with no secret.</summary>
public static class ManifestBinding
{
    /// <summary>Compares a manifest with the order, the pinned keys, the protocol's band and the time.</summary>
    /// <param name="manifest">As read; its signature is checked here.</param>
    /// <param name="order">The order, whose own signature was verified.</param>
    /// <param name="sourceKey">The source's pinned signing key.</param>
    /// <param name="recipientKid">The recipient's sealing key.</param>
    /// <param name="band">The protocol's band.</param>
    /// <param name="epoch">The epoch of now.</param>
    /// <param name="now">The time.</param>
    /// <returns>Null, or the first that fails: <c>manifest.sourceKey</c>, <c>manifest.signature</c>, <c>manifest.exchange</c>,
    /// <c>manifest.order</c>, <c>manifest.context</c>, <c>manifest.flow</c>, <c>manifest.protocol</c>, <c>manifest.source</c>,
    /// <c>manifest.recipient</c>, <c>manifest.recipientKey</c>, <c>manifest.epoch</c>, <c>manifest.referenceMonth</c>,
    /// <c>manifest.band</c>, <c>manifest.issued</c>, <c>manifest.expired</c>.</returns>
    public static ParseError? FindMismatch(
        SignedDocument<Manifest> manifest, SignedDocument<ListOrder> order, SigningPublicKey sourceKey, string recipientKid, int band, string epoch, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(order);
        ArgumentNullException.ThrowIfNull(sourceKey);
        var (m, o) = (manifest.Document, order.Document);
        if (manifest.Kid != sourceKey.Kid || m.SourceKid != sourceKey.Kid) return new("manifest.sourceKey", "sourceKid");
        if (!manifest.IsSignedBy(sourceKey)) return new("manifest.signature", "");
        if (m.Id != o.Id) return new("manifest.exchange", "id");
        if (m.Order != order.Hash) return new("manifest.order", "order");
        if (m.Context != order.Context) return new("manifest.context", "context");
        if (m.Flow != o.Flow) return new("manifest.flow", "flow");
        if (m.Protocol != o.Protocol || m.ProtocolVersion != o.ProtocolVersion || m.ProtocolHash != o.ProtocolHash) return new("manifest.protocol", "protocol");
        if (m.Source != o.Source) return new("manifest.source", "source");
        if (m.Recipient != o.Recipient) return new("manifest.recipient", "recipient");
        if (m.RecipientKid != recipientKid) return new("manifest.recipientKey", "recipientKid");
        if (m.Epoch != o.Epoch || m.Epoch != epoch) return new("manifest.epoch", "epoch");
        if (m.ReferenceMonth != o.ReferenceMonth) return new("manifest.referenceMonth", "referenceMonth");
        if (m.Rows.Count % band != 0) return new("manifest.band", "rows");
        if (m.IssuedAt < o.IssuedAt) return new("manifest.issued", "issuedAt");
        return now >= m.ExpiresAt || m.ExpiresAt > o.ExpiresAt ? new("manifest.expired", "expiresAt") : null;
    }
}
