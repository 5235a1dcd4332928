using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Log;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Register;
using Bereik.Exchange.Signatures;
using Bereik.Hub.Log;
using Bereik.Hub.Storage;
using Bereik.Node;
using Bereik.Node.Logs;
using Bereik.Node.Registers;
using Bereik.Tests.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;

namespace Bereik.Hub.Tests;

// A hub with an operator, visited with a browser's headers and a cookie jar.
internal sealed partial class RegisterHub : IAsyncDisposable
{
    private readonly HttpClient browser;
    private readonly Dictionary<string, string> cookies = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource<WebApplication> started = new();
    private Task<int> running = Task.FromResult(-1);

    private RegisterHub() => browser = new HttpClient(new SignedIn(() => Services, Clock, "hub", SignedIn.All));

    public MovableClock Clock { get; } = new(new DateTimeOffset(2026, 11, 20, 10, 0, 0, TimeSpan.Zero));

    public Party Hub { get; } = new("hub", "hub");

    public Party Pseudonymiser { get; } = new("pseudonymiser", "pseudonymiser");

    public Party Source { get; } = new("opgroeien", "source");

    public Party Municipality { get; } = new("gemeente-aalst", "municipality") { Nis = ["41002"] };

    public Party Welfare { get; } = new("ocmw-aalst", "publicCentreForWelfare") { Nis = ["41002"] };

    public string Url { get; private set; } = "";

    public IServiceProvider Services => started.Task.Result.Services;

    private string Folder { get; set; } = "";

    private DateOnly Today => Clock.Today();

    public static async Task<RegisterHub> StartAsync()
    {
        var hub = new RegisterHub();
        var folder = hub.Folder = RunningNode.NewFolder();
        hub.Url = $"http://127.0.0.1:{RunningNode.FreePort()}";
        var file = RunningNode.WriteSettings(folder, hub.Hub, hub.Url, [hub.Pseudonymiser, hub.Source, hub.Municipality, hub.Welfare], settings =>
        {
            settings["name"] = "Het knooppunt";
            settings["signIn"] = SignedIn.Settings(folder);
            settings["peers"]![1]!["name"] = "Opgroeien";
            settings["peers"]![2]!["name"] = "Gemeente Aalst";
            settings["peers"]![3]!["name"] = "OCMW Aalst";
        });
        hub.running = Task.Run(() => NodeHost.RunAsync<HubSettings, HubDatabase>(
            ["--config", file],
            (application, problems) =>
            {
                HubServices.Add(application, problems);
                application.Services.AddSingleton<TimeProvider>(hub.Clock);
            },
            app =>
            {
                Routes.Map(app);
                app.Lifetime.ApplicationStarted.Register(() => hub.started.SetResult(app));
            },
            HubServices.StartAsync));
        if (await Task.WhenAny(hub.started.Task, hub.running) == hub.running) throw new InvalidOperationException($"The node ended with {await hub.running}.");
        foreach (var party in new[] { hub.Pseudonymiser, hub.Source, hub.Municipality, hub.Welfare })
        {
            using var content = new StringContent(new JsonObject { ["document"] = party.Statement(hub.Clock.GetUtcNow()) }.ToJsonString(), Encoding.UTF8, "application/json");
            (await hub.browser.PostAsync(hub.Url + LogDesk.Path, content)).EnsureSuccessStatusCode();
        }

        return hub;
    }

    public T Service<T>()
        where T : notnull => Services.GetRequiredService<T>();

    // Puts entries in the log past the hub's own code.
    public async Task LogAsync(IReadOnlyList<LogEntry> entries) => await Service<HubLog>().AppendAsync(entries);

    public SqliteConnection OpenStore()
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(Folder, "data", "node.db")};Pooling=False;Default Timeout=30");
        connection.Open();
        return connection;
    }

    public static Protocol Protocol(Flow flow) => Acceding.FileOf(flow).Protocol!;

    // The text that ships, with other words in its file: another version of it.
    public static ProtocolFile Changed(string id, params (string Old, string New)[] changes)
    {
        using var stream = typeof(ShippedProtocols).Assembly.GetManifestResourceStream($"protocols/{id}.yaml")!;
        using var reader = new StreamReader(stream);
        var text = reader.ReadToEnd();
        foreach (var (old, replacement) in changes)
        {
            text.ShouldContain(old);
            text = text.Replace(old, replacement, StringComparison.Ordinal);
        }

        var file = ProtocolFile.Read(Encoding.UTF8.GetBytes(text));
        file.Errors.ShouldBeEmpty();
        return file;
    }

    public async Task TakeAsync(params IEnumerable<string> documents)
    {
        foreach (var document in documents)
        {
            using var content = new StringContent(new JsonObject { ["event"] = document }.ToJsonString(), Encoding.UTF8, "application/json");
            var answer = await browser.PostAsync(Url + RegisterReader.Path, content);
            answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        }
    }

    public Task AccedeAsync(Flow flow, Party party, OrganisationKind kind)
    {
        var file = Acceding.FileOf(flow);
        return TakeAsync(Acceding.Documents(file, Acceding.Ordinary(file.Protocol!, party.Id, kind, "41002", Today), party.Signing, Clock.GetUtcNow()));
    }

    public string Advice(Protocol protocol, Bereik.Domain.Party party, Party signer, OfficerAdvice advice) =>
        SignedDocument.Sign(new ProtocolAdvice { Protocol = HashOf(protocol), Party = party, Advice = advice, At = Clock.Second() }, signer.Signing).Compact;

    public static Bytes32 HashOf(Protocol protocol) => Bytes32.TryParse(protocol.Hash, out var hash) ? hash : throw new InvalidOperationException("A text has no hash.");

    public async Task<HttpResponseMessage> GetAsync(string path, string language = "nl")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Url + path);
        request.Headers.Accept.ParseAdd("text/html");
        request.Headers.Add("Cookie", string.Join("; ", cookies.Select(cookie => $"{cookie.Key}={cookie.Value}").Append($"bereik-taal={language}")));
        var response = await browser.SendAsync(request);
        foreach (var set in response.Headers.TryGetValues("Set-Cookie", out var values) ? values : [])
        {
            var pair = set.Split(';')[0].Split('=', 2);
            cookies[pair[0]] = pair[1];
        }

        return response;
    }

    // The text of a page as a person reads it: no tags, entities read.
    public async Task<string> ReadAsync(string path, string language = "nl", HttpStatusCode status = HttpStatusCode.OK)
    {
        var response = await GetAsync(path, language);
        response.StatusCode.ShouldBe(status, path);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        return Plain(await response.Content.ReadAsStringAsync());
    }

    // Fills in a form of a page, with the token that shows that it came from there.
    public async Task<HttpResponseMessage> SendAsync(string page, string act, params (string Name, string Value)[] fields)
    {
        var token = Token().Match(await (await GetAsync(page)).Content.ReadAsStringAsync()).Groups[1].Value;
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Url}{page}/{act}");
        request.Headers.Accept.ParseAdd("text/html");
        request.Headers.Add("Cookie", string.Join("; ", cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        request.Content = new FormUrlEncodedContent(fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value)).Append(new("_form", WebUtility.HtmlDecode(token))));
        return await browser.SendAsync(request);
    }

    // Signed in, without the token of a page.
    public async Task<HttpResponseMessage> PostBareAsync(string path, params (string Name, string Value)[] fields)
    {
        using var content = new FormUrlEncodedContent(fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value)));
        return await browser.PostAsync(Url + path, content);
    }

    public static string Plain(string html) => Spaces().Replace(WebUtility.HtmlDecode(Tags().Replace(html, " ")), " ");

    public async ValueTask DisposeAsync()
    {
        browser.Dispose();
        if (started.Task.IsCompletedSuccessfully) started.Task.Result.Lifetime.StopApplication();
        await running;
        foreach (var party in new[] { Hub, Pseudonymiser, Source, Municipality, Welfare }) party.Dispose();
    }

    [GeneratedRegex("name=\"_form\" value=\"([^\"]+)\"")]
    private static partial Regex Token();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex("\\s+")]
    private static partial Regex Spaces();
}
