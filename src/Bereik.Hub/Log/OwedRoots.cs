using Bereik.Domain;
using Bereik.Exchange.Signatures;
using Bereik.Hub.Storage;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Log;

// What a local node owes the log before it may order again.
internal static class OwedRoots
{
    // Days without a day's roots that are borne: a node that was down over a weekend's night catches up.
    private const int DaysBorne = 2;

    // Whether a package is with this organisation of which the log does not hold the root over its persons. What was handed out and never
    // acknowledged counts; what was found wrong does not, since nothing of it was taken in.
    public static Task<bool> RootOwedAsync(HubDatabase database, string recipient, CancellationToken cancel) => Received(database, recipient).AnyAsync(order => order.RootHash == null, cancel);

    // Whether this organisation ever received something and its last round is more than two days old.
    public static async Task<bool> RoundOwedAsync(HubDatabase database, string recipient, DateOnly today, CancellationToken cancel)
    {
        var first = await Received(database, recipient).OrderBy(order => order.FetchedAt).Select(order => order.FetchedAt).FirstOrDefaultAsync(cancel);
        if (first is not { } since) return false;
        var last = await database.LogDocuments.Where(document => document.Typ == JoseTypes.RoundRoots && document.Organisation == recipient).MaxAsync(document => document.About, cancel);
        var from = BelgianTime.DayOf(since);
        if (last is not null && DateOnly.ParseExact(last, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) is var day && day > from) from = day;
        return today.DayNumber - from.DayNumber > DaysBorne;
    }

    // Packages from before this hub had a log have no handle, and nobody could have made a root for them.
    private static IQueryable<Order> Received(HubDatabase database, string recipient) => database.Orders.Where(order => order.Recipient == recipient && order.Handle != null
        && (order.State == OrderState.Received || (order.State == OrderState.Expired && order.FetchedAt != null)));
}
