using Bereik.DevelopmentLogin;
using Bereik.Node.Ui;

// A login to practise with (nl: aanmelddienst om te oefenen): it believes whoever says to be one of its invented people. So it runs only where somebody said that
// this is development, and on this machine alone.
if (Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") != "Development")
{
    Console.Error.WriteLine("This login believes everybody and is for development only. It starts with DOTNET_ENVIRONMENT=Development, and nowhere else.");
    return 2;
}

if (args is not ["--config", var file])
{
    Console.Error.WriteLine("Say which settings to use: --config FILE.");
    return 2;
}

var (settings, problem) = LoginSettings.Read(file);
if (settings is null)
{
    Console.Error.WriteLine(problem);
    return 2;
}

var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
builder.Configuration.Sources.Clear();
builder.Configuration.AddInMemoryCollection([new("AllowedHosts", "localhost;127.0.0.1")]);
builder.WebHost.UseUrls(settings.Url).ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddSingleton(settings);
builder.Services.AddBereikUi(typeof(Provider).Assembly, (context, _) => ValueTask.FromResult(new PageFrame { Organisation = context.RequestServices.GetRequiredService<Texts>()["Login.Name"] }));
Provider.Add(builder.Services, settings);
var app = builder.Build();
app.UseBereikUi();
app.UseAuthentication();
app.MapBereikUi();
Provider.Map(app);
if (settings.StopWhenInputCloses) _ = StopWhenInputClosesAsync(app.Lifetime);
await app.RunAsync();
return 0;

static async Task StopWhenInputClosesAsync(IHostApplicationLifetime lifetime)
{
    await using var input = Console.OpenStandardInput();
    var ignored = new byte[256];
    while (await input.ReadAsync(ignored) > 0)
    {
        // Only its end counts.
    }

    lifetime.StopApplication();
}
