using System.Text.Json;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Invitations;
using Bereik.Hub.Features;
using Bereik.Hub.Storage;
using Bereik.Node.Registers;
using Bereik.Node.Work;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Letters;

// Where answers to letters are taken, whichever way they come: the answer page, the mail room, the telephone, the counter of a recipient. One place, so that each way has the same outcome, delay and receipt.
// INVARIANT: of "no", of "later" and of silence there is no method here, and what only looks writes nothing.
// SECURITY: a code is an argument and no more: it is in no row, message, exception or address. A number that there is not costs as much as one that there is, and is answered as a wrong code.
internal sealed class AnswerDesk(
    HubDatabase database, LetterLookup letters, AnswerRelease release, RunningAnswers running, ReceiptMaker receipts, ConsentProofs proofs, Derivations derivations, AnswerTimes times, ProtocolRegister register, WorkSignal signal, TimeProvider clock)
{
    // Of numbers that there are not.
    private static readonly InvitationSalt NoSalt = InvitationSalt.TryParse("AAAAAAAAAAAAAAAAAAAAAA", out var salt) ? salt : throw new InvalidOperationException("No salt.");

    /// <summary>What a letter number leads to; null when there is no such letter.</summary>
    public async Task<LetterFacts?> FindAsync(LetterNumber number, CancellationToken cancel) => await letters.FindAsync(number, cancel) is { } found ? await letters.FactsAsync(found, cancel) : null;

    /// <summary>Yes. A number that there is not costs as much and answers as a wrong code does.</summary>
    /// <param name="number">The letter.</param>
    /// <param name="code">The code.</param>
    /// <param name="choices">What was chosen.</param>
    /// <param name="method">By which way it came.</param>
    /// <param name="assisted">With <see cref="AnswerMethod.Counter"/> alone: the word of the recipient's node, already verified.</param>
    /// <param name="cancel">Stops.</param>
    public async Task<YesAnswer> YesAsync(LetterNumber number, SecretCode code, AnswerChoices choices, AnswerMethod method, AssistedAnswer? assisted, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(choices);
        if ((method == AnswerMethod.Counter) != assisted is not null) throw new ArgumentException("The counter is where a recipient's worker helps.", nameof(assisted));
        if (choices.FindWrongMember() is { } member) throw new ArgumentException($"No such choice of {member}.", nameof(choices));

        // A worker helps with the letters of the own organisation; another's is as one that there is not.
        var found = await letters.FindAsync(number, cancel);
        if (assisted is not null && found?.About.Order.Recipient != assisted.By) found = null;
        if (found is { Time: LetterTime.TooEarly }) return new YesAnswer(YesOutcome.TooEarly);

        // In this order: an invitation that is gone was answered before.
        var invitation = found is null ? null : await letters.InvitationAsync(number, cancel);
        var answer = found is null ? null : await letters.AnswerAsync(number, cancel);
        LetterNumber? place = found is null ? null : number;
        using var key = await derivations.DeriveAsync(place, code, SaltOf(answer) ?? invitation?.Salt ?? NoSalt, cancel);
        if (key is null) return new YesAnswer(YesOutcome.Busy);
        if (IsHolder(key, answer)) return new YesAnswer(YesOutcome.Already, Holder: await ViewAsync(found!, answer!, cancel));
        if (found is { Time: LetterTime.Over }) return new YesAnswer(YesOutcome.Over);
        if (invitation is null || OpenInvitation.TakeOff(invitation, found!.About.Binding, key) is not { } inner)
        {
            derivations.Failed(place);
            return new YesAnswer(YesOutcome.WrongCode);
        }

        return await TakeAsync(number, key, inner, choices, method, assisted, cancel);
    }

    /// <summary>Never write to me again: an objection, by the number alone. The same again is no second one.</summary>
    /// <returns>False when there is no such letter.</returns>
    /// <remarks>A yes that was given goes on: who has only the number takes nothing back. Whoever has the code does so with <see cref="ActAsync"/>.</remarks>
    public async Task<bool> NeverAsync(LetterNumber number, CancellationToken cancel)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        if (await letters.FindAsync(number, cancel) is not { } found) return false;
        await running.ObjectAsync(number.Text, found.About.Order, clock.GetUtcNow(), cancel);
        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(CancellationToken.None);
        return true;
    }

    /// <summary>How the yes of this letter stands, to whoever has number and code.</summary>
    public async Task<HolderAnswer> StateAsync(LetterNumber number, SecretCode code, CancellationToken cancel)
    {
        var (outcome, found, answer) = await HolderAsync(number, code, cancel);
        return outcome == HolderOutcome.Shown ? new HolderAnswer(outcome, await ViewAsync(found!, answer!, cancel)) : new HolderAnswer(outcome);
    }

    /// <summary>Takes a yes back (<see cref="ConsentAct.Withdraw"/>), objects for good (<see cref="ConsentAct.Never"/>), or stands for one that was given with help (<see cref="ConsentAct.Countersign"/>).</summary>
    public async Task<HolderAnswer> ActAsync(LetterNumber number, SecretCode code, ConsentAct act, AnswerMethod method, CancellationToken cancel)
    {
        if (act is not (ConsentAct.Withdraw or ConsentAct.Never or ConsentAct.Countersign)) throw new ArgumentOutOfRangeException(nameof(act));
        var (outcome, found, known) = await HolderAsync(number, code, cancel);
        if (outcome != HolderOutcome.Shown) return new HolderAnswer(outcome);

        // One writer at a time from here.
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        var answer = await database.Answers.SingleAsync(one => one.Sequence == known!.Sequence, cancel);
        var now = clock.GetUtcNow();
        var before = answer.StandingAt(now);

        // SECURITY: the worker who helped had the code too. So it is at the call back of the hub that somebody stands for it, and on no page.
        var next = act == ConsentAct.Countersign && method != AnswerMethod.Phone ? null : before.After(act, ConsentSide.Holder);
        if (next is null) return new HolderAnswer(HolderOutcome.NotNow, await ViewAsync(found!, answer, cancel));
        await running.MoveAsync(answer, next, act, ConsentSide.Holder, now, null, cancel);
        if (act == ConsentAct.Never) await running.ObjectAsync(number.Text, found!.About.Order, now, cancel);
        var receipt = !before.IsOver && next.IsOver && await ProtocolAsync(found!.About, cancel) is { } protocol
            ? receipts.Make(ReceiptMaker.Withdrawn, answer, number, found.About, protocol, method, now) : null;
        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(CancellationToken.None);
        signal.Wake();
        return new HolderAnswer(HolderOutcome.Done, await ViewAsync(found!, answer, CancellationToken.None), receipt);
    }

    // Stores a yes whose code was right: all of it in one transaction, or nothing.
    private async Task<YesAnswer> TakeAsync(LetterNumber number, InvitationKey key, string inner, AnswerChoices choices, AnswerMethod method, AssistedAnswer? assisted, CancellationToken cancel)
    {
        // One writer at a time from here: what was looked up before may have changed.
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        if (await letters.FindAsync(number, cancel) is not { } found) return new YesAnswer(YesOutcome.Over);
        if (await letters.AnswerAsync(number, cancel) is { } before) return IsHolder(key, before) ? new YesAnswer(YesOutcome.Already, Holder: await ViewAsync(found, before, cancel)) : new YesAnswer(YesOutcome.WrongCode);
        if (found.Time != LetterTime.Open || await letters.InvitationAsync(number, cancel) is null) return new YesAnswer(YesOutcome.Over);

        // Nothing that the public log could not show afterwards.
        if (database.Log.IsBroken) return new YesAnswer(YesOutcome.Stopped);
        var now = clock.GetUtcNow();
        var today = BelgianTime.DayOf(now);
        var (decision, protocol) = await release.DecideAsync(found.About, today, "answer.take", cancel);
        if (decision.Outcome != Outcome.Permit || protocol is null)
        {
            await database.SaveChangesAsync(cancel);
            await transaction.CommitAsync(CancellationToken.None);
            return new YesAnswer(YesOutcome.Stopped);
        }

        var answer = await RecordAsync(found.About, number, key, method, assisted, protocol, now, cancel);
        var chosen = JsonSerializer.Serialize(choices, JsonSerializerOptions.Web);
        await database.Database.ExecuteSqlAsync($"UPDATE answer SET sealed = {inner}, choices = {chosen} WHERE sequence = {answer.Sequence}", cancel);
        await database.Database.ExecuteSqlAsync($"DELETE FROM invitation WHERE number = {answer.Number}", cancel);
        var receipt = receipts.Make(ReceiptMaker.Given, answer, number, found.About, protocol, method, now);
        ScrubStore.Enqueue(database, answer.Id, "invitation", now);
        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(CancellationToken.None);
        signal.Wake();
        return new YesAnswer(YesOutcome.Taken, receipt, await ViewAsync(found, answer, CancellationToken.None));
    }

    private async Task<Answer> RecordAsync(WaveOrder about, LetterNumber number, InvitationKey key, AnswerMethod method, AssistedAnswer? assisted, Protocol protocol, DateTimeOffset now, CancellationToken cancel)
    {
        var assurance = assisted is null ? ConsentAssurance.Bearer : ConsentAssurance.Assisted;
        var standing = ConsentStanding.Begun(assurance);
        var answer = new Answer
        {
            Id = (assisted?.Id ?? Guid.NewGuid()).ToString("D"),
            OrderSequence = about.Order.Sequence,
            Wave = about.Order.Id,
            Recipient = about.Order.Recipient,
            Protocol = about.Order.Protocol,
            Number = number.Text,
            Salt = key.Salt.ToString(),
            Holder = key.HolderDigest.ToString(),
            State = standing.State,
            IsHandedOut = standing.IsHandedOut,
            IsErased = standing.IsErased,
            Assurance = assurance,
            IsConfirmed = false,
            Method = method,
            GivenAt = now,
            Until = BelgianTime.DayOf(now).AddDays(protocol.Find<Clause.Consent>()?.ValidDays ?? 0),
            ReleaseAt = times.NextRelease(assisted is null ? now : now + times.Hold),
            CertificateDays = protocol.Find<Clause.Objections>()?.CertificateWorkingDays ?? 0,
            Changed = assisted is null ? null : await running.NextChangeAsync(about.Order.Recipient, cancel),
        };
        database.Answers.Add(answer);
        running.Record(answer.Id, ConsentEvent.Give, ConsentSide.Holder, now);
        await database.SaveChangesAsync(cancel);
        return answer;
    }

    // Who has number and code of a yes. Whatever else it is, is nothing: a wrong code, no yes, no such number.
    private async Task<(HolderOutcome Outcome, FoundLetter? Found, Answer? Answer)> HolderAsync(LetterNumber number, SecretCode code, CancellationToken cancel)
    {
        var found = await letters.FindAsync(number, cancel);
        var answer = found is null ? null : await letters.AnswerAsync(number, cancel);
        LetterNumber? place = found is null ? null : number;
        using var key = await derivations.DeriveAsync(place, code, SaltOf(answer) ?? NoSalt, cancel);
        if (key is null) return (HolderOutcome.Busy, null, null);
        if (IsHolder(key, answer)) return (HolderOutcome.Shown, found, answer);
        derivations.Failed(place);
        return (HolderOutcome.Nothing, null, null);
    }

    private async Task<HolderView> ViewAsync(FoundLetter found, Answer answer, CancellationToken cancel)
    {
        var standing = answer.StandingAt(clock.GetUtcNow());
        return new HolderView(
            await letters.FactsAsync(found, cancel), standing, answer.GivenOn, answer.Until, BelgianTime.DayOf(answer.ReleaseAt), answer.EraseBy, await proofs.FindAsync(answer.Id, cancel));
    }

    private async Task<Protocol?> ProtocolAsync(WaveOrder about, CancellationToken cancel) =>
        (await register.ViewAsync(cancel)).Find(about.Order.Protocol, about.Order.ProtocolVersion, about.Wave.ProtocolHash);

    private static InvitationSalt? SaltOf(Answer? answer) => answer is null ? null : InvitationSalt.TryParse(answer.Salt, out var salt) ? salt : throw new InvalidDataException("A stored salt does not have its shape.");

    private static bool IsHolder(InvitationKey key, Answer? answer) => answer is not null && Bytes32.TryParse(answer.Holder, out var kept) && key.IsHolder(kept);
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
