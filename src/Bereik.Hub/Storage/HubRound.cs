namespace Bereik.Hub.Storage;

// The hub's own roots of a day (nl: dagwortels), made once and then put in the log.
internal sealed class HubRound
{
    public required DateOnly Day { get; init; }

    // Compact JWS.
    public required string Document { get; init; }

    // Of its entry; null until it is in the log.
    public long? Position { get; set; }
}

// The leaves of one of its trees, for the paths of holders. A tree without a commitment is not kept.
internal sealed class HubRoundTree
{
    public required DateOnly Day { get; init; }

    public required string Kind { get; init; }

    public required byte[] Leaves { get; init; }
}

// The commitment of a receipt; its salt is with the holder alone.
internal sealed class ConsentCommitment
{
    public const string Consent = "consent";
    public const string Withdrawal = "withdrawal";

    // 32 bytes, base64url.
    public required string Commitment { get; init; }

    // Id of the consent record.
    public required string Answer { get; init; }

    public required string Kind { get; init; }

    public required DateTimeOffset At { get; init; }

    // The round that it is in, and where.
    public DateOnly? Day { get; set; }

    public int? Slot { get; set; }
}

// What a source is told of its letters.
internal sealed class SourceMessage
{
    public const string Objection = "objection";
    public const string Denied = "denied";

    public long Id { get; init; }

    public required string Source { get; init; }

    // The order's id.
    public required string Wave { get; init; }

    public required string Protocol { get; init; }

    public required string Kind { get; init; }

    // With an objection alone.
    public required string? Number { get; init; }

    public required DateTimeOffset ToldFrom { get; init; }

    public long? Sequence { get; set; }

    public override string ToString() => $"{Kind} of wave {Wave}";
}
