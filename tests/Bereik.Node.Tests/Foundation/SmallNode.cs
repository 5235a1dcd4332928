using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Bereik.Cli.Network;
using Bereik.Exchange.Keys;
using Bereik.Node.Configuration;
using Bereik.Node.Storage;
using Bereik.Node.Work;
using Bereik.Tests.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;

namespace Bereik.Node.Tests.Foundation;

internal sealed class SmallSettings : NodeSettings;

internal sealed class SmallDatabase(DbContextOptions<SmallDatabase> options) : NodeDatabase(options);

// The smallest node there is, in this process: the foundation itself, with the steps and routes of a test.
internal sealed class SmallNode : IAsyncDisposable
{
    private static readonly string Root = MakeRoot();
    private readonly TaskCompletionSource<WebApplication> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<int> running = null!;

    private SmallNode(string folder) => Folder = folder;

    public string Folder { get; }

    // As they were written.
    public JsonObject Settings { get; private set; } = [];

    public string Data => Path.Combine(Folder, "data");

    public string Store => Path.Combine(Data, "node.db");

    public HttpClient Browser { get; private set; } = null!;

    public IServiceProvider Services => started.Task.Result.Services;

    // Writes a settings file that works, and its key; the folder may be one of an earlier node.
    public static JsonObject SettingsIn(string folder)
    {
        var key = Path.Combine(folder, "signing.jwk");
        if (!File.Exists(key))
        {
            using var signing = SigningKey.Generate();
            KeyFile.WriteNew(key, signing.ExportJwk());
        }

        using var peer = SigningKey.Generate();
        return new JsonObject
        {
            ["organisation"] = "ocmw-aalst", ["name"] = "OCMW Aalst", ["operator"] = "stad-aalst", ["url"] = $"http://127.0.0.1:{FreePort()}", ["data"] = "data",
            ["allowSyntheticNumbers"] = true, ["keys"] = new JsonObject { ["signing"] = "signing.jwk" },
            ["signIn"] = SignedIn.Settings(folder),
            ["peers"] = new JsonArray(new JsonObject { ["id"] = "hub", ["name"] = "Knooppunt", ["kind"] = "hub", ["operator"] = "uitbater-knooppunt", ["signing"] = JsonNode.Parse(peer.PublicKey.ToJwk()) }),
        };
    }

    public static string NewFolder() => Directory.CreateDirectory(Path.Combine(Root, Guid.NewGuid().ToString("N"))).FullName;

    public static int FreePort() => FreePorts.TakeRange(1);

    // Runs until the node stops, and gives its exit code and what it wrote to standard error.
    public static async Task<(int Code, string Said)> EndAsync(
        string folder, JsonObject? settings = null, Action<NodeApplication<SmallSettings, SmallDatabase>, List<string>>? services = null, Action<WebApplication>? routes = null, string[]? args = null)
    {
        var file = Path.Combine(folder, "settings.json");
        await File.WriteAllTextAsync(file, (settings ?? SettingsIn(folder)).ToJsonString());
        var before = Console.Error;
        using var said = new StringWriter();
        Console.SetError(said);
        try
        {
            var code = await NodeHost.RunAsync(args ?? ["--config", file], services ?? ((_, _) => { }), app =>
            {
                routes?.Invoke(app);
                app.Lifetime.ApplicationStarted.Register(app.Lifetime.StopApplication);
            });
            return (code, said.ToString().TrimEnd());
        }
        finally
        {
            Console.SetError(before);
        }
    }

    public static async Task<SmallNode> StartAsync(
        string? folder = null, JsonObject? settings = null, Action<NodeApplication<SmallSettings, SmallDatabase>>? services = null, Action<WebApplication>? routes = null, Func<SmallDatabase, DateTimeOffset, Task>? begin = null)
    {
        var node = new SmallNode(folder ?? NewFolder());
        settings ??= SettingsIn(node.Folder);
        node.Settings = settings;
        var file = Path.Combine(node.Folder, "settings.json");
        await File.WriteAllTextAsync(file, settings.ToJsonString());
        node.Browser = new HttpClient(new SignedIn(() => node.Services, TimeProvider.System, (string)settings["organisation"]!, SignedIn.All)) { BaseAddress = new Uri((string)settings["url"]!) };
        node.running = Task.Run(() => NodeHost.RunAsync<SmallSettings, SmallDatabase>(
            ["--config", file],
            (application, _) => services?.Invoke(application),
            app =>
            {
                routes?.Invoke(app);
                app.Lifetime.ApplicationStarted.Register(() => node.started.SetResult(app));
            },
            (database, _, _, now) => begin?.Invoke(database, now) ?? Task.CompletedTask));
        if (await Task.WhenAny(node.started.Task, node.running) == node.running) throw new InvalidOperationException($"The node ended with {await node.running}.");
        return node;
    }

    public async Task<T> WithStoreAsync<T>(Func<SmallDatabase, Task<T>> ask)
    {
        await using var scope = Services.CreateAsyncScope();
        return await ask(scope.ServiceProvider.GetRequiredService<SmallDatabase>());
    }

    public Task EnqueueAsync(string kind, string subject) => WithStoreAsync(database =>
    {
        database.Enqueue(kind, subject, Services.GetRequiredService<TimeProvider>().GetUtcNow());
        return database.SaveChangesAsync();
    });

    public Task<WorkItem> ItemAsync(string kind) => WithStoreAsync(database => database.Work.AsNoTracking().SingleAsync(item => item.Kind == kind));

    public async Task<WorkItem> EndOfAsync(string kind)
    {
        for (var i = 0; i < 1200; i++)
        {
            if (await ItemAsync(kind) is { State: not WorkState.Waiting } item) return item;
            await Task.Delay(25);
        }

        throw new TimeoutException($"Step {kind} did not end.");
    }

    public async ValueTask DisposeAsync()
    {
        if (started.Task.IsCompletedSuccessfully) started.Task.Result.Lifetime.StopApplication();
        (await running).ShouldBe(0);
        Browser.Dispose();
    }

    // Deleted when the process ends: the framework keeps using the first node's folder for temporary files.
    private static string MakeRoot()
    {
        var root = Directory.CreateTempSubdirectory("bereik-node-tests-").FullName;
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

// A step that does what a test says, and counts its runs.
internal sealed class Step(string kind, Func<WorkRun, CancellationToken, Task<WorkResult>> run) : IWorkStep
{
    public string Kind => kind;

    public ConcurrentQueue<int> Attempts { get; } = new();

    public ConcurrentQueue<string> Failures { get; } = new();

    public Task<WorkResult> RunAsync(WorkRun run1, CancellationToken cancel)
    {
        Attempts.Enqueue(run1.Attempt);
        return run(run1, cancel);
    }

    public async Task FailedAsync(NodeDatabase database, string subject, string code, CancellationToken cancel)
    {
        Failures.Enqueue(code);
        await database.Database.ExecuteSqlAsync($"INSERT INTO mark (word) VALUES ({"failed " + code})", cancel);
    }
}

// Runs a hundred times as fast as the clock on the wall, so that a lease of a minute runs out in less than a second.
internal sealed class FastClock : TimeProvider
{
    private const int Speed = 100;
    private readonly DateTimeOffset begun = System.GetUtcNow();
    private readonly long stamp = System.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => begun + System.GetElapsedTime(stamp) * Speed;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => base.CreateTimer(callback, state, Shorter(dueTime), Shorter(period));

    private static TimeSpan Shorter(TimeSpan time) => time <= TimeSpan.Zero ? time : TimeSpan.FromMilliseconds(Math.Max(1, time.TotalMilliseconds / Speed));
}
