using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Bereik.Node.Storage;

/// <summary>
/// Brings a node's store to the form that the program expects, forward only. The steps are SQL files embedded in the assemblies
/// of the store's class and its base classes; each runs once, in its own transaction, and is remembered with the hash of its text.
/// </summary>
public static class Migrator
{
    /// <summary>Applies the steps that have not run yet.</summary>
    /// <param name="database">The node's store.</param>
    /// <param name="now">The node's clock.</param>
    /// <param name="cancel">Stops between two steps.</param>
    /// <exception cref="StoreMismatchException">The store was made by another version: a step it has is unknown or was changed.</exception>
    public static Task MigrateAsync(NodeDatabase database, DateTimeOffset now, CancellationToken cancel) =>
        ApplyAsync(database, [.. Layers(database).SelectMany(Steps)], now, cancel);

    internal static async Task ApplyAsync(NodeDatabase database, IReadOnlyList<MigrationStep> steps, DateTimeOffset now, CancellationToken cancel)
    {
        await database.Database.OpenConnectionAsync(cancel);
        await database.Database.ExecuteSqlRawAsync(
            "CREATE TABLE IF NOT EXISTS schema_step (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT", cancel);
        var applied = await database.Database.SqlQueryRaw<AppliedStep>("SELECT name AS Name, sha256 AS Sha256 FROM schema_step").ToListAsync(cancel);

        foreach (var step in applied)
        {
            var known = steps.FirstOrDefault(candidate => candidate.Name == step.Name)
                ?? throw new StoreMismatchException($"The store has step '{step.Name}', which this program does not know. Use the version that made it, or a newer one.");
            if (known.Sha256 != step.Sha256) throw new StoreMismatchException($"Step '{step.Name}' of the store differs from this program's. A step that has run is never changed.");
        }

        foreach (var step in steps.Where(step => applied.All(done => done.Name != step.Name)))
        {
            await using var transaction = await database.Database.BeginTransactionAsync(cancel);

            // Through the plain command: braces in SQL would be read as parameters otherwise.
            await using (var command = database.Database.GetDbConnection().CreateCommand())
            {
                command.Transaction = transaction.GetDbTransaction();
                command.CommandText = step.Sql;
                await command.ExecuteNonQueryAsync(cancel);
            }

            await database.Database.ExecuteSqlAsync(
                $"INSERT INTO schema_step (name, sha256, applied_at) VALUES ({step.Name}, {step.Sha256}, {now.ToUnixTimeMilliseconds()})", cancel);
            await transaction.CommitAsync(cancel);
        }
    }

    // A store is made of layers: what every node has, what every edge has, the node's own. The lowest comes first.
    private static IEnumerable<Assembly> Layers(NodeDatabase database)
    {
        var layers = new List<Assembly>();
        for (var type = database.GetType(); type != typeof(DbContext); type = type!.BaseType) layers.Add(type!.Assembly);
        layers.Reverse();
        return layers.Distinct();
    }

    private static IEnumerable<MigrationStep> Steps(Assembly assembly)
    {
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            yield return new MigrationStep(resource, reader.ReadToEnd());
        }
    }

    private sealed record AppliedStep(string Name, string Sha256);
}

// One SQL file.
internal sealed record MigrationStep(string Name, string Sql)
{
    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));
}

/// <summary>A store and a program that do not belong together; the node does not start.</summary>
/// <param name="message">A sentence for the operator.</param>
public sealed class StoreMismatchException(string message) : Exception(message);
