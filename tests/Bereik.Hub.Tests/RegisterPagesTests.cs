using System.Globalization;
using System.Net;
using System.Resources;
using System.Security.Cryptography;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Register;
using Bereik.Exchange.Signatures;
using Bereik.Hub.Register;
using Bereik.Node.Ui;
using Bereik.Tests.Shared;
using Shouldly;
using Xunit;

namespace Bereik.Hub.Tests;

public sealed class RegisterPagesTests
{
    private const string Unknown = "groeipakket-onbekend";
    private static readonly OfficerAdvice Unfavourable = new()
    {
        Outcome = AdviceOutcome.Unfavourable, Officer = "DPO van de bron", On = new DateOnly(2026, 11, 3), Summary = "De grond is te zwak.", NotFollowed = "De grond wordt eerst nagekeken.",
    };

    [Theory]
    [InlineData("/protocollen", "Standaardprotocollen", "Standard protocols")]
    [InlineData("/protocollen/groeipakket-match", "In het kort", "In short")]
    [InlineData("/protocollen/groeipakket-onbekend/0.2", "Alle bepalingen", "All clauses")]
    [InlineData("/protocollen/groeipakket-onbekend/verschil?van=0.2&naar=0.2", "Geen verschil", "No difference")]
    [InlineData("/protocollen?zoek=bestaatniet", "Geen protocol gevonden", "No protocol found")]
    [InlineData("/stand-van-zaken", "Wat nog niet werkt", "What does not work yet")]
    [InlineData("/toetreden", "De zeven stappen", "The seven steps")]
    [InlineData("/toetredingen", "Geen toetredingen", "No accessions")]
    public async Task PublicPage_InBothLanguages_IsThereAndNamesNobody(string path, string dutch, string english)
    {
        await using var hub = await RegisterHub.StartAsync();
        foreach (var (language, text) in new[] { ("nl", dutch), ("en", english) })
        {
            var page = await hub.ReadAsync(path, language);
            page.ShouldContain(text);
            page.ShouldNotContain(SignedIn.Name);
            page.ShouldNotContain(language == "nl" ? "Beslissingen" : "Decisions");
            page.ShouldNotContain("Beheer");
        }
    }

    [Fact]
    public async Task UnverifiedGround_OnEveryPageOfAProtocol_IsSaid()
    {
        await using var hub = await RegisterHub.StartAsync();
        await hub.AccedeAsync(Flow.Unknown, hub.Welfare, OrganisationKind.PublicCentreForWelfare);
        foreach (var path in new[] { "/protocollen", "/protocollen/groeipakket-onbekend", "/protocollen/groeipakket-onbekend/verschil?van=0.2&naar=0.2", "/stand-van-zaken", "/toetreden", "/toetredingen", "/beheer", "/beheer/protocollen/groeipakket-onbekend/0.2" })
        {
            (await hub.ReadAsync(path)).ShouldMatch("(Niet|niet) nagekeken");
        }
    }

    [Fact]
    public async Task Root_Anyone_LeadsToTheRegister()
    {
        await using var hub = await RegisterHub.StartAsync();
        var answer = await hub.GetAsync("/");
        answer.StatusCode.ShouldBe(HttpStatusCode.Found);
        answer.Headers.Location!.ToString().ShouldBe("/protocollen");
    }

    [Theory]
    [InlineData("/protocollen/bestaat-niet")]
    [InlineData("/protocollen/groeipakket-onbekend/9.9")]
    [InlineData("/protocollen/groeipakket-onbekend/9.9/tekst.json")]
    [InlineData("/protocollen/groeipakket-onbekend/0.2/handtekeningen.json")]
    [InlineData("/protocollen/groeipakket-onbekend/verschil?van=0.1&naar=0.2")]
    [InlineData("/protocollen/groeipakket-onbekend/verschil?van=0.2")]
    [InlineData("/beheer/protocollen/bestaat-niet/0.2")]
    public async Task Page_OfWhatIsNotThere_IsNotFound(string path)
    {
        await using var hub = await RegisterHub.StartAsync();
        await hub.ReadAsync(path, status: HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task List_SearchWithoutAccentsOrInTheOtherLanguage_FindsTheProtocol()
    {
        await using var hub = await RegisterHub.StartAsync();
        var all = await hub.ReadAsync("/protocollen");
        foreach (var protocol in ShippedProtocols.All) all.ShouldContain(protocol.Title.Nl);
        var found = await hub.ReadAsync("/protocollen?zoek=GEINTEGREERD");
        found.ShouldContain("Gedeeld beroepsgeheim in het geïntegreerd breed onthaal");
        found.ShouldNotContain("Raadpleging via de Kruispuntbank");
        (await hub.ReadAsync("/protocollen?zoek=automatic+grant")).ShouldContain("Groeipakket, vergelijking voor een automatische toekenning");
    }

    [Fact]
    public async Task ProtocolPage_OfADraft_HoldsEveryClauseGroundAndExample()
    {
        await using var hub = await RegisterHub.StartAsync();
        foreach (var protocol in ShippedProtocols.All)
        {
            var page = await hub.ReadAsync($"/protocollen/{protocol.Id}/{protocol.Version}");
            page.ShouldContain("De rechtsgrond is nog niet nagekeken");
            page.ShouldContain("Kant van de bron: nog geen advies.");
            page.ShouldContain("Nog niet bekendgemaakt.");
            foreach (var clause in protocol.Clauses) page.ShouldContain(clause.Nl);
            foreach (var line in GroundLine.Of(protocol)) page.ShouldContain(line.Act ?? "Dit protocol zelf");
            foreach (var example in protocol.Cases) page.ShouldContain(example.Nl);
            foreach (var never in protocol.Find<Clause.FieldsClause>()!.Never) page.ShouldContain(new Texts([typeof(HubServices).Assembly], true).Word(never));
        }
    }

    [Fact]
    public async Task ProtocolPage_AfterStepsOfTheParties_TellsThemAll()
    {
        await using var hub = await RegisterHub.StartAsync();
        var file = Acceding.FileOf(Flow.Unknown);
        var protocol = file.Protocol!;
        await hub.TakeAsync(
            hub.Advice(protocol, Domain.Party.Source, hub.Source, Unfavourable),
            RegisterDocuments.SignProtocol(file.Canonical.Span, hub.Source.Signing),
            RegisterDocuments.SignProtocol(file.Canonical.Span, hub.Hub.Signing));
        await hub.AccedeAsync(Flow.Unknown, hub.Welfare, OrganisationKind.PublicCentreForWelfare);
        await hub.TakeAsync(Acceding.Stop(protocol, null, StopKind.Suspend, hub.Source.Signing, hub.Clock.GetUtcNow()), Acceding.Stop(protocol, hub.Welfare.Id, StopKind.Suspend, hub.Hub.Signing, hub.Clock.GetUtcNow()));

        var page = await hub.ReadAsync($"/protocollen/{protocol.Id}");
        page.ShouldContain("Kant van de bron: Ongunstig. Gegeven door DPO van de bron op 3 november 2026.");
        page.ShouldContain("Waarom dit advies niet gevolgd is: De grond wordt eerst nagekeken.");
        page.ShouldContain("Opgroeien heeft ondertekend op 20 november 2026");
        page.ShouldContain("Het knooppunt heeft ondertekend op 20 november 2026");
        page.ShouldContain("Pseudonimiseringsdienst heeft nog niet ondertekend");
        page.ShouldContain("Dit protocol is geschorst sinds 20 november 2026");
        page.ShouldContain("Geschorst op 20 november 2026 door Opgroeien. Een audit is mislukt. De audit van dit jaar is mislukt.");
        page.ShouldContain("OCMW Aalst Soort OCMW Sinds 20 november 2026 Stand Geschorst");
    }

    [Fact]
    public async Task Downloads_OfASignedText_AreWhatEveryPartySigned()
    {
        await using var hub = await RegisterHub.StartAsync();
        var file = Acceding.FileOf(Flow.Unknown);
        var parties = new[] { hub.Source, hub.Hub, hub.Pseudonymiser };
        await hub.TakeAsync(parties.Select(party => RegisterDocuments.SignProtocol(file.Canonical.Span, party.Signing)));

        // A recipient's signature stands with its accession.
        await hub.AccedeAsync(Flow.Unknown, hub.Welfare, OrganisationKind.PublicCentreForWelfare);
        var text = await hub.GetAsync($"/protocollen/{Unknown}/0.2/tekst.json");
        text.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        var bytes = await text.Content.ReadAsByteArrayAsync();
        StrictBase64Url.Encode(SHA256.HashData(bytes)).ShouldBe(file.Protocol!.Hash);

        var signatures = await (await hub.GetAsync($"/protocollen/{Unknown}/0.2/handtekeningen.json")).Content.ReadAsStringAsync();
        ProtocolSignatures.Split(signatures).TryGet(out var compact, out _).ShouldBeTrue();
        compact.Count.ShouldBe(parties.Length);
        foreach (var (one, party) in compact.Zip(parties))
        {
            Jws.Read(one, JoseTypes.Protocol).TryGet(out var parts, out _).ShouldBeTrue();
            parts.IsSignedBy(party.Signing.PublicKey).ShouldBeTrue();
            parts.Payload.ToArray().ShouldBe(bytes);
        }
    }

    [Fact]
    public async Task Difference_OfVersions_ClassesEachChangeInWords()
    {
        await using var hub = await RegisterHub.StartAsync();
        var narrower = RegisterHub.Changed(Unknown, ("version: '0.2'", "version: '0.3'"), ("    days: 90\n", "    days: 60\n"));
        var wider = RegisterHub.Changed(Unknown, ("version: '0.2'", "version: '0.10'"), ("    days: 90\n", "    days: 60\n"), ("functions: [socialWorker, teamLead]", "functions: [socialWorker, teamLead, benefitClerk]"));
        var brief = RegisterHub.Changed("groeipakket-brief", ("version: '0.3'", "version: '0.4'"), ("uses: [control, ", "uses: ["), (", ranking", ", ranking, control"), ("perField: true", "perField: false"));
        foreach (var file in new[] { narrower, wider, brief }) await hub.TakeAsync(RegisterDocuments.DraftProtocol(file.Canonical.Span, hub.Source.Signing));

        var less = await hub.ReadAsync($"/protocollen/{Unknown}/verschil?van=0.2&naar=0.3");
        less.ShouldContain("Deze versie is enger");
        less.ShouldContain("Enger");
        less.ShouldContain("Dagen zonder contact: was 90, wordt 60");
        less.ShouldContain("De rechtsgrond is nog niet nagekeken");
        var more = await hub.ReadAsync($"/protocollen/{Unknown}/verschil?van=0.3&naar=0.10");
        more.ShouldContain("Deze versie is ruimer");
        more.ShouldContain("Daarom is een nieuw advies van beide DPO's nodig.");
        more.ShouldContain("Functies: komt erbij: dossierbehandelaar");
        var consent = await hub.ReadAsync("/protocollen/groeipakket-brief/verschil?van=0.3&naar=0.4", "en");
        consent.ShouldContain("a new consent of each person");
        consent.ShouldContain("For each datum separately: was yes, becomes no");

        // 0.10 comes after 0.3, and is the latest.
        (await hub.ReadAsync($"/protocollen/{Unknown}")).ShouldContain("Versie 0.10, Niet-gekende gezinnen");
        (await hub.ReadAsync($"/protocollen/{Unknown}/0.3")).ShouldContain("Er is een nieuwere versie: 0.10");
        (await (await hub.GetAsync($"/protocollen/{Unknown}")).Content.ReadAsStringAsync()).ShouldContain($"/protocollen/{Unknown}/verschil?van=0.3&amp;naar=0.10");
    }

    [Fact]
    public async Task State_OfEverything_NamesEveryGroundMeasureAndCount()
    {
        await using var hub = await RegisterHub.StartAsync();
        await hub.AccedeAsync(Flow.Match, hub.Municipality, OrganisationKind.Municipality);
        var page = await hub.ReadAsync("/stand-van-zaken");
        var grounds = ShippedProtocols.All.SelectMany(GroundLine.Of).ToList();
        page.ShouldContain($"0 van de {grounds.Count} rechtsgronden en machtigingen zijn nagekeken");
        foreach (var ground in grounds) page.ShouldContain(ground.Act ?? "Dit protocol zelf");
        foreach (var measure in FrameworkFile.Shipped.Measures) page.ShouldContain(measure.Nl);
        page.Split("Verplicht ").Length.ShouldBeGreaterThan(FrameworkFile.Shipped.Measures.Count(measure => measure.Blocking));
        page.ShouldContain("Gemeenten 1 OCMW's 0");
    }

    [Fact]
    public async Task Accessions_OfTwoOrganisations_AreCountedAndFiltered()
    {
        await using var hub = await RegisterHub.StartAsync();
        await hub.AccedeAsync(Flow.Match, hub.Municipality, OrganisationKind.Municipality);
        await hub.AccedeAsync(Flow.Unknown, hub.Welfare, OrganisationKind.PublicCentreForWelfare);
        var page = await hub.ReadAsync("/toetredingen");
        page.ShouldContain("1 van de 285 gemeenten en 1 van de 284 OCMW's");
        page.ShouldContain("Gemeente Aalst");
        page.ShouldContain("OCMW Aalst");
        page.ShouldContain("Niet nagekeken");
        page.ShouldContain("20 november 2026");
        (await hub.ReadAsync("/toetredingen?protocol=groeipakket-match")).ShouldNotContain("OCMW Aalst");

        await hub.TakeAsync(Acceding.Stop(RegisterHub.Protocol(Flow.Unknown), hub.Welfare.Id, StopKind.End, hub.Welfare.Signing, hub.Clock.GetUtcNow()));
        (await hub.ReadAsync("/toetredingen")).ShouldContain("1 van de 285 gemeenten en 0 van de 284 OCMW's");
        (await hub.ReadAsync($"/toetredingen?protocol={Unknown}")).ShouldContain("Beëindigd");
    }

    [Fact]
    public async Task Accession_ToReferrals_TellsItsServicesAndPartnership()
    {
        await using var hub = await RegisterHub.StartAsync();
        await hub.TakeAsync(ReferralHub.Documents(hub.Welfare, OrganisationKind.PublicCentreForWelfare, ReferralHub.AmongPartners, hub.Clock));
        foreach (var path in new[] { "/toetredingen", "/protocollen/gbo-gedeeld-beroepsgeheim" })
        {
            var page = await hub.ReadAsync(path);
            page.ShouldContain("Sociaal Huis Aalst Kijkt met u na op welke hulp u recht hebt. Elke werkdag van 9 tot 12 uur Werkdagen tot het eerste contact: ten hoogste 5");
            page.ShouldContain("Samenwerkingsverband: GBO Aalst, vanaf 1 januari 2026");
            (await hub.ReadAsync(path, "en")).ShouldContain("Working days to the first contact: at most 5");
        }

        // Where nobody is referred, there is no such column.
        await hub.AccedeAsync(Flow.Unknown, hub.Welfare, OrganisationKind.PublicCentreForWelfare);
        (await hub.ReadAsync($"/protocollen/{Unknown}")).ShouldNotContain("eerste contact: ten hoogste");
    }

    [Fact]
    public void Texts_OfEveryWordOfAProtocol_AreThereInBothLanguages()
    {
        var texts = new Texts([typeof(HubServices).Assembly], throwOnMissing: true);
        var vocabularies = typeof(Clause).Assembly.GetTypes().Concat(typeof(ChangeClass).Assembly.GetTypes()).Where(type => type.IsEnum)
            .Where(type => type == typeof(ChangeClass) || typeof(Clause).GetNestedTypes().SelectMany(nested => nested.GetProperties()).Any(property => property.PropertyType == type || property.PropertyType.GetGenericArguments().Contains(type)))
            .Append(typeof(Flow)).Append(typeof(MeasureTheme)).Append(typeof(Attester));
        foreach (var vocabulary in vocabularies)
        {
            foreach (Enum value in Enum.GetValues(vocabulary)) texts.Word(value).ShouldNotBeNullOrWhiteSpace();
        }

        foreach (var id in Clause.Kinds.Keys) texts["Clause." + id].ShouldNotBeNullOrWhiteSpace();
        foreach (var key in ChangeWords.Keys()) texts["Key." + key].ShouldNotBeNullOrWhiteSpace();

        var resources = new ResourceManager("Bereik.Hub.Resources.Texts", typeof(HubServices).Assembly);
        IEnumerable<string> Names(string culture) => resources.GetResourceSet(CultureInfo.GetCultureInfo(culture), true, false)!.Cast<System.Collections.DictionaryEntry>().Select(entry => (string)entry.Key).Order(StringComparer.Ordinal);
        Names("en").ShouldBe(Names(""));
    }

    [Fact]
    public void ChangeWords_OfEveryKindOfChange_AreWords()
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("nl-BE");
        var texts = new Texts([typeof(HubServices).Assembly], throwOnMissing: true);
        string Said(string path, string what) => $"{ChangeWords.Where(texts, new ProtocolChange(path, what, ChangeClass.Wider))}: {ChangeWords.What(texts, new ProtocolChange(path, what, ChangeClass.Wider))}";
        Said("gegevens.shared", "with phone").ShouldBe("Gegevens: Gedeelde gegevens: komt erbij: telefoonnummer");
        Said("gegevens.never", "without insz").ShouldBe("Gegevens: Gegevens die nooit gedeeld worden: niet meer: rijksregisternummer of INSZ");
        Said("rollen.parties", "hub changed").ShouldBe("Rollen: Rollen: gewijzigd: knooppunt");
        Said("machtiging.state", "unverified became verified").ShouldBe("Machtiging: Nazicht: was niet nagekeken, wordt nagekeken");
        Said("rechtsgrond-ontvanger.references", "ocmw-wet was verified").ShouldBe("Rechtsgrond om de gegevens te gebruiken: Wetten en decreten: ocmw-wet is nagekeken");
        Said("inwerkingtreding.until", "2028-12-31 became 2029-12-31").ShouldBe("Inwerkingtreding: Laatste dag: was 31 december 2028, wordt 31 december 2029");
        Said("rollen.disjointOperators", "true became false").ShouldBe("Rollen: Vier verschillende uitbaters: was ja, wordt nee");
        Said("golven", "clause removed").ShouldBe("Hoeveel gezinnen tegelijk: Deze bepaling verdwijnt");
        Said("doel.nl", "words changed").ShouldBe("Doel: Andere woorden");
        Said("doel.standing", "uncertain became decided").ShouldBe("Doel: Stand: was onzeker, wordt beslist");
        Said("flow", "unknown became match").ShouldBe("Soort uitwisseling: was niet-gekende gezinnen, wordt vergelijking");
        Said("cases", "changed").ShouldBe("Voorbeelden: Gewijzigd");
        Said("rechten.articles", "without 21").ShouldBe("Rechten van mensen: Artikelen van de AVG: niet meer: 21");
    }
}
