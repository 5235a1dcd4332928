using System.Text.Json;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Signatures;
using Bereik.Node.Decisions;
using Bereik.Node.Registers;
using Bereik.Node.Requests;
using Bereik.Node.Work;
using Bereik.Source.Register;
using Bereik.Source.Requests;
using Bereik.Source.Waves;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Source.Features;

// Asks the hub for new orders, checks each against this source's own keys and facts, and lets those that have ended lapse.
internal sealed class PollOrders(
    SourceDatabase database, SourceSettings settings, NodeKeys keys, ProtocolRegister protocols, RegisterReader reader, RunningRequests running, LoggedOrders logged, NodeClient client, TimeProvider clock) : IWorkStep
{
    public const string StepKind = "orders.poll";
    public const string ContextReused = "order.contextReused";

    public string Kind => StepKind;

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        await ExpireAsync(cancel);

        // INVARIANT: the register is read before the orders, so that no order is decided on as if a suspension had not been.
        await reader.ReadAsync(cancel);
        await running.StopWhatMayNotGoOnAsync(cancel);
        var again = WorkResult.Later(TimeSpan.FromSeconds(settings.PollSeconds));

        // INVARIANT: nothing is taken up while the public log is stale, or somebody must look at it.
        if (await logged.ReadAsync(cancel) is not null) return again;
        var hub = settings.PeerOf(OrganisationKind.Hub).Id;
        OrderPage page;
        do
        {
            var after = await CursorAsync(cancel);
            page = await client.GetAsync<OrderPage>(hub, FormattableString.Invariant($"/v1/orders?after={after}&limit=100"), cancel);

            if (page.Items.Count > 0)
            {
                // INVARIANT: what register and log had when an order was placed is known here before it is decided on; an accession of just before is not missed.
                await reader.ReadAsync(cancel);
                if (await logged.ReadAsync(cancel) is not null) return again;
            }

            foreach (var item in page.Items.Where(item => item.Sequence > after).OrderBy(item => item.Sequence))
            {
                if (!await TakeUpAsync(item, cancel)) return again;
            }
        }
        while (page.Next is not null && page.Items.Count > 0);

        return again;
    }

    private async Task<long> CursorAsync(CancellationToken cancel) =>
        (await database.Database.SqlQueryRaw<long>("SELECT sequence AS Value FROM order_cursor").ToListAsync(cancel)).Single();

    // One order and the cursor in one transaction, so that a kill neither loses nor doubles it. False when it must be looked at again: it is not in the public log
    // yet, or the log may not be relied on any more. What comes after it waits with it.
    private async Task<bool> TakeUpAsync(OrderItem item, CancellationToken cancel)
    {
        // Over before this source saw it: there is nothing to decide.
        var isOver = item.State is "refused" or "expired";
        SignedDocument<ListOrder>? order = null;
        ParseError? wrong = null;
        if (!isOver && Read(item).TryGet(out order, out wrong) && IsForUs(order) && !await IsKnownAsync(order, cancel))
        {
            if (await logged.FindStopAsync(cancel) is not null) return false;
            (var isThere, wrong) = await logged.CheckAsync(order, cancel);
            if (!isThere && wrong is null) return false;
        }

        await using var transaction = await database.Database.BeginTransactionAsync(cancel);

        // A poll whose lease ran out may still be at it: what the other one took up is no second order.
        if (await CursorAsync(cancel) >= item.Sequence) return true;
        var now = clock.GetUtcNow();
        if (wrong is not null) Reject(item, wrong, now);
        else if (order is not null && await IsKnownAsync(order, cancel))
        {
            // INVARIANT: a context is used once; the second time nothing of the first request changes.
            Reject(item, new ParseError(ContextReused, "nonce"), now);
        }
        else if (order is not null)
        {
            await StoreAsync(item, order, now, cancel);
        }

        await database.SaveChangesAsync(cancel);
        await database.Database.ExecuteSqlAsync($"UPDATE order_cursor SET sequence = max(sequence, {item.Sequence})", cancel);
        await transaction.CommitAsync(cancel);
        database.ChangeTracker.Clear();
        return true;
    }

    private bool IsForUs(SignedDocument<ListOrder> order) => order.Document.Source == settings.Organisation;

    private Task<bool> IsKnownAsync(SignedDocument<ListOrder> order, CancellationToken cancel) =>
        database.Requests.AnyAsync(request => request.Context == order.Context.ToString() || request.Id == order.Document.Id.ToString(), cancel);

    // The signature by a key of the organisation that the order itself names: the pinned one, or a successor that the log showed.
    private Parsed<SignedDocument<ListOrder>> Read(OrderItem item)
    {
        if (!SignedDocument.Parse<ListOrder>(item.Order).TryGet(out var order, out var wrong)) return wrong;
        if (settings.Peer(order.Document.Recipient) is null) return new ParseError("order.recipientUnknown", "recipient");
        if (keys.ForRequest(order.Document.Recipient, order.Kid) is not { } key || !order.IsSignedBy(key)) return new ParseError("jws.signature", "");
        return order.Document.Id.ToString() != item.Id ? new ParseError("order.otherId", "id") : order;
    }

    private void Reject(OrderItem item, ParseError wrong, DateTimeOffset now) => database.RejectedOrders.Add(new RejectedOrder
    {
        Sequence = item.Sequence,
        OrderId = Guid.TryParse(item.Id, out var id) ? id.ToString() : "",
        Code = wrong.Code,
        Place = wrong.Place,
        At = now,
    });

    private async Task StoreAsync(OrderItem item, SignedDocument<ListOrder> order, DateTimeOffset now, CancellationToken cancel)
    {
        var document = order.Document;
        var view = await protocols.ViewAsync(cancel);
        var protocol = view.Find(document.Protocol, document.ProtocolVersion, document.ProtocolHash.ToString());
        var (asked, facts) = (Ask(document), await FactsAsync(document, view, protocol, now, cancel));
        var decision = Decide.Order(protocol, asked, facts);

        // SECURITY: what asks another source was not held against the log, and is refused whatever its protocol says.
        if (!IsForUs(order) && decision.Outcome != Outcome.Refuse) decision = Decision.Refusal(Reasons.SourceNotInProtocol);

        // Letters are only those whose text this source has approved, and only where it says what it fills in on them.
        if (decision.Outcome != Outcome.Refuse && document.Letter is { } letter && WaveReasons.Against(settings, letter) is { } against) decision = Decision.Refusal(against);
        database.LogDecision(
            decision, new DecisionContext(now, DecisionPoint.Order, "order.take", document.Id.ToString("D"), document.Recipient, document.Protocol, document.ProtocolVersion, protocol?.Hash ?? ""), asked, facts);
        var reasons = decision.Reasons.Select(RequestReason.Of).ToList();
        // What the hub holds is held here too.
        var heldByHub = item.State == "held";
        if (decision.Outcome != Outcome.Refuse)
        {
            reasons.AddRange(item.Reasons.Where(theirs => reasons.All(ours => ours.Code != theirs.Code)).Select(theirs => new RequestReason(theirs.Code, theirs.Clause, theirs.Text, theirs.Text)));
        }

        var request = new Request
        {
            Id = document.Id.ToString(),
            Sequence = item.Sequence,
            OrderJws = order.Compact,
            Context = order.Context.ToString(),
            Recipient = document.Recipient,
            Flow = document.Flow,
            Protocol = document.Protocol,
            ProtocolVersion = document.ProtocolVersion,
            Nis = document.Nis,
            ReferenceMonth = document.ReferenceMonth,
            Epoch = document.Epoch,
            KnownCount = document.KnownCount,
            IssuedAt = document.IssuedAt,
            ExpiresAt = document.ExpiresAt,
            ReceivedAt = now,
            State = RequestState.New,
            Reasons = JsonSerializer.Serialize(reasons),
            Held = decision.Outcome == Outcome.Hold || heldByHub,
        };
        database.Requests.Add(request);
        if (decision.Outcome == Outcome.Refuse)
        {
            DecideOrder.Sign(database, request, keys, [.. decision.Reasons.Select(reason => new DecisionReason { Code = reason.Code, Text = reason.Text })], permit: false, now);
            database.Enqueue(SendDecision.StepKind, request.Id, now);
            return;
        }

        var register = await RegisterRevision.ReadAsync(database, cancel);
        if (!register.Importing) database.Enqueue(PreviewOrder.StepKind, PreviewOrder.Subject(request.Id, register.Revision), now);
    }

    private static OrderRequest Ask(ListOrder order) => new()
    {
        Flow = FlowNames.TryParse(order.Flow, out var flow) ? flow : throw new InvalidDataException("An order was parsed without a flow."),
        ProtocolHash = order.ProtocolHash.ToString(),
        Epoch = Epoch.TryParse(order.Epoch, out var epoch) ? epoch : default,
        Source = new OrganisationId(order.Source),
        Nis = order.Nis,
        ReferenceMonth = Month.TryParse(order.ReferenceMonth, out var month) ? month : throw new InvalidDataException("An order was parsed without a month."),
        KnownCount = order.KnownCount,
        Wave = order.Letter?.ToRequest(),
        IssuedAt = order.IssuedAt,
        ExpiresAt = order.ExpiresAt,
    };

    // The source's own facts: what it approved and deposited counts as delivered, since it never learns more.
    private async Task<OrderFacts> FactsAsync(ListOrder order, RegisterView view, Protocol? protocol, DateTimeOffset now, CancellationToken cancel)
    {
        var peer = settings.Peer(order.Recipient)!;
        var same = await database.Requests.AsNoTracking()
            .Where(request => request.Recipient == order.Recipient && request.Protocol == order.Protocol && request.ReferenceMonth == order.ReferenceMonth).Select(request => request.State).ToListAsync(cancel);
        var earlier = await database.Requests.AsNoTracking()
            .Where(request => request.Recipient == order.Recipient && request.Protocol == order.Protocol && request.State == RequestState.Deposited)
            .OrderByDescending(request => request.Sequence).Select(request => request.KnownCount).FirstOrDefaultAsync(cancel);
        return new OrderFacts
        {
            Now = now,
            RecipientKind = peer.Kind,
            Territory = view.Territory(protocol, new OrganisationId(order.Recipient), Territory.On(peer.Nis, BelgianTime.DayOf(now)), BelgianTime.DayOf(now)),
            Operators = new Dictionary<OrganisationKind, string?>
            {
                [OrganisationKind.Hub] = settings.PeerOf(OrganisationKind.Hub).Operator,
                [OrganisationKind.Pseudonymiser] = settings.PeerOf(OrganisationKind.Pseudonymiser).Operator,
                [OrganisationKind.Source] = settings.Operator,
                [peer.Kind] = peer.Operator,
            },
            SyntheticOnly = settings.AllowSyntheticNumbers,
            Register = await protocols.FactsAsync(protocol, new OrganisationId(order.Recipient), cancel),
            AlreadyDelivered = same.Contains(RequestState.Deposited),
            EarlierAttempts = same.Count,
            ContextSeen = false,
            AnotherOpen = same.Any(state => state is RequestState.New or RequestState.Ready or RequestState.Approved),

            // What the log lacks is for the hub to decide, which keeps the log.
            RootOwed = false,
            RoundOwed = false,
            EarlierKnown = new EarlierKnown(earlier),
        };
    }

    private async Task ExpireAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var over = database.Requests.Where(request => (request.State == RequestState.New || request.State == RequestState.Ready) && request.ExpiresAt <= now);
        if (!await over.AnyAsync(cancel)) return;
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        foreach (var request in await over.ToListAsync(cancel))
        {
            request.State = RequestState.Expired;
            database.Tell(EventTypes.ListEnded, request.Id, request.Recipient, now);
        }

        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        database.ChangeTracker.Clear();
    }
}

// A page of the hub's list of orders.
internal sealed record OrderPage(IReadOnlyList<OrderItem> Items, long? Next);

internal sealed record OrderItem(long Sequence, string Id, string Order, string State)
{
    public IReadOnlyList<HubReason> Reasons { get; init; } = [];
}

internal sealed record HubReason(string Code, string? Clause, string Text);
