using Shouldly;
using Xunit;

namespace Bereik.Ledger.Tests;

// Disks that are full, that lie, and files that somebody changed.
public sealed class FaultTests : IDisposable
{
    private readonly TempLog log = new();

    [Theory]
    [InlineData(nameof(LogStep.JournalWrite), 28, false, "log.diskFull")]
    [InlineData(nameof(LogStep.JournalWrite), 28, true, "log.diskFull")]
    [InlineData(nameof(LogStep.JournalWrite), 5, false, "log.writeFailed")]
    public async Task Append_WhenWritingFails_IsRefusedAndCanBeTriedAgain(string name, int error, bool isShort, string code)
    {
        var at = Enum.Parse<LogStep>(name);
        var fails = false;
        LogHook hook = (LogStep step, string _, ref int length) =>
        {
            if (!fails || step != at) return;
            if (!isShort) throw new IOException("full", error);
            length /= 2;
        };
        await using (var writer = LogWriter.Create(log.Options with { Hook = hook }))
        {
            await TempLog.AppendAsync(writer, 0, 20);
            var before = writer.Durable;
            fails = true;
            for (var i = 0; i < 3; i++)
            {
                var refused = await Should.ThrowAsync<LogUnavailableException>(() => writer.AppendAsync(TempLog.Entry(20), default));
                refused.Code.ShouldBe(code);
                refused.IsRetryable.ShouldBeTrue();
                writer.Condition.State.ShouldBe(LogState.Waiting);
                writer.Condition.Code.ShouldBe(code);
                writer.Durable.ShouldBe(before);
            }

            // What is there is still found.
            (await writer.AppendAsync(TempLog.Entry(3), default)).Index.ShouldBeLessThan(20);
            fails = false;
            (await writer.AppendAsync(TempLog.Entry(20), default)).Index.ShouldBe(20);
            writer.Condition.ShouldBe(new LogCondition(LogState.Open));
        }

        (await log.CheckAsync()).Count.ShouldBe(21);
    }

    [Theory]
    [InlineData(nameof(LogStep.JournalSync), "log.syncFailed")]
    [InlineData(nameof(LogStep.JournalCut), "log.journalCut")]
    public async Task Append_WhenTheDiskCannotBeTrusted_IsRefusedUntilReopening(string name, string code)
    {
        var at = Enum.Parse<LogStep>(name);
        var fails = false;
        LogHook hook = (LogStep step, string _, ref int length) =>
        {
            if (!fails) return;
            if (at == LogStep.JournalCut && step == LogStep.JournalWrite) length /= 2;
            if (step == at) throw new IOException("bad disk", 5);
        };
        await using (var writer = LogWriter.Create(log.Options with { Hook = hook }))
        {
            await TempLog.AppendAsync(writer, 0, 20);
            await writer.PublishedAsync(19, default);
            fails = true;
            (await Should.ThrowAsync<LogUnavailableException>(() => writer.AppendAsync(TempLog.Entry(20), default))).IsRetryable.ShouldBeFalse();
            fails = false;
            var refused = await Should.ThrowAsync<LogUnavailableException>(() => writer.AppendAsync(TempLog.Entry(21), default));
            refused.Code.ShouldBe(code);
            writer.Condition.State.ShouldBe(LogState.Broken);
            writer.Condition.Code.ShouldBe(code);
            log.Shown().Size.ShouldBe(20);
        }

        await using var again = LogWriter.Open(log.Options);
        again.Condition.State.ShouldBe(LogState.Open);

        // After a failed sync the entry may be there; it was never acknowledged.
        again.Durable.Size.ShouldBeInRange(20, 21);
        await again.AppendAsync(TempLog.Entry(21), default);
        await again.PublishedAsync(again.Durable.Size - 1, default);
        (await log.CheckAsync()).Take(20).Count().ShouldBe(20);
    }

    [Theory]
    [InlineData(nameof(LogStep.FileWrite), true)]
    [InlineData(nameof(LogStep.FileWrite), false)]
    [InlineData(nameof(LogStep.FileRename), false)]
    [InlineData(nameof(LogStep.CheckpointWrite), true)]
    [InlineData(nameof(LogStep.CheckpointRename), false)]
    public async Task Publishing_OnAFullDisk_WaitsAndGoesOn(string name, bool isShort)
    {
        var at = Enum.Parse<LogStep>(name);
        var fails = false;
        LogHook hook = (LogStep step, string _, ref int length) =>
        {
            if (!Volatile.Read(ref fails) || step != at) return;
            if (!isShort) throw new IOException("full", Disk.NoSpace);
            length /= 2;
        };
        await using (var writer = LogWriter.Create(log.Options with { Hook = hook }))
        {
            await TempLog.AppendAsync(writer, 0, 250);
            await writer.PublishedAsync(249, default);
            Volatile.Write(ref fails, true);

            // Entries are durable; only the files wait.
            await TempLog.AppendAsync(writer, 250, 300);
            writer.Durable.Size.ShouldBe(550);
            await WriterTests.Eventually(() => writer.Condition.State == LogState.Waiting);
            writer.Condition.Code.ShouldBe("log.diskFull");
            (await log.CheckAsync()).Count.ShouldBe(250);
            Volatile.Write(ref fails, false);
            await writer.PublishedAsync(549, default);
            await WriterTests.Eventually(() => writer.Condition.State == LogState.Open);
        }

        (await log.CheckAsync()).Count.ShouldBe(550);
    }

    [Fact]
    public async Task SyncPoint_ThatFails_BreaksTheLogAndLosesNothing()
    {
        var fails = false;
        LogHook hook = (LogStep step, string _, ref int _) =>
        {
            if (Volatile.Read(ref fails) && step == LogStep.SyncPoint) throw new IOException("bad disk", 5);
        };
        var acknowledged = 0;
        await using (var writer = LogWriter.Create(log.Options with { Hook = hook, SegmentBytes = 5_000 }))
        {
            Volatile.Write(ref fails, true);
            try
            {
                for (; acknowledged < 20_000; acknowledged++) await writer.AppendAsync(TempLog.Entry(acknowledged), default);
            }
            catch (LogUnavailableException refused)
            {
                refused.IsRetryable.ShouldBeFalse();
            }

            writer.Condition.State.ShouldBe(LogState.Broken);
            writer.Condition.Code.ShouldBe("log.syncFailed");
        }

        await using var again = LogWriter.Open(log.Options);
        again.Durable.Size.ShouldBeGreaterThanOrEqualTo(acknowledged);
        await again.PublishedAsync(acknowledged - 1, default);
        (await log.CheckAsync()).Count.ShouldBeGreaterThanOrEqualTo(acknowledged);
    }

    [Fact]
    public async Task Open_AfterATornRecord_LeavesItOutAndGoesOn()
    {
        await log.FillAndKillAsync(20);
        var segment = log.Segments[^1];
        var whole = await File.ReadAllBytesAsync(segment);
        await using (var writer = LogWriter.Open(log.Options)) await writer.AppendAsync(TempLog.Entry(20), default);

        foreach (var torn in (byte[][])[[0], "BRKLOGR1"u8.ToArray(), whole[^200..], [.. new byte[5000]]])
        {
            using var other = new TempLog();
            await other.FillAndKillAsync(20);
            await File.AppendAllBytesAsync(other.Segments[^1], torn);
            await using (var writer = LogWriter.Open(other.Options))
            {
                writer.Durable.Size.ShouldBe(20);
                (await writer.AppendAsync(TempLog.Entry(20), default)).Index.ShouldBe(20);
            }

            (await other.CheckAsync()).Count.ShouldBe(21);
        }
    }

    // Cut anywhere within its last record, the journal gives what was before it, unless readers saw more.
    [Fact]
    public async Task Open_WhenTheJournalEndsBeforeWhatWasPublished_IsRefused()
    {
        await log.FillAndKillAsync(20);
        var segment = log.Segments[^1];
        await using (var file = File.Open(segment, FileMode.Open)) file.SetLength(file.Length - 1);
        Should.Throw<LogBrokenException>(() => LogWriter.Open(log.Options)).Code.ShouldBe("log.journalBehind");
        File.Delete(log.Served("checkpoint"));
        await using var writer = LogWriter.Open(log.Options);
        writer.Durable.Size.ShouldBeLessThan(20);
    }

    [Fact]
    public async Task Open_WhenAnotherTreeWasPublished_IsRefused()
    {
        foreach (var isKilled in (bool[])[false, true])
        {
            using var one = new TempLog();
            if (isKilled) await one.FillAndKillAsync(20);
            else await one.FillAsync(20);
            foreach (var size in (long[])[20, 0 + 20])
            {
                var other = new Checkpoint(TempLog.Key.Verifier.Name, size, MerkleTree.LeafHash("x"u8));
                await File.WriteAllBytesAsync(one.Served("checkpoint"), other.Sign(TempLog.Key).ToBytes());
                Should.Throw<LogBrokenException>(() => LogWriter.Open(one.Options)).Code.ShouldBe("log.fork");
            }
        }

        await log.FillAsync(600);
        await File.WriteAllBytesAsync(log.Served("checkpoint"), new Checkpoint(TempLog.Key.Verifier.Name, 300, MerkleTree.LeafHash("x"u8)).Sign(TempLog.Key).ToBytes());
        Should.Throw<LogBrokenException>(() => LogWriter.Open(log.Options)).Code.ShouldBe("log.fork");
    }

    // Every byte of the journal, but those of its last record, is needed: one that changed is damage or a refusal, and never another log.
    [Fact]
    public async Task Open_WithOneByteOfTheJournalChanged_IsRefusedOrShowsTheSameLog()
    {
        var options = log.Options with { SegmentBytes = 1 << 20 };
        var isKilled = false;
        LogHook hook = (LogStep _, string _, ref int _) =>
        {
            if (Volatile.Read(ref isKilled)) throw new LogCrash();
        };
        await using (var writer = LogWriter.Create(options with { Hook = hook }))
        {
            for (var i = 0; i < 6; i++) await writer.AppendAsync(TempLog.Entry(i), default);
            await writer.PublishedAsync(5, default);
            Volatile.Write(ref isKilled, true);
        }

        var segment = log.Segments.ShouldHaveSingleItem();
        var whole = await File.ReadAllBytesAsync(segment);
        var shown = await File.ReadAllBytesAsync(log.Served("checkpoint"));
        for (var at = 0; at < whole.Length; at += 3)
        {
            var changed = (byte[])whole.Clone();
            changed[at] ^= (byte)(1 << (at % 8));
            await File.WriteAllBytesAsync(segment, changed);
            await File.WriteAllBytesAsync(log.Served("checkpoint"), shown);
            var broken = Should.Throw<LogBrokenException>(() => LogWriter.Open(options), $"byte {at}");
            broken.Code.ShouldBeOneOf("log.journal", "log.journalBehind");
            broken.Place.ShouldNotBeEmpty();
            log.Segments.ShouldHaveSingleItem();
        }

        await File.WriteAllBytesAsync(segment, whole);
        await using var again = LogWriter.Open(options);
        again.Durable.Size.ShouldBe(6);
    }

    // A record that is bad before a good one was good once: its entries were acknowledged.
    [Fact]
    public async Task Open_WithADamagedRecordBeforeAGoodOne_IsRefused()
    {
        var isKilled = false;
        LogHook hook = (LogStep _, string _, ref int _) =>
        {
            if (Volatile.Read(ref isKilled)) throw new LogCrash();
        };
        await using (var writer = LogWriter.Create(log.Options with { Hook = hook }))
        {
            for (var i = 0; i < 4; i++) await writer.AppendAsync(TempLog.Entry(i), default);
            Volatile.Write(ref isKilled, true);
        }

        File.Delete(log.Served("checkpoint"));
        var segment = log.Segments.ShouldHaveSingleItem();
        var whole = await File.ReadAllBytesAsync(segment);
        var marks = new List<int>();
        for (var at = whole.AsSpan().IndexOf("BRKLOGR1"u8); at >= 0;)
        {
            marks.Add(at);
            var next = whole.AsSpan(at + 1).IndexOf("BRKLOGR1"u8);
            at = next < 0 ? -1 : at + 1 + next;
        }

        marks.Count.ShouldBe(4);
        foreach (var mark in marks.SkipLast(1))
        {
            foreach (var at in (int[])[mark, mark + 9, mark + 17, mark + 25, mark + 29, mark + 33, mark + 60])
            {
                var changed = (byte[])whole.Clone();
                changed[at] ^= 1;
                await File.WriteAllBytesAsync(segment, changed);
                var broken = Should.Throw<LogBrokenException>(() => LogWriter.Open(log.Options));
                (broken.Code, broken.Place).ShouldBe(("log.journal", $"{Path.GetFileName(segment)} at {mark}"));
            }
        }

        // And so is a start that is bad before good records.
        foreach (var at in (int[])[0, 9, 17, 40])
        {
            var changed = (byte[])whole.Clone();
            changed[at] ^= 1;
            await File.WriteAllBytesAsync(segment, changed);
            Should.Throw<LogBrokenException>(() => LogWriter.Open(log.Options)).Code.ShouldBe("log.journal");
        }
    }

    [Theory]
    [InlineData("tile/0/002.p/88", "log.tile")]
    [InlineData("tile/1/000.p/2", "log.tile")]
    [InlineData("tile/entries/002.p/88", "log.bundle")]
    public async Task Open_WithADamagedFileAtItsBase_IsRefused(string path, string code)
    {
        await log.FillAsync(600);
        var file = log.Served(path);
        var whole = await File.ReadAllBytesAsync(file);
        foreach (var at in (int[])[0, 31, whole.Length / 2, whole.Length - 1])
        {
            var changed = (byte[])whole.Clone();
            changed[at] ^= 0x10;
            await File.WriteAllBytesAsync(file, changed);
            Should.Throw<LogBrokenException>(() => LogWriter.Open(log.Options)).Code.ShouldBe(code);
        }

        await File.WriteAllBytesAsync(file, whole[..^1]);
        Should.Throw<LogBrokenException>(() => LogWriter.Open(log.Options)).Code.ShouldBe(code);
        File.Delete(file);
        var missing = Should.Throw<LogBrokenException>(() => LogWriter.Open(log.Options));
        (missing.Code, missing.Place).ShouldBe(("log.fileMissing", path));
        await File.WriteAllBytesAsync(file, whole);
        await using var writer = LogWriter.Open(log.Options);
        writer.Durable.Size.ShouldBe(600);
    }

    // What the journal still holds is written anew when the log is opened.
    [Fact]
    public async Task Open_WithFilesLostSinceTheSyncPoint_WritesThemAgain()
    {
        await log.FillAndKillAsync(600);
        Directory.Delete(log.Served("tile"), recursive: true);
        await using (var writer = LogWriter.Open(log.Options))
        {
            writer.Durable.Size.ShouldBe(600);
            writer.Refresh();
        }

        (await log.CheckAsync()).Count.ShouldBe(600);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    public async Task Open_WithACheckpointThatTheSystemLost_ShowsItAgain(string content)
    {
        await log.FillAsync(30);
        await File.WriteAllTextAsync(log.Served("checkpoint"), content);
        await using var writer = LogWriter.Open(log.Options);
        await writer.PublishedAsync(29, default);
        log.Shown().Size.ShouldBe(30);
    }

    public void Dispose() => log.Dispose();
}
