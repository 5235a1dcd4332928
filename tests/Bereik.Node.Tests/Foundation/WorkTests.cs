using System.Diagnostics;
using Bereik.Node.Requests;
using Bereik.Node.Work;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Bereik.Node.Tests.Foundation;

// Durable steps: what is done is done once, together with its effect; what broke is tried again; what waits for another party waits on.
public sealed class WorkTests
{
    [Fact]
    public async Task Step_Done_LeavesItsEffectOnce()
    {
        var step = new Step("test.write", (run, _) => Task.FromResult(Marks(run.Subject)));
        await using var node = await StartAsync(step);
        await node.EnqueueAsync("test.write", "order-1");
        var item = await node.EndOfAsync("test.write");
        (item.State, item.Attempts, item.Code, item.LeaseOwner).ShouldBe((WorkState.Done, 1, null, null));
        item.FinishedAt.ShouldNotBeNull();
        (await MarksAsync(node)).ShouldBe(["order-1"]);
        step.Attempts.ShouldBe([1]);
    }

    [Fact]
    public async Task Step_WhoseEffectBreaksHalfway_LeavesNoneOfItAndRunsAgain()
    {
        var step = new Step("test.write", (run, _) => Task.FromResult(WorkResult.Done<SmallDatabase>(async (database, cancel) =>
        {
            await MarkAsync(database, $"run {run.Attempt}", cancel);
            if (run.Attempt < 3) throw new InvalidOperationException("Broke.");
        })));
        await using var node = await StartAsync(step);
        await node.EnqueueAsync("test.write", "order-1");
        (await node.EndOfAsync("test.write")).State.ShouldBe(WorkState.Done);
        (await MarksAsync(node)).ShouldBe(["run 3"]);
    }

    [Fact]
    public async Task Step_ThatAlwaysBreaks_FailsForGoodAndWritesWhatFollows()
    {
        var step = new Step("test.break", (_, _) => throw new InvalidOperationException("Broke."));
        await using var node = await StartAsync(step);
        await node.EnqueueAsync("test.break", "order-1");
        var item = await node.EndOfAsync("test.break");
        (item.State, item.Code).ShouldBe((WorkState.Failed, "work.gaveUp"));
        step.Attempts.ShouldBe([1, 2, 3, 4, 5, 6, 7, 8]);
        step.Failures.ShouldBe(["work.gaveUp"]);
        (await MarksAsync(node)).ShouldBe(["failed work.gaveUp"]);
    }

    [Fact]
    public async Task Step_ThatCannotReachAnotherParty_WaitsOnWithoutGivingUp()
    {
        var runs = 0;
        var step = new Step("test.call", (_, _) => ++runs <= 12 ? throw new HttpRequestException("Nobody there.") : Task.FromResult(WorkResult.Done()));
        await using var node = await StartAsync(step);
        await node.EnqueueAsync("test.call", "order-1");
        (await node.EndOfAsync("test.call")).State.ShouldBe(WorkState.Done);
        step.Attempts.ShouldAllBe(attempt => attempt == 1);
        step.Attempts.Count.ShouldBe(13);
        step.Failures.ShouldBeEmpty();
    }

    [Fact]
    public async Task Step_RefusedByAPeer_FailsAtOnceWithItsCode()
    {
        var step = new Step("test.call", (_, _) => throw new PeerRefusedException("epoch.over", 409));
        await using var node = await StartAsync(step);
        await node.EnqueueAsync("test.call", "order-1");
        var item = await node.EndOfAsync("test.call");
        (item.State, item.Code).ShouldBe((WorkState.Failed, "epoch.over"));
        step.Attempts.ShouldBe([1]);
    }

    // A clock that was wrong for an hour, a suspension that is lifted, an answer that cannot be read: a node that reads goes on reading.
    [Fact]
    public async Task Step_ThatRecurs_GoesOnAfterARefusalAndABug()
    {
        var runs = 0;
        var step = new Step("test.read", (_, _) => ++runs switch
        {
            1 => throw new PeerRefusedException("request.clock", 401),
            <= 9 => throw new InvalidOperationException("Broke."),
            _ => Task.FromResult(WorkResult.Later(TimeSpan.FromHours(1))),
        });
        await using var node = await StartAsync(step);
        await node.EnqueueAsync("test.read", WorkItem.Recurring);
        for (var i = 0; i < 1200 && (runs < 10 || await node.ItemAsync("test.read") is { LeaseOwner: not null }); i++) await Task.Delay(25, TestContext.Current.CancellationToken);
        var item = await node.ItemAsync("test.read");
        (item.State, item.Code, item.Attempts).ShouldBe((WorkState.Waiting, null, 0));
        step.Attempts.ShouldBe([1, 1, 2, 3, 4, 5, 6, 7, 8, 1]);
        step.Failures.ShouldBeEmpty();
    }

    // What an earlier version let end for good begins again at the start.
    [Fact]
    public async Task Step_ThatRecursAndEnded_BeginsAgainAtTheNextStart()
    {
        var folder = SmallNode.NewFolder();
        await using (var first = await StartAsync(folder: folder))
        {
            await first.WithStoreAsync(database => database.Database.ExecuteSqlRawAsync(
                "INSERT INTO work (kind, subject, state, run_after, attempts, created_at, finished_at, code) VALUES ('test.read', 'all', 'failed', 0, 1, 0, 1, 'request.clock')"));
        }

        var step = new Step("test.read", (_, _) => Task.FromResult(WorkResult.Later(TimeSpan.FromHours(1))));
        await using var second = await StartAsync(step, folder);
        await second.WithStoreAsync(async database =>
        {
            await database.BeginRecurringAsync("test.read", DateTimeOffset.UtcNow);
            return 0;
        });
        for (var i = 0; i < 1200 && step.Attempts.IsEmpty; i++) await Task.Delay(25, TestContext.Current.CancellationToken);
        step.Attempts.ShouldBe([1]);
    }

    [Fact]
    public async Task Step_OfAnUnknownKind_Fails()
    {
        await using var node = await StartAsync();
        await node.EnqueueAsync("test.unheardOf", "order-1");
        var item = await node.EndOfAsync("test.unheardOf");
        (item.State, item.Code).ShouldBe((WorkState.Failed, "work.unknownKind"));
    }

    [Fact]
    public async Task Step_OfTheSameKindAndSubject_IsNotTakenTwice()
    {
        await using var node = await StartAsync(new Step("test.write", (run, _) => Task.FromResult(Marks(run.Subject))));
        await node.EnqueueAsync("test.write", "order-1");
        await Should.ThrowAsync<DbUpdateException>(node.EnqueueAsync("test.write", "order-1"));
        await node.EndOfAsync("test.write");
        (await MarksAsync(node)).ShouldBe(["order-1"]);
    }

    [Fact]
    public async Task Step_LeasedByAProcessThatIsGone_GoesOnAtTheNextStart()
    {
        var folder = SmallNode.NewFolder();
        await using (var first = await StartAsync(folder: folder))
        {
            await first.WithStoreAsync(database => database.Database.ExecuteSqlRawAsync(
                "INSERT INTO work (kind, subject, state, run_after, attempts, lease_owner, lease_until, created_at) VALUES ('test.write', 'order-1', 'waiting', 0, 1, 'gone', 9999999999999, 0)"));
        }

        await using var second = await StartAsync(new Step("test.write", (run, _) => Task.FromResult(Marks(run.Subject))), folder);
        (await second.EndOfAsync("test.write")).Attempts.ShouldBe(2);
        (await MarksAsync(second)).ShouldBe(["order-1"]);
    }

    [Fact]
    public async Task Step_LongerThanItsLease_IsNotTakenByAnotherLane()
    {
        var step = new Step("test.long", async (run, cancel) =>
        {
            await Task.Delay(2500, cancel);
            return Marks(run.Subject);
        });
        await using var node = await StartAsync(step);
        await node.EnqueueAsync("test.long", "order-1");
        (await node.EndOfAsync("test.long")).State.ShouldBe(WorkState.Done);
        step.Attempts.ShouldBe([1]);
    }

    [Fact]
    public async Task Step_WhoseLeaseWentToAnother_LeavesNoEffect()
    {
        SmallNode? node = null;
        var step = new Step("test.slow", async (run, cancel) =>
        {
            // As if this process slept past its lease and another took the step.
            if (run.Attempt == 1) await node!.WithStoreAsync(database => database.Database.ExecuteSqlAsync($"UPDATE work SET lease_owner = 'another', lease_until = {DateTimeOffset.UtcNow.AddSeconds(60).ToUnixTimeMilliseconds()}", cancel));
            return Marks($"run {run.Attempt}");
        });
        node = await StartAsync(step);
        await using (node)
        {
            await node.EnqueueAsync("test.slow", "order-1");
            (await node.EndOfAsync("test.slow")).State.ShouldBe(WorkState.Done);
            (await MarksAsync(node)).ShouldBe(["run 2"]);
        }
    }

    [Fact]
    public async Task Progress_WhileAStepRuns_IsTold_AndForgottenAfter()
    {
        var release = new TaskCompletionSource();
        var step = new Step("test.count", async (run, _) =>
        {
            run.Report(3, 7);
            await release.Task;
            return WorkResult.Done();
        });
        await using var node = await StartAsync(step);
        await node.EnqueueAsync("test.count", "order-1");
        var progress = node.Services.GetRequiredService<WorkProgress>();
        var item = await node.ItemAsync("test.count");
        var waited = Stopwatch.StartNew();
        while (progress.Of(item) == default && waited.Elapsed < TimeSpan.FromSeconds(20)) await Task.Delay(20, TestContext.Current.CancellationToken);
        progress.Of(item).ShouldBe(new StepProgress(3, 7));
        release.SetResult();
        await node.EndOfAsync("test.count");
        progress.Of(item).ShouldBe(default);
    }

    private static Task<SmallNode> StartAsync(Step? step = null, string? folder = null) => SmallNode.StartAsync(
        folder,
        services: application =>
        {
            application.Services.AddSingleton<TimeProvider>(new FastClock());
            if (step is not null) application.Services.AddSingleton<IWorkStep>(step);
        },
        begin: (database, _) => database.Database.ExecuteSqlRawAsync("CREATE TABLE IF NOT EXISTS mark (word TEXT NOT NULL)"));

    private static WorkResult Marks(string word) => WorkResult.Done<SmallDatabase>((database, cancel) => MarkAsync(database, word, cancel));

    private static Task<int> MarkAsync(SmallDatabase database, string word, CancellationToken cancel) => database.Database.ExecuteSqlAsync($"INSERT INTO mark (word) VALUES ({word})", cancel);

    private static Task<List<string>> MarksAsync(SmallNode node) => node.WithStoreAsync(database => database.Database.SqlQueryRaw<string>("SELECT word AS Value FROM mark").ToListAsync());
}
