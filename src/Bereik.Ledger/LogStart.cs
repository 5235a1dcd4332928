namespace Bereik.Ledger;

/// <summary>What a writer starts from: a new log, or one as it was found.</summary>
internal sealed class LogStart
{
    private const int Recents = 64 * 1024;

    // So many entries before the journal's base, partial files may still stand that a writer that was killed had no time to remove.
    private const int Behind = 64 * TilePath.FullWidth;

    public required Journal Journal { get; init; }

    // The tree that the journal starts from, and the entries of its bundle that is not full.
    public required DurableTree Base { get; init; }

    public required List<ReadOnlyMemory<byte>> OpenBundle { get; init; }

    // What the journal had, to be written as files once more.
    public DurableBatch? Replayed { get; init; }

    public required DurableTree Durable { get; init; }

    public required RecentEntries Recent { get; init; }

    public required SignedNote Published { get; init; }

    public required long PublishedSize { get; init; }

    // Whether no witness was asked yet.
    public bool IsFresh { get; init; }

    public IReadOnlyList<TilePath> MayHavePartial { get; init; } = [];

    public static LogStart Create(LogWriterOptions options, LogProbe probe)
    {
        if (Journal.IsBegun(options.JournalFolder) || IsServed(options)) throw new LogBrokenException("log.exists", options.Folder);
        Journal.Clear(options.JournalFolder);
        var tree = TileTree.Empty();
        var checkpoint = new Checkpoint(options.Key.Verifier.Name, 0, TreeHash.OfEmptyTree);
        var start = new DurableTree(tree, checkpoint, checkpoint.Sign(options.Key));
        var journal = new Journal(options.JournalFolder, options.SegmentBytes, probe, []);
        try
        {
            try
            {
                journal.Begin(start.Note);
                foreach (var made in (string[])[options.Folder, options.JournalFolder]) Disk.SyncFolder(Path.GetDirectoryName(Path.GetFullPath(made))!);
                new LogFiles(options.Folder, probe).WriteCheckpoint(start.Note);
            }
            catch (LogUnavailableException failed)
            {
                throw new IOException(failed.Code, failed);
            }

            return new LogStart
            {
                Journal = journal,
                Base = start,
                OpenBundle = [],
                Durable = start,
                Recent = new RecentEntries(Recents),
                Published = start.Note,
                PublishedSize = 0,
                IsFresh = options.Cosign is not null,
            };
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    public static LogStart Open(LogWriterOptions options, LogProbe probe)
    {
        if (!Journal.HasFiles(options.JournalFolder) || (!IsServed(options) && !Journal.IsBegun(options.JournalFolder))) throw new LogBrokenException("log.missing", options.JournalFolder);
        var segments = Journal.Read(options.JournalFolder);
        var journal = new Journal(options.JournalFolder, options.SegmentBytes, probe, segments);
        try
        {
            return Open(options, segments, journal);
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    private static bool IsServed(LogWriterOptions options) => Directory.EnumerateFileSystemEntries(options.Folder).Any(path => Path.GetFileName(path) is LogFiles.CheckpointName or "tile");

    private static LogStart Open(LogWriterOptions options, IReadOnlyList<SegmentRead> segments, Journal journal)
    {
        var key = options.Key.Verifier;
        var folder = options.Folder;
        var first = Opened(segments[0].Base, key);
        var tree = TileTree.Of(first.Size, path => Read(folder, path));
        if (tree.Root() != first.Root) throw new LogBrokenException("log.tile", FormattableString.Invariant($"tiles of size {first.Size}"));
        var atBase = new DurableTree(tree, first, segments[0].Base);
        var open = ReadOpenBundle(folder, tree);

        var recent = new RecentEntries(Recents);
        foreach (var (leaf, index) in Leaves(folder, tree)) Remember(recent, leaf, index);

        var replayed = tree.Fork();
        var full = new List<(TilePath Path, byte[] Bytes)>();
        var entries = new List<ReadOnlyMemory<byte>>();
        var note = segments[0].Base;
        var last = first;
        var shown = Shown(options);
        foreach (var (segment, begin, records) in segments)
        {
            var start = Opened(begin, key);
            if (start.Size != replayed.Size || start.Root != replayed.Root()) throw Journal.Damaged(segment.Path, 0);
            foreach (var record in records)
            {
                if (record.Size != replayed.Size) throw Journal.Damaged(segment.Path, 0);
                foreach (var entry in record.Entries)
                {
                    var leaf = MerkleTree.LeafHash(entry.Span);
                    Remember(recent, leaf, replayed.Size);
                    replayed.Append(leaf, full);
                    entries.Add(entry);
                }

                if (shown?.Checkpoint is { } same && same.Size == replayed.Size && same.Root != replayed.Root()) throw Forked(same);
            }

            // The last checkpoint's root covers what all records before it added.
            if (records is not [.., var end]) continue;
            if (!Checkpoint.TryOpen(end.Note.Span, key, out note!, out last!, out _) || last.Size != replayed.Size || last.Root != replayed.Root()) throw Journal.Damaged(segment.Path, segment.End);
        }

        var durable = new DurableTree(replayed, last, note);

        // Readers saw the checkpoint that is shown: the log must continue it.
        if (shown?.Checkpoint is { } seen)
        {
            if (seen.Size > last.Size) throw new LogBrokenException("log.journalBehind", FormattableString.Invariant($"published {seen.Size}, journal {last.Size}"));
            if (seen.Size <= first.Size && new LogReader(new FolderLog(folder), first).RootAtAsync(seen.Size, CancellationToken.None).GetAwaiter().GetResult() != seen.Root) throw Forked(seen);
        }

        return new LogStart
        {
            Journal = journal,
            Base = atBase,
            OpenBundle = open,
            Replayed = entries.Count > 0 ? new DurableBatch(atBase, entries, full, durable, []) : null,
            Durable = durable,
            Recent = recent,
            Published = shown?.Note ?? note,
            PublishedSize = shown?.Checkpoint.Size ?? -1,
            MayHavePartial = [.. Places(durable.Checkpoint.Size, Math.Max(0, first.Size - Behind))],
        };
    }

    // The checkpoint that is shown now; one that the system lost when the power went, or that somebody spoiled, is written anew.
    private static (SignedNote Note, Checkpoint Checkpoint)? Shown(LogWriterOptions options)
    {
        var path = Path.Combine(options.Folder, LogFiles.CheckpointName);
        return File.Exists(path) && Checkpoint.TryOpen(File.ReadAllBytes(path), options.Key.Verifier, out var note, out var checkpoint, out _) ? (note, checkpoint) : null;
    }

    private static LogBrokenException Forked(Checkpoint shown) => new("log.fork", FormattableString.Invariant($"published {shown.Size}"));

    private static Checkpoint Opened(SignedNote note, NoteVerifier key) =>
        Checkpoint.TryOpen(note.ToBytes(), key, out _, out var checkpoint, out _) ? checkpoint : throw new LogBrokenException("log.otherKey", key.Name);

    private static byte[] Read(string folder, TilePath path)
    {
        var file = Path.Combine(folder, path.ToString());
        return File.Exists(file) ? File.ReadAllBytes(file) : throw new LogBrokenException("log.fileMissing", path.ToString());
    }

    private static List<ReadOnlyMemory<byte>> ReadOpenBundle(string folder, TileTree tree)
    {
        var width = (int)(tree.Size % TilePath.FullWidth);
        if (width == 0) return [];
        var path = new TilePath(TilePath.Entries, tree.Size / TilePath.FullWidth, width);
        var leaves = tree.Partial().First().Bytes;
        if (!EntryBundle.TryRead(Read(folder, path), out var entries) || entries.Count != width) throw new LogBrokenException("log.bundle", path.ToString());
        for (var i = 0; i < width; i++)
            if (MerkleTree.LeafHash(entries[i].Span) != Hash(leaves, i)) throw new LogBrokenException("log.bundle", path.ToString());
        return [.. entries];
    }

    // The tiles and bundles of a tree that have entries from a size on.
    private static IEnumerable<TilePath> Places(long size, long from)
    {
        for (var level = TilePath.Entries; level < 8; level++)
        {
            var first = from / TilePath.FullWidth >> (8 * Math.Max(0, level));
            for (var index = first; TilePath.In(level, index, size) is { } path; index++) yield return path.Full;
        }
    }

    // The last leaves of the tree, from its tiles.
    private static IEnumerable<(TreeHash Leaf, long Index)> Leaves(string folder, TileTree tree)
    {
        var whole = tree.Size / TilePath.FullWidth;
        for (var tile = Math.Max(0, whole - (Recents / TilePath.FullWidth)); tile < whole; tile++)
        {
            var path = new TilePath(0, tile, TilePath.FullWidth);
            var bytes = Read(folder, path);
            if (bytes.Length != TilePath.FullWidth * TreeHash.Length) throw new LogBrokenException("log.tile", path.ToString());
            for (var i = 0; i < TilePath.FullWidth; i++) yield return (Hash(bytes, i), (tile * TilePath.FullWidth) + i);
        }

        if (tree.Size % TilePath.FullWidth == 0) yield break;
        var open = tree.Partial().First().Bytes;
        for (var i = 0; i < open.Length / TreeHash.Length; i++) yield return (Hash(open, i), (whole * TilePath.FullWidth) + i);
    }

    private static TreeHash Hash(byte[] tile, int at) => new(tile.AsSpan(at * TreeHash.Length, TreeHash.Length));

    private static void Remember(RecentEntries recent, TreeHash leaf, long index)
    {
        recent.Add(leaf, index);
        recent.Keep(leaf);
    }
}
