using Bereik.Exchange.Signatures;

namespace Bereik.Exchange.Log;

/// <summary>What a key is for.</summary>
public enum KeyUse
{
    /// <summary>Signs in the organisation's name (nl: handtekensleutel).</summary>
    Signing,

    /// <summary>Packages are sealed to it (nl: verzegelsleutel).</summary>
    Sealing,

    /// <summary>Makes the pair secret of the quarter (nl: tokensleutel).</summary>
    Token,

    /// <summary>The pseudonymiser's key of the quarter.</summary>
    Oprf,
}

/// <summary>
/// An organisation's word on a key of its own (nl: verklaring over een sleutel). The first signing key signs itself; a successor is signed by
/// its predecessor, every other key by the present signing key.
/// </summary>
public sealed record KeyStatement : ISignedDocument<KeyStatement>
{
    /// <inheritdoc/>
    public static string Typ => JoseTypes.KeyStatement;

    /// <summary>Whose key: 2 to 40 of <c>a-z 0-9 -</c>.</summary>
    public required string Organisation { get; init; }

    /// <summary>What it is for.</summary>
    public required KeyUse Use { get; init; }

    /// <summary>Its id: the RFC 7638 thumbprint of a JWK; of an OPRF key the key itself. 43 characters of base64url.</summary>
    public required string Kid { get; init; }

    /// <summary>The public key: a JWK as text, or 32 bytes in base64url for an OPRF key; absent when it is revoked.</summary>
    public string? Key { get; init; }

    /// <summary>When; UTC, whole seconds.</summary>
    public required DateTimeOffset At { get; init; }

    /// <inheritdoc/>
    public ParseError? FindError()
    {
        if (!Words.Organisation().IsMatch(Organisation)) return new ParseError("document.field", "organisation");
        if (!Enum.IsDefined(Use)) return new ParseError("document.field", "use");
        if (!Bytes32.TryParse(Kid, out _)) return new ParseError("document.field", "kid");
        return Key is not null && KeyStatements.KidOf(Use, Key) != Kid ? new ParseError("document.field", "key") : null;
    }
}

/// <summary>The padded root over everybody in one package (nl: wortel over de personen), signed by the local node that opened it.</summary>
public sealed record PersonsRoot : ISignedDocument<PersonsRoot>
{
    /// <inheritdoc/>
    public static string Typ => JoseTypes.PersonsRoot;

    /// <summary>The order's id.</summary>
    public required Guid Order { get; init; }

    /// <summary>Handle of the disclosure, as its delivery was logged.</summary>
    public required Bytes32 Handle { get; init; }

    /// <summary>The manifest that was opened.</summary>
    public required Bytes32 Manifest { get; init; }

    /// <summary>Root of the Merkle tree (RFC 6962) over the slots.</summary>
    public required Bytes32 Root { get; init; }

    /// <summary>Number of slots: a multiple of the protocol's band, so that it tells no count.</summary>
    public required int Slots { get; init; }

    /// <summary>The last day on which what was disclosed may be there, Europe/Brussels.</summary>
    public required DateOnly EraseBy { get; init; }

    /// <summary>When; UTC, whole seconds.</summary>
    public required DateTimeOffset At { get; init; }

    /// <inheritdoc/>
    public ParseError? FindError()
    {
        if (Order == Guid.Empty) return new ParseError("document.field", "order");
        return Slots is < 1 or > 1 << 22 ? new ParseError("document.field", "slots") : null;
    }
}

/// <summary>How a disclosure ended.</summary>
public enum DisclosureEndKind
{
    /// <summary>The ground fell away: nothing may be disclosed under it any more.</summary>
    Withdrawn,

    /// <summary>Rows and salts are gone at the local node.</summary>
    Erased,
}

/// <summary>Why a disclosure ended.</summary>
public enum DisclosureEndCause
{
    /// <summary>Its time was over.</summary>
    Deadline,

    /// <summary>The person withdrew a consent.</summary>
    Withdrawal,

    /// <summary>The person objected.</summary>
    Objection,

    /// <summary>It went over to the organisation's own file.</summary>
    HandOver,

    /// <summary>The package was not what it should be, and nothing of it was taken in.</summary>
    Rejected,
}

/// <summary>That a disclosure was withdrawn, or its data erased (nl: intrekking, wissing), signed by the local node.</summary>
public sealed record DisclosureEnd : ISignedDocument<DisclosureEnd>
{
    /// <inheritdoc/>
    public static string Typ => JoseTypes.DisclosureEnd;

    /// <summary>Handle of the disclosure.</summary>
    public required Bytes32 Handle { get; init; }

    /// <summary>What ended.</summary>
    public required DisclosureEndKind Kind { get; init; }

    /// <summary>Why.</summary>
    public required DisclosureEndCause Cause { get; init; }

    /// <summary>When; UTC, whole seconds.</summary>
    public required DateTimeOffset At { get; init; }

    /// <inheritdoc/>
    public ParseError? FindError() => Enum.IsDefined(Kind) && Enum.IsDefined(Cause) ? null : new ParseError("document.field", "kind");
}

/// <summary>The roots of one day at a local node (nl: dagwortels), signed by it. Each is over padded, salted commitments; none tells a count.</summary>
public sealed record RoundRoots : ISignedDocument<RoundRoots>
{
    /// <inheritdoc/>
    public static string Typ => JoseTypes.RoundRoots;

    /// <summary>Whose: 2 to 40 of <c>a-z 0-9 -</c>.</summary>
    public required string Organisation { get; init; }

    /// <summary>Which day, Europe/Brussels.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>Root over the decisions on opening and using rows.</summary>
    public required Bytes32 Accesses { get; init; }

    /// <summary>Root over consents.</summary>
    public required Bytes32 Consents { get; init; }

    /// <summary>Root over withdrawals.</summary>
    public required Bytes32 Withdrawals { get; init; }

    /// <summary>Root over erasures.</summary>
    public required Bytes32 Erasures { get; init; }

    /// <summary>When; UTC, whole seconds.</summary>
    public required DateTimeOffset At { get; init; }

    /// <inheritdoc/>
    public ParseError? FindError() => Words.Organisation().IsMatch(Organisation) ? null : new ParseError("document.field", "organisation");
}
