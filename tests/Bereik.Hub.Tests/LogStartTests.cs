using System.Net;
using System.Text.Json.Nodes;
using Bereik.Domain;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Log;
using Bereik.Exchange.Signatures;
using Bereik.Hub.Log;
using Bereik.Hub.Storage;
using Bereik.Ledger;
using Bereik.Node.Configuration;
using Bereik.Node.Work;
using Bereik.Tests.Shared;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Bereik.Hub.Tests;

// A log that ought to exist is never silently made again, and one that is damaged is not trusted.
public sealed class LogStartTests
{
    private const string CannotStart = "The node ended with 3.";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FirstStart_BeginsTheLog_WithWhatTheHubHas()
    {
        await using var hub = await TestHub.StartAsync(acceded: false);
        var entries = await hub.EntriesAsync();
        var begun = (LogEntry.Begun)entries[0];
        (begun.By, begun.Origin, begun.Synthetic, begun.Witness).ShouldBe((hub.Hub.Id, hub.Hub.Note!.Verifier.Name, true, hub.Pseudonymiser.Note!.Verifier.ToString()));
        var stated = SignedDocument.Open<KeyStatement>(((LogEntry.KeyStated)entries[1]).Document, hub.Hub.Signing.PublicKey).Value.Document;
        (stated.Organisation, stated.Use, stated.Kid, stated.At).ShouldBe((hub.Hub.Id, KeyUse.Signing, hub.Hub.Signing.Kid, entries[1].At));
        entries.Skip(2).ShouldAllBe(entry => entry is LogEntry.RegisterStep);
        entries.Count.ShouldBe(2 + (int)hub.Count("SELECT count(*) FROM register_entry"));
        (await File.ReadAllTextAsync(Path.Combine(hub.DataFolder, "log.vkey"), Cancel)).ShouldBe(hub.Hub.Note.Verifier + "\n");
    }

    [Fact]
    public async Task SecondStart_ContinuesTheLog_AndRepeatsNothing()
    {
        await using var hub = await TestHub.StartAsync();
        var order = await hub.PlacedAsync(Flow.Unknown);
        var before = await hub.EntriesAsync();
        await hub.StopAsync();
        await hub.AgainAsync();
        (await hub.EntriesAsync()).Select(LogEntryFormat.Write).ShouldBe(before.Select(LogEntryFormat.Write));
        (await hub.DecideAsync(order.Document.Id, hub.Decision(order))).EnsureSuccessStatusCode();
        (await hub.EntriesAsync()).Count.ShouldBe(before.Count + 1);
    }

    [Theory]
    [InlineData("log")]
    [InlineData("log-journal")]
    public async Task Start_WithoutTheLogThatTheStoreKnows_Fails(string missing)
    {
        await using var hub = await TestHub.StartAsync();
        await hub.StopAsync();
        var (there, away) = (Path.Combine(hub.DataFolder, missing), Path.Combine(hub.DataFolder, "elsewhere"));
        Directory.Move(there, away);
        (await Should.ThrowAsync<InvalidOperationException>(hub.AgainAsync)).Message.ShouldBe(CannotStart);
        Directory.Exists(there).ShouldBeFalse("nothing is made in its place");
        Directory.Move(away, there);
        await hub.AgainAsync();
    }

    [Fact]
    public async Task Start_WithALogThatIsShorterThanTheStoreKnows_Fails()
    {
        await using var hub = await TestHub.StartAsync();
        await hub.StopAsync();
        var backup = RunningNode.NewFolder();
        Copy(hub.DataFolder, backup, "log", "log-journal");
        await hub.AgainAsync();
        await hub.PlacedAsync(Flow.Unknown);
        await hub.StopAsync();
        var whole = RunningNode.NewFolder();
        Copy(hub.DataFolder, whole, "log", "log-journal");
        Copy(backup, hub.DataFolder, "log", "log-journal");
        (await Should.ThrowAsync<InvalidOperationException>(hub.AgainAsync)).Message.ShouldBe(CannotStart);
        Copy(whole, hub.DataFolder, "log", "log-journal");
        await hub.AgainAsync();
    }

    [Fact]
    public async Task Start_OfANewStoreBesideALog_Fails()
    {
        await using var hub = await TestHub.StartAsync();
        await hub.StopAsync();
        foreach (var file in Directory.GetFiles(hub.DataFolder, "node.db*")) File.Delete(file);
        SqliteConnection.ClearAllPools();
        (await Should.ThrowAsync<InvalidOperationException>(hub.AgainAsync)).Message.ShouldBe(CannotStart);
    }

    [Fact]
    public async Task Start_WithAnotherKeyOfTheLog_Fails()
    {
        await using var hub = await TestHub.StartAsync();
        await hub.StopAsync();
        var file = Path.Combine(hub.Node.Folder, "note.key");
        var own = await File.ReadAllTextAsync(file, Cancel);
        using var stranger = NoteSigner.Generate(hub.Hub.Note!.Verifier.Name, NoteKeyKind.Ed25519);
        await File.WriteAllTextAsync(file, stranger.Export(), Cancel);
        (await Should.ThrowAsync<InvalidOperationException>(hub.AgainAsync)).Message.ShouldBe(CannotStart);
        await File.WriteAllTextAsync(file, own + "\n", Cancel);
        await hub.AgainAsync();
    }

    // The process ended after the log was begun and before the store heard of its first entry.
    [Fact]
    public async Task Start_AfterABeginningThatWasBrokenOff_GoesOnWithTheSameLog()
    {
        await using var hub = await TestHub.StartAsync(acceded: false);
        var before = await hub.EntriesAsync();
        await hub.StopAsync();
        Execute(hub, "UPDATE hub_log SET highest = NULL, steps = 0; DELETE FROM log_document; DELETE FROM stated_key");
        await hub.AgainAsync();
        var entries = await hub.EntriesAsync();
        entries.OfType<LogEntry.Begun>().Count().ShouldBe(1);
        entries.OfType<LogEntry.RegisterStep>().Select(step => step.Sequence).Distinct().Count().ShouldBe(before.Count - 2);
    }

    // A store from before there was a log: its register stands in the log from the next start.
    [Fact]
    public async Task Start_OfAnOlderStore_LogsWhatItsRegisterHas()
    {
        await using var hub = await TestHub.StartAsync();
        var steps = (int)hub.Count("SELECT count(*) FROM register_entry");
        await hub.StopAsync();
        Execute(hub, "DELETE FROM hub_log; DELETE FROM log_document; DELETE FROM stated_key");
        foreach (var folder in new[] { "log", "log-journal" }) Directory.Delete(Path.Combine(hub.DataFolder, folder), recursive: true);
        await hub.AgainAsync();
        (await hub.EntriesAsync()).OfType<LogEntry.RegisterStep>().Select(step => step.Sequence).ShouldBe(Enumerable.Range(1, steps));
    }

    [Fact]
    public async Task Start_WithASigningKeyThatTheLogDoesNotKnow_Fails()
    {
        await using var hub = await TestHub.StartAsync(acceded: false);
        await hub.StopAsync();
        using var another = SigningKey.Generate();
        var file = Path.Combine(hub.Node.Folder, "signing.jwk");
        await File.WriteAllTextAsync(file, another.ExportJwk(), Cancel);
        (await Should.ThrowAsync<InvalidOperationException>(hub.AgainAsync)).Message.ShouldBe(CannotStart);

        // Stated by its predecessor first, it is the hub's own from the next start.
        await File.WriteAllTextAsync(file, hub.Hub.Signing.ExportJwk(), Cancel);
        await hub.AgainAsync();
        var statement = new KeyStatement { Organisation = hub.Hub.Id, Use = KeyUse.Signing, Kid = another.Kid, Key = another.PublicKey.ToJwk(), At = hub.Clock.Second() };
        (await hub.BringAsync(SignedDocument.Sign(statement, hub.Hub.Signing).Compact)).EnsureSuccessStatusCode();
        await hub.StopAsync();
        await File.WriteAllTextAsync(file, another.ExportJwk(), Cancel);
        await hub.AgainAsync();
        await hub.AccedeAsync(hub.Welfare, Flow.Unknown);
    }

    [Fact]
    public async Task Settings_WithoutTheLogsKeyOrItsWitness_AreRefused()
    {
        var (self, pseudonymiser) = (new Party("hub", "hub"), new Party("pseudonymiser", "pseudonymiser"));
        string Write(Action<JsonObject> change) => RunningNode.WriteSettings(RunningNode.NewFolder(), self, "http://127.0.0.1:5100", [pseudonymiser], change);
        const string sentence = "Setting 'peers' must give the pseudonymiser's 'url' and its 'witness', the verifier key with which it cosigns the public log.";
        SettingsReader.Read<HubSettings>(Write(_ => { })).Problems.ShouldBeEmpty();
        foreach (var change in new Action<JsonObject>[] { peer => peer.Remove("url"), peer => peer.Remove("witness"), peer => peer["witness"] = self.Note!.Verifier.ToString() })
        {
            SettingsReader.Read<HubSettings>(Write(settings => change(settings["peers"]![0]!.AsObject()))).Problems.ShouldBe([sentence]);
        }

        async Task<string> EndAsync(Action<JsonObject> change, Action<string>? folder = null)
        {
            var file = Write(change);
            folder?.Invoke(Path.GetDirectoryName(file)!);
            return (await Should.ThrowAsync<InvalidOperationException>(() => RunningNode.StartAsync<HubSettings, HubDatabase>(Path.GetDirectoryName(file)!, 5100, file, new MovableClock(DateTimeOffset.UnixEpoch), HubServices.Add, Routes.Map, HubServices.StartAsync))).Message;
        }

        (await EndAsync(settings => settings["keys"]!.AsObject().Remove("log"))).ShouldBe("The node ended with 2.");
        (await EndAsync(_ => { }, folder => File.WriteAllText(Path.Combine(folder, "note.key"), pseudonymiser.Note!.Export()))).ShouldBe("The node ended with 2.");
        if (!OperatingSystem.IsWindows()) (await EndAsync(_ => { }, OpenToOthers)).ShouldBe("The node ended with 2.");
        self.Dispose();
        pseudonymiser.Dispose();
    }

    [Fact]
    public async Task Start_WithADamagedLog_ServesPagesAndNoExchange()
    {
        await using var hub = await TestHub.StartAsync();
        var order = await hub.PlacedAsync(Flow.Unknown);
        await hub.StopAsync();
        void FlipAll()
        {
            foreach (var tile in Directory.GetFiles(Path.Combine(hub.LogFolder, "tile"), "*", SearchOption.AllDirectories)) Flip(tile, 5);
        }

        FlipAll();
        await hub.AgainAsync();
        await IsDownAsync(hub, order);
        FlipAll();
        await hub.StopAsync();
        await hub.AgainAsync();
        (await hub.DecideAsync(order.Document.Id, hub.Decision(order))).EnsureSuccessStatusCode();
    }

    // Found while it runs, by the check that every start and every day begins.
    [Fact]
    public async Task Log_ThatIsDamagedWhileItRuns_IsFoundByItsOwnCheck()
    {
        await using var hub = await TestHub.StartAsync();
        var order = await hub.PlacedAsync(Flow.Unknown);
        await hub.EntriesAsync();
        await CheckAsync(hub);
        (await hub.Node.SendAsync(HttpMethod.Get, "/health", null, null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var bundle = Directory.GetFiles(Path.Combine(hub.LogFolder, "tile", "entries"), "*", SearchOption.AllDirectories).MaxBy(file => new FileInfo(file).Length)!;
        Flip(bundle, 40);
        await CheckAsync(hub);
        await IsDownAsync(hub, order);
    }

    private static async Task IsDownAsync(TestHub hub, SignedDocument<Exchange.Contracts.ListOrder> order)
    {
        var health = await hub.Node.SendAsync(HttpMethod.Get, "/health", null, null);
        health.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        var told = await health.JsonAsync();
        ((string?)told["status"]).ShouldBe("DOWN");
        ((string?)told["log"]!["state"]).ShouldBe("broken");
        ((string?)told["log"]!["code"]).ShouldNotBeNullOrEmpty();
        foreach (var page in new[] { "/protocollen", "/logboek" }) (await hub.Node.SendAsync(HttpMethod.Get, page, null, null)).StatusCode.ShouldBe(HttpStatusCode.OK, page);
        foreach (var answer in new[]
        {
            await hub.PlaceAsync(hub.Municipality, hub.NewOrder(Flow.Match)), await hub.DecideAsync(order.Document.Id, hub.Decision(order)), await hub.PackageAsync(order),
            await hub.BringAsync(hub.RoundOf(hub.Welfare)), await hub.TellAsync(Acceding.Stop(Acceding.FileOf(Flow.Match).Protocol!, null, Exchange.Register.StopKind.Suspend, hub.Source.Signing, hub.Clock.GetUtcNow())),
        }) (answer.StatusCode, await answer.CauseAsync()).ShouldBe((HttpStatusCode.ServiceUnavailable, "log.unavailable"));
        (await hub.StateAsync(hub.Welfare, order)).ShouldBe("requested");
    }

    private static async Task CheckAsync(TestHub hub)
    {
        await using var scope = hub.Node.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetServices<IWorkStep>().OfType<CheckLog>().Single().RunAsync(new WorkRun("all", 1, (_, _) => { }), Cancel);
    }

    private static void Flip(string file, int at)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        stream.Position = at;
        var one = stream.ReadByte();
        stream.Position = at;
        stream.WriteByte((byte)(one ^ 1));
    }

    private static void Copy(string from, string to, params string[] folders)
    {
        foreach (var folder in folders)
        {
            if (Directory.Exists(Path.Combine(to, folder))) Directory.Delete(Path.Combine(to, folder), recursive: true);
            foreach (var file in Directory.EnumerateFiles(Path.Combine(from, folder), "*", SearchOption.AllDirectories))
            {
                var target = Path.Combine(to, Path.GetRelativePath(from, file));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target);
            }
        }
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static void OpenToOthers(string folder) => File.SetUnixFileMode(Path.Combine(folder, "note.key"), UnixFileMode.UserRead | UnixFileMode.OtherRead);

    private static void Execute(TestHub hub, string sql)
    {
        using var store = hub.OpenStore();
        using var command = store.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
