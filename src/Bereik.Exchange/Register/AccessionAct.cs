using Bereik.Domain;
using Bereik.Exchange.Signatures;

namespace Bereik.Exchange.Register;

/// <summary>A local government's accession (nl: toetredingsakte), signed by it. It signs the text of the protocol itself too, the same bytes as every party.</summary>
public sealed record AccessionAct : ISignedDocument<AccessionAct>
{
    /// <inheritdoc/>
    public static string Typ => JoseTypes.Accession;

    /// <summary>What it declares.</summary>
    public required Accession Accession { get; init; }

    /// <summary>When it was signed; UTC, whole seconds.</summary>
    public required DateTimeOffset At { get; init; }

    /// <inheritdoc/>
    public ParseError? FindError() => DocumentShape.FindError(Accession, "accession");
}
