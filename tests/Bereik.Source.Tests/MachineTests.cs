using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Bereik.Domain;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Log;
using Bereik.Exchange.Signatures;
using Bereik.Node;
using Bereik.Tests.Shared;
using Shouldly;
using Xunit;

namespace Bereik.Source.Tests;

// Hub and source as they run, both real: whose token opens what, and the source's signing key that changes while an order is on its way.
public sealed class MachineTests
{
    [Fact]
    public async Task Token_OfTheHub_OpensNothingAtTheSource()
    {
        var parties = new Parties();
        await using var hub = await RealHub.StartAsync(parties);
        await using var source = await TestSource.StartAsync(MagdaMessages.Town, parties, realHubsClock: hub.Clock);
        using var http = new HttpClient();
        using var key = SigningKey.Generate();
        var file = Path.Combine(Parties.NewFolder(), "key.pub.jwk");
        await File.WriteAllTextAsync(file, key.PublicKey.ToJwk());
        (await NodeHost.RunAsync<SourceSettings, SourceDatabase>(["client", "add", "--config", source.SettingsFile, "--id", "pakket", "--key", file, "--scope", "lists.read"], (_, _) => { }, _ => { })).ShouldBe(0);
        var own = await new HubTokens(http, source.Url, parties.Source.Id, hub.Clock.GetUtcNow).OfAsync("pakket", key);
        foreach (var (token, status) in new[] { (await hub.TokenAsync(parties.Source), HttpStatusCode.Unauthorized), (own, HttpStatusCode.OK) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, source.Url + "/v1/requests") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
            (await http.SendAsync(request)).StatusCode.ShouldBe(status);
        }

        // Nor does the source's own token open the hub.
        using var other = new HttpRequestMessage(HttpMethod.Get, parties.HubUrl + "/v1/orders") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", own) } };
        var refused = await http.SendAsync(other);
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        ((string?)JsonNode.Parse(await refused.Content.ReadAsStringAsync())!["type"]).ShouldBe("urn:problem-type:belgif:invalidAccessToken");
    }

    [Fact]
    public async Task SigningKey_OfTheSourceSucceededWhileAnOrderRuns_LosesNothing()
    {
        var parties = new Parties();
        await using var hub = await RealHub.StartAsync(parties);
        await using var source = await TestSource.StartAsync(MagdaMessages.Town, parties, realHubsClock: hub.Clock);
        var order = SignedDocument.Sign(source.NewOrder(Flow.Unknown), parties.Welfare.Signing);
        (await hub.PostAsync(parties.Welfare, "/v1/orders", "order", order.Compact)).EnsureSuccessStatusCode();
        var id = order.Document.Id;
        await source.StateAsync(id, "ready");

        // Approved and made with the first key; the deposit does not arrive before there is a next one.
        var arrived = new TaskCompletionSource();
        hub.BeforeDeposit = _ =>
        {
            arrived.TrySetResult();
            throw new InvalidOperationException("The relay is down.");
        };
        (await source.PostAsync(TestSource.Page(id), $"{TestSource.Page(id)}/goedkeuren", ("gekendeLijst", "ja"))).StatusCode.ShouldBe(HttpStatusCode.Found);
        await arrived.Task.WaitAsync(TimeSpan.FromMinutes(1));
        using var next = SigningKey.Generate();
        await File.AppendAllTextAsync(Path.Combine(source.Data, "own-keys"), $"signing {next.PublicKey.ToJwk()}\n");
        var statement = new KeyStatement { Organisation = parties.Source.Id, Use = KeyUse.Signing, Kid = next.Kid, Key = next.PublicKey.ToJwk(), At = hub.Clock.Second() };
        await hub.BringAsync("/v1/log-documents", "document", SignedDocument.Sign(statement, parties.Source.Signing).Compact);
        hub.BeforeDeposit = _ => Task.CompletedTask;
        await source.AgainAsync(next);

        // A source that starts reads its register again; what was counted in between must be looked at again.
        await source.ImportedAsync(2);
        await source.StateAsync(id, "deposited");
        source.Alarms().ShouldBeEmpty();

        // And what comes after is taken up and decided with the next key.
        var later = SignedDocument.Sign(source.NewOrder(Flow.Unknown, "2026-11"), parties.Welfare.Signing);
        (await hub.PostAsync(parties.Welfare, "/v1/orders", "order", later.Compact)).EnsureSuccessStatusCode();
        await source.StateAsync(later.Document.Id, "ready");
        (await source.PostAsync(TestSource.Page(later.Document.Id), $"{TestSource.Page(later.Document.Id)}/goedkeuren", ("gekendeLijst", "ja"))).StatusCode.ShouldBe(HttpStatusCode.Found);
        await source.StateAsync(later.Document.Id, "deposited");
    }
}
