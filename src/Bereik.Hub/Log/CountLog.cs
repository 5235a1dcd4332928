using System.Globalization;
using Bereik.Domain;
using Bereik.Exchange.Log;
using Bereik.Hub.Storage;
using Bereik.Ledger;
using Bereik.Node.Work;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Log;

// Counts the entries of the log by day and type, some thousands at a time, so that a page never counts more than what came since.
internal sealed class CountLog(HubDatabase store) : IWorkStep
{
    public const string StepKind = "log.count";

    // Bundles of 256 entries that one run reads.
    private const int MostBundles = 40;
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ShortPause = TimeSpan.FromMilliseconds(50);

    public string Kind => StepKind;

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel) => await CountAsync(cancel) ? WorkResult.Later(ShortPause) : WorkResult.Later(Pause);

    // True when there is more to count.
    internal async Task<bool> CountAsync(CancellationToken cancel)
    {
        if (await store.Log.ReadAsync(cancel) is not { } log) return false;
        var from = await CountedAsync(store, cancel);
        var (counts, to) = await CountAsync(log.Reader, from, MostBundles, cancel);
        if (to == from) return false;

        // Repeatable: what was counted and how far go together.
        await using var transaction = await store.Database.BeginTransactionAsync(cancel);
        if (await CountedAsync(store, cancel) != from) return true;
        foreach (var ((day, type), entries) in counts)
        {
            var text = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            await store.Database.ExecuteSqlAsync($"INSERT INTO log_day (day, type, entries) VALUES ({text}, {type}, {entries}) ON CONFLICT (day, type) DO UPDATE SET entries = entries + excluded.entries", cancel);
        }

        await store.Database.ExecuteSqlAsync($"UPDATE hub_log SET counted = {to}", cancel);
        await transaction.CommitAsync(cancel);
        return to < log.Reader.Checkpoint.Size;
    }

    // Entries since a day by day and type: those that were counted, and those that came since.
    public static async Task<Dictionary<(DateOnly Day, string Type), long>> ReadAsync(HubDatabase store, LogReader reader, DateOnly since, CancellationToken cancel)
    {
        var first = since.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var stored = await store.Database.SqlQuery<Counted>($"SELECT day AS Day, type AS Type, entries AS Entries FROM log_day WHERE day >= {first}").ToListAsync(cancel);
        var counts = stored.ToDictionary(one => (DateOnly.ParseExact(one.Day, "yyyy-MM-dd", CultureInfo.InvariantCulture), one.Type), one => one.Entries);
        var (news, _) = await CountAsync(reader, await CountedAsync(store, cancel), MostBundles, cancel);
        foreach (var (key, entries) in news.Where(one => one.Key.Day >= since)) counts[key] = counts.GetValueOrDefault(key) + entries;
        return counts;
    }

    private static Task<long> CountedAsync(HubDatabase store, CancellationToken cancel) => store.Database.SqlQueryRaw<long>("SELECT counted AS Value FROM hub_log").SingleAsync(cancel);

    private static async Task<(Dictionary<(DateOnly Day, string Type), long> Counts, long To)> CountAsync(LogReader reader, long from, int bundles, CancellationToken cancel)
    {
        var counts = new Dictionary<(DateOnly, string), long>();
        var next = from;
        for (var bundle = from / TilePath.FullWidth; bundles > 0 && next < reader.Checkpoint.Size; bundle++, bundles--)
        {
            var entries = await reader.BundleAsync(bundle, cancel);
            foreach (var bytes in entries.Skip((int)(next % TilePath.FullWidth)))
            {
                if (LogEntryFormat.Read(bytes.Span).TryGet(out var entry, out _))
                {
                    var key = (BelgianTime.DayOf(entry.At), LogEntryFormat.NameOf(entry));
                    counts[key] = counts.GetValueOrDefault(key) + 1;
                }

                next++;
            }
        }

        return (counts, next);
    }

    private sealed record Counted(string Day, string Type, long Entries);
}
