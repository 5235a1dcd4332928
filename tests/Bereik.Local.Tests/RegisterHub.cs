using System.Text.Json.Nodes;
using Bereik.Cli.Network;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Register;
using Bereik.Node.Registers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Bereik.Local.Tests;

// The hub's register, beside the log of the other hub: it takes what comes, or answers as told.
internal sealed class RegisterHub : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Lock gate = new();
    private readonly HttpClient http = new();
    private readonly List<RegisterEntry> entries = [];

    private RegisterHub(WebApplication app, string url) => (this.app, Url) = (app, url);

    public string Url { get; }

    public Func<DateTimeOffset> Clock { get; set; } = () => default;

    // The hub that has the log.
    public string Other { get; set; } = "";

    // What it answers to what comes in; null takes it.
    public (int Status, string? Problem)? Answer { get; set; }

    public List<string> Sent { get; } = [];

    public static async Task<RegisterHub> StartAsync()
    {
        var url = $"http://127.0.0.1:{FreePorts.TakeRange(1)}";
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var hub = new RegisterHub(builder.Build(), url);
        hub.app.Urls.Add(url);
        hub.app.MapGet(RegisterReader.Path, (long after) => hub.Tell(after));
        hub.app.MapPost(RegisterReader.Path, async (HttpRequest request) => hub.Take((string)(await JsonNode.ParseAsync(request.Body))!["event"]!));
        hub.app.MapGet("/log/{**path}", (string path) => hub.ForwardAsync(http => http.GetAsync($"{hub.Other}/log/{path}")));
        hub.app.MapPost("/v1/log-documents", (HttpRequest request) => hub.ForwardAsync(http => http.PostAsync($"{hub.Other}/v1/log-documents", new StreamContent(request.Body))));
        await hub.app.StartAsync();
        return hub;
    }

    // A local node with this hub, whose register holds the texts that ship and nothing else.
    public async Task<TestLocal> JoinAsync(string? kind = null, Action<JsonObject>? change = null)
    {
        var local = await TestLocal.StartAsync(kind: kind, change: settings =>
        {
            Other = (string)settings["peers"]![0]!["url"]!;
            settings["peers"]![0]!["url"] = Url;
            change?.Invoke(settings);
        });
        Clock = local.Clock.GetUtcNow;
        foreach (var file in ShippedProtocols.Files) Append(RegisterDocuments.DraftProtocol(file.Canonical.Span, local.Other.HubKey), local.Clock.GetUtcNow());
        await local.MoveAsync(TimeSpan.FromSeconds(1));
        return local;
    }

    public void Append(string document, DateTimeOffset at)
    {
        lock (gate)
        {
            var when = DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
            entries.Add(new RegisterEntry { Sequence = entries.Count + 1, At = when, Event = document, Chain = RegisterEntry.ChainOf(entries.Count > 0 ? entries[^1].Chain : "", entries.Count + 1, when, document) });
        }
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        http.Dispose();
    }

    private async Task<IResult> ForwardAsync(Func<HttpClient, Task<HttpResponseMessage>> ask)
    {
        using var answer = await ask(http);
        return answer.IsSuccessStatusCode ? Results.Bytes(await answer.Content.ReadAsByteArrayAsync(), answer.Content.Headers.ContentType?.ToString()) : Results.StatusCode((int)answer.StatusCode);
    }

    private IResult Tell(long after)
    {
        lock (gate) return Results.Json(new RegisterPage([.. entries.Where(entry => entry.Sequence > after)], null));
    }

    private IResult Take(string document)
    {
        if (Answer is { } answer) return Results.Text(answer.Problem ?? "{}", "application/problem+json", statusCode: answer.Status);
        Sent.Add(document);
        Append(document, Clock());
        return Results.Json(new { }, statusCode: 201);
    }
}
