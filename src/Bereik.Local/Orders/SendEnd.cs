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
internal sealed class SendEnd(LocalDatabase database, LocalSettings settings, LoggedOrders logged, LogDesk desk, NodeKeys keys, TimeProvider clock) : IWorkStep
{
    public const string Name = "end.send";

    // After this long a hub does not hand out a package any more.
    private static readonly TimeSpan LongestAfterExpiry = TimeSpan.FromDays(1);

    public string Kind => Name;

    public static string Sign(Bytes32 handle, DisclosureEndCause cause, NodeKeys keys, DateTimeOffset now) => SignedDocument.Sign(
        new DisclosureEnd { Handle = handle, Kind = DisclosureEndKind.Erased, Cause = cause, At = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()) }, keys.Signing).Compact;

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        if (await FindAsync(run.Subject, cancel) is not { } document)
        {
            if (await logged.FindHandleAsync(run.Subject, cancel) is not { } handle)
            {
                var expires = await database.Lists.AsNoTracking().Where(list => list.Id == run.Subject).Select(list => list.ExpiresAt).SingleAsync(cancel);
                return clock.GetUtcNow() < expires + LongestAfterExpiry ? WorkResult.Later(TimeSpan.FromSeconds(settings.PollSeconds)) : WorkResult.Done();
            }

            // INVARIANT: signed once and kept before it is sent, so that every attempt sends the same bytes.
            document = Sign(handle, DisclosureEndCause.Rejected, keys, clock.GetUtcNow());
            database.EndedDisclosures.Add(new EndedDisclosure { ListId = run.Subject, Document = document });
            await database.SaveChangesAsync(cancel);
        }

        await desk.SendAsync(document, cancel);
        return WorkResult.Done<LocalDatabase>(async (store, stop) =>
        {
            var ended = await store.EndedDisclosures.SingleAsync(one => one.ListId == run.Subject, stop);
            ended.SentAt = clock.GetUtcNow();
        });
    }

    private Task<string?> FindAsync(string id, CancellationToken cancel) =>
        database.EndedDisclosures.AsNoTracking().Where(ended => ended.ListId == id).Select(ended => ended.Document).SingleOrDefaultAsync(cancel);
}
