using Bereik.Domain;
using Bereik.Exchange.Signatures;

namespace Bereik.Exchange.Register;

/// <summary>An officer's advice on a text (nl: advies over een protocol), signed by the organisation that the officer advises.</summary>
public sealed record ProtocolAdvice : ISignedDocument<ProtocolAdvice>
{
    /// <inheritdoc/>
    public static string Typ => JoseTypes.ProtocolAdvice;

    /// <summary>Hash of the text.</summary>
    public required Bytes32 Protocol { get; init; }

    /// <summary>For which side: <c>source</c> or <c>recipient</c>.</summary>
    public required Party Party { get; init; }

    /// <summary>The advice.</summary>
    public required OfficerAdvice Advice { get; init; }

    /// <summary>When it was signed; UTC, whole seconds.</summary>
    public required DateTimeOffset At { get; init; }

    /// <inheritdoc/>
    public ParseError? FindError() => Party is not (Party.Source or Party.Recipient) ? new ParseError("document.field", "party") : DocumentShape.FindError(Advice, "advice");
}
