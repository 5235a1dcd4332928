using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Log;
using Bereik.Exchange.Signatures;
using Bereik.Hub.Storage;

namespace Bereik.Hub.Log;

// What the log says of each step of an order. Anyone reads it, so nothing here counts or names people: no known count, no number of rows.
internal static class OrderEntries
{
    public static LogEntry Placed(SignedDocument<ListOrder> order, Decision decision, DateTimeOffset now) => new LogEntry.OrderPlaced
    {
        By = order.Document.Recipient,
        At = now.Second(),
        Order = order.Document.Id,
        Hash = order.Hash,
        Flow = order.Document.Flow,
        Protocol = order.Document.Protocol,
        ProtocolVersion = order.Document.ProtocolVersion,
        ProtocolHash = order.Document.ProtocolHash,
        Source = order.Document.Source,
        Nis = order.Document.Nis,
        ReferenceMonth = order.Document.ReferenceMonth,
        Epoch = order.Document.Epoch,
        Outcome = decision.Outcome.ToString().ToLowerInvariant(),

        // SECURITY: an order is held for one thing only, that few people are known. Which of its three reasons it is would tell how few.
        Reasons = decision.Outcome == Domain.Outcome.Hold ? [] : [.. decision.Reasons.Select(reason => reason.Code)],
    };

    public static LogEntry Decided(Order order, SignedDocument<SourceDecision> decision) =>
        new LogEntry.OrderDecided { By = order.Source, At = decision.Document.DecidedAt, Order = Guid.Parse(order.Id), Document = decision.Compact };

    public static LogEntry Ended(Order order, string hub, string outcome, IEnumerable<string> codes, DateTimeOffset now) =>
        new LogEntry.OrderEnded { By = hub, At = now.Second(), Order = Guid.Parse(order.Id), Outcome = outcome, Reasons = [.. codes] };

    public static LogEntry Tokens(Order order, DateTimeOffset now, string? refusal = null) =>
        new LogEntry.TokensDeposited { By = order.Recipient, At = now.Second(), Order = Guid.Parse(order.Id), Outcome = Outcome(refusal), Reasons = Codes(refusal) };

    public static LogEntry Envelope(Order order, Bytes32? manifest, DateTimeOffset now, string? refusal = null) => new LogEntry.EnvelopeDeposited
    {
        By = order.Source, At = now.Second(), Order = Guid.Parse(order.Id), Manifest = refusal is null ? manifest : null, Outcome = Outcome(refusal), Reasons = Codes(refusal),
    };

    public static LogEntry Matched(Order order, string hub, IReadOnlyList<string> codes, DateTimeOffset now) => new LogEntry.ExchangeMatched
    {
        By = hub, At = now.Second(), Order = Guid.Parse(order.Id), Outcome = codes.Count == 0 ? "permit" : "refuse", Reasons = codes,
    };

    public static LogEntry Delivered(Order order, string hub, DateTimeOffset now) =>
        new LogEntry.PackageDelivered { By = hub, At = now.Second(), Order = Guid.Parse(order.Id), Handle = Read(order.Handle), Manifest = Read(order.ManifestHash) };

    public static LogEntry Received(Order order, SignedDocument<Receipt> receipt) =>
        new LogEntry.ReceiptTaken { By = order.Recipient, At = receipt.Document.At, Order = Guid.Parse(order.Id), Document = receipt.Compact };

    public static LogEntry Destroyed(Order order, string hub, DateTimeOffset now) =>
        new LogEntry.PackageDestroyed { By = hub, At = now.Second(), Order = Guid.Parse(order.Id), Handle = Read(order.Handle) };

    private static string Outcome(string? refusal) => refusal is null ? "permit" : "refuse";

    private static IReadOnlyList<string> Codes(string? refusal) => refusal is null ? [] : [refusal];

    private static Bytes32 Read(string? text) => Bytes32.TryParse(text, out var bytes) ? bytes : throw new InvalidOperationException("An order lacks what its step names.");
}
