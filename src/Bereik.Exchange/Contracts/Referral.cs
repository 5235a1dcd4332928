using Bereik.Domain;
using Bereik.Exchange.Envelopes;
using Bereik.Exchange.Signatures;

namespace Bereik.Exchange.Contracts;

/// <summary>
/// A referral on its way (nl: doorverwijzing), signed by the node that refers: from which service to which, under which text, and the digest of what is sealed.
/// Nothing in it is about the person or about a worker. Members are written in the order given here; format in <c>docs/formats/referral.md</c>.
/// </summary>
public sealed record ReferralOffer : ISignedDocument<ReferralOffer>
{
    /// <inheritdoc/>
    public static string Typ => JoseTypes.Referral;

    /// <summary>The referral's id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The protocol's id.</summary>
    public required string Protocol { get; init; }

    /// <summary>The protocol's version.</summary>
    public required string ProtocolVersion { get; init; }

    /// <summary>SHA-256 of the protocol's canonical form.</summary>
    public required Bytes32 ProtocolHash { get; init; }

    /// <summary>The organisation that refers.</summary>
    public required string Sender { get; init; }

    /// <summary>The organisation that receives.</summary>
    public required string Recipient { get; init; }

    /// <summary>The receiving service, as the recipient's accession names it: 1 to 80 of <c>a-z 0-9 -</c>.</summary>
    public required string Service { get; init; }

    /// <summary>The key id that signs this; equal to the header's.</summary>
    public required string SenderKid { get; init; }

    /// <summary>The recipient's sealing key.</summary>
    public required string RecipientKid { get; init; }

    /// <summary>The content key, a compact JWE to the recipient.</summary>
    public required string ContentKey { get; init; }

    /// <summary>SHA-256 of the sealed record in ASCII.</summary>
    public required Bytes32 Sealed { get; init; }

    /// <summary>The checkpoint of the public log that its maker last verified, a signed note, so that a split view shows. At most 2,000 characters.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>When it was made; UTC, whole seconds: the instant of a round, never that of a visit.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>After which it lapses unless it was accepted; UTC, whole seconds.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <inheritdoc/>
    public ParseError? FindError()
    {
        if (Id == Guid.Empty) return Field("id");
        if (!Words.Protocol().IsMatch(Protocol)) return Field("protocol");
        if (!Words.Version().IsMatch(ProtocolVersion)) return Field("protocolVersion");
        if (!Words.Organisation().IsMatch(Sender)) return Field("sender");
        if (!Words.Organisation().IsMatch(Recipient) || Recipient == Sender) return Field("recipient");
        if (!Words.Service().IsMatch(Service)) return Field("service");
        if (!Bytes32.TryParse(SenderKid, out _)) return Field("senderKid");
        if (!Bytes32.TryParse(RecipientKid, out _)) return Field("recipientKid");
        if (!ContentKeyShape.IsOne(ContentKey, RecipientKid)) return Field("contentKey");
        if (Checkpoint is { Length: 0 or > 2000 }) return Field("checkpoint");
        return ExpiresAt <= IssuedAt ? Field("expiresAt") : null;
    }

    /// <summary>The referral's id only.</summary>
    public override string ToString() => $"referral {Id}";

    private static ParseError Field(string name) => new("document.field", name);
}

/// <summary>What one of the two services says of a referral (nl: stap van een doorverwijzing), signed by its node.</summary>
public sealed record ReferralStep : ISignedDocument<ReferralStep>
{
    /// <inheritdoc/>
    public static string Typ => JoseTypes.ReferralStep;

    /// <summary>The referral's id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The hash of the offer's compact JWS.</summary>
    public required Bytes32 Offer { get; init; }

    /// <summary>The organisation that says it.</summary>
    public required string By { get; init; }

    /// <summary>One of the wire names of <see cref="ReferralAct"/>.</summary>
    public required string Act { get; init; }

    /// <summary>With <c>decline</c> alone, and always: one of the wire names of <see cref="DeclineCause"/>.</summary>
    public string? Cause { get; init; }

    /// <summary>When; UTC, whole seconds: the instant of a round.</summary>
    public required DateTimeOffset At { get; init; }

    /// <inheritdoc/>
    public ParseError? FindError()
    {
        if (Id == Guid.Empty) return new ParseError("document.field", "id");
        if (!Words.Organisation().IsMatch(By)) return new ParseError("document.field", "by");
        if (!ReferralNames.TryParse(Act, out ReferralAct act)) return new ParseError("document.field", "act");
        var isDeclined = act == ReferralAct.Decline;
        return isDeclined != Cause is not null || (isDeclined && !ReferralNames.TryParse(Cause, out DeclineCause _)) ? new ParseError("document.field", "cause") : null;
    }
}

/// <summary>Sizes of a referral, the same for each, so that a length says nothing.</summary>
public static class ReferralFormat
{
    /// <summary>Bytes of a record before it is sealed, padding included.</summary>
    public const int PaddedSize = 8192;

    /// <summary>The digest that the offer names.</summary>
    /// <param name="sealedRecord">The sealed record.</param>
    public static Bytes32 Digest(string sealedRecord)
    {
        ArgumentNullException.ThrowIfNull(sealedRecord);
        return Bytes32.Sha256(System.Text.Encoding.ASCII.GetBytes(sealedRecord));
    }

    /// <summary>Whether a sealed record is the one of an offer, and has its shape. Only the recipient can know that it is ciphertext.</summary>
    /// <param name="offer">The offer.</param>
    /// <param name="sealedRecord">The sealed record.</param>
    /// <returns>Null, a code of <see cref="SealedShape.FindError"/>, or <c>seal.digest</c>.</returns>
    public static string? FindError(ReferralOffer offer, string sealedRecord)
    {
        ArgumentNullException.ThrowIfNull(offer);
        return SealedShape.FindError(sealedRecord, offer.Id, 0, PaddedSize) ?? (Digest(sealedRecord) == offer.Sealed ? null : "seal.digest");
    }
}
