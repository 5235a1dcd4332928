using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Storage;

// A list or a wave of letters that this organisation asked for, from the order to the last row erased.
internal sealed class OrderedList
{
    // The flow of a wave of letters (nl: golf).
    public const string Letters = "messenger";

    public required string Id { get; init; }

    public required string Flow { get; init; }

    public required string ProtocolId { get; init; }

    public required string ProtocolVersion { get; init; }

    public required string ProtocolHash { get; init; }

    public required string Source { get; init; }

    public required string Nis { get; init; }

    public required Month ReferenceMonth { get; init; }

    public required string State { get; set; }

    public required string OrderJws { get; init; }

    // The source's own decision, as the hub showed it here.
    public string? DecisionJws { get; set; }

    public string? ReceiptJws { get; set; }

    public int? KnownCount { get; init; }

    public required int Offered { get; set; }

    public int? Delivered { get; set; }

    public string? CheckChoice { get; set; }

    public string? Code { get; set; }

    public required string SignedBy { get; init; }

    // Whose list it is: that of who ordered it, else the service that acceded.
    public required string Team { get; init; }

    public required DateTimeOffset AskedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateOnly? ReceivedOn { get; set; }

    public DateOnly? InformBy { get; set; }

    public DateOnly? DeleteBy { get; set; }

    public DateTimeOffset? ErasedAt { get; set; }

    public Domain.Flow FlowKind => Flow switch { "match" => Domain.Flow.Match, Letters => Domain.Flow.Messenger, _ => Domain.Flow.Unknown };

    public override string ToString() => $"list {Id}";
}

internal sealed class ListReason
{
    public long Id { get; init; }

    public required string ListId { get; init; }

    public required string Code { get; init; }

    public required string Text { get; init; }
}

internal sealed class ListEvent
{
    public long Id { get; init; }

    public required string ListId { get; init; }

    public required string State { get; init; }

    public required DateTimeOffset At { get; init; }
}

// The states of a list and how it comes from one into another.
internal static class ListStates
{
    public const string Open = "open";
    public const string Closed = "closed";

    public static readonly IReadOnlyList<string> Ended = ["refused", "received", "rejected", "failed", "expired", Closed];

    // While letters are out the next wave may be asked for: it is of other families.
    public static bool IsUnderWay(string state) => !IsEnded(state) && state != Open;

    public static bool IsEnded(string state) => Ended.Contains(state);

    /// <summary>Moves a list on, remembers when, and tells what concerns others; does nothing when it is there already.</summary>
    public static async Task MoveAsync(LocalDatabase database, OrderedList list, string state, DateTimeOffset now, CancellationToken cancel)
    {
        if (list.State == state) return;
        list.State = state;
        if (state is "approved" or "refused" && !await database.ListEvents.AnyAsync(one => one.ListId == list.Id && one.State == "approved", cancel)) database.Tell(EventTypes.OrderDecided, list.Id, null, now);
        if (IsEnded(state) && state != Closed) database.Tell(state == "received" ? EventTypes.ListDelivered : EventTypes.ListEnded, list.Id, null, now);
        if (!await database.ListEvents.AnyAsync(one => one.ListId == list.Id && one.State == state, cancel))
        {
            database.ListEvents.Add(new ListEvent { ListId = list.Id, State = state, At = now });
        }
    }

    /// <summary>Ends a list without rows.</summary>
    public static async Task EndAsync(LocalDatabase database, string id, string state, string code, DateTimeOffset now, CancellationToken cancel)
    {
        var list = await database.Lists.SingleAsync(one => one.Id == id, cancel);
        if (IsEnded(list.State)) return;
        list.Code = code;
        list.CheckChoice = null;
        await MoveAsync(database, list, state, now, cancel);
    }
}
