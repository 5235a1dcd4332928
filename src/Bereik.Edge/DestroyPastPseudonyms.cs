using Bereik.Node.Work;

namespace Bereik.Edge;

/// <summary>Recurring step: bases of a past epoch are destroyed within the hour.</summary>
/// <param name="pseudonyms">Holds them.</param>
public sealed class DestroyPastPseudonyms(PseudonymService pseudonyms) : IWorkStep
{
    /// <summary>Name of this kind of work.</summary>
    public const string Name = "pseudonyms.destroyPast";

    /// <inheritdoc/>
    public string Kind => Name;

    /// <inheritdoc/>
    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        await pseudonyms.DestroyPastAsync(cancel);
        return WorkResult.Later(TimeSpan.FromHours(1));
    }
}
