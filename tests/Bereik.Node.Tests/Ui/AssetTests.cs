using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace Bereik.Node.Tests.Ui;

public sealed class AssetTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StyleSheet_Served_IsImmutableAndNamesOnlyOurOwnFonts()
    {
        await using var host = await UiHost.Start();
        var html = await host.Client.GetStringAsync("/stijl", Stop);
        var path = Regex.Match(html, "href=\"(/assets/[^\"]+\\.css)\"").Groups[1].Value;
        using var response = await host.Client.GetAsync(path, Stop);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/css");
        response.Headers.GetValues("Cache-Control").Single().ShouldContain("immutable");
        var css = await response.Content.ReadAsStringAsync(Stop);
        Regex.IsMatch(css, "https?://[a-z]|@import|GDS Transport|crown", RegexOptions.IgnoreCase).ShouldBeFalse();
        css.ShouldContain("--govuk-brand-colour: #0b5394");
        var urls = Regex.Matches(css, "url\\(([^)]+)\\)").Select(match => match.Groups[1].Value.Trim('"', '\'')).Distinct().ToList();
        urls.Count.ShouldBeGreaterThan(3);
        foreach (var url in urls)
        {
            using var font = await host.Client.GetAsync(path[..(path.LastIndexOf('/') + 1)] + url, Stop);
            font.StatusCode.ShouldBe(HttpStatusCode.OK, url);
            font.Content.Headers.ContentType!.MediaType.ShouldBe("font/woff2");
        }
    }

    [Theory]
    [InlineData("bereik.js", "text/javascript")]
    [InlineData("source-sans-3-OFL.txt", "text/plain")]
    [InlineData("govuk-frontend-MIT.txt", "text/plain")]
    public async Task Asset_Named_HasItsContentType(string name, string type)
    {
        await using var host = await UiHost.Start();
        var html = await host.Client.GetStringAsync("/stijl", Stop);
        var folder = Regex.Match(html, "/assets/[0-9a-f]{16}/").Value;
        using var response = await host.Client.GetAsync(folder + name, Stop);
        response.Content.Headers.ContentType!.MediaType.ShouldBe(type);
    }

    [Theory]
    [InlineData("/assets/0000000000000000/bereik.css")]
    [InlineData("/assets/0000000000000000/..%2Fbereik.css")]
    public async Task Asset_WithAnotherHashOrName_IsNotFound(string path)
    {
        await using var host = await UiHost.Start();
        (await host.Client.GetAsync(path, Stop)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public void OwnStyleSheet_Always_StaysUnder25Kilobytes() =>
        new FileInfo(Sources.Path("src/Bereik.Node/Assets/bereik.css")).Length.ShouldBeLessThan(25_000);

    [Fact]
    public void LockFile_Always_NamesNoOtherRegistry() =>
        Regex.Matches(File.ReadAllText(Sources.Path("src/Bereik.Node/package-lock.json")), "\"resolved\": \"([^\"]+)\"")
            .ShouldAllBe(match => match.Groups[1].Value.StartsWith("https://registry.npmjs.org/"));

    [Theory]
    [InlineData("ink", "paper", 7)]
    [InlineData("ink", "surface", 7)]
    [InlineData("ink-soft", "paper", 7)]
    [InlineData("ink-soft", "surface", 4.5)]
    [InlineData("paper", "action", 7)]
    [InlineData("paper", "action-hover", 7)]
    [InlineData("paper", "stop", 7)]
    [InlineData("action", "surface", 4.5)]
    [InlineData("action", "action-surface", 4.5)]
    [InlineData("good", "good-surface", 4.5)]
    [InlineData("attention", "attention-surface", 4.5)]
    [InlineData("stop", "stop-surface", 4.5)]
    [InlineData("good", "paper", 4.5)]
    [InlineData("attention", "paper", 4.5)]
    [InlineData("attention", "surface", 4.5)]
    [InlineData("line-strong", "paper", 4.5)]
    [InlineData("ink", "focus", 7)]
    public void Tokens_TextOnBackground_HaveContrast(string text, string background, double atLeast) =>
        Contrast(Token(text), Token(background)).ShouldBeGreaterThanOrEqualTo(atLeast);

    [Fact]
    public void Contrast_KnownPairs_IsThatOfWcag()
    {
        Contrast("#000000", "#ffffff").ShouldBe(21, 0.001);
        Contrast("#777777", "#ffffff").ShouldBe(4.478, 0.001);
    }

    private static string Token(string name) =>
        Regex.Match(File.ReadAllText(Sources.Path("src/Bereik.Node/Assets/bereik.css")), $"--{name}: (#[0-9a-f]{{6}});").Groups[1].Value;

    private static double Contrast(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string colour)
    {
        double Part(int at)
        {
            var value = int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        }
        return (0.2126 * Part(1)) + (0.7152 * Part(3)) + (0.0722 * Part(5));
    }
}
