using Bereik.Domain;

namespace Bereik.Cli.Kit;

/// <summary>What is in the kit, who fills what, in which order, and first of all what is not there yet (nl: leesmij).</summary>
internal static class IndexDocument
{
    public static HtmlPage Write(KitFacts facts, IEnumerable<KitDocument> documents)
    {
        var protocol = facts.Protocol;
        var page = facts.Page($"Toetreden tot {protocol.Id}: lees dit eerst");
        var open = facts.Grounds.SelectMany(ground => ground.References.Select(reference => (Clause: ground.Nl, reference.Act, reference.State)))
            .Append((Clause: facts.Need<Clause.Authorisation>().Nl, Act: "Machtiging", facts.Need<Clause.Authorisation>().State)).Where(entry => entry.State != GroundState.Verified).ToList();
        if (open.Count > 0)
        {
            page.H2("Wat nog niet is nagekeken");
            page.P("De functionarissen voor gegevensbescherming van beide kanten kijken elke verwijzing na, met naam en datum. Zolang dat niet gebeurd is, kan het protocol niet in werking treden. U kunt met dit pakket wel alles voorbereiden.");
            page.Table(["Verwijzing", "Bepaling", "Staat"], open.Select(entry => (IEnumerable<Html>)[entry.Act, entry.Clause, KitWords.Of(entry.State)]));
        }

        var uncertain = protocol.Clauses.Where(clause => clause.Standing == Standing.Uncertain).ToList();
        if (uncertain.Count > 0)
        {
            page.H2("Wat de functionaris nog moet beslissen");
            page.List(uncertain.Select(clause => (Html)$"{Html.Strong(clause.Id)}: {KitFacts.Say(clause)}"));
        }

        page.H2("Voor welk bestuur en welk protocol");
        page.Pairs(
            ("Bestuur", $"{KitWords.Capital(facts.Recipient)} (OVO-code van de gemeente {facts.Municipality.OvoCode}, NIS-code {facts.Municipality.NisCode}, provincie {facts.Municipality.Province})"),
            ("Wie beslist", $"De {facts.Council}, tenzij die de bevoegdheid heeft overgedragen. De algemeen directeur gaat dat na."),
            ("Protocol", $"{protocol.Title.Nl} ({protocol.Id}), versie {protocol.Version}"),
            ("Hash van het protocol", Html.Element("span", "code", protocol.Hash)),
            ("Vertrouwenskader", $"{facts.Framework.Title.Nl}, versie {facts.Framework.Version}"),
            ("Hash van het vertrouwenskader", Html.Element("span", "code", facts.Framework.Hash)),
            ("Inwerkingtreding", KitFacts.Say(facts.Need<Clause.EntryIntoForce>())),
            ("Opgemaakt op", $"{facts.Day}"));

        page.H2("De documenten");
        page.Table(["Document", "Wie vult het in", "Wanneer"], documents.Select(document => (IEnumerable<Html>)[Html.Link(document.File, document.Title), document.FilledBy, document.When]));

        page.H2("In deze volgorde");
        page.Steps(
        [
            "De functionaris voor gegevensbescherming leest het protocol en de verwijzingen, en geeft advies. Dat advies is er vóór de raad beslist.",
            "De dienst en de functionaris maken de effectbeoordeling en de inschrijving in het register van verwerkingen.",
            $"De algemeen directeur sluit de verwerkersovereenkomsten{(facts.HasJointControllers ? " en de onderlinge regeling met de partners" : "")}.",
            $"De {facts.Council} beslist.",
            "De dienst vult het attestformulier in en maakt een attest voor elke medewerker. De medewerkers krijgen de werkinstructie.",
            $"{facts.Begin} zet de privacyverklaring, het besluit en het protocol op de website.",
            $"De algemeen directeur ondertekent de toetredingsakte. Dat kan pas als het protocol gepubliceerd is{(facts.IsInForceable ? "" : ", en dus niet zolang een verwijzing niet is nagekeken")}.",
        ]);

        page.H2("Hoe u deze documenten leest");
        page.List(
            $"{Html.Element("span", "invullen", "Gele tekst tussen haken")} vult u zelf in. De rest komt uit het protocol, het vertrouwenskader en de lijst van gemeenten, of is vaste tekst van dit model.",
            $"{Html.Element("span", "stand", "voorgesteld")} betekent dat de partijen van het protocol nog anders kunnen beslissen.",
            $"{Html.Element("span", "stand onzeker", "onzeker, te beslissen door de functionaris")} betekent dat een functionaris voor gegevensbescherming eerst moet beslissen.",
            "Haal deze labels weg voor u een document publiceert of laat ondertekenen, maar pas nadat er beslist is.",
            "Dit pakket is een hulpmiddel en geen juridisch advies.");
        return page;
    }
}
