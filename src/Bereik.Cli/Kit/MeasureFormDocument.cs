using Bereik.Domain;

namespace Bereik.Cli.Kit;

/// <summary>The form on which a local government attests the measures of the framework (nl: attestformulier).</summary>
internal static class MeasureFormDocument
{
    private const string Box = "\u2610";

    public static HtmlPage Write(KitFacts facts)
    {
        var framework = facts.Framework;
        var page = facts.Page("Attestformulier: de maatregelen van het vertrouwenskader");
        page.P(framework.Summary.Nl);
        page.Pairs(
            ("Bestuur", KitWords.Capital(facts.Recipient)),
            ("Vertrouwenskader", $"{framework.Title.Nl}, versie {framework.Version}{KitFacts.Mark(facts.Need<Clause.Security>())}"),
            ("Hash van het vertrouwenskader", Html.Element("span", "code", framework.Hash)),
            ("Protocol", $"{facts.Protocol.Id}, versie {facts.Protocol.Version}"));
        page.List(
            "Kruis voor elke maatregel één vakje aan, en vul bewijs, datum en functie in.",
            $"Is een maatregel {Html.Element("span", "verplicht", "verplicht")}, dan moet hij voldaan zijn. Een plan volstaat dan niet.",
            "Bij ‘voldaan met plan’ zegt u wat er gebeurt, en tegen welke dag.",
            "Het bewijs is een verwijzing naar een stuk, nooit het stuk zelf. Zet er geen gegevens van cliënten in.",
            "Een attest vervalt na de termijn die erbij staat. Vernieuw het vóór die dag.");

        foreach (var theme in framework.Measures.GroupBy(measure => measure.Theme))
        {
            page.H2(KitWords.Of(theme.Key));
            page.Table(["Maatregel", "Stand", "In te vullen"], theme.Select(measure => (IEnumerable<Html>)
            [
                $"{Code(measure)} {measure.Nl} {Html.Element("div", null, $"Bewijs: {measure.Evidence.Nl} Attesteert: {KitWords.Of(measure.AttestedBy)}. Nagekeken {KitWords.And(measure.Checks.Select(KitWords.Of))}. Opnieuw na {KitWords.Months(measure.RenewalMonths)}.{Note(facts, measure)}")}",
                Html.Of([$"{Box} voldaan", $"{Box} voldaan met plan", $"{Box} niet voldaan"], "\u00a0 "),
                Html.Of([Html.Blank("bewijs"), Html.Blank("plan en dag, bij ‘voldaan met plan’"), Html.Blank("datum"), Html.Blank("functie van wie attesteert")], " "),
            ]), "klein");
        }

        page.H2("Ondertekening");
        page.P($"De algemeen directeur verklaart dat dit formulier klopt: {Html.Blank("naam, functie, datum en handtekening")}");
        return page;
    }

    /// <summary>The code of a measure, and whether orders stop without it.</summary>
    public static Html Code(Measure measure) => measure.Blocking ? $"{Html.Strong(measure.Id)} {Html.Element("span", "verplicht", "verplicht")}" : Html.Strong(measure.Id);

    // The one measure of which the protocol itself says whether it applies.
    private static string Note(KitFacts facts, Measure measure) => measure.Id != "K08" ? "" : facts.HasJointControllers
        ? " Voor dit protocol is de regeling nodig: zie de onderlinge regeling in dit pakket."
        : " Voor dit protocol is geen regeling nodig: noteer dat als bewijs.";
}
