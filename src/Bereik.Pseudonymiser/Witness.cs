using Bereik.Ledger;
using Bereik.Node;
using Bereik.Pseudonymiser.Storage;

namespace Bereik.Pseudonymiser;

// The mandatory witness of the public log (nl: getuige): cosigns a checkpoint only when it continues the last one that it cosigned.
internal sealed class Witness(NoteVerifier log, NoteSigner key, TimeProvider clock) : IDisposable
{
    // Comparing with the last checkpoint and storing the next is one step; the data folder belongs to one process.
    private readonly SemaphoreSlim gate = new(1);

    public NoteVerifier Verifier => key.Verifier;

    // INVARIANT: the new checkpoint is durable before its cosignature leaves, also when whoever asked is gone meanwhile.
    public async Task<WitnessAnswer> CosignAsync(PseudonymiserDatabase database, WitnessRequest request)
    {
        if (!Checkpoint.TryParse(request.Checkpoint.Text, out var next, out var wrong)) return new WitnessAnswer.Malformed(wrong);
        if (next.Origin != log.Name) return new WitnessAnswer.UnknownLog();
        if (!request.Checkpoint.IsSignedBy(log)) return new WitnessAnswer.NotSigned();
        if (request.OldSize > next.Size) return new WitnessAnswer.Malformed("witness.old");
        await gate.WaitAsync(CancellationToken.None);
        try
        {
            var last = await database.LastCosignedAsync();
            if (await database.HasOtherRootAsync(next)) await KeepEvidenceAsync(database, "log.forked", request, next);
            if (request.OldSize != (last?.Size ?? 0)) return new WitnessAnswer.OtherSize(last?.Size ?? 0);
            if (last is not null && last.Size == next.Size && last.Root != next.Root) return new WitnessAnswer.OtherRoot();
            if (!MerkleTree.IsConsistent(request.OldSize, last?.Root ?? TreeHash.OfEmptyTree, next.Size, next.Root, request.Proof))
            {
                await KeepEvidenceAsync(database, "log.inconsistent", request, next);
                return new WitnessAnswer.Inconsistent();
            }

            // A clock that was set back does not make a later cosignature look earlier.
            var now = DateTimeOffset.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds());
            var at = last is not null && last.At > now ? last.At : now;
            var cosignature = key.Sign(request.Checkpoint.Text, at);
            await database.AddCosignedAsync(next, Without(request.Checkpoint).With(cosignature), at);
            return new WitnessAnswer.Cosigned(cosignature);
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose()
    {
        gate.Dispose();
        key.Dispose();
    }

    private Task KeepEvidenceAsync(PseudonymiserDatabase database, string code, WitnessRequest request, Checkpoint checkpoint) =>
        database.AddEvidenceAsync(code, checkpoint, Without(request.Checkpoint), clock.GetUtcNow());

    // The log's own signatures alone: what others wrote under it is not this witness's to keep.
    private SignedNote Without(SignedNote note) => new(note.Text, [.. note.Signatures.Where(signature => signature.Name == log.Name && signature.KeyId == log.KeyId)]);
}

// What a witness answers (C2SP tlog-witness, add-checkpoint).
internal abstract record WitnessAnswer
{
    private WitnessAnswer()
    {
    }

    public sealed record Cosigned(NoteSignature Signature) : WitnessAnswer;

    public sealed record Malformed(string Code) : WitnessAnswer;

    public sealed record UnknownLog : WitnessAnswer;

    public sealed record NotSigned : WitnessAnswer;

    public sealed record OtherSize(long Size) : WitnessAnswer;

    public sealed record OtherRoot : WitnessAnswer;

    public sealed record Inconsistent : WitnessAnswer;
}

// Tells how far the witness is, and that it was shown what a log must never show.
internal sealed class WitnessHealth(PseudonymiserDatabase database) : IHealthPart
{
    public string Name => "witness";

    public async ValueTask<HealthReport> LookAsync(CancellationToken cancel)
    {
        var last = await database.LastCosignedAsync();
        var evidence = await database.EvidenceAsync();
        return new HealthReport(evidence.Count == 0, new { size = last?.Size ?? 0, cosignedAt = last?.At, forkSeen = evidence.Contains("log.forked"), inconsistentSeen = evidence.Contains("log.inconsistent") });
    }
}
