using System.Net;
using System.Text.Json.Nodes;
using Bereik.Cli.Network;
using Bereik.Domain;
using Shouldly;
using Xunit;

namespace Bereik.EndToEnd.Tests.Network;

/// <summary>A local government accedes by its own pages, and what stops its accession stops its orders at every node.</summary>
public sealed class AccessionTests
{
    private const string Page = "/toetreding/groeipakket-onbekend";
    private static readonly Dictionary<string, string> Order = new() { ["maand"] = TestNetwork.Month, ["akkoord"] = "ja" };
    private static readonly Dictionary<string, string> Suspension = new() { ["suspend-reden"] = "measureLapsed", ["suspend-woorden"] = "De jaarlijkse oefening is niet gehouden." };

    [Fact]
    public async Task Order_BeforeAcceding_IsRefusedAndAfterItGoes()
    {
        await using var network = await TestNetwork.StartAsync(families: 60);
        await network.ReadyAsync(network.Ocmw);
        var ocmw = network.Running.Visit(network.Ocmw);

        (await ocmw.GetPageAsync("/lijsten")).ShouldContain($"href=\"{Page}\"");
        (await ocmw.GetItemsAsync<JsonObject>("/v1/accessions")).ShouldBeEmpty();
        (await Should.ThrowAsync<PageException>(() => ocmw.SubmitAsync("/lijsten", "/lijsten", Order))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await network.Running.Visit(network.Ocmw, "dpo").GetItemsAsync<JsonObject>("/v1/decisions")).ShouldContain(one => (string?)one!["act"] == "order.place" && one["reasons"]!.AsArray().Any(reason => (string?)reason == "accession.missing"));

        (await network.ExchangeAsync(network.Ocmw)).ShouldBe("received");
        var accession = (await ocmw.GetItemsAsync<JsonObject>("/v1/accessions")).ShouldHaveSingleItem()!;
        ((string?)accession["state"]).ShouldBe("active");
        accession["lapsed"]!.AsArray().ShouldBeEmpty();
        (await ocmw.GetPageAsync("/lijsten")).ShouldNotContain($"href=\"{Page}\"");

        // The text, signed once, and the accession after it: after the texts that ship they stand in the register of every node.
        var entries = Bereik.Exchange.Protocols.ShippedProtocols.All.Count + 2;
        foreach (var node in new[] { NetworkPlan.HubId, NetworkPlan.SourceId, network.Ocmw, network.Gemeente }) (await network.UntilEntriesAsync(node)).ShouldBe($"{entries}", node);
        (await network.Running.Visit(network.Gemeente).GetItemsAsync<JsonObject>("/v1/accessions")).ShouldBeEmpty("gemeente and OCMW accede each for themselves");
    }

    [Fact]
    public async Task Order_ThatWaitsAtTheSource_StopsAtEveryNodeWhenTheOcmwSuspends()
    {
        LongTests.Only();
        await using var network = await TestNetwork.StartAsync(families: 60);
        await network.ReadyAsync(network.Ocmw);
        await network.AccedeAsync(network.Ocmw);
        var order = await network.OrderAsync(network.Ocmw);
        var (ocmw, author) = (network.Running.Visit(network.Ocmw), network.Running.Visit(network.Ocmw, "protocolauteur"));

        await author.SubmitAsync(Page, $"{Page}/schorsen", Suspension);

        // At the hub in the transaction of the suspension itself; at the others within their next look.
        await ShouldHaveStoppedAsync(network, order);
        await Should.ThrowAsync<PageException>(() => StewardDesk.ApproveAsync(network.Running.Visit(NetworkPlan.SourceId), order));
        (await Should.ThrowAsync<PageException>(() => ocmw.SubmitAsync("/lijsten", "/lijsten", Order))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);

        // Who suspended may lift it, and the list can be ordered again.
        await author.SubmitAsync(Page, $"{Page}/opheffen", new Dictionary<string, string> { ["resume-woorden"] = "De oefening is gehouden." });
        (await network.ExchangeAsync(network.Ocmw)).ShouldBe("received");
    }

    [Fact]
    public async Task Order_ThatWasApproved_StopsAtEveryNodeWhenTheOcmwSuspends()
    {
        LongTests.Only();
        await using var network = await TestNetwork.StartAsync(families: 60);
        await network.ReadyAsync(network.Ocmw);
        await network.AccedeAsync(network.Ocmw);
        var order = await network.OrderAsync(network.Ocmw);

        // Without the pseudonymiser neither side can make tokens: the order stays between approval and match.
        await network.TakeDownAsync(NetworkPlan.PseudonymiserId);
        await StewardDesk.ApproveAsync(network.Running.Visit(NetworkPlan.SourceId), order);
        await network.UntilShownAsync(network.Ocmw, "/v1/lists", "\"state\":\"approved\"");

        await network.Running.Visit(network.Ocmw, "protocolauteur").SubmitAsync(Page, $"{Page}/schorsen", Suspension);

        await ShouldHaveStoppedAsync(network, order);
        Directory.EnumerateFileSystemEntries(Path.Combine(network.DataOf(network.Ocmw), "exchange")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Accession_ThatEnds_StopsFromItsDayAndCanBeginAgain()
    {
        LongTests.Only();
        await using var network = await TestNetwork.StartAsync(families: 60);
        await network.ReadyAsync(network.Ocmw);
        await network.AccedeAsync(network.Ocmw);
        var (ocmw, author) = (network.Running.Visit(network.Ocmw), network.Running.Visit(network.Ocmw, "protocolauteur"));
        var today = TimeProvider.System.Today();

        await author.SubmitAsync(Page, $"{Page}/beeindigen", new Dictionary<string, string> { ["end-dag"] = Day(today.AddDays(30)), ["end-woorden"] = "Het OCMW fusioneert." });
        ((string?)(await ocmw.GetItemsAsync<JsonObject>("/v1/accessions")).Single()!["state"]).ShouldBe("active", "the day has not come");
        await author.SubmitAsync(Page, $"{Page}/beeindigen", new Dictionary<string, string> { ["end-dag"] = Day(today), ["end-woorden"] = "Het OCMW stopt ermee." });
        ((string?)(await ocmw.GetItemsAsync<JsonObject>("/v1/accessions")).Single()!["state"]).ShouldBe("ended");
        await Should.ThrowAsync<PageException>(() => ocmw.SubmitAsync("/lijsten", "/lijsten", Order));

        (await network.ExchangeAsync(network.Ocmw)).ShouldBe("received");
        network.Query(NetworkPlan.HubId, "SELECT count(*) FROM register_entry").Single().ShouldBe(network.Query(network.Ocmw, "SELECT count(*) FROM register_entry").Single());
    }

    private static async Task ShouldHaveStoppedAsync(TestNetwork network, string order)
    {
        network.Query(NetworkPlan.HubId, $"SELECT kind FROM order_event WHERE order_id = '{order}' AND kind = 'order.stopped'").Count.ShouldBe(1);
        (await network.UntilEndedAsync(network.Ocmw)).ShouldBe("refused");
        (await network.UntilShownAsync(network.Ocmw, $"/lijsten/{order}", "accession.suspended")).ShouldContain("href=\"/toetreding\"");
        await network.UntilShownAsync(NetworkPlan.SourceId, $"/aanvragen/{order}", "accession.suspended");
        network.Query(network.Ocmw, $"SELECT code FROM ordered_list WHERE id = '{order}'").ShouldBe(["accession.suspended"]);
        network.Query(NetworkPlan.HubId, $"SELECT state FROM list_order WHERE id = '{order}'").ShouldBe(["refused"]);
    }

    private static string Day(DateOnly day) => day.ToString("dd-MM-yyyy", System.Globalization.CultureInfo.InvariantCulture);
}
