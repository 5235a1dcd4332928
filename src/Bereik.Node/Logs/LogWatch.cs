using Bereik.Exchange.Log;

namespace Bereik.Node.Logs;

/// <summary>An entry of the log as this node verified it.</summary>
/// <param name="Index">Its place, from 0.</param>
/// <param name="Entry">What it says.</param>
public sealed record LoggedEntry(long Index, LogEntry Entry);

/// <summary>Says whether an entry in this node's own name is its own making. Each edge has one.</summary>
public interface IOwnEntries
{
    /// <summary>Whether this node made it.</summary>
    /// <param name="entry">An entry whose <c>by</c> is this organisation.</param>
    /// <param name="cancel">Stops.</param>
    Task<bool> IsOwnAsync(LogEntry entry, CancellationToken cancel);
}

/// <summary>
/// How a node follows the public log (nl: meelezen met het logboek): it mirrors every entry, verifies checkpoints of log and witness, and keeps what is
/// about itself. Who asks here before acting acts on nothing that the log does not show to everybody.
/// </summary>
public sealed class LogWatch
{
    /// <summary>The last checkpoint that was verified, with its signatures, for orders and manifests; null before the first reading.</summary>
    public string? Checkpoint => throw new NotImplementedException();

    /// <summary>Reads what is new.</summary>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="HttpRequestException">The hub cannot be reached now.</exception>
    public Task ReadAsync(CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>Whether the log may be relied on now.</summary>
    /// <param name="cancel">Stops.</param>
    /// <returns>Null, or <c>log.alarm</c> (something did not hold; somebody must look), <c>log.stale</c> (no fresh checkpoint) or <c>log.unread</c>.</returns>
    public Task<string?> FindStopAsync(CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>Holds another organisation's checkpoint against the own mirror, and reads on first when it is larger.</summary>
    /// <param name="note">A signed note, as an order, a manifest or an answer carried it; null when it carried none.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>Null when both are one log; else <c>checkpoint.missing</c>, <c>checkpoint.refused</c> or <c>log.splitView</c>. A split view raises the alarm.</returns>
    public Task<string?> CompareAsync(string? note, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>The entries about an order, in order, of what was read so far.</summary>
    /// <param name="order">The order's id.</param>
    /// <param name="cancel">Stops.</param>
    public Task<IReadOnlyList<LoggedEntry>> FindAsync(Guid order, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>Whether an organisation stated a key in the log and did not revoke it.</summary>
    /// <param name="organisation">Organisation id.</param>
    /// <param name="use">What it is for.</param>
    /// <param name="kid">Its id.</param>
    /// <param name="cancel">Stops.</param>
    public Task<bool> HasKeyAsync(string organisation, KeyUse use, string kid, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>A proof of an entry that can be checked offline, from the own mirror.</summary>
    /// <param name="index">The entry's place.</param>
    /// <param name="extra">Data of the application.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>The entry and its proof; null when the mirror does not have it.</returns>
    public Task<(ReadOnlyMemory<byte> Entry, Ledger.TlogProof Proof)?> ProveAsync(long index, ReadOnlyMemory<byte> extra, CancellationToken cancel) => throw new NotImplementedException();
}
