using Bereik.Cli.Demo;
using Bereik.Cli.Network;
using Bereik.Domain;
using Bereik.EndToEnd.Tests.Demo;
using Bereik.Magda;
using Microsoft.Data.Sqlite;
using Shouldly;

namespace Bereik.EndToEnd.Tests.Network;

/// <summary>
/// A small synthetic town with one municipality on the network: five real nodes as processes on free ports, three more with referrals. What dies is started again
/// at once, as a service manager does.
/// </summary>
internal sealed class TestNetwork : IAsyncDisposable
{
    public const string Month = "2026-10";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);
    private static readonly string[] Ends = ["received", "rejected", "refused", "failed", "expired"];
    private readonly string folder;
    private readonly CancellationTokenSource stop = new();
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, bool> down = new();
    private readonly HashSet<string> attested = [];
    private Task supervisor = Task.CompletedTask;

    private TestNetwork(string folder, TownPlace place, NetworkPlan plan, RunningNetwork running)
    {
        this.folder = folder;
        Place = place;
        Plan = plan;
        Running = running;
        Town = new TownOracle(Path.Combine(folder, "town", "town.json"));
    }

    public TownPlace Place { get; }

    public NetworkPlan Plan { get; }

    public RunningNetwork Running { get; }

    public TownOracle Town { get; }

    public string Gemeente => $"gemeente-{Place.Slug}";

    public string Ocmw => $"ocmw-{Place.Slug}";

    /// <summary>How often a node was started again after it died.</summary>
    public int Restarts { get; private set; }

    /// <summary>Starts the nodes.</summary>
    /// <param name="families">Families in the register.</param>
    /// <param name="crashing">The node that kills itself at every moment of every step; null for none.</param>
    /// <param name="crashAt">Of which steps, as the setting <c>crashAt</c> says it.</param>
    /// <param name="withReferrals">Whether a team that refers, a CAW and a DMW are there too.</param>
    public static async Task<TestNetwork> StartAsync(int families, string? crashing = null, string crashAt = "*", bool withReferrals = false)
    {
        var folder = Directory.CreateTempSubdirectory("bereik-network").FullName;
        var month = PaymentMonth.TryParse(Month, out var parsed) ? parsed : default;
        var town = Cli.Demo.Town.Write(new TownOptions { Seed = 5, Families = families, ReferenceMonth = month, Today = TimeProvider.System.Today() }, Path.Combine(folder, "town"));
        var place = town.Places[0];
        var plan = NetworkPlan.Create(
            Path.Combine(folder, "nodes"), [new NetworkPlace(place.Nis, place.Name, place.Slug, place.ResidentsFile, place.KnownFile)], FreePorts.Take(6 + (withReferrals ? NetworkPlan.ReferralNodes : 0)),
            new NetworkRegister(town.MagdaFolder), Epoch.At(TimeProvider.System.GetUtcNow()), withReferrals);
        plan = plan with { Nodes = [.. plan.Nodes.Select(node => node.Id == crashing ? node with { Settings = new Dictionary<string, object>(node.Settings) { ["crashAt"] = crashAt } } : node)] };
        NetworkFiles.Write(plan, pollSeconds: 0.4);
        var network = new TestNetwork(folder, place, plan, RunningNetwork.Prepare(plan));
        network.supervisor = network.SuperviseAsync();
        return network;
    }

    /// <summary>Orders the list of a local node, lets the steward approve it, and waits until it ended.</summary>
    /// <returns>The state it ended in.</returns>
    public async Task<string> ExchangeAsync(string node)
    {
        var flow = node == Gemeente ? "match" : "unknown";
        using var patience = new CancellationTokenSource(Patience);
        var cancel = patience.Token;
        await ReadyAsync(node);
        await AccedeAsync(node);
        await TryAsync(() => OrderAsync(node, flow, cancel), cancel);
        await TryAsync(() => ApproveAsync(node, cancel), cancel);
        return await UntilEndedAsync(node);
    }

    /// <summary>Joins the protocol of a local node's lists, unless it did before.</summary>
    public Task AccedeAsync(string node) => AccedeAsync(node, AccessionDesk.ProtocolOf(Plan[node].Kind));

    /// <summary>Joins a protocol, unless the node did before.</summary>
    public async Task AccedeAsync(string node, Protocol protocol)
    {
        using var patience = new CancellationTokenSource(Patience);
        await TryAsync(() => AccedeAsync(node, protocol, patience.Token), patience.Token);
    }

    /// <summary>Somebody of a local node who was attested by two colleagues, with a passkey.</summary>
    public async Task<PageVisitor> WorkerAsync(string node, string role)
    {
        var worker = Running.Visit(node, role);
        if (attested.Add($"{node}.{role}")) await worker.EnrolPasskeyAsync(await AttestationDesk.AttestAsync(Running, Plan[node], role, TimeProvider.System.Today()));
        return worker;
    }

    /// <summary>Does something until it says that it is done, over nodes that die in between.</summary>
    public async Task UntilAsync(Func<CancellationToken, Task<bool>> attempt)
    {
        using var patience = new CancellationTokenSource(Patience);
        await TryAsync(() => attempt(patience.Token), patience.Token);
    }

    /// <summary>Lets the OCMW receive from the team that refers, and makes it a partner of the CAW.</summary>
    public async Task AccedeToReferralsAsync()
    {
        foreach (var (node, protocol) in new[] { (Ocmw, AccessionDesk.ReferralProtocol), (Ocmw, AccessionDesk.PartnerProtocol), (NetworkPlan.WelfareCentreId, AccessionDesk.PartnerProtocol) }) await AccedeAsync(node, protocol);
    }

    /// <summary>What time does, done in a node's own store.</summary>
    public async Task ChangeAsync(string node, string sql)
    {
        await using var store = new SqliteConnection($"Data Source={Path.Combine(DataOf(node), "node.db")};Pooling=False;Default Timeout=30");
        await store.OpenAsync();
        await using var command = store.CreateCommand();
        command.CommandText = sql;
        (await command.ExecuteNonQueryAsync()).ShouldBeGreaterThan(0);
    }

    /// <summary>Orders the list of a local node that acceded, and waits until the source has counted.</summary>
    /// <returns>Id of the order.</returns>
    public async Task<string> OrderAsync(string node)
    {
        using var patience = new CancellationTokenSource(Patience);
        var flow = node == Gemeente ? "match" : "unknown";
        await TryAsync(() => OrderAsync(node, flow, patience.Token), patience.Token);
        var id = "";
        await TryAsync(
            async () =>
            {
                var request = (await Running.Visit(NetworkPlan.SourceId).GetItemsAsync<RequestAnswer>("/v1/requests", patience.Token)).SingleOrDefault(request => request.Recipient == node && request.State == "ready");
                id = request?.Id ?? "";
                return request is not null;
            }, patience.Token);
        return id;
    }

    /// <summary>Takes a node down; it is not started again.</summary>
    public async Task TakeDownAsync(string node)
    {
        down[node] = true;
        await Running[node].KillAsync();
    }

    /// <summary>How many steps the register of a node holds, once it has all that the hub has.</summary>
    public async Task<string> UntilEntriesAsync(string node)
    {
        using var patience = new CancellationTokenSource(Patience);
        var count = "";
        await TryAsync(
            () =>
            {
                count = Query(node, "SELECT count(*) FROM register_entry").Single();
                return Task.FromResult(count == Query(NetworkPlan.HubId, "SELECT count(*) FROM register_entry").Single());
            }, patience.Token);
        return count;
    }

    /// <summary>What the page of a node shows, once it shows a text.</summary>
    public async Task<string> UntilShownAsync(string node, string path, string text)
    {
        using var patience = new CancellationTokenSource(Patience);
        var page = "";
        await TryAsync(
            async () =>
            {
                page = System.Net.WebUtility.HtmlDecode(await Running.Visit(node).GetPageAsync(path, patience.Token));
                return page.Contains(text, StringComparison.Ordinal);
            }, patience.Token);
        return page;
    }

    /// <summary>Waits until the list of a local node ended.</summary>
    /// <returns>The state it ended in.</returns>
    public async Task<string> UntilEndedAsync(string node)
    {
        using var patience = new CancellationTokenSource(Patience);
        var flow = node == Gemeente ? "match" : "unknown";
        var state = "";
        await TryAsync(
            async () =>
            {
                state = (await ListsAsync(node, patience.Token)).First(list => list.Flow == flow).State;
                return Ends.Contains(state);
            }, patience.Token);
        return state;
    }

    /// <summary>Waits until the register and the node's own file have been read.</summary>
    public async Task ReadyAsync(string node)
    {
        using var patience = new CancellationTokenSource(Patience);
        await TryAsync(() => RegisterIsReadAsync(patience.Token), patience.Token);
        await TryAsync(async () => (await Running.Visit(node).GetItemsAsync<LocalFileAnswer>("/v1/files", patience.Token)).Count > 0, patience.Token);
    }

    /// <summary>What the node received, as its export route gives it, without the header.</summary>
    public async Task<IReadOnlyList<string[]>> ReceivedAsync(string node)
    {
        using var patience = new CancellationTokenSource(Patience);
        var lines = "";
        await TryAsync(
            async () =>
            {
                var list = (await ListsAsync(node, patience.Token)).Single();
                lines = await (await WorkerAsync(node)).GetPageAsync($"/v1/lists/{list.Id}/export", patience.Token);
                return true;
            }, patience.Token);
        return [.. lines.Split('\n').Skip(1).Select(line => line.TrimEnd('\r')).Where(line => line.Length > 0).Select(line => line.Split(';'))];
    }

    /// <summary>Somebody of a local node who may open what it received: attested by two colleagues, with a passkey.</summary>
    public Task<PageVisitor> WorkerAsync(string node) => WorkerAsync(node, node == Gemeente ? "dossierbehandelaar" : "teamverantwoordelijke");

    /// <summary>Waits until nothing is left to do at a node but what is due later.</summary>
    public async Task UntilIdleAsync(string node)
    {
        using var patience = new CancellationTokenSource(Patience);
        // A step that is due and was not begun yet counts too; of those that come back by themselves ('all') only one that is running does.
        await TryAsync(
            () => Task.FromResult(Query(node, FormattableString.Invariant(
                $"SELECT count(*) FROM work WHERE state = 'waiting' AND (attempts > 0 OR (subject <> 'all' AND run_after <= {TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()}))")).Single() == "0"), patience.Token);
    }

    /// <summary>Waits until a node that kills itself was started again after the last time.</summary>
    /// <returns>Where it died, one line each time.</returns>
    public async Task<string[]> UntilStartedAgainAsync(string node)
    {
        using var patience = new CancellationTokenSource(Patience);
        string[] died = [];
        await TryAsync(
            () =>
            {
                died = File.ReadAllLines(Path.Combine(DataOf(node), "crashed"));
                return Task.FromResult(died.Length == Restarts);
            }, patience.Token);
        return died;
    }

    /// <summary>Reads a node's own store, beside the node.</summary>
    public IReadOnlyList<string> Query(string node, string sql)
    {
        using var store = new SqliteConnection($"Data Source={Path.Combine(DataOf(node), "node.db")};Mode=ReadOnly;Pooling=False;Default Timeout=10");
        store.Open();
        using var command = store.CreateCommand();
        command.CommandText = sql;
        using var rows = command.ExecuteReader();
        var found = new List<string>();
        while (rows.Read()) found.Add(string.Join('|', Enumerable.Range(0, rows.FieldCount).Select(column => rows.GetValue(column).ToString())));
        return found;
    }

    /// <summary>The data folder of a node.</summary>
    public string DataOf(string node) => Path.Combine(Plan.FolderOf(node), "data");

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await supervisor;
        await Running.DisposeAsync();
        stop.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private async Task SuperviseAsync()
    {
        foreach (var process in Running.Processes) process.Start();
        while (!stop.IsCancellationRequested)
        {
            foreach (var process in Running.Processes.Where(process => !process.IsRunning && !down.ContainsKey(process.Id)))
            {
                process.Start();
                Restarts++;
            }

            await Task.Delay(20, CancellationToken.None);
        }
    }

    private async Task<bool> RegisterIsReadAsync(CancellationToken cancel) =>
        (await Running.Visit(NetworkPlan.SourceId).GetJsonAsync<RegisterAnswer>("/v1/register", cancel)).Imports.Any(import => import.State == "done");

    // The answer may be lost with the node, and the hub may be down while it is sent: the page then says so, and the officer tries again.
    private async Task<bool> AccedeAsync(string node, Protocol protocol, CancellationToken cancel)
    {
        var local = Running.Visit(node, "protocolauteur");
        if (await AccessionDesk.HasAccededAsync(local, protocol, cancel)) return true;
        try
        {
            await AccessionDesk.AccedeAsync(local, Plan[node], protocol, TimeProvider.System.Today(), cancel);
            return true;
        }
        catch (PageException refused) when (refused.Status is System.Net.HttpStatusCode.UnprocessableEntity or System.Net.HttpStatusCode.OK)
        {
            // A node that never reached the hub has no text to sign: the page then has no form.
            return false;
        }
    }

    // The answer to the form may be lost with the node; what counts is whether the list stands there.
    private async Task<bool> OrderAsync(string node, string flow, CancellationToken cancel)
    {
        if ((await ListsAsync(node, cancel)).Any(list => list.Flow == flow && list.State is not ("refused" or "failed" or "expired"))) return true;
        await Running.Visit(node).SubmitAsync("/lijsten", "/lijsten", new Dictionary<string, string> { ["maand"] = Month, ["akkoord"] = "ja" }, cancel);
        return true;
    }

    private async Task<bool> ApproveAsync(string node, CancellationToken cancel)
    {
        var source = Running.Visit(NetworkPlan.SourceId);
        var request = (await source.GetItemsAsync<RequestAnswer>("/v1/requests", cancel)).SingleOrDefault(request => request.Recipient == node && request.State != "refused");
        if (request?.State is null or "new") return false;
        if (request.State != "ready") return true;
        try
        {
            await StewardDesk.ApproveAsync(source, request.Id, cancel);
            return true;
        }
        catch (PageException changed) when (changed.Status is System.Net.HttpStatusCode.Conflict or System.Net.HttpStatusCode.OK)
        {
            // A node that starts again reads its register again. What was counted before does not count then: the form is refused, or not there,
            // and the steward looks again.
            return false;
        }
    }

    private Task<List<ListAnswer>> ListsAsync(string node, CancellationToken cancel) => Running.Visit(node).GetItemsAsync<ListAnswer>("/v1/lists", cancel);

    // A node that is down is tried again; anything else that goes wrong is a failure.
    private async Task TryAsync(Func<Task<bool>> attempt, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                if (await attempt()) return;
            }
            catch (Exception gone) when (gone is HttpRequestException or System.Net.Sockets.SocketException)
            {
                // Down, or going down while it answered.
            }
            catch (PageException notNow) when (notNow.Status == System.Net.HttpStatusCode.ServiceUnavailable)
            {
                // What the node needs, such as the login, is not there yet.
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                throw new ShouldAssertException($"Not there in time. Last words: {LastWords()}");
            }

            if (cancel.IsCancellationRequested) throw new ShouldAssertException($"Not there in time. Last words: {LastWords()}");
            await Task.Delay(100, CancellationToken.None);
        }
    }

    private string LastWords() => string.Join("\n", Running.Processes.SelectMany(process => ReadShared(process.LogFile).TakeLast(4).Select(line => $"{process.Id}: {line}")));

    private static List<string> ReadShared(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }
}
