using Bereik.Domain;
using Bereik.Hub.Storage;
using Bereik.Node.Decisions;
using Bereik.Node.Registers;

namespace Bereik.Hub.Features;

// What every step of a referral has in common: whether its recipient may go on, and how it moves from one standing to the next.
internal sealed class RunningReferrals(HubDatabase database, ProtocolRegister register, HubSettings settings)
{
    // Every reason why its recipient may not go on, which are kept; none when it may. It stops nothing: a suspension can be lifted while the referral waits.
    public async Task<IReadOnlyList<Reason>> FindStopAsync(Referral referral, string act, DateTimeOffset now, CancellationToken cancel)
    {
        var view = await register.ViewAsync(cancel);
        var protocol = view.Find(referral.Protocol, referral.Version);
        var facts = view.Facts(protocol, new OrganisationId(referral.Recipient), now, now);
        var decision = Decide.Continue(protocol, facts, settings.AllowSyntheticNumbers);
        if (decision.Outcome == Outcome.Permit) return [];
        database.LogDecision(
            decision, new DecisionContext(now, DecisionPoint.Refer, act, referral.Id, referral.Recipient, referral.Protocol, referral.Version, protocol?.Hash ?? ""), new { referral.Sender, referral.Service }, facts);
        await database.SaveChangesAsync(cancel);
        return decision.Reasons;
    }

    // Lets it stand otherwise, inside the caller's transaction, which the caller commits.
    // INVARIANT: what is sealed goes in the transaction after which nobody may fetch it.
    public async Task MoveAsync(Referral referral, ReferralStanding next, DateTimeOffset now, CancellationToken cancel)
    {
        var wasHeld = referral.IsHeld;
        (referral.State, referral.IsReceived, referral.IsErased) = (next.State, next.IsReceived, next.IsErased);
        referral.Changed = await database.NextChangeAsync(cancel);
        if (wasHeld && !referral.IsHeld)
        {
            await database.PurgeReferralAsync(referral.Sequence, cancel);
            ScrubStore.Enqueue(database, referral.Id, "referral", now);
        }

        await database.SaveChangesAsync(cancel);
    }
}
