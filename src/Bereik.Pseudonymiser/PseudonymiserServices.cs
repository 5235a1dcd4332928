using Bereik.Node;
using Bereik.Node.Requests;
using Bereik.Node.Work;
using Bereik.Pseudonymiser.Features;
using Bereik.Pseudonymiser.Storage;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Pseudonymiser;

// What the pseudonymiser adds to a node: its key, and the step that destroys it.
internal static class PseudonymiserServices
{
    public static void Add(NodeApplication<PseudonymiserSettings, PseudonymiserDatabase> node, List<string> problems)
    {
        if (NodeKeys.ReadPrivate(node.Settings, node.Settings.Keys.Oprf, "keys.oprf", EpochKey.Read, problems) is not { } key) return;
        node.Services.AddSingleton(_ => key);
        node.Services.AddScoped<IWorkStep, DestroyKey>();
    }

    // Begins the recurring step, or wakes the one of an earlier run: the key may be a new one.
    public static async Task StartAsync(PseudonymiserDatabase database, PseudonymiserSettings settings, NodeKeys keys, DateTimeOffset now)
    {
        var step = await database.Work.SingleOrDefaultAsync(item => item.Kind == DestroyKey.StepKind);
        step ??= database.Enqueue(DestroyKey.StepKind, "key", now);
        step.State = WorkState.Waiting;
        step.RunAfter = now;
        step.Attempts = 0;
        await database.SaveChangesAsync();
    }
}
