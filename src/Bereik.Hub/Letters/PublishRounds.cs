using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Log;
using Bereik.Exchange.Signatures;
using Bereik.Hub.Log;
using Bereik.Hub.Storage;
using Bereik.Node.Requests;
using Bereik.Node.Work;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Letters;

// Step answers.round, recurring: every day at the same hour the roots of the day before go to the log, also when nobody said yes and nobody took one back.
internal sealed class PublishRounds(HubDatabase store, HubSettings settings, NodeKeys keys, TimeProvider clock) : IWorkStep
{
    public const string StepKind = "answers.round";

    private const int Band = 256;

    public string Kind => StepKind;

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        var began = clock.GetUtcNow();
        await PublishAsync(cancel);

        // The next hour after what was made: it may have come while this ran, and a day later would be a day without roots.
        var wait = AnswerTimes.NextRoots(began) - clock.GetUtcNow();
        return WorkResult.Later(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
    }

    // Makes what is due and is not there yet, and puts what was made in the log: one day a transaction, each day once, those that were missed included.
    internal async Task PublishAsync(CancellationToken cancel)
    {
        var due = AnswerTimes.DueDay(clock.GetUtcNow());
        for (var day = await NextDayAsync(cancel); day <= due; day = day.AddDays(1)) await MakeAsync(day, cancel);

        // INVARIANT: a day has one document. It is stored before it is logged, so that a crash in between logs the same one again.
        foreach (var day in await store.Rounds.AsNoTracking().Where(round => round.Position == null).OrderBy(round => round.Day).Select(round => round.Day).ToListAsync(cancel)) await LogAsync(day, cancel);
    }

    // The day after the last; at the very first the day on which this hub began to keep them.
    private async Task<DateOnly> NextDayAsync(CancellationToken cancel)
    {
        var last = await store.Rounds.AsNoTracking().OrderByDescending(round => round.Day).Select(round => (DateOnly?)round.Day).FirstOrDefaultAsync(cancel);
        return last?.AddDays(1) ?? BelgianTime.DayOf(await store.Work.Where(item => item.Kind == StepKind).MinAsync(item => item.CreatedAt, cancel));
    }

    private async Task MakeAsync(DateOnly day, CancellationToken cancel)
    {
        await using var transaction = await store.Database.BeginTransactionAsync(cancel);

        // One writer at a time from here: another run may have made it since the last day was looked up.
        if (await store.Rounds.AnyAsync(round => round.Day == day, cancel)) return;
        var document = new RoundRoots
        {
            Organisation = settings.Organisation,
            Day = day,
            Accesses = PaddedRoot.Make([], Band).Root,
            Consents = await CommitAsync(day, ConsentCommitment.Consent, cancel),
            Withdrawals = await CommitAsync(day, ConsentCommitment.Withdrawal, cancel),
            Erasures = PaddedRoot.Make([], Band).Root,
            At = clock.GetUtcNow().Second(),
        };
        store.Rounds.Add(new HubRound { Day = day, Document = SignedDocument.Sign(document, keys.Signing).Compact });
        await store.SaveChangesAsync(cancel);
        await transaction.CommitAsync(CancellationToken.None);
        store.ChangeTracker.Clear();
    }

    // Whatever is in no round yet, so that none is ever left out.
    private async Task<Bytes32> CommitAsync(DateOnly day, string kind, CancellationToken cancel)
    {
        var end = BelgianTime.StartOf(day.AddDays(1));
        var own = await store.Commitments.Where(one => one.Kind == kind && one.Day == null && one.At < end).ToListAsync(cancel);
        var tree = PaddedRoot.Make([.. own.Select(one => Bytes32.TryParse(one.Commitment, out var bytes) ? bytes : throw new InvalidDataException("A stored commitment does not have its shape."))], Band);
        foreach (var (at, one) in own.Index()) (one.Day, one.Slot) = (day, tree.Slots[at]);
        if (own.Count > 0) store.RoundTrees.Add(new HubRoundTree { Day = day, Kind = kind, Leaves = tree.LeafBytes() });
        return tree.Root;
    }

    private async Task LogAsync(DateOnly day, CancellationToken cancel)
    {
        await using var transaction = await store.Database.BeginTransactionAsync(cancel);
        var round = await store.Rounds.SingleAsync(round => round.Day == day, cancel);
        if (round.Position is not null) return;
        var at = SignedDocument.Parse<RoundRoots>(round.Document).Value.Document.At;
        round.Position = (await store.LogAsync(new LogEntry.RoundPublished { By = settings.Organisation, At = at, Document = round.Document }))[0].Index;
        await store.SaveChangesAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
    }
}
