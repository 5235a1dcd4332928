using Bereik.Domain;

namespace Bereik.Local.Storage;

// A referral from here or to here (nl: doorverwijzing). Nothing in it says who the person is: that is in the record, under a key that lies outside the store.
internal sealed class Referral
{
    public const string Out = "out";
    public const string In = "in";

    // States of this node alone: not at the hub yet, and never taken by it.
    public const string Waiting = "waiting";
    public const string Refused = "refused";

    public required string Id { get; init; }

    public required string Direction { get; init; }

    public required string ProtocolId { get; init; }

    public required string ProtocolVersion { get; init; }

    public required string ProtocolHash { get; init; }

    public string Purpose { get; init; } = Domain.Purpose.RequestedHelp.WireName();

    // The other organisation.
    public required string Partner { get; init; }

    public required string Service { get; init; }

    // Whose it is here: of who refers, or of the service that receives.
    public required string Team { get; init; }

    // The referral that came in here and from which this one was made; known here alone.
    public string? FromId { get; init; }

    public required string State { get; set; }

    public bool IsReceived { get; set; }

    public bool IsErased { get; set; }

    public string? Offer { get; set; }

    // What is still to be sent; gone once the hub has it.
    public string? Sealed { get; set; }

    public byte[]? Record { get; set; }

    public string? MadeBy { get; init; }

    public string? AssignedTo { get; set; }

    public string? AssignedName { get; set; }

    public required DateOnly ReceivedOn { get; init; }

    // By when the first contact is made, after the term of the protocol.
    public required DateOnly ContactBy { get; init; }

    public required DateOnly InformBy { get; init; }

    public required DateOnly DeleteBy { get; set; }

    // Until when a consent that was spoken must be confirmed; null when it is.
    public DateOnly? ConfirmBy { get; set; }

    public DateOnly? ContactedOn { get; set; }

    public DateOnly? InformedOn { get; set; }

    public DateOnly? NextOn { get; set; }

    public string? Outcome { get; set; }

    public string? Code { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? ErasedAt { get; set; }

    // How it stands between the two services; what waits here counts as sent.
    public ReferralStanding Standing => new(ReferralNames.TryParse(State, out ReferralState state) ? state : State == Refused ? ReferralState.Expired : ReferralState.Sent, IsReceived, IsErased);

    public void Take(ReferralStanding standing) => (State, IsReceived, IsErased) = (standing.State.WireName(), standing.IsReceived, standing.IsErased);

    public override string ToString() => "[doorverwijzing]";
}

// A signed step of a referral, said here or heard from the other.
internal sealed class SaidStep
{
    public long Sequence { get; init; }

    public required string ReferralId { get; init; }

    public required string Act { get; init; }

    public required string Side { get; init; }

    public string? Cause { get; init; }

    public required string Document { get; init; }

    public required DateTimeOffset At { get; init; }

    // The instant of the round with which it goes.
    public required DateTimeOffset SendAfter { get; init; }

    // Null until the hub has it.
    public DateTimeOffset? SentAt { get; set; }
}

// An attempt to reach the person.
internal sealed class ReferralAttempt
{
    public long Sequence { get; init; }

    // Of the form with which it was told, so that a form that is sent twice tells it once.
    public required string Id { get; init; }

    public required string ReferralId { get; init; }

    public required DateOnly Day { get; init; }

    public required string Channel { get; init; }

    public required bool Reached { get; init; }

    public required string ByName { get; init; }

    public required DateTimeOffset At { get; init; }
}

// The scan of a consent on paper, sealed; of the referrer alone.
internal sealed class ConsentScan
{
    public required string ReferralId { get; init; }

    public required string Type { get; set; }

    public required byte[] Content { get; set; }

    public required DateTimeOffset KeptAt { get; set; }

    public override string ToString() => nameof(ConsentScan);
}
