using Bereik.Domain;

namespace Bereik.Hub.Storage;

// A referral that was let through, and how it stands (nl: doorverwijzing). What is sealed of it is not in this model: it comes in, goes out and is deleted by SQL.
internal sealed class Referral
{
    public long Sequence { get; init; }

    // The referral's id in lower-case text, as in its offer.
    public required string Id { get; init; }

    public required string Sender { get; init; }

    public required string Recipient { get; init; }

    public required string Service { get; init; }

    public required string Protocol { get; init; }

    public required string Version { get; init; }

    // Of the protocol's text.
    public required string Hash { get; init; }

    // Compact JWS.
    public required string Offer { get; init; }

    public required string OfferHash { get; init; }

    public required ReferralState State { get; set; }

    public required bool IsReceived { get; set; }

    public required bool IsErased { get; set; }

    public required DateTimeOffset ExpiresAt { get; init; }

    // Grows with every change of any referral.
    public required long Changed { get; set; }

    // How it stands at an instant: past its time it has lapsed, whether or not the step of work that says so came by.
    public ReferralStanding StandingAt(DateTimeOffset now)
    {
        var standing = new ReferralStanding(State, IsReceived, IsErased);
        return now < ExpiresAt ? standing : standing.Lapsed();
    }

    // Whether the hub holds its sealed bytes.
    public bool IsHeld => State == ReferralState.Sent && !IsReceived;

    public override string ToString() => $"referral {Id}";
}

// What one of the two services said of a referral.
internal sealed class ReferralWord
{
    public long Sequence { get; init; }

    public required long Referral { get; init; }

    // SHA-256 of what was signed, without the signature; base64url.
    public required string Said { get; init; }

    // Compact JWS.
    public required string Step { get; init; }

    public required ReferralAct Act { get; init; }

    public required string By { get; init; }

    // When it was taken in here.
    public required DateTimeOffset At { get; init; }
}
