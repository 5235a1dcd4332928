using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bereik.Cli.Network;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Register;
using Bereik.Exchange.Signatures;

namespace Bereik.Cli.Commands;

/// <summary><c>bereik protocol sign|publish|verify</c>: what a party does with a text outside its node's pages.</summary>
internal static class ProtocolLifeCommands
{
    private const string SignedEnding = ".jws.json";
    private const int MostSignedBytes = 4 * 1024 * 1024;
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly Reason[] OfGrounds = [Reasons.CollectionUnverified, Reasons.GroundUnverified, Reasons.RecipientUnverified, Reasons.AuthorisationUnverified];

    public static IEnumerable<Command> Create(TimeProvider clock) => [Sign(), Publish(clock), Verify()];

    private static Command Sign()
    {
        var file = File();
        var key = KeyOption();
        var to = new Option<string?>("--out") { Description = $"The signatures of all parties, one file. Made when it is not there; else this one is added. Default: FILE with {SignedEnding} for its ending.", HelpName = $"FILE{SignedEnding}" };
        var hub = HubOption(required: false);
        var json = ProtocolCommands.JsonOption();
        var command = new Command("sign", "Sign a text: the same bytes as every other party. With --hub the signature also goes to the register there.") { file, key, to, hub, json };
        command.SetAction(async (parsed, cancel) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var name = parsed.GetRequiredValue(file);
            if (ReadText(name, error) is not { Protocol: { } protocol } text) return 1;
            using var signing = ReadKey(parsed.GetRequiredValue(key), error);
            if (signing is null) return 1;
            HubRegister? register = null;
            if (parsed.GetValue(hub) is { } address && (register = Hub(address, error)) is null) return 1;
            using (register)
            {
                var target = parsed.GetValue(to) ?? Path.ChangeExtension(name, null) + SignedEnding;
                string? present = null;
                if (System.IO.File.Exists(target) && (present = ReadSmall(target, MostSignedBytes)) is null) return Complain(error, target, "file.unreadable", "The file cannot be read, or is too large.");
                if (!ProtocolSignatures.Add(text.Canonical.Span, present, signing).TryGet(out var joined, out var wrong)) return Complain(error, target, wrong.Code, SentenceOf(wrong.Code));
                var own = ProtocolSignatures.Split(joined).Value.Single(one => Jws.Read(one, JoseTypes.Protocol).Value.Kid == signing.Kid);

                // What stands there in the name of this key may be by another hand.
                if (!Jws.Read(own, JoseTypes.Protocol).Value.IsSignedBy(signing.PublicKey)) return Complain(error, target, "jws.signature", SentenceOf("jws.signature"));
                if (joined != present && !TryWrite(target, joined)) return Complain(error, target, "file.unwritable", "The file cannot be written.");
                if (protocol.Ground != GroundState.Verified) error.WriteLine(Unverified(name));
                if (register is not null && !Tell(await register.SendAsync(own, cancel), parsed.GetValue(json) ? TextWriter.Null : output, error)) return 1;
                if (parsed.GetValue(json)) output.WriteLine(new JsonObject { ["protocol"] = protocol.Id, ["version"] = protocol.Version, ["hash"] = protocol.Hash, ["kid"] = signing.Kid, ["file"] = target, ["sent"] = register is not null }.ToJsonString(Json));
                else output.WriteLine($"{ProtocolCommands.Printable(target)}: {protocol.Id} {protocol.Version} ({protocol.Hash}), ondertekend met sleutel {signing.Kid}.");
                return 0;
            }
        });
        return command;
    }

    private static Command Publish(TimeProvider clock)
    {
        var file = File();
        var key = KeyOption();
        var places = new Option<string[]>("--place") { Description = "Where the text stands, an https address. More than one: give the option again.", HelpName = "URL", Required = true };
        var hub = HubOption(required: true);
        var json = ProtocolCommands.JsonOption();
        var command = new Command("publish", "Make a text public, as its source. Refused while a legal ground is not verified; the hub decides on the rest. Exit code 1 when refused, with every reason.") { file, key, places, hub, json };
        command.SetAction(async (parsed, cancel) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var isJson = parsed.GetValue(json);
            var name = parsed.GetRequiredValue(file);
            var where = parsed.GetRequiredValue(places);
            if (ReadText(name, error) is not { Protocol: { } protocol }) return 1;

            // SECURITY: decided before a key is read or anybody is called, so that no publication of an unverified text can come from here.
            var today = clock.Today();
            var grounds = Decide.Publish(protocol, Told(RegisterTold.Nothing, today, where)).Reasons.Where(OfGrounds.Contains).ToList();
            if (grounds.Count > 0 || protocol.Ground != GroundState.Verified) return Refuse(grounds, isJson, output, error);
            if (where.Length is 0 or > 20 || !where.All(ProtocolPublication.IsPlace)) return Complain(error, "--place", "document.field", "Give 1 to 20 addresses, each beginning with https://.");
            using var signing = ReadKey(parsed.GetRequiredValue(key), error);
            if (signing is null) return 1;
            using var register = Hub(parsed.GetValue(hub)!, error);
            if (register is null) return 1;
            if (await register.ReadAsync(protocol, cancel) is not { } told) return Complain(error, "--hub", "hub.unreachable", "The hub does not answer, or not as a hub.");
            if (!isJson) Write(output, told, Decide.Publish(protocol, Told(told, today, where)));
            var document = new ProtocolPublication
            {
                Protocol = Bytes32.TryParse(protocol.Hash, out var hash) ? hash : throw new InvalidOperationException("A text that was read has no hash."),
                Places = where,
                At = DateTimeOffset.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds()),
            };
            var answer = await register.SendAsync(SignedDocument.Sign(document, signing).Compact, cancel);
            if (answer.IsTaken && isJson) output.WriteLine(new JsonObject { ["protocol"] = protocol.Id, ["version"] = protocol.Version, ["hash"] = protocol.Hash, ["outcome"] = "permit", ["reasons"] = new JsonArray() }.ToJsonString(Json));
            else if (isJson) output.WriteLine(Refused(answer.Reasons).ToJsonString(Json));
            if (!Tell(answer, isJson ? TextWriter.Null : output, isJson ? TextWriter.Null : error)) return 1;
            if (!isJson) output.WriteLine($"{protocol.Id} {protocol.Version} ({protocol.Hash}) is bekendgemaakt.");
            return 0;
        });
        return command;
    }

    private static Command Verify()
    {
        var file = new Argument<string>($"FILE{SignedEnding}") { Description = "The signatures of several parties over one text." };
        var keys = new Option<string[]>("--key") { Description = "Public key of a party, as you know it from elsewhere: NAME=PUB.jwk. More than one: give the option again.", HelpName = "PARTY=FILE", Required = true };
        var json = ProtocolCommands.JsonOption();
        var command = new Command("verify", "Say which parties' signatures hold, and over which text. Exit code 1 when one does not, or is missing, or when a signature is by nobody you named.") { file, keys, json };
        command.SetAction(parsed =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var name = parsed.GetRequiredValue(file);
            if (ReadSmall(name, MostSignedBytes) is not { } content) return Complain(error, name, "file.unreadable", "The file cannot be read, or is too large.");
            if (!ProtocolSignatures.Split(content).TryGet(out var signatures, out var wrong)) return Complain(error, name, wrong.Code, SentenceOf(wrong.Code));
            if (!Jws.Read(signatures[0], JoseTypes.Protocol).TryGet(out var first, out wrong)) return Complain(error, name, wrong.Code, SentenceOf(wrong.Code));
            if (!ProtocolJson.Read(first.Payload.Span).TryGet(out var protocol, out wrong)) return Complain(error, name, wrong.Code, "What was signed is no text of a protocol.");
            var known = new List<(string Party, SigningPublicKey Key)>();
            foreach (var given in parsed.GetRequiredValue(keys))
            {
                var (party, path) = given.Split('=', 2) is [{ Length: > 0 } before, { Length: > 0 } after] ? (before, after) : ("", given);
                if (party.Length == 0 || ReadSmall(path, MostSignedBytes) is not { } jwk || !SigningPublicKey.FromJwk(jwk).TryGet(out var pinned, out _)) return Complain(error, given, "key.unreadable", "Give NAME=PUB.jwk, with a file that holds a public signing key.");
                known.Add((party, pinned));
            }

            // One payload for all is in the shape of the file; each signature is held against the key that was named, never against one in the file.
            var parts = signatures.Select(one => Jws.Read(one, JoseTypes.Protocol)).ToList();
            var results = known.Select(one => (one.Party, one.Key.Kid, Holds: parts.Any(part => part.TryGet(out var read, out _) && read.IsSignedBy(one.Key)), Stands: parts.Any(part => part.TryGet(out var read, out _) && read.Kid == one.Key.Kid))).ToList();
            var strangers = parts.Count(part => !part.TryGet(out var read, out _) || known.All(one => one.Key.Kid != read.Kid));
            if (parsed.GetValue(json))
            {
                output.WriteLine(new JsonObject
                {
                    ["protocol"] = protocol.Id, ["version"] = protocol.Version, ["hash"] = protocol.Hash, ["ground"] = ProtocolCommands.Word(protocol.Ground), ["strangers"] = strangers,
                    ["signatures"] = new JsonArray([.. results.Select(one => (JsonNode)new JsonObject { ["party"] = one.Party, ["kid"] = one.Kid, ["holds"] = one.Holds })]),
                }.ToJsonString(Json));
            }
            else
            {
                output.WriteLine($"{protocol.Id} {protocol.Version} ({protocol.Hash})");
                foreach (var one in results) output.WriteLine($"  {ProtocolCommands.Printable(one.Party)}: {(one.Holds ? "de handtekening klopt" : one.Stands ? "DE HANDTEKENING KLOPT NIET" : "GEEN HANDTEKENING")} ({one.Kid})");
                if (strangers > 0) output.WriteLine($"  {strangers} {(strangers == 1 ? "handtekening is" : "handtekeningen zijn")} van een sleutel die u niet noemde.");
                if (protocol.Ground != GroundState.Verified) error.WriteLine(Unverified(name));
            }

            return strangers == 0 && results.All(one => one.Holds) ? 0 : 1;
        });
        return command;
    }

    // The hub's own word, which this command cannot verify: it has no keys of others. It is shown, and decides nothing here.
    private static void Write(TextWriter output, RegisterTold told, Decision decision)
    {
        var advised = told.Advices.Count == 0 ? "geen" : string.Join(", ", told.Advices.Keys.Order().Select(party => ProtocolCommands.Word(party)));
        output.WriteLine($"Volgens het register van het knooppunt, dat deze opdracht niet kan nakijken: {told.Signatures} handtekeningen onder deze tekst, adviezen: {advised}.");
        foreach (var reason in decision.Reasons) output.WriteLine($"  {reason.Text} ({reason.Code})");
        output.WriteLine("Het knooppunt beslist.");
    }

    private static PublicationFacts Told(RegisterTold told, DateOnly today, IReadOnlyList<string> places) => new()
    {
        Today = today,
        Advices = told.Advices,
        // Which key is whose is not known here; as many as there must be is taken for all of them.
        SignedBy = told.IsSignedByEnough ? Enum.GetValues<Party>().ToHashSet() : new HashSet<Party>(),
        Places = places,
    };

    private static int Refuse(IReadOnlyList<Reason> reasons, bool isJson, TextWriter output, TextWriter error)
    {
        if (isJson) output.WriteLine(Refused([.. reasons.Select(reason => (reason.Code, reason.Text))]).ToJsonString(Json));
        else
        {
            error.WriteLine("Geweigerd: deze tekst kan niet bekendgemaakt worden.");
            foreach (var reason in reasons) error.WriteLine($"  {reason.Text} ({reason.Code})");
        }

        return 1;
    }

    private static JsonObject Refused(IReadOnlyList<(string Code, string Text)> reasons) => new()
    {
        ["outcome"] = "refuse", ["reasons"] = new JsonArray([.. reasons.Select(reason => (JsonNode)new JsonObject { ["code"] = reason.Code, ["nl"] = reason.Text })]),
    };

    private static bool Tell(HubAnswer answer, TextWriter output, TextWriter error)
    {
        if (answer.IsTaken)
        {
            output.WriteLine("Het register van het knooppunt nam dit op.");
            return true;
        }

        error.WriteLine("Het knooppunt neemt dit niet op:");
        foreach (var (code, text) in answer.Reasons) error.WriteLine($"  {ProtocolCommands.Printable(text)} ({ProtocolCommands.Printable(code)})");
        return false;
    }

    private static HubRegister? Hub(string address, TextWriter error)
    {
        if (HubRegister.TryOpen(address) is { } register) return register;
        Complain(error, "--hub", "hub.address", "Give an https address, or one on this machine.");
        return null;
    }

    private static ProtocolFile? ReadText(string name, TextWriter error)
    {
        var file = ProtocolCommands.Read(name);
        foreach (var wrong in file.Errors) error.WriteLine(ProtocolCommands.Line(name, wrong));
        return file.Errors.Count > 0 ? null : file;
    }

    internal static SigningKey? ReadKey(string path, TextWriter error) => ReadKey(path, SigningKey.FromJwk, "The file holds no private signing key.", error);

    internal static TKey? ReadKey<TKey>(string path, Func<string, Parsed<TKey>> read, string none, TextWriter error)
        where TKey : class
    {
        if (!System.IO.File.Exists(path) || ReadSmall(path, MostSignedBytes) is not { } jwk)
        {
            Complain(error, path, "key.unreadable", "The key file cannot be read.");
            return null;
        }

        if (KeyFile.IsOpenToOthers(path))
        {
            Complain(error, path, "key.open", "The key file can be read by others. Give it mode 600.");
            return null;
        }

        if (read(jwk).TryGet(out var key, out var wrong)) return key;
        Complain(error, path, wrong.Code, none);
        return null;
    }

    private static string? ReadSmall(string path, int most)
    {
        try
        {
            return new FileInfo(path).Length <= most ? System.IO.File.ReadAllText(path) : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    // Whole or not at all: signatures of others stand in it.
    private static bool TryWrite(string path, string content)
    {
        var part = path + ".part";
        try
        {
            System.IO.File.WriteAllText(part, content);
            System.IO.File.Move(part, path, overwrite: true);
            return true;
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    private static int Complain(TextWriter error, string place, string code, string sentence)
    {
        error.WriteLine($"{ProtocolCommands.Printable(place)}: {code}: {sentence}");
        return 1;
    }

    private static string SentenceOf(string code) => code switch
    {
        "signatures.otherText" => "The file holds signatures over another text.",
        "signatures.shape" => "The file is no JWS of several parties over one text.",
        "jws.signature" => "A signature in the file does not hold.",
        _ => "A signature in the file does not have its shape.",
    };

    private static string Unverified(string name) => $"{ProtocolCommands.Printable(name)}: note: a ground is not verified. This text cannot come into force, and runs on synthetic data only.";

    private static Argument<string> File() => new("FILE") { Description = "A protocol file." };

    private static Option<string> KeyOption() => new("--key") { Description = "Your organisation's private signing key, a JWK that only you can read.", HelpName = "S.jwk", Required = true };

    private static Option<string?> HubOption(bool required) => new("--hub") { Description = "Address of the hub: https, or on this machine.", HelpName = "URL", Required = required };
}
