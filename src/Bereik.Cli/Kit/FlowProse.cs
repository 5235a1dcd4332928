using Bereik.Domain;

namespace Bereik.Cli.Kit;

/// <summary>What must be said differently for each flow. A sentence that holds for every flow stands in its document.</summary>
internal sealed record FlowProse
{
    /// <summary>What happens, step by step.</summary>
    public required IReadOnlyList<Html> Steps { get; init; }

    /// <summary>Whose data these are.</summary>
    public required string People { get; init; }

    /// <summary>One of them, within a sentence: "het gezin".</summary>
    public required string Person { get; init; }

    /// <summary>What was received, within a sentence: "de gegevens".</summary>
    public required string What { get; init; }

    /// <summary>Whether a worker seeks contact, and may bring somebody in danger by it.</summary>
    public bool SeeksContact { get; init; } = true;

    /// <summary>The same for one of them, after "wis": "de gegevens van dat gezin".</summary>
    public required string WhatOfOne { get; init; }

    /// <summary>What the service needs to have thought of.</summary>
    public required Html Capacity { get; init; }

    /// <summary>Why nothing lighter would do.</summary>
    public required IReadOnlyList<Html> Subsidiarity { get; init; }

    /// <summary>What a worker does, in the order in which it is done.</summary>
    public required IReadOnlyList<Html> Work { get; init; }

    /// <summary>What a worker says when somebody asks why.</summary>
    public required Html Answer { get; init; }

    /// <summary>To citizens: what this is about.</summary>
    public required Html Intro { get; init; }

    /// <summary>To citizens: what it is for.</summary>
    public required string Use { get; init; }

    /// <summary>To citizens: that they need not do anything.</summary>
    public required Html NothingToDo { get; init; }

    /// <summary>To citizens: how they hear of it.</summary>
    public required Html Told { get; init; }

    public static FlowProse Of(KitFacts facts) => facts.Protocol.Flow switch
    {
        Flow.Unknown => Unknown(facts),
        Flow.Match => Match(facts),
        Flow.Messenger => Messenger(facts),
        Flow.Referral => Referral(facts),
        Flow.Query => Query(facts),
        _ => throw new InvalidOperationException($"Flow {facts.Protocol.Flow} has no prose."),
    };

    private static FlowProse Unknown(KitFacts facts) => new()
    {
        Steps =
        [
            KitFacts.Say(facts.Need<Clause.Notice>()),
            $"{facts.Begin} vraagt de lijst voor één referentiemaand. De aanvraag is ondertekend en noemt hoeveel personen {facts.Short} zelf kent.",
            $"{facts.Begin} en {facts.Source} zetten elk de rijksregisternummers van hun eigen personen om in pseudoniemen. De pseudonimiseringsdienst helpt daarbij en ziet geen enkel nummer.",
            $"Het knooppunt vergelijkt de pseudoniemen. Het kan geen naam, adres of nummer lezen.",
            $"{KitFacts.Say(facts.Need<Clause.Selection>())} {KitFacts.Say(facts.Need<Clause.Exclusions>())}",
            $"{facts.Begin} krijgt alleen de gezinnen die {facts.It} nog niet kent. {KitFacts.Say(facts.Need<Clause.OwnData>())}",
            $"Een maatschappelijk werker informeert elk gezin op de lijst en biedt hulp aan. Het gezin beslist zelf of het daarop ingaat.",
            KitFacts.Say(facts.Need<Clause.Retention>()),
        ],
        People = $"gezinnen in {facts.Municipality.Name} die een sociale toeslag krijgen en die {facts.Short} nog niet kent; en, als pseudoniem, de personen die {facts.Short} wel kent",
        Person = "het gezin",
        What = "de lijst",
        WhatOfOne = "de gegevens van dat gezin",
        Capacity = $"De dienst vraagt nooit meer gezinnen dan het team kan bezoeken: {Html.Blank("aantal gezinnen dat het team in zes weken kan bezoeken")}. {Html.Of(KitFacts.SayIfAny(facts.Protocol.Find<Clause.Waves>()), " ")}",
        Subsidiarity =
        [
            $"Een brief die {facts.Source} zelf verstuurt, is lichter: dan weet {facts.Short} alleen wie antwoordt.",
            .. KitFacts.SayIfAny(facts.Protocol.Find<Clause.WhyNoLetter>()),
            $"Waarom een brief hier niet volstaat: {Html.Blank("waarom een brief via de bron hier niet volstaat")}",
        ],
        Work =
        [
            "Open alleen de gezinnen die aan u of uw team zijn toegewezen.",
            "Ga eerst na met wie u spreekt. Zeg niets over de toeslag tegen een huisgenoot, een buur of een kind.",
            "Zeg wie u bent, van wie u de gegevens kreeg en waarom. Geef of stuur de privacyverklaring.",
            "Bied hulp aan. Het gezin kiest zelf.",
        ],
        Answer = $"‘U krijgt een sociale toeslag bij uw Groeipakket. {KitWords.Capital(facts.Source)} gaf ons daarom uw naam en adres, zodat wij u hulp kunnen aanbieden. U hoeft niets te doen. Wilt u dit niet, dan stoppen wij en wissen wij uw gegevens.’",
        Intro = $"Wij willen mensen helpen om hun rechten te krijgen. {KitWords.Capital(facts.Source)} geeft ons daarom gegevens van gezinnen met een sociale toeslag. Het gaat alleen om gezinnen die wij nog niet kennen.",
        Use = "Om u hulp aan te bieden, zodat u uw rechten krijgt. Nergens anders voor.",
        NothingToDo = "U hoeft niets te doen. U kiest zelf of u onze hulp wilt. Hulp hangt hier nooit van af.",
        Told = $"Wij laten het u weten binnen {KitWords.Days(facts.Protocol.InformByDays)} nadat wij uw gegevens kregen. Lukt dat niet, dan wissen wij uw gegevens.",
    };

    private static FlowProse Match(KitFacts facts) => new()
    {
        Steps =
        [
            KitFacts.Say(facts.Need<Clause.Notice>()),
            $"{facts.Begin} vraagt de vergelijking voor één referentiemaand en voor één genoemd voordeel. De aanvraag is ondertekend.",
            $"{KitFacts.Say(facts.Need<Clause.OwnData>())} {KitFacts.Say(facts.Need<Clause.Selection>())}",
            $"{facts.Begin} en {facts.Source} zetten elk de rijksregisternummers van hun eigen personen om in pseudoniemen. De pseudonimiseringsdienst helpt daarbij en ziet geen enkel nummer. {KitFacts.Say(facts.Need<Clause.Exclusions>())}",
            $"Het knooppunt vergelijkt de pseudoniemen. Het kan geen naam, adres of nummer lezen.",
            KitFacts.Say(facts.Need<Clause.FieldsClause>()),
            $"{facts.Begin} kent het voordeel toe zonder aanvraag en informeert wie op de lijst staat.",
            KitFacts.Say(facts.Need<Clause.Retention>()),
        ],
        People = $"inwoners van {facts.Municipality.Name} die {facts.Short} vergelijkt, en gezinnen die een sociale toeslag krijgen",
        Person = "de inwoner",
        SeeksContact = false,
        What = "de lijst",
        WhatOfOne = "de regel van die inwoner",
        Capacity = "De dienst kent het voordeel toe en informeert wie op de lijst staat. De dienst bezoekt niemand op grond van de lijst.",
        Subsidiarity =
        [
            $"{facts.Begin} krijgt geen naam, adres of bedrag van {facts.Source}. {facts.Begin} komt alleen te weten welke van {facts.Its} eigen inwoners de sociale toeslag krijgen.",
            "Een brief of een oproep aan iedereen is lichter, maar vraagt van elk gezin opnieuw een aanvraag. Wie de weg niet kent, krijgt dan niets.",
            $"Waarom het voordeel zonder aanvraag moet worden toegekend: {Html.Blank("waarom een aanvraag door de inwoner zelf niet volstaat")}",
        ],
        Work =
        [
            "Open de lijst alleen om het genoemde voordeel toe te kennen.",
            "Ken het voordeel toe volgens het reglement, en aan iedereen op de lijst die eraan voldoet.",
            "Laat elke inwoner op de lijst weten wat u kreeg, van wie en waarom. Zet op de envelop en op de mededeling bij de betaling niets over de sociale toeslag.",
            "Zoek of bezoek niemand met de lijst.",
        ],
        Answer = $"‘U krijgt dit voordeel zonder aanvraag, omdat uw gezin een sociale toeslag krijgt bij het Groeipakket. Wij vergeleken daarvoor onze inwoners met het register van {facts.Source}. Wij kennen geen bedrag en kregen geen ander gegeven. U hoeft niets te doen.’",
        Intro = $"Wij kennen een voordeel toe zonder dat u het moet aanvragen: {Html.Blank("naam van het voordeel")}. Daarom vergelijken wij onze inwoners met het register van {facts.Source}. Zo weten wij welke inwoners een sociale toeslag krijgen.",
        Use = "Om u het voordeel toe te kennen. Nergens anders voor.",
        NothingToDo = "U hoeft niets te doen. Andere hulp hangt hier nooit van af. Maakt u bezwaar? Vraag ons dan hoe u het voordeel zelf kunt aanvragen.",
        Told = $"Staat u op de lijst? Dan laten wij het u weten binnen {KitWords.Days(facts.Protocol.InformByDays)}.",
    };

    private static FlowProse Messenger(KitFacts facts) => new()
    {
        Steps =
        [
            $"{facts.Begin} vraagt {facts.Source} om gezinnen in {facts.Municipality.Name} aan te schrijven. {facts.Begin} weet niet wie een brief krijgt.",
            $"{KitFacts.Say(facts.Need<Clause.Selection>())} {KitFacts.Say(facts.Need<Clause.Exclusions>())}",
            $"De brief zegt wat er overgaat, aan wie en waarom, en bevat een code om te antwoorden. {KitFacts.Say(facts.Need<Clause.Notice>())}",
            KitFacts.Say(facts.Need<Clause.Consent>()),
            $"{facts.Source} maakt de gegevens vooraf klaar, dubbel verzegeld. Pas na een ja met de code gaat de buitenste verzegeling eraf, en gaan ze naar het OCMW. Het knooppunt vervoert ze en kan ze niet lezen.",
            "Een maatschappelijk werker neemt contact op en gaat eerst na of de persoon zelf ja zei. Is dat niet zo, dan worden de gegevens gewist.",
            KitFacts.Say(facts.Need<Clause.Retention>()),
        ],
        People = $"gezinnen in {facts.Municipality.Name} die een sociale toeslag krijgen en die ja zeiden op een brief van {facts.Source}",
        Person = "de persoon",
        What = "de gegevens",
        WhatOfOne = "de gegevens van die persoon",
        Capacity = $"De dienst vraagt nooit meer brieven dan het team aankan: {Html.Blank("aantal gezinnen dat het team in zes weken kan bezoeken")}. {Html.Of(KitFacts.SayIfAny(facts.Protocol.Find<Clause.Waves>()), " ")}",
        Subsidiarity =
        [
            $"Dit is de lichtste weg. {KitWords.Capital(facts.Source)} schrijft zelf, en {facts.Short} krijgt alleen gegevens van wie ja zegt.",
            $"Zwijgen en weigeren zien er voor {facts.Short} hetzelfde uit.",
        ],
        Work =
        [
            "Ga eerst na met wie u spreekt, en of die persoon zelf ja zei. Wie de brief in handen had, kon ook antwoorden.",
            "Zegt de persoon dat het antwoord niet van hem of haar komt? Stop dan en wis de gegevens.",
            "Zeg wie u bent, van wie u de gegevens kreeg en waarom. Geef of stuur de privacyverklaring.",
            "Bekijk samen welke rechten er zijn. De persoon kiest zelf.",
        ],
        Answer = $"‘U zei ja op een brief van {facts.Source}. Daarom kregen wij de gegevens die de brief noemt, en niets anders. Wij kijken graag samen met u na welke rechten u hebt. U mag op elk moment van gedacht veranderen.’",
        Intro = $"{KitWords.Capital(facts.Source)} stuurt een brief aan gezinnen met een sociale toeslag. Zegt u ja, dan krijgen wij de gegevens die de brief noemt, en nemen wij contact met u op. Zegt u nee of doet u niets, dan krijgen wij niets. Wij weten niet wie een brief kreeg.",
        Use = "Om contact met u op te nemen, en samen na te gaan welke rechten u hebt. Nergens anders voor.",
        NothingToDo = "U hoeft niets te doen. U kiest zelf of u antwoordt. Hulp hangt hier nooit van af.",
        Told = $"De brief van {facts.Source} zegt wat er overgaat. Bij ons eerste contact zeggen wij wat wij van u weten. Dat gebeurt binnen {KitWords.Days(facts.Protocol.InformByDays)} na uw ja.",
    };

    private static FlowProse Referral(KitFacts facts) => new()
    {
        Steps =
        [
            KitFacts.Say(facts.Need<Clause.Selection>()),
            KitFacts.Say(facts.Need<Clause.Notice>()),
            KitFacts.Say(facts.Need<Clause.Consent>()),
            .. KitFacts.SayIfAny(facts.Protocol.Find<Clause.SharedSecrecy>()),
            $"{KitFacts.Say(facts.Need<Clause.FieldsClause>())} {KitFacts.Say(facts.Need<Clause.Exclusions>())}",
            $"De gegevens gaan verzegeld naar een genoemde dienst. Het knooppunt vervoert ze en kan ze niet lezen.",
            "Een maatschappelijk werker van die dienst neemt contact op zoals de persoon het vroeg.",
            KitFacts.Say(facts.Need<Clause.Retention>()),
        ],
        People = $"personen met wie {facts.AnySource} in gesprek is en die instemmen met een doorverwijzing",
        Person = "de persoon",
        What = "de gegevens",
        WhatOfOne = "de gegevens van die persoon",
        Capacity = "De dienst neemt contact op met wie is doorverwezen.",
        Subsidiarity =
        [
            "Er gaat alleen iets over nadat de persoon het weet en ermee instemt, voor elk gegeven apart. Wie niets aanvinkt, geeft niets door.",
            "De persoon kan ook zelf contact opnemen. De doorverwijzing is er voor wie die stap moeilijk alleen zet.",
        ],
        Work =
        [
            $"Neem contact op zoals de persoon het vroeg.{(facts.Need<Clause.FieldsClause>().Shared.Any(field => field.Id == RecordField.SafeContact) ? " Kijk eerst hoe contact veilig is." : "")}",
            "Ga na met wie u spreekt, en of de persoon nog altijd akkoord gaat.",
            "Zeg wie u bent, van wie u de gegevens kreeg en waarom. Geef of stuur de privacyverklaring.",
            "Gebruik alleen wat de persoon liet doorgeven. Wilt u meer weten, vraag het de persoon zelf.",
        ],
        Answer = $"‘U sprak met {facts.AnySource} en stemde ermee in dat wij contact met u opnemen. Wij kregen alleen de gegevens die u zelf koos. U mag op elk moment van gedacht veranderen.’",
        Intro = $"U spreekt met {facts.AnySource}. Wilt u ook hulp van ons? Dan geeft {facts.Source} ons door wat u zelf kiest. Wij nemen daarna contact met u op.",
        Use = "Om contact met u op te nemen voor de hulp die u vraagt. Nergens anders voor.",
        NothingToDo = "U hoeft niets te doen en niets door te geven. U kiest zelf. Hulp hangt hier nooit van af.",
        Told = $"U hoort vooraf wat er overgaat, aan wie en waarom. Bij ons eerste contact zeggen wij wat wij van u weten. Dat gebeurt binnen {KitWords.Days(facts.Protocol.InformByDays)} nadat wij uw gegevens kregen.",
    };

    private static FlowProse Query(KitFacts facts) => new()
    {
        Steps =
        [
            KitFacts.Say(facts.Need<Clause.Selection>()),
            $"{KitFacts.Say(facts.Need<Clause.Notice>())} {KitFacts.Say(facts.Need<Clause.Exclusions>())}",
            $"Een maatschappelijk werker stelt één vraag over die persoon, voor één dag. {KitFacts.Say(facts.Need<Clause.FieldsClause>())}",
            $"{KitWords.Capital(facts.Source)} antwoordt. Het knooppunt vervoert vraag en antwoord verzegeld en kan ze niet lezen.",
            "De maatschappelijk werker gebruikt het antwoord om na te gaan of het recht bestaat, en bespreekt het met de persoon.",
            KitFacts.Say(facts.Need<Clause.Retention>()),
        ],
        People = $"personen met een open dossier bij {facts.Short}",
        Person = "de persoon",
        What = "het antwoord",
        SeeksContact = false,
        WhatOfOne = "het antwoord over die persoon",
        Capacity = "De dienst stelt een vraag alleen voor een open dossier, en alleen als het antwoord nodig is voor een recht.",
        Subsidiarity =
        [
            "Er is één vraag over één persoon, en het antwoord is ja of nee.",
            "De persoon kan ook zelf een attest bezorgen. Dat vraagt meer van wie het al moeilijk heeft, en een attest toont vaak meer dan nodig is.",
        ],
        Work =
        [
            "Stel de vraag alleen voor een persoon van wie u het open dossier behandelt, en die ingeschreven is in het repertorium.",
            "Vraag alleen wat nodig is voor het recht dat u nagaat.",
            "Bespreek het antwoord met de persoon voor u er iets op beslist. Een register kan achterlopen of fout zijn.",
            "Heeft de persoon een recht, help dan om het te krijgen.",
        ],
        Answer = $"‘U hebt een dossier bij ons. Wij vroegen bij {facts.Source} na of u een statuut hebt, om te zien of u een recht hebt. Het antwoord was ja of nee, en niets anders.’",
        Intro = $"U hebt een dossier bij ons. Om na te gaan of u een recht hebt, stellen wij een vraag aan {facts.Source}. Het antwoord is ja of nee.",
        Use = "Om na te gaan of u een recht hebt. Nergens anders voor.",
        NothingToDo = "U hoeft niets te doen. U mag bezwaar maken. Hulp hangt hier nooit van af: wij zoeken dan samen met u een andere manier om uw recht na te gaan.",
        Told = $"Wij zeggen het u bij het begin van uw dossier. Binnen {KitWords.Days(facts.Protocol.InformByDays)} hoort u wat wij vroegen.",
    };
}
