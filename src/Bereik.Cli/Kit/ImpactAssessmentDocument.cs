using Bereik.Domain;

namespace Bereik.Cli.Kit;

/// <summary>The skeleton of the assessment that art. 35 GDPR asks for (nl: gegevensbeschermingseffectbeoordeling).</summary>
internal static class ImpactAssessmentDocument
{
    public static HtmlPage Write(KitFacts facts)
    {
        var (protocol, prose) = (facts.Protocol, FlowProse.Of(facts));
        var page = facts.Page("Gegevensbeschermingseffectbeoordeling");
        page.P($"Deze beoordeling (artikel 35 AVG) is een vertrekpunt. Wat het protocol en het vertrouwenskader zeggen, is ingevuld. {facts.Begin} vult aan wat eigen is aan de plaatselijke werking, schat de risico's en vraagt advies aan de functionaris voor gegevensbescherming.");

        page.H2("1. Wat er gebeurt");
        page.P(protocol.Summary.Nl);
        page.Steps(prose.Steps);
        page.Pairs(
            ("Over wie", prose.People),
            ("Hoeveel mensen", Html.Blank("geschat aantal betrokkenen per jaar")),
            ("Wie opent", KitFacts.Say(facts.Need<Clause.RecipientsClause>())),
            ("Hoe vaak", KitFacts.Say(facts.Need<Clause.Periodicity>())),
            ("Aan wie het doorgaat", KitFacts.Say(facts.Need<Clause.Onward>())),
            ("Plaatselijke werking", Html.Blank("hoe de dienst er plaatselijk mee werkt")));

        page.H2("2. Waarom");
        var purpose = facts.Need<Clause.PurposeClause>();
        page.Pairs(
            ("Doel", KitFacts.Say(purpose)),
            ("Doel van de gegevens bij de bron", purpose.Original.Nl),
            ("Mag het nieuwe doel volgen op het eerste?", $"{purpose.Compatibility.Nl}{KitFacts.Mark(purpose)}"));
        page.P($"Waar de gegevens nooit voor dienen:{KitFacts.Mark(facts.Need<Clause.ForbiddenUses>())}");
        page.List(facts.Need<Clause.ForbiddenUses>().Uses.Select(use => (Html)KitWords.Of(use)));

        page.H2("3. Rechtmatigheid");
        page.Table(["Verwerking", "Verwerkingsgrond", "Verwijzing en staat"], facts.Grounds.Select(ground => (IEnumerable<Html>)
        [
            KitFacts.Say(ground), KitWords.Of(ground.Basis),
            Html.Of(ground.References.Select(reference => (Html)$"{reference.Act} ({KitFacts.State(reference.State, reference.VerifiedBy)})"), "; "),
        ]));
        page.P($"Machtiging: {KitFacts.Say(facts.Need<Clause.Authorisation>())}");
        if (OwnNumbers(facts) is { } numbers) page.P($"{numbers} De functionaris gaat na of dat mag (wet van 8 augustus 1983 tot regeling van een Rijksregister van de natuurlijke personen).");
        if (protocol.Find<Clause.Consent>() is { } consent) page.P($"{KitFacts.Say(consent)} {KitWords.Of(consent.Role)}");
        if (protocol.Find<Clause.SharedSecrecy>() is { } secrecy)
        {
            page.P(KitFacts.Say(secrecy));
            page.Steps(secrecy.Conditions.Select(condition => (Html)KitWords.Of(condition)));
        }

        page.H2("4. Noodzaak, per gegeven");
        Necessity(page, facts);

        page.H2("5. Waarom het niet lichter kan");
        foreach (var reason in prose.Subsidiarity) page.P(reason);

        page.H2("6. Hoe lang");
        page.Pairs(Terms(facts).Select(term => ((Html)KitWords.Capital(term.Name), term.Value)));

        page.H2("7. Wie waarvoor instaat");
        page.Table(["Partij", "Rol"], facts.Need<Clause.Roles>().Parties.Select(role => (IEnumerable<Html>)[PartyOf(facts, role.Party), KitWords.Of(role.Role)]));
        page.P(KitFacts.Say(facts.Need<Clause.Roles>()));

        page.H2("8. Rechten van de mensen");
        page.P(KitFacts.Say(facts.Need<Clause.Rights>()));
        page.P(KitFacts.Say(facts.Need<Clause.InformBy>()));
        page.P(KitFacts.Say(facts.Need<Clause.Objections>()));
        if (protocol.Flow == Flow.Match) page.P("De toekenning gebeurt zonder aanvraag. De functionaris gaat na of artikel 22 AVG (geautomatiseerde besluiten) hier speelt, en of een medewerker elke toekenning kan nakijken.");

        page.H2("9. Risico's");
        page.P("Vul kans en ernst in (klein, matig of groot), en wat er van het risico overblijft na de maatregelen. Een K met een nummer verwijst naar een maatregel in deel 10.");
        page.Table(["Risico voor de mensen", "Wat ertegen gedaan wordt", "Kans en ernst", "Wat overblijft"], KitRisks.Of(facts).Select(risk => (IEnumerable<Html>)
        [
            $"{Html.Strong(risk.What)} {risk.How}", $"{risk.Measures} {(risk.Codes.Length == 0 ? "" : $"({string.Join(", ", risk.Codes)})")}", Html.Blank("kans en ernst"), Html.Blank("restrisico"),
        ]), "klein");
        page.P($"Andere risico's in de plaatselijke werking: {Html.Blank("andere risico's")}");

        page.H2("10. Maatregelen van het vertrouwenskader");
        page.P($"{facts.Framework.Title.Nl}, versie {facts.Framework.Version}. {facts.Framework.Summary.Nl} De stand van elke maatregel staat in het attestformulier.");
        page.Table(["Code", "Maatregel"], facts.Framework.Measures.Select(measure => (IEnumerable<Html>)[MeasureFormDocument.Code(measure), measure.Nl]), "klein");

        page.H2("11. Advies en besluit");
        page.Pairs(
            ("Wat betrokkenen of hun verenigingen zeggen", Html.Blank("mening van betrokkenen of hun verenigingen, of waarom ze niet gevraagd is")),
            ("Advies van de functionaris", Html.Blank("samenvatting van het advies")),
            ("Datum van het advies", Html.Blank("datum van het advies")),
            ("Waarom het advies niet gevolgd wordt", Html.Blank("reden, of ‘niet van toepassing’")),
            ("Blijft het risico hoog?", $"{Html.Blank("ja of nee")} Bij ja: eerst de toezichthouder raadplegen (artikel 36 AVG)."),
            ("Goedgekeurd door en op", Html.Blank("naam, functie en datum")));
        return page;
    }

    /// <summary>For what the recipient uses numbers of its own; null where it uses none.</summary>
    public static string? OwnNumbers(KitFacts facts) => facts.Protocol.Flow switch
    {
        Flow.Unknown => $"{facts.Begin} gebruikt de rijksregisternummers van de personen die {facts.It} kent, om er pseudoniemen van te maken.",
        Flow.Match => $"{facts.Begin} gebruikt de rijksregisternummers van de inwoners die {facts.It} vergelijkt, om er pseudoniemen van te maken.",
        Flow.Query => $"{facts.Begin} gebruikt het rijksregisternummer van de persoon in de vraag.",
        _ => null,
    };

    /// <summary>Each datum with its reason, and what is never passed on.</summary>
    public static void Necessity(HtmlPage page, KitFacts facts)
    {
        var fields = facts.Need<Clause.FieldsClause>();
        page.P(KitFacts.Say(fields));
        if (fields.Shared.Count > 0)
        {
            page.Table(["Gegeven", "Waarom het nodig is", "Herkomst"], fields.Shared.Select(field => (IEnumerable<Html>)[KitWords.Capital(KitWords.Of(field.Id)), $"{field.Necessity.Nl}{KitFacts.Mark(fields)}", KitWords.Capital(field.Source)]));
        }

        if (facts.TellsSupplement)
        {
            page.P(facts.Protocol.Flow == Flow.Match
                ? "Dat een inwoner op de lijst staat, zegt iets over het inkomen van het gezin. Ook dat is een persoonsgegeven."
                : $"Dat een gezin {(facts.Protocol.Flow == Flow.Messenger ? "wordt doorgegeven" : "op de lijst staat")}, zegt ook dat het een sociale toeslag krijgt, en dus iets over het inkomen. Ook dat is een persoonsgegeven.");
        }

        if (fields.Shared.Any(field => field.Id is RecordField.HelpQuestion or RecordField.SocialStatus))
        {
            page.P($"Een {(fields.Shared.Any(field => field.Id == RecordField.HelpQuestion) ? "hulpvraag" : "statuut")} kan iets zeggen over gezondheid. De functionaris gaat na of artikel 9 AVG speelt.");
        }

        page.P($"Nooit van de bron: {KitWords.And(fields.Never.Select(KitWords.Of))}.{KitFacts.Mark(fields)}");
    }

    /// <summary>Every term that somebody has to keep.</summary>
    public static IEnumerable<(string Name, Html Value)> Terms(KitFacts facts)
    {
        var retention = facts.Need<Clause.Retention>();
        var logs = facts.Need<Clause.Logs>();
        if (retention.ContactDays > retention.Days)
        {
            yield return ("zonder contact", $"ten laatste {KitWords.Days(retention.Days)} na ontvangst gewist{KitFacts.Mark(retention)}");
            yield return ("met contact", $"ten laatste {KitWords.Days(retention.ContactDays)} na ontvangst gewist{KitFacts.Mark(retention)}");
        }
        else
        {
            yield return ("wat ontvangen is", $"ten laatste {KitWords.Days(retention.Days)} na ontvangst gewist{KitFacts.Mark(retention)}");
        }

        yield return ("bij het knooppunt", $"gewist binnen {KitWords.Hours(retention.HubHours)} na het einde van een uitwisseling{KitFacts.Mark(retention)}");
        yield return ("logboek van wat is doorgegeven", $"{KitWords.Years(logs.DisclosureYears)}{KitFacts.Mark(logs)}");
        yield return ("logboek van wie iets las", $"{KitWords.Years(logs.ReadYears)}{KitFacts.Mark(logs)}");
        if (facts.Protocol.Flow == Flow.Query) yield return ("in het eigen dossier", $"Wat nodig is om over het recht te beslissen, staat in het dossier bij {facts.Short}, met een eigen bewaartermijn. Het antwoord zelf wordt ook dan gewist.");
        else if (facts.IsWelfareCentre) yield return ("na een hulpvraag", "Vraagt de persoon hulp, dan opent het OCMW een eigen dossier, op een eigen grond en met een eigen bewaartermijn. Wat hier ontvangen is, wordt ook dan gewist.");
    }

    /// <summary>A party as the documents name it.</summary>
    public static string PartyOf(KitFacts facts, Party party) => KitWords.Capital(party switch
    {
        Party.Source => facts.Source,
        Party.Recipient => facts.Recipient,
        Party.Hub => "de uitbater van het knooppunt",
        Party.Pseudonymiser => "de uitbater van de pseudonimiseringsdienst",
        Party.Partner => "de andere partners van het samenwerkingsverband",
        _ => throw new InvalidOperationException($"Party {party} has no name."),
    });
}
