using CsCheck;
using Shouldly;
using Xunit;

namespace Bereik.Ledger.Tests;

// The reader of tiles against the tree in memory, for trees of every shape.
public sealed class ProofProperties
{
    private const int Most = 3000;
    private static readonly TreeHash[] Leaves = [.. Enumerable.Range(0, Most).Select(i => MerkleTree.LeafHash(TempLog.Entry(i)))];
    private static readonly int[] Edges = [1, 2, 255, 256, 257, 511, 512, 513, 1024, 2048, 2049];
    private static readonly Gen<int> Sizes = Gen.OneOf(Gen.Int[1, 20], Gen.Int[250, 520], Gen.Int[1, Most], Gen.Int[0, Edges.Length - 1].Select(i => Edges[i]));

    [Fact]
    public void Inclusion_OfAnyLeafInAnyTree_VerifiesAndNothingElseDoes() => Gen.Select(Sizes, Gen.Double[0, 1], Gen.Int[0, 1000]).Sample((size, where, noise) =>
    {
        var index = Math.Min(size - 1, (int)(where * size));
        var reader = MemoryLog.Of(Leaves[..size]);
        var root = MerkleTree.Root(Leaves.AsSpan(0, size));
        reader.Checkpoint.Root.ShouldBe(root);
        var path = Get(reader.InclusionAsync(index, default));
        path.ShouldBe(MerkleTree.Path(Leaves.AsSpan(0, size), index));
        Get(reader.LeafAsync(index, default)).ShouldBe(Leaves[index]);
        MerkleTree.IsIncluded(Leaves[index], index, size, path, root).ShouldBeTrue();

        var other = (index + 1 + (noise % Math.Max(1, size - 1))) % size;
        if (other != index)
        {
            MerkleTree.IsIncluded(Leaves[other], index, size, path, root).ShouldBeFalse();
            MerkleTree.IsIncluded(Leaves[index], other, size, path, root).ShouldBeFalse();
        }

        MerkleTree.IsIncluded(Leaves[index], index, size, path, Flip(root, noise)).ShouldBeFalse();
        MerkleTree.IsIncluded(Leaves[index], -1, size, path, root).ShouldBeFalse();
        MerkleTree.IsIncluded(Leaves[index], size, size, path, root).ShouldBeFalse();
        MerkleTree.IsIncluded(Leaves[index], index, size, [.. path, root], root).ShouldBeFalse();
        MerkleTree.IsIncluded(Leaves[index], index, size, [root, .. path], root).ShouldBeFalse();
        if (path.Count == 0) return;
        MerkleTree.IsIncluded(Leaves[index], index, size, [.. path.Skip(1)], root).ShouldBeFalse();
        MerkleTree.IsIncluded(Leaves[index], index, size, [.. path.SkipLast(1)], root).ShouldBeFalse();
        MerkleTree.IsIncluded(Leaves[index], index, size, Flip(path, noise), root).ShouldBeFalse();
    }, iter: 250);

    [Fact]
    public void Consistency_OfAnyTwoTrees_VerifiesAndNothingElseDoes() => Gen.Select(Sizes, Gen.Double[0, 1], Gen.Int[0, 1000]).Sample((size, where, noise) =>
    {
        var old = Math.Min(size, 1 + (int)(where * size));
        var reader = MemoryLog.Of(Leaves[..size]);
        var (oldRoot, root) = (MerkleTree.Root(Leaves.AsSpan(0, old)), MerkleTree.Root(Leaves.AsSpan(0, size)));
        Get(reader.RootAtAsync(old, default)).ShouldBe(oldRoot);
        var proof = Get(reader.ConsistencyAsync(old, default));
        MerkleTree.IsConsistent(old, oldRoot, size, root, proof).ShouldBeTrue();
        MerkleTree.IsConsistent(0, TreeHash.OfEmptyTree, size, root, []).ShouldBeTrue();

        MerkleTree.IsConsistent(old, Flip(oldRoot, noise), size, root, proof).ShouldBeFalse();
        MerkleTree.IsConsistent(old, oldRoot, size, Flip(root, noise), proof).ShouldBeFalse();
        MerkleTree.IsConsistent(old, oldRoot, size, root, [.. proof, root]).ShouldBeFalse();
        MerkleTree.IsConsistent(old, oldRoot, size, root, [root, .. proof]).ShouldBeFalse();
        MerkleTree.IsConsistent(size + 1, oldRoot, size, root, proof).ShouldBeFalse();
        MerkleTree.IsConsistent(0, oldRoot, size, root, []).ShouldBeFalse();
        if (old < size) MerkleTree.IsConsistent(size, root, old, oldRoot, proof).ShouldBeFalse();
        if (old > 1) MerkleTree.IsConsistent(old - 1, oldRoot, size, root, proof).ShouldBeFalse();
        if (proof.Count == 0) return;
        MerkleTree.IsConsistent(old, oldRoot, size, root, []).ShouldBeFalse();
        MerkleTree.IsConsistent(old, oldRoot, size, root, [.. proof.SkipLast(1)]).ShouldBeFalse();
        MerkleTree.IsConsistent(old, oldRoot, size, root, Flip(proof, noise)).ShouldBeFalse();
    }, iter: 250);

    [Fact]
    public void Proofs_OfEveryPairInSmallTrees_Verify()
    {
        for (var size = 1; size <= 40; size++)
        {
            var reader = MemoryLog.Of(Leaves[..size]);
            for (var i = 0; i < size; i++)
            {
                MerkleTree.IsIncluded(Leaves[i], i, size, Get(reader.InclusionAsync(i, default)), reader.Checkpoint.Root).ShouldBeTrue();
                MerkleTree.IsConsistent(i + 1, MerkleTree.Root(Leaves.AsSpan(0, i + 1)), size, reader.Checkpoint.Root, Get(reader.ConsistencyAsync(i + 1, default))).ShouldBeTrue();
            }
        }
    }

    // A tree that is read back from its partial tiles grows as the one that never stopped.
    [Fact]
    public void Tree_ReadBackFromItsTiles_GrowsAsBefore() => Gen.Select(Sizes, Gen.Int[1, 600]).Sample((size, more) =>
    {
        var (tree, full) = (TileTree.Empty(), new List<(TilePath Path, byte[] Bytes)>());
        foreach (var leaf in Leaves.AsSpan(0, size)) tree.Append(leaf, full);
        var partial = tree.Partial().ToDictionary(one => one.Path, one => one.Bytes);
        var again = TileTree.Of(size, path => partial[path]);
        again.Root().ShouldBe(tree.Root());
        var (end, fullAgain) = (Math.Min(Most, size + more), new List<(TilePath Path, byte[] Bytes)>());
        full.Clear();
        foreach (var leaf in Leaves.AsSpan(size..end))
        {
            tree.Append(leaf, full);
            again.Append(leaf, fullAgain);
        }

        again.Root().ShouldBe(MerkleTree.Root(Leaves.AsSpan(0, end)));
        fullAgain.Select(one => one.Path).ShouldBe(full.Select(one => one.Path));
        fullAgain.SelectMany(one => one.Bytes).SequenceEqual(full.SelectMany(one => one.Bytes)).ShouldBeTrue();
        again.Partial().SelectMany(one => one.Bytes).SequenceEqual(tree.Partial().SelectMany(one => one.Bytes)).ShouldBeTrue();
    }, iter: 100);

    // Everything here is in memory and done at once.
    private static T Get<T>(Task<T> task) => task.IsCompleted ? task.GetAwaiter().GetResult() : throw new InvalidOperationException();

    private static TreeHash Flip(TreeHash hash, int bit)
    {
        var bytes = hash.ToArray();
        bytes[bit / 8 % 32] ^= (byte)(1 << (bit % 8));
        return new TreeHash(bytes);
    }

    private static List<TreeHash> Flip(IReadOnlyList<TreeHash> hashes, int noise)
    {
        List<TreeHash> flipped = [.. hashes];
        flipped[noise % flipped.Count] = Flip(flipped[noise % flipped.Count], noise);
        return flipped;
    }
}
