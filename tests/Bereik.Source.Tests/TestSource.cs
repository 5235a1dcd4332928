using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Bereik.Cli.Network;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Oprf;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Register;
using Bereik.Exchange.Signatures;
using Bereik.Ledger;
using Bereik.Node;
using Bereik.Node.Registers;
using Bereik.Tests.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shouldly;

namespace Bereik.Source.Tests;

// The organisations around a source; one set may serve two runs of it.
internal sealed class Parties
{
    private IReadOnlyList<string>? accessions;

    // When everybody joined.
    public DateTimeOffset Begins { get; init; } = MovableClock.Beginning;

    private IReadOnlyList<RegisterEntry>? register;

    public Party Hub { get; } = new("hub", "hub");

    public Party Pseudonymiser { get; } = new("pseudonymiser", "pseudonymiser");

    public Party Source { get; } = new("opgroeien", "source");

    public Party Municipality { get; } = new("gemeente-aalst", "municipality");

    public Party Welfare { get; } = new("ocmw-aalst", "publicCentreForWelfare");

    public OprfServer Oprf { get; } = OprfServer.Generate();

    // Signs the log of whichever hub serves these parties.
    public NoteSigner LogKey { get; } = TestLog.NewKey();

    public NoteSigner WitnessKey { get; } = TestLog.NewWitness();

    // The checkpoint that a local government would put in an order now, as the hub of the test has it.
    public Func<string?> Checkpoint { get; set; } = () => null;

    // What both local governments sent to join; the same bytes in every run.
    public IReadOnlyList<string> Accessions => accessions ??=
        [
            .. Accession(Flow.Match, Municipality, OrganisationKind.Municipality), .. Accession(Flow.Unknown, Welfare, OrganisationKind.PublicCentreForWelfare),
            .. Accession(Flow.Messenger, Welfare, OrganisationKind.PublicCentreForWelfare),
        ];

    // The register as a hub tells it.
    public IReadOnlyList<RegisterEntry> Register => register ??= Acceding.Register(
        [.. ShippedProtocols.Files.Select(file => RegisterDocuments.DraftProtocol(file.Canonical.Span, Hub.Signing)), .. Accessions], Begins);

    private IReadOnlyList<string> Accession(Flow flow, Party local, OrganisationKind kind)
    {
        var file = Acceding.FileOf(flow);
        return Acceding.Documents(file, Acceding.Ordinary(file.Protocol!, local.Id, kind, "41002", BelgianTime.DayOf(Begins)), local.Signing, Begins);
    }

    public string HubUrl { get; } = $"http://127.0.0.1:{TestSource.FreePort()}";

    public int SourcePort { get; } = TestSource.FreePort();

    // Deleted when the process ends: the framework keeps using the first node's folder for temporary files.
    public static string NewFolder() => Directory.CreateDirectory(Path.Combine(Root, Guid.NewGuid().ToString("N"))).FullName;

    private static readonly string Root = MakeRoot();

    private static string MakeRoot()
    {
        var root = Directory.CreateTempSubdirectory("bereik-source-tests-").FullName;
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

// What a node wrote to its log: level, category and text, each once.
internal sealed class RecordingLog : ILoggerProvider
{
    private readonly ConcurrentDictionary<string, int> lines = new();

    public IReadOnlyList<string> Lines => [.. lines.Keys.Order(StringComparer.Ordinal)];

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Category(RecordingLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.lines.TryAdd($"{logLevel} {name} {formatter(state, null)} {exception?.GetType().Name}", 0);
    }
}

// A real source node in this process, with its own folder, port and clock, and the steward's browser.
internal sealed partial class TestSource : IAsyncDisposable
{
    private readonly string folder = Parties.NewFolder();
    private TaskCompletionSource<WebApplication> started = new();
    private readonly HttpClient browser;
    private Task<int> running = null!;
    private FakeHub? fakeHub;

    private TestSource(Parties parties, MovableClock clock)
    {
        (Parties, Clock) = (parties, clock);
        browser = NewBrowser();
    }

    // Another browser of the same steward, signed in.
    public HttpClient NewBrowser() => new(new SignedIn(() => started.Task.Result.Services, Clock, Parties.Source.Id, SignedIn.All));

    public RecordingLog Log { get; } = new();

    public Parties Parties { get; }

    // The hub of the tests; absent when the source speaks with a real one.
    public FakeHub Hub => fakeHub ?? throw new InvalidOperationException("This source speaks with a real hub.");

    public MovableClock Clock { get; }

    public IServiceProvider Services => started.Task.Result.Services;

    public string Magda => Path.Combine(folder, "magda");

    public string Data => Path.Combine(folder, "data");

    public string Store => Path.Combine(Data, "node.db");

    public string SettingsFile => Path.Combine(folder, "settings.json");

    public string Url => $"http://127.0.0.1:{Parties.SourcePort}";

    public static int FreePort() => FreePorts.TakeRange(1);

    public static async Task<TestSource> StartAsync(Action<string>? register = null, Parties? parties = null, Action<JsonObject>? change = null, MovableClock? realHubsClock = null, MovableClock? clock = null)
    {
        var source = new TestSource(parties ?? new Parties(), realHubsClock ?? clock ?? MovableClock.InTheQuarter());
        var own = source.Parties;
        if (realHubsClock is null) source.fakeHub = await FakeHub.StartAsync(own, source.Clock);
        Directory.CreateDirectory(source.Magda);
        register?.Invoke(source.Magda);
        KeyFile.WriteNew(Path.Combine(source.folder, "signing.jwk"), own.Source.Signing.ExportJwk());
        KeyFile.WriteNew(Path.Combine(source.folder, "token.jwk"), own.Source.Token.ExportJwk());
        var settings = new JsonObject
        {
            ["organisation"] = own.Source.Id, ["name"] = "Opgroeien", ["operator"] = own.Source.Operator, ["url"] = source.Url, ["data"] = "data",
            ["allowSyntheticNumbers"] = true, ["pollSeconds"] = 0.1, ["importAtStart"] = true,
            ["announcements"] = new JsonObject { ["groeipakket-match"] = "2026-09-01", ["groeipakket-onbekend"] = "2026-09-01" },
            ["keys"] = new JsonObject { ["signing"] = "signing.jwk", ["token"] = "token.jwk" },
            ["register"] = new JsonObject { ["magda"] = "magda" },
            ["signIn"] = SignedIn.Settings(source.folder),
            ["peers"] = new JsonArray(
                own.Hub.AsPeer(own.HubUrl, log: own.LogKey.Verifier.ToString()), own.Pseudonymiser.AsPeer(own.HubUrl, StrictBase64Url.Encode(own.Oprf.PublicKey), witness: own.WitnessKey.Verifier.ToString()), own.Municipality.AsPeer(), own.Welfare.AsPeer()),
        };
        change?.Invoke(settings);
        await File.WriteAllTextAsync(source.SettingsFile, settings.ToJsonString());
        await source.RunAsync();
        await source.ImportedAsync(1);
        return source;
    }

    private async Task RunAsync()
    {
        started = new();
        running = Task.Run(() => NodeHost.RunAsync<SourceSettings, SourceDatabase>(
            ["--config", SettingsFile],
            (node, problems) =>
            {
                SourceServices.Add(node, problems);
                node.Services.AddSingleton<TimeProvider>(Clock);
                node.Services.AddSingleton<ILoggerProvider>(Log);
            },
            app =>
            {
                Routes.Map(app);
                app.Lifetime.ApplicationStarted.Register(() => started.SetResult(app));
            },
            SourceServices.StartAsync));
        if (await Task.WhenAny(started.Task, running) == running) throw new InvalidOperationException($"The node ended with {await running}.");
    }

    // Ends the node, and leaves its hub and its folder.
    public async Task EndAsync()
    {
        started.Task.Result.Lifetime.StopApplication();
        await running;
    }

    // Ends the node and starts it again on what it wrote, with the key that its organisation said beforehand is its next.
    public async Task AgainAsync(SigningKey next)
    {
        started.Task.Result.Lifetime.StopApplication();
        await running;
        File.Delete(Path.Combine(folder, "signing.jwk"));
        KeyFile.WriteNew(Path.Combine(folder, "signing.jwk"), next.ExportJwk());
        await RunAsync();
    }

    public ListOrder NewOrder(Flow flow, string month = "2026-10") => NewOrder(Parties, Clock, flow, month);

    public static ListOrder NewOrder(Parties parties, MovableClock clock, Flow flow, string month)
    {
        var protocol = ShippedProtocols.Of(flow);
        Bytes32.TryParse(protocol.Hash, out var hash).ShouldBeTrue();
        return new ListOrder
        {
            Id = Guid.NewGuid(),
            Nonce = Bytes32.Random(),
            Flow = flow.WireName(),
            Protocol = protocol.Id,
            ProtocolVersion = protocol.Version,
            ProtocolHash = hash,
            Epoch = Epoch.At(clock.GetUtcNow()).ToString(),
            Source = parties.Source.Id,
            Recipient = (flow == Flow.Match ? parties.Municipality : parties.Welfare).Id,
            Nis = "41002",
            ReferenceMonth = month,
            KnownCount = flow == Flow.Messenger ? null : 100,
            Letter = flow == Flow.Messenger ? WaveTown.Letter(clock) : null,
            IssuedAt = clock.Second(),
            ExpiresAt = clock.Second().AddDays(7),
            Checkpoint = parties.Checkpoint(),
        };
    }

    public SignedDocument<ListOrder> Place(ListOrder order, SigningKey? key = null)
    {
        var signed = SignedDocument.Sign(order, key ?? (order.Flow == "match" ? Parties.Municipality : Parties.Welfare).Signing);
        Hub.Place(order.Id.ToString(), signed.Compact);
        return signed;
    }

    public async Task<SignedDocument<ListOrder>> DepositedAsync(ListOrder order)
    {
        var signed = Place(order);
        await ApprovedAsync(order.Id);
        await StateAsync(order.Id, "deposited");
        return signed;
    }

    public async Task ApprovedAsync(Guid id)
    {
        await StateAsync(id, "ready");
        (await PostAsync(Page(id), $"{Page(id)}/goedkeuren", ("gekendeLijst", "ja"))).StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    // The source looked at its hub a few times more, and did with what it saw whatever it does.
    public async Task LookedAsync()
    {
        var before = Hub.RegisterAsked;
        await EventuallyAsync(() => Hub.RegisterAsked >= before + 12 ? "looked" : null);
    }

    public static string Page(Guid id) => $"/aanvragen/{id}";

    public async Task<string> GetAsync(string path)
    {
        var response = await browser.GetAsync(new Uri(Url + path));
        response.StatusCode.ShouldBe(HttpStatusCode.OK, path);
        return WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync());
    }

    // As a person does: open the page, take its form's hidden field, send the form.
    public async Task<HttpResponseMessage> PostAsync(string page, string action, params (string Name, string Value)[] fields)
    {
        var form = HiddenField().Match(await GetAsync(page)).Groups[1].Value;
        form.ShouldNotBeEmpty();
        return await PostBareAsync(action, [.. fields, ("_form", form)]);
    }

    public Task<HttpResponseMessage> PostBareAsync(string action, params (string Name, string Value)[] fields) =>
        browser.PostAsync(new Uri(Url + action), new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))));

    public async Task<JsonObject> RegisterAsync() => (await browser.GetFromJsonAsync<JsonObject>(new Uri(Url + "/v1/register")))!;

    public async Task<JsonArray> RequestsAsync() => (await browser.GetFromJsonAsync<JsonObject>(new Uri(Url + "/v1/requests")))!["items"]!.AsArray();

    public async Task<JsonObject> StateAsync(Guid id, string state)
    {
        JsonObject? last = null;
        for (var i = 0; i < 1200; i++)
        {
            last = (await RequestsAsync()).Select(request => request!.AsObject()).SingleOrDefault(request => (string?)request["id"] == id.ToString());
            if ((string?)last?["state"] == state) return last!;
            await Task.Delay(50);
        }

        throw new TimeoutException($"The request did not become {state}, it is {last?["state"]}; the store says: {string.Join(", ", Codes())}.");
    }

    public async Task<JsonObject> ImportedAsync(int runs)
    {
        for (var i = 0; i < 1200; i++)
        {
            var register = await RegisterAsync();
            var imports = register["imports"]!.AsArray();
            if (imports.Count >= runs && (string?)imports[0]!["state"] == "done") return imports[0]!.AsObject();
            await Task.Delay(50);
        }

        throw new TimeoutException("The register was not read.");
    }

    public static async Task<T> EventuallyAsync<T>(Func<T?> read)
    {
        for (var i = 0; i < 1200; i++)
        {
            if (read() is { } value) return value;
            await Task.Delay(50);
        }

        throw new TimeoutException("It did not happen.");
    }

    public async Task<HttpResponseMessage> FetchAsync(string path) => await browser.GetAsync(new Uri(Url + path));

    private List<string> Codes() => Read("SELECT coalesce(code, '') FROM request UNION ALL SELECT kind || ' ' || coalesce(code, '') FROM work WHERE state = 'failed'");

    public string StateInStore(Guid id) => Read($"SELECT state FROM request WHERE id = '{id:D}'").Single();

    // How many entries of the public log were read.
    public long LogRead() => Read("SELECT CAST(size AS TEXT) FROM log_view").Select(long.Parse).SingleOrDefault();

    // Code and place of every alarm on the public log.
    public List<string> Alarms() => Read("SELECT code || ' ' || place FROM log_alarm ORDER BY id");

    public List<string> Rejected() => Read("SELECT code FROM rejected_order ORDER BY sequence");

    public List<string> Read(string sql)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Store};Pooling=False;Mode=ReadOnly;Default Timeout=30");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are the constants of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        using var rows = command.ExecuteReader();
        var codes = new List<string>();
        while (rows.Read()) codes.Add(rows.GetString(0));
        return codes;
    }

    // Stops the node and leaves its folder; the result is the store's file.
    public async Task<string> StopAsync()
    {
        if (!running.IsCompleted && started.Task.IsCompletedSuccessfully) started.Task.Result.Lifetime.StopApplication();
        await running;
        if (fakeHub is not null) await fakeHub.DisposeAsync();
        return Store;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        browser.Dispose();
    }

    [GeneratedRegex("name=\"_form\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex HiddenField();
}
