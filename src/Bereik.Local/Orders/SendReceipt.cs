using Bereik.Local.Storage;
using Bereik.Node.Requests;
using Bereik.Node.Work;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Orders;

// Step receipt.send: token set and package are gone first, with them the content key; then the hub may delete what is sealed. Of a package that was taken in,
// the root over its persons is in the log before (root.send).
internal sealed class SendReceipt(LocalDatabase database, LocalSettings settings, HubOrders orders, NodeClient client) : IWorkStep
{
    public const string Name = "receipt.send";

    public string Kind => Name;

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        ExchangeFiles.Delete(settings, run.Subject);
        var receipt = await database.Lists.AsNoTracking().Where(list => list.Id == run.Subject).Select(list => list.ReceiptJws).SingleAsync(cancel);
        if (receipt is not null) await client.PostAsync(orders.Hub, $"/v1/orders/{run.Subject}/receipt", new { receipt }, cancel);
        return WorkResult.Done();
    }
}
