using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Keys;
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

// Hub, source and pseudonymiser as a local node sees them, in one server: what goes over the wire is made by the real library, and the
// hub does as told, also what an honest one would not.
internal sealed class OtherSide : IAsyncDisposable
{
    private static readonly string[] Awaited = ["tokens"];
    private readonly WebApplication app;
    private readonly Func<DateTimeOffset> now;

    private OtherSide(int port, Func<DateTimeOffset> now)
    {
        this.now = now;
        Url = $"http://127.0.0.1:{port}";
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.Urls.Add(Url);
    }

    public string Url { get; }

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

    public ValueTask DisposeAsync() => app.DisposeAsync();

    // Told of each question for the register or an order, in the order in which they come.
    public Action<string>? Heard { get; set; }

    // What the hub tells of the register; a test may change it.
    public IReadOnlyList<RegisterEntry> Register { get; set; } = [];

    // The register in which the organisation of the tests has joined; more documents come after.
    public void Accede(SigningKey local, string organisation, Flow flow, params string[] more)
    {
        var file = Acceding.FileOf(flow);
        var kind = flow == Flow.Match ? OrganisationKind.Municipality : OrganisationKind.PublicCentreForWelfare;
        var accession = Acceding.Ordinary(file.Protocol!, organisation, kind, "41002", BelgianTime.DayOf(now()));
        Register = Acceding.Register([.. ShippedProtocols.Files.Select(one => RegisterDocuments.DraftProtocol(one.Canonical.Span, HubKey)), .. Acceding.Documents(file, accession, local, now()), .. more], now());
    }

    private void Map()
    {
        app.MapGet(RegisterReader.Path, (long after) =>
        {
            Heard?.Invoke("register");
            return Results.Json(new RegisterPage([.. Register.Where(entry => entry.Sequence > after)], null));
        });
        app.MapPost("/v1/orders", async (HttpRequest request) =>
        {
            var compact = (string)(await JsonNode.ParseAsync(request.Body))!["order"]!;
            var id = SignedDocument.Parse<ListOrder>(compact).Value.Document.Id.ToString();
            Orders[id] = compact;
            return Results.Json(new { id, state = "requested", reasons = Array.Empty<object>() }, statusCode: 201);
        });
        app.MapGet("/v1/orders/{id}", (string id) =>
        {
            Heard?.Invoke("order");
            var state = States.Count > 1 ? States.Dequeue() : States.Peek();
            var isDelivered = TokenSets.ContainsKey(id) && state == "approved";
            return Results.Json(new
            {
                id,
                state = isDelivered ? "delivered" : state,
                reasons = state is "held" or "refused" ? new[] { new { code = "order.knownSetReview", clause = "gekend", text = "De bron kijkt dit na." } } : [],
                decision = state == "approved" ? Decision(id) : null,
                awaits = state == "approved" && !isDelivered ? Awaited : null,
            });
        });
        app.MapPut("/v1/orders/{id}/tokens", async (string id, HttpRequest request) =>
        {
            using var bytes = new MemoryStream();
            await request.Body.CopyToAsync(bytes);
            Deposits.Enqueue(bytes.ToArray());
            if (LosesTokens-- > 0) return Results.Json(new { }, statusCode: 202);
            TokenSets[id] = bytes.ToArray();
            return Results.Json(new { }, statusCode: 202);
        });
        app.MapGet("/v1/orders/{id}/package", async (string id) =>
            Results.Bytes(Encoding.ASCII.GetBytes(string.Join('\n', Attack(await DeliverAsync(id))) + "\n"), "application/x-ndjson"));
        app.MapPost("/v1/orders/{id}/receipt", async (string id, HttpRequest request) =>
        {
            Receipts[id] = (string)(await JsonNode.ParseAsync(request.Body))!["receipt"]!;
            return Results.Json(new { });
        });
        app.MapPost("/v1/evaluate", async (HttpRequest request) =>
        {
            using var bytes = new MemoryStream();
            await request.Body.CopyToAsync(bytes);
            var asked = EvaluateRequest.Parse(bytes.ToArray()).Value;
            Evaluations.Enqueue(asked.Count);
            return Results.Bytes(Spoil(Evaluate(asked)).ToJson(), "application/json");
        });
    }

    private EvaluateResponse Evaluate(EvaluateRequest request)
    {
        var evaluation = Oprf.Evaluate(request.Blinded).Value;
        return new EvaluateResponse(evaluation.Evaluated, evaluation.Proof, Oprf.PublicKey.ToArray(), Epoch.At(now()).ToString());
    }

    private string Decision(string id)
    {
        var order = SignedDocument.Parse<ListOrder>(Orders[id]).Value;
        var decision = new SourceDecision
        {
            Order = order.Hash, Id = order.Document.Id, Outcome = "permit", Reasons = [], AcceptsKnownSet = true, DecidedAt = DateTimeOffset.FromUnixTimeSeconds(now().ToUnixTimeSeconds()),
        };
        return SignedDocument.Sign(Decide(decision), Decider ?? SourceKey).Compact;
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
            Order = order, SourceKey = SourceKey, RecipientKey = Recipient, Tokens = tokens, Agreement = agreement, Band = protocol.Band, PaddedSize = 1024, Now = now(),
        };
        using var output = new MemoryStream();
        var bases = new Queue<PseudonymBase>(Finish(BlindedBatch.Of([.. Rows.SelectMany(row => row.Numbers).Append(TestNumbers.Of(899)).Select(number => Insz.Parse(number, TestNumbers.Rules))])));
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
