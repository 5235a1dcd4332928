using System.Net;
using Bereik.Cli.Demo;
using Bereik.Cli.Network;
using Bereik.Domain;
using Shouldly;
using Xunit;

namespace Bereik.EndToEnd.Tests.Network;

/// <summary>A power cut at any moment: a person who was referred arrives once, is erased everywhere, and each step was said once.</summary>
public sealed class ReferralKillTests(ITestOutputHelper output)
{
    private const string Name = "Marked-Verzonnen";
    private static readonly string[] Moments = ["Begun", "Acted", "Uncommitted", "Committed"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task AnyNodeKilledAtAnyTime_Referral_GoesOnExactlyOnceInEffect(int seed)
    {
        if (seed > 1) LongTests.Only();
        await using var network = await TestNetwork.StartAsync(families: 20, withReferrals: true);
        await network.AccedeToReferralsAsync();
        await WorkersAsync(network);
        using var calm = new CancellationTokenSource();
        var killing = KillAtRandomAsync(network, new Random(seed), calm.Token);
        (Guid First, Guid Onward) played;
        try
        {
            played = await PlayAsync(network);
        }
        finally
        {
            await calm.CancelAsync();
        }

        var kills = await killing;
        output.WriteLine(string.Join(", ", kills.CountBy(node => node).Select(count => $"{count.Key} {count.Value}x")));
        kills.Count.ShouldBeGreaterThan(3);
        await ShouldHoldOnceAsync(network, played.First, played.Onward);
    }

    [Theory]
    [InlineData(NetworkPlan.ReferrerId)]
    [InlineData("ocmw-aalst")]
    [InlineData(NetworkPlan.WelfareCentreId)]
    public async Task KilledAtEveryMomentOfItsSteps_Referral_GoesOnExactlyOnceInEffect(string node)
    {
        LongTests.Only();
        await using var network = await TestNetwork.StartAsync(families: 20, node, "referral.*", withReferrals: true);
        var steps = node == NetworkPlan.WelfareCentreId ? ["referral.read"] : new[] { "referral.read", "referral.send" };
        await network.AccedeToReferralsAsync();

        // Reading begins by itself: its kills are over before somebody signs in.
        await network.UntilAsync(_ => Task.FromResult(File.Exists(Crashed(network, node)) && Moments.All(moment => File.ReadLines(Crashed(network, node)).Contains($"referral.read:{moment}"))));
        await network.UntilStartedAgainAsync(node);
        await network.Running[node].WaitUntilHealthyAsync(TestContext.Current.CancellationToken);
        await WorkersAsync(network);
        var (first, onward) = await PlayAsync(network);

        await ShouldHoldOnceAsync(network, first, onward);
        var died = await network.UntilStartedAgainAsync(node);
        died.Order().ShouldBe(steps.SelectMany(step => Moments.Select(moment => $"{step}:{moment}")).Order());
    }

    private static string Crashed(TestNetwork network, string node) => Path.Combine(network.DataOf(node), "crashed");

    private static async Task WorkersAsync(TestNetwork network)
    {
        foreach (var node in new[] { NetworkPlan.ReferrerId, network.Ocmw, NetworkPlan.WelfareCentreId }) await network.WorkerAsync(node, "maatschappelijkwerker");
    }

    private static async Task<(Guid First, Guid Onward)> PlayAsync(TestNetwork network)
    {
        var (first, onward) = (Guid.NewGuid(), Guid.NewGuid());
        await ReferAsync(network, NetworkPlan.ReferrerId, network.Ocmw, AccessionDesk.ReferralProtocol, first);
        await TakeUpAsync(network, network.Ocmw, first);
        await ReferAsync(network, network.Ocmw, NetworkPlan.WelfareCentreId, AccessionDesk.PartnerProtocol, onward);
        await TakeUpAsync(network, NetworkPlan.WelfareCentreId, onward);
        await CloseAsync(network, NetworkPlan.WelfareCentreId, onward, "U08");
        await UntilErasedAsync(network, network.Ocmw, onward);
        await CloseAsync(network, network.Ocmw, first, "U11");
        await UntilErasedAsync(network, NetworkPlan.ReferrerId, first);
        return (first, onward);
    }

    // As a person does who is not sure whether it went: the same form again, and a look at what stands there.
    private static async Task ReferAsync(TestNetwork network, string from, string to, Protocol protocol, Guid id)
    {
        var worker = await network.WorkerAsync(from, "maatschappelijkwerker");
        await network.UntilAsync(async cancel =>
        {
            if (Exists(network, from, id)) return true;
            if (DemoReferrals.FormOn(await worker.GetPageAsync("/doorverwijzen/nieuw", cancel), protocol, to) is not { } form) return false;
            try
            {
                await worker.ContinueAsync(await worker.SubmitAsync(form, form, DemoReferrals.FieldsOf(protocol, id, Name), cancel), form, $"{form}/versturen", cancel: cancel);
            }
            catch (PageException notNow) when (notNow.Status is HttpStatusCode.UnprocessableEntity or HttpStatusCode.NotFound)
            {
                // The register was not read again since the node started.
            }

            return Exists(network, from, id);
        });
    }

    private static async Task TakeUpAsync(TestNetwork network, string at, Guid id)
    {
        var worker = await network.WorkerAsync(at, "maatschappelijkwerker");
        var page = $"/verwijzingen/{id:D}";
        await network.UntilAsync(_ => Task.FromResult(Exists(network, at, id)));
        await UntilStateAsync(network, at, id, "accepted", cancel => worker.SubmitAsync(page, $"{page}/aanvaarden", cancel: cancel));
        await UntilStateAsync(network, at, id, "contacted", cancel => worker.SubmitAsync(page, $"{page}/contact", new Dictionary<string, string> { ["kanaal"] = "phone", ["bereikt"] = "ja" }, cancel));
    }

    private static async Task CloseAsync(TestNetwork network, string at, Guid id, string outcome)
    {
        var worker = await network.WorkerAsync(at, "maatschappelijkwerker");
        await UntilStateAsync(network, at, id, "closed", cancel => worker.SubmitAsync($"/verwijzingen/{id:D}", $"/verwijzingen/{id:D}/afsluiten", new Dictionary<string, string> { ["uitkomst"] = outcome }, cancel));
    }

    private static Task UntilStateAsync(TestNetwork network, string at, Guid id, string state, Func<CancellationToken, Task> act) => network.UntilAsync(async cancel =>
    {
        if (State(network, at, id) == state) return true;
        try
        {
            await act(cancel);
        }
        catch (PageException notNow) when (notNow.Status is HttpStatusCode.Forbidden or HttpStatusCode.UnprocessableEntity)
        {
            // The register was not read again since the node started.
        }

        return State(network, at, id) == state;
    });

    private static Task UntilErasedAsync(TestNetwork network, string at, Guid id) => network.UntilAsync(_ => Task.FromResult(network.Query(at, $"SELECT count(*) FROM referral WHERE id = '{id:D}' AND erased_at IS NOT NULL AND record IS NULL").Single() == "1"));

    private static bool Exists(TestNetwork network, string node, Guid id) => State(network, node, id).Length > 0;

    private static string State(TestNetwork network, string node, Guid id) => network.Query(node, $"SELECT state FROM referral WHERE id = '{id:D}'").SingleOrDefault() ?? "";

    private static async Task ShouldHoldOnceAsync(TestNetwork network, Guid first, Guid onward)
    {
        string[] acts = ["accept", "close", "contact", "erase", "receive"];
        foreach (var (id, sender, recipient) in new[] { (first, NetworkPlan.ReferrerId, network.Ocmw), (onward, network.Ocmw, NetworkPlan.WelfareCentreId) })
        {
            var atHub = $"SELECT act FROM referral_step WHERE referral = (SELECT sequence FROM referral WHERE id = '{id:D}') ORDER BY act";
            await network.UntilAsync(_ => Task.FromResult(network.Query(NetworkPlan.HubId, atHub).Count >= acts.Length));
            network.Query(NetworkPlan.HubId, atHub).ShouldBe(acts);
            network.Query(NetworkPlan.HubId, $"SELECT state, is_received, is_erased FROM referral WHERE id = '{id:D}'").ShouldBe(["closed|1|1"]);
            foreach (var node in new[] { sender, recipient })
            {
                await network.UntilAsync(_ => Task.FromResult(network.Query(node, $"SELECT count(*) FROM said_step WHERE referral_id = '{id:D}'").Single() == $"{acts.Length}"));
                network.Query(node, $"SELECT act FROM said_step WHERE referral_id = '{id:D}' ORDER BY act").ShouldBe(acts, node);
                network.Query(node, $"SELECT state, record IS NULL, sealed IS NULL, erased_at IS NULL FROM referral WHERE id = '{id:D}'").ShouldBe(["closed|1|1|0"], node);
            }

            network.Query(recipient, $"SELECT count(*) FROM referral_attempt WHERE referral_id = '{id:D}'").ShouldBe(["1"], recipient);
        }

        network.Query(NetworkPlan.HubId, "SELECT count(*) FROM referral").ShouldBe(["2"]);
    }

    // The login is no node: who signed in stays signed in.
    private static async Task<List<string>> KillAtRandomAsync(TestNetwork network, Random random, CancellationToken calm)
    {
        string[] victims = [NetworkPlan.HubId, NetworkPlan.ReferrerId, network.Ocmw, NetworkPlan.WelfareCentreId];
        var killed = new List<string>();
        while (!calm.IsCancellationRequested && killed.Count < 20)
        {
            await Task.Delay(random.Next(300, 2000), CancellationToken.None);
            var victim = network.Running[victims[random.Next(victims.Length)]];
            if (calm.IsCancellationRequested || !victim.IsRunning) continue;
            await victim.KillAsync();
            killed.Add(victim.Id);
        }

        return killed;
    }
}
