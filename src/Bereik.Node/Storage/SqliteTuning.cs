using System.Data.Common;
using Bereik.Node.Configuration;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Bereik.Node.Storage;

// What every connection of a node's store needs. FULL: what was acknowledged survives a power cut.
// SECURITY: secure_delete overwrites erased rows, so that early deletion also clears the file's pages.
internal sealed class SqliteTuning : DbConnectionInterceptor
{
    private const string Pragmas =
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA busy_timeout = 30000; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8000; PRAGMA journal_size_limit = 8388608;";

    public static string FileOf(NodeSettings settings) => Path.Combine(settings.DataFolder, "node.db");

    // The one way in which a node's store is opened.
    public static DbContextOptionsBuilder Use(DbContextOptionsBuilder options, NodeSettings settings) => options
        .UseSqlite($"Data Source={FileOf(settings)};Default Timeout=30")
        .AddInterceptors(new SqliteTuning())
        .UseQueryTrackingBehavior(QueryTrackingBehavior.TrackAll);

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
