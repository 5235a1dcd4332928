using System.Numerics;

namespace Bereik.Ledger;

/// <summary>
/// Checks a whole log: every entry, every tile of every level, and the root that they lead to. Its tree is its own: it shares nothing with the writer
/// but the two hashes of RFC 6962.
/// </summary>
public static class LogCheck
{
    /// <summary>Reads everything that belongs to a tree, and recomputes it from the entries. Memory does not grow with the log.</summary>
    /// <param name="source">Where its files are.</param>
    /// <param name="checkpoint">The tree; its signature is the caller's to verify.</param>
    /// <param name="entry">Gets every entry, in order, once the tiles agree with it: its place and its bytes, which are its only until it returns. May be null.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="LogBrokenException">
    /// The first thing that is wrong: <c>log.fileMissing</c>, <c>log.bundle</c> (not entries, or not that many), <c>log.entry</c> (its leaf is not in the
    /// tree), <c>log.tile</c> (not the hashes of what is beneath it, or not that many), <c>log.root</c> (files agree with each other and not with the
    /// checkpoint).
    /// </exception>
    public static async Task CheckAsync(ILogSource source, Checkpoint checkpoint, Action<long, ReadOnlyMemory<byte>>? entry, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(checkpoint);
        if (checkpoint.Size < 0 || (checkpoint.Size == 0 && checkpoint.Root != TreeHash.OfEmptyTree)) throw new LogBrokenException("log.root", "checkpoint");
        await new Walk(source, checkpoint).RunAsync(entry, cancel);
    }

    // Level by level: the hashes of the tile that is being filled. A full one is compared, and its root goes a level up.
    private sealed class Walk(ILogSource source, Checkpoint checkpoint)
    {
        private readonly List<List<TreeHash>> levels = [];
        private readonly List<long> filled = [];

        public async Task RunAsync(Action<long, ReadOnlyMemory<byte>>? entry, CancellationToken cancel)
        {
            for (long start = 0; start < checkpoint.Size; start += TilePath.FullWidth)
            {
                var path = TilePath.In(TilePath.Entries, start / TilePath.FullWidth, checkpoint.Size)!.Value;
                var (bytes, width) = await FileAsync(path, cancel);
                if (!EntryBundle.TryRead(bytes, out var entries) || entries.Count != width) throw Wrong("log.bundle", path);
                var leaves = new List<TreeHash>(path.Width);
                for (var i = 0; i < path.Width; i++) leaves.Add(MerkleTree.LeafHash(entries[i].Span));
                if (path.IsFull)
                {
                    await AddTileAsync(0, leaves, cancel);
                }
                else
                {
                    Level(0).AddRange(leaves);
                    await CompareAsync(0, path.Index, leaves, cancel);
                }

                for (var i = 0; i < path.Width; i++) entry?.Invoke(start + i, entries[i]);
            }

            TreeHash? right = null;
            for (var level = 0; level < levels.Count; level++)
            {
                if (level > 0 && levels[level].Count > 0) await CompareAsync(level, filled[level], levels[level], cancel);
                List<TreeHash> row = right is { } last ? [.. levels[level], last] : levels[level];
                if (row.Count > 0) right = Root(row, 0, row.Count);
            }

            if ((right ?? TreeHash.OfEmptyTree) != checkpoint.Root) throw new LogBrokenException("log.root", "checkpoint");
        }

        // The hash over hashes [start, start + count), of which only the last may stand for less than the others (RFC 6962, 2.1).
        private static TreeHash Root(List<TreeHash> hashes, int start, int count)
        {
            if (count == 1) return hashes[start];
            var left = (int)BitOperations.RoundUpToPowerOf2((uint)count) / 2;
            return MerkleTree.NodeHash(Root(hashes, start, left), Root(hashes, start + left, count - left));
        }

        private static LogBrokenException Wrong(string code, TilePath path) => new(code, path.ToString());

        private static bool Holds(byte[] tile, int at, TreeHash hash) => tile.Length >= (at + 1) * TreeHash.Length && new TreeHash(tile.AsSpan(at * TreeHash.Length, TreeHash.Length)) == hash;

        private async Task AddTileAsync(int level, List<TreeHash> hashes, CancellationToken cancel)
        {
            Level(level);
            await CompareAsync(level, filled[level]++, hashes, cancel);
            var above = Level(level + 1);
            above.Add(Root(hashes, 0, hashes.Count));
            if (above.Count < TilePath.FullWidth) return;
            await AddTileAsync(level + 1, above, cancel);
            above.Clear();
        }

        private List<TreeHash> Level(int level)
        {
            while (levels.Count <= level)
            {
                levels.Add([]);
                filled.Add(0);
            }

            return levels[level];
        }

        private async Task CompareAsync(int level, long index, List<TreeHash> hashes, CancellationToken cancel)
        {
            var path = new TilePath(level, index, hashes.Count);
            var (tile, width) = await FileAsync(path, cancel);
            if (tile.Length != width * TreeHash.Length) throw Wrong("log.tile", path);
            for (var i = 0; i < hashes.Count; i++)
            {
                if (Holds(tile, i, hashes[i])) continue;
                if (level == 0 && await LeadsUpAsync(path, tile, cancel)) throw new LogBrokenException("log.entry", FormattableString.Invariant($"entry {(index * TilePath.FullWidth) + i}"));
                throw Wrong("log.tile", path);
            }
        }

        // Whether a tile that disagrees with its entries agrees with the tree above it: then the entries are what is wrong.
        private async Task<bool> LeadsUpAsync(TilePath path, byte[] tile, CancellationToken cancel)
        {
            var hashes = new List<TreeHash>(path.Width);
            for (var i = 0; i < path.Width; i++) hashes.Add(new TreeHash(tile.AsSpan(i * TreeHash.Length, TreeHash.Length)));
            var root = Root(hashes, 0, hashes.Count);
            if (path.IsFull && TilePath.In(1, path.Index / TilePath.FullWidth, checkpoint.Size) is { } above)
                return Holds((await FileAsync(above, cancel)).Bytes, (int)(path.Index % TilePath.FullWidth), root);
            for (var level = 1; level < levels.Count; level++)
                root = Root([.. levels[level], root], 0, levels[level].Count + 1);
            return root == checkpoint.Root;
        }

        // A file, and its exact width. A partial file may be gone once the full one is there.
        private async Task<(byte[] Bytes, int Width)> FileAsync(TilePath path, CancellationToken cancel)
        {
            if (await source.ReadAsync(path.ToString(), cancel) is { } bytes) return (bytes, path.Width);
            if (!path.IsFull && await source.ReadAsync(path.Full.ToString(), cancel) is { } full) return (full, TilePath.FullWidth);
            throw Wrong("log.fileMissing", path);
        }
    }
}
