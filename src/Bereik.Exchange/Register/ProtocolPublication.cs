using Bereik.Exchange.Signatures;

namespace Bereik.Exchange.Register;

/// <summary>That a text was made public (nl: bekendmaking), signed by the source.</summary>
public sealed record ProtocolPublication : ISignedDocument<ProtocolPublication>
{
    /// <inheritdoc/>
    public static string Typ => JoseTypes.ProtocolPublication;

    /// <summary>Hash of the text.</summary>
    public required Bytes32 Protocol { get; init; }

    /// <summary>Addresses of the pages where it stands, one to twenty, each <c>https</c>.</summary>
    public required IReadOnlyList<string> Places { get; init; }

    /// <summary>When it was signed; UTC, whole seconds.</summary>
    public required DateTimeOffset At { get; init; }

    /// <inheritdoc/>
    public ParseError? FindError() => Places.Count is 0 or > 20 || !Places.All(IsPlace) ? new ParseError("document.field", "places") : null;

    /// <summary>Whether a text is the address of a public page.</summary>
    /// <param name="text">The text; may be null.</param>
    public static bool IsPlace(string? text) => text is { Length: <= 300 } && Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps && address.UserInfo.Length == 0;
}
