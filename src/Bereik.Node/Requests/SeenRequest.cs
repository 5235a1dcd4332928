using Bereik.Node.Storage;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Node.Requests;

// The id of a signed request, kept for as long as the request could be played again.
internal sealed class SeenRequest
{
    public required string Issuer { get; init; }

    public required string RequestId { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>Refuses a signed request the second time.</summary>
/// <param name="database">The node's store.</param>
/// <param name="clock">The node's clock.</param>
public sealed class ReplayGuard(NodeDatabase database, TimeProvider clock)
{
    private static long lastSweep;

    /// <summary>Remembers a request.</summary>
    /// <param name="issuer">Who signed it.</param>
    /// <param name="requestId">Its id.</param>
    /// <param name="expiresAt">When its signature ends.</param>
    /// <param name="cancel">Stops waiting for the store.</param>
    /// <returns>False when it was seen before.</returns>
    public async Task<bool> IsFirstAsync(string issuer, string requestId, DateTimeOffset expiresAt, CancellationToken cancel)
    {
        await SweepAsync(cancel);
        var until = expiresAt.AddMinutes(1).ToUnixTimeMilliseconds();
        return await database.Database.ExecuteSqlAsync(
            $"INSERT INTO seen_request (issuer, request_id, expires_at) VALUES ({issuer}, {requestId}, {until}) ON CONFLICT DO NOTHING", cancel) == 1;
    }

    private async Task SweepAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var last = Interlocked.Read(ref lastSweep);
        
        // The difference either way: after a clock was set back, old ids must not stay for as long as it had been ahead.
        if (Math.Abs(now.ToUnixTimeSeconds() - last) < 60 || Interlocked.CompareExchange(ref lastSweep, now.ToUnixTimeSeconds(), last) != last) return;
        await database.SeenRequests.Where(request => request.ExpiresAt < now).ExecuteDeleteAsync(cancel);
    }
}
