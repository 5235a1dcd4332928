using System.CommandLine;
using System.Globalization;
using Bereik.Cli.Envelopes;
using Bereik.Exchange;
using Bereik.Exchange.Keys;
using Bereik.Sealing.Packages;

namespace Bereik.Cli.Commands;

/// <summary><c>bereik envelope seal|open</c>: a package of the exchange by hand, and what is in one.</summary>
internal static class EnvelopeCommands
{
    private const int MostFileBytes = 64 * 1024 * 1024;
    private const int MostKeyBytes = 64 * 1024;

    public static Command Create(TimeProvider clock) => new("envelope", "Packages of the exchange, by hand: docs/integrate.md.") { Seal(clock), Open(clock) };

    private static Command Seal(TimeProvider clock)
    {
        var to = new Option<string>("--to") { Description = "The recipient's public sealing key.", HelpName = "K.pub.jwk", Required = true };
        var signer = new Option<string>("--signer") { Description = "The sender's private signing key, a JWK that only you can read.", HelpName = "S.jwk", Required = true };
        var source = new Option<string>("--in") { Description = "The rows: UTF-8, separator ;, names of the columns first.", HelpName = "FILE.csv", Required = true };
        var target = new Option<string>("--out") { Description = "The package.", HelpName = "FILE.bereik", Required = true };
        var command = new Command("seal", "Seal the rows of a file to one key. Every bad row is told by row and column; with one of them nothing is written. Exit code 1 then, 2 for a mistake in the command.") { to, signer, source, target };
        command.SetAction(async (parsed, cancel) =>
        {
            var error = parsed.InvocationConfiguration.Error;
            var recipient = ReadPublic(parsed.GetRequiredValue(to), SealingPublicKey.FromJwk, error);
            using var key = recipient is null ? null : ProtocolLifeCommands.ReadKey(parsed.GetRequiredValue(signer), error);
            if (recipient is null || key is null) return 1;
            var name = parsed.GetRequiredValue(source);
            if (Read(name, MostFileBytes) is not { } file) return LogCommands.Failed(error, name, "file.unreadable", "Het bestand kan niet gelezen worden, of is groter dan 64 MB.");
            var errors = new List<CsvError>();
            var records = HandPackage.RecordsOf(CsvTable.Read(file, errors), errors);
            foreach (var wrong in errors.OrderBy(one => one.Row)) LogCommands.Failed(error, Place(name, wrong), wrong.Code, wrong.Sentence);
            return errors.Count > 0 ? 1 : await WriteAsync(records, recipient, key, parsed.GetRequiredValue(target), clock.GetUtcNow(), error, cancel);
        });
        return command;
    }

    private static Command Open(TimeProvider clock)
    {
        var keyFile = new Option<string>("--key") { Description = "The recipient's private sealing key, a JWK that only you can read.", HelpName = "K.jwk", Required = true };
        var signer = new Option<string>("--signer") { Description = "The public signing key of the sender, as you know it from elsewhere.", HelpName = "S.pub.jwk", Required = true };
        var source = new Argument<string>("FILE.bereik") { Description = "The package." };
        var json = new Option<bool>("--json") { Description = "One JSON document, and nothing else on standard output." };
        var command = new Command("open", "Verify a package whole and print its rows, or nothing. Exit code 1 when it does not hold, 2 for a mistake in the command.") { keyFile, signer, source, json };
        command.SetAction(async (parsed, cancel) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var name = parsed.GetRequiredValue(source);
            using var key = ProtocolLifeCommands.ReadKey(parsed.GetRequiredValue(keyFile), SealingKey.FromJwk, "The file holds no private sealing key.", error);
            var sender = key is null ? null : ReadPublic(parsed.GetRequiredValue(signer), SigningPublicKey.FromJwk, error);
            if (key is null || sender is null) return 1;
            try
            {
                await using var file = File.OpenRead(name);
                if (!(await PackageOpener.OpenByKeysAsync(file, sender, key, clock.GetUtcNow(), cancel)).TryGet(out var opened, out var wrong) || !HandPackage.ReadRecords(opened).TryGet(out var records, out wrong)) return Refuse(error, name, wrong);
                if (parsed.GetValue(json)) output.Write(HandPackage.Tell(opened.Package.Manifest, records) + "\n");
                else HandPackage.TableOf(records).Write(output);
                return 0;
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
            {
                return LogCommands.Failed(error, name, "file.unreadable", "Het bestand kan niet gelezen worden.");
            }
        });
        return command;
    }

    // Whole or not at all, and what was there before only when the new one is.
    private static async Task<int> WriteAsync(List<byte[]> records, SealingPublicKey recipient, SigningKey signer, string path, DateTimeOffset now, TextWriter error, CancellationToken cancel)
    {
        var part = $"{path}.part";
        try
        {
            await using (var output = File.Create(part)) await HandPackage.SealAsync(records, recipient, signer, output, Path.GetDirectoryName(Path.GetFullPath(path))!, now, cancel);
            File.Move(part, path, overwrite: true);
            error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{records.Count} rijen verzegeld voor sleutel {recipient.Kid}, ondertekend met {signer.Kid}."));
            return 0;
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return LogCommands.Failed(error, path, "file.unwritable", "Het pakket kan hier niet geschreven worden.");
        }
    }

    private static int Refuse(TextWriter error, string name, ParseError wrong) => LogCommands.Failed(error, wrong.Place.Length == 0 ? name : $"{name}:{wrong.Place}", wrong.Code, wrong.Code switch
    {
        "manifest.sourceKey" or "manifest.signature" => "Het pakket is niet ondertekend met deze sleutel.",
        "manifest.recipientKey" => "Het pakket is voor een andere sleutel verzegeld.",
        "manifest.expired" => "De tijd van dit pakket is voorbij.",
        "package.notSealed" => "Een pakket van een vergelijking bevat alleen tokens: er is niets in te openen.",
        PackageOpener.NotOpened => "Het pakket gaat niet open.",
        "record.json" => "Een rij is geen JSON-object.",
        "row.tampered" or "row.order" or "row.duplicate" => "Een rij is niet wat ondertekend werd: veranderd, verplaatst of herhaald.",
        _ => "Dit is geen pakket zoals het hoort.",
    });

    private static string Place(string name, CsvError wrong) => string.Create(CultureInfo.InvariantCulture, $"{name}:{wrong.Row}{(wrong.Column > 0 ? $":{wrong.Column}" : "")}");

    private static TKey? ReadPublic<TKey>(string path, Func<string, Parsed<TKey>> read, TextWriter error)
        where TKey : class
    {
        if (Read(path, MostKeyBytes) is not { } bytes)
        {
            LogCommands.Failed(error, path, "key.unreadable", "De sleutel kan niet gelezen worden.");
            return null;
        }

        if (read(System.Text.Encoding.UTF8.GetString(bytes)).TryGet(out var key, out var wrong)) return key;
        LogCommands.Failed(error, path, wrong.Code, wrong.Code == "jwk.private" ? "Dit is een private sleutel: hier hoort de publieke helft." : "Dit is geen publieke sleutel voor dit gebruik.");
        return null;
    }

    private static byte[]? Read(string path, int most)
    {
        try
        {
            return new FileInfo(path).Length <= most ? File.ReadAllBytes(path) : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
