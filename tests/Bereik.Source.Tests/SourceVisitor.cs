using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Bereik.Source.Tests;

// What a browser does beside opening a page that is there.
internal static class SourceVisitor
{
    public static async Task<HttpStatusCode> StatusAsync(this TestSource source, string path)
    {
        using var browser = source.NewBrowser();
        using var response = await browser.GetAsync(new Uri($"http://127.0.0.1:{source.Parties.SourcePort}{path}"));
        return response.StatusCode;
    }

    public static async Task<JsonArray> DecisionsAsync(this TestSource source)
    {
        using var browser = source.NewBrowser();
        return (await browser.GetFromJsonAsync<JsonObject>(new Uri($"http://127.0.0.1:{source.Parties.SourcePort}/v1/decisions?limit=100")))!["items"]!.AsArray();
    }

    public static async Task<string> GetInAsync(this TestSource source, string language, string path)
    {
        using var browser = source.NewBrowser();
        browser.DefaultRequestHeaders.Add("Cookie", $"bereik-taal={language}");
        return WebUtility.HtmlDecode(await browser.GetStringAsync(new Uri($"http://127.0.0.1:{source.Parties.SourcePort}{path}")));
    }
}
