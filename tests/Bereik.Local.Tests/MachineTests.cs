using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Signatures;
using Bereik.Local.Storage;
using Bereik.Node;
using Bereik.Node.Requests;
using Bereik.Tests.Shared;
using Microsoft.AspNetCore.Routing;
using Shouldly;
using Xunit;

namespace Bereik.Local.Tests;

// A supplier's software at its own organisation's node: what it may, how its keys change, and that it opens no row.
public sealed class MachineTests
{
    private const string Every = "lists.read files.write events.read";

    [Fact]
    public async Task Client_AddedWhileTheNodeRuns_DoesWhatItsScopeSays()
    {
        await using var local = await TestLocal.StartAsync();
        using var key = SigningKey.Generate();
        (await ClientAsync(local, "add", "--id", "dossier", "--name", "Dossierpakket", "--key", Public(local, key), "--scope", "lists.read")).ShouldBe(0);
        using var software = new Software(local, "dossier", key);
        (await software.SendAsync(HttpMethod.Get, "/v1/lists")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await software.SendAsync(HttpMethod.Get, "/v1/files")).StatusCode.ShouldBe(HttpStatusCode.OK);

        var refused = await software.SendAsync(HttpMethod.Post, "/v1/files", "insz;opened;closed\n");
        await IsAsync(refused, HttpStatusCode.Forbidden, "belgif:missingScope");
        refused.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer error=\"insufficient_scope\", scope=\"files.write\"");
        local.Query("SELECT count(*) FROM person_file WHERE state = 'offered'").ShouldBe(["0"]);
    }

    [Fact]
    public async Task Client_Revoked_IsRefusedAtItsNextRequestWithATokenThatRuns()
    {
        await using var local = await TestLocal.StartAsync();
        using var key = SigningKey.Generate();
        using var other = SigningKey.Generate();
        (await ClientAsync(local, "add", "--id", "dossier", "--key", Public(local, key), "--scope", "lists.read")).ShouldBe(0);
        (await ClientAsync(local, "add", "--id", "ander", "--key", Public(local, other), "--scope", "lists.read")).ShouldBe(0);
        using var software = new Software(local, "dossier", key);
        using var another = new Software(local, "ander", other);
        (await software.SendAsync(HttpMethod.Get, "/v1/lists")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await another.SendAsync(HttpMethod.Get, "/v1/lists")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await ClientAsync(local, "revoke", "--id", "dossier")).ShouldBe(0);
        await IsAsync(await software.SendAsync(HttpMethod.Get, "/v1/lists"), HttpStatusCode.Unauthorized, "belgif:invalidAccessToken");
        (await software.AskAsync()).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await another.SendAsync(HttpMethod.Get, "/v1/lists")).StatusCode.ShouldBe(HttpStatusCode.OK);

        // For good: neither again, nor under the same name, nor with the same key.
        (await ClientAsync(local, "revoke", "--id", "dossier")).ShouldBe(1);
        (await ClientAsync(local, "rotate", "--id", "dossier", "--key", Public(local, other), "--old-ends", "2026-12-01T12:00:00Z")).ShouldBe(1);
        (await ClientAsync(local, "add", "--id", "dossier", "--key", Public(local, other), "--scope", "lists.read")).ShouldBe(1);
        (await ClientAsync(local, "add", "--id", "derde", "--key", Public(local, key), "--scope", "lists.read")).ShouldBe(1);
        Should.Throw<Microsoft.Data.Sqlite.SqliteException>(() => local.Execute("UPDATE machine_client SET revoked_at = NULL"));
    }

    [Fact]
    public async Task ClientKey_Rotated_NothingStopsAndTheOldOneEndsAtItsTime()
    {
        await using var local = await TestLocal.StartAsync();
        using var old = SigningKey.Generate();
        using var next = SigningKey.Generate();
        (await ClientAsync(local, "add", "--id", "dossier", "--key", Public(local, old), "--scope", "lists.read")).ShouldBe(0);
        using var before = new Software(local, "dossier", old);
        using var after = new Software(local, "dossier", next);
        (await after.AskAsync()).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var end = local.Clock.GetUtcNow().AddMinutes(30).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        (await ClientAsync(local, "rotate", "--id", "dossier", "--key", Public(local, next), "--old-ends", end)).ShouldBe(0);
        (await before.SendAsync(HttpMethod.Get, "/v1/lists")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await after.SendAsync(HttpMethod.Get, "/v1/lists")).StatusCode.ShouldBe(HttpStatusCode.OK);

        // A token of the old key's last minutes ends with it.
        local.Clock.Move(TimeSpan.FromMinutes(28));
        (await before.SendAsync(HttpMethod.Get, "/v1/lists")).StatusCode.ShouldBe(HttpStatusCode.OK);
        local.Clock.Move(TimeSpan.FromMinutes(3));
        await IsAsync(await before.SendAsync(HttpMethod.Get, "/v1/lists"), HttpStatusCode.Unauthorized, "belgif:invalidAccessToken");
        (await before.AskAsync()).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await after.SendAsync(HttpMethod.Get, "/v1/lists")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Machine_WithEveryScope_OpensNoRowAndNoPage()
    {
        await using var local = await TestLocal.StartAsync();
        using var key = SigningKey.Generate();
        (await ClientAsync(local, ["add", "--id", "alles", "--key", Public(local, key), .. Every.Split(' ').SelectMany(word => new[] { "--scope", word })])).ShouldBe(0);
        using var software = new Software(local, "alles", key);
        var open = new List<string>();
        foreach (var route in local.Service<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(route => route.Metadata.GetMetadata<RouteAccess>() is RouteAccess.People))
        {
            var path = route.RoutePattern.RawText!.Replace("{id:guid}", Guid.Empty.ToString(), StringComparison.Ordinal).Replace("{id:long}", "1", StringComparison.Ordinal).Replace("{id}", "groeipakket-onbekend", StringComparison.Ordinal);
            foreach (var method in route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods)
            {
                using var answer = await software.SendAsync(new HttpMethod(method), path, method == "POST" ? "x" : null);
                if (route.Metadata.GetMetadata<RouteAccess>() is RouteAccess.People { Scope: null }) answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden, $"{method} {path}");
                else open.Add($"{method} {path}");
            }
        }

        // What a machine may call at all: of lists and referrals the counts. A route that hands out rows does not belong here.
        open.Order(StringComparer.Ordinal).ShouldBe(["GET /v1/events", "GET /v1/files", "GET /v1/lists", "GET /v1/referrals", "POST /v1/files"]);
    }

    [Fact]
    public async Task Token_OfAnotherNode_OpensNothing()
    {
        await using var local = await TestLocal.StartAsync();
        using var stranger = SigningKey.Generate();
        using var http = new HttpClient();
        foreach (var name in new[] { "urn:bereik:hub", "urn:bereik:ocmw-aalst" })
        {
            var now = local.Clock.GetUtcNow().ToUnixTimeSeconds();
            var claims = new JsonObject { ["iss"] = name, ["aud"] = name, ["client_id"] = "ocmw-aalst", ["client_kid"] = stranger.Kid, ["sub"] = "ocmw-aalst", ["scope"] = Every, ["iat"] = now, ["exp"] = now + 300, ["jti"] = "x" };
            using var request = new HttpRequestMessage(HttpMethod.Get, local.Url + "/v1/lists");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Jws.Sign(JoseTypes.AccessToken, Encoding.UTF8.GetBytes(claims.ToJsonString()), stranger));
            await IsAsync(await http.SendAsync(request), HttpStatusCode.Unauthorized, "belgif:invalidAccessToken");
        }
    }

    [Fact]
    public async Task File_BroughtByAMachine_IsOfferedWithEveryFaultInItsPlace()
    {
        await using var local = await TestLocal.StartAsync();
        using var key = SigningKey.Generate();
        (await ClientAsync(local, "add", "--id", "dossier", "--key", Public(local, key), "--scope", "files.write")).ShouldBe(0);
        using var software = new Software(local, "dossier", key);
        var answer = await software.SendAsync(HttpMethod.Post, "/v1/files", $"insz;opened;closed\n{TestNumbers.Of(7)};2026-01-05;\n85660100100;2026-01-05;\n{TestNumbers.Of(8)};2026-02-31;\n");
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var told = await answer.Content.ReadAsStringAsync();
        told.ShouldBe("""{"kind":"known","accepted":1,"rejected":2,"errors":[{"row":3,"column":"insz","code":"insz.checkDigits"},{"row":4,"column":"opened","code":"date.shape"}]}""");

        // As on the page: a person says yes before it replaces anything.
        local.Query("SELECT insz FROM known_person p JOIN person_file f ON f.id = p.file_id WHERE f.state = 'current'").ShouldBe([TestNumbers.Of(0)]);
        local.Query("SELECT accepted FROM person_file WHERE state = 'offered'").ShouldBe(["1"]);
        var nothing = await software.SendAsync(HttpMethod.Post, "/v1/files", "naam\nPeeters\n");
        await IsAsync(nothing, HttpStatusCode.UnprocessableEntity, "bereik:fileRefused");
        (await nothing.Content.ReadAsStringAsync()).ShouldContain("file.header");
    }

    [Theory]
    [InlineData("--id", "Dossier", 1)]
    [InlineData("--scope", "rows.read", 1)]
    [InlineData("--key", "people.csv", 1)]
    [InlineData("--config", "people.csv", 2)]
    public async Task ClientCommand_WithAWrongValue_ChangesNothing(string option, string value, int code)
    {
        await using var local = await TestLocal.StartAsync();
        using var key = SigningKey.Generate();
        var said = new Dictionary<string, string> { ["--config"] = local.In("settings.json"), ["--id"] = "dossier", ["--key"] = Public(local, key), ["--scope"] = "lists.read" };
        said[option] = option is "--key" or "--config" ? local.In(value) : value;
        (await NodeHost.RunAsync<LocalSettings, LocalDatabase>(["client", "add", .. said.SelectMany(pair => new[] { pair.Key, pair.Value })], (_, _) => { }, _ => { })).ShouldBe(code);
        local.Query("SELECT count(*) FROM machine_client").ShouldBe(["0"]);
    }

    private static async Task IsAsync(HttpResponseMessage answer, HttpStatusCode status, string type)
    {
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(status, text);
        ((string?)JsonNode.Parse(text)!["type"]).ShouldBe($"urn:problem-type:{type}");
    }

    // As the node's own program does it, beside the one that runs.
    private static Task<int> ClientAsync(TestLocal local, string act, params string[] words) =>
        NodeHost.RunAsync<LocalSettings, LocalDatabase>(["client", act, "--config", local.In("settings.json"), .. words], (_, _) => { }, _ => { });

    private static Task<int> ClientAsync(TestLocal local, string[] words) => ClientAsync(local, words[0], words[1..]);

    private static string Public(TestLocal local, SigningKey key)
    {
        var file = local.In($"{key.Kid}.pub.jwk");
        File.WriteAllText(file, key.PublicKey.ToJwk());
        return file;
    }

    // Software with its key, which asks for a token when it has none that holds.
    private sealed class Software(TestLocal local, string id, SigningKey key) : IDisposable
    {
        private readonly HttpClient http = new(new HttpClientHandler { AllowAutoRedirect = false, UseProxy = false });
        private HubTokens? tokens;

        public Task<HttpResponseMessage> AskAsync() => Tokens.AskAsync(SignedDocument.Sign(ClientAssertion.For(id, "ocmw-aalst", local.Clock.GetUtcNow()), key));

        public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? csv = null)
        {
            using var request = new HttpRequestMessage(method, local.Url + path);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await Tokens.OfAsync(id, key));
            if (csv is not null) request.Content = new StringContent(csv, Encoding.UTF8, "text/csv");
            return await http.SendAsync(request);
        }

        public void Dispose() => http.Dispose();

        private HubTokens Tokens => tokens ??= new HubTokens(http, local.Url, "ocmw-aalst", local.Clock.GetUtcNow);
    }
}
