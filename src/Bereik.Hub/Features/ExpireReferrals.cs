using Bereik.Domain;
using Bereik.Hub.Storage;
using Bereik.Node.Work;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Features;

// Lets lapse what nobody took up in time, and deletes what was sealed of it.
internal sealed class ExpireReferrals(HubDatabase store, RunningReferrals running, TimeProvider clock) : IWorkStep
{
    public const string StepKind = "referrals.expire";

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    public string Kind => StepKind;

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        await SweepAsync(cancel);
        return WorkResult.Later(Pause);
    }

    // Repeatable: one transaction, and what has lapsed it does not find again.
    internal async Task SweepAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await store.Database.BeginTransactionAsync(cancel);
        var over = await store.Referrals.Where(referral => referral.State == ReferralState.Sent && referral.ExpiresAt <= now).OrderBy(referral => referral.Sequence).ToListAsync(cancel);
        foreach (var referral in over) await running.MoveAsync(referral, referral.StandingAt(now), now, cancel);
        await transaction.CommitAsync(CancellationToken.None);
    }
}
