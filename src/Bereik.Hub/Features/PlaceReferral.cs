using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Signatures;
using Bereik.Hub.Storage;
using Bereik.Node.Api;
using Bereik.Node.Decisions;
using Bereik.Node.Errors;
using Bereik.Node.Machines;
using Bereik.Node.Registers;
using Bereik.Node.Requests;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Features;

// PUT /v1/referrals/{id}: a service refers somebody to another. Decided at once on the two services alone; who it is about is sealed. What is refused is not kept.
internal static class PlaceReferral
{
    // Room for the longest offer, beside a sealed record, which has one size.
    public const int MostBytes = 24_000;

    // How far ahead of this node's clock the sender's may be.
    public static readonly TimeSpan MostAhead = TimeSpan.FromMinutes(5);

    public static readonly ApiOperation Api = new("putReferral", "Refer somebody to a service")
    {
        Description = "The signed offer says from which service to which; the sealed record is of one fixed size (docs/formats/referral.md). Decided at once. The same bytes again are no second one.",
        Takes = ApiBody.Json(new ReferralSent(ApiExamples.Jws, ApiExamples.Jws)),
        Answers =
        [
            ApiAnswer.Json(201, "It is in, and waits for its recipient.", ReferralAnswer.Example with { State = "sent", Received = false, Steps = [] }),
            ApiAnswer.Json(200, "It was in; this is how it stands.", ReferralAnswer.Example),
        ],
        Errors = [ErrorCatalogue.NotFound, ErrorCatalogue.TooLarge, ErrorCatalogue.StateConflict, ErrorCatalogue.DocumentRefused, ErrorCatalogue.EnvelopeRefused, ErrorCatalogue.ReferralRefused, ErrorCatalogue.Unavailable],
    };

    private static readonly string[] Members = ["offer", "sealed"];

    public static async Task<IResult> HandleAsync(
        Guid id, HttpRequest http, Actor actor, HubDatabase database, HubSettings settings, NodeKeys keys, ProtocolRegister register, TimeProvider clock, CancellationToken cancel)
    {
        var caller = (Actor.Organisation)actor;
        var (texts, wrongBody) = await DocumentBody.ReadAsync(http, Members, cancel, MostBytes);
        if (texts is not [var compact, var record]) return wrongBody!;
        if (!keys.Open<ReferralOffer>(caller.Id.Value, compact).TryGet(out var offer, out var wrong)) return ErrorCatalogue.DocumentRefused.Problem(wrong.Place, wrong.Code);
        if (offer.Document.Sender != caller.Id.Value) return ErrorCatalogue.DocumentRefused.Problem("sender", "referral.sender");
        if (offer.Document.SenderKid != offer.Kid) return ErrorCatalogue.DocumentRefused.Problem("senderKid", "referral.senderKey");
        if (offer.Document.Id != id) return ErrorCatalogue.DocumentRefused.Problem("id", "referral.id");
        if (TokenRefusal.Without(caller.Scopes, MachineScopes.Referrals(offer.Document.Protocol)) is { } missing) return missing;

        // SECURITY: shape and size only, the same for each; whether it is ciphertext shows at the recipient alone.
        if (ReferralFormat.FindError(offer.Document, record) is { } misshapen) return ErrorCatalogue.EnvelopeRefused.Problem("sealed", misshapen);

        // One writer at a time from here: what is looked up below cannot change before the referral is stored.
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        var now = clock.GetUtcNow();
        var known = await database.ReferralOfAsync(id, cancel);
        if (known is not null && known.Sender != caller.Id.Value) return ErrorCatalogue.NotFound.Problem();
        if (known is not null && known.Offer == compact) return Results.Json(await ReferralAnswer.OfAsync(database, known, now, cancel));
        if (known is not null && SignedDocument.Parse<ReferralOffer>(known.Offer).Value.Context != offer.Context) return ErrorCatalogue.StateConflict.Problem("id", "referral.idTaken");
        if (settings.Peer(offer.Document.Recipient) is { } recipient && HubSettings.SealingKid(recipient) != offer.Document.RecipientKid) return ErrorCatalogue.DocumentRefused.Problem("recipientKid", "referral.recipientKey");

        // SECURITY: as of an order: its maker shows which log it saw.
        if (!await database.Log.IsOwnAsync(offer.Document.Checkpoint, cancel)) return ErrorCatalogue.DocumentRefused.Problem("checkpoint", "referral.checkpoint");

        // The term is counted from this instant, so one that is still to come would keep what is sealed here for longer.
        if (offer.Document.IssuedAt > now + MostAhead) return ErrorCatalogue.DocumentRefused.Problem("issuedAt", "referral.early");

        var view = await register.ViewAsync(cancel);
        var protocol = view.Find(offer.Document.Protocol, offer.Document.ProtocolVersion);
        var request = RequestOf(offer.Document);
        var facts = Gather(settings, view, protocol, caller, request, now, isKnown: known is not null);
        var decision = Decide.Refer(protocol, request, facts);
        database.LogDecision(
            decision, new DecisionContext(now, DecisionPoint.Refer, "referral.take", id.ToString("D"), caller.Id.Value, offer.Document.Protocol, offer.Document.ProtocolVersion, protocol?.Hash ?? ""), request, facts);
        if (decision.Outcome != Outcome.Permit)
        {
            await database.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            return ErrorCatalogue.ReferralRefused.Problem(reasons: decision.Reasons);
        }

        var stored = Record(offer, await database.NextChangeAsync(cancel));
        database.Referrals.Add(stored);
        await database.SaveChangesAsync(cancel);
        await database.Database.ExecuteSqlAsync($"UPDATE referral SET sealed = {record} WHERE sequence = {stored.Sequence}", cancel);
        await transaction.CommitAsync(CancellationToken.None);
        return Results.Json(await ReferralAnswer.OfAsync(database, stored, now, CancellationToken.None), statusCode: StatusCodes.Status201Created);
    }

    private static ReferralRequest RequestOf(ReferralOffer offer) => new()
    {
        Sender = new OrganisationId(offer.Sender),
        Recipient = new OrganisationId(offer.Recipient),
        Service = offer.Service,
        ProtocolHash = offer.ProtocolHash.ToString(),
        IssuedAt = offer.IssuedAt,
        ExpiresAt = offer.ExpiresAt,
    };

    private static ReferralFacts Gather(HubSettings settings, RegisterView view, Protocol? protocol, Actor.Organisation caller, ReferralRequest request, DateTimeOffset now, bool isKnown)
    {
        var today = BelgianTime.DayOf(now);
        var own = protocol is null ? null : view.Accession(protocol, request.Sender, today)?.Act.Accession;
        var theirs = protocol is null ? null : view.Accession(protocol, request.Recipient, today)?.Act.Accession;
        return new ReferralFacts
        {
            Now = now,
            SyntheticOnly = settings.AllowSyntheticNumbers,
            Register = view.Facts(protocol, request.Recipient, now, now),
            SenderRegister = view.Facts(protocol, request.Sender, now, now),
            SenderKind = caller.Kind,
            RecipientKind = settings.Peer(request.Recipient.Value)?.Kind,
            Services = theirs?.Services,
            SenderPartnership = own?.Partnership,
            RecipientPartnership = theirs?.Partnership,
            AlreadySent = isKnown,
        };
    }

    private static Referral Record(SignedDocument<ReferralOffer> offer, long changed) => new()
    {
        Id = offer.Document.Id.ToString("D"),
        Sender = offer.Document.Sender,
        Recipient = offer.Document.Recipient,
        Service = offer.Document.Service,
        Protocol = offer.Document.Protocol,
        Version = offer.Document.ProtocolVersion,
        Hash = offer.Document.ProtocolHash.ToString(),
        Offer = offer.Compact,
        OfferHash = offer.Hash.ToString(),
        State = ReferralState.Sent,
        IsReceived = false,
        IsErased = false,
        ExpiresAt = offer.Document.ExpiresAt,
        Changed = changed,
    };
}

/// <summary>A referral on its way.</summary>
/// <param name="Offer">Compact JWS of the offer, by the organisation that refers.</param>
/// <param name="Sealed">The sealed record, a compact JWE.</param>
internal sealed record ReferralSent(string Offer, string Sealed);
