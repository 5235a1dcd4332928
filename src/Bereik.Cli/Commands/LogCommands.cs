using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bereik.Cli.Verify;
using Bereik.Exchange.Log;
using Bereik.Ledger;

namespace Bereik.Cli.Commands;

/// <summary><c>bereik log vkey|show|proof</c>: reads the public log, and takes proofs out of it.</summary>
internal static class LogCommands
{
    /// <summary>Exit code for a mistake in the command itself.</summary>
    public const int Usage = 2;

    private const int MostBytes = 1024 * 1024;

    public static Command Create() => new("log", "The public log of a hub.") { Vkey(), Show(), LogProofCommand.Create() };

    internal static Option<string?> LogOption() => new("--log") { Description = "The log: a folder that holds it, or the address of the hub or its log.", HelpName = "URL|DIR" };

    internal static Option<string?> KeyOption() => new("--vkey") { Description = "The log's verifier key, as its hub prints it: bereik log vkey.", HelpName = "KEY" };

    internal static Option<string?> WitnessOption() => new("--witness") { Description = "Verifier key of a witness that must have cosigned.", HelpName = "KEY" };

    /// <summary>The keys that were given; complains where one is none.</summary>
    internal static bool TryKeys(string? vkey, string? witnessKey, TextWriter error, [NotNullWhen(true)] out NoteVerifier? key, out NoteVerifier? witness)
    {
        witness = null;
        if (vkey is null || !NoteVerifier.TryParse(vkey.Trim(), out key) || key.Kind != NoteKeyKind.Ed25519)
        {
            key = null;
            Misused(error, "--vkey", "log.key", "Geef de sleutel van het logboek. Een knooppunt toont hem met: bereik log vkey --data DIR");
            return false;
        }

        if (witnessKey is null || (NoteVerifier.TryParse(witnessKey.Trim(), out witness) && witness.Kind == NoteKeyKind.Cosignature)) return true;
        Misused(error, "--witness", "log.witnessKey", "Dit is geen sleutel van een getuige.");
        return false;
    }

    internal static int Misused(TextWriter error, string place, string code, string sentence)
    {
        error.WriteLine($"{ProtocolCommands.Printable(place)}: {code}: {sentence}");
        return Usage;
    }

    internal static int Failed(TextWriter error, string place, string code, string? sentence = null)
    {
        error.WriteLine($"{ProtocolCommands.Printable(place)}: {ProtocolCommands.Printable(code)}: {ProtocolCommands.Printable(sentence ?? FindingText.Of(code))}");
        return 1;
    }

    // Null for what is not there, cannot be read, or is larger than anything this command reads.
    internal static byte[]? ReadSmall(string path)
    {
        try
        {
            return new FileInfo(path).Length <= MostBytes ? File.ReadAllBytes(path) : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Runs what reads a log, and says what does not hold.</summary>
    internal static async Task<int> ReadingAsync(string? place, TextWriter error, Func<ILogSource, Task<int>> read, CancellationToken cancel)
    {
        using var opened = place is null ? null : LogPlace.TryOpen(place);
        if (opened is null) return Misused(error, "--log", "log.address", "Geef een map, een https-adres, of een adres op deze computer.");
        try
        {
            return await read(opened.Source);
        }
        catch (LogBrokenException wrong)
        {
            return Failed(error, wrong.Place, wrong.Code);
        }
        catch (Exception unreadable) when (LogVerification.IsUnreadable(unreadable, cancel))
        {
            return Failed(error, "--log", unreadable is HttpRequestException or TaskCanceledException ? "log.unreachable" : "log.unreadable");
        }
    }

    private static Command Vkey()
    {
        var data = new Option<string>("--data") { Description = "The hub's data folder, or a folder around it.", HelpName = "DIR", Required = true };
        var command = new Command("vkey", "Print the verifier key of a hub's log, alone.") { data };
        command.SetAction(parsed =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var folder = parsed.GetRequiredValue(data);
            string[] files = [Path.Combine(folder, "log.vkey"), Path.Combine(folder, "data", "log.vkey"), Path.Combine(folder, "hub", "data", "log.vkey"), Path.Combine(folder, "hub", "log.vkey")];
            if (files.Select(ReadSmall).FirstOrDefault(read => read is not null) is not { } bytes) return Failed(error, folder, "log.keyMissing", "Hier staat geen sleutel van een logboek: er is geen log.vkey.");
            if (!NoteVerifier.TryParse(Encoding.UTF8.GetString(bytes).Trim(), out var key)) return Failed(error, folder, "log.key", "Wat in log.vkey staat, is geen sleutel van een logboek.");
            output.WriteLine(key.ToString());
            return 0;
        });
        return command;
    }

    private static Command Show()
    {
        var log = LogOption();
        var vkey = KeyOption();
        var from = new Option<long?>("--from") { Description = "The first entry. Default: so that the last ones are shown.", HelpName = "N" };
        var count = new Option<int>("--count") { Description = "How many entries, 1 to 1000.", HelpName = "N", DefaultValueFactory = _ => 20 };
        var command = new Command("show", "Print entries of the log, each verified against its checkpoint.") { log, vkey, from, count };
        command.SetAction(async (parsed, cancel) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            if (!TryKeys(parsed.GetValue(vkey), null, error, out var key, out _)) return Usage;
            var (first, most) = (parsed.GetValue(from), parsed.GetValue(count));
            if (most is < 1 or > 1000) return Misused(error, "--count", "log.count", "Van 1 tot 1000.");
            if (first < 0) return Misused(error, "--from", "log.index", "Regels tellen vanaf 0.");
            return await ReadingAsync(parsed.GetValue(log), error, async source =>
            {
                var (_, checkpoint, _) = await LogVerification.OpenAsync(source, key, null, cancel);
                var reader = new LogReader(source, checkpoint);
                var start = first ?? Math.Max(0, checkpoint.Size - most);
                if (start >= checkpoint.Size) return Failed(error, "--from", "log.index", string.Create(CultureInfo.InvariantCulture, $"Het logboek heeft {checkpoint.Size} regels, geteld vanaf 0."));
                for (var index = start; index < Math.Min(checkpoint.Size, start + most); index++) Write(output, index, await reader.EntryAsync(index, cancel));
                return 0;
            }, cancel);
        });
        return command;
    }

    private static void Write(TextWriter output, long index, ReadOnlyMemory<byte> bytes)
    {
        var place = index.ToString(CultureInfo.InvariantCulture);
        if (!LogEntryFormat.Read(bytes.Span).TryGet(out var entry, out var wrong))
        {
            output.WriteLine($"{place,6}  {wrong.Code}: {FindingText.Of(wrong.Code)}");
            return;
        }

        var described = LogEntryFormat.Described(entry);
        output.WriteLine($"{place,6}  {entry.At.UtcDateTime:yyyy-MM-dd HH:mm:ss}  {entry.By}  {described.Name}: {described.Text}");
        foreach (var (name, value) in JsonNode.Parse(bytes.Span)!.AsObject().Where(member => member.Key is not ("type" or "v" or "by" or "at")))
        {
            output.WriteLine($"{"",6}  {name}: {ProtocolCommands.Printable(name == "document" ? Opened(value!.GetValue<string>()) : value is JsonArray list ? string.Join(", ", list.Select(item => item?.ToString())) : value!.ToString())}");
        }
    }

    // What a signed document says, on one line; a text of a protocol is told by its name.
    private static string Opened(string compact)
    {
        var parts = compact.Split('.');
        if (parts.Length != 3 || Shape.Bytes(parts[1]) is not { } payload || JsonForm.Read(payload) is not { } value) return "(geen document)";
        return value.TryGetProperty("clauses", out _) && value.TryGetProperty("id", out var id) && value.TryGetProperty("version", out var version) ? $"tekst {id} {version}" : JsonSerializer.Serialize(value);
    }
}
