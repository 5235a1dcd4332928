using Bereik.Ledger;

namespace Bereik.Cli.Verify;

/// <summary>Checks every file of a log against its checkpoint.</summary>
internal static class LogCheck
{
    public static async Task CheckAsync(ILogSource source, Checkpoint checkpoint, Action<long, ReadOnlyMemory<byte>>? visit, CancellationToken cancel)
    {
        var reader = new LogReader(source, checkpoint);
        var leaves = new List<TreeHash>();
        for (var bundle = 0L; bundle * TilePath.FullWidth < checkpoint.Size; bundle++)
        {
            foreach (var entry in await reader.BundleAsync(bundle, cancel))
            {
                var leaf = MerkleTree.LeafHash(entry.Span);
                if (await reader.LeafAsync(leaves.Count, cancel) != leaf) throw new LogBrokenException("log.entry", FormattableString.Invariant($"entry {leaves.Count}"));
                visit?.Invoke(leaves.Count, entry);
                leaves.Add(leaf);
            }
        }

        if (MerkleTree.Root(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(leaves)) != checkpoint.Root) throw new LogBrokenException("log.root", "checkpoint");
    }
}
