using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Bereik.Cli.Commands;

namespace Bereik.Cli;

/// <summary>The <c>bereik</c> command: every command, in the order in which the help shows them.</summary>
public static class CommandLine
{
    private const string Overview = """
        Bereik reaches people in poverty whom their local government does not know yet, without anyone reading what they should not.

          bereik demo                     a synthetic town, every node, every flow: who may be reached, and what each node saw
          bereik hub --config FILE        one node alone; also: source, local, pseudonymiser
          bereik protocol test FILE       run the cases of a standard protocol; also: lint, explain, diff, kit, sign, publish, verify
          bereik verify --log URL|DIR     verify the public log with its key (--vkey); all of it with --full; a proof offline with --proof FILE
          bereik log show|proof|vkey      entries of the log, a proof of one, and the log's key
          bereik key succeed|revoke       state a new signing key of your organisation in the log, or revoke a key
          bereik keygen --out K.jwk       make a key, with its public half beside it
          bereik envelope seal|open       seal the rows of a file as a package of the exchange, or open one
          bereik client add|list|rotate|revoke    the software of suppliers that may call your own node
          bereik magda read PATH          read MAGDA answers: who gets the Groeipakket's social supplement, and in which month

        Options of a command: bereik COMMAND --help
        Where to read on: README.md, docs/tour.md
        """;

    /// <summary>Runs one command line.</summary>
    /// <param name="args">The arguments, without the program's name.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where complaints go.</param>
    /// <returns>The exit code: 0 when all went well.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(args);
        var root = new RootCommand("Bereik: the command line.")
        {
            DemoCommand.Create(TimeProvider.System),
            MagdaReadCommand.Create(),
            ProtocolCommands.Create(TimeProvider.System),
            VerifyCommand.Create(TimeProvider.System),
            LogCommands.Create(),
            KeyCommands.Create(TimeProvider.System),
            KeygenCommand.Create(),
            EnvelopeCommands.Create(TimeProvider.System),
            ClientCommands.Create(TimeProvider.System),
        };
        foreach (var node in NodeCommands.Create()) root.Add(node);
        root.SetAction(invoked =>
        {
            invoked.InvocationConfiguration.Output.WriteLine(Overview);
            return 0;
        });

        var parsed = root.Parse(args);
        // A mistake is a sentence on standard error; the library's own answer would write to standard output, which callers read.
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var mistake in parsed.Errors) error.WriteLine(mistake.Message);
            return TellsMistakesApart(parsed.CommandResult) ? LogCommands.Usage : 1;
        }

        return parsed.Invoke(new InvocationConfiguration { Output = output, Error = error });
    }

    // Where 1 says that something is broken, a mistake in the command says 2.
    private static bool TellsMistakesApart(SymbolResult command) =>
        command is CommandResult { Command.Name: "verify" or "log" or "key" or "keygen" or "envelope", Parent: CommandResult { Parent: null } } || (command.Parent is { } outer && TellsMistakesApart(outer));
}
