using System.Globalization;
using System.Text.RegularExpressions;
using Bereik.Cli.Network;
using Bereik.Domain;
using Bereik.EndToEnd.Tests.Network;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Bereik.EndToEnd.Tests.Browser;

public sealed class ReferralBrowserFixture : BrowserFixture
{
    protected override int Families => 20;

    protected override bool HasReferrals => true;
}

/// <summary>A visit with a telephone, from choosing a service to the receipt, and a week at the OCMW: taken up, not reached, reached, referred on, closed.</summary>
public sealed partial class ReferralPagesTests(ReferralBrowserFixture browser) : IClassFixture<ReferralBrowserFixture>
{
    private const string Worker = "maatschappelijkwerker";
    private const string Lead = "teamverantwoordelijke";
    private const string Name = "Verzonnen-Vandewalle";
    private static readonly byte[] Sheet = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3, 4];

    private TestNetwork Network => browser.Network;

    [Fact]
    public async Task Referral_FromTheVisitToTheEnd_EveryPageAndStateHoldsTheChecks()
    {
        await Network.ReadyAsync(Network.Ocmw);
        await Network.AccedeToReferralsAsync();
        await using var referrer = await OpenAsync(NetworkPlan.ReferrerId, Worker, "bezoek", onPhone: true);
        await using var worker = await OpenAsync(Network.Ocmw, Worker, "week");
        await using var lead = await OpenAsync(Network.Ocmw, Lead, "team");
        await VisitAsync(referrer);
        await TakeUpAsync(worker);
        await LeadAsync(lead);
        await ContactAsync(worker);
        await OnwardAsync(worker);
        await EndAsync(worker);
        await using var officer = await Sight.OpenAsync(browser.Browser, "wissen", Network.Plan[Network.Ocmw].PublicUrl);
        await officer.SignInAsync(Network.Plan[Network.Ocmw], "dpo");
        await officer.GoAsync("/wissen", "gewist");
        (await officer.Page.Locator("#gewist tbody tr").CountAsync()).ShouldBeGreaterThan(0);
        await FollowAsync(referrer);
        await EnglishAsync(referrer, worker, lead);
        await SignOutAsync(referrer);
        foreach (var sight in new[] { referrer, worker, lead, officer }) sight.ShouldHaveSeenNothingWrong();
    }

    private async Task<Sight> OpenAsync(string id, string role, string who, bool onPhone = false)
    {
        var node = Network.Plan[id];
        var code = await AttestationDesk.AttestAsync(Network.Running, node, role, TimeProvider.System.Today());
        var sight = await Sight.OpenAsync(browser.Browser, who, node.PublicUrl, onPhone: onPhone);
        await sight.SignInAsync(node, role);
        await sight.AddAuthenticatorAsync();
        await sight.EnrolAsync(code);
        return sight;
    }

    // On the sofa of a family: choose, read aloud, tick, look together, send, hand over.
    private async Task VisitAsync(Sight referrer)
    {
        var page = referrer.Page;
        await referrer.GoAsync("/doorverwijzen", "1-leeg");
        await UntilAsync(page, "/doorverwijzen/nieuw", page.GetByRole(AriaRole.Link, new() { NameRegex = ServiceLink() }).First);
        await referrer.LookAsync("2-diensten");
        await page.GetByRole(AriaRole.Link, new() { NameRegex = ServiceLink() }).First.ClickAsync();
        await page.Locator("#gelezen").WaitForAsync();
        await referrer.LookAsync("3-formulier");

        // Nothing but what is asked for: the rest is out of sight.
        (await page.Locator("#vertegenwoordiger").IsVisibleAsync()).ShouldBeFalse();
        (await page.Locator("#waarde-familyName").IsVisibleAsync()).ShouldBeFalse();
        await page.Locator("input[name=hoedanigheid][value=representative]").CheckAsync();
        (await page.Locator("#vertegenwoordiger").IsVisibleAsync()).ShouldBeTrue();
        (await page.Locator("#begrijpt").IsVisibleAsync()).ShouldBeFalse();
        await page.Locator("input[name=hoedanigheid][value=matureMinor]").CheckAsync();
        (await page.Locator("#begrijpt").IsVisibleAsync()).ShouldBeTrue();
        await referrer.LookAsync("3-formulier-minderjarige");
        await FillAsync(page);

        // The session ends while she types: the form is refused, and after signing in everything stands there again.
        var form = new Uri(page.Url).AbsolutePath;
        await Network.ChangeAsync(NetworkPlan.ReferrerId, "UPDATE session SET ends_at = 1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Bekijk wat de dienst te zien krijgt" }).ClickAsync();
        await page.WaitForLoadStateAsync();
        (await page.ContentAsync()).ShouldNotContain(Name);
        await SignInAgainAsync(page, form);
        await page.Locator("[data-bereik-draft-note]").WaitForAsync();
        (await page.Locator("#waarde-familyName").InputValueAsync()).ShouldBe(Name);
        (await page.Locator("#veld-familyName").IsCheckedAsync()).ShouldBeTrue();
        await referrer.LookAsync("4-teruggezet");

        await page.Locator("#bereik").FillAsync("");
        await page.GetByRole(AriaRole.Button, new() { Name = "Bekijk wat de dienst te zien krijgt" }).ClickAsync();
        await page.Locator(".govuk-error-summary").WaitForAsync();
        await referrer.LookAsync("5-fout");
        await page.Locator("#bereik").FillAsync("Gezinsondersteuning, 053 00 00 00, elke werkdag");
        await page.GetByRole(AriaRole.Button, new() { Name = "Bekijk wat de dienst te zien krijgt" }).ClickAsync();
        await page.Locator("#blad").WaitForAsync();
        await referrer.LookAsync("6-voorbeeld");
        await page.Locator("#blad").SetInputFilesAsync(new FilePayload { Name = "blad.txt", MimeType = "text/plain", Buffer = "geen scan"u8.ToArray() });
        await page.GetByRole(AriaRole.Button, new() { Name = "Versturen" }).ClickAsync();
        await page.Locator(".govuk-error-summary").WaitForAsync();
        await referrer.LookAsync("6-voorbeeld-fout");
        await page.Locator("#blad").SetInputFilesAsync(new FilePayload { Name = "blad.png", MimeType = "image/png", Buffer = Sheet });
        await page.GetByRole(AriaRole.Button, new() { Name = "Versturen" }).ClickAsync();
        await page.WaitForURLAsync(url => url.EndsWith("/bewijs", StringComparison.Ordinal));
        await referrer.LookAsync("7-ontvangstbewijs");
        await referrer.PrintAsync("7-ontvangstbewijs");
        (await page.EvaluateAsync<int>("Object.keys(sessionStorage).length")).ShouldBe(0);
        (await page.ContentAsync()).ShouldNotContain(Name);
        await page.GetByRole(AriaRole.Link, new() { Name = "Ga naar de doorverwijzing" }).ClickAsync();
        await page.Locator("#blad").WaitForAsync();
        await referrer.LookAsync("8-doorverwijzing");
        await referrer.GoAsync("/doorverwijzen", "9-lijst");
    }

    private static async Task FillAsync(IPage page)
    {
        await page.Locator("#gelezen").CheckAsync();
        await page.Locator("#akkoord").CheckAsync();
        await page.Locator("#hoedanigheid").CheckAsync();
        await page.Locator("#wijze").CheckAsync();
        foreach (var (field, value, why) in new[] { ("givenNames", "Amina", "contact"), ("familyName", Name, "contact"), ("phone", "0470 12 34 56", "contact") })
        {
            await page.Locator($"#veld-{field}").CheckAsync();
            await page.Locator($"#waarde-{field}").FillAsync(value);
            await page.Locator($"#reden-{field}").SelectOptionAsync(why);
        }

        await page.Locator("#veld-helpQuestion").CheckAsync();
        await page.Locator("#waarde-helpQuestion").SelectOptionAsync("energy");
        await page.Locator("#reden-helpQuestion").SelectOptionAsync("help");
        await page.Locator("#veilig-2").CheckAsync();
        await page.Locator("#bezwaar-2").CheckAsync();
        await page.Locator("#bereik").FillAsync("Gezinsondersteuning, elke werkdag");
    }

    private static async Task TakeUpAsync(Sight worker)
    {
        var page = worker.Page;
        await UntilAsync(page, "/verwijzingen", page.Locator("main table a").First);
        await worker.LookAsync("1-verwijzingen");
        await worker.GoAsync("/vandaag", "1-vandaag");
        await page.GetByText("Nieuwe verwijzingen").First.WaitForAsync();
        await page.Locator("main table a").First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Aanvaarden en aan mij toewijzen" }).WaitForAsync();
        await worker.LookAsync("2-nieuw");
        await page.GetByRole(AriaRole.Button, new() { Name = "Aanvaarden en aan mij toewijzen" }).ClickAsync();
        await page.Locator("#kanaal").WaitForAsync();
        await worker.LookAsync("3-aanvaard");
    }

    // Two weeks without contact, done in the store: the lead sees it first.
    private async Task LeadAsync(Sight lead)
    {
        var page = lead.Page;
        var today = TimeProvider.System.Today();
        await Network.ChangeAsync(Network.Ocmw, FormattableString.Invariant($"UPDATE referral SET contact_by = '{today.AddDays(-1):yyyy-MM-dd}' WHERE direction = 'in'"));
        await lead.GoAsync("/verwijzingen", "1-verwijzingen");
        await page.GetByRole(AriaRole.Link, new() { Name = "Bekijk de wachtrij van het team" }).ClickAsync();
        await page.GetByText("Te laat").First.WaitForAsync();
        await lead.LookAsync("2-wachtrij");
        await page.GetByRole(AriaRole.Button, new() { NameRegex = GiveButton() }).First.ClickAsync();
        await page.Locator(".govuk-error-summary").WaitForAsync();
        await lead.LookAsync("3-wachtrij-fout");
        await page.Locator("main select").First.SelectOptionAsync(new SelectOptionValue { Label = "Noor Janssens" });
        await page.GetByRole(AriaRole.Button, new() { NameRegex = GiveButton() }).First.ClickAsync();
        await page.GetByText("Te laat").First.WaitForAsync();
        (await page.Locator("main").InnerTextAsync()).ShouldNotContain(Name);

        // What another has is not in the lead's own day.
        await lead.GoAsync("/vandaag", "4-vandaag");
        (await page.GetByText("Verwijzingen om op te volgen").CountAsync()).ShouldBe(0);
    }

    private static async Task ContactAsync(Sight worker)
    {
        var page = worker.Page;
        await worker.GoAsync(new Uri(page.Url).AbsolutePath, "4-te-laat");
        await page.GetByRole(AriaRole.Button, new() { Name = "Contact bewaren" }).ClickAsync();
        await page.Locator(".govuk-error-summary").WaitForAsync();
        await worker.LookAsync("5-fout");
        await page.Locator("#kanaal").CheckAsync();
        await page.Locator("#bereikt-2").CheckAsync();
        await page.Locator("#volgende").FillAsync(TimeProvider.System.Today().AddDays(2).ToString("dd/MM/yyyy", CultureInfo.InvariantCulture));
        await page.GetByRole(AriaRole.Button, new() { Name = "Contact bewaren" }).ClickAsync();
        await page.GetByText("niet bereikt").First.WaitForAsync();
        await worker.LookAsync("6-niet-bereikt");
        var item = page.Url;
        await worker.GoAsync("/vandaag", "6-vandaag-te-laat");
        await page.GetByText("Verwijzingen om op te volgen").First.WaitForAsync();
        await page.GotoAsync(item);
        await page.Locator("input[name=kanaal][value=visit]").CheckAsync();
        await page.Locator("#bereikt").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Contact bewaren" }).ClickAsync();
        await page.GetByText("Eerste contact gemaakt").First.WaitForAsync();
        await worker.LookAsync("7-bereikt");
    }

    private static async Task OnwardAsync(Sight worker)
    {
        var page = worker.Page;
        var item = new Uri(page.Url).AbsolutePath;
        await page.GetByRole(AriaRole.Button, new() { Name = "Doorverwijzen", Exact = true }).Or(page.Locator("main a.govuk-button", new() { HasText = "Doorverwijzen" })).First.ClickAsync();
        await UntilAsync(page, page.Url, page.GetByRole(AriaRole.Link, new() { NameRegex = ServiceLink() }).First);
        await worker.LookAsync("8-diensten");
        await page.GetByRole(AriaRole.Link, new() { NameRegex = ServiceLink() }).First.ClickAsync();
        await page.Locator("#gelezen").WaitForAsync();
        (await page.Locator("input[name=veld]:checked").CountAsync()).ShouldBe(0);
        await page.Locator("#gelezen").CheckAsync();
        await page.Locator("#akkoord").CheckAsync();
        await page.Locator("#hoedanigheid").CheckAsync();
        await page.Locator("input[name=wijze][value=verbal]").CheckAsync();
        await page.Locator("#veld-familyName").CheckAsync();
        await page.Locator("[data-bereik-copy=waarde-familyName]").ClickAsync();
        (await page.Locator("#waarde-familyName").InputValueAsync()).ShouldBe(Name);
        await page.Locator("#reden-familyName").SelectOptionAsync("contact");
        await page.Locator("#veilig-2").CheckAsync();
        await page.Locator("#bezwaar-2").CheckAsync();
        foreach (var condition in Enum.GetNames<SecrecyCondition>().Select(name => char.ToLowerInvariant(name[0]) + name[1..]))
        {
            await page.Locator($"#vw-{condition}").CheckAsync();
            await page.Locator($"#bw-{condition}").FillAsync("Besproken in het gesprek van vandaag");
        }

        await page.Locator("#bereik").FillAsync("Sociale dienst, elke werkdag van 9 tot 12 uur");
        await worker.LookAsync("9-verder");
        await page.GetByRole(AriaRole.Button, new() { Name = "Bekijk wat de dienst te zien krijgt" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Versturen" }).WaitForAsync();
        await worker.LookAsync("10-verder-voorbeeld");
        await page.GetByRole(AriaRole.Button, new() { Name = "Versturen" }).ClickAsync();
        await page.WaitForURLAsync(url => url.EndsWith("/bewijs", StringComparison.Ordinal));
        await worker.LookAsync("11-verder-ontvangstbewijs");
        await page.GetByRole(AriaRole.Link, new() { Name = "Ga naar de doorverwijzing" }).ClickAsync();
        await page.GetByText("De persoon heeft bevestigd").First.WaitForAsync();
        await worker.LookAsync("12-verder-te-bevestigen");
        await page.GetByRole(AriaRole.Button, new() { Name = "De persoon heeft bevestigd" }).ClickAsync();
        await worker.GoAsync(item, "13-met-doorverwijzing");
    }

    private static async Task EndAsync(Sight worker)
    {
        var page = worker.Page;
        var item = new Uri(page.Url).AbsolutePath;
        await worker.ProveAsync();
        await page.GotoAsync(item);
        await page.GetByRole(AriaRole.Link, new() { Name = "Overnemen in een eigen dossier" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Overgenomen: sluit af en wis hier" }).WaitForAsync();
        await worker.LookAsync("14-dossier");
        await worker.PrintAsync("14-dossier");
        var file = await page.RunAndWaitForDownloadAsync(() => page.GetByText("Bewaar als bestand (JSON)").ClickAsync());
        (await File.ReadAllTextAsync(await file.PathAsync())).ShouldContain(Name);
        await page.GotoAsync(item);
        await page.GetByText("Kies de uitkomst").ClickAsync();
        await worker.LookAsync("15-uitkomsten");
        await page.Locator("input[name=uitkomst][value=U11]").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Uitkomst bewaren" }).ClickAsync();
        await page.GetByText("Deze verwijzing is voorbij").First.WaitForAsync();
        await worker.LookAsync("16-voorbij");
        await page.GoBackAsync();
        (await page.Locator("main").InnerTextAsync()).ShouldNotContain(Name);
        await worker.GoAsync("/verwijzingen", "17-leeg");
    }

    private static async Task FollowAsync(Sight referrer)
    {
        var page = referrer.Page;
        await page.GotoAsync("/doorverwijzen");
        await page.Locator("main table a").First.ClickAsync();
        await UntilAsync(page, page.Url, page.GetByText("Gewist").First);
        await referrer.LookAsync("10-afgelopen");
    }

    private static async Task EnglishAsync(Sight referrer, Sight worker, Sight lead)
    {
        await referrer.Page.GotoAsync("/taal/en?terug=/doorverwijzen/nieuw");
        await referrer.Page.GetByRole(AriaRole.Link, new() { NameRegex = ServiceLink() }).First.ClickAsync();
        await referrer.Page.Locator("#gelezen").WaitForAsync();
        await referrer.LookAsync("11-english");
        await worker.Page.GotoAsync("/taal/en?terug=/doorverwijzen");
        await worker.LookAsync("18-english");
        await lead.Page.GotoAsync("/taal/en?terug=/verwijzingen/team");
        await lead.LookAsync("4-english");
    }

    // A draft that was begun is gone with its person, also in another tab.
    private static async Task SignOutAsync(Sight referrer)
    {
        var page = referrer.Page;
        await page.Locator("#veld-familyName").CheckAsync();
        await page.Locator("#waarde-familyName").FillAsync(Name);
        (await page.EvaluateAsync<int>("Object.keys(sessionStorage).length")).ShouldBe(1);
        var second = await page.Context.NewPageAsync();
        await second.GotoAsync("/account");
        await second.Locator("form[action='/afmelden'] button").ClickAsync();
        await second.WaitForURLAsync(url => new Uri(url).AbsolutePath == "/afgemeld");
        await page.WaitForURLAsync(url => new Uri(url).AbsolutePath == "/afgemeld");
        (await page.EvaluateAsync<int>("Object.keys(sessionStorage).length")).ShouldBe(0);
    }

    private async Task SignInAgainAsync(IPage page, string path)
    {
        var node = Network.Plan[NetworkPlan.ReferrerId];
        var person = node.People.Single(person => person.Roles.Contains(Worker));
        await page.GotoAsync(path);
        await page.GetByRole(AriaRole.Link, new() { Name = $"{person.GivenName} {person.FamilyName}" }).First.ClickAsync();
        await page.WaitForURLAsync(url => new Uri(url).AbsolutePath == "/sleutel");
        await page.GetByRole(AriaRole.Button, new() { Name = "Toon mijn sleutel" }).ClickAsync();
        await page.WaitForURLAsync(url => new Uri(url).AbsolutePath == path);
    }

    // What comes from the other side comes with a round and a reading.
    private static async Task UntilAsync(IPage page, string path, ILocator there)
    {
        for (var i = 0; i < 120; i++)
        {
            await page.GotoAsync(path);
            if (await there.CountAsync() > 0) return;
            await Task.Delay(1000);
        }

        throw new TimeoutException($"Not on {new Uri(page.Url).AbsolutePath}.");
    }

    [GeneratedRegex("^(Kies deze dienst|Choose this service)")]
    private static partial Regex ServiceLink();

    [GeneratedRegex("^Geef")]
    private static partial Regex GiveButton();
}
