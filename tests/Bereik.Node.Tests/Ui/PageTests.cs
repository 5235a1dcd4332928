using System.Net;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace Bereik.Node.Tests.Ui;

public sealed partial class PageTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StylePage_InDutch_IsWholeDocument()
    {
        await using var host = await UiHost.Start();
        var html = await host.Client.GetStringAsync("/stijl", Stop);
        html.TrimStart().ShouldStartWith("<!DOCTYPE html>");
        html.ShouldContain("<html lang=\"nl\"");
        html.ShouldContain("<title>Fout: Stijl - OCMW Aalst</title>");
        html.ShouldContain("Waarom zie ik dit?");
        html.ShouldContain("21 februari 2027");
        html.ShouldContain("1.234");
        html.ShouldContain("aria-current=\"page\">Werklijst");
    }

    [Fact]
    public async Task StylePage_WithEnglishChosen_IsInEnglish()
    {
        await using var host = await UiHost.Start();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/stijl");
        request.Headers.Add("Cookie", "bereik-taal=en");
        using var response = await host.Client.SendAsync(request, Stop);
        var html = await response.Content.ReadAsStringAsync(Stop);
        html.ShouldContain("<html lang=\"en\"");
        html.ShouldContain("Why do I see this?");
        html.ShouldContain("21 February 2027");
    }

    [Fact]
    public async Task StylePage_InProduction_IsAbsent()
    {
        await using var host = await UiHost.Start("Production");
        (await host.Client.GetAsync("/stijl", Stop)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task DataTable_WithRows_LabelsEveryCellForAPhone()
    {
        await using var host = await UiHost.Start();
        var html = await host.Client.GetStringAsync("/stijl", Stop);
        Regex.Count(html, "<td role=\"cell\"").ShouldBe(16);
        Regex.Count(html, "class=\"bereik-table__label\"").ShouldBe(16);
        html.ShouldContain("aria-sort=\"ascending\"");
        html.ShouldContain("Er staan nog geen gezinnen op deze lijst");
    }

    [Fact]
    public async Task Page_Served_HasNothingInlineNothingForeignAndUniqueIds()
    {
        await using var host = await UiHost.Start();
        var html = await host.Client.GetStringAsync("/stijl", Stop);
        Foreign().IsMatch(html).ShouldBeFalse();
        Inline().IsMatch(html).ShouldBeFalse();
        var ids = Regex.Matches(html, " id=\"([^\"]+)\"").Select(match => match.Groups[1].Value).ToList();
        ids.Distinct().Count().ShouldBe(ids.Count);
        Foreign().IsMatch("<script src=\"https://cdn.example.org/x.js\">").ShouldBeTrue();
        Inline().IsMatch("<p style=\"color:red\">").ShouldBeTrue();
        Inline().IsMatch("<script>alert(1)</script>").ShouldBeTrue();
    }

    [Fact]
    public async Task Page_Served_CarriesTheHeadersThatKeepItToItself()
    {
        await using var host = await UiHost.Start();
        foreach (var path in new[] { "/stijl", "/gegevens", "/bestaat-niet" })
        {
            using var response = await host.Client.GetAsync(path, Stop);
            var policy = response.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem();
            foreach (var part in new[] { "default-src 'none'", "style-src 'self'", "script-src 'self'", "font-src 'self'", "img-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'" })
                policy.ShouldContain(part);
            policy.ShouldNotContain("unsafe");
            response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
            response.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
            response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Form_WithoutItsToken_IsRefused()
    {
        await using var host = await UiHost.Start("Production");
        using var content = new FormUrlEncodedContent([new("reden", "maand")]);
        (await host.Client.PostAsync("/antwoord", content, Stop)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("/stijl?sorteer=straat", "/stijl?sorteer=straat")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("//evil.example/", "/")]
    [InlineData("/\\evil.example/", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("~/stijl", "/")]
    [InlineData("", "/")]
    public async Task LanguageSwitch_AnyReturnAddress_StaysOnThisNode(string back, string expected)
    {
        await using var host = await UiHost.Start();
        using var response = await host.Client.GetAsync("/taal/en?terug=" + Uri.EscapeDataString(back), Stop);
        response.StatusCode.ShouldBe(HttpStatusCode.Found);
        response.Headers.Location!.OriginalString.ShouldBe(expected);
        response.Headers.GetValues("Set-Cookie").ShouldContain(cookie => cookie.StartsWith("bereik-taal=en", StringComparison.Ordinal) && cookie.Contains("httponly"));
    }

    [Fact]
    public async Task LanguageSwitch_UnknownLanguage_IsNotFound()
    {
        await using var host = await UiHost.Start();
        (await host.Client.GetAsync("/taal/xx?terug=/", Stop)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [GeneratedRegex("(src|href|action)=\"(https?:)?//")]
    private static partial Regex Foreign();

    [GeneratedRegex(" style=\"|<style|<script(?![^>]* src=)| on[a-z]+=\"")]
    private static partial Regex Inline();
}
