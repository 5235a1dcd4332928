using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Bereik.Source.Tests;

// Compares two stores cell by cell. What it finds would let a source tell two runs apart.
internal static class StoreComparer
{
    // Columns that are random or a time. Of these only the value is free: that there is one, its kind and its length must be the same.
    private static readonly HashSet<string> Free =
    [
        // Signatures, keys and what lies encrypted. An order names a checkpoint of the log of its run, and is signed anew for it.
        "register_record.digest", "register_state.digest_key", "pseudonym_base.number", "pseudonym_base.sealed", "request.decision_jws", "request.order_jws", "request.context",
        "request.manifest", "own_decision.jws",

        // The public log: hashes, handles, signatures and instants. What it says is compared as a whole, entry by entry.
        "log_view.root", "log_view.cosigned_at", "log_view.told_at", "log_fact.entry", "log_fact.handle", "log_fact.read_at", "log_step.document", "log_step.read_at", "own_key.since", "own_statement.document",

        // Events are signed, and what they say stands beside it.
        "node_event.document", "node_event.at",

        // Ids of decisions, and the instants among their facts.
        "decision_record.id", "decision_record.facts", "decision_record.at",

        // Letters: who got which is drawn, numbers and seals are random, an opening is signed.
        "wave.opening_jws", "wave.files_made_at", "wave_part.digest", "wave_letter.number", "wave_letter.person",

        // The register: signatures, and the chain over them. What it says is compared where the hub's answers are.
        "register_entry.event", "register_entry.chain",

        // The steward's sign-in: a random key, and instants that follow the clock of the run.
        "session.key", "session.started_at", "session.seen_at", "session.rotated_at", "session.ends_at", "session.proven_at", "colleague.first_at", "colleague.last_at",

        // Instants.
        "register_entry.at", "register_reading.read_at",
        "schema_step.applied_at", "import_run.at", "import_run.ended_at", "request.received_at", "request.decided_at", "rejected_order.at",
        "work.run_after", "work.created_at", "work.started_at", "work.finished_at",
    ];

    // How often a step ran while it waited, and which process holds it now: they follow the clock, and step kinds are compared.
    // The place of an entry depends on which node was first.
    private static readonly HashSet<string> Ignored = ["log_fact.idx", "log_step.idx", "decision_record.sequence", "work.id", "work.attempts", "work.lease_owner", "work.lease_until"];

    // A store with all that was committed to it: a file copy would miss what still stands in its write-ahead log.
    public static string Copy(string store)
    {
        var copy = Path.Combine(Parties.NewFolder(), "node.db");
        using var from = new SqliteConnection($"Data Source={store};Pooling=False;Default Timeout=30");
        using var to = new SqliteConnection($"Data Source={copy};Pooling=False");
        from.Open();
        to.Open();
        from.BackupDatabase(to);
        return copy;
    }

    // One line a difference, naming the table and its columns, without values; empty when the stores hold the same, but for the tables that are left out.
    public static IReadOnlyList<string> Differences(string left, string right, params string[] without)
    {
        var (one, other) = (Read(left), Read(right));
        foreach (var name in without) _ = one.Remove(name) | other.Remove(name);
        var differences = new List<string>();
        foreach (var name in one.Keys.Union(other.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            if (!one.TryGetValue(name, out var ours) || !other.TryGetValue(name, out var theirs)) differences.Add($"{name}: in one store only");
            else if (ours.Rows.Count != theirs.Rows.Count) differences.Add($"{name}: another number of rows");
            else if (!ours.Rows.SequenceEqual(theirs.Rows, StringComparer.Ordinal) || !ours.Columns.Keys.ToHashSet(StringComparer.Ordinal).SetEquals(theirs.Columns.Keys)) differences.Add($"{name}: {string.Join(", ", ours.Columns.Keys.Union(theirs.Columns.Keys).Order(StringComparer.Ordinal).Where(column => !Same(ours, theirs, column)))}");
        }

        return differences;
    }

    private static bool Same(Table ours, Table theirs, string column) =>
        ours.Columns.TryGetValue(column, out var left) && theirs.Columns.TryGetValue(column, out var right) && left.Order(StringComparer.Ordinal).SequenceEqual(right.Order(StringComparer.Ordinal), StringComparer.Ordinal);

    private static Dictionary<string, Table> Read(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False;Default Timeout=30");
        connection.Open();
        var names = new List<string>();
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "SELECT name FROM sqlite_schema WHERE type = 'table'";
            using var rows = command.ExecuteReader();
            while (rows.Read()) names.Add(rows.GetString(0));
        }

        return names.ToDictionary(name => name, name => ReadTable(connection, name), StringComparer.Ordinal);
    }

    private static Table ReadTable(SqliteConnection connection, string name)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Names come from the store's own schema.
        command.CommandText = $"SELECT * FROM \"{name}\"";
#pragma warning restore CA2100
        using var rows = command.ExecuteReader();
        var table = new Table(Enumerable.Range(0, rows.FieldCount).Select(rows.GetName).Where(column => !Ignored.Contains($"{name}.{column}")).ToDictionary(column => column, _ => new List<string>(), StringComparer.Ordinal));
        while (rows.Read())
        {
            foreach (var (column, values) in table.Columns)
            {
                var value = rows[column];
                values.Add(Free.Contains($"{name}.{column}") ? Shape(value) : Text(value));
            }

            table.Rows.Add(string.Join('\u001f', table.Columns.Select(column => $"{column.Key}={column.Value[^1]}")));
        }

        table.Rows.Sort(StringComparer.Ordinal);
        return table;
    }

    private static string Shape(object value) => value switch
    {
        byte[] bytes => $"{bytes.Length} bytes",
        string text => $"{text.Length} characters",
        DBNull => "null",
        _ => "number",
    };

    private static string Text(object value) => value switch
    {
        byte[] bytes => Convert.ToHexString(bytes),
        DBNull => "null",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private sealed record Table(Dictionary<string, List<string>> Columns)
    {
        public List<string> Rows { get; } = [];
    }
}
