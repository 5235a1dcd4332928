using System.Globalization;
using System.Text.RegularExpressions;
using Bereik.Cli.Network;
using Bereik.Domain;
using Bereik.EndToEnd.Tests.Network;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Bereik.EndToEnd.Tests.Browser;

public class BrowserFixture : IAsyncLifetime
{
    private const string EnvironmentName = "ASPNETCORE_ENVIRONMENT";
    private static readonly string[] Chromium = ["/usr/bin/chromium", "/usr/bin/google-chrome"];
    private IPlaywright playwright = null!;

    protected virtual int Families => 700;

    protected virtual bool HasReferrals => false;

    internal IBrowser Browser { get; private set; } = null!;

    internal TestNetwork Network { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        // The style page is only there in development.
        Environment.SetEnvironmentVariable(EnvironmentName, "Development");
        Network = await TestNetwork.StartAsync(Families, withReferrals: HasReferrals);
        Environment.SetEnvironmentVariable(EnvironmentName, null);
        playwright = await Playwright.CreateAsync();
        Browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium.FirstOrDefault(File.Exists), Args = ["--no-sandbox", "--disable-background-networking"],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null) await Browser.DisposeAsync();
        playwright?.Dispose();
        await Network.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>The pages in a real browser: the steward approves, the worker orders, opens the worklist, searches, pages and prints.</summary>
public sealed partial class PagesTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private TestNetwork Network => browser.Network;

    [Fact]
    public async Task WholeWay_ByTheirPagesAlone_EveryPageAndStateHoldsTheChecks()
    {
        await Network.ReadyAsync(Network.Ocmw);
        await Network.ReadyAsync(Network.Gemeente);
        await using var worker = await OpenAsync(Network.Ocmw, "ocmw", "teamverantwoordelijke");
        await using var steward = await OpenAsync(NetworkPlan.SourceId, "bron", "datasteward");
        await using var grants = await OpenAsync(Network.Gemeente, "gemeente", "dossierbehandelaar");
        await using var lead = await OpenAsync(Network.Gemeente, "gemeente-team", "teamverantwoordelijke");
        await using var hub = await OpenAsync(NetworkPlan.HubId, "knooppunt", "beheerder");
        await AttestAsync(
            (worker, Network.Ocmw, "teamverantwoordelijke"), (grants, Network.Gemeente, "dossierbehandelaar"), (lead, Network.Gemeente, "teamverantwoordelijke"));

        await RegisterAsync(hub);
        await SeeEmptyPagesAsync(worker, steward, grants);
        await Network.AccedeAsync(Network.Ocmw);
        await Network.AccedeAsync(Network.Gemeente);
        await AccededAsync(hub, steward);
        await OrderAsync(worker);
        await OrderAsync(lead);
        await DecideAsync(steward, Network.Ocmw);
        await DecideAsync(steward, Network.Gemeente);
        await steward.GoAsync("/aanvragen", "aanvragen-beslist");
        await UntilReceivedAsync(worker, "lijst-ontvangen");
        await UntilReceivedAsync(lead, "lijst-ontvangen");

        await WorkAsync(worker);
        await GrantAsync(grants);
        await worker.GoAsync("/", "overzicht-vol");
        await worker.GoAsync("/lijsten", "lijsten-vol");
        await UploadAsync(worker);
        await LogAsync(hub);
        await lead.GoAsync("/werklijst", "werklijst-geweigerd");
        await DecisionsAsync(NetworkPlan.HubId, Network.Ocmw, NetworkPlan.SourceId, Network.Gemeente);
        await EnglishAsync(hub, worker, steward, grants);
        await worker.GoAsync("/stijl", "stijl", headings: 2); // one is of the sample of a question page

        foreach (var sight in new[] { worker, steward, grants, lead, hub }) sight.ShouldHaveSeenNothingWrong();
    }

    [Fact]
    public async Task WithoutScript_OrderPage_StillShowsItsErrorsInPlace()
    {
        await Network.ReadyAsync(Network.Ocmw);
        await using var worker = await OpenAsync(Network.Ocmw, "zonder-script", "teamverantwoordelijke", withScript: false);
        await worker.Page.GotoAsync("/lijsten");
        await worker.Page.GetByRole(AriaRole.Button, new() { Name = "Lijst aanvragen" }).ClickAsync();
        (await worker.Page.Locator(".govuk-error-summary").CountAsync()).ShouldBe(1);
    }

    private static async Task SeeEmptyPagesAsync(Sight worker, Sight steward, Sight grants)
    {
        await worker.GoAsync("/", "overzicht-leeg");
        await worker.GoAsync("/lijsten", "lijsten-leeg");
        await worker.GoAsync("/werklijst", "werklijst-leeg");
        await worker.GoAsync("/gegevens", "gegevens");
        await worker.GoAsync("/toekenning", "toekenning-geweigerd");
        await worker.GoAsync("/bestaat-niet", "bestaat-niet");
        await grants.GoAsync("/toekenning", "toekenning-leeg");
        await grants.GoAsync("/werklijst", "werklijst-geweigerd");
        await steward.GoAsync("/", "overzicht");
        await steward.GoAsync("/aanvragen", "aanvragen-leeg");
        await steward.GoAsync("/register", "register");
        await steward.GoAsync($"/aanvragen/{Guid.Empty}", "aanvraag-onbekend");
    }

    // What anyone may read of the register, and the operator's page of one text.
    private static async Task RegisterAsync(Sight hub)
    {
        foreach (var path in new[]
        {
            "/protocollen", "/protocollen?zoek=bestaat-niet", "/protocollen/groeipakket-onbekend", "/protocollen/groeipakket-match/0.3", "/protocollen/groeipakket-match/verschil?van=0.3&naar=0.3",
            "/protocollen/bestaat-niet", "/stand-van-zaken", "/toetreden", "/toetredingen", "/beheer", "/beheer/protocollen/groeipakket-onbekend/0.2",
        }) await hub.GoAsync(path, string.Concat(path[1..].Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-')));
    }

    // What the steward sees of the life of its protocols, and what anybody sees once somebody has joined.
    private async Task AccededAsync(Sight hub, Sight steward)
    {
        var accession = $"/toetredingen/{Network.Ocmw}/groeipakket-onbekend/0.2";
        await UntilAsync(steward.Page, accession, async () => await steward.Page.GetByText("proef-1").CountAsync() > 0);
        foreach (var path in new[]
        {
            accession, $"{accession}/schorsen", "/toetredingen", "/protocollen", "/protocollen/groeipakket-onbekend/0.2", "/protocollen/groeipakket-onbekend/0.2/schorsen", "/protocollen/groeipakket-onbekend/0.2/beeindigen",
        }) await steward.GoAsync(path, string.Concat(path[1..].Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-')));
        await hub.GoAsync("/toetredingen", "toetredingen-vol");
        await hub.GoAsync("/protocollen/groeipakket-onbekend", "protocol-toegetreden");
    }

    private static async Task OrderAsync(Sight local)
    {
        await local.Page.GotoAsync("/lijsten");
        await local.Page.GetByRole(AriaRole.Button, new() { Name = "Lijst aanvragen" }).ClickAsync();
        (await local.Page.EvaluateAsync<string>("document.activeElement.className")).ShouldContain("govuk-error-summary");
        await local.LookAsync("lijsten-fout");
        await local.Page.Locator("[name=maand]").SelectOptionAsync(TestNetwork.Month);
        await local.Page.Locator("[name=akkoord]").CheckAsync();
        await local.Page.GetByRole(AriaRole.Button, new() { Name = "Lijst aanvragen" }).ClickAsync();
        await local.Page.WaitForURLAsync(ListAddress(), new() { WaitUntil = WaitUntilState.Commit });
        await local.Page.Locator("footer").WaitForAsync();
        await local.LookAsync("lijst-gevraagd");
    }

    private async Task DecideAsync(Sight steward, string recipient)
    {
        var name = recipient.Split('-')[0];
        var link = steward.Page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex(Network.Plan[recipient].Name) }).First;
        await UntilAsync(steward.Page, "/aanvragen", async () => await link.CountAsync() > 0);
        await steward.LookAsync($"aanvragen-{name}");
        await link.ClickAsync();
        var address = steward.Page.Url;
        var approve = steward.Page.GetByRole(AriaRole.Button, new() { Name = "Goedkeuren en verzegelen" });
        await UntilAsync(steward.Page, address, async () => await approve.CountAsync() > 0);
        await steward.LookAsync($"aanvraag-{name}");
        await steward.Page.GetByRole(AriaRole.Button, new() { Name = "Weigeren" }).ClickAsync();
        (await steward.Page.Locator(".govuk-error-summary").CountAsync()).ShouldBe(1);
        await steward.LookAsync($"aanvraag-fout-{name}");
        await approve.ClickAsync();
        await steward.LookAsync($"aanvraag-goedgekeurd-{name}");
        await UntilAsync(steward.Page, address, async () => await steward.Page.GetByText("Het pakket is afgegeven").CountAsync() > 0);
        await steward.LookAsync($"aanvraag-afgegeven-{name}");
    }

    private static async Task UntilReceivedAsync(Sight local, string picture)
    {
        await UntilAsync(local.Page, local.Page.Url, async () => await local.Page.GetByText("Ontvangen").CountAsync() > 0);
        await local.LookAsync(picture);
    }

    private async Task WorkAsync(Sight worker)
    {
        var page = worker.Page;
        var truth = Network.Town.Unknown(Network.Place.Nis, Network.Ocmw);
        truth.Count.ShouldBeGreaterThan(50);
        await worker.GoAsync("/werklijst", "werklijst");
        (await page.Locator("tbody tr").CountAsync()).ShouldBe(50);

        // Every row says why it is there.
        var why = page.Locator("tbody tr").First.Locator("details");
        await why.Locator("summary").ClickAsync();
        (await why.InnerTextAsync()).ShouldContain("bepaling 'doel'");
        await worker.LookAsync("werklijst-waarom");

        await page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("straat") }).First.ClickAsync();
        page.Url.ShouldContain("volgorde=straat");
        // By street: whoever goes round finds the doors of one street together.
        var streets = (await page.Locator("tbody tr").EvaluateAllAsync<string[]>("rows => rows.map(row => row.cells[1].querySelector('[dir=auto]').innerText)"))
            .Select(address => HouseNumber().Replace(address, "")).ToList();
        streets.Count.ShouldBe(50);
        streets.Where((street, at) => at == 0 || streets[at - 1] != street).Count().ShouldBe(streets.Distinct().Count());
        var firstPage = await page.Locator("tbody tr").AllInnerTextsAsync();
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("Volgende") }).ClickAsync();
        await worker.LookAsync("werklijst-blad-2");
        (await page.Locator("tbody tr").CountAsync()).ShouldBe(Math.Min(50, truth.Count - 50));
        (await page.Locator("tbody tr").AllInnerTextsAsync()).ShouldNotContain(row => firstPage.Contains(row));

        // A search never stands in the address.
        var name = truth[0].Split(" | ")[0].Split(" + ")[0];
        await page.GotoAsync("/werklijst");
        await page.Locator("#zoek").FillAsync(name.ToUpperInvariant());
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("tbody tr").Filter(new() { HasText = name }).First.WaitForAsync();
        page.Url.ShouldNotContain(name.Split(' ')[0]);
        (await page.Locator("tbody tr").CountAsync()).ShouldBeLessThan(50);
        await worker.LookAsync("werklijst-gezocht");

        await page.Locator("#zoek").FillAsync("niemand heet zo");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByText("niemand heet zo").Or(page.Locator(".bereik-empty")).First.WaitForAsync();
        await UntilTrueAsync(async () => await page.Locator("tbody tr").CountAsync() == 0);
        await worker.LookAsync("werklijst-niets-gevonden");

        await page.GotoAsync("/werklijst");
        await page.Locator("tbody tr").First.GetByRole(AriaRole.Button).ClickAsync();
        await page.Locator("tbody tr").First.GetByText("Bram Peeters").WaitForAsync();
        await worker.LookAsync("werklijst-toegewezen");
        await HouseholdAsync(worker);

        await worker.ProveAsync();
        await page.GotoAsync("/werklijst/print?volgorde=straat");
        (await page.Locator("tbody tr").CountAsync()).ShouldBe(truth.Count - 1, "one ended");
        await worker.LookAsync("werklijst-afdrukken");
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
        (await page.Locator("nav").First.IsVisibleAsync()).ShouldBeFalse("the navigation is not printed");
        (await page.PdfAsync(new PagePdfOptions { Format = "A4" })).Length.ShouldBeGreaterThan(10_000);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Screen });
    }

    // One family: tried in vain, tried again on the day that was agreed, spoken with, taken into an own file, and gone.
    private static async Task HouseholdAsync(Sight worker)
    {
        var page = worker.Page;
        var keep = page.GetByRole(AriaRole.Button, new() { Name = "Contact bewaren" });
        await page.Locator("tbody tr").First.GetByRole(AriaRole.Link).First.ClickAsync();
        await page.GetByText("Wie en waar").WaitForAsync();
        var path = new Uri(page.Url).AbsolutePath;
        await worker.LookAsync("gezin");
        await keep.ClickAsync();
        await page.Locator(".govuk-error-summary").WaitForAsync();
        await worker.LookAsync("gezin-fout");
        await page.GotoAsync(path);
        await page.Locator("input[name=kanaal][value=letter]").CheckAsync();
        await page.Locator("#bereikt-2").CheckAsync();
        await page.Locator("#bericht").CheckAsync();
        await page.Locator("#volgende").FillAsync(TimeProvider.System.Today().ToString("dd/MM/yyyy", CultureInfo.InvariantCulture));
        await keep.ClickAsync();
        await page.GetByText("Bericht gekregen", new() { Exact = true }).First.WaitForAsync();
        await worker.LookAsync("gezin-bericht");

        // Back in the browser: what was kept stands there, and nothing waits to be sent again.
        await page.GoBackAsync();
        await page.GetByText("niet bereikt").First.WaitForAsync();
        (await page.Locator("input[name=kanaal]:checked").CountAsync()).ShouldBe(0);

        await worker.GoAsync("/vandaag", "vandaag");
        (await page.Locator("tbody tr").CountAsync()).ShouldBe(1);
        await page.Locator("tbody tr").First.GetByRole(AriaRole.Link).First.ClickAsync();
        await page.Locator("input[name=kanaal][value=phone]").CheckAsync();
        await page.Locator("#bereikt").CheckAsync();
        await keep.ClickAsync();
        await page.GetByText("Gesproken").First.WaitForAsync();
        await page.GetByText("Kies de uitkomst").ClickAsync();
        await worker.LookAsync("gezin-uitkomsten");
        await page.Locator("input[name=uitkomst][value=U05]").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Uitkomst bewaren" }).ClickAsync();
        await page.Locator(".govuk-error-summary").WaitForAsync();
        await worker.LookAsync("gezin-uitkomst-fout");
        await worker.ProveAsync();
        await worker.GoAsync($"{path}/dossier", "gezin-dossier");
        await worker.PrintAsync("gezin-dossier");
        await page.GetByRole(AriaRole.Button, new() { Name = "Overgenomen: sluit af en wis hier" }).ClickAsync();
        await page.GetByText("Dit gezin staat niet meer op de werklijst").First.WaitForAsync();
        await worker.LookAsync("gezin-voorbij");
        await page.GoBackAsync();
        await page.GetByText("Dit gezin staat niet meer op de werklijst").First.WaitForAsync();
        await worker.GoAsync("/vandaag", "vandaag-leeg");
        await worker.GoAsync("/werklijst?toon=mijn", "werklijst-van-mij");
    }

    // The public log, an entry with a signed document, one of the hub's own, and one that is not there.
    private static async Task LogAsync(Sight hub)
    {
        await hub.GoAsync("/logboek", "logboek");
        (await hub.Page.Locator("tbody tr").CountAsync()).ShouldBeGreaterThan(10);
        await hub.GoAsync("/logboek/0", "logboek-eerste");
        await hub.GoAsync("/logboek/999999", "logboek-onbekend");
        await hub.Page.GotoAsync("/logboek");
        await hub.Page.Locator("tbody a").First.ClickAsync();
        await hub.Page.GetByRole(AriaRole.Heading, new() { NameRegex = new Regex("Regel [0-9]+ van het logboek") }).WaitForAsync();
        await hub.LookAsync("logboek-regel");
    }

    private async Task GrantAsync(Sight grants)
    {
        await grants.GoAsync("/toekenning", "toekenning");
        (await grants.Page.Locator("tbody tr").CountAsync()).ShouldBe(Math.Min(50, Network.Town.Match(Network.Gemeente, Network.Place.Nis).Count));
        await grants.GoAsync("/werklijst", "werklijst-geweigerd");
    }

    private static async Task UploadAsync(Sight worker)
    {
        var page = worker.Page;
        await page.GotoAsync("/gegevens");
        await page.GetByRole(AriaRole.Button, new() { Name = "Lezen en tellen" }).ClickAsync();
        await worker.LookAsync("gegevens-geen-bestand");
        await page.GotoAsync("/gegevens");
        await page.Locator("#bestand").SetInputFilesAsync(new FilePayload
        {
            Name = "cliënten.csv", MimeType = "text/csv", Buffer = "insz;opened;closed;linked\n8,46E+10;2026-01-01;;\n123;2026-01-01;;\n84.66.30-001.02;gisteren;;\n"u8.ToArray(),
        });
        await page.Locator("form[enctype] button").ClickAsync();
        // The third row has two faults, each with its own place.
        (await page.Locator("tbody tr").CountAsync()).ShouldBe(4);
        await worker.LookAsync("gegevens-fouten");
        await page.GetByRole(AriaRole.Button, new() { Name = "Niet gebruiken" }).ClickAsync();
        await worker.LookAsync("gegevens-weggegooid");
    }

    // At each node: the list, a permit, and at the gemeente a refusal with the clause that decided.
    private async Task DecisionsAsync(params string[] nodes)
    {
        foreach (var node in nodes)
        {
            await using var sight = await OpenAsync(node, $"dpo-{node.Split('-')[0]}", "dpo");
            await sight.GoAsync("/wissen", "wissen");
            await sight.GoAsync("/beslissingen", "beslissingen");
            await sight.Page.GetByRole(AriaRole.Row, new() { NameRegex = new Regex("Toegestaan") }).First.GetByRole(AriaRole.Link).First.ClickAsync();
            await sight.LookAsync("beslissing-toegestaan");
            if (node == Network.Gemeente)
            {
                await sight.Page.GotoAsync("/beslissingen");
                await sight.Page.GetByRole(AriaRole.Row, new() { NameRegex = new Regex("Geweigerd") }).First.GetByRole(AriaRole.Link).First.ClickAsync();
                await sight.Page.Locator("details summary").ClickAsync();
                (await sight.Page.GetByText("Bepaling 'doel'").CountAsync()).ShouldBe(1);
                await sight.LookAsync("beslissing-geweigerd");
            }

            sight.ShouldHaveSeenNothingWrong();
        }
    }

    private static async Task EnglishAsync(Sight hub, Sight worker, Sight steward, Sight grants)
    {
        foreach (var (sight, paths) in new[] { (worker, new[] { "/", "/lijsten", "/werklijst", "/gegevens" }), (steward, ["/", "/aanvragen", "/register", "/beslissingen", "/protocollen", "/protocollen/groeipakket-onbekend/0.2", "/toetredingen"]), (grants, ["/", "/toekenning"]), (hub, ["/logboek", "/logboek/1", "/protocollen", "/protocollen/groeipakket-onbekend", "/stand-van-zaken", "/toetreden", "/toetredingen"]) })
        {
            await sight.Page.GotoAsync("/");
            await sight.Page.GetByText("English").First.ClickAsync();
            foreach (var path in paths)
            {
                await sight.GoAsync(path, $"en{path.Replace('/', '-')}");
                (await sight.Page.Locator("html").GetAttributeAsync("lang")).ShouldBe("en");
            }

            await sight.Page.GetByText("Nederlands").First.ClickAsync();
        }
    }

    // Pages of what goes on refresh themselves or are opened again; either way what is waited for must come.
    private static async Task UntilAsync(IPage page, string address, Func<Task<bool>> there)
    {
        for (var look = 0; look < 240; look++)
        {
            await page.GotoAsync(address);
            if (await there()) return;
            await Task.Delay(500);
        }

        throw new ShouldAssertException($"Never came: {address}\n{await page.Locator("main").InnerTextAsync()}");
    }

    private static async Task UntilTrueAsync(Func<Task<bool>> there)
    {
        for (var look = 0; look < 100; look++)
        {
            if (await there()) return;
            await Task.Delay(100);
        }

        throw new ShouldAssertException("Never came.");
    }

    private async Task<Sight> OpenAsync(string node, string who, string role, bool withScript = true)
    {
        var sight = await Sight.OpenAsync(browser.Browser, who, Network.Plan[node].PublicUrl, withScript);
        await sight.SignInAsync(Network.Plan[node], role);
        return sight;
    }

    // All are attested before the first enrols: from then on whoever confirms shows a key.
    private async Task AttestAsync(params (Sight Sight, string Node, string Role)[] workers)
    {
        var codes = new List<string>();
        foreach (var (_, node, role) in workers) codes.Add(await AttestationDesk.AttestAsync(Network.Running, Network.Plan[node], role, TimeProvider.System.Today()));
        foreach (var (worker, code) in workers.Select(one => one.Sight).Zip(codes))
        {
            await worker.AddAuthenticatorAsync();
            await worker.EnrolAsync(code);
        }
    }

    [GeneratedRegex(" \\d.*$")]
    private static partial Regex HouseNumber();

    [GeneratedRegex("/lijsten/[0-9a-f-]{36}$")]
    private static partial Regex ListAddress();
}
