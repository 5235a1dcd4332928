using Bereik.Exchange.Protocols;

namespace Bereik.Domain.Tests;

// Requests and facts in which everything is in order, from which each test spoils one thing.
internal static class Ordinary
{
    public static readonly DateTimeOffset Now = new(2026, 11, 20, 10, 0, 0, TimeSpan.Zero);

    public static readonly Protocol Unknown = ShippedProtocols.Of(Flow.Unknown);

    public static readonly Protocol Shared = ShippedProtocols.All.Single(protocol => protocol.Id == "gbo-gedeeld-beroepsgeheim");

    public static DateOnly Today => new(2026, 11, 20);

    public static readonly OrderRequest Order = new()
    {
        Flow = Flow.Unknown, ProtocolHash = Unknown.Hash, Epoch = new Epoch(2026, 4), Source = Unknown.Source, Nis = "41002",
        ReferenceMonth = new Month(2026, 10), KnownCount = 20, IssuedAt = Now, ExpiresAt = Now.AddDays(7),
    };

    public static readonly OrderFacts OrderFacts = new()
    {
        Now = Now, RecipientKind = OrganisationKind.PublicCentreForWelfare, Territory = ["41002"], Operators = Operators(OrganisationKind.PublicCentreForWelfare, "d"),
        SyntheticOnly = true, AlreadyDelivered = false, EarlierAttempts = 0, ContextSeen = false, AnotherOpen = false, EarlierKnown = new EarlierKnown(null),
    };

    public static readonly ReleaseRequest Release = new() { Purpose = Purpose.RequestedHelp, Fields = [RecordField.FamilyName, RecordField.Phone] };

    public static readonly ReleaseFacts ReleaseFacts = new()
    {
        Today = Today, SyntheticOnly = true, AnnouncedOn = Today,
        Excluded = Enum.GetValues<Exclusion>().ToDictionary(exclusion => exclusion, _ => false),
        Consent = new ConsentFact { GivenOn = Today, Fields = [RecordField.FamilyName, RecordField.Phone], Withdrawn = false },
        Secrecy = Enum.GetValues<SecrecyCondition>().ToDictionary(condition => condition, _ => true),
    };

    public static readonly UseRequest Use = new() { Act = UseAct.Open, Purpose = Purpose.Outreach };

    public static readonly UseFacts UseFacts = new()
    {
        Today = Today, SyntheticOnly = true, ReceivedOn = Today, Contacted = false, Informed = false, Objected = false,
        Worker = new WorkerFact { Function = WorkerFunction.SocialWorker, BoundBySecrecy = true, AttestedOn = Today },
    };

    public static Dictionary<OrganisationKind, string?> Operators(OrganisationKind recipient, string name) => new()
    {
        [OrganisationKind.Hub] = "a", [OrganisationKind.Pseudonymiser] = "b", [OrganisationKind.Source] = "c", [recipient] = name,
    };

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
