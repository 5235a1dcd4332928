using Bereik.Domain;

namespace Bereik.Source.Requests;

// Under which text, on which day and after which announcement rows leave. The decision on each is made by these.
internal sealed record ReleaseTerms(Protocol Protocol, DateOnly Today, DateOnly? AnnouncedOn, bool SyntheticOnly, RegisterFacts Register)
{
    public ReleaseRequest Request { get; } = new()
    {
        Purpose = Protocol.Flow.Purpose(),
        Fields = [.. (Protocol.Find<Clause.FieldsClause>()?.Shared ?? []).Select(shared => shared.Id)],
    };

    public static ReleaseTerms Of(Protocol protocol, DateOnly today, SourceSettings settings, RegisterFacts register) =>
        new(protocol, today, DayOfNotice(protocol, today, settings), settings.AllowSyntheticNumbers, register);

    // A letter is its own announcement: it names every datum, and nothing is passed on before its reader says so.
    private static DateOnly? DayOfNotice(Protocol protocol, DateOnly today, SourceSettings settings) =>
        protocol.Flow == Flow.Messenger ? today : settings.Announcements.TryGetValue(protocol.Id, out var on) ? on : null;

    // What is announced is the protocol's own text, which names every field that it shares.
    public Decision Decide(ExclusionFacts excluded) => Domain.Decide.Release(Protocol, Request, new ReleaseFacts
    {
        Today = Today, SyntheticOnly = SyntheticOnly, Register = Register, Excluded = excluded, AnnouncedOn = AnnouncedOn, AnnouncedFields = AnnouncedOn is null ? null : FieldSet.Of(Request.Fields),
    });
}
