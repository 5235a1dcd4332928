namespace Bereik.Ledger;

/// <summary>A tree that a mirror holds or held, to compare with.</summary>
/// <param name="Size">Number of entries.</param>
/// <param name="Root">Its root.</param>
public readonly record struct TreeHead(long Size, TreeHash Root);

/// <summary>
/// A reader's own copy of a log in a folder (nl: spiegel van het logboek), in the layout of the log itself, so that whatever reads a log reads it. It only ever
/// grows: a larger tree is taken when the entries that it adds, appended to those that are here, lead to its root, which is also the proof that it
/// continues the smaller one. A mirror is used by one thread at a time.
/// </summary>
public sealed class LogMirror
{
    private const string Head = "checkpoint";
    private readonly string folder;
    private TileTree tree;

    private LogMirror(string folder, string origin)
    {
        this.folder = folder;
        tree = TileTree.Empty();
        Checkpoint = new Checkpoint(origin, 0, TreeHash.OfEmptyTree);
    }

    /// <summary>The tree that is here; of size 0 before the first.</summary>
    public Checkpoint Checkpoint { get; private set; }

    /// <summary>Its checkpoint with every signature that it came with; null before the first.</summary>
    public SignedNote? Note { get; private set; }

    /// <summary>Opens a mirror, or begins an empty one where there is none.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="log">The log's key.</param>
    /// <exception cref="LogBrokenException"><c>mirror.checkpoint</c> (unreadable, or of another log) or <c>mirror.tile</c> (the tiles do not lead to its root): its files were changed, or the disk did not keep them.</exception>
    public static LogMirror Open(string folder, NoteVerifier log)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(log);
        var mirror = new LogMirror(folder, log.Name);
        var head = Path.Combine(folder, Head);
        if (!File.Exists(head)) return mirror;
        if (!Checkpoint.TryOpen(File.ReadAllBytes(head), log, out var note, out var checkpoint, out _)) throw new LogBrokenException("mirror.checkpoint", Head);
        try
        {
            mirror.tree = TileTree.Of(checkpoint.Size, path => File.ReadAllBytes(mirror.FileOf(path)));
        }
        catch (Exception damaged) when (damaged is FileNotFoundException or DirectoryNotFoundException or LogBrokenException)
        {
            throw new LogBrokenException("mirror.tile", Head);
        }

        if (mirror.tree.Root() != checkpoint.Root) throw new LogBrokenException("mirror.tile", Head);
        (mirror.Checkpoint, mirror.Note) = (checkpoint, note);
        return mirror;
    }

    /// <summary>Reads what is here.</summary>
    public LogReader Read() => new(new FolderLog(folder), Checkpoint);

    /// <summary>Fetches what a larger tree adds. Nothing of it counts before <see cref="Keep"/>.</summary>
    /// <param name="source">The log.</param>
    /// <param name="next">A checkpoint whose signature was verified, not smaller than the tree that is here.</param>
    /// <param name="seen">A tree of this log that was seen before and may be larger than what is here; null when none was.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>Null when what the log serves does not continue the tree that is here, or <paramref name="seen"/>, to that root.</returns>
    /// <exception cref="LogBrokenException">A file that the checkpoint promises is not there, or has another shape.</exception>
    public async Task<Growth?> FollowAsync(ILogSource source, Checkpoint next, TreeHead? seen, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(next);
        ArgumentOutOfRangeException.ThrowIfLessThan(next.Size, Checkpoint.Size);
        if (next.Size == Checkpoint.Size) return next.Root == Checkpoint.Root ? new Growth(next, tree, []) : null;
        var grown = tree.Fork();
        var reader = new LogReader(source, next);
        var rest = Array.Empty<byte>();
        for (var bundle = Checkpoint.Size / TilePath.FullWidth; bundle * TilePath.FullWidth < next.Size; bundle++)
        {
            var entries = await reader.BundleAsync(bundle, cancel);
            var own = (int)(grown.Size % TilePath.FullWidth);
            if (!HasOwn(entries, own)) return null;
            var full = new List<(TilePath Path, byte[] Bytes)>();
            foreach (var entry in entries.Skip(own))
            {
                grown.Append(MerkleTree.LeafHash(entry.Span), full);
                if (grown.Size == seen?.Size && grown.Root() != seen.Value.Root) return null;
            }

            // A full tile or bundle lies beyond the tree that is here, or where that has a partial one of another name: it is in nobody's way.
            rest = EntryBundle.Write(entries);
            foreach (var (path, bytes) in full) Write(FileOf(path), bytes);
            if (entries.Count == TilePath.FullWidth) Write(FileOf(new TilePath(TilePath.Entries, bundle, TilePath.FullWidth)), rest);
        }

        return grown.Root() == next.Root ? new Growth(next, grown, rest) : null;
    }

    /// <summary>Takes a tree that <see cref="FollowAsync"/> found to continue this one, or the same tree with other signatures.</summary>
    /// <param name="note">Its signed checkpoint.</param>
    /// <param name="growth">What was found.</param>
    public void Keep(SignedNote note, Growth growth)
    {
        ArgumentNullException.ThrowIfNull(note);
        ArgumentNullException.ThrowIfNull(growth);
        var before = Partial(tree).Select(FileOf).ToList();
        foreach (var (path, bytes) in growth.Tree.Partial()) Write(FileOf(path), bytes);
        if (LastBundle(growth.Tree.Size) is { } last && growth.Tree.Size > Checkpoint.Size) Write(FileOf(last), growth.Rest);

        // INVARIANT: the checkpoint comes last. Killed before this line, the mirror is the one that it was.
        Write(Path.Combine(folder, Head), note.ToBytes());
        foreach (var stale in before.Except(Partial(growth.Tree).Select(FileOf), StringComparer.Ordinal)) Remove(stale);
        (tree, Checkpoint, Note) = (growth.Tree, growth.Checkpoint, note);
    }

    private static IEnumerable<TilePath> Partial(TileTree of) =>
        LastBundle(of.Size) is { } last ? [.. of.Partial().Select(tile => tile.Path), last] : of.Partial().Select(tile => tile.Path);

    // The bundle that is not full, when there is one.
    private static TilePath? LastBundle(long size) =>
        size % TilePath.FullWidth == 0 ? null : new TilePath(TilePath.Entries, size / TilePath.FullWidth, (int)(size % TilePath.FullWidth));

    private static void Write(string file, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var part = file + ".part";
        using (var stream = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            stream.Write(bytes);
            stream.Flush(flushToDisk: true);
        }

        File.Move(part, file, overwrite: true);
    }

    private static void Remove(string file)
    {
        File.Delete(file);
        var partial = Path.GetDirectoryName(file)!;
        if (!Directory.EnumerateFileSystemEntries(partial).Any()) Directory.Delete(partial);
    }

    // SECURITY: the tree alone would not show that an old entry is now served with other bytes than those it was made of.
    private bool HasOwn(IReadOnlyList<ReadOnlyMemory<byte>> entries, int own)
    {
        if (own == 0) return true;
        if (entries.Count < own) return false;
        var hashes = tree.Partial().First(tile => tile.Path.Level == 0).Bytes;
        for (var i = 0; i < own; i++)
        {
            if (MerkleTree.LeafHash(entries[i].Span) != new TreeHash(hashes.AsSpan(i * TreeHash.Length, TreeHash.Length))) return false;
        }

        return true;
    }

    private string FileOf(TilePath path) => Path.Combine(folder, path.ToString());

    /// <summary>A larger tree that continues the one of the mirror.</summary>
    public sealed class Growth
    {
        internal Growth(Checkpoint checkpoint, TileTree tree, byte[] rest) => (Checkpoint, Tree, Rest) = (checkpoint, tree, rest);

        /// <summary>Its head.</summary>
        public Checkpoint Checkpoint { get; }

        internal TileTree Tree { get; }

        internal byte[] Rest { get; }
    }
}
