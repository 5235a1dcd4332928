using System.Data.Common;
using System.Diagnostics;
using Bereik.Ledger;
using Bereik.Node.Requests;
using Bereik.Node.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bereik.Node.Work;

// Takes due steps from the store, one lease at a time per lane, and commits their effect together with their end.
internal sealed partial class WorkRunner(
    IServiceScopeFactory scopes, WorkSignal signal, WorkProgress progress, CrashPoints crash, TimeProvider clock, ILogger<WorkRunner> log) : BackgroundService
{
    private const int Lanes = 2;
    private const int AttemptsBeforeABugFails = 8;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PauseWhenUnreachable = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseAfterRefusal = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PauseAfterTrouble = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!await TryAsync(TakeBackLeasesAsync, stoppingToken)) await Task.Delay(PauseAfterTrouble, clock, stoppingToken);
            await Task.WhenAll(Enumerable.Range(0, crash.NeedsOneLane ? 1 : Lanes).Select(_ => RunLaneAsync(stoppingToken)));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops, perhaps while it was still starting. Steps go on after the next start.
        }
    }

    // The data folder is locked by this process, so whoever held these leases is gone.
    private async Task TakeBackLeasesAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<NodeDatabase>();
        await database.Work.Where(item => item.State == WorkState.Waiting && item.LeaseOwner != null)
            .ExecuteUpdateAsync(set => set.SetProperty(item => item.LeaseOwner, (string?)null).SetProperty(item => item.LeaseUntil, (DateTimeOffset?)null), cancel);
    }

    private async Task RunLaneAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            var ran = false;
            if (!await TryAsync(async token => ran = await RunNextAsync(token), cancel)) await Task.Delay(PauseAfterTrouble, clock, cancel);
            else if (!ran) await signal.WaitAsync(Idle, cancel);
        }
    }

    // False when the store itself did not answer. Nothing is lost: a step keeps its lease until that runs out.
    private async Task<bool> TryAsync(Func<CancellationToken, Task> act, CancellationToken cancel)
    {
        try
        {
            await act(cancel);
            return true;
        }
        catch (Exception broken) when (broken is not OutOfMemoryException && !cancel.IsCancellationRequested)
        {
            LogStoreTrouble(broken);
            return false;
        }
    }

    private async Task<bool> RunNextAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<NodeDatabase>();
        var item = await LeaseAsync(database, cancel);
        if (item is null) return false;

        var step = scope.ServiceProvider.GetServices<IWorkStep>().SingleOrDefault(candidate => candidate.Kind == item.Kind);
        crash.Pass(item.Kind, CrashMoment.Begun);
        WorkResult result;
        if (step is null)
        {
            result = WorkResult.Failed("work.unknownKind");
        }
        else
        {
            using var renewal = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var renewing = RenewAsync(item, renewal.Token);
            try
            {
                result = await step.RunAsync(new WorkRun(item.Subject, item.Attempts, (done, total) => progress.Report(item.Id, done, total)), cancel);
            }
            catch (Exception error) when (!cancel.IsCancellationRequested)
            {
                result = AfterError(item, error);
            }
            finally
            {
                await renewal.CancelAsync();
                await renewing;
                progress.Forget(item.Id);
            }
        }

        crash.Pass(item.Kind, CrashMoment.Acted);
        try
        {
            await EndAsync(item, step, result, cancel);
        }
        catch (Exception broken) when (!IsStoreTrouble(broken) && !cancel.IsCancellationRequested)
        {
            // The effect itself broke, and was rolled back with the end of the step: a bug like one in the step.
            await EndAsync(item, step, AfterError(item, broken), cancel);
        }

        crash.Pass(item.Kind, CrashMoment.Committed);
        signal.Wake();
        return true;
    }

    private async Task<WorkItem?> LeaseAsync(NodeDatabase database, CancellationToken cancel)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var until = now + (long)Lease.TotalMilliseconds;

        // INVARIANT: every lease has an owner of its own, so that a step that outlived its lease cannot end for the lane that took it over.
        var owner = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}";
        var due = await database.Work.FromSql(
            $"""
            UPDATE work SET lease_owner = {owner}, lease_until = {until}, attempts = attempts + 1, started_at = {now}
            WHERE id = (SELECT id FROM work
                        WHERE state = 'waiting' AND run_after <= {now} AND (lease_until IS NULL OR lease_until < {now})
                        ORDER BY run_after, id LIMIT 1)
            RETURNING *
            """).AsNoTracking().ToListAsync(cancel);
        return due.SingleOrDefault();
    }

    private async Task RenewAsync(WorkItem leased, CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Lease / 3, clock, cancel);
                await RenewOnceAsync(leased, cancel);
            }
        }
        catch (OperationCanceledException)
        {
            // The step ended.
        }
    }

    private async Task RenewOnceAsync(WorkItem leased, CancellationToken cancel)
    {
        try
        {
            var until = clock.GetUtcNow() + Lease;
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<NodeDatabase>().Work.Where(item => item.Id == leased.Id && item.LeaseOwner == leased.LeaseOwner)
                .ExecuteUpdateAsync(set => set.SetProperty(item => item.LeaseUntil, until), cancel);
        }
        catch (DbException busy)
        {
            // Missed once; the lease outlasts two more tries, and losing it leaves no effect.
            LogStoreTrouble(busy);
        }
    }

    // A party that cannot be reached, or a log that cannot be written, is waited for, however long; a bug is tried a few times, then it fails for good.
    private WorkResult AfterError(WorkItem item, Exception error)
    {
        if (error is PeerRefusedException refused) return WorkResult.Failed(refused.Code);
        if (error is HttpRequestException or TaskCanceledException or LogUnavailableException || (error is IOException and not (FileNotFoundException or DirectoryNotFoundException)))
        {
            LogUnreachable(item.Kind, item.Attempts);
            return WorkResult.Later(PauseWhenUnreachable);
        }

        LogStepBroke(item.Kind, item.Attempts, error);
        var pause = TimeSpan.FromMilliseconds(100 * Math.Pow(2, item.Attempts));
        return item.Attempts >= AttemptsBeforeABugFails ? WorkResult.Failed("work.gaveUp") : new WorkResult.Retries(pause);
    }

    // Busy, locked, no answer of the disk, full: none of it says anything about the step.
    private static bool IsStoreTrouble(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            if (error is SqliteException { SqliteErrorCode: 5 or 6 or 10 or 13 or 14 }) return true;
        }

        return false;
    }

    private async Task EndAsync(WorkItem item, IWorkStep? step, WorkResult result, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<NodeDatabase>();
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        var now = clock.GetUtcNow();
        var stored = await database.Work.SingleAsync(candidate => candidate.Id == item.Id, cancel);

        // INVARIANT: a step whose lease went to another process leaves no effect.
        if (stored.LeaseOwner != item.LeaseOwner || stored.State != WorkState.Waiting) return;
        stored.LeaseOwner = null;
        stored.LeaseUntil = null;
        switch (result)
        {
            case WorkResult.Finished finished:
                stored.State = WorkState.Done;
                stored.FinishedAt = now;
                stored.Code = null;
                if (finished.Effect is not null) await finished.Effect(database, cancel);
                break;
            case WorkResult.Waits waits:
                stored.RunAfter = now + waits.Delay;
                stored.Attempts = 0;
                stored.Code = null;
                break;
            case WorkResult.Retries retries:
                stored.RunAfter = now + retries.Delay;
                break;
            case WorkResult.Refused refused when step is not null && stored.Subject == WorkItem.Recurring:
                // Whoever refused may see it otherwise later: a clock was set right, a suspension lifted. A node that stops reading for good would wait for somebody to notice.
                stored.RunAfter = now + PauseAfterRefusal;
                stored.Attempts = 0;
                stored.Code = refused.Code;
                if (refused.Effect is not null) await refused.Effect(database, cancel);
                LogAgain(item.Kind, refused.Code);
                break;
            case WorkResult.Refused refused:
                stored.State = WorkState.Failed;
                stored.FinishedAt = now;
                stored.Code = refused.Code;
                if (refused.Effect is not null) await refused.Effect(database, cancel);
                else if (step is not null) await step.FailedAsync(database, item.Subject, refused.Code, cancel);
                LogFailed(item.Kind, refused.Code);
                break;
            default:
                throw new UnreachableException();
        }

        await database.SaveChangesAsync(cancel);
        crash.Pass(item.Kind, CrashMoment.Uncommitted);
        await transaction.CommitAsync(cancel);
    }

    [LoggerMessage(LogLevel.Error, "The store did not answer; trying again.")]
    private partial void LogStoreTrouble(Exception broken);

    [LoggerMessage(LogLevel.Information, "Step {Kind} waits for another party (attempt {Attempt}).")]
    private partial void LogUnreachable(string kind, int attempt);

    [LoggerMessage(LogLevel.Error, "Step {Kind} broke (attempt {Attempt}).")]
    private partial void LogStepBroke(string kind, int attempt, Exception error);

    [LoggerMessage(LogLevel.Warning, "Step {Kind} got {Code}; it is tried again in a minute.")]
    private partial void LogAgain(string kind, string code);

    [LoggerMessage(LogLevel.Warning, "Step {Kind} ended with {Code}.")]
    private partial void LogFailed(string kind, string code);
}
