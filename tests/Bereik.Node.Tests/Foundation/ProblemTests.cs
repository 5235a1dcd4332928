using Bereik.Node.Access;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Bereik.Node.Errors;
using Bereik.Node.Requests;
using Bereik.Node.Ui;
using Microsoft.AspNetCore.Builder;
using Shouldly;
using Xunit;

namespace Bereik.Node.Tests.Foundation;

// An error becomes problem+json for a program and a page for a person, and tells nothing of what broke.
public sealed class ProblemTests
{
    private const string Marked = "Marie Marked 85661200141";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task UnknownPath_ForAProgram_IsAProblem()
    {
        await using var node = await StartAsync();
        using var answer = await node.Browser.GetAsync("/nowhere", Cancel);
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = (await answer.Content.ReadFromJsonAsync<JsonObject>(Cancel))!;
        ((string?)problem["type"], (string?)problem["code"], (int?)problem["status"]).ShouldBe(("urn:problem-type:belgif:resourceNotFound", "resource.notFound", 404));
    }

    [Fact]
    public async Task UnknownPath_ForAPerson_IsAPage()
    {
        await using var node = await StartAsync();
        using var answer = await AsAPersonAsync(node, "/nowhere");
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        (await answer.Content.ReadAsStringAsync(Cancel)).ShouldContain(ErrorCatalogue.NotFound.Text);
    }

    [Fact]
    public async Task UnknownPath_OfTheInterfaceBetweenNodes_IsNeverAPage()
    {
        await using var node = await StartAsync();
        using var answer = await AsAPersonAsync(node, "/v1/nowhere");
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Exception_InARoute_TellsNothingOfItself(bool person)
    {
        await using var node = await StartAsync();
        using var answer = person ? await AsAPersonAsync(node, "/broken") : await node.Browser.GetAsync("/broken", Cancel);
        answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        text.ShouldContain(person ? ErrorCatalogue.Internal.Text : "node.internal");
        text.ShouldNotContain("Marked");
        text.ShouldNotContain("Exception");
        text.ShouldNotContain(" at Bereik");
    }

    [Fact]
    public async Task FrameOfThePages_Broken_LeavesTheProblemItself()
    {
        await using var node = await StartAsync(frame: () => throw new InvalidOperationException(Marked));
        using var answer = await AsAPersonAsync(node, "/broken");
        answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await answer.Content.ReadAsStringAsync(Cancel)).ShouldNotContain("Marked");
    }

    [Theory]
    [InlineData("{ \"word\": 1 }")]
    [InlineData("{ \"word\": \"a\", \"colour\": \"blue\" }")]
    [InlineData("{ ")]
    public async Task Body_OfAnotherShape_IsRefusedWithoutQuotingIt(string body)
    {
        await using var node = await StartAsync();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await node.Browser.PostAsync("/words", content, Cancel);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        text.ShouldContain("request.malformed");
        text.ShouldNotContain("colour");
    }

    [Fact]
    public async Task SignIn_NotConfigured_OpensNoPage()
    {
        await using var node = await StartAsync(person: false);
        using var answer = await node.Browser.GetAsync("/mine", Cancel);
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await answer.Content.ReadAsStringAsync(Cancel)).ShouldContain("person.noSignIn");
    }

    [Fact]
    public async Task Person_WhoSignsAsANode_GetsNoPage()
    {
        await using var node = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/mine");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer x");
        using var answer = await node.Browser.SendAsync(request, Cancel);
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var plain = await node.Browser.GetAsync("/mine", Cancel);
        plain.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task HostName_OfAnotherSite_IsRefused()
    {
        await using var node = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/mine") { Headers = { Host = "attacker.example" } };
        using var answer = await node.Browser.SendAsync(request, Cancel);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public void Catalogue_EveryError_HasItsOwnCodeAndSpeaksBothLanguages()
    {
        ErrorCatalogue.All.Count.ShouldBeGreaterThan(10);
        ErrorCatalogue.All.Select(error => error.Code).ShouldBeUnique();
        foreach (var error in ErrorCatalogue.All)
        {
            error.Code.ShouldMatch(@"\A[a-z]+\.[a-zA-Z]+\z");
            error.Type.ShouldStartWith("urn:problem-type:");
            error.Status.ShouldBeInRange(400, 599);
            error.Text.ShouldEndWith(".");
            error.TextEnglish.ShouldEndWith(".");
            error.TextEnglish.ShouldNotBe(error.Text);
        }
    }

    private static Task<SmallNode> StartAsync(bool person = true, Func<PageFrame>? frame = null)
    {
        var folder = SmallNode.NewFolder();
        var settings = SmallNode.SettingsIn(folder);
        if (!person) settings.Remove("signIn");
        return SmallNode.StartAsync(
            folder,
            settings,
            application => application.Services.AddBereikUi(typeof(ProblemTests).Assembly, (_, _) => ValueTask.FromResult(frame is null ? new PageFrame { Organisation = "OCMW Aalst" } : frame())),
            app =>
            {
                app.MapBereikUi();
                app.MapGet("/broken", string () => throw new InvalidOperationException(Marked)).ForAnyone();
                app.MapPost("/words", (Spoken spoken) => spoken.Word).ForAnyone();
                app.MapGet("/mine", () => "mine").ForPeople(Rights.Overview);
            });
    }

    private static async Task<HttpResponseMessage> AsAPersonAsync(SmallNode node, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/html,application/xhtml+xml");
        return await node.Browser.SendAsync(request, Cancel);
    }

    private sealed record Spoken(string Word);
}
