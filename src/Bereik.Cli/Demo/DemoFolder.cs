namespace Bereik.Cli.Demo;

/// <summary>
/// The folder of a demo. It carries a mark; only a marked or empty folder is used, and it is made anew, since lists and keys of a former
/// run would confuse. Held until disposed: a second demo on the same folder is refused.
/// </summary>
internal sealed class DemoFolder : IDisposable
{
    private const string Mark = ".bereik-demo";
    private readonly FileStream mark;

    private DemoFolder(string path, FileStream mark)
    {
        Path = path;
        this.mark = mark;
    }

    /// <summary>The folder, absolute.</summary>
    public string Path { get; }

    /// <summary>Takes and empties the folder.</summary>
    /// <exception cref="DemoException">It is in use, or holds something that no demo made.</exception>
    public static DemoFolder Take(DemoOptions options)
    {
        var path = options.Data;
        foreach (var (option, input) in new[] { ("--magda", options.MagdaFolder), ("--residents", options.ResidentsFile) })
        {
            if (input is not null && Contains(path, input)) throw new DemoException($"{option} lies inside the demo's own folder, which is emptied at each start. Copy it elsewhere first.");
        }

        if (File.Exists(path)) throw new DemoException("--data names a file; the demo needs a folder.");
        var markPath = System.IO.Path.Combine(path, Mark);
        if (Directory.Exists(path) && !File.Exists(markPath) && Directory.EnumerateFileSystemEntries(path).Any())
        {
            throw new DemoException($"The folder {path} holds something that no demo made, and a demo empties its folder. Choose another with --data.");
        }

        Directory.CreateDirectory(path);
        FileStream held;
        try
        {
            held = new FileStream(markPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new DemoException($"Another demo is running on the folder {path}. Stop it first (Ctrl-C), or choose another folder and other ports with --data and --port-base.");
        }

        foreach (var entry in new DirectoryInfo(path).EnumerateFileSystemInfos().Where(entry => entry.Name != Mark))
        {
            if (entry is DirectoryInfo folder && folder.LinkTarget is null) folder.Delete(recursive: true);
            else entry.Delete();
        }

        return new DemoFolder(path, held);
    }

    public void Dispose() => mark.Dispose();

    private static bool Contains(string folder, string path) =>
        (path + System.IO.Path.DirectorySeparatorChar).StartsWith(folder.TrimEnd(System.IO.Path.DirectorySeparatorChar) + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
