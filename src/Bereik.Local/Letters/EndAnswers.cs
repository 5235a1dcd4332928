using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Local.Households;
using Bereik.Local.Storage;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Letters;

/// <summary>The end of a yes to a letter: what ended at the hub is erased here, and whatever was erased here, for whatever reason, is said there with its certificate.</summary>
internal sealed class EndAnswers(LocalDatabase database, HouseholdErasure erasure, AnswerWords words, TimeProvider clock)
{
    // After the last day to answer: the longest that a yes of that day can be on its way.
    private const int DaysOnTheWay = 14;

    /// <summary>Erases at once what was taken back, objected to or lapsed at the hub.</summary>
    /// <param name="answer">An answer that is over.</param>
    /// <param name="cancel">Stops before anything is erased.</param>
    public async Task EraseAsync(Answer answer, CancellationToken cancel)
    {
        var cause = answer.Standing.State switch
        {
            ConsentState.Withdrawn => ErasureCause.Withdrawn,
            ConsentState.Objected => ErasureCause.Objection,
            ConsentState.Expired => ErasureCause.Deadline,
            _ => ErasureCause.Outcome,
        };

        // Whether there is anything here the own store knows, whatever the hub says of it.
        if (await erasure.EraseAsync([answer.Id], cause, cancel) == 0)
        {
            if (answer is not { IsErased: false, IsHandedOut: true, Wave: { } wave }) return;
            await erasure.CertifyAbsentAsync(answer.Id, wave, answer.EraseBy ?? answer.Until ?? clock.Today(), cause, cancel);
        }

        database.ChangeTracker.Clear();

        // In the write-ahead log stand older forms of the pages; what a reader keeps in it now, the next round of erasing takes.
        await database.EmptyLogAsync(cancel);
    }

    /// <summary>Says of what was erased here how it ended and that it is erased. It asks the store what is unsaid, so that a kill after an erasure loses nothing.</summary>
    public async Task SayAsync(CancellationToken cancel)
    {
        var erase = ConsentAct.Erase.WireName();
        var unsaid = await database.Answers.AsNoTracking()
            .Where(answer => !answer.IsErased && answer.IsHandedOut && answer.Wave != null && database.Erasures.Any(erased => erased.Id == answer.Id) && !database.AnswerSteps.Any(step => step.AnswerId == answer.Id && step.Act == erase))
            .Select(answer => answer.Id).ToListAsync(cancel);
        foreach (var id in unsaid)
        {
            await using var transaction = await database.Database.BeginTransactionAsync(cancel);
            var answer = await database.Answers.SingleAsync(one => one.Id == id, cancel);
            var erased = await database.Erasures.AsNoTracking().SingleAsync(one => one.Id == id, cancel);

            // Who wants no letter ever again has said so, also where the yes was taken back before that came through.
            var act = ActOf(answer, erased.Cause);
            if (!answer.Standing.IsOver || act == ConsentAct.Never) words.Say(answer, act);
            words.Say(answer, ConsentAct.Erase, await database.ErasureAttests.AsNoTracking().SingleAsync(one => one.Id == erased.AttestId, cancel));
            await database.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            database.ChangeTracker.Clear();
        }
    }

    /// <summary>Ends waves of which nothing is here any more and nothing can come.</summary>
    public async Task EndWavesAsync(CancellationToken cancel)
    {
        var last = clock.Today().AddDays(-DaysOnTheWay);
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        var over = await database.Lists.Where(list => list.Flow == OrderedList.Letters && list.State == ListStates.Closed && list.ErasedAt == null && database.OpenedWaves.Any(wave => wave.ListId == list.Id && wave.AnswerBy < last)
            && !database.Households.Any(row => row.ListId == list.Id)).ToListAsync(cancel);
        if (over.Count == 0) return;
        var now = clock.GetUtcNow();
        foreach (var list in over)
        {
            list.ErasedAt = now;
            database.Tell(EventTypes.ListEnded, list.Id, null, now);
        }

        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        database.ChangeTracker.Clear();
    }

    // What the worker told of how it ended, or what the clock did.
    private static ConsentAct ActOf(Answer answer, ErasureCause cause) => cause switch
    {
        _ when answer.DeniedOn is not null => ConsentAct.Deny,
        ErasureCause.Objection => ConsentAct.Never,
        ErasureCause.Withdrawn => ConsentAct.Withdraw,
        _ => ConsentAct.Close,
    };
}
