namespace Bereik.Cli.Demo;

/// <summary>One municipality of the town and the files of its two organisations.</summary>
/// <param name="Nis">The NIS code of today.</param>
/// <param name="Name">The name.</param>
/// <param name="Slug">The name as in organisation ids: <c>gemeente-SLUG</c> and <c>ocmw-SLUG</c>.</param>
/// <param name="ResidentsFile">The municipality's resident children.</param>
/// <param name="KnownFile">The OCMW's clients.</param>
public sealed record TownPlace(string Nis, string Name, string Slug, string ResidentsFile, string KnownFile);

/// <summary>What was written, in numbers.</summary>
public sealed record TownSummary
{
    /// <summary>The folder with the answers, one sub-folder a service.</summary>
    public required string MagdaFolder { get; init; }

    /// <summary>The plain truth about the town, to check results against.</summary>
    public required string TruthFile { get; init; }

    /// <summary>The municipalities, largest first.</summary>
    public required IReadOnlyList<TownPlace> Places { get; init; }

    /// <summary>Families in the register.</summary>
    public required int Families { get; init; }

    /// <summary>Adults in these families.</summary>
    public required int Adults { get; init; }

    /// <summary>Children in these families.</summary>
    public required int Children { get; init; }

    /// <summary>Families with a child that has the social supplement in the reference month.</summary>
    public required int FamiliesWithSupplement { get; init; }

    /// <summary>Children with the social supplement in the reference month.</summary>
    public required int ChildrenWithSupplement { get; init; }

    /// <summary>Families by shape.</summary>
    public required IReadOnlyDictionary<string, int> Shapes { get; init; }

    /// <summary>Files of answers.</summary>
    public required int AnswerFiles { get; init; }

    /// <summary>Bytes in these files.</summary>
    public required long AnswerBytes { get; init; }
}
