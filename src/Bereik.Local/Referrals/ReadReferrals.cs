using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Signatures;
using Bereik.Local.Households;
using Bereik.Local.Storage;
using Bereik.Node.Decisions;
using Bereik.Node.Logs;
using Bereik.Node.Registers;
using Bereik.Node.Requests;
using Bereik.Node.Work;
using Bereik.Sealing.Referrals;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Referrals;

// What the hub tells of a referral. Members that this version does not know are left alone.
internal sealed record HubReferral(Guid Id, long Changed, string State, bool Received, bool Erased, string Offer, IReadOnlyList<string> Steps);

internal sealed record HubReferralPage(IReadOnlyList<HubReferral> Items, string? Next);

internal sealed record HubSealed(string Sealed);

// Step referral.read, recurring: what was said here goes to the hub, and what changed there is read: referrals for this organisation, and what the other side said of its own.
internal sealed partial class ReadReferrals(
    LocalDatabase database, LocalSettings settings, ReferralPartners partners, ReferralDesk desk, HouseholdKeys households, ProtocolRegister register, RegisterReader reader, NodeKeys keys, LogWatch log, SealingKey sealing, NodeClient client, WorkSignal signal, TimeProvider clock, ILogger<ReadReferrals> logger) : IWorkStep
{
    public const string Name = "referral.read";
    private const string NotSaid = "referral.stepNotSaid";
    private const string NotConfirmed = "consent.notConfirmed";

    public string Kind => Name;

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        var hub = settings.PeerOf(OrganisationKind.Hub).Id;
        await desk.FinishAsync(cancel);
        await SendAsync(hub, cancel);
        var after = (await database.Database.SqlQueryRaw<long>("SELECT changed AS Value FROM referral_reading").ToListAsync(cancel)).SingleOrDefault();
        var isHeld = false;
        HubReferralPage page;
        do
        {
            page = await client.GetAsync<HubReferralPage>(hub, FormattableString.Invariant($"/v1/referrals?after={after}&limit=50"), cancel);
            foreach (var item in page.Items)
            {
                // What waits is told again the next time, and what comes after it with it.
                isHeld |= !await TakeAsync(hub, item, cancel);
                after = Math.Max(after, item.Changed);
                if (!isHeld) await database.Database.ExecuteSqlAsync($"INSERT INTO referral_reading (id, changed) VALUES (1, {item.Changed}) ON CONFLICT (id) DO UPDATE SET changed = max(changed, excluded.changed)", cancel);
            }
        }
        while (page.Next is not null && page.Items.Count > 0);
        await LapseAsync(cancel);
        await desk.FinishAsync(cancel);
        return WorkResult.Later(TimeSpan.FromSeconds(settings.PollSeconds));
    }

    // What was said here goes out with its round, in its order. Of a referral that the hub does not have yet nothing can be said.
    private async Task SendAsync(string hub, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var due = await database.SaidSteps.AsNoTracking().Where(step => step.SentAt == null && step.SendAfter <= now && !database.Referrals.Any(one => one.Id == step.ReferralId && one.Sealed != null)).OrderBy(step => step.Sequence).ToListAsync(cancel);
        foreach (var step in due)
        {
            try
            {
                await client.PostAsync(hub, $"/v1/referrals/{step.ReferralId}/steps", new { step = step.Document }, cancel);
            }
            catch (PeerRefusedException refused) when (refused.Status is 404 or 409 or 410)
            {
                // The other side was first: what it said counts, and comes with the next reading.
            }

            await database.SaidSteps.Where(one => one.Sequence == step.Sequence).ExecuteUpdateAsync(set => set.SetProperty(one => one.SentAt, clock.GetUtcNow()), cancel);
        }
    }

    // False when it must wait.
    private async Task<bool> TakeAsync(string hub, HubReferral told, CancellationToken cancel)
    {
        var id = told.Id.ToString("D");
        var known = await database.Referrals.AsNoTracking().SingleOrDefaultAsync(one => one.Id == id, cancel);
        if (known is null)
        {
            if (!SignedDocument.Parse<ReferralOffer>(told.Offer).TryGet(out var offer, out var wrong)) LogNotTaken(wrong.Code);
            else if (await ForeignIds.IsTakenAsync(database, id, cancel)) LogNotTaken("referral.idTaken");
            else if (offer.Document.Recipient == settings.Organisation && !households.IsDestroyed(id)) return await ReceiveAsync(hub, told, offer, cancel);
            return true;
        }

        await HearAsync(told, cancel);
        return true;
    }

    // SECURITY: the hub's word is not enough: who refers must be pinned here and must have signed it, for this organisation and its key; and the conditions are decided here again.
    private async Task<bool> ReceiveAsync(string hub, HubReferral told, SignedDocument<ReferralOffer> offer, CancellationToken cancel)
    {
        var document = offer.Document;
        await LearnAsync(document.Sender, offer.Kid, cancel);
        if (document.Id != told.Id || keys.ForRequest(document.Sender, offer.Kid) is not { } key || document.SenderKid != offer.Kid || !offer.IsSignedBy(key) || document.RecipientKid != sealing.Kid)
        {
            LogNotTaken("referral.signer");
            return true;
        }

        await reader.ReadAsync(cancel);
        var protocol = (await register.ViewAsync(cancel)).Find(document.Protocol, document.ProtocolVersion, document.ProtocolHash.ToString());
        var (decision, request, facts) = await partners.DecideAsync(protocol, new ReferralRequest
        {
            Sender = new OrganisationId(document.Sender), Recipient = settings.Id, Service = document.Service, ProtocolHash = document.ProtocolHash.ToString(), IssuedAt = document.IssuedAt, ExpiresAt = document.ExpiresAt,
        }, alreadySent: false, cancel);
        ReferralRecord? record = null;
        if (!told.Received && !told.Erased && told.State == ReferralState.Sent.WireName())
        {
            // A suspension can be lifted while the referral waits at the hub, which hands nothing out meanwhile; without that it lapses there.
            if (decision.Reasons.Any(reason => reason == Reasons.ProtocolSuspended || reason == Reasons.AccessionSuspended)) return false;
            try
            {
                var sealedRecord = await client.GetAsync<HubSealed>(hub, $"/v1/referrals/{told.Id:D}/sealed", cancel);
                record = ReferralSeal.Open(document, sealedRecord.Sealed, sealing) is { } json ? ReferralRecord.Parse(json) : null;
            }
            catch (PeerRefusedException gone) when (gone.Status is 404 or 409 or 410)
            {
                // Taken back, or lapsed, between the telling and the asking.
                return true;
            }
            catch (PeerRefusedException stopped) when (stopped.Status == 422)
            {
                // The hub read of it before this node did.
                return false;
            }
        }
        else return true;

        var today = clock.Today();
        var now = clock.GetUtcNow();
        var team = protocol is null ? null : await partners.TeamOfAsync(protocol, document.Service, cancel);
        var known = await desk.KnownAsync(protocol, request.Sender, settings.Id, document.Service, withdrawn: false, recipientBound: true, cancel);
        var released = record is null ? null : ReferralGate.Facts(record, today, known);
        var release = record is null ? null : Decide.Release(protocol, ReferralGate.Request(record), released!);
        var isTaken = decision.Outcome == Outcome.Permit && release?.Outcome == Outcome.Permit && team is not null;
        var id = told.Id.ToString("D");
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        var context = new DecisionContext(now, DecisionPoint.Refer, "referral.receive", id, document.Sender, document.Protocol, document.ProtocolVersion, protocol?.Hash ?? "");
        database.LogDecision(decision, context, request, facts);
        if (release is not null) database.LogDecision(release, context with { Point = DecisionPoint.Release }, ReferralGate.Request(record!), released!);
        var referral = new Referral
        {
            Id = id, Direction = Referral.In, ProtocolId = document.Protocol, ProtocolVersion = document.ProtocolVersion, ProtocolHash = document.ProtocolHash.ToString(), Partner = document.Sender, Service = document.Service,
            Team = team ?? "", State = ReferralState.Sent.WireName(), Offer = told.Offer, ReceivedOn = today, ContactBy = FirstContact.By(protocol, today), InformBy = today.AddDays(protocol?.InformByDays ?? 0), DeleteBy = today.AddDays(protocol?.DeleteByDays ?? 0),
            CreatedAt = now, ExpiresAt = document.ExpiresAt, Record = isTaken ? households.Seal(id, record!.ToJson()) : null,
            Code = isTaken ? null : record is null ? "record.shape" : decision.Reasons.Concat(release?.Reasons ?? []).Select(reason => reason.Code).FirstOrDefault() ?? Reasons.ServiceUnknown.Code,
        };
        database.Add(referral);
        desk.Say(referral, ReferralAct.Receive);
        if (!isTaken)
        {
            desk.Say(referral, ReferralAct.Decline, DeclineCause.ConditionNotMet);
            desk.Erase(referral, ErasureCause.Outcome);
        }

        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        database.ChangeTracker.Clear();
        signal.Wake();
        return true;
    }

    // What the other side said counts when it signed it and when it can be said now; what the hub says besides counts for nothing.
    private async Task HearAsync(HubReferral told, CancellationToken cancel)
    {
        foreach (var compact in told.Steps)
        {
            if (SignedDocument.Parse<ReferralStep>(compact).TryGet(out var said, out _)) await LearnAsync(said.Document.By, said.Kid, cancel);
        }

        var id = told.Id.ToString("D");
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        var referral = await database.Referrals.SingleAsync(one => one.Id == id, cancel);
        if (referral.Offer is null || !SignedDocument.Parse<ReferralOffer>(referral.Offer).TryGet(out var offer, out _)) return;
        var heard = await database.SaidSteps.Where(step => step.ReferralId == id).Select(step => step.Document).ToListAsync(cancel);
        var (own, other) = referral.Direction == Referral.Out ? (ReferralSide.Sender, ReferralSide.Recipient) : (ReferralSide.Recipient, ReferralSide.Sender);
        foreach (var compact in told.Steps.Except(heard, StringComparer.Ordinal))
        {
            // Its own word too: what a store that was put back from a copy has forgotten, an erasure above all, counts again.
            if (!SignedDocument.Parse<ReferralStep>(compact).TryGet(out var step, out _) || step.Document.Offer != offer.Hash || KeyOf(referral, step) is not { } key || !step.IsSignedBy(key)
                || !ReferralNames.TryParse(step.Document.Act, out ReferralAct act) || referral.Standing.After(act, SideOf(step)) is not { } next)
            {
                LogNotTaken(NotSaid);
                continue;
            }

            referral.Take(next);
            if (step.Document.Cause is { } cause) referral.Code = cause;
            database.Add(new SaidStep { ReferralId = id, Act = step.Document.Act, Side = SideOf(step) == ReferralSide.Sender ? "sender" : "recipient", Cause = step.Document.Cause, Document = compact, At = clock.GetUtcNow(), SendAfter = clock.GetUtcNow(), SentAt = clock.GetUtcNow() });
        }

        // Where nothing goes on any more, nothing is kept: the referrer's copy at its end, the recipient's when the consent was taken back.
        if (referral.Record is not null && (referral.Direction == Referral.Out ? referral.Standing.IsOver : referral.Standing.State == ReferralState.Revoked || referral.IsErased)) desk.Erase(referral, CauseOf(referral));
        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        database.ChangeTracker.Clear();
        signal.Wake();

        ReferralSide SideOf(SignedDocument<ReferralStep> step) => step.Document.By == settings.Organisation ? own : other;
    }

    // Who succeeded its key a moment ago is in the log before this node has read so; what it signed is not told a second time.
    private async Task LearnAsync(string peer, string kid, CancellationToken cancel)
    {
        if (peer != settings.Organisation && keys.ForRequest(peer, kid) is null) await log.ReadAsync(cancel);
    }

    private SigningPublicKey? KeyOf(Referral referral, SignedDocument<ReferralStep> step)
    {
        if (step.Document.By == referral.Partner) return keys.ForRequest(referral.Partner, step.Kid);
        if (step.Document.By != settings.Organisation) return null;
        return step.Kid == keys.Signing.Kid ? keys.Signing.PublicKey : keys.Owner(step.Kid) == settings.Organisation ? keys.ByKid(step.Kid) : null;
    }

    // What nobody took up in time lapses at both sides by itself; a spoken consent that nobody confirmed in time is one that was not given; and what is past its days is erased.
    private async Task LapseAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var today = clock.Today();
        var ids = await DueErasures.Referrals(database, now)
            .Select(one => one.Id).ToListAsync(cancel);
        foreach (var id in ids)
        {
            await using var transaction = await database.Database.BeginTransactionAsync(cancel);
            var referral = await database.Referrals.SingleAsync(one => one.Id == id, cancel);
            if (referral.Direction == Referral.Out && referral.ConfirmBy < today)
            {
                referral.Code = NotConfirmed;
                desk.Say(referral, ReferralAct.Revoke);
            }
            else if (referral.State == ReferralState.Sent.WireName() && referral.ExpiresAt <= now) referral.Take(referral.Standing.Lapsed());
            else if (referral.Direction == Referral.In && !referral.Standing.IsOver && !desk.Say(referral, ReferralAct.Close)) desk.Say(referral, ReferralAct.Decline, DeclineCause.NoCapacity);
            desk.Erase(referral, referral.Code == NotConfirmed ? ErasureCause.Withdrawn : ErasureCause.Deadline);
            await database.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            database.ChangeTracker.Clear();
        }

        var isSaid = await SayErasedAsync(cancel);
        if (ids.Count > 0 || isSaid) signal.Wake();
    }

    // What a kill left unsaid: the key is gone and the step that says so was never stored.
    private async Task<bool> SayErasedAsync(CancellationToken cancel)
    {
        var unsaid = await database.Referrals.AsNoTracking().Where(one => one.Direction == Referral.In && one.ErasedAt != null && !one.IsErased && one.IsReceived).Select(one => one.Id).ToListAsync(cancel);
        if (unsaid.Count == 0) return false;
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        var isSaid = false;
        foreach (var id in unsaid)
        {
            var referral = await database.Referrals.SingleAsync(one => one.Id == id, cancel);
            if (!referral.Standing.IsOver && !desk.Say(referral, ReferralAct.Close)) desk.Say(referral, ReferralAct.Decline, DeclineCause.NoCapacity);
            isSaid |= desk.Say(referral, ReferralAct.Erase);
        }

        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        database.ChangeTracker.Clear();
        return isSaid;
    }

    private static ErasureCause CauseOf(Referral referral) => referral.Standing.State switch
    {
        ReferralState.Revoked => ErasureCause.Withdrawn,
        ReferralState.Expired => ErasureCause.Deadline,
        _ => ErasureCause.Outcome,
    };

    [LoggerMessage(LogLevel.Warning, "A referral, or a step of one, is not taken ({Code}).")]
    private partial void LogNotTaken(string code);
}
