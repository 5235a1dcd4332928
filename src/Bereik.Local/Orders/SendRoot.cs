using Bereik.Exchange.Log;
using Bereik.Local.Storage;
using Bereik.Node.Logs;
using Bereik.Node.Requests;
using Bereik.Node.Work;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Orders;

// Step root.send: the root over the persons of a package goes to the log, and only when the log shows it, the receipt goes.
internal sealed partial class SendRoot(LocalDatabase database, LocalSettings settings, LogDesk desk, LogWatch log, TimeProvider clock, ILogger<SendRoot> logger) : IWorkStep
{
    public const string Name = "root.send";
    private static readonly TimeSpan WhenRefused = TimeSpan.FromMinutes(1);

    public string Kind => Name;

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        // Token set and package, and with them the content key, are of no more use once the rows are in.
        ExchangeFiles.Delete(settings, run.Subject);
        var document = await database.PersonRoots.AsNoTracking().Where(root => root.ListId == run.Subject).Select(root => root.Document).SingleAsync(cancel);
        if (await FindAsync(run.Subject, document, cancel) is not { } index)
        {
            try
            {
                await desk.SendAsync(document, cancel);
            }
            catch (PeerRefusedException refused)
            {
                // Without it no receipt goes and no other list can be ordered, so that it is never given up.
                LogRefused(refused.Code);
                return WorkResult.Later(WhenRefused);
            }

            await log.ReadAsync(cancel);
            if (await FindAsync(run.Subject, document, cancel) is not { } shown) return WorkResult.Later(TimeSpan.FromSeconds(settings.PollSeconds));
            index = shown;
        }

        return WorkResult.Done<LocalDatabase>(async (store, stop) =>
        {
            var root = await store.PersonRoots.SingleAsync(one => one.ListId == run.Subject, stop);
            root.LogIndex = index;
            store.Enqueue(SendReceipt.Name, run.Subject, clock.GetUtcNow());
        });
    }

    // The hub's word that it is in the log is not enough: this node's own reading must show it.
    private async Task<long?> FindAsync(string id, string document, CancellationToken cancel) =>
        (await log.FindAsync(Guid.Parse(id), cancel)).FirstOrDefault(one => one.Entry is LogEntry.PersonsRooted rooted && rooted.Document == document)?.Index;

    [LoggerMessage(LogLevel.Warning, "The hub does not take the root over the persons of a package ({Code}).")]
    private partial void LogRefused(string code);
}
