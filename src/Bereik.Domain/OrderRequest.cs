namespace Bereik.Domain;

/// <summary>What a local node asks for when it orders a list (nl: aanvraag van een lijst).</summary>
public sealed record OrderRequest
{
    /// <summary>The flow asked for.</summary>
    public required Flow Flow { get; init; }

    /// <summary>Hash of the protocol that the asker has read.</summary>
    public required string ProtocolHash { get; init; }

    /// <summary>The epoch of the tokens.</summary>
    public required Epoch Epoch { get; init; }

    /// <summary>The register asked.</summary>
    public required OrganisationId Source { get; init; }

    /// <summary>NIS code of the municipality, five digits.</summary>
    public required string Nis { get; init; }

    /// <summary>The month that the list is about.</summary>
    public required Month ReferenceMonth { get; init; }

    /// <summary>How many people of its own the asker brings: those that it knows in <see cref="Flow.Unknown"/>, those that are compared in <see cref="Flow.Match"/>; absent in other flows.</summary>
    public int? KnownCount { get; init; }

    /// <summary>What is asked of letters; in <see cref="Flow.Messenger"/> and in no other flow.</summary>
    public WaveRequest? Wave { get; init; }

    /// <summary>When the order was signed, UTC.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>When the order ends, UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>What a local node asks for when it orders letters (nl: aanvraag van een golf brieven).</summary>
/// <param name="Letters">How many letters at most.</param>
/// <param name="Capacity">How many households its team can visit before what it receives must be erased, as it attests.</param>
/// <param name="TestedOn">Day on which a panel read the text.</param>
/// <param name="Readers">How many people read it.</param>
public sealed record WaveRequest(int Letters, int Capacity, DateOnly TestedOn, int Readers);

/// <summary>What the deciding node itself knows (nl: feiten). A fact it does not have stays null and refuses.</summary>
public sealed record OrderFacts
{
    /// <summary>Now, UTC.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Kind of the asking organisation; null when it is not registered.</summary>
    public required OrganisationKind? RecipientKind { get; init; }

    /// <summary>NIS codes that the asking organisation answers for today; empty when unknown.</summary>
    public required IReadOnlyList<string>? Territory { get; init; }

    /// <summary>Who operates each party of this exchange, by role; a missing operator refuses.</summary>
    public required IReadOnlyDictionary<OrganisationKind, string?>? Operators { get; init; }

    /// <summary>Whether this node works on synthetic numbers only.</summary>
    public required bool? SyntheticOnly { get; init; }

    /// <summary>What the register says of the protocol and of the asker's accession; null when the node has no register.</summary>
    public required RegisterFacts? Register { get; init; }

    /// <summary>Whether a list under this protocol for this recipient and month has been delivered.</summary>
    public required bool? AlreadyDelivered { get; init; }

    /// <summary>How many orders of this recipient under this protocol and month came before.</summary>
    public required int? EarlierAttempts { get; init; }

    /// <summary>Whether an order with the same context was seen before.</summary>
    public required bool? ContextSeen { get; init; }

    /// <summary>Whether another order of this recipient for the same list is still under way.</summary>
    public required bool? AnotherOpen { get; init; }

    /// <summary>Whether the recipient received a package and the public log does not hold the root over its persons.</summary>
    public required bool? RootOwed { get; init; }

    /// <summary>Whether the recipient ever received a package and published no daily roots for more than two days.</summary>
    public required bool? RoundOwed { get; init; }

    /// <summary>The count of known people in the recipient's last delivered order, or that there was none.</summary>
    public required EarlierKnown? EarlierKnown { get; init; }
}

/// <summary>How many people a recipient knew at its last delivered order (nl: vroeger aantal gekende personen). That there was none is a fact too.</summary>
/// <param name="Count">Null when nothing was delivered before.</param>
public readonly record struct EarlierKnown(int? Count);
