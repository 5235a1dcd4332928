using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Bereik.Hub.Tests;
using Bereik.Node.Api;
using CsCheck;
using Shouldly;
using Xunit;

namespace Bereik.Api.Tests;

// What a document cannot show: input that is not taken, whoever brings it.
[Collection(nameof(Nodes))]
public sealed class InputTests(Nodes nodes)
{
    private const string Number = "85661200143";

    public static TheoryData<string, string, string> Places
    {
        get
        {
            var places = new TheoryData<string, string, string>();
            foreach (var node in Nodes.Names)
            {
                foreach (var (place, spelled) in new[] { ("path", Number), ("path", "85.66.12-001.43"), ("path", "85661200199"), ("query", Number), ("query", "85%2066%2012%20001%2043"), ("header", Number), ("header", "85.66.12-001.43") }) places.Add(node, place, spelled);
            }

            return places;
        }
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task NationalNumber_OutsideABody_IsRefused(string node, string place, string spelled)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, nodes.Url(node) + (place switch { "path" => $"/v1/lists/{spelled}", "query" => $"/v1/decisions?after={spelled}", _ => "/health" }));
        if (place == "header") request.Headers.Add("X-Client", $"dossier {spelled}");
        var answer = await nodes.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await IssuesAsync(answer)).ShouldBe([$"{InputIssue.SensitiveInput} {place}"]);

        // Its own id may hold any four digits, and not six of these.
        var told = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        foreach (var part in new[] { "856612", "85.66.", "85 66" }) told.ShouldNotContain(part);
    }

    [Fact]
    public void Ids_InAnAddress_AreNoNationalNumbers() => Gen.Guid.Sample(id => InputGuard.HasNumber($"/v1/orders/{id:D}/package", isChecked: false).ShouldBeFalse());

    [Theory]
    [InlineData("after=x", "after")]
    [InlineData("after=-1", "after")]
    [InlineData("after=", "after")]
    [InlineData("after=1&after=2", "after")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("limit=5.0", "limit")]
    [InlineData("page=2", null)]
    [InlineData("After=1", null)]
    public async Task Query_ThatIsNotTaken_IsRefusedWithItsIssue(string query, string? name)
    {
        foreach (var answer in new[] { await nodes.AskAsync("local", HttpMethod.Get, $"/v1/decisions?{query}"), await nodes.Hub.SendAsync(nodes.Hub.Source, HttpMethod.Get, $"/v1/orders?{query}"), await nodes.AskAsync("hub", HttpMethod.Get, $"/v1/protocol-events?{query}") })
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            (await IssuesAsync(answer)).ShouldBe([name is null ? $"{InputIssue.UnknownInput} query" : $"{InputIssue.SchemaViolation} query {name}"]);
        }
    }

    [Theory]
    [InlineData("{\"order\":\"x\",\"more\":\"y\"}", "unknownInput body")]
    [InlineData("{\"other\":\"x\"}", "unknownInput body")]
    [InlineData("{\"order\":1}", "schemaViolation body order")]
    [InlineData("[]", "schemaViolation body order")]
    [InlineData("{\"order\":", "schemaViolation body order")]
    [InlineData("{\"order\":\"x\",\"order\":\"x\"}", "schemaViolation body order")]
    public async Task Body_ThatIsNotTaken_IsRefusedWithItsIssue(string body, string issue)
    {
        var answer = await nodes.Hub.SendAsync(nodes.Hub.Welfare, HttpMethod.Post, "/v1/orders", Encoding.UTF8.GetBytes(body));
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await IssuesAsync(answer)).ShouldBe([$"urn:problem-type:belgif:input-validation:{issue}"]);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData(null)]
    public async Task ContentType_ThatIsNotTaken_IsRefused(string? type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, nodes.Url("hub") + "/v1/protocol-events") { Content = new ByteArrayContent("{\"event\":\"x\"}"u8.ToArray()) };
        request.Content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        var answer = await nodes.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await IssuesAsync(answer)).ShouldBe([$"{InputIssue.SchemaViolation} header Content-Type"]);
    }

    [Fact]
    public async Task Body_WhereNoneIsTaken_IsRefused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, nodes.Url("pseudonymiser") + "/v1/key") { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
        (await IssuesAsync(await nodes.SendAsync(request))).ShouldBe([$"{InputIssue.UnknownInput} body"]);
    }

    [Fact]
    public async Task Method_ThatIsNotTaken_IsAProblemWithTheOnesThatAre()
    {
        var answer = await nodes.AskAsync("hub", HttpMethod.Delete, "/v1/protocol-events");
        answer.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        ((string?)(await answer.JsonAsync())["code"]).ShouldBe("request.methodNotAllowed");
        answer.Content.Headers.Allow.Order().ShouldBe(["GET", "POST"]);
    }

    // All of them and each once, whatever the size of a page.
    [Fact]
    public async Task Pages_FollowedByTheirCursor_TellAllAndEachOnce()
    {
        var all = await ItemsAsync("/v1/protocol-events", 100);
        all.Count.ShouldBeGreaterThan(6);
        all.ShouldBeUnique();
        foreach (var size in new[] { 1, 2, 3, 7 }) (await ItemsAsync("/v1/protocol-events", size)).ShouldBe(all);
    }

    private async Task<List<string>> ItemsAsync(string path, int size)
    {
        var items = new List<string>();
        for (var after = "0"; ;)
        {
            var page = await (await nodes.AskAsync("hub", HttpMethod.Get, $"{path}?limit={size}&after={after}")).JsonAsync();
            items.AddRange(page["items"]!.AsArray().Select(item => item!["chain"]!.ToString()));
            page["items"]!.AsArray().Count.ShouldBeLessThanOrEqualTo(size);
            if ((string?)page["next"] is not { } next) return items;
            after = next;
        }
    }

    private static async Task<List<string>> IssuesAsync(HttpResponseMessage answer)
    {
        var problem = await answer.JsonAsync();
        ((string?)problem["type"]).ShouldBe("urn:problem-type:belgif:badRequest");
        return [.. (problem["issues"] as JsonArray ?? []).Select(issue => string.Join(' ', new[] { (string?)issue!["type"], (string?)issue["in"], (string?)issue["name"] }.OfType<string>()))];
    }
}
