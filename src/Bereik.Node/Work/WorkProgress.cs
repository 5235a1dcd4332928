using System.Collections.Concurrent;

namespace Bereik.Node.Work;

/// <summary>
/// How far running steps are (nl: voortgang). Kept in memory only: a step may be inside a long write to the store when it reports, and after a restart
/// it reports anew.
/// </summary>
public sealed class WorkProgress
{
    private readonly ConcurrentDictionary<long, StepProgress> running = new();

    /// <summary>How far a step is.</summary>
    /// <param name="item">The step; may be null.</param>
    /// <returns>Nothing of nothing for a step that has not reported.</returns>
    public StepProgress Of(WorkItem? item) => item is not null && running.TryGetValue(item.Id, out var progress) ? progress : new StepProgress(0, 0);

    internal void Report(long id, long done, long total) => running[id] = new StepProgress(done, total);

    internal void Forget(long id) => running.TryRemove(id, out _);
}

/// <summary>How far a step is, in its own unit.</summary>
/// <param name="Done">How much is done.</param>
/// <param name="Total">How much there is; 0 when not known.</param>
public readonly record struct StepProgress(long Done, long Total);
