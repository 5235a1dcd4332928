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

// A household that the OCMW did not know yet (nl: gezin).
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

    // One beneficiary a line.
    public required string Names { get; init; }

    public required string Street { get; init; }

    public required string HouseNumber { get; init; }

    public string? Box { get; init; }

    public required string Postcode { get; init; }

    public required string Place { get; init; }

    public required Month ReferenceMonth { get; init; }

    public required string StreetKey { get; init; }

    public required string SearchKey { get; init; }

    public string? AssignedTo { get; set; }

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
