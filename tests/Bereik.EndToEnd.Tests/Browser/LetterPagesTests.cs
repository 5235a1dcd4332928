using System.Globalization;
using System.Text.RegularExpressions;
using Bereik.Cli.Network;
using Bereik.Domain;
using Bereik.EndToEnd.Tests.Network;
using Bereik.Exchange.Letters;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Bereik.EndToEnd.Tests.Browser;

public sealed class LetterBrowserFixture : BrowserFixture
{
    protected override int Families => 300;
}

/// <summary>A wave of letters on the pages of everybody at work on it: ordered, approved, handed to the printer, answered, helped with at the counter, met at the door, objected to.</summary>
public sealed partial class LetterPagesTests(LetterBrowserFixture browser) : IClassFixture<LetterBrowserFixture>
{
    private const string Worker = "maatschappelijkwerker";
    private const string Lead = "teamverantwoordelijke";

    // More than is usual for one wave: the steward has to look.
    private const int Objections = 6;

    private TestNetwork Network => browser.Network;

    private static string Today => TimeProvider.System.Today().ToString("dd/MM/yyyy", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Wave_FromTheOrderToTheDoor_EveryPageAndStateHoldsTheChecks()
    {
        await Network.ReadyAsync(Network.Ocmw);
        await Network.AccedeAsync(Network.Ocmw, AccessionDesk.LetterProtocol);

        // Both are attested before either has a passkey: from then on the second word takes one.
        var codes = new Dictionary<string, string>();
        foreach (var role in new[] { Worker, Lead }) codes[role] = await AttestationDesk.AttestAsync(Network.Running, Network.Plan[Network.Ocmw], role, TimeProvider.System.Today());
        await using var lead = await OpenAsync(Network.Ocmw, "brieven", Lead, codes[Lead]);
        await using var worker = await OpenAsync(Network.Ocmw, "eerste-contact", Worker, codes[Worker]);
        await using var officer = await OpenAsync(Network.Ocmw, "meldingen", "dpo");
        await using var steward = await OpenAsync(NetworkPlan.SourceId, "golf", "datasteward");
        await using var sourceOfficer = await OpenAsync(NetworkPlan.SourceId, "golf-dpo", "dpo");
        await using var hub = await OpenAsync(NetworkPlan.HubId, "toestemmingen", "beheerder");

        var wave = await OrderAsync(lead);
        await steward.GoAsync("/bezwaren", "1-geen-bezwaren");
        await ApproveAsync(steward, wave);
        var letters = OpenedLetter.Of(Network.DataOf(NetworkPlan.SourceId), wave);
        letters.Count.ShouldBeGreaterThan(20);
        await AnswerAsync(letters);
        await HelpAsync(lead, worker, letters[2]);
        await MeetAsync(worker);
        await FollowAsync(lead, wave);
        await officer.GoAsync("/brieven/meldingen", "1-meldingen");
        (await officer.Page.Locator("#meldingen tbody tr").CountAsync()).ShouldBe(1);
        await UntilAsync(sourceOfficer.Page, "/", sourceOfficer.Page.Locator($"main a[href='/aanvragen/{wave}']"));
        await sourceOfficer.LookAsync("1-niet-van-de-persoon");
        await sourceOfficer.GoAsync($"/aanvragen/{wave}", "2-golf");
        await ObjectAsync(steward, wave, letters[^1].Number);
        await LateAsync(hub);
        await EnglishAsync(lead, worker, officer, steward, hub);
        foreach (var sight in new[] { lead, worker, officer, steward, sourceOfficer, hub }) sight.ShouldHaveSeenNothingWrong();
    }

    private async Task<Sight> OpenAsync(string id, string who, string role, string? code = null)
    {
        var node = Network.Plan[id];
        var sight = await Sight.OpenAsync(browser.Browser, who, node.PublicUrl);
        await sight.SignInAsync(node, role);
        if (code is null) return sight;
        await sight.AddAuthenticatorAsync();
        await sight.EnrolAsync(code);
        return sight;
    }

    private static async Task<string> OrderAsync(Sight lead)
    {
        var page = lead.Page;
        await lead.GoAsync("/brieven", "1-leeg");
        await page.GetByRole(AriaRole.Button, new() { Name = "Brieven aanvragen" }).Or(page.GetByRole(AriaRole.Link, new() { Name = "Brieven aanvragen" })).First.ClickAsync();
        await page.Locator("#aantal").WaitForAsync();
        await lead.LookAsync("2-formulier");
        await page.Locator("#aantal").FillAsync("3");
        await page.GetByRole(AriaRole.Button, new() { Name = "Brief bekijken" }).ClickAsync();
        await page.Locator(".govuk-error-summary").WaitForAsync();
        await lead.LookAsync("3-fout");
        await page.Locator("#maand").SelectOptionAsync(TestNetwork.Month);
        foreach (var (field, value) in new[] { ("aantal", "60"), ("capaciteit", "60"), ("dagen", "42"), ("panel", "Verzonnen vereniging"), ("lezers", "9") }) await page.Locator($"#{field}").FillAsync(value);
        await page.Locator("#paneldag").FillAsync(TimeProvider.System.Today().AddDays(-10).ToString("dd/MM/yyyy", CultureInfo.InvariantCulture));
        await page.Locator("input[name=herinnering][value=ja]").CheckAsync();
        foreach (var part in LetterFile.Shipped.Parts.Where(part => part.FilledBy == LetterFiller.Recipient)) await page.Locator($"#deel-{part.Id}").FillAsync(part.Example);
        await page.GetByRole(AriaRole.Button, new() { Name = "Brief bekijken" }).ClickAsync();
        await page.Locator("#voorbeeld").WaitForAsync();
        await lead.LookAsync("4-voorbeeld");
        await page.GetByRole(AriaRole.Button, new() { Name = "Deze brieven aanvragen" }).ClickAsync();
        await page.WaitForURLAsync(WaveAddress(), new() { WaitUntil = WaitUntilState.Commit });
        await page.Locator("footer").WaitForAsync();
        await lead.LookAsync("5-gevraagd");
        return new Uri(page.Url).Segments[^1];
    }

    private static async Task ApproveAsync(Sight steward, string wave)
    {
        var page = steward.Page;
        var request = $"/aanvragen/{wave}";
        await UntilAsync(page, request, page.Locator("#postdag"));
        await steward.LookAsync("2-aanvraag");
        await page.Locator("#postdag").FillAsync("1/1/2020");
        await page.GetByRole(AriaRole.Button, new() { Name = "Goedkeuren en brieven maken" }).ClickAsync();
        await page.Locator(".govuk-error-summary").WaitForAsync();
        await steward.LookAsync("3-fout");
        await page.Locator("#postdag").FillAsync(Today);
        await page.GetByRole(AriaRole.Button, new() { Name = "Goedkeuren en brieven maken" }).ClickAsync();
        await page.Locator("footer").WaitForAsync();
        await steward.LookAsync("4-goedgekeurd");
        await UntilAsync(page, request, page.GetByRole(AriaRole.Link, new() { Name = "Haal de brieven op" }));
        await steward.LookAsync("5-klaar");
        await page.GetByRole(AriaRole.Link, new() { Name = "Haal de brieven op" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Gedrukt en gepost" }).WaitForAsync();
        await steward.LookAsync("6-bestanden");
        var file = await page.RunAndWaitForDownloadAsync(() => page.Locator("main a[href*='/bestanden/']").First.ClickAsync());
        (await File.ReadAllBytesAsync(await file.PathAsync()))[..5].ShouldBe("%PDF-"u8.ToArray());
    }

    // Two say yes, the last ones object.
    private async Task AnswerAsync(IReadOnlyList<OpenedLetter> letters)
    {
        using var hub = new PageVisitor(new Uri(Network.Plan[NetworkPlan.HubId].PublicUrl));
        await LetterReader.YesAsync(hub, letters[0], new Dictionary<string, string> { ["contact"] = "visit", ["dagdeel"] = "morning" });
        await LetterReader.YesAsync(hub, letters[1]);
        foreach (var letter in letters.TakeLast(Objections)) await LetterReader.NeverAsync(hub, letter);
    }

    // One worker helps, another stands for it.
    private static async Task HelpAsync(Sight lead, Sight worker, OpenedLetter letter)
    {
        var page = lead.Page;
        await lead.ProveAsync();
        await lead.GoAsync("/balie", "6-balie");
        await page.GetByRole(AriaRole.Button, new() { Name = "Ja doorgeven" }).ClickAsync();
        await page.Locator(".govuk-error-summary").WaitForAsync();
        await lead.LookAsync("7-balie-fout");
        await page.Locator("#briefnummer").FillAsync(letter.Number);
        await page.Locator("#code").FillAsync(letter.Code);
        await page.Locator("#samen").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Ja doorgeven" }).ClickAsync();
        await page.Locator("#bewijs").WaitForAsync();
        page.Url.ShouldNotContain(letter.Code);
        (await page.ContentAsync()).ShouldNotContain(letter.Code);
        await lead.LookAsync("8-balie-bewijs");
        await lead.PrintAsync("8-balie-bewijs");
        await worker.ProveAsync();
        await worker.GoAsync("/balie", "1-balie");
        await worker.Page.GetByRole(AriaRole.Button, new() { NameRegex = SignButton() }).First.ClickAsync();
        await worker.Page.GetByText("Er wacht niets op u.").WaitForAsync();
        await worker.LookAsync("2-balie-bevestigd");
    }

    private static async Task MeetAsync(Sight worker)
    {
        var page = worker.Page;
        var rows = page.Locator("tbody tr");
        for (var i = 0; i < 120 && await rows.CountAsync() < 3; i++)
        {
            await Task.Delay(1000);
            await page.GotoAsync("/werklijst");
        }

        await worker.LookAsync("3-werklijst");
        await rows.Filter(new() { HasText = "Langskomen" }).Or(rows).First.Locator("a").First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Bevestigd" }).WaitForAsync();
        await worker.LookAsync("4-gezin");
        await page.GetByRole(AriaRole.Button, new() { Name = "Bevestigd" }).ClickAsync();
        await page.Locator(".govuk-error-summary").WaitForAsync();
        await worker.LookAsync("5-gezin-fout");
        await page.Locator("input[name=kanaal-ja][value=visit]").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Bevestigd" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Overnemen in een eigen dossier" }).WaitForAsync();
        await worker.LookAsync("6-gezin-bevestigd");
        await page.GotoAsync("/werklijst");
        await rows.Filter(new() { HasText = "bevestigen" }).First.Locator("a").First.ClickAsync();
        var address = page.Url;
        var name = await page.Locator("h1").InnerTextAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Niet van deze persoon" }).ClickAsync();
        await page.Locator("footer").WaitForAsync();
        await worker.LookAsync("7-niet-van-deze-persoon");
        await page.GotoAsync(address);
        (await page.Locator("main").InnerTextAsync()).ShouldNotContain(name);
        await worker.GoAsync("/vandaag", "8-vandaag");
    }

    private static async Task FollowAsync(Sight lead, string wave)
    {
        await UntilAsync(lead.Page, $"/brieven/{wave}", lead.Page.GetByText("Niet van de persoon").Or(lead.Page.Locator("main dl")).First);
        await lead.LookAsync("9-golf");
        await lead.GoAsync("/brieven", "10-brieven");
    }

    private static async Task ObjectAsync(Sight steward, string wave, string number)
    {
        var page = steward.Page;
        await UntilAsync(page, $"/golven/{wave}", page.GetByRole(AriaRole.Button, new() { Name = "Neem ze op" }));
        await steward.LookAsync("7-bezwaren-wachten");
        await steward.GoAsync("/bezwaren", "8-bezwaren-wachten");
        await steward.GoAsync($"/aanvragen/{wave}", "9-aanvraag-met-melding");
        await page.GotoAsync($"/golven/{wave}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Neem ze op" }).ClickAsync();
        await page.Locator("footer").WaitForAsync();
        await steward.LookAsync("10-opgenomen");
        (await page.Locator("main").InnerTextAsync()).ShouldContain(number);
        await page.GetByRole(AriaRole.Button, new() { Name = "Gedrukt en gepost" }).ClickAsync();
        await page.Locator("footer").WaitForAsync();
        await steward.LookAsync("11-gepost");
        await UntilAsync(page, "/bezwaren", page.Locator("main a[href*='/bezwaren/bestanden/']").First);
        await steward.LookAsync("12-bezwaren");
        var file = await page.RunAndWaitForDownloadAsync(() => page.Locator("main a[href*='/bezwaren/bestanden/']").First.ClickAsync());
        (await File.ReadAllBytesAsync(await file.PathAsync()))[..5].ShouldBe("%PDF-"u8.ToArray());
        await page.Locator("#nummer").FillAsync("geen nummer");
        await page.GetByRole(AriaRole.Button, new() { Name = "Hef het bezwaar op" }).ClickAsync();
        await page.Locator(".govuk-error-summary").WaitForAsync();
        await steward.LookAsync("13-opheffen-fout");
        await page.Locator("#nummer").FillAsync(number);
        await page.GetByRole(AriaRole.Button, new() { Name = "Hef het bezwaar op" }).ClickAsync();
        await page.Locator("footer").WaitForAsync();
        await steward.LookAsync("14-opgeheven");
    }

    // A recipient that is late, done in the hub's own store.
    private async Task LateAsync(Sight hub)
    {
        await hub.GoAsync("/beheer/toestemmingen", "1-niets-te-laat");
        await Network.ChangeAsync(NetworkPlan.HubId, "UPDATE answer SET is_erased = 0, erase_by = '2026-01-01' WHERE id = (SELECT max(id) FROM answer)");
        await hub.GoAsync("/beheer/toestemmingen", "2-te-laat");
        (await hub.Page.Locator("tbody tr").CountAsync()).ShouldBe(1);
    }

    private static async Task EnglishAsync(Sight lead, Sight worker, Sight officer, Sight steward, Sight hub)
    {
        foreach (var (sight, path) in new[] { (lead, "/brieven/nieuw"), (lead, "/brieven"), (worker, "/werklijst"), (officer, "/brieven/meldingen"), (steward, "/bezwaren"), (hub, "/beheer/toestemmingen") })
        {
            await sight.Page.GotoAsync($"/taal/en?terug={path}");
            await sight.LookAsync("english" + path.Replace('/', '-'));
        }
    }

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

    [GeneratedRegex("/brieven/[0-9a-f]{8}-")]
    private static partial Regex WaveAddress();

    [GeneratedRegex("^Mee bevestigen")]
    private static partial Regex SignButton();
}
