using Bereik.Domain;

namespace Bereik.Cli.Kit;

/// <summary>A risk for the people whom the data are about (nl: risico).</summary>
internal sealed record KitRisk(string What, Html How, Html Measures, params string[] Codes);

/// <summary>The risks that follow from a flow, and what a protocol and the framework set against each.</summary>
internal static class KitRisks
{
    public static IReadOnlyList<KitRisk> Of(KitFacts facts)
    {
        KitRisk[] risks = [.. OfTheFlow(facts), .. OfEveryFlow(facts)];
        // A framework file may have other measures: a code that it lacks would lead nowhere.
        var known = facts.Framework.Measures.Select(measure => measure.Id).ToHashSet(StringComparer.Ordinal);
        return [.. risks.Select(risk => risk with { Codes = [.. risk.Codes.Where(known.Contains)] })];
    }

    private static IEnumerable<KitRisk> OfTheFlow(KitFacts facts) => facts.Protocol.Flow switch
    {
        Flow.Unknown => OfUnknown(facts),
        Flow.Match => OfMatch(facts),
        Flow.Messenger => OfMessenger(facts),
        Flow.Referral => OfReferral(facts),
        _ => OfQuery(facts),
    };

    private static IEnumerable<KitRisk> OfUnknown(KitFacts facts)
    {
        var own = facts.Need<Clause.OwnData>();
        yield return new(
            "Het bestuur krijgt meer namen dan het mag.",
            $"Wie een te korte lijst van gekende personen instuurt, bewust of door een fout, krijgt ook gezinnen die {facts.Short} al kent.",
            $"De aanvraag noemt het aantal, ondertekend. Een lijst met minder dan {own.Floor} personen, of die meer dan {own.ShrinkPercent} % gekrompen is, wacht tot de bron ze nakijkt.{KitFacts.Mark(own)} Een leugen binnen die grenzen wordt niet ontdekt: het protocol moet daarom evenredig zijn voor de hele lijst.",
            "K10", "K28");
        yield return new(
            $"Iemand komt te weten wie cliënt is van {facts.Short}.",
            "Dat iemand cliënt is, valt zelf onder het beroepsgeheim.",
            $"De vergelijking gebeurt met pseudoniemen. Die blijven persoonsgegevens. De bron krijgt ze niet, en verneemt alleen hoeveel personen gekend zijn. Het knooppunt wist ze binnen {KitWords.Hours(facts.Need<Clause.Retention>().HubHours)}.{KitFacts.Mark(facts.Need<Clause.Retention>())}",
            "K18");
        yield return Colluding(facts);
        if (facts.Protocol.Find<Clause.Waves>() is { } waves)
        {
            yield return new(
                "Mensen staan op een lijst waar niemand iets mee doet.",
                "Een team vraagt meer gezinnen dan het kan bezoeken.",
                $"Een golf telt ten hoogste {waves.Most} gezinnen.{KitFacts.Mark(waves)} Wie niet binnen {KitWords.Days(facts.Protocol.InformByDays)} geïnformeerd is, wordt gewist.{KitFacts.Mark(facts.Need<Clause.InformBy>())}",
                "K28", "K29");
        }

        yield return Contact(facts);
    }

    private static IEnumerable<KitRisk> OfMatch(KitFacts facts)
    {
        yield return new(
            "Het bestuur vergelijkt wie er niet woont.",
            $"{facts.Begin} stuurt ook nummers in van mensen die geen inwoner zijn, bewust of door een fout.",
            $"{KitFacts.Say(facts.Need<Clause.Territory>())} De bron mag nagaan of het protocol gevolgd wordt. Een vergissing binnen de eigen lijst wordt niet vanzelf ontdekt.",
            "K10", "K21");
        yield return Colluding(facts);
        yield return new(
            "Iemand krijgt het voordeel ten onrechte niet, of ten onrechte wel.",
            "Het register van de bron kan achterlopen, of een nummer kan fout zijn.",
            "Wie niet op de lijst staat, kan het voordeel nog altijd zelf vragen, als het reglement dat toelaat. Een toekenning wordt verbeterd als ze niet klopt.",
            "K26");
        yield return new(
            "Anderen komen te weten dat een gezin een sociale toeslag krijgt.",
            "De naam van het voordeel, de envelop of de mededeling bij een betaling verraadt het.",
            "De envelop en de mededeling zeggen niets over de toeslag. Alleen wie het voordeel toekent, opent de lijst.",
            "K12", "K23", "K25");
        if (!facts.Need<Clause.Exclusions>().Reasons.Contains(Exclusion.SafeAddress))
        {
            yield return new(
                "Iemand met een veilig adres wordt zichtbaar.",
                $"Ook wie een veilig of afgeschermd adres heeft, wordt vergeleken. {facts.Begin} krijgt geen adres, maar schrijft de inwoner daarna wel aan.",
                $"{facts.Begin} schrijft aan volgens de afscherming in het eigen register. De functionaris beslist of deze personen vergeleken mogen worden.",
                "K16");
        }
    }

    private static IEnumerable<KitRisk> OfMessenger(KitFacts facts)
    {
        yield return new(
            "Iemand anders zegt ja.",
            "Wie de brief opent, heeft de code: een partner, een huisgenoot, een buur. De code bewijst niet wie antwoordt.",
            "Een ja geeft alleen recht op een eerste contact. De maatschappelijk werker gaat eerst na of de persoon zelf ja zei. Is dat niet zo, dan worden de gegevens gewist.",
            "K13", "K16");
        yield return new(
            "Niet antwoorden wordt tegen iemand gebruikt.",
            $"Uit wie niet antwoordt, zou {facts.Short} iets kunnen afleiden.",
            $"Zwijgen en weigeren zien er voor {facts.Short} hetzelfde uit. {facts.Begin} weet niet wie een brief kreeg.",
            "K27");
        yield return new(
            "Een drukker of postdienst heeft codes en adressen samen.",
            "Met de code en het adres kan iemand in naam van een ander antwoorden.",
            "De bron sluit een overeenkomst met wie de brieven drukt en verstuurt, en laat het bestand daarna wissen.",
            "K07");
        yield return Contact(facts);
    }

    private static IEnumerable<KitRisk> OfReferral(KitFacts facts)
    {
        var consent = facts.Need<Clause.Consent>();
        yield return new(
            "De persoon stemt niet vrij in.",
            "Wie hulp nodig heeft, durft misschien geen nee te zeggen tegen een hulpverlener.",
            $"{consent.Nl}{KitFacts.Mark(consent)} Bij het eerste contact wordt nagegaan of de persoon nog altijd akkoord gaat.",
            "K13", "K27");
        yield return new(
            "Er gaat meer over dan nodig is.",
            "De verwijzer vinkt alles aan, of zet een verslag in de hulpvraag.",
            $"Niets is vooraf aangevinkt. {KitFacts.Say(facts.Need<Clause.FieldsClause>())}",
            "K13");
        if (facts.SharesSecrecy)
        {
            yield return new(
                "Het beroepsgeheim wordt gedeeld zonder dat het mag.",
                "Een van de vijf voorwaarden ontbreekt, of een instemming moet de andere vervangen.",
                $"{KitFacts.Say(facts.Need<Clause.SharedSecrecy>())} Wie twijfelt, deelt niet. Wie het beroepsgeheim heeft, mag altijd zwijgen.",
                "K11", "K13");
        }

        if (facts.HasJointControllers)
        {
            yield return new(
                "Niemand voelt zich verantwoordelijk.",
                "Mensen worden van de ene partner naar de andere gestuurd met een vraag over hun gegevens.",
                "De onderlinge regeling zegt wie wat doet. Mensen kunnen bij elke partner terecht.",
                "K08", "K26");
        }

        yield return Contact(facts);
    }

    private static IEnumerable<KitRisk> OfQuery(KitFacts facts)
    {
        yield return new(
            "Een medewerker vraagt iets over iemand zonder dossier.",
            "Uit nieuwsgierigheid, of omdat het kan.",
            $"{KitFacts.Say(facts.Need<Clause.Selection>())} Elke vraag staat in het logboek, en een steekproef wordt nagekeken.",
            "K16", "K21");
        yield return new(
            "Een recht wordt geweigerd door een fout antwoord.",
            "Een register kan achterlopen. Een ‘nee’ is geen bewijs dat er geen recht is.",
            "De maatschappelijk werker bespreekt het antwoord met de persoon voor er iets beslist wordt.",
            "K26");
        yield return new(
            "Het rijksregisternummer komt bij anderen terecht.",
            "Het nummer gaat mee in de vraag.",
            "De vraag is verzegeld, en het knooppunt kan ze niet lezen. Het nummer staat nooit in het antwoord.",
            "K18");
    }

    private static IEnumerable<KitRisk> OfEveryFlow(KitFacts facts)
    {
        var recipients = facts.Need<Clause.RecipientsClause>();
        var retention = facts.Need<Clause.Retention>();
        yield return new(
            "De gegevens worden voor iets anders gebruikt.",
            "Bijvoorbeeld voor controle, fraude of terugvordering.",
            KitFacts.Say(facts.Need<Clause.ForbiddenUses>()),
            "K15", "K21");
        yield return recipients.ProfessionalSecrecy
            ? new(
                "Iemand zonder beroepsgeheim leest mee.",
                "Een ambtsgeheim of een discretieplicht volstaat niet.",
                $"{KitFacts.Say(recipients)} Een attest geldt ten hoogste {KitWords.Months(recipients.AttestationMonths)}.",
                "K11", "K12", "K14")
            : new(
                "Een medewerker praat erover met anderen.",
                "Wie de lijst opent, is niet altijd gebonden door het beroepsgeheim.",
                $"{KitFacts.Say(recipients)} Een attest geldt ten hoogste {KitWords.Months(recipients.AttestationMonths)}.",
                "K11", "K12", "K14");
        yield return new(
            $"Een medewerker kent {FlowProse.Of(facts).Person}.",
            "Als familie, buur of collega.",
            $"Wie {FlowProse.Of(facts).Person} kent, meldt dat en laat een collega het doen.",
            "K16");
        yield return new(
            $"{KitWords.Capital(facts.Sibling)} of een mandataris krijgt inzage.",
            "Gemeente en OCMW delen vaak personeel, gebouwen en software.",
            "Alleen de genoemde dienst heeft toegang.",
            "K05", "K06", "K24");
        if (facts.Protocol.Flow != Flow.Match)
        {
            var exclusions = facts.Need<Clause.Exclusions>();
            yield return new(
                "Een veilig of afgeschermd adres komt uit.",
                facts.Protocol.Flow == Flow.Query ? "Een vraag of een antwoord verraadt waar iemand leeft." : "Wie iemand zoekt, vindt dan een adres.",
                KitFacts.Say(exclusions),
                "K11", "K21");
        }

        yield return new(
            "Mensen weten niet dat hun gegevens gebruikt worden.",
            "Zij vernemen het pas als het te laat is om bezwaar te maken.",
            $"{KitFacts.Say(facts.Need<Clause.InformBy>())} {KitFacts.Say(facts.Need<Clause.Objections>())}",
            "K25", "K26", "K30");
        yield return new(
            "Mensen durven geen hulp meer te vragen.",
            "Zij denken dat weigeren gevolgen heeft.",
            "Hulp hangt hier nooit van af. Een weigering staat nooit in een hulpdossier.",
            "K27");
        yield return new(
            "De gegevens blijven te lang staan.",
            "In een export, op papier of in een back-up.",
            KitFacts.Say(retention),
            "K19", "K22", "K23", "K32", "K33");
        yield return new(
            "Gegevens lekken, raken verloren of zijn onbereikbaar.",
            "Door een inbraak, een gestolen toestel of een fout.",
            $"De gegevens zijn verzegeld onderweg en versleuteld bij {facts.Short}. {KitFacts.Say(facts.Need<Clause.Incidents>())}",
            "K09", "K17", "K18", "K19", "K20", "K31");
        yield return new(
            "De mensen bij wie niemand komt, blijven buiten beeld.",
            "Wie niet in het register van de bron staat, wordt zo niet bereikt.",
            $"Deze uitwisseling vervangt geen andere hulp. {facts.Begin} blijft ook op andere wegen zoeken naar wie hulp nodig heeft.",
            "K29");
    }

    private static KitRisk Colluding(KitFacts facts) => new(
        "Twee partijen leggen hun gegevens samen.",
        "Het knooppunt en de bron samen kunnen zien welke personen overeenkomen. Het knooppunt en de pseudonimiseringsdienst samen met een van beide kanten kunnen nummers uitproberen.",
        $"{KitFacts.Say(facts.Need<Clause.Roles>())} De sleutels veranderen elk kwartaal.",
        "K07", "K18");

    private static KitRisk Contact(KitFacts facts) => new(
        "Een brief, een telefoontje of een bezoek brengt iemand in gevaar.",
        "Iemand in huis mag niet weten dat er contact is.",
        facts.Need<Clause.FieldsClause>().Shared.Any(field => field.Id == RecordField.SafeContact)
            ? (Html)"De persoon zegt vooraf hoe contact veilig is. Bij elk teken van gevaar stopt het contact, en beslist de teamverantwoordelijke."
            : "De envelop vermeldt geen hulp en geen toeslag. Bij elk teken van gevaar stopt het contact, en beslist de teamverantwoordelijke.",
        "K13", "K29", "K30");
}
