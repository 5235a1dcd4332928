using System.Text;
using System.Text.Json.Nodes;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Invitations;
using Bereik.Exchange.Oprf;
using Bereik.Exchange.Signatures;
using Bereik.Hub.Tests;
using Bereik.Local.Tests;
using Bereik.Node.Api;
using Bereik.Node.Registers;
using Microsoft.AspNetCore.Routing;
using Shouldly;
using Xunit;

namespace Bereik.Api.Tests;

// Every operation of every node is called, and what it answers is held against its document.
[Collection(nameof(Nodes))]
public sealed class LiveTests(Nodes nodes)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hub_EachOperation_AnswersAsItsDocumentSays()
    {
        var (hub, told) = (nodes.Hub, new Told(nodes.Document("hub")));
        var order = SignedDocument.Sign(hub.NewOrder(Flow.Unknown, new Month(2026, 3)), hub.Welfare.Signing);
        await told.CheckAsync("placeOrder", await hub.PlaceAsync(hub.Welfare, order.Compact), 201);
        await told.CheckAsync("placeOrder", await hub.PlaceAsync(hub.Welfare, order.Compact), 200);
        await told.CheckAsync("placeOrder", await hub.PlaceAsync(hub.Welfare, hub.NewOrder(Flow.Unknown, new Month(2027, 3))), 422);
        await told.CheckAsync("placeOrder", await hub.PlaceAsync(hub.Source, order.Compact), 403);
        await told.CheckAsync("listOrders", await hub.SendAsync(hub.Source, HttpMethod.Get, "/v1/orders?after=0&limit=1"), 200);
        await told.CheckAsync("getOrder", await hub.SendAsync(hub.Welfare, HttpMethod.Get, $"/v1/orders/{order.Document.Id}"), 200);
        await told.CheckAsync("getOrder", await hub.SendAsync(hub.Welfare, HttpMethod.Get, $"/v1/orders/{Guid.NewGuid()}"), 404);
        await told.CheckAsync("getOrder", await hub.Node.SendAsync(HttpMethod.Get, $"/v1/orders/{order.Document.Id}", null, null), 401);
        await told.CheckAsync("getPackage", await hub.PackageAsync(order), 204);
        await told.CheckAsync("decideOrder", await hub.DecideAsync(order.Document.Id, hub.Decision(order)), 200);
        var agreement = Token.Random();
        List<Token> ours = [.. Enumerable.Range(0, 20).Select(_ => Token.Random())];
        var envelope = TestEnvelope.Of(hub, order, agreement, [.. TestEnvelope.RandomRows(64), .. ours.Take(3).Select(token => TestEnvelope.Row(token))]);
        await told.CheckAsync("depositTokens", await hub.PutTokensAsync(order, await TestEnvelope.TokensAsync(agreement, ours, Flow.Unknown)), 202);
        await told.CheckAsync("depositEnvelope", await hub.PutEnvelopeAsync(order, envelope.ToBytes()), 202);
        (await hub.StateAfterMatchAsync(order)).ShouldBe("delivered");
        await told.CheckAsync("getPackage", await hub.PackageAsync(order), 200);
        await told.CheckAsync("logDocument", await hub.BringAsync(await hub.RootOfAsync(order)), 200);
        await told.CheckAsync("acknowledgePackage", await hub.ReceiveAsync(order, envelope.Manifest.Hash), 200);
        await told.CheckAsync("getPackage", await hub.PackageAsync(order), 410);
        var events = await hub.Node.SendAsync(HttpMethod.Get, RegisterReader.Path, null, null);
        await told.CheckAsync("listProtocolEvents", events, 200);
        await told.CheckAsync("addProtocolEvent", await hub.TellAsync((string)(await events.JsonAsync())["items"]![0]!["event"]!), 200);
        await told.CheckAsync("addProtocolEvent", await hub.TellAsync("x"), 422);
        await told.CheckAsync("addProtocolEvent", await hub.Node.SendAsync(HttpMethod.Post, RegisterReader.Path, "{}"u8.ToArray(), null), 400);
        var decisions = await nodes.AskAsync("hub", HttpMethod.Get, "/v1/decisions?limit=2");
        await told.CheckAsync("listDecisions", decisions, 200);
        await told.CheckAsync("getDecision", await nodes.AskAsync("hub", HttpMethod.Get, $"/v1/decisions/{(await decisions.JsonAsync())["items"]![0]!["id"]}"), 200);
        await told.CheckAsync("getHealth", await nodes.AskAsync("hub", HttpMethod.Get, "/health"), 200);
        await told.CheckAsync("countAnswers", await nodes.AskAsync("hub", HttpMethod.Get, "/v1/waves?limit=2"), 200);
        await ReferAsync(told);
        await WriteAsync(told);
        told.Unchecked.ShouldBeEmpty();
    }

    // A wave of letters: left in parts, opened, answered with help and without, handed over, and told of.
    private static async Task WriteAsync(Told told)
    {
        await using var hub = await LetterHub.StartAsync();
        var made = hub.Make(await hub.ApprovedAsync(), real: 3);
        await told.CheckAsync("putInvitations", await hub.PutPartAsync(made), 202);
        await told.CheckAsync("putInvitations", await hub.PutPartAsync(made, body: "x\n"u8.ToArray()), 422);
        await told.CheckAsync("openWave", await hub.OpenAsync(made, "x"), 422);
        await told.CheckAsync("openWave", await hub.OpenAsync(made, hub.Opening(made)), 200);
        var id = (Guid)(await hub.ReleasedAsync(made))["id"]!;
        await told.CheckAsync("listAnswers", await hub.Hub.SendAsync(hub.Welfare, HttpMethod.Get, "/v1/answers?after=0&limit=1"), 200);
        await told.CheckAsync("getSealedAnswer", await hub.SealedAsync(id), 200);
        await told.CheckAsync("addConsentStep", await hub.SayAsync(made, id, "confirm"), 409);
        await told.CheckAsync("addConsentStep", await hub.SayAsync(made, id, "receive"), 200);
        await told.CheckAsync("getSealedAnswer", await hub.SealedAsync(id), 410);
        await told.CheckAsync("putAssistedAnswer", await HelpAsync(hub, made, 1), 201);
        await told.CheckAsync("putAssistedAnswer", await HelpAsync(hub, made, 1), 422);
        (await hub.DeskAsync(desk => desk.NeverAsync(made.Letters[2].Number, CancellationToken.None))).ShouldBeTrue();
        hub.Clock.Move(TimeSpan.FromDays(2));
        await hub.ReleaseAsync();
        var message = (await hub.MessagesAsync()).ShouldHaveSingleItem();
        await told.CheckAsync("listMessages", await hub.Hub.SendAsync(hub.Source, HttpMethod.Get, "/v1/messages?after=0"), 200);
        await told.CheckAsync("acknowledgeMessages", await hub.Hub.SendAsync(hub.Source, HttpMethod.Post, "/v1/messages/taken", Encoding.UTF8.GetBytes($$"""{"upTo":{{(long)message["sequence"]!}}}""")), 200);
    }

    private static async Task<HttpResponseMessage> HelpAsync(LetterHub hub, MadeWave wave, int letter)
    {
        var id = Guid.NewGuid();
        var answer = SignedDocument.Sign(new AssistedAnswer { Id = id, By = hub.Welfare.Id, At = hub.Clock.Second() }, hub.Welfare.Signing).Compact;
        using var code = wave.Codes.Code(letter);
        var typed = string.Create(SecretCode.PrintedLength, code, static (printed, code) => code.Print(printed));
        var body = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new { answer, number = wave.Letters[letter].Number.Text, code = typed, choices = new { } }, System.Text.Json.JsonSerializerOptions.Web);
        return await hub.Hub.SendAsync(hub.Welfare, HttpMethod.Put, $"/v1/answers/{id}", body);
    }

    private static async Task ReferAsync(Told told)
    {
        await using var hub = await ReferralHub.StartAsync();
        var made = hub.Make();
        await told.CheckAsync("putReferral", await hub.PutAsync(made), 201);
        await told.CheckAsync("putReferral", await hub.PutAsync(made), 200);
        await told.CheckAsync("putReferral", await hub.PutAsync(hub.Make(change: offer => offer with { Service = "elders" })), 422);
        await told.CheckAsync("putReferral", await hub.PutAsync(made, hub.Hub.Source), 403);
        await told.CheckAsync("listReferrals", await hub.Hub.SendAsync(hub.Welfare, HttpMethod.Get, "/v1/referrals?after=0&limit=1"), 200);
        await told.CheckAsync("getReferral", await hub.Hub.SendAsync(hub.Team, HttpMethod.Get, $"/v1/referrals/{made.Id}"), 200);
        await told.CheckAsync("getReferral", await hub.Hub.SendAsync(hub.Partner, HttpMethod.Get, $"/v1/referrals/{made.Id}"), 404);
        await told.CheckAsync("getSealedReferral", await hub.SealedAsync(made), 200);
        await told.CheckAsync("addReferralStep", await hub.SayAsync(made, "accept"), 409);
        await told.CheckAsync("addReferralStep", await hub.SayAsync(made, "receive"), 200);
        await told.CheckAsync("addReferralStep", await hub.BringAsync(made, hub.Welfare, "x"), 422);
        await told.CheckAsync("getSealedReferral", await hub.SealedAsync(made), 410);
    }

    [Fact]
    public async Task Pseudonymiser_EachOperation_AnswersAsItsDocumentSays()
    {
        var (service, told) = (nodes.Pseudonymiser, new Told(nodes.Document("pseudonymiser")));
        var points = new byte[2 * OprfClient.ElementBytes];
        for (var i = 0; i < 2; i++) OprfClient.Pad(points.AsSpan(i * OprfClient.ElementBytes, OprfClient.ElementBytes));
        await told.CheckAsync("evaluatePoints", await service.EvaluateAsync(new EvaluateRequest(points).ToJson()), 200);
        await told.CheckAsync("evaluatePoints", await service.EvaluateAsync("{}"u8.ToArray()), 400);
        await told.CheckAsync("evaluatePoints", await service.Node.SendAsync(HttpMethod.Post, "/v1/evaluate", "{}"u8.ToArray(), null), 401);
        await told.CheckAsync("getKey", await nodes.AskAsync("pseudonymiser", HttpMethod.Get, "/v1/key"), 200);
        await told.CheckAsync("getHealth", await nodes.AskAsync("pseudonymiser", HttpMethod.Get, "/health"), 200);
        told.Unchecked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Source_EachOperation_AnswersAsItsDocumentSays()
    {
        var (source, told) = (nodes.Source, new Told(nodes.Document("source")));
        var order = source.Place(source.NewOrder(Flow.Unknown, "2026-09")).Document;
        await source.StateAsync(order.Id, "ready");
        await told.CheckAsync("listEvents", await nodes.AskAsync("source", HttpMethod.Get, "/v1/events"), 200);
        await told.CheckAsync("getRegister", await nodes.AskAsync("source", HttpMethod.Get, "/v1/register"), 200);
        await told.CheckAsync("listRequests", await nodes.AskAsync("source", HttpMethod.Get, "/v1/requests"), 200);
        await told.CheckAsync("listRequests", await nodes.AskAsync("source", HttpMethod.Get, "/v1/requests?limit=0"), 400);
        await told.CheckAsync("countWaves", await nodes.AskAsync("source", HttpMethod.Get, "/v1/waves?limit=2"), 200);
        var decisions = await nodes.AskAsync("source", HttpMethod.Get, "/v1/decisions");
        await told.CheckAsync("listDecisions", decisions, 200);
        await told.CheckAsync("getDecision", await nodes.AskAsync("source", HttpMethod.Get, $"/v1/decisions/{(await decisions.JsonAsync())["items"]![0]!["id"]}"), 200);
        await told.CheckAsync("getHealth", await nodes.AskAsync("source", HttpMethod.Get, "/health"), 200);
        told.Unchecked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Local_EachOperation_AnswersAsItsDocumentSays()
    {
        var (local, told) = (nodes.Local, new Told(nodes.Document("local")));
        const string household = """{"beneficiaries":[{"givenNames":"An","familyName":"Peeters"}],"street":"Molenstraat","houseNumber":"1","postcode":"9300","place":"Aalst","referenceMonth":"2026-10"}""";
        var (id, state, code) = await local.ListAsync(new OfferedRow([Bereik.Local.Tests.TestNumbers.Of(10)], household));
        state.ShouldBe("received", code);
        var row = local.Query("SELECT id FROM household").ShouldHaveSingleItem();
        await told.CheckAsync("listLists", await nodes.AskAsync("local", HttpMethod.Get, "/v1/lists"), 200);
        await told.CheckAsync("listFiles", await nodes.AskAsync("local", HttpMethod.Get, "/v1/files"), 200);
        await told.CheckAsync("offerFile", await local.SendTextAsync("/v1/files", $"insz;opened;closed\n{Bereik.Local.Tests.TestNumbers.Of(1)};2026-01-05;\nx;y;\n", "text/csv"), 202);
        await told.CheckAsync("offerFile", await local.SendTextAsync("/v1/files", "nothing of the kind", "text/csv"), 422);
        await told.CheckAsync("listAttestations", await nodes.AskAsync("local", HttpMethod.Get, "/v1/attestations"), 200);
        await told.CheckAsync("listAccessions", await nodes.AskAsync("local", HttpMethod.Get, "/v1/accessions"), 200);
        await told.CheckAsync("exportList", await nodes.AskAsync("local", HttpMethod.Get, $"/v1/lists/{id}/export"), 200);
        await told.CheckAsync("exportList", await nodes.AskAsync("local", HttpMethod.Get, $"/v1/lists/{Guid.NewGuid()}/export"), 404);
        var proof = await nodes.AskAsync("local", HttpMethod.Get, $"/v1/rows/{row}/proof?person=0");

        // Its root is in the log, and a little later the node has read so there.
        for (var i = 0; i < 600 && proof.StatusCode == System.Net.HttpStatusCode.Conflict; i++)
        {
            await Task.Delay(50, Cancel);
            proof = await nodes.AskAsync("local", HttpMethod.Get, $"/v1/rows/{row}/proof?person=0");
        }

        await told.CheckAsync("makeProof", proof, 200);
        var words = await proof.Content.ReadAsStringAsync(Cancel);
        await told.CheckAsync("findProof", await local.SendTextAsync("/v1/proofs/find", words), 200);
        await told.CheckAsync("findProof", await local.SendTextAsync("/v1/proofs/find", "x"), 400);
        using var bare = new HttpRequestMessage(HttpMethod.Post, new Uri(nodes.Url("local") + "/v1/proofs/find")) { Content = new StringContent(words, Encoding.UTF8, "text/plain") };
        await told.CheckAsync("findProof", await nodes.AskAsync("local", bare), 403);
        using var stranger = new HttpRequestMessage(HttpMethod.Get, new Uri(nodes.Url("local") + "/v1/lists"));
        await told.CheckAsync("listLists", await nodes.SendAsync(stranger), 401);
        await told.CheckAsync("countReferrals", await nodes.AskAsync("local", HttpMethod.Get, "/v1/referrals"), 200);
        await told.CheckAsync("listEvents", await nodes.AskAsync("local", HttpMethod.Get, "/v1/events"), 200);
        var decisions = await nodes.AskAsync("local", HttpMethod.Get, "/v1/decisions");
        await told.CheckAsync("listDecisions", decisions, 200);
        await told.CheckAsync("getDecision", await nodes.AskAsync("local", HttpMethod.Get, $"/v1/decisions/{(await decisions.JsonAsync())["items"]![0]!["id"]}"), 200);
        await told.CheckAsync("getHealth", await nodes.AskAsync("local", HttpMethod.Get, "/health"), 200);
        told.Unchecked.ShouldBeEmpty();
    }

    // What is not described is not held against anything. The document itself and the token endpoint, which follows RFC 6749, are the exceptions.
    [Fact]
    public void Routes_OfTheInterface_AreAllDescribed()
    {
        foreach (var services in nodes.Services)
        {
            var routes = ((EndpointDataSource)services.GetService(typeof(EndpointDataSource))!).Endpoints.OfType<RouteEndpoint>().ToList();
            routes.Count.ShouldBeGreaterThan(3);
            routes.Where(route => Path(route).StartsWith("/v1/", StringComparison.Ordinal) && Path(route) is not ("/v1/openapi.json" or "/v1/token") && route.Metadata.GetMetadata<ApiOperation>() is null).Select(Path).ShouldBeEmpty();
        }

        static string Path(RouteEndpoint route) => "/" + route.RoutePattern.RawText!.TrimStart('/');
    }

    // Holds answers against a document, and remembers which operations gave one that is no error.
    private sealed class Told(JsonObject document)
    {
        private readonly HashSet<string> seen = new(StringComparer.Ordinal);

        public IEnumerable<string> Unchecked => BelgifRules.Operations(document).Select(one => (string)one.Operation["operationId"]!).Except(seen);

        public async Task CheckAsync(string operation, HttpResponseMessage answer, int status)
        {
            var text = await answer.Content.ReadAsStringAsync(Cancel);
            ((int)answer.StatusCode).ShouldBe(status, $"{operation}: {text}");
            var response = BelgifRules.Operations(document).Single(one => (string)one.Operation["operationId"]! == operation).Operation["responses"]![$"{status}"];
            response.ShouldNotBeNull($"{operation} {status}");
            foreach (var name in response["headers"]!.AsObject().Select(header => header.Key).Where(name => name is "BelGov-Trace-Id" or "RateLimit" or "RateLimit-Policy")) answer.Headers.Contains(name).ShouldBeTrue($"{operation} {status} {name}");
            if (status < 300) seen.Add(operation);
            if (response["content"] is not JsonObject content)
            {
                text.ShouldBeEmpty();
                return;
            }

            var media = content[answer.Content.Headers.ContentType!.MediaType!];
            media.ShouldNotBeNull($"{operation} {status} {answer.Content.Headers.ContentType}");
            var value = answer.Content.Headers.ContentType.MediaType!.EndsWith("json", StringComparison.Ordinal) && !answer.Content.Headers.ContentType.MediaType.EndsWith("ndjson", StringComparison.Ordinal) ? JsonNode.Parse(text) : JsonValue.Create(text);
            SchemaCheck.Find(document, media["schema"]!, value).ShouldBeEmpty($"{operation} {status} {text}");
            if (status < 400) return;
            ((string)value!["instance"]!).ShouldBe($"urn:uuid:{answer.Headers.GetValues("BelGov-Trace-Id").Single()}");
            ((int)value["status"]!).ShouldBe(status);
            media["examples"]!.AsObject().Select(example => (string)example.Value!["value"]!["type"]!).ShouldContain((string)value["type"]!);
        }
    }
}
