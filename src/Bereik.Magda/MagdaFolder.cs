namespace Bereik.Magda;

/// <summary>
/// Reads the answers in a folder, however its sub-folders are named, or in one file. A file that is no answer gives an error and the rest
/// goes on.
/// </summary>
public static class MagdaFolder
{
    /// <summary>Reads one file after the other, in ordinal order of their paths; only one answer is in memory at a time.</summary>
    /// <param name="path">A folder (searched whole, links to folders not followed, hidden files left out) or a file.</param>
    /// <param name="limits">The limits per file; <see cref="MagdaLimits.Default"/> when null.</param>
    /// <returns>One result a file. A path that does not exist gives one result with <see cref="MagdaErrorCodes.Unavailable"/>.</returns>
    public static IEnumerable<MagdaFile> Read(string path, MagdaLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return Directory.Exists(path)
            ? ReadFolder(path, "", limits ?? MagdaLimits.Default)
            : [ReadFile(path, Path.GetFileName(path), limits ?? MagdaLimits.Default)];
    }

    private static IEnumerable<MagdaFile> ReadFolder(string folder, string prefix, MagdaLimits limits)
    {
        if (Entries(folder) is not { } entries)
        {
            yield return new MagdaFile { Path = prefix.TrimEnd('/'), Error = new MagdaError(MagdaErrorCodes.Unavailable, 0, 0) };
            yield break;
        }

        foreach (var (name, isFolder) in entries)
        {
            var full = Path.Combine(folder, name);
            if (!isFolder)
                yield return ReadFile(full, prefix + name, limits);
            else
                foreach (var file in ReadFolder(full, prefix + name + "/", limits))
                    yield return file;
        }
    }

    private static (string Name, bool IsFolder)[]? Entries(string folder)
    {
        try
        {
            // Nothing is passed over in silence: a file that cannot be read is an error of its own.
            var options = new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false };
            var files = Directory.EnumerateFiles(folder, "*", options).Select(f => (Path.GetFileName(f), false));
            var folders = Directory.EnumerateDirectories(folder, "*", options)
                .Where(f => !File.GetAttributes(f).HasFlag(FileAttributes.ReparsePoint))
                .Select(f => (Path.GetFileName(f), true));
            (string Name, bool IsFolder)[] entries = [.. files.Concat(folders).Where(e => !e.Item1.StartsWith('.'))];
            // A folder sorts as its name with a slash, so that the order is that of the whole paths.
            Array.Sort(entries, (a, b) => string.CompareOrdinal(a.IsFolder ? a.Name + "/" : a.Name, b.IsFolder ? b.Name + "/" : b.Name));
            return entries;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static MagdaFile ReadFile(string path, string name, MagdaLimits limits)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan);
            var result = MagdaReader.Read(stream, limits, Path.GetFileNameWithoutExtension(path));
            return new MagdaFile { Path = name, Answer = result.Answer, Error = result.Error };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return new MagdaFile { Path = name, Error = new MagdaError(MagdaErrorCodes.Unavailable, 0, 0) };
        }
    }
}
