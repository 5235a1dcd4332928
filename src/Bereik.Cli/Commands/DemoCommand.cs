using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using Bereik.Cli.Demo;
using Bereik.Cli.Network;
using Bereik.Domain;

namespace Bereik.Cli.Commands;

/// <summary><c>bereik demo</c>: a synthetic town, every node as a process, every flow, and what came of it.</summary>
internal static class DemoCommand
{
    private const int MostFamilies = 100_000;
    private const int Interrupted = 130;
    private const int Terminated = 143;

    public static Command Create(TimeProvider clock)
    {
        var seed = new Option<int>("--seed") { Description = "The same seed gives the same town.", DefaultValueFactory = _ => 1, HelpName = "N" };
        var families = new Option<int>("--families") { Description = "Families in the register.", DefaultValueFactory = _ => 2_000, HelpName = "N" };
        var portBase = new Option<int>("--port-base") { Description = "Port of the hub; the other nodes follow.", DefaultValueFactory = _ => 5_100, HelpName = "PORT" };
        var data = new Option<string>("--data") { Description = "Folder for everything the demo makes; made anew at each start.", DefaultValueFactory = _ => "./.bereik", HelpName = "DIR" };
        var month = new Option<string?>("--month") { Description = "Reference month, yyyy-MM. Default: the month before the last.", HelpName = "yyyy-MM" };
        var once = new Option<bool>("--once") { Description = "Stop the nodes and exit when every flow is done." };
        var json = new Option<string?>("--json") { Description = "Write the summary to this file.", HelpName = "FILE" };
        var export = new Option<string?>("--export") { Description = "Write what each local node received to this folder, as CSV.", HelpName = "DIR" };
        var magda = new Option<string?>("--magda") { Description = "Use these MAGDA answers as the register, instead of a synthetic town.", HelpName = "DIR" };
        var residents = new Option<string?>("--residents") { Description = "With --magda: the residents of the first gemeente, one INSZ a line.", HelpName = "FILE" };
        var language = new Option<string>("--lang") { Description = "Language of what is shown: nl or en.", DefaultValueFactory = _ => "nl" };
        language.Validators.Add(result =>
        {
            if (result.GetValue(language) is not ("nl" or "en")) result.AddError("--lang takes nl or en.");
        });
        seed.Validators.Add(result => Between(result, "--seed", 0, int.MaxValue));
        families.Validators.Add(result => Between(result, "--families", 1, MostFamilies));
        portBase.Validators.Add(result => Between(result, "--port-base", 1_024, 65_000));
        month.Validators.Add(result =>
        {
            if (!Month.TryParse(result.GetValue(month), out var asked)) result.AddError("--month takes a month as yyyy-MM, such as 2020-03.");
            else if (asked > Month.Of(clock.Today())) result.AddError("--month lies in the future.");
        });

        var command = new Command("demo", "Run the whole way on a synthetic town: every node, every flow, and what each node saw.")
        {
            seed, families, portBase, data, once, json, export, magda, month, residents, language,
        };
        command.SetAction(parsed =>
        {
            var options = new DemoOptions
            {
                Seed = parsed.GetValue(seed),
                Families = parsed.GetValue(families),
                PortBase = parsed.GetValue(portBase),
                Data = Path.GetFullPath(parsed.GetValue(data)!),
                Month = Month.TryParse(parsed.GetValue(month), out var asked) ? asked : Month.Of(clock.Today()).Plus(-2),
                Once = parsed.GetValue(once),
                InEnglish = parsed.GetValue(language) == "en",
                JsonFile = Absolute(parsed.GetValue(json)),
                ExportFolder = Absolute(parsed.GetValue(export)),
                MagdaFolder = Absolute(parsed.GetValue(magda)),
                ResidentsFile = Absolute(parsed.GetValue(residents)),
            };
            return Run(options, clock, parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        });
        return command;
    }

    // Exit codes: 0 done, 1 it could not be done, 130 and 143 stopped from outside.
    private static int Run(DemoOptions options, TimeProvider clock, TextWriter output, TextWriter error)
    {
        using var stop = new CancellationTokenSource();
        var stoppedBy = 0;
        void Stop(PosixSignalContext signal)
        {
            var code = signal.Signal == PosixSignal.SIGINT ? Interrupted : Terminated;
            if (Interlocked.CompareExchange(ref stoppedBy, code, 0) == 0)
            {
                signal.Cancel = true;
                stop.Cancel();
            }

            // A second Ctrl-C ends this program at once; the nodes stop by themselves when it is gone.
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            return new DemoRun(options, clock, output).RunAsync(stop.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            output.WriteLine(options.InEnglish ? "Stopped. Every node has ended." : "Gestopt. Elke knoop is beëindigd.");
            return stoppedBy;
        }
        catch (Exception expected) when (expected is DemoException or NodeStartException or PageException or HttpRequestException or IOException or UnauthorizedAccessException)
        {
            error.WriteLine(expected.Message);
            return 1;
        }
    }

    private static string? Absolute(string? path) => string.IsNullOrEmpty(path) ? null : Path.GetFullPath(path);

    private static void Between(System.CommandLine.Parsing.OptionResult result, string option, int least, int most)
    {
        if (result.Tokens.Count == 0) return;
        if (!int.TryParse(result.Tokens[^1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value < least || value > most) result.AddError($"{option} takes a whole number from {least} to {most}.");
    }
}
