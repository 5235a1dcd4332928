using System.Globalization;
using Bereik.Domain;
using Bereik.Local.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Bereik.Local.Files;

/// <summary>Puts files of people into the store: offered first, with counts; used after a yes. Each in one transaction.</summary>
internal sealed class PersonFileStore(LocalDatabase database, LocalSettings settings)
{
    /// <summary>Reads a file beside the current one. A file of which nothing could be read is told and not kept.</summary>
    public async Task<(PersonFile? File, FileCount Count)> OfferAsync(Stream stream, DateTimeOffset now, CancellationToken cancel) => await LoadAsync(stream, "offered", now, cancel);

    /// <summary>Replaces the current file by the offered one.</summary>
    /// <returns>False when nothing is offered under that id, or nobody in it could be read.</returns>
    public async Task<bool> UseAsync(long id, CancellationToken cancel)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        if (!await database.Files.AnyAsync(file => file.Id == id && file.State == "offered" && file.Kind == settings.FileKind && file.Accepted > 0, cancel)) return false;
        await database.Database.ExecuteSqlAsync($"DELETE FROM person_file WHERE kind = {settings.FileKind} AND state = 'current'", cancel);
        await database.Database.ExecuteSqlAsync($"UPDATE person_file SET state = 'current' WHERE id = {id}", cancel);
        await transaction.CommitAsync(cancel);
        await database.EmptyLogAsync(cancel);
        return true;
    }

    /// <summary>Forgets an offered file.</summary>
    public async Task DropAsync(long id, CancellationToken cancel)
    {
        await database.Database.ExecuteSqlAsync($"DELETE FROM person_file WHERE id = {id} AND state = 'offered'", cancel);
        await database.EmptyLogAsync(cancel);
    }

    /// <summary>At start: reads the configured file when there is none, or when it was changed since.</summary>
    public async Task ImportAsync(string path, DateTimeOffset now, CancellationToken cancel)
    {
        var changed = new DateTimeOffset(File.GetLastWriteTimeUtc(path), TimeSpan.Zero);
        if (await database.Files.AnyAsync(file => file.Kind == settings.FileKind && file.State == "current" && file.At >= changed, cancel)) return;
        await using var stream = File.OpenRead(path);
        await LoadAsync(stream, "current", now, cancel);
    }

    private async Task<(PersonFile? File, FileCount Count)> LoadAsync(Stream stream, string state, DateTimeOffset now, CancellationToken cancel)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        await database.Database.ExecuteSqlAsync($"DELETE FROM person_file WHERE kind = {settings.FileKind} AND state = {state}", cancel);
        var file = new PersonFile { Kind = settings.FileKind, State = state, Accepted = 0, Rejected = 0, At = now };
        database.Files.Add(file);
        await database.SaveChangesAsync(cancel);

        await using var insert = new Inserter(database, settings.FileKind, file.Id);
        var count = await new PersonFileReader(settings.FileKind, settings.InszRules, BelgianTime.DayOf(now)).ReadAsync(stream, insert.AddAsync, cancel);
        if (count is { Accepted: 0, Rejected: 0 })
        {
            await transaction.RollbackAsync(cancel);
            database.ChangeTracker.Clear();
            return (null, count);
        }

        file.Accepted = count.Accepted;
        file.Rejected = count.Rejected;
        database.FileErrors.AddRange(count.Errors.Select(error => new FileError { FileId = file.Id, RowNumber = error.Row, ColumnName = error.Column, Code = error.Code }));
        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return (file, count);
    }

    // Prepared statements: a town has tens of thousands of rows.
    private sealed class Inserter : IAsyncDisposable
    {
        private readonly SqliteCommand person;
        private readonly SqliteCommand link;
        private readonly bool isKnown;

        public Inserter(LocalDatabase database, string kind, long file)
        {
            isKnown = kind == "known";
            person = Command(database, isKnown
                ? "INSERT INTO known_person (file_id, insz, opened, closed) VALUES ($file, $insz, $a, $b)"
                : "INSERT INTO resident (file_id, insz, given_name, family_name) VALUES ($file, $insz, $a, $b)", file);
            link = Command(database, "INSERT OR IGNORE INTO linked_number (file_id, insz, linked) VALUES ($file, $insz, $a)", file);
        }

        public async ValueTask AddAsync(PersonRow row)
        {
            person.Parameters["$insz"].Value = row.Insz;
            person.Parameters["$a"].Value = isKnown ? Day(row.Opened) : row.GivenName ?? (object)DBNull.Value;
            person.Parameters["$b"].Value = isKnown ? Day(row.Closed) : row.FamilyName ?? (object)DBNull.Value;
            await person.ExecuteNonQueryAsync();
            foreach (var other in row.Linked.Where(other => other != row.Insz))
            {
                link.Parameters["$insz"].Value = row.Insz;
                link.Parameters["$a"].Value = other;
                await link.ExecuteNonQueryAsync();
            }
        }

        public async ValueTask DisposeAsync()
        {
            await person.DisposeAsync();
            await link.DisposeAsync();
        }

        private static object Day(DateOnly? day) => day is { } value ? value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : DBNull.Value;

        private static SqliteCommand Command(LocalDatabase database, string sql, long file)
        {
            var command = (SqliteCommand)database.Database.GetDbConnection().CreateCommand();
            command.Transaction = (SqliteTransaction)database.Database.CurrentTransaction!.GetDbTransaction();
            command.CommandText = sql;
            command.Parameters.AddWithValue("$file", file);
            foreach (var name in new[] { "$insz", "$a", "$b" })
            {
                if (sql.Contains(name, StringComparison.Ordinal)) command.Parameters.AddWithValue(name, DBNull.Value);
            }

            return command;
        }
    }
}
