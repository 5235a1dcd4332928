using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bereik.Domain;
using Bereik.Exchange.Protocols;

namespace Bereik.Cli.Commands;

/// <summary><c>bereik protocol lint|explain|test|diff|kit|schema|reasons</c>: what authors do with a protocol file.</summary>
internal static class ProtocolCommands
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create(TimeProvider clock)
    {
        var command = new Command("protocol", "Standard protocols: the document that is the rule.") { Lint(), Explain(), Test(), Diff(), ProtocolKitCommand.Create(clock), Schema(), ReasonList() };
        foreach (var one in ProtocolLifeCommands.Create(clock)) command.Add(one);
        return command;
    }

    private static Command Lint()
    {
        var files = new Argument<string[]>("FILE") { Description = "Protocol files.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("lint", "Check files. One line for each error: file:line:column: code: message. Exit code 1 on any.") { files };
        command.SetAction(parsed =>
        {
            var wrong = 0;
            foreach (var name in parsed.GetRequiredValue(files))
            {
                var (protocol, _, errors) = Read(name);
                foreach (var error in errors) parsed.InvocationConfiguration.Output.WriteLine(Line(name, error));
                wrong += errors.Count;
                if (protocol is { Ground: not GroundState.Verified }) parsed.InvocationConfiguration.Error.WriteLine($"{Printable(name)}: note: the ground is {Word(protocol.Ground)}. It cannot come into force, and runs on synthetic data only.");
            }

            return wrong == 0 ? 0 : 1;
        });
        return command;
    }

    private static Command Test()
    {
        var file = File();
        var json = JsonOption();
        var command = new Command("test", "Run the cases of a file. Exit code 1 when one comes out otherwise, or when a clause is in no case.") { file, json };
        command.SetAction(parsed =>
        {
            var output = parsed.InvocationConfiguration.Output;
            if (ReadOrComplain(parsed.GetRequiredValue(file), parsed.InvocationConfiguration.Error) is not { } protocol) return 1;
            var results = ProtocolCases.Run(protocol);
            var failed = results.Count(result => !result.IsAsExpected);
            var uncovered = failed == 0 ? ProtocolCases.Uncovered(protocol) : [];
            if (parsed.GetValue(json))
            {
                output.WriteLine(new JsonObject
                {
                    ["protocol"] = protocol.Id, ["version"] = protocol.Version, ["passed"] = results.Count - failed, ["failed"] = failed,
                    ["uncoveredClauses"] = new JsonArray([.. uncovered.Select(id => (JsonNode)id)]),
                    ["cases"] = new JsonArray([.. results.Select(result => (JsonNode)new JsonObject
                    {
                        ["id"] = result.Case.Id, ["ok"] = result.IsAsExpected, ["outcome"] = Word(result.Decision.Outcome), ["reasons"] = Codes(result.Decision.Reasons),
                    })]),
                }.ToJsonString(Json));
            }
            else
            {
                foreach (var result in results)
                {
                    output.WriteLine($"{(result.IsAsExpected ? "ok  " : "FAIL")} {result.Case.Id}: {Word(result.Decision.Outcome)} {string.Join(", ", result.Decision.Reasons.Select(reason => reason.Code))}".TrimEnd());
                    if (!result.IsAsExpected) output.WriteLine($"     expected {Word(result.Case.Expect)} {string.Join(", ", result.Case.Reasons)}".TrimEnd());
                }

                foreach (var id in uncovered) output.WriteLine($"FAIL no case needs the clause '{id}'");
                output.WriteLine($"{results.Count - failed} cases passed, {failed} failed, {uncovered.Count} clauses in no case.");
            }

            return failed + uncovered.Count == 0 ? 0 : 1;
        });
        return command;
    }

    private static Command Explain()
    {
        var file = File();
        var request = new Option<string>("--request") { Description = "A JSON file that says what is asked, and what is given where it is not ordinary: {\"point\": \"use\", \"given\": {\"day\": 91}}.", HelpName = "FILE", Required = true };
        var json = JsonOption();
        var command = new Command("explain", "Decide on a request under a file, and say why. Exit code 0 when a decision was reached, whatever it is.") { file, request, json };
        command.SetAction(parsed =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            if (ReadOrComplain(parsed.GetRequiredValue(file), error) is not { } protocol) return 1;
            var name = parsed.GetRequiredValue(request);
            if (Bytes(name) is not { } bytes)
            {
                error.WriteLine($"{Printable(name)}:1:1: file.unreadable: The file cannot be read.");
                return 1;
            }

            var (asked, errors) = ProtocolCases.ReadRequest(bytes);
            foreach (var wrong in errors) error.WriteLine(Line(name, wrong));
            if (asked is null) return 1;
            var decision = ProtocolCases.Decide(protocol, asked);
            if (parsed.GetValue(json)) output.WriteLine(Explained(protocol, decision).ToJsonString(Json));
            else Write(output, protocol, decision);
            return 0;
        });
        return command;
    }

    private static Command Diff()
    {
        var before = new Argument<string>("A") { Description = "The earlier version." };
        var after = new Argument<string>("B") { Description = "The later version." };
        var json = JsonOption();
        var command = new Command("diff", "Compare two versions, and class each change as wider, narrower or neutral.") { before, after, json };
        command.SetAction(parsed =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var (old, now) = (ReadOrComplain(parsed.GetRequiredValue(before), error), ReadOrComplain(parsed.GetRequiredValue(after), error));
            if (old is null || now is null) return 1;
            var changes = ProtocolDiff.Compare(old, now);
            var overall = ProtocolDiff.Overall(changes);
            var needsConsent = overall == ChangeClass.Wider && now.Find<Clause.Consent>() is not null;
            if (parsed.GetValue(json))
            {
                output.WriteLine(new JsonObject
                {
                    ["classification"] = Word(overall), ["needsNewAdvice"] = overall == ChangeClass.Wider, ["needsNewConsent"] = needsConsent,
                    ["changes"] = new JsonArray([.. changes.Select(change => (JsonNode)new JsonObject { ["path"] = change.Path, ["what"] = change.What, ["classification"] = Word(change.Classification) })]),
                }.ToJsonString(Json));
                return 0;
            }

            foreach (var change in changes) output.WriteLine($"{Word(change.Classification),-8}  {change.Path}: {change.What}");
            output.WriteLine($"Together: {Word(overall)}.{(overall == ChangeClass.Wider ? " New advice of both officers is needed" + (needsConsent ? ", and new consent." : ".") : "")}");
            return 0;
        });
        return command;
    }

    private static Command Schema()
    {
        var framework = new Option<bool>("--framework") { Description = "Of framework files instead." };
        var command = new Command("schema", "Print the JSON Schema of protocol files, for editors.") { framework };
        command.SetAction(parsed =>
        {
            parsed.InvocationConfiguration.Output.Write(parsed.GetValue(framework) ? ProtocolSchema.WriteFramework() : ProtocolSchema.Write());
            return 0;
        });
        return command;
    }

    private static Command ReasonList()
    {
        var command = new Command("reasons", "Print every reason that a decision can give, as Markdown.");
        command.SetAction(parsed =>
        {
            parsed.InvocationConfiguration.Output.Write(ReasonPage.Write());
            return 0;
        });
        return command;
    }

    private static JsonObject Explained(Protocol protocol, Decision decision)
    {
        var answer = new JsonObject
        {
            ["protocol"] = protocol.Id, ["version"] = protocol.Version, ["hash"] = protocol.Hash, ["ground"] = Word(protocol.Ground), ["outcome"] = Word(decision.Outcome),
            ["reasons"] = new JsonArray([.. decision.Reasons.Select(reason => (JsonNode)Reason(protocol, reason))]),
            ["fields"] = new JsonArray([.. decision.Fields.Select(field => (JsonNode)new JsonObject { ["field"] = field.Field.WireName(), ["outcome"] = Word(field.Outcome), ["reasons"] = Codes(field.Reasons) })]),
        };
        if (decision.Obligations is { } obligations)
        {
            answer["obligations"] = new JsonObject { ["informWithinDays"] = protocol.InformByDays, ["deleteWithinDays"] = protocol.DeleteByDays, ["informBy"] = Day(obligations.InformBy), ["deleteBy"] = Day(obligations.DeleteBy) };
        }

        return answer;
    }

    private static JsonObject Reason(Protocol protocol, Reason reason)
    {
        var members = new JsonObject { ["code"] = reason.Code, ["clause"] = reason.Clause, ["nl"] = reason.Text, ["en"] = reason.TextEnglish };
        if (reason.Clause is not null && protocol.Clause(reason.Clause) is { } clause)
        {
            members["clauseText"] = clause.Nl;
            if (clause is Clause.Ground ground) members["references"] = new JsonArray([.. ground.References.Select(reference => (JsonNode)new JsonObject { ["act"] = reference.Act, ["state"] = Word(reference.State) })]);
        }

        return members;
    }

    private static void Write(TextWriter output, Protocol protocol, Decision decision)
    {
        output.WriteLine($"{protocol.Title.Nl} ({protocol.Id} {protocol.Version})");
        if (protocol.Ground != GroundState.Verified) output.WriteLine("De rechtsgrond is niet nagekeken: alleen verzonnen gegevens.");
        output.WriteLine(decision.Outcome switch { Outcome.Permit => "Toegestaan.", Outcome.Hold => "Aangehouden:", _ => "Geweigerd:" });
        foreach (var reason in decision.Reasons)
        {
            output.WriteLine($"  {reason.Text} ({reason.Code})");
            if (reason.Clause is not null && protocol.Clause(reason.Clause) is { } clause) output.WriteLine($"    bepaling '{clause.Id}': {clause.Nl}");
        }

        foreach (var field in decision.Fields) output.WriteLine($"  {field.Field.WireName()}: {(field.Outcome == Outcome.Permit ? "mag" : $"mag niet ({string.Join(", ", field.Reasons.Select(reason => reason.Code))})")}");
        if (decision.Obligations is not null) output.WriteLine($"  Informeren binnen {protocol.InformByDays} dagen, wissen na {protocol.DeleteByDays} dagen.");
    }

    internal static Protocol? ReadOrComplain(string name, TextWriter error)
    {
        var (protocol, _, errors) = Read(name);
        foreach (var wrong in errors) error.WriteLine(Line(name, wrong));
        return protocol;
    }

    internal static ProtocolFile Read(string name) =>
        Bytes(name) is { } bytes ? ProtocolFile.Read(bytes) : new ProtocolFile(null, default, [new LintError(1, 1, "file.unreadable", "The file cannot be read.")]);

    // One byte more than may be read is enough to know that there are too many.
    private static byte[]? Bytes(string name)
    {
        try
        {
            using var stream = System.IO.File.OpenRead(name);
            var bytes = new byte[ProtocolFile.MostBytes + 1];
            var read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return bytes[..read];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static Argument<string> File() => new("FILE") { Description = "A protocol file." };

    internal static Option<bool> JsonOption() => new("--json") { Description = "One JSON object and nothing else on standard output." };

    private static JsonArray Codes(IEnumerable<Reason> reasons) => new([.. reasons.Select(reason => (JsonNode)reason.Code)]);

    internal static string Line(string name, LintError error) => $"{Printable(name)}:{error.Line}:{error.Column}: {error.Code}: {error.Message}";

    internal static string Word(Enum word) => JsonNamingPolicy.CamelCase.ConvertName(word.ToString());

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    // SECURITY: a file name may hold control characters that would rewrite the terminal.
    internal static string Printable(string path) => string.Concat(path.Select(c => char.IsControl(c) ? '?' : c));
}
