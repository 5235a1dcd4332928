using System.ComponentModel.DataAnnotations;

namespace Bereik.Domain;

/// <summary>What a local government declares when it joins a protocol (nl: toetredingsakte). Gemeente and OCMW accede each for themselves.</summary>
public sealed record Accession
{
    /// <summary>The organisation that joins.</summary>
    [RegularExpression("[a-z0-9-]{2,40}")]
    public required string Organisation { get; init; }

    /// <summary>What it is.</summary>
    public required OrganisationKind Kind { get; init; }

    /// <summary>Id of the protocol.</summary>
    [RegularExpression("[a-z0-9]+(-[a-z0-9]+){0,8}")]
    public required string Protocol { get; init; }

    /// <summary>Version of the protocol.</summary>
    [RegularExpression("[0-9]{1,3}\\.[0-9]{1,3}")]
    public required string Version { get; init; }

    /// <summary>Hash of the text that is joined; another text needs another accession.</summary>
    [RegularExpression("[A-Za-z0-9_-]{43}")]
    public required string ProtocolHash { get; init; }

    /// <summary>Hash of the framework whose measures are answered.</summary>
    [RegularExpression("[A-Za-z0-9_-]{43}")]
    public required string FrameworkHash { get; init; }

    /// <summary>Who decided it, and when.</summary>
    public required CouncilDecision Decision { get; init; }

    /// <summary>Advice of the organisation's own data protection officer.</summary>
    public required OfficerAdvice Advice { get; init; }

    /// <summary>One answer for each measure of the framework.</summary>
    public required IReadOnlyList<MeasureAnswer> Measures { get; init; }

    /// <summary>Mailbox or telephone number of the function that answers, never of a person.</summary>
    [StringLength(200, MinimumLength = 3)]
    public required string Contact { get; init; }

    /// <summary>The named service that receives (nl: dienst).</summary>
    [StringLength(200, MinimumLength = 3)]
    public required string Service { get; init; }

    /// <summary>The last day on which it counts without a new look at it.</summary>
    public required DateOnly ReviewBy { get; init; }

    /// <summary>The local regulation that grants the benefit, where the protocol asks for one (nl: reglement).</summary>
    [StringLength(300, MinimumLength = 3)]
    public string? Regulation { get; init; }

    /// <summary>The municipalities that it is for, each with its days; at least one.</summary>
    public required IReadOnlyList<TerritoryPeriod> Territory { get; init; }

    /// <summary>The services that a person can be referred to; in a protocol of referrals at least one, elsewhere absent.</summary>
    public IReadOnlyList<ReferralService>? Services { get; init; }

    /// <summary>The partnership that it acts in, where the protocol shares professional secrecy; elsewhere absent.</summary>
    public PartnershipMembership? Partnership { get; init; }

    /// <summary>Whether it is for a municipality on a day.</summary>
    /// <param name="nis">NIS code, five digits.</param>
    /// <param name="day">The day, Europe/Brussels.</param>
    public bool Covers(string nis, DateOnly day) => Territory.Any(period => period.Nis == nis && period.From <= day && (period.Until is not { } last || day <= last));
}

/// <summary>The decision of the body that may bind the organisation (nl: beslissing).</summary>
public sealed record CouncilDecision
{
    /// <summary>Which body.</summary>
    public required DecidingBody Body { get; init; }

    /// <summary>Day of the decision.</summary>
    public required DateOnly On { get; init; }

    /// <summary>Its number or reference.</summary>
    [StringLength(80, MinimumLength = 1)]
    public required string Number { get; init; }
}

/// <summary>A body that may decide on an accession (nl: bevoegd orgaan).</summary>
public enum DecidingBody
{
    /// <summary>Of an OCMW (nl: raad voor maatschappelijk welzijn).</summary>
    SocialWelfareCouncil,

    /// <summary>Of an OCMW (nl: vast bureau).</summary>
    StandingBureau,

    /// <summary>Of a gemeente (nl: gemeenteraad).</summary>
    MunicipalCouncil,

    /// <summary>Of a gemeente (nl: college van burgemeester en schepenen).</summary>
    MayorAndAldermen,

    /// <summary>Of an association (nl: bestuursorgaan).</summary>
    Board,
}

/// <summary>Advice of a data protection officer (nl: advies van de functionaris voor gegevensbescherming).</summary>
public sealed record OfficerAdvice
{
    /// <summary>What it says.</summary>
    public required AdviceOutcome Outcome { get; init; }

    /// <summary>The officer, by function.</summary>
    [StringLength(200, MinimumLength = 3)]
    public required string Officer { get; init; }

    /// <summary>Day of the advice.</summary>
    public required DateOnly On { get; init; }

    /// <summary>What it comes down to.</summary>
    [StringLength(1000, MinimumLength = 3)]
    public required string Summary { get; init; }

    /// <summary>Why it is not followed, where it is not; an unfavourable advice never is.</summary>
    [StringLength(1000, MinimumLength = 3)]
    public string? NotFollowed { get; init; }

    /// <summary>Whether nothing is left unsaid: an unfavourable advice has the reason why it is not followed.</summary>
    internal bool IsReasoned => Outcome != AdviceOutcome.Unfavourable || !string.IsNullOrWhiteSpace(NotFollowed);
}

/// <summary>The outcome of an advice (nl: strekking van het advies).</summary>
public enum AdviceOutcome
{
    /// <summary>It may go on (nl: gunstig).</summary>
    Favourable,

    /// <summary>It may go on under conditions (nl: gunstig onder voorwaarden).</summary>
    Conditional,

    /// <summary>It should not (nl: ongunstig).</summary>
    Unfavourable,
}

/// <summary>How far a measure is met (nl: stand van een maatregel).</summary>
public sealed record MeasureAnswer
{
    /// <summary>Code of the measure.</summary>
    [RegularExpression("K[0-9]{2}")]
    public required string Id { get; init; }

    /// <summary>How far.</summary>
    public required MeasureState State { get; init; }

    /// <summary>Day on which it was attested.</summary>
    public required DateOnly On { get; init; }

    /// <summary>What shows it: a reference, never the document.</summary>
    [StringLength(300, MinimumLength = 2)]
    public required string Evidence { get; init; }

    /// <summary>What will be done; with a plan only.</summary>
    [StringLength(500, MinimumLength = 3)]
    public string? Plan { get; init; }

    /// <summary>By when; with a plan only.</summary>
    public DateOnly? PlanBy { get; init; }
}

/// <summary>How far a measure is met (nl: voldaan, met plan, niet voldaan).</summary>
public enum MeasureState
{
    /// <summary>Met (nl: voldaan).</summary>
    Met,

    /// <summary>Met with a remark: a plan and a day (nl: voldaan met plan).</summary>
    Planned,

    /// <summary>Not met (nl: niet voldaan).</summary>
    NotMet,
}

/// <summary>A municipality and the days for which it is meant (nl: grondgebied met geldigheid); at a merger the code changes and the organisation stays.</summary>
public sealed record TerritoryPeriod
{
    /// <summary>NIS code, five digits.</summary>
    [RegularExpression("[0-9]{5}")]
    public required string Nis { get; init; }

    /// <summary>The first day.</summary>
    public required DateOnly From { get; init; }

    /// <summary>The last day; absent while there is none.</summary>
    public DateOnly? Until { get; init; }
}

/// <summary>What the deciding node knows of an accession (nl: feiten over een toetreding). A fact that it does not have stays null and refuses.</summary>
public sealed record AccessionFacts
{
    /// <summary>Today, Europe/Brussels.</summary>
    public required DateOnly Today { get; init; }

    /// <summary>Whether this node works on synthetic numbers only.</summary>
    public required bool? SyntheticOnly { get; init; }

    /// <summary>Who signed the accession; null when the key is not known here.</summary>
    public required OrganisationId? SignedBy { get; init; }

    /// <summary>What that organisation is.</summary>
    public required OrganisationKind? Kind { get; init; }

    /// <summary>State of the protocol; null when it is not in the register.</summary>
    public required ProtocolState? State { get; init; }

    /// <summary>The framework whose hash the accession names; null when this node does not have it.</summary>
    public required Framework? Framework { get; init; }

    /// <summary>The municipalities that the accession names, by NIS code; one that is not there does not exist.</summary>
    public required IReadOnlyDictionary<string, MunicipalityFact>? Municipalities { get; init; }
}

/// <summary>A municipality as a fact (nl: gemeente als feit).</summary>
/// <param name="ValidFrom">The first day of the code; null when it is older than anybody asks.</param>
/// <param name="ValidTo">The last day of the code; null while it is valid.</param>
/// <param name="HasWelfareCentre">Whether it has an OCMW.</param>
public sealed record MunicipalityFact(DateOnly? ValidFrom, DateOnly? ValidTo, bool HasWelfareCentre)
{
    internal bool Overlaps(TerritoryPeriod period) => (ValidTo is not { } last || period.From <= last) && (ValidFrom is not { } first || period.Until is not { } until || first <= until);
}
