using System.ComponentModel.DataAnnotations;

namespace Bereik.Domain;

/// <summary>
/// One clause of a protocol (nl: bepaling): plain text for people and the same as data for machines. The id says what kind of clause it is, so that a
/// reason can name it; a protocol has each kind once at the most.
/// </summary>
public abstract record Clause
{
    private Clause()
    {
    }

    /// <summary>Every kind by its id, in the order in which a document has them.</summary>
    public static IReadOnlyDictionary<string, Type> Kinds { get; } = new Dictionary<string, Type>(StringComparer.Ordinal)
    {
        ["partijen"] = typeof(PartiesClause),
        ["rollen"] = typeof(Roles),
        ["dpo"] = typeof(Officers),
        ["machtiging"] = typeof(Authorisation),
        ["rechtsgrond-verzameling"] = typeof(CollectionGround),
        ["rechtsgrond-mededeling"] = typeof(CommunicationGround),
        ["rechtsgrond-ontvanger"] = typeof(RecipientGround),
        ["toestemming"] = typeof(Consent),
        ["beroepsgeheim"] = typeof(SharedSecrecy),
        ["doel"] = typeof(PurposeClause),
        ["verboden-gebruik"] = typeof(ForbiddenUses),
        ["waarom-geen-brief"] = typeof(WhyNoLetter),
        ["gegevens"] = typeof(FieldsClause),
        ["eigen-gegevens"] = typeof(OwnData),
        ["selectie"] = typeof(Selection),
        ["grondgebied"] = typeof(Territory),
        ["ontvangers"] = typeof(RecipientsClause),
        ["aankondiging"] = typeof(Notice),
        ["uitsluitingen"] = typeof(Exclusions),
        ["bezwaar"] = typeof(Objections),
        ["informeren"] = typeof(InformBy),
        ["bewaartermijn"] = typeof(Retention),
        ["contactpogingen"] = typeof(Attempts),
        ["periodiciteit"] = typeof(Periodicity),
        ["termijn"] = typeof(Term),
        ["golven"] = typeof(Waves),
        ["opvulling"] = typeof(Padding),
        ["drempels"] = typeof(Thresholds),
        ["duur"] = typeof(Duration),
        ["inwerkingtreding"] = typeof(EntryIntoForce),
        ["beveiliging"] = typeof(Security),
        ["kwaliteit"] = typeof(Quality),
        ["rechten"] = typeof(Rights),
        ["doorgifte"] = typeof(Onward),
        ["statistiek"] = typeof(Statistics),
        ["sancties"] = typeof(Sanctions),
        ["incidenten"] = typeof(Incidents),
        ["toezicht"] = typeof(Audit),
        ["logboek"] = typeof(Logs),
        ["voordeel"] = typeof(Benefit),
        ["bekendmaking"] = typeof(Publication),
    };

    /// <summary>Id of this kind of clause, for example <c>bewaartermijn</c>.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Id => IdOf(GetType());

    /// <summary>The clause in plain Dutch.</summary>
    [StringLength(2000, MinimumLength = 10)]
    public required string Nl { get; init; }

    /// <summary>The clause in English.</summary>
    [StringLength(2000, MinimumLength = 10)]
    public required string En { get; init; }

    /// <summary>How firmly its values stand.</summary>
    public required Standing Standing { get; init; }

    // One bit a kind, by its place in the list.
    internal static ulong BitOf(Type kind) => Bits[kind];

    /// <summary>The id of a kind of clause.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    public static string IdOf(Type kind) => Ids[kind];

    private static readonly Dictionary<Type, string> Ids = Kinds.ToDictionary(entry => entry.Value, entry => entry.Key);
    private static readonly Dictionary<Type, ulong> Bits = Kinds.Values.Select((kind, index) => (kind, index)).ToDictionary(entry => entry.kind, entry => 1UL << entry.index);

    /// <summary>Who provides and who may receive (nl: partijen).</summary>
    public sealed record PartiesClause : Clause
    {
        /// <summary>Organisation that provides.</summary>
        [RegularExpression("[a-z0-9-]{2,40}")]
        public required string Source { get; init; }

        /// <summary>Kinds of organisation that may receive; at least one.</summary>
        [MinLength(1)]
        public required IReadOnlyList<OrganisationKind> Recipients { get; init; }
    }

    /// <summary>What each party is (nl: rollen), and that four operators run the four parties.</summary>
    public sealed record Roles : Clause
    {
        /// <summary>One entry a party; the parties each once.</summary>
        [MinLength(2)]
        public required IReadOnlyList<PartyRole> Parties { get; init; }

        /// <summary>Whether hub, pseudonymiser, source and recipient must have different operators. False is refused where tokens are compared.</summary>
        public required bool DisjointOperators { get; init; }
    }

    /// <summary>The role of one party (nl: rol van een partij).</summary>
    public sealed record PartyRole
    {
        /// <summary>The party.</summary>
        public required Party Party { get; init; }

        /// <summary>Its role.</summary>
        public required ProcessingRole Role { get; init; }
    }

    /// <summary>The data protection officers (nl: functionarissen voor gegevensbescherming).</summary>
    public sealed record Officers : Clause
    {
        /// <summary>One contact for each of source and recipient.</summary>
        [MinLength(2)]
        public required IReadOnlyList<Officer> Contacts { get; init; }
    }

    /// <summary>A data protection officer, by function (nl: DPO).</summary>
    public sealed record Officer
    {
        /// <summary>Of which party.</summary>
        public required Party Party { get; init; }

        /// <summary>Mailbox or place of the function, never a person's own.</summary>
        [StringLength(200, MinimumLength = 3)]
        public required string Contact { get; init; }
    }

    /// <summary>What authorises the communication (nl: machtiging).</summary>
    public sealed record Authorisation : Clause
    {
        /// <summary>What kind.</summary>
        public required AuthorisationKind Kind { get; init; }

        /// <summary>Number of the deliberation; with that kind only.</summary>
        [StringLength(40, MinimumLength = 2)]
        public string? Number { get; init; }

        /// <summary>Whether it is confirmed that this is the right kind.</summary>
        public required GroundState State { get; init; }

        /// <summary>Who confirmed it; both officers when verified.</summary>
        public IReadOnlyList<Verification> VerifiedBy { get; init; } = [];
    }

    /// <summary>Legal ground of a processing, by references that have a state (nl: rechtsgrond).</summary>
    public abstract record Ground : Clause
    {
        /// <summary>Basis in art. 6 GDPR.</summary>
        public required ProcessingBasis Basis { get; init; }

        /// <summary>The acts and decrees; at least one.</summary>
        [MinLength(1)]
        public required IReadOnlyList<LegalReference> References { get; init; }

        /// <summary>The weakest state among the references.</summary>
        internal GroundState State => References.Count == 0 ? GroundState.Unverified : References.Max(reference => reference.State);
    }

    /// <summary>Why the source may hold the data (nl: rechtsgrond van de verzameling).</summary>
    public sealed record CollectionGround : Ground;

    /// <summary>Why the source may communicate them (nl: rechtsgrond van de mededeling).</summary>
    public sealed record CommunicationGround : Ground;

    /// <summary>Why the recipient may use them (nl: rechtsgrond van de ontvanger).</summary>
    public sealed record RecipientGround : Ground;

    /// <summary>One act or decree, in a version (nl: wettelijke verwijzing).</summary>
    public sealed record LegalReference
    {
        /// <summary>Name within the protocol.</summary>
        [RegularExpression("[a-z0-9-]{2,60}")]
        public required string Id { get; init; }

        /// <summary>The act with its date, and its article where that was read.</summary>
        [StringLength(300, MinimumLength = 5)]
        public required string Act { get; init; }

        /// <summary>Whether it was read and found to carry this.</summary>
        public required GroundState State { get; init; }

        /// <summary>Who read it; the officers of source and recipient when verified.</summary>
        public IReadOnlyList<Verification> VerifiedBy { get; init; } = [];
    }

    /// <summary>That an officer read a reference (nl: nazicht).</summary>
    public sealed record Verification
    {
        /// <summary>Of which party.</summary>
        public required Party Party { get; init; }

        /// <summary>Name and function.</summary>
        [StringLength(200, MinimumLength = 3)]
        public required string By { get; init; }

        /// <summary>Day.</summary>
        public required DateOnly On { get; init; }
    }

    /// <summary>Consent of the person (nl: toestemming).</summary>
    public sealed record Consent : Clause
    {
        /// <summary>What it does in law.</summary>
        public required ConsentRole Role { get; init; }

        /// <summary>Whether each field is agreed to by itself.</summary>
        public required bool PerField { get; init; }

        /// <summary>Days after which it no longer counts, 1 to 730.</summary>
        [Range(1, 730)]
        public required int ValidDays { get; init; }
    }

    /// <summary>The conditions of shared professional secrecy that must hold (nl: gedeeld beroepsgeheim).</summary>
    public sealed record SharedSecrecy : Clause
    {
        /// <summary>All five.</summary>
        [MinLength(5)]
        public required IReadOnlyList<SecrecyCondition> Conditions { get; init; }
    }

    /// <summary>What the data are for, and what they were for (nl: doel, en verenigbaarheid).</summary>
    public sealed record PurposeClause : Clause
    {
        /// <summary>The one new purpose.</summary>
        public required Purpose Purpose { get; init; }

        /// <summary>What they were collected for.</summary>
        public required Sentence Original { get; init; }

        /// <summary>Why the new purpose may follow the first: reasoned compatibility, or a ground of its own.</summary>
        public required Sentence Compatibility { get; init; }
    }

    /// <summary>What the data are never used for (nl: verboden gebruik).</summary>
    public sealed record ForbiddenUses : Clause
    {
        /// <summary>At least control, fraud detection, recovery and ranking.</summary>
        [MinLength(4)]
        public required IReadOnlyList<ForbiddenUse> Uses { get; init; }
    }

    /// <summary>Why a letter by the source would not do (nl: waarom geen brief via de bron).</summary>
    public sealed record WhyNoLetter : Clause
    {
        /// <summary>Whether the parties have weighed it.</summary>
        public required bool Weighed { get; init; }

        /// <summary>Months after which figures must show it, 1 to 24.</summary>
        [Range(1, 24)]
        public required int EvaluateAfterMonths { get; init; }
    }

    /// <summary>The data, each with why it is needed (nl: gegevens).</summary>
    public sealed record FieldsClause : Clause
    {
        /// <summary>What may leave the source, in the order in which it is shown; empty for presence alone.</summary>
        public required IReadOnlyList<SharedField> Shared { get; init; }

        /// <summary>What never does, named so that nobody has to guess.</summary>
        [MinLength(1)]
        public required IReadOnlyList<RecordField> Never { get; init; }
    }

    /// <summary>One datum (nl: gegeven).</summary>
    public sealed record SharedField
    {
        /// <summary>Which.</summary>
        public required RecordField Id { get; init; }

        /// <summary>How it is written.</summary>
        [StringLength(120, MinimumLength = 3)]
        public required string Format { get; init; }

        /// <summary>Where it comes from.</summary>
        [StringLength(120, MinimumLength = 3)]
        public required string Source { get; init; }

        /// <summary>Why it is needed.</summary>
        public required Sentence Necessity { get; init; }
    }

    /// <summary>What the recipient uses of its own, and when a household is known (nl: eigen gegevens van de ontvanger).</summary>
    public sealed record OwnData : Clause
    {
        /// <summary>A closed help file counts as known for this many months; 0 where known clients play no part.</summary>
        [Range(0, 120)]
        public required int ClosedWithinMonths { get; init; }

        /// <summary>A set of known or compared people smaller than this is held for review; 0 where the protocol sets none.</summary>
        [Range(0, 100_000)]
        public required int Floor { get; init; }

        /// <summary>A known set that shrank by more than this percentage is held for review; 0 where there is none.</summary>
        [Range(0, 99)]
        public required int ShrinkPercent { get; init; }
    }

    /// <summary>By which rule the source selects (nl: selectie).</summary>
    public sealed record Selection : Clause
    {
        /// <summary>The rule.</summary>
        public required SelectionRule Rule { get; init; }
    }

    /// <summary>How far an organisation may ask (nl: grondgebied).</summary>
    public sealed record Territory : Clause
    {
        /// <summary>The reach.</summary>
        public required TerritoryScope Scope { get; init; }
    }

    /// <summary>Which persons may open what was received (nl: ontvangers).</summary>
    public sealed record RecipientsClause : Clause
    {
        /// <summary>Functions; no other person opens a row.</summary>
        [MinLength(1)]
        public required IReadOnlyList<WorkerFunction> Functions { get; init; }

        /// <summary>Whether the person must be bound by professional secrecy, on the day.</summary>
        public required bool ProfessionalSecrecy { get; init; }

        /// <summary>Months after which an attestation is too old, 1 to 24.</summary>
        [Range(1, 24)]
        public required int AttestationMonths { get; init; }
    }

    /// <summary>How people are told before (nl: aankondiging).</summary>
    public sealed record Notice : Clause
    {
        /// <summary>By whom.</summary>
        public required NoticeBy By { get; init; }

        /// <summary>Days before the first run, in which people can object; 0 to 365.</summary>
        [Range(0, 365)]
        public required int DaysBefore { get; init; }
    }

    /// <summary>Which households never leave the source (nl: uitsluitingen).</summary>
    public sealed record Exclusions : Clause
    {
        /// <summary>At least the safe address, where rows leave a register.</summary>
        [MinLength(1)]
        public required IReadOnlyList<Exclusion> Reasons { get; init; }
    }

    /// <summary>How an objection or withdrawal works (nl: bezwaar en intrekking).</summary>
    public sealed record Objections : Clause
    {
        /// <summary>Working days within which all use stops, 1 to 10.</summary>
        [Range(1, 10)]
        public required int StopWorkingDays { get; init; }

        /// <summary>Working days within which the erasure certificate is there, 1 to 30.</summary>
        [Range(1, 30)]
        public required int CertificateWorkingDays { get; init; }
    }

    /// <summary>By when each household has been informed, art. 14 GDPR (nl: informeren).</summary>
    public sealed record InformBy : Clause
    {
        /// <summary>Days from receipt, 1 to 30; after them the row is erased.</summary>
        [Range(1, 30)]
        public required int Days { get; init; }
    }

    /// <summary>How long rows are kept (nl: bewaartermijn).</summary>
    public sealed record Retention : Clause
    {
        /// <summary>Days from receipt when no contact was made, 1 to 180.</summary>
        [Range(1, 180)]
        public required int Days { get; init; }

        /// <summary>Days from receipt when contact was made, from <see cref="Days"/> to 366.</summary>
        [Range(1, 366)]
        public required int ContactDays { get; init; }

        /// <summary>Hours after the end of an exchange within which the hub deletes, 1 to 168.</summary>
        [Range(1, 168)]
        public required int HubHours { get; init; }
    }

    /// <summary>How often contact is tried (nl: contactpogingen).</summary>
    public sealed record Attempts : Clause
    {
        /// <summary>At most, 1 to 10.</summary>
        [Range(1, 10)]
        public required int Most { get; init; }

        /// <summary>In how many days, 1 to 180.</summary>
        [Range(1, 180)]
        public required int WithinDays { get; init; }

        /// <summary>By at least how many channels, 1 to 4.</summary>
        [Range(1, 4)]
        public required int Channels { get; init; }
    }

    /// <summary>How often a list is delivered (nl: periodiciteit).</summary>
    public sealed record Periodicity : Clause
    {
        /// <summary>Deliveries for one reference month; one.</summary>
        [Range(1, 1)]
        public required int PerReferenceMonth { get; init; }

        /// <summary>How many times an order may be placed again for the same month, since each tells a little more; 0 to 12. Waves of letters are not counted: each goes to other families.</summary>
        [Range(0, 12)]
        public required int Repeats { get; init; }
    }

    /// <summary>Within which time an order is carried out (nl: termijn van een aanvraag).</summary>
    public sealed record Term : Clause
    {
        /// <summary>Days from the order, 1 to 60.</summary>
        [Range(1, 60)]
        public required int Days { get; init; }
    }

    /// <summary>How many households at once, never more than can be visited (nl: golven).</summary>
    public sealed record Waves : Clause
    {
        /// <summary>At least, so that nobody stands out.</summary>
        [Range(1, 1000)]
        public required int Least { get; init; }

        /// <summary>At most, from <see cref="Least"/> on.</summary>
        [Range(1, 10_000)]
        public required int Most { get; init; }
    }

    /// <summary>How counts and sizes are padded (nl: opvulling).</summary>
    public sealed record Padding : Clause
    {
        /// <summary>Counts are padded to a multiple of this number of rows, 128 to 65,536.</summary>
        [Range(128, 65_536)]
        public required int Band { get; init; }
    }

    /// <summary>From which count on something is told (nl: drempels).</summary>
    public sealed record Thresholds : Clause
    {
        /// <summary>Fewest households that are published as a count.</summary>
        [Range(5, 1000)]
        public required int Publish { get; init; }

        /// <summary>Counts are rounded to a multiple of this.</summary>
        [Range(1, 100)]
        public required int Round { get; init; }
    }

    /// <summary>For how long the protocol holds (nl: duur).</summary>
    public sealed record Duration : Clause
    {
        /// <summary>Months, 1 to 60.</summary>
        [Range(1, 60)]
        public required int Months { get; init; }

        /// <summary>Evaluation after this many months, before the end.</summary>
        [Range(1, 60)]
        public required int EvaluateAfterMonths { get; init; }

        /// <summary>Notice of either party, in months.</summary>
        [Range(1, 12)]
        public required int NoticeMonths { get; init; }
    }

    /// <summary>From when the protocol counts (nl: inwerkingtreding).</summary>
    public sealed record EntryIntoForce : Clause
    {
        /// <summary>Not before this day.</summary>
        public required DateOnly From { get; init; }

        /// <summary>The last day.</summary>
        public required DateOnly Until { get; init; }
    }

    /// <summary>Which measures protect the data (nl: beveiliging).</summary>
    public sealed record Security : Clause
    {
        /// <summary>Version of the framework (nl: vertrouwenskader).</summary>
        [RegularExpression("[0-9]{1,3}\\.[0-9]{1,3}")]
        public required string Framework { get; init; }
    }

    /// <summary>How wrong data get right (nl: kwaliteit van de gegevens).</summary>
    public sealed record Quality : Clause
    {
        /// <summary>Whether the recipient may tell the source that an address is wrong, and nothing else.</summary>
        public required bool ReportWrongAddress { get; init; }
    }

    /// <summary>The rights of people and where they use them (nl: rechten).</summary>
    public sealed record Rights : Clause
    {
        /// <summary>Articles of the GDPR that apply, 12 to 22.</summary>
        [MinLength(1)]
        public required IReadOnlyList<int> Articles { get; init; }

        /// <summary>Days within which a request is answered, 1 to 30.</summary>
        [Range(1, 30)]
        public required int AnswerDays { get; init; }
    }

    /// <summary>To whom the recipient may pass data on (nl: doorgifte).</summary>
    public sealed record Onward : Clause
    {
        /// <summary>Kinds of organisation; empty for nobody.</summary>
        public required IReadOnlyList<OrganisationKind> To { get; init; }
    }

    /// <summary>That figures are counts alone (nl: statistiek).</summary>
    public sealed record Statistics : Clause
    {
        /// <summary>True: never a row.</summary>
        public required bool CountsOnly { get; init; }
    }

    /// <summary>What suspends (nl: sancties).</summary>
    public sealed record Sanctions : Clause
    {
        /// <summary>At least one.</summary>
        [MinLength(1)]
        public required IReadOnlyList<SanctionTrigger> SuspendOn { get; init; }
    }

    /// <summary>How fast an incident is told (nl: incidenten).</summary>
    public sealed record Incidents : Clause
    {
        /// <summary>Hours to the other party, 1 to 72.</summary>
        [Range(1, 72)]
        public required int TellWithinHours { get; init; }
    }

    /// <summary>That the source may look (nl: toezicht).</summary>
    public sealed record Audit : Clause
    {
        /// <summary>Times a year, 1 to 12.</summary>
        [Range(1, 12)]
        public required int PerYear { get; init; }
    }

    /// <summary>How long logs are kept (nl: logboek).</summary>
    public sealed record Logs : Clause
    {
        /// <summary>Years of the log of disclosures, 1 to 30.</summary>
        [Range(1, 30)]
        public required int DisclosureYears { get; init; }

        /// <summary>Years of the log of reading, 1 to 10.</summary>
        [Range(1, 10)]
        public required int ReadYears { get; init; }
    }

    /// <summary>The one benefit that is granted (nl: voordeel).</summary>
    public sealed record Benefit : Clause
    {
        /// <summary>Product of the catalogue of local services; absent while each government fills in its own (nl: IPDC-product).</summary>
        [RegularExpression("[0-9]{1,8}")]
        public string? Product { get; init; }

        /// <summary>Whether the accession must name the local regulation that grants it (nl: reglement).</summary>
        public required bool NeedsLocalRegulation { get; init; }
    }

    /// <summary>Where the protocol is made public (nl: bekendmaking).</summary>
    public sealed record Publication : Clause
    {
        /// <summary>True: on the websites of all parties.</summary>
        public required bool ByAllParties { get; init; }
    }
}
