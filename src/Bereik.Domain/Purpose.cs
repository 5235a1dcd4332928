namespace Bereik.Domain;

/// <summary>What a received row is used for (nl: doel van het gebruik). It travels with the row and never changes.</summary>
public enum Purpose
{
    /// <summary>Offering help to a household that may not know its rights (nl: proactief hulp aanbieden).</summary>
    Outreach,

    /// <summary>Granting one named benefit without an application (nl: automatische toekenning).</summary>
    AutomaticGrant,
}

/// <summary>The names of purposes in stores and exports (nl: namen van de doelen).</summary>
public static class PurposeNames
{
    /// <summary><c>outreach</c> or <c>automaticGrant</c>.</summary>
    /// <param name="purpose">The purpose.</param>
    public static string WireName(this Purpose purpose) => purpose switch
    {
        Domain.Purpose.Outreach => "outreach",
        Domain.Purpose.AutomaticGrant => "automaticGrant",
        _ => throw new ArgumentOutOfRangeException(nameof(purpose)),
    };

    /// <summary>The one purpose for which a flow delivers.</summary>
    /// <param name="flow">The flow.</param>
    public static Purpose Purpose(this Flow flow) => flow switch
    {
        Flow.Unknown => Domain.Purpose.Outreach,
        Flow.Match => Domain.Purpose.AutomaticGrant,
        _ => throw new ArgumentOutOfRangeException(nameof(flow)),
    };
}
