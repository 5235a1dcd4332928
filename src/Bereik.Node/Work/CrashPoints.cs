using System.Diagnostics;

namespace Bereik.Node.Work;

/// <summary>Moments of a step at which a crash test can kill the process.</summary>
public enum CrashMoment
{
    /// <summary>The step is leased and has done nothing yet.</summary>
    Begun,

    /// <summary>What it does outside the store is done, nothing is stored.</summary>
    Acted,

    /// <summary>Everything is written, the transaction is not committed.</summary>
    Uncommitted,

    /// <summary>The transaction is committed.</summary>
    Committed,
}

// Kills the process the way a power cut would, once at each named place: the file "crashed" in the data folder lists where it has
// happened. The place "*" names every moment of every step, and "referral.*" every moment of those whose name begins so.
internal sealed class CrashPoints(string? at, string dataFolder)
{
    private readonly string marker = Path.Combine(dataFolder, "crashed");
    private readonly Lock passing = new();

    // With two lanes, one could be killed between another's commit and its moment Committed, which then never comes again.
    public bool NeedsOneLane => at?.EndsWith('*') == true;

    public void Pass(string kind, CrashMoment moment)
    {
        if (at is null) return;
        var place = $"{kind}:{moment}";
        if (!(NeedsOneLane ? place.StartsWith(at[..^1], StringComparison.Ordinal) : string.Equals(at, place, StringComparison.OrdinalIgnoreCase))) return;
        lock (passing)
        {
            if (File.Exists(marker) && File.ReadLines(marker).Contains(place)) return;
            File.AppendAllLines(marker, [place]);
            Process.GetCurrentProcess().Kill();
#pragma warning disable RS0030 // The kill is on its way, and nothing may run after this line: there is nothing to await.
            Thread.Sleep(Timeout.Infinite);
#pragma warning restore RS0030
        }
    }
}
