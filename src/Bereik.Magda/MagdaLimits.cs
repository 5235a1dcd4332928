namespace Bereik.Magda;

/// <summary>What one answer may cost to read. Larger than any real answer, smaller than what would hurt a node.</summary>
public sealed record MagdaLimits
{
    /// <summary>The limits used when none are given: 16 MiB, depth 64, 16,384 characters a value, 10,000 repeated elements of a kind.</summary>
    public static MagdaLimits Default { get; } = new();

    /// <summary>Bytes in one file or stream.</summary>
    public long Bytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Depth of nested elements, the root being 1.</summary>
    public int Depth { get; init; } = 64;

    /// <summary>Characters in one text value.</summary>
    public int TextLength { get; init; } = 16 * 1024;

    /// <summary>Children, periods, beneficiaries, members, names, exceptions or numbers in one answer, each counted on its own.</summary>
    public int Items { get; init; } = 10_000;
}
