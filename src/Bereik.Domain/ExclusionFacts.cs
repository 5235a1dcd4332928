namespace Bereik.Domain;

/// <summary>For each exclusion whether it holds for a household, and whether anybody looked (nl: uitsluitingen als feit). One that was not looked at refuses.</summary>
public readonly record struct ExclusionFacts
{
    private readonly uint looked;
    private readonly uint holding;

    private ExclusionFacts(uint looked, uint holding) => (this.looked, this.holding) = (looked, holding);

    /// <summary>The same, and one more that was looked at.</summary>
    /// <param name="exclusion">The exclusion.</param>
    /// <param name="holds">Whether it holds.</param>
    public ExclusionFacts With(Exclusion exclusion, bool holds) => new(looked | Bit(exclusion), holds ? holding | Bit(exclusion) : holding & ~Bit(exclusion));

    /// <summary>Facts from a list.</summary>
    /// <param name="facts">Each exclusion that was looked at, and whether it holds.</param>
    public static ExclusionFacts Of(IEnumerable<KeyValuePair<Exclusion, bool>> facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return facts.Aggregate(default(ExclusionFacts), (all, one) => all.With(one.Key, one.Value));
    }

    /// <summary>Whether an exclusion holds; null when nobody looked.</summary>
    /// <param name="exclusion">The exclusion.</param>
    public bool? Of(Exclusion exclusion) => (looked & Bit(exclusion)) == 0 ? null : (holding & Bit(exclusion)) != 0;

    /// <summary>Whether each of some exclusions was looked at and does not hold.</summary>
    internal bool Clear(uint exclusions) => (looked & ~holding & exclusions) == exclusions;

    internal static uint Bit(Exclusion exclusion) => (int)exclusion is >= 0 and < 31 ? 1u << (int)exclusion : throw new ArgumentOutOfRangeException(nameof(exclusion));
}
