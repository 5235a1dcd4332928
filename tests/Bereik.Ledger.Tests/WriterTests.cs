using System.Text;
using Shouldly;
using Xunit;

namespace Bereik.Ledger.Tests;

public sealed class WriterTests : IDisposable
{
    private readonly TempLog log = new();

    [Fact]
    public async Task Writer_EntriesOneByOneAndMany_AreThereAfterReopening()
    {
        await using (var writer = LogWriter.Create(log.Options))
        {
            for (var i = 0; i < 10; i++)
            {
                var position = await writer.AppendAsync(TempLog.Entry(i), default);
                position.ShouldBe(new LogPosition(i, MerkleTree.LeafHash(TempLog.Entry(i))));
                await writer.PublishedAsync(i, default);
                log.Shown().Size.ShouldBe(i + 1);
            }

            await TempLog.AppendAsync(writer, 10, 2990);
            writer.Durable.Size.ShouldBe(3000);
        }

        await using var again = LogWriter.Open(log.Options);
        again.Durable.Size.ShouldBe(3000);
        (await again.AppendAsync(TempLog.Entry(5), default)).Index.ShouldBe(5);
        (await again.AppendAsync(Encoding.UTF8.GetBytes("new"), default)).Index.ShouldBe(3000);
        await again.PublishedAsync(3000, default);
        again.Published.Text.ShouldBe(log.Shown().ToString());
        (await log.Reader().EntryAsync(7, default)).ToArray().ShouldBe(TempLog.Entry(7));
        (await log.CheckAsync()).Select(entry => Encoding.UTF8.GetString(entry)).Order().ShouldBe(Enumerable.Range(0, 3000).Select(i => $"entry {i}").Append("new").Order());
    }

    [Fact]
    public async Task NewLog_WithoutEntries_ShowsAnEmptyTree()
    {
        await using (var writer = LogWriter.Create(log.Options))
        {
            log.Shown().ShouldBe(new Checkpoint(TempLog.Key.Verifier.Name, 0, TreeHash.OfEmptyTree));
            writer.Condition.ShouldBe(new LogCondition(LogState.Open));
        }

        await using var again = LogWriter.Open(log.Options);
        again.Durable.Size.ShouldBe(0);
        (await log.CheckAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Create_WhereThereIsALog_IsRefused()
    {
        await log.FillAsync(3);
        Should.Throw<LogBrokenException>(() => LogWriter.Create(log.Options)).Code.ShouldBe("log.exists");
        Directory.Delete(log.Options.JournalFolder, recursive: true);
        Should.Throw<LogBrokenException>(() => LogWriter.Create(log.Options)).Code.ShouldBe("log.exists");
        log.Shown().Size.ShouldBe(3);
    }

    [Fact]
    public async Task Open_WhereThereIsNoLog_IsRefusedAndMakesNone()
    {
        Should.Throw<LogBrokenException>(() => LogWriter.Open(log.Options)).Code.ShouldBe("log.missing");
        Directory.Exists(log.Options.Folder).ShouldBeFalse();
        await log.FillAsync(3);
        Directory.Delete(log.Options.Folder, recursive: true);
        Should.Throw<LogBrokenException>(() => LogWriter.Open(log.Options)).Code.ShouldBe("log.missing");
        Directory.CreateDirectory(log.Options.Folder);
        Should.Throw<LogBrokenException>(() => LogWriter.Open(log.Options)).Code.ShouldBe("log.fileMissing");
        foreach (var segment in log.Segments) File.Delete(segment);
        Should.Throw<LogBrokenException>(() => LogWriter.Open(log.Options)).Code.ShouldBe("log.missing");
    }

    [Fact]
    public async Task Open_WithAnotherKey_IsRefused()
    {
        await log.FillAsync(3);
        using var sameName = NoteSigner.Generate(TempLog.Key.Verifier.Name, NoteKeyKind.Ed25519);
        using var other = NoteSigner.Generate("log.example/other", NoteKeyKind.Ed25519);
        Should.Throw<LogBrokenException>(() => LogWriter.Open(log.Options with { Key = sameName })).Code.ShouldBe("log.otherKey");
        Should.Throw<LogBrokenException>(() => LogWriter.Open(log.Options with { Key = other })).Code.ShouldBe("log.otherKey");
    }

    [Fact]
    public async Task Open_WhileAnotherWriterHasIt_IsRefused()
    {
        await using (LogWriter.Create(log.Options))
        {
            Should.Throw<LogBrokenException>(() => LogWriter.Open(log.Options)).Code.ShouldBe("log.locked");
            Should.Throw<LogBrokenException>(() => LogWriter.Create(log.Options)).Code.ShouldBe("log.locked");
        }

        await using var again = LogWriter.Open(log.Options);
        again.Condition.State.ShouldBe(LogState.Open);
    }

    [Fact]
    public async Task Append_TheSameBytes_GivesOnePlaceAlsoAfterReopening()
    {
        await using (var writer = LogWriter.Create(log.Options))
        {
            var places = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => writer.AppendAsync(TempLog.Entry(i % 4), default)));
            writer.Durable.Size.ShouldBe(4);
            for (var i = 0; i < places.Length; i++) places[i].ShouldBe(places[i % 4]);
        }

        await using var again = LogWriter.Open(log.Options);
        (await again.AppendAsync(TempLog.Entry(2), default)).Leaf.ShouldBe(MerkleTree.LeafHash(TempLog.Entry(2)));
        again.Durable.Size.ShouldBe(4);
    }

    [Fact]
    public async Task Append_NothingOrTooMuch_IsACallersBug()
    {
        await using var writer = LogWriter.Create(log.Options);
        Should.Throw<ArgumentOutOfRangeException>(() => writer.AppendAsync(ReadOnlyMemory<byte>.Empty, default));
        Should.Throw<ArgumentOutOfRangeException>(() => writer.AppendAsync(new byte[65536], default));
        (await writer.AppendAsync(new byte[65535], default)).Index.ShouldBe(0);
    }

    [Fact]
    public async Task Append_WhoseWaiterGivesUp_IsWrittenAllTheSame()
    {
        using var holds = new ManualResetEventSlim();
        LogHook hook = (LogStep step, string _, ref int _) =>
        {
            if (step == LogStep.JournalSync && holds.IsSet is false) holds.Wait(TimeSpan.FromSeconds(20));
        };
        holds.Set();
        await using var writer = LogWriter.Create(log.Options with { Hook = hook });
        holds.Reset();
        using var cancel = new CancellationTokenSource();
        var bytes = TempLog.Entry(1);
        var append = writer.AppendAsync(bytes, cancel.Token);
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(append);
        bytes.AsSpan().Clear();
        holds.Set();
        (await writer.AppendAsync(TempLog.Entry(1), default)).Index.ShouldBe(0);
        await writer.PublishedAsync(0, default);
        (await log.Reader().EntryAsync(0, default)).ToArray().ShouldBe(TempLog.Entry(1));
    }

    [Fact]
    public async Task Append_AfterClosing_IsRefusedAndMayBeTriedAgain()
    {
        var writer = LogWriter.Create(log.Options);
        await writer.DisposeAsync();
        var refused = await Should.ThrowAsync<LogUnavailableException>(() => writer.AppendAsync(TempLog.Entry(1), default));
        refused.Code.ShouldBe("log.closed");
        refused.IsRetryable.ShouldBeTrue();
        await Should.ThrowAsync<LogUnavailableException>(() => writer.PublishedAsync(0, default));
        await writer.DisposeAsync();
    }

    [Fact]
    public async Task MarkedBroken_RefusesUntilItIsOpenedAgain()
    {
        await using (var writer = LogWriter.Create(log.Options))
        {
            await writer.AppendAsync(TempLog.Entry(0), default);
            await writer.PublishedAsync(0, default);
            var never = writer.PublishedAsync(1, default);
            writer.MarkBroken("log.tile", "tile/0/000.p/1");
            writer.Condition.ShouldBe(new LogCondition(LogState.Broken, "log.tile", "tile/0/000.p/1"));
            var refused = await Should.ThrowAsync<LogUnavailableException>(() => writer.AppendAsync(TempLog.Entry(1), default));
            refused.Code.ShouldBe("log.tile");
            refused.IsRetryable.ShouldBeFalse();
            (await Should.ThrowAsync<LogUnavailableException>(never)).IsRetryable.ShouldBeFalse();
            writer.MarkBroken("log.other", null);
            writer.Condition.Code.ShouldBe("log.tile");
        }

        await using var again = LogWriter.Open(log.Options);
        (await again.AppendAsync(TempLog.Entry(1), default)).Index.ShouldBe(1);
    }

    [Fact]
    public async Task Published_WithAWitness_CarriesItsSignature()
    {
        using var witness = NoteSigner.Generate("witness.example/w", NoteKeyKind.Cosignature);
        long asked = -1;
        Task<SignedNote> Cosign(SignedNote note, LogReader reader, CancellationToken cancel)
        {
            asked = reader.Checkpoint.Size;
            return Task.FromResult(note.With(witness.Sign(note.Text, DateTimeOffset.UnixEpoch.AddYears(56))));
        }

        await using var writer = LogWriter.Create(log.Options with { Cosign = Cosign });
        await writer.AppendAsync(TempLog.Entry(0), default);
        await writer.PublishedAsync(0, default);
        asked.ShouldBe(1);
        witness.Verifier.CosignedAt(writer.Published).ShouldNotBeNull();
        File.ReadAllText(log.Served("checkpoint")).ShouldBe(writer.Published.ToString());
    }

    [Fact]
    public async Task Refresh_WithoutNewEntries_HasWitnessesSignAnew()
    {
        using var witness = NoteSigner.Generate("witness.example/w", NoteKeyKind.Cosignature);
        var times = 0;
        var answers = true;
        Task<SignedNote> Cosign(SignedNote note, LogReader reader, CancellationToken cancel) =>
            answers ? Task.FromResult(note.With(witness.Sign(note.Text, DateTimeOffset.FromUnixTimeSeconds(++times)))) : throw new HttpRequestException("nobody");

        await using var writer = LogWriter.Create(log.Options with { Cosign = Cosign });
        await writer.AppendAsync(TempLog.Entry(0), default);
        await writer.PublishedAsync(0, default);
        var before = witness.Verifier.CosignedAt(writer.Published)!.Value;
        writer.Refresh();
        await Eventually(() => witness.Verifier.CosignedAt(writer.Published) > before);
        log.Shown().Size.ShouldBe(1);

        // A witness that is away takes nothing from what is there.
        answers = false;
        writer.Refresh();
        await writer.AppendAsync(TempLog.Entry(0), default);
        await Task.Delay(100);
        witness.Verifier.CosignedAt(writer.Published).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("throws")]
    [InlineData("throws later")]
    [InlineData("hangs")]
    [InlineData("another text")]
    [InlineData("an older checkpoint")]
    [InlineData("without the log's signature")]
    public async Task Published_WithAWitnessThatFails_HasTheLogsSignatureAlone(string how)
    {
        using var witness = NoteSigner.Generate("witness.example/w", NoteKeyKind.Cosignature);
        async Task<SignedNote> Later(CancellationToken cancel)
        {
            await Task.Delay(how == "hangs" ? Timeout.Infinite : 1, CancellationToken.None);
            throw new InvalidOperationException(cancel.ToString());
        }

        SignedNote? first = null;
        Task<SignedNote> Cosign(SignedNote note, LogReader reader, CancellationToken cancel) => how switch
        {
            "an older checkpoint" => Task.FromResult(first ??= note),
            "throws" => throw new HttpRequestException("nobody"),
            "another text" => Task.FromResult(new SignedNote(note.Text.Replace('1', '2'), note.Signatures)),
            "without the log's signature" => Task.FromResult(new SignedNote(note.Text, [witness.Sign(note.Text)])),
            _ => Later(cancel),
        };

        await using var writer = LogWriter.Create(log.Options with { Cosign = Cosign, CosignWithin = TimeSpan.FromMilliseconds(200) });
        if (how == "an older checkpoint") await Eventually(() => first is not null);
        await writer.AppendAsync(TempLog.Entry(0), default);
        await writer.PublishedAsync(0, default).WaitAsync(TimeSpan.FromSeconds(20));
        writer.Published.Signatures.ShouldHaveSingleItem().Name.ShouldBe(TempLog.Key.Verifier.Name);
        log.Shown().Size.ShouldBe(1);
        writer.Condition.State.ShouldBe(LogState.Open);
    }

    // A witness that takes its time holds up neither appends nor files.
    [Fact]
    public async Task Append_WhileAWitnessThinks_GoesOn()
    {
        var thinks = new TaskCompletionSource();
        async Task<SignedNote> Cosign(SignedNote note, LogReader reader, CancellationToken cancel)
        {
            await thinks.Task.WaitAsync(cancel);
            return note;
        }

        await using var writer = LogWriter.Create(log.Options with { Cosign = Cosign, CosignWithin = TimeSpan.FromMinutes(1) });
        await TempLog.AppendAsync(writer, 0, 700);
        await Eventually(() => File.Exists(log.Served("tile/entries/001")));
        log.Shown().Size.ShouldBe(0);
        thinks.SetResult();
        await writer.PublishedAsync(699, default);
        (await log.CheckAsync()).Count.ShouldBe(700);
    }

    [Fact]
    public async Task Journal_OfAnyLength_StaysSmall()
    {
        var options = log.Options with { SegmentBytes = 20_000 };
        await using (var writer = LogWriter.Create(options))
        {
            for (var i = 0; i < 40; i++) await TempLog.AppendAsync(writer, i * 200, 200);
            await writer.PublishedAsync(7999, default);
            await Eventually(() => log.Segments.Sum(segment => new FileInfo(segment).Length) < 250_000);
        }

        log.Segments.Count.ShouldBe(1);
        new FileInfo(log.Segments[0]).Length.ShouldBeLessThan(100_000);
        (await log.CheckAsync()).Count.ShouldBe(8000);
        await using var again = LogWriter.Open(options);
        again.Durable.ShouldBe(log.Shown());
        (await again.AppendAsync(TempLog.Entry(7777), default)).Index.ShouldBeLessThan(8000);
    }

    [Fact]
    public async Task PartialFiles_OnceTheFullOneIsThere_AreGone()
    {
        await using (var writer = LogWriter.Create(log.Options))
        {
            for (var i = 0; i < 520; i += 20)
            {
                await TempLog.AppendAsync(writer, i, 20);
                await writer.PublishedAsync(i + 19, default);
            }
        }

        Directory.GetDirectories(log.Options.Folder, "*.p", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(log.Options.Folder, path).Replace('\\', '/'))
            .ShouldBe(["tile/0/002.p", "tile/1/000.p", "tile/entries/002.p"], ignoreOrder: true);
        Directory.GetFiles(log.Options.Folder, "*.tmp", SearchOption.AllDirectories).ShouldBeEmpty();
        (await log.CheckAsync()).Count.ShouldBe(520);
    }

    public void Dispose() => log.Dispose();

    internal static async Task Eventually(Func<bool> holds)
    {
        for (var i = 0; i < 1000 && !holds(); i++) await Task.Delay(20);
        holds().ShouldBeTrue();
    }
}
