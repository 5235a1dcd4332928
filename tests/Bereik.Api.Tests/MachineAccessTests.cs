using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Bereik.Exchange;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Signatures;
using Bereik.Hub.Tests;
using Bereik.Local;
using Bereik.Local.Storage;
using Bereik.Node;
using Bereik.Node.Access;
using Bereik.Node.Machines;
using Bereik.Node.Requests;
using Bereik.Source;
using Bereik.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Bereik.Api.Tests;

// Every route of nodes, of suppliers' software, and every one that checks a signed document itself, by everybody who should not get in.
[Collection(nameof(Nodes))]
public sealed class MachineAccessTests(Nodes nodes)
{
    private const string NoToken = "urn:problem-type:belgif:noAccessToken";
    private const string BadToken = "urn:problem-type:belgif:invalidAccessToken";
    private const string OldToken = "urn:problem-type:belgif:expiredAccessToken";
    private const string NoScope = "urn:problem-type:belgif:missingScope";
    private const string NoRight = "urn:problem-type:belgif:missingPermission";
    private const string BadSignature = "urn:problem-type:bereik:signatureRefused";
    private static readonly byte[] Body = "{}"u8.ToArray();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private TestHub Hub => nodes.Hub;

    [Fact]
    public async Task NodesRoute_ByEverybody_OpensToThePinnedKeysOfItsKindsAlone()
    {
        var routes = Route.Of(nodes.ServicesOf("hub")).Where(route => route.Rule is RouteAccess.Nodes).ToList();
        routes.Count.ShouldBeGreaterThan(7);
        nodes.Services.Where((_, at) => Nodes.Names[at] != "hub").SelectMany(Route.Of).ShouldAllBe(route => !(route.Rule is RouteAccess.Nodes), "a route of nodes elsewhere needs its own table here");
        var person = await SignInAsync("hub", Hub.Hub.Id);
        using var stranger = new Party("onbekend", "source");
        using var otherKey = SigningKey.Generate();
        Party[] parties = [Hub.Source, Hub.Municipality, Hub.Welfare, Hub.Pseudonymiser];
        var old = new Dictionary<Route, (Party Party, string Token)>();
        foreach (var route in routes)
        {
            var kinds = ((RouteAccess.Nodes)route.Rule).Kinds.Select(kind => kind.ToString()).ToList();
            bool IsOf(Party party) => kinds.Contains(party.Kind, StringComparer.OrdinalIgnoreCase);
            var may = parties.First(IsOf);
            var token = await Hub.Node.TokenAsync(may);
            old[route] = (may, token);
            var path = route.Filled;
            string Sign(Party? party = null, Func<RequestClaims, RequestClaims>? change = null, SigningKey? key = null, string? at = null)
            {
                var claims = RequestClaims.For((party ?? may).Id, Hub.Hub.Id, Hub.Clock.GetUtcNow(), route.Method, at ?? path, BodyOf(route));
                return SignedDocument.Sign(change?.Invoke(claims) ?? claims, key ?? (party ?? may).Signing).Compact;
            }

            async Task IsAsync(string who, (int, string, string?) expected, string? bearer = null, string? signed = null, string? cookie = null) =>
                (await AskAsync("hub", route, path, bearer, signed, cookie)).ShouldBe(expected, $"{route} by {who}");

            await IsAsync("nobody", (401, NoToken, null));
            await IsAsync("a person with every role", (401, NoToken, null), cookie: person);
            await IsAsync("a node without a token", (401, NoToken, null), signed: Sign());
            await IsAsync("a node without a signature", (401, "urn:problem-type:bereik:requestUnsigned", null), token);
            await IsAsync("a token that is none", (401, BadToken, null), "x", Sign());
            await IsAsync("a token that the caller signed itself", (401, BadToken, null), OwnToken(may, Hub.Hub.Id, Hub.Clock), Sign());
            await IsAsync("a token of another node", (401, BadToken, null), await SuppliersTokenAsync("local", "lists.read"), Sign());
            await IsAsync("somebody unknown", (401, BadSignature, "request.signer"), token, Sign(stranger));
            await IsAsync("another organisation with this one's token", (401, BadSignature, "request.signer"), token, Sign(parties.First(party => party != may)));
            await IsAsync("another key", (401, BadSignature, "request.signer"), token, Sign(key: otherKey));
            await IsAsync("what was signed for another node", (401, BadSignature, "request.audience"), token, Sign(change: claims => claims with { Aud = "pseudonymiser" }));
            await IsAsync("what was signed for another method", (401, BadSignature, "request.method"), token, Sign(change: claims => claims with { Htm = "DELETE" }));
            await IsAsync("what was signed for another path", (401, BadSignature, "request.path"), token, Sign(at: "/v1/elders"));
            await IsAsync("what was signed over another body", (401, BadSignature, "request.body"), token, Sign(change: claims => claims with { Bod = Bytes32.Random() }));
            await IsAsync("what is over", (401, BadSignature, "request.expired"), token, Sign(change: claims => claims with { Iat = claims.Iat - 300, Exp = claims.Exp - 300 }));
            await IsAsync("what is not yet", (401, BadSignature, "request.early"), token, Sign(change: claims => claims with { Iat = claims.Iat + 300, Exp = claims.Exp + 300 }));
            foreach (var party in parties.Where(party => !IsOf(party) && party != Hub.Pseudonymiser)) await IsAsync($"a node of kind {party.Kind}", (403, NoRight, null), await Hub.Node.TokenAsync(party), Sign(party));
            (await Hub.Node.TokenAsync(Hub.Pseudonymiser)).ShouldBe("none", "it gives no token to who has nothing to ask");

            // And who may: past the gate, once.
            var once = Sign();
            foreach (var party in parties.Where(IsOf))
            {
                var (status, type, _) = await AskAsync("hub", route, path, await Hub.Node.TokenAsync(party), party == may ? once : Sign(party), null);
                status.ShouldNotBeOneOf(401, 429);
                type.ShouldNotBe(NoRight, $"{route} by {party.Id}");
            }

            await IsAsync("who asks the same again", (401, BadSignature, "request.replayed"), token, once);
        }

        Hub.Clock.Move(TokenKeys.TokenLife);
        foreach (var (route, (party, token)) in old)
        {
            var path = route.Filled;
            var signed = SignedDocument.Sign(RequestClaims.For(party.Id, Hub.Hub.Id, Hub.Clock.GetUtcNow(), route.Method, path, BodyOf(route)), party.Signing).Compact;
            (await AskAsync("hub", route, path, token, signed, null)).ShouldBe((401, OldToken, null), $"{route} with a token that ended");
        }
    }

    // A token is a bearer's for its minutes, so it may be shown again; what may not be repeated is the asking for one.
    [Theory]
    [InlineData("source")]
    [InlineData("local")]
    public async Task SuppliersRoute_ByEverySoftware_OpensToItsScopeAlone(string name)
    {
        var routes = Route.Of(nodes.ServicesOf(name)).Where(route => route.Rule is RouteAccess.People { Scope: not null }).ToList();
        routes.Count.ShouldBeGreaterThan(2);
        MachineScope ScopeOf(Route route) => ((RouteAccess.People)route.Rule).Scope!.Value;
        var tokens = new Dictionary<MachineScope, string>();
        foreach (var scope in routes.Select(ScopeOf).Append(MachineScope.ReadEvents).Append(MachineScope.ReadLists).Distinct()) tokens[scope] = await SuppliersTokenAsync(name, scope.Word());
        var hubs = await Hub.Node.TokenAsync(Hub.Source);
        var elsewhere = await SuppliersTokenAsync(name == "source" ? "local" : "source", "lists.read");
        using var stranger = new Party(nodes.OrganisationOf(name), "source");
        var clock = nodes.ServicesOf(name).GetRequiredService<TimeProvider>();
        foreach (var route in routes)
        {
            async Task IsAsync(string who, (int, string, string?) expected, string? bearer) => (await AskAsync(name, route, route.Filled, bearer, null, null)).ShouldBe(expected, $"{route} by {who}");
            await IsAsync("nobody", (401, NoToken, null), null);
            await IsAsync("a token that is none", (401, BadToken, null), "x");
            await IsAsync("a token of the hub", (401, BadToken, null), hubs);
            await IsAsync("a token of another organisation's node", (401, BadToken, null), elsewhere);
            await IsAsync("a token that somebody signed", (401, BadToken, null), OwnToken(stranger, nodes.OrganisationOf(name), clock));
            foreach (var (scope, token) in tokens)
            {
                if (scope != ScopeOf(route)) await IsAsync($"software with {scope}", (403, NoScope, null), token);
                else (await AskAsync(name, route, route.Filled, token, null, null)).Status.ShouldNotBeOneOf(401, 403, 429);
            }
        }

        var revoked = await SuppliersTokenAsync(name, ScopeOf(routes[0]).Word(), revoke: true);
        foreach (var route in routes.Where(route => ScopeOf(route) == ScopeOf(routes[0]))) (await AskAsync(name, route, route.Filled, revoked, null, null)).ShouldBe((401, BadToken, "client.revoked"), $"{route} by software that was revoked");
        if (name == "source") nodes.Source.Clock.Move(TokenKeys.TokenLife);
        else nodes.Local.Clock.Move(TokenKeys.TokenLife);
        foreach (var route in routes) (await AskAsync(name, route, route.Filled, tokens[ScopeOf(route)], null, null)).ShouldBe((401, OldToken, null), $"{route} with a token that ended");
    }

    // Each such route is named here with what it is sent; another one fails until it is.
    [Theory]
    [InlineData("hub")]
    [InlineData("pseudonymiser")]
    [InlineData("source")]
    [InlineData("local")]
    public async Task RouteThatChecksItself_ByWhoIsNotKnown_RefusesWhatItIsSent(string name)
    {
        using var stranger = new Party("onbekend", "source");
        var now = nodes.ServicesOf(name).GetRequiredService<TimeProvider>().GetUtcNow();
        string Wrapped(string member, string document) => new JsonObject { [member] = document }.ToJsonString();
        var person = name == "pseudonymiser" ? null : await SignInAsync(name, nodes.OrganisationOf(name));
        foreach (var route in Route.Of(nodes.ServicesOf(name)).Where(route => route.Rule is RouteAccess.OwnCheck))
        {
            var assertion = string.Join('&', ClientAssertion.FormOf(SignedDocument.Sign(ClientAssertion.For("onbekend", nodes.OrganisationOf(name), now), stranger.Signing)).Select(field => $"{field.Key}={Uri.EscapeDataString(field.Value)}"));
            var (sent, type, expected) = route.Path switch
            {
                "/v1/token" => (assertion, "application/x-www-form-urlencoded", "401 invalid_client"),
                "/v1/log-documents" => (Wrapped("document", stranger.Statement(now)), "application/json", "422 key.organisation"),
                "/v1/protocol-events" => (Wrapped("event", stranger.Statement(now)), "application/json", "422 register.type"),
                "/v1/evaluate" => (Encoding.UTF8.GetString(Body), "application/json", "401 request.unsigned"),
                "/add-checkpoint" => ("old 0\n\nelders.test/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n\u2014 elders.test/log AAAAAAAA\n", "text/plain", "404 witness.log"),
                _ => throw new InvalidOperationException($"{route} is new: say here what it must refuse."),
            };

            // A person's session adds nothing to it.
            foreach (var cookie in new[] { null, person })
            {
                using var request = new HttpRequestMessage(new HttpMethod(route.Method), new Uri(nodes.Url(name) + route.Path));
                request.Content = new StringContent(sent, Encoding.UTF8, new MediaTypeHeaderValue(type));
                if (cookie is not null) request.Headers.Add("Cookie", cookie);
                using var answer = await nodes.SendAsync(request);
                var told = await answer.Content.ReadAsStringAsync(Cancel);
                var cause = told.StartsWith('{') && JsonNode.Parse(told) is { } problem ? (string?)(problem["error"] ?? problem["cause"] ?? problem["code"]) : "";
                $"{(int)answer.StatusCode} {cause}".ShouldBe(expected, $"{name}: {route}: {told}");
            }
        }
    }

    private static byte[] BodyOf(Route route) => route.Method == "GET" ? [] : Body;

    // As the node's own tokens look, signed by somebody else.
    private static string OwnToken(Party party, string organisation, TimeProvider clock)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var name = $"urn:bereik:{organisation}";
        var claims = new JsonObject
        {
            ["iss"] = name, ["aud"] = name, ["client_id"] = party.Id, ["client_kid"] = party.Signing.Kid, ["sub"] = party.Id, ["scope"] = "lists.read files.write events.read", ["iat"] = now, ["exp"] = now + 300, ["jti"] = "x",
        };
        return Jws.Sign(JoseTypes.AccessToken, Encoding.UTF8.GetBytes(claims.ToJsonString()), party.Signing);
    }

    private async Task<(int Status, string? Type, string? Cause)> AskAsync(string name, Route route, string path, string? bearer, string? signed, string? cookie)
    {
        using var request = new HttpRequestMessage(new HttpMethod(route.Method), new Uri(nodes.Url(name) + path));
        request.Headers.Accept.ParseAdd("application/json");
        if (bearer is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        if (signed is not null) request.Headers.Add(RequestClaims.Header, signed);
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        if (BodyOf(route) is { Length: > 0 } body) request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(route.Method == "PUT" ? "application/x-ndjson" : "application/json") } };
        using var answer = await nodes.SendAsync(request);
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json") return ((int)answer.StatusCode, null, null);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancel))!;
        return ((int)answer.StatusCode, (string?)problem["type"], (string?)problem["cause"]);
    }

    private async Task<string> SignInAsync(string name, string organisation)
    {
        await using var scope = nodes.ServicesOf(name).CreateAsyncScope();
        var value = await scope.ServiceProvider.GetRequiredService<Sessions>().BeginAsync(new Person("test-everybody", "Iemand", SignedIn.All), "", Cancel);
        return $"bereik-{organisation}={value}";
    }

    // Software of a supplier that was let in with one scope, and the token that it got.
    private async Task<string> SuppliersTokenAsync(string name, string scope, bool revoke = false)
    {
        var id = $"pakket-{Guid.NewGuid():N}"[..20];
        using var key = SigningKey.Generate();
        var file = Path.Combine(RunningNode.NewFolder(), "key.pub.jwk");
        await File.WriteAllTextAsync(file, key.PublicKey.ToJwk(), Cancel);
        (await ClientAsync(name, "add", "--id", id, "--key", file, "--scope", scope)).ShouldBe(0);
        using var http = new HttpClient();
        var clock = nodes.ServicesOf(name).GetRequiredService<TimeProvider>();
        var token = await new HubTokens(http, nodes.Url(name), nodes.OrganisationOf(name), clock.GetUtcNow).OfAsync(id, key);
        token.ShouldNotBe("none");
        if (revoke) (await ClientAsync(name, "revoke", "--id", id)).ShouldBe(0);
        return token;
    }

    private Task<int> ClientAsync(string name, string act, params string[] words) => name == "source"
        ? NodeHost.RunAsync<SourceSettings, SourceDatabase>(["client", act, "--config", nodes.Source.SettingsFile, .. words], (_, _) => { }, _ => { })
        : NodeHost.RunAsync<LocalSettings, LocalDatabase>(["client", act, "--config", nodes.Local.In("settings.json"), .. words], (_, _) => { }, _ => { });
}
