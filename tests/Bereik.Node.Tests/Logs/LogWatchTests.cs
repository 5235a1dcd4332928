using System.Text;
using Bereik.Exchange;
using Bereik.Exchange.Log;
using Bereik.Ledger;
using Bereik.Node.Logs;
using Bereik.Tests.Shared;
using Shouldly;
using Xunit;

namespace Bereik.Node.Tests.Logs;

// What a node reads of the log, and what it does about a hub that does not keep to it.
public sealed class LogWatchTests
{
    [Fact]
    public async Task Log_ThatHolds_IsMirroredByteForByteAndStopsNothing()
    {
        await using var watched = await WatchedLog.StartAsync();
        (await watched.Watch.FindStopAsync(Cancel)).ShouldBe("log.unread");
        watched.Watch.Checkpoint.ShouldBeNull();
        foreach (var count in new[] { 1, 3, 255, 2, 300 })
        {
            for (var i = 0; i < count; i++) await watched.OtherAsync();
            (await watched.StopAfterReadingAsync()).ShouldBeNull();
            watched.Watch.Checkpoint.ShouldBe(watched.Log.Checkpoint);
            await ShouldBeTheLogAsync(watched);
        }

        Directory.EnumerateFiles(watched.Mirror, "*", SearchOption.AllDirectories).ShouldAllBe(file => !file.EndsWith(".part"));
        (await watched.AlarmsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Entries_AboutThisNode_AreKeptAndThoseOfOthersAreNot()
    {
        await using var watched = await WatchedLog.StartAsync();
        var own = watched.Order();
        watched.Mine.Add(own);
        var other = watched.Order("ocmw-gent");
        await watched.Log.AppendAsync(own);
        await watched.Log.AppendAsync(other);
        await watched.Log.MatchedAsync(own.Order);
        await watched.Log.MatchedAsync(other.Order);
        await watched.ReadAsync();
        var handle = await watched.Log.DeliveredAsync(own.Order, Bytes32.Random());
        await watched.Log.DeliveredAsync(other.Order, Bytes32.Random());
        await watched.Log.AppendAsync(new LogEntry.DisclosureEnded { By = "opgroeien", At = watched.Clock.Second(), Handle = handle, Document = "x" });
        (await watched.StopAfterReadingAsync()).ShouldBeNull();

        var found = await watched.Watch.FindAsync(own.Order, Cancel);
        found.Select(entry => LogEntryFormat.NameOf(entry.Entry)).ShouldBe(["order.placed", "exchange.matched", "package.delivered", "disclosure.ended"]);
        found.Select(entry => entry.Index).ShouldBe([1, 3, 5, 7]);
        LogEntryFormat.Write(found[0].Entry).ShouldBe(LogEntryFormat.Write(own));
        (await watched.Watch.FindAsync(other.Order, Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Entry_InTheMirror_IsProvenOffline()
    {
        await using var watched = await WatchedLog.StartAsync();
        for (var i = 0; i < 20; i++) await watched.OtherAsync();
        (await watched.Watch.ProveAsync(3, default, Cancel)).ShouldBeNull();
        await watched.ReadAsync();
        var (entry, proof) = (await watched.Watch.ProveAsync(3, "extra"u8.ToArray(), Cancel)).ShouldNotBeNull();
        TlogProof.TryParse(Encoding.UTF8.GetBytes(proof.ToString()), out var read, out _).ShouldBeTrue();
        NoteVerifier.TryParse(watched.Log.Vkey, out var log).ShouldBeTrue();
        NoteVerifier.TryParse(watched.Log.WitnessVkey, out var witness).ShouldBeTrue();
        read.Holds(entry.Span, log, witness, out _).ShouldBeTrue();
        read.Holds("another"u8, log, witness, out _).ShouldBeFalse();
        (await watched.Watch.ProveAsync(21, default, Cancel)).ShouldBeNull();
        (await watched.Watch.ProveAsync(-1, default, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task Hub_ThatServesAnEntryWithOtherBytes_RaisesTheAlarm()
    {
        await using var watched = await WatchedLog.StartAsync();
        for (var i = 0; i < 5; i++) await watched.OtherAsync();
        await watched.ReadAsync();
        await watched.OtherAsync();

        // Entry 2 in its bundle, and nothing of the tree.
        watched.Lie = (path, bytes) =>
        {
            if (!path.StartsWith("tile/entries", StringComparison.Ordinal) || bytes is null || !EntryBundle.TryRead(bytes, out var entries)) return bytes;
            var changed = entries.ToList();
            changed[2] = LogEntryFormat.Write(watched.Order("ocmw-gent"));
            return EntryBundle.Write(changed);
        };
        (await watched.StopAfterReadingAsync()).ShouldBe("log.alarm");
        (await watched.AlarmsAsync()).ShouldHaveSingleItem().ShouldStartWith("log.forked checkpoint of 7, root ");
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(4, true)]
    [InlineData(4, false)]
    public async Task Hub_ThatRewritesItsLog_RaisesTheAlarmWithBothCheckpointsAsEvidence(int more, bool isCosigned)
    {
        await using var watched = await WatchedLog.StartAsync();
        for (var i = 0; i < 5; i++) await watched.OtherAsync();
        await watched.ReadAsync();
        var before = watched.Watch.Checkpoint!;
        var fork = await watched.Log.ForkAsync(keep: 3);
        fork.HasWitness = isCosigned;
        for (var i = 0; i < 3 + more; i++) await watched.OtherAsync(fork);
        watched.Served = fork;
        (await watched.StopAfterReadingAsync()).ShouldBe("log.alarm");
        (await watched.AlarmsAsync()).ShouldHaveSingleItem().ShouldStartWith($"log.forked checkpoint of {6 + more}, root ");
        (await watched.TextsAsync("SELECT evidence AS Value FROM log_alarm")).ShouldHaveSingleItem().ShouldBe($"{fork.Checkpoint}\n{before}");

        // What this node has stays what it was.
        watched.Watch.Checkpoint.ShouldBe(before);
        watched.Served = watched.Log;
        await watched.OtherAsync();
        await watched.ReadAsync();
        watched.Watch.Checkpoint.ShouldBe(watched.Log.Checkpoint);
        await fork.DisposeAsync();
    }

    [Fact]
    public async Task Hub_ThatServesAnOldCheckpoint_RaisesTheAlarm()
    {
        await using var watched = await WatchedLog.StartAsync();
        await watched.OtherAsync();
        var old = Encoding.UTF8.GetBytes(watched.Log.Checkpoint);
        await watched.OtherAsync();
        await watched.ReadAsync();
        watched.Lie = (path, bytes) => path == "checkpoint" ? old : bytes;
        (await watched.StopAfterReadingAsync()).ShouldBe("log.alarm");
        (await watched.AlarmsAsync()).ShouldBe(["log.rolledBack checkpoint of 2, after 3"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Checkpoint_OfAForeignKey_RaisesTheAlarm(bool isOfThisOrigin)
    {
        await using var watched = await WatchedLog.StartAsync();
        await using var foreign = TestLog.Create(() => watched.Clock.GetUtcNow(), isOfThisOrigin ? "hub" : "stranger");
        await foreign.BeginAsync();
        watched.Served = foreign;
        (await watched.StopAfterReadingAsync()).ShouldBe("log.alarm");
        (await watched.AlarmsAsync()).ShouldHaveSingleItem().ShouldStartWith("log.foreignKey checkpoint ");
        watched.Watch.Checkpoint.ShouldBeNull();
        watched.Served = watched.Log;
    }

    [Fact]
    public async Task Hub_ThatServesSomethingElse_RaisesNoAlarmAndBringsNothing()
    {
        await using var watched = await WatchedLog.StartAsync();
        await watched.ReadAsync();
        await watched.OtherAsync();
        watched.Lie = (_, _) => "<html>"u8.ToArray();
        (await watched.StopAfterReadingAsync()).ShouldBeNull();
        watched.Watch.Trouble.ShouldBe("log.unreadable");
        watched.Lie = (path, bytes) => path == "checkpoint" ? bytes : null;
        (await watched.StopAfterReadingAsync()).ShouldBeNull();
        watched.Watch.Trouble.ShouldBe("log.fileMissing");
        watched.Lie = (_, _) => null;
        await Should.ThrowAsync<HttpRequestException>(watched.ReadAsync());
        watched.IsAway = true;
        await Should.ThrowAsync<HttpRequestException>(watched.ReadAsync());
        (watched.IsAway, watched.Lie) = (false, null);
        await watched.ReadAsync();
        watched.Watch.Trouble.ShouldBeNull();
        watched.Watch.Checkpoint.ShouldBe(watched.Log.Checkpoint);
        (await watched.AlarmsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Log_WithoutItsWitness_IsNotTakenAndGrowsStale()
    {
        await using var watched = await WatchedLog.StartAsync();
        await watched.ReadAsync();
        var before = watched.Watch.Checkpoint;
        watched.Log.HasWitness = false;
        var own = watched.Order();
        watched.Mine.Add(own);
        await watched.Log.AppendAsync(own);
        (await watched.StopAfterReadingAsync()).ShouldBeNull();
        watched.Watch.Trouble.ShouldBe("log.unwitnessed");
        watched.Watch.Checkpoint.ShouldBe(before);
        (await watched.Watch.FindAsync(own.Order, Cancel)).ShouldBeEmpty();
        watched.Clock.Move(TimeSpan.FromMinutes(16));
        (await watched.StopAfterReadingAsync()).ShouldBe("log.stale");

        watched.Log.HasWitness = true;
        await watched.Log.FreshenAsync();
        (await watched.StopAfterReadingAsync()).ShouldBeNull();
        (await watched.Watch.FindAsync(own.Order, Cancel)).Count.ShouldBe(1);
        (await watched.AlarmsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Checkpoint_OfLongAgo_IsStaleUntilTheWitnessSaysItAgain()
    {
        await using var watched = await WatchedLog.StartAsync();
        await watched.ReadAsync();
        watched.Clock.Move(TimeSpan.FromMinutes(14));
        (await watched.Watch.FindStopAsync(Cancel)).ShouldBeNull();
        watched.Clock.Move(TimeSpan.FromMinutes(2));
        (await watched.Watch.FindStopAsync(Cancel)).ShouldBe("log.stale");
        await watched.Log.FreshenAsync();
        (await watched.StopAfterReadingAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Entry_InTheNameOfThisNodeThatItDidNotMake_RaisesTheAlarm()
    {
        await using var watched = await WatchedLog.StartAsync();
        var own = watched.Order();
        watched.Mine.Add(own);
        await watched.Log.AppendAsync(own);
        (await watched.StopAfterReadingAsync()).ShouldBeNull();
        await watched.Log.AppendAsync(watched.Order());
        (await watched.StopAfterReadingAsync()).ShouldBe("log.alarm");
        (await watched.AlarmsAsync()).ShouldBe(["log.notMine entry 2"]);
        await watched.ReadAsync();
        (await watched.AlarmsAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Alarm_ThatTheOperatorSettles_StopsNothingAndIsNotRaisedAgain()
    {
        await using var watched = await WatchedLog.StartAsync();
        await watched.Log.AppendAsync(watched.Order());
        (await watched.StopAfterReadingAsync()).ShouldBe("log.alarm");
        var file = Path.Combine(watched.Node.Data, LogAlarms.SettledFile);
        foreach (var wrong in new[] { "1", "1 Jan Peeters", "1 : leeg", "1 Jan Peeters:", "x Jan: y", "7 Jan Peeters: no such alarm", "" })
        {
            await File.WriteAllTextAsync(file, wrong + "\n", Cancel);
            (await watched.StopAfterReadingAsync()).ShouldBe("log.alarm", wrong);
        }

        await File.WriteAllTextAsync(file, "# settled\n1 Jan Peeters: a test order, sent by hand on 20 November\n", Cancel);
        (await watched.StopAfterReadingAsync()).ShouldBeNull();
        (await watched.TextsAsync("SELECT who || '|' || why AS Value FROM log_alarm_settled")).ShouldBe(["Jan Peeters|a test order, sent by hand on 20 November"]);
        await watched.RestartAsync(() => File.Delete(file));
        (await watched.StopAfterReadingAsync()).ShouldBeNull();
        foreach (var sql in new[] { "UPDATE log_alarm SET code = 'x'", "DELETE FROM log_alarm", "UPDATE log_alarm_settled SET who = 'x'", "DELETE FROM log_alarm_settled", "UPDATE log_fact SET type = 'x'", "DELETE FROM log_fact", "UPDATE log_view SET size = 0" })
        {
            await Should.ThrowAsync<Microsoft.Data.Sqlite.SqliteException>(watched.SqlAsync(sql), sql);
        }
    }

    [Fact]
    public async Task Promise_ThatTheLogKeeps_IsForgotten()
    {
        await using var watched = await WatchedLog.StartAsync();
        watched.Promises.Add(TestLog.Promise(await watched.OtherAsync()));
        watched.Promises.AddRange(["", "1", "x y", "-1 " + watched.Log.Checkpoint.Split('\n')[2], "1  " + watched.Log.Checkpoint.Split('\n')[2]]);
        await CallAsync(watched);
        (await PromisesAsync(watched)).ShouldBe(1);
        (await watched.StopAfterReadingAsync()).ShouldBeNull();
        (await PromisesAsync(watched)).ShouldBe(0);
    }

    [Fact]
    public async Task Promise_OfAnEntryThatIsAnotherInTheLog_RaisesTheAlarm()
    {
        await using var watched = await WatchedLog.StartAsync();
        await watched.OtherAsync();
        watched.Promises.Add(TestLog.Promise(new LogPosition(1, MerkleTree.LeafHash("dropped"u8))));
        await CallAsync(watched);
        (await watched.StopAfterReadingAsync()).ShouldBe("log.alarm");
        (await watched.AlarmsAsync()).ShouldHaveSingleItem().ShouldStartWith("log.entryDropped entry 1, leaf ");
    }

    [Fact]
    public async Task Promise_ThatTheLogDoesNotReach_RaisesTheAlarmAfterAQuarterOfAnHour()
    {
        await using var watched = await WatchedLog.StartAsync();
        watched.Promises.Add(TestLog.Promise(new LogPosition(1, MerkleTree.LeafHash("dropped"u8))));
        await CallAsync(watched);
        watched.Promises.Clear();
        await watched.PassAsync(TimeSpan.FromMinutes(14));
        (await watched.StopAfterReadingAsync()).ShouldBeNull();
        await watched.PassAsync(TimeSpan.FromMinutes(2));
        (await watched.StopAfterReadingAsync()).ShouldBe("log.alarm");
        (await watched.AlarmsAsync()).ShouldHaveSingleItem().ShouldStartWith("log.entryDropped entry 1, leaf ");
    }

    [Fact]
    public async Task Register_ThatHidesAStepOfTheLog_RaisesTheAlarmOnceItWasReadLongEnoughAfterIt()
    {
        await using var watched = await WatchedLog.StartAsync();
        watched.Tell("step one");
        await watched.LogStepAsync(1, "step one");
        await watched.LogStepAsync(2, "a suspension");
        (await watched.StopAfterReadingAsync()).ShouldBeNull();
        (await watched.TextsAsync("SELECT event AS Value FROM register_entry")).ShouldBe(["step one"]);

        // The hub had logged it and not stored it yet: that is over in a moment.
        watched.Tell("a suspension");
        await watched.PassAsync(TimeSpan.FromMinutes(2));
        (await watched.StopAfterReadingAsync()).ShouldBeNull();
        (await watched.TextsAsync("SELECT event AS Value FROM register_entry ORDER BY sequence")).ShouldBe(["step one", "a suspension"]);

        await watched.LogStepAsync(3, "an end");
        await watched.ReadAsync();
        await watched.PassAsync(TimeSpan.FromMinutes(2));
        (await watched.StopAfterReadingAsync()).ShouldBe("log.alarm");
        (await watched.AlarmsAsync()).ShouldBe(["register.hidden step 3, entry 3"]);
    }

    [Fact]
    public async Task Register_ThatTellsAStepOtherwise_RaisesTheAlarmAtOnce()
    {
        await using var watched = await WatchedLog.StartAsync();
        watched.Tell("a text");
        await watched.LogStepAsync(1, "another text");
        (await watched.StopAfterReadingAsync()).ShouldBe("log.alarm");
        (await watched.AlarmsAsync()).ShouldBe(["register.hidden step 1, entry 1"]);
    }

    [Fact]
    public async Task Register_ThatTellsWhatIsNotInTheLog_RaisesTheAlarmAfterAQuarterOfAnHour()
    {
        await using var watched = await WatchedLog.StartAsync();
        watched.Tell("step one");
        watched.Tell("step two");
        await watched.LogStepAsync(1, "step one");

        // The log shows a step of the register further on, so the register is read; the log repeats one, which is no other.
        await watched.LogStepAsync(1, "step one");
        (await watched.StopAfterReadingAsync()).ShouldBeNull();
        await watched.PassAsync(TimeSpan.FromMinutes(14));
        (await watched.StopAfterReadingAsync()).ShouldBeNull();
        await watched.PassAsync(TimeSpan.FromMinutes(2));
        (await watched.StopAfterReadingAsync()).ShouldBe("log.alarm");
        (await watched.AlarmsAsync()).ShouldBe(["register.unlogged step 2"]);
    }

    [Fact]
    public async Task Reading_CutOffBetweenFilesAndStore_GoesOnWhereItWas()
    {
        await using var watched = await WatchedLog.StartAsync();
        await watched.ReadAsync();
        for (var i = 0; i < 300; i++) await watched.OtherAsync();
        var own = watched.Order();
        watched.Mine.Add(own);
        await watched.Log.AppendAsync(own);
        await watched.SqlAsync("CREATE TRIGGER cut BEFORE UPDATE ON log_view WHEN NEW.size > 256 BEGIN SELECT RAISE(ABORT, 'cut'); END");
        await Should.ThrowAsync<Microsoft.Data.Sqlite.SqliteException>(watched.ReadAsync());
        (await watched.TextsAsync("SELECT CAST(size AS TEXT) AS Value FROM log_view")).ShouldBe(["256"]);
        watched.Watch.Checkpoint.ShouldBe(watched.Log.Checkpoint);

        await watched.SqlAsync("DROP TRIGGER cut");
        await watched.RestartAsync();
        watched.Watch.Checkpoint.ShouldBe(watched.Log.Checkpoint);
        (await watched.StopAfterReadingAsync()).ShouldBeNull();
        (await watched.Watch.FindAsync(own.Order, Cancel)).Select(entry => entry.Index).ShouldBe([301]);
        await ShouldBeTheLogAsync(watched);
    }

    [Fact]
    public async Task Mirror_OfWhichFilesAreLeftOver_IsTheOneOfItsCheckpoint()
    {
        await using var watched = await WatchedLog.StartAsync();
        for (var i = 0; i < 5; i++) await watched.OtherAsync();
        await watched.ReadAsync();
        var before = await File.ReadAllBytesAsync(Path.Combine(watched.Mirror, "checkpoint"), Cancel);
        for (var i = 0; i < 300; i++) await watched.OtherAsync();

        // Everything of the larger tree is there but its checkpoint, as after a kill.
        watched.Log.HasWitness = false;
        await watched.OtherAsync();
        await watched.ReadAsync();
        File.Exists(Path.Combine(watched.Mirror, "tile/0/000")).ShouldBeTrue();
        (await File.ReadAllBytesAsync(Path.Combine(watched.Mirror, "checkpoint"), Cancel)).ShouldBe(before);
        watched.Log.HasWitness = true;
        await watched.OtherAsync();
        await watched.RestartAsync();
        (await watched.StopAfterReadingAsync()).ShouldBeNull();
        await ShouldBeTheLogAsync(watched);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public async Task Mirror_ThatWasLostOrDamaged_IsReadAnewAndHeldAgainstWhatWasSeen(bool isLost, bool isForked)
    {
        await using var watched = await WatchedLog.StartAsync();
        for (var i = 0; i < 9; i++) await watched.OtherAsync();
        await watched.ReadAsync();
        await watched.RestartAsync(() =>
        {
            if (isLost) Directory.Delete(watched.Mirror, recursive: true);
            else File.WriteAllBytes(Path.Combine(watched.Mirror, "tile/0/000.p/10"), new byte[320]);
        });
        watched.Watch.Checkpoint.ShouldBeNull();
        if (isForked)
        {
            watched.Served = await watched.Log.ForkAsync(keep: 8);
            for (var i = 0; i < 4; i++) await watched.OtherAsync(watched.Served);
            (await watched.StopAfterReadingAsync()).ShouldBe("log.alarm");
            (await watched.AlarmsAsync()).ShouldHaveSingleItem().ShouldStartWith("log.forked checkpoint of 12, ");
            watched.Watch.Checkpoint.ShouldBeNull();
            return;
        }

        (await watched.StopAfterReadingAsync()).ShouldBeNull();
        await ShouldBeTheLogAsync(watched);
        Directory.EnumerateDirectories(watched.Node.Data, "log-mirror.damaged-*").Count().ShouldBe(isLost ? 0 : 1);
    }

    [Fact]
    public async Task Mirror_LostWhileTheHubServesAnOldLog_RaisesTheAlarm()
    {
        await using var watched = await WatchedLog.StartAsync();
        await watched.OtherAsync();
        var old = Encoding.UTF8.GetBytes(watched.Log.Checkpoint);
        await watched.OtherAsync();
        await watched.ReadAsync();
        await watched.RestartAsync(() => Directory.Delete(watched.Mirror, recursive: true));
        watched.Lie = (path, bytes) => path == "checkpoint" ? old : bytes;
        (await watched.StopAfterReadingAsync()).ShouldBe("log.alarm");
        (await watched.AlarmsAsync()).ShouldBe(["log.rolledBack checkpoint of 2, after 3"]);
    }

    [Fact]
    public async Task Checkpoint_OfAnother_IsHeldAgainstTheMirror()
    {
        await using var watched = await WatchedLog.StartAsync();
        await watched.OtherAsync();
        var smaller = watched.Log.Checkpoint;
        await watched.OtherAsync();
        await watched.ReadAsync();
        (await CompareAsync(watched, null)).ShouldBe("checkpoint.missing");
        (await CompareAsync(watched, "")).ShouldBe("checkpoint.refused");
        (await CompareAsync(watched, smaller.Replace("2\n", "1\n", StringComparison.Ordinal))).ShouldBe("checkpoint.refused");
        (await CompareAsync(watched, smaller)).ShouldBeNull();
        (await CompareAsync(watched, watched.Log.Checkpoint)).ShouldBeNull();
        (await watched.AlarmsAsync()).ShouldBeEmpty();

        await using var fork = await watched.Log.ForkAsync(keep: 1);
        await watched.OtherAsync(fork);
        (await CompareAsync(watched, fork.Checkpoint)).ShouldBe("log.splitView");
        (await watched.AlarmsAsync()).ShouldHaveSingleItem().ShouldStartWith("log.splitView checkpoint of 2, root ");
        (await watched.Watch.FindStopAsync(Cancel)).ShouldBe("log.alarm");
    }

    [Fact]
    public async Task Checkpoint_OfTheWitness_NeedsItsSignature()
    {
        await using var watched = await WatchedLog.StartAsync();
        await watched.ReadAsync();
        (await watched.Watch.CompareWitnessedAsync(watched.Log.Checkpoint, Cancel)).ShouldBeNull();
        (await watched.Watch.CompareWitnessedAsync(null, Cancel)).ShouldBe("checkpoint.missing");
        watched.Log.HasWitness = false;
        await watched.OtherAsync();
        (await watched.Watch.CompareWitnessedAsync(watched.Log.Checkpoint, Cancel)).ShouldBe("checkpoint.refused");
    }

    [Fact]
    public async Task Checkpoint_OfAnotherThatIsLarger_IsReadOnTo()
    {
        await using var watched = await WatchedLog.StartAsync();
        await watched.ReadAsync();
        await watched.OtherAsync();
        (await CompareAsync(watched, watched.Log.Checkpoint)).ShouldBeNull();
        watched.Watch.Checkpoint.ShouldBe(watched.Log.Checkpoint);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Checkpoint_AheadOfWhatTheHubShows_IsJudgedWhenTheLogGetsThere(bool isOneLog)
    {
        await using var watched = await WatchedLog.StartAsync();
        await watched.ReadAsync();
        await using var fork = await watched.Log.ForkAsync(keep: 1);
        await watched.OtherAsync(fork);
        var ahead = fork.Checkpoint;
        (await CompareAsync(watched, ahead)).ShouldBe(LogWatch.CheckpointAhead);
        (await watched.StopAfterReadingAsync()).ShouldBeNull();
        if (isOneLog) await watched.Log.AppendAsync(fork.Entries[1]);
        else await watched.OtherAsync();
        (await watched.StopAfterReadingAsync()).ShouldBe(isOneLog ? null : "log.alarm");
        (await CompareAsync(watched, ahead)).ShouldBe(isOneLog ? null : "log.splitView");
        (await watched.AlarmsAsync()).Count.ShouldBe(isOneLog ? 0 : 1);
    }

    [Fact]
    public async Task Checkpoint_AheadThatTheLogNeverReaches_RaisesTheAlarm()
    {
        await using var watched = await WatchedLog.StartAsync();
        await using var fork = await watched.Log.ForkAsync(keep: 1);
        await watched.OtherAsync(fork);
        (await CompareAsync(watched, fork.Checkpoint)).ShouldBe(LogWatch.CheckpointAhead);
        await watched.PassAsync(TimeSpan.FromMinutes(14));
        (await watched.StopAfterReadingAsync()).ShouldBeNull();
        await watched.PassAsync(TimeSpan.FromMinutes(2));
        (await watched.StopAfterReadingAsync()).ShouldBe("log.alarm");
        (await watched.AlarmsAsync()).ShouldHaveSingleItem().ShouldStartWith("log.splitView checkpoint of 2, root ");
    }

    [Fact]
    public async Task Log_ThatIsPinnedAnew_IsNoContinuationOfTheOldOne()
    {
        await using var watched = await WatchedLog.StartAsync();
        await watched.ReadAsync();
        await watched.SqlAsync("UPDATE log_view SET log = 'another'");
        (await watched.StopAfterReadingAsync()).ShouldBe("log.alarm");
        (await watched.AlarmsAsync()).ShouldHaveSingleItem().ShouldStartWith("log.foreignKey pinned hub.test/log+");
    }

    [Fact]
    public async Task Health_ToldWithAnAlarm_NamesIt()
    {
        await using var watched = await WatchedLog.StartAsync();
        (await watched.Node.Browser.GetStringAsync("/health", Cancel)).ShouldContain("\"stop\":\"log.unread\"");
        await watched.ReadAsync();
        (await watched.Node.Browser.GetStringAsync("/health", Cancel)).ShouldContain("\"size\":1");
        await watched.Log.AppendAsync(watched.Order());
        await watched.ReadAsync();
        using var answer = await watched.Node.Browser.GetAsync("/health", Cancel);
        ((int)answer.StatusCode).ShouldBe(503);
        (await answer.Content.ReadAsStringAsync(Cancel)).ShouldContain("\"code\":\"log.notMine\",\"place\":\"entry 1\"");
    }

    [Theory]
    [InlineData("nl", "Het openbare logboek klopt niet.")]
    [InlineData("en", "The public log does not hold.")]
    public async Task Page_WhileAnAlarmIsOpen_SaysSoFirst(string language, string says)
    {
        await using var watched = await WatchedLog.StartAsync();
        watched.Node.Browser.DefaultRequestHeaders.Add("Cookie", $"bereik-taal={language}");
        (await watched.Node.Browser.GetStringAsync("/pagina", Cancel)).ShouldNotContain(says);
        await watched.Log.AppendAsync(watched.Order());
        await watched.ReadAsync();
        var page = await watched.Node.Browser.GetStringAsync("/pagina", Cancel);
        page.ShouldContain(says);
        page.ShouldContain("log.notMine (1)");
    }

    [Fact]
    public async Task Mirror_SpoiltWhileTheNodeRuns_IsNoSplitView()
    {
        await using var watched = await WatchedLog.StartAsync();
        for (var i = 0; i < 299; i++) await watched.OtherAsync();
        var smaller = watched.Log.Checkpoint;
        await watched.OtherAsync();
        await watched.ReadAsync();
        foreach (var spoil in new Action<string>[] { File.Delete, file => File.WriteAllBytes(file, new byte[256 * 32]) })
        {
            spoil(Path.Combine(watched.Mirror, "tile/0/000"));
            watched.Promises.Add(TestLog.Promise(new LogPosition(1, MerkleTree.LeafHash(LogEntryFormat.Write(watched.Log.Entries[1])))));
            await CallAsync(watched);
            await watched.ReadAsync();
            (await CompareAsync(watched, smaller)).ShouldBeNull();
            (await watched.StopAfterReadingAsync()).ShouldBeNull();
            await ShouldBeTheLogAsync(watched);
        }

        // Also when it is found out while comparing.
        await File.WriteAllBytesAsync(Path.Combine(watched.Mirror, "tile/0/001.p/45"), new byte[45 * 32], Cancel);
        (await CompareAsync(watched, smaller)).ShouldBeNull();
        (await watched.AlarmsAsync()).ShouldBeEmpty();
        Directory.EnumerateDirectories(watched.Node.Data, "log-mirror.damaged-*").Count().ShouldBe(3);
    }

    [Fact]
    public async Task Checkpoint_OfAWitnessWhoseClockIsAhead_IsNotFreshForLonger()
    {
        await using var watched = await WatchedLog.StartAsync();
        watched.Clock.Move(TimeSpan.FromHours(3));
        await watched.Log.FreshenAsync();
        watched.Clock.Move(TimeSpan.FromHours(-3));
        (await watched.StopAfterReadingAsync()).ShouldBeNull();
        watched.Clock.Move(TimeSpan.FromMinutes(16));
        (await watched.StopAfterReadingAsync()).ShouldBe("log.stale");
    }

    [Fact]
    public void Settings_WithoutTheKeysOfTheLog_AreAProblem()
    {
        var problems = new List<string>();
        LogTrust.Read(new Foundation.SmallSettings(), problems).ShouldBeNull();
        problems.ShouldBe([
            "Setting 'peers[pseudonymiser].witness' is missing: without that key this node cannot follow the public log.",
            "Setting 'peers[hub].log' is missing: without that key this node cannot follow the public log."]);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Task<string?> CompareAsync(WatchedLog watched, string? note) => watched.Watch.CompareAsync(note, Cancel);

    // Any call of the hub: its answer carries the promises.
    private static Task<int> CallAsync(WatchedLog watched) => watched.WithAsync(async services =>
    {
        await ((Registers.RegisterReader)services.GetService(typeof(Registers.RegisterReader))!).ReadAsync(Cancel);
        return 0;
    });

    private static async Task<int> PromisesAsync(WatchedLog watched) => (await watched.TextsAsync("SELECT leaf AS Value FROM log_promise")).Count;

    // Every file that the log's checkpoint needs is in the mirror, and the mirror has no other.
    private static async Task ShouldBeTheLogAsync(WatchedLog watched)
    {
        Checkpoint.TryParse(watched.Log.Checkpoint[..(watched.Log.Checkpoint.IndexOf("\n\n", StringComparison.Ordinal) + 1)], out var checkpoint, out _).ShouldBeTrue();
        var needed = new List<string> { "checkpoint" };
        for (var level = TilePath.Entries; level < 3; level++)
            for (var index = 0L; TilePath.In(level, index, checkpoint.Size) is { } path; index++) needed.Add(path.ToString());
        Directory.EnumerateFiles(watched.Mirror, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(watched.Mirror, file)).Order().ShouldBe(needed.Order());
        foreach (var file in needed) (await File.ReadAllBytesAsync(Path.Combine(watched.Mirror, file), Cancel)).ShouldBe(await File.ReadAllBytesAsync(Path.Combine(watched.Log.Folder, file), Cancel), file);
    }
}
