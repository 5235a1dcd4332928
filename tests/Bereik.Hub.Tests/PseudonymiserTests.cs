using System.Net;
using System.Text.Json.Nodes;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Oprf;
using Bereik.Exchange.Signatures;
using Bereik.Ledger;
using Bereik.Node.Configuration;
using Bereik.Pseudonymiser;
using Bereik.Pseudonymiser.Storage;
using Microsoft.Data.Sqlite;
using Shouldly;
using Xunit;

namespace Bereik.Hub.Tests;

public sealed class PseudonymiserTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 10, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1)]
    [InlineData(256)]
    [InlineData(EvaluateRequest.MaxBatch)]
    public async Task Evaluate_SignedBatch_IsEvaluatedWithAProof(int points)
    {
        await using var service = await Service.StartAsync();
        var blinded = Points(points);
        var answer = await service.EvaluateAsync(new EvaluateRequest(blinded).ToJson());
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var response = EvaluateResponse.Parse(await answer.Content.ReadAsByteArrayAsync()).Value;
        response.Epoch.ShouldBe("2026Q4");
        OprfClient.Verify(response.PublicKey, blinded, response.Evaluated, response.Proof).ShouldBeTrue();
        var key = await (await service.Node.SendAsync(HttpMethod.Get, "/v1/key", null, null)).JsonAsync();
        ((string?)key["publicKey"]).ShouldBe(StrictBase64Url.Encode(response.PublicKey));
        service.Evaluations().ShouldBe([$"opgroeien {points}"]);
    }

    [Fact]
    public async Task Evaluate_NotSignedAsAgreed_IsRefused()
    {
        await using var service = await Service.StartAsync();
        var body = new EvaluateRequest(Points(2)).ToJson();
        var now = service.Node.Clock.GetUtcNow();
        string Sign(string audience = "pseudonymiser", DateTimeOffset? at = null, Party? party = null) =>
            DetachedSignature.Sign(body, audience, at ?? now, (party ?? service.Source).Signing).ToString();
        async Task<string?> CauseAsync(string? signature, byte[]? sent = null)
        {
            var answer = await service.Node.SendAsync(HttpMethod.Post, "/v1/evaluate", sent ?? body, null, signature);
            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            return await answer.CauseAsync();
        }

        (await CauseAsync(null)).ShouldBe("request.unsigned");
        (await CauseAsync("x")).ShouldBe("jws.parts");
        (await CauseAsync(Sign("hub"))).ShouldBe("request.audience");
        (await CauseAsync(Sign(at: now.AddSeconds(-70)))).ShouldBe("request.expired");
        (await CauseAsync(Sign(at: now.AddSeconds(30)))).ShouldBe("request.early");
        (await CauseAsync(Sign(party: service.Stranger))).ShouldBe("request.signer");
        (await CauseAsync(Sign(), new EvaluateRequest(Points(2)).ToJson())).ShouldBe("jws.signature");
        var once = Sign();
        (await service.Node.SendAsync(HttpMethod.Post, "/v1/evaluate", body, null, once)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await CauseAsync(once)).ShouldBe("request.replayed");
        (await service.Node.SendAsync(HttpMethod.Post, "/v1/evaluate", body, null, Sign(party: service.Hub))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        service.Evaluations().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Evaluate_Unsigned_IsAnsweredOnlyWhereAllowed()
    {
        await using var service = await Service.StartAsync(settings => settings["allowUnsignedEvaluation"] = true);
        var body = new EvaluateRequest(Points(1)).ToJson();
        (await service.Node.SendAsync(HttpMethod.Post, "/v1/evaluate", body, null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await service.Node.SendAsync(HttpMethod.Post, "/v1/evaluate", body, null, "x")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        service.Evaluations().ShouldBe(["- 1"]);
    }

    [Fact]
    public async Task Evaluate_PointsThatAreNone_AreRefusedWithTheirPlace()
    {
        await using var service = await Service.StartAsync();
        var good = StrictBase64Url.Encode(Points(1));
        string Body(params string[] points) => new JsonObject { ["blinded"] = new JsonArray([.. points.Select(point => (JsonNode)point)]) }.ToJsonString();
        var identity = StrictBase64Url.Encode(new byte[32]);
        var outside = StrictBase64Url.Encode([.. Enumerable.Repeat((byte)0xff, 32)]);
        foreach (var (body, cause, place) in new[]
        {
            (Body(good, identity), "evaluate.point", "1"),
            (Body(good, good, outside), "evaluate.point", "2"),
            (Body(good + "="), "evaluate.point", "0"),
            (Body(), "evaluate.batch", ""),
            ("{\"blinded\":[],\"more\":1}", "evaluate.json", ""),
            ("[", "evaluate.json", ""),
        })
        {
            var answer = await service.EvaluateAsync(System.Text.Encoding.UTF8.GetBytes(body));
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            var problem = await answer.JsonAsync();
            ((string?)problem["cause"]).ShouldBe(cause);
            ((string?)problem["place"] ?? "").ShouldBe(place);
        }

        (await (await service.EvaluateAsync(System.Text.Encoding.UTF8.GetBytes(Body([.. Enumerable.Repeat(good, EvaluateRequest.MaxBatch + 1)])))).CauseAsync()).ShouldBe("evaluate.batch");
        (await service.EvaluateAsync(new byte[1 << 20])).StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        service.Evaluations().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("2026Q3", true)]
    [InlineData("2027Q1", false)]
    public async Task Key_OfAnotherEpoch_AnswersNothingAndIsDestroyedOnceOver(string epoch, bool isOver)
    {
        await using var service = await Service.StartAsync(epoch: epoch);
        (await (await service.EvaluateAsync(new EvaluateRequest(Points(1)).ToJson())).CauseAsync()).ShouldBe("epoch.over");
        (await service.Node.SendAsync(HttpMethod.Get, "/v1/key", null, null)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        for (var i = 0; i < 100 && isOver && File.Exists(service.KeyFilePath); i++) await Task.Delay(25);
        File.Exists(service.KeyFilePath).ShouldBe(!isOver);
        service.Evaluations().ShouldBeEmpty();
    }

    [Fact]
    public async Task Key_PastTheEndOfItsEpoch_AnswersNothing()
    {
        await using var service = await Service.StartAsync();
        service.Node.Clock.Move(new Epoch(2026, 4).End - service.Node.Clock.GetUtcNow());
        (await service.EvaluateAsync(new EvaluateRequest(Points(1)).ToJson())).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public void Key_Destroyed_IsOverwrittenDeletedAndEvaluatesNoMore()
    {
        var file = Path.Combine(RunningNode.NewFolder(), "oprf.json");
        var text = EpochKey.Generate(new Epoch(2026, 4));
        KeyFile.WriteNew(file, text);
        var key = EpochKey.Read(text).Value;
        key.TryEvaluate(Points(1), Start, out _).ShouldBeTrue();
        // A second name of the same bytes on disk shows what was left in them.
        var second = file + ".second";
        using (var link = System.Diagnostics.Process.Start("ln", [file, second])!) link.WaitForExit();
        key.Destroy(file);
        var left = System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(second));
        left.Length.ShouldBe(text.Length);
        left.ShouldNotContain("epoch");

        File.Exists(file).ShouldBeFalse();
        key.Destroy(file);
        key.TryEvaluate(Points(1), Start, out _).ShouldBeFalse();
        key.ToString().ShouldBe("key of 2026Q4");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"epoch\":\"2026Q5\",\"key\":\"x\"}")]
    [InlineData("{\"epoch\":\"2026Q4\",\"key\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}")]
    [InlineData("{\"epoch\":\"2026Q4\",\"key\":\"x\",\"more\":1}")]
    public void Key_OfAnotherShape_IsRefused(string json) => EpochKey.Read(json).IsOk.ShouldBeFalse();

    [Fact]
    public void Settings_WithUnsignedEvaluationOffLoopback_AreRefused()
    {
        using var self = new Party("pseudonymiser", "pseudonymiser");
        var file = RunningNode.WriteSettings(RunningNode.NewFolder(), self, "http://10.0.0.1:5101", [], settings => settings["allowUnsignedEvaluation"] = true);
        SettingsReader.Read<PseudonymiserSettings>(file).Problems.ShouldContain(problem => problem.Contains("allowUnsignedEvaluation", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("UPDATE evaluation SET points = 1")]
    [InlineData("DELETE FROM evaluation")]
    [InlineData("INSERT OR REPLACE INTO evaluation (sequence, at, points) VALUES (1, 0, 1)")]
    public async Task Evaluations_Changed_AreRefusedByTheStore(string sql)
    {
        await using var service = await Service.StartAsync();
        (await service.EvaluateAsync(new EvaluateRequest(Points(3)).ToJson())).EnsureSuccessStatusCode();
        using var store = service.OpenStore();
        using var command = store.CreateCommand();
        command.CommandText = sql;
        Should.Throw<SqliteException>(() => { command.ExecuteNonQuery(); }).Message.ShouldContain("append-only");
    }

    [Fact]
    public async Task Witness_OfEachNextCheckpoint_CosignsItAndKeepsIt()
    {
        await using var service = await Service.StartAsync();
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
        await using var service = await Service.StartAsync();
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
        await using var service = await Service.StartAsync();
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
        await using var service = await Service.StartAsync();
        var log = new Tree(service);
        (await service.AddCheckpointAsync(0, log.Note(1))).StatusCode.ShouldBe(HttpStatusCode.OK);
        var answers = await Task.WhenAll(Enumerable.Range(2, 20).Select(async size => (await service.AddCheckpointAsync(1, log.Note(size), [.. await log.ProofAsync(1, size)])).StatusCode));
        answers.Count(status => status == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(status => status == HttpStatusCode.Conflict).ShouldBe(19);
    }

    [Fact]
    public async Task Evaluate_AfterACosignature_CarriesTheCheckpoint()
    {
        await using var service = await Service.StartAsync();
        var body = new EvaluateRequest(Points(1)).ToJson();
        (await service.EvaluateAsync(body)).Headers.Contains("Bereik-Checkpoint").ShouldBeFalse();
        var log = new Tree(service);
        using var other = NoteSigner.Generate("other.test/witness", NoteKeyKind.Cosignature);
        var note = log.Note(4);
        (await service.AddCheckpointAsync(0, note.With(other.Sign(note.Text, Start)))).StatusCode.ShouldBe(HttpStatusCode.OK);
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
    private sealed class Tree(Service service, string prefix = "")
    {
        private readonly TreeHash[] leaves = [.. Enumerable.Range(0, 300).Select(i => MerkleTree.LeafHash(System.Text.Encoding.UTF8.GetBytes($"{prefix}{i}")))];

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

    private static byte[] Points(int count)
    {
        var points = new byte[count * OprfClient.ElementBytes];
        for (var i = 0; i < count; i++) OprfClient.Pad(points.AsSpan(i * OprfClient.ElementBytes, OprfClient.ElementBytes));
        return points;
    }

    private sealed class Service : IAsyncDisposable
    {
        public Party Self { get; } = new("pseudonymiser", "pseudonymiser");

        public Party Hub { get; } = new("hub", "hub");

        public Party Source { get; } = new("opgroeien", "source");

        public Party Stranger { get; } = new("vreemde", "source");

        public RunningNode Node { get; private set; } = null!;

        private string settings = "";

        public string KeyFilePath => Path.Combine(Node.Folder, "oprf.json");

        public static async Task<Service> StartAsync(Action<JsonObject>? change = null, string epoch = "2026Q4")
        {
            var service = new Service();
            var folder = RunningNode.NewFolder();
            Epoch.TryParse(epoch, out var parsed).ShouldBeTrue();
            KeyFile.WriteNew(Path.Combine(folder, "oprf.json"), EpochKey.Generate(parsed));
            KeyFile.WriteNew(Path.Combine(folder, "witness.key"), service.Self.Note!.Export());
            var port = RunningNode.FreePort();
            var file = RunningNode.WriteSettings(folder, service.Self, $"http://127.0.0.1:{port}", [service.Hub, service.Source], settings =>
            {
                settings["keys"]!["oprf"] = "oprf.json";
                settings["keys"]!["witness"] = "witness.key";
                change?.Invoke(settings);
            });
            service.settings = file;
            await service.StartNodeAsync(folder, port, new MovableClock(Start));
            return service;
        }

        public async Task RestartAsync()
        {
            var (folder, port, clock) = (Node.Folder, new Uri(Node.Url).Port, Node.Clock);
            await Node.DisposeAsync();
            await StartNodeAsync(folder, port, clock);
        }

        public Task<HttpResponseMessage> AddCheckpointAsync(string body) => Node.SendAsync(HttpMethod.Post, "/add-checkpoint", System.Text.Encoding.UTF8.GetBytes(body), null);

        public Task<HttpResponseMessage> AddCheckpointAsync(long old, SignedNote note, params IReadOnlyList<TreeHash> proof) => AddCheckpointAsync(new WitnessRequest(old, proof, note).ToString());

        public Task<HttpResponseMessage> EvaluateAsync(byte[] body) => Node.SendAsync(
            HttpMethod.Post, "/v1/evaluate", body, null, DetachedSignature.Sign(body, Self.Id, Node.Clock.GetUtcNow(), Source.Signing).ToString());

        private async Task StartNodeAsync(string folder, int port, MovableClock clock) => Node = await RunningNode.StartAsync<PseudonymiserSettings, PseudonymiserDatabase>(
            folder, port, settings, clock, PseudonymiserServices.Add, Pseudonymiser.Routes.Map, PseudonymiserServices.StartAsync);

        public List<string> Texts(string sql)
        {
            using var store = OpenStore();
            using var command = store.CreateCommand();
            command.CommandText = sql;
            using var reader = command.ExecuteReader();
            var rows = new List<string>();
            while (reader.Read()) rows.Add(reader.GetString(0));
            return rows;
        }

        public SqliteConnection OpenStore()
        {
            var connection = new SqliteConnection($"Data Source={Path.Combine(Node.Folder, "data", "node.db")};Pooling=False;Default Timeout=30");
            connection.Open();
            return connection;
        }

        public List<string> Evaluations() => Texts("SELECT coalesce(organisation, '-') || ' ' || points FROM evaluation ORDER BY sequence");

        public async ValueTask DisposeAsync()
        {
            await Node.DisposeAsync();
            foreach (var party in new[] { Self, Hub, Source, Stranger }) party.Dispose();
        }
    }
}
