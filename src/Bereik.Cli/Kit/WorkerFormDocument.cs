using Bereik.Domain;

namespace Bereik.Cli.Kit;

/// <summary>The attestation of one worker (nl: attest van een medewerker).</summary>
internal static class WorkerFormDocument
{
    private const string Box = "\u2610";

    public static HtmlPage Write(KitFacts facts)
    {
        var recipients = facts.Need<Clause.RecipientsClause>();
        var page = facts.Page("Attest van een medewerker");
        page.P($"Maak één formulier voor elke medewerker die iets wil openen. Het formulier blijft bij {facts.Short} en gaat naar niemand anders.");

        page.H2("1. De medewerker");
        page.Pairs(
            ("Naam", Html.Blank("naam van de medewerker")),
            ("Dienst", Html.Blank("naam van de dienst")),
            ("Functie", $"{Html.Of(recipients.Functions.Select(function => (Html)$"{Box} {KitWords.One(function)}"), "\u00a0 ")}{KitFacts.Mark(recipients)}"),
            ("Begin", Html.Blank("begindatum")),
            ("Einde", $"{Html.Blank("einddatum")} Ten hoogste {KitWords.Months(recipients.AttestationMonths)} na het begin.{KitFacts.Mark(recipients)}"));
        page.P("Wie een andere functie heeft, kan voor dit protocol niet geattesteerd worden.");

        page.H2("2. Waardoor de medewerker gebonden is");
        page.Table(["Aankruisen", "Wat het is", "Volstaat het voor dit protocol?"],
        [
            [$"{Box} beroepsgeheim", "Het geheim van wie een vertrouwensberoep uitoefent (artikel 458 van het Strafwetboek, of het artikel dat het vervangt).", $"Ja.{KitFacts.Mark(recipients)}"],
            [$"{Box} ambtsgeheim", "Het geheim van wie voor een overheid werkt.", Enough()],
            [$"{Box} discretieplicht", "De plicht om discreet te zijn over wat men op het werk verneemt.", Enough()],
        ]);
        page.P($"Grondslag in de functie van de medewerker: {Html.Blank("functiebeschrijving of bepaling waaruit dit blijkt")}");

        page.H2("3. De medewerker verklaart");
        page.List(
            "Ik las de werkinstructie en houd mij eraan.",
            "Ik open alleen wat ik voor mijn opdracht nodig heb, en gebruik het nergens anders voor.",
            "Ken ik iemand als familie, buur of collega, dan meld ik dat en geef ik het aan een collega.",
            "Ik zwijg over wat ik lees, ook als ik deze functie niet meer heb.");
        page.P($"Handtekening van de medewerker: {Html.Blank("datum en handtekening van de medewerker")}");

        page.H2("4. Twee personen attesteren");
        page.P("Twee verschillende personen tekenen. Niemand attesteert zichzelf: ook de teamverantwoordelijke niet.");
        page.Table(["Eerste persoon", "Tweede persoon"],
        [
            [Html.Blank("naam en functie van de eerste persoon"), Html.Blank("naam en functie van de tweede persoon")],
            [Html.Blank("datum en handtekening van de eerste persoon"), Html.Blank("datum en handtekening van de tweede persoon")],
        ]);

        page.H2("5. Einde");
        page.P($"Wie vertrekt of van functie verandert, verliest dezelfde dag de toegang. Toegang gestopt op: {Html.Blank("datum waarop de toegang stopte")}");
        return page;

        Html Enough() => recipients.ProfessionalSecrecy ? (Html)$"Nee.{KitFacts.Mark(recipients)}" : $"Ja.{KitFacts.Mark(recipients)}";
    }
}
