using System.Text.Json.Nodes;
using Bereik.Hub.Tests;
using Bereik.Local.Tests;
using Bereik.Source.Tests;
using Bereik.Tests.Shared;
using Xunit;

namespace Bereik.Api.Tests;

// The four kinds of node, real and in this process, and their documents. They are started once for all tests that only ask.
public sealed class Nodes : IAsyncLifetime
{
    public static readonly string[] Names = ["hub", "pseudonymiser", "source", "local"];

    private readonly HttpClient http = new(new HttpClientHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly Dictionary<string, HttpClient> people = [];
    private readonly Dictionary<string, JsonObject> documents = [];

    internal TestHub Hub { get; private set; } = null!;

    internal TestPseudonymiser Pseudonymiser { get; private set; } = null!;

    internal TestSource Source { get; private set; } = null!;

    internal TestLocal Local { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Hub = await TestHub.StartAsync(settings => settings["signIn"] = SignedIn.Settings(RunningNode.NewFolder()));
        Pseudonymiser = await TestPseudonymiser.StartAsync();
        Source = await TestSource.StartAsync();
        Local = await TestLocal.StartAsync();
        people["hub"] = new HttpClient(new SignedIn(() => Hub.Node.Services, Hub.Clock, Hub.Hub.Id, SignedIn.All));
        people["source"] = Source.NewBrowser();
        people["local"] = new HttpClient(new SignedIn(() => Local.Services, Local.Clock, "ocmw-aalst", SignedIn.All));
        foreach (var name in Names) documents[name] = JsonNode.Parse(await TextAsync(name))!.AsObject();
    }

    public JsonObject Document(string name) => documents[name].DeepClone().AsObject();

    public string Url(string name) => name switch
    {
        "hub" => Hub.Node.Url,
        "pseudonymiser" => Pseudonymiser.Node.Url,
        "source" => $"http://127.0.0.1:{Source.Parties.SourcePort}",
        _ => Local.Url,
    };

    internal IServiceProvider ServicesOf(string name) => Services.ElementAt(Array.IndexOf(Names, name));

    internal string OrganisationOf(string name) => name switch { "hub" => Hub.Hub.Id, "source" => Source.Parties.Source.Id, "local" => "ocmw-aalst", _ => "pseudonymiser" };

    internal IEnumerable<IServiceProvider> Services => [Hub.Node.Services, Pseudonymiser.Node.Services, Source.Services, Local.Services];

    // As somebody who signed in at that node and has every role; a node without pages knows no people.
    public async Task<HttpResponseMessage> AskAsync(string name, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, new Uri(Url(name) + path));
        return await AskAsync(name, request);
    }

    public Task<HttpResponseMessage> AskAsync(string name, HttpRequestMessage request) => people.GetValueOrDefault(name, http).SendAsync(request);

    // As anybody.
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => http.SendAsync(request);

    public async Task<string> TextAsync(string name) => await http.GetStringAsync(new Uri(Url(name) + "/v1/openapi.json"));

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        foreach (var person in people.Values) person.Dispose();
        await Local.DisposeAsync();
        await Source.DisposeAsync();
        await Pseudonymiser.DisposeAsync();
        await Hub.DisposeAsync();
    }
}

[CollectionDefinition(nameof(Nodes))]
public sealed class SharedNodes : ICollectionFixture<Nodes>;
