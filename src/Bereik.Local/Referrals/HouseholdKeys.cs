using System.Security.Cryptography;
using System.Text;

namespace Bereik.Local.Referrals;

/// <summary>
/// The key of each household, a file each, outside the store (nl: sleutel van een gezin). What is kept of a household lies under its key alone, so that destroying the
/// key erases it everywhere it was copied to. What was destroyed is written down beside the keys: a key that comes back with a copy of the folder is destroyed again before anything is read.
/// </summary>
internal sealed class HouseholdKeys
{
    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private readonly Lock gate = new();
    private readonly string folder;
    private readonly string journal;
    private readonly HashSet<string> destroyed;

    public HouseholdKeys(LocalSettings settings)
    {
        folder = Directory.CreateDirectory(settings.HouseholdKeyFolder).FullName;
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        journal = Path.Combine(folder, "destroyed");
        destroyed = File.Exists(journal) ? [.. File.ReadLines(journal).Where(line => line.Length > 0)] : [];
        foreach (var id in destroyed) Overwrite(FileOf(id));
    }

    /// <summary>The ids whose keys are there.</summary>
    public IReadOnlyList<string> Ids() => [.. Directory.EnumerateFiles(folder, "*.key").Select(file => Path.GetFileNameWithoutExtension(file))];

    /// <summary>Seals what is kept of a household; its key is made at the first time.</summary>
    /// <param name="id">Id of the referral, not of a person.</param>
    /// <param name="plain">The bytes.</param>
    /// <exception cref="InvalidOperationException">The key was destroyed: what was erased never begins again.</exception>
    public byte[] Seal(string id, ReadOnlySpan<byte> plain)
    {
        var key = FindOrMake(id);
        try
        {
            var value = new byte[NonceBytes + plain.Length + TagBytes];
            var nonce = value.AsSpan(0, NonceBytes);
            RandomNumberGenerator.Fill(nonce);
            using var cipher = new AesGcm(key, TagBytes);
            cipher.Encrypt(nonce, plain, value.AsSpan(NonceBytes, plain.Length), value.AsSpan(NonceBytes + plain.Length), Encoding.ASCII.GetBytes(id));
            return value;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Opens what is kept of a household.</summary>
    /// <returns>Null when its key is gone.</returns>
    /// <exception cref="CryptographicException">The value or the key is another.</exception>
    public byte[]? Open(string id, ReadOnlySpan<byte> value)
    {
        if (value.Length < NonceBytes + TagBytes) throw new CryptographicException("A stored value is too short.");
        if (Find(id) is not { } key) return null;
        try
        {
            var plain = new byte[value.Length - NonceBytes - TagBytes];
            using var cipher = new AesGcm(key, TagBytes);
            cipher.Decrypt(value[..NonceBytes], value[NonceBytes..^TagBytes], value[^TagBytes..], plain, Encoding.ASCII.GetBytes(id));
            return plain;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Destroys the key of a household, for good. INVARIANT: it is written down first, so that a kill in between leaves it to the next start.</summary>
    /// <param name="id">Id of the referral.</param>
    public void Destroy(string id)
    {
        lock (gate)
        {
            if (destroyed.Add(id))
            {
                using var file = new FileStream(journal, FileMode.Append, FileAccess.Write, FileShare.Read);
                file.Write(Encoding.ASCII.GetBytes(id + "\n"));
                file.Flush(flushToDisk: true);
            }

            Overwrite(FileOf(id));
        }
    }

    public bool IsDestroyed(string id)
    {
        lock (gate) return destroyed.Contains(id);
    }

    private byte[]? Find(string id)
    {
        lock (gate) return !destroyed.Contains(id) && File.Exists(FileOf(id)) && File.ReadAllBytes(FileOf(id)) is { Length: KeyBytes } key ? key : null;
    }

    private byte[] FindOrMake(string id)
    {
        lock (gate)
        {
            if (Find(id) is { } known) return known;
            if (destroyed.Contains(id)) throw new InvalidOperationException("The key of a household that was erased is not made again.");
            var made = RandomNumberGenerator.GetBytes(KeyBytes);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var file = new FileStream(FileOf(id), options);
            file.Write(made);
            file.Flush(flushToDisk: true);
            return made;
        }
    }

    // An id is a GUID as this node writes it, so that no name reaches another folder.
    private string FileOf(string id) => Guid.TryParseExact(id, "D", out var parsed) ? Path.Combine(folder, $"{parsed:D}.key") : throw new ArgumentException("No id of a referral.", nameof(id));

    private static void Overwrite(string file)
    {
        if (!File.Exists(file)) return;
        using (var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.None))
        {
            stream.Write(RandomNumberGenerator.GetBytes(KeyBytes));
            stream.Flush(flushToDisk: true);
        }

        File.Delete(file);
    }
}
