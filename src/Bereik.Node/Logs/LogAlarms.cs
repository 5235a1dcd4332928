using Bereik.Node.Configuration;
using Bereik.Node.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Bereik.Node.Logs;

/// <summary>Something in the log that did not hold (nl: alarm), and that nobody has settled yet.</summary>
/// <param name="Id">Its number in this store.</param>
/// <param name="Code">A stable code, such as <c>log.forked</c>.</param>
/// <param name="Place">What it is about: an entry, a checkpoint, a step of the register.</param>
/// <param name="At">When it was found, UTC.</param>
public sealed record LogAlarm(long Id, string Code, string Place, DateTimeOffset At);

/// <summary>
/// A node's alarms on the log. While one is open the node acts on nothing that needs the log. It ends when the operator writes down who looked and
/// what it was, in the file <c>log-alarms-settled</c> of the data folder; both stay in the store for good.
/// </summary>
/// <param name="database">The node's store.</param>
/// <param name="settings">Where the data folder is.</param>
/// <param name="clock">The node's clock.</param>
/// <param name="log">Tells the operator.</param>
public sealed partial class LogAlarms(NodeDatabase database, NodeSettings settings, TimeProvider clock, ILogger<LogAlarms> log)
{
    /// <summary>The operator's file in the data folder: a line for each alarm, <c>number who: why</c>.</summary>
    public const string SettledFile = "log-alarms-settled";

    // A hub that shows something else each time fills no disk.
    private const int MostOfACode = 50;

    /// <summary>The alarms that are open, oldest first.</summary>
    /// <param name="cancel">Stops.</param>
    public async Task<IReadOnlyList<LogAlarm>> OpenAsync(CancellationToken cancel)
    {
        var rows = await database.Database.SqlQueryRaw<Row>(
            "SELECT id AS Id, code AS Code, place AS Place, at AS At FROM log_alarm WHERE NOT EXISTS (SELECT 1 FROM log_alarm_settled WHERE alarm = id) ORDER BY id").ToListAsync(cancel);
        return [.. rows.Select(row => new LogAlarm(row.Id, row.Code, row.Place, DateTimeOffset.FromUnixTimeMilliseconds(row.At)))];
    }

    /// <summary>Raises an alarm, once for what it is about.</summary>
    /// <param name="code">A stable code.</param>
    /// <param name="place">What it is about.</param>
    /// <param name="evidence">Signed notes that show it to anybody; null when there are none.</param>
    /// <param name="cancel">Stops.</param>
    public async Task RaiseAsync(string code, string place, string? evidence, CancellationToken cancel)
    {
        var raised = await database.Database.SqlQuery<long>(
            $"""
            INSERT INTO log_alarm (code, place, at, evidence) SELECT {code}, {place}, {clock.GetUtcNow().ToUnixTimeMilliseconds()}, {evidence}
            WHERE (SELECT count(*) FROM log_alarm WHERE code = {code}) < {MostOfACode} ON CONFLICT DO NOTHING RETURNING id AS Value
            """).ToListAsync(cancel);
        foreach (var id in raised) LogRaised(id, code);
    }

    /// <summary>Settles an alarm: somebody looked, and says what it was. It is not raised again for the same.</summary>
    /// <param name="id">The alarm.</param>
    /// <param name="who">Who looked; not empty.</param>
    /// <param name="why">What it was and what was done; not empty.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>False when there is no such alarm, or it was settled before.</returns>
    public async Task<bool> SettleAsync(long id, string who, string why, CancellationToken cancel)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(who);
        ArgumentException.ThrowIfNullOrWhiteSpace(why);
        return await database.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO log_alarm_settled (alarm, who, why, at) SELECT {id}, {who}, {why}, {clock.GetUtcNow().ToUnixTimeMilliseconds()}
            WHERE EXISTS (SELECT 1 FROM log_alarm WHERE id = {id}) ON CONFLICT DO NOTHING
            """, cancel) == 1;
    }

    /// <summary>Takes what the operator wrote in <see cref="SettledFile"/>. A line of another shape settles nothing.</summary>
    /// <param name="cancel">Stops.</param>
    public async Task TakeSettledAsync(CancellationToken cancel)
    {
        var file = Path.Combine(settings.DataFolder, SettledFile);
        if (!File.Exists(file)) return;
        foreach (var line in await File.ReadAllLinesAsync(file, cancel))
        {
            if (line.Split(' ', 2) is not [var number, var rest] || !long.TryParse(number, out var id)) continue;
            if (rest.Split(':', 2, StringSplitOptions.TrimEntries) is not [{ Length: > 0 } who, { Length: > 0 } why]) continue;
            if (await SettleAsync(id, who, why, cancel)) LogSettled(id);
        }
    }

    [LoggerMessage(LogLevel.Critical, "Alarm {Id}: the public log does not hold ({Code}). This node acts on nothing that needs it until somebody settles this.")]
    private partial void LogRaised(long id, string code);

    [LoggerMessage(LogLevel.Warning, "Alarm {Id} on the public log was settled.")]
    private partial void LogSettled(long id);

    private sealed record Row(long Id, string Code, string Place, long At);
}
