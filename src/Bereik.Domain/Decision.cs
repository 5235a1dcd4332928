namespace Bereik.Domain;

/// <summary>Why something was refused or held (nl: reden).</summary>
/// <param name="Code">Stable code, for example <c>order.epochCrossed</c>.</param>
/// <param name="Clause">Id of the clause that decided; null when the reason is not a clause.</param>
/// <param name="Text">One sentence in Dutch.</param>
/// <param name="TextEnglish">The same in English.</param>
public sealed record Reason(string Code, string? Clause, string Text, string TextEnglish);

/// <summary>What was decided (nl: beslissing), always with every reason.</summary>
/// <param name="Outcome">Permit, hold or refuse.</param>
/// <param name="Reasons">Empty exactly when permitted.</param>
public sealed record Decision(Outcome Outcome, IReadOnlyList<Reason> Reasons)
{
    /// <summary>What was decided on each field that was asked for; empty where fields play no part.</summary>
    public IReadOnlyList<FieldDecision> Fields { get; init; } = [];

    /// <summary>What the permit asks in return; null when refused.</summary>
    public Obligations? Obligations { get; init; }

    /// <summary>A decision for what was found: any refusing reason refuses, any other holds.</summary>
    /// <param name="refusals">Reasons that refuse.</param>
    /// <param name="holds">Reasons that hold; told only when nothing refuses.</param>
    internal static Decision Of(IReadOnlyList<Reason> refusals, IReadOnlyList<Reason> holds) =>
        refusals.Count > 0 ? new(Outcome.Refuse, refusals) : holds.Count > 0 ? new(Outcome.Hold, holds) : new(Outcome.Permit, []);
}

/// <summary>What was decided on one field (nl: beslissing per gegeven).</summary>
/// <param name="Field">The field.</param>
/// <param name="Outcome">Permit or refuse.</param>
/// <param name="Reasons">Every reason of this field, those of the whole request too; empty exactly when permitted.</param>
public sealed record FieldDecision(RecordField Field, Outcome Outcome, IReadOnlyList<Reason> Reasons);

/// <summary>What a permit asks in return (nl: verplichtingen).</summary>
/// <param name="InformBy">The last day on which the household may be told, art. 14 GDPR.</param>
/// <param name="DeleteBy">The last day on which the row may be there.</param>
public sealed record Obligations(DateOnly InformBy, DateOnly DeleteBy);

/// <summary>The outcome of a decision (nl: uitkomst).</summary>
public enum Outcome
{
    /// <summary>It may go on (nl: toegestaan).</summary>
    Permit,

    /// <summary>It waits until somebody signs for it (nl: aangehouden).</summary>
    Hold,

    /// <summary>It may not go on (nl: geweigerd).</summary>
    Refuse,
}
