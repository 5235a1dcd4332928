using System.CommandLine;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Bereik.Cli.Network;
using Bereik.Domain;

namespace Bereik.Cli.Commands;

/// <summary><c>bereik hub|source|local|pseudonymiser --config FILE</c>: one node, as its own program, until it is stopped.</summary>
internal static class NodeCommands
{
    private static readonly (string Name, OrganisationKind Kind, string Meaning)[] Nodes =
    [
        ("hub", OrganisationKind.Hub, "Run a hub: it matches tokens and passes sealed lists on, and reads neither."),
        ("pseudonymiser", OrganisationKind.Pseudonymiser, "Run a pseudonymiser: it evaluates blinded numbers without seeing them."),
        ("source", OrganisationKind.Source, "Run a source: its register, and the page where its steward decides."),
        ("local", OrganisationKind.PublicCentreForWelfare, "Run a local node: a gemeente or an OCMW with its lists, a CAW, a DMW, or an organisation that refers people."),
    ];

    public static IEnumerable<Command> Create() => Nodes.Select(node => Create(node.Name, node.Kind, node.Meaning));

    private static Command Create(string name, OrganisationKind kind, string meaning)
    {
        var config = new Option<string>("--config") { Description = "The node's settings, a JSON file.", HelpName = "FILE", Required = true };
        var command = new Command(name, meaning) { config };
        command.SetAction(parsed => Run(kind, parsed.GetRequiredValue(config), parsed.InvocationConfiguration.Error));
        return command;
    }

    // The node shares this program's terminal; signals go on to it, and its exit code becomes this one's.
    private static int Run(OrganisationKind kind, string config, TextWriter error)
    {
        string program;
        try
        {
            program = NodeProgram.Find(NodeProgram.NameOf(kind));
        }
        catch (FileNotFoundException missing)
        {
            error.WriteLine(missing.Message);
            return 3;
        }

        using var node = Process.Start(new ProcessStartInfo(program, ["--config", config]) { UseShellExecute = false })!;
        void Pass(PosixSignalContext signal)
        {
            signal.Cancel = true;
            // The terminal sends Ctrl-C to the node as well; a second signal of the same meaning does no harm.
            if (!node.HasExited) Signals.Terminate(node);
        }

        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Pass);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Pass);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Pass);
        node.WaitForExit();
        return node.ExitCode;
    }
}
