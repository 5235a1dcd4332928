namespace Bereik.Ledger.Tests;

/// <summary>The files of a log in memory, made leaf by leaf.</summary>
internal sealed class MemoryLog : ILogSource
{
    private readonly Dictionary<string, byte[]> files = [];

    public Dictionary<string, byte[]> Files => files;

    // A tree of leaf hashes, without entries.
    public static LogReader Of(IReadOnlyList<TreeHash> leaves)
    {
        var log = new MemoryLog();
        return new LogReader(log, log.Fill(leaves));
    }

    // A log of entries.
    public static (MemoryLog Log, Checkpoint Checkpoint) Of(IReadOnlyList<byte[]> entries)
    {
        var log = new MemoryLog();
        var checkpoint = log.Fill([.. entries.Select(entry => MerkleTree.LeafHash(entry))]);
        for (var start = 0; start < entries.Count; start += TilePath.FullWidth)
        {
            var bundle = entries.Skip(start).Take(TilePath.FullWidth).Select(entry => (ReadOnlyMemory<byte>)entry).ToList();
            log.files[new TilePath(TilePath.Entries, start / TilePath.FullWidth, bundle.Count).ToString()] = EntryBundle.Write(bundle);
        }

        return (log, checkpoint);
    }

    public Task<byte[]?> ReadAsync(string path, CancellationToken cancel) => Task.FromResult(files.GetValueOrDefault(path));

    private Checkpoint Fill(IReadOnlyList<TreeHash> leaves)
    {
        var tree = TileTree.Empty();
        var full = new List<(TilePath Path, byte[] Bytes)>();
        foreach (var leaf in leaves) tree.Append(leaf, full);
        foreach (var (path, bytes) in full.Concat(tree.Partial())) files[path.ToString()] = bytes;
        return new Checkpoint("log.example/memory", leaves.Count, tree.Root());
    }
}
