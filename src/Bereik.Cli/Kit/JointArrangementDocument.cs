using Bereik.Domain;

namespace Bereik.Cli.Kit;

/// <summary>The arrangement between joint controllers, art. 26 GDPR (nl: onderlinge regeling).</summary>
internal static class JointArrangementDocument
{
    public static HtmlPage Write(KitFacts facts)
    {
        var (rights, incidents, objections, retention) = (facts.Need<Clause.Rights>(), facts.Need<Clause.Incidents>(), facts.Need<Clause.Objections>(), facts.Need<Clause.Retention>());
        var page = facts.Page("Onderlinge regeling tussen de partners");
        page.P($"De partners zijn samen verantwoordelijk voor deze verwerking. Deze regeling (artikel 26 AVG) zegt wie wat doet.{KitFacts.Mark(facts.Need<Clause.Roles>())}");

        page.H2("1. De partners");
        page.Table(["Partner", "Naam", "Contact voor deze regeling"], facts.Need<Clause.PartiesClause>().Recipients.Select(kind => (IEnumerable<Html>)
        [
            $"{KitWords.Capital(KitWords.Of(kind))}{KitFacts.Mark(facts.Need<Clause.PartiesClause>())}",
            kind == facts.Kind ? KitWords.Capital(facts.Recipient) : Html.Blank("naam en ondernemingsnummer van de partner"),
            Html.Blank("mailbox of telefoonnummer van de functie, niet van een persoon"),
        ]));

        page.H2("2. Waarover het gaat");
        page.P(facts.Protocol.Summary.Nl);
        page.P(KitFacts.Say(facts.Need<Clause.PurposeClause>()));
        page.P(KitFacts.Say(facts.Need<Clause.ForbiddenUses>()));

        page.H2("3. Wie wat doet");
        List<IEnumerable<Html>> tasks =
        [
            ["De persoon vooraf inlichten: wat overgaat, aan wie en waarom", "wie verwijst", KitFacts.Say(facts.Need<Clause.Notice>())],
            .. facts.Protocol.Find<Clause.Consent>() is { } consent ? [[(Html)"De instemming vragen, voor elk gegeven apart, en bewaren dat ze gegeven is", "wie verwijst", KitFacts.Say(consent)]] : Array.Empty<IEnumerable<Html>>(),
            .. facts.Protocol.Find<Clause.SharedSecrecy>() is { } secrecy ? [[(Html)"De vijf voorwaarden nagaan", "wie verwijst en wie ontvangt, elk voor zich", KitFacts.Say(secrecy)]] : Array.Empty<IEnumerable<Html>>(),
            ["Alleen doorgeven wat nodig en aangevinkt is", "wie verwijst", KitFacts.Say(facts.Need<Clause.FieldsClause>())],
            ["De persoon inlichten bij het eerste contact", "wie ontvangt", KitFacts.Say(facts.Need<Clause.InformBy>())],
            ["Bepalen wie de gegevens opent, en dat attesteren", "elke partner voor de eigen medewerkers", KitFacts.Say(facts.Need<Clause.RecipientsClause>())],
            ["Vragen van mensen beantwoorden", "de partner bij wie de vraag binnenkomt; die verwittigt de andere partners", $"binnen {KitWords.Days(rights.AnswerDays)}{KitFacts.Mark(rights)}"],
            ["Stoppen na een bezwaar of een intrekking", "elke partner die de gegevens heeft", $"gebruik stopt binnen {KitWords.WorkingDays(objections.StopWorkingDays)}, wissingsattest binnen {KitWords.WorkingDays(objections.CertificateWorkingDays)}{KitFacts.Mark(objections)}"],
            ["Wissen", "wie ontvangt", KitFacts.Say(retention)],
            ["Een incident melden aan de andere partners", "de partner bij wie het gebeurt", $"binnen {KitWords.Hours(incidents.TellWithinHours)}{KitFacts.Mark(incidents)}"],
            ["Een incident melden aan de toezichthouder, en zo nodig aan de mensen zelf", "de partner bij wie het gebeurt", "binnen 72 uur (artikel 33 AVG)"],
            ["De overeenkomst met het knooppunt sluiten", "elke partner", "artikel 28 AVG"],
        ];
        page.Table(["Taak", "Wie", "Volgens"], tasks);

        page.H2("4. Eén aanspreekpunt");
        page.P($"Mensen kunnen bij elke partner terecht. Het gezamenlijke aanspreekpunt is {Html.Blank("naam en contact van het gezamenlijke aanspreekpunt")}.");
        page.P("De kern van deze regeling staat in de privacyverklaring van elke partner (artikel 26, lid 2, AVG).");

        page.H2("5. Duur");
        page.P(KitFacts.Say(facts.Need<Clause.Duration>()));

        page.H2("Ondertekening");
        page.Table([.. facts.Need<Clause.PartiesClause>().Recipients.Select(kind => (Html)KitWords.Capital(KitWords.Of(kind)))], [facts.Need<Clause.PartiesClause>().Recipients.Select(_ => Html.Blank("naam, functie, datum en handtekening"))]);
        return page;
    }
}
