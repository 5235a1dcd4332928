using Bereik.Exchange.Log;
using Bereik.Node;
using Bereik.Node.Events;
using Bereik.Node.Logs;
using Bereik.Node.Registers;
using Bereik.Node.Work;
using Microsoft.Extensions.DependencyInjection;

namespace Bereik.Edge;

/// <summary>Adds to a node what every edge has.</summary>
public static class EdgeServices
{
    /// <summary>Keys, store key, the public log, and where the node makes tokens the pseudonyms and their destruction. The node adds its <see cref="IOwnEntries"/>.</summary>
    /// <typeparam name="TSettings">The node's settings.</typeparam>
    /// <typeparam name="TDatabase">The node's store.</typeparam>
    /// <param name="node">The node being built.</param>
    /// <param name="problems">Gets a sentence for each thing that is wrong.</param>
    public static void AddEdge<TSettings, TDatabase>(this NodeApplication<TSettings, TDatabase> node, List<string> problems)
        where TSettings : EdgeSettings
        where TDatabase : EdgeDatabase
    {
        var keys = EdgeKeys.Read(node.Settings, problems);
        var storeKey = StoreKey.Open(node.Settings.DataFolder, problems);
        var trust = LogTrust.Read(node.Settings, problems);
        if (keys is null || storeKey is null || trust is null) return;
        node.Services.AddLogWatch(trust);
        node.Services.AddSingleton<EdgeSettings>(node.Settings);
        node.Services.AddSingleton(keys);
        node.Services.AddSingleton(storeKey);
        node.Services.AddScoped<EdgeDatabase>(scope => scope.GetRequiredService<TDatabase>());
        node.Services.AddScoped<IWorkStep, ReadRegister>();
        node.Services.AddScoped<IWorkStep, SendEvents>();
        if (keys.TokenJwk is not { } token) return;
        node.Keys.Hold(KeyUse.Token, token);
        node.Services.AddSingleton<PseudonymService>();
        node.Services.AddScoped<IWorkStep, DestroyPastPseudonyms>();
    }

    /// <summary>Begins the recurring work of an edge, once in the life of its store.</summary>
    /// <param name="database">The node's store, up to date.</param>
    /// <param name="settings">Whether there is somebody to call, and whether tokens are made.</param>
    /// <param name="now">The node's clock.</param>
    public static async Task BeginEdgeWorkAsync(this EdgeDatabase database, EdgeSettings settings, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.MakesTokens) await database.BeginRecurringAsync(DestroyPastPseudonyms.Name, now);
        await database.BeginRecurringAsync(ReadRegister.StepKind, now);
        if (settings.Events is not null) await database.BeginRecurringAsync(SendEvents.StepKind, now);
        await database.BeginLogWatchAsync(now);
    }
}
