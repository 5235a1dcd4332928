using Bereik.Domain;

namespace Bereik.Source.Requests;

// Under which text, on which day and after which announcement rows leave. The decision on each is made by these.
internal sealed record ReleaseTerms(Protocol Protocol, DateOnly Today, DateOnly? AnnouncedOn, bool SyntheticOnly)
{
    public ReleaseRequest Request { get; } = new()
    {
        Purpose = Protocol.Flow.Purpose(),
        Fields = [.. (Protocol.Find<Clause.FieldsClause>()?.Shared ?? []).Select(shared => shared.Id)],
    };

    public static ReleaseTerms Of(Protocol protocol, DateOnly today, SourceSettings settings) =>
        new(protocol, today, settings.Announcements.TryGetValue(protocol.Id, out var on) ? on : null, settings.AllowSyntheticNumbers);

    public Decision Decide(IReadOnlyDictionary<Exclusion, bool> excluded) =>
        Domain.Decide.Release(Protocol, Request, new ReleaseFacts { Today = Today, SyntheticOnly = SyntheticOnly, Excluded = excluded, AnnouncedOn = AnnouncedOn });
}
