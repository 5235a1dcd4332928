using Bereik.Ledger;
using Bereik.Node.Requests;
using Bereik.Node.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Bereik.Node.Logs;

// Keeps what the hub says to have logged, until the log shows it.
internal sealed class LogPromises(IServiceScopeFactory scopes, TimeProvider clock) : ILogPromises
{
    // An answer that names more than this is none that a hub gives.
    private const int MostOfAnAnswer = 64;

    public async Task KeepAsync(IEnumerable<string> headers, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var store = new LogStore(scope.ServiceProvider.GetRequiredService<NodeDatabase>());
        foreach (var header in headers.Take(MostOfAnAnswer))
        {
            if (TryRead(header, out var index, out var leaf)) await store.KeepPromiseAsync(index, leaf, clock.GetUtcNow(), cancel);
        }
    }

    // "12 <44 characters of base64>"; what does not read so promises nothing.
    internal static bool TryRead(string header, out long index, out TreeHash leaf)
    {
        (index, leaf) = (-1, default);
        return header.Split(' ') is [var place, var hash] && place.Length is > 0 and <= 18 && !place.AsSpan().ContainsAnyExceptInRange('0', '9')
            && long.TryParse(place, out index) && TreeHash.TryParse(hash, out leaf);
    }
}
