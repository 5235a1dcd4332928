using System.Net;
using Bereik.Cli;
using Bereik.Ledger;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Bereik.Verify.Tests;

/// <summary>A story as a real log: the writer's files in a folder that goes with the test.</summary>
internal sealed class WrittenLog : IAsyncDisposable
{
    private static readonly NoteSigner Key = NoteSigner.Generate(Story.Origin, NoteKeyKind.Ed25519);
    private readonly string root = Directory.CreateTempSubdirectory("bereik-verify-").FullName;
    private WebApplication? server;

    private WrittenLog()
    {
    }

    public static NoteSigner Witness { get; } = NoteSigner.Generate("getuige.test/witness", NoteKeyKind.Cosignature);

    public static string Vkey => Key.Verifier.ToString();

    public static string WitnessKey => Witness.Verifier.ToString();

    // What is served; the folder around it is what a hub has as its data folder.
    public string Folder => Path.Combine(root, "log");

    public string Data => root;

    public string Seen => Path.Combine(root, "seen.checkpoint");

    public int Requests { get; private set; }

    public static async Task<WrittenLog> MakeAsync(IEnumerable<byte[]> entries, bool isWitnessed = true, DateTimeOffset? cosignedAt = null)
    {
        var log = new WrittenLog();
        var options = new LogWriterOptions
        {
            Folder = log.Folder, JournalFolder = Path.Combine(log.root, "log-journal"), Key = Key,
            Cosign = isWitnessed ? (note, _, _) => Task.FromResult(note.With(Witness.Sign(note.Text, cosignedAt ?? TimeProvider.System.GetUtcNow()))) : null,
        };
        await using var writer = LogWriter.Create(options);
        var positions = new List<Task<LogPosition>>();

        // The writer gives the same bytes the same place; what a story repeats is not for a real log.
        foreach (var entry in entries) positions.Add(writer.AppendAsync(entry, CancellationToken.None));
        foreach (var position in positions) await position;
        if (positions.Count > 0) await writer.PublishedAsync(positions.Count - 1, CancellationToken.None);
        return log;
    }

    public async Task<string> ServeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        server = builder.Build();
        server.MapGet("/log/{**path}", (string path) =>
        {
            Requests++;
            var file = Path.Combine(Folder, path);
            return File.Exists(file) ? Results.File(file, "application/octet-stream") : Results.NotFound();
        });
        await server.StartAsync();
        return server.Urls.Single();
    }

    public static (int Code, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        return (CommandLine.Run(args, output, error), output.ToString(), error.ToString());
    }

    public (int Code, string Output, string Error) Verify(params string[] more) => Run(["verify", "--log", Folder, "--vkey", Vkey, "--seen", Seen, .. more]);

    // Changes one bit of a file.
    public void Flip(string path, int at)
    {
        var file = Path.Combine(Folder, path);
        var bytes = File.ReadAllBytes(file);
        bytes[at] ^= 1;
        File.WriteAllBytes(file, bytes);
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null) await server.DisposeAsync();
        Directory.Delete(root, recursive: true);
    }
}
