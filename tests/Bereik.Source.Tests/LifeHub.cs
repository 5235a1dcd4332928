using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Signatures;
using Bereik.Hub;
using Bereik.Hub.Storage;
using Bereik.Node;
using Bereik.Tests.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Bereik.Source.Tests;

// The real hub in this process on a folder of its own, where the source looks for it. It can be stopped, and started again on what it left.
internal sealed class LifeHub : IAsyncDisposable
{
    private readonly HttpClient http = new();
    private readonly HttpClient officer;
    private readonly Parties parties;
    private readonly string folder = Parties.NewFolder();
    private TaskCompletionSource<WebApplication> started = new();
    private Task<int> running = Task.FromResult(0);

    private readonly TestWitness witness;

    private LifeHub(Parties parties)
    {
        this.parties = parties;
        officer = new HttpClient(new SignedIn(() => started.Task.Result.Services, Clock, parties.Hub.Id, SignedIn.All));
        witness = new TestWitness(parties.WitnessKey, Clock);
    }

    public MovableClock Clock { get; } = MovableClock.InTheQuarter();

    public string Store => Path.Combine(folder, "data", "node.db");

    public static async Task<LifeHub> StartAsync(Parties parties, bool syntheticOnly = true)
    {
        var hub = new LifeHub(parties);
        KeyFile.WriteNew(Path.Combine(hub.folder, "signing.jwk"), parties.Hub.Signing.ExportJwk());
        var settings = new JsonObject
        {
            ["organisation"] = parties.Hub.Id, ["name"] = "Knooppunt", ["operator"] = parties.Hub.Operator, ["url"] = parties.HubUrl, ["data"] = "data", ["allowSyntheticNumbers"] = syntheticOnly,
            ["keys"] = new JsonObject { ["signing"] = "signing.jwk", ["log"] = "log.key" },
            ["signIn"] = SignedIn.Settings(hub.folder),
            ["peers"] = new JsonArray(parties.Pseudonymiser.AsPeer(await hub.witness.ServeAsync(), witness: parties.WitnessKey.Verifier.ToString()), parties.Source.AsPeer(), parties.Municipality.AsPeer(), parties.Welfare.AsPeer()),
        };
        KeyFile.WriteNew(Path.Combine(hub.folder, "log.key"), parties.LogKey.Export());
        await File.WriteAllTextAsync(hub.SettingsFile, settings.ToJsonString());
        if (await hub.AgainAsync() is { } ended) throw new InvalidOperationException($"The hub ended with {ended}.");
        parties.Checkpoint = () => File.ReadAllText(Path.Combine(hub.folder, "data", "log", "checkpoint"));
        foreach (var statement in new[] { parties.Source, parties.Pseudonymiser, parties.Municipality, parties.Welfare }.SelectMany(party => party.Statements(hub.Clock.Second())))
        {
            using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["document"] = statement })) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            (await hub.http.PostAsync(new Uri(parties.HubUrl + "/v1/log-documents"), content)).EnsureSuccessStatusCode();
        }

        return hub;
    }

    private string SettingsFile => Path.Combine(folder, "settings.json");

    // Null when it runs, else the code with which it ended.
    public async Task<int?> AgainAsync()
    {
        started = new();
        running = Task.Run(() => NodeHost.RunAsync<HubSettings, HubDatabase>(
            ["--config", SettingsFile],
            (node, problems) =>
            {
                HubServices.Add(node, problems);
                node.Services.AddSingleton<TimeProvider>(Clock);
            },
            app =>
            {
                Bereik.Hub.Routes.Map(app);
                app.Lifetime.ApplicationStarted.Register(() => started.SetResult(app));
            },
            HubServices.StartAsync));
        return await Task.WhenAny(started.Task, running) == running ? await running : null;
    }

    public async Task StopAsync()
    {
        if (started.Task.IsCompletedSuccessfully && !running.IsCompleted) started.Task.Result.Lifetime.StopApplication();
        await running;
    }

    // Whoever carries a document may bring it: no signature but the one in it.
    public async Task<HttpResponseMessage> BringAsync(string document)
    {
        using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["event"] = document })) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        return await http.PostAsync(new Uri(parties.HubUrl + "/v1/protocol-events"), content);
    }

    // The codes of a refusal: every reason, else what is wrong with the document; empty when it was taken.
    public async Task<IReadOnlyList<string>> CodesAsync(string document)
    {
        using var answer = await BringAsync(document);
        if (answer.IsSuccessStatusCode) return [];
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject();
        var reasons = (problem["reasons"] as JsonArray ?? []).Select(reason => (string)reason!["code"]!).ToList();
        return reasons.Count > 0 ? reasons : [(string?)problem["cause"] ?? (string)problem["code"]!];
    }

    public async Task<int> LengthAsync() => JsonNode.Parse(await http.GetStringAsync(new Uri(parties.HubUrl + "/v1/protocol-events?limit=100")))!["items"]!.AsArray().Count;

    public async Task<JsonArray> DecisionsAsync() => JsonNode.Parse(await officer.GetStringAsync(new Uri(parties.HubUrl + "/v1/decisions?limit=100")))!["items"]!.AsArray();

    // As the recipient, signed. The codes of every reason; empty when it was taken.
    public async Task<IReadOnlyList<string>> OrderAsync(ListOrder order)
    {
        var caller = order.Recipient == parties.Welfare.Id ? parties.Welfare : parties.Municipality;
        var body = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["order"] = SignedDocument.Sign(order, caller.Signing).Compact });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(parties.HubUrl + "/v1/orders")) { Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } } };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await new HubTokens(http, parties.HubUrl, parties.Hub.Id, Clock.GetUtcNow).OfAsync(caller.Id, caller.Signing));
        request.Headers.Add(RequestClaims.Header, SignedDocument.Sign(RequestClaims.For(caller.Id, parties.Hub.Id, Clock.GetUtcNow(), "POST", "/v1/orders", body), caller.Signing).Compact);
        using var answer = await http.SendAsync(request);
        if (answer.IsSuccessStatusCode) return [];
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject();
        return problem["reasons"] is JsonArray reasons ? [.. reasons.Select(reason => (string)reason!["code"]!)] : [(string)problem["code"]!];
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await witness.DisposeAsync();
        http.Dispose();
        officer.Dispose();
    }
}
