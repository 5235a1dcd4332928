namespace Bereik.Ledger;

/// <summary>What a writer is about to do; a test can make it fail there.</summary>
internal enum LogStep
{
    SegmentCreate,
    JournalWrite,
    JournalSync,
    JournalCut,
    FileWrite,
    FileRename,
    CheckpointWrite,
    CheckpointRename,
    SyncPoint,
    SegmentRetire,
    PartialDelete,
}

/// <summary>
/// Called before every step that leaves something on the disk. It may throw what the disk would throw, may shorten what is written (which then fails as a
/// full disk does), or may throw <see cref="LogCrash"/>: then no further step is done, as if the process had been killed.
/// </summary>
/// <param name="step">The step.</param>
/// <param name="place">The file.</param>
/// <param name="length">How many bytes are about to be written; 0 when none.</param>
internal delegate void LogHook(LogStep step, string place, ref int length);

/// <summary>A test's crash.</summary>
internal sealed class LogCrash() : Exception("log.crashed");

internal sealed class LogProbe(LogHook? hook)
{
    private volatile bool hasCrashed;

    public bool HasCrashed => hasCrashed;

    public void Before(LogStep step, string place)
    {
        var length = 0;
        Before(step, place, ref length);
    }

    public void Before(LogStep step, string place, ref int length)
    {
        if (hook is null) return;
        if (hasCrashed) throw new LogCrash();
        try
        {
            hook(step, place, ref length);
        }
        catch (LogCrash)
        {
            hasCrashed = true;
            throw;
        }
    }

    // Writes at a place in a file; a write that a test shortened fails as a full disk does.
    public void Write(LogStep step, string place, Microsoft.Win32.SafeHandles.SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        var length = bytes.Length;
        Before(step, place, ref length);
        RandomAccess.Write(file, bytes[..length], offset);
        if (length < bytes.Length) throw new IOException("No space left on device", Disk.NoSpace);
    }
}
