namespace Bereik.Ledger;

/// <summary>Where an entry stands in the log.</summary>
/// <param name="Index">Place, from 0.</param>
/// <param name="Leaf">Its leaf hash.</param>
public readonly record struct LogPosition(long Index, TreeHash Leaf);

/// <summary>How a log's writer stands.</summary>
public enum LogState
{
    /// <summary>It takes entries.</summary>
    Open,

    /// <summary>It could not write, for a reason that may pass (a full disk): every append tries again.</summary>
    Waiting,

    /// <summary>It cannot be trusted any more until somebody looked: a file is damaged, or the disk did not keep what it said it kept.</summary>
    Broken,
}

/// <summary>How a log's writer stands, for people who operate it.</summary>
/// <param name="State">The state.</param>
/// <param name="Code">A stable code when it is not open, such as <c>log.diskFull</c>; else null.</param>
/// <param name="Place">The file that it is about; null when none.</param>
public sealed record LogCondition(LogState State, string? Code = null, string? Place = null);

/// <summary>An entry could not be made durable.</summary>
/// <param name="code">A stable code.</param>
/// <param name="isRetryable">Whether trying again later can help.</param>
public sealed class LogUnavailableException(string code, bool isRetryable) : Exception(code)
{
    /// <summary>A stable code.</summary>
    public string Code { get; } = code;

    /// <summary>Whether trying again later can help.</summary>
    public bool IsRetryable { get; } = isRetryable;
}

/// <summary>What a writer needs.</summary>
public sealed record LogWriterOptions
{
    /// <summary>The folder that is served: <c>checkpoint</c>, <c>tile</c>.</summary>
    public required string Folder { get; init; }

    /// <summary>The writer's own folder, beside it: the journal. Never served.</summary>
    public required string JournalFolder { get; init; }

    /// <summary>The log's key; its name is the origin.</summary>
    public required NoteSigner Key { get; init; }

    /// <summary>
    /// Asks witnesses for their signatures before a checkpoint is published; gets the checkpoint and a reader of its tree. It may take its time, and
    /// gives the note with whatever signatures it got; null when there is no witness.
    /// </summary>
    public Func<SignedNote, LogReader, CancellationToken, Task<SignedNote>>? Cosign { get; init; }

    // For tests.
    internal LogHook? Hook { get; init; }

    // How long the witnesses have.
    internal TimeSpan CosignWithin { get; init; } = TimeSpan.FromSeconds(5);

    // A journal of this length starts a new file.
    internal int SegmentBytes { get; init; } = 16 * 1024 * 1024;
}

/// <summary>
/// The one writer of a log (nl: schrijver van het logboek). An append returns when entry, tree and checkpoint are durable; shortly after, the static
/// files show it.
/// </summary>
/// <remarks>
/// One sequencer takes everything that waits, and makes it durable with one record of the journal and one sync. A publisher writes the static files
/// beside it. What was not acknowledged may be in the log or not; what was acknowledged is.
/// </remarks>
public sealed class LogWriter : IAsyncDisposable
{
    private const int MostTurns = 8;
    private const int MostWaiting = 64 * 1024;
    private const long MostWaitingBytes = 64 * 1024 * 1024;

    private readonly LogWriterOptions options;
    private readonly FileStream guard;
    private readonly LogProbe probe;
    private readonly Journal journal;
    private readonly LogPublisher publisher;
    private readonly LogStatus status = new();
    private readonly RecentEntries recent;
    private readonly Thread sequencer;
    private readonly Task publishing;

    private readonly object gate = new();
    private readonly Queue<Waiting> waiting = new();
    private long waitingBytes;
    private bool isIdle;
    private bool isClosing;
    private bool isDisposed;
    private volatile DurableTree durable;

    private LogWriter(LogWriterOptions options, FileStream guard, LogProbe probe, LogStart start)
    {
        (this.options, this.guard, this.probe) = (options, guard, probe);
        (journal, recent, durable) = (start.Journal, start.Recent, start.Durable);
        var files = new LogFiles(options.Folder, probe);
        foreach (var place in start.MayHavePartial) files.MayHavePartial(place);
        publisher = new LogPublisher(options, files, journal, status, start.Base, start.OpenBundle, start.Published, start.PublishedSize);
        if (start.Replayed is { } replayed) publisher.Add(replayed);
        if (start.IsFresh) publisher.Refresh();
        else publisher.Signal();
        publishing = Task.Run(publisher.RunAsync);

        // A thread of its own: it waits for the disk most of the time, and must not wait for a pool that others fill.
        sequencer = new Thread(Sequence) { IsBackground = true, Name = "log sequencer" };
        sequencer.Start();
    }

    /// <summary>How it stands.</summary>
    public LogCondition Condition => status.Condition;

    /// <summary>The tree that is durable.</summary>
    public Checkpoint Durable => durable.Checkpoint;

    /// <summary>The checkpoint that is published, with every signature it got.</summary>
    public SignedNote Published => publisher.Published;

    /// <summary>Makes a new, empty log.</summary>
    /// <param name="options">Where.</param>
    /// <exception cref="LogBrokenException"><c>log.exists</c>: there is one already. <c>log.locked</c>: another writer has it.</exception>
    public static LogWriter Create(LogWriterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Directory.CreateDirectory(options.Folder);
        Directory.CreateDirectory(options.JournalFolder);
        return Locked(options, LogStart.Create);
    }

    /// <summary>Opens a log that was made before, and continues it.</summary>
    /// <param name="options">Where.</param>
    /// <exception cref="LogBrokenException"><c>log.missing</c>, <c>log.locked</c>, <c>log.otherKey</c>, or what is damaged.</exception>
    public static LogWriter Open(LogWriterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!Directory.Exists(options.Folder) || !Directory.Exists(options.JournalFolder)) throw new LogBrokenException("log.missing", options.Folder);
        return Locked(options, LogStart.Open);
    }

    /// <summary>Adds an entry. The same bytes as a recent entry's give that entry's place again.</summary>
    /// <param name="entry">1 to 65,535 bytes.</param>
    /// <param name="cancel">Stops waiting; an entry that was handed in is written all the same.</param>
    /// <exception cref="LogUnavailableException">It is not in the log.</exception>
    public Task<LogPosition> AppendAsync(ReadOnlyMemory<byte> entry, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfZero(entry.Length, nameof(entry));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entry.Length, EntryBundle.LongestEntry, nameof(entry));
        if (cancel.IsCancellationRequested) return Task.FromCanceled<LogPosition>(cancel);
        if (status.IsBroken) return Task.FromException<LogPosition>(status.Refusal());

        // A copy: whoever stops waiting may use the memory again.
        var one = new Waiting(entry.ToArray(), MerkleTree.LeafHash(entry.Span));
        lock (gate)
        {
            if (isClosing) return Task.FromException<LogPosition>(new LogUnavailableException("log.closed", isRetryable: true));
            if (waiting.Count >= MostWaiting || waitingBytes >= MostWaitingBytes) return Task.FromException<LogPosition>(new LogUnavailableException("log.busy", isRetryable: true));
            waiting.Enqueue(one);
            waitingBytes += entry.Length;
            if (isIdle) Monitor.Pulse(gate);
        }

        return cancel.CanBeCanceled ? one.Task.WaitAsync(cancel) : one.Task;
    }

    /// <summary>Waits until the published checkpoint covers an entry.</summary>
    /// <param name="index">The entry's place.</param>
    /// <param name="cancel">Stops waiting.</param>
    /// <exception cref="LogUnavailableException">The log is broken or closed, and will not show it.</exception>
    public Task PublishedAsync(long index, CancellationToken cancel) => publisher.PublishedAsync(index, cancel);

    /// <summary>Publishes the present tree again, so that witnesses sign it anew.</summary>
    public void Refresh() => publisher.Refresh();

    /// <summary>Stops the log: somebody found it damaged. Every append is refused from now on, until it is opened again.</summary>
    /// <param name="code">A stable code.</param>
    /// <param name="place">The file that is damaged; null when not known.</param>
    public void MarkBroken(string code, string? place)
    {
        ArgumentException.ThrowIfNullOrEmpty(code);
        status.Break(code, place);
        publisher.WakeAll();
    }

    /// <summary>Writes what waits, publishes it and makes the files durable.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref isDisposed, true)) return;
        lock (gate)
        {
            isClosing = true;
            Monitor.Pulse(gate);
        }

        await Task.Run(sequencer.Join);
        publisher.End();
        await publishing;
        publisher.Dispose();
        journal.Dispose();
        await guard.DisposeAsync();
    }

    private static LogWriter Locked(LogWriterOptions options, Func<LogWriterOptions, LogProbe, LogStart> begin)
    {
        var path = Path.Combine(options.JournalFolder, "lock");
        FileStream guard;
        try
        {
            guard = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new LogBrokenException("log.locked", path);
        }

        try
        {
            var probe = new LogProbe(options.Hook);
            return new LogWriter(options, guard, probe, begin(options, probe));
        }
        catch
        {
            guard.Dispose();
            throw;
        }
    }

    private void Sequence()
    {
        var batch = new List<Waiting>(Journal.MostEntries);
        try
        {
            while (TryTake(batch)) Commit(batch);
            EndJournal();
        }
        catch (LogCrash)
        {
            Refuse(batch, new LogUnavailableException("log.crashed", isRetryable: false));
        }
#pragma warning disable CA1031 // A bug here must not leave callers waiting.
        catch (Exception)
#pragma warning restore CA1031
        {
            MarkBroken("log.failed", options.JournalFolder);
            Refuse(batch, status.Refusal());
        }

        // Whatever was not written.
        lock (gate)
        {
            isClosing = true;
            batch.Clear();
            batch.AddRange(waiting);
            waiting.Clear();
        }

        Refuse(batch, new LogUnavailableException("log.closed", isRetryable: !status.IsBroken));
    }

    // Everything that waits, up to a bound; false when it ends.
    private bool TryTake(List<Waiting> batch)
    {
        var last = batch.Count;
        batch.Clear();

        // Who was just told comes back with the next entry in microseconds. A few turns for them, and one sync serves all instead of two one half
        // each. Reading the count without the lock is good enough for that.
        for (var turn = 0; turn < MostTurns && waiting.Count < last / 2; turn++) Thread.Yield();
        lock (gate)
        {
            while (waiting.Count == 0)
            {
                if (isClosing) return false;
                isIdle = true;
                Monitor.Wait(gate);
                isIdle = false;
            }

            var bytes = 0;
            while (batch.Count < Journal.MostEntries && waiting.TryPeek(out var one) && bytes + one.Entry.Length <= Journal.MostEntryBytes)
            {
                bytes += one.Entry.Length;
                batch.Add(waiting.Dequeue());
            }

            waitingBytes -= bytes;
            return true;
        }
    }

    private void Commit(List<Waiting> batch)
    {
        var before = durable;
        var size = before.Checkpoint.Size;
        var fresh = new List<byte[]>(batch.Count);
        var leaves = new List<TreeHash>(batch.Count);
        try
        {
            if (status.IsBroken) throw status.Refusal();
            publisher.WaitForRoom();
            foreach (var one in batch)
            {
                if (recent.TryGet(one.Leaf, out var index))
                {
                    one.Index = index;
                    continue;
                }

                one.Index = size + fresh.Count;
                recent.Add(one.Leaf, one.Index);
                fresh.Add(one.Entry);
                leaves.Add(one.Leaf);
            }

            if (fresh.Count > 0)
            {
                Write(before, fresh, leaves);
                status.SetJournal(null);
            }
        }
        catch (LogUnavailableException refusal)
        {
            // INVARIANT: the fork is dropped, so the tree is as it was; what was in the log before is in it still.
            foreach (var leaf in leaves) recent.Forget(leaf);
            if (!refusal.IsRetryable) MarkBroken(refusal.Code, options.JournalFolder);
            else if (status.Files is null) status.SetJournal(new LogCondition(LogState.Waiting, refusal.Code, options.JournalFolder));
            Refuse(batch, refusal);
            return;
        }

        foreach (var leaf in leaves) recent.Keep(leaf);
        foreach (var one in batch) one.TrySetResult(new LogPosition(one.Index, one.Leaf));
    }

    private void Write(DurableTree before, List<byte[]> entries, List<TreeHash> leaves)
    {
        var tree = before.Tree.Fork();
        var full = new List<(TilePath Path, byte[] Bytes)>();
        foreach (var leaf in leaves) tree.Append(leaf, full);
        var checkpoint = new Checkpoint(before.Checkpoint.Origin, tree.Size, tree.Root());
        var note = checkpoint.Sign(options.Key);
        var ended = journal.Write(before.Note, before.Checkpoint.Size, entries, note.ToBytes());
        durable = new DurableTree(tree, checkpoint, note);
        publisher.Add(new DurableBatch(before, [.. entries.Select(entry => (ReadOnlyMemory<byte>)entry)], full, durable, ended));
    }

    // A journal that holds nothing is quick to open; when it cannot be had, the one that is there will do.
    private void EndJournal()
    {
        if (status.IsBroken || probe.HasCrashed || !journal.HasRecords) return;
        try
        {
            publisher.Add(new DurableBatch(durable, [], [], durable, journal.Begin(durable.Note)));
        }
        catch (LogUnavailableException failed)
        {
            status.SetJournal(new LogCondition(LogState.Waiting, failed.Code, options.JournalFolder));
        }
    }

    private static void Refuse(List<Waiting> batch, LogUnavailableException refusal)
    {
        foreach (var one in batch)
        {
            one.TrySetException(refusal);

            // Somebody who stopped waiting does not look at it either.
            _ = one.Task.Exception;
        }
    }

    private sealed class Waiting(byte[] entry, TreeHash leaf) : TaskCompletionSource<LogPosition>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public byte[] Entry => entry;

        public TreeHash Leaf => leaf;

        public long Index { get; set; }
    }
}
