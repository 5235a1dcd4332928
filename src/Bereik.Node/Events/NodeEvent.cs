namespace Bereik.Node.Events;

/// <summary>An event as it is stored (nl: melding): signed once, and how far it is with being sent.</summary>
public sealed class NodeEvent
{
    /// <summary>Place among all events of this node, from 1.</summary>
    public required long Sequence { get; init; }

    /// <summary>What it is about: an order's id, or the name of an accession.</summary>
    public required string Exchange { get; init; }

    /// <summary>Place in the exchange, from 1.</summary>
    public required long Number { get; init; }

    /// <summary>One of <see cref="Exchange.Contracts.EventTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Compact JWS of an <see cref="Exchange.Contracts.ExchangeEvent"/>.</summary>
    public required string Document { get; init; }

    /// <summary>Not sent before this instant; null when it need not be sent, or not any more.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>How often it was sent in vain.</summary>
    public int Attempts { get; init; }

    /// <summary>When the organisation's software took it.</summary>
    public DateTimeOffset? AcknowledgedAt { get; init; }

    /// <summary>When sending it ended in vain: it is in the feed only.</summary>
    public DateTimeOffset? GivenUpAt { get; init; }
}

// What is to be told with the changes that are saved next.
internal sealed record Telling(string Type, string Exchange, string? Organisation, DateTimeOffset At);
