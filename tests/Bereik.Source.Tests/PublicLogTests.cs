using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Envelopes;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Log;
using Bereik.Exchange.Signatures;
using Bereik.Ledger;
using Bereik.Node.Configuration;
using Bereik.Tests.Shared;
using Shouldly;
using Xunit;

namespace Bereik.Source.Tests;

// INVARIANT under test: a source acts on nothing that the public log does not show to everybody.
public sealed class PublicLogTests
{
    [Fact]
    public async Task Order_WithoutACheckpointOfThisLog_IsRejected()
    {
        await using var source = await TestSource.StartAsync(MagdaMessages.Town);
        await using var foreign = TestLog.Create(source.Clock.GetUtcNow);
        await foreign.BeginAsync();
        source.Place(source.NewOrder(Flow.Unknown) with { Checkpoint = null });
        source.Place(source.NewOrder(Flow.Unknown) with { Checkpoint = foreign.Checkpoint });
        source.Place(source.NewOrder(Flow.Unknown) with { Checkpoint = source.Hub.Log.Checkpoint.Replace("\n\n", "\nmore\n\n", StringComparison.Ordinal) });
        (await TestSource.EventuallyAsync(() => source.Rejected() is { Count: >= 3 } all ? all : null)).ShouldBe(["checkpoint.missing", "checkpoint.refused", "checkpoint.refused"]);

        // None of it says anything about the log: the next order goes on.
        var order = source.Place(source.NewOrder(Flow.Unknown)).Document;
        await source.StateAsync(order.Id, "ready");
        (await source.RequestsAsync()).Count.ShouldBe(1);
        source.Alarms().ShouldBeEmpty();
    }

    [Fact]
    public async Task Order_WithTheCheckpointOfAFork_IsRejected_AndNothingMoreIsTakenUpOrSealed()
    {
        await using var source = await TestSource.StartAsync(MagdaMessages.Town);
        source.Hub.LogsDecisions = false;
        var approved = source.Place(source.NewOrder(Flow.Match)).Document;
        await source.ApprovedAsync(approved.Id);
        var decision = await TestSource.EventuallyAsync(() => source.Hub.Decisions.GetValueOrDefault(approved.Id.ToString()));

        // The hub shows the recipient another log than this source: same keys, same beginning.
        await using var fork = await source.Hub.Log.ForkAsync(3);
        await fork.MatchedAsync(Guid.NewGuid());
        source.Place(source.NewOrder(Flow.Unknown) with { Checkpoint = fork.Checkpoint });
        var next = source.Place(source.NewOrder(Flow.Unknown)).Document;
        (await TestSource.EventuallyAsync(() => source.Rejected() is { Count: > 0 } all ? all : null)).ShouldBe(["log.splitView"]);
        source.Alarms().Single().ShouldStartWith("log.splitView checkpoint of 4");

        await source.Hub.Log.DecidedAsync(decision);
        await source.LookedAsync();
        source.Rejected().Count.ShouldBe(1);
        (await source.RequestsAsync()).Select(request => (string?)request!["id"]).ShouldBe([approved.Id.ToString()]);
        source.Hub.Envelopes.Keys.ShouldBeEmpty();
        var page = await source.GetAsync(TestSource.Page(approved.Id));
        page.ShouldContain("Er vertrekt nog niets");
        page.ShouldContain("log.alarm");

        // Somebody looked and wrote down what it was: both go on.
        await File.WriteAllTextAsync(Path.Combine(source.Data, "log-alarms-settled"), "1 Karel Knooppunt: proef met een tweede logboek\n");
        await source.StateAsync(next.Id, "ready");
        await source.StateAsync(approved.Id, "deposited");
    }

    [Fact]
    public async Task Order_ThatTheLogDoesNotShow_WaitsUntilItDoes()
    {
        await using var source = await TestSource.StartAsync(MagdaMessages.Town);
        var order = SignedDocument.Sign(source.NewOrder(Flow.Unknown), source.Parties.Welfare.Signing);
        source.Hub.Place(order.Document.Id.ToString(), order.Compact, isLogged: false);
        var behind = source.Place(source.NewOrder(Flow.Match)).Document;
        await source.LookedAsync();
        (await source.RequestsAsync()).ShouldBeEmpty();
        source.Rejected().ShouldBeEmpty();

        await source.Hub.Log.PlacedAsync(order);
        await source.StateAsync(order.Document.Id, "ready");
        await source.StateAsync(behind.Id, "ready");
    }

    [Fact]
    public async Task Order_ThatTheLogNeverShows_IsRejectedWhenItsTimeIsOver_AndHoldsUpNothingElse()
    {
        await using var source = await TestSource.StartAsync(MagdaMessages.Town);
        var order = SignedDocument.Sign(source.NewOrder(Flow.Unknown), source.Parties.Welfare.Signing);
        source.Hub.Place(order.Document.Id.ToString(), order.Compact, isLogged: false);
        await source.LookedAsync();
        source.Clock.Move(TimeSpan.FromDays(8));
        (await TestSource.EventuallyAsync(() => source.Rejected() is { Count: > 0 } all ? all : null)).ShouldBe(["log.orderMissing"]);
        await source.StateAsync(source.Place(source.NewOrder(Flow.Unknown)).Document.Id, "ready");
    }

    [Theory]
    [InlineData("permit", true)]
    [InlineData("refuse", false)]
    public async Task Order_OfWhichTheLogSaysOtherwise_IsRejected(string outcome, bool isOther)
    {
        await using var source = await TestSource.StartAsync(MagdaMessages.Town);
        var order = SignedDocument.Sign(source.NewOrder(Flow.Unknown), source.Parties.Welfare.Signing);
        var logged = isOther ? SignedDocument.Sign(order.Document with { KnownCount = 5000 }, source.Parties.Welfare.Signing) : order;
        await source.Hub.Log.PlacedAsync(logged, outcome);

        // The same step may stand twice; what came later changes nothing.
        await source.Hub.Log.PlacedAsync(order);
        source.Hub.Place(order.Document.Id.ToString(), order.Compact, isLogged: false);
        (await TestSource.EventuallyAsync(() => source.Rejected() is { Count: > 0 } all ? all : null)).ShouldBe(["log.differs"]);
        (await source.RequestsAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("log.sealingKeyMissing", false)]
    [InlineData("log.sealingKeyMissing", true)]
    [InlineData("log.signingKeyMissing", true)]
    public async Task Package_WhileAKeyOfTheRecipientIsNotStatedOrRevoked_IsNotSealed(string code, bool isRevoked)
    {
        var parties = new Parties();
        using var other = SealingKey.Generate();
        await using var source = await TestSource.StartAsync(MagdaMessages.Town, parties, settings =>
        {
            if (!isRevoked) settings["peers"]!.AsArray().Single(peer => (string?)peer!["id"] == parties.Welfare.Id)!["sealing"] = JsonNode.Parse(other.PublicKey.ToJwk());
        });
        var log = source.Hub.Log;
        var order = source.Place(source.NewOrder(Flow.Unknown)).Document;
        await source.StateAsync(order.Id, "ready");
        if (isRevoked && code == "log.sealingKeyMissing") await log.StateAsync(parties.Welfare.Id, KeyUse.Sealing, parties.Welfare.Sealing.PublicKey.Kid, null, parties.Welfare.Signing);
        else if (isRevoked) await log.StateAsync(parties.Welfare.Id, KeyUse.Signing, parties.Welfare.Signing.Kid, null, parties.Welfare.Signing);
        await source.ApprovedAsync(order.Id);
        await TestSource.EventuallyAsync(() => source.Hub.Decisions.ContainsKey(order.Id.ToString()) ? "sent" : null);
        await source.LookedAsync();
        source.Hub.Envelopes.Keys.ShouldBeEmpty();
        Directory.Exists(Path.Combine(source.Data, "envelopes")).ShouldBeFalse();
        source.StateInStore(order.Id).ShouldBe("approved");
        (await source.GetAsync(TestSource.Page(order.Id))).ShouldContain(code);
        source.Alarms().ShouldBeEmpty();

        if (isRevoked)
        {
            // What was revoked stays so: the order's own time ends it.
            source.Clock.Move(TimeSpan.FromDays(8));
            await source.StateAsync(order.Id, "expired");
            source.Hub.Envelopes.Keys.ShouldBeEmpty();
            return;
        }

        await log.StateAsync(parties.Welfare.Id, KeyUse.Sealing, other.PublicKey.Kid, other.PublicKey.ToJwk(), parties.Welfare.Signing);
        await source.StateAsync(order.Id, "deposited");
    }

    [Fact]
    public async Task Package_WhoseKeyIsRevokedAfterItWasSealed_DoesNotLeave()
    {
        await using var source = await TestSource.StartAsync(MagdaMessages.Town);
        source.Hub.TakesDeposits = false;
        var order = source.Place(source.NewOrder(Flow.Unknown)).Document;
        await source.ApprovedAsync(order.Id);
        await TestSource.EventuallyAsync(() => Directory.Exists(Path.Combine(source.Data, "envelopes")) && Directory.GetFiles(Path.Combine(source.Data, "envelopes"), "*.ndjson").Length == 1 ? "sealed" : null);
        var local = source.Parties.Welfare;
        await source.Hub.Log.StateAsync(local.Id, KeyUse.Sealing, local.Sealing.PublicKey.Kid, null, local.Signing);

        // A deposit that was on its way already is refused; from the next one on the revocation is known.
        await source.LookedAsync();
        source.Hub.TakesDeposits = true;
        await source.LookedAsync();
        source.Hub.Envelopes.Keys.ShouldBeEmpty();
        source.StateInStore(order.Id).ShouldBe("approved");
    }

    [Fact]
    public async Task Package_BeforeTheLogShowsTheDecision_IsNotSealed()
    {
        await using var source = await TestSource.StartAsync(MagdaMessages.Town);
        source.Hub.LogsDecisions = false;
        var order = source.Place(source.NewOrder(Flow.Unknown)).Document;
        await source.ApprovedAsync(order.Id);
        var decision = await TestSource.EventuallyAsync(() => source.Hub.Decisions.GetValueOrDefault(order.Id.ToString()));
        await source.LookedAsync();
        Directory.Exists(Path.Combine(source.Data, "envelopes")).ShouldBeFalse();
        (await source.GetAsync(TestSource.Page(order.Id))).ShouldContain("log.decisionMissing");
        (await source.GetInAsync("en", TestSource.Page(order.Id))).ShouldContain("Your decision is not in the public log yet.");
        await source.Hub.Log.DecidedAsync(decision);
        await source.StateAsync(order.Id, "deposited");
    }

    [Fact]
    public async Task Evaluation_WithoutTheCheckpointThatTheWitnessCosigned_IsWaitedFor()
    {
        await using var source = await TestSource.StartAsync(MagdaMessages.Town);
        var honest = source.Hub.Cosigned;
        source.Hub.Cosigned = () => null;
        var order = source.Place(source.NewOrder(Flow.Unknown)).Document;
        await source.ApprovedAsync(order.Id);
        await TestSource.EventuallyAsync(() => source.Hub.Decisions.ContainsKey(order.Id.ToString()) ? "sent" : null);
        await source.LookedAsync();
        Directory.Exists(Path.Combine(source.Data, "envelopes")).ShouldBeFalse();
        source.StateInStore(order.Id).ShouldBe("approved");
        source.Hub.Cosigned = honest;
        await source.StateAsync(order.Id, "deposited");
    }

    [Fact]
    public async Task Evaluation_WithACheckpointOfAnotherLog_RaisesTheAlarmAndEndsTheRequest()
    {
        await using var source = await TestSource.StartAsync(MagdaMessages.Town);
        await using var fork = await source.Hub.Log.ForkAsync(3);
        await fork.MatchedAsync(Guid.NewGuid());
        source.Hub.Cosigned = () => fork.CheckpointHeader;
        var order = source.Place(source.NewOrder(Flow.Unknown)).Document;
        await source.ApprovedAsync(order.Id);
        await source.StateAsync(order.Id, "failed");
        source.Alarms().Single().ShouldStartWith("log.splitView checkpoint of 4");
        source.Hub.Envelopes.Keys.ShouldBeEmpty();
    }

    [Fact]
    public async Task Log_ThatIsNotFresh_IsWaitedFor_AndEverythingGoesOnWhenItIs()
    {
        await using var source = await TestSource.StartAsync(MagdaMessages.Town);
        source.Hub.LogsDecisions = false;
        var approved = source.Place(source.NewOrder(Flow.Match)).Document;
        await source.ApprovedAsync(approved.Id);
        var decision = await TestSource.EventuallyAsync(() => source.Hub.Decisions.GetValueOrDefault(approved.Id.ToString()));
        source.Hub.Log.StaysFresh = false;
        source.Hub.Log.HasWitness = false;
        source.Clock.Move(TimeSpan.FromMinutes(30));
        await source.Hub.Log.DecidedAsync(decision);
        var order = source.Place(source.NewOrder(Flow.Unknown)).Document;
        await source.LookedAsync();
        (await source.RequestsAsync()).Count.ShouldBe(1);
        source.Hub.Envelopes.Keys.ShouldBeEmpty();
        (await source.GetAsync(TestSource.Page(approved.Id))).ShouldContain("log.stale");
        source.Alarms().ShouldBeEmpty();

        source.Hub.Log.HasWitness = true;
        await source.Hub.Log.FreshenAsync();
        await source.StateAsync(order.Id, "ready");
        await source.StateAsync(approved.Id, "deposited");
    }

    // What is in the log in this source's name and was not its own doing stops everything; what it did itself never does.
    [Fact]
    public async Task Entry_InTheSourcesNameThatItDidNotMake_RaisesTheAlarm()
    {
        await using var source = await TestSource.StartAsync(MagdaMessages.Town);
        var (log, own) = (source.Hub.Log, source.Parties.Source);
        var order = await source.DepositedAsync(source.NewOrder(Flow.Unknown));
        var refused = source.Place(source.NewOrder(Flow.Unknown)).Document;
        await TestSource.EventuallyAsync(() => source.Hub.Decisions.ContainsKey(refused.Id.ToString()) ? "sent" : null);
        await log.AppendAsync(new LogEntry.EnvelopeDeposited { By = own.Id, At = source.Clock.Second(), Order = order.Document.Id, Outcome = "refuse", Reasons = ["envelope.rows"] });
        await log.RegisterAsync(Acceding.After(source.Hub.Register, Acceding.Stop(ShippedProtocols(Flow.Match), source.Parties.Municipality.Id, Exchange.Register.StopKind.Suspend, own.Signing, source.Clock.GetUtcNow()), source.Clock.GetUtcNow()));
        await source.LookedAsync();
        source.Alarms().ShouldBeEmpty("what it made itself");

        // Signed by its own key, by whoever has a copy of it.
        var decision = source.Hub.Decision(order.Document.Id);
        var first = log.Entries.Count;
        await log.DecidedAsync(SignedDocument.Sign(decision with { AcceptsKnownSet = true }, own.Signing).Compact);
        await log.AppendAsync(new LogEntry.OrderDecided { By = own.Id, At = source.Clock.Second(), Order = refused.Id, Document = source.Hub.Decisions[order.Document.Id.ToString()] });
        await log.AppendAsync(new LogEntry.EnvelopeDeposited { By = own.Id, At = source.Clock.Second(), Order = order.Document.Id, Manifest = Bytes32.Random(), Outcome = "permit", Reasons = [] });
        await log.AppendAsync(new LogEntry.EnvelopeDeposited { By = own.Id, At = source.Clock.Second(), Order = refused.Id, Outcome = "refuse", Reasons = ["envelope.rows"] });
        await log.AppendAsync(new LogEntry.TokensDeposited { By = own.Id, At = source.Clock.Second(), Order = order.Document.Id, Outcome = "permit", Reasons = [] });
        await log.AppendAsync(new LogEntry.RegisterStep { By = own.Id, At = source.Clock.Second(), Sequence = 90, Document = source.Hub.Register[0].Event });
        var alarms = await TestSource.EventuallyAsync(() => source.Alarms() is { Count: >= 6 } all ? all : null);
        alarms.Where(alarm => alarm.StartsWith("log.notMine", StringComparison.Ordinal)).ShouldBe(Enumerable.Range(first, 6).Select(index => string.Create(CultureInfo.InvariantCulture, $"log.notMine entry {index}")));

        var next = source.Place(source.NewOrder(Flow.Match)).Document;
        await source.LookedAsync();
        (await source.RequestsAsync()).ShouldNotContain(request => (string?)request!["id"] == next.Id.ToString());
    }

    [Fact]
    public async Task Request_ThatWasDeposited_ShowsItsEntries_AndItsManifestNamesTheLog()
    {
        await using var source = await TestSource.StartAsync(MagdaMessages.Town);
        var order = await source.DepositedAsync(source.NewOrder(Flow.Unknown));
        var manifest = (await new EnvelopeReader(new MemoryStream(source.Hub.Envelopes[order.Document.Id.ToString()])).ReadManifestAsync(CancellationToken.None)).Value.Document;
        Checkpoint.TryOpen(Encoding.UTF8.GetBytes(manifest.Checkpoint!), source.Parties.LogKey.Verifier, out var note, out var checkpoint, out var error).ShouldBeTrue(error);
        source.Parties.WitnessKey.Verifier.CosignedAt(note!).ShouldNotBeNull();

        // It had seen the decision that it acts on.
        var entries = source.Hub.Log.Entries;
        var (placed, decided) = (IndexOf<LogEntry.OrderPlaced>(), IndexOf<LogEntry.OrderDecided>());
        checkpoint!.Size.ShouldBeGreaterThan(decided);
        var page = await source.GetAsync(TestSource.Page(order.Document.Id));
        foreach (var index in new[] { placed, decided }) page.ShouldContain($"href=\"{source.Parties.HubUrl}/logboek/{index}\">Regel {index}</a>");
        page.ShouldNotContain("Er vertrekt nog niets");

        int IndexOf<T>() => entries.Select((entry, index) => (entry, index)).Single(one => one.entry is T and IOrderEntry about && about.Order == order.Document.Id).index;
    }

    [Fact]
    public void Settings_WithoutTheKeysOfTheLog_AreRefusedWithASentence()
    {
        var (log, witness) = (TestLog.NewKey().Verifier.ToString(), TestLog.NewWitness().Verifier.ToString());
        Problems(log, witness).ShouldBeEmpty();
        foreach (var wrong in new[] { null, "log.example+12345678+AQ==", witness }) Problems(wrong, witness).Single().ShouldStartWith("Setting 'peers[hub].log' is ");
        foreach (var wrong in new[] { null, "witness.example", log }) Problems(log, wrong).Single().ShouldStartWith("Setting 'peers[pseudonymiser].witness' is ");

        static List<string> Problems(string? log, string? witness) => [.. new SourceSettings
        {
            Peers = [new PeerSettings { Id = "hub", Kind = OrganisationKind.Hub, Log = log }, new PeerSettings { Id = "pseudonymiser", Kind = OrganisationKind.Pseudonymiser, Witness = witness }],
        }.Problems().Where(problem => problem.Contains(".log'", StringComparison.Ordinal) || problem.Contains(".witness'", StringComparison.Ordinal))];
    }

    private static Protocol ShippedProtocols(Flow flow) => Acceding.FileOf(flow).Protocol!;
}
