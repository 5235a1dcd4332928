using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Node.Requests;
using Bereik.Node.Storage;
using Bereik.Node.Work;
using Bereik.Source.Requests;
using Bereik.Source.Waves;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Source.Features;

// Tells the hub what was decided; after a permit the envelope is made, or the wave of letters drawn.
internal sealed class SendDecision(SourceDatabase database, SourceSettings settings, NodeClient client, TimeProvider clock) : IWorkStep
{
    public const string StepKind = "decision.send";

    public string Kind => StepKind;

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        var request = await database.Requests.AsNoTracking().SingleAsync(candidate => candidate.Id == run.Subject, cancel);
        await client.PostAsync(settings.PeerOf(OrganisationKind.Hub).Id, $"/v1/orders/{request.Id}/decision", new { decision = request.DecisionJws }, cancel);
        if (request.State != RequestState.Approved) return WorkResult.Done();
        return WorkResult.Done<SourceDatabase>((target, _) =>
        {
            target.Enqueue(request.IsForLetters ? DrawWave.StepKind : BuildEnvelope.StepKind, run.Subject, clock.GetUtcNow());
            return Task.CompletedTask;
        });
    }

    public Task FailedAsync(NodeDatabase store, string subject, string code, CancellationToken cancel) => Failure.StoreAsync((SourceDatabase)store, subject, code, clock.GetUtcNow(), cancel);
}

// A request whose step failed for good.
internal static class Failure
{
    public static async Task StoreAsync(SourceDatabase database, string subject, string code, DateTimeOffset now, CancellationToken cancel)
    {
        // A refusal stays a refusal, also when the hub does not take it any more.
        if (await database.Requests.SingleAsync(request => request.Id == subject, cancel) is not { State: RequestState.Approved } request) return;
        (request.State, request.Code) = (code == "request.expired" ? RequestState.Expired : RequestState.Failed, code);
        database.Tell(EventTypes.ListEnded, request.Id, request.Recipient, now);
    }
}
