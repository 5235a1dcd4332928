using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bereik.Cli.Verify;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Protocols;
using Bereik.Hub;
using Bereik.Local;
using Bereik.Local.Files;
using Bereik.Magda;
using Bereik.Node.Configuration;
using Bereik.Sealing.Persons;
using Bereik.Source;
using Bereik.Source.Register;
using Shape = Bereik.Fuzz.Tests.Mutating.Shape;

namespace Bereik.Fuzz.Tests.Parsing;

// Files that people or other programs bring: answers of MAGDA, lists of people, texts of protocols, settings.
internal static class FileParsers
{
    private static readonly string Scratch = MakeScratch();

    public static IReadOnlyList<ForeignParser> All { get; } =
    [
        // A reader of XML keeps tables of names and buffers; what it makes of a small input is more than the input.
        new() { Name = "magda", Shape = Shape.Xml, Read = Magda, FirstChecks = [MagdaErrorCodes.BrokenXml, MagdaErrorCodes.Empty, MagdaErrorCodes.DoctypeForbidden, MagdaErrorCodes.TooLarge], MostBytesPerByte = 200 },
        new() { Name = "register-csv", Shape = Shape.Csv, Read = RegisterCsv, FirstChecks = [RegisterCodes.HeaderMissing, RegisterCodes.ColumnMissing, RegisterCodes.ColumnUnknown], MostBytesPerByte = 200 },
        new() { Name = "persons-known", Shape = Shape.Csv, Read = input => Persons("known", input), FirstChecks = ["file.*"], MostBytesPerByte = 200 },
        new() { Name = "persons-residents", Shape = Shape.Csv, Read = input => Persons("residents", input), FirstChecks = ["file.*"], MostBytesPerByte = 200 },
        new() { Name = "insz", Shape = Shape.Text, Read = Number, FirstChecks = [nameof(InszError.Empty)] },
        new() { Name = "protocol-yaml", Shape = Shape.Yaml, Read = Protocol, FirstChecks = ["yaml.*"], MostBytesBesides = 2 << 20, MostBytesPerByte = 1000 },
        new() { Name = "framework-yaml", Shape = Shape.Yaml, Read = Framework, FirstChecks = ["yaml.*"], MostBytesBesides = 2 << 20, MostBytesPerByte = 1000 },
        new() { Name = "protocol-json", Shape = Shape.Json, Read = ProtocolText, FirstChecks = ["protocol.json"], MostBytesBesides = 2 << 20, MostBytesPerByte = 1000 },
        new() { Name = "canonical-json", Shape = Shape.Json, Read = Canonical, FirstChecks = ["json"], MostBytesPerByte = 200 },
        new() { Name = "audit-json", Shape = Shape.Json, Read = Audit, FirstChecks = ["json"], MostBytesPerByte = 200 },
        new() { Name = "settings-hub", Shape = Shape.Json, Read = Settings<HubSettings>, FirstChecks = ["settings.json"], MostBytesPerByte = 200 },
        new() { Name = "settings-source", Shape = Shape.Json, Read = Settings<SourceSettings>, FirstChecks = ["settings.json"], MostBytesPerByte = 200 },
        new() { Name = "settings-local", Shape = Shape.Json, Read = Settings<LocalSettings>, FirstChecks = ["settings.json"], MostBytesPerByte = 200 },
    ];

    private static Verdict Magda(byte[] input)
    {
        using var stream = new MemoryStream(input);
        var reading = MagdaReader.Read(stream, null, "85650112345");
        foreach (var person in reading.Answer?.Content switch { MagdaContent.Household household => household.Members, MagdaContent.Person person => [person.Subject], _ => [] }) _ = person.Reaches(18);
        return new Verdict(reading.Error?.Code ?? Verdict.Accepted);
    }

    private static Verdict RegisterCsv(byte[] input)
    {
        var file = Write(input);
        string? first = null;
        foreach (var row in CsvRegister.Read(file, InszRules.WithSynthetic)) first ??= row.Error?.Code;
        return Verdict.Of(first);
    }

    private static Verdict Persons(string kind, byte[] input)
    {
        using var stream = new MemoryStream(input);
        var count = new PersonFileReader(kind, InszRules.WithSynthetic, new DateOnly(2026, 11, 23)).ReadAsync(stream, _ => ValueTask.CompletedTask, CancellationToken.None).GetAwaiter().GetResult();
        return Verdict.Of(count.Errors.Count > 0 ? count.Errors[0].Code : null);
    }

    private static Verdict Number(byte[] input)
    {
        var error = Insz.Parse(Encoding.UTF8.GetString(input), InszRules.WithSynthetic, out var insz);
        if (error != InszError.None) return new Verdict(error.ToString());
        return Insz.Parse(insz.Reveal(), InszRules.WithSynthetic, out var again) == InszError.None && again == insz ? new Verdict(Verdict.Accepted) : throw new InvalidDataException("A number reads to another one.");
    }

    private static Verdict Protocol(byte[] input)
    {
        var file = ProtocolFile.Read(input);
        if (file.Errors.Count > 0) return new Verdict(file.Errors[0].Code);
        if (!ProtocolJson.Read(file.Canonical.Span).TryGet(out var again, out var wrong) || again.Hash != file.Protocol!.Hash) throw new InvalidDataException($"The canonical form of a file reads to another text: {wrong?.Code}.");
        return new Verdict(Verdict.Accepted);
    }

    private static Verdict Framework(byte[] input)
    {
        var file = FrameworkFile.Read(input);
        return Verdict.Of(file.Errors.Count > 0 ? file.Errors[0].Code : null);
    }

    private static Verdict ProtocolText(byte[] input) => ProtocolJson.Read(input).TryGet(out var protocol, out var wrong) ? new Verdict(protocol.Hash.Length == 43 ? Verdict.Accepted : "hash") : new Verdict(wrong.Code);

    // What is written is read and written to the same.
    private static Verdict Canonical(byte[] input)
    {
        byte[] written;
        try
        {
            written = CanonicalJson.Write(JsonNode.Parse(input, documentOptions: new JsonDocumentOptions { MaxDepth = 32, AllowDuplicateProperties = false }));
        }
        catch (Exception foreign) when (foreign is JsonException or InvalidOperationException or ArgumentException)
        {
            // As every caller takes it: no JSON, a text that is none, or a number without a finite value.
            return new Verdict("json");
        }

        if (!CanonicalJson.Write(JsonNode.Parse(written)).AsSpan().SequenceEqual(written)) throw new InvalidDataException("The canonical form has another canonical form.");
        return new Verdict(Verdict.Accepted);
    }

    private static Verdict Audit(byte[] input) => JsonForm.Read(input) is not { } value ? new Verdict("json") : new Verdict(JsonForm.IsSorted(input, value) | JsonForm.IsCompact(input, value) ? Verdict.Accepted : "form");

    private static Verdict Settings<TSettings>(byte[] input)
        where TSettings : NodeSettings
    {
        var (_, problems) = SettingsReader.Read<TSettings>(Write(input));
        if (problems.Count == 0) return new Verdict(Verdict.Accepted);
        return new Verdict(problems[0].Contains("cannot be read", StringComparison.Ordinal) || problems[0].Contains("is null", StringComparison.Ordinal) || problems[0].Contains("is empty", StringComparison.Ordinal) ? "settings.json" : "settings.value");
    }

    // Where settings lie, with the files that they name.
    private static string MakeScratch()
    {
        // In memory where the machine has such a folder: a file is written for every input.
        var folder = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"bereik-fuzz-{Guid.NewGuid():N}");
        Directory.CreateDirectory(Path.Combine(folder, "keys"));
        foreach (var file in new[] { "signing.jwk", "sealing.jwk", "token.jwk", "log.key", "login-secret" }) KeyFile.WriteNew(Path.Combine(folder, "keys", file), "");
        File.WriteAllText(Path.Combine(folder, "register.csv"), "");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }

    private static string Write(byte[] input)
    {
        var file = Path.Combine(Scratch, $"{Environment.CurrentManagedThreadId}");
        File.WriteAllBytes(file, input);
        return file;
    }
}
