using System.Text;
using Bereik.Domain;
using Bereik.Ledger;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Bereik.Hub.Tests;

// The hub's side of the mandatory witness.
public sealed class CosignTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Checkpoint_WithItsWitness_CarriesBothSignatures()
    {
        var party = new Party("pseudonymiser", "pseudonymiser") { Url = $"http://127.0.0.1:{RunningNode.FreePort()}" };
        var clock = new MovableClock(new DateTimeOffset(2026, 11, 20, 10, 0, 0, TimeSpan.Zero));
        await using var witness = await ScriptedWitness.StartAsync(party, clock);
        await using var hub = await TestHub.StartAsync(pseudonymiser: party);
        await hub.PlacedAsync(Flow.Unknown);
        await hub.EntriesAsync();
        await UntilAsync(async () => await WitnessAsync(hub) == "fresh");
        var (note, checkpoint) = Open(hub);
        note.IsSignedBy(party.Note!.Verifier).ShouldBeTrue();
        checkpoint.ShouldBe(witness.Last);

        // After a new start the hub does not know what its witness has, and asks.
        await hub.StopAsync();
        await hub.AgainAsync();
        (await hub.PlaceAsync(hub.Welfare, hub.NewOrder(Flow.Unknown, new Month(2026, 9)))).EnsureSuccessStatusCode();
        await hub.EntriesAsync();
        await UntilAsync(() => Task.FromResult(witness.Last!.Size == checkpoint.Size + 1));
        lock (witness.Asked) witness.Asked[^2..].Select(one => one.Status).ShouldBe([409, 200]);
        Open(hub).Note.IsSignedBy(party.Note.Verifier).ShouldBeTrue();
    }

    [Fact]
    public async Task Checkpoint_OfAQuietLog_IsCosignedAnew()
    {
        var party = new Party("pseudonymiser", "pseudonymiser") { Url = $"http://127.0.0.1:{RunningNode.FreePort()}" };
        var clock = new MovableClock(new DateTimeOffset(2026, 11, 20, 10, 0, 0, TimeSpan.Zero));
        await using var witness = await ScriptedWitness.StartAsync(party, clock);
        await using var hub = await TestHub.StartAsync(pseudonymiser: party);
        await hub.EntriesAsync();
        await UntilAsync(async () => await WitnessAsync(hub) == "fresh");
        var size = Open(hub).Checkpoint.Size;
        foreach (var one in new[] { clock, hub.Clock }) one.Move(TimeSpan.FromMinutes(6));
        await UntilAsync(() => Task.FromResult(party.Note!.Verifier.CosignedAt(Open(hub).Note) >= clock.GetUtcNow().AddMinutes(-1)));
        Open(hub).Checkpoint.Size.ShouldBe(size);
    }

    [Fact]
    public async Task Witness_ThatIsSilent_KeepsNobodyFromTheLog_AndHealthSaysSo()
    {
        await using var hub = await TestHub.StartAsync();
        await hub.PlacedAsync(Flow.Unknown);
        await hub.EntriesAsync();
        (await WitnessAsync(hub)).ShouldBe("silent");
        Open(hub).Note.Signatures.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Witness_ThatWasFresh_IsSilentAfterAQuarterOfAnHour()
    {
        var party = new Party("pseudonymiser", "pseudonymiser") { Url = $"http://127.0.0.1:{RunningNode.FreePort()}" };
        var clock = new MovableClock(new DateTimeOffset(2026, 11, 20, 10, 0, 0, TimeSpan.Zero));
        var witness = await ScriptedWitness.StartAsync(party, clock);
        await using var hub = await TestHub.StartAsync(pseudonymiser: party);
        await UntilAsync(async () => await WitnessAsync(hub) == "fresh");
        await witness.DisposeAsync();
        hub.Clock.Move(TimeSpan.FromMinutes(16));
        (await WitnessAsync(hub)).ShouldBe("silent");
    }

    // 409 with the size that was sent: the same size, another root. 422: no continuation. 403: another key.
    [Theory]
    [InlineData(409)]
    [InlineData(422)]
    [InlineData(403)]
    public async Task Witness_ThatSawAnotherTree_IsAnAlarm(int status)
    {
        var party = new Party("pseudonymiser", "pseudonymiser") { Url = $"http://127.0.0.1:{RunningNode.FreePort()}" };
        var clock = new MovableClock(new DateTimeOffset(2026, 11, 20, 10, 0, 0, TimeSpan.Zero));
        await using var witness = await ScriptedWitness.StartAsync(party, clock);
        witness.Instead = (asked, _) => status == 409 ? Results.Text($"{asked.OldSize}\n", "text/x.tlog.size", statusCode: 409) : Results.StatusCode(status);
        await using var hub = await TestHub.StartAsync(pseudonymiser: party);
        await hub.PlacedAsync(Flow.Unknown);
        await hub.EntriesAsync();
        await UntilAsync(async () => await WitnessAsync(hub) == "refused");
        Open(hub).Note.Signatures.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Witness_ThatHasALargerTree_IsAnAlarm()
    {
        var party = new Party("pseudonymiser", "pseudonymiser") { Url = $"http://127.0.0.1:{RunningNode.FreePort()}" };
        var clock = new MovableClock(new DateTimeOffset(2026, 11, 20, 10, 0, 0, TimeSpan.Zero));
        await using var witness = await ScriptedWitness.StartAsync(party, clock);
        witness.Instead = (_, checkpoint) => Results.Text($"{checkpoint.Size + 1}\n", "text/x.tlog.size", statusCode: 409);
        await using var hub = await TestHub.StartAsync(pseudonymiser: party);
        await UntilAsync(async () => await WitnessAsync(hub) == "refused");
    }

    [Fact]
    public async Task Signature_ThatIsNotOfThePinnedWitness_IsDropped()
    {
        var party = new Party("pseudonymiser", "pseudonymiser") { Url = $"http://127.0.0.1:{RunningNode.FreePort()}" };
        var clock = new MovableClock(new DateTimeOffset(2026, 11, 20, 10, 0, 0, TimeSpan.Zero));
        await using var witness = await ScriptedWitness.StartAsync(party, clock);
        using var stranger = NoteSigner.Generate(party.Note!.Verifier.Name, NoteKeyKind.Cosignature);
        witness.Instead = (_, checkpoint) => Results.Text($"{stranger.Sign(checkpoint.ToString(), clock.GetUtcNow())}\n{party.Note.Sign("iets anders\n", clock.GetUtcNow())}\n", "text/plain");
        await using var hub = await TestHub.StartAsync(pseudonymiser: party);
        await hub.PlacedAsync(Flow.Unknown);
        await hub.EntriesAsync();
        await UntilAsync(() => Task.FromResult(witness.Asked.Count > 1));
        (await WitnessAsync(hub)).ShouldBe("silent");
        Open(hub).Note.Signatures.Count.ShouldBe(1);
    }

    private static (SignedNote Note, Checkpoint Checkpoint) Open(TestHub hub)
    {
        Checkpoint.TryOpen(Encoding.UTF8.GetBytes(hub.Checkpoint()), hub.Hub.Note!.Verifier, out var note, out var checkpoint, out var error).ShouldBeTrue(error);
        return (note, checkpoint);
    }

    private static async Task<string?> WitnessAsync(TestHub hub) => (string?)(await (await hub.Node.SendAsync(HttpMethod.Get, "/health", null, null)).JsonAsync())["log"]!["witness"];

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        for (var i = 0; !await isSo(); i++)
        {
            i.ShouldBeLessThan(600, "It did not come so far.");
            await Task.Delay(25, Cancel);
        }
    }
}
