namespace Bereik.Domain;

/// <summary>What somebody wants to do with a row that was received (nl: gebruik).</summary>
public sealed record UseRequest
{
    /// <summary>The act.</summary>
    public required UseAct Act { get; init; }

    /// <summary>For which purpose.</summary>
    public required Purpose Purpose { get; init; }

    /// <summary>To whom, where it is passed on.</summary>
    public OrganisationKind? PassTo { get; init; }
}

/// <summary>What the deciding node knows of the row and of who wants to use it (nl: feiten over een rij). A fact that it does not have stays null and refuses.</summary>
public sealed record UseFacts
{
    /// <summary>Today, Europe/Brussels.</summary>
    public required DateOnly Today { get; init; }

    /// <summary>Whether this node works on synthetic numbers only.</summary>
    public required bool? SyntheticOnly { get; init; }

    /// <summary>What the register says of the protocol and of this organisation's accession; null when the node has no register.</summary>
    public required RegisterFacts? Register { get; init; }

    /// <summary>Day on which the row was received.</summary>
    public DateOnly? ReceivedOn { get; init; }

    /// <summary>Whether contact was made.</summary>
    public bool? Contacted { get; init; }

    /// <summary>Whether the household was informed.</summary>
    public bool? Informed { get; init; }

    /// <summary>Whether the household objected, or withdrew its consent.</summary>
    public bool? Objected { get; init; }

    /// <summary>Whether the person confirmed the yes at a first contact; asked in <see cref="Flow.Messenger"/> only.</summary>
    public bool? Confirmed { get; init; }

    /// <summary>Who wants to use it; null when nobody attested this person.</summary>
    public WorkerFact? Worker { get; init; }

    /// <summary>Whether the row came for the worker's own team.</summary>
    public bool? OwnTeam { get; init; }

    /// <summary>Whether the worker gave a reason today to look beyond the own team (nl: ruimere inzage).</summary>
    public bool WiderAccess { get; init; }
}

/// <summary>A worker as a fact (nl: medewerker als feit).</summary>
public sealed record WorkerFact
{
    /// <summary>Function.</summary>
    public required WorkerFunction Function { get; init; }

    /// <summary>Whether this person is bound by professional secrecy; null when nobody attested it.</summary>
    public required bool? BoundBySecrecy { get; init; }

    /// <summary>Day of the attestation; null when there is none.</summary>
    public required DateOnly? AttestedOn { get; init; }

    /// <summary>Whether the attestation was suspended; null when nobody looked.</summary>
    public required bool? Suspended { get; init; }
}
