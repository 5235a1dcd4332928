using Bereik.Exchange.Log;
using Bereik.Ledger;
using Bereik.Tests.Shared;
using Shouldly;
using Xunit;

namespace Bereik.Source.Tests;

// The log that the tests of edges read is one that any reader accepts.
public sealed class TestLogTests
{
    [Fact]
    public async Task TestLog_OfAnHonestHub_IsReadAndVerifiedFromItsFiles()
    {
        var (parties, clock) = (new Parties(), MovableClock.InTheQuarter());
        await using var hub = await FakeHub.StartAsync(parties, clock);
        var log = hub.Log;
        var reader = await ReadAsync(parties, log);
        reader.Checkpoint.Size.ShouldBe(log.Entries.Count);
        for (var i = 0; i < log.Entries.Count; i++) LogEntryFormat.Read((await reader.EntryAsync(i, CancellationToken.None)).Span).Value.ShouldBe(log.Entries[i]);
        log.Entries.OfType<LogEntry.RegisterStep>().Select(step => step.Document).ShouldBe(parties.Register.Select(entry => entry.Event));

        clock.Move(TimeSpan.FromDays(2));
        await log.FreshenAsync();
        Cosigned(parties, log).ShouldBeGreaterThanOrEqualTo(MovableClock.Beginning.AddDays(2));
    }

    [Fact]
    public async Task TestLog_Forked_SharesItsBeginningAndNothingAfter()
    {
        var parties = new Parties();
        await using var hub = await FakeHub.StartAsync(parties, MovableClock.InTheQuarter());
        await using var fork = await hub.Log.ForkAsync(2);
        await fork.MatchedAsync(Guid.NewGuid());
        var (one, other) = (await ReadAsync(parties, hub.Log), await ReadAsync(parties, fork));
        (await one.RootAtAsync(2, CancellationToken.None)).ShouldBe(await other.RootAtAsync(2, CancellationToken.None));
        (await one.RootAtAsync(3, CancellationToken.None)).ShouldNotBe(await other.RootAtAsync(3, CancellationToken.None));
    }

    private static async Task<LogReader> ReadAsync(Parties parties, TestLog log)
    {
        var note = await File.ReadAllBytesAsync(Path.Combine(log.Folder, "checkpoint"));
        Checkpoint.TryOpen(note, parties.LogKey.Verifier, out var signed, out var checkpoint, out var error).ShouldBeTrue(error);
        parties.WitnessKey.Verifier.CosignedAt(signed!).ShouldNotBeNull();
        return new LogReader(new FolderLog(log.Folder), checkpoint!);
    }

    private static DateTimeOffset Cosigned(Parties parties, TestLog log)
    {
        SignedNote.TryParse(File.ReadAllBytes(Path.Combine(log.Folder, "checkpoint")), out var note, out _).ShouldBeTrue();
        return parties.WitnessKey.Verifier.CosignedAt(note!)!.Value;
    }
}
