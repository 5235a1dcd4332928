using System.Net;
using Bereik.Cli.Network;
using Bereik.Domain;
using Bereik.EndToEnd.Tests.Network;
using Microsoft.Data.Sqlite;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Bereik.EndToEnd.Tests.Browser;

/// <summary>Signing in and out, the passkey and the attestation, by the pages alone.</summary>
[Collection(nameof(SmallBrowserFixture))]
public sealed class PeoplePagesTests(SmallBrowserFixture browser)
{
    private TestNetwork Network => browser.Network;

    private PlannedNode Ocmw => Network.Plan[Network.Ocmw];

    [Fact]
    public async Task SignIn_EachPersonOfEachNode_GetsInWithTheOwnRoleAndWhoHasNoneDoesNot()
    {
        await Network.ReadyAsync(Network.Ocmw);
        var nodes = Network.Plan.Nodes.Where(node => node.People.Count > 0).ToList();
        nodes.Count.ShouldBe(4);
        foreach (var (node, person) in nodes.SelectMany(node => node.People.Select(person => (node, person))))
        {
            using var visitor = new PageVisitor(new Uri(node.PublicUrl), person.Id);
            if (person.Roles.Count == 0)
            {
                (await Should.ThrowAsync<PageException>(() => visitor.GetPageAsync("/account"))).Message.ShouldContain("not signed in");
                continue;
            }

            WebUtility.HtmlDecode(await visitor.GetPageAsync("/account")).ShouldContain($"{person.GivenName} {person.FamilyName}", customMessage: person.Id);
        }

        // Of another organisation, with a role there.
        using var stranger = new PageVisitor(new Uri(Ocmw.PublicUrl), Network.Plan[Network.Gemeente].People[0].Id);
        (await Should.ThrowAsync<PageException>(() => stranger.GetPageAsync("/account"))).Message.ShouldContain("not signed in");

        // The login gave a national number with each sign-in: no node kept one, in whatever form it would write it.
        var numbers = nodes.SelectMany(node => node.People.Select((_, index) => TestPeople.NumberOf(index))).Distinct().ToList();
        var scanner = new Scanning.PersonScanner(numbers);
        foreach (var node in Network.Plan.Nodes) scanner.Scan(Network.Plan.FolderOf(node.Id)).ShouldBeEmpty(node.Id);
    }

    [Fact]
    public async Task Worker_FromTheFirstSignInToTheWorklist_EveryPageAndStateHoldsTheChecks()
    {
        await Network.ReadyAsync(Network.Ocmw);
        await using var worker = await Sight.OpenAsync(browser.Browser, "aanmelden", Ocmw.PublicUrl);
        var page = worker.Page;

        // A page that was asked for comes after the sign-in.
        await page.GotoAsync("/lijsten");
        await page.GetByRole(AriaRole.Heading, new() { Name = "Wie bent u?" }).WaitForAsync();
        await worker.LookAsync("login");
        await page.GetByRole(AriaRole.Link, new() { Name = "Noor Janssens" }).First.ClickAsync();
        await page.WaitForURLAsync(url => new Uri(url).AbsolutePath == "/lijsten");
        await worker.GoAsync("/account", "account");

        // Rows ask for a key, and there is none yet.
        await worker.GoAsync("/werklijst", "sleutel-geen");
        page.Url.ShouldContain("/sleutel?terug=");
        await worker.AddAuthenticatorAsync();
        await page.Locator("#code").FillAsync("AAAA-BBBB-CCCC-DDDD");
        await page.GetByRole(AriaRole.Button, new() { Name = "Schrijf deze sleutel in" }).ClickAsync();
        await page.GetByText("Deze code is niet van u").WaitForAsync();
        await worker.LookAsync("sleutel-geweigerd");

        var code = await AttestByPagesAsync();
        await page.Locator("#code").FillAsync(code);
        await page.GetByRole(AriaRole.Button, new() { Name = "Schrijf deze sleutel in" }).ClickAsync();
        await page.WaitForURLAsync(url => new Uri(url).AbsolutePath == "/werklijst");
        await worker.LookAsync("werklijst-na-sleutel");

        // Printing asks again when it was long ago.
        await ChangeSessionsAsync("proven_at = proven_at - 600000");
        await page.GotoAsync("/werklijst/print");
        page.Url.ShouldContain("/sleutel?terug=");
        await worker.LookAsync("sleutel");
        await page.GetByRole(AriaRole.Button, new() { Name = "Toon mijn sleutel" }).ClickAsync();
        await page.WaitForURLAsync(url => new Uri(url).AbsolutePath == "/werklijst/print");

        // Half an hour without a request.
        await ChangeSessionsAsync("seen_at = seen_at - 1860000");
        await page.GotoAsync("/werklijst");
        await page.GetByRole(AriaRole.Heading, new() { Name = "Wie bent u?" }).WaitForAsync();
        await worker.SignInAsync(Ocmw, "maatschappelijkwerker");

        await page.GotoAsync("/account");
        await worker.LookAsync("account-met-sleutel");
        await page.GetByRole(AriaRole.Button, new() { Name = "Meld mij af" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "U bent afgemeld" }).WaitForAsync();
        await worker.LookAsync("afgemeld");
        await page.GotoAsync("/account");
        await page.GetByRole(AriaRole.Heading, new() { Name = "Wie bent u?" }).WaitForAsync();
        await worker.GoAsync("/aanmelden/mislukt?code=login.noRole", "aanmelden-mislukt");
        worker.ShouldHaveSeenNothingWrong();
    }

    [Fact]
    public async Task Session_SignedOutEverywhereOrTakenToAnotherBrowser_IsOver()
    {
        await Network.ReadyAsync(Network.Ocmw);
        var clerk = Ocmw.People.Single(person => person.Roles.Contains("datasteward")).Id;
        using var first = new PageVisitor(new Uri(Ocmw.PublicUrl), clerk);
        using var second = new PageVisitor(new Uri(Ocmw.PublicUrl), clerk);
        await first.GetPageAsync("/account");
        await second.GetPageAsync("/account");
        var taken = first.Cookies;
        (await StatusAsync(taken, null)).ShouldBe(HttpStatusCode.OK);
        await second.SubmitAsync("/account", "/account/overal-afmelden");
        (await StatusAsync(taken, null)).ShouldBe(HttpStatusCode.Unauthorized);

        using var third = new PageVisitor(new Uri(Ocmw.PublicUrl), clerk);
        await third.GetPageAsync("/account");
        (await StatusAsync(third.Cookies, "Mozilla/5.0 (elsewhere)")).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(third.Cookies, null)).ShouldBe(HttpStatusCode.Unauthorized, "nobody can say which of the two is the thief");
    }

    // The steward proposes and the officer confirms, each in a browser.
    private async Task<string> AttestByPagesAsync()
    {
        await using var steward = await Sight.OpenAsync(browser.Browser, "attesten-steward", Ocmw.PublicUrl);
        await steward.SignInAsync(Ocmw, "datasteward");
        await steward.GoAsync("/attesten", "lijst");
        await steward.Page.GetByRole(AriaRole.Link, new() { Name = "Noor Janssens" }).First.ClickAsync();
        await steward.LookAsync("voorstellen");
        await using var officer = await Sight.OpenAsync(browser.Browser, "attesten-dpo", Ocmw.PublicUrl);
        await officer.SignInAsync(Ocmw, "dpo");
        var code = await AttestationDesk.AttestAsync(Network.Running, Ocmw, "maatschappelijkwerker", TimeProvider.System.Today());
        await officer.GoAsync("/attesten", "lijst");
        await officer.Page.GetByRole(AriaRole.Link, new() { Name = "Noor Janssens" }).First.ClickAsync();
        await officer.LookAsync("geattesteerd");
        await officer.GoAsync("/ruimere-inzage", "ruimere-inzage-leeg");
        steward.ShouldHaveSeenNothingWrong();
        officer.ShouldHaveSeenNothingWrong();
        return code;
    }

    private async Task<HttpStatusCode> StatusAsync(string cookies, string? browserName)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, UseProxy = false, AllowAutoRedirect = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Ocmw.PublicUrl}/v1/lists");
        request.Headers.Add("Cookie", cookies);
        if (browserName is not null) request.Headers.TryAddWithoutValidation("User-Agent", browserName);
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }

    // What time does, done in the store.
    private async Task ChangeSessionsAsync(string change)
    {
        await using var store = new SqliteConnection($"Data Source={Path.Combine(Network.DataOf(Network.Ocmw), "node.db")};Pooling=False;Default Timeout=30");
        await store.OpenAsync();
        await using var command = store.CreateCommand();
        command.CommandText = $"UPDATE session SET {change} WHERE subject = '{Ocmw.Id}.maatschappelijkwerker'";
        (await command.ExecuteNonQueryAsync()).ShouldBeGreaterThan(0);
    }
}
