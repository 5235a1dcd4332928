using System.Reflection;
using Bereik.Node.Access;
using Bereik.Node.Api;
using Bereik.Node.Configuration;
using Bereik.Node.Errors;
using Bereik.Node.Events;
using Bereik.Node.Logging;
using Bereik.Node.Machines;
using Bereik.Node.Registers;
using Bereik.Node.Requests;
using Bereik.Node.Storage;
using Bereik.Node.Ui;
using Bereik.Node.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bereik.Node;

/// <summary>
/// What every node does in the same way: read its settings, lock its data folder, bring its store up to date, guard its routes and
/// do its durable work. A node's <c>Program.cs</c> adds its services and routes, and reads as a table of contents.
/// </summary>
/// <typeparam name="TSettings">The node's settings.</typeparam>
/// <typeparam name="TDatabase">The node's store.</typeparam>
public sealed class NodeApplication<TSettings, TDatabase>
    where TSettings : NodeSettings
    where TDatabase : NodeDatabase
{
    // Result codes of SQLite that say something about the file, not about this program.
    private const int ReadOnly = 8, DiskTrouble = 10, Damaged = 11, DiskFull = 13, CannotOpen = 14, NotADatabase = 26;

    internal NodeApplication(TSettings settings, NodeKeys keys)
    {
        Settings = settings;
        Keys = keys;
        Builder = CreateBuilder();
    }

    /// <summary>The checked settings.</summary>
    public TSettings Settings { get; }

    /// <summary>The node's signing key and its peers' keys.</summary>
    public NodeKeys Keys { get; }

    /// <summary>Where the node adds its services.</summary>
    public WebApplicationBuilder Builder { get; }

    /// <summary>The node's services.</summary>
    public IServiceCollection Services => Builder.Services;

    private WebApplicationBuilder CreateBuilder()
    {
        // Temporary files (request bodies beyond 64 kB) stay in the node's own folder, which is scanned and backed up as one.
        var temporary = Path.Combine(Settings.DataFolder, "tmp");
        if (Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true);
        Directory.CreateDirectory(temporary);
        Environment.SetEnvironmentVariable("ASPNETCORE_TEMP", temporary);

        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, ApplicationName = Assembly.GetEntryAssembly()!.GetName().Name });

        // SECURITY: the settings file alone decides. Left in, an environment variable could make the node listen on another address.
        foreach (var source in builder.Configuration.Sources.Where(source => source is not MemoryConfigurationSource).ToList()) builder.Configuration.Sources.Remove(source);
        builder.Configuration.AddInMemoryCollection([new("AllowedHosts", $"localhost;127.0.0.1;[::1];{Settings.PublicAddress.Host}")]);
        builder.WebHost.UseUrls(Settings.Url).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyLimit.Ordinary;
            kestrel.Limits.MinRequestBodyDataRate = null;
        });

        builder.Logging.ClearProviders();
        builder.Logging.AddConsole(console => console.FormatterName = NodeLogFormatter.FormatterName).AddConsoleFormatter<NodeLogFormatter, Microsoft.Extensions.Logging.Console.ConsoleFormatterOptions>();
        builder.Logging.SetMinimumLevel(LogLevel.Information);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("System", LogLevel.Warning);

        // It tells of every request that it was one, and warns where something is wrong.
        builder.Logging.AddFilter("OpenIddict", LogLevel.Warning);
        // What broke in a request is logged once, with the id that its answer has.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddleware", LogLevel.None);

        // SECURITY: EF Core writes the text of exceptions and of commands into its own messages. What matters of it is thrown, and logged there.
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.None);

        // The keys that protect forms lie in the data folder, like the store itself.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);

        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(Settings);
        builder.Services.AddSingleton<NodeSettings>(Settings);
        builder.Services.AddSingleton(Keys);
        builder.Services.AddSingleton(_ => new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false }) { Timeout = TimeSpan.FromMinutes(10) });
        builder.Services.AddSingleton<NodeClient>();
        builder.Services.AddScoped<ReplayGuard>();
        builder.Services.AddSingleton<PersonCheck>();
        builder.Services.AddSingleton<NodeCheck>();
        builder.Services.AddSingleton<MachineCheck>();
        builder.Services.AddSingleton<TokenKeys>();
        builder.Services.AddSingleton<AccessTokens>();
        builder.Services.AddSingleton<CallerLimits>();
        builder.Services.AddNodeApi();
        builder.Services.AddAntiforgery(form =>
        {
            form.Cookie.Name = $"bereik-form-{Settings.Organisation}";
            form.FormFieldName = "_form";
            form.SuppressXFrameOptionsHeader = true;
        });
        SignInSetup.Add(builder.Services, Settings);
        builder.Services.AddDataProtection().SetApplicationName(Settings.Organisation).PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(Settings.DataFolder, "form-keys")));
        builder.Services.Configure<JsonOptions>(json =>
        {
            json.SerializerOptions.UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow;
            json.SerializerOptions.NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict;
            json.SerializerOptions.DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull;
        });

        builder.Services.Configure<RouteHandlerOptions>(routing => routing.ThrowOnBadRequest = true);
        builder.Services.AddDbContext<TDatabase>(options => SqliteTuning.Use(options, Settings).AddInterceptors(new EventSigning(Settings, Keys)));
        builder.Services.AddScoped<NodeDatabase>(scope => scope.GetRequiredService<TDatabase>());
        builder.Services.AddSingleton<RegisterCache>();
        builder.Services.AddScoped<ProtocolRegister>();
        builder.Services.AddScoped<RegisterReader>();
        builder.Services.AddScoped<RegisterDesk>();
        builder.Services.AddSingleton<AccessionsTold>();
        builder.Services.AddScoped<AccessionNews>();
        builder.Services.AddSingleton(new CrashPoints(Settings.CrashAt, Settings.DataFolder));
        builder.Services.AddSingleton<WorkSignal>();
        builder.Services.AddSingleton<WorkProgress>();
        builder.Services.AddHostedService<WorkRunner>();
        return builder;
    }

    internal async Task<int> RunAsync(Action<WebApplication> routes, Func<TDatabase, TSettings, NodeKeys, DateTimeOffset, Task>? start)
    {
        await using var app = Builder.Build();
        try
        {
            await using var scope = app.Services.CreateAsyncScope();
            var database = scope.ServiceProvider.GetRequiredService<TDatabase>();
            var now = scope.ServiceProvider.GetRequiredService<TimeProvider>().GetUtcNow();
            await Migrator.MigrateAsync(database, now, CancellationToken.None);

            // A register that was changed by another hand shows before anything is served or decided.
            await scope.ServiceProvider.GetRequiredService<ProtocolRegister>().ViewAsync(CancellationToken.None);
            if (start is not null) await start(database, Settings, Keys, now);
            foreach (var one in scope.ServiceProvider.GetServices<NodeStart>()) await one.RunAsync(scope.ServiceProvider, CancellationToken.None);
        }
        catch (StoreMismatchException mismatch)
        {
            return NodeHost.Fail(mismatch.Message);
        }
        catch (NodeStartException stopped)
        {
            return NodeHost.Fail(stopped.Message);
        }
        catch (RegisterBrokenException broken)
        {
            return NodeHost.Fail($"{broken.Message} The store was changed outside this program, or another hub told it. Nothing is served.");
        }
        catch (SqliteException broken) when (broken.SqliteErrorCode is NotADatabase or Damaged or ReadOnly or CannotOpen or DiskTrouble or DiskFull)
        {
            return NodeHost.Fail("The store 'node.db' in this node's data folder cannot be read or written: it is damaged, no store at all, or its disk is full or closed to this node.");
        }

        app.UseTrace();
        app.UseSensitiveInputGuard();
        app.UseRouting();
        app.UseAuthentication();
        if (app.Services.GetService<PageFrameSource>() is null) app.UseBereikPageHeaders().UseRequestLocalization(Language.Options());
        else app.UseBereikUi();
        app.UseExceptionHandler(error => error.Run(AnswerExceptionAsync));
        app.UseMiddleware<AccessGate>();
        app.UseOperationGuard();
        app.MapGet("/health", Health.TellAsync).ForAnyone().WithoutLimit().As(Health.Api);
        app.MapNodeApi();
        if (app.Services.GetService<PageFrameSource>() is not null) app.MapPeople();
        routes(app);
        if (FindUndeclared(app) is { } undeclared) return NodeHost.Fail($"Route '{undeclared}' does not say, or says twice, who may call it. Nothing is served.");
        if (Settings.StopWhenInputCloses) _ = StopWhenInputClosesAsync(app.Lifetime);
        try
        {
            await app.RunAsync();
            return 0;
        }
        catch (IOException inUse) when (inUse.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            return NodeHost.Fail($"The address {Settings.Url} is in use. Choose another port, or stop what uses it.");
        }
    }

    // SECURITY: the gate would keep such a route closed; a node with one is not finished, and that shows before it listens.
    private static string? FindUndeclared(IEndpointRouteBuilder app) => app.DataSources.SelectMany(source => source.Endpoints)
        .FirstOrDefault(endpoint => endpoint.Metadata.GetOrderedMetadata<RouteAccess>().Count != 1) is { } endpoint ? (endpoint as RouteEndpoint)?.RoutePattern.RawText ?? endpoint.DisplayName ?? "?" : null;

    private static async Task StopWhenInputClosesAsync(IHostApplicationLifetime lifetime)
    {
        await using var input = Console.OpenStandardInput();
        var ignored = new byte[256];
        while (await input.ReadAsync(ignored) > 0)
        {
            // What is said there means nothing; only its end counts.
        }

        lifetime.StopApplication();
    }

    private static Task AnswerExceptionAsync(HttpContext context)
    {
        var error = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        if (error is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }) return ErrorCatalogue.TooLarge.Problem().ExecuteAsync(context);
        if (error is BadHttpRequestException) return ErrorCatalogue.BadRequest.Problem().ExecuteAsync(context);
        RequestLog.Broken(context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Bereik.Node.Requests"), context.TraceId(), error);
        return ErrorCatalogue.Internal.Problem().ExecuteAsync(context);
    }
}

internal static partial class RequestLog
{
    [LoggerMessage(LogLevel.Error, "A request ended because of a fault in the node itself; trace {TraceId}.")]
    public static partial void Broken(ILogger log, Guid traceId, Exception? error);
}
