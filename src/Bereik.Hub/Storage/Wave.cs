namespace Bereik.Hub.Storage;

// A wave of letters that its source opened (nl: golf); it is of the order with the same sequence. Its letters and sealed invitations are in tables that are not in this model.
internal sealed class Wave
{
    public long OrderSequence { get; init; }

    // Compact JWS.
    public required string Opening { get; init; }

    // SHA-256 of the words that the letters gave notice with, base64url.
    public required string Notice { get; init; }

    public required string ProtocolHash { get; init; }

    public required string RecipientKid { get; init; }

    public required int Letters { get; init; }

    public required DateOnly OpensOn { get; init; }

    public required DateOnly AnswerBy { get; init; }

    // The last day on which any yes to it can hold.
    public required DateOnly LastUntil { get; init; }

    public required DateTimeOffset OpenedAt { get; init; }

    public override string ToString() => $"wave {OrderSequence}";
}
