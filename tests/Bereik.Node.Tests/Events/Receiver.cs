using System.Collections.Concurrent;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Signatures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Bereik.Node.Tests.Events;

// The software of an organisation: takes what it is called with, or answers what a test says.
internal sealed class Receiver : IAsyncDisposable
{
    private readonly Func<ExchangeEvent, int, Task<IResult>> answer;
    private readonly ConcurrentDictionary<Guid, int> tries = new();
    private WebApplication server = null!;

    private Receiver(Func<ExchangeEvent, int, Task<IResult>> answer) => this.answer = answer;

    public string Url { get; private set; } = "";

    // Every call, in its order.
    public ConcurrentQueue<(ExchangeEvent Event, string Body, string? Type)> Calls { get; } = new();

    // What was acknowledged, in its order.
    public ConcurrentQueue<ExchangeEvent> Taken { get; } = new();

    // Calls at another path than that of the setting.
    public int Elsewhere { get; private set; }

    public static async Task<Receiver> StartAsync(Func<ExchangeEvent, int, Task<IResult>>? answer = null, int? port = null)
    {
        var receiver = new Receiver(answer ?? ((_, _) => Task.FromResult(Results.NoContent())));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        receiver.server = builder.Build();
        receiver.server.Urls.Add($"http://127.0.0.1:{port ?? 0}");
        receiver.server.MapPost("/bereik", (Delegate)receiver.TakeAsync);
        receiver.server.MapFallback(() =>
        {
            receiver.Elsewhere++;
            return Results.NoContent();
        });
        await receiver.server.StartAsync();
        receiver.Url = $"{receiver.server.Urls.Single()}/bereik";
        return receiver;
    }

    private async Task<IResult> TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        var told = SignedDocument.Parse<ExchangeEvent>(body).Value.Document;
        Calls.Enqueue((told, body, context.Request.ContentType));
        var result = await answer(told, tries.AddOrUpdate(told.Id, 1, (_, count) => count + 1));
        if (result is IStatusCodeHttpResult { StatusCode: >= 200 and < 300 }) Taken.Enqueue(told);
        return result;
    }

    public async Task UntilAsync(Func<bool> holds)
    {
        for (var i = 0; i < 800; i++)
        {
            if (holds()) return;
            await Task.Delay(25);
        }

        throw new TimeoutException($"Not within its time: {Calls.Count} calls, {Taken.Count} taken.");
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
