using Bereik.Hub.Storage;
using Bereik.Node.Work;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Features;

// After an early deletion: moves the overwritten pages into the store's file and empties the write-ahead log, in which the deleted
// bytes would otherwise stay readable until it fills up.
internal sealed class ScrubStore(HubDatabase store) : IWorkStep
{
    private const string StepKind = "store.scrub";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public string Kind => StepKind;

    public static void Enqueue(HubDatabase database, string orderId, string after, DateTimeOffset now) => database.Enqueue(StepKind, $"{orderId}/{after}", now);

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        await store.Database.OpenConnectionAsync(cancel);

        // Short: while it waits for readers, nobody can write.
        await using var checkpoint = store.Database.GetDbConnection().CreateCommand();
        checkpoint.CommandText = "PRAGMA busy_timeout = 500; PRAGMA wal_checkpoint(TRUNCATE);";
        await using var reader = await checkpoint.ExecuteReaderAsync(cancel);
        var isBusy = true;
        do
        {
            while (await reader.ReadAsync(cancel))
            {
                if (reader.FieldCount == 3) isBusy = reader.GetInt64(0) != 0;
            }
        }
        while (await reader.NextResultAsync(cancel));

        return isBusy ? WorkResult.Later(Pause) : WorkResult.Done();
    }
}
