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
public sealed record Decision(Outcome Outcome, IReadOnlyList<Reason> Reasons);

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
