namespace Bereik.Domain;

/// <summary>
/// A standard protocol (nl: standaardprotocol): the published agreement under which one flow may run.
/// The numbers below are the clauses as data; the clauses are the same in plain Dutch.
/// </summary>
public sealed record Protocol
{
    /// <summary>Stable name, for example <c>groeipakket-onbekend</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Version, for example <c>1.0</c>.</summary>
    public required string Version { get; init; }

    /// <summary>SHA-256 of the canonical JSON of the document; what orders and manifests bind.</summary>
    public required string Hash { get; init; }

    /// <summary>The flow that it allows; no other.</summary>
    public required Flow Flow { get; init; }

    /// <summary>Title in Dutch.</summary>
    public required string Title { get; init; }

    /// <summary>Title in English.</summary>
    public required string TitleEnglish { get; init; }

    /// <summary>State of the legal ground of the communication (nl: rechtsgrond van de mededeling).</summary>
    public required GroundState Ground { get; init; }

    /// <summary>The organisation that provides (nl: verstrekkende instantie).</summary>
    public required OrganisationId Source { get; init; }

    /// <summary>The kind of organisation that may receive (nl: ontvangende instantie).</summary>
    public required OrganisationKind Recipient { get; init; }

    /// <summary>Names of the fields that may leave the source, in the order in which they are shown. Empty for presence only.</summary>
    public required IReadOnlyList<string> Fields { get; init; }

    /// <summary>The clauses, in order; ids are unique.</summary>
    public required IReadOnlyList<Clause> Clauses { get; init; }

    /// <summary>Counts are padded up to a multiple of this number of rows (nl: band), 128 or more.</summary>
    public required int Band { get; init; }

    /// <summary>Days from receipt within which each household must have been informed, art. 14 GDPR.</summary>
    public required int InformByDays { get; init; }

    /// <summary>Days from receipt after which rows are erased.</summary>
    public required int DeleteByDays { get; init; }

    /// <summary>A closed help file counts as known for this many months; 0 where the flow has no known set.</summary>
    public required int KnownWithinMonths { get; init; }

    /// <summary>A known set smaller than this is held for review; 0 where the flow has no known set.</summary>
    public required int KnownFloor { get; init; }

    /// <summary>A known set that shrank by more than this percentage since the last order is held for review.</summary>
    public required int KnownShrinkPercent { get; init; }

    /// <summary>Days within which an order must be carried out.</summary>
    public required int AnswerWithinDays { get; init; }

    /// <summary>How many times a refused or held order may be placed again for the same reference month.</summary>
    public required int Repeats { get; init; }

    /// <summary>The clause with an id.</summary>
    /// <param name="id">Clause id.</param>
    /// <returns>Null when the protocol has no such clause.</returns>
    public Clause? Clause(string id) => Clauses.FirstOrDefault(clause => clause.Id == id);
}

/// <summary>One clause of a protocol (nl: bepaling).</summary>
/// <param name="Id">Stable id within the protocol, for example <c>bewaartermijn</c>.</param>
/// <param name="Text">The clause in plain Dutch.</param>
/// <param name="TextEnglish">The clause in English.</param>
public sealed record Clause(string Id, string Text, string TextEnglish);

/// <summary>State of a legal reference (nl: staat van een rechtsgrond).</summary>
public enum GroundState
{
    /// <summary>Both DPOs have read it, by name and date.</summary>
    Verified,

    /// <summary>Nobody has confirmed it yet: synthetic data only.</summary>
    Unverified,
}
