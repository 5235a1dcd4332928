using System.Collections.Concurrent;
using Bereik.Domain;
using Bereik.Node.Registers;

namespace Bereik.Hub.Register;

// How every text and accession stands, computed once for each register and day: a page asks for many of them, and a register has thousands of steps.
internal sealed class RegisterBoard(TimeProvider clock)
{
    private readonly Lock gate = new();
    private RegisterDay? present;

    public async Task<RegisterDay> PresentAsync(ProtocolRegister register, CancellationToken cancel)
    {
        var view = await register.ViewAsync(cancel);
        var today = clock.Today();
        lock (gate)
        {
            return present is { } day && ReferenceEquals(day.View, view) && day.Today == today ? day : present = new RegisterDay(view, today);
        }
    }
}

// The register on one day.
internal sealed class RegisterDay(RegisterView view, DateOnly today)
{
    private readonly ConcurrentDictionary<string, Lazy<ProtocolStanding>> standings = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<IReadOnlyList<AccessionStanding>>> accessions = new(StringComparer.Ordinal);

    public RegisterView View => view;

    public DateOnly Today => today;

    // Every text of the register; the latest version of each first.
    public IReadOnlyList<Protocol> Texts { get; } = [.. view.Texts.Where(protocol => view.Registered.Contains(protocol.Hash))];

    public IEnumerable<Protocol> Latest => Texts.DistinctBy(protocol => protocol.Id);

    public Protocol? Find(string id, string? version = null) => Texts.FirstOrDefault(protocol => protocol.Id == id && (version is null || protocol.Version == version));

    public IReadOnlyList<Protocol> Versions(string id) => [.. Texts.Where(protocol => protocol.Id == id)];

    public ProtocolStanding Standing(Protocol protocol) => standings.GetOrAdd(protocol.Hash, _ => new(() => view.Standing(protocol, today))).Value;

    // Newest first.
    public IReadOnlyList<AccessionStanding> Accessions(Protocol protocol) =>
        accessions.GetOrAdd(protocol.Hash, _ => new(() => [.. view.Accessions(protocol, today).OrderByDescending(one => one.Act.Sequence)])).Value;

    // Organisations for which an accession to a version of this protocol runs today.
    public int Joined(string id) => Versions(id).SelectMany(Accessions).Where(one => one.IsActive).Select(one => one.Act.By).Distinct().Count();

    // Organisations of a kind that run under any protocol.
    public int Joined(OrganisationKind kind) => Texts.SelectMany(Accessions).Where(one => one.IsActive && one.Act.ByKind == kind).Select(one => one.Act.By).Distinct().Count();

    public IEnumerable<TEvent> EventsOf<TEvent>(Protocol protocol)
        where TEvent : RegisterEvent => view.Events.OfType<TEvent>().Where(one => one.ProtocolHash == protocol.Hash);

    // Who signed of the parties that must, each once. A recipient's own signature stands with its accession.
    public IReadOnlyList<RegisterEvent.SignedText> Signatures(Protocol protocol)
    {
        var mustSign = ProtocolStanding.MustSign(protocol);
        return [.. EventsOf<RegisterEvent.SignedText>(protocol).Where(one => ProtocolStanding.PartyOf(protocol, one) is { } party && mustSign.Contains(party)).DistinctBy(one => one.By)];
    }

    // Suspensions and their ends, of the protocol as a whole.
    public IReadOnlyList<RegisterEvent> Stops(Protocol protocol) =>
        [.. EventsOf<RegisterEvent>(protocol).Where(one => ProtocolStanding.PartyOf(protocol, one) is Party.Source or Party.Hub
            && one is RegisterEvent.Suspended { Organisation: null } or RegisterEvent.Resumed { Organisation: null } or RegisterEvent.Ended { Organisation: null })];
}
