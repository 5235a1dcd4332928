using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Bereik.Cli.Network;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Signatures;
using Bereik.Node;
using Bereik.Node.Configuration;
using Bereik.Node.Requests;
using Bereik.Node.Storage;
using Bereik.Tests.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Bereik.Hub.Tests;

// A real node in this process: its own settings file, data folder, port and clock.
internal sealed class RunningNode : IAsyncDisposable
{
    private static readonly string Root = MakeRoot();
    private readonly HttpClient http = new();
    private readonly TaskCompletionSource<WebApplication> started = new();
    private Task<int> running = Task.FromResult(-1);
    private HubTokens? tokens;

    private RunningNode(MovableClock clock, string folder, int port)
    {
        (Clock, Folder, Url) = (clock, folder, $"http://127.0.0.1:{port}");
    }

    public MovableClock Clock { get; }

    public string Folder { get; }

    public string Url { get; }

    public IServiceProvider Services => started.Task.Result.Services;

    public static string NewFolder() => Directory.CreateDirectory(Path.Combine(Root, Guid.NewGuid().ToString("N"))).FullName;

    public static int FreePort() => FreePorts.TakeRange(1);

    public static string WriteSettings(string folder, Party self, string url, IEnumerable<Party> peers, Action<JsonObject>? change = null)
    {
        KeyFile.WriteNew(Path.Combine(folder, "signing.jwk"), self.Signing.ExportJwk());
        var keys = new JsonObject { ["signing"] = "signing.jwk" };
        if (self.Note is not null)
        {
            KeyFile.WriteNew(Path.Combine(folder, "note.key"), self.Note.Export());
            keys[self.Kind == "hub" ? "log" : "witness"] = "note.key";
        }

        var settings = new JsonObject
        {
            ["organisation"] = self.Id,
            ["name"] = self.Id,
            ["operator"] = self.Operator,
            ["url"] = url,
            ["data"] = "data",
            ["allowSyntheticNumbers"] = true,
            ["keys"] = keys,
            ["peers"] = new JsonArray([.. peers.Select(peer => peer.AsPeer())]),
        };
        change?.Invoke(settings);
        var file = Path.Combine(folder, "settings.json");
        File.WriteAllText(file, settings.ToJsonString());
        return file;
    }

    public static async Task<RunningNode> StartAsync<TSettings, TDatabase>(
        string folder, int port, string settingsFile, MovableClock clock,
        Action<NodeApplication<TSettings, TDatabase>, List<string>> services, Action<WebApplication> routes, Func<TDatabase, TSettings, NodeKeys, DateTimeOffset, Task> start)
        where TSettings : NodeSettings
        where TDatabase : NodeDatabase
    {
        var node = new RunningNode(clock, folder, port);
        node.running = Task.Run(() => NodeHost.RunAsync<TSettings, TDatabase>(
            ["--config", settingsFile],
            (application, problems) =>
            {
                services(application, problems);
                application.Services.AddSingleton<TimeProvider>(clock);
            },
            app =>
            {
                routes(app);
                app.Lifetime.ApplicationStarted.Register(() => node.started.SetResult(app));
            },
            start));
        if (await Task.WhenAny(node.started.Task, node.running) == node.running) throw new InvalidOperationException($"The node ended with {await node.running}.");
        return node;
    }

    // A signed request with a token of the receiver; change spoils or repeats it.
    public async Task<HttpResponseMessage> SendAsync(Party caller, string receiver, HttpMethod method, string path, byte[]? body = null, Func<RequestClaims, RequestClaims>? change = null, SigningKey? key = null)
    {
        var claims = RequestClaims.For(caller.Id, receiver, Clock.GetUtcNow(), method.Method, path, body ?? []);
        return await SendAsync(method, path, body, SignedDocument.Sign(change?.Invoke(claims) ?? claims, key ?? caller.Signing).Compact, token: await TokenAsync(caller, receiver));
    }

    // What the receiver's own endpoint gave this party; asked for again when it is about to end.
    public Task<string> TokenAsync(Party caller, string receiver = "hub", SigningKey? key = null) =>
        (tokens ??= new HubTokens(http, Url, receiver, Clock.GetUtcNow)).OfAsync(caller.Id, key ?? caller.Signing);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, byte[]? body, string? signed, string? detached = null, string? token = null)
    {
        using var request = new HttpRequestMessage(method, Url + path);
        if (body is not null) request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(path.EndsWith("/tokens", StringComparison.Ordinal) || path.EndsWith("/envelope", StringComparison.Ordinal) || path.Contains("/invitations/", StringComparison.Ordinal) ? "application/x-ndjson" : "application/json") } };
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (signed is not null) request.Headers.Add(RequestClaims.Header, signed);
        if (detached is not null) request.Headers.Add("Bereik-Signature", detached);
        return await http.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        if (running.IsCompleted) return;
        if (started.Task.IsCompletedSuccessfully) started.Task.Result.Lifetime.StopApplication();
        await running;
    }

    // Deleted when the process ends: the framework keeps using the first node's folder for temporary files.
    private static string MakeRoot()
    {
        var root = Directory.CreateTempSubdirectory("bereik-hub-tests-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            try
            {
                Directory.Delete(root, recursive: true);
            }
            catch (IOException)
            {
                // A file that is still open stays in the temporary folder.
            }
        };
        return root;
    }
}

// What the tests read from answers.
internal static class Answers
{
    public static async Task<JsonObject> JsonAsync(this HttpResponseMessage response) => JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();

    public static async Task<string?> CauseAsync(this HttpResponseMessage response)
    {
        var problem = await response.JsonAsync();
        return (string?)(problem["cause"] ?? problem["code"]);
    }

    public static async Task<List<string>> ReasonsAsync(this HttpResponseMessage response) =>
        [.. (await response.JsonAsync())["reasons"]!.AsArray().Select(reason => (string)reason!["code"]!)];
}
