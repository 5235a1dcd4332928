using Bereik.Domain;

namespace Bereik.Hub.Storage;

// A yes and how it stands (nl: een ja). What is sealed of it and what was chosen are not in this model: they come in, go out and are deleted by SQL.
internal sealed class Answer
{
    public long Sequence { get; init; }

    // Of the consent record, in lower-case text.
    public required string Id { get; init; }

    public required long OrderSequence { get; init; }

    // The order's id, which is the wave's.
    public required string Wave { get; init; }

    public required string Recipient { get; init; }

    public required string Protocol { get; init; }

    // Number of the letter, salt and holder digest: by which its holder is known again. All three are forgotten together.
    public required string? Number { get; set; }

    public required string? Salt { get; set; }

    public required string? Holder { get; set; }

    public required ConsentState State { get; set; }

    public required bool IsHandedOut { get; set; }

    public required bool IsErased { get; set; }

    // As it was given. What the person said at the first contact is IsConfirmed.
    public required ConsentAssurance Assurance { get; init; }

    public required bool IsConfirmed { get; set; }

    public required AnswerMethod Method { get; init; }

    public required DateTimeOffset GivenAt { get; init; }

    // The last day on which it holds.
    public required DateOnly Until { get; init; }

    public required DateTimeOffset ReleaseAt { get; set; }

    public DateTimeOffset? ReleasedAt { get; set; }

    public required int CertificateDays { get; init; }

    // After it ended: the last day on which the recipient must have erased it. Null when it has nothing to erase.
    public DateOnly? EraseBy { get; set; }

    public DateTimeOffset? ErasedAt { get; set; }

    // The last day on which the operator was told that it is late.
    public DateOnly? LateToldOn { get; set; }

    // Its number among the changes that its recipient sees; null while the recipient sees nothing of it.
    public long? Changed { get; set; }

    public DateOnly GivenOn => BelgianTime.DayOf(GivenAt);

    public ConsentStanding Standing => new(State, IsHandedOut, IsErased);

    // SECURITY: the recipient sees what was released to it, and what its own worker helped with. Of all else it learns nothing, also not that it was there.
    public bool IsTold => ReleasedAt is not null || Assurance == ConsentAssurance.Assisted;

    // Whether the hub holds its sealed bytes.
    public bool IsKept => State is ConsentState.Held or ConsentState.Given or ConsentState.Released;

    // How it stands at an instant: past its last day it has lapsed, whether or not the step of work that says so came by.
    public ConsentStanding StandingAt(DateTimeOffset now) => BelgianTime.DayOf(now) <= Until ? Standing : Standing.After(ConsentAct.Expire, ConsentSide.Hub) ?? Standing;

    public override string ToString() => $"answer {Id}";
}

// One thing that happened to a yes.
internal sealed class ConsentEvent
{
    // What begins a yes is no step of one.
    public const string Give = "give";

    public long Sequence { get; init; }

    public required string Answer { get; init; }

    // Wire name of a step, or give.
    public required string Act { get; init; }

    public required string Side { get; init; }

    public required DateTimeOffset At { get; init; }

    // SHA-256 of what the recipient signed, without the signature; base64url.
    public string? Said { get; init; }

    // Compact JWS.
    public string? Step { get; init; }

    public string? Certificate { get; init; }

    public override string ToString() => $"{Act} of answer {Answer}";
}
