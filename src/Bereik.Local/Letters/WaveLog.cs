using Bereik.Exchange.Contracts;
using Bereik.Exchange.Log;
using Bereik.Exchange.Signatures;
using Bereik.Local.Orders;
using Bereik.Local.Storage;
using Bereik.Node.Logs;

namespace Bereik.Local.Letters;

/// <summary>What the public log must show before answers to a wave of letters are believed. Reading calls the hub, so nothing of it runs inside a transaction.</summary>
internal sealed class WaveLog(LogWatch log, LocalSettings settings)
{
    /// <summary>Reads the log and compares every step of a wave with what happened here.</summary>
    /// <param name="list">The wave.</param>
    /// <param name="order">The own order.</param>
    /// <param name="opening">The source's opening, verified.</param>
    /// <param name="decision">The source's decision, verified.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>True when all of it is there and agrees; null when something is not there yet; false when something is there that is not what happened here.</returns>
    public async Task<bool?> AgreesAsync(OrderedList list, SignedDocument<ListOrder> order, SignedDocument<WaveOpening> opening, string decision, CancellationToken cancel)
    {
        await log.ReadAsync(cancel);
        var entries = (await log.FindAsync(order.Document.Id, cancel)).Select(one => one.Entry).ToList();
        var placed = entries.OfType<LogEntry.OrderPlaced>().Where(entry => entry.Outcome is "permit" or "hold").ToList();
        var deposited = entries.OfType<LogEntry.EnvelopeDeposited>().Where(entry => entry.Outcome == "permit").ToList();
        var decided = entries.OfType<LogEntry.OrderDecided>().ToList();

        // SECURITY: what the hub refused counts for nothing: ids are public, and anybody can bring something under this one to have it refused.
        if (placed.Exists(entry => entry.By != settings.Organisation || entry.Hash != order.Hash)
            || decided.Exists(entry => entry.By != list.Source || entry.Document != decision)
            || deposited.Exists(entry => entry.By != list.Source || entry.Manifest != opening.Hash)) return false;

        // SECURITY: a key that the source never stated where everybody sees it, or took back, opens nothing.
        return placed.Count > 0 && decided.Count > 0 && deposited.Count > 0 && await log.HasKeyAsync(list.Source, KeyUse.Signing, opening.Kid, cancel) ? true : null;
    }

    /// <summary>The code of a wave that the log tells otherwise.</summary>
    public const string Differs = LoggedOrders.Differs;
}
