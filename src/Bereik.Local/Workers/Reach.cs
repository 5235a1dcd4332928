using Bereik.Domain;
using Bereik.Local.Storage;

namespace Bereik.Local.Workers;

// How far a worker may look today (nl: bereik van een medewerker): the lists of the own team, and those for which a reason was given today.
internal sealed record Reach(WorkerFact? Worker, string? Team, IReadOnlySet<string> WiderLists)
{
    public bool IsOwn(OrderedList list) => Team is { Length: > 0 } && list.Team == Team;

    public bool IsWider(OrderedList list) => WiderLists.Contains(list.Id);

    public bool Has(OrderedList list) => IsOwn(list) || IsWider(list);
}
