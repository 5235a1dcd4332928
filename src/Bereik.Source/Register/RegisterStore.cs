using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Source.Register;

// Writes records to the store in batches: a kill loses at most one batch, which is read again. Reading files happens outside the
// transaction, so that the store stays open to everybody else.
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
    private readonly List<Pending> pending = new(RecordsInABatch);
    private readonly List<(string Origin, string Name)> seen = new(RecordsInABatch);
    private readonly byte[] digestKey;
    private SqliteTransaction? transaction;

    private RegisterStore(SqliteConnection connection)
    {
        this.connection = connection;
        using (var key = Command("SELECT digest_key FROM register_state")) digestKey = (byte[])key.ExecuteScalar()!;
        find = Prepare("SELECT digest FROM register_record WHERE origin = $origin AND name = $name", "origin", "name");
        remove = Prepare("DELETE FROM register_record WHERE origin = $origin AND name = $name", "origin", "name");
        replace = Prepare("INSERT INTO register_record (origin, name, digest) VALUES ($origin, $name, $digest) RETURNING id", "origin", "name", "digest");
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

    // The digest that tells whether something changed. SECURITY: keyed, since what is digested holds numbers.
    public byte[] Digest(ReadOnlySpan<byte> bytes) => HMACSHA256.HashData(digestKey, bytes);

    public byte[] Digest(Stream bytes) => HMACSHA256.HashData(digestKey, bytes);

    // The digest of what was read under this name last time; null when nothing was.
    public byte[]? Find(string origin, string name)
    {
        Set(find, origin, name);
        return find.ExecuteScalar() as byte[];
    }

    // Begins to note which names a run comes across.
    public void BeginRun()
    {
        using var make = Command("CREATE TEMP TABLE IF NOT EXISTS seen_record (origin TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (origin, name)) WITHOUT ROWID; DELETE FROM temp.seen_record");
        make.ExecuteNonQuery();
    }

    // A name that this run came across, whether it changed or not.
    public void See(string origin, string name)
    {
        seen.Add((origin, name));
        if (seen.Count >= RecordsInABatch) Commit();
    }

    // Takes a record away: what stands there now cannot be read, and what stood there may not be true any more.
    public bool Remove(string origin, string name)
    {
        Set(remove, origin, name);
        return remove.ExecuteNonQuery() > 0;
    }

    // Takes away what an origin does not hold any more; only after it was read whole.
    public int RemoveUnseen(string origin)
    {
        Commit();
        using var vanish = Prepare("DELETE FROM register_record WHERE origin = $origin AND name NOT IN (SELECT name FROM temp.seen_record WHERE origin = $origin)", "origin");
        Set(vanish, origin);
        return vanish.ExecuteNonQuery();
    }

    // Puts a record in the place of what was read under the same name; a name comes once in a run.
    public void Write(string origin, string name, byte[] digest, RegisterRecord record)
    {
        pending.Add(new Pending(origin, name, digest, record));
        if (pending.Count >= RecordsInABatch) Commit();
    }

    private void Store(Pending entry)
    {
        var record = entry.Record;
        Set(remove, entry.Origin, entry.Name);
        remove.ExecuteNonQuery();
        Set(replace, entry.Origin, entry.Name, entry.Digest);
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
    }

    // Finds anew which numbers are of one person. Only persons with a link are held in memory, a few in a thousand.
    public void Link()
    {
        Commit();
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

        End();
    }

    public void Commit()
    {
        if (pending.Count + seen.Count == 0) return;
        Begin();
        foreach (var entry in pending) Store(entry);
        using (var note = Prepare("INSERT INTO temp.seen_record (origin, name) VALUES ($origin, $name) ON CONFLICT DO NOTHING", "origin", "name"))
        {
            foreach (var (origin, name) in seen)
            {
                Set(note, origin, name);
                note.ExecuteNonQuery();
            }
        }

        End();
        pending.Clear();
        seen.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        if (transaction is not null) await transaction.DisposeAsync();
        foreach (var command in new[] { find, replace, remove, person, benefit, link }) await command.DisposeAsync();
    }

    private void Begin()
    {
        transaction = connection.BeginTransaction();
        foreach (var command in new[] { find, replace, remove, person, benefit, link }) command.Transaction = transaction;
    }

    private void End()
    {
        transaction!.Commit();
        transaction.Dispose();
        transaction = null;
        foreach (var command in new[] { find, replace, remove, person, benefit, link }) command.Transaction = null;
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

    private sealed record Pending(string Origin, string Name, byte[] Digest, RegisterRecord Record)
    {
        public override string ToString() => "[record]";
    }
}
