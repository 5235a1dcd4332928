using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Node.Requests;
using Bereik.Node.Storage;
using Bereik.Node.Work;
using Bereik.Source.Requests;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Source.Features;

// Sends the envelope. The hub acknowledges before it compares anything, and the source never hears more.
internal sealed class DepositEnvelope(SourceDatabase database, SourceSettings settings, RunningRequests running, LoggedOrders logged, NodeClient client, TimeProvider clock) : IWorkStep
{
    public const string StepKind = "envelope.deposit";

    public string Kind => StepKind;

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        var request = await database.Requests.AsNoTracking().SingleAsync(candidate => candidate.Id == run.Subject, cancel);
        if (request.ExpiresAt <= clock.GetUtcNow()) return WorkResult.Failed("request.expired");
        var asked = await running.ReadAndDecideAsync(request, cancel);
        if (request.State != RequestState.Approved || asked.Decision.Outcome != Outcome.Permit)
        {
            return WorkResult.Failed<SourceDatabase>(request.Code ?? asked.Decision.Reasons[0].Code, async (target, stop) =>
            {
                if (asked.Decision.Outcome != Outcome.Permit) running.Stop(target, await target.Requests.SingleAsync(candidate => candidate.Id == run.Subject, stop), asked.Decision, asked.Facts, asked.Protocol);
                target.Enqueue(DeleteEnvelope.StepKind, run.Subject, clock.GetUtcNow());
            });
        }

        // INVARIANT: a key that was revoked, or a log that raised the alarm, since the package was sealed keeps it here.
        if (await logged.ReadGapAsync(request, cancel) is not null) return WorkResult.Later(TimeSpan.FromSeconds(settings.PollSeconds));
        await client.PutFileAsync(settings.PeerOf(OrganisationKind.Hub).Id, $"/v1/orders/{request.Id}/envelope", BuildEnvelope.FileOf(settings, request.Id), cancel);
        return WorkResult.Done<SourceDatabase>(async (target, stop) =>
        {
            (await target.Requests.SingleAsync(candidate => candidate.Id == run.Subject, stop)).State = RequestState.Deposited;
            target.Tell(EventTypes.ListDelivered, request.Id, request.Recipient, clock.GetUtcNow());
            target.Enqueue(DeleteEnvelope.StepKind, run.Subject, clock.GetUtcNow());
        });
    }

    public async Task FailedAsync(NodeDatabase store, string subject, string code, CancellationToken cancel)
    {
        await Failure.StoreAsync((SourceDatabase)store, subject, code, clock.GetUtcNow(), cancel);
        store.Enqueue(DeleteEnvelope.StepKind, subject, clock.GetUtcNow());
    }
}

// Removes the envelope's file, after the store says that it is not needed any more.
internal sealed class DeleteEnvelope(SourceSettings settings) : IWorkStep
{
    public const string StepKind = "envelope.delete";

    public string Kind => StepKind;

    public Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        File.Delete(BuildEnvelope.FileOf(settings, run.Subject));
        return Task.FromResult(WorkResult.Done());
    }
}
