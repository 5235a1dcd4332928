using Bereik.Hub.Storage;
using Microsoft.Data.Sqlite;
using Shouldly;
using Xunit;

namespace Bereik.Hub.Tests;

// A store of before there were letters: its orders, and what was deposited for them, are there afterwards.
public sealed class LetterMigrationTests
{
    [Fact]
    public void Store_OfBeforeLetters_KeepsItsOrdersAndWhatBelongsToThem()
    {
        using var store = new SqliteConnection($"Data Source={Path.Combine(RunningNode.NewFolder(), "node.db")};Pooling=False");
        store.Open();
        Run(store, "PRAGMA foreign_keys = ON");
        foreach (var step in new[] { "0001_hub", "0002_log", "0003_referrals" }) Step(store, step);
        foreach (var (sequence, state) in new[] { (3, "delivered"), (7, "approved") })
        {
            Run(store, $"INSERT INTO list_order (sequence, id, jws, hash, context, flow, protocol, protocol_version, source, recipient, reference_month, placed_at, expires_at, state, refused_at_once, reasons, handle) "
                + $"VALUES ({sequence}, 'id{sequence}', 'jws', 'h', 'c{sequence}', 'unknown', 'p', '1', 's', 'r', '2026-10', 1, 2, '{state}', 0, '[]', 'handle{sequence}')");
            Run(store, $"INSERT INTO known_set VALUES ({sequence}, x'01')");
            Run(store, $"INSERT INTO manifest_line VALUES ({sequence}, x'0203')");
        }

        Should.Throw<SqliteException>(() => Run(store, "UPDATE list_order SET state = 'open'"));
        Step(store, "0004_letters");

        Read(store, "SELECT sequence || id || state || handle FROM list_order ORDER BY sequence").ShouldBe(["3id3deliveredhandle3", "7id7approvedhandle7"]);
        Read(store, "SELECT order_sequence || hex(agreement) FROM known_set ORDER BY 1").ShouldBe(["301", "701"]);
        Read(store, "SELECT order_sequence || hex(line) FROM manifest_line ORDER BY 1").ShouldBe(["30203", "70203"]);
        Read(store, "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'list_order' AND sql IS NOT NULL ORDER BY name")
            .ShouldBe(["list_order_expires", "list_order_handle", "list_order_of_list", "list_order_of_source"]);
        Read(store, "PRAGMA foreign_key_check").ShouldBeEmpty();
        Read(store, "SELECT name FROM sqlite_schema WHERE name LIKE '%_next'").ShouldBeEmpty();

        // What belongs to an order belongs to the new table, and numbers go on.
        Should.Throw<SqliteException>(() => Run(store, "INSERT INTO known_set VALUES (99, x'01')"));
        Should.Throw<SqliteException>(() => Run(store, "UPDATE list_order SET state = 'open' WHERE sequence = 3"));
        Run(store, "UPDATE list_order SET flow = 'messenger', state = 'open' WHERE sequence = 3");
        Run(store, "INSERT INTO list_order (id, jws, hash, context, flow, protocol, protocol_version, source, recipient, reference_month, placed_at, expires_at, state, refused_at_once, reasons) "
            + "VALUES ('id8', 'jws', 'h', 'c8', 'messenger', 'p', '1', 's', 'r', '2026-10', 1, 2, 'closed', 0, '[]')");
        Read(store, "SELECT max(sequence) FROM list_order").ShouldBe(["8"]);
    }

    [Fact]
    public void Events_OfAYes_CannotBeChangedOrTakenBack()
    {
        using var store = new SqliteConnection($"Data Source={Path.Combine(RunningNode.NewFolder(), "node.db")};Pooling=False");
        store.Open();
        foreach (var step in new[] { "0001_hub", "0002_log", "0003_referrals", "0004_letters" }) Step(store, step);
        Run(store, "INSERT INTO consent_event (answer, act, side, at, said) VALUES ('a', 'receive', 'recipient', 1, 's')");
        foreach (var sql in new[]
        {
            "UPDATE consent_event SET act = 'confirm'", "DELETE FROM consent_event", "INSERT OR REPLACE INTO consent_event (sequence, answer, act, side, at) VALUES (1, 'a', 'confirm', 'hub', 1)",
            "INSERT OR REPLACE INTO consent_event (answer, act, side, at, said) VALUES ('a', 'confirm', 'hub', 1, 's')", "INSERT INTO consent_event (answer, act, side, at) VALUES ('a', 'no', 'holder', 1)",
        }) Should.Throw<SqliteException>(() => Run(store, sql), sql);
        Read(store, "SELECT act FROM consent_event").ShouldBe(["receive"]);
    }

    private static void Step(SqliteConnection store, string name)
    {
        var assembly = typeof(HubDatabase).Assembly;
        using var reader = new StreamReader(assembly.GetManifestResourceStream(assembly.GetManifestResourceNames().Single(resource => resource.EndsWith($"{name}.sql", StringComparison.Ordinal)))!);
        using var transaction = store.BeginTransaction();
        Run(store, reader.ReadToEnd(), transaction);
        transaction.Commit();
    }

    private static void Run(SqliteConnection store, string sql, SqliteTransaction? transaction = null)
    {
        using var command = store.CreateCommand();
        (command.CommandText, command.Transaction) = (sql, transaction);
        command.ExecuteNonQuery();
    }

    private static List<string> Read(SqliteConnection store, string sql)
    {
        using var command = store.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read()) rows.Add(Convert.ToString(reader.GetValue(0), System.Globalization.CultureInfo.InvariantCulture)!);
        return rows;
    }
}
