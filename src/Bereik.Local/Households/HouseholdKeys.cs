using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Bereik.Exchange.Contracts;

namespace Bereik.Local.Households;

/// <summary>
/// The key of each household, outside the store (nl: sleutel van een gezin). What is kept of a household lies under its key alone, so that destroying the key erases it everywhere it was
/// copied to. Keys lie in blocks: a package has one for all its rows, a referral one of its own. What was destroyed is written down beside them: a key that comes back with a copy of
/// the folder is destroyed again before anything is read.
/// </summary>
internal sealed class HouseholdKeys
{
    private const int IdBytes = 16;
    private const int KeyBytes = 32;
    private const int EntryBytes = IdBytes + KeyBytes;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private readonly Lock gate = new();
    private readonly string folder;
    private readonly string journal;
    private readonly Dictionary<Guid, DestroyedKey> destroyed = [];
    private readonly Dictionary<Guid, Place> places = [];

    public HouseholdKeys(LocalSettings settings)
    {
        folder = Directory.CreateDirectory(settings.HouseholdKeyFolder).FullName;
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        journal = Path.Combine(folder, "destroyed");
        ReadJournal();
        foreach (var file in Directory.EnumerateFiles(folder, "*.key").ToList()) Load(file);
    }

    /// <summary>The ids whose keys are there.</summary>
    public IReadOnlyList<string> Ids()
    {
        lock (gate) return [.. places.Keys.Select(id => id.ToString("D"))];
    }

    /// <summary>Seals what is kept of one household; its key is made at the first time, in a block of its own.</summary>
    /// <param name="id">Id of the referral, not of a person.</param>
    /// <param name="plain">The bytes.</param>
    /// <exception cref="InvalidOperationException">The key was destroyed: what was erased never begins again.</exception>
    public byte[] Seal(string id, byte[] plain)
    {
        lock (gate)
        {
            if (FindKey(IdOf(id)) is not { } key) return SealAll(id, [(id, plain)])[0];
            try
            {
                return Seal(key, id, plain);
            }
            finally
            {
                CryptographicOperations.ZeroMemory(key);
            }
        }
    }

    /// <summary>Makes one block of keys and seals what is kept of each household under its own. A block of that name, of an attempt that was cut off, is made anew.</summary>
    /// <param name="block">Id of the list.</param>
    /// <param name="kept">Id and bytes of each; not empty.</param>
    /// <returns>The sealed values, in the same order.</returns>
    /// <exception cref="InvalidOperationException">A key was destroyed: what was erased never begins again.</exception>
    public IReadOnlyList<byte[]> SealAll(string block, IReadOnlyList<(string Id, byte[] Plain)> kept)
    {
        var entries = RandomNumberGenerator.GetBytes(kept.Count * EntryBytes);
        try
        {
            lock (gate)
            {
                foreach (var (at, (id, _)) in kept.Index())
                {
                    if (destroyed.ContainsKey(IdOf(id))) throw new InvalidOperationException("The key of a household that was erased is not made again.");
                    IdOf(id).TryWriteBytes(entries.AsSpan(at * EntryBytes, IdBytes), bigEndian: true, out _);
                }

                var file = FileOf(block);
                Discard(file);
                var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
                if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
                using (var stream = new FileStream(file, options))
                {
                    stream.Write(entries);
                    stream.Flush(flushToDisk: true);
                }

                var made = new Block(file) { Living = kept.Count };
                foreach (var (at, (id, _)) in kept.Index()) places[IdOf(id)] = new Place(made, at);
            }

            return [.. kept.Select((one, at) => Seal(entries.AsSpan((at * EntryBytes) + IdBytes, KeyBytes), one.Id, one.Plain))];
        }
        finally
        {
            CryptographicOperations.ZeroMemory(entries);
        }
    }

    /// <summary>Opens what is kept of a household.</summary>
    /// <returns>Null when its key is gone.</returns>
    /// <exception cref="CryptographicException">The value or the key is another.</exception>
    public byte[]? Open(string id, ReadOnlySpan<byte> value)
    {
        byte[]? key;
        lock (gate) key = FindKey(IdOf(id));
        if (key is null) return null;
        try
        {
            return Open(key, id, value);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Opens what is kept of many households; each block is read once.</summary>
    /// <param name="kept">Id and sealed value of each.</param>
    /// <returns>Those whose key is there, in the same order.</returns>
    /// <exception cref="CryptographicException">A value or a key is another.</exception>
    public IReadOnlyList<(string Id, byte[] Plain)> OpenAll(IReadOnlyList<(string Id, byte[] Value)> kept)
    {
        var (blocks, opened) = (new Dictionary<Block, byte[]>(), new List<(string, byte[])>(kept.Count));
        try
        {
            foreach (var (id, value) in kept)
            {
                ReadOnlySpan<byte> key = default;
                lock (gate)
                {
                    if (places.TryGetValue(IdOf(id), out var place))
                    {
                        if (!blocks.TryGetValue(place.Block, out var entries)) blocks[place.Block] = entries = File.Exists(place.Block.File) ? File.ReadAllBytes(place.Block.File) : [];
                        key = KeyIn(entries, place.At, IdOf(id));
                    }
                }

                if (!key.IsEmpty) opened.Add((id, Open(key, id, value)));
            }

            return opened;
        }
        finally
        {
            foreach (var entries in blocks.Values) CryptographicOperations.ZeroMemory(entries);
        }
    }

    /// <summary>Destroys keys, for good. INVARIANT: they are written down first, so that a kill in between leaves them to the next start.</summary>
    /// <param name="ids">Ids of households or referrals.</param>
    /// <param name="cause">Why.</param>
    /// <param name="at">When.</param>
    public void Destroy(IReadOnlyCollection<string> ids, ErasureCause cause, DateTimeOffset at)
    {
        lock (gate)
        {
            var fresh = ids.Select(IdOf).Where(id => !destroyed.ContainsKey(id)).Distinct().ToList();
            if (fresh.Count > 0)
            {
                var line = string.Create(CultureInfo.InvariantCulture, $" {cause} {at.ToUnixTimeSeconds()}\n");
                using (var file = new FileStream(journal, FileMode.Append, FileAccess.Write, FileShare.Read))
                {
                    file.Write(Encoding.ASCII.GetBytes(string.Concat(fresh.Select(id => id.ToString("D") + line))));
                    file.Flush(flushToDisk: true);
                }

                foreach (var id in fresh) destroyed[id] = new DestroyedKey(cause, DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds()));
            }

            Overwrite(ids.Select(IdOf));
        }
    }

    /// <summary>Overwrites keys under which nothing is stored, as a kill leaves them between a key and its row. Nothing was erased, so nothing is written down: the next attempt makes another key for the same id.</summary>
    /// <param name="ids">Ids of households or referrals.</param>
    public void Forget(IReadOnlyCollection<string> ids)
    {
        lock (gate) Overwrite(ids.Select(IdOf));
    }

    public bool IsDestroyed(string id) => FindDestroyed(id) is not null;

    /// <summary>When and why the key of a household was destroyed; null when it was not.</summary>
    public DestroyedKey? FindDestroyed(string id)
    {
        lock (gate) return destroyed.GetValueOrDefault(IdOf(id));
    }

    private static byte[] Seal(ReadOnlySpan<byte> key, string id, ReadOnlySpan<byte> plain)
    {
        var value = new byte[NonceBytes + plain.Length + TagBytes];
        var nonce = value.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Encrypt(nonce, plain, value.AsSpan(NonceBytes, plain.Length), value.AsSpan(NonceBytes + plain.Length), Encoding.ASCII.GetBytes(id));
        return value;
    }

    private static byte[] Open(ReadOnlySpan<byte> key, string id, ReadOnlySpan<byte> value)
    {
        if (value.Length < NonceBytes + TagBytes) throw new CryptographicException("A stored value is too short.");
        var plain = new byte[value.Length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Decrypt(value[..NonceBytes], value[NonceBytes..^TagBytes], value[^TagBytes..], plain, Encoding.ASCII.GetBytes(id));
        return plain;
    }

    // Read from the disk each time: a key that lies in memory for long can come into a dump.
    private byte[]? FindKey(Guid id)
    {
        if (!places.TryGetValue(id, out var place) || !File.Exists(place.Block.File)) return null;
        var entry = new byte[EntryBytes];
        using var file = File.OpenHandle(place.Block.File);
        var read = RandomAccess.Read(file, entry, (long)place.At * EntryBytes);
        var key = read == EntryBytes ? KeyIn(entry, 0, id).ToArray() : [];
        CryptographicOperations.ZeroMemory(entry);
        return key.Length == 0 ? null : key;
    }

    private static ReadOnlySpan<byte> KeyIn(byte[] entries, int at, Guid id)
    {
        if (entries.Length < (at + 1) * EntryBytes) return default;
        var entry = entries.AsSpan(at * EntryBytes, EntryBytes);
        return new Guid(entry[..IdBytes], bigEndian: true) == id ? entry[IdBytes..] : default;
    }

    // A block that was cut off while it was written has no rows: what is whole of it counts, and goes with the keys that no row has.
    private void Load(string file)
    {
        var entries = File.ReadAllBytes(file);
        var block = new Block(file);
        var back = new List<Guid>();
        for (var at = 0; at < entries.Length / EntryBytes; at++)
        {
            var id = new Guid(entries.AsSpan(at * EntryBytes, IdBytes), bigEndian: true);
            places[id] = new Place(block, at);
            block.Living++;
            if (destroyed.ContainsKey(id)) back.Add(id);
        }

        CryptographicOperations.ZeroMemory(entries);
        if (block.Living == 0) Discard(file);
        else Overwrite(back);
    }

    private void Overwrite(IEnumerable<Guid> ids)
    {
        foreach (var group in ids.Distinct().Where(places.ContainsKey).Select(id => (Id: id, Place: places[id])).GroupBy(one => one.Place.Block).ToList())
        {
            var block = group.Key;
            if (File.Exists(block.File))
            {
                using var file = File.OpenHandle(block.File, FileMode.Open, FileAccess.Write, FileShare.Read);
                foreach (var (_, place) in group) RandomAccess.Write(file, RandomNumberGenerator.GetBytes(KeyBytes), ((long)place.At * EntryBytes) + IdBytes);
                RandomAccess.FlushToDisk(file);
            }

            foreach (var (id, _) in group) places.Remove(id);
            block.Living -= group.Count();
            if (block.Living == 0) File.Delete(block.File);
        }
    }

    // Overwrites a whole file of keys and deletes it.
    private void Discard(string file)
    {
        if (!File.Exists(file)) return;
        foreach (var id in places.Where(one => one.Value.Block.File == file).Select(one => one.Key).ToList()) places.Remove(id);
        using (var handle = File.OpenHandle(file, FileMode.Open, FileAccess.Write, FileShare.None))
        {
            RandomAccess.Write(handle, RandomNumberGenerator.GetBytes((int)RandomAccess.GetLength(handle)), 0);
            RandomAccess.FlushToDisk(handle);
        }

        File.Delete(file);
    }

    // A last line that was cut off is of a destruction that had not begun; it is ended, so that the next line is a line.
    private void ReadJournal()
    {
        if (!File.Exists(journal)) return;
        var text = File.ReadAllText(journal);
        foreach (var line in text.Split('\n').SkipLast(1))
        {
            if (line.Split(' ') is [var id, var cause, var at] && Guid.TryParseExact(id, "D", out var key) && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            {
                destroyed.TryAdd(key, new DestroyedKey(Enum.TryParse<ErasureCause>(cause, ignoreCase: true, out var known) ? known : null, DateTimeOffset.FromUnixTimeSeconds(seconds)));
            }
        }

        if (text.Length == 0 || text[^1] == '\n') return;
        using var file = new FileStream(journal, FileMode.Append, FileAccess.Write, FileShare.Read);
        file.Write("\n"u8);
        file.Flush(flushToDisk: true);
    }

    private static Guid IdOf(string id) => Guid.TryParseExact(id, "D", out var parsed) ? parsed : throw new ArgumentException("No id of a household or a referral.", nameof(id));

    // An id is a GUID as this node writes it, so that no name reaches another folder.
    private string FileOf(string block) => Path.Combine(folder, $"{IdOf(block):D}.key");

    private sealed class Block(string file)
    {
        public string File { get; } = file;

        // Entries that were not destroyed; at none the file goes.
        public int Living { get; set; }
    }

    private readonly record struct Place(Block Block, int At);
}

/// <summary>A key that was destroyed.</summary>
/// <param name="Cause">Why; null when what was written down is no cause that this version knows.</param>
/// <param name="At">When.</param>
internal sealed record DestroyedKey(ErasureCause? Cause, DateTimeOffset At);
