using System.Net.Http.Headers;
using System.Text;
using Bereik.Node.Configuration;
using Bereik.Node.Storage;
using Bereik.Node.Work;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Bereik.Node.Events;

/// <summary>
/// Recurring step <c>event.send</c>: calls the organisation's software with each event, at least once, in the order of its exchange. Exchanges do not wait for each other, and one
/// that is stuck keeps one lane for ten seconds at the most.
/// </summary>
/// <param name="scopes">The node's services.</param>
/// <param name="settings">Where to.</param>
/// <param name="http">Plain HTTP: it follows no redirect and uses no proxy.</param>
/// <param name="clock">The node's clock.</param>
/// <param name="log">Says what is given up.</param>
public sealed partial class SendEvents(IServiceScopeFactory scopes, NodeSettings settings, HttpClient http, TimeProvider clock, ILogger<SendEvents> log) : IWorkStep
{
    /// <summary>Name of the step.</summary>
    public const string StepKind = "event.send";

    private const int AtOnce = 8;
    private const int MostInARun = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);
    private static readonly MediaTypeHeaderValue Jose = new("application/jose");

    /// <inheritdoc/>
    public string Kind => StepKind;

    /// <inheritdoc/>
    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        if (settings.Events is { } target)
        {
            var exchanges = await WithStoreAsync(store => FirstOfEach(store).Select(one => one.Exchange).ToListAsync(cancel));
            await Parallel.ForEachAsync(exchanges, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (exchange, stop) => await SendAsync(exchange, target, stop));
        }

        return WorkResult.Later(TimeSpan.FromSeconds(settings.PollSeconds));
    }

    // INVARIANT: the first that was not taken is the only one of its exchange that is ever sent.
    private IQueryable<NodeEvent> FirstOfEach(NodeDatabase store)
    {
        var now = clock.GetUtcNow();
        return store.Events.AsNoTracking().Where(one => one.DueAt != null && one.DueAt <= now && !store.Events.Any(before => before.Exchange == one.Exchange && before.Sequence < one.Sequence && before.DueAt != null));
    }

    private async Task SendAsync(string exchange, EventSettings target, CancellationToken cancel)
    {
        for (var sent = 0; sent < MostInARun; sent++)
        {
            if (await WithStoreAsync(store => FirstOfEach(store).SingleOrDefaultAsync(one => one.Exchange == exchange, cancel)) is not { } next) return;
            var isTaken = await CallAsync(target.Callback, next.Document, cancel);
            await WithStoreAsync(store => NoteAsync(store, next, isTaken, target.GiveUpDays, cancel));
            if (!isTaken) return;
        }
    }

    private async Task<bool> CallAsync(string address, string document, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            using var content = new ByteArrayContent(Encoding.ASCII.GetBytes(document)) { Headers = { ContentType = Jose } };
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address)) { Content = content };
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or IOException || (unreachable is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return false;
        }
    }

    private Task<int> NoteAsync(NodeDatabase store, NodeEvent sent, bool isTaken, int giveUpDays, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var stored = store.Events.Where(one => one.Sequence == sent.Sequence);
        if (isTaken) return stored.ExecuteUpdateAsync(set => set.SetProperty(one => one.AcknowledgedAt, now).SetProperty(one => one.DueAt, (DateTimeOffset?)null), cancel);
        if (now >= sent.At.AddDays(giveUpDays))
        {
            LogGivenUp(sent.Sequence, giveUpDays);
            return stored.ExecuteUpdateAsync(set => set.SetProperty(one => one.GivenUpAt, now).SetProperty(one => one.Attempts, sent.Attempts + 1).SetProperty(one => one.DueAt, (DateTimeOffset?)null), cancel);
        }

        var pause = TimeSpan.FromSeconds(Math.Min(Math.Pow(2, sent.Attempts), LongestPause.TotalSeconds));
        return stored.ExecuteUpdateAsync(set => set.SetProperty(one => one.DueAt, now + pause).SetProperty(one => one.Attempts, sent.Attempts + 1), cancel);
    }

    private async Task<T> WithStoreAsync<T>(Func<NodeDatabase, Task<T>> ask)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await ask(scope.ServiceProvider.GetRequiredService<NodeDatabase>());
    }

    [LoggerMessage(LogLevel.Warning, "Nobody took event {Sequence} in {Days} days; it is in the feed only.")]
    private partial void LogGivenUp(long sequence, int days);
}
