using System.Globalization;
using Bereik.Domain;
using Bereik.Hub.Features;
using Bereik.Hub.Log;
using Bereik.Hub.Storage;
using Bereik.Node.Work;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Letters;

// Step answers.expire, recurring: closes waves whose last day to answer is past, lets lapse what nobody stood for or what is too old, forgets, and tells the operator who is late to erase.
internal sealed partial class ExpireAnswers(HubDatabase store, HubSettings settings, RunningAnswers running, AnswerTimes times, TimeProvider clock, ILogger<ExpireAnswers> log) : IWorkStep
{
    public const string StepKind = "answers.expire";

    public string Kind => StepKind;

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        await SweepAsync(cancel);
        return WorkResult.Later(times.Look);
    }

    // Repeatable: one transaction, and what it has ended it does not find again.
    internal async Task SweepAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var today = BelgianTime.DayOf(now);
        await using var transaction = await store.Database.BeginTransactionAsync(cancel);
        await LapseAsync(now, today, cancel);
        await ForgetAsync(now, today, cancel);
        await TellLateAsync(today, cancel);
        var over = await Over(today).Select(order => order.Sequence).ToListAsync(cancel);
        foreach (var sequence in over) await store.PurgeInvitationsAsync(sequence, cancel);
        await transaction.CommitAsync(CancellationToken.None);
        if (over.Count > 0) await CloseAsync(now, today, cancel);
    }

    private IQueryable<Order> Over(DateOnly today) => store.Orders.Where(order => order.State == OrderState.Open && store.Waves.Any(wave => wave.OrderSequence == order.Sequence && wave.AnswerBy < today));

    // Of its own: a log that cannot be written keeps nothing here that should be gone.
    private async Task CloseAsync(DateTimeOffset now, DateOnly today, CancellationToken cancel)
    {
        await using var transaction = await store.Database.BeginTransactionAsync(cancel);
        var over = await Over(today).ToListAsync(cancel);
        foreach (var order in over)
        {
            order.State = OrderState.Closed;
            order.EndedAt = now;
            store.Record(order.Id, now, "wave.closed", [Reasons.OrderExpired.Code]);
            ScrubStore.Enqueue(store, order.Id, "closed", now);
        }

        await store.LogAsync([.. over.Select(order => OrderEntries.Ended(order, settings.Organisation, "expired", [Reasons.OrderExpired.Code], now))]);
        await transaction.CommitAsync(CancellationToken.None);
    }

    private async Task LapseAsync(DateTimeOffset now, DateOnly today, CancellationToken cancel)
    {
        var oldest = now.AddDays(-AnswerTimes.DaysToCountersign);
        var over = await RunningAnswers.Living(store).Where(answer => answer.Until < today || (answer.State == ConsentState.Held && answer.GivenAt <= oldest)).ToListAsync(cancel);
        foreach (var answer in over) await running.ExpireAsync(answer, now, cancel);
    }

    // From then on nobody has number and code of it any more, also not this hub.
    private async Task ForgetAsync(DateTimeOffset now, DateOnly today, CancellationToken cancel)
    {
        var longAgo = now.AddDays(-AnswerTimes.DaysRemembered);
        var known = await store.Answers.Where(answer => answer.Number != null && (answer.Until < today || (answer.ErasedAt != null && answer.ErasedAt <= longAgo))).ToListAsync(cancel);
        foreach (var answer in known)
        {
            answer.Number = answer.Salt = answer.Holder = null;
            await store.Commitments.Where(one => one.Answer == answer.Id && one.Day != null).ExecuteDeleteAsync(cancel);
            ScrubStore.Enqueue(store, answer.Id, "forgotten", now);
        }

        var past = await store.Waves.AsNoTracking().Where(wave => wave.LastUntil < today).Select(wave => wave.OrderSequence).ToListAsync(cancel);
        foreach (var wave in past)
        {
            if (await store.Database.ExecuteSqlAsync($"DELETE FROM letter WHERE order_sequence = {wave}", cancel) > 0) ScrubStore.Enqueue(store, wave.ToString(CultureInfo.InvariantCulture), "letters", now);
        }

        await store.SaveChangesAsync(cancel);

        // Leaves that lead to nobody any more.
        if (known.Count > 0) await store.Database.ExecuteSqlAsync($"DELETE FROM hub_round_tree WHERE NOT EXISTS (SELECT 1 FROM consent_commitment one WHERE one.day = hub_round_tree.day AND one.kind = hub_round_tree.kind)", cancel);
    }

    // Once a day for each, for as long as it lasts. It names nobody.
    private async Task TellLateAsync(DateOnly today, CancellationToken cancel)
    {
        foreach (var answer in await LateAnswers(store, today).Where(answer => answer.LateToldOn == null || answer.LateToldOn < today).ToListAsync(cancel))
        {
            answer.LateToldOn = today;
            LogLate(Guid.Parse(answer.Id), today.DayNumber - answer.EraseBy!.Value.DayNumber);
        }

        await store.SaveChangesAsync(cancel);
    }

    // What should have been erased by now and is not.
    public static IQueryable<Answer> LateAnswers(HubDatabase database, DateOnly today) => database.Answers.Where(answer => !answer.IsErased && answer.EraseBy != null && answer.EraseBy < today);

    [LoggerMessage(LogLevel.Warning, "A recipient did not say that it erased yes {Answer}, {Days} days after the last day for it. Who it is stands on the page of the operator.")]
    private partial void LogLate(Guid answer, int days);
}
