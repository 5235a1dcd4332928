namespace Bereik.Domain;

/// <summary>What would leave the source about one household (nl: vrijgave).</summary>
public sealed record ReleaseRequest
{
    /// <summary>What it is for.</summary>
    public required Purpose Purpose { get; init; }

    /// <summary>The fields; empty for presence alone.</summary>
    public required IReadOnlyList<RecordField> Fields { get; init; }
}

/// <summary>What the deciding node knows of one household (nl: feiten over een gezin). A fact that it does not have stays null and refuses.</summary>
public sealed record ReleaseFacts
{
    /// <summary>Today, Europe/Brussels.</summary>
    public required DateOnly Today { get; init; }

    /// <summary>Whether this node works on synthetic numbers only.</summary>
    public required bool? SyntheticOnly { get; init; }

    /// <summary>What the register says of the protocol and of the recipient's accession; null when the node has no register.</summary>
    public required RegisterFacts? Register { get; init; }

    /// <summary>Each exclusion, and whether it holds. Null when nobody looked at any.</summary>
    public ExclusionFacts? Excluded { get; init; }

    /// <summary>When people were told that this would come.</summary>
    public DateOnly? AnnouncedOn { get; init; }

    /// <summary>The fields that people were told about; null when nobody was told.</summary>
    public FieldSet? AnnouncedFields { get; init; }

    /// <summary>Hashes of earlier texts than which this one is not wider: a consent given under one of them counts still.</summary>
    public IReadOnlySet<string>? Covers { get; init; }

    /// <summary>The consent of the person; null when there is none.</summary>
    public ConsentFact? Consent { get; init; }

    /// <summary>Each condition of shared secrecy, and whether it holds. One that is not there does not.</summary>
    public IReadOnlyDictionary<SecrecyCondition, bool>? Secrecy { get; init; }
}

/// <summary>A consent as a fact (nl: toestemming als feit).</summary>
public sealed record ConsentFact
{
    /// <summary>Day on which it was given.</summary>
    public required DateOnly GivenOn { get; init; }

    /// <summary>Hash of the text under which it was given; null when that is not known.</summary>
    public required string? Under { get; init; }

    /// <summary>The fields that were agreed to.</summary>
    public required FieldSet Fields { get; init; }

    /// <summary>Whether it was taken back; null when that was not checked.</summary>
    public required bool? Withdrawn { get; init; }
}
