using System.ComponentModel.DataAnnotations;

namespace Bereik.Domain;

/// <summary>A published example of a protocol (nl: geval): what is given, and what must be decided with which reasons. Together they are its tests.</summary>
public sealed record ProtocolCase
{
    /// <summary>Name within the protocol.</summary>
    [RegularExpression("[a-z0-9-]{2,60}")]
    public required string Id { get; init; }

    /// <summary>The example in plain Dutch.</summary>
    [StringLength(500, MinimumLength = 10)]
    public required string Nl { get; init; }

    /// <summary>The example in English.</summary>
    [StringLength(500, MinimumLength = 10)]
    public required string En { get; init; }

    /// <summary>What is decided on.</summary>
    public required DecisionPoint Point { get; init; }

    /// <summary>What differs from the ordinary case of this point, in which everything is in order.</summary>
    public CaseGiven Given { get; init; } = new();

    /// <summary>What must be decided.</summary>
    public required Outcome Expect { get; init; }

    /// <summary>The codes of all reasons, in any order; empty exactly when permitted.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];
}

/// <summary>What a decision is about (nl: beslispunt).</summary>
public enum DecisionPoint
{
    /// <summary>May this organisation order (nl: aanvragen)?</summary>
    Order,

    /// <summary>May this household, and which fields of it, leave the source (nl: vrijgeven)?</summary>
    Release,

    /// <summary>May this worker open it, use it, pass it on (nl: gebruiken)?</summary>
    Use,

    /// <summary>May this text be made public and come into force (nl: bekendmaken)?</summary>
    Publish,

    /// <summary>May this organisation join this text (nl: toetreden)?</summary>
    Accede,

    /// <summary>May this service refer somebody to that one (nl: doorverwijzen)?</summary>
    Refer,
}

/// <summary>What a case gives, where it differs from the ordinary (nl: gegeven van een geval). What is absent is ordinary.</summary>
public sealed record CaseGiven
{
    /// <summary>Kind of the organisation that asks.</summary>
    public OrganisationKind? Recipient { get; init; }

    /// <summary>Whether the node works on synthetic numbers only; ordinary cases do.</summary>
    public bool? Synthetic { get; init; }

    /// <summary>State of the protocol in the register; ordinary is in force.</summary>
    public ProtocolState? State { get; init; }

    /// <summary>How the accession stands; ordinary is active.</summary>
    public AccessionCase? Accession { get; init; }

    /// <summary>Hours since the register was read.</summary>
    [Range(0, 1000)]
    public int? RegisterHours { get; init; }

    /// <summary>Days since protocol or accession stopped.</summary>
    [Range(0, 400)]
    public int? StoppedDays { get; init; }

    /// <summary>Whether both officers advised.</summary>
    public bool? Advised { get; init; }

    /// <summary>Whether every party signed.</summary>
    public bool? Signatures { get; init; }

    /// <summary>Whether the local regulation is named.</summary>
    public bool? Regulation { get; init; }

    /// <summary>Which body decided on the accession.</summary>
    public DecidingBody? Body { get; init; }

    /// <summary>A measure of the framework that is not met.</summary>
    [RegularExpression("K[0-9]{2}")]
    public string? MeasureFails { get; init; }

    /// <summary>Whether the order is for another municipality.</summary>
    public bool? Elsewhere { get; init; }

    /// <summary>Reference month, in months from the present; negative is past.</summary>
    [Range(-36, 12)]
    public int? MonthsAhead { get; init; }

    /// <summary>How many people are known.</summary>
    [Range(0, 1_000_000)]
    public int? Known { get; init; }

    /// <summary>How many were known in the last delivered order.</summary>
    [Range(0, 1_000_000)]
    public int? KnownBefore { get; init; }

    /// <summary>Whether this list was delivered for this month.</summary>
    public bool? Delivered { get; init; }

    /// <summary>Whether another order for it is under way.</summary>
    public bool? AnotherOpen { get; init; }

    /// <summary>How many orders for it came before.</summary>
    [Range(0, 100)]
    public int? Attempts { get; init; }

    /// <summary>How many letters are asked for.</summary>
    [Range(0, 100_000)]
    public int? Letters { get; init; }

    /// <summary>How many households the team can visit.</summary>
    [Range(0, 100_000)]
    public int? Capacity { get; init; }

    /// <summary>Whether a test panel read the letter.</summary>
    public bool? LetterTested { get; init; }

    /// <summary>For how many days the order asks.</summary>
    [Range(1, 90)]
    public int? TermDays { get; init; }

    /// <summary>Which two parties have the same operator.</summary>
    public bool? SharedOperator { get; init; }

    /// <summary>Which fields are asked for.</summary>
    public IReadOnlyList<RecordField>? Fields { get; init; }

    /// <summary>What excludes the household.</summary>
    public Exclusion? Excluded { get; init; }

    /// <summary>Days since the announcement.</summary>
    [Range(0, 1000)]
    public int? NoticeDays { get; init; }

    /// <summary>The fields that people were told about; ordinary are all.</summary>
    public IReadOnlyList<RecordField>? NoticeFields { get; init; }

    /// <summary>Whether the consent was given under an earlier, narrower text.</summary>
    public bool? ConsentOlderText { get; init; }

    /// <summary>Whether there is a consent; ordinary where the protocol asks for one.</summary>
    public bool? Consent { get; init; }

    /// <summary>Days since the consent.</summary>
    [Range(0, 2000)]
    public int? ConsentDays { get; init; }

    /// <summary>The fields that the person agreed to.</summary>
    public IReadOnlyList<RecordField>? ConsentFields { get; init; }

    /// <summary>Whether the consent was withdrawn.</summary>
    public bool? Withdrawn { get; init; }

    /// <summary>Which condition of shared secrecy does not hold.</summary>
    public SecrecyCondition? ConditionFails { get; init; }

    /// <summary>Days since receipt.</summary>
    [Range(0, 2000)]
    public int? Day { get; init; }

    /// <summary>What somebody wants to do.</summary>
    public UseAct? Act { get; init; }

    /// <summary>For which purpose.</summary>
    public Purpose? Purpose { get; init; }

    /// <summary>Function of the worker.</summary>
    public WorkerFunction? Function { get; init; }

    /// <summary>Whether the worker is bound by professional secrecy.</summary>
    public bool? BoundBySecrecy { get; init; }

    /// <summary>Months since the worker was attested.</summary>
    [Range(0, 120)]
    public int? AttestedMonths { get; init; }

    /// <summary>Whether contact was made.</summary>
    public bool? Contacted { get; init; }

    /// <summary>Whether the household was informed.</summary>
    public bool? Informed { get; init; }

    /// <summary>Whether the household objected after it was received.</summary>
    public bool? Objected { get; init; }

    /// <summary>Whether the person confirmed the yes at a first contact.</summary>
    public bool? Confirmed { get; init; }

    /// <summary>To whom it would be passed on.</summary>
    public OrganisationKind? PassTo { get; init; }

    /// <summary>Whether the recipient has the service that is named, or an accession names one.</summary>
    public bool? ServiceKnown { get; init; }

    /// <summary>Whether sender and recipient work in the same partnership, or an accession names one.</summary>
    public bool? Partners { get; init; }

    /// <summary>Whether the sender may refer under the protocol.</summary>
    public bool? SenderKnown { get; init; }
}

/// <summary>What a worker does with what was received (nl: handeling).</summary>
public enum UseAct
{
    /// <summary>Opens it to read (nl: openen).</summary>
    Open,

    /// <summary>Takes it as work for a colleague or oneself (nl: toewijzen).</summary>
    Assign,

    /// <summary>Grants the benefit (nl: toekennen).</summary>
    Grant,

    /// <summary>Takes it out of the system (nl: uitvoeren, afdrukken).</summary>
    Export,

    /// <summary>Passes it on to another organisation (nl: doorgeven).</summary>
    PassOn,
}

/// <summary>How the accession of the asker stands in a case (nl: stand van de toetreding).</summary>
public enum AccessionCase
{
    /// <summary>In order (nl: in orde).</summary>
    Active,

    /// <summary>There is none (nl: geen).</summary>
    None,

    /// <summary>Suspended (nl: geschorst).</summary>
    Suspended,

    /// <summary>Ended (nl: beëindigd).</summary>
    Ended,

    /// <summary>A mandatory measure lapsed (nl: maatregel vervallen).</summary>
    MeasureLapsed,

    /// <summary>The day of review is over (nl: herziening voorbij).</summary>
    ReviewOverdue,
}
