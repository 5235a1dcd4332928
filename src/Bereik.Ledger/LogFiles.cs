namespace Bereik.Ledger;

/// <summary>The static files of a log, as its writer writes them: each whole under another name first, so that nobody reads half a file.</summary>
internal sealed class LogFiles(string folder, LogProbe probe)
{
    public const string CheckpointName = "checkpoint";
    private const int MostSyncedOneByOne = 64;

    // What was written since the last sync; when there is more than that, everything on the file system is made durable.
    private readonly HashSet<string> unsynced = [];
    private readonly HashSet<string> folders = [];

    // Places of tiles of which there are partial files, by the path of the full one.
    private readonly HashSet<TilePath> partial = [];
    private readonly HashSet<TilePath> over = [];
    private bool hasMany;

    public void WriteTile(TilePath path, ReadOnlySpan<byte> bytes)
    {
        Write(path.ToString(), bytes, LogStep.FileWrite, LogStep.FileRename);
        if (!path.IsFull) partial.Add(path.Full);
        else if (partial.Contains(path)) over.Add(path);
    }

    public void WriteCheckpoint(SignedNote note) => Write(CheckpointName, note.ToBytes(), LogStep.CheckpointWrite, LogStep.CheckpointRename);

    // There may be partial files of this place, of before this process.
    public void MayHavePartial(TilePath path)
    {
        partial.Add(path.Full);
        if (File.Exists(Path.Combine(folder, path.Full.ToString()))) over.Add(path.Full);
    }

    // Partial files go once the full one is there, but for those of trees that are in use.
    public void RemovePartial(params ReadOnlySpan<long> sizes)
    {
        if (over.Count == 0) return;
        foreach (var path in over.ToList())
        {
            var isUsed = false;
            foreach (var size in sizes) isUsed |= TilePath.In(path.Level, path.Index, size) is { IsFull: false };
            if (isUsed) continue;
            var partials = Path.Combine(folder, path + ".p");
            if (Directory.Exists(partials))
            {
                probe.Before(LogStep.PartialDelete, partials);
                Directory.Delete(partials, recursive: true);
            }

            over.Remove(path);
            partial.Remove(path);
        }
    }

    // What was written since the last time, to be made durable.
    public UnsyncedFiles TakeUnsynced()
    {
        var taken = new UnsyncedFiles(folder, probe, hasMany, [.. unsynced], [.. folders]);
        unsynced.Clear();
        folders.Clear();
        hasMany = false;
        return taken;
    }

    private void Write(string name, ReadOnlySpan<byte> bytes, LogStep write, LogStep rename)
    {
        var path = Path.Combine(folder, name);
        var temporary = path + ".tmp";
        var holder = Path.GetDirectoryName(path)!;
        try
        {
            WriteNew(write, temporary, bytes);
        }
        catch (DirectoryNotFoundException)
        {
            Directory.CreateDirectory(holder);
            WriteNew(write, temporary, bytes);
        }

        probe.Before(rename, path);
        File.Move(temporary, path, overwrite: true);
        if (hasMany) return;
        unsynced.Add(path);
        for (var one = holder; folders.Add(one) && one.Length > folder.Length;) one = Path.GetDirectoryName(one)!;
        hasMany = OperatingSystem.IsLinux() && unsynced.Count > MostSyncedOneByOne;
    }

    private void WriteNew(LogStep step, string path, ReadOnlySpan<byte> bytes)
    {
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.Read);
        probe.Write(step, path, file, bytes, 0);
    }
}

/// <summary>Files that were written and are not yet certain to be on the disk.</summary>
internal sealed class UnsyncedFiles(string folder, LogProbe probe, bool hasMany, string[] files, string[] folders)
{
    // Every file is durable after this, its name too, but for those that are gone.
    public void Sync()
    {
        probe.Before(LogStep.SyncPoint, folder);
        if (hasMany && Disk.TrySyncAll(folder)) return;
        foreach (var file in files) Disk.SyncFile(file);
        foreach (var one in folders) Disk.SyncFolder(one);
    }
}
