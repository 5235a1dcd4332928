using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Hub.Features;
using Bereik.Hub.Storage;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Letters;

// What every step of a yes has in common: how it moves from one standing to the next, and what others hear of it.
internal sealed class RunningAnswers(HubDatabase database, AnswerTimes times)
{
    // Lets it stand otherwise, inside the caller's transaction, which the caller commits.
    // INVARIANT: what is sealed goes in the transaction after which nobody may fetch it.
    public async Task MoveAsync(Answer answer, ConsentStanding next, ConsentAct act, ConsentSide by, DateTimeOffset now, ConsentWord? word, CancellationToken cancel)
    {
        var (wasKept, wasOver) = (answer.IsKept, answer.Standing.IsOver);
        (answer.State, answer.IsHandedOut, answer.IsErased) = (next.State, next.IsHandedOut, next.IsErased);
        if (act == ConsentAct.Release) answer.ReleasedAt = now;
        if (act == ConsentAct.Countersign) answer.ReleaseAt = Later(answer.ReleaseAt, times.NextRelease(now));
        if (act == ConsentAct.Confirm) answer.IsConfirmed = true;
        if (next is { IsOver: true, IsHandedOut: true } && !wasOver) answer.EraseBy = BelgianTime.AddWorkingDays(BelgianTime.DayOf(now), answer.CertificateDays);
        if (next.IsErased) answer.ErasedAt ??= now;
        if (answer.IsTold) answer.Changed = await NextChangeAsync(answer.Recipient, cancel);
        if (wasKept && !answer.IsKept)
        {
            await database.PurgeAnswerAsync(answer.Sequence, cancel);
            ScrubStore.Enqueue(database, answer.Id, "answer", now);
        }

        Record(answer.Id, act.WireName(), by, now, word);
        await database.SaveChangesAsync(cancel);
    }

    public void Record(string answer, string act, ConsentSide by, DateTimeOffset now, ConsentWord? word = null) => database.ConsentEvents.Add(new ConsentEvent
    {
        Answer = answer, Act = act, Side = by.ToString().ToLowerInvariant(), At = now, Said = word?.Said, Step = word?.Step, Certificate = word?.Certificate,
    });

    // The number of the next change that a recipient sees, inside the caller's transaction.
    public Task<long> NextChangeAsync(string recipient, CancellationToken cancel) => database.Database.SqlQuery<long>($"SELECT ifnull(max(changed), 0) + 1 AS Value FROM answer WHERE recipient = {recipient}").SingleAsync(cancel);

    // Ends every yes of a wave that goes on, inside the caller's transaction: its protocol or its accession stopped.
    public async Task ExpireAllAsync(long wave, DateTimeOffset now, CancellationToken cancel)
    {
        foreach (var answer in await Living(database).Where(answer => answer.OrderSequence == wave).ToListAsync(cancel)) await ExpireAsync(answer, now, cancel);
    }

    public async Task ExpireAsync(Answer answer, DateTimeOffset now, CancellationToken cancel)
    {
        if (answer.Standing.After(ConsentAct.Expire, ConsentSide.Hub) is { } next) await MoveAsync(answer, next, ConsentAct.Expire, ConsentSide.Hub, now, null, cancel);
    }

    // Tells the source, with the round, that somebody objected; the same letter again is no second one.
    public async Task ObjectAsync(string number, Order order, DateTimeOffset now, CancellationToken cancel)
    {
        var isFirst = await database.Database.ExecuteSqlAsync($"UPDATE letter SET has_objected = 1 WHERE number = {number} AND has_objected = 0", cancel) > 0;
        if (isFirst) Tell(order, SourceMessage.Objection, number, now);
    }

    // SECURITY: a denial has no number. The source learns that it happens, by wave, and not with whom.
    public void Deny(Order order, DateTimeOffset now) => Tell(order, SourceMessage.Denied, null, now);

    public static IQueryable<Answer> Living(HubDatabase database) => database.Answers.Where(answer =>
        answer.State == ConsentState.Held || answer.State == ConsentState.Given || answer.State == ConsentState.Released || answer.State == ConsentState.Received || answer.State == ConsentState.Confirmed);

    private void Tell(Order order, string kind, string? number, DateTimeOffset now) => database.Messages.Add(new SourceMessage
    {
        Source = order.Source, Wave = order.Id, Protocol = order.Protocol, Kind = kind, Number = number, ToldFrom = times.NextRound(now),
    });

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}

// What a recipient signed of a step.
internal sealed record ConsentWord(string Said, string Step, string? Certificate);
