using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Bereik.Cli.Network;
using Bereik.Domain;
using Bereik.EndToEnd.Tests.Browser;
using Bereik.EndToEnd.Tests.Scanning;
using Shouldly;
using Xunit;

namespace Bereik.EndToEnd.Tests.Network;

/// <summary>Marked persons are sent through every route of every node, in every part of a request, by strangers and by people who work there. What is written must not know them.</summary>
[Collection(nameof(SmallBrowserFixture))]
public sealed partial class MarkedPersonTests(SmallBrowserFixture browser)
{
    // A synthetic number that is valid, one that is not, and what stands beside a number.
    private static readonly string[] Marked = ["84663012367", "84663012399", "Godelieve Merkwaardig", "Merelbekestraat 4711"];
    private static readonly string Text = string.Join(' ', Marked);
    private static readonly string[] Roles = ["maatschappelijkwerker", "teamverantwoordelijke", "dossierbehandelaar", "datasteward", "protocolauteur", "dpo", "beheerder"];

    private TestNetwork Network => browser.Network;

    [Fact]
    public async Task MarkedPersons_ThroughEveryRoute_AreInNoLogProblemOrAddressAndNowhereAtTheHub()
    {
        await Network.ReadyAsync(Network.Ocmw);
        var routes = Routes();
        routes.Count.ShouldBeGreaterThan(80);
        var answers = Directory.CreateTempSubdirectory("bereik-marked");
        try
        {
            var sent = 0;
            foreach (var node in new[] { NetworkPlan.HubId, NetworkPlan.PseudonymiserId, NetworkPlan.SourceId, Network.Ocmw, Network.Gemeente })
            {
                var kind = KindOf(node);
                var callers = await CallersAsync(node);
                foreach (var (_, method, path) in routes.Where(route => route.Node == kind))
                {
                    foreach (var request in Requests(new Uri(Network.Plan[node].PublicUrl), method, path)) sent += await SendAsync(request, callers[sent % callers.Count], answers.FullName);
                }
            }

            // What is valid is taken, and tells as little.
            await UploadAsync(Network.Ocmw, $"insz;opened;closed\n{Marked[0]};2026-01-05;\n{Marked[1]};gisteren;{Marked[2]}\n");
            sent.ShouldBeGreaterThan(800);
            var scanner = new PersonScanner(Marked);
            scanner.Scan(answers.FullName).ShouldBeEmpty("a problem, a header or an address");
            foreach (var node in new[] { NetworkPlan.HubId, NetworkPlan.PseudonymiserId }) scanner.Scan(Network.Plan.FolderOf(node)).ShouldBeEmpty(node);
            foreach (var node in Network.Plan.Nodes) scanner.Scan(Path.Combine(Network.Plan.FolderOf(node.Id), "log")).ShouldBeEmpty($"log of {node.Id}");
        }
        finally
        {
            answers.Delete(recursive: true);
        }
    }

    // Nobody, and everybody who can sign in there.
    private async Task<List<string?>> CallersAsync(string node)
    {
        var callers = new List<string?> { null };
        foreach (var role in Roles.Where(role => Network.Plan[node].People.Any(person => person.Roles.Contains(role))))
        {
            var visitor = Network.Running.Visit(node, role);
            await visitor.GetPageAsync("/account");
            callers.Add(visitor.Cookies);
        }

        return callers;
    }

    private static IEnumerable<HttpRequestMessage> Requests(Uri node, string method, string path)
    {
        var plain = Hole().Replace(path, hole => hole.Value.Contains("guid", StringComparison.Ordinal) ? Guid.NewGuid().ToString() : hole.Value.Contains("long", StringComparison.Ordinal) ? "1" : "x");
        var named = Hole().Replace(path, _ => Uri.EscapeDataString(Marked[0]));
        var text = Uri.EscapeDataString(Text);
        foreach (var address in new[] { named, $"{plain}?insz={Marked[0]}&naam={text}", $"{plain}?{text}" }) yield return new HttpRequestMessage(new HttpMethod(method), new Uri(node, address));
        var header = new HttpRequestMessage(new HttpMethod(method), new Uri(node, plain));
        header.Headers.TryAddWithoutValidation("X-Insz", Text);
        header.Headers.TryAddWithoutValidation("Referer", $"http://localhost/{text}");
        header.Headers.TryAddWithoutValidation("BelGov-Trace-Id", Marked[0]);
        header.Headers.TryAddWithoutValidation("traceparent", $"00-{Marked[0]}");
        header.Headers.TryAddWithoutValidation("Authorization", $"Bearer {Convert.ToBase64String(Encoding.UTF8.GetBytes(Text))}");
        yield return header;
        if (method == "GET") yield break;
        foreach (var (type, body) in new[]
        {
            ("application/json", $$"""{"order":"{{Text}}","document":"{{Text}}","insz":"{{Marked[0]}}","blinded":["{{Marked[0]}}"]}"""), ("application/json", $"[\"{Text}"), ("application/x-www-form-urlencoded", $"insz={Marked[0]}&zoek={text}&maand={text}&reden={text}"),
            ("text/csv", $"insz;naam\n{Marked[0]};{Marked[2]}\n"), ("application/xml", $"<Persoon><INSZ>{Marked[0]}</INSZ><Naam>{Marked[2]}</Naam></Persoon>"), ("application/x-ndjson", $"{Text}\n{Text}\n"), ("text/plain", Text),
        })
        {
            yield return new HttpRequestMessage(new HttpMethod(method), new Uri(node, plain)) { Content = new StringContent(body, Encoding.UTF8, type) };
        }
    }

    // Kept of the answer: its headers, and its body where it says what went wrong. A page may show people what they typed.
    private static async Task<int> SendAsync(HttpRequestMessage request, string? cookies, string folder)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, UseProxy = false, AllowAutoRedirect = false });
        if (cookies is not null) request.Headers.TryAddWithoutValidation("Cookie", $"{cookies}; merk={Uri.EscapeDataString(Text)}");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var answer = await http.SendAsync(request);
        var kept = new StringBuilder().Append((int)answer.StatusCode).Append('\n').Append(answer.Headers).Append(answer.Content.Headers);
        if (answer.Content.Headers.ContentType?.MediaType != "text/html") kept.Append(await answer.Content.ReadAsStringAsync());
        await File.WriteAllTextAsync(Path.Combine(folder, $"{Guid.NewGuid():N}.txt"), kept.ToString());
        request.Dispose();
        return 1;
    }

    private async Task UploadAsync(string node, string csv)
    {
        var lead = Network.Running.Visit(node);
        var page = await lead.GetPageAsync("/gegevens");
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, UseProxy = false, AllowAutoRedirect = false });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(new Uri(Network.Plan[node].PublicUrl), "/gegevens"));
        request.Headers.Add("Cookie", lead.Cookies);
        request.Content = new MultipartFormDataContent
        {
            { new StringContent(FormToken().Match(page).Groups[1].Value), "_form" },
            { new ByteArrayContent(Encoding.UTF8.GetBytes(csv)) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } }, "bestand", $"{Marked[2]}.csv" },
        };
        using var answer = await http.SendAsync(request);
        ((int)answer.StatusCode).ShouldBeLessThan(500);
        answer.StatusCode.ShouldNotBe(HttpStatusCode.Forbidden);
    }

    private string KindOf(string node) => Network.Plan[node].Kind switch
    {
        OrganisationKind.Hub => "hub",
        OrganisationKind.Pseudonymiser => "pseudonymiser",
        OrganisationKind.Source => "source",
        _ => "local",
    };

    // Every route of every node, from the table that a test holds against the nodes themselves.
    private static List<(string Node, string Method, string Path)> Routes()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Bereik.slnx"))) folder = folder.Parent!;
        return [.. Row().Matches(File.ReadAllText(Path.Combine(folder.FullName, "docs", "access.md"))).Select(row => (row.Groups[1].Value, row.Groups[2].Value, row.Groups[3].Value))];
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Hole();

    [GeneratedRegex(@"^\| (hub|pseudonymiser|source|local) \| ([A-Z]+) \| `([^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("name=\"_form\" value=\"([^\"]+)\"")]
    private static partial Regex FormToken();
}
