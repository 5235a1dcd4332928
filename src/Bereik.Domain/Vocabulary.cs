namespace Bereik.Domain;

/// <summary>Who has a part in a protocol (nl: deelnemer).</summary>
public enum Party
{
    /// <summary>The agency that provides (nl: verstrekkende instantie).</summary>
    Source,

    /// <summary>The organisation that receives (nl: ontvangende instantie).</summary>
    Recipient,

    /// <summary>The neutral exchange (nl: knooppunt).</summary>
    Hub,

    /// <summary>The trustee for pseudonyms (nl: pseudonimiseringsdienst).</summary>
    Pseudonymiser,

    /// <summary>Another member of the same partnership (nl: partner in het samenwerkingsverband).</summary>
    Partner,
}

/// <summary>What a party is in the sense of the GDPR (nl: rol in de verwerking).</summary>
public enum ProcessingRole
{
    /// <summary>Decides on purpose and means (nl: verwerkingsverantwoordelijke).</summary>
    Controller,

    /// <summary>Decides together with another, art. 26 (nl: gezamenlijke verwerkingsverantwoordelijke).</summary>
    JointController,

    /// <summary>Works for a controller, art. 28 (nl: verwerker).</summary>
    Processor,
}

/// <summary>What authorises a communication (nl: machtiging).</summary>
public enum AuthorisationKind
{
    /// <summary>The protocol itself, art. 8 of the e-government decree.</summary>
    Protocol,

    /// <summary>A deliberation of the information security committee, by number (nl: beraadslaging van het IVC).</summary>
    Deliberation,

    /// <summary>None is needed: no communication between instances.</summary>
    NoneNeeded,
}

/// <summary>State of a legal reference (nl: staat van een rechtsgrond). Only <see cref="Verified"/> lets a protocol come into force.</summary>
public enum GroundState
{
    /// <summary>Both data protection officers have read it, by name and date.</summary>
    Verified,

    /// <summary>Nobody has confirmed it yet.</summary>
    Unverified,

    /// <summary>It is being written.</summary>
    InPreparation,

    /// <summary>It no longer holds.</summary>
    Repealed,
}

/// <summary>Basis of a processing in art. 6(1) GDPR (nl: verwerkingsgrondslag).</summary>
public enum ProcessingBasis
{
    /// <summary>Art. 6(1)(a), consent.</summary>
    Consent,

    /// <summary>Art. 6(1)(c), a legal obligation.</summary>
    LegalObligation,

    /// <summary>Art. 6(1)(e), a task in the public interest.</summary>
    PublicTask,
}

/// <summary>What a consent does in law (nl: rol van de toestemming); it decides the person's rights.</summary>
public enum ConsentRole
{
    /// <summary>The ground itself, art. 6(1)(a): withdrawal ends the processing, no objection.</summary>
    LegalBasis,

    /// <summary>A safeguard that a decree adds to art. 6(1)(e): withdrawal as the decree says, and objection.</summary>
    Safeguard,

    /// <summary>Permission that lifts or shares professional secrecy.</summary>
    Secrecy,
}

/// <summary>What a use is never allowed to be (nl: verboden gebruik).</summary>
public enum ForbiddenUse
{
    /// <summary>Control of a benefit or of behaviour (nl: controle).</summary>
    Control,

    /// <summary>Fraud detection (nl: fraudeopsporing).</summary>
    FraudDetection,

    /// <summary>Control of domicile (nl: domiciliecontrole).</summary>
    DomicileControl,

    /// <summary>Recovery of debts (nl: terugvordering).</summary>
    Recovery,

    /// <summary>Selection for work (nl: activering en selectie voor werk).</summary>
    WorkSelection,

    /// <summary>Scoring or ranking of people (nl: scoren of rangschikken).</summary>
    Ranking,

    /// <summary>Evaluation of staff (nl: beoordeling van personeel).</summary>
    StaffEvaluation,

    /// <summary>Sale or supply to others (nl: doorverkoop).</summary>
    Sale,

    /// <summary>An automatic grant, where the list is for outreach (nl: automatische toekenning).</summary>
    AutomaticGrant,

    /// <summary>Looking up or visiting people, where the list is for a grant (nl: opzoeken of bezoeken).</summary>
    Outreach,
}

/// <summary>A datum about a household that a protocol can name (nl: gegeven).</summary>
public enum RecordField
{
    /// <summary>Given names of the beneficiaries (nl: voornamen).</summary>
    GivenNames,

    /// <summary>Family names of the beneficiaries (nl: familienaam).</summary>
    FamilyName,

    /// <summary>Street (nl: straat).</summary>
    Street,

    /// <summary>House number (nl: huisnummer).</summary>
    HouseNumber,

    /// <summary>Box (nl: bus).</summary>
    Box,

    /// <summary>Postcode.</summary>
    Postcode,

    /// <summary>Municipality in the address (nl: gemeente).</summary>
    Place,

    /// <summary>The month that the record is about (nl: referentiemaand).</summary>
    ReferenceMonth,

    /// <summary>Language of contact (nl: contacttaal).</summary>
    ContactLanguage,

    /// <summary>Telephone number (nl: telefoonnummer).</summary>
    Phone,

    /// <summary>E-mail address (nl: e-mailadres).</summary>
    Email,

    /// <summary>How contact is safe, in the person's words (nl: veilig contact).</summary>
    SafeContact,

    /// <summary>What the person asks help for (nl: hulpvraag).</summary>
    HelpQuestion,

    /// <summary>Whether a right exists on a day, yes or no (nl: statuut).</summary>
    SocialStatus,

    /// <summary>The national number (nl: INSZ).</summary>
    Insz,

    /// <summary>Birth dates (nl: geboortedatum).</summary>
    BirthDate,

    /// <summary>Names of children (nl: namen van kinderen).</summary>
    ChildrenNames,

    /// <summary>Number of children with the supplement, as a band (nl: aantal kinderen, als klasse).</summary>
    ChildCountBand,

    /// <summary>Amounts (nl: bedragen).</summary>
    Amounts,

    /// <summary>Nationality (nl: nationaliteit).</summary>
    Nationality,

    /// <summary>Civil status (nl: burgerlijke staat).</summary>
    CivilStatus,

    /// <summary>Care supplements, which are data on health (nl: zorgtoeslag).</summary>
    CareSupplement,
}

/// <summary>By which rule a source selects (nl: selectieregel).</summary>
public enum SelectionRule
{
    /// <summary>Families that receive the social supplement in the reference month (nl: sociale toeslag).</summary>
    SocialSupplement,

    /// <summary>The one person with whom the professional is in contact (nl: persoon in contact).</summary>
    PersonInContact,

    /// <summary>The one person whose file is open (nl: persoon met een open dossier).</summary>
    PersonWithOpenFile,
}

/// <summary>How far an organisation may ask (nl: grondgebied).</summary>
public enum TerritoryScope
{
    /// <summary>Its own municipality.</summary>
    OwnMunicipality,

    /// <summary>The municipalities of its partnership (nl: werkingsgebied van het samenwerkingsverband).</summary>
    Partnership,
}

/// <summary>What a worker does at the recipient (nl: functie).</summary>
public enum WorkerFunction
{
    /// <summary>Social worker (nl: maatschappelijk werker).</summary>
    SocialWorker,

    /// <summary>Head of the team (nl: teamverantwoordelijke).</summary>
    TeamLead,

    /// <summary>Clerk who grants benefits (nl: dossierbehandelaar).</summary>
    BenefitClerk,
}

/// <summary>Why a household never leaves the source (nl: uitsluiting).</summary>
public enum Exclusion
{
    /// <summary>A safe or shielded address (nl: veilig of afgeschermd adres).</summary>
    SafeAddress,

    /// <summary>The address may not be communicated (nl: niet-mededeelbaar adres).</summary>
    AddressNotCommunicable,

    /// <summary>An objection (nl: bezwaar).</summary>
    Objection,

    /// <summary>All beneficiaries have died (nl: overleden).</summary>
    Deceased,

    /// <summary>No domicile in the municipality on the day (nl: geen domicilie in de gemeente).</summary>
    NotDomiciled,

    /// <summary>Only minors are beneficiaries (nl: begunstigde minderjarig).</summary>
    MinorBeneficiary,

    /// <summary>An address of a recipient, or of a place that it runs (nl: referentieadres of opvang).</summary>
    RecipientAddress,

    /// <summary>Staff of source or recipient (nl: eigen personeel).</summary>
    OwnStaff,
}

/// <summary>Who tells the people (nl: wie informeert).</summary>
public enum NoticeBy
{
    /// <summary>The source, before it provides.</summary>
    Source,

    /// <summary>The recipient, after it received.</summary>
    Recipient,

    /// <summary>The professional who refers, in the conversation (nl: verwijzer).</summary>
    Referrer,
}

/// <summary>What suspends a protocol or an accession (nl: reden van schorsing).</summary>
public enum SanctionTrigger
{
    /// <summary>A blocking measure of the framework lapsed.</summary>
    MeasureLapsed,

    /// <summary>An audit was failed.</summary>
    AuditFailed,

    /// <summary>More than one in twenty erasures came late.</summary>
    LateErasures,

    /// <summary>Data were used unlawfully.</summary>
    UnlawfulUse,
}

/// <summary>One of the five conditions of shared professional secrecy (nl: voorwaarde van gedeeld beroepsgeheim).</summary>
public enum SecrecyCondition
{
    /// <summary>The recipient is bound by professional secrecy.</summary>
    RecipientBound,

    /// <summary>The same mission for the same client.</summary>
    SameMission,

    /// <summary>The client knows what is shared, with whom and why.</summary>
    ClientInformed,

    /// <summary>The client agrees.</summary>
    ClientConsents,

    /// <summary>Each datum is necessary and in the client's interest.</summary>
    Necessary,
}

/// <summary>How firmly the value of a clause stands (nl: stand van een bepaling).</summary>
public enum Standing
{
    /// <summary>Proposed; the parties may decide otherwise (nl: voorgesteld).</summary>
    Proposed,

    /// <summary>Uncertain; a data protection officer must decide first (nl: onzeker).</summary>
    Uncertain,

    /// <summary>Decided by the parties (nl: beslist).</summary>
    Decided,
}

/// <summary>The names of fields in records and documents (nl: namen van de gegevens).</summary>
public static class RecordFieldNames
{
    private static readonly Dictionary<RecordField, string> Names = Enum.GetValues<RecordField>().ToDictionary(field => field, field => char.ToLowerInvariant(field.ToString()[0]) + field.ToString()[1..]);

    /// <summary>The name, for example <c>familyName</c>.</summary>
    /// <param name="field">The field.</param>
    public static string WireName(this RecordField field) => Names[field];
}
