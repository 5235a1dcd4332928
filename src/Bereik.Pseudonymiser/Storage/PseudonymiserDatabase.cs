using Bereik.Ledger;
using Bereik.Node.Storage;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Pseudonymiser.Storage;

// The pseudonymiser's store: besides what every node keeps, append-only tables of evaluations, of what it cosigned, and of what it was shown and did not cosign.
internal sealed class PseudonymiserDatabase(DbContextOptions<PseudonymiserDatabase> options) : NodeDatabase(options)
{
    // Whoever has one signed checkpoint can send it with any proof; that fills no disk.
    private const int MostEvidence = 1000;

    public Task AddEvaluationAsync(string organisation, DateTimeOffset at, int points, CancellationToken cancel) =>
        Database.ExecuteSqlAsync($"INSERT INTO evaluation (organisation, at, points) VALUES ({organisation}, {at.ToUnixTimeMilliseconds()}, {points})", cancel);

    public async Task<CosignedCheckpoint?> LastCosignedAsync()
    {
        var rows = await Database.SqlQueryRaw<Row>("SELECT size AS Size, root AS Root, note AS Note, at AS At FROM cosigned ORDER BY sequence DESC LIMIT 1").ToListAsync();
        if (rows is not [var row]) return null;
        return TreeHash.TryParse(row.Root, out var root)
            ? new CosignedCheckpoint(row.Size, root, row.Note, DateTimeOffset.FromUnixTimeMilliseconds(row.At))
            : throw new InvalidDataException("A stored root does not have its shape.");
    }

    public Task AddCosignedAsync(Checkpoint checkpoint, SignedNote note, DateTimeOffset at) => Database.ExecuteSqlAsync(
        $"INSERT INTO cosigned (size, root, note, at) VALUES ({checkpoint.Size}, {checkpoint.Root.ToString()}, {note.ToString()}, {at.ToUnixTimeMilliseconds()})");

    // Whether a tree of this size was cosigned with another root.
    public async Task<bool> HasOtherRootAsync(Checkpoint checkpoint) =>
        (await Database.SqlQuery<int>($"SELECT 1 AS Value FROM cosigned WHERE size = {checkpoint.Size} AND root <> {checkpoint.Root.ToString()} LIMIT 1").ToListAsync()).Count > 0;

    public Task AddEvidenceAsync(string code, Checkpoint checkpoint, SignedNote note, DateTimeOffset at) => Database.ExecuteSqlAsync(
        $"""
        INSERT INTO witness_evidence (code, size, root, note, at) SELECT {code}, {checkpoint.Size}, {checkpoint.Root.ToString()}, {note.ToString()}, {at.ToUnixTimeMilliseconds()}
        WHERE (SELECT count(*) FROM witness_evidence) < {MostEvidence} ON CONFLICT DO NOTHING
        """);

    // The codes of what was kept, each once.
    public async Task<IReadOnlyList<string>> EvidenceAsync() => await Database.SqlQueryRaw<string>("SELECT DISTINCT code AS Value FROM witness_evidence").ToListAsync();

    private sealed record Row(long Size, string Root, string Note, long At);
}

// The last checkpoint that was cosigned, as the witness gave it back.
internal sealed record CosignedCheckpoint(long Size, TreeHash Root, string Note, DateTimeOffset At);
