using System.Net;
using Bereik.Node.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Bereik.Api.Tests;

// Headers that keep a page to itself, and redirects that stay on this node.
[Collection(nameof(Nodes))]
public sealed class HeaderTests(Nodes nodes)
{
    [Theory]
    [InlineData("hub", "/protocollen")]
    [InlineData("hub", "/v1/protocol-events")]
    [InlineData("hub", "/nowhere")]
    [InlineData("pseudonymiser", "/v1/key")]
    [InlineData("source", "/")]
    [InlineData("local", "/")]
    public async Task Answer_OfANode_HasTheHeadersThatKeepItToItself(string node, string path)
    {
        var answer = await nodes.AskAsync(node, HttpMethod.Get, path);
        string Of(string name) => answer.Headers.GetValues(name).Single();
        Of("Content-Security-Policy").ShouldContain("default-src 'none'");
        Of("Content-Security-Policy").ShouldNotContain("unsafe");
        Of("X-Content-Type-Options").ShouldBe("nosniff");
        Of("Referrer-Policy").ShouldBe("no-referrer");
        Of("Cross-Origin-Opener-Policy").ShouldBe("same-origin");
        Of("Cross-Origin-Resource-Policy").ShouldBe("same-origin");
        Of("Permissions-Policy").ShouldContain("camera=()");
        Of("Cache-Control").ShouldBe("no-store");
        answer.Headers.Contains("Server").ShouldBeFalse();
        answer.Headers.Contains("Strict-Transport-Security").ShouldBeFalse("this is not https");
    }

    [Theory]
    [InlineData("https", true)]
    [InlineData("http", false)]
    public async Task Answer_OverHttps_KeepsTheBrowserThere(string scheme, bool isKept)
    {
        var begun = new Begun();
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpResponseFeature>(begun);
        context.Request.Scheme = scheme;
        var app = new ApplicationBuilder(new ServiceCollection().BuildServiceProvider());
        app.UseBereikPageHeaders();
        app.Run(_ => Task.CompletedTask);
        await app.Build()(context);
        await begun.BeginAsync();
        begun.Headers.ContainsKey("Strict-Transport-Security").ShouldBe(isKept);
    }

    [Theory]
    [InlineData("/lijsten", "/lijsten")]
    [InlineData("/lijsten?pagina=2", "/lijsten?pagina=2")]
    [InlineData("https://attacker.example/", "/")]
    [InlineData("//attacker.example/", "/")]
    [InlineData("/\\attacker.example/", "/")]
    [InlineData("\\\\attacker.example/", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("/%09/attacker.example", "/%09/attacker.example")]
    [InlineData("/\t/attacker.example", "/")]
    [InlineData("~/lijsten", "/")]
    [InlineData("", "/")]
    public async Task LanguageSwitch_AskedToGoElsewhere_StaysOnTheNode(string back, string to)
    {
        foreach (var node in new[] { "hub", "source", "local" })
        {
            var answer = await nodes.AskAsync(node, HttpMethod.Get, $"/taal/en?terug={Uri.EscapeDataString(back)}");
            answer.StatusCode.ShouldBe(HttpStatusCode.Found);
            answer.Headers.Location!.OriginalString.ShouldBe(to);
        }
    }

    [Theory]
    [InlineData("hub")]
    [InlineData("pseudonymiser")]
    [InlineData("source")]
    [InlineData("local")]
    public async Task HostName_OfAnotherSite_IsRefused(string node)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, nodes.Url(node) + "/health") { Headers = { Host = "attacker.example" } };
        (await nodes.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private sealed class Begun : HttpResponseFeature
    {
        private readonly List<(Func<object, Task> Act, object State)> acts = [];

        public override void OnStarting(Func<object, Task> callback, object state) => acts.Add((callback, state));

        public async Task BeginAsync()
        {
            foreach (var (act, state) in acts) await act(state);
        }
    }
}
