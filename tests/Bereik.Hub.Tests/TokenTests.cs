using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Signatures;
using Bereik.Node.Machines;
using Shouldly;
using Xunit;

namespace Bereik.Hub.Tests;

// Access tokens: who gets one, for what, and what one opens.
public sealed class TokenTests
{
    [Fact]
    public async Task Token_AskedForAsAgreed_IsForThisHubAndTheOwnProtocolsForFiveMinutes()
    {
        await using var hub = await TestHub.StartAsync();
        var answer = await AskAsync(hub, Form(Assert(hub)));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var told = await answer.JsonAsync();
        told.Select(member => member.Key).ShouldNotContain("refresh_token");
        ((string?)told["token_type"]).ShouldBe("Bearer");
        ((int)told["expires_in"]!).ShouldBeInRange(290, 300);
        var (header, claims) = Read((string)told["access_token"]!);
        ((string?)header["typ"]).ShouldBe("at+jwt");
        ((string?)header["alg"]).ShouldBe("ES256");
        ((string?)claims["iss"]).ShouldBe("urn:bereik:hub");
        ((string?)claims["aud"]).ShouldBe("urn:bereik:hub");
        ((string?)claims["client_id"]).ShouldBe("ocmw-aalst");
        var scopes = ((string)claims["scope"]!).Split(' ');
        scopes.ShouldContain(Scopes(Flow.Unknown, hub));
        scopes.ShouldNotContain(Scopes(Flow.Match, hub));
        ((long)claims["exp"]! - (long)claims["iat"]!).ShouldBe(300);
        foreach (var file in Directory.GetFiles(Path.Combine(hub.DataFolder, "token-keys")).ShouldHaveSingleItem().Split('\n')) KeyFile.IsOpenToOthers(file).ShouldBeFalse();
    }

    [Fact]
    public async Task Token_AskedForOtherwise_IsNotGiven()
    {
        await using var hub = await TestHub.StartAsync();
        var good = Claims(hub);
        async Task IsRefusedAsync(string error, IEnumerable<KeyValuePair<string, string>> form)
        {
            var answer = await AskAsync(hub, form);
            var told = await answer.JsonAsync();
            answer.StatusCode.ShouldBe(error == "invalid_client" ? HttpStatusCode.Unauthorized : HttpStatusCode.BadRequest, told.ToJsonString());
            ((string?)told["error"]).ShouldBe(error);
            told.ContainsKey("error_uri").ShouldBeFalse();
            told.ContainsKey("access_token").ShouldBeFalse();
        }

        Task IsNobodyAsync(Func<JsonObject, JsonObject>? change = null, SigningKey? key = null, string typ = "JWT") =>
            IsRefusedAsync("invalid_client", Form(Sign((change ?? (claims => claims))(Claims(hub)), key ?? hub.Welfare.Signing, typ)));

        await IsNobodyAsync(key: hub.Municipality.Signing);
        await IsNobodyAsync(claims => With(claims, "sub", "gemeente-aalst"));
        await IsNobodyAsync(claims => With(With(claims, "iss", "gemeente-aalst"), "sub", "gemeente-aalst"));
        await IsNobodyAsync(claims => With(claims, "aud", "urn:bereik:pseudonymiser"));
        await IsNobodyAsync(claims => With(claims, "aud", "hub"));

        // The name alone counts, no address: neither of another site, nor the hub's own.
        await IsNobodyAsync(claims => With(claims, "aud", "https://elsewhere.example/v1/token"));
        await IsNobodyAsync(claims => With(claims, "aud", hub.Node.Url + TokenServer.Path));
        await IsNobodyAsync(claims => With(claims, "exp", (long)good["iat"]! + 120));
        await IsNobodyAsync(claims => With(claims, "exp", (long)good["iat"]! - 30));
        await IsNobodyAsync(claims => With(claims, "exp", null));
        await IsNobodyAsync(claims => With(claims, "jti", null));
        await IsNobodyAsync(typ: JoseTypes.Call);
        await IsNobodyAsync(typ: JoseTypes.AccessToken);
        await IsRefusedAsync("invalid_client", Form(Sign(With(With(Claims(hub), "iss", "niemand"), "sub", "niemand"), hub.Welfare.Signing)));
        await IsRefusedAsync("invalid_client", Form(Sign(With(With(Claims(hub), "iss", "pseudonymiser"), "sub", "pseudonymiser"), hub.Pseudonymiser.Signing)));
        await IsRefusedAsync("invalid_client", Form($"{StrictBase64Url.Encode("{\"alg\":\"none\"}"u8)}.{StrictBase64Url.Encode(Encoding.UTF8.GetBytes(Claims(hub).ToJsonString()))}."));
        await IsRefusedAsync("invalid_client", [.. Form(Sign(Claims(hub), hub.Welfare.Signing)), KeyValuePair.Create("client_id", "gemeente-aalst")]);
        await IsRefusedAsync("invalid_scope", [.. Form(Sign(Claims(hub), hub.Welfare.Signing)), KeyValuePair.Create("scope", Scopes(Flow.Match, hub))]);
        await IsRefusedAsync("unsupported_grant_type", Form(Sign(Claims(hub), hub.Welfare.Signing)).Select(field => field.Key == "grant_type" ? KeyValuePair.Create("grant_type", "password") : field));

        // Without an assertion, and with a secret for one.
        (await AskAsync(hub, [KeyValuePair.Create("grant_type", "client_credentials"), KeyValuePair.Create("client_id", "ocmw-aalst")])).IsSuccessStatusCode.ShouldBeFalse();
        (await AskAsync(hub, [KeyValuePair.Create("grant_type", "client_credentials"), KeyValuePair.Create("client_id", "ocmw-aalst"), KeyValuePair.Create("client_secret", "x")])).IsSuccessStatusCode.ShouldBeFalse();

        // Once is enough.
        var once = Sign(Claims(hub), hub.Welfare.Signing);
        (await AskAsync(hub, Form(once))).StatusCode.ShouldBe(HttpStatusCode.OK);
        await IsRefusedAsync("invalid_client", Form(once));

        // As libraries make them: with the type that says what it is, or without any.
        (await AskAsync(hub, Form(Sign(Claims(hub), hub.Welfare.Signing, JoseTypes.ClientAssertion)))).StatusCode.ShouldBe(HttpStatusCode.OK);
        var input = $"{StrictBase64Url.Encode(Encoding.UTF8.GetBytes($"{{\"alg\":\"ES256\",\"kid\":\"{hub.Welfare.Signing.Kid}\"}}"))}.{StrictBase64Url.Encode(Encoding.UTF8.GetBytes(Claims(hub).ToJsonString()))}";
        var untyped = await AskAsync(hub, Form($"{input}.{StrictBase64Url.Encode(hub.Welfare.Signing.Sign(Encoding.ASCII.GetBytes(input)))}"));
        untyped.StatusCode.ShouldBe(HttpStatusCode.OK, await untyped.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Route_OfNodes_TellsWhatIsWrongWithTheToken()
    {
        await using var hub = await TestHub.StartAsync();
        string Signed() => SignedDocument.Sign(RequestClaims.For(hub.Source.Id, hub.Hub.Id, hub.Clock.GetUtcNow(), "GET", "/v1/orders", []), hub.Source.Signing).Compact;
        async Task IsRefusedAsync(string? token, HttpStatusCode status, string type, string header)
        {
            var answer = await hub.Node.SendAsync(HttpMethod.Get, "/v1/orders", null, Signed(), token: token);
            answer.StatusCode.ShouldBe(status, type);
            ((string?)(await answer.JsonAsync())["type"]).ShouldBe($"urn:problem-type:{type}");
            answer.Headers.WwwAuthenticate.ToString().ShouldBe(header);
        }

        const string invalid = "Bearer error=\"invalid_token\"";
        await IsRefusedAsync(null, HttpStatusCode.Unauthorized, "belgif:noAccessToken", "Bearer");
        await IsRefusedAsync("x", HttpStatusCode.Unauthorized, "belgif:invalidAccessToken", invalid);

        // What the organisation signs itself is no token, however much it looks like one.
        var now = hub.Clock.GetUtcNow().ToUnixTimeSeconds();
        var own = new JsonObject { ["iss"] = "urn:bereik:hub", ["aud"] = "urn:bereik:hub", ["client_id"] = hub.Source.Id, ["client_kid"] = hub.Source.Signing.Kid, ["sub"] = hub.Source.Id, ["scope"] = "orders:groeipakket-match", ["iat"] = now, ["exp"] = now + 300, ["jti"] = "x" };
        await IsRefusedAsync(Sign(own, hub.Source.Signing, JoseTypes.AccessToken), HttpStatusCode.Unauthorized, "belgif:invalidAccessToken", invalid);
        var token = await hub.Node.TokenAsync(hub.Source);
        await IsRefusedAsync(token[..^4] + "AAAA", HttpStatusCode.Unauthorized, "belgif:invalidAccessToken", invalid);
        (await hub.Node.SendAsync(HttpMethod.Get, "/v1/orders", null, Signed(), token: token)).StatusCode.ShouldBe(HttpStatusCode.OK);

        // One party's token with the other's signature.
        var mixed = await hub.Node.SendAsync(HttpMethod.Get, "/v1/orders", null, Signed(), token: await hub.Node.TokenAsync(hub.OtherSource));
        mixed.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await mixed.CauseAsync()).ShouldBe("request.signer");
        hub.Clock.Move(TokenKeys.TokenLife);
        await IsRefusedAsync(token, HttpStatusCode.Unauthorized, "belgif:expiredAccessToken", invalid);
    }

    [Fact]
    public async Task Order_OutsideTheTokensScope_IsRefused()
    {
        await using var hub = await TestHub.StartAsync();
        var order = hub.NewOrder(Flow.Unknown) with { Recipient = hub.Municipality.Id };
        var answer = await hub.PlaceAsync(hub.Municipality, order);
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        ((string?)(await answer.JsonAsync())["type"]).ShouldBe("urn:problem-type:belgif:missingScope");
        answer.Headers.WwwAuthenticate.ToString().ShouldBe($"Bearer error=\"insufficient_scope\", scope=\"orders:{order.Protocol}\"");
        hub.Count("SELECT count(*) FROM list_order").ShouldBe(0);

        // A token for less than the party may have covers no other order of it.
        var placed = await hub.PlacedAsync(Flow.Match);
        var narrow = (string)(await (await AskAsync(hub, [.. Form(Assert(hub, hub.Source)), KeyValuePair.Create("scope", Scopes(Flow.Unknown, hub))])).JsonAsync())["access_token"]!;
        foreach (var path in new[] { "/v1/orders", $"/v1/orders/{placed.Document.Id}" })
        {
            string Signed() => SignedDocument.Sign(RequestClaims.For(hub.Source.Id, hub.Hub.Id, hub.Clock.GetUtcNow(), "GET", path, []), hub.Source.Signing).Compact;
            (await hub.Node.SendAsync(HttpMethod.Get, path, null, Signed(), token: narrow)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            (await hub.Node.SendAsync(HttpMethod.Get, path, null, Signed(), token: await hub.Node.TokenAsync(hub.Source))).StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task Token_OfTheHub_OpensNothingAtThePseudonymiser()
    {
        await using var hub = await TestHub.StartAsync();
        await using var service = await TestPseudonymiser.StartAsync();
        var token = await hub.Node.TokenAsync(hub.Source);
        var body = new EvaluateRequest(PseudonymiserTests.Points(1)).ToJson();
        (await service.Node.SendAsync(HttpMethod.Post, "/v1/evaluate", body, null, token: token)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await service.Node.SendAsync(HttpMethod.Post, TokenServer.Path, body, null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        service.Evaluations().ShouldBeEmpty();
    }

    [Fact]
    public async Task TokenKey_OfTheHub_RotatesBetweenTwoRequestsAndNothingStops()
    {
        await using var hub = await TestHub.StartAsync();
        async Task<HttpStatusCode> OrdersAsync(string token) => (await hub.Node.SendAsync(
            HttpMethod.Get, "/v1/orders", null, SignedDocument.Sign(RequestClaims.For(hub.Source.Id, hub.Hub.Id, hub.Clock.GetUtcNow(), "GET", "/v1/orders", []), hub.Source.Signing).Compact, token: token)).StatusCode;

        // A token of the last minutes of a key.
        await hub.Node.TokenAsync(hub.Welfare);
        hub.Clock.Move(TokenKeys.KeyLife - TimeSpan.FromMinutes(2));
        var before = await hub.Node.TokenAsync(hub.Source);
        (await OrdersAsync(before)).ShouldBe(HttpStatusCode.OK);
        hub.Clock.Move(TimeSpan.FromMinutes(2));
        var after = await hub.Node.TokenAsync(hub.Source, key: hub.Source.Signing);
        var fresh = (string)(await (await AskAsync(hub, Form(Assert(hub, hub.Source)))).JsonAsync())["access_token"]!;
        Kid(fresh).ShouldNotBe(Kid(before));
        (await OrdersAsync(before)).ShouldBe(HttpStatusCode.OK);
        (await OrdersAsync(fresh)).ShouldBe(HttpStatusCode.OK);
        after.ShouldBe(before);
        Directory.GetFiles(Path.Combine(hub.DataFolder, "token-keys")).Length.ShouldBe(2);

        // A hub that starts anew still reads what it gave before; once those tokens have ended, the key is gone.
        await hub.StopAsync();
        await hub.AgainAsync();
        (await OrdersAsync(fresh)).ShouldBe(HttpStatusCode.OK);
        hub.Clock.Move(TokenKeys.TokenLife + TimeSpan.FromSeconds(1));
        (await OrdersAsync(before)).ShouldBe(HttpStatusCode.Unauthorized);
        Directory.GetFiles(Path.Combine(hub.DataFolder, "token-keys")).ShouldHaveSingleItem();
    }

    private static string Kid(string token) => (string)Read(token).Header["kid"]!;

    private static (JsonObject Header, JsonObject Claims) Read(string token)
    {
        var parts = token.Split('.');
        return (Part(parts[0]), Part(parts[1]));

        static JsonObject Part(string text) => StrictBase64Url.TryDecode(text.AsSpan(), out var bytes) ? JsonNode.Parse(bytes)!.AsObject() : throw new InvalidDataException("No part of a token.");
    }

    private static JsonObject Claims(TestHub hub, Party? party = null)
    {
        var claims = ClientAssertion.For((party ?? hub.Welfare).Id, hub.Hub.Id, hub.Clock.GetUtcNow());
        return new JsonObject { ["iss"] = claims.Iss, ["sub"] = claims.Sub, ["aud"] = claims.Aud, ["iat"] = claims.Iat, ["exp"] = claims.Exp, ["jti"] = claims.Jti };
    }

    private static JsonObject With(JsonObject claims, string name, JsonNode? value)
    {
        claims.Remove(name);
        if (value is not null) claims[name] = value;
        return claims;
    }

    private static string Assert(TestHub hub, Party? party = null) => Sign(Claims(hub, party), (party ?? hub.Welfare).Signing);

    private static string Sign(JsonObject claims, SigningKey key, string typ = "JWT") => Jws.Sign(typ, Encoding.UTF8.GetBytes(claims.ToJsonString()), key);

    private static string Scopes(Flow flow, TestHub hub) => MachineScopes.Orders(hub.NewOrder(flow).Protocol);

    private static IEnumerable<KeyValuePair<string, string>> Form(string assertion) =>
        [KeyValuePair.Create("grant_type", "client_credentials"), KeyValuePair.Create("client_assertion_type", ClientAssertion.FormType), KeyValuePair.Create("client_assertion", assertion)];

    private static async Task<HttpResponseMessage> AskAsync(TestHub hub, IEnumerable<KeyValuePair<string, string>> form)
    {
        using var http = new HttpClient();
        using var content = new FormUrlEncodedContent(form);
        return await http.PostAsync(new Uri(hub.Node.Url + TokenServer.Path), content);
    }
}
