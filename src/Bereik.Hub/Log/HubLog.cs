using System.Runtime.CompilerServices;
using System.Text;
using Bereik.Exchange.Log;
using Bereik.Hub.Storage;
using Bereik.Ledger;
using Bereik.Node;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Log;

// The one public log of this hub and its one writer. No entry, no exchange: what is not in here did not happen.
internal sealed partial class HubLog(HubSettings settings, NoteSigner key, LogWitness witness, ILogger<HubLog> log, Func<LogWriterOptions, LogWriterOptions>? adjust = null) : IAsyncDisposable
{
    private readonly string journal = Path.Combine(settings.DataFolder, "log-journal");
    private LogWriter? writer;
    private LogCondition damage = new(LogState.Broken, "log.unopened");

    // The folder that is served.
    public string Folder { get; } = Path.Combine(settings.DataFolder, "log");

    public NoteVerifier Verifier => key.Verifier;

    // Who keeps it.
    public string Organisation => settings.Organisation;

    // Broken when it could not be opened: then pages are served, and no exchange.
    public LogCondition Condition => writer?.Condition ?? damage;

    public bool IsBroken => Condition.State == LogState.Broken;

    // Number of entries that are durable; null when the log was not opened.
    public long? Size => writer?.Durable.Size;

    // A test may come between writer and disk.
    private LogWriterOptions Options
    {
        get
        {
            var options = new LogWriterOptions { Folder = Folder, JournalFolder = journal, Key = key, Cosign = CosignAsync };
            return adjust is null ? options : adjust(options);
        }
    }

    // Opens the log that this store knows, or begins one when the store knows none. Runs once, before the node listens.
    public async Task OpenAsync(HubDatabase database, DateTimeOffset now)
    {
        var stored = await database.Database.SqlQueryRaw<StoredLog>("SELECT verifier AS Verifier, highest AS Highest FROM hub_log").SingleOrDefaultAsync();
        var isThere = Directory.Exists(Folder) || Directory.Exists(journal);
        if (stored is null)
        {
            if (isThere) throw new NodeStartException("This node's data folder holds a public log that its store knows nothing of. Bring back the store that belongs to the log; nothing is made new and nothing is served.");

            // Before the first file: a start that was broken off after this goes on with the same log.
            await database.Database.ExecuteSqlAsync($"INSERT INTO hub_log (id, verifier) VALUES (1, {Verifier.ToString()})");
        }
        else if (stored.Verifier != Verifier.ToString())
        {
            throw new NodeStartException("The key of setting 'keys.log' is not the key of this hub's public log. Nothing is served.");
        }

        if (stored?.Highest is { } highest) Continue(isThere, highest);
        else await BeginAsync(database, isThere, now);
        await File.WriteAllTextAsync(Path.Combine(settings.DataFolder, "log.vkey"), Verifier + "\n");
        if (IsBroken) LogDamaged(Condition.Code ?? "", Condition.Place ?? "");
    }

    // INVARIANT: all of these are durable when this returns. Nobody's disconnect ends it half-way.
    public async Task<IReadOnlyList<LogPosition>> AppendAsync(IReadOnlyList<LogEntry> entries)
    {
        var open = writer ?? throw new LogUnavailableException(damage.Code ?? "log.broken", isRetryable: false);
        return await Task.WhenAll(entries.Select(entry => open.AppendAsync(LogEntryFormat.Write(entry), CancellationToken.None)));
    }

    // The tree as it is published; null when there is none that can be read.
    public async Task<(LogReader Reader, SignedNote Note)?> ReadAsync(CancellationToken cancel)
    {
        if (writer is { } open) return Checkpoint.TryParse(open.Published.Text, out var published, out _) ? (new LogReader(new FolderLog(Folder), published), open.Published) : null;
        return await new FolderLog(Folder).ReadAsync("checkpoint", cancel) is { } bytes && Checkpoint.TryOpen(bytes, Verifier, out var note, out var checkpoint, out _)
            ? (new LogReader(new FolderLog(Folder), checkpoint), note) : null;
    }

    // Entries from one index up to another, verified, once they are published.
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(long from, long to, [EnumeratorCancellation] CancellationToken cancel)
    {
        for (var index = from; index < to; index++)
        {
            var at = index;
            yield return await GuardAsync(async reader => await reader.EntryAsync(at, cancel), to - 1, cancel);
        }
    }

    // Whether a checkpoint that somebody else embedded is one of this log.
    public async Task<bool> IsOwnAsync(string? note, CancellationToken cancel)
    {
        if (note is null || !Checkpoint.TryOpen(Encoding.UTF8.GetBytes(note), Verifier, out _, out var theirs, out _)) return false;
        if (theirs.Size > (Size ?? throw new LogUnavailableException(damage.Code ?? "log.broken", isRetryable: false)))
        {
            // SECURITY: it has this log's signature, and this log never had such a tree: the key is elsewhere too, or this log was put back to an earlier day.
            LogForeign(theirs.Size);
            return false;
        }

        if (theirs.Size == 0) return true;
        if (await GuardAsync(reader => reader.RootAtAsync(theirs.Size, cancel), theirs.Size - 1, cancel) == theirs.Root) return true;
        LogForeign(theirs.Size);
        return false;
    }

    // Publishes the same tree again, so that its cosignature is of now.
    public void Refresh() => writer?.Refresh();

    // Something that was read is not as it was written.
    public void Break(string code, string place)
    {
        writer?.MarkBroken(code, place);
        LogDamaged(code, place);
    }

    public async ValueTask DisposeAsync()
    {
        if (writer is not null) await writer.DisposeAsync();
        key.Dispose();
    }

    // Reads from the published tree once it includes an entry. What does not hold there ends the log's work.
    private async Task<T> GuardAsync<T>(Func<LogReader, Task<T>> read, long index, CancellationToken cancel)
    {
        var open = writer ?? throw new LogUnavailableException(damage.Code ?? "log.broken", isRetryable: false);
        await open.PublishedAsync(index, cancel);
        var published = await ReadAsync(cancel) ?? throw new LogUnavailableException("log.unpublished", isRetryable: true);
        try
        {
            return await read(published.Reader);
        }
        catch (LogBrokenException broken)
        {
            Break(broken.Code, broken.Place);
            throw new LogUnavailableException(broken.Code, isRetryable: false);
        }
    }

    private void Continue(bool isThere, long highest)
    {
        if (!isThere) throw Missing();
        try
        {
            writer = LogWriter.Open(Options);
        }
        catch (LogBrokenException broken)
        {
            if (broken.Code == "log.missing") throw Missing();
            if (broken.Code == "log.otherKey") throw new NodeStartException("The public log in this node's data folder was signed by another key than that of setting 'keys.log'. Nothing is served.");
            damage = new LogCondition(LogState.Broken, broken.Code, broken.Place);
            return;
        }

        // INVARIANT: what was told to anybody stays told. A shorter log would tell it otherwise.
        if (writer.Durable.Size <= highest) throw new NodeStartException($"The public log of this hub ends before entry {highest}, which its store knows to be in it. Bring back the whole log; nothing is served.");
        return;

        static NodeStartException Missing() => new("The public log of this hub is missing from its data folder ('log', 'log-journal'). Bring it back; a new one is never made, and nothing is served.");
    }

    private async Task BeginAsync(HubDatabase database, bool isThere, DateTimeOffset now)
    {
        try
        {
            writer = isThere ? LogWriter.Open(Options) : LogWriter.Create(Options);
            await using var transaction = await database.Database.BeginTransactionAsync();
            if (writer.Durable.Size == 0)
            {
                await database.LogAsync(new LogEntry.Begun { By = settings.Organisation, At = now.Second(), Origin = Verifier.Name, Synthetic = settings.AllowSyntheticNumbers, Witness = witness.Verifier.ToString() });
            }
            else
            {
                // It was begun, and the store did not hear of it: the process ended in between.
                await database.Database.ExecuteSqlAsync($"UPDATE hub_log SET highest = 0");
            }

            await transaction.CommitAsync();
        }
        catch (Exception failed) when (failed is LogBrokenException or LogUnavailableException)
        {
            throw new NodeStartException("The public log cannot be begun in this node's data folder. Look whether its disk is full or closed to this node; if 'log' and 'log-journal' were begun only now, remove both and start again.");
        }
    }

    private async Task<SignedNote> CosignAsync(SignedNote note, LogReader reader, CancellationToken cancel)
    {
        try
        {
            return await witness.CosignAsync(note, reader, cancel);
        }
        catch (LogBrokenException broken)
        {
            Break(broken.Code, broken.Place);
            return note;
        }
    }

    [LoggerMessage(LogLevel.Error, "The public log is damaged ({Code}, {Place}). Pages are served; every exchange is refused.")]
    private partial void LogDamaged(string code, string place);

    [LoggerMessage(LogLevel.Error, "A checkpoint of size {Size} has this log's signature and is not of this log. Somebody must look.")]
    private partial void LogForeign(long size);

    private sealed record StoredLog(string Verifier, long? Highest);
}

// Instants in the log.
internal static class LogTimes
{
    // UTC, whole seconds.
    public static DateTimeOffset Second(this DateTimeOffset instant) => DateTimeOffset.FromUnixTimeSeconds(instant.ToUnixTimeSeconds());
}
