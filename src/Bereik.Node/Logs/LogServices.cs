using Bereik.Node.Requests;
using Bereik.Node.Storage;
using Bereik.Node.Work;
using Microsoft.Extensions.DependencyInjection;

namespace Bereik.Node.Logs;

/// <summary>Adds to a node what it needs to follow the public log.</summary>
public static class LogServices
{
    /// <summary>Mirror, alarms, promises, and the steps that read the log and state keys. The node adds its <see cref="IOwnEntries"/>.</summary>
    /// <param name="services">The node's services.</param>
    /// <param name="trust">The pinned keys, of <see cref="LogTrust.Read"/>.</param>
    public static IServiceCollection AddLogWatch(this IServiceCollection services, LogTrust trust) => services
        .AddSingleton(trust)
        .AddSingleton<LogWatch>()
        .AddSingleton<ILogPromises, LogPromises>()
        .AddScoped<LogAlarms>()
        .AddScoped<LogDesk>()
        .AddScoped<IHealthPart, LogHealth>()
        .AddScoped<IWorkStep, ReadLog>()
        .AddScoped<IWorkStep, StateKeys>();

    /// <summary>Begins the recurring work, once in the life of the store.</summary>
    /// <param name="database">The node's store, up to date.</param>
    /// <param name="now">The node's clock.</param>
    public static async Task BeginLogWatchAsync(this NodeDatabase database, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(database);
        await database.BeginRecurringAsync(ReadLog.StepKind, now);
        await database.BeginRecurringAsync(StateKeys.StepKind, now);
    }
}
