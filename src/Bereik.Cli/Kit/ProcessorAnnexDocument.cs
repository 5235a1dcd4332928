using Bereik.Domain;

namespace Bereik.Cli.Kit;

/// <summary>The annex to the contracts with processors, art. 28 GDPR (nl: bijlage bij de verwerkersovereenkomst).</summary>
internal static class ProcessorAnnexDocument
{
    public static HtmlPage Write(KitFacts facts)
    {
        var page = facts.Page("Bijlage bij de verwerkersovereenkomsten");
        page.P($"{KitWords.Capital(facts.Recipient)} sluit met elke verwerker een overeenkomst (artikel 28 AVG). Deze bijlage beschrijft per verwerker wat hij voor deze uitwisseling doet. Deel 1 geldt voor elke verwerker.");

        page.H2("1. Wat voor elke verwerker geldt");
        var incidents = facts.Need<Clause.Incidents>();
        page.Table(["Artikel 28, lid 3, AVG", "Wat wij afspreken"],
        [
            ["Onderwerp en doel", $"{facts.Protocol.Title.Nl} (protocol {facts.Protocol.Id}, versie {facts.Protocol.Version}). {KitFacts.Say(facts.Need<Clause.PurposeClause>())}"],
            ["Duur", $"Zolang de toetreding loopt. {KitFacts.Say(facts.Need<Clause.Duration>())}"],
            ["Betrokkenen", FlowProse.Of(facts).People],
            ["a) Instructies", $"De verwerker doet alleen wat het protocol zegt en wat {facts.Short} schriftelijk vraagt. {KitFacts.Say(facts.Need<Clause.ForbiddenUses>())}"],
            ["b) Vertrouwelijkheid", "Iedereen die er bij de verwerker mee werkt, is tot geheimhouding verplicht."],
            ["c) Beveiliging", $"De verwerker neemt de maatregelen die nodig zijn om {facts.Short} te laten voldoen aan het vertrouwenskader, versie {facts.Framework.Version}.{KitFacts.Mark(facts.Need<Clause.Security>())}"],
            ["d) Andere verwerkers", $"Alleen na schriftelijke toestemming van {facts.Short}, en onder dezelfde afspraken."],
            ["e) Rechten van mensen", $"De verwerker stuurt een vraag van een betrokkene dezelfde werkdag door. {KitFacts.Say(facts.Need<Clause.Rights>())}"],
            ["f) Incidenten", $"De verwerker meldt een incident meteen, zodat {facts.Short} het binnen {KitWords.Hours(incidents.TellWithinHours)} aan de andere partij kan melden en op tijd aan de toezichthouder.{KitFacts.Mark(incidents)}"],
            ["g) Einde", "De verwerker wist alles en bewijst dat schriftelijk."],
            ["h) Toezicht", $"De verwerker toont aan dat hij dit naleeft, en laat een audit toe. {KitFacts.Say(facts.Need<Clause.Audit>())}"],
        ]);

        var number = 1;
        foreach (var part in Parts(facts))
        {
            page.H2($"{++number}. {part.Title}");
            page.Pairs(
            [
                ("Verwerker", Html.Blank(part.Blank)),
                ("Wat de verwerker doet", part.Does),
                ("Welke gegevens", part.Data),
                ("Wat de verwerker nooit kan of mag", part.Never),
                ("Wanneer de verwerker wist", part.Erases),
                .. facts.Need<Clause.Roles>().DisjointOperators && !part.IsSupplier ? [((Html)"Onafhankelijk", (Html)$"De bron, de ontvanger{(facts.HasPseudonymiser ? ", het knooppunt en de pseudonimiseringsdienst" : " en het knooppunt")} hebben elk een andere uitbater.{KitFacts.Mark(facts.Need<Clause.Roles>())}")] : Array.Empty<(Html, Html)>(),
                ("Waar de gegevens staan", Html.Blank("land en plaats van de servers")),
                ("Andere verwerkers die worden ingezet", Html.Blank("namen van andere verwerkers, of ‘geen’")),
                ("Overeenkomst van", Html.Blank("datum van de overeenkomst")),
            ]);
        }

        page.H2("Ondertekening");
        page.Table([$"Voor {facts.Recipient}", "Voor de verwerker"], [[Html.Blank("naam, functie, datum en handtekening"), Html.Blank("naam, functie, datum en handtekening")]]);
        return page;
    }

    private static IEnumerable<Part> Parts(KitFacts facts)
    {
        var retention = facts.Need<Clause.Retention>();
        Html hubErases = $"Binnen {KitWords.Hours(retention.HubHours)} na het einde van een uitwisseling.{KitFacts.Mark(retention)}";
        var comparesTokens = facts.Protocol.Flow is Flow.Match or Flow.Unknown;
        yield return new("Het knooppunt", "naam en ondernemingsnummer van de uitbater van het knooppunt")
        {
            Does = comparesTokens
                ? (Html)"Het knooppunt vervoert aanvragen en verzegelde rijen, en vergelijkt pseudoniemen."
                : facts.Protocol.Flow == Flow.Messenger
                    ? "Het knooppunt vervoert aanvragen en verzegelde gegevens. Bij een ja met de code neemt het de buitenste verzegeling weg en geeft het de nog verzegelde gegevens door aan de ontvanger."
                    : "Het knooppunt vervoert berichten en verzegelde gegevens.",
            Data = comparesTokens
                ? (Html)"Pseudoniemen voor één aanvraag, verzegelde rijen, aantallen, tijdstippen en de namen van de organisaties. Een pseudoniem blijft een persoonsgegeven."
                : facts.Protocol.Flow == Flow.Messenger
                    ? "Verzegelde gegevens, tijdstippen en de namen van de organisaties. Van een antwoord op de brief: de code en het antwoord, zonder naam of adres."
                    : "Verzegelde gegevens, tijdstippen en de namen van de organisaties.",
            Never = "Een naam, adres of nummer lezen. Het knooppunt heeft daar geen sleutel voor.",
            Erases = hubErases,
        };
        if (facts.HasPseudonymiser)
        {
            yield return new("De pseudonimiseringsdienst", "naam en ondernemingsnummer van de uitbater van de pseudonimiseringsdienst")
            {
                Does = $"De dienst bewerkt verblinde punten met een sleutel, zodat {facts.Source} en {facts.Short} voor dezelfde persoon hetzelfde pseudoniem krijgen.",
                Data = "Verblinde punten, aantallen, tijdstippen en de namen van de organisaties.",
                Never = "Een nummer zien, of punten van twee aanvragen aan dezelfde persoon koppelen.",
                Erases = "De punten meteen na het antwoord, en elke sleutel na het kwartaal waarvoor hij diende.",
            };
        }

        yield return new("De leverancier van de software", "naam en ondernemingsnummer van de leverancier van de software")
        {
            Does = $"De leverancier levert, host of onderhoudt het lokaal knooppunt van {facts.Short}.",
            Data = $"Wie het lokaal knooppunt beheert, kan alles zien wat daar staat: {(facts.Fields.Count == 0 ? "welke inwoners een sociale toeslag krijgen" : KitWords.And(facts.Fields))}, en wie wat opende.{KitFacts.Mark(facts.Need<Clause.FieldsClause>())}",
            Never = $"De sleutels van {facts.Short} bewaren, gegevens kopiëren, of ze openen zonder dat {facts.Short} het vooraf schriftelijk vroeg.",
            Erases = retention.ContactDays > retention.Days
                ? (Html)$"Samen met {facts.Short}: ten laatste {KitWords.Days(retention.Days)} na ontvangst zonder contact en {KitWords.Days(retention.ContactDays)} met contact. Back-ups voeren de wissingen opnieuw uit.{KitFacts.Mark(retention)}"
                : $"Samen met {facts.Short}: ten laatste {KitWords.Days(retention.Days)} na ontvangst. Back-ups voeren de wissingen opnieuw uit.{KitFacts.Mark(retention)}",
            IsSupplier = true,
        };
    }

    private sealed record Part(string Title, string Blank)
    {
        public required Html Does { get; init; }

        public required Html Data { get; init; }

        public required Html Never { get; init; }

        public required Html Erases { get; init; }

        public bool IsSupplier { get; init; }
    }
}
