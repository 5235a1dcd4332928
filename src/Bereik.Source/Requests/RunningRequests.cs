using System.Text.Json;
using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Node.Decisions;
using Bereik.Node.Registers;
using Bereik.Node.Requests;
using Bereik.Source.Features;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Source.Requests;

// Requests that are not finished. Each of their steps reads the register and asks again whether they may go on.
internal sealed class RunningRequests(SourceDatabase database, SourceSettings settings, NodeKeys keys, ProtocolRegister register, RegisterReader reader, TimeProvider clock)
{
    // For a step of one request: never inside a transaction, since it calls the hub.
    public async Task<(Decision Decision, RegisterFacts Facts, Protocol? Protocol)> ReadAndDecideAsync(Request request, CancellationToken cancel)
    {
        await reader.ReadAsync(cancel);
        var asked = await DecideAsync(request, cancel);
        return asked.Decision.IsForStaleRegisterOnly ? throw new HttpRequestException("The register was read too long ago.") : asked;
    }

    // On the register as it was read last.
    public async Task<(Decision Decision, RegisterFacts Facts, Protocol? Protocol)> DecideAsync(Request request, CancellationToken cancel)
    {
        var protocol = request.FindProtocol(await register.ViewAsync(cancel));
        var facts = await register.FactsAsync(protocol, new OrganisationId(request.Recipient), cancel);
        return (Decide.Continue(protocol, facts, settings.AllowSyntheticNumbers), facts, protocol);
    }

    // Those that wait for a decision and those that were approved: stopped at every poll, after the register was read, whatever step they are at.
    public async Task StopWhatMayNotGoOnAsync(CancellationToken cancel)
    {
        var ids = await database.Requests.AsNoTracking().Where(request => request.State == RequestState.New || request.State == RequestState.Ready || request.State == RequestState.Approved)
            .Select(request => request.Id).ToListAsync(cancel);
        foreach (var id in ids)
        {
            await using var transaction = await database.Database.BeginTransactionAsync(cancel);
            var request = await database.Requests.SingleAsync(candidate => candidate.Id == id, cancel);
            var asked = await DecideAsync(request, cancel);
            if (asked.Decision.Outcome != Outcome.Permit && !asked.Decision.IsForStaleRegisterOnly) Stop(database, request, asked.Decision, asked.Facts, asked.Protocol);
            await database.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            database.ChangeTracker.Clear();
        }
    }

    // What was signed for it says no from here on, with every reason; the hub hears it unless it stopped the order itself.
    public void Stop(SourceDatabase target, Request request, Decision decision, RegisterFacts facts, Protocol? protocol)
    {
        if (request.State is not (RequestState.New or RequestState.Ready or RequestState.Approved)) return;
        var now = clock.GetUtcNow();
        var isUnsent = request.State != RequestState.Approved;
        DecideOrder.Sign(target, request, keys, [.. decision.Reasons.Select(reason => new DecisionReason { Code = reason.Code, Text = reason.Text })], permit: false, now);
        request.Reasons = JsonSerializer.Serialize(decision.Reasons.Select(RequestReason.Of));
        request.Code = decision.Reasons[0].Code;
        if (isUnsent) target.Enqueue(SendDecision.StepKind, request.Id, now);
        target.LogDecision(
            decision, new DecisionContext(now, DecisionPoint.Order, "order.continue", request.Id, request.Recipient, request.Protocol, request.ProtocolVersion, protocol?.Hash ?? ""), new { request.Flow, request.ReferenceMonth }, facts);
    }
}
