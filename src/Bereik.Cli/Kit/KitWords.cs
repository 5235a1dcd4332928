using Bereik.Domain;

namespace Bereik.Cli.Kit;

/// <summary>The closed vocabulary of protocols and frameworks in the Dutch of a council.</summary>
internal static class KitWords
{
    public static string Of(RecordField field) => field switch
    {
        RecordField.GivenNames => "voornamen",
        RecordField.FamilyName => "familienaam",
        RecordField.Street => "straat",
        RecordField.HouseNumber => "huisnummer",
        RecordField.Box => "bus",
        RecordField.Postcode => "postcode",
        RecordField.Place => "gemeente in het adres",
        RecordField.ReferenceMonth => "referentiemaand",
        RecordField.ContactLanguage => "contacttaal",
        RecordField.Phone => "telefoonnummer",
        RecordField.Email => "e-mailadres",
        RecordField.SafeContact => "hoe contact veilig is",
        RecordField.HelpQuestion => "hulpvraag",
        RecordField.SocialStatus => "statuut (ja of nee, op een dag)",
        RecordField.Insz => "rijksregisternummer",
        RecordField.BirthDate => "geboortedatum",
        RecordField.ChildrenNames => "namen van kinderen",
        RecordField.ChildCountBand => "aantal kinderen",
        RecordField.Amounts => "bedragen",
        RecordField.Nationality => "nationaliteit",
        RecordField.CivilStatus => "burgerlijke staat",
        RecordField.CareSupplement => "zorgtoeslag",
        _ => throw new ArgumentOutOfRangeException(nameof(field)),
    };

    public static string Of(ForbiddenUse use) => use switch
    {
        ForbiddenUse.Control => "een recht of iemands gedrag controleren",
        ForbiddenUse.FraudDetection => "fraude opsporen",
        ForbiddenUse.DomicileControl => "controleren waar iemand woont",
        ForbiddenUse.Recovery => "geld terugvorderen",
        ForbiddenUse.WorkSelection => "mensen activeren of selecteren voor werk",
        ForbiddenUse.Ranking => "mensen een score geven of rangschikken",
        ForbiddenUse.StaffEvaluation => "personeel beoordelen",
        ForbiddenUse.Sale => "verkopen of aan anderen leveren",
        ForbiddenUse.AutomaticGrant => "een voordeel automatisch toekennen",
        ForbiddenUse.Outreach => "mensen opzoeken of bezoeken",
        _ => throw new ArgumentOutOfRangeException(nameof(use)),
    };

    public static string Of(Exclusion reason) => reason switch
    {
        Exclusion.SafeAddress => "wie een veilig of afgeschermd adres heeft",
        Exclusion.AddressNotCommunicable => "wie een adres heeft dat niet meegedeeld mag worden",
        Exclusion.Objection => "wie bezwaar maakte",
        Exclusion.Deceased => "wie overleden is",
        Exclusion.NotDomiciled => "wie niet in de gemeente woont",
        Exclusion.MinorBeneficiary => "wie als begunstigde minderjarig is",
        Exclusion.RecipientAddress => "wie op een adres van de ontvanger of een opvang staat",
        Exclusion.OwnStaff => "wie bij de bron of de ontvanger werkt",
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };

    public static string Many(WorkerFunction function) => function switch
    {
        WorkerFunction.SocialWorker => "maatschappelijk werkers",
        WorkerFunction.TeamLead => "teamverantwoordelijken",
        WorkerFunction.BenefitClerk => "dossierbehandelaars",
        _ => throw new ArgumentOutOfRangeException(nameof(function)),
    };

    public static string One(WorkerFunction function) => function switch
    {
        WorkerFunction.SocialWorker => "maatschappelijk werker",
        WorkerFunction.TeamLead => "teamverantwoordelijke",
        WorkerFunction.BenefitClerk => "dossierbehandelaar",
        _ => throw new ArgumentOutOfRangeException(nameof(function)),
    };

    public static string Of(ProcessingBasis basis) => basis switch
    {
        ProcessingBasis.Consent => "toestemming (artikel 6, lid 1, a), AVG)",
        ProcessingBasis.LegalObligation => "wettelijke verplichting (artikel 6, lid 1, c), AVG)",
        ProcessingBasis.PublicTask => "taak van algemeen belang (artikel 6, lid 1, e), AVG)",
        _ => throw new ArgumentOutOfRangeException(nameof(basis)),
    };

    public static string Of(ConsentRole role) => role switch
    {
        ConsentRole.LegalBasis => "De toestemming is hier de verwerkingsgrond zelf. Wie ze intrekt, maakt een einde aan de verwerking.",
        ConsentRole.Safeguard => "De toestemming is hier een extra waarborg, niet de verwerkingsgrond. Wie ze gaf, kan ze intrekken en kan ook bezwaar maken.",
        ConsentRole.Secrecy => "De instemming is hier een voorwaarde om het beroepsgeheim te delen, niet de verwerkingsgrond.",
        _ => throw new ArgumentOutOfRangeException(nameof(role)),
    };

    public static string Of(GroundState state) => state switch
    {
        GroundState.Verified => "nagekeken",
        GroundState.Unverified => "niet nagekeken",
        GroundState.InPreparation => "in voorbereiding",
        GroundState.Repealed => "opgeheven",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public static string Of(ProcessingRole role) => role switch
    {
        ProcessingRole.Controller => "verwerkingsverantwoordelijke",
        ProcessingRole.JointController => "gezamenlijke verwerkingsverantwoordelijke (artikel 26 AVG)",
        ProcessingRole.Processor => "verwerker (artikel 28 AVG)",
        _ => throw new ArgumentOutOfRangeException(nameof(role)),
    };

    public static string Of(OrganisationKind kind) => kind switch
    {
        OrganisationKind.Hub => "knooppunt",
        OrganisationKind.Pseudonymiser => "pseudonimiseringsdienst",
        OrganisationKind.Source => "bron",
        OrganisationKind.Municipality => "gemeente",
        OrganisationKind.PublicCentreForWelfare => "OCMW",
        OrganisationKind.WelfareCentre => "centrum algemeen welzijnswerk (CAW)",
        OrganisationKind.MutualitySocialService => "dienst maatschappelijk werk van een ziekenfonds (DMW)",
        OrganisationKind.Referrer => "organisatie die doorverwijst",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static string Of(SanctionTrigger trigger) => trigger switch
    {
        SanctionTrigger.MeasureLapsed => "een verplichte maatregel vervalt",
        SanctionTrigger.AuditFailed => "een audit mislukt",
        SanctionTrigger.LateErasures => "te veel gegevens te laat gewist worden",
        SanctionTrigger.UnlawfulUse => "gegevens onrechtmatig gebruikt worden",
        _ => throw new ArgumentOutOfRangeException(nameof(trigger)),
    };

    public static string Of(SecrecyCondition condition) => condition switch
    {
        SecrecyCondition.RecipientBound => "Is wie ontvangt, deze persoon in deze functie, vandaag zelf gebonden door het beroepsgeheim?",
        SecrecyCondition.SameMission => "Werken wie verwijst en wie ontvangt aan dezelfde opdracht voor dezelfde persoon?",
        SecrecyCondition.ClientInformed => "Weet de persoon vooraf welke gegevens u deelt, met wie en waarom?",
        SecrecyCondition.ClientConsents => "Stemt de persoon daar vrij mee in, zonder gevolg bij een weigering?",
        SecrecyCondition.Necessary => "Is elk gegeven nodig voor de hulp, en in het belang van de persoon?",
        _ => throw new ArgumentOutOfRangeException(nameof(condition)),
    };

    public static string Of(Attester attester) => attester switch
    {
        Attester.Council => "bevoegd orgaan",
        Attester.DirectorGeneral => "algemeen directeur",
        Attester.DataProtectionOfficer => "functionaris voor gegevensbescherming",
        Attester.SecurityOfficer => "consulent informatieveiligheid",
        Attester.TeamLead => "teamverantwoordelijke",
        _ => throw new ArgumentOutOfRangeException(nameof(attester)),
    };

    public static string Of(MeasureCheck check) => check switch
    {
        MeasureCheck.System => "door het systeem",
        MeasureCheck.Document => "op stukken",
        MeasureCheck.Visit => "ter plaatse",
        _ => throw new ArgumentOutOfRangeException(nameof(check)),
    };

    public static string Of(MeasureTheme theme) => theme switch
    {
        MeasureTheme.Governance => "Bestuur",
        MeasureTheme.People => "Mensen",
        MeasureTheme.Technique => "Techniek",
        MeasureTheme.Citizen => "De burger",
        MeasureTheme.Incidents => "Incidenten en einde",
        _ => throw new ArgumentOutOfRangeException(nameof(theme)),
    };

    public static string Days(int count) => Count(count, "dag", "dagen");

    public static string WorkingDays(int count) => Count(count, "werkdag", "werkdagen");

    public static string Months(int count) => Count(count, "maand", "maanden");

    public static string Hours(int count) => $"{count} uur";

    public static string Years(int count) => $"{count} jaar";

    public static string Times(int count) => count == 1 ? "één keer" : $"{count} keer";

    public static string Count(int count, string one, string many) => count == 1 ? $"1 {one}" : $"{count} {many}";

    /// <summary>For example "a, b en c".</summary>
    public static string And(IEnumerable<string> words) => Join([.. words], " en ");

    /// <summary>For example "a, b of c".</summary>
    public static string Or(IEnumerable<string> words) => Join([.. words], " of ");

    /// <summary>With a capital, for the beginning of a sentence.</summary>
    public static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    private static string Join(IReadOnlyList<string> words, string last) =>
        words.Count < 2 ? string.Concat(words) : $"{string.Join(", ", words.SkipLast(1))}{last}{words[^1]}";
}
