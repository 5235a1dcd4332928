using System.Diagnostics;
using System.Globalization;

namespace Bereik.Bench;

/// <summary>What every benchmark does in the same way: read its options, start a peer, say a median.</summary>
internal static class Figures
{
    public static int Option(string[] args, string name, int otherwise)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;
    }

    public static double Median(List<double> values) => values.Order().ToList()[values.Count / 2];

    public static void Report(string what, List<double> values, string format = "N0")
    {
        var sorted = values.Order().ToList();
        string Say(double value) => value.ToString(format, CultureInfo.InvariantCulture);
        Console.WriteLine($"{what}: median {Say(sorted[sorted.Count / 2])}, min {Say(sorted[0])}, max {Say(sorted[^1])} over {sorted.Count} rounds");
    }

    public static (int Code, string Output) Start(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { WorkingDirectory = folder, RedirectStandardOutput = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
