using System.Net;
using System.Text;
using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Keys;
using Bereik.Ledger;
using Bereik.Pseudonymiser;
using Bereik.Pseudonymiser.Storage;
using Microsoft.Data.Sqlite;
using Shouldly;
using Xunit;

namespace Bereik.Hub.Tests;

// The mandatory witness of the public log: what it cosigns, what it refuses with which answer (C2SP tlog-witness), and what it keeps of a log that tells two stories.
public sealed class WitnessTests
{
    [Fact]
    public async Task Witness_OfEachNextCheckpoint_CosignsItAndKeepsIt()
    {
        await using var service = await TestPseudonymiser.StartAsync();
        (await (await service.Node.SendAsync(HttpMethod.Get, "/", null, null)).JsonAsync())["witness"]!.GetValue<string>().ShouldBe(service.Self.Note!.Verifier.ToString());
        var log = new Tree(service);
        foreach (var (old, size) in new[] { (0, 0), (0, 1), (1, 5), (5, 5), (5, 300) })
        {
            var note = log.Note(size);
            var answer = await service.AddCheckpointAsync(old, note, [.. await log.ProofAsync(old, size)]);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            SignedNote.TryParseLines(await answer.Content.ReadAsStringAsync(), out var lines).ShouldBeTrue();
            service.Self.Note.Verifier.CosignedAt(note.With(lines)).ShouldNotBeNull().ShouldBe(service.Node.Clock.Second(), TimeSpan.FromSeconds(2));
            lines.Count.ShouldBe(1);
            await service.RestartAsync();
        }

        service.Texts("SELECT CAST(size AS TEXT) FROM cosigned ORDER BY sequence").ShouldBe(["0", "1", "5", "5", "300"]);
        (await (await service.Node.SendAsync(HttpMethod.Get, "/health", null, null)).JsonAsync())["witness"]!.ToJsonString().ShouldStartWith("{\"size\":300,\"cosignedAt\":\"2026-11-20T10:00:");
    }

    [Fact]
    public async Task Witness_OfWhatIsNoContinuation_AnswersAsTheProtocolSays()
    {
        await using var service = await TestPseudonymiser.StartAsync();
        var log = new Tree(service);
        (await service.AddCheckpointAsync(0, log.Note(5))).StatusCode.ShouldBe(HttpStatusCode.OK);
        var fork = new Tree(service, "x");

        // 400: no such body, an old size beyond the new one, a checkpoint that is none.
        foreach (var body in new[] { "", "old 5\n", $"old 05\n\n{log.Note(5)}", $"new 5\n\n{log.Note(5)}", $"old 5\nx\n\n{log.Note(5)}", $"old 6\n\n{log.Note(5)}", $"old 5\n\n{Tree.Sign("hub.test/log\nfive\n", service.Hub)}" })
        {
            (await service.AddCheckpointAsync(body)).StatusCode.ShouldBe(HttpStatusCode.BadRequest, body);
        }

        // 404: another log; 403: this log's name and another key, or no signature of it.
        using var stranger = NoteSigner.Generate("stranger.test/log", NoteKeyKind.Ed25519);
        using var other = NoteSigner.Generate(service.Hub.Note!.Verifier.Name, NoteKeyKind.Ed25519);
        (await service.AddCheckpointAsync(5, new Checkpoint("stranger.test/log", 6, log.Root(6)).Sign(stranger))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await service.AddCheckpointAsync(5, new Checkpoint(other.Verifier.Name, 6, log.Root(6)).Sign(other))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await service.AddCheckpointAsync(5, new SignedNote(log.Note(6).Text, [stranger.Sign(log.Note(6).Text)]))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        // 409 with the size that it has: the log is elsewhere.
        foreach (var (old, size) in new[] { (0, 7), (4, 7), (6, 7), (0, 0) })
        {
            var answer = await service.AddCheckpointAsync(old, log.Note(size), [.. await log.ProofAsync(old, size)]);
            answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
            answer.Content.Headers.ContentType!.ToString().ShouldBe("text/x.tlog.size");
            (await answer.Content.ReadAsStringAsync()).ShouldBe("5\n");
        }

        (await service.Node.SendAsync(HttpMethod.Get, "/health", null, null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        service.Texts("SELECT code FROM witness_evidence").ShouldBeEmpty();

        // 422: a proof that does not hold, of the true log or of a fork.
        (await service.AddCheckpointAsync(5, log.Note(7))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await service.AddCheckpointAsync(5, log.Note(5), log.Root(5))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await service.AddCheckpointAsync(5, fork.Note(7), [.. await fork.ProofAsync(5, 7)])).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);

        // 409: the same size with another root, which two signatures of the log prove.
        var forked = await service.AddCheckpointAsync(5, fork.Note(5));
        forked.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        forked.Content.Headers.ContentType!.MediaType.ShouldNotBe("text/x.tlog.size");

        // None of it moved the witness.
        (await service.AddCheckpointAsync(5, log.Note(7), [.. await log.ProofAsync(5, 7)])).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Witness_OfAFork_KeepsTheEvidenceAndTellsItOnHealth()
    {
        await using var service = await TestPseudonymiser.StartAsync();
        var log = new Tree(service);
        (await service.AddCheckpointAsync(0, log.Note(3))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await service.AddCheckpointAsync(3, log.Note(9), [.. await log.ProofAsync(3, 9)])).StatusCode.ShouldBe(HttpStatusCode.OK);

        // Also of a size of long ago, and with a size that the witness is not at.
        var fork = new Tree(service, "x");
        (await service.AddCheckpointAsync(0, fork.Note(3))).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await service.AddCheckpointAsync(0, fork.Note(3))).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        service.Texts("SELECT code || ' ' || note FROM witness_evidence").ShouldBe([$"log.forked {fork.Note(3)}"]);
        await service.RestartAsync();
        var health = await service.Node.SendAsync(HttpMethod.Get, "/health", null, null);
        health.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await health.JsonAsync())["witness"]!["forkSeen"]!.GetValue<bool>().ShouldBeTrue();
        foreach (var sql in new[] { "UPDATE cosigned SET size = 1", "DELETE FROM cosigned", "UPDATE witness_evidence SET code = 'x'", "DELETE FROM witness_evidence",
            $"INSERT INTO cosigned (size, root, note, at) VALUES (8, '{log.Root(8)}', 'x', 0)", $"INSERT INTO cosigned (size, root, note, at) VALUES (9, '{fork.Root(9)}', 'x', 0)" })
        {
            using var store = service.OpenStore();
            using var command = store.CreateCommand();
            command.CommandText = sql;
            Should.Throw<SqliteException>(() => { command.ExecuteNonQuery(); }).Message.ShouldContain("append-only");
        }
    }

    [Fact]
    public async Task Witness_AskedByManyAtOnce_NeverGoesBack()
    {
        await using var service = await TestPseudonymiser.StartAsync();
        var log = new Tree(service);
        (await service.AddCheckpointAsync(0, log.Note(1))).StatusCode.ShouldBe(HttpStatusCode.OK);
        var answers = await Task.WhenAll(Enumerable.Range(2, 20).Select(async size => (await service.AddCheckpointAsync(1, log.Note(size), [.. await log.ProofAsync(1, size)])).StatusCode));
        answers.Count(status => status == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(status => status == HttpStatusCode.Conflict).ShouldBe(19);
    }

    [Fact]
    public async Task Evaluate_AfterACosignature_CarriesTheCheckpoint()
    {
        await using var service = await TestPseudonymiser.StartAsync();
        var body = new EvaluateRequest(PseudonymiserTests.Points(1)).ToJson();
        (await service.EvaluateAsync(body)).Headers.Contains("Bereik-Checkpoint").ShouldBeFalse();
        var log = new Tree(service);
        using var other = NoteSigner.Generate("other.test/witness", NoteKeyKind.Cosignature);
        var note = log.Note(4);
        (await service.AddCheckpointAsync(0, note.With(other.Sign(note.Text, TestPseudonymiser.Start)))).StatusCode.ShouldBe(HttpStatusCode.OK);
        var header = (await service.EvaluateAsync(body)).Headers.GetValues("Bereik-Checkpoint").ShouldHaveSingleItem();
        Checkpoint.TryOpen(Convert.FromBase64String(header), service.Hub.Note!.Verifier, out var sent, out var checkpoint, out _).ShouldBeTrue();
        checkpoint.Size.ShouldBe(4);
        service.Self.Note!.Verifier.CosignedAt(sent).ShouldNotBeNull();
        sent.Signatures.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("keys", "witness", "keys.witness")]
    [InlineData("peers", "log", "peers[hub].log")]
    public async Task Settings_WithoutWhatAWitnessNeeds_AreRefused(string group, string name, string named)
    {
        var folder = RunningNode.NewFolder();
        using var self = new Party("pseudonymiser", "pseudonymiser");
        using var hub = new Party("hub", "hub");
        KeyFile.WriteNew(Path.Combine(folder, "oprf.json"), EpochKey.Generate(new Epoch(2026, 4)));
        KeyFile.WriteNew(Path.Combine(folder, "witness.key"), self.Note!.Export());
        var file = RunningNode.WriteSettings(folder, self, $"http://127.0.0.1:{RunningNode.FreePort()}", [hub], settings =>
        {
            settings["keys"]!["oprf"] = "oprf.json";
            settings["keys"]!["witness"] = "witness.key";
            (group == "keys" ? settings["keys"]!.AsObject() : settings["peers"]![0]!.AsObject()).Remove(name);
        });
        var before = Console.Error;
        using var said = new StringWriter();
        Console.SetError(said);
        try
        {
            (await Node.NodeHost.RunAsync<PseudonymiserSettings, PseudonymiserDatabase>(["--config", file], PseudonymiserServices.Add, Pseudonymiser.Routes.Map, PseudonymiserServices.StartAsync)).ShouldBe(2);
        }
        finally
        {
            Console.SetError(before);
        }

        said.ToString().ShouldContain($"Setting '{named}' is missing");
    }

    // A log in memory, signed by the hub's key: entry i is the text of i with a prefix.
    private sealed class Tree(TestPseudonymiser service, string prefix = "")
    {
        private readonly TreeHash[] leaves = [.. Enumerable.Range(0, 300).Select(i => MerkleTree.LeafHash(Encoding.UTF8.GetBytes($"{prefix}{i}")))];

        public static SignedNote Sign(string text, Party hub) => new(text, [hub.Note!.Sign(text)]);

        public TreeHash Root(int size) => MerkleTree.Root(leaves.AsSpan(0, size));

        public SignedNote Note(int size) => new Checkpoint(service.Hub.Note!.Verifier.Name, size, Root(size)).Sign(service.Hub.Note);

        public async Task<IReadOnlyList<TreeHash>> ProofAsync(int old, int size) => old > size ? [] : await new LogReader(new Tiles(leaves), new Checkpoint("x", size, Root(size))).ConsistencyAsync(old, CancellationToken.None);

        private sealed class Tiles(TreeHash[] leaves) : ILogSource
        {
            public Task<byte[]?> ReadAsync(string path, CancellationToken cancel)
            {
                TilePath.TryParse(path, out var tile).ShouldBeTrue();
                var span = tile.Level == 0 ? 1 : 256;
                return Task.FromResult<byte[]?>([.. Enumerable.Range(0, tile.Width).SelectMany(i => MerkleTree.Root(leaves.AsSpan(((int)tile.Index * 256 * span) + (i * span), span)).ToArray())]);
            }
        }
    }
}
