using Bereik.Edge;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Log;
using Bereik.Exchange.Signatures;
using Bereik.Node.Logs;

namespace Bereik.Source.Requests;

// What the public log must show before this source acts. Nothing of it runs inside a transaction: reading calls the hub.
internal sealed class LoggedOrders(LogWatch log, EdgeKeys edgeKeys, TimeProvider clock)
{
    // Codes of what the log lacks; each has its sentence on the page of the request.
    public const string Differs = "log.differs";
    public const string OrderMissing = "log.orderMissing";
    public const string DecisionMissing = "log.decisionMissing";
    public const string SigningKeyMissing = "log.signingKeyMissing";
    public const string SealingKeyMissing = "log.sealingKeyMissing";

    // For the manifest, so that the recipient can hold it against what it reads itself.
    public string? Checkpoint => log.Checkpoint;

    // Null when the log may be relied on now, else why not.
    public async Task<string?> ReadAsync(CancellationToken cancel)
    {
        await log.ReadAsync(cancel);
        return await log.FindStopAsync(cancel);
    }

    public Task<string?> FindStopAsync(CancellationToken cancel) => log.FindStopAsync(cancel);

    // Whether an order that the hub tells is the one that it told everybody. Neither there nor wrong: it may come.
    public async Task<(bool IsThere, ParseError? Wrong)> CheckAsync(SignedDocument<ListOrder> order, CancellationToken cancel)
    {
        // INVARIANT: who asks and who answers read one log. A view that is split ends here, before anything is decided.
        switch (await log.CompareAsync(order.Document.Checkpoint, cancel))
        {
            case null: break;
            case ("checkpoint.missing" or "checkpoint.refused" or "log.splitView") and var code: return (false, new ParseError(code, "checkpoint"));
            default: return (false, null);
        }

        // A step may stand twice; the first is the one that counts.
        if ((await log.FindAsync(order.Document.Id, cancel)).Select(one => one.Entry).OfType<LogEntry.OrderPlaced>().FirstOrDefault() is { } placed)
        {
            return placed.Hash == order.Hash && placed.Outcome is "permit" or "hold" ? (true, null) : (false, new ParseError(Differs, "order"));
        }

        return (false, order.Document.ExpiresAt <= clock.GetUtcNow() ? new ParseError(OrderMissing, "order") : null);
    }

    // Null when a package may be sealed for a request and leave, else what it waits for. Reads nothing new.
    public async Task<string?> FindGapAsync(Request request, CancellationToken cancel)
    {
        if (await log.FindStopAsync(cancel) is { } stop) return stop;

        // SECURITY: nothing is sealed to a key that its owner did not state where everybody sees it, or that the owner took back.
        if (!await log.HasKeyAsync(request.Recipient, KeyUse.Signing, request.ReadOrder().Kid, cancel)) return SigningKeyMissing;
        if (edgeKeys.SealingKeyOf(request.Recipient) is not { } sealing || !await log.HasKeyAsync(request.Recipient, KeyUse.Sealing, sealing.Kid, cancel)) return SealingKeyMissing;
        return (await log.FindAsync(Guid.Parse(request.Id), cancel)).Any(one => one.Entry is LogEntry.OrderDecided decided && decided.Document == request.DecisionJws) ? null : DecisionMissing;
    }

    // The same after reading what is new.
    public async Task<string?> ReadGapAsync(Request request, CancellationToken cancel)
    {
        await log.ReadAsync(cancel);
        return await FindGapAsync(request, cancel);
    }
}
