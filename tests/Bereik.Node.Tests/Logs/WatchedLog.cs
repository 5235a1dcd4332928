using Bereik.Node.Access;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Bereik.Exchange;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Log;
using Bereik.Exchange.Signatures;
using Bereik.Ledger;
using Bereik.Node.Logs;
using Bereik.Node.Registers;
using Bereik.Node.Requests;
using Bereik.Node.Storage;
using Bereik.Node.Tests.Foundation;
using Bereik.Node.Ui;
using Bereik.Tests.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace Bereik.Node.Tests.Logs;

// A node that follows a log, and the hub that serves it: the real log, or whatever a test makes it serve.
internal sealed class WatchedLog : IAsyncDisposable
{
    public const string Own = "ocmw-aalst";
    private WebApplication hub = null!;
    private JsonObject settings = null!;

    private WatchedLog()
    {
        Log = TestLog.Create(() => Clock.GetUtcNow());
        Served = Log;
    }

    public MovableClock Clock { get; } = new(new DateTimeOffset(2026, 11, 20, 10, 0, 0, TimeSpan.Zero));

    // The true one.
    public TestLog Log { get; }

    // What the hub shows this node.
    public TestLog Served { get; set; }

    // What the hub serves for a path instead of what is there.
    public Func<string, byte[]?, byte[]?>? Lie { get; set; }

    // Whether anybody answers.
    public bool IsAway { get; set; }

    // What the hub tells as its register.
    public List<RegisterEntry> Register { get; } = [];

    // Promised with every answer.
    public List<string> Promises { get; } = [];

    // What the node says it made itself.
    public ConcurrentBag<LogEntry> Mine { get; } = [];

    public SigningKey Source { get; } = SigningKey.Generate();

    public SmallNode Node { get; private set; } = null!;

    public LogWatch Watch => Node.Services.GetRequiredService<LogWatch>();

    public string Mirror => Path.Combine(Node.Data, LogWatch.MirrorFolder);

    public static async Task<WatchedLog> StartAsync(bool begin = true)
    {
        var watched = new WatchedLog();
        if (begin) await watched.Log.BeginAsync();
        var folder = SmallNode.NewFolder();
        var port = SmallNode.FreePort();
        watched.settings = SmallNode.SettingsIn(folder);
        watched.settings["peers"] = new JsonArray(
            Peer("hub", "hub", SigningKey.Generate(), peer => (peer["url"], peer["log"]) = ($"http://127.0.0.1:{port}", watched.Log.Vkey)),
            Peer("pseudonymiser", "pseudonymiser", SigningKey.Generate(), peer => peer["witness"] = watched.Log.WitnessVkey),
            Peer("opgroeien", "source", watched.Source));
        await watched.ServeAsync(port);
        await watched.StartNodeAsync(folder);
        return watched;
    }

    public async Task RestartAsync(Action? between = null)
    {
        var folder = Node.Folder;
        await Node.DisposeAsync();
        between?.Invoke();
        await StartNodeAsync(folder);
    }

    public Task ReadAsync() => Watch.ReadAsync(TestContext.Current.CancellationToken);

    // Codes and places of the open alarms.
    public Task<List<string>> AlarmsAsync() => WithAsync(async services =>
        (await services.GetRequiredService<LogAlarms>().OpenAsync(CancellationToken.None)).Select(alarm => $"{alarm.Code} {alarm.Place}").ToList());

    public async Task<T> WithAsync<T>(Func<IServiceProvider, Task<T>> ask)
    {
        await using var scope = Node.Services.CreateAsyncScope();
        return await ask(scope.ServiceProvider);
    }

    public Task<int> SqlAsync(string sql) => WithAsync(services => services.GetRequiredService<NodeDatabase>().Database.ExecuteSqlRawAsync(sql));

    public Task<List<string>> TextsAsync(string sql) => WithAsync(services => services.GetRequiredService<NodeDatabase>().Database.SqlQueryRaw<string>(sql).ToListAsync());

    // Reads, and says what stops the node after it.
    public async Task<string?> StopAfterReadingAsync()
    {
        await ReadAsync();
        return await Watch.FindStopAsync(TestContext.Current.CancellationToken);
    }

    public LogEntry.OrderPlaced Order(string by = Own, string source = "opgroeien", Guid? id = null) => new()
    {
        By = by, At = Clock.Second(), Order = id ?? Guid.NewGuid(), Hash = Bytes32.Random(), Flow = "unknown", Protocol = "groeipakket-onbekend", ProtocolVersion = "1.0.0", ProtocolHash = Bytes32.Random(),
        Source = source, Nis = "41002", ReferenceMonth = "2026-09", Epoch = "2026Q4", Outcome = "permit", Reasons = [],
    };

    // An entry about nobody here.
    public Task<LogPosition> OtherAsync(TestLog? log = null) => (log ?? Log).AppendAsync(Order("ocmw-gent"));

    public string Statement(string organisation, KeyUse use, string kid, string? key, SigningKey signer) =>
        SignedDocument.Sign(new KeyStatement { Organisation = organisation, Use = use, Kid = kid, Key = key, At = Clock.Second() }, signer).Compact;

    public Task<LogPosition> StateAsync(string organisation, SigningKey stated, SigningKey signer) =>
        Log.AddAsync(Statement(organisation, KeyUse.Signing, stated.Kid, stated.PublicKey.ToJwk(), signer));

    // A step of the register, told or logged or both.
    public void Tell(string document)
    {
        var at = Clock.Second();
        Register.Add(new RegisterEntry { Sequence = Register.Count + 1, At = at, Event = document, Chain = RegisterEntry.ChainOf(Register.Count > 0 ? Register[^1].Chain : "", Register.Count + 1, at, document) });
    }

    public Task LogStepAsync(int sequence, string document) => Log.AppendAsync(new LogEntry.RegisterStep { By = "opgroeien", At = Clock.Second(), Sequence = sequence, Document = document });

    // Moves the clock, and has the witness say again that this is the log.
    public async Task PassAsync(TimeSpan time)
    {
        Clock.Move(time);
        await Served.FreshenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        await hub.DisposeAsync();
        await Log.DisposeAsync();
        if (Served != Log) await Served.DisposeAsync();
    }

    private static JsonObject Peer(string id, string kind, SigningKey key, Action<JsonObject>? more = null)
    {
        var peer = new JsonObject { ["id"] = id, ["name"] = id, ["kind"] = kind, ["operator"] = "uitbater-" + id, ["signing"] = JsonNode.Parse(key.PublicKey.ToJwk()) };
        more?.Invoke(peer);
        return peer;
    }

    private async Task StartNodeAsync(string folder) => Node = await SmallNode.StartAsync(folder, (JsonObject)settings.DeepClone(), node =>
    {
        LogTrust.Read(node.Settings, []).ShouldNotBeNull();
        node.Services.AddSingleton<TimeProvider>(Clock);
        node.Services.AddLogWatch(LogTrust.Read(node.Settings, [])!).AddSingleton<IOwnEntries>(new OwnOf(this));
        node.Services.AddBereikUi(typeof(WatchedLog).Assembly, (_, _) => ValueTask.FromResult(new PageFrame { Organisation = "OCMW Aalst", Person = "Lies" }));
    }, routes => routes.MapGet("/pagina", () => UiSetup.Page<StylePage>()).ForPeople(Rights.Overview));

    private async Task ServeAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        hub = builder.Build();
        hub.Urls.Add($"http://127.0.0.1:{port}");
        hub.Use(async (context, next) =>
        {
            if (IsAway)
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            }

            foreach (var promise in Promises) context.Response.Headers.Append("Bereik-Log-Entry", promise);
            await next();
        });
        hub.MapGet("/log/{**path}", async (string path) =>
        {
            var file = Path.Combine(Served.Folder, path);
            var bytes = File.Exists(file) ? await File.ReadAllBytesAsync(file) : null;
            if (Lie is not null) bytes = Lie(path, bytes);
            return bytes is null ? Results.NotFound() : Results.Bytes(bytes);
        });
        hub.MapGet("/v1/protocol-events", (string after) =>
            Results.Json(new RegisterPage([.. Register.Where(entry => entry.Sequence > long.Parse(after, CultureInfo.InvariantCulture))], null)));
        Log.MapDocuments(hub);
        await hub.StartAsync();
    }

    private sealed class OwnOf(WatchedLog watched) : IOwnEntries
    {
        public Task<bool> IsOwnAsync(LogEntry entry, CancellationToken cancel) => Task.FromResult(watched.Mine.Any(mine => LogEntryFormat.Write(mine).AsSpan().SequenceEqual(LogEntryFormat.Write(entry))));
    }
}
