using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Signatures;
using Bereik.Hub.Log;
using Bereik.Hub.Storage;
using Bereik.Node.Api;
using Bereik.Node.Decisions;
using Bereik.Node.Errors;
using Bereik.Node.Machines;
using Bereik.Node.Registers;
using Bereik.Node.Requests;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Features;

// POST /v1/orders: a local node orders a list. Decided at once, stored whatever the outcome.
internal static class PlaceOrder
{
    public static readonly ApiOperation Api = new("placeOrder", "Order a list")
    {
        Description = "Decided at once and kept, whatever the outcome. The same order again is no second one.",
        Takes = ApiBody.Json(new OrderSent(ApiExamples.Jws)),
        Answers =
        [
            ApiAnswer.Json(201, "It is in; the source decides next.", new OrderAnswer(ApiExamples.Id, "requested", [])),
            ApiAnswer.Json(200, "It was in.", new OrderAnswer(ApiExamples.Id, "requested", [])),
        ],
        Errors = [ErrorCatalogue.TooLarge, ErrorCatalogue.StateConflict, ErrorCatalogue.DocumentRefused, ErrorCatalogue.OrderRefused, ErrorCatalogue.Unavailable],
    };

    public static async Task<IResult> HandleAsync(
        HttpRequest http, Actor actor, HubDatabase database, HubSettings settings, NodeKeys keys, ProtocolRegister register, TimeProvider clock, CancellationToken cancel)
    {
        var caller = (Actor.Organisation)actor;
        var (compact, wrongBody) = await DocumentBody.ReadAsync(http, "order", cancel);
        if (compact is null) return wrongBody!;
        if (!keys.Open<ListOrder>(caller.Id.Value, compact).TryGet(out var order, out var wrong)) return ErrorCatalogue.DocumentRefused.Problem(wrong.Place, wrong.Code);
        if (order.Document.Recipient != caller.Id.Value) return ErrorCatalogue.DocumentRefused.Problem("recipient", "order.recipient");
        if (RequestOf(order.Document) is not { } request) return ErrorCatalogue.DocumentRefused.Problem("referenceMonth", "document.field");

        if (TokenRefusal.Without(caller.Scopes, MachineScopes.Orders(order.Document.Protocol)) is { } missing) return missing;

        // One writer at a time from here: what is counted below cannot change before the order is stored.
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        var id = order.Document.Id.ToString("D");
        var known = await database.Orders.AsNoTracking().SingleOrDefaultAsync(candidate => candidate.Id == id, cancel);
        if (known is not null && known.Jws == compact) return Answer(known, StatusCodes.Status200OK);
        if (known is not null && known.Context != order.Context.ToString()) return ErrorCatalogue.StateConflict.Problem("id", "order.idTaken");

        // SECURITY: an order stands on a tree of this very log, so that a log that was shown to its maker alone does not pass.
        if (!await database.Log.IsOwnAsync(order.Document.Checkpoint, cancel)) return ErrorCatalogue.DocumentRefused.Problem("checkpoint", "order.checkpoint");

        var now = clock.GetUtcNow();
        var view = await register.ViewAsync(cancel);
        var protocol = view.Find(order.Document.Protocol, order.Document.ProtocolVersion);
        var facts = await GatherAsync(database, settings, view, protocol, caller, order, now, cancel);
        var decision = Decide.Order(protocol, request, facts);
        var stored = Record(order, decision, now);
        database.LogDecision(
            decision, new DecisionContext(now, DecisionPoint.Order, "order.take", id, caller.Id.Value, order.Document.Protocol, order.Document.ProtocolVersion, protocol?.Hash ?? ""), request, facts);
        database.Record(id, now, $"order.{stored.State.WireName()}", decision.Reasons.Select(reason => reason.Code), order.Hash.ToString());
        if (known is null) database.Orders.Add(stored);

        // The same words signed again are refused, and the order that stands in the log stays as it is.
        await database.LogAsync(known is null ? [OrderEntries.Placed(order, decision, now)] : []);
        await transaction.CommitAsync(CancellationToken.None);
        return Answer(stored, StatusCodes.Status201Created);
    }

    private static async Task<OrderFacts> GatherAsync(
        HubDatabase database, HubSettings settings, RegisterView view, Protocol? protocol, Actor.Organisation caller, SignedDocument<ListOrder> order, DateTimeOffset now, CancellationToken cancel)
    {
        var document = order.Document;
        var recipient = settings.Peer(caller.Id.Value)!;
        var context = order.Context.ToString();
        var sameKind = database.Orders.Where(other => other.Recipient == document.Recipient && other.Protocol == document.Protocol && !other.RefusedAtOnce);
        var sameList = sameKind.Where(other => other.ReferenceMonth == document.ReferenceMonth);
        var earlier = await sameKind.Where(other => other.DeliveredAt != null && other.KnownCount != null)
            .OrderByDescending(other => other.DeliveredAt).Select(other => other.KnownCount).FirstOrDefaultAsync(cancel);
        return new OrderFacts
        {
            Now = now,
            RecipientKind = caller.Kind,
            Territory = view.Territory(protocol, caller.Id, HubSettings.Territory(recipient, BelgianTime.DayOf(now)), BelgianTime.DayOf(now)),
            Operators = new Dictionary<OrganisationKind, string?>
            {
                [OrganisationKind.Hub] = settings.Operator,
                [OrganisationKind.Pseudonymiser] = settings.PeerOf(OrganisationKind.Pseudonymiser).Operator,
                [OrganisationKind.Source] = settings.Peer(document.Source) is { Kind: OrganisationKind.Source } source ? source.Operator : null,
                [caller.Kind] = recipient.Operator,
            },
            SyntheticOnly = settings.AllowSyntheticNumbers,
            Register = view.Facts(protocol, caller.Id, now, now),

            // A package that was handed out counts, receipt or not; one that the local node found wrong may be ordered again, within
            // the protocol's repeats.
            AlreadyDelivered = await sameList.AnyAsync(
                other => other.State == OrderState.Delivered || other.State == OrderState.Received || (other.State == OrderState.Expired && other.FetchedAt != null), cancel),
            EarlierAttempts = await sameList.CountAsync(cancel),
            ContextSeen = await database.Orders.AnyAsync(other => other.Context == context, cancel),
            AnotherOpen = await sameList.AnyAsync(
                other => other.State == OrderState.Requested || other.State == OrderState.Held || other.State == OrderState.Approved, cancel),
            EarlierKnown = new EarlierKnown(earlier),
            RootOwed = await OwedRoots.RootOwedAsync(database, document.Recipient, cancel),
            RoundOwed = await OwedRoots.RoundOwedAsync(database, document.Recipient, BelgianTime.DayOf(now), cancel),
        };
    }

    private static OrderRequest? RequestOf(ListOrder order)
    {
        if (!FlowNames.TryParse(order.Flow, out var flow) || !Epoch.TryParse(order.Epoch, out var epoch) || !Month.TryParse(order.ReferenceMonth, out var month)) return null;
        return new OrderRequest
        {
            Flow = flow,
            ProtocolHash = order.ProtocolHash.ToString(),
            Epoch = epoch,
            Source = new OrganisationId(order.Source),
            Nis = order.Nis,
            ReferenceMonth = month,
            KnownCount = order.KnownCount,
            Wave = order.Letter?.ToRequest(),
            IssuedAt = order.IssuedAt,
            ExpiresAt = order.ExpiresAt,
        };
    }

    private static Order Record(SignedDocument<ListOrder> order, Decision decision, DateTimeOffset now) => new()
    {
        Id = order.Document.Id.ToString("D"),
        Jws = order.Compact,
        Hash = order.Hash.ToString(),
        Context = order.Context.ToString(),
        Flow = order.Document.Flow,
        Protocol = order.Document.Protocol,
        ProtocolVersion = order.Document.ProtocolVersion,
        Source = order.Document.Source,
        Recipient = order.Document.Recipient,
        ReferenceMonth = order.Document.ReferenceMonth,
        KnownCount = order.Document.KnownCount,
        PlacedAt = now,
        ExpiresAt = order.Document.ExpiresAt,
        State = decision.Outcome switch
        {
            Outcome.Permit => OrderState.Requested,
            Outcome.Hold => OrderState.Held,
            _ => OrderState.Refused,
        },
        RefusedAtOnce = decision.Outcome == Outcome.Refuse,
        Reasons = Order.WriteReasons(decision.Reasons),
        EndedAt = decision.Outcome == Outcome.Refuse ? now : null,
    };

    private static IResult Answer(Order order, int status) => order.RefusedAtOnce
        ? ErrorCatalogue.OrderRefused.Problem(reasons: order.ReadReasons())
        : Results.Json(OrderAnswer.ForRecipient(order), statusCode: status);
}

/// <summary>A signed order.</summary>
/// <param name="Order">Compact JWS of the order, by the organisation that asks.</param>
internal sealed record OrderSent(string Order);
