using Shouldly;
using Xunit;

namespace Bereik.Ledger.Tests;

// The checker of a whole log: nothing that belongs to its tree can be changed.
public sealed class CheckTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(600)]
    [InlineData(66_000)]
    public async Task Log_OfAnySize_HoldsAndGivesItsEntries(int size)
    {
        byte[][] entries = [.. Enumerable.Range(0, size).Select(TempLog.Entry)];
        var (log, checkpoint) = MemoryLog.Of(entries);
        var seen = new List<byte[]>();
        await LogCheck.CheckAsync(log, checkpoint, (index, entry) =>
        {
            index.ShouldBe(seen.Count);
            seen.Add(entry.ToArray());
        }, default);
        seen.SequenceEqual(entries, ByContent.Instance).ShouldBeTrue();
    }

    // Sampled over every byte of every file that a writer published.
    [Fact]
    public async Task File_WithOneBitFlipped_IsFound()
    {
        using var temp = new TempLog();
        await temp.FillAsync(600);
        var checkpoint = temp.Shown();
        var log = await Load(temp, checkpoint);
        await LogCheck.CheckAsync(log, checkpoint, null, default);
        log.Files.Keys.ShouldBe(["tile/0/000", "tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2", "tile/entries/000", "tile/entries/001", "tile/entries/002.p/88"], ignoreOrder: true);
        foreach (var (path, bytes) in log.Files)
        {
            for (var at = path.Length % 7; at < bytes.Length; at += Math.Max(1, bytes.Length / 150))
            {
                bytes[at] ^= (byte)(1 << (at % 8));
                var broken = await Should.ThrowAsync<LogBrokenException>(() => LogCheck.CheckAsync(log, checkpoint, null, default), $"{path} at {at}");
                broken.Code.ShouldBeOneOf(path.Contains("entries", StringComparison.Ordinal) ? ["log.entry", "log.bundle"] : ["log.tile"]);
                bytes[at] ^= (byte)(1 << (at % 8));
            }
        }

        await LogCheck.CheckAsync(log, checkpoint, null, default);
    }

    [Fact]
    public async Task Checkpoint_WithOneBitFlipped_IsRefused()
    {
        using var temp = new TempLog();
        await temp.FillAsync(3);
        var bytes = await File.ReadAllBytesAsync(temp.Served("checkpoint"));
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Checkpoint.TryOpen(bytes, TempLog.Key.Verifier, out _, out _, out _).ShouldBeFalse($"bit {bit}");
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Checkpoint.TryOpen(bytes, TempLog.Key.Verifier, out _, out _, out _).ShouldBeTrue();
    }

    [Theory]
    [InlineData("tile/0/000", "log.tile", "tile/0/000")]
    [InlineData("tile/0/257.p/208", "log.tile", "tile/0/257.p/208")]
    [InlineData("tile/1/000", "log.tile", "tile/1/000")]
    [InlineData("tile/1/001.p/1", "log.tile", "tile/1/001.p/1")]
    [InlineData("tile/2/000.p/1", "log.tile", "tile/2/000.p/1")]
    [InlineData("tile/entries/000", "log.entry", "entry 255")]
    [InlineData("tile/entries/257.p/208", "log.entry", "entry 65999")]
    public async Task Tile_OfAnyLevel_IsCompared(string path, string code, string place)
    {
        var (log, checkpoint) = MemoryLog.Of([.. Enumerable.Range(0, 66_000).Select(TempLog.Entry)]);
        var whole = log.Files[path];
        log.Files[path] = [.. whole[..^1], (byte)(whole[^1] ^ 1)];
        await Broken(log, checkpoint, code, place);
        log.Files[path] = [.. whole, 0];
        await Broken(log, checkpoint, code == "log.entry" ? "log.bundle" : code, path);
        log.Files[path] = whole[..^1];
        await Broken(log, checkpoint, code == "log.entry" ? "log.bundle" : code, path);
        log.Files[path] = [];
        await Broken(log, checkpoint, code == "log.entry" ? "log.bundle" : code, path);
        log.Files.Remove(path);
        await Broken(log, checkpoint, "log.fileMissing", path);
    }

    // A whole hash or entry too much, in a file of an exact width, is refused too.
    [Theory]
    [InlineData("tile/0/000.p/7", 32, "log.tile")]
    [InlineData("tile/entries/000.p/7", 2, "log.bundle")]
    public async Task File_WithOneMoreThanItsWidth_IsRefused(string path, int more, string code)
    {
        var (log, checkpoint) = MemoryLog.Of([.. Enumerable.Range(0, 7).Select(TempLog.Entry)]);
        log.Files[path] = [.. log.Files[path], .. new byte[more]];
        await Broken(log, checkpoint, code, path);
    }

    [Fact]
    public async Task Checkpoint_OfAnotherRootOrSize_IsFound()
    {
        var (log, checkpoint) = MemoryLog.Of([.. Enumerable.Range(0, 300).Select(TempLog.Entry)]);
        await Broken(log, checkpoint with { Root = MerkleTree.LeafHash("x"u8) }, "log.root", "checkpoint");
        await Broken(log, checkpoint with { Size = 299 }, "log.fileMissing", "tile/entries/001.p/43");
        await Broken(log, checkpoint with { Size = 256 }, "log.fileMissing", "tile/1/000.p/1", skips: "tile/1/000.p/1");
        await Broken(log, checkpoint with { Size = 0 }, "log.root", "checkpoint");
    }

    // Entries, tiles and root of another log hold together, and do not lead to the checkpoint.
    [Fact]
    public async Task Log_ThatWasMadeAgainWithoutAnEntry_DoesNotLeadToTheCheckpoint()
    {
        var (_, checkpoint) = MemoryLog.Of([.. Enumerable.Range(0, 300).Select(TempLog.Entry)]);
        var (forged, _) = MemoryLog.Of([.. Enumerable.Range(0, 300).Select(i => i == 100 ? "another"u8.ToArray() : TempLog.Entry(i))]);
        await Broken(forged, checkpoint, "log.root", "checkpoint");
    }

    // While the log grows, a partial file may go once the full one is there.
    [Fact]
    public async Task PartialFile_ThatIsGone_IsReadFromTheFullOne()
    {
        var (small, checkpoint) = MemoryLog.Of([.. Enumerable.Range(0, 300).Select(TempLog.Entry)]);
        var (large, _) = MemoryLog.Of([.. Enumerable.Range(0, 600).Select(TempLog.Entry)]);
        large.Files["tile/1/000.p/1"] = small.Files["tile/1/000.p/1"];
        await LogCheck.CheckAsync(large, checkpoint, null, default);
        large.Files["tile/0/001"][40] ^= 1;
        await Broken(large, checkpoint, "log.tile", "tile/0/001.p/44");
    }

    private static async Task Broken(MemoryLog log, Checkpoint checkpoint, string code, string place, string? skips = null)
    {
        if (skips is not null) log.Files.Remove(skips);
        var broken = await Should.ThrowAsync<LogBrokenException>(() => LogCheck.CheckAsync(log, checkpoint, null, default));
        (broken.Code, broken.Place).ShouldBe((code, place));
    }

    private static async Task<MemoryLog> Load(TempLog temp, Checkpoint checkpoint)
    {
        var log = new MemoryLog();
        for (var level = TilePath.Entries; level < 8; level++)
            for (var index = 0; TilePath.In(level, index, checkpoint.Size) is { } path; index++) log.Files[path.ToString()] = await File.ReadAllBytesAsync(temp.Served(path.ToString()));
        return log;
    }

    private sealed class ByContent : IEqualityComparer<byte[]>
    {
        public static ByContent Instance { get; } = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => obj.Length;
    }
}
