using Bereik.Exchange;
using Bereik.Exchange.Log;
using Bereik.Ledger;
using Bereik.Node;
using Bereik.Node.Logs;
using Bereik.Node.Requests;
using Bereik.Node.Work;
using Bereik.Pseudonymiser.Features;
using Bereik.Pseudonymiser.Storage;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Pseudonymiser;

// What the pseudonymiser adds to a node: its key and the step that destroys it, the witness, and the log that it follows as everybody does.
internal static class PseudonymiserServices
{
    public static void Add(NodeApplication<PseudonymiserSettings, PseudonymiserDatabase> node, List<string> problems)
    {
        if (NodeKeys.ReadPrivate(node.Settings, node.Settings.Keys.Oprf, "keys.oprf", EpochKey.Read, problems) is not { } key) return;
        var signer = NodeKeys.ReadPrivate(node.Settings, node.Settings.Keys.Witness, "keys.witness", ReadWitnessKey, problems);
        var log = LogTrust.ReadLog(node.Settings, problems);
        if (signer is null || log is null) return;
        node.Keys.Hold(KeyUse.Oprf, StrictBase64Url.Encode(key.PublicKey));
        node.Services.AddSingleton(_ => key);
        node.Services.AddScoped<IWorkStep, DestroyKey>();
        node.Services.AddSingleton(services => new Witness(log, signer, services.GetRequiredService<TimeProvider>()));
        node.Services.AddScoped<IHealthPart, WitnessHealth>();
        node.Services.AddLogWatch(new LogTrust(log, signer.Verifier)).AddScoped<IOwnEntries, NothingOwn>();
    }

    private static Parsed<NoteSigner> ReadWitnessKey(string text) =>
        NoteSigner.TryParse(text.Trim(), out var key) && key.Verifier.Kind == NoteKeyKind.Cosignature ? key : new ParseError("witness.key", "");

    // Begins the recurring step, or wakes the one of an earlier run: the key may be a new one.
    public static async Task StartAsync(PseudonymiserDatabase database, PseudonymiserSettings settings, NodeKeys keys, DateTimeOffset now)
    {
        var step = await database.Work.SingleOrDefaultAsync(item => item.Kind == DestroyKey.StepKind);
        step ??= database.Enqueue(DestroyKey.StepKind, "key", now);
        step.State = WorkState.Waiting;
        step.RunAfter = now;
        step.Attempts = 0;
        await database.SaveChangesAsync();
        await database.BeginLogWatchAsync(now);
    }

    // The pseudonymiser states its keys, and does nothing else that is logged.
    private sealed class NothingOwn : IOwnEntries
    {
        public Task<bool> IsOwnAsync(LogEntry entry, CancellationToken cancel) => Task.FromResult(false);
    }
}
