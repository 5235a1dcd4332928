using System.Diagnostics;
using System.Globalization;
using Bereik.Ledger;

namespace Bereik.Bench;

/// <summary>Building a tree as the log's writer does, against the same loop in C; and checking inclusion proofs. Both must give the same root.</summary>
internal static class TreeBench
{
    public static int Run(string[] args)
    {
        var rounds = Figures.Option(args, "--rounds", 5);
        var leaves = Figures.Option(args, "--leaves", 4_000_000);
        var folder = Path.Combine(AppContext.BaseDirectory, "ledger");
        if (Figures.Start("gcc", folder, "-O3", "-march=native", "-o", "tree", "tree.c", "-l:libcrypto.so.3").Code != 0) return 1;

        // The oracle: a small tree by the definition, by both.
        var small = Enumerable.Range(0, 1_000).Select(number => MerkleTree.LeafHash(Leaf(number, new byte[40]))).ToArray();
        var expected = Convert.ToHexStringLower(MerkleTree.Root(small).ToArray());
        if (Build(small.Length).Root != expected || Peer(folder, small.Length).Root != expected) throw new InvalidDataException("A small tree has another root than the definition gives.");

        var (ours, theirs) = (new List<double>(), new List<double>());
        Build(leaves / 10);
        for (var round = 0; round < rounds; round++)
        {
            var (root, seconds) = Peer(folder, leaves);
            theirs.Add(leaves / seconds);
            var own = Build(leaves);
            ours.Add(leaves / own.Seconds);
            if (own.Root != root) throw new InvalidDataException("The two trees have another root.");
        }

        Console.WriteLine($"{leaves} leaves of 40 bytes, one thread each; both have the same root in every round");
        Figures.Report("bereik, leaves per second, with the tiles", ours);
        Figures.Report("C, leaves per second", theirs);
        Figures.Report("ratio", [.. ours.Zip(theirs, (mine, peer) => mine / peer)], "N2");
        return 0;
    }

    public static int Prove(string[] args)
    {
        var rounds = Figures.Option(args, "--rounds", 5);
        var leaves = Figures.Option(args, "--leaves", 1 << 20);
        const int checks = 20_000;
        var hashes = new TreeHash[leaves];
        var buffer = new byte[40];
        for (var i = 0; i < leaves; i++) hashes[i] = MerkleTree.LeafHash(Leaf(i, buffer));
        var levels = new List<TreeHash[]> { hashes };
        while (levels[^1].Length > 1) levels.Add([.. levels[^1].Chunk(2).Select(pair => pair.Length == 2 ? MerkleTree.NodeHash(pair[0], pair[1]) : pair[0])]);
        var root = levels[^1][0];
        if (root != MerkleTree.Root(hashes)) throw new InvalidDataException("The tree has another root than the definition gives.");
        var proofs = Enumerable.Range(0, checks).Select(at => (int)((long)at * 48_271 % leaves)).Select(index => (index, path: PathOf(levels, index))).ToArray();
        var (micros, floor) = (new List<double>(), new List<double>());
        for (var round = 0; round <= rounds; round++)
        {
            var held = 0;
            var watch = Stopwatch.StartNew();
            foreach (var (index, path) in proofs)
                if (MerkleTree.IsIncluded(hashes[index], index, leaves, path, root)) held++;
            watch.Stop();
            if (held != checks || MerkleTree.IsIncluded(hashes[1], 0, leaves, proofs[0].path, root)) throw new InvalidDataException("A proof did not hold, or one held for another leaf.");
            var hashed = Stopwatch.StartNew();
            var hash = root;
            for (var i = 0; i < checks; i++)
                for (var height = 0; height < levels.Count - 1; height++) hash = MerkleTree.NodeHash(hash, root);
            hashed.Stop();
            if (hash == root) throw new InvalidDataException("Nothing was hashed.");
            if (round == 0) continue;
            micros.Add(watch.Elapsed.TotalMicroseconds / checks);
            floor.Add(hashed.Elapsed.TotalMicroseconds / checks);
        }

        Console.WriteLine($"{checks} inclusion proofs in a tree of {leaves} leaves; each holds, one for another leaf does not");
        Figures.Report("microseconds a check", micros, "N2");
        Figures.Report("microseconds of the hashes alone", floor, "N2");
        Figures.Report("ratio", [.. micros.Zip(floor, (mine, bare) => mine / bare)], "N2");
        return 0;
    }

    private static List<TreeHash> PathOf(List<TreeHash[]> levels, int index)
    {
        var path = new List<TreeHash>();
        foreach (var level in levels.SkipLast(1))
        {
            if ((index ^ 1) < level.Length) path.Add(level[index ^ 1]);
            index /= 2;
        }

        return path;
    }

    private static (string Root, double Seconds) Build(int leaves)
    {
        var buffer = new byte[40];
        var full = new List<(TilePath Path, byte[] Bytes)>();
        var watch = Stopwatch.StartNew();
        var tree = TileTree.Empty();
        for (var i = 0; i < leaves; i++)
        {
            tree.Append(MerkleTree.LeafHash(Leaf(i, buffer)), full);
            if (full.Count > 1_000) full.Clear();
        }

        var root = tree.Root();
        watch.Stop();
        return (Convert.ToHexStringLower(root.ToArray()), watch.Elapsed.TotalSeconds);
    }

    private static ReadOnlySpan<byte> Leaf(int number, byte[] buffer)
    {
        for (var at = 39; at >= 0; at--, number /= 10) buffer[at] = (byte)('0' + (number % 10));
        return buffer;
    }

    private static (string Root, double Seconds) Peer(string folder, int leaves)
    {
        var (code, output) = Figures.Start(Path.Combine(folder, "tree"), folder, leaves.ToString(CultureInfo.InvariantCulture));
        if (code != 0 || output.Split(' ') is not [var root, var seconds]) throw new InvalidOperationException("The loop in C did not run.");
        return (root, double.Parse(seconds, CultureInfo.InvariantCulture));
    }
}
