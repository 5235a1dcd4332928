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

// Kills the process the way a power cut would, once: a marker file in the data folder says that it has happened.
internal sealed class CrashPoints(string? at, string dataFolder)
{
    private readonly string marker = Path.Combine(dataFolder, "crashed");

    public void Pass(string kind, CrashMoment moment)
    {
        if (at is null || !string.Equals(at, $"{kind}:{moment}", StringComparison.OrdinalIgnoreCase) || File.Exists(marker)) return;
        File.WriteAllText(marker, at);
        Process.GetCurrentProcess().Kill();
        Thread.Sleep(Timeout.Infinite); // the kill is on its way; nothing may run after this line
    }
}
