using Bereik.Domain;
using Bereik.Local.Storage;
using Bereik.Node.Work;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Orders;

// Step rows.erase, recurring: rows past their last day are gone from the store's file and its log. Repeatable, so outside the step's end.
internal sealed partial class EraseRows(LocalDatabase database, TimeProvider clock, ILogger<EraseRows> log) : IWorkStep
{
    public const string Name = "rows.erase";
    private static readonly TimeSpan Between = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan WhenBusy = TimeSpan.FromSeconds(5);

    public string Kind => Name;

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var isScrubbed = await EraseAsync(now, cancel);
        return WorkResult.Later(isScrubbed ? Between : WhenBusy);
    }

    /// <summary>Erases, then empties the write-ahead log, in which older forms of the pages stand.</summary>
    /// <returns>False when a reader kept the log from being emptied; to be tried again soon.</returns>
    internal async Task<bool> EraseAsync(DateTimeOffset now, CancellationToken cancel)
    {
        // Nobody can be recorded as informed yet: the last day to inform is the last day of a row.
        var today = BelgianTime.DayOf(now);
        await using (var transaction = await database.Database.BeginTransactionAsync(cancel))
        {
            var households = await database.Households.Where(row => row.DeleteBy < today || row.InformBy < today).ExecuteDeleteAsync(cancel);
            var grants = await database.GrantRows.Where(row => row.DeleteBy < today || row.InformBy < today).ExecuteDeleteAsync(cancel);
            var yesterday = now.AddDays(-1);
            await database.Files.Where(file => file.State == "offered" && file.At < yesterday).ExecuteDeleteAsync(cancel);
            await database.Lists.Where(list => (list.DeleteBy < today || list.InformBy < today) && list.ErasedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(list => list.ErasedAt, now), cancel);
            await transaction.CommitAsync(cancel);
            if (households + grants > 0) LogErased(households, grants);
        }

        return await database.EmptyLogAsync(cancel);
    }

    [LoggerMessage(LogLevel.Information, "Erased {Households} households and {Grants} grant rows whose time was over.")]
    private partial void LogErased(int households, int grants);
}
