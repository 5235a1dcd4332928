using Bereik.Node.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Bereik.Node.Tests.Ui;

/// <summary>A real server with the pages, on a free loopback port.</summary>
internal sealed class UiHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private UiHost(WebApplication app)
    {
        _app = app;
        Client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(app.Urls.Single()) };
    }

    internal HttpClient Client { get; }

    internal static async Task<UiHost> Start(string environment = "Development")
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddBereikUi(typeof(UiHost).Assembly, static (_, _) => ValueTask.FromResult(new PageFrame
        {
            Organisation = "OCMW Aalst",
            Person = "Lies Janssens",
            Role = "maatschappelijk werker",
            Navigation = [new("Werklijst", "/stijl", 84), new("Toekenningen", "/toekenningen", 6), new("Aanvragen", "/aanvragen")],
        }));
        var app = builder.Build();
        app.UseBereikUi();
        app.MapBereikUi();
        app.MapGet("/gegevens", () => Results.Ok("geheim"));
        app.MapPost("/antwoord", (IFormCollection form) => Results.Ok(form.Count));
        await app.StartAsync();
        return new UiHost(app);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
