using Bereik.Domain;
using Bereik.Edge;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Signatures;
using Bereik.Node.Requests;
using Bereik.Node.Storage;
using Bereik.Node.Work;
using Bereik.Source.Features;
using Bereik.Source.Requests;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Source.Waves;

// Signs that all of a wave is at the hub. Kept before it is sent, so that what the public log then says in this source's name is known for its own.
internal sealed class SignOpening(SourceDatabase database, SourceSettings settings, EdgeKeys edgeKeys, NodeKeys keys, TimeProvider clock) : IWorkStep
{
    public const string StepKind = "wave.sign";

    public string Kind => StepKind;

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        var request = await database.Requests.AsNoTracking().SingleAsync(candidate => candidate.Id == run.Subject, cancel);
        var wave = await database.Waves.AsNoTracking().SingleAsync(candidate => candidate.Id == run.Subject, cancel);
        var parts = await database.WaveParts.AsNoTracking().Where(part => part.Wave == run.Subject).OrderBy(part => part.Part).Select(part => part.Digest).ToListAsync(cancel);
        if (request.State != RequestState.Approved) return WorkResult.Failed(request.Code ?? "request.state");
        if (edgeKeys.SealingKeyOf(request.Recipient) is not { } recipient) return WorkResult.Failed("recipient.keyMissing");
        File.Delete(Path.Combine(WaveFiles.FolderOf(settings, run.Subject), WaveFiles.SealedName(wave.PartCount - 1)));
        var order = request.ReadOrder();
        var now = clock.GetUtcNow();
        var opening = SignedDocument.Sign(
            new WaveOpening
            {
                Id = order.Document.Id,
                Order = order.Hash,
                ProtocolHash = order.Document.ProtocolHash,
                RecipientKid = recipient.Kid,
                SourceKid = keys.Signing.Kid,
                Notice = Read(wave.Notice),
                Letters = wave.Letters,
                Parts = [.. parts.Select(Read)],
                OpensOn = wave.OpensOn,
                AnswerBy = wave.AnswerBy,
                At = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()),
            },
            keys.Signing);
        return WorkResult.Done<SourceDatabase>(async (target, stop) =>
        {
            (await target.Waves.SingleAsync(candidate => candidate.Id == run.Subject, stop)).OpeningJws = opening.Compact;
            (await target.Requests.SingleAsync(candidate => candidate.Id == run.Subject, stop)).Manifest = opening.Hash.ToString();
            target.Enqueue(OpenWave.StepKind, run.Subject, clock.GetUtcNow());
        });
    }

    public Task FailedAsync(NodeDatabase store, string subject, string code, CancellationToken cancel) => Failure.StoreAsync((SourceDatabase)store, subject, code, clock.GetUtcNow(), cancel);

    private static Bytes32 Read(string? text) => Bytes32.TryParse(text, out var value) ? value : throw new InvalidDataException("A stored hash does not have its shape.");
}

// Sends the opening. From then on letters can be answered, and handed to the printer; and the key of the codes is destroyed: nobody can make one again.
internal sealed class OpenWave(SourceDatabase database, SourceSettings settings, RunningRequests running, LoggedOrders logged, NodeClient client, TimeProvider clock) : IWorkStep
{
    public const string StepKind = "wave.open";

    public string Kind => StepKind;

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        var request = await database.Requests.AsNoTracking().SingleAsync(candidate => candidate.Id == run.Subject, cancel);
        var wave = await database.Waves.AsNoTracking().SingleAsync(candidate => candidate.Id == run.Subject, cancel);

        var late = request.ExpiresAt <= clock.GetUtcNow() ? "request.expired" : wave.OpensOn < clock.Today() ? WaveCode.Late : null;
        if (late is not null) return await IsOpenAsync(request, cancel) ? Opened(request) : WorkResult.Failed(late);
        var asked = await running.ReadAndDecideAsync(request, cancel);
        if (request.State == RequestState.Approved && asked.Decision.Outcome != Outcome.Permit && await IsOpenAsync(request, cancel)) return Opened(request);
        if (request.State != RequestState.Approved || asked.Decision.Outcome != Outcome.Permit)
        {
            return WorkResult.Failed<SourceDatabase>(request.Code ?? asked.Decision.Reasons[0].Code, async (target, stop) =>
            {
                if (asked.Decision.Outcome != Outcome.Permit) running.Stop(target, await target.Requests.SingleAsync(candidate => candidate.Id == run.Subject, stop), asked.Decision, asked.Facts, asked.Protocol);
            });
        }

        if (await logged.ReadGapAsync(request, cancel) is not null) return WorkResult.Later(TimeSpan.FromSeconds(settings.PollSeconds));
        await client.PostAsync(settings.PeerOf(OrganisationKind.Hub).Id, $"/v1/orders/{request.Id}/opening", new { opening = wave.OpeningJws }, cancel);
        return Opened(request);
    }

    // INVARIANT: a wave that the hub opened is open here too, whatever was lost on the way back: else letters could be answered that were never posted.
    private async Task<bool> IsOpenAsync(Request request, CancellationToken cancel) =>
        (await client.GetAsync<OpenedOrder>(settings.PeerOf(OrganisationKind.Hub).Id, $"/v1/orders/{request.Id}", cancel)).State == "deposited";

    private WorkResult Opened(Request request) => WorkResult.Done<SourceDatabase>(async (target, stop) =>
    {
        var now = clock.GetUtcNow();
        (await target.Requests.SingleAsync(candidate => candidate.Id == request.Id, stop)).State = RequestState.Deposited;
        (await target.Waves.SingleAsync(candidate => candidate.Id == request.Id, stop)).State = WaveState.Opened;
        target.Tell(EventTypes.ListDelivered, request.Id, request.Recipient, now);
        await WaveKey.DestroyAsync(target, request.Id, now, stop);
    });

    // What the hub tells of the order.
    private sealed record OpenedOrder(string State);

    public Task FailedAsync(NodeDatabase store, string subject, string code, CancellationToken cancel) => Failure.StoreAsync((SourceDatabase)store, subject, code, clock.GetUtcNow(), cancel);
}

// The end of a wave key (nl: vernietiging van de sleutel van een golf).
internal static class WaveKey
{
    // Overwritten in its place and taken out, in the transaction of the caller; the store overwrites what it frees, and the step then empties the write-ahead log in which older pages stand.
    public static async Task DestroyAsync(SourceDatabase target, string wave, DateTimeOffset now, CancellationToken cancel)
    {
        await target.Database.ExecuteSqlAsync($"UPDATE wave SET wave_key = zeroblob(length(wave_key)) WHERE id = {wave} AND wave_key IS NOT NULL", cancel);
        await target.Database.ExecuteSqlAsync($"UPDATE wave SET wave_key = NULL WHERE id = {wave}", cancel);
        target.Enqueue(ScrubWaveKey.StepKind, wave, now);
    }
}

// Empties the write-ahead log after a wave key was taken out, and says in the register of decisions that the key is gone.
internal sealed class ScrubWaveKey(SourceDatabase database, SourceSettings settings, TimeProvider clock) : IWorkStep
{
    public const string StepKind = "wave.scrub";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public string Kind => StepKind;

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        await database.Database.OpenConnectionAsync(cancel);
        await using var checkpoint = database.Database.GetDbConnection().CreateCommand();

        // Short: while it waits for readers, nobody can write.
        checkpoint.CommandText = "PRAGMA busy_timeout = 500";
        await checkpoint.ExecuteNonQueryAsync(cancel);
        checkpoint.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        var isBusy = await checkpoint.ExecuteScalarAsync(cancel) is not 0L;
        checkpoint.CommandText = "PRAGMA busy_timeout = 30000";
        await checkpoint.ExecuteNonQueryAsync(cancel);
        if (isBusy) return WorkResult.Later(Pause);
        return WorkResult.Done<SourceDatabase>(async (target, stop) =>
        {
            var request = await target.Requests.AsNoTracking().SingleAsync(candidate => candidate.Id == run.Subject, stop);
            target.LogAct("wave.keyDestroyed", run.Subject, settings.Organisation, new { }, clock.GetUtcNow(), request);
        });
    }
}
