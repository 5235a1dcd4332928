using System.Net;
using System.Text.Json.Nodes;
using Bereik.Cli.Network;
using Bereik.Domain;
using Shouldly;
using Xunit;

namespace Bereik.EndToEnd.Tests.Network;

/// <summary>Whatever a node decided, permit or refusal, is explained by its id, at that node, with the clause that decided.</summary>
public sealed class DecisionTests
{
    [Fact]
    public async Task EveryDecisionOfAnExchange_IsExplainedByItsId()
    {
        await using var network = await TestNetwork.StartAsync(families: 60);
        (await network.ExchangeAsync(network.Ocmw)).ShouldBe("received");
        var ocmw = await network.WorkerAsync(network.Ocmw);
        await ocmw.GetPageAsync("/werklijst");
        (await Should.ThrowAsync<PageException>(() => ocmw.SubmitAsync("/lijsten", "/lijsten", new Dictionary<string, string> { ["maand"] = TestNetwork.Month, ["akkoord"] = "ja" }))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);

        // A team lead of the gemeente may open the page; what the OCMW received is not there to open.
        var lead = network.Running.Visit(network.Gemeente);
        await lead.EnrolPasskeyAsync(await AttestationDesk.AttestAsync(network.Running, network.Plan[network.Gemeente], "teamverantwoordelijke", TimeProvider.System.Today()));
        (await Should.ThrowAsync<PageException>(() => lead.GetPageAsync("/werklijst"))).Status.ShouldBe(HttpStatusCode.Forbidden);

        var order = network.Query(network.Ocmw, "SELECT id FROM ordered_list").ShouldHaveSingleItem();
        await ShouldExplainAsync(network, NetworkPlan.HubId, ("order.take", "permit", order));
        await ShouldExplainAsync(network, NetworkPlan.SourceId, ("order.take", "permit", order), ("list.release", "permit", order));
        await ShouldExplainAsync(network, network.Ocmw, ("order.place", "permit", order), ("list.open", "permit", order), ("order.place", "refuse", null));
        await ShouldExplainAsync(network, network.Gemeente, ("list.open", "refuse", network.Gemeente));

        // What left is what was decided on, household by household.
        var households = network.Query(NetworkPlan.SourceId, "SELECT sum(households) FROM decision_record WHERE outcome = 'permit' AND act = 'list.release'").Single();
        network.Query(NetworkPlan.SourceId, $"SELECT selected FROM request WHERE id = '{order}'").ShouldBe([households]);
    }

    private static async Task ShouldExplainAsync(TestNetwork network, string node, params (string Act, string Outcome, string? Subject)[] expected)
    {
        var visit = network.Running.Visit(node, "dpo");
        var all = await visit.GetItemsAsync<JsonObject>("/v1/decisions");
        foreach (var (act, outcome, subject) in expected)
        {
            all.ShouldContain(one => (string?)one!["act"] == act && (string?)one["outcome"] == outcome && (subject == null || (string?)one["subject"] == subject), $"{node}: {act} {outcome}");
        }

        (await visit.GetPageAsync("/beslissingen.csv")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(all.Count + 1);
        foreach (var id in all.Select(one => (string)one!["id"]!))
        {
            var explained = await visit.GetJsonAsync<JsonObject>($"/v1/decisions/{id}");
            var page = WebUtility.HtmlDecode(await visit.GetPageAsync($"/beslissingen/{id}"));
            page.ShouldContain((string)explained["title"]!["nl"]!);
            explained["facts"]!.AsArray().Count.ShouldBeGreaterThan(3);
            ((string)explained["outcome"]! == "permit").ShouldBe(explained["reasons"]!.AsArray().Count == 0);
            foreach (var reason in explained["reasons"]!.AsArray())
            {
                page.ShouldContain(Reasons.All[(string)reason!["code"]!].Text);
                if (reason["clause"] is not null) page.ShouldContain((string)reason["clauseText"]!["nl"]!);
            }
        }
    }
}
