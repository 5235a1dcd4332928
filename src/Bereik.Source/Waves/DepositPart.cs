using Bereik.Domain;
using Bereik.Node.Requests;
using Bereik.Node.Storage;
using Bereik.Node.Work;
using Bereik.Source.Features;
using Bereik.Source.Requests;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Source.Waves;

// Leaves one part of sealed invitations at the hub and asks for the next part; after the last one for the opening. A step of its own: a hub that does not answer for an hour is waited for, and nothing is
// sealed again meanwhile.
internal sealed class DepositPart(SourceDatabase database, SourceSettings settings, RunningRequests running, LoggedOrders logged, NodeClient client, TimeProvider clock) : IWorkStep
{
    public const string StepKind = "wave.deposit";

    public string Kind => StepKind;

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        var (id, part) = PrintPart.Read(run.Subject);
        var request = await database.Requests.AsNoTracking().SingleAsync(candidate => candidate.Id == id, cancel);
        if (request.ExpiresAt <= clock.GetUtcNow()) return WorkResult.Failed("request.expired");
        var asked = await running.ReadAndDecideAsync(request, cancel);
        if (request.State != RequestState.Approved || asked.Decision.Outcome != Outcome.Permit)
        {
            return WorkResult.Failed<SourceDatabase>(request.Code ?? asked.Decision.Reasons[0].Code, async (target, stop) =>
            {
                if (asked.Decision.Outcome != Outcome.Permit) running.Stop(target, await target.Requests.SingleAsync(candidate => candidate.Id == id, stop), asked.Decision, asked.Facts, asked.Protocol);
            });
        }

        // INVARIANT: a key that was revoked, or a log that raised the alarm, since it was sealed keeps it here.
        if (await logged.ReadGapAsync(request, cancel) is not null) return WorkResult.Later(TimeSpan.FromSeconds(settings.PollSeconds));
        var file = Path.Combine(WaveFiles.FolderOf(settings, id), WaveFiles.SealedName(part));
        await client.PutFileAsync(settings.PeerOf(OrganisationKind.Hub).Id, FormattableString.Invariant($"/v1/orders/{id}/invitations/{part}"), file, cancel);
        return WorkResult.Done<SourceDatabase>(async (target, stop) =>
        {
            var now = clock.GetUtcNow();
            var wave = await target.Waves.SingleAsync(candidate => candidate.Id == id, stop);
            wave.Parts = part + 1;
            if (wave.Parts < wave.PartCount) target.Enqueue(PrintPart.StepKind, PrintPart.Subject(id, part + 1), now);
            else target.Enqueue(SignOpening.StepKind, id, now);
        });
    }

    public Task FailedAsync(NodeDatabase store, string subject, string code, CancellationToken cancel) => Failure.StoreAsync((SourceDatabase)store, PrintPart.Read(subject).Wave, code, clock.GetUtcNow(), cancel);
}
