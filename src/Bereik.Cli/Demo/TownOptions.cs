using Bereik.Magda;

namespace Bereik.Cli.Demo;

/// <summary>What a synthetic town is made from. The same options always give the same files, byte for byte.</summary>
public sealed record TownOptions
{
    /// <summary>The seed of every choice.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How many families stand in the register, from 1.</summary>
    public int Families { get; init; } = 2_000;

    /// <summary>The month for which about 31 % of the families have the social supplement.</summary>
    public required PaymentMonth ReferenceMonth { get; init; }

    /// <summary>The day on which ages and closed files are counted, Europe/Brussels.</summary>
    public required DateOnly Today { get; init; }
}
