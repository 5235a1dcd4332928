using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Signatures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Shouldly;

namespace Bereik.Local.Tests;

// The hub's part of letters, as one OCMW sees it: waves that are open, yeses, and what is said of them. Whether it does it well is tested with the hub itself.
internal sealed class LetterBox
{
    private long changed;

    public ConcurrentDictionary<Guid, Yes> Answers { get; } = new();

    // The source's openings, by order.
    public ConcurrentDictionary<string, string> Openings { get; } = new();

    public ConcurrentDictionary<string, bool> Closed { get; } = new();

    // Whether the hub answers now, and whether it takes steps.
    public bool IsOpen { get; set; } = true;

    public bool TakesSteps { get; set; } = true;

    // How often a step came and its answer was lost on the way back.
    public int LosesAnswers { get; set; }

    // Every step that came, as often as it came.
    public ConcurrentQueue<ConsentStep> Heard { get; } = new();

    // What it answers to a yes at the counter; null takes it.
    public (int Status, string Code)? Refuses { get; set; }

    // Every body of a yes at the counter.
    public ConcurrentQueue<JsonNode> Counter { get; } = new();

    // Makes the receipt of a yes at the counter.
    public Func<AssistedAnswer, string> Receipt { get; set; } = _ => throw new InvalidOperationException("No receipts are made.");

    public void Add(Guid id, Yes yes)
    {
        yes.Changed = Interlocked.Increment(ref changed);
        Answers[id] = yes;
    }

    // What happens to one, by whoever it is.
    public void Act(Guid id, ConsentAct act, ConsentSide side)
    {
        var yes = Answers[id];
        lock (yes)
        {
            yes.Standing = yes.Standing.After(act, side).ShouldNotBeNull($"{act} of {yes.Standing.State}");
            if (yes.Standing.IsOver) yes.EraseBy ??= new DateOnly(2026, 12, 10);
            if (yes.Standing.IsOver || act == ConsentAct.Receive) yes.Inner = null;
            yes.Changed = Interlocked.Increment(ref changed);
        }
    }

    public IReadOnlyList<string> StepsOf(Guid id) => Answers[id].Steps;

    public void Map(WebApplication app, Func<SigningPublicKey> recipient)
    {
        app.MapGet("/v1/answers", (long after) => !IsOpen ? Results.StatusCode(503) : Results.Json(new
        {
            items = Answers.Where(pair => pair.Value.Changed > after && pair.Value.IsTold).OrderBy(pair => pair.Value.Changed).Select(pair => Item(pair.Key, pair.Value)).ToList(),
        }));
        app.MapGet("/v1/answers/{id:guid}/sealed", (Guid id) =>
        {
            var yes = Answers[id];
            lock (yes)
            {
                yes.Fetched++;
                if (!IsOpen) return Results.StatusCode(503);
                if (yes.Standing.After(ConsentAct.HandOut, ConsentSide.Hub) is not { } next || yes.Inner is null) return Results.Json(new { code = "package.gone" }, statusCode: 410);
                yes.Standing = next;
                return Results.Json(new { inner = yes.Inner, choices = yes.Choices });
            }
        });
        app.MapPost("/v1/answers/{id:guid}/steps", async (Guid id, HttpRequest request) =>
        {
            if (!IsOpen || !TakesSteps) return Results.StatusCode(503);
            var body = (await JsonNode.ParseAsync(request.Body))!;
            var step = SignedDocument.Open<ConsentStep>((string)body["step"]!, recipient()).Value.Document;
            Heard.Enqueue(step);
            if (!Answers.TryGetValue(id, out var yes) || step.Id != id) return Results.Json(new { code = "resource.notFound" }, statusCode: 404);
            ConsentNames.TryParse(step.Act, out ConsentAct act).ShouldBeTrue();
            if (act == ConsentAct.Erase)
            {
                var certificate = SignedDocument.Open<ErasureCertificate>((string)body["certificate"]!, recipient()).Value;
                if (certificate.Hash != step.Certificate || !certificate.Document.Ids.SequenceEqual([id])) return Results.Json(new { code = "document.refused", cause = "step.certificate" }, statusCode: 422);
                yes.Certificate = certificate.Document;
            }

            // The same step again is no error.
            if (!yes.Steps.Contains(step.Act))
            {
                if (yes.Standing.After(act, ConsentSide.Recipient) is null) return Results.Json(new { code = "resource.stateConflict", cause = $"answer.{yes.Standing.State.WireName()}" }, statusCode: 409);
                yes.Steps = [.. yes.Steps, step.Act];
                Act(id, act, ConsentSide.Recipient);
            }

            return LosesAnswers-- > 0 ? Results.StatusCode(503) : Results.Json(Item(id, yes));
        });
        app.MapPut("/v1/answers/{id:guid}", async (Guid id, HttpRequest request) =>
        {
            var body = (await JsonNode.ParseAsync(request.Body))!;
            Counter.Enqueue(body);
            var answer = SignedDocument.Open<AssistedAnswer>((string)body["answer"]!, recipient()).Value.Document;
            answer.Id.ShouldBe(id);
            return Refuses is { } refusal ? Results.Json(new { code = refusal.Code }, statusCode: refusal.Status) : Results.Json(new { receipt = Receipt(answer) }, statusCode: 201);
        });
    }

    private static object Item(Guid id, Yes yes) => new
    {
        changed = yes.Changed, id, wave = yes.Wave, number = yes.Number, state = yes.Standing.State.WireName(), isHandedOut = yes.Standing.IsHandedOut, isErased = yes.Standing.IsErased, assurance = yes.Method == AnswerMethod.Counter ? "assisted" : "bearer",
        method = yes.Method.WireName(), givenOn = yes.GivenOn, until = yes.GivenOn.AddDays(180), eraseBy = yes.EraseBy,
    };

    internal sealed class Yes
    {
        public required Guid Wave { get; init; }

        public string? Number { get; init; }

        public string? Inner { get; set; }

        public AnswerChoices Choices { get; init; } = new();

        public required ConsentStanding Standing { get; set; }

        public AnswerMethod Method { get; init; } = AnswerMethod.Web;

        public required DateOnly GivenOn { get; init; }

        public DateOnly? EraseBy { get; set; }

        public IReadOnlyList<string> Steps { get; set; } = [];

        public ErasureCertificate? Certificate { get; set; }

        public long Changed { get; set; }

        // How often what is sealed was asked for.
        public int Fetched { get; set; }

        public bool IsTold => Standing.State != ConsentState.Given || Method == AnswerMethod.Counter;
    }
}
