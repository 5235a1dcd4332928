using Bereik.Exchange.Keys;
using Bereik.Exchange.Log;
using Bereik.Node.Logs;
using Bereik.Node.Requests;
using Bereik.Node.Work;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Bereik.Node.Tests.Logs;

// Keys in the log: whose they are, who vouches for them, and what a node does with a successor.
public sealed class KeyStatementTests
{
    [Fact]
    public async Task OwnKeys_NotInTheLogYet_AreStatedOnce()
    {
        await using var watched = await WatchedLog.StartAsync();
        var keys = watched.Node.Services.GetRequiredService<NodeKeys>();
        using var token = TokenKey.Generate();
        keys.Hold(KeyUse.Token, token.PublicKey.ToJwk());
        for (var i = 0; i < 4; i++)
        {
            await watched.WithAsync(services => services.GetServices<IWorkStep>().Single(step => step.Kind == StateKeys.StepKind).RunAsync(new WorkRun("all", 1, (_, _) => { }), Cancel));

            // Twice without reading in between: a second time must not state it twice.
            if (i != 1) await watched.ReadAsync();
        }

        watched.Log.Entries.OfType<LogEntry.KeyStated>().Select(entry => entry.By).ShouldBe(["ocmw-aalst", "ocmw-aalst"]);
        (await watched.Watch.HasKeyAsync("ocmw-aalst", KeyUse.Signing, keys.Signing.Kid, Cancel)).ShouldBeTrue();
        (await watched.Watch.HasKeyAsync("ocmw-aalst", KeyUse.Token, token.Kid, Cancel)).ShouldBeTrue();
        (await watched.Watch.HasKeyAsync("ocmw-aalst", KeyUse.Sealing, token.Kid, Cancel)).ShouldBeFalse();
        (await watched.AlarmsAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Key_StatedInTheNameOfThisNode_RaisesTheAlarmUnlessItIsItsOwn(bool isAnnounced)
    {
        await using var watched = await WatchedLog.StartAsync();
        using var other = SigningKey.Generate();
        var keys = watched.Node.Services.GetRequiredService<NodeKeys>();
        if (isAnnounced) await File.WriteAllTextAsync(Path.Combine(watched.Node.Data, LogWatch.OwnKeysFile), $"signing {other.PublicKey.ToJwk()}\n", Cancel);
        await watched.StateAsync("ocmw-aalst", keys.Signing, keys.Signing);

        // Also by its own key: who has that can state what the node never made.
        await watched.StateAsync("ocmw-aalst", other, keys.Signing);
        (await watched.StopAfterReadingAsync()).ShouldBe(isAnnounced ? null : "log.alarm");
        (await watched.AlarmsAsync()).ShouldBe(isAnnounced ? [] : ["key.notMine entry 2"]);
    }

    [Fact]
    public async Task OwnKey_StatedOrRevokedByAnotherKey_RaisesTheAlarm()
    {
        await using var watched = await WatchedLog.StartAsync();
        using var other = SigningKey.Generate();
        var keys = watched.Node.Services.GetRequiredService<NodeKeys>();
        await watched.StateAsync("ocmw-aalst", keys.Signing, other);
        await watched.Log.AddAsync(watched.Statement("ocmw-aalst", KeyUse.Signing, keys.Signing.Kid, null, other));
        await watched.ReadAsync();
        (await watched.AlarmsAsync()).ShouldBe(["key.notMine entry 1", "key.notMine entry 2"]);
    }

    [Fact]
    public async Task Successor_SignedByItsPredecessor_IsLearntAlsoAtTheNextStart()
    {
        await using var watched = await WatchedLog.StartAsync();
        using var second = SigningKey.Generate();
        using var third = SigningKey.Generate();
        await watched.StateAsync("opgroeien", watched.Source, watched.Source);
        await watched.StateAsync("opgroeien", second, watched.Source);
        await watched.StateAsync("opgroeien", third, second);
        await watched.Log.AddAsync(watched.Statement("opgroeien", KeyUse.Signing, second.Kid, null, third));
        (await watched.StopAfterReadingAsync()).ShouldBeNull();
        for (var i = 0; i < 2; i++)
        {
            var keys = watched.Node.Services.GetRequiredService<NodeKeys>();
            keys.Of("opgroeien")!.Kid.ShouldBe(third.Kid);
            keys.ForRequest("opgroeien", watched.Source.Kid).ShouldNotBeNull();
            keys.ForRequest("opgroeien", second.Kid).ShouldBeNull();
            keys.ForRequest("opgroeien", third.Kid).ShouldNotBeNull();
            keys.ForRequest("hub", third.Kid).ShouldBeNull();
            keys.ByKid(second.Kid)!.Kid.ShouldBe(second.Kid);
            keys.Owner(second.Kid).ShouldBe("opgroeien");
            (await watched.Watch.HasKeyAsync("opgroeien", KeyUse.Signing, second.Kid, Cancel)).ShouldBeFalse();
            (await watched.Watch.HasKeyAsync("opgroeien", KeyUse.Signing, third.Kid, Cancel)).ShouldBeTrue();

            // Known again although nobody answers.
            await watched.RestartAsync();
            watched.IsAway = true;
            await Should.ThrowAsync<HttpRequestException>(watched.ReadAsync());
        }
    }

    [Fact]
    public async Task Successor_NotSignedByItsPredecessor_RaisesTheAlarmAndIsNotLearnt()
    {
        await using var watched = await WatchedLog.StartAsync();
        using var second = SigningKey.Generate();
        await watched.StateAsync("opgroeien", watched.Source, watched.Source);
        await watched.StateAsync("opgroeien", second, second);
        (await watched.StopAfterReadingAsync()).ShouldBe("log.alarm");
        (await watched.AlarmsAsync()).ShouldBe(["key.chainBroken entry 2"]);
        var keys = watched.Node.Services.GetRequiredService<NodeKeys>();
        keys.Of("opgroeien")!.Kid.ShouldBe(watched.Source.Kid);
        keys.Owner(second.Kid).ShouldBeNull();
    }

    [Fact]
    public void Chain_OfEveryShape_CountsWhatItsPinnedKeyVouchesFor()
    {
        using var pinned = SigningKey.Generate();
        using var next = SigningKey.Generate();
        using var stranger = SigningKey.Generate();
        using var sealing = SealingKey.Generate();
        var at = new DateTimeOffset(2026, 11, 20, 10, 0, 0, TimeSpan.Zero);
        LogEntry.KeyStated Say(KeyUse use, string kid, string? key, SigningKey signer, string of = "opgroeien", string? by = null) => new()
        {
            By = by ?? of, At = at, Document = Exchange.Signatures.SignedDocument.Sign(new KeyStatement { Organisation = of, Use = use, Kid = kid, Key = key, At = at }, signer).Compact,
        };
        LogEntry.KeyStated Signing(SigningKey key, SigningKey signer) => Say(KeyUse.Signing, key.Kid, key.PublicKey.ToJwk(), signer);
        string Count(params LogEntry.KeyStated[] entries)
        {
            var chain = KeyChain.Of(pinned.PublicKey, [.. entries.Select((entry, index) => new LoggedStatement(index, entry))]);
            string Name(string kid) => kid == pinned.Kid ? "pinned" : kid == next.Kid ? "next" : kid == stranger.Kid ? "stranger" : "sealing";
            return $"{string.Join(",", chain.Keys.Select(key => Name(key.Kid) + (key.IsRevoked ? "-" : "")))} broken {string.Join(",", chain.Broken)}".Trim();
        }

        Count().ShouldBe("broken");
        Count(Signing(pinned, pinned)).ShouldBe("pinned broken");
        Count(Signing(pinned, stranger)).ShouldBe("broken 0");
        Count(Signing(stranger, stranger)).ShouldBe("broken 0");
        Count(Signing(pinned, pinned), Signing(next, pinned)).ShouldBe("pinned,next broken");
        Count(Signing(pinned, pinned), Signing(pinned, pinned)).ShouldBe("pinned broken");
        Count(Signing(pinned, pinned), Signing(next, pinned), Signing(stranger, pinned)).ShouldBe("pinned,next broken 2");
        Count(Signing(pinned, pinned), Signing(next, pinned), Signing(stranger, next)).ShouldBe("pinned,next,stranger broken");
        Count(Signing(pinned, pinned), Say(KeyUse.Sealing, sealing.Kid, sealing.PublicKey.ToJwk(), pinned)).ShouldBe("pinned,sealing broken");
        Count(Signing(pinned, pinned), Say(KeyUse.Sealing, sealing.Kid, sealing.PublicKey.ToJwk(), stranger)).ShouldBe("pinned broken 1");
        Count(Say(KeyUse.Sealing, sealing.Kid, sealing.PublicKey.ToJwk(), pinned)).ShouldBe("broken 0");

        // A rotation before the pinned key: what came before is not vouched for, and is no alarm.
        Count(Signing(stranger, stranger), Signing(pinned, stranger), Signing(next, pinned)).ShouldBe("pinned,next broken");

        // Revoked: by a key of the chain only; the last one leaves nobody to sign a successor.
        Count(Signing(pinned, pinned), Say(KeyUse.Signing, pinned.Kid, null, stranger)).ShouldBe("pinned broken 1");
        Count(Signing(pinned, pinned), Say(KeyUse.Signing, pinned.Kid, null, pinned), Signing(next, pinned)).ShouldBe("pinned- broken 2");
        Count(Signing(pinned, pinned), Signing(next, pinned), Say(KeyUse.Signing, pinned.Kid, null, next), Signing(pinned, next)).ShouldBe("pinned-,next broken");
        Count(Signing(pinned, pinned), Say(KeyUse.Sealing, sealing.Kid, null, pinned)).ShouldBe("pinned broken 1");

        // The entry and its document must say the same.
        Count(Signing(pinned, pinned), Say(KeyUse.Signing, next.Kid, next.PublicKey.ToJwk(), pinned, of: "ocmw-gent", by: "opgroeien")).ShouldBe("pinned broken 1");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
