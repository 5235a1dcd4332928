using System.Diagnostics;
using System.Globalization;
using Shouldly;
using Xunit;

namespace Bereik.Ledger.Tests;

// The program is killed at a moment that nobody chose, many times over.
public sealed class KillTests
{
    private const int RoundsPerLog = 10;

    [Fact]
    public Task Writer_KilledAtRandomMoments_LosesNothingAcknowledged() => KillAsync(50);

    [Fact]
    public Task Writer_KilledAThousandTimes_LosesNothingAcknowledged()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("BEREIK_LONG_TESTS") == "1", "A long test: ./test.sh --long runs it.");
        return KillAsync(1000);
    }

    private static async Task KillAsync(int rounds)
    {
        var seed = Environment.GetEnvironmentVariable("BEREIK_TEST_SEED") is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : Environment.TickCount;
        var random = new Random(seed);
        var watch = Stopwatch.StartNew();
        long acknowledged = 0, unacknowledged = 0;
        for (var done = 0; done < rounds; done += RoundsPerLog)
        {
            using var log = new TempLog();
            using var key = NoteSigner.Generate("log.example/kill", NoteKeyKind.Ed25519);
            var shown = new List<Checkpoint>();
            var all = new List<string>();
            for (var round = 0; round < RoundsPerLog; round++)
            {
                var when = $"round {done + round}, seed {seed}";
                var lines = await RunAndKillAsync(log.Root, key.Export(), random);

                // As the killed process left it, readers find nothing wrong.
                if (File.Exists(log.Served("checkpoint"))) shown.Add(await CheckAsync(log, key, when));
                all.AddRange(lines);
                if (all.Count == 0 && shown.Count == 0) continue;

                Checkpoint now;
                await using (var writer = LogWriter.Open(Appending.Options(log.Root, key)))
                {
                    now = writer.Durable;
                    if (now.Size > 0) await writer.PublishedAsync(now.Size - 1, default);
                }

                (await CheckAsync(log, key, when)).ShouldBe(now, when);
                var reader = new LogReader(log.Source, now);
                foreach (var line in lines) await IsThereAsync(reader, line, when);
                foreach (var earlier in shown)
                    MerkleTree.IsConsistent(earlier.Size, earlier.Root, now.Size, now.Root, await reader.ConsistencyAsync(earlier.Size, default)).ShouldBeTrue(when);
                shown.Add(now);
            }

            // And those of all rounds are where they were.
            if (shown.Count == 0) continue;
            var end = new LogReader(log.Source, shown[^1]);
            foreach (var line in all) await IsThereAsync(end, line, $"log of rounds from {done}, seed {seed}");
            acknowledged += all.Count;
            unacknowledged += shown[^1].Size - all.Count;
        }

        acknowledged.ShouldBeGreaterThan(rounds);
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}: {rounds} kills in {watch.Elapsed.TotalSeconds:0} s, {acknowledged} acknowledged entries, none lost; {unacknowledged} more that were not acknowledged in time");
    }

    private static async Task<Checkpoint> CheckAsync(TempLog log, NoteSigner key, string when)
    {
        Checkpoint.TryOpen(await File.ReadAllBytesAsync(log.Served("checkpoint")), key.Verifier, out _, out var checkpoint, out var error).ShouldBeTrue($"{error}, {when}");
        await LogCheck.CheckAsync(log.Source, checkpoint, null, default);
        return checkpoint;
    }

    private static async Task IsThereAsync(LogReader reader, string line, string when)
    {
        var parts = line.Split(' ');
        var index = long.Parse(parts[0], CultureInfo.InvariantCulture);
        index.ShouldBeLessThan(reader.Checkpoint.Size, when);
        (await reader.LeafAsync(index, default)).ToString().ShouldBe(parts[1], when);
    }

    // Starts the program, kills it, and gives the lines that it had finished.
    private static async Task<string[]> RunAndKillAsync(string folder, string secret, Random random)
    {
        using var program = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["append", folder, secret]) { RedirectStandardOutput = true })!;
        try
        {
            // One time in five before it can have begun, or while it opens the log.
            if (random.Next(5) == 0)
            {
                await Task.Delay(random.Next(200));
                program.Kill();
                return Whole(await program.StandardOutput.ReadToEndAsync());
            }

            var first = new char[1];
            (await program.StandardOutput.ReadAsync(first, default)).ShouldBe(1);
            await Task.Delay(random.Next(120));
            program.Kill();
            return Whole(first[0] + await program.StandardOutput.ReadToEndAsync());
        }
        finally
        {
            program.Kill();
            await program.WaitForExitAsync();
        }
    }

    private static string[] Whole(string text) => text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
