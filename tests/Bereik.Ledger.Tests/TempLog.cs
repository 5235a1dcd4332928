using System.Text;

namespace Bereik.Ledger.Tests;

/// <summary>A log in a folder that goes with the test.</summary>
internal sealed class TempLog : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("bereik-log-").FullName;

    public TempLog() => Options = new LogWriterOptions { Folder = Path.Combine(root, "log"), JournalFolder = Path.Combine(root, "log-journal"), Key = Key };

    public static NoteSigner Key { get; } = NoteSigner.Generate("log.example/test", NoteKeyKind.Ed25519);

    public LogWriterOptions Options { get; }

    public static byte[] Entry(int i) => Encoding.UTF8.GetBytes($"entry {i}");

    public Checkpoint Shown() => Checkpoint.TryOpen(File.ReadAllBytes(Path.Combine(Options.Folder, "checkpoint")), Key.Verifier, out _, out var checkpoint, out var error) ? checkpoint : throw new InvalidOperationException(error);

    public LogReader Reader() => new(new FolderLog(Options.Folder), Shown());

    public void Dispose() => Directory.Delete(root, recursive: true);
}
