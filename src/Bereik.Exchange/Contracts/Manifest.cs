using Bereik.Exchange.Envelopes;
using Bereik.Exchange.Signatures;

namespace Bereik.Exchange.Contracts;

/// <summary>What a source signs for a whole envelope (nl: manifest): what it answers, for whom, and the digest of every row.</summary>
public sealed record Manifest : ISignedDocument<Manifest>
{
    /// <inheritdoc/>
    public static string Typ => JoseTypes.Manifest;

    /// <summary>The exchange's id, equal to the order's.</summary>
    public required Guid Id { get; init; }

    /// <summary>The hash of the order's compact JWS.</summary>
    public required Bytes32 Order { get; init; }

    /// <summary>The order's context.</summary>
    public required Bytes32 Context { get; init; }

    /// <summary><c>match</c> or <c>unknown</c>.</summary>
    public required string Flow { get; init; }

    /// <summary>The protocol's id.</summary>
    public required string Protocol { get; init; }

    /// <summary>The protocol's version.</summary>
    public required string ProtocolVersion { get; init; }

    /// <summary>SHA-256 of the protocol's canonical form.</summary>
    public required Bytes32 ProtocolHash { get; init; }

    /// <summary>The organisation that answers.</summary>
    public required string Source { get; init; }

    /// <summary>The organisation that receives.</summary>
    public required string Recipient { get; init; }

    /// <summary>The key id that signs this manifest; equal to the header's.</summary>
    public required string SourceKid { get; init; }

    /// <summary>The recipient's sealing key.</summary>
    public required string RecipientKid { get; init; }

    /// <summary>The quarter of the keys.</summary>
    public required string Epoch { get; init; }

    /// <summary>The month the list is about.</summary>
    public required string ReferenceMonth { get; init; }

    /// <summary>The token of the fixed agreement input.</summary>
    public required Token Agreement { get; init; }

    /// <summary>The content key, a compact JWE to the recipient; only in flow <c>unknown</c>.</summary>
    public string? ContentKey { get; init; }

    /// <summary>The size in bytes of every record's padded plaintext; only in flow <c>unknown</c>.</summary>
    public int? PaddedSize { get; init; }

    /// <summary>The checkpoint of the public log that its maker last verified, a signed note (C2SP tlog-checkpoint), so that a split view shows. At most 2,000 characters.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>When it was made; UTC, whole seconds.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>After which it is void; UTC, whole seconds.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>One digest a slot: of the row in it, or random. Its number is a multiple of the protocol's band.</summary>
    public required IReadOnlyList<Bytes32> Rows { get; init; }

    /// <inheritdoc/>
    public ParseError? FindError()
    {
        if (Id == Guid.Empty) return Field("id");
        if (!Words.IsListFlow(Flow)) return Field("flow");
        if (!Words.Protocol().IsMatch(Protocol)) return Field("protocol");
        if (!Words.Version().IsMatch(ProtocolVersion)) return Field("protocolVersion");
        if (!Words.Organisation().IsMatch(Source)) return Field("source");
        if (!Words.Organisation().IsMatch(Recipient) || Recipient == Source) return Field("recipient");
        if (!Bytes32.TryParse(SourceKid, out _)) return Field("sourceKid");
        if (!Bytes32.TryParse(RecipientKid, out _)) return Field("recipientKid");
        if (!Words.Epoch().IsMatch(Epoch)) return Field("epoch");
        if (!Words.Month().IsMatch(ReferenceMonth)) return Field("referenceMonth");
        var isSealed = Flow == Words.Unknown;
        if (isSealed != ContentKey is not null || (ContentKey is not null && !ContentKeyShape.IsOne(ContentKey, RecipientKid))) return Field("contentKey");
        if (isSealed != PaddedSize.HasValue || PaddedSize is <= EnvelopeFormat.PaddingOverhead or > EnvelopeFormat.MaxPaddedSize) return Field("paddedSize");
        if (Checkpoint is { Length: 0 or > 2000 }) return Field("checkpoint");
        if (ExpiresAt <= IssuedAt) return Field("expiresAt");
        return Rows.Count is 0 or > EnvelopeFormat.MaxRows ? Field("rows") : null;
    }

    /// <summary>The exchange's id only.</summary>
    public override string ToString() => $"manifest {Id}";

    private static ParseError Field(string name) => new("document.field", name);
}
