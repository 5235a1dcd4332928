namespace Bereik.Node.Work;

/// <summary>One durable step of work (nl: werkstap), for example "build the envelope of order X".</summary>
public sealed class WorkItem
{
    /// <summary>Subject of a step that recurs as long as the node runs. It never ends: neither a refusal nor a bug stops it for good.</summary>
    public const string Recurring = "all";

    /// <summary>Number in this store.</summary>
    public long Id { get; init; }

    /// <summary>Kind of step.</summary>
    public required string Kind { get; init; }

    /// <summary>What it is about: an order id or a fixed word, never a person.</summary>
    public required string Subject { get; init; }

    /// <summary>Waiting, done or failed.</summary>
    public required WorkState State { get; set; }

    /// <summary>Not before this instant.</summary>
    public required DateTimeOffset RunAfter { get; set; }

    /// <summary>How often it was begun since it last got further.</summary>
    public int Attempts { get; set; }

    /// <summary>Which process holds it.</summary>
    public string? LeaseOwner { get; set; }

    /// <summary>Until when that process holds it; after this another may take it.</summary>
    public DateTimeOffset? LeaseUntil { get; set; }

    /// <summary>Code of the last error or refusal.</summary>
    public string? Code { get; set; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last began.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? FinishedAt { get; set; }
}

/// <summary>State of a step of work.</summary>
public enum WorkState
{
    /// <summary>To be done, or being done.</summary>
    Waiting,

    /// <summary>Done, once.</summary>
    Done,

    /// <summary>Will not be done.</summary>
    Failed,
}
