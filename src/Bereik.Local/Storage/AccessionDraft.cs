namespace Bereik.Local.Storage;

// What was filled in of an accession, as it was typed, until it is signed.
internal sealed class AccessionDraft
{
    public required string ProtocolHash { get; init; }

    public required string Fields { get; set; }

    public required DateTimeOffset ChangedAt { get; set; }

    public override string ToString() => $"draft {ProtocolHash}";
}
