using Bereik.Domain;

namespace Bereik.Cli.Kit;

/// <summary>What citizens read (nl: privacyverklaring), in short sentences.</summary>
internal static class PrivacyNoticeDocument
{
    public static HtmlPage Write(KitFacts facts)
    {
        var (protocol, prose) = (facts.Protocol, FlowProse.Of(facts));
        var fields = facts.Need<Clause.FieldsClause>();
        var retention = facts.Need<Clause.Retention>();
        var objections = facts.Need<Clause.Objections>();
        var rights = facts.Need<Clause.Rights>();
        var page = facts.Page("Wat doen wij met uw gegevens?");
        page.P(prose.Intro);
        if (facts.HasJointControllers) page.P("In het geïntegreerd breed onthaal werken het OCMW, het centrum algemeen welzijnswerk (CAW) en de dienst maatschappelijk werk van een ziekenfonds samen. Wij zijn samen verantwoordelijk voor uw gegevens. U kunt met uw vragen bij elke partner terecht.");
        page.P(Html.Strong(prose.NothingToDo));

        page.H2("Welke gegevens krijgen wij?");
        if (fields.Shared.Count == 0)
        {
            page.P($"Wij weten alleen of u een sociale toeslag krijgt.{KitFacts.Mark(fields)}");
        }
        else
        {
            page.P($"{(protocol.Find<Clause.Consent>() is null ? "Wij krijgen dit:" : "Wij krijgen ten hoogste dit, en alleen als u ermee instemt:")}{KitFacts.Mark(fields)}");
            page.List(Received([.. fields.Shared.Select(field => field.Id)]));
        }

        page.P($"Van {facts.AnySource} krijgen wij nooit: {KitWords.Or(fields.Never.Select(Never))}.{KitFacts.Mark(fields)}");
        if (protocol.Find<Clause.OwnData>() is { ClosedWithinMonths: > 0 } own) page.P($"Wij gebruiken ook ons eigen bestand, om te weten wie wij al kennen. Dat zijn mensen met een dossier dat open is, of dat minder dan {KitWords.Months(own.ClosedWithinMonths)} geleden gesloten is. Niemand anders kan dat bestand lezen.{KitFacts.Mark(own)}");
        if (protocol.Flow == Flow.Match) page.P($"Wij gebruiken ook ons eigen bestand van inwoners, om te vergelijken. Niemand anders kan dat bestand lezen.{KitFacts.Mark(facts.Need<Clause.OwnData>())}");

        page.H2("Van wie krijgen wij ze?");
        page.P($"Van {facts.AnySource}. De gegevens gaan verzegeld door een knooppunt. Dat kan ze niet lezen.");

        page.H2("Waarvoor gebruiken wij ze?");
        page.P($"{prose.Use}{KitFacts.Mark(facts.Need<Clause.PurposeClause>())}");
        page.P($"Wij gebruiken ze nooit voor:{KitFacts.Mark(facts.Need<Clause.ForbiddenUses>())}");
        page.List(facts.Need<Clause.ForbiddenUses>().Uses.Select(use => (Html)KitWords.Of(use)));

        page.H2("Wie ziet ze?");
        page.P($"Alleen {KitWords.And(facts.Readers)} van {Html.Blank("naam van de dienst")}.{(facts.Need<Clause.RecipientsClause>().ProfessionalSecrecy ? " Zij hebben beroepsgeheim." : " Zij mogen er met niemand anders over praten.")}{KitFacts.Mark(facts.Need<Clause.RecipientsClause>())}");
        page.P($"{KitWords.Capital(facts.Sibling)}, de burgemeester, de schepenen en de raadsleden zien ze niet. {(facts.Need<Clause.Onward>().To.Count == 0 ? (Html)$"Wij geven uw gegevens aan niemand door.{KitFacts.Mark(facts.Need<Clause.Onward>())}" : $"Wij geven ze alleen door aan {KitWords.Or(facts.Need<Clause.Onward>().To.Select(kind => $"een {KitWords.Of(kind)}"))}, en alleen als u daar opnieuw mee instemt.{KitFacts.Mark(facts.Need<Clause.Onward>())}")}");

        page.H2("Hoe lang bewaren wij ze?");
        Html kept = (protocol.Flow, retention.ContactDays > retention.Days) switch
        {
            (Flow.Query, true) => $"Wij bewaren het antwoord ten hoogste {KitWords.Days(retention.Days)} buiten uw dossier, en ten hoogste {KitWords.Days(retention.ContactDays)} als wij er contact met u over hadden. Daarna wissen wij het.",
            (_, true) => $"Hebben wij geen contact met u, dan bewaren wij uw gegevens ten hoogste {KitWords.Days(retention.Days)}. Hebben wij wel contact, dan ten hoogste {KitWords.Days(retention.ContactDays)}. Daarna wissen wij ze.",
            _ => $"Ten hoogste {KitWords.Days(retention.Days)}. Daarna wissen wij ze.",
        };
        page.P($"{kept}{KitFacts.Mark(retention)}");
        if (facts.IsWelfareCentre) page.P(protocol.Flow == Flow.Query ? "Wat nodig is voor uw recht, staat in uw dossier. Daarvoor gelden andere termijnen." : "Vraagt u ons om hulp? Dan maken wij een dossier. Daarvoor gelden andere termijnen.");

        page.H2("Hoe komt u dit te weten?");
        if (facts.Need<Clause.Notice>() is { By: NoticeBy.Source, DaysBefore: > 0 } notice) page.P($"{KitWords.Capital(facts.Source)} kondigt dit {KitWords.Days(notice.DaysBefore)} vooraf aan. In die tijd kunt u al bezwaar maken.{KitFacts.Mark(notice)}");
        page.P($"{prose.Told}{KitFacts.Mark(facts.Need<Clause.InformBy>())}");

        page.H2("Welke rechten hebt u?");
        page.List(rights.Articles.SelectMany(article => Right(article)).Concat(protocol.Find<Clause.Consent>() is null ? [] : ["U mag van gedacht veranderen. U hoeft geen reden te geven. Wij stoppen dan."]));
        page.P($"Maakt u bezwaar{(protocol.Find<Clause.Consent>() is null ? "" : " of verandert u van gedacht")}? Dan stoppen wij binnen {KitWords.WorkingDays(objections.StopWorkingDays)}. Binnen {KitWords.WorkingDays(objections.CertificateWorkingDays)} krijgt u een bewijs dat uw gegevens gewist zijn.{KitFacts.Mark(objections)}");

        page.H2("Hoe gebruikt u uw rechten?");
        page.P($"Bel, schrijf of kom langs. Dat is gratis. U krijgt antwoord binnen {KitWords.Days(rights.AnswerDays)}.{KitFacts.Mark(rights)}");
        page.List(
            $"Telefoon: {Html.Blank("telefoonnummer en uren")}",
            $"E-mail: {Html.Blank("e-mailadres van de dienst")}",
            $"Loket: {Html.Blank("adres en openingsuren van het loket")}");
        page.P("Iemand mag u helpen of voor u spreken. Hebt u een tolk nodig? Vraag het ons.");

        page.H2("Bent u niet tevreden?");
        page.P($"Schrijf eerst naar onze functionaris voor gegevensbescherming: {Html.Blank("e-mailadres van de functionaris")}. Die ziet erop toe dat wij goed omgaan met uw gegevens.");
        page.P("U kunt ook een klacht indienen bij de Vlaamse Toezichtcommissie (www.vlaanderen.be/vlaamse-toezichtcommissie) of bij de Gegevensbeschermingsautoriteit (www.gegevensbeschermingsautoriteit.be). Dat is gratis.");

        page.H2("Op welke regels steunt dit?");
        page.P($"{KitWords.Capital(facts.Recipient)} is verantwoordelijk voor wat {facts.It} met uw gegevens doet. De AVG is de Europese regel over privacy. Daarin is dit de grond: {KitWords.Of(facts.Need<Clause.RecipientGround>().Basis)}.{KitFacts.Mark(facts.Need<Clause.RecipientGround>())} Dit zijn de regels:");
        page.List(facts.Need<Clause.RecipientGround>().References.Select(reference => (Html)$"{reference.Act} ({KitWords.Of(reference.State)})"));
        page.P($"Alle afspraken staan in een protocol dat iedereen kan lezen op onze website: {protocol.Id}, versie {protocol.Version}, {Html.Blank("webadres van het protocol")}.");
        return page;
    }

    // Several data are one thing to a reader: a name, an address.
    private static IEnumerable<Html> Received(IReadOnlyCollection<RecordField> fields)
    {
        RecordField[] name = [RecordField.GivenNames, RecordField.FamilyName];
        RecordField[] address = [RecordField.Street, RecordField.HouseNumber, RecordField.Box, RecordField.Postcode, RecordField.Place];
        if (fields.Intersect(name).Any()) yield return $"Uw {KitWords.And(fields.Intersect(name).Select(KitWords.Of))}: zo kunnen wij u aanspreken.";
        if (fields.Contains(RecordField.Street)) yield return "Uw adres: zo kunnen wij u schrijven of bij u langsgaan.";
        foreach (var field in fields.Except(name).Where(field => !address.Contains(field) || !fields.Contains(RecordField.Street)))
        {
            yield return field switch
            {
                RecordField.ReferenceMonth => "De maand waarover het gaat.",
                RecordField.Place => "Uw gemeente.",
                RecordField.Phone => "Uw telefoonnummer: zo kunnen wij u bellen zoals afgesproken.",
                RecordField.SafeContact => "Hoe contact veilig is: zo brengen wij niemand in gevaar.",
                RecordField.HelpQuestion => "Waarbij u hulp wilt.",
                RecordField.SocialStatus => "Of u een statuut hebt: ja of nee, op een dag.",
                _ => $"Uw {KitWords.Of(field)}.",
            };
        }
    }

    private static string Never(RecordField field) => field switch
    {
        RecordField.ChildrenNames => "de namen van uw kinderen",
        RecordField.ChildCountBand => "het aantal kinderen",
        RecordField.Amounts => "bedragen",
        RecordField.CareSupplement => "gegevens over een zorgtoeslag",
        _ => $"uw {KitWords.Of(field)}",
    };

    private static IEnumerable<Html> Right(int article) => article switch
    {
        14 => ["U mag weten welke gegevens wij over u kregen, en van wie."],
        15 => ["U mag uw gegevens inkijken."],
        16 => ["U mag fouten laten verbeteren."],
        17 => ["U mag vragen om uw gegevens te wissen."],
        18 => ["U mag vragen om even niets met uw gegevens te doen."],
        20 => ["U mag uw gegevens meenemen in een bestand."],
        21 => ["U mag bezwaar maken. Dan gebruiken wij uw gegevens niet meer."],
        22 => ["U mag vragen dat een mens meekijkt als een computer over u beslist."],
        _ => [],
    };
}
