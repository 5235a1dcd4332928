using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Signatures;
using Bereik.Local.Storage;
using Bereik.Node.Requests;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Orders;

// An order as the hub tells it to this node. Members that this version does not know are left alone.
internal sealed record HubOrder(Guid Id, string State, IReadOnlyList<HubReason>? Reasons, string? Decision, IReadOnlyList<string>? Awaits, string? Opening = null);

internal sealed record HubReason(string Code, string? Clause, string Text);

/// <summary>Asks the hub how an order stands, and takes over what it says.</summary>
internal sealed class HubOrders(LocalDatabase database, LocalSettings settings, NodeClient client, NodeKeys keys, TimeProvider clock)
{
    public string Hub => settings.PeerOf(OrganisationKind.Hub).Id;

    public Task<HubOrder> ReadAsync(string id, CancellationToken cancel) => client.GetAsync<HubOrder>(Hub, $"/v1/orders/{id}", cancel);

    /// <summary>The own order as it was signed, with the present key or an earlier one.</summary>
    public SignedDocument<ListOrder> OwnOrder(OrderedList list)
    {
        if (!SignedDocument.Parse<ListOrder>(list.OrderJws).TryGet(out var order, out _)) throw new InvalidDataException("A stored order does not have its shape.");
        var key = order.Kid == keys.Signing.Kid ? keys.Signing.PublicKey : keys.Owner(order.Kid) == settings.Organisation ? keys.ByKid(order.Kid) : null;
        return key is not null && order.IsSignedBy(key) ? order : throw new InvalidDataException("A stored order is not this node's own.");
    }

    /// <summary>
    /// SECURITY: the hub's word that the source agreed is not enough; the source's own signed decision must say so, about this order.
    /// </summary>
    /// <returns>Null when it holds, else a code.</returns>
    public string? FindDecisionError(string? decision, SignedDocument<ListOrder> order, bool wasHeld)
    {
        if (decision is null) return "decision.missing";
        if (!SignedDocument.Parse<SourceDecision>(decision).TryGet(out var signed, out var wrong)) return wrong.Code;
        if (SourceKey(order.Document.Source, signed.Kid) is not { } key || key.Kid != signed.Kid) return "jws.kid";
        if (!signed.IsSignedBy(key)) return "jws.signature";
        if (signed.Document.Id != order.Document.Id || signed.Document.Order != order.Hash) return "decision.otherOrder";
        if (signed.Document.Outcome != "permit") return "decision.refuses";
        return wasHeld && !signed.Document.AcceptsKnownSet ? "decision.knownSetNotAccepted" : null;
    }

    /// <summary>The source's key of an id: the pinned one, or a successor that the log showed; where it has none of that id, its present one.</summary>
    public SigningPublicKey? SourceKey(string source, string kid) => keys.ForRequest(source, kid) ?? keys.Of(source);

    /// <summary>Moves the list to a state outside a step's end, for states in which a step still waits.</summary>
    public async Task NoteAsync(string id, string state, IReadOnlyList<HubReason>? reasons, CancellationToken cancel)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        var list = await database.Lists.SingleAsync(one => one.Id == id, cancel);
        if (list.State != state)
        {
            await ListStates.MoveAsync(database, list, state, clock.GetUtcNow(), cancel);
            await ReplaceReasonsAsync(database, id, reasons, cancel);
            await database.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }

        database.ChangeTracker.Clear();
    }

    public static async Task ReplaceReasonsAsync(LocalDatabase database, string id, IReadOnlyList<HubReason>? reasons, CancellationToken cancel)
    {
        database.ListReasons.RemoveRange(await database.ListReasons.Where(reason => reason.ListId == id).ToListAsync(cancel));
        foreach (var reason in reasons ?? [])
        {
            database.ListReasons.Add(new ListReason { ListId = id, Code = reason.Code, Text = reason.Text[..Math.Min(reason.Text.Length, 2000)] });
        }
    }
}
