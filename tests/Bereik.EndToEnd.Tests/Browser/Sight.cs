using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Shouldly;

namespace Bereik.EndToEnd.Tests.Browser;

/// <summary>One person's browser. Each page that is looked at is held to the same checks, and leaves a picture at two widths.</summary>
internal sealed class Sight : IAsyncDisposable
{
    private static readonly string Pictures = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "screenshots")).FullName;
    private static readonly (int Width, int Height)[] Sizes = [(1280, 900), (360, 780)];
    private readonly IBrowserContext context;
    private readonly List<string> complaints = [];
    private readonly string who;

    private Sight(IBrowserContext context, IPage page, string who)
    {
        (this.context, Page, this.who) = (context, page, who);
        page.Console += (_, said) =>
        {
            // A page that says "not found" is an answer, not a fault of the page.
            if (said.Type == "error" && !said.Text.Contains("the server responded with a status of 4", StringComparison.Ordinal)) complaints.Add(said.Text);
        };
        page.PageError += (_, error) => complaints.Add(error);
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith("http://127.0.0.1:", StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal)) complaints.Add("asked elsewhere: " + request.Url);
        };
    }

    public IPage Page { get; }

    public static async Task<Sight> OpenAsync(IBrowser browser, string who, string url, bool withScript = true)
    {
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = url, Locale = "nl-BE", TimezoneId = "Europe/Brussels", JavaScriptEnabled = withScript, ViewportSize = new ViewportSize { Width = 1280, Height = 900 },
        });
        return new Sight(context, await context.NewPageAsync(), who);
    }

    /// <summary>Opens a page and looks at it.</summary>
    public async Task GoAsync(string path, string picture)
    {
        await Page.GotoAsync(path);
        await LookAsync(picture);
    }

    /// <summary>Holds the page that is open to every check of a page: axe, one heading, no sideways scrolling on a phone, no complaint of the browser.</summary>
    public async Task LookAsync(string picture)
    {
        foreach (var (width, height) in Sizes)
        {
            await Page.SetViewportSizeAsync(width, height);
            var found = await Page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });
            found.Violations.Select(violation => $"{violation.Id}: {string.Join(" ", violation.Nodes.Select(node => node.Html))}").ShouldBeEmpty($"{who} {picture} at {width} px");
            (await Page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(width, $"{who} {picture} scrolls sideways at {width} px");
            await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Pictures, $"{who}-{picture}-{width}.png"), FullPage = true });
        }

        await Page.SetViewportSizeAsync(Sizes[0].Width, Sizes[0].Height);
        (await Page.Locator("h1").CountAsync()).ShouldBe(1, $"{who} {picture}: headings of the first level");
        complaints.ShouldBeEmpty($"{who} {picture}");
    }

    public ValueTask DisposeAsync() => context.DisposeAsync();
}
