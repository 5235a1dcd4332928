using System.ComponentModel.DataAnnotations;

namespace Bereik.Domain;

/// <summary>
/// The framework (nl: vertrouwenskader): the measures that a local government attests before it may ask anything. One file is one version; a protocol names the version that it needs.
/// </summary>
public sealed record Framework
{
    /// <summary>Version, for example <c>0.1</c>.</summary>
    [RegularExpression("[0-9]{1,3}\\.[0-9]{1,3}")]
    public required string Version { get; init; }

    /// <summary>Title.</summary>
    public required Sentence Title { get; init; }

    /// <summary>What it is, in a few sentences.</summary>
    public required Sentence Summary { get; init; }

    /// <summary>Days for which what was received stays usable, for the person's benefit, after an accession stops; 0 to 90.</summary>
    [Range(0, 90)]
    public required int GraceDays { get; init; }

    /// <summary>What ends that use at once.</summary>
    [MinLength(1)]
    public required IReadOnlyList<SanctionTrigger> NoGrace { get; init; }

    /// <summary>The measures, each once.</summary>
    [MinLength(1)]
    public required IReadOnlyList<Measure> Measures { get; init; }

    /// <summary>SHA-256 of the canonical JSON, base64url. Set by whoever read the document, never in it.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Hash { get; init; } = "";
}

/// <summary>One measure that is attested (nl: maatregel).</summary>
public sealed record Measure
{
    /// <summary>Code, for example <c>K01</c>.</summary>
    [RegularExpression("K[0-9]{2}")]
    public required string Id { get; init; }

    /// <summary>What it is about.</summary>
    public required MeasureTheme Theme { get; init; }

    /// <summary>The measure in plain Dutch.</summary>
    [StringLength(500, MinimumLength = 10)]
    public required string Nl { get; init; }

    /// <summary>The measure in English.</summary>
    [StringLength(500, MinimumLength = 10)]
    public required string En { get; init; }

    /// <summary>What shows it.</summary>
    public required Sentence Evidence { get; init; }

    /// <summary>Who attests it.</summary>
    public required Attester AttestedBy { get; init; }

    /// <summary>How it is checked; at least one way.</summary>
    [MinLength(1)]
    public required IReadOnlyList<MeasureCheck> Checks { get; init; }

    /// <summary>Months after which it must be attested again, 1 to 60.</summary>
    [Range(1, 60)]
    public required int RenewalMonths { get; init; }

    /// <summary>Whether orders stop without it.</summary>
    public required bool Blocking { get; init; }
}

/// <summary>What a measure is about (nl: thema).</summary>
public enum MeasureTheme
{
    /// <summary>Who decides and is responsible (nl: bestuur).</summary>
    Governance,

    /// <summary>Who works with the data (nl: mensen).</summary>
    People,

    /// <summary>Machines and access (nl: techniek).</summary>
    Technique,

    /// <summary>The person whom it is about (nl: burger).</summary>
    Citizen,

    /// <summary>When something goes wrong or ends (nl: incidenten en einde).</summary>
    Incidents,
}

/// <summary>Who attests a measure, by function (nl: wie attesteert).</summary>
public enum Attester
{
    /// <summary>The council or bureau (nl: raad of vast bureau).</summary>
    Council,

    /// <summary>The director general (nl: algemeen directeur).</summary>
    DirectorGeneral,

    /// <summary>The data protection officer (nl: functionaris voor gegevensbescherming).</summary>
    DataProtectionOfficer,

    /// <summary>The information security officer (nl: informatieveiligheidsconsulent).</summary>
    SecurityOfficer,

    /// <summary>The head of the service (nl: teamverantwoordelijke).</summary>
    TeamLead,
}

/// <summary>How a measure is checked (nl: controlewijze).</summary>
public enum MeasureCheck
{
    /// <summary>By the system itself (nl: systeem).</summary>
    System,

    /// <summary>By a document (nl: document).</summary>
    Document,

    /// <summary>By a visit (nl: bezoek).</summary>
    Visit,
}
