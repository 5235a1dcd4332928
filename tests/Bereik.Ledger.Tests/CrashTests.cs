using System.Collections.Concurrent;
using Shouldly;
using Xunit;

namespace Bereik.Ledger.Tests;

// The process, or the machine, stops between any two steps that leave something on the disk.
public sealed class CrashTests
{
    private const int Entries = 420;
    private static readonly int Seed = Environment.TickCount;
    private readonly Random random = new(Seed);

    [Fact]
    public async Task Writer_ThatCrashesBetweenAnyTwoSteps_LosesNothingAcknowledged()
    {
        var rounds = 0;
        LogStep? step;

        // Every step of the beginning, then ever more apart, until the whole course is run.
        for (var at = 1; ; at += at < 50 ? 1 : 1 + random.Next(at / 8))
        {
            using var run = new Run();
            step = await run.UntilAsync((_, count, _) => count == at);
            rounds++;
            await run.RecoversAsync($"crash before step {at} ({step}), seed {Seed}");
            if (step is null) break;
        }

        // And each kind of step, the first time and a later one.
        foreach (var kind in Enum.GetValues<LogStep>().Where(kind => kind != LogStep.JournalCut))
        {
            foreach (var which in (int[])[1, 2 + random.Next(3)])
            {
                using var run = new Run();
                step = await run.UntilAsync((one, _, ofKind) => one == kind && ofKind == which);
                rounds++;
                if (which == 1) step.ShouldBe(kind);
                await run.RecoversAsync($"crash before {kind} {which}, seed {Seed}");
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{rounds} crashes, seed {Seed}");
    }

    // When the power goes, what was not made durable is gone: files since the last sync point, and the checkpoint.
    [Fact]
    public async Task Writer_WhoseMachineLosesPower_LosesNothingAcknowledged()
    {
        for (var round = 0; round < 30; round++)
        {
            using var run = new Run();
            var at = 15 + random.Next(350);
            var step = await run.UntilAsync((_, count, _) => count == at);
            run.LosePower();
            await run.RecoversAsync($"no power before step {at} ({step}), seed {Seed}");
        }
    }

    // A course of appends on a new log, until it crashes.
    private sealed class Run : IDisposable
    {
        private readonly TempLog log = new();
        private readonly ConcurrentDictionary<long, int> acknowledged = [];
        private readonly List<Checkpoint> shown = [];
        private HashSet<string> written = [];
        private HashSet<string> durable = [];

        // Null when it came to its end before.
        public async Task<LogStep?> UntilAsync(Func<LogStep, int, int, bool> crashes)
        {
            var gate = new Lock();
            var counts = new int[Enum.GetValues<LogStep>().Length];
            LogStep? crash = null;
            LogHook hook = (LogStep step, string _, ref int _) =>
            {
                lock (gate)
                {
                    counts[(int)step]++;
                    if (crash is null && crashes(step, counts.Sum(), counts[(int)step])) crash = step;
                    if (crash is not null) throw new LogCrash();
                    if (step == LogStep.SyncPoint) written = Files();
                    if (step == LogStep.SegmentRetire) durable = written;
                }
            };
            try
            {
                await using var writer = LogWriter.Create(log.Options with { Hook = hook, SegmentBytes = 3000 });
                for (var i = 0; i < Entries; i += 10)
                {
                    await Task.WhenAll(Enumerable.Range(i, 10).Select(async entry => acknowledged[(await writer.AppendAsync(TempLog.Entry(entry), default)).Index] = entry));

                    // Sometimes the files follow at once, sometimes much later.
                    if (i % 100 >= 30) continue;
                    await writer.PublishedAsync(i, default);
                    shown.Add(log.Shown());
                }
            }
            catch (Exception stopped) when (stopped is LogCrash or LogUnavailableException)
            {
                // As a process that was killed: nothing more is done.
            }

            return crash;
        }

        public void LosePower()
        {
            foreach (var file in Files().Except(durable)) File.Delete(file);
            File.Delete(log.Served("checkpoint"));
        }

        public async Task RecoversAsync(string when)
        {
            // What readers see holds together before anybody repairs anything.
            if (File.Exists(log.Served("checkpoint")))
            {
                await log.CheckAsync();
                shown.Add(log.Shown());
            }

            LogWriter writer;
            try
            {
                writer = LogWriter.Open(log.Options with { SegmentBytes = 3000 });
            }
            catch (LogBrokenException missing) when (missing.Code == "log.missing")
            {
                // It was never made: then it can be made now.
                acknowledged.ShouldBeEmpty(when);
                shown.ShouldBeEmpty(when);
                writer = LogWriter.Create(log.Options);
            }

            await using (writer)
            {
                writer.Durable.Size.ShouldBeGreaterThanOrEqualTo(acknowledged.Count, when);
                foreach (var (index, entry) in acknowledged) (await writer.AppendAsync(TempLog.Entry(entry), default)).Index.ShouldBe(index, when);
                await TempLog.AppendAsync(writer, Entries, 5);
                await writer.PublishedAsync(writer.Durable.Size - 1, default);
            }

            var entries = await log.CheckAsync();
            foreach (var (index, entry) in acknowledged) entries[(int)index].ShouldBe(TempLog.Entry(entry), when);
            entries.Select(Convert.ToHexString).Distinct().Count().ShouldBe(entries.Count, when);
            var reader = log.Reader();
            foreach (var earlier in shown)
                MerkleTree.IsConsistent(earlier.Size, earlier.Root, reader.Checkpoint.Size, reader.Checkpoint.Root, await reader.ConsistencyAsync(earlier.Size, default)).ShouldBeTrue(when);
            Directory.GetFiles(log.Options.JournalFolder).Length.ShouldBe(2, when);

            // What a crash left half written goes with the partial files of its place, or is written over.
            Directory.GetFiles(log.Options.Folder, "*.tmp", SearchOption.AllDirectories).Where(path => !path.Contains(".p/", StringComparison.Ordinal)).ShouldBeEmpty(when);
        }

        public void Dispose() => log.Dispose();

        private HashSet<string> Files() => Directory.Exists(log.Served("tile")) ? [.. Directory.GetFiles(log.Served("tile"), "*", SearchOption.AllDirectories)] : [];
    }
}
