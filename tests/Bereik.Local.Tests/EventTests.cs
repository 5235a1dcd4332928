using Shouldly;
using Xunit;

namespace Bereik.Local.Tests;

// What a local node tells its own organisation's software of a list, each with what happened.
public sealed class EventTests
{
    [Fact]
    public async Task List_FromApprovalToErasure_IsToldStepByStep()
    {
        await using var local = await TestLocal.StartAsync();
        var (id, state, _) = await local.ListAsync(ListTests.Household(10));
        state.ShouldBe("received");
        Told(local, id).ShouldBe(["1 order.decided", "2 list.delivered"]);
        await local.UntilQuietAsync();
        await local.MoveAsync(TimeSpan.FromDays(40));
        await local.EraseAsync();
        await local.EraseAsync();
        Told(local, id).ShouldBe(["1 order.decided", "2 list.delivered", "3 list.ended"]);

        // It says that, and nothing of whom.
        foreach (var document in local.Query("SELECT document FROM node_event")) System.Text.Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(document.Split('.')[1])).ShouldNotContain("Peeters");
    }

    [Fact]
    public async Task List_ThatIsRefused_IsDecidedOnAndEnds()
    {
        await using var local = await TestLocal.StartAsync();
        local.Other.States.Clear();
        local.Other.States.Enqueue("refused");
        var (id, _, _) = await local.ListAsync(ListTests.Household(10));
        Told(local, id).ShouldBe(["1 order.decided", "2 list.ended"]);
    }

    [Fact]
    public async Task List_WhosePackageIsRejected_EndsWithoutBeingDelivered()
    {
        await using var local = await TestLocal.StartAsync();
        local.Other.Attack = lines => [.. lines.Take(20)];
        var (id, state, _) = await local.ListAsync(ListTests.Household(10));
        state.ShouldBe("rejected");
        Told(local, id).ShouldBe(["1 order.decided", "2 list.ended"]);
    }

    private static IReadOnlyList<string> Told(TestLocal local, string id) => local.Query($"SELECT number || ' ' || type FROM node_event WHERE exchange = '{id}' ORDER BY sequence");
}
