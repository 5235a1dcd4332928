using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Invitations;

namespace Bereik.Hub.Letters;

// Where answers to letters are taken, whichever way they come: the answer page, the mail room, the telephone, the counter of a recipient. One place, so that each way has the same outcome, delay and receipt.
internal sealed class AnswerDesk
{
    /// <summary>What a letter number leads to; null when there is no such letter.</summary>
    public Task<LetterFacts?> FindAsync(LetterNumber number, CancellationToken cancel) => throw new NotSupportedException();

    /// <summary>Yes. A number that there is not costs as much and answers as a wrong code does.</summary>
    /// <param name="number">The letter.</param>
    /// <param name="code">The code.</param>
    /// <param name="choices">What was chosen.</param>
    /// <param name="method">By which way it came.</param>
    /// <param name="assisted">With <see cref="AnswerMethod.Counter"/> alone: the word of the recipient's node, already verified.</param>
    /// <param name="cancel">Stops.</param>
    public Task<YesAnswer> YesAsync(LetterNumber number, SecretCode code, AnswerChoices choices, AnswerMethod method, AssistedAnswer? assisted, CancellationToken cancel) => throw new NotSupportedException();

    /// <summary>Never write to me again: an objection, by the number alone. The same again is no second one.</summary>
    /// <returns>False when there is no such letter.</returns>
    public Task<bool> NeverAsync(LetterNumber number, CancellationToken cancel) => throw new NotSupportedException();

    /// <summary>How the yes of this letter stands, to whoever has number and code.</summary>
    public Task<HolderAnswer> StateAsync(LetterNumber number, SecretCode code, CancellationToken cancel) => throw new NotSupportedException();

    /// <summary>Takes a yes back (<see cref="ConsentAct.Withdraw"/>), objects for good (<see cref="ConsentAct.Never"/>), or stands for one that was given with help (<see cref="ConsentAct.Countersign"/>).</summary>
    public Task<HolderAnswer> ActAsync(LetterNumber number, SecretCode code, ConsentAct act, AnswerMethod method, CancellationToken cancel) => throw new NotSupportedException();
}

/// <summary>What a page says of a letter before anybody answers: nothing of a person, and nothing of whether anybody answered.</summary>
internal sealed record LetterFacts
{
    public required LetterNumber Number { get; init; }

    // Names as people know them: the source's name, and of what the order filled in (parts municipality, service, street, contact, phone, hours, offer).
    public required string Source { get; init; }

    public required IReadOnlyDictionary<string, string> Parts { get; init; }

    public required DateOnly OpensOn { get; init; }

    public required DateOnly AnswerBy { get; init; }

    public required LetterTime Time { get; init; }

    // How long the OCMW may keep what it gets when nobody is reached, in days, and how long a yes holds.
    public required int KeptDays { get; init; }

    public required int ValidDays { get; init; }
}

/// <summary>Whether a letter can be answered now.</summary>
internal enum LetterTime
{
    // Before the day of posting.
    TooEarly,

    Open,

    // After the last day, or the wave was stopped.
    Over,
}

/// <summary>What became of a yes.</summary>
internal enum YesOutcome
{
    // Taken now.
    Taken,

    // Was taken before: the same holder again. Nothing changed, and no second receipt is made.
    Already,

    // The code does not fit the number, or there is no such number: never told apart.
    WrongCode,

    TooEarly,

    Over,

    // Too many are being worked out at this moment. Nobody is locked out: it can be tried again at once.
    Busy,

    // The protocol or the accession stopped: nothing may be passed on.
    Stopped,
}

/// <summary>The answer to a yes.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Receipt">The receipt, a compact JWS, with <see cref="YesOutcome.Taken"/> alone.</param>
/// <param name="Holder">How it stands, with <see cref="YesOutcome.Taken"/> and <see cref="YesOutcome.Already"/>.</param>
internal sealed record YesAnswer(YesOutcome Outcome, string? Receipt = null, HolderView? Holder = null)
{
    public override string ToString() => Outcome.ToString();
}

/// <summary>What somebody with number and code is told.</summary>
internal enum HolderOutcome
{
    // Here it is.
    Shown,

    // The step was taken now.
    Done,

    // The step cannot be taken as it stands.
    NotNow,

    // The code fits no yes of this letter: wrong code, no yes, or no such number. Never told apart.
    Nothing,

    Busy,
}

/// <summary>The answer to somebody with number and code.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Holder">How it stands; null with <see cref="HolderOutcome.Nothing"/> and <see cref="HolderOutcome.Busy"/>.</param>
/// <param name="Receipt">The receipt of a withdrawal, a compact JWS, when one was made now.</param>
internal sealed record HolderAnswer(HolderOutcome Outcome, HolderView? Holder = null, string? Receipt = null)
{
    public override string ToString() => Outcome.ToString();
}

/// <summary>How a yes stands, for its holder.</summary>
/// <param name="Letter">The letter.</param>
/// <param name="Standing">How it stands.</param>
/// <param name="GivenOn">Day, Europe/Brussels.</param>
/// <param name="Until">Last day on which it holds.</param>
/// <param name="ReachedBy">The working day by which the recipient has it, or will.</param>
/// <param name="EraseBy">After it ended: the last day on which the recipient must have erased it. Null before.</param>
/// <param name="Proofs">Proofs that can be fetched by now: bytes of a <see cref="Bereik.Exchange.Log.ConsentProof"/> by <c>given</c> and <c>withdrawn</c>.</param>
internal sealed record HolderView(LetterFacts Letter, ConsentStanding Standing, DateOnly GivenOn, DateOnly Until, DateOnly ReachedBy, DateOnly? EraseBy, IReadOnlyDictionary<string, byte[]> Proofs)
{
    public override string ToString() => Standing.State.ToString();
}
