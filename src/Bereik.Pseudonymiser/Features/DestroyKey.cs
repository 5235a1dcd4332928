using Bereik.Node.Work;

namespace Bereik.Pseudonymiser.Features;

// Destroys the key once its epoch has ended, so that no token of that epoch can ever be made again.
internal sealed class DestroyKey(EpochKey key, PseudonymiserSettings settings, TimeProvider clock) : IWorkStep
{
    public const string StepKind = "key.destroy";

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    public string Kind => StepKind;

    public Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        var left = key.Epoch.End - clock.GetUtcNow();
        if (left > TimeSpan.Zero) return Task.FromResult(WorkResult.Later(left < Pause ? left : Pause));
        key.Destroy(settings.Resolve(settings.Keys.Oprf!));
        return Task.FromResult(WorkResult.Done());
    }
}
