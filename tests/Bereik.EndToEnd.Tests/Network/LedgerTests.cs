using System.Diagnostics;
using System.Text.Json.Nodes;
using Bereik.Cli.Network;
using Bereik.EndToEnd.Tests.Demo;
using Shouldly;
using Xunit;

namespace Bereik.EndToEnd.Tests.Network;

/// <summary>The public log of a whole exchange over real nodes: anybody verifies it, from the files and over HTTP, and a person's proof leads to the row and back.</summary>
public sealed class LedgerTests
{
    [Fact]
    public async Task Exchange_ItsLog_VerifiesInFull_AndAPersonsProofGoesThereAndBack()
    {
        await using var network = await TestNetwork.StartAsync(families: 60);
        (await network.ExchangeAsync(network.Ocmw)).ShouldBe("received");
        await network.UntilIdleAsync(network.Ocmw);
        await network.UntilIdleAsync(NetworkPlan.HubId);
        var (hub, local) = (network.Plan[NetworkPlan.HubId].Url, network.Plan[network.Ocmw].PublicUrl);
        var (key, witness) = (Pinned(network, NetworkPlan.HubId, "log"), Pinned(network, NetworkPlan.PseudonymiserId, "witness"));
        var seen = Path.Combine(network.Plan.Folder, "seen");

        (await RunAsync("log", "vkey", "--data", network.DataOf(NetworkPlan.HubId))).Output.Trim().ShouldBe(key);

        // In a process of its own: over HTTP, from the hub's files, and from what the local node mirrored.
        var overHttp = await RunAsync("verify", "--log", hub, "--vkey", key, "--witness", witness, "--full", "--seen", seen, "--json");
        overHttp.Code.ShouldBe(0, overHttp.Output + overHttp.Error);
        JsonNode.Parse(overHttp.Output).ShouldNotBeNull();
        foreach (var folder in new[] { Path.Combine(network.DataOf(NetworkPlan.HubId), "log"), Path.Combine(network.DataOf(network.Ocmw), "log-mirror") })
        {
            var fromFiles = await RunAsync("verify", "--log", folder, "--vkey", key, "--witness", witness, "--full", "--seen", Path.Combine(network.Plan.Folder, $"seen-{Guid.NewGuid():N}"));
            fromFiles.Code.ShouldBe(0, fromFiles.Output + fromFiles.Error);
        }

        // Every step of the exchange is there, and no bit of it can change.
        var shown = (await RunAsync("log", "show", "--log", hub, "--vkey", key, "--from", "0", "--count", "200")).Output;
        foreach (var type in new[] { "order.placed", "order.decided", "tokens.deposited", "envelope.deposited", "exchange.matched", "package.delivered", "persons.root", "receipt.taken", "package.destroyed", "round.published" }) shown.ShouldContain(type);
        var copy = Path.Combine(network.Plan.Folder, "copy");
        Copy(Path.Combine(network.DataOf(NetworkPlan.HubId), "log"), copy);
        var bundle = Directory.EnumerateFiles(Path.Combine(copy, "tile", "entries"), "*", SearchOption.AllDirectories).MaxBy(file => new FileInfo(file).Length)!;
        var bytes = await File.ReadAllBytesAsync(bundle);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(bundle, bytes);
        (await RunAsync("verify", "--log", copy, "--vkey", key, "--full", "--seen", Path.Combine(network.Plan.Folder, "seen-copy"))).Code.ShouldBe(1);

        // From a row to its person's proof and back, in one command; the proof holds offline.
        var row = network.Query(network.Ocmw, "SELECT id FROM household ORDER BY id LIMIT 1").Single();
        var proof = Path.Combine(network.Plan.Folder, "person.tlog-proof");
        var worker = await network.WorkerAsync(network.Ocmw);
        await worker.GetPageAsync("/werklijst");
        var session = Path.Combine(network.Plan.Folder, "session");
        await File.WriteAllTextAsync(session, worker.Cookies);
        var made = await RunAsync("log", "proof", "--local", local, "--session", session, "--row", row, "--vkey", key, "--witness", witness, "--out", proof);
        made.Code.ShouldBe(0, made.Output + made.Error);
        made.Output.ShouldContain(row);
        (await RunAsync("verify", "--proof", proof, "--vkey", key, "--witness", witness)).Code.ShouldBe(0);
        var text = await File.ReadAllTextAsync(proof);
        await File.WriteAllTextAsync(proof, text.Replace("index ", "index 1", StringComparison.Ordinal));
        (await RunAsync("verify", "--proof", proof, "--vkey", key)).Code.ShouldBe(1);
    }

    // Whatever was killed when: what the log says of it follows the rules, also where a step stands twice.
    internal static async Task ShouldVerifyAsync(TestNetwork network)
    {
        var verified = await RunAsync(
            "verify", "--log", Path.Combine(network.DataOf(NetworkPlan.HubId), "log"), "--vkey", Pinned(network, NetworkPlan.HubId, "log"), "--full", "--seen", Path.Combine(network.Plan.Folder, $"seen-{Guid.NewGuid():N}"));
        verified.Code.ShouldBe(0, verified.Output + verified.Error);
    }

    internal static string Pinned(TestNetwork network, string peer, string name)
    {
        var settings = JsonNode.Parse(File.ReadAllText(NetworkFiles.SettingsFile(network.Plan, network.Ocmw)))!;
        return (string)settings["peers"]!.AsArray().Single(one => (string?)one!["id"] == peer)![name]!;
    }

    internal static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(DemoOutcome.Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
