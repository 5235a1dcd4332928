using Bereik.Domain;
using Bereik.Edge;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Log;
using Bereik.Exchange.Signatures;
using Bereik.Local.Storage;
using Bereik.Node.Decisions;
using Bereik.Node.Logs;
using Bereik.Node.Registers;
using Bereik.Node.Requests;
using Bereik.Node.Storage;
using Bereik.Node.Work;
using Bereik.Sealing.Referrals;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Referrals;

// Step referral.send: seals the record to the recipient and brings it to the hub, at the instant of a round. The same bytes at every attempt.
internal sealed class SendReferral(
    LocalDatabase database, LocalSettings settings, ReferralPartners partners, ReferralDesk desk, RegisterReader reader, ProtocolRegister register, EdgeKeys edgeKeys, NodeKeys keys, LogWatch log, ReferralRounds rounds, NodeClient client, TimeProvider clock) : IWorkStep
{
    public const string Name = "referral.send";

    public string Kind => Name;

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        var referral = await database.Referrals.SingleAsync(one => one.Id == run.Subject, cancel);
        if (referral.State != Referral.Waiting) return WorkResult.Done();
        await reader.ReadAsync(cancel);
        var protocol = (await register.ViewAsync(cancel)).Text(referral.ProtocolHash);
        var (decision, request, facts) = await partners.DecideAsync(protocol, new ReferralRequest
        {
            Sender = settings.Id, Recipient = new OrganisationId(referral.Partner), Service = referral.Service, ProtocolHash = referral.ProtocolHash, IssuedAt = referral.CreatedAt, ExpiresAt = referral.ExpiresAt,
        }, alreadySent: false, cancel);
        if (decision.Outcome == Outcome.Permit && await log.FindStopAsync(cancel) is { } stop && stop != "log.stale") decision = Decide.Log(stop);
        if (decision.Outcome != Outcome.Permit)
        {
            return Refused(run.Subject, decision.Reasons[0].Code, store => store.LogDecision(
                decision, new DecisionContext(clock.GetUtcNow(), DecisionPoint.Refer, "referral.send", run.Subject, settings.Organisation, referral.ProtocolId, referral.ProtocolVersion, protocol?.Hash ?? ""), request, facts));
        }

        if (referral.Offer is null)
        {
            if (edgeKeys.SealingKeyOf(referral.Partner) is not { } sealing || !await log.HasKeyAsync(referral.Partner, KeyUse.Sealing, sealing.Kid, cancel)) return WorkResult.Later(TimeSpan.FromSeconds(settings.PollSeconds));
            if (desk.Read(referral) is not { } record) return Refused(run.Subject, "referral.erased", _ => { });
            var id = Guid.Parse(referral.Id);
            var made = ReferralSeal.Seal(id, record.ToJson(), sealing);
            referral.Sealed = made.Record;
            referral.Offer = SignedDocument.Sign(
                new ReferralOffer
                {
                    Id = id, Protocol = referral.ProtocolId, ProtocolVersion = referral.ProtocolVersion, ProtocolHash = Bytes32.TryParse(referral.ProtocolHash, out var hash) ? hash : throw new InvalidDataException("A stored hash does not have its shape."),
                    Sender = settings.Organisation, Recipient = referral.Partner, Service = referral.Service, SenderKid = keys.Signing.Kid, RecipientKid = sealing.Kid, ContentKey = made.ContentKey, Sealed = ReferralFormat.Digest(made.Record),
                    Checkpoint = log.Checkpoint, IssuedAt = rounds.Next(referral.CreatedAt), ExpiresAt = referral.ExpiresAt,
                },
                keys.Signing).Compact;
            await database.SaveChangesAsync(cancel);
        }

        try
        {
            await client.PutAsync(settings.PeerOf(OrganisationKind.Hub).Id, $"/v1/referrals/{referral.Id}", new { offer = referral.Offer, @sealed = referral.Sealed }, cancel);
        }
        catch (PeerRefusedException refused)
        {
            return Refused(run.Subject, refused.Code, _ => { });
        }

        return WorkResult.Done<LocalDatabase>(async (store, stop) =>
        {
            var stored = await store.Referrals.SingleAsync(one => one.Id == run.Subject, stop);
            stored.Sealed = null;
            if (stored.State == Referral.Waiting) stored.State = ReferralState.Sent.WireName();
        });
    }

    public Task FailedAsync(NodeDatabase store, string subject, string code, CancellationToken cancel) => RefuseAsync((LocalDatabase)store, subject, code, cancel);

    private WorkResult Refused(string id, string code, Action<LocalDatabase> log) => WorkResult.Done<LocalDatabase>(async (store, stop) =>
    {
        log(store);
        await RefuseAsync(store, id, code, stop);
    });

    private async Task RefuseAsync(LocalDatabase store, string id, string code, CancellationToken cancel)
    {
        var stored = await store.Referrals.SingleAsync(one => one.Id == id, cancel);
        (stored.State, stored.Code) = (Referral.Refused, code);
        desk.Erase(stored, ErasureCause.Outcome);
    }
}
