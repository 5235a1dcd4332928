using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Log;
using Bereik.Exchange.Oprf;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Register;
using Bereik.Exchange.Signatures;
using Bereik.Node.Registers;
using Bereik.Tests.Shared;
using Bereik.Sealing.Packages;
using Bereik.Sealing.Persons;
using Bereik.Sealing.Pseudonyms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Bereik.Local.Tests;

// A row that the source offers: the numbers that become tokens, and what is sealed.
internal sealed record OfferedRow(string[] Numbers, string Json);

// Hub, source and pseudonymiser as a local node sees them, in one server: what goes over the wire is made by the real library, the log is a real one, and the
// hub does as told, also what an honest one would not.
internal sealed class OtherSide : IAsyncDisposable
{
    private static readonly string[] Awaited = ["tokens"];
    private readonly WebApplication app;
    private readonly Func<DateTimeOffset> now;
    private readonly SemaphoreSlim telling = new(1);
    private readonly ConcurrentDictionary<string, string> decisions = new();
    private readonly ConcurrentDictionary<string, List<string>> packages = new();
    private readonly ConcurrentDictionary<string, Bytes32> handles = new();

    private OtherSide(int port, Func<DateTimeOffset> now)
    {
        this.now = now;
        Log = TestLog.Create(now);
        Url = $"http://127.0.0.1:{port}";
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.Urls.Add(Url);
    }

    public string Url { get; }

    // Referrals between this node and its partners.
    public Mailbox Mail { get; } = new();

    // Letters by the source, and what families answered.
    public LetterBox Letters { get; } = new();

    // The local node's own key, once it acceded.
    public SigningKey LocalKey { get; private set; } = null!;

    public DateTimeOffset Now => now();

    public TestLog Log { get; }

    // What the hub writes in the log instead of an entry; null writes nothing.
    public Func<LogEntry, LogEntry?> Says { get; set; } = entry => entry;

    // Done once before a package is handed out for the first time.
    public Func<string, Task> BeforePackage { get; set; } = _ => Task.CompletedTask;

    // Whether the hub takes a document for the log now.
    public Func<string, bool> TakesDocument { get; set; } = _ => true;

    // Every document for the log that came, as often as it came.
    public ConcurrentQueue<string> Documents { get; } = new();

    // The checkpoint that the source puts in a manifest; the log's own unless a test says otherwise.
    public Func<string?>? SourceCheckpoint { get; set; }

    public SigningKey HubKey { get; } = SigningKey.Generate();

    public SigningKey PseudonymiserKey { get; } = SigningKey.Generate();

    public SigningKey SourceKey { get; } = SigningKey.Generate();

    public TokenKey SourceTokenKey { get; } = TokenKey.Generate();

    public OprfServer Oprf { get; } = OprfServer.Generate();

    public SealingPublicKey Recipient { get; set; } = null!;

    public TokenPublicKey RecipientTokenKey { get; set; } = null!;

    // What the source offers for the next order.
    public IReadOnlyList<OfferedRow> Rows { get; set; } = [];

    // Changes the lines of the package before they are handed out; the first is the manifest.
    public Func<List<string>, List<string>> Attack { get; set; } = lines => lines;

    // Changes the source's decision before it is signed.
    public Func<SourceDecision, SourceDecision> Decide { get; set; } = decision => decision;

    // Whose key signs the decision; the source's own unless a test says otherwise.
    public SigningKey? Decider { get; set; }

    // Changes what the pseudonymiser answers.
    public Func<EvaluateResponse, EvaluateResponse> Spoil { get; set; } = answer => answer;

    // How many points came in each evaluation that was asked.
    public ConcurrentQueue<int> Evaluations { get; } = new();

    // What the hub says of a new order, one after another; the last stays.
    public Queue<string> States { get; } = new(["approved"]);

    // How many times the hub loses the token set that it was given.
    public int LosesTokens { get; set; }

    public ConcurrentDictionary<string, string> Orders { get; } = new();

    public ConcurrentDictionary<string, byte[]> TokenSets { get; } = new();

    // Every token set that came, also those that the hub lost.
    public ConcurrentQueue<byte[]> Deposits { get; } = new();

    public ConcurrentDictionary<string, string> Receipts { get; } = new();

    public static async Task<OtherSide> StartAsync(int port, Func<DateTimeOffset> now)
    {
        var side = new OtherSide(port, now);
        side.Map();
        await side.app.StartAsync();
        return side;
    }

    public Receipt? ReceiptOf(string order) => Receipts.TryGetValue(order, out var compact) ? SignedDocument.Parse<Receipt>(compact).Value.Document : null;

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await Log.DisposeAsync();
    }

    // Told of each question for the register or an order, in the order in which they come.
    public Action<string>? Heard { get; set; }

    // What the hub tells of the register; a test may change it.
    public IReadOnlyList<RegisterEntry> Register { get; set; } = [];

    // The register in which the organisation of the tests has joined; more documents come after.
    public async Task AccedeAsync(SigningKey local, string organisation, Flow flow, bool statesSourceKey = true, params string[] more)
    {
        LocalKey = local;
        var file = Acceding.FileOf(flow);
        var kind = flow == Flow.Match ? OrganisationKind.Municipality : OrganisationKind.PublicCentreForWelfare;
        var accession = Acceding.Ordinary(file.Protocol!, organisation, kind, "41002", BelgianTime.DayOf(now()));
        Register = Acceding.Register([.. ShippedProtocols.Files.Select(one => RegisterDocuments.DraftProtocol(one.Canonical.Span, HubKey)), .. Acceding.Documents(file, accession, local, now()), .. more], now());
        await Log.BeginAsync();
        await Log.StateKeysAsync("hub", HubKey);
        await Log.StateKeysAsync("pseudonymiser", PseudonymiserKey);
        if (statesSourceKey) await Log.StateKeysAsync("opgroeien", SourceKey, token: SourceTokenKey.PublicKey);
        await Log.StateKeysAsync(organisation, local);
    }

    private void Map()
    {
        Log.Map(app);
        Mail.Map(app);
        Letters.Map(app, () => LocalKey.PublicKey);
        app.MapPost("/v1/token", () => Results.Json(new { access_token = "held", token_type = "Bearer", expires_in = 300 }));
        app.MapPost("/v1/log-documents", async (HttpContext context) =>
        {
            var document = (string)(await JsonNode.ParseAsync(context.Request.Body))!["document"]!;
            Documents.Enqueue(document);
            if (!TakesDocument(document)) return Results.StatusCode(503);
            var position = await Log.AddAsync(document);
            context.Response.Headers.Append("Bereik-Log-Entry", TestLog.Promise(position));
            return Results.Json(new { index = position.Index });
        });
        app.MapGet(RegisterReader.Path, async (long after) =>
        {
            Heard?.Invoke("register");
            var register = Register;
            await OnceAsync(() => Log.RegisterAsync(register));
            return Results.Json(new RegisterPage([.. register.Where(entry => entry.Sequence > after)], null));
        });
        app.MapPost("/v1/orders", async (HttpRequest request) =>
        {
            var compact = (string)(await JsonNode.ParseAsync(request.Body))!["order"]!;
            var order = SignedDocument.Parse<ListOrder>(compact).Value;
            var id = order.Document.Id.ToString();
            await SayAsync(new LogEntry.OrderPlaced
            {
                By = order.Document.Recipient, At = Second(), Order = order.Document.Id, Hash = order.Hash, Flow = order.Document.Flow, Protocol = order.Document.Protocol,
                ProtocolVersion = order.Document.ProtocolVersion, ProtocolHash = order.Document.ProtocolHash, Source = order.Document.Source, Nis = order.Document.Nis,
                ReferenceMonth = order.Document.ReferenceMonth, Epoch = order.Document.Epoch, Outcome = States.Peek() == "held" ? "hold" : "permit", Reasons = [],
            });
            Orders[id] = compact;
            return Results.Json(new { id, state = "requested", reasons = Array.Empty<object>() }, statusCode: 201);
        });
        app.MapGet("/v1/orders/{id}", async (string id) =>
        {
            Heard?.Invoke("order");
            if (Letters.Openings.TryGetValue(id, out var opening)) return Results.Json(new { id, state = Letters.Closed.ContainsKey(id) ? "closed" : "open", reasons = Array.Empty<object>(), decision = await DecisionAsync(id), opening, invited = 1 });
            var state = States.Count > 1 ? States.Dequeue() : States.Peek();
            var isDelivered = TokenSets.ContainsKey(id) && state == "approved";
            var decision = state == "approved" ? await DecisionAsync(id) : null;
            return Results.Json(new
            {
                id,
                state = isDelivered ? "delivered" : state,
                reasons = state is "held" or "refused" ? new[] { new { code = "order.knownSetReview", clause = "gekend", text = "De bron kijkt dit na." } } : [],
                decision,
                awaits = state == "approved" && !isDelivered ? Awaited : null,
            });
        });
        app.MapPut("/v1/orders/{id}/tokens", async (string id, HttpRequest request) =>
        {
            using var bytes = new MemoryStream();
            await request.Body.CopyToAsync(bytes);
            Deposits.Enqueue(bytes.ToArray());
            await SayAsync(new LogEntry.TokensDeposited { By = SignedDocument.Parse<ListOrder>(Orders[id]).Value.Document.Recipient, At = Second(), Order = Guid.Parse(id), Outcome = "permit", Reasons = [] });
            if (LosesTokens-- > 0) return Results.Json(new { }, statusCode: 202);
            TokenSets[id] = bytes.ToArray();
            return Results.Json(new { }, statusCode: 202);
        });
        app.MapGet("/v1/orders/{id}/package", async (string id) =>
        {
            List<string> lines = [];
            await OnceAsync(async () => lines = await PackageAsync(id));
            return Results.Bytes(Encoding.ASCII.GetBytes(string.Join('\n', Attack([.. lines])) + "\n"), "application/x-ndjson");
        });
        app.MapPost("/v1/orders/{id}/receipt", async (string id, HttpRequest request) =>
        {
            var receipt = (string)(await JsonNode.ParseAsync(request.Body))!["receipt"]!;
            var order = SignedDocument.Parse<ListOrder>(Orders[id]).Value.Document;
            await SayAsync(new LogEntry.ReceiptTaken { By = order.Recipient, At = Second(), Order = order.Id, Document = receipt });
            if (handles.TryGetValue(id, out var handle)) await SayAsync(new LogEntry.PackageDestroyed { By = "hub", At = Second(), Order = order.Id, Handle = handle });
            Receipts[id] = receipt;
            return Results.Json(new { });
        });
        app.MapPost("/v1/evaluate", async (HttpContext context) =>
        {
            using var bytes = new MemoryStream();
            await context.Request.Body.CopyToAsync(bytes);
            var asked = EvaluateRequest.Parse(bytes.ToArray()).Value;
            Evaluations.Enqueue(asked.Count);
            context.Response.Headers["Bereik-Checkpoint"] = Log.CheckpointHeader;
            return Results.Bytes(Spoil(Evaluate(asked)).ToJson(), "application/json");
        });
    }

    // INVARIANT of an honest hub: what it does is in the log before anybody is answered.
    private Task SayAsync(LogEntry entry) => Says(entry) is { } said ? Log.AppendAsync(said) : Task.CompletedTask;

    private async Task OnceAsync(Func<Task> act)
    {
        await telling.WaitAsync();
        try
        {
            await act();
        }
        finally
        {
            telling.Release();
        }
    }

    private DateTimeOffset Second() => DateTimeOffset.FromUnixTimeSeconds(now().ToUnixTimeSeconds());

    private EvaluateResponse Evaluate(EvaluateRequest request)
    {
        var evaluation = Oprf.Evaluate(request.Blinded).Value;
        return new EvaluateResponse(evaluation.Evaluated, evaluation.Proof, Oprf.PublicKey.ToArray(), Epoch.At(now()).ToString());
    }

    // The decision is signed once; it is as the source's own that the log has it.
    private async Task<string> DecisionAsync(string id)
    {
        await OnceAsync(async () =>
        {
            if (decisions.ContainsKey(id)) return;
            var order = SignedDocument.Parse<ListOrder>(Orders[id]).Value;
            var decision = new SourceDecision { Order = order.Hash, Id = order.Document.Id, Outcome = "permit", Reasons = [], AcceptsKnownSet = true, DecidedAt = Second() };
            var signed = SignedDocument.Sign(Decide(decision), Decider ?? SourceKey).Compact;
            await SayAsync(new LogEntry.OrderDecided { By = "opgroeien", At = Second(), Order = order.Document.Id, Document = signed });
            decisions[id] = signed;
        });
        return decisions[id];
    }

    // The package is sealed once, and counts as delivered when it is first handed out.
    private async Task<List<string>> PackageAsync(string id)
    {
        if (packages.TryGetValue(id, out var made)) return made;
        await BeforePackage(id);
        var lines = await DeliverAsync(id);
        var manifest = SignedDocument.Parse<Manifest>((string)JsonNode.Parse(lines[0])!["manifest"]!).Value;
        var (order, handle) = (Guid.Parse(id), Bytes32.Random());
        await SayAsync(new LogEntry.EnvelopeDeposited { By = "opgroeien", At = Second(), Order = order, Manifest = manifest.Hash, Outcome = "permit", Reasons = [] });
        await SayAsync(new LogEntry.ExchangeMatched { By = "hub", At = Second(), Order = order, Outcome = "permit", Reasons = [] });
        await SayAsync(new LogEntry.PackageDelivered { By = "hub", At = Second(), Order = order, Handle = handle, Manifest = manifest.Hash });
        handles[id] = handle;
        return packages[id] = lines;
    }

    // The envelope of the source, and of it what an honest hub delivers.
    private async Task<List<string>> DeliverAsync(string id)
    {
        var order = SignedDocument.Parse<ListOrder>(Orders[id]).Value;
        using var pair = Pair.Derive(SourceTokenKey, RecipientTokenKey);
        using var tokens = new TokenMaker(pair, order.Context);
        using var agreement = Finish(BlindedBatch.OfAgreement())[0];
        var known = TokenSets[id];
        var protocol = ShippedProtocols.Of(order.Document.Flow == "match" ? Flow.Match : Flow.Unknown);
        var task = new EnvelopeTask
        {
            Order = order, SourceKey = SourceKey, RecipientKey = Recipient, Tokens = tokens, Agreement = agreement, Band = protocol.Band, PaddedSize = 1024, Checkpoint = SourceCheckpoint is null ? Log.Checkpoint : SourceCheckpoint(), Now = now(),
        };
        using var output = new MemoryStream();
        var numbers = Rows.SelectMany(row => row.Numbers).Append(TestNumbers.Of(899)).Select(number => Insz.Parse(number, TestNumbers.Rules));
        var bases = new Queue<PseudonymBase>(numbers.Chunk(BlindedBatch.MaxInputs).SelectMany(chunk => Finish(BlindedBatch.Of([.. chunk]))));
        var rows = Rows.Select(row => new SourceRow(
            [.. row.Numbers.Select(_ => tokens.Token(bases.Dequeue()))], order.Document.Flow == "match" ? default : Encoding.UTF8.GetBytes(row.Json))).ToList();
        await EnvelopeWriter.WriteAsync(task, rows.Count, at => rows[at], output, Path.GetTempPath(), CancellationToken.None);
        var lines = Encoding.ASCII.GetString(output.ToArray()).TrimEnd('\n').Split('\n').ToList();
        var set = Encoding.ASCII.GetString(known);
        return [lines[0], .. lines.Skip(1).Where(line => IsKnown(line, set) == (order.Document.Flow == "match"))];
    }

    private static bool IsKnown(string line, string set) =>
        JsonNode.Parse(line)!["tokens"]!.AsArray().Any(token => set.Contains($"\"{(string)token!}\"\n", StringComparison.Ordinal));

    private IReadOnlyList<PseudonymBase> Finish(BlindedBatch batch)
    {
        using (batch)
        {
            return batch.Finish(Evaluate(batch.Request), Oprf.PublicKey, Epoch.At(now()).ToString()).Value;
        }
    }
}
