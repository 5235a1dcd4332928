using Bereik.Domain;
using Bereik.Local.Storage;
using Bereik.Node.Requests;
using Bereik.Node.Work;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Referrals;

// Step referral.say: what was said of a referral goes to the hub, in its order, with a round.
internal sealed class SayReferralSteps(LocalDatabase database, LocalSettings settings, NodeClient client, TimeProvider clock) : IWorkStep
{
    public const string Name = "referral.say";

    public string Kind => Name;

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        // Before the hub has the referral itself nothing can be said of it.
        if (await database.Referrals.AsNoTracking().AnyAsync(one => one.Id == run.Subject && one.Sealed != null, cancel)) return WorkResult.Later(TimeSpan.FromSeconds(settings.PollSeconds));
        var steps = database.ReferralSteps;
        foreach (var step in await steps.AsNoTracking().Where(step => step.ReferralId == run.Subject && step.SentAt == null).OrderBy(step => step.Sequence).ToListAsync(cancel))
        {
            try
            {
                await client.PostAsync(settings.PeerOf(OrganisationKind.Hub).Id, $"/v1/referrals/{step.ReferralId}/steps", new { step = step.Document }, cancel);
            }
            catch (PeerRefusedException refused) when (refused.Status is 404 or 409 or 410)
            {
                // The other side was first: what it said counts, and comes with the next reading.
            }

            await steps.Where(one => one.Sequence == step.Sequence).ExecuteUpdateAsync(set => set.SetProperty(one => one.SentAt, clock.GetUtcNow()), cancel);
        }

        return WorkResult.Done();
    }
}
