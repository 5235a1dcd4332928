using Bereik.Domain;
using Bereik.Local.Storage;

namespace Bereik.Local.Referrals;

/// <summary>How a referral stands against the day by which the first contact is made (nl: termijn van het eerste contact). It follows from the days alone: nobody sets it, so it is never late itself.</summary>
public enum ContactUrgency
{
    /// <summary>There is time, or it is over (nl: geen).</summary>
    None,

    /// <summary>Half of the time is over (nl: dringend).</summary>
    Due,

    /// <summary>The day has passed (nl: te laat).</summary>
    Overdue,

    /// <summary>It ended without anybody having taken it up or having ended it (nl: gemist).</summary>
    Missed,
}

// The protocol's term (nl: termijn) is the time in which a referral is carried out: by its end somebody has spoken with the person. At half of it the team is reminded; past it, its lead and the referrer see it.
internal static class FirstContact
{
    // As long as what nobody took up stays in sight of the lead.
    public const int MissedDays = 30;

    public static DateOnly By(Protocol? protocol, DateOnly receivedOn) => receivedOn.AddDays(protocol?.Find<Clause.Term>()?.Days ?? 0);

    public static ContactUrgency Of(Referral referral, DateOnly today) => referral.Standing.State switch
    {
        _ when referral.State == Referral.Refused => ContactUrgency.None,
        ReferralState.Expired => ContactUrgency.Missed,

        // What lapsed at the end of its days was closed by the node, without an outcome that a worker chose.
        ReferralState.Closed when referral is { Direction: Referral.In, ContactedOn: null, Outcome: null } => ContactUrgency.Missed,
        ReferralState.Sent or ReferralState.Accepted when referral.ContactBy < today => ContactUrgency.Overdue,
        ReferralState.Sent or ReferralState.Accepted when today.DayNumber - referral.ReceivedOn.DayNumber >= (referral.ContactBy.DayNumber - referral.ReceivedOn.DayNumber + 1) / 2 => ContactUrgency.Due,
        _ => ContactUrgency.None,
    };
}
