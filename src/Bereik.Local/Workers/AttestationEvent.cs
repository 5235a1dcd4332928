namespace Bereik.Local.Workers;

// One line of the history of attestations (nl: historiek). The store writes those of an attestation itself, and changes none.
internal sealed class AttestationEvent
{
    public long Sequence { get; init; }

    // Null for a code for somebody who is not attested, but attests others.
    public string? AttestationId { get; init; }

    public required string Subject { get; init; }

    public required string Name { get; init; }

    // proposed, confirmed, withdrawn, suspended or codeMade.
    public required string Act { get; init; }

    public required string DoneBy { get; init; }

    public required string DoneByName { get; init; }

    public string? Because { get; init; }

    public required DateTimeOffset At { get; init; }

    public override string ToString() => nameof(AttestationEvent);
}
