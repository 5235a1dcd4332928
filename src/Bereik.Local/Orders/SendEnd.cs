using Bereik.Exchange;
using Bereik.Exchange.Log;
using Bereik.Exchange.Signatures;
using Bereik.Local.Storage;
using Bereik.Node.Logs;
using Bereik.Node.Requests;
using Bereik.Node.Work;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Orders;

// Step end.send: the end of a disclosure goes to the log. Of a package that was not taken in, it is made here, when the log shows that it was handed out.
internal sealed partial class SendEnd(LocalDatabase database, LocalSettings settings, LoggedOrders logged, LogDesk desk, NodeKeys keys, TimeProvider clock, ILogger<SendEnd> log) : IWorkStep
{
    public const string Name = "end.send";

    // What the hub answers when the end of this disclosure is in the log.
    private const string AlreadySaid = "end.again";

    private static readonly TimeSpan WhenRefused = TimeSpan.FromMinutes(1);

    // After this long a hub does not hand out a package any more.
    private static readonly TimeSpan LongestAfterExpiry = TimeSpan.FromDays(1);

    public string Kind => Name;

    public static string Sign(Bytes32 handle, DisclosureEndCause cause, NodeKeys keys, DateTimeOffset now) => SignedDocument.Sign(
        new DisclosureEnd { Handle = handle, Kind = DisclosureEndKind.Erased, Cause = cause, At = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()) }, keys.Signing).Compact;

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        if (await FindAsync(run.Subject, cancel) is not { } document)
        {
            var (handle, hasEnded) = await logged.FindDisclosureAsync(run.Subject, cancel);
            if (handle is null)
            {
                var expires = await database.Lists.AsNoTracking().Where(list => list.Id == run.Subject).Select(list => list.ExpiresAt).SingleAsync(cancel);
                return hasEnded || clock.GetUtcNow() >= expires + LongestAfterExpiry ? WorkResult.Done() : WorkResult.Later(TimeSpan.FromSeconds(settings.PollSeconds));
            }

            // INVARIANT: signed once and kept before it is sent, so that every attempt sends the same bytes.
            document = Sign(handle.Value, DisclosureEndCause.Rejected, keys, clock.GetUtcNow());
            database.EndedDisclosures.Add(new EndedDisclosure { ListId = run.Subject, Document = document });
            await database.SaveChangesAsync(cancel);
        }

        try
        {
            await desk.SendAsync(document, cancel);
        }
        catch (PeerRefusedException refused) when (refused.Code != AlreadySaid)
        {
            LogRefused(refused.Code);
            return WorkResult.Later(WhenRefused);
        }
        catch (PeerRefusedException)
        {
            // A statement of before the store was put back from a copy: it is said, and once is enough.
        }

        return WorkResult.Done<LocalDatabase>(async (store, stop) =>
        {
            var ended = await store.EndedDisclosures.SingleAsync(one => one.ListId == run.Subject, stop);
            ended.SentAt = clock.GetUtcNow();
        });
    }

    private Task<string?> FindAsync(string id, CancellationToken cancel) =>
        database.EndedDisclosures.AsNoTracking().Where(ended => ended.ListId == id).Select(ended => ended.Document).SingleOrDefaultAsync(cancel);

    [LoggerMessage(LogLevel.Warning, "The hub does not take the end of a disclosure ({Code}).")]
    private partial void LogRefused(string code);
}
