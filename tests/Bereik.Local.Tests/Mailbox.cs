using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Signatures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Shouldly;

namespace Bereik.Local.Tests;

// The hub's part of a referral, as one node sees it; whether it does it well is tested with the hub itself.
internal sealed class Mailbox
{
    private long changed;

    public ConcurrentDictionary<Guid, Letter> Letters { get; } = new();

    // Whether the hub answers now.
    public bool IsOpen { get; set; } = true;

    // Whether the hub hands nothing out of what came before, since protocol or accession is suspended.
    public Guid? Stopped { get; set; }

    public Task PutAsync(SignedDocument<ReferralOffer> offer, string sealedRecord)
    {
        Letters.TryAdd(offer.Document.Id, new Letter(offer) { Sealed = sealedRecord, Changed = Interlocked.Increment(ref changed) });
        return Task.CompletedTask;
    }

    // What the hub says of one, whatever it is.
    public void Say(string compact, ReferralSide side)
    {
        var step = SignedDocument.Parse<ReferralStep>(compact).Value.Document;
        var letter = Letters[step.Id];
        lock (letter)
        {
            if (letter.Steps.Contains(compact)) return;
            ReferralNames.TryParse(step.Act, out ReferralAct act).ShouldBeTrue();
            if (letter.Standing.After(act, side) is { } next) letter.Standing = next;
            if (letter.Standing.IsReceived || letter.Standing.IsOver) letter.Sealed = null;
            letter.Steps = [.. letter.Steps, compact];
            letter.Changed = Interlocked.Increment(ref changed);
        }
    }

    public void Map(WebApplication app)
    {
        app.MapPut("/v1/referrals/{id:guid}", async (Guid id, HttpRequest request) =>
        {
            if (!IsOpen) return Results.StatusCode(503);
            var body = (await JsonNode.ParseAsync(request.Body))!;
            var offer = SignedDocument.Parse<ReferralOffer>((string)body["offer"]!).Value;
            ReferralFormat.FindError(offer.Document, (string)body["sealed"]!).ShouldBeNull();
            await PutAsync(offer, (string)body["sealed"]!);
            return Results.Json(new { id, state = "sent" }, statusCode: 201);
        });
        app.MapGet("/v1/referrals", (long after) => !IsOpen ? Results.StatusCode(503) : Results.Json(new
        {
            items = Letters.Where(pair => pair.Value.Changed > after).OrderBy(pair => pair.Value.Changed)
                .Select(pair => new { id = pair.Key, changed = pair.Value.Changed, state = pair.Value.Standing.State.WireName(), received = pair.Value.Standing.IsReceived, erased = pair.Value.Standing.IsErased, offer = pair.Value.Offer.Compact, steps = pair.Value.Steps }).ToList(),
        }));
        app.MapGet("/v1/referrals/{id:guid}/sealed", (Guid id) => id == Stopped ? Results.Json(new { code = "referral.refused" }, statusCode: 422) : Letters[id].Sealed is { } text ? Results.Json(new { @sealed = text }) : Results.Json(new { code = "package.gone" }, statusCode: 410));
        app.MapPost("/v1/referrals/{id:guid}/steps", async (Guid id, HttpRequest request) =>
        {
            if (!IsOpen) return Results.StatusCode(503);
            var compact = (string)(await JsonNode.ParseAsync(request.Body))!["step"]!;
            var by = SignedDocument.Parse<ReferralStep>(compact).Value.Document.By;
            Say(compact, by == Letters[id].Offer.Document.Sender ? ReferralSide.Sender : ReferralSide.Recipient);
            return Results.Json(new { id });
        });
    }

    internal sealed class Letter(SignedDocument<ReferralOffer> offer)
    {
        public SignedDocument<ReferralOffer> Offer { get; } = offer;

        public string? Sealed { get; set; }

        public ReferralStanding Standing { get; set; } = ReferralStanding.Begun;

        public IReadOnlyList<string> Steps { get; set; } = [];

        public long Changed { get; set; }
    }
}
