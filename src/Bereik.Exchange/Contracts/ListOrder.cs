using Bereik.Exchange.Signatures;

namespace Bereik.Exchange.Contracts;

/// <summary>A local node's order of one list (nl: bestelling van een lijst), signed by it. Members are written in the order given here.</summary>
public sealed record ListOrder : ISignedDocument<ListOrder>
{
    /// <inheritdoc/>
    public static string Typ => JoseTypes.Order;

    /// <summary>The order's id, which is also the exchange's.</summary>
    public required Guid Id { get; init; }

    /// <summary>32 random bytes, so that no two contexts are equal.</summary>
    public required Bytes32 Nonce { get; init; }

    /// <summary><c>match</c> or <c>unknown</c>.</summary>
    public required string Flow { get; init; }

    /// <summary>The protocol's id: 2 to 80 of <c>a-z 0-9 . -</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>The protocol's version: 1 to 32 of <c>A-Z a-z 0-9 . -</c>.</summary>
    public required string ProtocolVersion { get; init; }

    /// <summary>SHA-256 of the protocol's canonical form.</summary>
    public required Bytes32 ProtocolHash { get; init; }

    /// <summary>The quarter of the keys, such as <c>2026Q4</c>.</summary>
    public required string Epoch { get; init; }

    /// <summary>The organisation that is asked: 2 to 40 of <c>a-z 0-9 -</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The organisation that asks and will receive: 2 to 40 of <c>a-z 0-9 -</c>.</summary>
    public required string Recipient { get; init; }

    /// <summary>The municipality's NIS code, five digits.</summary>
    public required string Nis { get; init; }

    /// <summary>The month the list is about, <c>yyyy-MM</c>.</summary>
    public required string ReferenceMonth { get; init; }

    /// <summary>How many numbers of its own the local node will bring: in <c>unknown</c> the people it knows, in <c>match</c> the people it compares; zero or more.</summary>
    public int? KnownCount { get; init; }

    /// <summary>The checkpoint of the public log that its maker last verified, a signed note (C2SP tlog-checkpoint), so that a split view shows. At most 2,000 characters.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>When it was made; UTC, whole seconds.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>After which it is void; UTC, whole seconds; never past the epoch's end.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <inheritdoc/>
    public ParseError? FindError()
    {
        if (Id == Guid.Empty) return Field("id");
        if (!Words.IsFlow(Flow)) return Field("flow");
        if (!Words.Protocol().IsMatch(Protocol)) return Field("protocol");
        if (!Words.Version().IsMatch(ProtocolVersion)) return Field("protocolVersion");
        if (!Words.Epoch().IsMatch(Epoch)) return Field("epoch");
        if (!Words.Organisation().IsMatch(Source)) return Field("source");
        if (!Words.Organisation().IsMatch(Recipient) || Recipient == Source) return Field("recipient");
        if (!Words.Nis().IsMatch(Nis)) return Field("nis");
        if (!Words.Month().IsMatch(ReferenceMonth)) return Field("referenceMonth");
        if (KnownCount is null or < 0) return Field("knownCount");
        if (Checkpoint is { Length: 0 or > 2000 }) return Field("checkpoint");
        return ExpiresAt <= IssuedAt ? Field("expiresAt") : null;
    }

    private static ParseError Field(string name) => new("document.field", name);
}
