using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Bereik.Ledger;

/// <summary>What .NET has no call for: making data, folders and whole file systems durable.</summary>
internal static partial class Disk
{
    public const int NoSpace = 28;
    private const int NoQuota = 122;
    private const int Interrupted = 4;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int OpenToRead = 0x80000;

    // A file's data, and what is needed to read it back; its times may be lost.
    public static void SyncData(SafeFileHandle file)
    {
        if (OperatingSystem.IsLinux()) Until(file, FDataSync);
        else RandomAccess.FlushToDisk(file);
    }

    // A whole file, when it is there still.
    public static void SyncFile(string path)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, OperatingSystem.IsWindows() ? FileAccess.ReadWrite : FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            RandomAccess.FlushToDisk(file);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            // Nothing to keep.
        }
    }

    // The names in a folder, when it is there still. Other systems keep them with the file.
    public static void SyncFolder(string path)
    {
        if (!OperatingSystem.IsLinux() || !Directory.Exists(path)) return;
        using var folder = Folder(path);
        Until(folder, FSync);
    }

    // Everything on the file system that a folder is on; false when there is no such call.
    public static bool TrySyncAll(string path)
    {
        if (!OperatingSystem.IsLinux()) return false;
        using var folder = Folder(path);
        Until(folder, SyncFs);
        return true;
    }

    public static bool IsFailure(Exception exception) => exception is IOException or UnauthorizedAccessException;

    public static string CodeOf(Exception exception) => exception.HResult is NoSpace or NoQuota or WindowsDiskFull ? "log.diskFull" : "log.writeFailed";

    private static SafeFileHandle Folder(string path)
    {
        var descriptor = Open(path, OpenToRead);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw new IOException("open", Marshal.GetLastPInvokeError());
    }

    private static void Until(SafeFileHandle file, Func<SafeFileHandle, int> call)
    {
        while (call(file) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error != Interrupted) throw new IOException("sync", error);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FDataSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int SyncFs(SafeFileHandle file);
}
