using Bereik.Exchange.Log;
using Bereik.Exchange.Signatures;
using Bereik.Node.Configuration;
using Bereik.Node.Requests;
using Bereik.Node.Storage;
using Bereik.Node.Work;
using Microsoft.Extensions.Logging;

namespace Bereik.Node.Logs;

/// <summary>Recurring step <c>log.read</c>: follows the log also while nothing is under way, since what somebody does in this node's name happens at any time.</summary>
/// <param name="watch">Reads.</param>
/// <param name="settings">How often.</param>
public sealed class ReadLog(LogWatch watch, NodeSettings settings) : IWorkStep
{
    /// <summary>Name of the step.</summary>
    public const string StepKind = "log.read";

    /// <inheritdoc/>
    public string Kind => StepKind;

    /// <inheritdoc/>
    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        await watch.ReadAsync(cancel);
        return WorkResult.Later(TimeSpan.FromSeconds(settings.PollSeconds));
    }
}

/// <summary>Recurring step <c>keys.state</c>: states in the log, once, every key that this node holds (nl: sleutels bekendmaken).</summary>
/// <param name="watch">What the log has.</param>
/// <param name="desk">Brings it there.</param>
/// <param name="database">The node's store.</param>
/// <param name="settings">Whose keys.</param>
/// <param name="keys">The keys.</param>
/// <param name="clock">The node's clock.</param>
/// <param name="log">Tells the operator what the hub does not take.</param>
public sealed partial class StateKeys(LogWatch watch, LogDesk desk, NodeDatabase database, NodeSettings settings, NodeKeys keys, TimeProvider clock, ILogger<StateKeys> log) : IWorkStep
{
    /// <summary>Name of the step.</summary>
    public const string StepKind = "keys.state";

    private static readonly TimeSpan WhenAllAreThere = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public string Kind => StepKind;

    /// <inheritdoc/>
    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        var soon = WorkResult.Later(TimeSpan.FromSeconds(settings.PollSeconds));
        if (watch.Checkpoint is null) return soon;
        var (isComplete, wasRefused) = (true, false);
        foreach (var key in keys.Own)
        {
            if (await watch.HasKeyAsync(settings.Organisation, key.Use, key.Kid, cancel)) continue;
            isComplete = false;
            try
            {
                await desk.SendAsync(await StatementAsync(key, cancel), cancel);
            }
            catch (PeerRefusedException refused)
            {
                // A successor that its predecessor did not announce, for one. The other keys go on, and this is asked again now and then.
                LogRefused(key.Use, refused.Code);
                wasRefused = true;
            }
        }

        return isComplete || wasRefused ? WorkResult.Later(WhenAllAreThere) : soon;
    }

    // Signed once and kept, so that sending it again after a kill states nothing twice.
    private async Task<string> StatementAsync(OwnKey key, CancellationToken cancel)
    {
        var store = new LogStore(database);
        if (await store.StatementAsync(key.Kid, cancel) is { } kept) return kept;
        var statement = new KeyStatement
        {
            Organisation = settings.Organisation,
            Use = key.Use,
            Kid = key.Kid,
            Key = key.Key,
            At = DateTimeOffset.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds()),
        };
        await store.KeepStatementAsync(key.Kid, SignedDocument.Sign(statement, keys.Signing).Compact, cancel);
        return (await store.StatementAsync(key.Kid, cancel))!;
    }

    [LoggerMessage(LogLevel.Warning, "The hub does not log this node's {Use} key ({Code}).")]
    private partial void LogRefused(KeyUse use, string code);
}
