using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Bereik.Exchange;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Log;
using Bereik.Exchange.Signatures;
using Bereik.Hub;
using Bereik.Hub.Storage;
using Bereik.Ledger;
using Bereik.Node;
using Bereik.Node.Requests;
using Bereik.Tests.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Bereik.Source.Tests;

// The real hub in this process, behind a relay that keeps every answer the source gets from it; the relay is the pseudonymiser too.
internal sealed partial class RealHub : IAsyncDisposable
{
    private const string Promise = "Bereik-Log-Entry";
    private readonly HttpClient http = new();
    private readonly TaskCompletionSource<WebApplication> started = new();
    private readonly ConcurrentDictionary<string, int> answers = new();
    private readonly Parties parties;
    private readonly string url = $"http://127.0.0.1:{TestSource.FreePort()}";
    private WebApplication relay = null!;
    private Task<int> running = null!;
    private HubTokens? tokens;

    private readonly TestWitness witness;
    private readonly string folder = Parties.NewFolder();

    private RealHub(Parties parties)
    {
        this.parties = parties;
        witness = new TestWitness(parties.WitnessKey, Clock);
    }

    // The log as it is served.
    public string LogFolder => Path.Combine(folder, "data", "log");

    public MovableClock Clock { get; } = MovableClock.InTheQuarter();

    // What the source was ever answered, each once: method and path, status, headers and body.
    public IReadOnlyList<string> Answers => [.. answers.Keys.Order(StringComparer.Ordinal)];

    // Runs when an envelope arrives, before the hub has it.
    public Func<byte[], Task> BeforeDeposit { get; set; } = _ => Task.CompletedTask;

    public static async Task<RealHub> StartAsync(Parties parties)
    {
        var hub = new RealHub(parties);
        var folder = hub.folder;
        KeyFile.WriteNew(Path.Combine(folder, "signing.jwk"), parties.Hub.Signing.ExportJwk());
        KeyFile.WriteNew(Path.Combine(folder, "log.key"), parties.LogKey.Export());

        // The relay first: the hub asks its witness for signatures from its start.
        var relay = WebApplication.CreateSlimBuilder();
        relay.Logging.ClearProviders();
        hub.relay = relay.Build();
        hub.relay.Urls.Add(parties.HubUrl);
        hub.relay.MapPost("/v1/evaluate", async (HttpContext context) =>
        {
            if (hub.witness.Last is { } last) context.Response.Headers["Bereik-Checkpoint"] = Convert.ToBase64String(last.ToBytes());
            return await Pseudonymiser.EvaluateAsync(parties.Oprf, context.Request);
        });
        hub.witness.Map(hub.relay);
        hub.relay.MapFallback("/{**path}", hub.RelayAsync);
        await hub.relay.StartAsync();
        var settings = new JsonObject
        {
            ["organisation"] = parties.Hub.Id, ["name"] = "Knooppunt", ["operator"] = parties.Hub.Operator, ["url"] = hub.url, ["data"] = "data", ["allowSyntheticNumbers"] = true,
            ["keys"] = new JsonObject { ["signing"] = "signing.jwk", ["log"] = "log.key" },
            ["peers"] = new JsonArray(parties.Pseudonymiser.AsPeer(parties.HubUrl, witness: parties.WitnessKey.Verifier.ToString()), parties.Source.AsPeer(), parties.Municipality.AsPeer(), parties.Welfare.AsPeer()),
        };
        var file = Path.Combine(folder, "settings.json");
        await File.WriteAllTextAsync(file, settings.ToJsonString());
        hub.running = Task.Run(() => NodeHost.RunAsync<HubSettings, HubDatabase>(
            ["--config", file],
            (node, problems) =>
            {
                HubServices.Add(node, problems);
                node.Services.AddSingleton<TimeProvider>(hub.Clock);
            },
            app =>
            {
                Bereik.Hub.Routes.Map(app);
                app.Lifetime.ApplicationStarted.Register(() => hub.started.SetResult(app));
            },
            HubServices.StartAsync));
        if (await Task.WhenAny(hub.started.Task, hub.running) == hub.running) throw new InvalidOperationException($"The hub ended with {await hub.running}.");
        parties.Checkpoint = () => File.ReadAllText(Path.Combine(hub.LogFolder, "checkpoint"));
        foreach (var statement in new[] { parties.Pseudonymiser, parties.Municipality, parties.Welfare }.SelectMany(party => party.Statements(hub.Clock.Second()))) await hub.BringAsync("/v1/log-documents", "document", statement);
        foreach (var document in parties.Accessions) await hub.BringAsync(Bereik.Node.Registers.RegisterReader.Path, "event", document);
        return hub;
    }

    // What proves itself who signed it: no signature but the one in it.
    public async Task BringAsync(string path, string member, string document)
    {
        using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { [member] = document })) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        (await http.PostAsync(url + path, content)).EnsureSuccessStatusCode();
    }

    // As the hub's own pages ask and answer.
    public async Task<T> AtDeskAsync<T>(Func<Bereik.Hub.Letters.AnswerDesk, Task<T>> ask)
    {
        await using var scope = started.Task.Result.Services.CreateAsyncScope();
        return await ask(scope.ServiceProvider.GetRequiredService<Bereik.Hub.Letters.AnswerDesk>());
    }

    // As the recipient, signed.
    public async Task<HttpResponseMessage> SendAsync(Party caller, HttpMethod method, string path, byte[]? body = null, SigningKey? key = null)
    {
        using var request = new HttpRequestMessage(method, url + path);
        if (body is not null) request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(method == HttpMethod.Put ? "application/x-ndjson" : "application/json") } };
        var claims = RequestClaims.For(caller.Id, parties.Hub.Id, Clock.GetUtcNow(), method.Method, path, body ?? []);
        request.Headers.Add(RequestClaims.Header, SignedDocument.Sign(claims, key ?? caller.Signing).Compact);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(caller, key));
        return await http.SendAsync(request);
    }

    // What the hub's own endpoint gave this party.
    public Task<string> TokenAsync(Party caller, SigningKey? key = null) => (tokens ??= new HubTokens(http, url, parties.Hub.Id, Clock.GetUtcNow)).OfAsync(caller.Id, key ?? caller.Signing);

    public Task<HttpResponseMessage> PostAsync(Party caller, string path, string member, string compact) =>
        SendAsync(caller, HttpMethod.Post, path, JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { [member] = compact }));

    public async Task<string> StateAsync(Party caller, Guid id, params string[] expected)
    {
        var answer = "";
        for (var i = 0; i < 1200; i++)
        {
            answer = await (await SendAsync(caller, HttpMethod.Get, $"/v1/orders/{id}")).Content.ReadAsStringAsync();
            var state = (string)JsonNode.Parse(answer)!["state"]!;
            if (expected.Contains(state)) return state;
            await Task.Delay(50);
        }

        throw new TimeoutException($"At the hub the order stays {answer}.");
    }

    // The handle of a disclosure, once the log shows it.
    public async Task<Bytes32> HandleAsync(Guid order)
    {
        for (var i = 0; i < 1200; i++)
        {
            if (await FindHandleAsync(order) is { } handle) return handle;
            await Task.Delay(50);
        }

        throw new TimeoutException("The log does not show the delivery.");
    }

    public async ValueTask DisposeAsync()
    {
        await relay.DisposeAsync();
        http.Dispose();
        if (started.Task.IsCompletedSuccessfully) started.Task.Result.Lifetime.StopApplication();
        await running;
    }

    private async Task<Bytes32?> FindHandleAsync(Guid order)
    {
        Checkpoint.TryOpen(await File.ReadAllBytesAsync(Path.Combine(LogFolder, "checkpoint")), parties.LogKey.Verifier, out _, out var checkpoint, out _);
        var reader = new LogReader(new FolderLog(LogFolder), checkpoint!);
        for (var index = checkpoint!.Size - 1; index >= 0; index--)
        {
            if (LogEntryFormat.Read((await reader.EntryAsync(index, CancellationToken.None)).Span).Value is LogEntry.PackageDelivered delivered && delivered.Order == order) return delivered.Handle;
        }

        return null;
    }

    // A signature is random; what it signs stays, and so does its length.
    private static string Unsigned(string body) => Signed().Replace(Chained().Replace(body, "*"), match => $"{ClockTime().Replace(System.Text.Encoding.UTF8.GetString(Base64Url.DecodeFromChars(match.Groups[2].Value)), "*")}.{match.Groups[3].Length}");

    [GeneratedRegex(@"(eyJ[\w-]+)\.([\w-]+)\.([\w-]+)")]
    private static partial Regex Signed();

    // The seals of letters are random, and so is their digest. The chain of the register follows from signatures and instants; the place of an entry in the log from who came first.
    [GeneratedRegex(@"(?<=""(?:chain|at|digest)"":"")[^""]+|(?<=""index"":)[0-9]+")]
    private static partial Regex Chained();

    [GeneratedRegex(@"(?<=""(?:[A-Za-z]*At|checkpoint|order)"":"")(?:[^""\\]|\\.)+")]
    private static partial Regex ClockTime();

    // An id of each answer, and how often the source itself has asked in this minute: both differ between any two runs; the counter's name and place stay.
    private static string OwnOfThisAsking(string header, string value) => header switch
    {
        Trace.Header => "*",
        "RateLimit" => Digits().Replace(value, "*"),
        _ => value,
    };

    [GeneratedRegex("(?<==)[0-9]+")]
    private static partial Regex Digits();

    private void Keep(string asked, HttpResponseMessage answer, string body)
    {
        // What anybody may fetch is compared as a whole, entry by entry; how much of it there is in one answer follows the clock.
        if (asked.StartsWith("GET /log/", StringComparison.Ordinal)) return;

        // A token is of the source alone and of its minute; that it was given is the same in every run.
        if (asked == "POST /v1/token") body = "";

        // A statement is sent until it was read in the log, and only the first answer says that an entry was made.
        var headers = answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key != "Date" && (header.Key != Promise || asked != "POST /v1/log-documents"))
            .Select(header => header.Key == Promise ? $"{header.Key} of {header.Value.Count()}" : $"{header.Key}: {OwnOfThisAsking(header.Key, string.Join(',', header.Value))}").Order(StringComparer.Ordinal);
        var said = $"{(int)answer.StatusCode} [{string.Join("; ", headers)}]";
        if (!asked.StartsWith("GET /v1/protocol-events", StringComparison.Ordinal))
        {
            answers.TryAdd($"{asked} {said} {Unsigned(body)}", 0);
            return;
        }

        // Several steps of the source read the register at once: which of them hears how much of it in one answer follows the clock.
        answers.TryAdd($"GET /v1/protocol-events {said}", 0);
        foreach (var item in JsonNode.Parse(body)!["items"]!.AsArray()) answers.TryAdd($"of the register: {Unsigned(item!.ToJsonString())}", 0);
    }

    private async Task RelayAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var path = context.Request.Path + context.Request.QueryString;
        if (context.Request.Method == "PUT") await BeforeDeposit(body.ToArray());
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), url + path) { Content = new ByteArrayContent(body.ToArray()) };
        if (context.Request.ContentType is { } type) request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        foreach (var header in new[] { "Authorization", RequestClaims.Header }) request.Headers.TryAddWithoutValidation(header, (string?)context.Request.Headers[header]);
        using var response = await http.SendAsync(request, context.RequestAborted);
        var bytes = await response.Content.ReadAsByteArrayAsync();

        foreach (var promise in response.Headers.TryGetValues(Promise, out var promises) ? promises : []) context.Response.Headers.Append(Promise, promise);
        Keep($"{request.Method} {path}", response, System.Text.Encoding.UTF8.GetString(bytes));
        context.Response.StatusCode = (int)response.StatusCode;
        if (response.Content.Headers.ContentType is { } answered) context.Response.ContentType = answered.ToString();
        await context.Response.Body.WriteAsync(bytes);
    }
}
