using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Log;
using Bereik.Exchange.Signatures;
using Bereik.Local.Storage;
using Bereik.Node.Logs;

namespace Bereik.Local.Orders;

/// <summary>What the public log must show before a package is opened. Reading calls the hub, so nothing of it runs inside a transaction.</summary>
internal sealed class LoggedOrders(LogWatch log, LocalSettings settings, HubOrders orders)
{
    public const string Differs = "log.differs";
    public const string Missing = "log.entryMissing";

    /// <summary>Reads the log and compares every step of an order with what happened here.</summary>
    public async Task<LogFinding> CheckAsync(OrderedList list, SignedDocument<ListOrder> order, SignedDocument<Manifest> manifest, CancellationToken cancel)
    {
        // INVARIANT: the source sealed on the same log as this node reads, or the two were told different stories.
        switch (await log.CompareAsync(manifest.Document.Checkpoint, cancel))
        {
            case null: break;
            case "log.splitView": return new LogFinding.Refuses("log.splitView");
            case "checkpoint.missing" or "checkpoint.refused": return new LogFinding.Refuses("manifest.checkpoint");
            default: return new LogFinding.Waits();
        }

        await log.ReadAsync(cancel);
        var entries = (await log.FindAsync(order.Document.Id, cancel)).Select(one => one.Entry).ToList();
        if (FindDifference(entries, list, order, manifest)) return new LogFinding.Refuses(Differs);
        var delivered = entries.OfType<LogEntry.PackageDelivered>().FirstOrDefault();
        var isWhole = delivered is not null && entries.OfType<LogEntry.OrderPlaced>().Any(entry => entry.Outcome is "permit" or "hold") && entries.OfType<LogEntry.OrderDecided>().Any()
            && entries.OfType<LogEntry.EnvelopeDeposited>().Any(entry => entry.Outcome == "permit");

        // SECURITY: a key that the source never stated where everybody sees it, or took back, opens nothing.
        return isWhole && await log.HasKeyAsync(list.Source, KeyUse.Signing, manifest.Kid, cancel) ? new LogFinding.Holds(delivered!.Handle) : new LogFinding.Waits();
    }

    /// <summary>What the log shows so far of the disclosure under an order: its handle when the package was handed out, and whether the order ended without one.</summary>
    public async Task<(Bytes32? Handle, bool HasEnded)> FindDisclosureAsync(string id, CancellationToken cancel)
    {
        var entries = (await log.FindAsync(Guid.Parse(id), cancel)).Select(one => one.Entry).ToList();
        return (entries.OfType<LogEntry.PackageDelivered>().FirstOrDefault()?.Handle, entries.OfType<LogEntry.OrderEnded>().Any());
    }

    // A step may stand twice; then both say the same. SECURITY: what the hub refused counts for nothing: ids are public, and anybody can bring something under
    // this one to have it refused.
    private bool FindDifference(List<LogEntry> entries, OrderedList list, SignedDocument<ListOrder> order, SignedDocument<Manifest> manifest)
    {
        var placed = entries.OfType<LogEntry.OrderPlaced>().ToLookup(entry => entry.Outcome is "permit" or "hold");
        return placed[true].Any(entry => entry.By != settings.Organisation || entry.Hash != order.Hash)
            || (!placed[true].Any() && placed[false].Any(entry => entry.Hash == order.Hash))
            || entries.OfType<LogEntry.OrderDecided>().Any(entry => entry.By != list.Source || !IsDecision(entry.Document, list, order))
            || entries.OfType<LogEntry.EnvelopeDeposited>().Any(entry => entry.Outcome == "permit" && (entry.By != list.Source || entry.Manifest != manifest.Hash))
            || entries.OfType<LogEntry.PackageDelivered>().Any(entry => entry.By != orders.Hub || entry.Manifest != manifest.Hash);
    }

    // The very decision that was shown here; one that an earlier version did not keep must hold by itself.
    private bool IsDecision(string document, OrderedList list, SignedDocument<ListOrder> order) => list.DecisionJws is { } shown
        ? document == shown
        : orders.FindDecisionError(document, order, wasHeld: false) is null;
}

/// <summary>What the log says of an order whose package is here.</summary>
internal abstract record LogFinding
{
    private LogFinding()
    {
    }

    /// <summary>All of it is there and agrees.</summary>
    /// <param name="Handle">Handle of the disclosure.</param>
    public sealed record Holds(Bytes32 Handle) : LogFinding;

    /// <summary>Something is not there yet.</summary>
    public sealed record Waits : LogFinding;

    /// <summary>Something is there that is not what happened here.</summary>
    /// <param name="Code">A stable code.</param>
    public sealed record Refuses(string Code) : LogFinding;
}
