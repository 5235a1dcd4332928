using Bereik.Exchange.Signatures;

namespace Bereik.Exchange.Contracts;

/// <summary>A local node's word on a package (nl: ontvangstbewijs), signed by it.</summary>
public sealed record Receipt : ISignedDocument<Receipt>
{
    /// <inheritdoc/>
    public static string Typ => JoseTypes.Receipt;

    /// <summary>The exchange's id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The hash of the manifest's compact JWS.</summary>
    public required Bytes32 ManifestHash { get; init; }

    /// <summary><c>received</c> or <c>rejected</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>Why it was rejected: the code of the first check that failed; absent when received.</summary>
    public string? Code { get; init; }

    /// <summary>When; UTC, whole seconds.</summary>
    public required DateTimeOffset At { get; init; }

    /// <inheritdoc/>
    public ParseError? FindError()
    {
        if (Id == Guid.Empty) return new ParseError("document.field", "id");
        if (Outcome is not ("received" or "rejected")) return new ParseError("document.field", "outcome");
        var isRejected = Outcome == "rejected";
        return isRejected != Code is not null || (Code is not null && !Words.Code().IsMatch(Code)) ? new ParseError("document.field", "code") : null;
    }
}
