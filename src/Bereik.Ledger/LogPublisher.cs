using System.Threading.Channels;

namespace Bereik.Ledger;

/// <summary>A tree that is durable. Never changes.</summary>
/// <param name="Tree">Its right edge.</param>
/// <param name="Checkpoint">Size and root.</param>
/// <param name="Note">The checkpoint, signed by the log.</param>
internal sealed record DurableTree(TileTree Tree, Checkpoint Checkpoint, SignedNote Note);

/// <summary>What became durable in the journal and is to be published.</summary>
/// <param name="Before">The tree before it.</param>
/// <param name="Entries">Entries, in order; may be none.</param>
/// <param name="Full">The tiles that they filled.</param>
/// <param name="After">The tree after it.</param>
/// <param name="Ended">Segments of the journal that ended before it; they may go when the tree before it is durable in the static files.</param>
internal sealed record DurableBatch(DurableTree Before, IReadOnlyList<ReadOnlyMemory<byte>> Entries, IReadOnlyList<(TilePath Path, byte[] Bytes)> Full, DurableTree After, List<Segment> Ended)
{
    // What an entry takes in memory beside its bytes, about.
    private const int EntryOverhead = 64;

    public long Bytes { get; } = Entries.Sum(entry => (long)entry.Length + EntryOverhead);
}

/// <summary>How a writer stands, told by its sequencer and its publisher.</summary>
internal sealed class LogStatus
{
    private static readonly LogCondition Open = new(LogState.Open);
    private volatile LogCondition? broken;
    private volatile LogCondition? journal;
    private volatile LogCondition? files;

    public LogCondition Condition => broken ?? journal ?? files ?? Open;

    public bool IsBroken => broken is not null;

    public LogCondition? Files => files;

    public void SetJournal(LogCondition? condition) => journal = condition;

    public void SetFiles(LogCondition? condition) => files = condition;

    // The first reason stays.
    public void Break(string code, string? place) => Interlocked.CompareExchange(ref broken, new LogCondition(LogState.Broken, code, place), null);

    public LogUnavailableException Refusal() => new(Condition.Code ?? "log.closed", isRetryable: !IsBroken);
}

/// <summary>
/// Writes what is durable in the journal as static files, asks for cosignatures, and then shows the checkpoint. It runs beside the sequencer, which
/// waits for it only when much has piled up.
/// </summary>
internal sealed class LogPublisher(LogWriterOptions options, LogFiles files, Journal journal, LogStatus status, DurableTree start, List<ReadOnlyMemory<byte>> open, SignedNote published, long publishedSize) : IDisposable
{
    private const long MostBacklogBytes = 32 * 1024 * 1024;
    private const long MostRoundBytes = 4 * 1024 * 1024;

    // A round of more entries than this is load: the next checkpoint may wait.
    private const long Load = 64;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MostCosigningAtEnd = TimeSpan.FromSeconds(1);

    private readonly object gate = new();
    private readonly Queue<DurableBatch> backlog = new();
    private readonly Channel<bool> signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource ending = new();
    private readonly CancellationTokenSource cosigningEnds = new();
    private TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile SignedNote published = published;
    private long publishedSize = publishedSize;
    private long backlogBytes;
    private volatile bool isRefreshing;
    private volatile bool isEnding;
    private volatile bool hasEnded;

    // The publisher's own: how far the files are, how far within the batch that is being written, the bases of the journal's segments, the segments
    // that ended and the base of what comes after them.
    private DurableTree latest = start;
    private int taken;
    private int tilesTaken;
    private readonly List<long> bases = [start.Checkpoint.Size];
    private List<Segment> ended = [];
    private long endedSize = start.Checkpoint.Size;
    private List<Segment> retiring = [];
    private Task<long>? upkeep;

    public SignedNote Published => published;

    public void Signal() => signal.Writer.TryWrite(true);

    public void Refresh()
    {
        isRefreshing = true;
        Signal();
    }

    public void Add(DurableBatch batch)
    {
        lock (gate)
        {
            backlog.Enqueue(batch);
            backlogBytes += batch.Bytes;
        }

        Signal();
    }

    // Memory stays bounded: waits while much is to be written, and refuses when writing fails.
    public void WaitForRoom()
    {
        lock (gate)
        {
            while (backlogBytes > MostBacklogBytes && !status.IsBroken && !hasEnded)
            {
                if (status.Files is not null) throw status.Refusal();
                Monitor.Wait(gate, Pace);
            }
        }
    }

    public async Task PublishedAsync(long index, CancellationToken cancel)
    {
        while (true)
        {
            var awaited = Volatile.Read(ref next).Task;
            if (Interlocked.Read(ref publishedSize) > index) return;
            if (status.IsBroken || hasEnded) throw status.Refusal();
            await awaited.WaitAsync(cancel);
        }
    }

    // Publishes what is there, makes it durable, and ends.
    public void End()
    {
        isEnding = true;
        ending.Cancel();
        cosigningEnds.CancelAfter(MostCosigningAtEnd);
        Signal();
    }

    public async Task RunAsync()
    {
        try
        {
            await RoundsAsync();
        }
        finally
        {
            hasEnded = true;
            WakeAll();
            await (upkeep ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose()
    {
        ending.Dispose();
        cosigningEnds.Dispose();
    }

    public void WakeAll()
    {
        Volatile.Read(ref next).TrySetResult();
        lock (gate) Monitor.PulseAll(gate);
        Signal();
    }

    private bool IsDrained
    {
        get
        {
            lock (gate) return backlog.Count == 0;
        }
    }

    private async Task RoundsAsync()
    {
        Task<SignedNote>? cosigning = null;
        var cosigned = latest;
        Task<bool>? awaited = null;
        while (true)
        {
            awaited ??= signal.Reader.WaitToReadAsync().AsTask();
            await Task.WhenAny(new Task?[] { awaited, cosigning, upkeep }.OfType<Task>());
            if (awaited.IsCompleted)
            {
                signal.Reader.TryRead(out _);
                awaited = null;
            }

            var isLast = isEnding;
            var count = 0L;
            try
            {
                // What is broken stays as it was, for whoever looks.
                if (status.IsBroken) return;
                if (upkeep is { IsCompleted: true })
                {
                    var kept = upkeep;
                    upkeep = null;
                    var from = await kept;
                    bases.RemoveAll(size => size < from);
                }

                WriteBacklog();
                if (cosigning is null && (isRefreshing || latest.Checkpoint.Size != publishedSize))
                {
                    cosigned = latest;
                    WritePartial(cosigned);
                    isRefreshing = false;
                    cosigning = CosignAsync(cosigned);
                }

                if (cosigning is { IsCompleted: true })
                {
                    count = cosigned.Checkpoint.Size - publishedSize;
                    Show(await cosigning, cosigned.Checkpoint.Size);
                    cosigning = null;
                    if (latest.Checkpoint.Size != publishedSize) Signal();
                }

                files.RemovePartial([.. bases, publishedSize, cosigned.Checkpoint.Size]);
                var isDone = isLast && cosigning is null && IsDrained && latest.Checkpoint.Size == publishedSize;
                if (upkeep is null && (isDone || ended.Count > 0 || journal.WantsNext))
                {
                    (retiring, ended) = (ended, []);
                    upkeep = UpkeepAsync(isDone || retiring.Count > 0 ? files.TakeUnsynced() : null, retiring, endedSize, isDone);
                    if (isDone)
                    {
                        var last = await upkeep;
                        files.RemovePartial(last, publishedSize);
                        return;
                    }
                }

                status.SetFiles(null);
            }
            catch (LogCrash)
            {
                return;
            }
            catch (Exception failed) when (Disk.IsFailure(failed))
            {
                status.SetFiles(new LogCondition(LogState.Waiting, Disk.CodeOf(failed), options.Folder));
                if (upkeep is null)
                {
                    ended.InsertRange(0, retiring);
                    retiring = [];
                }

                if (isLast) return;
                await PauseAsync(Retry);
                Signal();
            }
            catch (Exception failed)
            {
                status.Break(failed is LogUnavailableException known ? known.Code : "log.failed", options.Folder);
                return;
            }

            if (count > Load && IsDrained) await PauseAsync(Pace);
        }
    }

    // Makes the files durable and lets go of the journal that they replace, beside publishing: a disk may take its time.
    private Task<long> UpkeepAsync(UnsyncedFiles? unsynced, List<Segment> done, long size, bool isLast) => Task.Run(() =>
    {
        try
        {
            unsynced?.Sync();
        }
        catch (Exception failed) when (Disk.IsFailure(failed))
        {
            // What the files lost stands in the journal: opening the log again writes them anew.
            throw new LogUnavailableException("log.syncFailed", isRetryable: false);
        }

        if (done.Count > 0) journal.Retire(done);
        if (isLast) journal.DropNext();
        else if (journal.WantsNext) journal.Prepare();
        return size;
    });

    // Not more than a part of it, so that a checkpoint is shown now and then however much comes.
    private void WriteBacklog()
    {
        for (var written = 0L; written < MostRoundBytes;)
        {
            DurableBatch? batch;
            lock (gate)
            {
                if (!backlog.TryPeek(out batch)) return;
            }

            written += Math.Max(1, batch.Bytes);

            if (batch.Ended.Count > 0)
            {
                // What the journal starts from must be durable in the files before the older journal goes.
                WritePartial(batch.Before);
                endedSize = batch.Before.Checkpoint.Size;
                bases.Add(endedSize);
                ended.AddRange(batch.Ended);
                batch.Ended.Clear();
            }

            // Whatever fails is done once more from where it failed.
            for (; taken < batch.Entries.Count; taken++)
            {
                if (open.Count == TilePath.FullWidth) open.Clear();
                open.Add(batch.Entries[taken]);
                if (open.Count < TilePath.FullWidth) continue;
                try
                {
                    var index = (batch.Before.Checkpoint.Size + taken) / TilePath.FullWidth;
                    files.WriteTile(new TilePath(TilePath.Entries, index, TilePath.FullWidth), EntryBundle.Write(open));
                }
                catch
                {
                    open.RemoveAt(open.Count - 1);
                    throw;
                }
            }

            for (; tilesTaken < batch.Full.Count; tilesTaken++) files.WriteTile(batch.Full[tilesTaken].Path, batch.Full[tilesTaken].Bytes);
            (taken, tilesTaken, latest) = (0, 0, batch.After);
            lock (gate)
            {
                backlog.Dequeue();
                backlogBytes -= batch.Bytes;
                Monitor.PulseAll(gate);
            }
        }

        Signal();
    }

    private void WritePartial(DurableTree tree)
    {
        var size = tree.Checkpoint.Size;
        var width = (int)(size % TilePath.FullWidth);
        if (width > 0) files.WriteTile(new TilePath(TilePath.Entries, size / TilePath.FullWidth, width), EntryBundle.Write(open));
        foreach (var (path, bytes) in tree.Tree.Partial()) files.WriteTile(path, bytes);
    }

    private async Task<SignedNote> CosignAsync(DurableTree tree)
    {
        if (options.Cosign is not { } cosign) return tree.Note;
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cosigningEnds.Token);
        bound.CancelAfter(options.CosignWithin);
        try
        {
            var reader = new LogReader(new FolderLog(options.Folder), tree.Checkpoint);
            var note = await cosign(tree.Note, reader, bound.Token).WaitAsync(bound.Token);

            // SECURITY: a witness adds signatures; it does not choose what the log says.
            return note.Text == tree.Note.Text && note.IsSignedBy(options.Key.Verifier) ? note : tree.Note;
        }
#pragma warning disable CA1031 // Whatever goes wrong at a witness, the log goes on with its own signature.
        catch (Exception)
#pragma warning restore CA1031
        {
            return tree.Note;
        }
    }

    private void Show(SignedNote note, long size)
    {
        // The same tree without its witness's signature says less than what is there.
        if (note.Text != published.Text || note.Signatures.Count >= published.Signatures.Count)
        {
            files.WriteCheckpoint(note);
            published = note;
        }

        Interlocked.Exchange(ref publishedSize, size);
        Interlocked.Exchange(ref next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    private async Task PauseAsync(TimeSpan time)
    {
        try
        {
            await Task.Delay(time, ending.Token);
        }
        catch (OperationCanceledException)
        {
            // It ends: no more pauses.
        }
    }
}
