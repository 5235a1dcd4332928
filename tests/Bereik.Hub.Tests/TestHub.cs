using Shouldly;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Log;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Signatures;
using Bereik.Hub.Log;
using Bereik.Hub.Storage;
using Bereik.Node.Logs;
using Bereik.Node.Registers;
using Bereik.Tests.Shared;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Bereik.Hub.Tests;

// A hub with one source, a gemeente and an OCMW, and what they say to it.
internal sealed class TestHub : IAsyncDisposable
{
    private RunningNode node = null!;
    private Func<Task<RunningNode>> start = null!;

    public Party Hub { get; private init; } = new("hub", "hub");

    // Its witness is silent, unless a test gives it one.
    public Party Pseudonymiser { get; private init; } = new("pseudonymiser", "pseudonymiser");

    public Party Source { get; } = new("opgroeien", "source");

    public Party OtherSource { get; } = new("andere-bron", "source");

    public Party Municipality { get; } = new("gemeente-aalst", "municipality") { Nis = ["41002"] };

    public Party Welfare { get; private init; } = new("ocmw-aalst", "publicCentreForWelfare") { Nis = ["41002"] };

    public RunningNode Node => node;

    public MovableClock Clock => node.Clock;

    public string DataFolder => Path.Combine(node.Folder, "data");

    // What is served under /log/.
    public string LogFolder => Path.Combine(DataFolder, "log");

    public static async Task<TestHub> StartAsync(
        Action<JsonObject>? change = null, string? welfareOperator = null, bool acceded = true, Party? pseudonymiser = null, Action<IServiceCollection>? more = null, bool stated = true)
    {
        var hub = new TestHub
        {
            Welfare = welfareOperator is null ? new Party("ocmw-aalst", "publicCentreForWelfare") { Nis = ["41002"] } : new Party("ocmw-aalst", "publicCentreForWelfare") { Nis = ["41002"], Operator = welfareOperator },
            Pseudonymiser = pseudonymiser ?? new Party("pseudonymiser", "pseudonymiser"),
        };
        var folder = RunningNode.NewFolder();
        var port = RunningNode.FreePort();
        var file = RunningNode.WriteSettings(folder, hub.Hub, $"http://127.0.0.1:{port}", [hub.Pseudonymiser, hub.Source, hub.OtherSource, hub.Municipality, hub.Welfare], change);
        var clock = new MovableClock(new DateTimeOffset(2026, 11, 20, 10, 0, 0, TimeSpan.Zero));
        hub.start = () => RunningNode.StartAsync<HubSettings, HubDatabase>(
            folder, port, file, clock,
            (application, problems) =>
            {
                HubServices.Add(application, problems);
                more?.Invoke(application.Services);
            },
            Routes.Map, HubServices.StartAsync);
        hub.node = await hub.start();
        foreach (var party in stated ? [hub.Pseudonymiser, hub.Source, hub.OtherSource, hub.Municipality, hub.Welfare] : Array.Empty<Party>()) (await hub.BringAsync(party.Statement(clock.GetUtcNow()))).EnsureSuccessStatusCode();
        if (!acceded) return hub;
        foreach (var flow in new[] { Flow.Match, Flow.Unknown }) await hub.AccedeAsync(hub.RecipientOf(flow), flow);
        return hub;
    }

    // Ends the hub; what it wrote stays.
    public async Task StopAsync() => await node.DisposeAsync();

    // Starts it again on what it wrote. Throws when it does not start.
    public async Task AgainAsync() => node = await start();

    // Every entry of the log so far, each verified against the published checkpoint.
    public async Task<List<LogEntry>> EntriesAsync()
    {
        var log = node.Services.GetRequiredService<HubLog>();
        var entries = new List<LogEntry>();
        await foreach (var bytes in log.ReadAsync(0, log.Size!.Value, CancellationToken.None)) entries.Add(LogEntryFormat.Read(bytes.Span).Value);
        return entries;
    }

    public async Task<List<LogEntry>> EntriesAsync(SignedDocument<ListOrder> order) => [.. (await EntriesAsync()).Where(entry => entry is IOrderEntry about && about.Order == order.Document.Id)];

    // The handle of a disclosure, as the log tells it.
    public async Task<LogEntry.PackageDelivered> DeliveryAsync(SignedDocument<ListOrder> order) => (await EntriesAsync(order)).OfType<LogEntry.PackageDelivered>().Single();

    // Brings a document for the log; whoever carries it needs no name.
    public Task<HttpResponseMessage> BringAsync(string compact) => node.SendAsync(HttpMethod.Post, LogDesk.Path, Document("document", compact), null);

    public async Task<string> RootOfAsync(SignedDocument<ListOrder> order, Func<PersonsRoot, PersonsRoot>? change = null, Party? signer = null)
    {
        var delivery = await DeliveryAsync(order);
        var protocol = ShippedProtocols.Find(order.Document.Protocol, order.Document.ProtocolVersion)!;
        var root = new PersonsRoot
        {
            Order = order.Document.Id, Handle = delivery.Handle, Manifest = delivery.Manifest, Root = Bytes32.Random(), Slots = protocol.Band, EraseBy = BelgianTime.DayOf(Clock.GetUtcNow()).AddDays(28), At = Clock.Second(),
        };
        return SignedDocument.Sign(change?.Invoke(root) ?? root, (signer ?? OfRecipient(order)).Signing).Compact;
    }

    // The root over a package, as its local node sends it.
    public async Task RootAsync(SignedDocument<ListOrder> order) => (await BringAsync(await RootOfAsync(order))).EnsureSuccessStatusCode();

    public string RoundOf(Party local, DateOnly? day = null, Party? signer = null) => SignedDocument.Sign(
        new RoundRoots
        {
            Organisation = local.Id, Day = day ?? BelgianTime.DayOf(Clock.GetUtcNow()), Accesses = Bytes32.Random(), Consents = Bytes32.Random(), Withdrawals = Bytes32.Random(), Erasures = Bytes32.Random(), At = Clock.Second(),
        },
        (signer ?? local).Signing).Compact;

    // The roots of today.
    public async Task RoundAsync(Party local) => (await BringAsync(RoundOf(local))).EnsureSuccessStatusCode();

    // A whole exchange up to the package that was fetched.
    public async Task<(SignedDocument<ListOrder> Order, SignedDocument<Manifest> Manifest)> FetchedAsync(Flow flow, int delivered = 64, int known = 3, Month? month = null, Func<ListOrder, ListOrder>? change = null)
    {
        var order = await ApprovedAsync(flow, month, change);
        var agreement = Token.Random();
        var ours = Enumerable.Range(0, known).Select(_ => Token.Random()).ToList();
        List<Token[]> rows = [.. TestEnvelope.RandomRows(delivered), .. ours.Select(token => TestEnvelope.Row(token))];
        var envelope = TestEnvelope.Of(this, order, agreement, rows);
        (await PutTokensAsync(order, await TestEnvelope.TokensAsync(agreement, ours, flow))).EnsureSuccessStatusCode();
        (await PutEnvelopeAsync(order, envelope.ToBytes())).EnsureSuccessStatusCode();
        (await StateAfterMatchAsync(order)).ShouldBe("delivered");
        (await PackageAsync(order)).EnsureSuccessStatusCode();
        return (order, envelope.Manifest);
    }

    // The text, signed, and the act: what a local government sends to join.
    public async Task AccedeAsync(Party local, Flow flow, Func<Accession, Accession>? change = null)
    {
        var file = Acceding.FileOf(flow);
        var accession = Acceding.Ordinary(file.Protocol!, local.Id, local.Kind == "municipality" ? OrganisationKind.Municipality : OrganisationKind.PublicCentreForWelfare, "41002", BelgianTime.DayOf(Clock.GetUtcNow()));
        foreach (var document in Acceding.Documents(file, change?.Invoke(accession) ?? accession, local.Signing, Clock.GetUtcNow())) (await TellAsync(document)).EnsureSuccessStatusCode();
    }

    // Brings a signed step to the register; whoever carries it needs no name.
    public Task<HttpResponseMessage> TellAsync(string document) => node.SendAsync(HttpMethod.Post, RegisterReader.Path, Document("event", document), null);

    public Party RecipientOf(Flow flow) => flow == Flow.Match ? Municipality : Welfare;

    public ListOrder NewOrder(Flow flow, Month? month = null)
    {
        var protocol = ShippedProtocols.Of(flow);
        Bytes32.TryParse(protocol.Hash, out var hash).ShouldBeTrue();
        var now = Clock.Second();
        return new ListOrder
        {
            Id = Guid.NewGuid(),
            Nonce = Bytes32.Random(),
            Flow = flow.WireName(),
            Protocol = protocol.Id,
            ProtocolVersion = protocol.Version,
            ProtocolHash = hash,
            Epoch = "2026Q4",
            Source = Source.Id,
            Recipient = RecipientOf(flow).Id,
            Nis = "41002",
            ReferenceMonth = (month ?? new Month(2026, 10)).ToString(),
            KnownCount = 20,
            Checkpoint = Checkpoint(),
            IssuedAt = now,
            ExpiresAt = now.AddDays(7),
        };
    }

    // The log's present checkpoint, as it is served.
    public string Checkpoint() => File.ReadAllText(Path.Combine(LogFolder, "checkpoint"));

    public Task<HttpResponseMessage> SendAsync(Party caller, HttpMethod method, string path, byte[]? body = null) => node.SendAsync(caller, Hub.Id, method, path, body);

    public Task<HttpResponseMessage> PlaceAsync(Party caller, string compact) => SendAsync(caller, HttpMethod.Post, "/v1/orders", Document("order", compact));

    public Task<HttpResponseMessage> PlaceAsync(Party caller, ListOrder order) => PlaceAsync(caller, SignedDocument.Sign(order, caller.Signing).Compact);

    public async Task<SignedDocument<ListOrder>> PlacedAsync(Flow flow, Month? month = null, Func<ListOrder, ListOrder>? change = null)
    {
        var order = NewOrder(flow, month);
        var signed = SignedDocument.Sign(change?.Invoke(order) ?? order, RecipientOf(flow).Signing);
        (await PlaceAsync(RecipientOf(flow), signed.Compact)).EnsureSuccessStatusCode();
        return signed;
    }

    public string Decision(SignedDocument<ListOrder> order, string outcome = "permit", bool accepts = false, Func<SourceDecision, SourceDecision>? change = null)
    {
        var decision = new SourceDecision
        {
            Order = order.Hash,
            Id = order.Document.Id,
            Outcome = outcome,
            Reasons = outcome == "permit" ? [] : [new DecisionReason { Code = "source.ground", Text = "De bron weigert." }],
            AcceptsKnownSet = accepts,
            DecidedAt = Clock.Second(),
        };
        return SignedDocument.Sign(change?.Invoke(decision) ?? decision, Source.Signing).Compact;
    }

    public Task<HttpResponseMessage> DecideAsync(Guid id, string compact) => SendAsync(Source, HttpMethod.Post, $"/v1/orders/{id}/decision", Document("decision", compact));

    public async Task<SignedDocument<ListOrder>> ApprovedAsync(Flow flow, Month? month = null, Func<ListOrder, ListOrder>? change = null)
    {
        var order = await PlacedAsync(flow, month, change);
        (await DecideAsync(order.Document.Id, Decision(order, accepts: true))).EnsureSuccessStatusCode();
        return order;
    }

    public Task<HttpResponseMessage> PutTokensAsync(SignedDocument<ListOrder> order, byte[] set) =>
        SendAsync(OfRecipient(order), HttpMethod.Put, $"/v1/orders/{order.Document.Id}/tokens", set);

    public Task<HttpResponseMessage> PutEnvelopeAsync(SignedDocument<ListOrder> order, byte[] envelope) =>
        SendAsync(Source, HttpMethod.Put, $"/v1/orders/{order.Document.Id}/envelope", envelope);

    public Task<HttpResponseMessage> PackageAsync(SignedDocument<ListOrder> order) => SendAsync(OfRecipient(order), HttpMethod.Get, $"/v1/orders/{order.Document.Id}/package");

    public async Task<string> StateAsync(Party caller, SignedDocument<ListOrder> order) =>
        (string)(await (await SendAsync(caller, HttpMethod.Get, $"/v1/orders/{order.Document.Id}")).JsonAsync())["state"]!;

    public async Task<string> StateAfterMatchAsync(SignedDocument<ListOrder> order)
    {
        for (var i = 0; i < 400; i++)
        {
            var state = await StateAsync(OfRecipient(order), order);
            if (state != "approved") return state;
            await Task.Delay(25);
        }

        throw new TimeoutException("The set operation did not end.");
    }

    public Task<HttpResponseMessage> ReceiveAsync(SignedDocument<ListOrder> order, Bytes32 manifestHash, string outcome = "received") => SendAsync(
        OfRecipient(order), HttpMethod.Post, $"/v1/orders/{order.Document.Id}/receipt",
        Document("receipt", SignedDocument.Sign(new Receipt { Id = order.Document.Id, ManifestHash = manifestHash, Outcome = outcome, Code = outcome == "rejected" ? "row.tampered" : null, At = Clock.Second() }, OfRecipient(order).Signing).Compact));

    public Party OfRecipient(SignedDocument<ListOrder> order) => order.Document.Recipient == Municipality.Id ? Municipality : Welfare;

    public static byte[] Document(string member, string compact) => JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { [member] = compact });

    // Another connection on the hub's store, past the hub's own code.
    public SqliteConnection OpenStore()
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(DataFolder, "node.db")};Pooling=False;Default Timeout=30");
        connection.Open();
        return connection;
    }

    public long Count(string sql)
    {
        using var store = OpenStore();
        using var command = store.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    public List<string> Events(SignedDocument<ListOrder> order)
    {
        using var store = OpenStore();
        using var command = store.CreateCommand();
        command.CommandText = "SELECT trim(kind || ' ' || reasons) FROM order_event WHERE order_id = $id ORDER BY sequence";
        command.Parameters.AddWithValue("$id", order.Document.Id.ToString("D"));
        using var reader = command.ExecuteReader();
        var kinds = new List<string>();
        while (reader.Read()) kinds.Add(reader.GetString(0));
        return kinds;
    }

    // Waits until deleted bytes are out of the write-ahead log too.
    public async Task ScrubbedAsync()
    {
        for (var i = 0; i < 400; i++)
        {
            if (Count("SELECT count(*) FROM work WHERE kind = 'store.scrub' AND state = 'waiting'") == 0) return;
            await Task.Delay(25);
        }

        throw new TimeoutException("The store was not scrubbed.");
    }

    // Whether any file in the data folder holds these bytes, raw or as base64url.
    public bool StoreHolds(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.ASCII.GetBytes(StrictBase64Url.Encode(bytes));
        foreach (var file in Directory.EnumerateFiles(DataFolder, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) is not ("node.lock" or "lock")))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var content = new byte[stream.Length];
            stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            if (content.AsSpan().IndexOf(bytes) >= 0 || content.AsSpan().IndexOf(text) >= 0) return true;
        }

        return false;
    }

    public async ValueTask DisposeAsync()
    {
        await node.DisposeAsync();
        foreach (var party in new[] { Hub, Pseudonymiser, Source, OtherSource, Municipality, Welfare }) party.Dispose();
    }
}
