using Bereik.Domain;

namespace Bereik.Local.Storage;

// What every received row carries: under which text, for what, and until when.
internal interface IReceivedRow
{
    string Id { get; }

    string ListId { get; }

    string ProtocolId { get; }

    string ProtocolVersion { get; }

    string ProtocolHash { get; }

    string Clause { get; }

    string Purpose { get; }

    DateOnly ReceivedOn { get; }

    DateOnly InformBy { get; }

    DateOnly DeleteBy { get; }
}

// A household that the OCMW did not know yet (nl: gezin). Nothing in it says who they are but the record.
internal sealed class Household : IReceivedRow
{
    public required string Id { get; init; }

    public required string ListId { get; init; }

    public required string ProtocolId { get; init; }

    public required string ProtocolVersion { get; init; }

    public required string ProtocolHash { get; init; }

    public required string Clause { get; init; }

    public required string Purpose { get; init; }

    public required DateOnly ReceivedOn { get; init; }

    public required DateOnly InformBy { get; init; }

    public required DateOnly DeleteBy { get; init; }

    public string? AssignedTo { get; set; }

    // Who they are and where: sealed under the household's own key, which lies outside the store.
    public byte[] Record { get; set; } = [];

    public override string ToString() => "[gezin]";
}

// A resident whom the source has too (nl: toekenning).
internal sealed class GrantRow : IReceivedRow
{
    public required string Id { get; init; }

    public required string ListId { get; init; }

    public required string ProtocolId { get; init; }

    public required string ProtocolVersion { get; init; }

    public required string ProtocolHash { get; init; }

    public required string Clause { get; init; }

    public required string Purpose { get; init; }

    public required DateOnly ReceivedOn { get; init; }

    public required DateOnly InformBy { get; init; }

    public required DateOnly DeleteBy { get; init; }

    public required string Insz { get; init; }

    public required Month ReferenceMonth { get; init; }

    public override string ToString() => "[persoon]";
}
