using Bereik.Domain;
using Bereik.Node.Ui;

namespace Bereik.Local.Pages;

/// <summary>A step of acceding, in order.</summary>
public enum AccessionStep
{
    /// <summary>The decision of the council and the advice of the officer.</summary>
    Decision,

    /// <summary>The measures of the framework.</summary>
    Measures,

    /// <summary>The service that receives, and for which municipalities.</summary>
    Service,

    /// <summary>Looking at all of it, and signing.</summary>
    Sign,
}

/// <summary>Where the pages of acceding are.</summary>
public static class AccessionPaths
{
    /// <summary>The page of a step.</summary>
    /// <param name="protocol">Id of the protocol.</param>
    /// <param name="step">The step.</param>
    public static string Of(string protocol, AccessionStep step) => $"/toetreding/{protocol}/" + step switch
    {
        AccessionStep.Decision => "beslissing",
        AccessionStep.Measures => "maatregelen",
        AccessionStep.Service => "dienst",
        _ => "ondertekenen",
    };
}

/// <summary>A protocol in the table of those that may be joined.</summary>
/// <param name="Protocol">The text.</param>
/// <param name="State">Its state.</param>
/// <param name="Standing">The accession, or null.</param>
/// <param name="NextLapse">The first last day of a mandatory measure, or null.</param>
/// <param name="HasDraft">Whether something was filled in and not signed.</param>
/// <param name="IsOwnFlow">Whether it is of the flow that this node is here for: that of its lists, else referrals.</param>
public sealed record AccessionRow(Protocol Protocol, ProtocolState State, AccessionStanding? Standing, DateOnly? NextLapse, bool HasDraft, bool IsOwnFlow);

/// <summary>How far a step is.</summary>
/// <param name="Step">The step.</param>
/// <param name="IsWhole">Whether nothing is left to fill in.</param>
/// <param name="IsBegun">Whether something was filled in.</param>
public sealed record AccessionProgress(AccessionStep Step, bool IsWhole, bool IsBegun);

/// <summary>A measure as it was attested.</summary>
/// <param name="Measure">The measure.</param>
/// <param name="Answer">The answer, or null.</param>
/// <param name="LastDay">The last day on which it counts, or null when it is not met.</param>
public sealed record MeasureView(Measure Measure, MeasureAnswer? Answer, DateOnly? LastDay);

/// <summary>One protocol and the accession of this organisation.</summary>
/// <param name="Protocol">The text that is joined.</param>
/// <param name="State">State of that text.</param>
/// <param name="JoinedVersion">Version that was joined, where it is another; else null.</param>
/// <param name="Standing">The accession, or null.</param>
/// <param name="Measures">The measures of the accession; empty without one.</param>
/// <param name="Steps">How far each step of a new accession is.</param>
/// <param name="HasDraft">Whether something was filled in and not signed.</param>
/// <param name="IsOwnSuspension">Whether this organisation suspended, and so may lift it.</param>
/// <param name="NameOf">Name of an organisation that suspended.</param>
/// <param name="Triggers">What may lead to a suspension.</param>
/// <param name="IsNew">True right after an accession was signed.</param>
public sealed record AccessionView(
    Protocol Protocol, ProtocolState State, string? JoinedVersion, AccessionStanding? Standing, IReadOnlyList<MeasureView> Measures, IReadOnlyList<AccessionProgress> Steps,
    bool HasDraft, bool IsOwnSuspension, Func<OrganisationId, string> NameOf, IReadOnlyList<SanctionTrigger> Triggers, bool IsNew)
{
    /// <summary>Whether lists can be ordered under it here.</summary>
    public bool OrdersLists { get; init; }

    /// <summary>What is wrong with a form.</summary>
    public IReadOnlyList<FieldError> Errors { get; init; } = [];

    /// <summary>What was filled in, by field.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    /// <summary>Why the hub did not take it, as a code; else null.</summary>
    public string? Failure { get; init; }
}

/// <summary>One of the steps that are filled in.</summary>
/// <param name="Protocol">The text.</param>
/// <param name="Step">Which step.</param>
/// <param name="Values">What stands in the fields, by name.</param>
/// <param name="Errors">What is wrong.</param>
/// <param name="Unanswered">Measures without a whole answer.</param>
public sealed record AccessionFormView(Protocol Protocol, AccessionStep Step, IReadOnlyDictionary<string, string> Values, IReadOnlyList<FieldError> Errors, int Unanswered)
{
    /// <summary>Bodies that may decide; at the step of the decision.</summary>
    public IReadOnlyList<DecidingBody> Bodies { get; init; } = [];

    /// <summary>Code and name of each own municipality; at the step of the service.</summary>
    public IReadOnlyList<(string Nis, string Name)> Municipalities { get; init; } = [];

    /// <summary>Whether a local regulation is asked for.</summary>
    public bool NeedsRegulation { get; init; }

    /// <summary>The numbers of the services that are shown, at the step of the service: those that were filled in, and the next one. Empty where no referrals come.</summary>
    public IReadOnlyList<int> ServiceFields { get; init; } = [];

    /// <summary>Whether a partnership is asked for.</summary>
    public bool NeedsPartnership { get; init; }

    /// <summary>Partnerships that others named.</summary>
    public IReadOnlyList<PartnershipChoice> Partnerships { get; init; } = [];

    /// <summary>What stands in a field.</summary>
    /// <param name="field">Its name.</param>
    public string Value(string field) => Values.GetValueOrDefault(field, "");

    /// <summary>What is wrong with a field, or null.</summary>
    /// <param name="field">Its name.</param>
    public string? ErrorOf(string field) => Errors.FirstOrDefault(error => error.FieldId == field)?.Text;
}

/// <summary>A partnership that can be chosen.</summary>
/// <param name="Value">What the form sends.</param>
/// <param name="Membership">As others named it.</param>
/// <param name="By">Names of the organisations that did.</param>
public sealed record PartnershipChoice(string Value, PartnershipMembership Membership, string By);

/// <summary>The last step: all of it, what is still open, and the signature.</summary>
/// <param name="Protocol">The text.</param>
/// <param name="Accession">What would be signed; a part that is missing refuses.</param>
/// <param name="Organisation">Name of the organisation.</param>
/// <param name="Open">What is still open, by step; a step is there only when something is.</param>
/// <param name="Others">Reasons that no step can change.</param>
/// <param name="Counts">How many measures are met, planned, not met and without an answer.</param>
/// <param name="Errors">What is wrong with the form.</param>
/// <param name="Failure">Why the hub did not take it, as a code; else null.</param>
public sealed record AccessionSignView(
    Protocol Protocol, Accession Accession, string Organisation, IReadOnlyList<AccessionOpen> Open, IReadOnlyList<ReasonView> Others, MeasureCounts Counts, IReadOnlyList<FieldError> Errors, string? Failure)
{
    /// <summary>Whether everything is there.</summary>
    public bool MaySign => Open.Count == 0 && Others.Count == 0;

    /// <summary>Whether nothing is left to fill in at a step.</summary>
    /// <param name="step">The step.</param>
    public bool IsWhole(AccessionStep step) => Open.All(open => open.Step != step || open.Fields.Count == 0);
}

/// <summary>What is still open at a step.</summary>
/// <param name="Step">The step.</param>
/// <param name="Reasons">Reasons of the decision.</param>
/// <param name="Fields">Fields that are missing or cannot be read.</param>
public sealed record AccessionOpen(AccessionStep Step, IReadOnlyList<ReasonView> Reasons, IReadOnlyList<FieldError> Fields);

/// <summary>Measures by their answer.</summary>
/// <param name="Met">Met.</param>
/// <param name="Planned">Met with a plan.</param>
/// <param name="NotMet">Not met.</param>
/// <param name="Open">Without a whole answer.</param>
public sealed record MeasureCounts(int Met, int Planned, int NotMet, int Open);
