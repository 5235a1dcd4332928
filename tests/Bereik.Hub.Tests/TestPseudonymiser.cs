using System.Text.Json.Nodes;
using Bereik.Domain;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Signatures;
using Bereik.Ledger;
using Bereik.Pseudonymiser;
using Bereik.Pseudonymiser.Storage;
using Microsoft.Data.Sqlite;
using Shouldly;

namespace Bereik.Hub.Tests;

// A pseudonymiser in this process, with its hub, one source and a stranger.
internal sealed class TestPseudonymiser : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 11, 20, 10, 0, 0, TimeSpan.Zero);

    private string settings = "";

    public Party Self { get; } = new("pseudonymiser", "pseudonymiser");

    public Party Hub { get; } = new("hub", "hub");

    public Party Source { get; } = new("opgroeien", "source");

    public Party Stranger { get; } = new("vreemde", "source");

    public RunningNode Node { get; private set; } = null!;

    public string KeyFilePath => Path.Combine(Node.Folder, "oprf.json");

    public static async Task<TestPseudonymiser> StartAsync(Action<JsonObject>? change = null, string epoch = "2026Q4")
    {
        var service = new TestPseudonymiser();
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
