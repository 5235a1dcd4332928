using Bereik.Hub.Storage;
using Bereik.Ledger;
using Bereik.Node.Work;

namespace Bereik.Hub.Log;

// Reads the whole published log as a stranger would, at every start and once a day. What does not hold ends the log's work until somebody looked.
internal sealed partial class CheckLog(HubDatabase store, TimeProvider clock, ILogger<CheckLog> log) : IWorkStep
{
    public const string StepKind = "log.check";

    private static readonly TimeSpan Pause = TimeSpan.FromDays(1);

    public string Kind => StepKind;

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        if (store.Log.IsBroken || await store.Log.ReadAsync(cancel) is not { } published) return WorkResult.Later(Pause);
        var begun = clock.GetTimestamp();
        var size = published.Reader.Checkpoint.Size;
        try
        {
            await LogCheck.CheckAsync(new FolderLog(store.Log.Folder), published.Reader.Checkpoint, (index, _) => Report(run, index, size), cancel);
            LogHeld(size, (long)clock.GetElapsedTime(begun).TotalMilliseconds);
        }
        catch (LogBrokenException broken)
        {
            store.Log.Break(broken.Code, broken.Place);
        }

        return WorkResult.Later(Pause);
    }

    private static void Report(WorkRun run, long index, long size)
    {
        if (index % 10_000 == 0) run.Report(index, size);
    }

    [LoggerMessage(LogLevel.Information, "The public log holds: {Size} entries read and checked in {Milliseconds} ms.")]
    private partial void LogHeld(long size, long milliseconds);
}
