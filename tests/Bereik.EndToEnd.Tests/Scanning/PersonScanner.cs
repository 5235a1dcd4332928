using System.Buffers.Binary;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Bereik.EndToEnd.Tests.Scanning;

/// <summary>
/// Searches every file of a folder for words about persons, in the forms in which they could lie there: UTF-8, UTF-16, hexadecimal, base64 at
/// each of its three alignments, percent-encoded, written backwards, the usual punctuation of a number, and as values of a SQLite database, which may be cut over pages.
/// </summary>
internal sealed class PersonScanner
{
    /// <summary>A shorter word, in bytes, would be found by chance.</summary>
    public const int Shortest = 8;

    private readonly Dictionary<ulong, List<Pattern>> patterns = [];
    private readonly ulong[] filter = new ulong[1 << 18];

    public PersonScanner(IEnumerable<string> words)
    {
        foreach (var word in words.Distinct()) AddWord(word);
    }

    /// <summary>One finding for each word, form and file.</summary>
    public IReadOnlyList<Finding> Scan(string folder)
    {
        var findings = new HashSet<Finding>();
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            // Empty, and held by the node that runs.
            if (Path.GetFileName(file) is "node.lock" or "lock") continue;
            var name = Path.GetRelativePath(folder, file);
            byte[] bytes;
            using (var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
            {
                bytes = new byte[stream.Length];
                stream.ReadExactly(bytes);
            }

            Search(bytes, name, findings);
            if (bytes.AsSpan().StartsWith("SQLite format 3\0"u8)) SearchValues(file, name, findings);
        }

        return [.. findings];
    }

    private void SearchValues(string file, string name, HashSet<Finding> findings)
    {
        // A copy, with its write-ahead log, so that a running node is not disturbed.
        var copy = Directory.CreateTempSubdirectory("bereik-scan");
        try
        {
            var target = Path.Combine(copy.FullName, "copy.db");
            File.Copy(file, target);
            if (File.Exists(file + "-wal")) File.Copy(file + "-wal", target + "-wal");
            using var connection = new SqliteConnection($"Data Source={target};Pooling=False");
            connection.Open();
            var tables = new List<string>();
            using (var list = connection.CreateCommand())
            {
                list.CommandText = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
                using var reader = list.ExecuteReader();
                while (reader.Read()) tables.Add(reader.GetString(0));
            }

            foreach (var table in tables)
            {
                using var read = connection.CreateCommand();
                read.CommandText = $"SELECT * FROM \"{table}\"";
                using var reader = read.ExecuteReader();
                while (reader.Read())
                {
                    for (var i = 0; i < reader.FieldCount; i++)
                    {
                        var value = reader.GetValue(i);
                        if (value is not DBNull) Search(value as byte[] ?? Encoding.UTF8.GetBytes(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!), $"{name}:{table}", findings);
                    }
                }
            }
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }

    private void Search(ReadOnlySpan<byte> bytes, string place, HashSet<Finding> findings)
    {
        for (var i = 0; i + Shortest <= bytes.Length; i++)
        {
            var key = BinaryPrimitives.ReadUInt64LittleEndian(bytes[i..]);
            var slot = Slot(key);
            if ((filter[slot >> 6] & (1UL << (int)(slot & 63))) == 0 || !patterns.TryGetValue(key, out var candidates)) continue;
            foreach (var candidate in candidates)
            {
                if (bytes[i..].StartsWith(candidate.Bytes)) findings.Add(new Finding(place, candidate.Form, candidate.Word));
            }
        }
    }

    private void AddWord(string word)
    {
        Add(word, "utf-8", Encoding.UTF8.GetBytes(word));
        Add(word, "utf-16le", Encoding.Unicode.GetBytes(word));
        Add(word, "utf-16be", Encoding.BigEndianUnicode.GetBytes(word));
        var bytes = Encoding.UTF8.GetBytes(word);
        Add(word, "hex", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(bytes)));
        Add(word, "HEX", Encoding.ASCII.GetBytes(Convert.ToHexString(bytes)));
        Add(word, "percent", Encoding.ASCII.GetBytes(string.Concat(bytes.Select(one => $"%{one:X2}"))));
        if (word != Uri.EscapeDataString(word)) Add(word, "escaped", Encoding.ASCII.GetBytes(Uri.EscapeDataString(word)));
        Add(word, "reversed", Encoding.UTF8.GetBytes(string.Concat(word.Reverse())));
        for (var before = 0; before < 3; before++)
        {
            // The characters that depend only on the word, whatever stands before and after it.
            var padded = new byte[before + bytes.Length];
            bytes.CopyTo(padded, before);
            var first = (before * 8 + 5) / 6;
            var last = padded.Length * 8 / 6;
            var text = Convert.ToBase64String(padded)[first..last];
            Add(word, "base64", Encoding.ASCII.GetBytes(text));
            Add(word, "base64url", Encoding.ASCII.GetBytes(text.Replace('+', '-').Replace('/', '_')));
        }

        if (word.Length == 11 && word.All(char.IsAsciiDigit))
        {
            Add(word, "punctuated", Encoding.ASCII.GetBytes($"{word[..2]}.{word[2..4]}.{word[4..6]}-{word[6..9]}.{word[9..]}"));
        }
    }

    private void Add(string word, string form, byte[] bytes)
    {
        if (bytes.Length < Shortest) throw new ArgumentException("A word of fewer than eight bytes would be found by chance.", nameof(word));
        var key = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        var slot = Slot(key);
        filter[slot >> 6] |= 1UL << (int)(slot & 63);
        if (!patterns.TryGetValue(key, out var list)) patterns[key] = list = [];
        list.Add(new Pattern(word, form, bytes));
    }

    private static ulong Slot(ulong key) => key * 0x9E3779B97F4A7C15UL >> 40;

    private sealed record Pattern(string Word, string Form, byte[] Bytes);
}

/// <summary>A word that should not be there.</summary>
/// <param name="Place">File, and table where it is a value of a database.</param>
/// <param name="Form">How it was written.</param>
/// <param name="Word">The word.</param>
internal sealed record Finding(string Place, string Form, string Word);
