using System.Globalization;
using Bereik.Domain;
using Bereik.Exchange.Keys;
using Bereik.Node.Configuration;
using Bereik.Node.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Node.Machines;

// client add|list|rotate|revoke: the operator of a node says which software of suppliers may call it. Works on the node's store, also while the node runs.
internal static class ClientCommand
{
    private const int Failed = 1, Misused = 2;

    private static readonly Dictionary<string, (string Place, string Sentence)> Sentences = new(StringComparer.Ordinal)
    {
        ["client.id"] = ("--id", "Kies 2 tot 40 tekens uit a-z, 0-9 en '-'."),
        ["client.name"] = ("--name", "Geef een naam van hoogstens 100 tekens."),
        ["client.scope"] = ("--scope", $"Kies uit: {string.Join(", ", MachineScopes.Words)}."),
        ["client.exists"] = ("--id", "Er is al een toepassing met deze naam. Een ingetrokken toepassing komt niet terug: kies een andere."),
        ["client.unknown"] = ("--id", "Er is geen toepassing met deze naam, of zij is ingetrokken."),
        ["client.keyTaken"] = ("--key", "Deze sleutel is al van een toepassing."),
        ["client.key"] = ("--key", "Dit is geen bestand met een publieke ES256-sleutel (JWK)."),
        ["client.oldEnds"] = ("--old-ends", "Geef een tijdstip met zone, zoals 2026-12-01T12:00:00Z."),
        ["client.store"] = ("--config", "Dit knooppunt heeft nog geen opslag van deze versie. Start het eerst een keer."),
        ["client.node"] = ("--config", "Alleen een bron en een lokaal knooppunt hebben toepassingen van leveranciers."),
    };

    public static async Task<int> RunAsync<TSettings, TDatabase>(IReadOnlyList<string> args)
        where TSettings : NodeSettings
        where TDatabase : NodeDatabase
    {
        if (Read(args) is not { } said || said["--config"].FirstOrDefault() is not { } file) return Say("client", "client.usage", "bereik client add|list|rotate|revoke --config FILE ...", Misused);
        var (settings, wrong) = SettingsReader.Read<TSettings>(file);
        if (settings is null) return Say("--config", "client.settings", string.Join(' ', wrong), Misused);
        if (settings.Kinds.Any(kind => kind is OrganisationKind.Hub or OrganisationKind.Pseudonymiser)) return Say("client.node");
        if (!File.Exists(SqliteTuning.FileOf(settings))) return Say("client.store");
        var options = new DbContextOptionsBuilder<TDatabase>();
        SqliteTuning.Use(options, settings);
        await using var database = (TDatabase)Activator.CreateInstance(typeof(TDatabase), options.Options)!;
        try
        {
            return await RunAsync(args[0], said, new MachineClients(database, TimeProvider.System));
        }
        catch (SqliteException)
        {
            return Say("client.store");
        }
    }

    private static async Task<int> RunAsync(string act, ILookup<string, string> said, MachineClients clients)
    {
        var id = said["--id"].FirstOrDefault() ?? "";
        switch (act)
        {
            case "add":
                return ReadKey(said) is { } first ? Say(await clients.AddAsync(id, said["--name"].FirstOrDefault() ?? id, [.. said["--scope"]], first, CancellationToken.None), $"{id} mag dit knooppunt aanspreken.") : Say("client.key");
            case "rotate":
                if (ReadKey(said) is not { } next) return Say("client.key");
                if (ReadEnd(said["--old-ends"].FirstOrDefault()) is not { } end) return Say("client.oldEnds");
                return Say(await clients.RotateAsync(id, next, end, CancellationToken.None), $"{id} heeft sleutel {next.Kid}. De andere gelden tot {end:u}.");
            case "revoke":
                return Say(await clients.RevokeAsync(id, CancellationToken.None), $"{id} is ingetrokken.");
            default:
                foreach (var line in await clients.DescribeAsync(CancellationToken.None)) Console.Out.WriteLine(line);
                return 0;
        }
    }

    // Words in pairs: an option and its value.
    private static ILookup<string, string>? Read(IReadOnlyList<string> args) => args is ["add" or "list" or "rotate" or "revoke", ..] && args.Count % 2 == 1
        ? args.Skip(1).Chunk(2).ToLookup(pair => pair[0], pair => pair[1], StringComparer.Ordinal)
        : null;

    private static SigningPublicKey? ReadKey(ILookup<string, string> said)
    {
        try
        {
            return said["--key"].FirstOrDefault() is { } file && new FileInfo(file) is { Exists: true, Length: < 4096 } && SigningPublicKey.FromJwk(File.ReadAllText(file)).TryGet(out var key, out _) ? key : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static DateTimeOffset? ReadEnd(string? text) =>
        DateTimeOffset.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ssK", CultureInfo.InvariantCulture, DateTimeStyles.None, out var end) && (text!.EndsWith('Z') || text[^6] is '+' or '-') ? end.ToUniversalTime() : null;

    private static int Say(string? code, string done)
    {
        if (code is not null) return Say(code);
        Console.Out.WriteLine(done);
        return 0;
    }

    private static int Say(string code) => Say(Sentences[code].Place, code, Sentences[code].Sentence, Failed);

    private static int Say(string place, string code, string sentence, int exit)
    {
        Console.Error.WriteLine($"{place}: {code}: {sentence}");
        return exit;
    }
}
