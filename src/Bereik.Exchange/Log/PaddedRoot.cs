using System.Security.Cryptography;
using Bereik.Ledger;

namespace Bereik.Exchange.Log;

/// <summary>
/// A Merkle tree (RFC 6962) over commitments in random slots, filled up with random ones to a multiple of a band (nl: opgevulde wortel): its number of
/// slots tells the band and no count, and no slot tells an order.
/// </summary>
public sealed class PaddedRoot
{
    /// <summary>The most slots of a tree.</summary>
    public const int MostSlots = 1 << 22;

    private readonly TreeHash[] leaves;

    private PaddedRoot(TreeHash[] leaves, IReadOnlyList<int> slots) => (this.leaves, Slots, Root) = (leaves, slots, new Bytes32(MerkleTree.Root(leaves).ToArray()));

    /// <summary>Root of the tree.</summary>
    public Bytes32 Root { get; }

    /// <summary>How many slots there are: a multiple of the band, at least one band.</summary>
    public int SlotCount => leaves.Length;

    /// <summary>The slot of each commitment, in the order in which they were given.</summary>
    public IReadOnlyList<int> Slots { get; }

    /// <summary>Makes the tree.</summary>
    /// <param name="commitments">The commitments; may be empty.</param>
    /// <param name="band">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">No band, or more than <see cref="MostSlots"/>.</exception>
    public static PaddedRoot Make(IReadOnlyList<Bytes32> commitments, int band)
    {
        ArgumentNullException.ThrowIfNull(commitments);
        ArgumentOutOfRangeException.ThrowIfLessThan(band, 1);
        var count = Math.Max(1, ((long)commitments.Count + band - 1) / band) * band;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MostSlots, nameof(commitments));

        // SECURITY: every slot is as likely for each, so that a slot tells nobody who stood beside whom in the package.
        var order = Enumerable.Range(0, (int)count).ToArray();
        RandomNumberGenerator.Shuffle(order.AsSpan());
        var leaves = new TreeHash[count];
        Span<byte> entry = stackalloc byte[Bytes32.Length];
        for (var i = 0; i < leaves.Length; i++)
        {
            (i < commitments.Count ? commitments[i] : Bytes32.Random()).CopyTo(entry);
            leaves[order[i]] = MerkleTree.LeafHash(entry);
        }

        return new PaddedRoot(leaves, order[..commitments.Count]);
    }

    /// <summary>The tree of leaf hashes that were kept.</summary>
    /// <param name="bytes">What <see cref="LeafBytes"/> gave.</param>
    /// <exception cref="ArgumentException">They are no whole number of hashes, or none.</exception>
    public static PaddedRoot Of(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes.Length % TreeHash.Length != 0) throw new ArgumentException("No leaf hashes.", nameof(bytes));
        var leaves = new TreeHash[bytes.Length / TreeHash.Length];
        for (var i = 0; i < leaves.Length; i++) leaves[i] = new TreeHash(bytes.Slice(i * TreeHash.Length, TreeHash.Length));
        return new PaddedRoot(leaves, []);
    }

    /// <summary>The leaf hashes in their order, 32 bytes each: all that a path needs.</summary>
    public byte[] LeafBytes()
    {
        var bytes = new byte[leaves.Length * TreeHash.Length];
        for (var i = 0; i < leaves.Length; i++) leaves[i].CopyTo(bytes.AsSpan(i * TreeHash.Length));
        return bytes;
    }

    /// <summary>The inclusion path of a slot, from its sibling up (RFC 6962, 2.1.1).</summary>
    /// <param name="slot">From 0.</param>
    public IReadOnlyList<Bytes32> PathOf(int slot) => [.. MerkleTree.Path(leaves, slot).Select(hash => new Bytes32(hash.ToArray()))];

    /// <summary>Whether a commitment is in a tree.</summary>
    /// <param name="commitment">The commitment.</param>
    /// <param name="slot">Its slot.</param>
    /// <param name="slots">How many slots there are.</param>
    /// <param name="path">Its inclusion path.</param>
    /// <param name="root">Root of the tree.</param>
    public static bool Holds(Bytes32 commitment, int slot, int slots, IReadOnlyList<Bytes32> path, Bytes32 root)
    {
        ArgumentNullException.ThrowIfNull(path);
        return MerkleTree.IsIncluded(MerkleTree.LeafHash(commitment.ToArray()), slot, slots, [.. path.Select(Hash)], Hash(root));
    }

    private static TreeHash Hash(Bytes32 bytes) => new(bytes.ToArray());
}
