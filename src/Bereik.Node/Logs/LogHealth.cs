namespace Bereik.Node.Logs;

// Tells on /health how this node stands with the log: what stops it, how far it read, and every open alarm. Codes and places, never content.
internal sealed class LogHealth(LogWatch watch, LogAlarms alarms) : IHealthPart
{
    public string Name => "log";

    public async ValueTask<HealthReport> LookAsync(CancellationToken cancel)
    {
        var stop = await watch.FindStopAsync(cancel);
        var (size, cosignedAt) = await watch.HowFarAsync(cancel);

        // A node that has just begun is no broken one.
        return new HealthReport(stop is null or "log.unread", new { stop, trouble = watch.Trouble, size, cosignedAt, alarms = await alarms.OpenAsync(cancel) }, watch.Trouble is not null);
    }
}
