namespace Bereik.Domain;

/// <summary>A kind of exchange (nl: stroom). Kinds are never mixed: the purpose of one is not the purpose of another.</summary>
public enum Flow
{
    /// <summary>Presence only, of own residents in the source's register, for one named benefit (nl: vergelijkingslijst).</summary>
    Match,

    /// <summary>Families of the source that the OCMW does not know yet, for proactive outreach (nl: lijst van niet-gekende gezinnen).</summary>
    Unknown,

    /// <summary>A letter by the source; only a yes discloses (nl: brief via de bron).</summary>
    Messenger,

    /// <summary>A handover by a professional in contact, with consent (nl: warme doorverwijzing met toestemming).</summary>
    Referral,

    /// <summary>One question about one person with an open file (nl: raadpleging).</summary>
    Query,
}

/// <summary>The names of flows on the wire (nl: namen van de stromen).</summary>
public static class FlowNames
{
    /// <summary><c>match</c>, <c>unknown</c>, <c>messenger</c>, <c>referral</c> or <c>query</c>.</summary>
    /// <param name="flow">The flow.</param>
    public static string WireName(this Flow flow) => flow switch
    {
        Flow.Match => "match",
        Flow.Unknown => "unknown",
        Flow.Messenger => "messenger",
        Flow.Referral => "referral",
        Flow.Query => "query",
        _ => throw new ArgumentOutOfRangeException(nameof(flow)),
    };

    /// <summary>Reads a wire name.</summary>
    /// <param name="text">The text; may be null.</param>
    /// <param name="flow">The flow, when the result is true.</param>
    public static bool TryParse(string? text, out Flow flow)
    {
        (var known, flow) = text switch
        {
            "match" => (true, Flow.Match),
            "unknown" => (true, Flow.Unknown),
            "messenger" => (true, Flow.Messenger),
            "referral" => (true, Flow.Referral),
            "query" => (true, Flow.Query),
            _ => (false, default),
        };
        return known;
    }
}
