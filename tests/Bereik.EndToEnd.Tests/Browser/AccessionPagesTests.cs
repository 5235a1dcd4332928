using System.Globalization;
using System.Text.RegularExpressions;
using Bereik.Domain;
using Bereik.EndToEnd.Tests.Network;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Bereik.EndToEnd.Tests.Browser;

public sealed class SmallBrowserFixture : BrowserFixture
{
    protected override int Families => 60;
}

/// <summary>One small network for the tests that need no list.</summary>
[CollectionDefinition(nameof(SmallBrowserFixture))]
public sealed class SmallBrowserGroup : ICollectionFixture<SmallBrowserFixture>;

/// <summary>A whole accession in a real browser: a council officer begins, makes mistakes, goes on another day, signs, suspends and ends.</summary>
[Collection(nameof(SmallBrowserFixture))]
public sealed class AccessionPagesTests(SmallBrowserFixture browser)
{
    private const string Path = "/toetreding/groeipakket-onbekend";
    private static readonly DateOnly Today = TimeProvider.System.Today();

    private TestNetwork Network => browser.Network;

    [Fact]
    public async Task WholeAccession_InFourSteps_EveryPageAndStateHoldsTheChecks()
    {
        await Network.ReadyAsync(Network.Ocmw);
        await using var officer = await Sight.OpenAsync(browser.Browser, "toetreding", Network.Plan[Network.Ocmw].PublicUrl);
        await officer.SignInAsync(Network.Plan[Network.Ocmw], "teamverantwoordelijke");
        var page = officer.Page;
        await SeeRefusalAsync(officer);
        await officer.SignInAsync(Network.Plan[Network.Ocmw], "protocolauteur");
        await officer.GoAsync("/toetreding", "overzicht");
        await page.GetByRole(AriaRole.Row, new() { NameRegex = new Regex("nog niet kent") }).GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^Toetreden") }).ClickAsync();
        await officer.LookAsync("protocol");
        await officer.GoAsync($"{Path}/ondertekenen", "4-nog-alles-open");

        await page.GotoAsync(Path);
        await page.GetByRole(AriaRole.Button, new() { Name = "Toetreden" }).Or(page.Locator("main a.govuk-button")).First.ClickAsync();
        await DecideAsync(officer);
        await MeasureAsync(officer);
        await ServeAsync(officer);
        await SignAsync(officer);
        await StopAsync(officer);
        await EnglishAsync(officer);
        officer.ShouldHaveSeenNothingWrong();
    }

    [Fact]
    public async Task WithoutScript_MeasuresOfADayForAll_AreKeptAndStepsShowErrorsInPlace()
    {
        await Network.ReadyAsync(Network.Gemeente);
        await using var officer = await Sight.OpenAsync(browser.Browser, "toetreding-zonder-script", Network.Plan[Network.Gemeente].PublicUrl, withScript: false);
        await officer.SignInAsync(Network.Plan[Network.Gemeente], "protocolauteur");
        var page = officer.Page;
        await page.GotoAsync("/toetreding/groeipakket-match/maatregelen");
        await page.Locator("#datum").FillAsync(Day(Today));
        await page.Locator("#K07").CheckAsync();
        await page.Locator("#K07-bewijs").FillAsync("Overeenkomst van 2026");
        await ClickAsync(page, "Bewaren en later verdergaan");
        page.Url.ShouldEndWith("/toetreding/groeipakket-match");
        await page.GotoAsync("/toetreding/groeipakket-match/maatregelen");
        (await page.Locator("#K07-dag").InputValueAsync()).ShouldBe(Day(Today));
        (await page.Locator("#K07").IsCheckedAsync()).ShouldBeTrue();

        await page.GotoAsync("/toetreding/groeipakket-match/dienst");
        await ClickAsync(page, "Bewaren en verder");
        (await page.Locator(".govuk-error-summary li").CountAsync()).ShouldBe(4);
        await page.GotoAsync("/toetreding/groeipakket-onbekend");
        (await page.Locator("h1").InnerTextAsync()).ShouldBe("Deze pagina is er niet", "this protocol is for an OCMW");
    }

    private static async Task SeeRefusalAsync(Sight officer)
    {
        var page = officer.Page;
        await officer.GoAsync("/lijsten", "lijsten-niet-toegetreden");
        await page.Locator("[name=maand]").SelectOptionAsync(TestNetwork.Month);
        await page.Locator("[name=akkoord]").CheckAsync();
        await ClickAsync(page, "Lijst aanvragen");
        (await page.GetByText("accession.missing").CountAsync()).ShouldBe(1);
        (await page.GetByRole(AriaRole.Link, new() { Name = "Naar uw toetreding" }).CountAsync()).ShouldBe(1);
        await officer.LookAsync("lijsten-geweigerd");
    }

    private static async Task DecideAsync(Sight officer)
    {
        var page = officer.Page;
        page.Url.ShouldEndWith("/beslissing");
        await officer.LookAsync("1-beslissing");
        await page.Locator("#besluitdag").FillAsync(Day(Today.AddDays(1)));
        await page.Locator("#adviesdag").FillAsync("31/02/2026");
        await ClickAsync(page, "Bewaren en verder");
        await ShouldHaveFocusAsync(page, ".govuk-error-summary");
        await officer.LookAsync("1-beslissing-fouten");
        (await page.Locator("#besluitdag").InputValueAsync()).ShouldBe(Day(Today.AddDays(1)), "what was typed stays");
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^Dag van de beslissing") }).ClickAsync();
        await ShouldHaveFocusAsync(page, "#besluitdag");

        await page.GetByLabel("Raad voor maatschappelijk welzijn").CheckAsync();
        await page.Locator("#besluitdag").FillAsync(Day(Today.AddDays(-10)));
        await page.Locator("#besluitnummer").FillAsync("2026/RMW/118");
        await page.GetByLabel("Gunstig onder voorwaarden").CheckAsync();
        await page.Locator("#dpo").FillAsync("Functionaris voor gegevensbescherming, dpo@voorbeeld.be");
        await page.Locator("#adviesdag").FillAsync(Day(Today.AddDays(-20)));
        await page.Locator("#samenvatting").FillAsync("Gunstig, als het postvak van de dienst beperkt blijft tot geattesteerde medewerkers.\nNa een jaar opnieuw te bekijken.");
        await ClickAsync(page, "Bewaren en verder");
    }

    private static async Task MeasureAsync(Sight officer)
    {
        var page = officer.Page;
        page.Url.ShouldEndWith("/maatregelen");
        await officer.LookAsync("2-maatregelen");

        // A mistake in two measures; what is right stays, and so does what is wrong.
        await page.Locator("#K01").CheckAsync();
        await page.Locator("#K01-bewijs").FillAsync("Notulen 2026/RMW/118");
        await page.Locator("#K04-2").CheckAsync();
        await page.Locator("#K04-dag").FillAsync(Day(Today.AddDays(3)));
        await page.Locator("#datum").FillAsync(Day(Today.AddDays(-5)));
        await ClickAsync(page, "Bewaren en verder");
        await ShouldHaveFocusAsync(page, ".govuk-error-summary");
        (await page.Locator("#K01-dag").InputValueAsync()).ShouldBe(Day(Today.AddDays(-5)), "the day for all");
        (await page.Locator("details[open]").CountAsync()).ShouldBe(1, "the plan that is missing is in sight");
        await officer.LookAsync("2-maatregelen-fouten");
        await ClickAsync(page, "Bewaren en later verdergaan");
        await officer.LookAsync("protocol-halverwege");

        // Another day.
        await page.GotoAsync("/toetreding");
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^Verder invullen") }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Ga verder" }).Or(page.GetByRole(AriaRole.Link, new() { Name = "Ga verder" })).First.ClickAsync();
        page.Url.ShouldEndWith("/maatregelen");
        foreach (var measure in Bereik.Exchange.Protocols.FrameworkFile.Shipped.Measures)
        {
            await page.Locator($"#{measure.Id}").CheckAsync();
            await page.Locator($"#{measure.Id}-bewijs").FillAsync($"Bewijsstuk {measure.Id}, in het dossier van de toetreding");
        }

        await page.Locator("#K04-2").CheckAsync();
        await page.Locator("#K04-dag").FillAsync(Day(Today.AddDays(-3)));
        await page.Locator("#K04-plan").FillAsync("De verwerking komt in het register bij de volgende bijwerking.");
        await page.Locator("#K04-plandag").FillAsync(Day(Today.AddDays(60)));
        await page.Locator("#K02-3").CheckAsync();
        await page.Locator("#datum").FillAsync(Day(Today.AddDays(-1)));
        await ClickAsync(page, "Bewaren en verder");
    }

    private static async Task ServeAsync(Sight officer)
    {
        var page = officer.Page;
        page.Url.ShouldEndWith("/dienst");
        await officer.LookAsync("3-dienst");
        await page.Locator("#dienst").FillAsync("Sociale dienst, team onthaal");
        await page.Locator("#contact").FillAsync("onthaal@ocmw.voorbeeld.be");
        await page.Locator("#herziening").FillAsync(Day(Today.AddYears(2)));
        await ClickAsync(page, "Bewaren en verder");
        await ShouldHaveFocusAsync(page, ".govuk-error-summary");
        await officer.LookAsync("3-dienst-fouten");
        await page.Locator("#herziening").FillAsync(Day(Today.AddDays(350)));
        await ClickAsync(page, "Bewaren en verder");
    }

    private static async Task SignAsync(Sight officer)
    {
        var page = officer.Page;
        page.Url.ShouldEndWith("/ondertekenen");

        // A mandatory measure was answered with no: everything is filled in, and yet nobody can sign.
        (await page.GetByText("accession.measureLapsed").CountAsync()).ShouldBe(1);
        (await page.Locator("[name=akkoord]").CountAsync()).ShouldBe(0);
        await officer.LookAsync("4-ondertekenen-open");
        await page.GetByRole(AriaRole.Link, new() { Name = "Maatregelen" }).ClickAsync();
        await page.Locator("#K02").CheckAsync();
        await ClickAsync(page, "Bewaren en verder");
        await page.GotoAsync($"{Path}/ondertekenen");
        await officer.LookAsync("4-ondertekenen");
        await ClickAsync(page, "Ondertekenen en toetreden");
        await ShouldHaveFocusAsync(page, ".govuk-error-summary");
        await officer.LookAsync("4-ondertekenen-fout");

        // By the keyboard alone from here.
        await page.Locator("#akkoord").FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByText("U bent toegetreden.").WaitForAsync();
        await officer.LookAsync("toegetreden");
        await officer.GoAsync("/toetreding", "overzicht-toegetreden");
    }

    private static async Task StopAsync(Sight officer)
    {
        var page = officer.Page;
        await page.GotoAsync(Path);
        await page.GetByText("De toetreding schorsen").ClickAsync();
        await ClickAsync(page, "Schorsen");
        await ShouldHaveFocusAsync(page, ".govuk-error-summary");
        await officer.LookAsync("schorsen-fouten");
        await page.GetByLabel("Een audit is mislukt").CheckAsync();
        await page.Locator("#suspend-woorden").FillAsync("De audit van oktober vroeg om een betere scheiding van de rechten.");
        await ClickAsync(page, "Schorsen");
        await officer.LookAsync("geschorst");
        (await page.GetByText("Uw organisatie schorste zelf.").CountAsync()).ShouldBe(1);
        await officer.GoAsync("/toetreding", "overzicht-geschorst");
        await page.GotoAsync(Path);
        await page.GetByText("De schorsing opheffen").ClickAsync();
        await page.Locator("#resume-woorden").FillAsync("De scheiding is in orde gebracht.");
        await ClickAsync(page, "Schorsing opheffen");
        (await page.GetByText("Geschorst door").CountAsync()).ShouldBe(0);
        await page.GetByText("De toetreding beëindigen").ClickAsync();
        await page.Locator("#end-dag").FillAsync(Day(Today.AddDays(-1)));
        await ClickAsync(page, "Beëindigen");
        await officer.LookAsync("beeindigen-fouten");
        await page.Locator("#end-dag").FillAsync(Day(Today));
        await page.Locator("#end-woorden").FillAsync("Het bestuur stopt met dit protocol.");
        await ClickAsync(page, "Beëindigen");
        (await page.GetByText("accession.ended").CountAsync()).ShouldBe(1);
        await officer.LookAsync("beeindigd");
    }

    private static async Task EnglishAsync(Sight officer)
    {
        await officer.Page.GotoAsync("/");
        await officer.Page.GetByText("English").First.ClickAsync();
        foreach (var (path, picture) in new[] { ("/toetreding", "en-overzicht"), (Path, "en-protocol"), ($"{Path}/beslissing", "en-1-beslissing"), ($"{Path}/maatregelen", "en-2-maatregelen"), ($"{Path}/dienst", "en-3-dienst"), ($"{Path}/ondertekenen", "en-4-ondertekenen") })
        {
            await officer.GoAsync(path, picture);
            (await officer.Page.Locator("html").GetAttributeAsync("lang")).ShouldBe("en");
        }
    }

    private static Task ClickAsync(IPage page, string button) => page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    private static async Task ShouldHaveFocusAsync(IPage page, string selector) => (await page.EvaluateAsync<bool>("selector => document.activeElement?.matches(selector) ?? false", selector)).ShouldBeTrue(selector);

    private static string Day(DateOnly day) => day.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture);
}
