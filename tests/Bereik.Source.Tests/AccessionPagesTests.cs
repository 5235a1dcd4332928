using System.Net;
using Bereik.Domain;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Register;
using Bereik.Tests.Shared;
using Shouldly;
using Xunit;

namespace Bereik.Source.Tests;

public sealed class AccessionPagesTests
{
    private static ProtocolFile File => Acceding.FileOf(Flow.Unknown);

    private static string PageOf(Party local) => $"/toetredingen/{local.Id}/{File.Protocol!.Id}/{File.Protocol.Version}";

    [Fact]
    public async Task Suspension_StopsTheRequestsOfThatOrganisation_AndTheRequestSaysSo()
    {
        var parties = new Parties();
        await using var hub = await LifeHub.StartAsync(parties);
        await using var source = await TestSource.StartAsync(parties: parties, realHubsClock: hub.Clock);
        var unknown = new ProtocolLife(parties, hub, File);
        var match = new ProtocolLife(parties, hub, Acceding.FileOf(Flow.Match));
        await unknown.AccedeAsync(parties.Welfare);
        await match.AccedeAsync(parties.Municipality);
        var (order, other) = (unknown.NewOrder(), match.NewOrder());
        (await hub.OrderAsync(order)).ShouldBeEmpty();
        (await hub.OrderAsync(other)).ShouldBeEmpty();
        await source.StateAsync(order.Id, "ready");
        await source.StateAsync(other.Id, "ready");

        var page = PageOf(parties.Welfare);
        var shown = await source.GetAsync(page);
        await ProtocolPagesTests.StandsAsync(source, page, "Toegetreden");
        foreach (var said in new[] { "Naam van ocmw-aalst", "Raad voor maatschappelijk welzijn, 21 oktober 2026, nummer 2026/118", "Sociaal Huis", "Aalst (41002)", "Dossier 12", "K01", $"/aanvragen/{order.Id}" }) shown.ShouldContain(said);
        shown.ShouldNotContain($"{page}/opheffen");
        (await source.GetAsync($"{page}/schorsen")).ShouldContain("Er loopt nu 1 aanvraag; die stopt meteen.");
        (await source.PostAsync($"{page}/schorsen", $"{page}/schorsen", ("reden", "AuditFailed"), ("uitleg", "De audit is mislukt."))).Headers.Location!.OriginalString.ShouldBe($"{page}?gedaan=schorsen");

        // What this source signed for says no before the answer came; the other organisation's order goes on.
        (await source.StateAsync(order.Id, "refused"))["stopped"]!.GetValue<bool>().ShouldBeTrue();
        await source.StateAsync(other.Id, "ready");
        var stopped = await source.GetAsync(TestSource.Page(order.Id));
        stopped.ShouldContain("Deze aanvraag is onderweg gestopt");
        stopped.ShouldContain("accession.suspended");
        stopped.ShouldContain($"href=\"{page}\"");
        stopped.ShouldNotContain("/goedkeuren");
        (await source.GetAsync("/aanvragen")).ShouldContain("Gestopt");
        (await source.PostAsync("/register", $"{TestSource.Page(order.Id)}/goedkeuren")).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await hub.OrderAsync(unknown.NewOrder())).ShouldContain("accession.suspended");
        (await source.GetAsync(page)).ShouldContain("Opgroeien schorste deze toetreding op 20 november 2026");

        (await source.PostAsync($"{page}/opheffen", $"{page}/opheffen", ("uitleg", "De audit is overgedaan."))).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await hub.OrderAsync(unknown.NewOrder())).ShouldBeEmpty();
        source.Read("SELECT number || ' ' || type FROM node_event WHERE exchange LIKE '%/ocmw-aalst' ORDER BY sequence").ShouldBe(["1 accession.suspended", "2 accession.resumed"]);
        source.Read("SELECT number || ' ' || type FROM node_event WHERE exchange LIKE '%/gemeente-aalst'").ShouldBeEmpty();
        source.Read($"SELECT number || ' ' || type FROM node_event WHERE exchange = '{order.Id}' ORDER BY sequence").ShouldBe(["1 order.decided", "2 list.ended"]);
    }

    // Whoever suspended itself can lift that; the source's own suspension beside it is what keeps it stopped.
    [Fact]
    public async Task Suspension_BesideTheOrganisationsOwn_IsMadeHereAndStaysWhenThatIsLifted()
    {
        var parties = new Parties();
        await using var hub = await LifeHub.StartAsync(parties);
        await using var source = await TestSource.StartAsync(parties: parties, realHubsClock: hub.Clock);
        var life = new ProtocolLife(parties, hub, File);
        await life.AccedeAsync(parties.Welfare);
        var now = hub.Clock.GetUtcNow();
        (await hub.CodesAsync(Acceding.Stop(File.Protocol!, parties.Welfare.Id, StopKind.Suspend, parties.Welfare.Signing, now))).ShouldBeEmpty();
        var page = PageOf(parties.Welfare);
        await ProtocolPagesTests.StandsAsync(source, page, "Geschorst");
        (await source.PostAsync($"{page}/schorsen", $"{page}/schorsen", ("reden", "UnlawfulUse"), ("uitleg", "Onrechtmatig gebruik."))).StatusCode.ShouldBe(HttpStatusCode.Found);
        var both = await source.GetAsync(page);
        foreach (var by in new[] { "Naam van ocmw-aalst schorste", "Opgroeien schorste" }) both.ShouldContain(by);
        (await hub.CodesAsync(Acceding.Stop(File.Protocol!, parties.Welfare.Id, StopKind.Resume, parties.Welfare.Signing, now))).ShouldBeEmpty();
        (await hub.OrderAsync(life.NewOrder())).ShouldContain("accession.suspended");
        (await source.PostAsync($"{page}/opheffen", $"{page}/opheffen", ("uitleg", "Nagekeken."))).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await hub.OrderAsync(life.NewOrder())).ShouldBeEmpty();
    }

    [Fact]
    public async Task Suspension_ByTheHub_IsShownAndNotForTheSourceToLift()
    {
        var parties = new Parties();
        await using var hub = await LifeHub.StartAsync(parties);
        await using var source = await TestSource.StartAsync(parties: parties, realHubsClock: hub.Clock);
        await new ProtocolLife(parties, hub, File).AccedeAsync(parties.Welfare);
        (await hub.CodesAsync(Acceding.Stop(File.Protocol!, parties.Welfare.Id, StopKind.Suspend, parties.Hub.Signing, hub.Clock.GetUtcNow()))).ShouldBeEmpty();
        var page = PageOf(parties.Welfare);
        (await ProtocolPagesTests.StandsAsync(source, page, "Geschorst")).ShouldContain("Alleen Naam van hub kan deze schorsing opheffen.");
        (await source.StatusAsync($"{page}/opheffen")).ShouldBe(HttpStatusCode.NotFound);
        (await source.PostAsync("/register", $"{page}/opheffen", ("uitleg", "Toch."))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task List_ShowsWhoAccededWithWhatLapsesFirst_AndFiltersByProtocol()
    {
        var parties = new Parties();
        await using var hub = await LifeHub.StartAsync(parties);
        await using var source = await TestSource.StartAsync(parties: parties, realHubsClock: hub.Clock);
        (await source.GetAsync("/toetredingen")).ShouldContain("Nog geen toetredingen");
        await new ProtocolLife(parties, hub, File).AccedeAsync(parties.Welfare);
        await new ProtocolLife(parties, hub, Acceding.FileOf(Flow.Match)).AccedeAsync(parties.Municipality);
        await ProtocolPagesTests.SeesAsync(source, "/toetredingen", "Naam van gemeente-aalst");
        var all = await source.GetAsync("/toetredingen");
        all.ShouldContain("Naam van ocmw-aalst");
        var first = FrameworkFile.Shipped.Measures.Where(measure => measure.Blocking).MinBy(measure => measure.RenewalMonths)!;
        all.ShouldContain($"<span>Maatregel {first.Id}</span>");
        all.ShouldContain("20 oktober 2027", customMessage: "the review");
        var one = await source.GetAsync("/toetredingen?protocol=groeipakket-onbekend%2F0.2");
        one.ShouldContain("Naam van ocmw-aalst");
        one.ShouldNotContain("Naam van gemeente-aalst");

        hub.Clock.Move(TimeSpan.FromDays(340));
        (await ProtocolPagesTests.SeesAsync(source, "/toetredingen", "Maatregel vervallen", "Herziening voorbij")).ShouldContain("te laat");
    }
}
