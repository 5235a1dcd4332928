namespace Bereik.Ledger;

/// <summary>Where the last entries of a log stand, by their leaf hash: an entry that is handed in twice gets one place.</summary>
internal sealed class RecentEntries(int most)
{
    private readonly Dictionary<TreeHash, long> places = [];
    private readonly Queue<TreeHash> order = new();

    public int Most => most;

    public bool TryGet(TreeHash leaf, out long index) => places.TryGetValue(leaf, out index);

    // A place that is not certain yet; Keep or Forget follows.
    public void Add(TreeHash leaf, long index) => places[leaf] = index;

    public void Forget(TreeHash leaf) => places.Remove(leaf);

    public void Keep(TreeHash leaf)
    {
        order.Enqueue(leaf);
        if (order.Count > most) places.Remove(order.Dequeue());
    }
}
