using Bereik.Ledger;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Bereik.Source.Tests;

// The pseudonymiser as a real hub's witness (C2SP tlog-witness): it signs whatever it is shown, which is not what is under test here.
internal sealed class TestWitness(NoteSigner key, TimeProvider clock) : IAsyncDisposable
{
    private WebApplication? app;

    // The last checkpoint that it signed, with its signature; null before the first.
    public SignedNote? Last { get; private set; }

    // A server of its own, for a hub that needs nothing else of the pseudonymiser.
    public async Task<string> ServeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        app = builder.Build();
        var url = $"http://127.0.0.1:{TestSource.FreePort()}";
        app.Urls.Add(url);
        Map(app);
        await app.StartAsync();
        return url;
    }

    public void Map(WebApplication server) => server.MapPost("/add-checkpoint", async (HttpRequest request) =>
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        if (!WitnessRequest.TryParse(body.ToArray(), out var asked, out _)) return Results.BadRequest();
        var signature = key.Sign(asked.Checkpoint.Text, clock.GetUtcNow());
        Last = asked.Checkpoint.With(signature);
        return Results.Text($"{signature}\n", "text/plain");
    });

    public async ValueTask DisposeAsync()
    {
        if (app is not null) await app.DisposeAsync();
    }
}
