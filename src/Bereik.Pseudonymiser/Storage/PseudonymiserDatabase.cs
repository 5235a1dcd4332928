using Bereik.Node.Storage;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Pseudonymiser.Storage;

// The pseudonymiser's store: besides what every node keeps, one append-only table of evaluations.
internal sealed class PseudonymiserDatabase(DbContextOptions<PseudonymiserDatabase> options) : NodeDatabase(options)
{
    public Task AddEvaluationAsync(string? organisation, DateTimeOffset at, int points, CancellationToken cancel) =>
        Database.ExecuteSqlAsync($"INSERT INTO evaluation (organisation, at, points) VALUES ({organisation}, {at.ToUnixTimeMilliseconds()}, {points})", cancel);
}
