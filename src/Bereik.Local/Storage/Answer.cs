using Bereik.Domain;
using Bereik.Exchange.Contracts;

namespace Bereik.Local.Storage;

// A yes to a letter as far as this organisation may know of it (nl: ja op een brief). It has the id of its household, which alone says who it is; the number of the letter is kept nowhere.
internal sealed class Answer
{
    // Helped with at the counter, and the hub has not said yet that it took it.
    public const string Asked = "asked";

    public required string Id { get; init; }

    // Null while it is only asked: which wave it is of, the hub says.
    public string? Wave { get; set; }

    public long Changed { get; set; }

    public required string State { get; set; }

    public bool IsHandedOut { get; set; }

    public bool IsErased { get; set; }

    public required ConsentAssurance Assurance { get; init; }

    public required AnswerMethod Method { get; init; }

    public required DateOnly GivenOn { get; set; }

    // The last day on which it holds.
    public DateOnly? Until { get; set; }

    // After it ended: by when the hub must know that it is erased.
    public DateOnly? EraseBy { get; set; }

    public DateOnly? ReceivedOn { get; set; }

    // Since when the person stands for it, at the first contact.
    public DateOnly? ConfirmedOn { get; set; }

    public DateOnly? DeniedOn { get; set; }

    // Why it was not taken in.
    public string? Code { get; set; }

    // The worker who typed for the person.
    public string? HelpedBy { get; init; }

    public DateTimeOffset? HelpedAt { get; init; }

    // Who asked at the first contact whether it was theirs.
    public string? CheckedBy { get; set; }

    // The second worker who stood for what a colleague helped with.
    public string? SecondedBy { get; set; }

    public ConsentStanding Standing => new(ConsentNames.TryParse(State, out ConsentState state) ? state : ConsentState.Held, IsHandedOut, IsErased);

    public void Take(ConsentStanding standing) => (State, IsHandedOut, IsErased) = (standing.State.WireName(), standing.IsHandedOut, standing.IsErased);

    public override string ToString() => $"answer {Id}";
}

// What was said of a yes to the hub: signed once, so that every attempt sends the same bytes.
internal sealed class AnswerStep
{
    public long Sequence { get; init; }

    public required string AnswerId { get; init; }

    public required string Act { get; init; }

    public required string Document { get; init; }

    // With the last step: the certificate that goes beside it.
    public string? AttestId { get; init; }

    public required DateTimeOffset At { get; init; }

    // Null until the hub has it, or said that it cannot be said any more.
    public DateTimeOffset? SentAt { get; set; }

    // What the hub said against it.
    public string? Code { get; set; }
}

// The source's word that a wave is ready, once it was verified.
internal sealed class OpenedWave
{
    public required string ListId { get; init; }

    public required string Document { get; init; }

    public required int Letters { get; init; }

    public required DateOnly OpensOn { get; init; }

    public required DateOnly AnswerBy { get; init; }

    public override string ToString() => $"wave {ListId}";
}
