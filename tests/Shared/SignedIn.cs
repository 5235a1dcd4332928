using System.Text.Json.Nodes;
using Bereik.Exchange.Keys;
using Bereik.Node.Access;
using Bereik.Node.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Bereik.Tests.Shared;

// A browser of somebody who signed in at a node of the tests, with the passkey shown: the session is begun in the node's own store, past the login. Another one
// begins when the clock of the test has moved on.
internal sealed class SignedIn(Func<IServiceProvider> services, TimeProvider clock, string organisation, params Role[] roles)
    : DelegatingHandler(new HttpClientHandler { AllowAutoRedirect = false, UseProxy = false })
{
    public const string Name = "Lies Werker";
    private readonly SemaphoreSlim one = new(1, 1);
    private DateTimeOffset? since;
    private string cookie = "";

    public static string SubjectOf(params Role[] roles) => $"test-{string.Join('-', roles.Select(role => role.Word()))}";

    public string Subject { get; } = SubjectOf(roles);

    // What a node must know to let people in; the login itself is never asked.
    public static JsonObject Settings(string folder)
    {
        var file = Path.Combine(folder, "login-secret");
        if (!File.Exists(file)) KeyFile.WriteNew(file, "not used by these tests");
        return new JsonObject { ["authority"] = "https://127.0.0.1:1", ["clientId"] = "test", ["clientSecret"] = file, ["organisationCodes"] = new JsonArray("OVO000001") };
    }

    // Whoever has every role that never opens a row by itself: roles open pages, attestations open rows.
    public static Role[] All { get; } = [.. Enum.GetValues<Role>()];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Add("Cookie", await CookieAsync());
        return await base.SendAsync(request, cancellationToken);
    }

    public async Task<string> CookieAsync()
    {
        await one.WaitAsync();
        try
        {
            var now = clock.GetUtcNow();
            if (since is { } begun && (now - begun).Duration() < TimeSpan.FromMinutes(4)) return cookie;
            await using var scope = services().CreateAsyncScope();
            var value = await scope.ServiceProvider.GetRequiredService<Sessions>().BeginAsync(new Person(Subject, Name, roles), "", CancellationToken.None);
            var database = scope.ServiceProvider.GetRequiredService<NodeDatabase>();
            await database.Database.ExecuteSqlAsync($"UPDATE session SET proven_at = {now.ToUnixTimeMilliseconds()} WHERE subject = {Subject}");
            (since, cookie) = (now, $"bereik-{organisation}={value}");
            return cookie;
        }
        finally
        {
            one.Release();
        }
    }

    protected override void Dispose(bool disposing)
    {
        one.Dispose();
        base.Dispose(disposing);
    }
}
