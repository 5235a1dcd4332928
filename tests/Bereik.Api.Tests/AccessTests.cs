using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Bereik.Node.Access;
using Bereik.Node.Requests;
using Bereik.Node.Storage;
using Bereik.Tests.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Bereik.Api.Tests;

// Who may call what, at every node: docs/access.md says it, the nodes are held to it, and each entry is tried by everybody.
[Collection(nameof(Nodes))]
public sealed class AccessTests(Nodes nodes)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static readonly string PageFile = Path.Combine(Repository, "docs", "access.md");

    [Fact]
    public async Task Table_OfRoutes_IsThatOfTheNodes()
    {
        var table = new StringBuilder("""
            # Who may call what

            Every route of every node. People need a right (docs/roles.md says which roles have it and how sure the node must be), suppliers' software a scope, nodes a signature with their pinned key; at
            the hub a token besides. This page is made from the nodes themselves; a test tries each row as everybody.

            | node | method | route | who |
            |---|---|---|---|

            """);
        foreach (var row in Nodes.Names.SelectMany(name => Routes(name).Select(route => $"| {name} | {route.Method} | `{route.Path}` | {route.Access} |"))) table.Append(row).Append('\n');
        if (Environment.GetEnvironmentVariable("BEREIK_WRITE_API") == "1") await File.WriteAllTextAsync(PageFile, table.ToString(), Cancel);
        (await File.ReadAllTextAsync(PageFile, Cancel)).ShouldBe(table.ToString(), "a route came, went or changed: look at it, then write the page with BEREIK_WRITE_API=1");
    }

    [Fact]
    public async Task Table_OfRoles_IsThatOfTheRights()
    {
        var roles = Enum.GetValues<Role>();
        var table = new StringBuilder($"""
            # Roles and rights

            A role comes from the login, in the claim `bereik_rol_3D` as `WORD:ORGANISATION`. It opens pages. Whether a row opens is decided on the attestation of the person, each time. Made from the code;
            [access.md](access.md) says which route needs which right.

            | right | what | sure by | {string.Join(" | ", roles.Select(role => $"`{role.Word()}`"))} |
            |---|---|---|{string.Concat(roles.Select(_ => "---|"))}

            """);
        foreach (var right in Rights.All) table.Append(System.Globalization.CultureInfo.InvariantCulture, $"| `{right.Name}` | {right.TextEnglish} | {SureBy(right.Assurance)} | {string.Join(" | ", roles.Select(role => right.Roles.Contains(role) ? "yes" : ""))} |\n");
        var page = Path.Combine(Repository, "docs", "roles.md");
        if (Environment.GetEnvironmentVariable("BEREIK_WRITE_API") == "1") await File.WriteAllTextAsync(page, table.ToString(), Cancel);
        (await File.ReadAllTextAsync(page, Cancel)).ShouldBe(table.ToString(), "write the page anew with BEREIK_WRITE_API=1");
    }

    private static string SureBy(Assurance assurance) => assurance switch
    {
        Assurance.SignedIn => "sign-in",
        Assurance.SecondFactor => "passkey",
        Assurance.Recent => "passkey, at most five minutes ago",
        _ => "passkey, at most five minutes ago, once somebody with this right has one",
    };

    [Theory]
    [InlineData("hub")]
    [InlineData("source")]
    [InlineData("local")]
    public async Task PeoplesRoute_ByEverybody_OpensToTheRolesOfItsRightAlone(string name)
    {
        var routes = Routes(name).Where(route => route.Rule is RouteAccess.People).ToList();
        routes.Count.ShouldBeGreaterThan(8);
        var cookies = new Dictionary<Role, string>();
        foreach (var role in Enum.GetValues<Role>()) cookies[role] = await SignInAsync(name, isProven: true, role);
        var unproven = await SignInAsync(name, isProven: false, Enum.GetValues<Role>());
        var elsewhere = await SignInAsync(name == "hub" ? "source" : "hub", isProven: true, Enum.GetValues<Role>());
        foreach (var route in routes)
        {
            var right = ((RouteAccess.People)route.Rule).Right;
            foreach (var (role, cookie) in cookies)
            {
                var (status, type, cause) = await AskAsync(name, route, cookie);
                if (right.Roles.Contains(role)) cause.ShouldNotBeOneOf("person.roleMissing", "session.unknown", "session.ended");
                else (status, type, cause).ShouldBe((403, "urn:problem-type:belgif:missingPermission", "person.roleMissing"), $"{route} as {role}");
                if (right.Roles.Contains(role)) status.ShouldNotBe(401, $"{route} as {role}");
            }

            (await AskAsync(name, route, null)).ShouldBe((401, "urn:problem-type:belgif:noAccessToken", null), $"{route} by nobody");
            (await AskAsync(name, route, NameAt(name) + "=" + elsewhere.Split('=')[1])).ShouldBe((401, "urn:problem-type:belgif:noAccessToken", "session.unknown"), $"{route} with a session of another organisation");
            if (right.Assurance is Assurance.SecondFactor or Assurance.Recent) (await AskAsync(name, route, unproven)).ShouldBe((403, "urn:problem-type:bereik:proofNeeded", null), $"{route} without a passkey");
        }

        // A session that ended ends for good, so each route needs a fresh one.
        foreach (var route in routes)
        {
            (await AskAsync(name, route, await SpoiltAsync(name, "seen_at = seen_at - 3600000"))).ShouldBe((401, "urn:problem-type:belgif:expiredAccessToken", "session.ended"), $"{route} after the time");
            (await AskAsync(name, route, await SpoiltAsync(name, "former = key, key = 'x' || id, former_until = 0"))).ShouldBe((401, "urn:problem-type:belgif:expiredAccessToken", "session.copied"), $"{route} with an earlier key");
        }
    }

    [Theory]
    [InlineData("hub")]
    [InlineData("source")]
    [InlineData("local")]
    [InlineData("pseudonymiser")]
    public async Task AnyonesRoute_ByNobody_IsNotClosed(string name)
    {
        foreach (var route in Routes(name).Where(route => route.Rule is RouteAccess.Anyone))
        {
            var (status, _, _) = await AskAsync(name, route, null);
            status.ShouldNotBeOneOf(401);
        }
    }

    private async Task<string> SpoiltAsync(string name, string change)
    {
        var cookie = await SignInAsync(name, isProven: true, Enum.GetValues<Role>());
        await using var scope = nodes.ServicesOf(name).CreateAsyncScope();
        var sql = $"UPDATE session SET {change} WHERE id = (SELECT max(id) FROM session)";
        await scope.ServiceProvider.GetRequiredService<NodeDatabase>().Database.ExecuteSqlRawAsync(sql, Cancel);
        return cookie;
    }

    private async Task<string> SignInAsync(string name, bool isProven, params Role[] roles)
    {
        await using var scope = nodes.ServicesOf(name).CreateAsyncScope();
        var value = await scope.ServiceProvider.GetRequiredService<Sessions>().BeginAsync(new Person(SignedIn.SubjectOf(roles), "Iemand", roles), "", Cancel);
        var now = scope.ServiceProvider.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds();
        if (isProven) await scope.ServiceProvider.GetRequiredService<NodeDatabase>().Database.ExecuteSqlAsync($"UPDATE session SET proven_at = {now} WHERE id = (SELECT max(id) FROM session)", Cancel);
        return $"{NameAt(name)}={value}";
    }

    private string NameAt(string name) => $"bereik-{nodes.OrganisationOf(name)}";

    private async Task<(int Status, string? Type, string? Cause)> AskAsync(string name, Route route, string? cookie)
    {
        using var request = new HttpRequestMessage(new HttpMethod(route.Method), new Uri(nodes.Url(name) + route.Filled));
        request.Headers.Accept.ParseAdd("application/json");
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        using var answer = await nodes.SendAsync(request);
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json") return ((int)answer.StatusCode, null, null);
        var problem = (await answer.Content.ReadFromJsonAsync<JsonObject>(Cancel))!;
        return ((int)answer.StatusCode, (string?)problem["type"], (string?)problem["cause"]);
    }

    private List<Route> Routes(string name) => Route.Of(nodes.ServicesOf(name));

    private static string Repository
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "Bereik.slnx"))) folder = folder.Parent!;
            return folder.FullName;
        }
    }
}
