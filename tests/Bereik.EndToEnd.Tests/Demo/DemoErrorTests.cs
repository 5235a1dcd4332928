using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Bereik.Cli.Network;
using Shouldly;
using Xunit;

namespace Bereik.EndToEnd.Tests.Demo;

/// <summary>What goes wrong with a demo is said in a sentence, and nothing of it stays behind.</summary>
public sealed class DemoErrorTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("bereik-demo-errors");

    private string Data => Path.Combine(folder.FullName, "data");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("--families takes a whole number from 1 to 100000.", "--families", "0")]
    [InlineData("--families takes a whole number from 1 to 100000.", "--families", "many")]
    [InlineData("--month takes a month as yyyy-MM", "--month", "2020-13")]
    [InlineData("--month lies in the future.", "--month", "2999-01")]
    [InlineData("--port-base takes a whole number from 1024 to 65000.", "--port-base", "80")]
    [InlineData("--residents belongs to --magda", "--residents", "/nowhere")]
    [InlineData("--magda names a folder that does not exist.", "--magda", "/nowhere")]
    [InlineData("--lang", "--lang", "fr")]
    [InlineData("--hurry", "--hurry")]
    public async Task Option_Wrong_IsNamedInASentence(string sentence, params string[] arguments)
    {
        var (code, output, error) = await RunAsync(["demo", "--once", "--data", Data, .. arguments]);
        code.ShouldNotBe(0);
        error.ShouldContain(sentence);
        error.ShouldNotContain("   at ");
        output.ShouldBeEmpty();
        Directory.Exists(Data).ShouldBeFalse();
    }

    [Fact]
    public async Task DataFolder_WithSomethingElse_IsLeftAlone()
    {
        Directory.CreateDirectory(Data);
        var own = Path.Combine(Data, "thesis.txt");
        await File.WriteAllTextAsync(own, "mine", Stop);
        var (code, _, error) = await RunAsync("demo", "--once", "--data", Data);
        code.ShouldBe(1);
        error.ShouldContain("holds something that no demo made");
        (await File.ReadAllTextAsync(own, Stop)).ShouldBe("mine");
    }

    [Fact]
    public async Task Port_InUse_IsNamed()
    {
        var first = FreeRange();
        using var taken = new TcpListener(IPAddress.Loopback, first + 2);
        taken.Start();
        var (code, _, error) = await RunAsync("demo", "--once", "--data", Data, "--port-base", Text(first));
        code.ShouldBe(1);
        error.ShouldContain($"Port {first + 2} is in use");
    }

    [Fact]
    public async Task SecondDemo_IsRefused_AndCtrlCEndsTheFirstWithEveryNode()
    {
        var first = FreeRange();
        using var demo = Start("demo", "--families", "12", "--lang", "en", "--data", Data, "--port-base", Text(first));
        var said = new List<string>();
        while (await demo.StandardOutput.ReadLineAsync(Stop) is { } line)
        {
            said.Add(line);
            if (line.StartsWith("The nodes keep running.", StringComparison.Ordinal)) break;
        }

        said.ShouldContain(line => line.StartsWith("What came of it for ", StringComparison.Ordinal), string.Join('\n', said));
        said.ShouldContain(line => line.Contains("fewer than 20 families", StringComparison.Ordinal), "twelve families are too few for letters, and the demo goes on");
        said.ShouldNotContain(line => line.Contains("tokensSent", StringComparison.Ordinal), "states are said in words");
        var (code, _, error) = await RunAsync("demo", "--once", "--data", Data, "--port-base", Text(first + 100));
        code.ShouldBe(1);
        error.ShouldContain("Another demo is running on the folder");

        int[] ports = [.. NetworkPlan.PortsFrom(first, 6 + NetworkPlan.ReferralNodes)];
        ports.ShouldAllBe(port => FreePorts.IsTaken(port));
        using var signal = Process.Start("kill", ["-INT", Text(demo.Id)]);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        string rest;
        try
        {
            rest = await demo.StandardOutput.ReadToEndAsync(patience.Token);
            await demo.WaitForExitAsync(patience.Token);
        }
        finally
        {
            if (!demo.HasExited) demo.Kill(entireProcessTree: true);
        }

        demo.ExitCode.ShouldBe(130);
        rest.ShouldContain("Stopped. Every node has ended.");
        ports.ShouldAllBe(port => !FreePorts.IsTaken(port));
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync(Stop);
        var error = process.StandardError.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        return (process.ExitCode, await output, await error);
    }

    // As from a terminal: whoever runs these tests behind itself has told all that they start to ignore Ctrl-C.
    private static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo("env", ["--default-signal=INT", DemoOutcome.Program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    private static int FreeRange() => DemoOutcome.FreeRange();

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
