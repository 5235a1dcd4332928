namespace Bereik.Ledger;

/// <summary>A tree that grows: its right edge, and the hashes of the tiles that are not full yet. One node hash an entry.</summary>
internal sealed class TileTree
{
    // Roots of the perfect subtrees of 2^height leaves at the right edge; that of a height counts when the size has that bit.
    private readonly TreeHash[] edge = new TreeHash[63];
    private readonly List<byte[]> levels = [];

    private TileTree()
    {
    }

    public long Size { get; private set; }

    public static TileTree Empty() => new();

    // Partial tiles by level, 0 first, of a tree of a size; a level whose hash count is a multiple of 256 has none.
    public static TileTree Of(long size, Func<TilePath, byte[]> partial)
    {
        var tree = new TileTree { Size = size };
        for (var level = 0; size >> (8 * level) > 0; level++)
        {
            var hashes = size >> (8 * level);
            var width = (int)(hashes % TilePath.FullWidth);
            var bytes = tree.Level(level);
            if (width == 0) continue;
            var path = new TilePath(level, hashes / TilePath.FullWidth, width);
            var stored = partial(path);
            if (stored.Length != width * TreeHash.Length) throw new LogBrokenException("log.tile", path.ToString());
            stored.CopyTo(bytes, 0);
            var at = 0;
            for (var bit = 7; bit >= 0; bit--)
            {
                if ((width & (1 << bit)) == 0) continue;
                tree.edge[(8 * level) + bit] = MerkleTree.Root(Read(bytes, at, 1 << bit));
                at += 1 << bit;
            }
        }

        return tree;
    }

    public TileTree Fork()
    {
        var fork = new TileTree { Size = Size };
        edge.CopyTo(fork.edge, 0);
        foreach (var bytes in levels) fork.levels.Add((byte[])bytes.Clone());
        return fork;
    }

    // Adds a leaf; tiles that it fills go to `full`.
    public void Append(TreeHash leaf, List<(TilePath Path, byte[] Bytes)> full)
    {
        Put(0, Size, leaf, full);
        var (hash, height) = (leaf, 0);
        for (; (Size >> height & 1) == 1; )
        {
            hash = MerkleTree.NodeHash(edge[height], hash);
            height++;
            if (height % 8 == 0) Put(height / 8, Size >> height, hash, full);
        }

        edge[height] = hash;
        Size++;
    }

    public TreeHash Root()
    {
        if (Size == 0) return TreeHash.OfEmptyTree;
        TreeHash? root = null;
        for (var height = 0; Size >> height > 0; height++)
        {
            if ((Size >> height & 1) == 0) continue;
            root = root is { } right ? MerkleTree.NodeHash(edge[height], right) : edge[height];
        }

        return root!.Value;
    }

    // The tiles that are not full, as they are now.
    public IEnumerable<(TilePath Path, byte[] Bytes)> Partial()
    {
        for (var level = 0; Size >> (8 * level) > 0; level++)
        {
            var hashes = Size >> (8 * level);
            var width = (int)(hashes % TilePath.FullWidth);
            if (width > 0) yield return (new TilePath(level, hashes / TilePath.FullWidth, width), Level(level)[..(width * TreeHash.Length)]);
        }
    }

    private static TreeHash[] Read(byte[] bytes, int start, int count)
    {
        var hashes = new TreeHash[count];
        for (var i = 0; i < count; i++) hashes[i] = new TreeHash(bytes.AsSpan((start + i) * TreeHash.Length, TreeHash.Length));
        return hashes;
    }

    private void Put(int level, long index, TreeHash hash, List<(TilePath Path, byte[] Bytes)> full)
    {
        var bytes = Level(level);
        var at = (int)(index % TilePath.FullWidth);
        hash.CopyTo(bytes.AsSpan(at * TreeHash.Length));
        if (at == TilePath.FullWidth - 1) full.Add((new TilePath(level, index / TilePath.FullWidth, TilePath.FullWidth), (byte[])bytes.Clone()));
    }

    private byte[] Level(int level)
    {
        while (levels.Count <= level) levels.Add(new byte[TilePath.FullWidth * TreeHash.Length]);
        return levels[level];
    }
}
