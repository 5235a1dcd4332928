using Bereik.Exchange.Protocols;

namespace Bereik.Domain.Tests;

// Requests and facts in which everything is in order, from which each test spoils one thing.
internal static class Ordinary
{
    public static readonly DateTimeOffset Now = new(2026, 11, 20, 10, 0, 0, TimeSpan.Zero);

    public static readonly Protocol Unknown = ShippedProtocols.Of(Flow.Unknown);

    public static readonly Protocol Match = ShippedProtocols.Of(Flow.Match);

    public static readonly Protocol Brief = ShippedProtocols.Of(Flow.Messenger);

    public static readonly Protocol Shared = ShippedProtocols.All.Single(protocol => protocol.Id == "gbo-gedeeld-beroepsgeheim");

    public static readonly Protocol Referral = ShippedProtocols.All.Single(protocol => protocol.Id == "lokale-actor-doorverwijzing");

    public static readonly Framework Framework = FrameworkFile.Shipped;

    public static DateOnly Today => new(2026, 11, 20);

    public static readonly RegisterFacts Register = new()
    {
        Age = TimeSpan.FromMinutes(1), State = ProtocolState.InForce, Accession = new AccessionFact(Suspended: false, Ended: false, MeasureLapsed: false, ReviewOverdue: false), UsableUntil = null,
    };

    public static readonly OrderRequest Order = new()
    {
        Flow = Flow.Unknown, ProtocolHash = Unknown.Hash, Epoch = new Epoch(2026, 4), Source = Unknown.Source, Nis = "41002",
        ReferenceMonth = new Month(2026, 10), KnownCount = 20, IssuedAt = Now, ExpiresAt = Now.AddDays(7),
    };

    public static readonly WaveRequest Wave = new(Letters: 100, Capacity: 120, Today, Decide.FewestReaders);

    public static readonly OrderRequest LetterOrder = Order with { Flow = Flow.Messenger, ProtocolHash = Brief.Hash, KnownCount = null, Wave = Wave };

    public static readonly OrderFacts OrderFacts = new()
    {
        Now = Now, RecipientKind = OrganisationKind.PublicCentreForWelfare, Territory = ["41002"], Operators = Operators(OrganisationKind.PublicCentreForWelfare, "d"),
        SyntheticOnly = true, Register = Register, AlreadyDelivered = false, EarlierAttempts = 0, ContextSeen = false, AnotherOpen = false, RootOwed = false, RoundOwed = false, EarlierKnown = new EarlierKnown(null),
    };

    public static readonly ReleaseRequest Release = new() { Purpose = Purpose.RequestedHelp, Fields = [RecordField.FamilyName, RecordField.Phone] };

    public static readonly ReleaseFacts ReleaseFacts = new()
    {
        Today = Today, SyntheticOnly = true, Register = Register, AnnouncedOn = Today, AnnouncedFields = [RecordField.FamilyName, RecordField.Phone],
        Excluded = ExclusionFacts.Of(Enum.GetValues<Exclusion>().Select(exclusion => KeyValuePair.Create(exclusion, false))),
        Consent = new ConsentFact { GivenOn = Today, Under = Shared.Hash, Fields = [RecordField.FamilyName, RecordField.Phone], Withdrawn = false },
        Secrecy = Enum.GetValues<SecrecyCondition>().ToDictionary(condition => condition, _ => true),
    };

    public static readonly UseRequest Use = new() { Act = UseAct.Open, Purpose = Purpose.Outreach };

    public static readonly UseFacts UseFacts = new()
    {
        Today = Today, SyntheticOnly = true, Register = Register, ReceivedOn = Today, Contacted = false, Informed = false, Objected = false,
        Worker = new WorkerFact { Function = WorkerFunction.SocialWorker, BoundBySecrecy = true, AttestedOn = Today, Suspended = false }, OwnTeam = true,
    };

    public static readonly ReferralService Service = new() { Id = "sociaal-huis", Name = "Sociaal Huis", Team = "Onthaal", About = "Kijkt met u na op welke hulp u recht hebt.", Reach = "Elke werkdag van 9 tot 12 uur", WaitingDays = 5 };

    public static readonly PartnershipMembership Partnership = new() { Id = "gbo-aalst", Name = "GBO Aalst", Arrangement = new string('A', 43), From = Today };

    // A referral among partners.
    public static readonly ReferralRequest ReferralRequest = new()
    {
        Sender = new OrganisationId("ocmw-aalst"), Recipient = new OrganisationId("caw-aalst"), Service = Service.Id, ProtocolHash = Shared.Hash, IssuedAt = Now, ExpiresAt = Now.AddDays(14),
    };

    public static readonly ReferralFacts ReferralFacts = new()
    {
        Now = Now, SyntheticOnly = true, Register = Register, SenderRegister = Register, SenderKind = OrganisationKind.PublicCentreForWelfare, RecipientKind = OrganisationKind.WelfareCentre,
        Services = [Service], SenderPartnership = Partnership, RecipientPartnership = Partnership, AlreadySent = false,
    };

    public static readonly OfficerAdvice Advice = new() { Outcome = AdviceOutcome.Favourable, Officer = "Functionaris voor gegevensbescherming", On = Today, Summary = "Dit is in orde." };

    public static readonly PublicationFacts PublicationFacts = new()
    {
        Today = Today, Advices = new Dictionary<Party, OfficerAdvice> { [Party.Source] = Advice, [Party.Recipient] = Advice },
        SignedBy = new HashSet<Party> { Party.Source, Party.Hub, Party.Pseudonymiser }, Places = ["https://voorbeeld.example/protocol"],
    };

    public static readonly AccessionFacts AccessionFacts = new()
    {
        Today = Today, SyntheticOnly = true, SignedBy = new OrganisationId("ocmw-aalst"), Kind = OrganisationKind.PublicCentreForWelfare, State = ProtocolState.InForce, Framework = Framework,
        Municipalities = new Dictionary<string, MunicipalityFact>
        {
            ["41002"] = new(null, null, HasWelfareCentre: true), ["44034"] = new(null, null, HasWelfareCentre: true), ["73028"] = new(null, null, HasWelfareCentre: false),
        },
    };

    public static Dictionary<OrganisationKind, string?> Operators(OrganisationKind recipient, string name) => new()
    {
        [OrganisationKind.Hub] = "a", [OrganisationKind.Pseudonymiser] = "b", [OrganisationKind.Source] = "c", [recipient] = name,
    };

    // An accession of the OCMW of Aalst, to the unknown list where nothing else is said.
    public static Accession Accession(Protocol? protocol = null)
    {
        protocol ??= Unknown;
        return new Accession
        {
            Organisation = "ocmw-aalst", Kind = OrganisationKind.PublicCentreForWelfare, Protocol = protocol.Id, Version = protocol.Version, ProtocolHash = protocol.Hash, FrameworkHash = Framework.Hash,
            Decision = new CouncilDecision { Body = DecidingBody.SocialWelfareCouncil, On = Today, Number = "2026/114" },
            Advice = Advice,
            Measures = [.. Framework.Measures.Select(measure => new MeasureAnswer { Id = measure.Id, State = MeasureState.Met, On = Today, Evidence = "dossier 2026/114" })],
            Contact = "sociaalhuis@voorbeeld.example", Service = "Team Bereik", ReviewBy = Today.AddYears(1),
            Territory = [new TerritoryPeriod { Nis = "41002", From = Today }],
        };
    }

    // The same with another answer to one measure.
    public static Accession Answering(this Accession accession, string id, Func<MeasureAnswer, MeasureAnswer> change) =>
        accession with { Measures = [.. accession.Measures.Select(answer => answer.Id == id ? change(answer) : answer)] };

    public static Protocol Without(this Protocol protocol, Clause clause) => protocol with { Clauses = [.. protocol.Clauses.Where(other => other != clause)] };

    // The same text with everything verified but one clause.
    public static Protocol VerifiedBut(string? clause, Protocol? protocol = null)
    {
        protocol ??= Unknown;
        return protocol with
        {
            Clauses = [.. protocol.Clauses.Select(candidate => candidate.Id == clause ? candidate : candidate switch
            {
                Clause.Authorisation authorisation => authorisation with { State = GroundState.Verified },
                Clause.Ground ground => ground with { References = [.. ground.References.Select(reference => reference with { State = GroundState.Verified })] },
                _ => candidate,
            })],
        };
    }
}
