using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Source.Register;

// Writes records to the store in batches: a kill loses at most one batch, which is read again.
internal sealed class RegisterStore : IAsyncDisposable
{
    private const int RecordsInABatch = 400;
    private readonly SqliteConnection connection;
    private readonly SqliteCommand find;
    private readonly SqliteCommand replace;
    private readonly SqliteCommand remove;
    private readonly SqliteCommand person;
    private readonly SqliteCommand benefit;
    private readonly SqliteCommand link;
    private SqliteTransaction? transaction;
    private int inBatch;

    private RegisterStore(SqliteConnection connection)
    {
        this.connection = connection;
        find = Prepare("SELECT sha256 FROM register_record WHERE origin = $origin AND name = $name", "origin", "name");
        remove = Prepare("DELETE FROM register_record WHERE origin = $origin AND name = $name", "origin", "name");
        replace = Prepare("INSERT INTO register_record (origin, name, sha256) VALUES ($origin, $name, $sha256) RETURNING id", "origin", "name", "sha256");
        person = Prepare(
            """
            INSERT INTO person (record, number, rank, household, given_names, family_name, birth_day, deceased, address_kind, safe_until, nis, street, house_number, box, postcode, place)
            VALUES ($record, $number, $rank, $household, $given, $family, $birth, $deceased, $kind, $until, $nis, $street, $house, $box, $postcode, $place)
            ON CONFLICT DO NOTHING
            """,
            "record", "number", "rank", "household", "given", "family", "birth", "deceased", "kind", "until", "nis", "street", "house", "box", "postcode", "place");
        benefit = Prepare(
            "INSERT INTO benefit (record, child, beneficiary, category, begin_month, end_month) VALUES ($record, $child, $beneficiary, $category, $begin, $end) "
            // The same period twice in one answer, with two ends: the later one holds.
            + "ON CONFLICT DO UPDATE SET end_month = CASE WHEN end_month IS NULL OR excluded.end_month IS NULL THEN NULL ELSE max(end_month, excluded.end_month) END",
            "record", "child", "beneficiary", "category", "begin", "end");
        link = Prepare("INSERT INTO number_link (record, old_number, new_number) VALUES ($record, $old, $new) ON CONFLICT DO NOTHING", "record", "old", "new");
    }

    public static async Task<RegisterStore> OpenAsync(SourceDatabase database, CancellationToken cancel)
    {
        await database.Database.OpenConnectionAsync(cancel);
        return new RegisterStore((SqliteConnection)database.Database.GetDbConnection());
    }

    // The digest of what was read under this name last time; null when nothing was.
    public byte[]? Find(string origin, string name)
    {
        Begin();
        Set(find, origin, name);
        return find.ExecuteScalar() as byte[];
    }

    // Puts a record in the place of what was read under the same name.
    public void Write(string origin, string name, byte[] sha256, RegisterRecord record)
    {
        Begin();
        Set(remove, origin, name);
        remove.ExecuteNonQuery();
        Set(replace, origin, name, sha256);
        var id = (long)replace.ExecuteScalar()!;
        foreach (var fact in record.Persons)
        {
            Set(
                person, id, fact.Number, fact.IsSubject ? 1 : 2, fact.Household, fact.GivenNames, fact.FamilyName, fact.BirthDay, fact.IsDeceased ? 1 : 0,
                fact.AddressKind.ToString().ToLowerInvariant(), fact.SafeUntil, fact.Nis, fact.Street, fact.HouseNumber, fact.Box, fact.Postcode, fact.Place);
            person.ExecuteNonQuery();
        }

        foreach (var fact in record.Benefits)
        {
            Set(benefit, id, fact.Child, fact.Beneficiary, fact.IsSocialSupplement ? "SOCIAAL" : "ANDERE", fact.BeginMonth, fact.EndMonth);
            benefit.ExecuteNonQuery();
        }

        foreach (var (old, renewed) in record.Links)
        {
            Set(link, id, old, renewed);
            link.ExecuteNonQuery();
        }

        if (++inBatch >= RecordsInABatch) Commit();
    }

    // Finds anew which numbers are of one person. Only persons with a link are held in memory, a few in a thousand.
    public void Link()
    {
        Begin();
        var parents = new Dictionary<string, string>(StringComparer.Ordinal);
        string Root(string number)
        {
            while (parents.TryGetValue(number, out var parent) && parent != number) number = parent;
            return number;
        }

        using (var read = Command("SELECT DISTINCT old_number, new_number FROM number_link ORDER BY 1, 2"))
        using (var rows = read.ExecuteReader())
        {
            while (rows.Read())
            {
                var (old, renewed) = (Root(rows.GetString(0)), Root(rows.GetString(1)));
                parents.TryAdd(renewed, renewed);
                parents[old] = renewed;
            }
        }

        using (var clear = Command("DELETE FROM number_subject")) clear.ExecuteNonQuery();
        using var insert = Prepare("INSERT INTO number_subject (number, subject) VALUES ($number, $subject)", "number", "subject");
        foreach (var number in parents.Keys)
        {
            Set(insert, number, Root(number));
            insert.ExecuteNonQuery();
        }

        Commit();
    }

    public void Commit()
    {
        transaction?.Commit();
        transaction?.Dispose();
        transaction = null;
        inBatch = 0;
    }

    public async ValueTask DisposeAsync()
    {
        if (transaction is not null) await transaction.DisposeAsync();
        foreach (var command in new[] { find, replace, remove, person, benefit, link }) await command.DisposeAsync();
    }

    private void Begin()
    {
        if (transaction is not null) return;
        transaction = connection.BeginTransaction();
        foreach (var command in new[] { find, replace, remove, person, benefit, link }) command.Transaction = transaction;
    }

    private SqliteCommand Command(string sql)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // The texts are the constants of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }

    private SqliteCommand Prepare(string sql, params ReadOnlySpan<string> parameters)
    {
        var command = Command(sql);
        foreach (var name in parameters) command.Parameters.Add(new SqliteParameter("$" + name, null));
        return command;
    }

    private static void Set(SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        for (var at = 0; at < values.Length; at++) command.Parameters[at].Value = values[at] ?? DBNull.Value;
    }
}
