using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Bereik.Cli.Network;
using Bereik.Node.Access;
using Bereik.Node.Requests;
using Bereik.Node.Tests.Foundation;
using Bereik.Node.Tests.Logs;
using Bereik.Node.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Bereik.Node.Tests.Access;

// Sessions and passkeys at a real node, with the clock of the test.
public sealed partial class SessionTests
{
    private static readonly Person Worker = new("w1", "Noor Janssens", [Role.SocialWorker]);
    private static readonly Person Other = new("w2", "Bram Peeters", [Role.SocialWorker]);

    private readonly MovableClock clock = new(new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Session_InUse_GetsANewKeyAndTheOldOneEndsBothWhenItComesBack()
    {
        await using var node = await StartAsync();
        var first = await BeginAsync(node, Worker);
        clock.Move(Sessions.LongestKey + TimeSpan.FromSeconds(1));
        using var renewing = await GetAsync(node, "/mine", first);
        renewing.StatusCode.ShouldBe(HttpStatusCode.OK);
        var second = Cookie(renewing).ShouldNotBeNull();
        second.ShouldNotBe(first);

        // What was under way when the key changed still comes through.
        (await StatusAsync(node, "/mine", first)).ShouldBe(HttpStatusCode.OK);
        clock.Move(TimeSpan.FromMinutes(1));
        (await StatusAsync(node, "/mine", second)).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(node, "/mine", first)).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(node, "/mine", second)).ShouldBe(HttpStatusCode.Unauthorized, "one of the two was stolen");
    }

    [Fact]
    public async Task Session_IdleOrTooLong_HasEnded()
    {
        await using var node = await StartAsync();
        var idle = await BeginAsync(node, Worker);
        clock.Move(Sessions.LongestIdle);
        (await StatusAsync(node, "/mine", idle)).ShouldBe(HttpStatusCode.Unauthorized);

        var cookie = await BeginAsync(node, Worker);
        for (var passed = TimeSpan.Zero; passed < Sessions.LongestLife - TimeSpan.FromMinutes(9); passed += TimeSpan.FromMinutes(9))
        {
            clock.Move(TimeSpan.FromMinutes(9));
            using var answer = await GetAsync(node, "/mine", cookie);
            if (clock.GetUtcNow() < Begun + Sessions.LongestIdle + Sessions.LongestLife) answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            cookie = Cookie(answer) ?? cookie;
        }

        clock.Move(TimeSpan.FromMinutes(9));
        (await StatusAsync(node, "/mine", cookie)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static DateTimeOffset Begun => new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Session_FromAnotherBrowser_EndsForBoth()
    {
        await using var node = await StartAsync();
        var cookie = await BeginAsync(node, Worker);
        (await StatusAsync(node, "/mine", cookie, "Mozilla/5.0 (elsewhere)")).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(node, "/mine", cookie)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Store_OfSessions_HoldsNoKeyThatOpensOne()
    {
        await using var node = await StartAsync();
        var cookie = await BeginAsync(node, Worker);
        var stored = Query(node, "SELECT key FROM session").ShouldHaveSingleItem();
        stored.ShouldNotBe(cookie);
        (await StatusAsync(node, "/mine", stored)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Form_OpenedByAnother_IsNotTaken()
    {
        await using var node = await StartAsync();
        var (mine, theirs) = (await BeginAsync(node, Worker), await BeginAsync(node, Other));
        using var page = await GetAsync(node, "/account", mine);
        var (token, form) = (Token().Match(await page.Content.ReadAsStringAsync(Cancel)).Groups[1].Value, FormCookie(page));
        (await PostAsync(node, "/account/overal-afmelden", $"{form}; bereik-ocmw-aalst={theirs}", token)).ShouldBe((HttpStatusCode.Forbidden, "form.stale"));
        (await PostAsync(node, "/account/overal-afmelden", $"bereik-ocmw-aalst={mine}", token)).ShouldBe((HttpStatusCode.Forbidden, "form.stale"));
        (await PostAsync(node, "/account/overal-afmelden", $"{form}; bereik-ocmw-aalst={mine}", token)).Status.ShouldBe(HttpStatusCode.Found);
        (await StatusAsync(node, "/mine", mine)).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(node, "/mine", theirs)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Passkey_EnrolledWithItsCode_OpensAndNothingElseDoes()
    {
        await using var node = await StartAsync();
        var cookie = await BeginAsync(node, Worker);
        (await StatusAsync(node, "/rows", cookie)).ShouldBe(HttpStatusCode.Forbidden);
        var site = new Uri((string)node.Settings["publicUrl"]!);
        var code = await WithAsync(node, passkeys => passkeys.MakeCodeAsync(Worker.Subject, Cancel));

        // Of somebody else, and a wrong one.
        var other = await BeginAsync(node, Other);
        (await AskAsync(node, "/sleutel/nieuw/vraag", other, code)).ShouldBe((HttpStatusCode.Forbidden, "passkey.code"));
        (await AskAsync(node, "/sleutel/nieuw/vraag", cookie, "AAAA-AAAA-AAAA-AAAA")).ShouldBe((HttpStatusCode.Forbidden, "passkey.code"));

        var key = new SoftPasskey(site);
        var (asked, question) = await AskAsync(node, "/sleutel/nieuw/vraag", cookie, code.ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal));
        asked.ShouldBe(HttpStatusCode.OK);

        // For another site, as a page that imitates this one would get it.
        (await AskAsync(node, "/sleutel/nieuw/antwoord", cookie, new SoftPasskey(new Uri("http://elsewhere.example")).Enrol(question!))).ShouldBe((HttpStatusCode.Forbidden, "passkey.refused"));
        (_, question) = await AskAsync(node, "/sleutel/nieuw/vraag", cookie, code);
        var answer = key.Enrol(question!);
        (await AskAsync(node, "/sleutel/nieuw/antwoord", cookie, answer)).Status.ShouldBe(HttpStatusCode.NoContent);
        var proven = last!;
        (await StatusAsync(node, "/rows", proven)).ShouldBe(HttpStatusCode.OK);
        (await AskAsync(node, "/sleutel/nieuw/vraag", proven, code)).ShouldBe((HttpStatusCode.Forbidden, "passkey.code"));
        (await AskAsync(node, "/sleutel/nieuw/antwoord", proven, answer)).ShouldBe((HttpStatusCode.Forbidden, "passkey.refused"));

        // Another session begins unproven; an answer counts once, and to its own question.
        cookie = await BeginAsync(node, Worker);
        (await StatusAsync(node, "/rows", cookie)).ShouldBe(HttpStatusCode.Forbidden);
        (_, question) = await AskAsync(node, "/sleutel/vraag", cookie, "");
        answer = key.Answer(question!);
        var bent = answer.Replace("\"signature\":\"M", "\"signature\":\"N", StringComparison.Ordinal);
        (await AskAsync(node, "/sleutel/antwoord", cookie, bent)).ShouldBe((HttpStatusCode.Forbidden, "passkey.refused"));
        (await AskAsync(node, "/sleutel/antwoord", cookie, answer)).ShouldBe((HttpStatusCode.Forbidden, "passkey.refused"), "the question was used up");
        (_, question) = await AskAsync(node, "/sleutel/vraag", cookie, "");
        (await AskAsync(node, "/sleutel/antwoord", cookie, key.Answer(question!))).Status.ShouldBe(HttpStatusCode.NoContent);
        (await StatusAsync(node, "/rows", last!)).ShouldBe(HttpStatusCode.OK);

        // Recent is five minutes.
        (await StatusAsync(node, "/export", last!)).ShouldBe(HttpStatusCode.OK);
        clock.Move(Sessions.RecentProof + TimeSpan.FromSeconds(1));
        (await StatusAsync(node, "/export", last!)).ShouldBe(HttpStatusCode.Forbidden);
        (await StatusAsync(node, "/rows", last!)).ShouldBe(HttpStatusCode.OK);

        // Revoked: no more.
        await WithAsync(node, async passkeys =>
        {
            await passkeys.RevokeAllAsync(Worker.Subject, Cancel);
            return 0;
        });
        cookie = await BeginAsync(node, Worker);
        (await AskAsync(node, "/sleutel/vraag", cookie, "")).ShouldBe((HttpStatusCode.Forbidden, "passkey.none"));
    }

    [Fact]
    public async Task Code_AfterItsDays_IsNoCode()
    {
        await using var node = await StartAsync();
        var code = await WithAsync(node, passkeys => passkeys.MakeCodeAsync(Worker.Subject, Cancel));
        clock.Move(TimeSpan.FromDays(14));
        (await AskAsync(node, "/sleutel/nieuw/vraag", await BeginAsync(node, Worker), code)).ShouldBe((HttpStatusCode.Forbidden, "passkey.code"));
    }

    private string? last;

    private async Task<(HttpStatusCode Status, string? Answer)> AskAsync(SmallNode node, string path, string cookie, string body)
    {
        using var page = await GetAsync(node, "/sleutel", cookie);
        var (token, form) = (WebUtility.HtmlDecode(Token().Match(await page.Content.ReadAsStringAsync(Cancel)).Groups[1].Value), FormCookie(page));
        using var http = Plain(node);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "text/plain") };
        request.Headers.Add("Cookie", $"{form}; bereik-ocmw-aalst={cookie}");
        request.Headers.Add("RequestVerificationToken", token);
        using var answer = await http.SendAsync(request, Cancel);
        last = Cookie(answer) ?? last;
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        return (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType == "application/problem+json" ? (string?)JsonNode.Parse(text)!["cause"] : text);
    }

    private static async Task<(HttpStatusCode Status, string? Cause)> PostAsync(SmallNode node, string path, string cookies, string token)
    {
        using var http = Plain(node);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent([new("_form", WebUtility.HtmlDecode(token))]) };
        request.Headers.Add("Cookie", cookies);
        using var answer = await http.SendAsync(request, Cancel);
        return (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType == "application/problem+json" ? (string?)(await answer.Content.ReadFromJsonAsync<JsonObject>(Cancel))!["cause"] : null);
    }

    private static async Task<HttpResponseMessage> GetAsync(SmallNode node, string path, string cookie, string? browser = null)
    {
        using var http = Plain(node);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Cookie", $"bereik-ocmw-aalst={cookie}");
        if (browser is not null) request.Headers.TryAddWithoutValidation("User-Agent", browser);
        return await http.SendAsync(request, Cancel);
    }

    private static async Task<HttpStatusCode> StatusAsync(SmallNode node, string path, string cookie, string? browser = null)
    {
        using var answer = await GetAsync(node, path, cookie, browser);
        return answer.StatusCode;
    }

    private static HttpClient Plain(SmallNode node) => new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = new Uri((string)node.Settings["url"]!) };

    private static string? Cookie(HttpResponseMessage answer) => Set(answer, "bereik-ocmw-aalst=") is { Length: > 0 } set ? set.Split('=', 2)[1] : null;

    private static string FormCookie(HttpResponseMessage answer) => Set(answer, "bereik-form-");

    private static string Set(HttpResponseMessage answer, string name) =>
        (answer.Headers.TryGetValues("Set-Cookie", out var all) ? all : []).Select(set => set.Split(';')[0]).FirstOrDefault(set => set.StartsWith(name, StringComparison.Ordinal)) ?? "";

    private static async Task<string> BeginAsync(SmallNode node, Person person)
    {
        await using var scope = node.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Sessions>().BeginAsync(person, "", Cancel);
    }

    private static async Task<T> WithAsync<T>(SmallNode node, Func<Passkeys, Task<T>> act)
    {
        await using var scope = node.Services.CreateAsyncScope();
        return await act(scope.ServiceProvider.GetRequiredService<Passkeys>());
    }

    private static List<string> Query(SmallNode node, string sql)
    {
        using var store = new SqliteConnection($"Data Source={node.Store};Mode=ReadOnly;Pooling=False");
        store.Open();
        using var command = store.CreateCommand();
        command.CommandText = sql;
        using var rows = command.ExecuteReader();
        var found = new List<string>();
        while (rows.Read()) found.Add(rows.GetString(0));
        return found;
    }

    private Task<SmallNode> StartAsync()
    {
        var folder = SmallNode.NewFolder();
        var settings = SmallNode.SettingsIn(folder);
        settings["publicUrl"] = ((string)settings["url"]!).Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        return SmallNode.StartAsync(
            folder,
            settings,
            application =>
            {
                application.Services.AddSingleton<TimeProvider>(clock);
                application.Services.AddBereikUi(typeof(SessionTests).Assembly, (_, _) => ValueTask.FromResult(new PageFrame { Organisation = "OCMW Aalst" }));
            },
            app =>
            {
                app.MapGet("/mine", () => "mine").ForPeople(Rights.Overview);
                app.MapGet("/rows", () => "rows").ForPeople(Rights.OpenHouseholds);
                app.MapGet("/export", () => "export").ForPeople(Rights.ExportRows);
            });
    }

    [GeneratedRegex("name=\"_form\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
