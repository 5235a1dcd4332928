using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace Bereik.Hub.Tests;

// Everything that a hub keeps, as text that can be compared: every row of every table, and every file beside the store.
internal static class StoreComparison
{
    // Recurring work says when it ran last, and a request between nodes that it was seen; neither is about a letter.
    private static readonly string[] Left = ["work", "seen_request", "sqlite_sequence"];

    public static List<string> Rows(TestHub hub)
    {
        using var store = hub.OpenStore();
        return [.. Read(store, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").Where(table => !Left.Contains(table)).SelectMany(table => Read(store, $"SELECT * FROM \"{table}\"").Order(StringComparer.Ordinal).Select(row => $"{table}: {row}"))];
    }

    public static List<string> Files(TestHub hub) =>
    [
        .. Directory.EnumerateFiles(hub.DataFolder, "*", SearchOption.AllDirectories).Where(file => !Path.GetFileName(file).StartsWith("node.", StringComparison.Ordinal) && Path.GetFileName(file) != "lock")
            .Order(StringComparer.Ordinal).Select(file => $"{file}: {Digest(file)}"),
    ];

    private static string Digest(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return Convert.ToHexString(SHA256.HashData(stream));
    }

    private static List<string> Read(SqliteConnection store, string sql)
    {
        using var command = store.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(at => reader.IsDBNull(at) ? "-" : reader.GetValue(at) is byte[] bytes ? Convert.ToHexString(SHA256.HashData(bytes)) : Convert.ToString(reader.GetValue(at), System.Globalization.CultureInfo.InvariantCulture))));
        }

        return rows;
    }
}
