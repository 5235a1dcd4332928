using Bereik.Exchange.Signatures;

namespace Bereik.Exchange.Contracts;

/// <summary>
/// A source's word that a wave of letters is ready (nl: golf), signed by it: which sealed invitations it left at the hub, what the letter said, and from which day to which it can be answered. Nothing of
/// a person. Members are written in the order given here; format in <c>docs/formats/invitation.md</c>.
/// </summary>
public sealed record WaveOpening : ISignedDocument<WaveOpening>
{
    /// <summary>The most invitations in one part of a deposit.</summary>
    public const int MostInPart = 1000;

    /// <inheritdoc/>
    public static string Typ => JoseTypes.Wave;

    /// <summary>The order's id, which is also the wave's.</summary>
    public required Guid Id { get; init; }

    /// <summary>The hash of the order's compact JWS.</summary>
    public required Bytes32 Order { get; init; }

    /// <summary>SHA-256 of the protocol's canonical form.</summary>
    public required Bytes32 ProtocolHash { get; init; }

    /// <summary>The key id of the recipient's sealing key.</summary>
    public required string RecipientKid { get; init; }

    /// <summary>The key id that signs this; equal to the header's.</summary>
    public required string SourceKid { get; init; }

    /// <summary>SHA-256 of the words that the letters gave notice with.</summary>
    public required Bytes32 Notice { get; init; }

    /// <summary>How many letters there are.</summary>
    public required int Letters { get; init; }

    /// <summary>SHA-256 of each part that was deposited, in order; every part but the last has <see cref="MostInPart"/> lines.</summary>
    public required IReadOnlyList<Bytes32> Parts { get; init; }

    /// <summary>The day of posting, Europe/Brussels: from then on it can be answered.</summary>
    public required DateOnly OpensOn { get; init; }

    /// <summary>The last day on which it can be answered, Europe/Brussels.</summary>
    public required DateOnly AnswerBy { get; init; }

    /// <summary>When it was signed; UTC, whole seconds.</summary>
    public required DateTimeOffset At { get; init; }

    /// <inheritdoc/>
    public ParseError? FindError()
    {
        if (Id == Guid.Empty) return Field("id");
        if (!Bytes32.TryParse(RecipientKid, out _)) return Field("recipientKid");
        if (!Bytes32.TryParse(SourceKid, out _)) return Field("sourceKid");
        if (Letters is < 1 or > LetterOrder.MostLetters) return Field("letters");
        if (Parts.Count != (Letters + MostInPart - 1) / MostInPart) return Field("parts");
        return AnswerBy <= OpensOn ? Field("answerBy") : null;
    }

    /// <summary>The wave's id.</summary>
    public override string ToString() => $"wave {Id}";

    private static ParseError Field(string name) => new("document.field", name);
}
