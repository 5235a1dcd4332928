using Bereik.Exchange.Contracts;

namespace Bereik.Local.Storage;

// One thing that was erased: its random id, never what it was. It grows only.
internal sealed class Erasure
{
    public required string Id { get; init; }

    public required ErasedKind Kind { get; init; }

    // The list of a household or a resident; null for a referral.
    public string? ListId { get; init; }

    public required ErasureCause Cause { get; init; }

    // The last day on which it might be there.
    public required DateOnly Due { get; init; }

    public required DateTimeOffset ErasedAt { get; init; }

    public required bool IsLate { get; init; }

    public required string AttestId { get; init; }

    // What a worker chose as the outcome of a household; null for others, whose row remembers it.
    public string? Outcome { get; init; }
}

// What was signed of things that were erased at once, for one cause and with one last day.
internal sealed class ErasureAttest
{
    public required string Id { get; init; }

    public required ErasedKind Kind { get; init; }

    public string? ListId { get; init; }

    public required ErasureCause Cause { get; init; }

    public required DateOnly Due { get; init; }

    public required DateTimeOffset ErasedAt { get; init; }

    public required int Things { get; init; }

    public required int DaysLate { get; init; }

    public required string Document { get; init; }
}
