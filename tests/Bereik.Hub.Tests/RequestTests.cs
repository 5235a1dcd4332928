using System.Net;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Signatures;
using Shouldly;
using Xunit;

namespace Bereik.Hub.Tests;

public sealed class RequestTests
{
    [Fact]
    public async Task Request_NotSignedAsAgreed_IsRefused()
    {
        await using var hub = await TestHub.StartAsync();
        var body = TestHub.Document("order", SignedDocument.Sign(hub.NewOrder(Flow.Unknown), hub.Welfare.Signing).Compact);
        Task<HttpResponseMessage> SendAsync(Func<RequestClaims, RequestClaims>? change = null, Party? key = null) =>
            hub.Node.SendAsync(hub.Welfare, hub.Hub.Id, HttpMethod.Post, "/v1/orders", body, change, key?.Signing);

        var unsigned = await hub.Node.SendAsync(HttpMethod.Post, "/v1/orders", body, null, token: await hub.Node.TokenAsync(hub.Welfare));
        unsigned.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await unsigned.CauseAsync()).ShouldBe("request.unsigned");
        (await (await SendAsync(key: hub.Municipality)).CauseAsync()).ShouldBe("request.signer");
        (await (await SendAsync(claims => claims with { Aud = "pseudonymiser" })).CauseAsync()).ShouldBe("request.audience");
        (await (await SendAsync(claims => claims with { Bod = Bytes32.Random() })).CauseAsync()).ShouldBe("request.body");
        (await (await SendAsync(claims => claims with { Iat = claims.Iat - 300, Exp = claims.Exp - 300 })).CauseAsync()).ShouldBe("request.expired");
        hub.Count("SELECT count(*) FROM list_order").ShouldBe(0);
    }

    [Fact]
    public async Task Request_PlayedAgain_IsRefused()
    {
        await using var hub = await TestHub.StartAsync();
        var signed = SignedDocument.Sign(RequestClaims.For(hub.Source.Id, hub.Hub.Id, hub.Clock.GetUtcNow(), "GET", "/v1/orders", []), hub.Source.Signing).Compact;
        var token = await hub.Node.TokenAsync(hub.Source);
        (await hub.Node.SendAsync(HttpMethod.Get, "/v1/orders", null, signed, token: token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var again = await hub.Node.SendAsync(HttpMethod.Get, "/v1/orders", null, signed, token: token);
        again.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await again.CauseAsync()).ShouldBe("request.replayed");
    }

    [Fact]
    public async Task Request_ByAnotherKindOfOrganisation_IsNotPermitted()
    {
        await using var hub = await TestHub.StartAsync();
        (await hub.SendAsync(hub.Source, HttpMethod.Post, "/v1/orders", "{}"u8.ToArray())).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await hub.SendAsync(hub.Welfare, HttpMethod.Get, "/v1/orders")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        // The pseudonymiser gets no token of the hub at all.
        (await hub.SendAsync(hub.Pseudonymiser, HttpMethod.Get, "/v1/orders")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await hub.Node.SendAsync(HttpMethod.Get, "/v1/nothing", null, null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
