using Bereik.Domain;
using Bereik.Exchange.Signatures;

namespace Bereik.Exchange.Register;

/// <summary>A suspension, its lifting, or an end (nl: schorsing, opheffing, beëindiging), of a protocol or of one accession.</summary>
public sealed record RegisterStop : ISignedDocument<RegisterStop>
{
    /// <inheritdoc/>
    public static string Typ => JoseTypes.RegisterStop;

    /// <summary>Hash of the text.</summary>
    public required Bytes32 Protocol { get; init; }

    /// <summary>Whose accession: 2 to 40 of <c>a-z 0-9 -</c>; absent for the protocol as a whole.</summary>
    public string? Organisation { get; init; }

    /// <summary>What happens.</summary>
    public required StopKind Kind { get; init; }

    /// <summary>What led to it; with a suspension only.</summary>
    public SanctionTrigger? Trigger { get; init; }

    /// <summary>Why, in words, 3 to 500 characters. Never about a person.</summary>
    public required string Because { get; init; }

    /// <summary>The first day on which it no longer counts; with an end only.</summary>
    public DateOnly? On { get; init; }

    /// <summary>When it was signed; UTC, whole seconds.</summary>
    public required DateTimeOffset At { get; init; }

    /// <inheritdoc/>
    public ParseError? FindError()
    {
        if (Organisation is not null && !Words.Organisation().IsMatch(Organisation)) return new ParseError("document.field", "organisation");
        if ((Kind == StopKind.Suspend) != (Trigger is not null)) return new ParseError("document.field", "trigger");
        if ((Kind == StopKind.End) != (On is not null)) return new ParseError("document.field", "on");
        return Because.Trim().Length != Because.Length || Because.Length is < 3 or > 500 || Because.Any(char.IsControl) ? new ParseError("document.field", "because") : null;
    }
}

/// <summary>What a stop does (nl: soort).</summary>
public enum StopKind
{
    /// <summary>Suspends (nl: schorst).</summary>
    Suspend,

    /// <summary>Lifts a suspension (nl: heft op).</summary>
    Resume,

    /// <summary>Ends (nl: beëindigt).</summary>
    End,
}
