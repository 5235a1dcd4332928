using Bereik.Domain;

namespace Bereik.Cli.Kit;

/// <summary>What a worker must know, on one page (nl: werkinstructie).</summary>
internal static class WorkInstructionDocument
{
    public static HtmlPage Write(KitFacts facts)
    {
        var (protocol, prose) = (facts.Protocol, FlowProse.Of(facts));
        var (inform, retention, objections) = (facts.Need<Clause.InformBy>(), facts.Need<Clause.Retention>(), facts.Need<Clause.Objections>());
        var page = facts.Page("Werkinstructie", isShort: true);
        page.Table(["Wie opent", "Waarvoor", "Nooit voor"],
        [
            [
                $"Alleen {KitWords.And(facts.Readers)} van {Html.Blank("naam van de dienst")}, met een attest van minder dan {KitWords.Months(facts.Need<Clause.RecipientsClause>().AttestationMonths)} oud.{(facts.Need<Clause.RecipientsClause>().ProfessionalSecrecy ? " U bent gebonden door het beroepsgeheim." : "")}{KitFacts.Mark(facts.Need<Clause.RecipientsClause>())}",
                KitFacts.Say(facts.Need<Clause.PurposeClause>()),
                $"{string.Join("; ", facts.Need<Clause.ForbiddenUses>().Uses.Select(KitWords.Of))}.{KitFacts.Mark(facts.Need<Clause.ForbiddenUses>())}",
            ],
        ]);

        page.H2("Zo werkt u");
        page.Steps(prose.Work);
        if (protocol.Find<Clause.SharedSecrecy>() is { } secrecy)
        {
            page.P($"Verwijst u zelf iemand door? Antwoord dan eerst vijf keer ja. Bij één nee of twijfel deelt u niets.{KitFacts.Mark(secrecy)}");
            page.Steps(secrecy.Conditions.Select(condition => (Html)KitWords.Of(condition)));
        }

        page.H2("Termijnen, vanaf de dag van ontvangst");
        List<Html> terms = [$"{Html.Strong($"Dag {inform.Days}:")} {prose.Person} is ten laatste dan geïnformeerd. Lukte dat niet, wis dan {prose.WhatOfOne}.{KitFacts.Mark(inform)}"];
        if (protocol.Find<Clause.Attempts>() is { } attempts)
        {
            terms.Add($"{Html.Strong("Contact:")} ten hoogste {KitWords.Count(attempts.Most, "poging", "pogingen")} in {KitWords.Days(attempts.WithinDays)}, langs minstens {KitWords.Count(attempts.Channels, "weg", "wegen")} (brief, telefoon, bezoek).{KitFacts.Mark(attempts)}");
        }

        if (retention.ContactDays > retention.Days)
        {
            terms.Add($"{Html.Strong($"Dag {retention.Days}:")} wis ten laatste dan {prose.WhatOfOne}, als er geen contact was.{KitFacts.Mark(retention)}");
            terms.Add($"{Html.Strong($"Dag {retention.ContactDays}:")} wis ten laatste dan {prose.WhatOfOne}, ook na contact.{KitFacts.Mark(retention)}");
        }
        else
        {
            terms.Add($"{Html.Strong($"Dag {retention.Days}:")} wis ten laatste dan {prose.What}.{KitFacts.Mark(retention)}");
        }

        page.List(terms);

        page.H2("Als iemand vraagt waarom");
        page.P(prose.Answer);

        page.H2(prose.SeeksContact ? "Als iemand nee zegt, bezwaar maakt of van gedacht verandert" : "Als iemand bezwaar maakt");
        page.P($"Stop meteen, en ten laatste binnen {KitWords.WorkingDays(objections.StopWorkingDays)}. Vraag geen reden. De persoon krijgt binnen {KitWords.WorkingDays(objections.CertificateWorkingDays)} een wissingsattest.{KitFacts.Mark(objections)} Een weigering staat nooit in een hulpdossier en is nooit een reden om hulp te weigeren.");

        page.H2("Altijd");
        page.List(
        [
            "Maak geen kopie, foto, export of eigen lijst. Laat geen papier liggen.",
            "Kent u de persoon als familie, buur of collega? Open niets, meld het en geef het aan een collega.",
            KitFacts.Say(facts.Need<Clause.Onward>()),
            .. prose.SeeksContact ? [(Html)"Ziet u een teken van gevaar of geweld? Stop het contact en spreek met uw teamverantwoordelijke."] : Array.Empty<Html>(),
            $"Ging er iets mis? Meld het meteen aan {Html.Blank("meldpunt voor incidenten")}. {facts.Begin} moet het binnen {KitWords.Hours(facts.Need<Clause.Incidents>().TellWithinHours)} doorgeven.{KitFacts.Mark(facts.Need<Clause.Incidents>())}",
            $"Twijfelt u? Doe niets en vraag het aan {Html.Blank("functie van de teamverantwoordelijke")} of aan de functionaris voor gegevensbescherming.",
        ]);
        return page;
    }
}
