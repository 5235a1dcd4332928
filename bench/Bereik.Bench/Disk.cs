using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Bereik.Bench;

/// <summary>The floor of every durable write.</summary>
internal static partial class Disk
{
    public static void Sync(SafeFileHandle handle)
    {
        if (FdataSync(handle) != 0) throw new IOException("fdatasync did not work.");
    }

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FdataSync(SafeFileHandle handle);
}
