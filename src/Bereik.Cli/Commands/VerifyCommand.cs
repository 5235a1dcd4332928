using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bereik.Cli.Verify;
using Bereik.Exchange.Keys;
using Bereik.Ledger;

namespace Bereik.Cli.Commands;

/// <summary><c>bereik verify</c>: whether the public log, or a proof from it, holds. Shares nothing with the hub that wrote it.</summary>
internal static class VerifyCommand
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create(TimeProvider clock)
    {
        var log = LogCommands.LogOption();
        var vkey = LogCommands.KeyOption();
        var witness = LogCommands.WitnessOption();
        var full = new Option<bool>("--full") { Description = "Read every file and every entry, and audit what they say." };
        var proof = new Option<string?>("--proof") { Description = "Verify a proof, offline.", HelpName = "FILE" };
        var entry = new Option<string?>("--entry") { Description = "The entry that the proof is of, where it is not in the proof. Default: the proof's name with .entry behind it.", HelpName = "FILE" };
        var seen = new Option<string?>("--seen") { Description = "Where the last checkpoint is kept. Default: $XDG_STATE_HOME/bereik, or ~/.local/state/bereik.", HelpName = "FILE" };
        var erasure = new Option<string?>("--erasure") { Description = "Verify the signature of a certificate of erasure, offline.", HelpName = "FILE" };
        var receipt = new Option<string?>("--receipt") { Description = "Verify the receipt of a yes to a letter, offline; with --proof also that the log holds it.", HelpName = "FILE" };
        var signer = new Option<string?>("--key") { Description = "With --erasure the public signing key of the local node, with --receipt that of the hub, a JWK.", HelpName = "FILE" };
        var json = ProtocolCommands.JsonOption();
        var command = new Command("verify", "Verify the public log, a proof, a certificate, or a receipt. Exit code 0 when all holds, 1 with the first thing that does not, 2 for a mistake in the command.") { log, vkey, witness, full, proof, entry, seen, erasure, receipt, signer, json };
        command.SetAction(async (parsed, cancel) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            if (parsed.GetValue(erasure) is { } certificate)
            {
                var isAlone = !new Option[] { log, vkey, witness, full, proof, entry, seen, receipt }.Any(other => parsed.GetResult(other) is { Implicit: false });
                return isAlone ? ErasureCheck.Run(certificate, parsed.GetValue(signer), parsed.GetValue(json), output, error) : LogCommands.Misused(error, "--erasure", "erasure.option", "Een wissingsattest wordt alleen nagekeken: gebruik enkel --key en --json.");
            }

            if (parsed.GetValue(receipt) is { } paper)
            {
                if (new Option[] { log, full, entry, seen }.Any(other => parsed.GetResult(other) is { Implicit: false })) return LogCommands.Misused(error, "--receipt", "receipt.option", "Een bewijs van een ja wordt nagekeken met --key, en als u wilt --proof, --vkey en --witness.");
                return Receive(paper, parsed.GetValue(signer), parsed.GetValue(proof), parsed.GetValue(vkey), parsed.GetValue(witness), parsed.GetValue(json), output, error);
            }

            if (parsed.GetValue(signer) is not null) return LogCommands.Misused(error, "--key", "erasure.option", "Voor --key is --erasure of --receipt nodig.");
            if (!LogCommands.TryKeys(parsed.GetValue(vkey), parsed.GetValue(witness), error, out var key, out var getuige)) return LogCommands.Usage;
            var (place, file) = (parsed.GetValue(log), parsed.GetValue(proof));
            if (place is null && file is null) return LogCommands.Misused(error, "--log", "log.option", "Geef een logboek met --log, een bewijs met --proof, of beide.");
            if (place is null && (parsed.GetValue(full) || parsed.GetValue(seen) is not null)) return LogCommands.Misused(error, "--log", "log.option", "Voor --full en --seen is --log nodig.");
            if (file is null && parsed.GetValue(entry) is not null) return LogCommands.Misused(error, "--entry", "proof.option", "Voor --entry is --proof nodig.");
            using var opened = place is null ? null : LogPlace.TryOpen(place);
            if (place is not null && opened is null) return LogCommands.Misused(error, "--log", "log.address", "Geef een map, een https-adres, of een adres op deze computer.");

            var checkedProof = file is null ? null : Check(file, parsed.GetValue(entry), key, getuige);
            Verified? verified = null;
            if (opened is not null)
            {
                var options = new VerifyOptions { Log = key, Witness = getuige, IsFull = parsed.GetValue(full), Seen = parsed.GetValue(seen) ?? SeenFile.DefaultPath(key) };
                verified = await LogVerification.RunAsync(opened.Source, options, clock.GetUtcNow(), cancel);
                if (verified.Holds && checkedProof is { Broken: null } held && await FindDifferenceAsync(opened.Source, verified.Checkpoint!, held, file!, cancel) is { } different) checkedProof = held with { Broken = different };
            }

            if (parsed.GetValue(json)) output.WriteLine(Answer(key, verified, checkedProof).ToJsonString(Json));
            else Write(output, key, verified, checkedProof, getuige);
            return verified is { Holds: false } || checkedProof is { Broken: not null } ? 1 : 0;
        });
        return command;
    }

    private static int Receive(string file, string? keyFile, string? proofFile, string? vkey, string? witness, bool isJson, TextWriter output, TextWriter error)
    {
        if (keyFile is null || LogCommands.ReadSmall(keyFile) is not { } jwk || !SigningPublicKey.FromJwk(Encoding.UTF8.GetString(jwk)).TryGet(out var hub, out _))
        {
            return LogCommands.Misused(error, "--key", "receipt.key", "Geef het bestand met de publieke handtekensleutel van het knooppunt, een JWK.");
        }

        if (proofFile is null) return ReceiptCheck.Run(file, new ReceiptKeys(hub, null, null, null), isJson, output, error);
        if (!LogCommands.TryKeys(vkey, witness, error, out var key, out var getuige)) return LogCommands.Usage;
        return LogCommands.ReadSmall(proofFile) is { } bytes ? ReceiptCheck.Run(file, new ReceiptKeys(hub, bytes, key, getuige), isJson, output, error) : LogCommands.Failed(error, proofFile, "proof.unreadable");
    }

    private static CheckedProof Check(string file, string? entryFile, NoteVerifier key, NoteVerifier? witness)
    {
        var place = ProtocolCommands.Printable(file);
        if (LogCommands.ReadSmall(file) is not { } bytes) return new CheckedProof { Broken = new Finding("proof.unreadable", place) };
        var beside = entryFile ?? $"{file}.entry";
        ReadOnlyMemory<byte>? entry = null;
        if (entryFile is not null || File.Exists(beside))
        {
            if (LogCommands.ReadSmall(beside) is not { } read) return new CheckedProof { Broken = new Finding("proof.unreadable", ProtocolCommands.Printable(beside)) };
            entry = read;
        }

        return ProofCheck.Run(bytes, entry, place, key, witness);
    }

    // A proof and the log that is shown now must be one log.
    private static async Task<Finding?> FindDifferenceAsync(ILogSource source, Checkpoint now, CheckedProof proof, string file, CancellationToken cancel)
    {
        var (old, place) = (proof.Checkpoint!, ProtocolCommands.Printable(file));
        if (old.Size > now.Size) return new Finding("log.rollback", place);
        try
        {
            var path = await new LogReader(source, now).ConsistencyAsync(old.Size, cancel);
            return MerkleTree.IsConsistent(old.Size, old.Root, now.Size, now.Root, path) ? null : new Finding("log.fork", place);
        }
        catch (LogBrokenException wrong)
        {
            return new Finding(wrong.Code, wrong.Place);
        }
        catch (Exception unreadable) when (LogVerification.IsUnreadable(unreadable, cancel))
        {
            return new Finding("log.unreadable", "--log");
        }
    }

    private static JsonObject Answer(NoteVerifier key, Verified? verified, CheckedProof? proof)
    {
        var broken = (verified?.Broken ?? []).Concat(proof?.Broken is { } wrong ? [wrong] : []).ToList();
        var answer = new JsonObject { ["ok"] = broken.Count == 0, ["origin"] = key.Name, ["broken"] = List(broken), ["flags"] = List(verified?.Flags ?? []) };
        if (verified is not null)
        {
            answer["log"] = new JsonObject
            {
                ["size"] = verified.Checkpoint?.Size, ["root"] = verified.Checkpoint?.Root.ToString(), ["cosignedAt"] = Instant(verified.CosignedAt), ["seenBefore"] = verified.Before?.Size,
                ["full"] = verified.Audit is not null, ["trial"] = verified.Audit?.IsTrial,
                ["counts"] = verified.Audit is { } audit ? new JsonObject([.. audit.Counts.Select(count => KeyValuePair.Create(count.Key, (JsonNode?)count.Value))]) : null,
            };
        }

        if (proof is { Broken: null })
        {
            answer["proof"] = new JsonObject { ["index"] = proof.Proof!.Index, ["size"] = proof.Checkpoint!.Size, ["cosignedAt"] = Instant(proof.CosignedAt) };
            if (proof.Person?.Statement is { } statement)
            {
                answer["proof"]!["person"] = new JsonObject
                {
                    ["order"] = statement.Order.ToString("D"), ["organisation"] = statement.Organisation, ["source"] = statement.Source, ["protocol"] = statement.Protocol, ["protocolVersion"] = statement.ProtocolVersion,
                    ["receivedOn"] = Day(statement.ReceivedOn), ["eraseBy"] = Day(statement.EraseBy), ["fields"] = new JsonArray([.. statement.Fields.Keys.Select(field => (JsonNode)field)]),
                };
            }
        }

        return answer;
    }

    private static void Write(TextWriter output, NoteVerifier key, Verified? verified, CheckedProof? proof, NoteVerifier? witness)
    {
        if (verified is not null) WriteLog(output, key, verified, witness);
        if (proof is null) return;
        if (verified is not null) output.WriteLine();
        if (proof.Broken is { } broken)
        {
            output.WriteLine("Dit bewijs klopt niet.");
            output.WriteLine(Line(broken));
            return;
        }

        output.WriteLine($"Dit bewijs klopt: het is regel {proof.Proof!.Index} van logboek {ProtocolCommands.Printable(key.Name)}, dat toen {Number(proof.Checkpoint!.Size)} regels had.");
        output.WriteLine($"  {ProtocolCommands.Printable(ProofCheck.Summary(proof.Entry))}");
        if (proof.CosignedAt is { } cosigned) output.WriteLine($"  De getuige {ProtocolCommands.Printable(witness!.Name)} tekende mee op {Instant(cosigned)}.");
        if (proof.Person?.Statement is not { } statement) return;
        output.WriteLine($"  {ProtocolCommands.Printable(statement.Organisation)} ontving op {Day(statement.ReceivedOn)} van {ProtocolCommands.Printable(statement.Source)} deze gegevens over een persoon, onder protocol {ProtocolCommands.Printable(statement.Protocol)} {ProtocolCommands.Printable(statement.ProtocolVersion)}:");
        foreach (var (field, value) in statement.Fields) output.WriteLine($"    {ProtocolCommands.Printable(field)}: {ProtocolCommands.Printable(value)}");
        output.WriteLine($"  Ze moeten gewist zijn na {Day(statement.EraseBy)}.");
    }

    private static void WriteLog(TextWriter output, NoteVerifier key, Verified verified, NoteVerifier? witness)
    {
        if (!verified.Holds)
        {
            output.WriteLine($"Het logboek {ProtocolCommands.Printable(key.Name)} klopt niet.");
            output.WriteLine(Line(verified.Broken[0]));
            if (verified.Broken.Count > 1) output.WriteLine($"Daarna nog {verified.Broken.Count - 1}; met --json staan ze er alle.");
            return;
        }

        output.WriteLine($"Logboek {ProtocolCommands.Printable(key.Name)}: {Number(verified.Checkpoint!.Size)} regels. De handtekening van het logboek klopt.");
        if (verified.CosignedAt is { } cosigned) output.WriteLine($"De getuige {ProtocolCommands.Printable(witness!.Name)} tekende mee op {Instant(cosigned)}.");
        output.WriteLine(verified.Before is { } before
            ? $"Het vervolgt wat deze computer eerder zag ({Number(before.Size)} regels)."
            : "Deze computer zag dit logboek nog niet: er was niets om mee te vergelijken. Een volgende keer wel.");
        if (verified.Audit is { } audit)
        {
            var counts = audit.Counts;
            output.WriteLine("Elk bestand en elke regel is nagekeken.");
            output.WriteLine($"  {Number(counts["organisations"])} organisaties, {Number(counts["protocols"])} teksten van protocollen, {Number(counts["accessions"])} toetredingen");
            output.WriteLine($"  {Number(counts["orders"])} aanvragen, waarvan {Number(counts["permitted"])} toegelaten");
            output.WriteLine($"  {Number(counts["deliveries"])} keer doorgegeven, {Number(counts["received"])} ontvangen, {Number(counts["erased"])} gewist");
            if (audit.IsTrial) output.WriteLine("  Op proef: het logboek zegt dat alles over verzonnen personen gaat. Een protocol hoeft dan niet in werking te zijn.");
        }

        foreach (var flag in verified.Flags.Take(20)) output.WriteLine($"Let op: {Line(flag)}");
        if (verified.Flags.Count > 20) output.WriteLine($"Let op: nog {verified.Flags.Count - 20}; met --json staan ze er alle.");
        output.WriteLine("Alles wat nagekeken is, klopt.");
    }

    private static string Line(Finding finding) => $"{ProtocolCommands.Printable(finding.Place)}: {finding.Code}: {finding.Text}";

    private static JsonArray List(IEnumerable<Finding> findings) =>
        new([.. findings.Select(finding => (JsonNode)new JsonObject { ["code"] = finding.Code, ["place"] = finding.Place, ["nl"] = finding.Text })]);

    private static string Number(long number) => number.ToString("#,0", CultureInfo.GetCultureInfo("nl-BE"));

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string? Instant(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
