using System.Numerics;
using System.Security.Cryptography;

namespace Bereik.Ledger;

/// <summary>The Merkle tree of RFC 6962, 2.1, and the checks of its proofs (RFC 9162, 2.1.3.2 and 2.1.4.2). SHA-256.</summary>
public static class MerkleTree
{
    private const byte LeafPrefix = 0;
    private const byte NodePrefix = 1;

    /// <summary>The hash of a leaf: SHA-256(0x00 || entry).</summary>
    /// <param name="entry">The entry's bytes.</param>
    public static TreeHash LeafHash(ReadOnlySpan<byte> entry)
    {
        Span<byte> digest = stackalloc byte[TreeHash.Length];
        Span<byte> input = entry.Length < 1024 ? stackalloc byte[entry.Length + 1] : new byte[entry.Length + 1];
        input[0] = LeafPrefix;
        entry.CopyTo(input[1..]);
        SHA256.HashData(input, digest);
        return new TreeHash(digest);
    }

    /// <summary>The hash of a node: SHA-256(0x01 || left || right).</summary>
    /// <param name="left">The left child.</param>
    /// <param name="right">The right child.</param>
    public static TreeHash NodeHash(TreeHash left, TreeHash right)
    {
        Span<byte> input = stackalloc byte[1 + (2 * TreeHash.Length)];
        Span<byte> digest = stackalloc byte[TreeHash.Length];
        input[0] = NodePrefix;
        left.CopyTo(input[1..]);
        right.CopyTo(input[33..]);
        SHA256.HashData(input, digest);
        return new TreeHash(digest);
    }

    /// <summary>The root over leaf hashes held in memory.</summary>
    /// <param name="leaves">Leaf hashes, in order; may be empty.</param>
    public static TreeHash Root(ReadOnlySpan<TreeHash> leaves)
    {
        if (leaves.IsEmpty) return TreeHash.OfEmptyTree;
        if (leaves.Length == 1) return leaves[0];
        var left = Split(leaves.Length);
        return NodeHash(Root(leaves[..(int)left]), Root(leaves[(int)left..]));
    }

    /// <summary>The inclusion path of one of the leaves held in memory, from its sibling up (RFC 6962, 2.1.1).</summary>
    /// <param name="leaves">Leaf hashes, in order.</param>
    /// <param name="index">Which leaf, from 0.</param>
    public static IReadOnlyList<TreeHash> Path(ReadOnlySpan<TreeHash> leaves, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, leaves.Length);
        var path = new List<TreeHash>();
        while (leaves.Length > 1)
        {
            var left = (int)Split(leaves.Length);
            path.Add(index < left ? Root(leaves[left..]) : Root(leaves[..left]));
            leaves = index < left ? leaves[..left] : leaves[left..];
            index = index < left ? index : index - left;
        }

        path.Reverse();
        return path;
    }

    /// <summary>Whether a leaf is in a tree (RFC 9162, 2.1.3.2).</summary>
    /// <param name="leaf">The leaf's hash.</param>
    /// <param name="index">Its place, from 0.</param>
    /// <param name="size">Size of the tree.</param>
    /// <param name="path">Sibling hashes, from the leaf up.</param>
    /// <param name="root">The tree's root.</param>
    public static bool IsIncluded(TreeHash leaf, long index, long size, IReadOnlyList<TreeHash> path, TreeHash root)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (index < 0 || index >= size) return false;
        var (node, last, hash) = (index, size - 1, leaf);
        foreach (var sibling in path)
        {
            if (last == 0) return false;
            if ((node & 1) == 1 || node == last)
            {
                hash = NodeHash(sibling, hash);
                while ((node & 1) == 0 && node != 0) (node, last) = (node >> 1, last >> 1);
            }
            else
            {
                hash = NodeHash(hash, sibling);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && hash == root;
    }

    /// <summary>Whether a tree continues an earlier one (RFC 9162, 2.1.4.2). The proof from size 0, or to the same size, is empty.</summary>
    /// <param name="oldSize">Size of the earlier tree.</param>
    /// <param name="oldRoot">Its root.</param>
    /// <param name="size">Size of the tree.</param>
    /// <param name="root">Its root.</param>
    /// <param name="proof">The consistency proof.</param>
    public static bool IsConsistent(long oldSize, TreeHash oldRoot, long size, TreeHash root, IReadOnlyList<TreeHash> proof)
    {
        ArgumentNullException.ThrowIfNull(proof);
        if (oldSize < 0 || oldSize > size) return false;
        if (oldSize == size) return proof.Count == 0 && oldRoot == root;
        if (oldSize == 0) return proof.Count == 0 && oldRoot == TreeHash.OfEmptyTree;
        if (proof.Count == 0) return false;
        var isPowerOfTwo = BitOperations.IsPow2(oldSize);
        var start = isPowerOfTwo ? 0 : 1;
        var (node, last) = (oldSize - 1, size - 1);
        while ((node & 1) == 1) (node, last) = (node >> 1, last >> 1);
        var first = isPowerOfTwo ? oldRoot : proof[0];
        var (before, after) = (first, first);
        foreach (var hash in proof.Skip(start))
        {
            if (last == 0) return false;
            if ((node & 1) == 1 || node == last)
            {
                (before, after) = (NodeHash(hash, before), NodeHash(hash, after));
                while ((node & 1) == 0 && node != 0) (node, last) = (node >> 1, last >> 1);
            }
            else
            {
                after = NodeHash(after, hash);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && before == oldRoot && after == root;
    }

    /// <summary>The largest power of two smaller than a size of at least 2: where a tree splits.</summary>
    internal static long Split(long size) => 1L << (63 - BitOperations.LeadingZeroCount((ulong)(size - 1)));
}
