using System.Net;
using System.Text.RegularExpressions;
using Bereik.Domain;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Register;
using Bereik.Tests.Shared;
using Shouldly;
using Xunit;

namespace Bereik.Source.Tests;

public sealed partial class ProtocolPagesTests
{
    [Fact]
    public async Task Text_GoesItsWholeLifeOverRealNodes()
    {
        var parties = new Parties();
        await using var hub = await LifeHub.StartAsync(parties);
        await using var source = await TestSource.StartAsync(parties: parties, realHubsClock: hub.Clock);
        var file = ProtocolLife.FileOf(ProtocolLife.Yaml());
        var life = new ProtocolLife(parties, hub, file);
        await life.DraftAsync();
        await StandsAsync(source, life.Page, "Ontwerp");
        (await source.GetAsync("/protocollen")).ShouldContain("Handtekening: Bron, Knooppunt, Pseudonimiseringsdienst");

        (await source.PostAsync(life.Page, $"{life.Page}/advies", Advice())).Headers.Location!.OriginalString.ShouldBe($"{life.Page}?gedaan=advies");
        await life.BringAsync(life.Advice(Domain.Party.Recipient, parties.Hub));
        await StandsAsync(source, life.Page, "Geadviseerd");

        (await source.GetAsync(life.Page)).ShouldContain(parties.Source.Signing.Kid);
        (await source.PostAsync(life.Page, $"{life.Page}/ondertekenen", ("hash", life.Protocol.Hash), ("tekenen", "ja"))).StatusCode.ShouldBe(HttpStatusCode.Found);
        await life.BringAsync(life.Signature(parties.Hub));
        var early = await source.PostAsync(life.Page, $"{life.Page}/bekendmaken", ("hash", life.Protocol.Hash), ("plaatsen", "https://www.opgroeien.be/protocol"));
        early.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await TextOfAsync(early)).ShouldContain("protocol.notSigned");
        (await hub.CodesAsync(life.Publication())).ShouldBe(["protocol.notSigned"]);
        await life.BringAsync(life.Signature(parties.Pseudonymiser));
        await StandsAsync(source, life.Page, "Ondertekend");

        (await source.PostAsync(life.Page, $"{life.Page}/bekendmaken", ("hash", life.Protocol.Hash), ("plaatsen", "https://www.opgroeien.be/protocol\r\nhttps://www.vvsg.be/protocol"))).Headers.Location!.OriginalString.ShouldBe($"{life.Page}?gedaan=bekend");
        var page = await StandsAsync(source, life.Page, "Bekendgemaakt");
        page.ShouldContain("https://www.vvsg.be/protocol");
        page.ShouldNotContain("De rechtsgrond is nog niet nagekeken");
        page.ShouldNotContain("id=\"plaatsen\"");
        page.ShouldNotContain("id=\"uitkomst\"");

        // Its first day comes; nobody does anything for it.
        hub.Clock.Move(TimeSpan.FromDays(6));
        await StandsAsync(source, life.Page, "In werking");
        (await DecidedAsync(source)).ShouldBe(["refuse protocol.notSigned", "permit"]);
        (await hub.DecisionsAsync()).Select(one => $"{one!["act"]} {one["outcome"]}").ShouldBe(["protocol.publish refuse", "protocol.publish permit"]);
    }

    [Fact]
    public async Task Advice_ThatIsNotWholeOrCannotBeSent_KeepsWhatWasTypedAndSaysWhy()
    {
        var parties = new Parties();
        var hub = await LifeHub.StartAsync(parties);
        await using var source = await TestSource.StartAsync(parties: parties, realHubsClock: hub.Clock);
        const string page = "/protocollen/groeipakket-onbekend/0.2";
        await SeesAsync(source, page, "id=\"uitkomst\"");
        var wrong = await source.PostAsync(page, $"{page}/advies", Advice(AdviceOutcome.Unfavourable, "31/12/2026"));
        wrong.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var text = await TextOfAsync(wrong);
        text.ShouldContain("govuk-error-summary");
        text.ShouldContain("data-bereik-focus");
        text.ShouldContain("De dag van het advies ligt in de toekomst");
        text.ShouldContain("Schrijf waarom het ongunstige advies niet gevolgd wordt");
        text.ShouldContain("value=\"31/12/2026\"");
        text.ShouldContain("Dit kan zo.");
        var bare = await TextOfAsync(await source.PostAsync(page, $"{page}/advies"));
        foreach (var error in new[] { "Kies wat het advies zegt", "Schrijf de functie", "Schrijf een dag zoals", "Schrijf een samenvatting" }) bare.ShouldContain(error);

        await hub.DisposeAsync();
        var unsent = await TextOfAsync(await source.PostAsync(page, $"{page}/advies", Advice()));
        unsent.ShouldContain("Het knooppunt antwoordt nu niet.");
        unsent.ShouldContain("(hub.unreachable)");
        unsent.ShouldContain("Dit kan zo.");
        (await TextOfAsync(await source.PostAsync(page, $"{page}/ondertekenen", ("hash", Shipped.Hash), ("tekenen", "ja")))).ShouldContain("(hub.unreachable)");
    }

    [Fact]
    public async Task Signature_NeedsTheTickAndTheTextThatWasSeen()
    {
        var parties = new Parties();
        await using var hub = await LifeHub.StartAsync(parties);
        await using var source = await TestSource.StartAsync(parties: parties, realHubsClock: hub.Clock);
        const string page = "/protocollen/groeipakket-onbekend/0.2";
        await SeesAsync(source, page, "id=\"tekenen\"");
        var before = await hub.LengthAsync();
        (await TextOfAsync(await source.PostAsync(page, $"{page}/ondertekenen", ("hash", Shipped.Hash)))).ShouldContain("Vink aan dat u de hele tekst gelezen hebt");
        (await TextOfAsync(await source.PostAsync(page, $"{page}/ondertekenen", ("hash", "anders"), ("tekenen", "ja")))).ShouldContain("(form.otherText)");
        (await source.PostBareAsync($"{page}/ondertekenen", ("hash", Shipped.Hash), ("tekenen", "ja"))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await hub.LengthAsync()).ShouldBe(before);
        (await source.PostAsync(page, $"{page}/ondertekenen", ("hash", Shipped.Hash), ("tekenen", "ja"))).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await source.PostAsync(page, $"{page}/ondertekenen", ("hash", Shipped.Hash), ("tekenen", "ja"))).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await hub.LengthAsync()).ShouldBe(before + 1);
    }

    [Fact]
    public async Task Protocol_IsSuspendedLiftedAndEnded_EachAskedOnceMore()
    {
        var parties = new Parties();
        await using var hub = await LifeHub.StartAsync(parties);
        await using var source = await TestSource.StartAsync(parties: parties, realHubsClock: hub.Clock);
        var life = new ProtocolLife(parties, hub, ProtocolLife.FileOf(ProtocolLife.Yaml(from: "2026-11-01")));
        await life.ReadyAsync();
        await life.BringAsync(life.Publication());
        await life.AccedeAsync(parties.Welfare);
        var order = life.NewOrder();
        (await hub.OrderAsync(order)).ShouldBeEmpty();
        await source.StateAsync(order.Id, "ready");
        await StandsAsync(source, life.Page, "In werking");

        var ask = await source.GetAsync($"{life.Page}/schorsen");
        ask.ShouldContain("Er loopt nu 1 aanvraag; die stopt meteen.");
        foreach (var trigger in life.Protocol.Find<Clause.Sanctions>()!.SuspendOn) ask.ShouldContain($"value=\"{trigger}\"");
        var bare = await source.PostAsync($"{life.Page}/schorsen", $"{life.Page}/schorsen", ("uitleg", "Nagekeken."), ("reden", "Zomaar"));
        bare.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await TextOfAsync(bare)).ShouldContain("Kies een reden");
        (await source.PostAsync($"{life.Page}/schorsen", $"{life.Page}/schorsen", ("reden", "UnlawfulUse"), ("uitleg", "Een lijst werd voor controle gebruikt.\r\nDat mag niet."))).Headers.Location!.OriginalString.ShouldBe($"{life.Page}?gedaan=schorsen");
        (await source.StateAsync(order.Id, "refused"))["stopped"]!.GetValue<bool>().ShouldBeTrue("it stopped before the answer came");
        var page = await source.GetAsync(life.Page);
        page.ShouldContain("Opgroeien schorste dit protocol op 20 november 2026");
        page.ShouldContain("Een lijst werd voor controle gebruikt. Dat mag niet.");
        (await hub.OrderAsync(life.NewOrder())).ShouldBe(["protocol.suspended"]);

        (await source.PostAsync($"{life.Page}/opheffen", $"{life.Page}/opheffen", ("uitleg", "Opgelost."))).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await hub.OrderAsync(life.NewOrder())).ShouldBeEmpty();
        (await TextOfAsync(await source.PostAsync($"{life.Page}/beeindigen", $"{life.Page}/beeindigen", ("dag", "19/11/2026"), ("uitleg", "Stopgezet.")))).ShouldContain("Kies vandaag of een latere dag");
        (await source.PostAsync($"{life.Page}/beeindigen", $"{life.Page}/beeindigen", ("dag", "20/11/2026"), ("uitleg", "Stopgezet."))).StatusCode.ShouldBe(HttpStatusCode.Found);
        page = await source.GetAsync(life.Page);
        page.ShouldContain("Dit protocol is beëindigd op 20 november 2026");
        page.ShouldNotContain($"{life.Page}/schorsen");
        (await source.PostAsync("/register", $"{life.Page}/schorsen", ("reden", "UnlawfulUse"), ("uitleg", "Nog eens."))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Protocol_SuspendedByTheHub_IsNotForTheSourceToLift()
    {
        var parties = new Parties();
        await using var hub = await LifeHub.StartAsync(parties);
        await using var source = await TestSource.StartAsync(parties: parties, realHubsClock: hub.Clock);
        const string page = "/protocollen/groeipakket-onbekend/0.2";
        (await hub.CodesAsync(Acceding.Stop(Shipped, null, StopKind.Suspend, parties.Hub.Signing, hub.Clock.GetUtcNow()))).ShouldBeEmpty();
        (await SeesAsync(source, page, "Knooppunt schorste", "Naam van hub schorste")).ShouldNotContain($"{page}/opheffen");
        (await source.PostAsync("/register", $"{page}/opheffen", ("uitleg", "Toch."))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Pages_HaveEveryTextInBothLanguages_AndShowNoOtherOrganisationsProtocols()
    {
        var parties = new Parties();
        await using var hub = await LifeHub.StartAsync(parties);
        await using var source = await TestSource.StartAsync(parties: parties, realHubsClock: hub.Clock);
        var life = new ProtocolLife(parties, hub, ProtocolLife.FileOf(ProtocolLife.Yaml()));
        await life.ReadyAsync(parties.Source);
        await life.AccedeAsync(parties.Welfare);
        var accession = $"/toetredingen/{parties.Welfare.Id}/{life.Protocol.Id}/{life.Protocol.Version}";
        await SeesAsync(source, accession, "Toetreding van");
        foreach (var language in new[] { "nl", "en" })
        {
            foreach (var path in new[] { "/protocollen", life.Page, $"/protocollen/groeipakket-match/{ShippedProtocols.Of(Flow.Match).Version}", $"{life.Page}/schorsen", $"{life.Page}/beeindigen", "/toetredingen", accession, $"{accession}/schorsen" })
            {
                var page = await source.GetInAsync(language, path);
                page.ShouldContain($"<html lang=\"{language}\"");
                Key().Matches(page).Select(match => match.Value).ShouldBeEmpty(path);
            }
        }

        (await source.GetAsync("/protocollen")).ShouldNotContain("ksz-raadpleging");
        foreach (var absent in new[] { "/protocollen/ksz-raadpleging/0.2", "/protocollen/groeipakket-onbekend/9.9", $"{life.Page}/opheffen", $"{life.Page}/iets", "/toetredingen/ocmw-gent/groeipakket-onbekend/0.2", $"{accession}/beeindigen" })
        {
            (await source.StatusAsync(absent)).ShouldBe(HttpStatusCode.NotFound, absent);
        }
    }

    private static Protocol Shipped => ShippedProtocols.Find("groeipakket-onbekend", "0.2")!;

    private static (string Name, string Value)[] Advice(AdviceOutcome outcome = AdviceOutcome.Favourable, string day = "20/11/2026") =>
        [("uitkomst", outcome.ToString()), ("functie", "Functionaris voor gegevensbescherming"), ("dag", day), ("samenvatting", "Dit kan zo."), ("nietGevolgd", "")];

    // Waits until a page says one of these.
    internal static Task<string> SeesAsync(TestSource source, string path, params string[] any) => UntilAsync(source, path, page => any.Any(page.Contains), any[0]);

    // Waits until the tag at the head of a page says this state.
    internal static Task<string> StandsAsync(TestSource source, string path, string state) => UntilAsync(source, path, page => Tag().Match(page).Groups[1].Value == state, state);

    private static async Task<string> UntilAsync(TestSource source, string path, Predicate<string> isThere, string what)
    {
        var page = "";
        for (var i = 0; i < 400; i++)
        {
            if (await source.StatusAsync(path) == HttpStatusCode.OK && isThere(page = await source.GetAsync(path))) return page;
            await Task.Delay(50);
        }

        throw new TimeoutException($"{path} does not say {what}: {page}");
    }

    internal static async Task<string> TextOfAsync(HttpResponseMessage response) => WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync());

    private static async Task<IReadOnlyList<string>> DecidedAsync(TestSource source) =>
        [.. (await source.DecisionsAsync()).Where(one => (string?)one!["act"] == "protocol.publish").Select(one => $"{one!["outcome"]} {string.Join(' ', one["reasons"]!.AsArray())}".TrimEnd())];

    // A key of a text that was not found stands there instead of the text.
    [GeneratedRegex(@"(?<=[>\s""])(Protocols?|Accessions?|Advice|Stop|Sign|Publish|Life|Lack|Body|MeasureState|ProtocolState|AccessionState|Trigger|Party|FlowKind|Day|Request|Step|State)\.[A-Za-z.]+(?=[<\s""])")]
    private static partial Regex Key();

    [GeneratedRegex(@"<span class=""govuk-tag[^>]*><svg.*?</svg>\s*([^<]+?)\s*</span>", RegexOptions.Singleline)]
    private static partial Regex Tag();
}
