using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Bereik.Cli.Network;
using Bereik.Domain;

namespace Bereik.Cli.Commands;

/// <summary><c>bereik client add|list|rotate|revoke</c>: the software of suppliers that may call a node of your organisation. The node's own program does it, in its own store.</summary>
internal static class ClientCommands
{
    public static Command Create(TimeProvider clock) => new("client", "The software of suppliers that may call your own source or local node; what changes counts at its next request.") { Add(), List(), Rotate(clock), Revoke() };

    private static Command Add()
    {
        var (config, id, key) = (ConfigOption(), IdOption(), KeyOption());
        var name = new Option<string?>("--name") { Description = "Name as people read it. Default: the id.", HelpName = "NAME" };
        var scope = new Option<string[]>("--scope") { Description = "What it may do: lists.read, files.write or events.read. More than one: give it again.", HelpName = "WORD", Required = true, AllowMultipleArgumentsPerToken = true };
        var command = new Command("add", "Register software with its public key.") { config, id, name, key, scope };
        command.SetAction(parsed => Run(parsed, config, "add", [id, key], name.Name, parsed.GetValue(name), [.. parsed.GetRequiredValue(scope).SelectMany(word => new[] { scope.Name, word })]));
        return command;
    }

    private static Command List()
    {
        var config = ConfigOption();
        var command = new Command("list", "Show all software that was ever registered, with its keys.") { config };
        command.SetAction(parsed => Run(parsed, config, "list", []));
        return command;
    }

    private static Command Rotate(TimeProvider clock)
    {
        var (config, id, key) = (ConfigOption(), IdOption(), KeyOption());
        var end = new Option<string>("--old-ends")
        {
            Description = "When the keys before it end, with its zone: 2026-12-01T12:00:00Z. Default: in a day.",
            HelpName = "INSTANT",
            DefaultValueFactory = _ => clock.GetUtcNow().AddDays(1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        };
        var command = new Command("rotate", "Add a new public key. Until the old ones end, all count, so that nothing stops.") { config, id, key, end };
        command.SetAction(parsed => Run(parsed, config, "rotate", [id, key], end.Name, parsed.GetValue(end)));
        return command;
    }

    private static Command Revoke()
    {
        var (config, id) = (ConfigOption(), IdOption());
        var command = new Command("revoke", "Revoke software, for good. Its tokens open nothing more.") { config, id };
        command.SetAction(parsed => Run(parsed, config, "revoke", [id]));
        return command;
    }

    private static int Run(ParseResult parsed, Option<string> config, string act, Option<string>[] options, string? name = null, string? value = null, params string[] more)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        var file = parsed.GetRequiredValue(config);
        List<string> words = ["client", act, config.Name, file, .. options.SelectMany(option => new[] { option.Name, parsed.GetRequiredValue(option) })];
        if (name is not null && value is not null) words.AddRange([name, value]);
        return Run([.. words, .. more], file, output, error);
    }

    /// <summary>Runs the program of the node that a settings file is for.</summary>
    internal static int Run(IEnumerable<string> words, string settings, TextWriter output, TextWriter error)
    {
        ProcessStartInfo start;
        try
        {
            start = new ProcessStartInfo(NodeProgram.Find(NodeProgram.NameOf(KindOf(settings))), words) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        }
        catch (FileNotFoundException missing)
        {
            error.WriteLine(missing.Message);
            return 3;
        }

        using var node = new Process { StartInfo = start };
        node.OutputDataReceived += (_, said) => Write(output, said.Data);
        node.ErrorDataReceived += (_, said) => Write(error, said.Data);
        node.Start();
        node.BeginOutputReadLine();
        node.BeginErrorReadLine();
        node.WaitForExit();
        return node.ExitCode;
    }

    // A local node's settings say which kind it is. What they are else, the node's program says.
    private static OrganisationKind KindOf(string settings)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(settings), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("kind", out _) ? OrganisationKind.PublicCentreForWelfare : OrganisationKind.Source;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            return OrganisationKind.Source;
        }
    }

    private static void Write(TextWriter writer, string? line)
    {
        if (line is null) return;
        lock (writer) writer.WriteLine(line);
    }

    private static Option<string> ConfigOption() => new("--config") { Description = "The node's settings, a JSON file.", HelpName = "FILE", Required = true };

    private static Option<string> IdOption() => new("--id") { Description = "Client id: 2 to 40 characters of a-z, 0-9 and '-'.", HelpName = "ID", Required = true };

    private static Option<string> KeyOption() => new("--key") { Description = "Its public ES256 key, a JWK.", HelpName = "KEY.pub.jwk", Required = true };
}
