using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Bereik.Cli.Network;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Keys;
using Bereik.Local.Households;
using Bereik.Local.Orders;
using Bereik.Local.Storage;
using Bereik.Node;
using Bereik.Node.Access;
using Bereik.Node.Requests;
using Bereik.Node.Work;
using Bereik.Tests.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;

namespace Bereik.Local.Tests;

// A real local node in this process, with its own folder, port and clock, and a worker's browser.
internal sealed partial class TestLocal : IAsyncDisposable
{
    public const string Month = "2026-10";
    private static readonly string Root = MakeRoot();
    private readonly string folder = Directory.CreateDirectory(Path.Combine(Root, Guid.NewGuid().ToString("N"))).FullName;
    private TaskCompletionSource<WebApplication> started = new();
    private readonly SignedIn worker;
    private readonly HttpClient browser;
    private readonly List<TestPerson> people = [];
    private readonly string url = $"http://127.0.0.1:{FreePort()}";
    private Task<int> running = null!;

    private TestLocal(string kind, string organisation)
    {
        Kind = kind;
        Organisation = organisation;
        worker = new SignedIn(() => started.Task.Result.Services, Clock, organisation, SignedIn.All);
        browser = new HttpClient(worker) { BaseAddress = new Uri(url) };
    }

    public string Kind { get; }

    public string Organisation { get; }
    public string Url => url;

    public MovableClock Clock { get; } = new(new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero));

    public OtherSide Other { get; private set; } = null!;

    public IServiceProvider Services => started.Task.Result.Services;

    // A service of the node itself.
    public T Service<T>() where T : notnull => started.Task.Result.Services.GetRequiredService<T>();

    public string Data => Path.Combine(folder, "data");

    public static async Task<TestLocal> StartAsync(bool isOcmw = true, string? people = null, Action<JsonObject>? change = null, bool statesSourceKey = true, Action<OtherSide>? before = null, bool isRead = true, TestAttestation? attestation = null, string? kind = null)
    {
        var local = new TestLocal(kind ?? (isOcmw ? "publicCentreForWelfare" : "municipality"), OrganisationOf(kind) ?? (isOcmw ? "ocmw-aalst" : "gemeente-aalst"));
        var hasLists = OrganisationOf(kind) is null;
        local.Other = await OtherSide.StartAsync(FreePort(), local.Clock.GetUtcNow);
        using var signing = SigningKey.Generate();
        using var sealing = SealingKey.Generate();
        using var token = TokenKey.Generate();
        local.Other.Recipient = SealingPublicKey.FromJwk(sealing.PublicKey.ToJwk()).Value;
        local.Other.RecipientTokenKey = TokenPublicKey.FromJwk(token.PublicKey.ToJwk()).Value;
        KeyFile.WriteNew(local.In("signing.jwk"), signing.ExportJwk());
        KeyFile.WriteNew(local.In("sealing.jwk"), sealing.ExportJwk());
        KeyFile.WriteNew(local.In("token.jwk"), token.ExportJwk());
        await local.Other.AccedeAsync(signing, local.Organisation, isOcmw ? Domain.Flow.Unknown : Domain.Flow.Match, statesSourceKey);
        await File.WriteAllTextAsync(local.In("people.csv"), people ?? (isOcmw ? $"insz;opened;closed\n{TestNumbers.Of(0)};2026-01-05;\n" : $"insz\n{TestNumbers.Of(0)}\n"));
        var settings = new JsonObject
        {
            ["organisation"] = local.Organisation, ["name"] = "Aalst", ["operator"] = "uitbater-lokaal", ["url"] = local.url, ["data"] = "data",
            ["kind"] = local.Kind, ["nis"] = new JsonArray("41002"), ["allowSyntheticNumbers"] = true, ["pollSeconds"] = 0.05, ["allowExport"] = true,
            [isOcmw ? "knownFile" : "residentsFile"] = "people.csv", ["importAtStart"] = true,
            ["keys"] = new JsonObject { ["signing"] = "signing.jwk", ["sealing"] = "sealing.jwk", ["token"] = "token.jwk" },
            ["signIn"] = SignedIn.Settings(local.folder),
            ["peers"] = new JsonArray(
                Peer("hub", "hub", local.Other.HubKey, local.Other.Url, peer => peer["log"] = local.Other.Log.Vkey),
                Peer("pseudonymiser", "pseudonymiser", local.Other.PseudonymiserKey, local.Other.Url, peer => (peer["oprf"], peer["witness"]) = (StrictBase64Url.Encode(local.Other.Oprf.PublicKey), local.Other.Log.WitnessVkey)),
                Peer("opgroeien", "source", local.Other.SourceKey, null, peer => peer["token"] = JsonNode.Parse(local.Other.SourceTokenKey.PublicKey.ToJwk()))),
        };
        if (!hasLists) RemoveLists(settings);
        change?.Invoke(settings);
        before?.Invoke(local.Other);
        await File.WriteAllTextAsync(local.In("settings.json"), settings.ToJsonString());
        await local.RunAsync();
        local.Attest(attestation ?? (isOcmw ? new TestAttestation() : new TestAttestation("benefitClerk", "officialSecrecy")));
        if (isRead) await local.ReadAsync();
        return local;
    }

    // Stops the node, does what happens while it is down, and starts it again on the same folder.
    public async Task RestartAsync(Action? meanwhile = null)
    {
        started.Task.Result.Lifetime.StopApplication();
        await running;
        SqliteConnection.ClearAllPools();
        meanwhile?.Invoke();
        started = new TaskCompletionSource<WebApplication>();

        // Sessions of before may not be in what was put back.
        Clock.Move(TimeSpan.FromMinutes(5));
        await RunAsync();
        await ReadAsync();
    }

    private async Task RunAsync()
    {
        running = Task.Run(() => NodeHost.RunAsync<LocalSettings, LocalDatabase>(
            ["--config", In("settings.json")],
            (node, problems) =>
            {
                Edge.EdgeServices.AddEdge(node, problems);
                node.AddLocal(problems);
                node.Services.AddSingleton<TimeProvider>(Clock);
            },
            app =>
            {
                Routes.Map(app);
                app.Lifetime.ApplicationStarted.Register(() => started.SetResult(app));
            },
            LocalServices.BeginAsync));
        if (await Task.WhenAny(started.Task, running) == running) throw new InvalidOperationException($"The node ended with {await running}.");
    }

    // What lies under the keys of the households, by the node's own services.
    public IReadOnlyList<(string Id, KeptHousehold Kept)> Opened()
    {
        using var scope = Services.CreateScope();
        var rows = scope.ServiceProvider.GetRequiredService<LocalDatabase>().Households.AsNoTracking().ToList();
        return [.. Service<HouseholdKeys>().OpenAll([.. rows.Select(row => (row.Id, row.Record))]).Select(one => (one.Id, KeptHousehold.Parse(one.Plain)))];
    }

    // As a page does that erases one household now.
    public async Task<int> EraseAsync(ErasureCause cause, params string[] ids)
    {
        await using var scope = Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<HouseholdErasure>().EraseAsync(ids, cause, CancellationToken.None);
    }

    // What two colleagues said of the worker, or of somebody else, past the pages for it.
    public void Attest(TestAttestation attestation, string? subject = null)
    {
        if (attestation.ConfirmedOn is not { } day) return;
        var at = new DateTimeOffset(day.ToDateTime(new TimeOnly(9, 0)), TimeSpan.Zero).ToUnixTimeMilliseconds();
        var until = attestation.BoundUntil is { } last ? $"'{last:yyyy-MM-dd}'" : "NULL";
        Execute($"""
            INSERT INTO attestation (id, subject, name, function, team, secrecy, bound_since, bound_until, proof, proposed_by, proposed_by_name, proposed_at, confirmed_by, confirmed_by_name, confirmed_at)
            VALUES ('{Guid.NewGuid()}', '{subject ?? worker.Subject}', '{SignedIn.Name}', '{attestation.Function}', '{attestation.Team}', '{attestation.Secrecy}', '2020-01-01', {until}, 'personeelsdossier', 'a', 'An', {at}, 'b', 'Bo', {at})
            """);
    }

    // Somebody else of this organisation, in a browser of their own.
    public TestPerson Person(params Role[] roles)
    {
        var person = new TestPerson(this, new SignedIn(() => started.Task.Result.Services, Clock, Organisation, roles), url);
        people.Add(person);
        return person;
    }

    // As a colleague with other roles, attested for a team.
    public async Task<TestPerson> ColleagueAsync(string team, params Role[] roles)
    {
        var person = Person(roles);
        await person.SignInAsync();
        Attest(new TestAttestation(Team: team), person.Subject);
        return person;
    }

    // The routes for people with one of these rights, or under one of these paths, by name: for tables that must have all of them.
    public IReadOnlyList<(string Name, Right Right)> RoutesOf(Right[] rights, params string[] paths) =>
    [
        .. from route in Service<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
           let access = route.Metadata.GetMetadata<RouteAccess>() as RouteAccess.People
           where access is not null && (rights.Contains(access.Right) || paths.Any(path => route.RoutePattern.RawText!.StartsWith(path, StringComparison.Ordinal)))
           from method in route.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods
           select ($"{method} {route.RoutePattern.RawText}", access.Right),
    ];

    // Past the node's own code.
    // A recurring step does not run again until the node starts anew.
    public async Task HoldAsync(string step)
    {
        for (var quiet = 0; quiet < 5; quiet++)
        {
            if (Query($"SELECT state || (run_after > 9000000000000) FROM work WHERE kind = '{step}'").Single() != "waiting1") quiet = 0;
            Execute($"UPDATE work SET run_after = 9000000000001 WHERE kind = '{step}'");
            await Task.Delay(50);
        }
    }

    public void Execute(string sql)
    {
        using var store = new SqliteConnection($"Data Source={Path.Combine(Data, "node.db")};Pooling=False;Default Timeout=30");
        store.Open();
        using var command = store.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    // Days later; what the node decides on then is a register that it read then.
    public async Task MoveAsync(TimeSpan by)
    {
        Clock.Move(by);
        await ReadAsync();
    }

    // Register and log as they are now; what the log has of today is enough of it.
    private async Task ReadAsync()
    {
        var since = Clock.GetUtcNow().ToUnixTimeMilliseconds();
        for (var i = 0; i < 1200; i++)
        {
            if (Query($"SELECT (SELECT count(*) FROM register_reading WHERE read_at >= {since}) + (SELECT count(*) FROM log_view WHERE cosigned_at >= {since - 120_000})").Single() == "2") return;
            await Task.Delay(25);
        }

        throw new TimeoutException("Register or log was not read.");
    }

    // Orders a list and waits until it ended.
    public async Task<(string Id, string State, string? Code)> ListAsync(params OfferedRow[] rows)
    {
        Other.Rows = rows;
        var id = await OrderAsync();
        var state = await UntilAsync(id, "received", "rejected", "refused", "failed", "expired");
        return (id, state, Query($"SELECT code FROM ordered_list WHERE id = '{id}'").Single() is { Length: > 0 } code ? code : null);
    }

    public async Task<string> OrderAsync()
    {
        var answer = await PostAsync("/lijsten", "/lijsten", ("maand", Month), ("akkoord", "ja"));
        answer.StatusCode.ShouldBe(HttpStatusCode.Found, await answer.Content.ReadAsStringAsync());
        return answer.Headers.Location!.ToString().Split('/')[^1];
    }

    public async Task<string> UntilAsync(string list, params string[] states)
    {
        for (var i = 0; i < 1200; i++)
        {
            var state = (string)(await browser.GetFromJsonAsync<JsonObject>("/v1/lists"))!["items"]!.AsArray().Single(one => (string?)one!["id"] == list)!["state"]!;
            if (states.Contains(state)) return state;
            await Task.Delay(25);
        }

        throw new TimeoutException($"The list did not become {string.Join(" or ", states)}.");
    }

    public async Task UntilQuietAsync()
    {
        for (var i = 0; i < 1200; i++)
        {
            if (Query("SELECT count(*) FROM work WHERE state = 'waiting' AND kind NOT IN ('rows.erase', 'pseudonyms.destroyPast', 'register.read', 'log.read', 'keys.state', 'round.publish', 'event.send', 'referral.read', 'answers.poll', 'wave.follow')").Single() == "0") return;
            await Task.Delay(25);
        }

        throw new TimeoutException("Work goes on.");
    }

    // The step of the node itself, at the clock of the test.
    public async Task EraseAsync()
    {
        await using var scope = started.Task.Result.Services.CreateAsyncScope();
        var step = scope.ServiceProvider.GetServices<IWorkStep>().OfType<EraseRows>().Single();
        for (var i = 0; i < 100 && !await step.EraseAsync(Clock.GetUtcNow(), CancellationToken.None); i++) await Task.Delay(50);
    }

    public async Task<string> PageAsync(string path, HttpStatusCode status = HttpStatusCode.OK)
    {
        var answer = await browser.GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(status, text);
        return text;
    }

    // As a person does: open the page, take the hidden field of its form, send the form.
    public async Task<HttpResponseMessage> PostAsync(string page, string action, params (string Name, string Value)[] fields)
    {
        var form = HiddenField().Match(await PageAsync(page));
        form.Success.ShouldBeTrue($"no form on {page}");
        return await PostBareAsync(action, [.. fields, (form.Groups[1].Value, form.Groups[2].Value)]);
    }

    public Task<HttpResponseMessage> PostBareAsync(string action, params (string Name, string Value)[] fields) =>
        browser.PostAsync(action, new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))));

    // As a script at this workplace does: the hidden field goes in a header.
    public async Task<HttpResponseMessage> SendTextAsync(string path, string text, string type = "text/plain")
    {
        var form = HiddenField().Match(await PageAsync("/lijsten"));
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(text, Encoding.UTF8, type) };
        request.Headers.Add("RequestVerificationToken", form.Groups[2].Value);
        return await browser.SendAsync(request);
    }

    // As a person does who chooses a file in a form with other fields.
    public Task<HttpResponseMessage> PostFileAsync(string page, string field, byte[] file, params (string Name, string Value)[] fields) => PostFileAsync(page, page, field, file, fields);

    public async Task<HttpResponseMessage> PostFileAsync(string page, string action, string field, byte[] file, (string Name, string Value)[] fields)
    {
        var form = HiddenField().Match(await PageAsync(page));
        using var content = new MultipartFormDataContent { { new StringContent(form.Groups[2].Value), form.Groups[1].Value }, { new ByteArrayContent(file), field, "regeling.pdf" } };
        foreach (var (name, value) in fields) content.Add(new StringContent(value), name);
        return await browser.PostAsync(action, content);
    }

    public Task<HttpResponseMessage> GetAsync(string path) => browser.GetAsync(path);

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => browser.SendAsync(request);

    public async Task<HttpResponseMessage> UploadAsync(byte[] file)
    {
        var form = HiddenField().Match(await PageAsync("/gegevens"));
        using var content = new MultipartFormDataContent
        {
            { new StringContent(form.Groups[2].Value), form.Groups[1].Value },
            { new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } }, "bestand", "people.csv" },
        };
        return await browser.PostAsync("/gegevens", content);
    }

    public IReadOnlyList<string> Query(string sql)
    {
        using var store = new SqliteConnection($"Data Source={Path.Combine(Data, "node.db")};Mode=ReadOnly;Pooling=False;Default Timeout=30");
        store.Open();
        using var command = store.CreateCommand();
        command.CommandText = sql;
        using var rows = command.ExecuteReader();
        var found = new List<string>();
        while (rows.Read()) found.Add(string.Join('|', Enumerable.Range(0, rows.FieldCount).Select(column => rows.IsDBNull(column) ? "" : rows.GetValue(column).ToString())));
        return found;
    }

    public IReadOnlyList<byte[]> Bytes(string sql)
    {
        using var store = new SqliteConnection($"Data Source={Path.Combine(Data, "node.db")};Mode=ReadOnly;Pooling=False;Default Timeout=30");
        store.Open();
        using var command = store.CreateCommand();
        command.CommandText = sql;
        using var rows = command.ExecuteReader();
        var found = new List<byte[]>();
        while (rows.Read()) found.Add(rows.GetFieldValue<byte[]>(0));
        return found;
    }

    public static async Task WaitAsync(Func<bool> isSo, string what)
    {
        for (var i = 0; i < 1200; i++)
        {
            if (isSo()) return;
            await Task.Delay(25);
        }

        throw new TimeoutException(what);
    }

    // Whether the bytes of a text stand in any file of the node's data folder.
    public bool Holds(string text) => Holds(Encoding.UTF8.GetBytes(text));

    public bool Holds(byte[] bytes)
    {
        foreach (var file in Directory.EnumerateFiles(Data, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "node.lock"))
        {
            using var copy = new MemoryStream();
            try
            {
                using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                stream.CopyTo(copy);
            }
            catch (IOException) when (file.EndsWith(".part", StringComparison.Ordinal) || !File.Exists(file))
            {
                // Being written or replaced now, as files of the mirror are.
            }

            if (copy.GetBuffer().AsSpan(0, (int)copy.Length).IndexOf(bytes) >= 0) return true;
        }

        return false;
    }

    public async ValueTask DisposeAsync()
    {
        if (started.Task.IsCompletedSuccessfully) started.Task.Result.Lifetime.StopApplication();
        await running;
        await Other.DisposeAsync();
        browser.Dispose();
        foreach (var person in people) person.Dispose();
    }

    public string In(string name) => Path.Combine(folder, name);

    // The organisation of a kind that orders no lists; null for another.
    private static string? OrganisationOf(string? kind) => kind switch { "welfareCentre" => "caw-aalst", "mutualitySocialService" => "dmw-aalst", "referrer" => "kind-en-gezin-team", _ => null };

    // What is only for a gemeente or an OCMW.
    private static void RemoveLists(JsonObject settings)
    {
        foreach (var name in new[] { "allowExport", "knownFile", "importAtStart" }) settings.Remove(name);
        settings["keys"]!.AsObject().Remove("token");
        foreach (var name in new[] { "url", "oprf" }) settings["peers"]![1]!.AsObject().Remove(name);
        if ((string?)settings["kind"] == "referrer") settings.Remove("nis");
    }

    internal static JsonObject Peer(string id, string kind, SigningKey key, string? url, Action<JsonObject>? more = null)
    {
        var peer = new JsonObject { ["id"] = id, ["name"] = $"Naam van {id}", ["kind"] = kind, ["operator"] = $"uitbater-{id}", ["signing"] = JsonNode.Parse(key.PublicKey.ToJwk()) };
        if (url is not null) peer["url"] = url;
        more?.Invoke(peer);
        return peer;
    }

    private static int FreePort() => FreePorts.TakeRange(1);

    // Deleted when the process ends: the framework keeps using the first node's folder for temporary files.
    private static string MakeRoot()
    {
        var root = Directory.CreateTempSubdirectory("bereik-local-tests-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            try
            {
                Directory.Delete(root, recursive: true);
            }
            catch (IOException)
            {
                // A file that is still open stays in the temporary folder.
            }
        };
        return root;
    }

    [GeneratedRegex("<input type=\"hidden\" name=\"(_[^\"]+|__[^\"]+)\" value=\"([^\"]+)\"")]
    internal static partial Regex HiddenField();
}

// What stands in the register of attestations of a test's worker; nothing without a day.
internal sealed record TestAttestation(string Function = "socialWorker", string Secrecy = "professionalSecrecy", string Team = "Sociale dienst")
{
    public DateOnly? ConfirmedOn { get; init; } = new DateOnly(2026, 11, 2);

    public DateOnly? BoundUntil { get; init; }
}
