using System.Text.Json;
using Bereik.Domain;

namespace Bereik.Hub.Storage;

// An order and how far it came (nl: aanvraag). What was deposited for it lives in tables of its own, keyed by Sequence.
internal sealed class Order
{
    private static readonly OrderState[] BeforeDeposits = [OrderState.Requested, OrderState.Held, OrderState.Approved];

    public long Sequence { get; init; }

    // The order's id in lower-case text, as in its JWS.
    public required string Id { get; init; }

    public required string Jws { get; init; }

    public required string Hash { get; init; }

    public required string Context { get; init; }

    public required string Flow { get; init; }

    public required string Protocol { get; init; }

    public required string ProtocolVersion { get; init; }

    public required string Source { get; init; }

    public required string Recipient { get; init; }

    public required string ReferenceMonth { get; init; }

    public required int? KnownCount { get; init; }

    public required DateTimeOffset PlacedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required OrderState State { get; set; }

    // Refused when it came in: it never reached the source and does not count as an attempt.
    public required bool RefusedAtOnce { get; init; }

    // JSON list of reasons, in force for the present state.
    public required string Reasons { get; set; }

    public string? Decision { get; set; }

    public DateTimeOffset? TokensAt { get; set; }

    public string? TokensDigest { get; set; }

    public DateTimeOffset? EnvelopeAt { get; set; }

    public string? ManifestHash { get; set; }

    public DateTimeOffset? DeliveredAt { get; set; }

    // 32 random bytes, base64url, that name this disclosure in the log; chosen before anything is handed out.
    public string? Handle { get; set; }

    public DateTimeOffset? FetchedAt { get; set; }

    public string? ReceiptHash { get; set; }

    // SHA-256 of the signed root over the persons of the package, once it is in the log.
    public string? RootHash { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    // Whether it asks for letters: then it has invitations, and no tokens and no envelope.
    public bool IsWave => Flow == Domain.Flow.Messenger.WireName();

    // Whether deposits and decisions are still taken.
    public bool IsOpen(DateTimeOffset now) => BeforeDeposits.Contains(State) && now < ExpiresAt;

    public void SetReasons(IEnumerable<Reason> reasons) => Reasons = WriteReasons(reasons);

    public IReadOnlyList<Reason> ReadReasons() => JsonSerializer.Deserialize<List<Reason>>(Reasons)!;

    public static string WriteReasons(IEnumerable<Reason> reasons) => JsonSerializer.Serialize(reasons);

    public override string ToString() => $"order {Id}";
}

// States of an order at the hub, as the local node sees them.
internal enum OrderState
{
    // In, waiting for the source.
    Requested,

    // In, and the source must also sign for the known set.
    Held,

    // The source permits; token set and envelope may come.
    Approved,

    // By the hub at once, by the source, or because the two sides do not fit together.
    Refused,

    // The set operation is done; the package waits for the local node.
    Delivered,

    // The local node has it; nothing is left here.
    Received,

    // The local node found it wrong; nothing is left here.
    Rejected,

    // It could not be carried out.
    Failed,

    // Its time was over.
    Expired,

    // A wave of letters that can be answered.
    Open,

    // A wave of letters of which the last day to answer is past.
    Closed,
}

// One step of an order's history.
internal sealed class OrderEvent
{
    public long Sequence { get; init; }

    public required string OrderId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Kind { get; init; }

    // Stable codes, separated by spaces.
    public required string Reasons { get; init; }

    // SHA-256 of the document that this step was about, base64url.
    public required string? Hash { get; init; }
}
