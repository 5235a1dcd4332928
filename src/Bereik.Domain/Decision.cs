namespace Bereik.Domain;

/// <summary>Why something was refused or held (nl: reden).</summary>
/// <param name="Code">Stable code, for example <c>order.epochCrossed</c>.</param>
/// <param name="Clause">Id of the clause that decided; null when the reason is not a clause.</param>
/// <param name="Text">One sentence in Dutch.</param>
/// <param name="TextEnglish">The same in English.</param>
public sealed record Reason(string Code, string? Clause, string Text, string TextEnglish);

/// <summary>What was decided (nl: beslissing), always with every reason. SECURITY: only <see cref="Decide"/> can make one that permits.</summary>
public sealed record Decision
{
    internal Decision(Outcome outcome, IReadOnlyList<Reason> reasons, IReadOnlyList<FieldDecision>? fields = null, Obligations? obligations = null)
    {
        Outcome = outcome;
        Reasons = reasons;
        Fields = fields ?? [];
        Obligations = obligations;
    }

    /// <summary>Permit, hold or refuse.</summary>
    public Outcome Outcome { get; }

    /// <summary>Every reason; empty exactly when permitted.</summary>
    public IReadOnlyList<Reason> Reasons { get; }

    /// <summary>What was decided on each field that was asked for; empty where fields play no part.</summary>
    public IReadOnlyList<FieldDecision> Fields { get; }

    /// <summary>What the permit asks in return; null when refused.</summary>
    public Obligations? Obligations { get; }

    /// <summary>Whether nothing is against it but that the register was not read lately: reading it and asking again may change that, and nothing is stopped for good.</summary>
    public bool IsForStaleRegisterOnly => Reasons.Count == 1 && Reasons[0] == Domain.Reasons.RegisterStale;

    /// <summary>A refusal. Anybody may refuse.</summary>
    /// <param name="reason">Why.</param>
    public static Decision Refusal(Reason reason) => new(Outcome.Refuse, [reason]);

    // Any refusing reason refuses, any other holds; holds are told only when nothing refuses.
    internal static Decision Of(IReadOnlyList<Reason> refusals, IReadOnlyList<Reason> holds) =>
        refusals.Count > 0 ? new(Outcome.Refuse, refusals) : holds.Count > 0 ? new(Outcome.Hold, holds) : new(Outcome.Permit, []);
}

/// <summary>What was decided on one field (nl: beslissing per gegeven).</summary>
public sealed record FieldDecision
{
    internal FieldDecision(RecordField field, IReadOnlyList<Reason> reasons) => (Field, Reasons) = (field, reasons);

    /// <summary>The field.</summary>
    public RecordField Field { get; }

    /// <summary>Permit or refuse.</summary>
    public Outcome Outcome => Reasons.Count > 0 ? Outcome.Refuse : Outcome.Permit;

    /// <summary>Every reason of this field, those of the whole request too; empty exactly when permitted.</summary>
    public IReadOnlyList<Reason> Reasons { get; }
}

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
