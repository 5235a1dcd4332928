namespace Bereik.Node.Work;

/// <summary>Wakes the lanes when new work was committed, so that nobody waits for the next look at the store.</summary>
public sealed class WorkSignal : IDisposable
{
    private readonly SemaphoreSlim waiting = new(0);

    /// <summary>There may be work.</summary>
    public void Wake()
    {
        if (waiting.CurrentCount == 0) waiting.Release();
    }

    /// <inheritdoc/>
    public void Dispose() => waiting.Dispose();

    internal Task WaitAsync(TimeSpan atMost, CancellationToken cancel) => waiting.WaitAsync(atMost, cancel);
}
