using System.Text;
using Shouldly;

namespace Bereik.Ledger.Tests;

/// <summary>A log in a folder that goes with the test.</summary>
internal sealed class TempLog : IDisposable
{
    public TempLog()
    {
        Root = Directory.CreateTempSubdirectory("bereik-log-").FullName;
        Options = new LogWriterOptions { Folder = Path.Combine(Root, "log"), JournalFolder = Path.Combine(Root, "log-journal"), Key = Key };
    }

    public static NoteSigner Key { get; } = NoteSigner.Generate("log.example/test", NoteKeyKind.Ed25519);

    public string Root { get; }

    public LogWriterOptions Options { get; }

    public FolderLog Source => new(Options.Folder);

    public IReadOnlyList<string> Segments => [.. Directory.GetFiles(Options.JournalFolder, "*.journal").Order(StringComparer.Ordinal)];

    public static byte[] Entry(int i) => Encoding.UTF8.GetBytes($"entry {i}");

    // The checkpoint that readers see.
    public Checkpoint Shown() => Checkpoint.TryOpen(File.ReadAllBytes(Served("checkpoint")), Key.Verifier, out _, out var checkpoint, out var error) ? checkpoint : throw new InvalidOperationException(error);

    public LogReader Reader() => new(Source, Shown());

    public string Served(string path) => Path.Combine(Options.Folder, path);

    // Everything that readers see holds together; gives the entries.
    public async Task<List<byte[]>> CheckAsync(Checkpoint? checkpoint = null)
    {
        var entries = new List<byte[]>();
        await LogCheck.CheckAsync(Source, checkpoint ?? Shown(), (index, entry) =>
        {
            index.ShouldBe(entries.Count);
            entries.Add(entry.ToArray());
        }, default);
        return entries;
    }

    // A log of so many entries, closed.
    public async Task FillAsync(int count)
    {
        await using var writer = LogWriter.Create(Options);
        await AppendAsync(writer, 0, count);
    }

    // A log of so many entries whose writer was killed; what it published by then is as it fell.
    public async Task FillAndKillAsync(int count, bool isPublished = true)
    {
        var isKilled = false;
        LogHook hook = (LogStep step, string _, ref int _) =>
        {
            if (Volatile.Read(ref isKilled)) throw new LogCrash();
        };
        await using var writer = LogWriter.Create(Options with { Hook = hook });
        await AppendAsync(writer, 0, count);
        if (isPublished) await writer.PublishedAsync(count - 1, default);
        Volatile.Write(ref isKilled, true);
    }

    public static Task AppendAsync(LogWriter writer, int start, int count) => Task.WhenAll(Enumerable.Range(start, count).Select(i => writer.AppendAsync(Entry(i), default)));

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
