using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Envelopes;
using Bereik.Exchange.Oprf;
using Bereik.Exchange.Signatures;
using Bereik.Node.Registers;
using Bereik.Tests.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Bereik.Source.Tests;

// Hub and pseudonymiser as the source sees them, in one server of the tests: it keeps what it receives and checks no caller. Its log is a real one.
internal sealed class FakeHub : IAsyncDisposable
{
    private readonly List<(string Id, string Order, string State)> orders = [];
    private readonly ConcurrentDictionary<string, bool> unlogged = new();
    private readonly SemaphoreSlim logging = new(1);
    private WebApplication app = null!;
    private int logged;
    private int registerAsked;

    private FakeHub(TestLog log) => (Log, Cosigned) = (log, () => log.CheckpointHeader);

    public TestLog Log { get; }

    public ConcurrentDictionary<string, string> Decisions { get; } = new();

    public ConcurrentDictionary<string, byte[]> Envelopes { get; } = new();

    // What lies there of each wave, by part.
    public ConcurrentDictionary<(string Wave, int Part), byte[]> Invitations { get; } = new();

    public ConcurrentDictionary<string, string> Openings { get; } = new();

    // What the hub has to say of letters, and up to which it was told that it was taken.
    public ConcurrentQueue<(long Sequence, string Wave, string Kind, string? Number)> Messages { get; } = new();

    public long Taken;

    // What the hub tells of the register; a test may add to it.
    public IReadOnlyList<RegisterEntry> Register { get; set; } = [];

    // How often the register was asked for: by every poll, whatever the poll does then.
    public int RegisterAsked => registerAsked;

    // Told of each question for the register or the orders, in the order in which they come.
    public Action<string>? Heard { get; set; }

    // What the pseudonymiser says that it cosigned last; null for nothing.
    public Func<string?> Cosigned { get; set; }

    // While false, deposits are answered as by a hub that cannot work now.
    public volatile bool TakesDeposits = true;

    // While false, decisions are taken and not put in the log.
    public volatile bool LogsDecisions = true;

    public static async Task<FakeHub> StartAsync(Parties parties, MovableClock clock)
    {
        var log = TestLog.Create(clock.GetUtcNow, parties.Hub.Id, parties.LogKey, parties.WitnessKey);
        var hub = new FakeHub(log) { Register = parties.Register };
        await log.BeginAsync();
        await log.StateKeysAsync(parties.Hub.Id, parties.Hub.Signing);
        await log.StateKeysAsync(parties.Pseudonymiser.Id, parties.Pseudonymiser.Signing);
        foreach (var local in new[] { parties.Municipality, parties.Welfare }) await log.StateKeysAsync(local.Id, local.Signing, local.Sealing.PublicKey, local.Token.PublicKey);
        await log.RegisterAsync(hub.Register);
        parties.Checkpoint = () => log.Checkpoint;

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        hub.app = builder.Build();
        hub.app.Urls.Add(parties.HubUrl);
        log.Map(hub.app);
        log.MapDocuments(hub.app);
        hub.app.MapPost("/v1/token", () => Results.Json(new { access_token = "held", token_type = "Bearer", expires_in = 300 }));
        hub.app.MapGet(RegisterReader.Path, async (long after) =>
        {
            hub.Heard?.Invoke("register");
            Interlocked.Increment(ref hub.registerAsked);
            var register = hub.Register;
            await hub.LogAsync(() => log.RegisterAsync(register));
            return Results.Json(new RegisterPage([.. register.Where(entry => entry.Sequence > after)], null));
        });
        hub.app.MapGet("/v1/orders", hub.ListAsync);
        hub.app.MapPost("/v1/orders/{id}/decision", async (string id, HttpRequest request) =>
        {
            var decision = (string)(await JsonNode.ParseAsync(request.Body))!["decision"]!;
            if (hub.LogsDecisions) await log.DecidedAsync(decision);
            hub.Decisions[id] = decision;
            return Results.Ok();
        });
        hub.app.MapPut("/v1/orders/{id}/envelope", async (string id, HttpRequest request) =>
        {
            if (!hub.TakesDeposits) return Results.StatusCode((int)HttpStatusCode.ServiceUnavailable);
            using var bytes = new MemoryStream();
            await request.Body.CopyToAsync(bytes);
            bytes.Position = 0;
            await log.EnvelopeAsync((await new EnvelopeReader(bytes).ReadManifestAsync(CancellationToken.None)).Value);
            hub.Envelopes[id] = bytes.ToArray();
            return Results.Accepted();
        });
        hub.app.MapPut("/v1/orders/{id}/invitations/{part:int}", async (string id, int part, HttpRequest request) =>
        {
            if (!hub.TakesDeposits) return Results.StatusCode((int)HttpStatusCode.ServiceUnavailable);
            using var bytes = new MemoryStream();
            await request.Body.CopyToAsync(bytes);
            hub.Invitations[(id, part)] = bytes.ToArray();
            return Results.Json(new { digest = Bytes32.Sha256(bytes.ToArray()).ToString() }, statusCode: (int)HttpStatusCode.Accepted);
        });
        hub.app.MapPost("/v1/orders/{id}/opening", async (string id, HttpRequest request) =>
        {
            if (!hub.TakesDeposits) return Results.StatusCode((int)HttpStatusCode.ServiceUnavailable);
            var opening = (string)(await JsonNode.ParseAsync(request.Body))!["opening"]!;
            if (hub.Openings.TryAdd(id, opening)) await log.OpenedAsync(SignedDocument.Parse<WaveOpening>(opening).Value, parties.Source.Id);
            return Results.Ok();
        });
        hub.app.MapGet("/v1/messages", (long after) => Results.Json(new { items = hub.Messages.Where(one => one.Sequence > after && one.Sequence > hub.Taken).Select(one => new { sequence = one.Sequence, wave = one.Wave, kind = one.Kind, number = one.Number }) }));
        hub.app.MapPost("/v1/messages/taken", async (HttpRequest request) =>
        {
            hub.Taken = (long)(await JsonNode.ParseAsync(request.Body))!["upTo"]!;
            return Results.Ok();
        });
        hub.app.MapPost("/v1/evaluate", async (HttpContext context) =>
        {
            if (hub.Cosigned() is { } note) context.Response.Headers["Bereik-Checkpoint"] = note;
            return await Pseudonymiser.EvaluateAsync(parties.Oprf, context.Request);
        });
        await hub.app.StartAsync();
        return hub;
    }

    // Placed, and in the log before the hub tells it; a test may keep it out.
    public void Place(string id, string compact, string state = "requested", bool isLogged = true)
    {
        if (!isLogged) unlogged[compact] = true;
        lock (orders) orders.Add((id, compact, state));
    }

    public SourceDecision Decision(Guid id) => SignedDocument.Parse<SourceDecision>(Decisions[id.ToString()]).Value.Document;

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await Log.DisposeAsync();
    }

    private async Task<IResult> ListAsync(long after)
    {
        Heard?.Invoke("orders");
        List<(string Id, string Order, string State)> all;
        lock (orders) all = [.. orders];

        // INVARIANT of an honest hub: what it tells is in the log before.
        await LogAsync(async () =>
        {
            foreach (var order in all.Skip(logged))
            {
                if (!unlogged.ContainsKey(order.Order) && SignedDocument.Parse<ListOrder>(order.Order).TryGet(out var signed, out _)) await Log.PlacedAsync(signed);
            }

            logged = all.Count;
        });
        var items = all.Select((order, at) => (order, sequence: at + 1L)).Where(entry => entry.sequence > after)
            .Select(entry => new { entry.sequence, id = entry.order.Id, order = entry.order.Order, state = entry.order.State, reasons = Array.Empty<object>() });
        return Results.Json(new { items });
    }

    private async Task LogAsync(Func<Task> log)
    {
        await logging.WaitAsync();
        try
        {
            await log();
        }
        finally
        {
            logging.Release();
        }
    }
}

// The pseudonymiser as the source sees it; it checks no caller.
internal static class Pseudonymiser
{
    public static async Task<IResult> EvaluateAsync(OprfServer oprf, HttpRequest request)
    {
        using var bytes = new MemoryStream();
        await request.Body.CopyToAsync(bytes);
        var evaluation = oprf.Evaluate(EvaluateRequest.Parse(bytes.ToArray()).Value.Blinded).Value;
        return Results.Bytes(new EvaluateResponse(evaluation.Evaluated, evaluation.Proof, oprf.PublicKey.ToArray(), "2026Q4").ToJson(), "application/json");
    }
}
