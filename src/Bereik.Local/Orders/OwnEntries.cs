using Bereik.Exchange;
using Bereik.Exchange.Log;
using Bereik.Exchange.Register;
using Bereik.Local.Storage;
using Bereik.Node.Logs;
using Bereik.Node.Registers;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Orders;

/// <summary>What this node itself put in the log. Anything else in its name is somebody else's doing, also when its key signed it.</summary>
internal sealed class OwnEntries(LocalDatabase database, LocalSettings settings, ProtocolRegister register) : IOwnEntries
{
    public async Task<bool> IsOwnAsync(LogEntry entry, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(entry);
        switch (entry)
        {
            case LogEntry.OrderPlaced placed:
                return await FindAsync(placed.Order, cancel) is { } ordered && Bytes32.Sha256(System.Text.Encoding.ASCII.GetBytes(ordered.OrderJws)) == placed.Hash;
            case LogEntry.TokensDeposited deposited:
                return await FindAsync(deposited.Order, cancel) is not null;
            case LogEntry.ReceiptTaken taken:
                return await FindAsync(taken.Order, cancel) is { ReceiptJws: { } receipt } && receipt == taken.Document;
            case LogEntry.PersonsRooted rooted:
                var id = rooted.Order.ToString("D");
                return await database.PersonRoots.AsNoTracking().AnyAsync(root => root.ListId == id && root.Document == rooted.Document, cancel);
            case LogEntry.DisclosureEnded ended:
                return await database.EndedDisclosures.AsNoTracking().AnyAsync(one => one.Document == ended.Document, cancel);
            case LogEntry.RoundPublished published:
                return await database.Rounds.AsNoTracking().AnyAsync(round => round.Document == published.Document, cancel);
            case LogEntry.RegisterStep step:
                // Signed at this node's own pages: the signature is all there is to go by.
                return RegisterDocuments.Read(step.Document, step.Sequence, step.At, register.SignerOf).TryGet(out var signed, out _) && signed.By == settings.Id;
            default:
                return false;
        }
    }

    private Task<OrderedList?> FindAsync(Guid order, CancellationToken cancel)
    {
        var id = order.ToString("D");
        return database.Lists.AsNoTracking().SingleOrDefaultAsync(list => list.Id == id, cancel);
    }
}
