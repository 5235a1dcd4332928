using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Log;
using Bereik.Local.Households;
using Bereik.Local.Storage;
using Bereik.Node.Requests;
using Bereik.Node.Work;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Orders;

// Step rows.erase, recurring: the keys of rows past their last day are destroyed, and the rows are gone from the store's file and its log, with salts and commitments; the public log is told.
// Repeatable, so outside the step's end.
internal sealed partial class EraseRows(LocalDatabase database, HouseholdErasure erasure, NodeKeys keys, WorkSignal signal, TimeProvider clock, ILogger<EraseRows> log) : IWorkStep
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
        var today = BelgianTime.DayOf(now);
        await using (var transaction = await database.Database.BeginTransactionAsync(cancel))
        {
            var (households, grants) = await erasure.EraseDueAsync(now, cancel);
            var yesterday = now.AddDays(-1);
            await database.Files.Where(file => file.State == "offered" && file.At < yesterday).ExecuteDeleteAsync(cancel);

            // A list lives as long as the last of its rows, and one whose rows were ended early until the day to inform by.
            var ended = await database.Lists.AsNoTracking()
                .Where(list => (list.DeleteBy < today || list.InformBy < today) && list.ErasedAt == null && !database.Households.Any(row => row.ListId == list.Id) && !database.GrantRows.Any(row => row.ListId == list.Id))
                .Select(list => list.Id).ToListAsync(cancel);
            await database.Lists.Where(list => ended.Contains(list.Id)).ExecuteUpdateAsync(set => set.SetProperty(list => list.ErasedAt, now), cancel);
            foreach (var id in ended) database.Tell(EventTypes.ListEnded, id, null, now);
            await EndAsync(now, cancel);
            await transaction.CommitAsync(cancel);
            if (households + grants > 0) LogErased(households, grants);
        }

        return await database.EmptyLogAsync(cancel);
    }

    // With the last row of a list its leaf hashes go: from the root alone nobody's slot is found again. The statement that says so is made in the same transaction.
    private async Task EndAsync(DateTimeOffset now, CancellationToken cancel)
    {
        var over = await database.PersonRoots.AsNoTracking()
            .Where(root => root.Leaves != null && database.Lists.Any(list => list.Id == root.ListId && list.ErasedAt != null)
                && !database.Households.Any(row => row.ListId == root.ListId) && !database.GrantRows.Any(row => row.ListId == root.ListId))
            .Select(root => new { root.ListId, root.Handle }).ToListAsync(cancel);
        foreach (var root in over)
        {
            var handle = Bytes32.TryParse(root.Handle, out var parsed) ? parsed : throw new InvalidDataException("A stored handle does not have its shape.");
            await database.PersonRoots.Where(one => one.ListId == root.ListId).ExecuteUpdateAsync(set => set.SetProperty(one => one.Leaves, (byte[]?)null), cancel);
            database.EndedDisclosures.Add(new EndedDisclosure { ListId = root.ListId, Document = SendEnd.Sign(handle, DisclosureEndCause.Deadline, keys, now) });
            database.Enqueue(SendEnd.Name, root.ListId, now);
        }

        await database.SaveChangesAsync(cancel);
        if (over.Count > 0) signal.Wake();
    }

    [LoggerMessage(LogLevel.Information, "Erased {Households} households and {Grants} grant rows whose time was over.")]
    private partial void LogErased(int households, int grants);
}
