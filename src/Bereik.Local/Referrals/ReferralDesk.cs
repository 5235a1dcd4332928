using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Signatures;
using Bereik.Local.Features;
using Bereik.Local.Households;
using Bereik.Local.Storage;
using Bereik.Local.Workers;
using Bereik.Node.Decisions;
using Bereik.Node.Registers;
using Bereik.Node.Requests;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Referrals;

/// <summary>The only way to referrals: each is opened for an act, and the decision comes before the record. What is said of one is said here.</summary>
internal sealed class ReferralDesk(
    LocalDatabase database, LocalSettings settings, ProtocolRegister register, ReferralPartners partners, Attestations attestations, HouseholdKeys households, HouseholdErasure erasure, ReferralRounds rounds, NodeKeys keys, TimeProvider clock)
{
    /// <summary>What a node knows of the two services and of the person's consent.</summary>
    public async Task<GateFacts> KnownAsync(Protocol? protocol, OrganisationId sender, OrganisationId recipient, string service, bool? withdrawn, bool recipientBound, CancellationToken cancel)
    {
        var view = await register.ViewAsync(cancel);
        var request = new ReferralRequest { Sender = sender, Recipient = recipient, Service = service, ProtocolHash = protocol?.Hash ?? "", IssuedAt = clock.GetUtcNow(), ExpiresAt = clock.GetUtcNow() };
        var (_, _, facts) = await partners.DecideAsync(protocol, request, alreadySent: false, cancel);
        return new GateFacts
        {
            SyntheticOnly = settings.AllowSyntheticNumbers,
            Register = facts.Register,
            Covers = protocol is null ? null : view.Covers(protocol.Hash),
            Withdrawn = withdrawn,
            RecipientBound = recipientBound,
            SamePartnership = facts.SenderPartnership?.IsSharedWith(facts.RecipientPartnership, clock.Today()) == true,
        };
    }

    /// <summary>What stands in the way of a worker, whatever is opened; nobody else can take it away but who attests.</summary>
    public static IReadOnlyList<Reason> OfTheWorker { get; } = [Reasons.NotAttested, Reasons.OtherTeam, Reasons.WorkerSuspended, Reasons.FunctionNotGranted, Reasons.AttestationExpired, Reasons.RecipientNotBound];

    /// <summary>What stands in the way of a worker before anything is named: no attestation, one that ended, or no professional secrecy today.</summary>
    public async Task<IReadOnlyList<Reason>> AgainstWorkerAsync(string subject, CancellationToken cancel) => (await attestations.ReachAsync(subject, cancel)).Worker switch
    {
        null => [Reasons.NotAttested],
        { Suspended: not false } => [Reasons.WorkerSuspended],
        { BoundBySecrecy: not true } => [Reasons.RecipientNotBound],
        _ => [],
    };

    /// <summary>What of the worker stands in the way of one act on one referral, without opening it.</summary>
    public async Task<IReadOnlyList<Reason>> AgainstAsync(Referral referral, UseAct act, string subject, CancellationToken cancel) => [.. (await UseAsync(referral, act, subject, cancel)).Decision.Reasons.Intersect(OfTheWorker)];

    /// <summary>What stands in the way of referring somebody under a protocol today: whoever could not open what is made may not make it.</summary>
    public async Task<IReadOnlyList<Reason>> AgainstReferringAsync(Protocol protocol, OrganisationId recipient, string subject, CancellationToken cancel)
    {
        var reach = await attestations.ReachAsync(subject, cancel);
        var facts = new UseFacts
        {
            Today = clock.Today(), SyntheticOnly = settings.AllowSyntheticNumbers, Register = await register.FactsAsync(protocol, Bound(protocol, recipient), cancel), ReceivedOn = clock.Today(), Contacted = false, Informed = false, Objected = false,
            Worker = reach.Worker, OwnTeam = reach.Team is { Length: > 0 },
        };
        return Decide.Use(protocol, new UseRequest { Act = UseAct.Open, Purpose = Purpose.RequestedHelp }, facts).Reasons;
    }

    /// <summary>Opens what came in, for one act by one worker today: the protocol's rules of use, and once more the conditions of the release, now with this worker.</summary>
    /// <returns>The record, when both permit; every reason otherwise. Both are in the register of decisions.</returns>
    public async Task<OpenedReferral> OpenAsync(Referral referral, UseAct act, Logged logged, CancellationToken cancel)
    {
        var (use, request, facts, protocol) = await UseAsync(referral, act, logged.Who.Subject, cancel);
        var standing = referral.Standing;
        var record = standing.IsErased || referral.ErasedAt is not null || referral.Record is null ? null : Read(referral);
        var context = new DecisionContext(clock.GetUtcNow(), DecisionPoint.Use, logged.Act, referral.Id, logged.Who.Name, referral.ProtocolId, referral.ProtocolVersion, protocol?.Hash ?? "");
        database.LogDecision(use, context, request, facts);
        if (record is null)
        {
            await database.SaveChangesAsync(cancel);
            return new OpenedReferral(null, use.Outcome == Outcome.Permit ? [Reasons.RetentionExpired] : use.Reasons);
        }

        var isSender = referral.Direction == Referral.Out;
        var (sender, recipient) = isSender ? (settings.Id, new OrganisationId(referral.Partner)) : (new OrganisationId(referral.Partner), settings.Id);
        var bound = facts.Worker is { BoundBySecrecy: true, Suspended: false };
        var known = await KnownAsync(protocol, sender, recipient, referral.Service, standing.State == ReferralState.Revoked, isSender || bound, cancel);

        // As of the day on which it came: the days of a consent are for sharing, and the protocol's days of keeping begin there.
        var released = ReferralGate.Facts(record, referral.ReceivedOn, known);
        var release = Decide.Release(protocol, ReferralGate.Request(record), released);
        database.LogDecision(release, context with { Point = DecisionPoint.Release }, ReferralGate.Request(record), released);
        await database.SaveChangesAsync(cancel);
        List<Reason> against = [.. use.Reasons.Concat(release.Reasons).Distinct()];
        return against.Count > 0 || use.Outcome != Outcome.Permit || release.Outcome != Outcome.Permit ? new OpenedReferral(null, against) : new OpenedReferral(record, []);
    }

    private async Task<(Decision Decision, UseRequest Request, UseFacts Facts, Protocol? Protocol)> UseAsync(Referral referral, UseAct act, string subject, CancellationToken cancel)
    {
        var protocol = (await register.ViewAsync(cancel)).Text(referral.ProtocolHash);
        var reach = await attestations.ReachAsync(subject, cancel);
        var request = new UseRequest { Act = act, Purpose = Purpose.RequestedHelp };
        var facts = new UseFacts
        {
            Today = clock.Today(),
            SyntheticOnly = settings.AllowSyntheticNumbers,
            Register = await register.FactsAsync(protocol, referral.Direction == Referral.Out ? Bound(protocol, new OrganisationId(referral.Partner)) : settings.Id, cancel),
            ReceivedOn = referral.ReceivedOn,
            Contacted = referral.ContactedOn is not null,
            Informed = referral.InformedOn is not null,
            Objected = referral.Standing.State == ReferralState.Revoked,
            Worker = reach.Worker,
            OwnTeam = reach.Team is { Length: > 0 } && reach.Team == referral.Team,
        };
        return (Decide.Use(protocol, request, facts), request, facts, protocol);
    }

    // Whose accession counts: a source's team accedes to nothing, its own text binds it, and it may refer as long as the recipient may receive.
    private OrganisationId Bound(Protocol? protocol, OrganisationId recipient) => protocol?.Source == settings.Id ? recipient : settings.Id;

    /// <summary>The record of a referral, without a decision: for the node's own steps.</summary>
    public ReferralRecord? Read(Referral referral) => referral.Record is { } kept && households.Open(referral.Id, kept) is { } json ? ReferralRecord.Parse(json) : null;

    /// <summary>Says a step: signed, kept, and sent with the next round. Nothing when it cannot be said now; the caller's transaction makes it whole.</summary>
    /// <param name="referral">The referral, tracked.</param>
    /// <param name="act">The step.</param>
    /// <param name="cause">With a decline: why.</param>
    /// <returns>False when this step cannot be said now.</returns>
    public bool Say(Referral referral, ReferralAct act, DeclineCause? cause = null)
    {
        var side = referral.Direction == Referral.Out ? ReferralSide.Sender : ReferralSide.Recipient;
        if (referral.Standing.After(act, side) is not { } next) return false;
        var at = rounds.Next(clock.GetUtcNow());
        referral.Take(next);

        // What never left needs nobody to be told.
        if (referral.Offer is null) return true;
        var offer = SignedDocument.Parse<ReferralOffer>(referral.Offer).Value;
        var step = new ReferralStep { Id = offer.Document.Id, Offer = offer.Hash, By = settings.Organisation, Act = act.WireName(), Cause = cause?.WireName(), At = at };
        database.SaidSteps.Add(new SaidStep
        {
            ReferralId = referral.Id, Act = step.Act, Side = side == ReferralSide.Sender ? "sender" : "recipient", Cause = step.Cause, Document = SignedDocument.Sign(step, keys.Signing).Compact, At = clock.GetUtcNow(), SendAfter = at,
        });
        return true;
    }

    /// <summary>Erases what is kept of a person. The statement that says so is made in the same transaction; the key goes when that is committed: <see cref="FinishAsync"/>.</summary>
    /// <param name="referral">The referral, tracked.</param>
    /// <param name="cause">Why.</param>
    public void Erase(Referral referral, ErasureCause cause)
    {
        erasure.Erase(referral, cause);
        if (referral.Direction == Referral.In) Say(referral, ReferralAct.Erase);
    }

    /// <summary>Destroys the keys of what was erased and committed.</summary>
    public Task FinishAsync(CancellationToken cancel) => erasure.FinishAsync(cancel);

    /// <summary>The steps of a referral, in their order.</summary>
    public Task<List<SaidStep>> StepsAsync(string id, CancellationToken cancel) => database.SaidSteps.AsNoTracking().Where(step => step.ReferralId == id).OrderBy(step => step.Sequence).ToListAsync(cancel);
}

/// <summary>A referral that was asked for.</summary>
/// <param name="Record">The record; null when it may not be opened.</param>
/// <param name="Reasons">Every reason why not.</param>
internal sealed record OpenedReferral(ReferralRecord? Record, IReadOnlyList<Reason> Reasons);

/// <summary>The instants at which this node sends what it says of referrals, so that a time says nothing (nl: rondes).</summary>
internal sealed class ReferralRounds(LocalSettings settings)
{
    /// <summary>The first round at or after an instant.</summary>
    public DateTimeOffset Next(DateTimeOffset now)
    {
        var seconds = now.ToUnixTimeSeconds() + (now.Millisecond > 0 ? 1 : 0);
        var round = Math.Max(1, settings.ReferralRoundSeconds);
        return DateTimeOffset.FromUnixTimeSeconds((seconds + round - 1) / round * round);
    }
}
