using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Signatures;
using Bereik.Local.Files;
using Bereik.Local.Storage;
using Bereik.Node.Decisions;
using Bereik.Node.Logs;
using Bereik.Node.Requests;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Orders;

/// <summary>Makes the signed order of a list, and decides here first whether it may be asked for.</summary>
internal sealed class OrderMaker(LocalDatabase database, LocalSettings settings, NodeKeys keys, OwnPeople people, OwnProtocols protocols, LogWatch log, TimeProvider clock)
{
    /// <summary>Why the public log keeps this node from ordering; asked outside a transaction. A log that is merely old is renewed before the order is sent.</summary>
    /// <returns>Null when it does not.</returns>
    public async Task<string?> FindLogStopAsync(CancellationToken cancel) => await log.FindStopAsync(cancel) is { } stop and not "log.stale" ? stop : null;

    /// <summary>Makes an order and its row, not yet stored. INVARIANT: it carries the log that its maker saw, so that the source can hold it against its own.</summary>
    /// <param name="nis">NIS code.</param>
    /// <param name="month">The month.</param>
    /// <param name="signer">Who signs for the count, and for which team.</param>
    /// <param name="stop">What <see cref="FindLogStopAsync"/> gave.</param>
    /// <param name="cancel">Stops.</param>
    /// <param name="letter">What is asked of letters; null for a list.</param>
    /// <returns>The list, or every reason why it may not be asked for.</returns>
    public async Task<(OrderedList? List, Decision Decision)> MakeAsync(string nis, Month month, Signer signer, string? stop, CancellationToken cancel, LetterOrder? letter = null)
    {
        var now = clock.GetUtcNow();

        // Letters bring nobody of the own people along.
        var count = letter is null ? await people.CountAsync(BelgianTime.DayOf(now), cancel) : 0;
        var protocol = letter is null ? await protocols.PresentAsync(cancel) : await protocols.PresentOfLettersAsync(cancel);
        var order = Make(protocol, settings.Id, nis, month, letter is null ? count : null, now) with { Letter = letter, Checkpoint = log.Checkpoint };
        var (decision, request, facts) = await DecideAsync(order, null, cancel);

        if (decision.Outcome != Outcome.Refuse && (stop ?? (order.Checkpoint is null ? "log.unread" : null)) is { } code) decision = Decide.Log(code);
        database.LogDecision(decision, ContextOf(order, signer.Name, now), request, facts);
        if (decision.Outcome == Outcome.Refuse) return (null, decision);
        var signed = SignedDocument.Sign(order, keys.Signing);
        return (new OrderedList
        {
            Id = order.Id.ToString("D"),
            Flow = order.Flow,
            ProtocolId = order.Protocol,
            ProtocolVersion = order.ProtocolVersion,
            ProtocolHash = order.ProtocolHash.ToString(),
            Source = order.Source,
            Nis = nis,
            ReferenceMonth = month,
            State = "asked",
            OrderJws = signed.Compact,
            KnownCount = order.KnownCount,
            Offered = count,
            SignedBy = signer.Name,
            Team = signer.Team,
            AskedAt = order.IssuedAt,
            ExpiresAt = order.ExpiresAt,
        }, decision);
    }

    /// <summary>What the register says that a decision on an order was about.</summary>
    public static DecisionContext ContextOf(ListOrder order, string who, DateTimeOffset now) =>
        new(now, DecisionPoint.Order, "order.place", order.Id.ToString("D"), who, order.Protocol, order.ProtocolVersion, order.ProtocolHash.ToString());

    /// <summary>The order itself: a random nonce, and an end that lies in this quarter and within the protocol's days.</summary>
    public static ListOrder Make(Protocol protocol, OrganisationId recipient, string nis, Month month, int? known, DateTimeOffset now)
    {
        var issued = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds());
        var epoch = Epoch.At(issued);
        var latest = issued.AddDays(protocol.AnswerWithinDays);
        return new ListOrder
        {
            Id = Guid.NewGuid(),
            Nonce = Bytes32.Random(),
            Flow = protocol.Flow.WireName(),
            Protocol = protocol.Id,
            ProtocolVersion = protocol.Version,
            ProtocolHash = Bytes32.TryParse(protocol.Hash, out var hash) ? hash : throw new InvalidOperationException("A shipped protocol has no hash."),
            Epoch = epoch.ToString(),
            Source = protocol.Source.Value,
            Recipient = recipient.Value,
            Nis = nis,
            ReferenceMonth = month.ToString(),
            KnownCount = known,
            IssuedAt = issued,
            ExpiresAt = latest < epoch.End ? latest : epoch.End,
        };
    }

    /// <summary>The decision on this node's own facts; the hub and the source decide again on theirs.</summary>
    /// <param name="order">The order.</param>
    /// <param name="own">Id of its own row, which is no earlier order; null before it is stored.</param>
    /// <param name="cancel">Stops.</param>
    public async Task<(Decision Decision, OrderRequest Request, OrderFacts Facts)> DecideAsync(ListOrder order, string? own, CancellationToken cancel)
    {
        var protocol = await protocols.TextAsync(order.ProtocolHash.ToString(), cancel);
        var month = Month.TryParse(order.ReferenceMonth, out var parsed) ? parsed : throw new InvalidDataException("A stored order has no month.");
        var same = await database.Lists.AsNoTracking()
            .Where(list => list.ProtocolId == order.Protocol && list.ReferenceMonth == month && list.Nis == order.Nis && list.Id != own).ToListAsync(cancel);
        var lastCount = await database.Lists.AsNoTracking().Where(list => list.State == "received" && list.ProtocolId == order.Protocol)
            .OrderByDescending(list => list.AskedAt).Select(list => list.KnownCount).FirstOrDefaultAsync(cancel);
        var request = new OrderRequest
        {
                Flow = FlowNames.TryParse(order.Flow, out var flow) ? flow : throw new InvalidDataException("A stored order has no flow."),
                ProtocolHash = order.ProtocolHash.ToString(),
                Epoch = Epoch.TryParse(order.Epoch, out var epoch) ? epoch : default,
                Source = new OrganisationId(order.Source),
                Nis = order.Nis,
                ReferenceMonth = month,
                KnownCount = order.KnownCount,
                Wave = order.Letter?.ToRequest(),
                IssuedAt = order.IssuedAt,
                ExpiresAt = order.ExpiresAt,
        };
        var facts = new OrderFacts
        {
                Now = clock.GetUtcNow(),
                RecipientKind = settings.Kind,
                Territory = protocol is null ? settings.Nis : await protocols.TerritoryAsync(protocol, cancel),
                Operators = new Dictionary<OrganisationKind, string?>
                {
                    [OrganisationKind.Hub] = settings.PeerOf(OrganisationKind.Hub).Operator,
                    [OrganisationKind.Pseudonymiser] = settings.PeerOf(OrganisationKind.Pseudonymiser).Operator,
                    [OrganisationKind.Source] = settings.Peer(order.Source)?.Operator,
                    [settings.Kind!.Value] = settings.Operator,
                },
                SyntheticOnly = settings.AllowSyntheticNumbers,
                Register = await protocols.FactsAsync(protocol, cancel),
                AlreadyDelivered = same.Any(list => list.State == "received"),
                EarlierAttempts = same.Count(list => list.State != "asked"),
                ContextSeen = false,
                AnotherOpen = same.Any(list => ListStates.IsUnderWay(list.State)),

                // What the log lacks is for the hub to decide, which keeps the log.
                RootOwed = false,
                RoundOwed = false,
                EarlierKnown = new EarlierKnown(lastCount),
        };
        return (Decide.Order(protocol, request, facts), request, facts);
    }
}

/// <summary>Who signs for an order.</summary>
/// <param name="Name">Name as shown.</param>
/// <param name="Team">The team that the list is for.</param>
internal sealed record Signer(string Name, string Team)
{
    /// <summary>Never the name.</summary>
    public override string ToString() => "[persoon]";
}
