using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Shouldly;

namespace Bereik.EndToEnd.Tests.Browser;

/// <summary>One person's browser. Each page that is looked at is held to the same checks, and leaves a picture at two widths.</summary>
internal sealed class Sight : IAsyncDisposable
{
    private static readonly string Pictures = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "screenshots")).FullName;
    private const string WidestScript = "[...document.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > innerWidth + 1 || one.scrollWidth > innerWidth).slice(-3).map(one => one.outerHTML.slice(0, 160)).join(' ')";
    private const int TallestPicture = 2400; // a list of fifty rows is seen by its first
    private static readonly (int Width, int Height)[] Both = [(1280, 900), (360, 780)];
    private static readonly (int Width, int Height)[] Phone = [(390, 844)];
    private static readonly (int Width, int Height)[] SmallPhone = [(360, 780)];
    private readonly (int Width, int Height)[] sizes;
    private readonly IBrowserContext context;
    private readonly IPage? mirror;
    private readonly List<string> wrong = [];
    private readonly string who;

    private Sight(IBrowserContext context, IPage page, string who, (int Width, int Height)[] sizes, IPage? mirror)
    {
        (this.context, Page, this.who, this.sizes, this.mirror) = (context, page, who, sizes, mirror);
        page.Console += (_, said) =>
        {
            // A page that says "not found" is an answer, not a fault of the page.
            if (said.Type == "error" && !said.Text.Contains("the server responded with a status of 4", StringComparison.Ordinal)) wrong.Add(said.Text);
        };
        page.PageError += (_, error) => wrong.Add(error);
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith("http://127.0.0.1:", StringComparison.Ordinal) && !request.Url.StartsWith("http://localhost:", StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal)) wrong.Add("asked elsewhere: " + request.Url);
        };
    }

    public IPage Page { get; }

    public static async Task<Sight> OpenAsync(IBrowser browser, string who, string url, bool withScript = true, bool onPhone = false, bool isSmall = false)
    {
        var sizes = isSmall ? SmallPhone : onPhone ? Phone : Both;
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = url, Locale = "nl-BE", TimezoneId = "Europe/Brussels", JavaScriptEnabled = withScript, ViewportSize = new ViewportSize { Width = sizes[0].Width, Height = sizes[0].Height },
        });

        // On a busy machine a page may take longer than it may take people: how fast pages are is measured elsewhere.
        context.SetDefaultTimeout(90_000);

        // Where a page may run no script, axe may not either: it gets the same document in a browser that does.
        var mirror = isSmall && !withScript ? await browser.NewPageAsync(new BrowserNewPageOptions { BaseURL = url, Locale = "nl-BE" }) : null;
        return new Sight(context, await context.NewPageAsync(), who, sizes, mirror);
    }

    /// <summary>Signs in at the login as somebody of the node.</summary>
    public async Task SignInAsync(Cli.Network.PlannedNode node, string role)
    {
        var person = node.People.Single(person => person.Roles.Contains(role));
        await Page.GotoAsync("/aanmelden");
        await Page.GetByRole(AriaRole.Link, new() { Name = $"{person.GivenName} {person.FamilyName}" }).First.ClickAsync();
        await Page.WaitForURLAsync(url => url.StartsWith(node.PublicUrl, StringComparison.Ordinal));
    }

    /// <summary>Gives the browser an authenticator, as a laptop with a fingerprint has one.</summary>
    public async Task AddAuthenticatorAsync()
    {
        var protocol = await context.NewCDPSessionAsync(Page);
        await protocol.SendAsync("WebAuthn.enable");
        await protocol.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new Dictionary<string, object> { ["protocol"] = "ctap2", ["transport"] = "internal", ["hasResidentKey"] = true, ["hasUserVerification"] = true, ["isUserVerified"] = true, ["automaticPresenceSimulation"] = true },
        });
    }

    /// <summary>Enrols a passkey on the page that asks for it, with the code that a colleague handed over.</summary>
    public async Task EnrolAsync(string code)
    {
        await Page.GotoAsync("/sleutel?terug=/account");
        await Page.Locator("#code").FillAsync(code);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Schrijf deze sleutel in" }).ClickAsync();
        await Page.WaitForURLAsync(url => new Uri(url).AbsolutePath == "/account");
    }

    /// <summary>Shows the passkey that was enrolled.</summary>
    public async Task ProveAsync()
    {
        await Page.GotoAsync("/sleutel?terug=/account");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Toon mijn sleutel" }).ClickAsync();
        await Page.WaitForURLAsync(url => new Uri(url).AbsolutePath == "/account");
    }

    /// <summary>Opens a page and looks at it.</summary>
    public async Task GoAsync(string path, string picture, int headings = 1)
    {
        await Page.GotoAsync(path);
        await LookAsync(picture, headings);
    }

    /// <summary>
    /// Holds the page that is open to every check of a page: axe, one heading of the first level, no sideways scrolling on a phone, no
    /// complaint of the browser. What is wrong is kept, so that one run shows all of it.
    /// </summary>
    public async Task LookAsync(string picture, int headings = 1)
    {
        foreach (var (width, height) in sizes)
        {
            await Page.SetViewportSizeAsync(width, height);
            var found = await (await MirroredAsync(width, height)).RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });
            wrong.AddRange(found.Violations.Select(violation => $"{who} {picture} {width}: {violation.Id}: {string.Join(" ", violation.Nodes.Select(node => node.Html))}"));
            var wide = await Page.EvaluateAsync<int>("document.documentElement.scrollWidth");
            if (wide > width) wrong.Add($"{who} {picture} {width}: scrolls sideways, {wide} px: {await Page.EvaluateAsync<string>(WidestScript)}");
            var tall = Math.Min(await Page.EvaluateAsync<int>("document.documentElement.scrollHeight"), TallestPicture);
            await Page.ScreenshotAsync(new PageScreenshotOptions
            {
                Path = Path.Combine(Pictures, $"{who}-{picture}-{width}.png"), FullPage = true, Clip = new Clip { Width = width, Height = tall },
            });
        }

        await Page.SetViewportSizeAsync(sizes[0].Width, sizes[0].Height);
        var levelOnes = await Page.Locator("h1").CountAsync();
        if (levelOnes != headings) wrong.Add($"{who} {picture}: {levelOnes} headings of the first level");
    }

    private async Task<IPage> MirroredAsync(int width, int height)
    {
        if (mirror is null) return Page;
        var document = await Page.ContentAsync();
        await mirror.SetViewportSizeAsync(width, height);
        await mirror.UnrouteAllAsync();
        await mirror.RouteAsync("**/spiegel", route => route.FulfillAsync(new RouteFulfillOptions { ContentType = "text/html; charset=utf-8", Body = document }));
        await mirror.GotoAsync("/spiegel");
        return mirror;
    }

    /// <summary>How the page comes out of a printer.</summary>
    public async Task PrintAsync(string picture)
    {
        await Page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
        await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Pictures, $"{who}-{picture}-papier.png"), FullPage = true });
        await Page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Screen });
    }

    /// <summary>Nothing was wrong with any page that was looked at.</summary>
    public void ShouldHaveSeenNothingWrong() => wrong.Distinct().ShouldBeEmpty();

    public async ValueTask DisposeAsync()
    {
        await context.DisposeAsync();
        if (mirror is not null) await mirror.CloseAsync();
    }
}
