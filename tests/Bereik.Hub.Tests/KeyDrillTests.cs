using System.Net;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Log;
using Bereik.Exchange.Signatures;
using Shouldly;
using Xunit;

namespace Bereik.Hub.Tests;

// Signing keys that change while orders are on their way.
public sealed class KeyDrillTests
{
    [Fact]
    public async Task Keys_SucceededWhileAnOrderRuns_LoseNothing()
    {
        await using var hub = await TestHub.StartAsync();
        using var welfareNext = SigningKey.Generate();
        using var sourceNext = SigningKey.Generate();

        // Signed with the first keys, brought once their successors stand in the log: as what waits in a node that starts anew with its next key.
        var order = SignedDocument.Sign(hub.NewOrder(Flow.Unknown), hub.Welfare.Signing);
        await StateAsync(hub, hub.Welfare, welfareNext);
        (await SendAsync(hub, hub.Welfare, welfareNext, HttpMethod.Post, "/v1/orders", TestHub.Document("order", order.Compact))).StatusCode.ShouldBe(HttpStatusCode.Created);
        var decision = hub.Decision(order, accepts: true);
        var agreement = Token.Random();
        var envelope = TestEnvelope.Of(hub, order, agreement, TestEnvelope.RandomRows(64));
        await StateAsync(hub, hub.Source, sourceNext);
        var path = $"/v1/orders/{order.Document.Id}";
        (await SendAsync(hub, hub.Source, sourceNext, HttpMethod.Post, path + "/decision", TestHub.Document("decision", decision))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await SendAsync(hub, hub.Welfare, welfareNext, HttpMethod.Put, path + "/tokens", await TestEnvelope.TokensAsync(agreement, []))).EnsureSuccessStatusCode();
        (await SendAsync(hub, hub.Source, sourceNext, HttpMethod.Put, path + "/envelope", envelope.ToBytes())).EnsureSuccessStatusCode();
        (await hub.StateAfterMatchAsync(order)).ShouldBe("delivered");

        // The token of the first key still opens what it opened: it names the organisation and no key.
        (await hub.PackageAsync(order)).EnsureSuccessStatusCode();
        (await hub.ReceiveAsync(order, envelope.Manifest.Hash)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await hub.StateAsync(hub.Welfare, order)).ShouldBe("received");
    }

    [Fact]
    public async Task Key_RevokedWhileOrdersRun_OpensNothingMoreAndTheOthersGoOn()
    {
        await using var hub = await TestHub.StartAsync();
        using var next = SigningKey.Generate();
        var (stopped, other) = (await hub.ApprovedAsync(Flow.Unknown), await hub.ApprovedAsync(Flow.Match));
        var token = await hub.Node.TokenAsync(hub.Welfare);
        await StateAsync(hub, hub.Welfare, next);
        (await hub.BringAsync(Statement(hub, hub.Welfare.Id, hub.Welfare.Signing.Kid, null, next))).EnsureSuccessStatusCode();

        // At the next request: the token still runs, and is worth nothing without the key. No new one is given for it.
        var tokens = await TestEnvelope.TokensAsync(Token.Random(), []);
        var answer = await hub.PutTokensAsync(stopped, tokens);
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await answer.CauseAsync()).ShouldBe("request.signer");
        (await hub.Node.TokenAsync(hub.Welfare)).ShouldBe(token);
        hub.Clock.Move(TimeSpan.FromMinutes(5));
        (await hub.Node.TokenAsync(hub.Welfare)).ShouldBe("none");
        (await SendAsync(hub, hub.Welfare, next, HttpMethod.Post, "/v1/orders", TestHub.Document("order", SignedDocument.Sign(hub.NewOrder(Flow.Unknown, new Month(2026, 9)), hub.Welfare.Signing).Compact)))
            .StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await hub.BringAsync(hub.RoundOf(hub.Welfare))).IsSuccessStatusCode.ShouldBeFalse();
        hub.Count("SELECT count(*) FROM known_set").ShouldBe(0);

        // The other order comes to its end, and so does the stopped one, with the successor.
        foreach (var (order, key) in new[] { (other, hub.Municipality.Signing), (stopped, next) })
        {
            var (agreement, caller) = (Token.Random(), hub.OfRecipient(order));
            var envelope = TestEnvelope.Of(hub, order, agreement, TestEnvelope.RandomRows(64));
            (await SendAsync(hub, caller, key, HttpMethod.Put, $"/v1/orders/{order.Document.Id}/tokens", await TestEnvelope.TokensAsync(agreement, [], order == other ? Flow.Match : Flow.Unknown))).EnsureSuccessStatusCode();
            (await hub.PutEnvelopeAsync(order, envelope.ToBytes())).EnsureSuccessStatusCode();
            for (var i = 0; i < 400 && hub.Count($"SELECT count(*) FROM list_order WHERE id = '{order.Document.Id:D}' AND state = 'delivered'") == 0; i++) await Task.Delay(25);
            (await SendAsync(hub, caller, key, HttpMethod.Get, $"/v1/orders/{order.Document.Id}/package")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    private static async Task StateAsync(TestHub hub, Party party, SigningKey next) =>
        (await hub.BringAsync(Statement(hub, party.Id, next.Kid, next.PublicKey.ToJwk(), party.Signing))).EnsureSuccessStatusCode();

    private static string Statement(TestHub hub, string organisation, string kid, string? key, SigningKey signer) =>
        SignedDocument.Sign(new KeyStatement { Organisation = organisation, Use = KeyUse.Signing, Kid = kid, Key = key, At = hub.Clock.Second() }, signer).Compact;

    private static async Task<HttpResponseMessage> SendAsync(TestHub hub, Party caller, SigningKey key, HttpMethod method, string path, byte[]? body = null)
    {
        var claims = RequestClaims.For(caller.Id, hub.Hub.Id, hub.Clock.GetUtcNow(), method.Method, path, body ?? []);
        return await hub.Node.SendAsync(method, path, body, SignedDocument.Sign(claims, key).Compact, token: await hub.Node.TokenAsync(caller, key: key));
    }
}
