using System.Net;
using Bereik.Node;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Bereik.Source.Tests;

// Nothing but the right signed documents changes what may be done, at whatever door, and into whatever store, others are put.
public sealed class RegisterGuardTests
{
    private static readonly string[] Unverified = ["ground.collectionUnverified", "ground.unverified", "ground.recipientUnverified", "authorisation.unverified"];

    [Fact]
    public async Task Publication_WithoutOnePartysSignature_IsRefusedOnThePageAndByTheHub()
    {
        var parties = new Parties();
        await using var hub = await LifeHub.StartAsync(parties);
        await using var source = await TestSource.StartAsync(parties: parties, realHubsClock: hub.Clock);
        foreach (var (missing, at) in new[] { parties.Source, parties.Hub, parties.Pseudonymiser }.Select((party, at) => (party, at)))
        {
            var life = new ProtocolLife(parties, hub, ProtocolLife.FileOf(ProtocolLife.Yaml(version: $"1.{at}")));
            await life.ReadyAsync(missing);
            (await hub.CodesAsync(life.Publication())).ShouldBe(["protocol.notSigned"], missing.Id);
            await ProtocolPagesTests.StandsAsync(source, life.Page, "Geadviseerd");
            var before = await hub.LengthAsync();
            var refused = await source.PostAsync(life.Page, $"{life.Page}/bekendmaken", ("hash", life.Protocol.Hash), ("plaatsen", "https://www.opgroeien.be/protocol"));
            refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
            var page = await ProtocolPagesTests.TextOfAsync(refused);
            page.ShouldContain("protocol.notSigned");
            page.ShouldContain("https://www.opgroeien.be/protocol");
            (await hub.LengthAsync()).ShouldBe(before);
            (await AskedAsync(hub)).ShouldBe(at + 1, "the source refused before it signed anything");
            (await source.DecisionsAsync()).Count(one => (string?)one!["act"] == "protocol.publish" && (string?)one["outcome"] == "refuse").ShouldBe(at + 1);
        }
    }

    [Fact]
    public async Task UnverifiedText_IsPublishedAtNoDoor_AndAForcedPublicationChangesNothing()
    {
        var parties = new Parties();
        await using var hub = await LifeHub.StartAsync(parties);
        await using var source = await TestSource.StartAsync(parties: parties, realHubsClock: hub.Clock);
        var file = ProtocolLife.FileOf(ProtocolLife.Yaml(from: "2026-11-01", verified: false));
        var life = new ProtocolLife(parties, hub, file);
        await life.ReadyAsync();
        await life.AccedeAsync(parties.Welfare);
        (await hub.CodesAsync(life.Publication())).Order().ShouldBe(Unverified.Order());
        await ProtocolPagesTests.StandsAsync(source, life.Page, "Ondertekend");
        var page = await ProtocolPagesTests.TextOfAsync(await source.PostAsync(life.Page, $"{life.Page}/bekendmaken", ("hash", life.Protocol.Hash), ("plaatsen", "https://www.opgroeien.be/protocol")));
        foreach (var code in Unverified) page.ShouldContain(code);
        (await AskedAsync(hub)).ShouldBe(1, "the source refused before it signed anything");
        var decided = (await source.DecisionsAsync()).Single(one => (string?)one!["act"] == "protocol.publish")!;
        decided["reasons"]!.AsArray().Select(code => (string)code!).Order().ShouldBe(Unverified.Order());

        // Signed by the source's own key and put where nobody checked it: the chain is right, and it counts for nothing.
        ProtocolLife.Force(hub.Store, life.Publication(), hub.Clock.GetUtcNow());
        var length = ProtocolLife.LengthOf(hub.Store);
        await TestSource.EventuallyAsync(() => ProtocolLife.LengthOf(source.Store) == length ? "read" : null);
        (await ProtocolPagesTests.StandsAsync(source, life.Page, "Ondertekend")).ShouldContain("Waarom deze tekst nog niet bekendgemaakt kan worden");
        (await hub.CodesAsync(life.Publication("https://www.opgroeien.be/anders"))).Order().ShouldBe(Unverified.Order());

        // On synthetic numbers it goes on as any draft.
        var order = life.NewOrder();
        (await hub.OrderAsync(order)).ShouldBeEmpty();
        await source.StateAsync(order.Id, "ready");
        await hub.StopAsync();
        (await hub.AgainAsync()).ShouldBeNull("what counts for nothing breaks nothing");
    }

    [Fact]
    public async Task ForcedPublication_OfAnUnverifiedText_LetsNoOrderOnRealNumbersThrough()
    {
        var parties = new Parties();
        var file = ProtocolLife.FileOf(ProtocolLife.Yaml(from: "2026-11-01", verified: false));

        // The hub works on synthetic numbers, and this source does not: its own decision refuses.
        await using (var hub = await LifeHub.StartAsync(parties))
        {
            var life = new ProtocolLife(parties, hub, file);
            await life.ReadyAsync();
            await life.AccedeAsync(parties.Welfare);
            await using var source = await TestSource.StartAsync(parties: parties, realHubsClock: hub.Clock, change: settings => settings["allowSyntheticNumbers"] = false);
            var length = ProtocolLife.LengthOf(hub.Store);
            await TestSource.EventuallyAsync(() => ProtocolLife.LengthOf(source.Store) == length ? "read" : null);
            var publication = life.Publication();
            var now = hub.Clock.GetUtcNow();
            ProtocolLife.Force(hub.Store, publication, now);
            await TestSource.EventuallyAsync(() => ProtocolLife.LengthOf(source.Store) == length + 1 ? "read" : null);
            var order = life.NewOrder();
            (await hub.OrderAsync(order)).ShouldBeEmpty();
            await source.StateAsync(order.Id, "refused");
            var codes = await source.GetAsync(TestSource.Page(order.Id));
            foreach (var code in Unverified.Append("protocol.notInForce")) codes.ShouldContain(code);
        }

        // And a hub on real numbers.
        var real = new Parties();
        await using var realHub = await LifeHub.StartAsync(real, syntheticOnly: false);
        var onReal = new ProtocolLife(real, realHub, file);
        await onReal.ReadyAsync();
        ProtocolLife.Force(realHub.Store, onReal.Publication(), realHub.Clock.GetUtcNow());
        var refused = await realHub.OrderAsync(onReal.NewOrder());
        foreach (var code in Unverified.Append("protocol.notInForce")) refused.ShouldContain(code);
    }

    [Fact]
    public async Task ForcedPublication_InTheSourcesOwnStore_ChangesNothing()
    {
        var parties = new Parties();
        await using var hub = await LifeHub.StartAsync(parties);
        await using var source = await TestSource.StartAsync(parties: parties, realHubsClock: hub.Clock);
        var life = new ProtocolLife(parties, hub, ProtocolLife.FileOf(ProtocolLife.Yaml(from: "2026-11-01", verified: false)));
        await life.ReadyAsync();
        await ProtocolPagesTests.StandsAsync(source, life.Page, "Ondertekend");
        ProtocolLife.Force(source.Store, life.Publication(), hub.Clock.GetUtcNow());
        var page = await ProtocolPagesTests.StandsAsync(source, life.Page, "Ondertekend");
        page.ShouldContain("Waarom deze tekst nog niet bekendgemaakt kan worden");
        foreach (var code in Unverified) page.ShouldContain(code);
    }

    [Fact]
    public async Task TamperedDocument_IsRefusedByTheHub_AndFoundAtTheStartOfTheNodeThatHasIt()
    {
        var parties = new Parties();
        await using var hub = await LifeHub.StartAsync(parties);
        var source = await TestSource.StartAsync(parties: parties, realHubsClock: hub.Clock);
        var life = new ProtocolLife(parties, hub, ProtocolLife.FileOf(ProtocolLife.Yaml()));
        await life.ReadyAsync();
        var tampered = ProtocolLife.Tampered(life.Publication());
        (await hub.CodesAsync(tampered)).ShouldBe(["jws.signature"]);

        var store = await source.StopAsync();
        ProtocolLife.Force(store, tampered, hub.Clock.GetUtcNow());
        var settings = Path.Combine(Path.GetDirectoryName(source.Data)!, "settings.json");
        await source.DisposeAsync();
        var place = ProtocolLife.LengthOf(store);
        var (code, said) = await SaidAsync(() => NodeHost.RunAsync<SourceSettings, SourceDatabase>(
            ["--config", settings],
            (node, problems) =>
            {
                SourceServices.Add(node, problems);
                node.Services.AddSingleton<TimeProvider>(hub.Clock);
            },
            app =>
            {
                Routes.Map(app);
                app.Lifetime.ApplicationStarted.Register(app.Lifetime.StopApplication);
            },
            SourceServices.StartAsync));
        code.ShouldBe(3);
        said.ShouldContain(Sentence(place));

        await hub.StopAsync();
        ProtocolLife.Force(hub.Store, tampered, hub.Clock.GetUtcNow());
        place = ProtocolLife.LengthOf(hub.Store);
        (code, said) = await SaidAsync(async () => await hub.AgainAsync() ?? 0);
        code.ShouldBe(3);
        said.ShouldContain(Sentence(place));
    }

    // How often the hub decided on a publication.
    private static async Task<int> AskedAsync(LifeHub hub) => (await hub.DecisionsAsync()).Count(one => (string?)one!["act"] == "protocol.publish");

    private static string Sentence(long place) => $"Entry {place} of the register of protocols does not hold (jws.signature). The store was changed outside this program, or another hub told it. Nothing is served.";

    private static async Task<(int Code, string Said)> SaidAsync(Func<Task<int>> run)
    {
        var before = Console.Error;
        using var said = new StringWriter();
        Console.SetError(TextWriter.Synchronized(said));
        try
        {
            return (await run(), said.ToString());
        }
        finally
        {
            Console.SetError(before);
        }
    }
}
