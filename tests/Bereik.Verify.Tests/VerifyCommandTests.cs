using System.Text;
using System.Text.Json;
using Bereik.Cli.Verify;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Log;
using Bereik.Ledger;
using Shouldly;
using Xunit;

namespace Bereik.Verify.Tests;

public sealed class VerifyCommandTests
{
    [Fact]
    public async Task Verify_AnHonestLog_Holds()
    {
        await using var log = await WrittenLog.MakeAsync(Story.Whole().Entries);

        var (code, output, error) = log.Verify("--full", "--witness", WrittenLog.WitnessKey);

        error.ShouldBeEmpty();
        code.ShouldBe(0, output);
        output.ShouldContain("Op proef");
        output.ShouldContain("1 keer doorgegeven, 1 ontvangen, 1 gewist");
        output.ShouldContain("Alles wat nagekeken is, klopt.");
    }

    [Fact]
    public async Task Verify_ManyTiles_Holds()
    {
        await using var log = await WrittenLog.MakeAsync(Long().Entries);

        log.Verify("--full").Code.ShouldBe(0);
    }

    [Fact]
    public async Task Verify_FolderAroundTheLog_IsRead()
    {
        await using var log = await WrittenLog.MakeAsync(Story.Whole().Entries);

        WrittenLog.Run("verify", "--log", log.Data, "--vkey", WrittenLog.Vkey, "--seen", log.Seen).Code.ShouldBe(0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/log")]
    [InlineData("/log/")]
    public async Task Verify_OverHttp_IsRead(string end)
    {
        await using var log = await WrittenLog.MakeAsync(Story.Whole().Entries);
        var address = await log.ServeAsync();

        var (code, output, _) = WrittenLog.Run("verify", "--log", address + end, "--vkey", WrittenLog.Vkey, "--seen", log.Seen, "--full");

        code.ShouldBe(0, output);
        log.Requests.ShouldBeGreaterThan(2);
    }

    [Theory]
    [InlineData("http://hub.example/log/")]
    [InlineData("https://user@hub.example/")]
    [InlineData("ftp://127.0.0.1/")]
    [InlineData("https://hub.example/log/?x=1")]
    [InlineData("/nergens/zulke/map")]
    public void Verify_AddressThatIsNone_IsAMistake(string place)
    {
        var (code, output, error) = WrittenLog.Run("verify", "--log", place, "--vkey", WrittenLog.Vkey);

        (code, output).ShouldBe((2, ""));
        error.ShouldContain("log.address");
    }

    [Theory]
    [InlineData("verify")]
    [InlineData("verify", "--vkey", "KEY")]
    [InlineData("verify", "--log", ".")]
    [InlineData("verify", "--log", ".", "--vkey", "geen")]
    [InlineData("verify", "--log", ".", "--vkey", "KEY", "--witness", "geen")]
    [InlineData("verify", "--log", ".", "--vkey", "KEY", "--witness", "KEY")]
    [InlineData("verify", "--proof", "x", "--vkey", "KEY", "--full")]
    [InlineData("verify", "--log", ".", "--vkey", "KEY", "--entry", "x")]
    [InlineData("verify", "--log", ".", "--vkey", "KEY", "--unknown")]
    [InlineData("log", "show", "--vkey", "KEY")]
    [InlineData("log", "show", "--log", ".", "--vkey", "KEY", "--count", "0")]
    [InlineData("log", "proof", "--log", ".", "--vkey", "KEY")]
    [InlineData("log", "vkey")]
    [InlineData("key", "succeed")]
    public void Command_MistakenUse_IsTwo(params string[] args)
    {
        var (code, output, error) = WrittenLog.Run([.. args.Select(arg => arg == "KEY" ? WrittenLog.Vkey : arg)]);

        (code, output).ShouldBe((2, ""));
        error.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Verify_KeyOfAnotherLog_IsRefused()
    {
        await using var log = await WrittenLog.MakeAsync(Story.Whole().Entries);
        using var same = NoteSigner.Generate(Story.Origin, NoteKeyKind.Ed25519);
        using var other = NoteSigner.Generate("ander.test/log", NoteKeyKind.Ed25519);

        Broken(WrittenLog.Run("verify", "--log", log.Folder, "--vkey", same.Verifier.ToString(), "--seen", log.Seen, "--json")).ShouldBe("checkpoint.signature");
        Broken(WrittenLog.Run("verify", "--log", log.Folder, "--vkey", other.Verifier.ToString(), "--seen", log.Seen, "--json")).ShouldBe("checkpoint.otherLog");
        File.Exists(log.Seen).ShouldBeFalse();
    }

    [Fact]
    public async Task Verify_WithoutTheWitness_IsRefused()
    {
        await using var log = await WrittenLog.MakeAsync(Story.Whole().Entries, isWitnessed: false);

        Broken(log.Verify("--witness", WrittenLog.WitnessKey, "--json")).ShouldBe("checkpoint.witness");
        log.Verify().Code.ShouldBe(0);
    }

    [Fact]
    public async Task Verify_WitnessThatSignedLongAgo_IsShown()
    {
        await using var log = await WrittenLog.MakeAsync(Story.Whole().Entries, cosignedAt: TimeProvider.System.GetUtcNow().AddDays(-3));

        var (code, output, _) = log.Verify("--witness", WrittenLog.WitnessKey);

        code.ShouldBe(0);
        output.ShouldContain("witness.old");
    }

    [Fact]
    public async Task Verify_WitnessThatIsNotLookedAt_IsShown()
    {
        var story = Story.Whole().Change<LogEntry.Begun>("begun", entry => entry with { Witness = WrittenLog.WitnessKey });
        await using var log = await WrittenLog.MakeAsync(story.Entries);
        using var another = NoteSigner.Generate("ander.test/witness", NoteKeyKind.Cosignature);

        log.Verify("--full").Output.ShouldContain("witness.notChecked");
        log.Verify("--full", "--witness", WrittenLog.WitnessKey).Output.ShouldNotContain("Let op: entry 0");
    }

    [Fact]
    public async Task Verify_ThereIsNoLog_IsSaid()
    {
        await using var log = await WrittenLog.MakeAsync([]);
        File.Delete(Path.Combine(log.Folder, "checkpoint"));

        Broken(log.Verify("--json")).ShouldBe("log.none");
    }

    [Fact]
    public void Verify_NobodyAnswers_IsSaid() => Broken(WrittenLog.Run("verify", "--log", "http://127.0.0.1:9/", "--vkey", WrittenLog.Vkey, "--json")).ShouldBe("log.unreachable");

    // What was seen before.
    [Fact]
    public async Task Seen_LogThatGrew_Continues()
    {
        var story = Long();
        await using var before = await WrittenLog.MakeAsync(story.Entries.Take(270));
        await using var after = await WrittenLog.MakeAsync(story.Entries);
        before.Verify().Output.ShouldContain("zag dit logboek nog niet");

        var (code, output, _) = WrittenLog.Run("verify", "--log", after.Folder, "--vkey", WrittenLog.Vkey, "--seen", before.Seen);

        code.ShouldBe(0, output);
        output.ShouldContain("Het vervolgt wat deze computer eerder zag (270 regels).");
        WrittenLog.Run("verify", "--log", before.Folder, "--vkey", WrittenLog.Vkey, "--seen", before.Seen).Code.ShouldBe(1);
    }

    [Fact]
    public async Task Seen_LogThatIsShorter_IsRefused()
    {
        var story = Story.Whole();
        await using var whole = await WrittenLog.MakeAsync(story.Entries);
        await using var shorter = await WrittenLog.MakeAsync(story.Entries.SkipLast(1));
        whole.Verify().Code.ShouldBe(0);
        var kept = File.ReadAllBytes(whole.Seen);

        Broken(WrittenLog.Run("verify", "--log", shorter.Folder, "--vkey", WrittenLog.Vkey, "--seen", whole.Seen, "--json")).ShouldBe("log.rollback");
        File.ReadAllBytes(whole.Seen).ShouldBe(kept);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task Seen_LogThatTellsOtherwise_IsRefused(int more)
    {
        var story = Story.Whole();
        await using var log = await WrittenLog.MakeAsync(story.Entries);
        var other = Story.Whole();
        for (var i = 0; i < more; i++) other.Add($"round.{i}", other.Round(other.Today.AddDays(i + 1)));
        await using var fork = await WrittenLog.MakeAsync(other.Entries);
        log.Verify("--full").Code.ShouldBe(0);

        Broken(WrittenLog.Run("verify", "--log", fork.Folder, "--vkey", WrittenLog.Vkey, "--seen", log.Seen, "--full", "--json")).ShouldBe("log.fork");
    }

    [Fact]
    public void Seen_WithoutAFile_IsKeptByTheKeysId()
    {
        NoteVerifier.TryParse(WrittenLog.Vkey, out var key).ShouldBeTrue();

        var path = SeenFile.DefaultPath(key!);

        Path.IsPathRooted(path).ShouldBeTrue();
        path.ShouldEndWith(Path.Combine("bereik", $"{WrittenLog.Vkey.Split('+')[1]}.checkpoint"));
    }

    [Fact]
    public async Task Seen_FileThatIsDamaged_IsRefused()
    {
        await using var log = await WrittenLog.MakeAsync(Story.Whole().Entries);
        log.Verify().Code.ShouldBe(0);
        File.WriteAllText(log.Seen, File.ReadAllText(log.Seen).Replace('\n', '\r'));

        Broken(log.Verify("--json")).ShouldBe("seen.damaged");
    }

    [Fact]
    public async Task Seen_SomethingDoesNotHold_IsNotKept()
    {
        await using var log = await WrittenLog.MakeAsync(Story.Whole().Remove("decided").Entries);

        log.Verify("--full").Code.ShouldBe(1);
        File.Exists(log.Seen).ShouldBeFalse();
    }

    [Fact]
    public async Task Seen_PlaceThatCannotBeWritten_IsSaid()
    {
        await using var log = await WrittenLog.MakeAsync(Story.Whole().Entries);

        Broken(WrittenLog.Run("verify", "--log", log.Folder, "--vkey", WrittenLog.Vkey, "--seen", Path.Combine(log.Folder, "checkpoint", "x"), "--json")).ShouldBe("seen.unwritable");
    }

    // What is broken.
    [Fact]
    public async Task Verify_RuleThatIsBroken_IsNamedWithItsPlace()
    {
        var story = Story.Whole().Remove("decided");
        await using var log = await WrittenLog.MakeAsync(story.Entries);

        var (code, output, _) = log.Verify("--full");

        code.ShouldBe(1);
        output.ShouldContain(FormattableString.Invariant($"entry {story.IndexOf("tokens")}: deposit.notPermitted: Er is iets gebracht zonder toegelaten aanvraag"));
        log.Verify().Code.ShouldBe(0, "without --full no entry is read");
    }

    // Any bit of any file, and of the checkpoint: never exit code 0.
    [Fact]
    public async Task Verify_OneBitChanged_IsFound()
    {
        await using var log = await WrittenLog.MakeAsync(Long().Entries);
        foreach (var file in Directory.EnumerateFiles(log.Folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(log.Folder, file)).ToList())
        {
            // Files of an earlier, smaller tree belong to no checkpoint that is shown.
            if (file.Contains(".p", StringComparison.Ordinal) && !IsOfTheTree(file, Long().Entries.Count)) continue;
            var length = (int)new FileInfo(Path.Combine(log.Folder, file)).Length;
            foreach (var at in new[] { 0, 1, length / 2, length - 1 }.Distinct())
            {
                log.Flip(file, at);
                var (code, output, _) = log.Verify("--full", "--witness", WrittenLog.WitnessKey);
                code.ShouldBe(1, $"{file} at {at}: {output}");
                log.Flip(file, at);
            }
        }

        log.Verify("--full", "--witness", WrittenLog.WitnessKey).Code.ShouldBe(0);
    }

    [Fact]
    public async Task Verify_FileThatIsGone_IsFound()
    {
        await using var log = await WrittenLog.MakeAsync(Long().Entries);
        File.Delete(Path.Combine(log.Folder, "tile", "entries", "000"));

        Broken(log.Verify("--full", "--json")).ShouldBe("log.fileMissing");
    }

    [Fact]
    public async Task Json_Always_IsOneObjectAndNothingElse()
    {
        await using var log = await WrittenLog.MakeAsync(Story.Whole().Entries);
        await using var wrong = await WrittenLog.MakeAsync(Story.Whole().Remove("decided").Entries);
        foreach (var (code, output, error) in new[] { log.Verify("--json"), log.Verify("--full", "--json"), wrong.Verify("--full", "--json") })
        {
            error.ShouldBeEmpty();
            using var json = JsonDocument.Parse(output);
            json.RootElement.GetProperty("ok").GetBoolean().ShouldBe(code == 0);
        }

        using var full = JsonDocument.Parse(log.Verify("--full", "--json").Output);
        full.RootElement.GetProperty("log").GetProperty("trial").GetBoolean().ShouldBeTrue();
        full.RootElement.GetProperty("log").GetProperty("counts").GetProperty("orders").GetInt64().ShouldBe(2);
    }

    // Proofs.
    [Fact]
    public async Task Proof_OfAnEntry_IsMadeAndVerifiedOffline()
    {
        var story = Story.Whole();
        await using var log = await WrittenLog.MakeAsync(story.Entries);
        var file = Path.Combine(log.Data, "regel.tlog-proof");
        var index = story.IndexOf("delivered").ToString(System.Globalization.CultureInfo.InvariantCulture);

        WrittenLog.Run("log", "proof", "--log", log.Folder, "--vkey", WrittenLog.Vkey, "--index", index, "--out", file).Code.ShouldBe(0);
        Directory.Delete(log.Folder, recursive: true);
        var (code, output, _) = WrittenLog.Run("verify", "--proof", file, "--vkey", WrittenLog.Vkey, "--witness", WrittenLog.WitnessKey);

        code.ShouldBe(0, output);
        output.ShouldContain($"Dit bewijs klopt: het is regel {index} van logboek {Story.Origin}");
        output.ShouldContain("package.delivered");
        File.Delete($"{file}.entry");
        Broken(WrittenLog.Run("verify", "--proof", file, "--vkey", WrittenLog.Vkey, "--json")).ShouldBe("proof.entryMissing");
        File.WriteAllBytes(file + ".other", story.Entries[3]);
        Broken(WrittenLog.Run("verify", "--proof", file, "--entry", file + ".other", "--vkey", WrittenLog.Vkey, "--json")).ShouldBe("proof.inclusion");
    }

    [Fact]
    public async Task Proof_OfAPerson_TellsWhoReceivedWhat()
    {
        var (story, extra) = WithAPerson();
        await using var log = await WrittenLog.MakeAsync(story.Entries);
        var file = await ProofAsync(log, story.IndexOf("root"), extra);

        var (code, output, _) = WrittenLog.Run("verify", "--proof", file, "--vkey", WrittenLog.Vkey, "--witness", WrittenLog.WitnessKey);

        code.ShouldBe(0, output);
        output.ShouldContain("ocmw-aalst ontving op 2026-11-20 van opgroeien deze gegevens over een persoon, onder protocol groeipakket-onbekend 0.2:");
        output.ShouldContain("familyName");
        using var json = JsonDocument.Parse(WrittenLog.Run("verify", "--proof", file, "--vkey", WrittenLog.Vkey, "--json").Output);
        json.RootElement.GetProperty("proof").GetProperty("person").GetProperty("fields").EnumerateArray().Select(field => field.GetString()).ShouldBe(["familyName"]);
        json.RootElement.ToString().ShouldNotContain("Voorbeeld");
        WrittenLog.Run("verify", "--proof", file, "--log", log.Folder, "--vkey", WrittenLog.Vkey, "--seen", log.Seen).Code.ShouldBe(0);
    }

    [Fact]
    public async Task Proof_WithAChangedBit_IsFound()
    {
        var (story, extra) = WithAPerson();
        await using var log = await WrittenLog.MakeAsync(story.Entries);
        var file = await ProofAsync(log, story.IndexOf("root"), extra);
        var bytes = File.ReadAllBytes(file);
        for (var at = 0; at < bytes.Length; at += Math.Max(1, bytes.Length / 60))
        {
            bytes[at] ^= 1;
            File.WriteAllBytes(file, bytes);
            WrittenLog.Run("verify", "--proof", file, "--vkey", WrittenLog.Vkey, "--witness", WrittenLog.WitnessKey).Code.ShouldBe(1, $"byte {at}");
            bytes[at] ^= 1;
        }
    }

    [Fact]
    public async Task Proof_OfAnotherTreeThanTheLog_IsFound()
    {
        var (story, extra) = WithAPerson();
        await using var log = await WrittenLog.MakeAsync(story.Entries);
        await using var other = await WrittenLog.MakeAsync(Story.Whole().Entries);
        var file = await ProofAsync(log, story.IndexOf("root"), extra);

        Broken(WrittenLog.Run("verify", "--proof", file, "--log", other.Folder, "--vkey", WrittenLog.Vkey, "--seen", other.Seen, "--json")).ShouldBe("log.fork");
    }

    internal static string? Broken((int Code, string Output, string Error) run)
    {
        run.Code.ShouldBe(1, run.Output + run.Error);
        run.Error.ShouldBeEmpty();
        using var json = JsonDocument.Parse(run.Output);
        json.RootElement.GetProperty("ok").GetBoolean().ShouldBeFalse();
        return json.RootElement.GetProperty("broken")[0].GetProperty("code").GetString();
    }

    internal static (Story Story, byte[] Extra) WithAPerson()
    {
        var story = Story.Whole();
        var (root, salt) = ((LogEntry.PersonsRooted)story.Entry("root"), Bytes32.Random());
        var statement = new PersonStatement
        {
            Order = story.First, Handle = story.Handle, Protocol = "groeipakket-onbekend", ProtocolVersion = "0.2", Organisation = Story.Local, Source = Story.Source,
            ReceivedOn = BelgianTime.DayOf(root.At), EraseBy = BelgianTime.DayOf(root.At).AddDays(28), Fields = new Dictionary<string, string> { ["familyName"] = "Voorbeeld" },
        };
        var tree = PaddedRoot.Make([PersonCommitment.Of(statement, salt)], 256);
        var document = new PersonsRoot { Order = story.First, Handle = story.Handle, Manifest = story.Manifest, Root = tree.Root, Slots = tree.SlotCount, EraseBy = statement.EraseBy, At = root.At };
        story.Change<LogEntry.PersonsRooted>("root", entry => entry with { Document = Exchange.Signatures.SignedDocument.Sign(document, Story.LocalKey).Compact });
        return (story, PersonProof.ExtraOf(story.Entries[story.IndexOf("root")], statement, salt, tree, tree.Slots[0]));
    }

    internal static async Task<string> ProofAsync(WrittenLog log, int index, byte[] extra)
    {
        var source = new FolderLog(log.Folder);
        NoteVerifier.TryParse(WrittenLog.Vkey, out var key).ShouldBeTrue();
        Checkpoint.TryOpen(await source.ReadAsync("checkpoint", CancellationToken.None), key!, out var note, out var checkpoint, out _).ShouldBeTrue();
        var proof = new TlogProof { Extra = extra, Index = index, Path = await new LogReader(source, checkpoint!).InclusionAsync(index, CancellationToken.None), Checkpoint = note! };
        var file = Path.Combine(log.Data, "persoon.tlog-proof");
        await File.WriteAllBytesAsync(file, Encoding.UTF8.GetBytes(proof.ToString()));
        return file;
    }

    // More than one full tile.
    private static readonly Lazy<Story> LongStory = new(() =>
    {
        var story = Story.Whole();
        for (var i = 1; story.Names.Count < 300; i++) story.Add($"round.{i}", story.Round(new DateOnly(2026, 11, 20).AddDays(i)));
        return story;
    });

    private static Story Long() => LongStory.Value;

    private static bool IsOfTheTree(string file, int size)
    {
        TilePath.TryParse(file.Replace('\\', '/'), out var path).ShouldBeTrue(file);
        return TilePath.In(path.Level, path.Index, size) == path;
    }
}
