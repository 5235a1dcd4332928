namespace Bereik.Ledger;

/// <summary>
/// Reads one tree of a log, as a checkpoint fixes it: entries, inclusion proofs, consistency proofs. Every hash that leaves here was
/// verified to lead to the checkpoint's root; what does not is <see cref="LogBrokenException"/>.
/// </summary>
/// <param name="source">Where its files are.</param>
/// <param name="checkpoint">The tree; its signature is the caller's to verify.</param>
public sealed class LogReader(ILogSource source, Checkpoint checkpoint)
{
    private const int MostTilesKept = 512;
    private readonly Dictionary<TilePath, TreeHash[]> tiles = [];

    /// <summary>The tree.</summary>
    public Checkpoint Checkpoint => checkpoint;

    /// <summary>The hash of a leaf, as the tiles have it.</summary>
    /// <param name="index">Place, from 0.</param>
    /// <param name="cancel">Gives up.</param>
    public Task<TreeHash> LeafAsync(long index, CancellationToken cancel) => RangeAsync(index, index + 1, cancel);

    /// <summary>One entry, verified against the checkpoint.</summary>
    /// <param name="index">Place, from 0.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<ReadOnlyMemory<byte>> EntryAsync(long index, CancellationToken cancel)
    {
        var entry = (await BundleAsync(index / TilePath.FullWidth, cancel))[(int)(index % TilePath.FullWidth)];
        var path = await InclusionAsync(index, cancel);
        return MerkleTree.IsIncluded(MerkleTree.LeafHash(entry.Span), index, checkpoint.Size, path, checkpoint.Root)
            ? entry
            : throw new LogBrokenException("log.entry", Named(index));
    }

    /// <summary>The entries of a bundle, as many as the tree has of it. They are not verified here.</summary>
    /// <param name="bundle">Place of the bundle, from 0.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<IReadOnlyList<ReadOnlyMemory<byte>>> BundleAsync(long bundle, CancellationToken cancel)
    {
        var path = TilePath.In(TilePath.Entries, bundle, checkpoint.Size) ?? throw new ArgumentOutOfRangeException(nameof(bundle));
        var bytes = await FileAsync(path, cancel);
        if (!EntryBundle.TryRead(bytes, out var entries) || entries.Count < path.Width) throw new LogBrokenException("log.bundle", path.ToString());
        return entries.Count == path.Width ? entries : [.. entries.Take(path.Width)];
    }

    /// <summary>The inclusion proof of an entry, from its sibling up.</summary>
    /// <param name="index">Place, from 0.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<IReadOnlyList<TreeHash>> InclusionAsync(long index, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, checkpoint.Size);
        var path = new List<TreeHash>();
        var (start, end) = (0L, checkpoint.Size);
        while (end - start > 1)
        {
            var middle = start + MerkleTree.Split(end - start);
            path.Add(index < middle ? await RangeAsync(middle, end, cancel) : await RangeAsync(start, middle, cancel));
            (start, end) = index < middle ? (start, middle) : (middle, end);
        }

        path.Reverse();
        return path;
    }

    /// <summary>The consistency proof from a smaller tree to this one.</summary>
    /// <param name="oldSize">Size of the smaller tree, 0 to this tree's size.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<IReadOnlyList<TreeHash>> ConsistencyAsync(long oldSize, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(oldSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(oldSize, checkpoint.Size);
        var proof = new List<TreeHash>();
        if (oldSize == 0 || oldSize == checkpoint.Size) return proof;
        var (start, end, isWhole) = (0L, checkpoint.Size, true);
        while (oldSize - start < end - start)
        {
            var middle = start + MerkleTree.Split(end - start);
            if (oldSize <= middle)
            {
                proof.Add(await RangeAsync(middle, end, cancel));
                end = middle;
            }
            else
            {
                proof.Add(await RangeAsync(start, middle, cancel));
                (start, isWhole) = (middle, false);
            }
        }

        if (!isWhole) proof.Add(await RangeAsync(start, end, cancel));
        proof.Reverse();
        return proof;
    }

    /// <summary>The root that the tree had when it was smaller.</summary>
    /// <param name="size">0 to this tree's size.</param>
    /// <param name="cancel">Gives up.</param>
    public Task<TreeHash> RootAtAsync(long size, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, checkpoint.Size);
        return size == 0 ? Task.FromResult(TreeHash.OfEmptyTree) : RangeAsync(0, size, cancel);
    }

    private static string Named(long index) => FormattableString.Invariant($"entry {index}");

    // The hash over [start, end): a range in which RFC 6962 would make a node of its own.
    private async Task<TreeHash> RangeAsync(long start, long end, CancellationToken cancel)
    {
        var length = end - start;
        if (System.Numerics.BitOperations.IsPow2(length) && start % length == 0) return await PerfectAsync(start, length, cancel);
        var middle = start + MerkleTree.Split(length);
        return MerkleTree.NodeHash(await RangeAsync(start, middle, cancel), await RangeAsync(middle, end, cancel));
    }

    // A perfect subtree: from the tile of the highest level that holds whole hashes of it.
    private async Task<TreeHash> PerfectAsync(long start, long length, CancellationToken cancel)
    {
        var height = System.Numerics.BitOperations.Log2((ulong)length);
        var level = height / 8;
        var unit = 1L << (8 * level);
        var (first, count) = (start / unit, (int)(length / unit));
        var hashes = await TileAsync(level, first / TilePath.FullWidth, cancel);
        return MerkleTree.Root(hashes.AsSpan((int)(first % TilePath.FullWidth), count));
    }

    private async Task<TreeHash[]> TileAsync(int level, long index, CancellationToken cancel)
    {
        var path = TilePath.In(level, index, checkpoint.Size) ?? throw new InvalidOperationException("The tree has no such tile.");
        if (tiles.TryGetValue(path, out var kept)) return kept;
        var bytes = await FileAsync(path, cancel);
        if (bytes.Length < path.Width * TreeHash.Length || bytes.Length % TreeHash.Length != 0) throw new LogBrokenException("log.tile", path.ToString());
        var hashes = new TreeHash[path.Width];
        for (var i = 0; i < hashes.Length; i++) hashes[i] = new TreeHash(bytes.AsSpan(i * TreeHash.Length, TreeHash.Length));
        if (tiles.Count == MostTilesKept) tiles.Clear();
        return tiles[path] = hashes;
    }

    // A partial file may be gone once the full one is there.
    private async Task<byte[]> FileAsync(TilePath path, CancellationToken cancel) =>
        await source.ReadAsync(path.ToString(), cancel)
        ?? (path.IsFull ? null : await source.ReadAsync(path.Full.ToString(), cancel))
        ?? throw new LogBrokenException("log.fileMissing", path.ToString());
}
