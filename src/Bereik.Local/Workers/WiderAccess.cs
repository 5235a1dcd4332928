namespace Bereik.Local.Workers;

// Somebody opened a list of another team, for one day and with a reason (nl: ruimere inzage).
internal sealed class WiderAccess
{
    public const int LongestReason = 280;

    public required string Id { get; init; }

    public required string Subject { get; init; }

    public required string Name { get; init; }

    // Of the worker.
    public required string Team { get; init; }

    public required string ListId { get; init; }

    public required string ListTeam { get; init; }

    public required string Reason { get; init; }

    // The one day on which it permits, Europe/Brussels.
    public required DateOnly Day { get; init; }

    public required DateTimeOffset At { get; init; }

    public string? ReviewedBy { get; set; }

    public string? ReviewedByName { get; set; }

    public DateTimeOffset? ReviewedAt { get; set; }

    public string? Remark { get; set; }

    public override string ToString() => nameof(WiderAccess);
}
