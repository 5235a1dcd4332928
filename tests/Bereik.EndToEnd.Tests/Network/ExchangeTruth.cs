using Bereik.Cli.Network;
using Shouldly;

namespace Bereik.EndToEnd.Tests.Network;

/// <summary>What must hold of an exchange after it ended, whatever happened on the way.</summary>
internal static class ExchangeTruth
{
    /// <summary>The recipient holds exactly the truth, each step happened once at the hub, and nothing stays behind on the way.</summary>
    public static async Task ShouldHoldTheTruthOnceAsync(this TestNetwork network, string recipient)
    {
        var received = await network.ReceivedAsync(recipient);
        if (recipient == network.Gemeente)
        {
            var truth = network.Town.Match(recipient, network.Place.Nis);
            received.Select(row => row[0]).ShouldBe(truth, ignoreOrder: true);
            truth.Count.ShouldBeGreaterThan(5);
        }
        else
        {
            var truth = network.Town.Unknown(network.Place.Nis, recipient);
            received.Select(row => $"{string.Join(" + ", row[0].Split(" | ").Order(StringComparer.Ordinal))} | {row[1]} {row[2]} {row[3]} {row[4]}").ShouldBe(truth, ignoreOrder: true);
            truth.Count.ShouldBeGreaterThan(2);
        }

        foreach (var node in network.Plan.Nodes) await network.UntilIdleAsync(node.Id);

        var order = network.Query(recipient, "SELECT id FROM ordered_list").ShouldHaveSingleItem();
        network.Query(NetworkPlan.HubId, $"SELECT kind FROM order_event WHERE order_id = '{order}' ORDER BY kind").ShouldBe(
            ["decision.permit", "envelope.deposited", "exchange.matched", "order.requested", "package.fetched", "receipt.received", "tokens.deposited"], ignoreOrder: true);
        network.Query(NetworkPlan.HubId, $"SELECT state FROM list_order WHERE id = '{order}'").ShouldBe(["received"]);
        foreach (var table in new[] { "known_set", "known_token", "row_token", "manifest_line", "envelope_row" })
        {
            network.Query(NetworkPlan.HubId, $"SELECT count(*) FROM {table} WHERE order_sequence = (SELECT sequence FROM list_order WHERE id = '{order}')").ShouldBe(["0"], table);
        }

        network.Query(NetworkPlan.SourceId, $"SELECT state FROM request WHERE id = '{order}'").ShouldBe(["deposited"]);
        network.Query(recipient, "SELECT state FROM list_event ORDER BY id").ShouldBe(["asked", "sent", "approved", "tokensSent", "delivered", "received"]);
        Directory.EnumerateFileSystemEntries(Path.Combine(network.DataOf(NetworkPlan.SourceId), "envelopes")).ShouldBeEmpty();
        Directory.EnumerateFileSystemEntries(Path.Combine(network.DataOf(recipient), "exchange")).ShouldBeEmpty();
    }
}
