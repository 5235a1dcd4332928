namespace Bereik.Domain.Tests;

// Who does something in the register.
internal sealed record Actor(string Id, OrganisationKind Kind)
{
    public static readonly Actor Source = new(Ordinary.Unknown.Source.Value, OrganisationKind.Source);

    public static readonly Actor Hub = new("knooppunt", OrganisationKind.Hub);

    public static readonly Actor Pseudonymiser = new("pseudonimiseringsdienst", OrganisationKind.Pseudonymiser);

    public static readonly Actor Recipient = new("ocmw-aalst", OrganisationKind.PublicCentreForWelfare);

    public static readonly Actor Outsider = new("gemeente-elders", OrganisationKind.Municipality);

    public OrganisationId Organisation => new(Id);
}

// The events of one text, written in their order; each takes place on the day that is set.
internal sealed class Life(Protocol protocol)
{
    private static readonly IReadOnlySet<string> None = new HashSet<string>();

    public List<RegisterEvent> Events { get; } = [];

    public DateOnly Day { get; set; } = Ordinary.Today;

    public Life On(DateOnly day)
    {
        Day = day;
        return this;
    }

    public Life Drafted(Actor by) => Add(new RegisterEvent.Drafted { Origin = From(by), ProtocolHash = protocol.Hash, Protocol = protocol });

    public Life Advised(Actor by, OfficerAdvice? advice = null, string? hash = null, Party? party = null) => Add(new RegisterEvent.Advised
    {
        Origin = From(by), ProtocolHash = hash ?? protocol.Hash, Party = party ?? (by == Actor.Hub ? Party.Recipient : Party.Source), Advice = advice ?? Ordinary.Advice with { On = Day },
    });

    public Life Signed(Actor by, string? hash = null) => Add(new RegisterEvent.SignedText { Origin = From(by), ProtocolHash = hash ?? protocol.Hash });

    public Life Published(Actor by, string? hash = null, params string[] places) =>
        Add(new RegisterEvent.Published { Origin = From(by), ProtocolHash = hash ?? protocol.Hash, Places = places.Length > 0 ? places : ["https://voorbeeld.example/protocol"] });

    public Life Acceded(Actor by, Accession? accession = null) => Add(new RegisterEvent.Acceded { Origin = From(by), ProtocolHash = protocol.Hash, Accession = accession ?? Ordinary.Accession(protocol) });

    public Life Suspended(Actor by, Actor? accession = null, SanctionTrigger trigger = SanctionTrigger.AuditFailed, string? hash = null) =>
        Add(new RegisterEvent.Suspended { Origin = From(by), ProtocolHash = hash ?? protocol.Hash, Organisation = accession?.Organisation, Trigger = trigger, Because = "Een audit mislukte." });

    public Life Resumed(Actor by, Actor? accession = null, string? hash = null) =>
        Add(new RegisterEvent.Resumed { Origin = From(by), ProtocolHash = hash ?? protocol.Hash, Organisation = accession?.Organisation, Because = "Het is opgelost." });

    public Life Ended(Actor by, Actor? accession = null, DateOnly? on = null, string? hash = null) =>
        Add(new RegisterEvent.Ended { Origin = From(by), ProtocolHash = hash ?? protocol.Hash, Organisation = accession?.Organisation, On = on ?? Day, Because = "Het is gedaan." });

    // Up to and with the publication, in order.
    public Life UntilPublished() => Drafted(Actor.Source).Advised(Actor.Source).Advised(Actor.Hub).Signed(Actor.Source).Signed(Actor.Hub).Signed(Actor.Pseudonymiser).Published(Actor.Source);

    // And the OCMW joins.
    public Life UntilAcceded() => UntilPublished().Signed(Actor.Recipient).Acceded(Actor.Recipient);

    public ProtocolStanding Protocol(DateOnly? today = null, IReadOnlySet<string>? covers = null) => ProtocolOf(protocol, Events, today ?? Day, covers);

    public AccessionStanding? Accession(DateOnly? today = null, Actor? of = null) => AccessionOf(protocol, Events, today ?? Day, of ?? Actor.Recipient);

    public static ProtocolStanding ProtocolOf(Protocol protocol, IReadOnlyList<RegisterEvent> events, DateOnly today, IReadOnlySet<string>? covers = null) => ProtocolStanding.Of(protocol, events, covers ?? None, today);

    // What a node knows on the day of an accession, on real numbers: the state is that of the events before it.
    public static AccessionStanding? AccessionOf(Protocol protocol, IReadOnlyList<RegisterEvent> events, DateOnly today, Actor of) => AccessionStanding.Of(
        protocol, of.Organisation, events, Ordinary.Framework,
        act => Ordinary.AccessionFacts with
        {
            Today = BelgianTime.DayOf(act.At), SyntheticOnly = false, SignedBy = act.By, Kind = act.ByKind,
            State = ProtocolOf(protocol, [.. events.Where(one => one.Sequence < act.Sequence)], BelgianTime.DayOf(act.At)).State,
        },
        today);

    private EventOrigin From(Actor by) => new(Events.Count + 1, BelgianTime.StartOf(Day).AddHours(14), by.Organisation, by.Kind, $"document {Events.Count + 1}");

    private Life Add(RegisterEvent one)
    {
        Events.Add(one);
        return this;
    }
}
