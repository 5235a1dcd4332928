using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Bereik.Cli.Network;

namespace Bereik.EndToEnd.Tests.Demo;

// Runs the demo as a newcomer does, as its own process, and reads what it left behind.
internal sealed record DemoOutcome(int ExitCode, string Output, string Data, string Export, JsonDocument? Summary)
{
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "..", "..", "Bereik.Cli", "release", "bereik");

    public static async Task<DemoOutcome> RunAsync(params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("bereik-demo").FullName;
        var (data, export, json) = (Path.Combine(folder, "data"), Path.Combine(folder, "export"), Path.Combine(folder, "summary.json"));
        var start = new ProcessStartInfo(Program) { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] all = ["demo", "--once", "--data", data, "--export", export, "--json", json, "--port-base", FreeRange().ToString(CultureInfo.InvariantCulture), .. arguments];
        foreach (var argument in all) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new DemoOutcome(process.ExitCode, await output + await errors, data, export, File.Exists(json) ? JsonDocument.Parse(await File.ReadAllTextAsync(json)) : null);
    }

    public IReadOnlyList<string[]> ReadExport(string organisation, string flow) =>
        [.. File.ReadAllLines(Path.Combine(Export, $"{organisation}-{flow}.csv")).Skip(1).Where(line => line.Length > 0).Select(line => line.Split(';'))];

    // The demo takes a range: the hub's port and those after it.
    public static int FreeRange() => FreePorts.TakeRange(20);
}
