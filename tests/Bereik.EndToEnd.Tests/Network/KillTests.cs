using Bereik.Cli.Network;
using Shouldly;
using Xunit;

namespace Bereik.EndToEnd.Tests.Network;

/// <summary>A power cut at any moment of any step: the order goes on after the restart, and all of it happened exactly once.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private static readonly string[] Moments = ["Begun", "Acted", "Uncommitted", "Committed"];

    [Theory]
    [InlineData("hub", "exchange.match", "store.scrub", "orders.expire")]
    [InlineData("opgroeien", "register.import", "orders.poll", "order.preview", "decision.send", "envelope.build", "envelope.deposit", "envelope.delete")]
    [InlineData("ocmw", "order.send", "order.follow", "tokens.send", "package.fetch", "package.open", "receipt.send", "rows.erase")]
    [InlineData("gemeente", "order.send", "order.follow", "tokens.send", "package.fetch", "package.open", "receipt.send", "rows.erase")]
    public async Task KilledAtEveryMomentOfEveryStep_Order_ResumesExactlyOnceInEffect(string node, params string[] steps)
    {
        // Each takes minutes; the seeds below kill the others too, at moments of their own.
        LongTests.Only();
        var id = node is "ocmw" or "gemeente" ? $"{node}-aalst" : node;
        await using var network = await TestNetwork.StartAsync(families: 60, crashing: id);
        var recipient = node == "gemeente" ? network.Gemeente : network.Ocmw;

        (await network.ExchangeAsync(recipient)).ShouldBe("received");

        await network.ShouldHoldTheTruthOnceAsync(recipient);
        await network.UntilIdleAsync(id);
        var died = await network.UntilStartedAgainAsync(id);
        output.WriteLine($"{id}: killed {died.Length} times, started again {network.Restarts} times.");
        foreach (var step in steps)
        {
            foreach (var moment in Moments) died.ShouldContain($"{step}:{moment}");
        }

        // Every step that was ever begun was killed at every moment: a step that is added later cannot escape.
        foreach (var step in network.Query(id, "SELECT DISTINCT kind FROM work WHERE started_at IS NOT NULL")) died.Count(place => place.StartsWith(step + ":", StringComparison.Ordinal)).ShouldBe(4, step);
        network.Restarts.ShouldBe(died.Length);
        await LedgerTests.ShouldVerifyAsync(network);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task AnyNodeKilledAtAnyTime_BothFlows_ResumeExactlyOnceInEffect(int seed)
    {
        if (seed > 1) LongTests.Only();
        await using var network = await TestNetwork.StartAsync(families: 60);
        using var calm = new CancellationTokenSource();
        var killing = KillAtRandomAsync(network, new Random(seed), calm.Token);
        string unknown, match;
        try
        {
            (unknown, match) = (await network.ExchangeAsync(network.Ocmw), await network.ExchangeAsync(network.Gemeente));
        }
        finally
        {
            await calm.CancelAsync();
        }

        var kills = await killing;
        output.WriteLine(string.Join(", ", kills.CountBy(node => node).Select(count => $"{count.Key} {count.Value}x")));
        (unknown, match).ShouldBe(("received", "received"));
        kills.ShouldNotBeEmpty();
        kills.ShouldContain(NetworkPlan.HubId);
        kills.ShouldContain(NetworkPlan.PseudonymiserId);
        await network.ShouldHoldTheTruthOnceAsync(network.Ocmw);
        await network.ShouldHoldTheTruthOnceAsync(network.Gemeente);
        await LedgerTests.ShouldVerifyAsync(network);
    }

    private static async Task<List<string>> KillAtRandomAsync(TestNetwork network, Random random, CancellationToken calm)
    {
        var killed = new List<string>();
        while (!calm.IsCancellationRequested && killed.Count < 25)
        {
            await Task.Delay(random.Next(300, 1500), CancellationToken.None);
            var victim = network.Running[network.Plan.Nodes[random.Next(network.Plan.Nodes.Count)].Id];
            if (calm.IsCancellationRequested || !victim.IsRunning) continue;
            await victim.KillAsync();
            killed.Add(victim.Id);
        }

        return killed;
    }
}
