using System.Globalization;
using Bereik.Ledger;

namespace Bereik.Cli.Verify;

/// <summary>The checkpoint that this computer last verified of a log, so that the next time a shorter or another log shows.</summary>
internal static class SeenFile
{
    /// <summary>Where it is kept when nobody says otherwise.</summary>
    /// <param name="log">The log's key.</param>
    public static string DefaultPath(NoteVerifier log)
    {
        var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } set && Path.IsPathRooted(set)
            ? set : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
        return Path.Combine(state, "bereik", $"{log.KeyId.ToString("x8", CultureInfo.InvariantCulture)}.checkpoint");
    }

    /// <summary>Reads it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="log">The log's key.</param>
    /// <returns>Null when there is none yet.</returns>
    /// <exception cref="LogBrokenException"><c>seen.damaged</c>: it is there and is no checkpoint of this log.</exception>
    public static Checkpoint? Read(string path, NoteVerifier log)
    {
        try
        {
            if (!File.Exists(path)) return null;
            var bytes = new FileInfo(path).Length <= SignedNote.MostBytes ? File.ReadAllBytes(path) : [];
            return Checkpoint.TryOpen(bytes, log, out _, out var checkpoint, out _) ? checkpoint : throw new LogBrokenException("seen.damaged", path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new LogBrokenException("seen.damaged", path);
        }
    }

    /// <summary>Writes it, whole or not at all. Called only after everything held.</summary>
    /// <param name="path">The file.</param>
    /// <param name="note">The checkpoint with its signatures.</param>
    /// <exception cref="LogBrokenException"><c>seen.unwritable</c>.</exception>
    public static void Write(string path, SignedNote note)
    {
        try
        {
            var whole = Path.GetFullPath(path);
            Directory.CreateDirectory(Path.GetDirectoryName(whole)!);
            var part = $"{whole}.{Guid.NewGuid():N}.part";
            using (var file = new FileStream(part, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                file.Write(note.ToBytes());
                file.Flush(flushToDisk: true);
            }

            File.Move(part, whole, overwrite: true);
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new LogBrokenException("seen.unwritable", path);
        }
    }
}
