using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Oprf;
using Bereik.Exchange.Signatures;
using Bereik.Node.Registers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Bereik.Source.Tests;

// Hub and pseudonymiser as the source sees them, in one server of the tests: it keeps what it receives and checks no caller.
internal sealed class FakeHub : IAsyncDisposable
{
    private readonly List<(string Id, string Order, string State)> orders = [];
    private WebApplication app = null!;

    private FakeHub()
    {
    }

    public string Url { get; private set; } = "";

    public ConcurrentDictionary<string, string> Decisions { get; } = new();

    public ConcurrentDictionary<string, byte[]> Envelopes { get; } = new();

    // What the hub tells of the register; a test may add to it.
    public IReadOnlyList<RegisterEntry> Register { get; set; } = [];

    // Told of each question for the register or the orders, in the order in which they come.
    public Action<string>? Heard { get; set; }

    // While false, deposits are answered as by a hub that cannot work now.
    public volatile bool TakesDeposits = true;

    public static async Task<FakeHub> StartAsync(OprfServer oprf, int port, IReadOnlyList<RegisterEntry> register)
    {
        var hub = new FakeHub { Register = register, Url = $"http://127.0.0.1:{port}" };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        hub.app = builder.Build();
        hub.app.Urls.Add(hub.Url);
        hub.app.MapGet(RegisterReader.Path, (long after) =>
        {
            hub.Heard?.Invoke("register");
            return Results.Json(new RegisterPage([.. hub.Register.Where(entry => entry.Sequence > after)], null));
        });
        hub.app.MapGet("/v1/orders", hub.List);
        hub.app.MapPost("/v1/orders/{id}/decision", async (string id, HttpRequest request) =>
        {
            hub.Decisions[id] = (string)(await JsonNode.ParseAsync(request.Body))!["decision"]!;
            return Results.Ok();
        });
        hub.app.MapPut("/v1/orders/{id}/envelope", async (string id, HttpRequest request) =>
        {
            if (!hub.TakesDeposits) return Results.StatusCode((int)HttpStatusCode.ServiceUnavailable);
            using var bytes = new MemoryStream();
            await request.Body.CopyToAsync(bytes);
            hub.Envelopes[id] = bytes.ToArray();
            return Results.Accepted();
        });
        hub.app.MapPost("/v1/evaluate", (HttpRequest request) => Pseudonymiser.EvaluateAsync(oprf, request));
        await hub.app.StartAsync();
        return hub;
    }

    public void Place(string id, string compact, string state = "requested")
    {
        lock (orders) orders.Add((id, compact, state));
    }

    public SourceDecision Decision(Guid id) => SignedDocument.Parse<SourceDecision>(Decisions[id.ToString()]).Value.Document;

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private IResult List(long after)
    {
        Heard?.Invoke("orders");
        lock (orders)
        {
            var items = orders.Select((order, at) => (order, sequence: at + 1L)).Where(entry => entry.sequence > after)
                .Select(entry => new { entry.sequence, id = entry.order.Id, order = entry.order.Order, state = entry.order.State, reasons = Array.Empty<object>() });
            return Results.Json(new { items });
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
