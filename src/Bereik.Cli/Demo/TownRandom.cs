namespace Bereik.Cli.Demo;

/// <summary>Repeatable choices (SplitMix64). Not for secrets: <c>System.Random</c> does not promise the same numbers in the next release.</summary>
internal sealed class TownRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>Choices for one family that do not depend on how many were made for another.</summary>
    public static TownRandom For(int seed, int stream)
    {
        var mixed = new TownRandom(((ulong)(uint)seed << 32) | (uint)stream);
        return new TownRandom(mixed.Bits());
    }

    /// <summary>A number from 0 up to but not including <paramref name="bound"/>.</summary>
    public int Next(int bound) => (int)(Bits() % (ulong)bound);

    /// <summary>A number between both, both included.</summary>
    public int Between(int low, int high) => low + Next(high - low + 1);

    /// <summary>True so often in a thousand.</summary>
    public bool Chance(int perMille) => Next(1000) < perMille;

    public T Pick<T>(ReadOnlySpan<T> from) => from[Next(from.Length)];

    private ulong Bits()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
