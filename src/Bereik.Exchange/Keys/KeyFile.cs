using System.Text;

namespace Bereik.Exchange.Keys;

/// <summary>Writes secret key files that only their owner can read.</summary>
public static class KeyFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes a new file with mode 600; the text is on disk when this returns.</summary>
    /// <exception cref="IOException">The file exists already: a key is never overwritten.</exception>
    public static void WriteNew(string path, string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        // SECURITY: the mode is set at creation, so there is no moment in which others can read it.
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using var file = new FileStream(path, options);
        file.Write(Encoding.UTF8.GetBytes(secret));
        file.Flush(flushToDisk: true);
    }

    /// <summary>True when others than the owner may read or write the file; always false on Windows.</summary>
    /// <remarks>
    /// In systemd's folder of credentials (the variable <c>CREDENTIALS_DIRECTORY</c>) the group may read: systemd lets the service in by an access control
    /// list, whose mask shows as the rights of the group.
    /// </remarks>
    public static bool IsOpenToOthers(string path)
    {
        if (OperatingSystem.IsWindows()) return false;
        var allowed = OwnerOnly | UnixFileMode.UserExecute | (IsCredential(path) ? UnixFileMode.GroupRead : UnixFileMode.None);
        return (File.GetUnixFileMode(path) & ~allowed) != 0;
    }

    private static bool IsCredential(string path) =>
        Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY") is { Length: > 0 } folder && Path.GetDirectoryName(Path.GetFullPath(path)) == Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
}
