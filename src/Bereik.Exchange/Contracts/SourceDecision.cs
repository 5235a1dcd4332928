using Bereik.Exchange.Signatures;

namespace Bereik.Exchange.Contracts;

/// <summary>A source's decision on an order (nl: beslissing van de bron), signed by it.</summary>
public sealed record SourceDecision : ISignedDocument<SourceDecision>
{
    /// <inheritdoc/>
    public static string Typ => JoseTypes.Decision;

    /// <summary>The hash of the order's compact JWS.</summary>
    public required Bytes32 Order { get; init; }

    /// <summary>The order's id.</summary>
    public required Guid Id { get; init; }

    /// <summary><c>permit</c> or <c>refuse</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>Every reason; at least one with <c>refuse</c>.</summary>
    public required IReadOnlyList<DecisionReason> Reasons { get; init; }

    /// <summary>True when the source signs for a known set that is empty or shrank.</summary>
    public required bool AcceptsKnownSet { get; init; }

    /// <summary>When; UTC, whole seconds.</summary>
    public required DateTimeOffset DecidedAt { get; init; }

    /// <inheritdoc/>
    public ParseError? FindError()
    {
        if (Id == Guid.Empty) return new ParseError("document.field", "id");
        if (Outcome is not ("permit" or "refuse")) return new ParseError("document.field", "outcome");
        return Reasons.Count > 100 || (Outcome == "refuse" && Reasons.Count == 0)
            || Reasons.Any(reason => reason is null || !Words.Code().IsMatch(reason.Code) || reason.Text.Length is 0 or > 2000)
            ? new ParseError("document.field", "reasons")
            : null;
    }
}

/// <summary>One reason of a decision.</summary>
public sealed record DecisionReason
{
    /// <summary>A stable code: a letter, then up to 79 of <c>A-Z a-z 0-9 . -</c>.</summary>
    public required string Code { get; init; }

    /// <summary>A sentence for people, 1 to 2,000 characters.</summary>
    public required string Text { get; init; }
}
