using Bereik.Domain;
using Bereik.Exchange.Contracts;

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

    // Moves on once there was contact.
    public required DateOnly DeleteBy { get; set; }

    public string? AssignedTo { get; set; }

    public string? AssignedName { get; set; }

    public DateOnly? ContactedOn { get; set; }

    // Since when they know what is kept here, and from whom it came (art. 14 GDPR).
    public DateOnly? InformedOn { get; set; }

    public DateOnly? NextOn { get; set; }

    public string? Outcome { get; set; }

    // Set once, when a worker ends it; it is erased at once then.
    public ErasureCause? ClosedAs { get; set; }

    // Who they are and where: sealed under the household's own key, which lies outside the store.
    public byte[] Record { get; set; } = [];

    public override string ToString() => "[gezin]";
}

// An attempt to reach a household.
internal sealed class HouseholdAttempt
{
    public long Sequence { get; init; }

    // Of the form with which it was told, so that a form that is sent twice tells it once.
    public required string Id { get; init; }

    public required string HouseholdId { get; init; }

    public required DateOnly Day { get; init; }

    public required string Channel { get; init; }

    public required bool Reached { get; init; }

    public required bool Notice { get; init; }

    public required string ByName { get; init; }

    public required DateTimeOffset At { get; init; }
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
