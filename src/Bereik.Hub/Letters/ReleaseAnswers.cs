using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Bereik.Domain;
using Bereik.Hub.Storage;
using Bereik.Node.Work;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Letters;

// Step answers.release, recurring: lets the yeses that are due go to their recipients, and tells sources what is due. Both in random order, so that neither learns who came first.
internal sealed class ReleaseAnswers(HubDatabase store, LetterLookup letters, AnswerRelease release, RunningAnswers running, AnswerTimes times, TimeProvider clock) : IWorkStep
{
    public const string StepKind = "answers.release";

    public string Kind => StepKind;

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        await SweepAsync(cancel);
        return WorkResult.Later(times.Look);
    }

    // Repeatable: one transaction, and what it has let go it does not find again.
    internal async Task SweepAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();

        // What the public log could not show afterwards does not go out.
        if (store.Log.IsBroken) return;
        await using var transaction = await store.Database.BeginTransactionAsync(cancel);
        await ReleaseAsync(now, cancel);
        await TellAsync(now, cancel);
        await store.SaveChangesAsync(cancel);
        await transaction.CommitAsync(CancellationToken.None);
    }

    private async Task ReleaseAsync(DateTimeOffset now, CancellationToken cancel)
    {
        var due = await store.Answers.Where(answer => answer.State == ConsentState.Given && answer.ReleaseAt <= now).ToListAsync(cancel);
        RandomNumberGenerator.Shuffle(CollectionsMarshal.AsSpan(due));
        foreach (var answer in due)
        {
            // Past its last day it is for the step that lets it lapse.
            if (answer.StandingAt(now).After(ConsentAct.Release, ConsentSide.Hub) is not { } next) continue;
            var (decision, _) = await release.DecideAsync((await letters.WaveAsync(answer.OrderSequence, cancel))!, answer.GivenOn, "answer.release", cancel);
            if (decision.Outcome == Outcome.Permit) await running.MoveAsync(answer, next, ConsentAct.Release, ConsentSide.Hub, now, null, cancel);
            else await running.ExpireAsync(answer, now, cancel);
        }
    }

    private async Task TellAsync(DateTimeOffset now, CancellationToken cancel)
    {
        var due = await store.Messages.Where(message => message.Sequence == null && message.ToldFrom <= now).ToListAsync(cancel);
        RandomNumberGenerator.Shuffle(CollectionsMarshal.AsSpan(due));
        foreach (var message in due)
        {
            // Deleted ones have no number back: what was told once keeps its place.
            message.Sequence = (await store.Database.SqlQuery<long>(
                $"INSERT INTO source_message_count (source, last) VALUES ({message.Source}, 1) ON CONFLICT DO UPDATE SET last = last + 1 RETURNING last AS Value").ToListAsync(cancel)).Single();
        }
    }
}
