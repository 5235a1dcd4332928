using Bereik.Exchange;
using Bereik.Exchange.Log;
using Bereik.Exchange.Register;
using Bereik.Exchange.Signatures;
using Bereik.Local.Storage;
using Bereik.Node.Logs;
using Bereik.Node.Requests;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Orders;

/// <summary>What this node itself put in the log. Anything else in its name is somebody else's doing, also when its key signed it.</summary>
internal sealed class OwnEntries(LocalDatabase database, NodeKeys keys) : IOwnEntries
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
                return await database.PersonRoots.AsNoTracking().AnyAsync(root => root.ListId == Key(rooted.Order) && root.Document == rooted.Document, cancel);
            case LogEntry.DisclosureEnded ended:
                return await database.EndedDisclosures.AsNoTracking().AnyAsync(one => one.Document == ended.Document, cancel);
            case LogEntry.RoundPublished published:
                return await database.Rounds.AsNoTracking().AnyAsync(round => round.Document == published.Document, cancel);
            case LogEntry.KeyStated stated:
                return SignedDocument.Open<KeyStatement>(stated.Document, keys.Signing.PublicKey).IsOk;
            case LogEntry.RegisterStep step:
                return RegisterDocuments.IsSignedBy(step.Document, keys.Signing.PublicKey);
            default:
                return false;
        }
    }

    private static string Key(Guid id) => id.ToString("D");

    private Task<OrderedList?> FindAsync(Guid order, CancellationToken cancel)
    {
        var id = Key(order);
        return database.Lists.AsNoTracking().SingleOrDefaultAsync(list => list.Id == id, cancel);
    }
}
