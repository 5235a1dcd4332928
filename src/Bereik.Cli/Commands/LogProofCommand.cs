using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Bereik.Cli.Verify;
using Bereik.Ledger;

namespace Bereik.Cli.Commands;

/// <summary><c>bereik log proof</c>: a proof that can be verified offline, of an entry, or of what a local node received about a person.</summary>
internal static partial class LogProofCommand
{
    private const int MostAnswer = 1024 * 1024;
    private const string PageWithForm = "/account";

    public static Command Create()
    {
        var log = LogCommands.LogOption();
        var vkey = LogCommands.KeyOption();
        var witness = LogCommands.WitnessOption();
        var index = new Option<long?>("--index") { Description = "Which entry, from 0.", HelpName = "N" };
        var local = new Option<string?>("--local") { Description = "Address of the local node that received a row.", HelpName = "URL" };
        var row = new Option<Guid?>("--row") { Description = "Which row of the local node.", HelpName = "ID" };
        var person = new Option<int>("--person") { Description = "Which person of the row, from 0.", HelpName = "N", DefaultValueFactory = _ => 0 };
        var session = new Option<string?>("--session") { Description = "File, mode 600, with the cookie of a person who signed in there (name=value), and below it the browser's User-Agent when it has one.", HelpName = "FILE" };
        var target = new Option<string?>("--out") { Description = "Write the proof here; of an entry, its bytes beside it with .entry behind the name. Default: the proof is printed.", HelpName = "FILE" };
        var command = new Command("proof", "Make a proof of an entry (--log, --index), or fetch a person's and find its row back (--local, --row, --session).") { log, vkey, witness, index, local, row, person, session, target };
        command.SetAction(async (parsed, cancel) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            if (!LogCommands.TryKeys(parsed.GetValue(vkey), parsed.GetValue(witness), error, out var key, out var getuige)) return LogCommands.Usage;
            if (parsed.GetValue(local) is { } node)
            {
                if (parsed.GetValue(row) is not { } id || parsed.GetValue(log) is not null || parsed.GetValue(index) is not null) return LogCommands.Misused(error, "--row", "proof.option", "Bij --local hoort --row, en niet --log of --index.");
                if (LogPlace.AddressOf(node) is not { } address) return LogCommands.Misused(error, "--local", "local.address", "Geef een https-adres, of een adres op deze computer.");
                if (ReadSession(parsed.GetValue(session)) is not { } signedIn) return LogCommands.Misused(error, "--session", "proof.session", "Geef met --session het bestand met de cookie van wie aangemeld is: een rij opent alleen voor een persoon.");
                return await OfRowAsync(address, signedIn, id, parsed.GetValue(person), parsed.GetValue(target), key, getuige, output, error, cancel);
            }

            if (parsed.GetValue(index) is not { } at || at < 0 || parsed.GetValue(row) is not null) return LogCommands.Misused(error, "--index", "proof.option", "Geef --log en --index, of --local en --row.");
            return await LogCommands.ReadingAsync(parsed.GetValue(log), error, source => OfEntryAsync(source, at, parsed.GetValue(target), key, getuige, output, error, cancel), cancel);
        });
        return command;
    }

    private static async Task<int> OfEntryAsync(ILogSource source, long index, string? target, NoteVerifier key, NoteVerifier? witness, TextWriter output, TextWriter error, CancellationToken cancel)
    {
        var (note, checkpoint, _) = await LogVerification.OpenAsync(source, key, witness, cancel);
        if (index >= checkpoint.Size) return LogCommands.Failed(error, "--index", "log.index", string.Create(CultureInfo.InvariantCulture, $"Het logboek heeft {checkpoint.Size} regels, geteld vanaf 0."));
        var reader = new LogReader(source, checkpoint);
        var entry = await reader.EntryAsync(index, cancel);
        var proof = new TlogProof { Index = index, Path = await reader.InclusionAsync(index, cancel), Checkpoint = note };

        // Handed out only when it holds for whoever will verify it.
        if (!proof.Holds(entry.Span, key, witness, out var wrong)) return LogCommands.Failed(error, "--log", wrong);
        if (target is null)
        {
            output.Write(proof.ToString());
            return 0;
        }

        if (!TryWrite(target, Encoding.UTF8.GetBytes(proof.ToString())) || !TryWrite($"{target}.entry", entry.Span)) return LogCommands.Failed(error, target, "proof.unwritable", "Het bewijs kan hier niet geschreven worden.");
        output.WriteLine($"{ProtocolCommands.Printable(target)}: het bewijs van regel {index.ToString(CultureInfo.InvariantCulture)}, nagekeken.");
        output.WriteLine($"  {ProtocolCommands.Printable(ProofCheck.Summary(entry))}");
        return 0;
    }

    // From a record to its proof and back.
    private static async Task<int> OfRowAsync(Uri node, (string Cookie, string? Browser) session, Guid row, int person, string? target, NoteVerifier key, NoteVerifier? witness, TextWriter output, TextWriter error, CancellationToken cancel)
    {
        using var http = LogPlace.ClientOf(node, new CookieContainer());
        http.MaxResponseContentBufferSize = MostAnswer;
        http.DefaultRequestHeaders.Add("Cookie", session.Cookie);
        if (session.Browser is not null) http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", session.Browser);
        try
        {
            using var asked = await http.GetAsync(new Uri(node, string.Create(CultureInfo.InvariantCulture, $"/v1/rows/{row:D}/proof?person={person}")), cancel);
            if (asked.StatusCode == HttpStatusCode.NotFound) return LogCommands.Failed(error, "--row", "proof.none", "Het lokale knooppunt heeft hier geen bewijs van: de rij is er niet, is gewist, of is van voor het logboek.");
            if (asked.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) return LogCommands.Failed(error, "--session", "proof.notPermitted", "Deze sessie is voorbij, of deze persoon mag hier geen bewijs maken. Meld u aan, toon uw sleutel en probeer opnieuw.");
            if (!asked.IsSuccessStatusCode) return LogCommands.Failed(error, "--local", "local.answer", "Het lokale knooppunt geeft dit bewijs niet.");
            var bytes = await asked.Content.ReadAsByteArrayAsync(cancel);
            var proof = ProofCheck.Run(bytes, null, "--row", key, witness);
            if (proof.Broken is { } broken) return LogCommands.Failed(error, broken.Place, broken.Code);
            if (proof.Person is null) return LogCommands.Failed(error, "--row", "proof.notPersonal", "Wat het lokale knooppunt gaf, is geen bewijs voor een persoon.");

            using var question = new HttpRequestMessage(HttpMethod.Post, new Uri(node, "/v1/proofs/find")) { Content = new ByteArrayContent(bytes) { Headers = { ContentType = new("text/plain") } } };
            if (await FormTokenAsync(http, node, cancel) is { } token) question.Headers.Add("RequestVerificationToken", token);
            using var found = await http.SendAsync(question, cancel);
            if (!found.IsSuccessStatusCode || !IsRow(await found.Content.ReadAsByteArrayAsync(cancel), row)) return LogCommands.Failed(error, "--row", "proof.otherRow", "Het bewijs klopt, maar leidt bij het lokale knooppunt niet terug naar deze rij.");

            if (target is null) output.Write(Encoding.UTF8.GetString(bytes));
            else if (!TryWrite(target, bytes)) return LogCommands.Failed(error, target, "proof.unwritable", "Het bewijs kan hier niet geschreven worden.");
            else output.WriteLine($"{ProtocolCommands.Printable(target)}: van rij {row:D} naar regel {proof.Proof!.Index.ToString(CultureInfo.InvariantCulture)} van het logboek en terug, nagekeken.");
            return 0;
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException || (unreachable is TaskCanceledException && !cancel.IsCancellationRequested))
        {
            return LogCommands.Failed(error, "--local", "local.unreachable", "Het lokale knooppunt antwoordt nu niet.");
        }
    }

    // A node takes a question that changes nothing from a person's own pages alone: the token of a form of theirs goes with it.
    private static async Task<string?> FormTokenAsync(HttpClient http, Uri node, CancellationToken cancel)
    {
        using var shown = await http.GetAsync(new Uri(node, PageWithForm), cancel);
        return shown.IsSuccessStatusCode && FormToken().Match(await shown.Content.ReadAsStringAsync(cancel)) is { Success: true } token ? WebUtility.HtmlDecode(token.Groups["value"].Value) : null;
    }

    private static (string Cookie, string? Browser)? ReadSession(string? file)
    {
        if (file is null || !File.Exists(file)) return null;
        var lines = File.ReadAllLines(file);
        return lines is [{ Length: > 0 } cookie, ..] && cookie.Contains('=', StringComparison.Ordinal) ? (cookie.Trim(), lines.ElementAtOrDefault(1)?.Trim() is { Length: > 0 } browser ? browser : null) : null;
    }

    private static bool IsRow(byte[] answer, Guid row)
    {
        try
        {
            return JsonNode.Parse(answer) is JsonObject members && members["row"] is JsonValue value && value.TryGetValue(out string? id) && Guid.TryParse(id, out var found) && found == row;
        }
        catch (Exception foreign) when (foreign is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    [GeneratedRegex("<input\\b[^>]*\\bname=\"_form\"[^>]*\\bvalue=\"(?<value>[^\"]*)\"", RegexOptions.IgnoreCase)]
    private static partial Regex FormToken();

    // Whole or not at all; a person's proof is for its owner's eyes.
    private static bool TryWrite(string path, ReadOnlySpan<byte> content)
    {
        var part = path + ".part";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var file = new FileStream(part, options)) file.Write(content);
            File.Move(part, path, overwrite: true);
            return true;
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
