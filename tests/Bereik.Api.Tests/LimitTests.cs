using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Bereik.Hub.Tests;
using Bereik.Node.Access;
using Bereik.Node.Requests;
using Bereik.Node.Tests.Foundation;
using Microsoft.AspNetCore.Builder;
using Shouldly;
using Xunit;

namespace Bereik.Api.Tests;

// A caller that asks too much is told to wait, nobody else is, and it may go on after that.
public sealed class LimitTests
{
    private const int Quota = 5;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/anyone", "anyone", "tooManyRequests")]
    [InlineData("/mine", "person", "tooManyRequests")]
    [InlineData("/sign-in", "signIn", "tooManyRequests")]
    [InlineData("/nowhere", "refused", "tooManyFailedRequests")]
    [InlineData("/node", "refused", "tooManyFailedRequests")]
    public async Task Caller_AboveItsLimit_IsRefusedAndMayGoOnAfterTheWindow(string path, string policy, string type)
    {
        await using var node = await StartAsync(seconds: 2);
        HttpResponseMessage? refused = null;
        var passed = 0;
        for (var i = 0; i < 20 * Quota && refused is null; i++)
        {
            var answer = await node.Browser.GetAsync(path, Cancel);
            answer.Headers.GetValues("RateLimit-Policy").Single().ShouldBe($"\"{policy}\";q={Quota};w=2");
            if (answer.StatusCode == HttpStatusCode.TooManyRequests) refused = answer;
            else if (++passed <= Quota) answer.Headers.GetValues("RateLimit").Single().ShouldStartWith($"\"{policy}\";r=");
        }

        refused.ShouldNotBeNull();
        passed.ShouldBeGreaterThanOrEqualTo(Quota);
        ((string?)(await refused.JsonAsync())["type"]).ShouldBe($"urn:problem-type:belgif:{type}");
        refused.Headers.GetValues("RateLimit").Single().ShouldBe($"\"{policy}\";r=0");
        var wait = int.Parse(refused.Headers.GetValues("Retry-After").Single(), CultureInfo.InvariantCulture);
        wait.ShouldBeInRange(1, 2);

        // What is needed when everything is too much is not counted.
        var health = await node.Browser.GetAsync("/health", Cancel);
        health.StatusCode.ShouldBe(HttpStatusCode.OK);
        health.Headers.Contains("RateLimit").ShouldBeFalse();
        var again = HttpStatusCode.TooManyRequests;
        for (var i = 0; i < 20 && again == HttpStatusCode.TooManyRequests; i++)
        {
            await Task.Delay(TimeSpan.FromSeconds(wait), Cancel);
            again = (await node.Browser.GetAsync(path, Cancel)).StatusCode;
        }

        again.ShouldNotBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Caller_AboveItsLimit_KeepsNobodyElseOut()
    {
        await using var node = await StartAsync(seconds: 3600);
        for (var i = 0; i < Quota; i++) (await node.Browser.GetAsync("/anyone", Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await node.Browser.GetAsync("/anyone", Cancel)).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await node.Browser.GetAsync("/mine", Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await node.Browser.GetAsync("/sign-in", Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await node.Browser.GetAsync("/nowhere", Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    // The nodes' own polling stays far below what they may.
    [Fact]
    public async Task Node_AboveItsLimit_IsRefusedAndTheOtherNodesAreNot()
    {
        await using var hub = await TestHub.StartAsync(settings => settings["limits"] = new JsonObject { ["organisation"] = 10, ["windowSeconds"] = 3600 });
        HttpResponseMessage? last = null;
        for (var i = 0; i < 11; i++) last = await hub.SendAsync(hub.OtherSource, HttpMethod.Get, "/v1/orders");
        last!.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await hub.SendAsync(hub.Source, HttpMethod.Get, "/v1/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("windowSeconds", 0)]
    [InlineData("signIn", 0)]
    [InlineData("organisation", -1)]
    public async Task Limits_ThatAreNone_StopTheNode(string name, int value)
    {
        var folder = SmallNode.NewFolder();
        var settings = SmallNode.SettingsIn(folder);
        settings["limits"] = new JsonObject { [name] = value };
        var (code, said) = await SmallNode.EndAsync(folder, settings);
        code.ShouldBe(2);
        said.ShouldContain("'limits");
    }

    private static Task<SmallNode> StartAsync(int seconds)
    {
        var folder = SmallNode.NewFolder();
        var settings = SmallNode.SettingsIn(folder);
        settings["limits"] = new JsonObject { ["windowSeconds"] = seconds, ["organisation"] = Quota, ["person"] = Quota, ["anyone"] = Quota, ["refused"] = Quota, ["signIn"] = Quota };
        return SmallNode.StartAsync(folder, settings, routes: app =>
        {
            app.MapGet("/anyone", () => "open").ForAnyone();
            app.MapGet("/mine", () => "mine").ForPeople(Rights.Overview);
            app.MapGet("/node", () => "node").ForNodes(Domain.OrganisationKind.Hub);
            app.MapGet("/sign-in", () => "signed in").ForAnyone().WithSignInLimit();
        });
    }
}
