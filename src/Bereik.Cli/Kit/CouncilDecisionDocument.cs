using Bereik.Domain;

namespace Bereik.Cli.Kit;

/// <summary>The decision by which the council accedes (nl: modelbesluit).</summary>
internal static class CouncilDecisionDocument
{
    public static HtmlPage Write(KitFacts facts)
    {
        var (protocol, prose) = (facts.Protocol, FlowProse.Of(facts));
        var page = facts.Page($"Modelbesluit van de {facts.Council}: toetreding tot het standaardprotocol");
        page.Pairs(
            ("Zitting", Html.Blank("datum van de zitting")),
            ("Agendapunt", Html.Blank("nummer van het agendapunt")),
            ("Aanwezig", Html.Blank("aanwezige leden")));

        page.H2("Feiten en context");
        page.P(protocol.Summary.Nl);
        page.P($"De uitwisseling gebeurt onder het standaardprotocol ‘{protocol.Title.Nl}’. Een bestuur kan de tekst niet aanpassen: het treedt toe tot de tekst zoals die is, of niet. De tekst zit als bijlage bij dit besluit.");
        page.P("Zo verloopt het:");
        page.Steps(prose.Steps);

        page.H2("Juridische grond");
        page.P(facts.IsInForceable
            ? "De functionarissen voor gegevensbescherming van beide kanten keken de verwijzingen van het protocol na."
            : "De laatste kolom zegt of de functionarissen voor gegevensbescherming van beide kanten de verwijzing hebben nagekeken. Zolang een verwijzing niet is nagekeken, kan het protocol niet in werking treden.");
        page.Table(["Verwijzing", "Waarvoor", "Staat"], References(facts));
        page.P($"Verwerkingsgrond van {facts.Short}: {KitWords.Of(facts.Need<Clause.RecipientGround>().Basis)}.{KitFacts.Mark(facts.Need<Clause.RecipientGround>())}");
        if (protocol.Find<Clause.Consent>() is { } consent) page.P($"{KitFacts.Say(consent)} {KitWords.Of(consent.Role)}");

        page.H2("Adviezen");
        page.P(KitFacts.Say(facts.Need<Clause.Officers>()));
        page.Table(["Functionaris", "Datum", "Strekking", "Samenvatting"], facts.Need<Clause.Officers>().Contacts.Select(officer => (IEnumerable<Html>)
            [officer.Contact, Html.Blank("datum van het advies"), Html.Blank("gunstig, gunstig onder voorwaarden of ongunstig"), Html.Blank("samenvatting van het advies")]));
        page.P($"De {facts.Council} volgt het advies van de eigen functionaris: {Html.Blank("ja, of nee met de reden")}. Van een ongunstig advies wijkt de raad alleen af met een reden die hier staat.");

        page.H2("Motivering");
        var purpose = facts.Need<Clause.PurposeClause>();
        page.Pairs(
            ("Doel van de gegevens bij de bron", purpose.Original.Nl),
            ("Nieuw doel", KitFacts.Say(purpose)),
            ("Mag het nieuwe doel volgen op het eerste?", $"{purpose.Compatibility.Nl}{KitFacts.Mark(purpose)}"));
        foreach (var reason in prose.Subsidiarity) page.P(reason);
        page.P(KitFacts.Say(facts.Need<Clause.FieldsClause>()));
        page.P(KitFacts.Say(facts.Need<Clause.ForbiddenUses>()));
        page.P($"{KitFacts.Say(facts.Need<Clause.RecipientsClause>())} {KitWords.Capital(facts.Sibling)} en de mandatarissen hebben geen toegang.");

        page.H2("Financiële gevolgen");
        page.P(Html.Blank("kosten en budget, of ‘geen’"));

        page.H2("Stemming");
        page.P(Html.Blank("uitslag van de stemming"));

        page.H2("Besluit");
        var number = 0;
        foreach (var article in Articles(facts, prose)) page.P($"{Html.Strong($"Artikel {++number}.")} {article}");

        page.H2("Ondertekening");
        page.P($"Namens de {facts.Council}:");
        page.Table(["De algemeen directeur", "De voorzitter"], [[Html.Blank("naam en handtekening van de algemeen directeur"), Html.Blank("naam en handtekening van de voorzitter")]]);
        return page;
    }

    private static IEnumerable<IEnumerable<Html>> References(KitFacts facts)
    {
        foreach (var (ground, what) in facts.Grounds.Zip(["de bron heeft de gegevens", "de bron geeft de gegevens door", $"{facts.Short} gebruikt de gegevens"]))
        {
            foreach (var reference in ground.References) yield return [reference.Act, $"{what}{KitFacts.Mark(ground)}", KitFacts.State(reference.State, reference.VerifiedBy)];
        }

        var authorisation = facts.Need<Clause.Authorisation>();
        yield return [Authorisation(authorisation), $"machtiging: {authorisation.Nl}{KitFacts.Mark(authorisation)}", KitFacts.State(authorisation.State, authorisation.VerifiedBy)];
        // These come from the model itself, and no officer of a protocol has read them.
        yield return ["Verordening (EU) 2016/679 (algemene verordening gegevensbescherming, AVG)", "bescherming van persoonsgegevens", "toe te passen in elk geval"];
        yield return
        [
            $"Decreet van 22 december 2017 over het lokaal bestuur, artikelen {(facts.IsWelfareCentre ? "77 en 78" : "40 en 41")}",
            $"bevoegdheid van de {facts.Council}",
            "na te kijken door de algemeen directeur",
        ];
    }

    private static string Authorisation(Clause.Authorisation authorisation) => authorisation.Kind switch
    {
        AuthorisationKind.Protocol => "Decreet van 18 juli 2008 betreffende het elektronische bestuurlijke gegevensverkeer, artikel 8",
        AuthorisationKind.Deliberation => authorisation.Number is { } number ? $"Beraadslaging {number} van het informatieveiligheidscomité" : "Beraadslaging van het informatieveiligheidscomité, nummer nog niet bekend",
        _ => "Geen machtiging nodig",
    };

    private static IEnumerable<Html> Articles(KitFacts facts, FlowProse prose)
    {
        var (protocol, framework) = (facts.Protocol, facts.Framework);
        var (force, duration) = (facts.Need<Clause.EntryIntoForce>(), facts.Need<Clause.Duration>());
        yield return $"{KitWords.Capital(facts.Recipient)} treedt toe tot het standaardprotocol ‘{protocol.Title.Nl}’ ({protocol.Id}), versie {protocol.Version}, met als hash {Code(protocol.Hash)}. Voor een andere tekst is een nieuw besluit nodig.";
        yield return facts.IsInForceable
            ? (Html)$"De toetreding heeft uitwerking vanaf de dag waarop het protocol in werking treedt. {KitFacts.Say(force)}"
            : $"De toetreding heeft pas uitwerking als het protocol in werking treedt. Dat kan niet zolang een verwijzing van het protocol niet is nagekeken. {KitFacts.Say(force)}";
        yield return $"{facts.Begin} verbindt zich ertoe om te voldoen aan het {framework.Title.Nl.ToLowerInvariant()}, versie {framework.Version}, met als hash {Code(framework.Hash)}. {facts.Begin} attesteert elke maatregel met het attestformulier. Zonder een verplichte maatregel stopt de uitwisseling.{KitFacts.Mark(facts.Need<Clause.Security>())}";
        yield return $"De dienst die {(facts.HasJointControllers ? "verwijst en ontvangt" : "ontvangt")}, is {Html.Blank("naam van de dienst")}. Verantwoordelijk zijn {Html.Blank("functie van de teamverantwoordelijke")} en, als vervanger, {Html.Blank("functie van de vervanger")}. {prose.Capacity}";
        yield return $"Voor dit protocol is {facts.Short} bereikbaar op {Html.Blank("mailbox of telefoonnummer van de functie, niet van een persoon")}.";
        yield return facts.Need<Clause.Territory>().Scope == TerritoryScope.OwnMunicipality
            ? (Html)$"De toetreding geldt voor het grondgebied van de gemeente {facts.Municipality.Name} (NIS-code {facts.Municipality.NisCode}).{KitFacts.Mark(facts.Need<Clause.Territory>())}"
            : $"De toetreding geldt voor de gemeente {facts.Municipality.Name} (NIS-code {facts.Municipality.NisCode}) en de andere gemeenten van het samenwerkingsverband: {Html.Blank("andere gemeenten van het samenwerkingsverband, met NIS-code")}.{KitFacts.Mark(facts.Need<Clause.Territory>())}";
        if (protocol.Find<Clause.Benefit>() is { } benefit)
        {
            Html product = benefit.Product is { } code ? $" Het is product {code} van de producten- en dienstencatalogus (IPDC)." : "";
            yield return benefit.NeedsLocalRegulation
                ? (Html)$"De lijst dient voor één voordeel: {Html.Blank("naam van het voordeel")}. Het wordt toegekend door dit reglement: {Html.Blank("titel en datum van het reglement")}.{product}{KitFacts.Mark(benefit)}"
                : $"De lijst dient voor één voordeel: {Html.Blank("naam van het voordeel")}.{product}{KitFacts.Mark(benefit)}";
        }

        yield return $"De {facts.Council} keurt de gegevensbeschermingseffectbeoordeling en de bijlage bij de verwerkersovereenkomsten goed{(facts.HasJointControllers ? ", en ook de onderlinge regeling met de partners" : "")}.";
        yield return $"De toetreding wordt opnieuw bekeken ten laatste op {Html.Blank("datum van de herziening")}, dat is ten hoogste één jaar na de toetreding. Zonder herziening stopt de uitwisseling. {KitFacts.Say(duration)}";
        yield return $"{KitFacts.Say(facts.Need<Clause.Sanctions>())} Wat {facts.Short} dan al ontving, blijft nog {KitWords.Days(framework.GraceDays)} bruikbaar voor de mensen zelf. Dat geldt niet als {KitWords.Or(framework.NoGrace.Select(KitWords.Of))}.";
        yield return "De algemeen directeur voert dit besluit uit en ondertekent de toetredingsakte.";
        yield return $"Dit besluit wordt bekendgemaakt op de website van {facts.Short}. {KitFacts.Say(facts.Need<Clause.Publication>())} De algemeen directeur bezorgt een uittreksel aan {(facts.HasJointControllers ? "de andere partners" : facts.Source)}.";
    }

    private static Html Code(string hash) => Html.Element("span", "code", hash);
}
