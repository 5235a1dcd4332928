namespace Bereik.Domain;

/// <summary>What a received row is used for (nl: doel van het gebruik). It travels with the row and never changes.</summary>
public enum Purpose
{
    /// <summary>Offering help to a household that may not know its rights (nl: proactief hulp aanbieden).</summary>
    Outreach,

    /// <summary>Granting one named benefit without an application (nl: automatische toekenning).</summary>
    AutomaticGrant,

    /// <summary>Helping a person who asked for it or agreed to it (nl: gevraagde hulp).</summary>
    RequestedHelp,

    /// <summary>Finding out whether a right exists, for an open file (nl: nagaan van een recht).</summary>
    Entitlement,
}

/// <summary>The names of purposes in stores and exports (nl: namen van de doelen).</summary>
public static class PurposeNames
{
    /// <summary><c>outreach</c>, <c>automaticGrant</c>, <c>requestedHelp</c> or <c>entitlement</c>.</summary>
    /// <param name="purpose">The purpose.</param>
    public static string WireName(this Purpose purpose) => purpose switch
    {
        Domain.Purpose.Outreach => "outreach",
        Domain.Purpose.AutomaticGrant => "automaticGrant",
        Domain.Purpose.RequestedHelp => "requestedHelp",
        Domain.Purpose.Entitlement => "entitlement",
        _ => throw new ArgumentOutOfRangeException(nameof(purpose)),
    };

    /// <summary>The one purpose for which a flow delivers.</summary>
    /// <param name="flow">The flow.</param>
    public static Purpose Purpose(this Flow flow) => flow switch
    {
        Flow.Unknown => Domain.Purpose.Outreach,
        Flow.Match => Domain.Purpose.AutomaticGrant,
        Flow.Messenger or Flow.Referral => Domain.Purpose.RequestedHelp,
        Flow.Query => Domain.Purpose.Entitlement,
        _ => throw new ArgumentOutOfRangeException(nameof(flow)),
    };
}
