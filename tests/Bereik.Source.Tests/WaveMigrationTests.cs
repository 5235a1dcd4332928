using Microsoft.Data.Sqlite;
using Shouldly;
using Xunit;

namespace Bereik.Source.Tests;

// A store of before there were letters: its table of requests is made anew, and nothing in it is lost.
public sealed class WaveMigrationTests
{
    private const string Step = "0005_waves.sql";

    [Fact]
    public async Task Requests_OfBefore_AreAllThereWithTheirCounts_AndLettersFit()
    {
        var file = Path.Combine(Parties.NewFolder(), "node.db");
        await using (var connection = new SqliteConnection($"Data Source={file};Foreign Keys=True;Pooling=False"))
        {
            await connection.OpenAsync();
            foreach (var step in Steps().TakeWhile(name => !name.EndsWith(Step, StringComparison.Ordinal))) await RunAsync(connection, Text(step));
            foreach (var id in new[] { "a", "b" })
            {
                await RunAsync(connection,
                    $"INSERT INTO request (id, sequence, order_jws, context, recipient, flow, protocol, protocol_version, nis, reference_month, epoch, known_count, issued_at, expires_at, received_at, state, reasons, held, selected, refusal_note, manifest) "
                    + $"VALUES ('{id}', 1, 'jws', 'c{id}', 'ocmw', 'unknown', 'p', '1', '41002', '2026-10', '2026Q4', 7, 1, 2, 3, 'refused', '[]', 0, 5, 'nota', 'm{id}'); INSERT INTO request_count VALUES ('{id}', 'withheld', 'address.safe', 3)");
            }

            // As the migration runs it: in one transaction, with the keys between tables watched.
            await using var transaction = (SqliteTransaction)await connection.BeginTransactionAsync();
            await RunAsync(connection, Text(Steps().Single(name => name.EndsWith(Step, StringComparison.Ordinal))), transaction);
            await transaction.CommitAsync();
            (await ReadAsync(connection, "SELECT id || known_count || refusal_note || manifest || selected FROM request ORDER BY id")).ShouldBe(["a7notama5", "b7notamb5"]);
            (await ReadAsync(connection, "SELECT request || count FROM request_count ORDER BY request")).ShouldBe(["a3", "b3"]);
            await RunAsync(connection, "UPDATE request SET flow = 'messenger' WHERE id = 'b'");
            await Should.ThrowAsync<SqliteException>(() => RunAsync(connection, "UPDATE request SET flow = 'query' WHERE id = 'b'"));

            // The counts still belong to their request.
            await RunAsync(connection, "DELETE FROM request WHERE id = 'a'");
            (await ReadAsync(connection, "SELECT request || count FROM request_count")).ShouldBe(["b3"]);
            (await ReadAsync(connection, "PRAGMA foreign_key_check")).ShouldBeEmpty();
        }
    }

    private static List<string> Steps() => [.. typeof(SourceDatabase).Assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private static string Text(string step)
    {
        using var reader = new StreamReader(typeof(SourceDatabase).Assembly.GetManifestResourceStream(step)!);
        return reader.ReadToEnd();
    }

    private static async Task RunAsync(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // The texts are those of the migrations and of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<List<string>> ReadAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are those of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        await using var rows = await command.ExecuteReaderAsync();
        var found = new List<string>();
        while (await rows.ReadAsync()) found.Add(rows.GetString(0));
        return found;
    }
}
