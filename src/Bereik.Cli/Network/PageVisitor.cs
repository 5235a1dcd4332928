using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Bereik.Cli.Network;

/// <summary>
/// A person who opens a node's pages and sends its forms over HTTP, exactly as a browser does (nl: bezoeker van de pagina's). Cookies are kept.
/// </summary>
public sealed partial class PageVisitor : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly HttpClient http;

    /// <summary>Makes a visitor of one node.</summary>
    /// <param name="node">The node's address.</param>
    public PageVisitor(Uri node)
    {
        http = new HttpClient(new SocketsHttpHandler { UseProxy = false, CookieContainer = new CookieContainer() }) { BaseAddress = node, Timeout = TimeSpan.FromMinutes(2) };
    }

    /// <summary>Opens a page.</summary>
    /// <param name="path">Path with query, for example <c>/lijsten</c>.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>The page's HTML.</returns>
    /// <exception cref="PageException">The node answered with an error.</exception>
    public async Task<string> GetPageAsync(string path, CancellationToken cancel = default)
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), cancel);
        return await ReadAsync(path, answer, cancel);
    }

    /// <summary>Opens a route that answers in JSON.</summary>
    /// <typeparam name="T">What it answers.</typeparam>
    /// <param name="path">Path with query.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="PageException">The node answered with an error.</exception>
    public async Task<T> GetJsonAsync<T>(string path, CancellationToken cancel = default)
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), cancel);
        if (!answer.IsSuccessStatusCode) await ReadAsync(path, answer, cancel);
        return await answer.Content.ReadFromJsonAsync<T>(Json, cancel) ?? throw new PageException(path, answer.StatusCode, "empty answer");
    }

    /// <summary>Reads a whole collection, page after page.</summary>
    /// <typeparam name="T">What it holds.</typeparam>
    /// <param name="path">Path without query.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="PageException">The node answered with an error.</exception>
    public async Task<List<T>> GetItemsAsync<T>(string path, CancellationToken cancel = default)
    {
        var items = new List<T>();
        for (var from = "?limit=100"; ;)
        {
            var page = await GetJsonAsync<ItemPage<T>>(path + from, cancel);
            items.AddRange(page.Items);
            if (page.Next is not { } next) return items;
            from = $"?limit=100&after={Uri.EscapeDataString(next)}";
        }
    }

    /// <summary>Writes what a route answers to a file, byte for byte.</summary>
    /// <param name="path">Path with query.</param>
    /// <param name="file">The file; replaced when it exists.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="PageException">The node answered with an error.</exception>
    public async Task SaveAsync(string path, string file, CancellationToken cancel = default)
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancel);
        if (!answer.IsSuccessStatusCode) await ReadAsync(path, answer, cancel);
        await using var target = File.Create(file);
        await answer.Content.CopyToAsync(target, cancel);
    }

    /// <summary>
    /// Opens a page, fills in one of its forms and sends it. Hidden fields go along as they stand, ticked boxes only when they are in <paramref name="fields"/>.
    /// </summary>
    /// <param name="page">The page with the form.</param>
    /// <param name="action">Where the form goes: its <c>action</c>.</param>
    /// <param name="fields">What is filled in: the value by the field's name. A field that the form does not have is refused.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>The page that follows.</returns>
    /// <exception cref="PageException">There is no such form or field on the page, or the node answered with an error.</exception>
    public async Task<string> SubmitAsync(string page, string action, IReadOnlyDictionary<string, string>? fields = null, CancellationToken cancel = default)
    {
        var html = await GetPageAsync(page, cancel);
        var form = Form().Matches(html).Select(match => match.Value).FirstOrDefault(form => ActionOf(form) == action)
            ?? throw new PageException(page, HttpStatusCode.OK, $"no form to {action}");
        var values = Field().Matches(form).Select(match => match.Value)
            .Where(field => Attribute(field, "type") == "hidden" && Attribute(field, "name") is not null)
            .Select(field => KeyValuePair.Create(Attribute(field, "name")!, Attribute(field, "value") ?? ""))
            .ToList();
        foreach (var (name, value) in fields ?? new Dictionary<string, string>())
        {
            if (!HasField(form, name)) throw new PageException(page, HttpStatusCode.OK, $"no field {name} in the form to {action}");
            values.RemoveAll(entry => entry.Key == name);
            values.Add(KeyValuePair.Create(name, value));
        }

        using var content = new FormUrlEncodedContent(values);
        using var answer = await http.PostAsync(new Uri(action, UriKind.Relative), content, cancel);
        return await ReadAsync(action, answer, cancel);
    }

    /// <summary>The value that a ticked box sends.</summary>
    /// <param name="html">The page.</param>
    /// <param name="name">The box's name.</param>
    /// <returns>Null when the page has no such box.</returns>
    public static string? TickValue(string html, string name) =>
        Field().Matches(html).Select(match => match.Value)
            .Where(field => Attribute(field, "type") == "checkbox" && Attribute(field, "name") == name)
            .Select(field => Attribute(field, "value") ?? "on").FirstOrDefault();

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private static bool HasField(string form, string name) => Field().Matches(form).Any(match => Attribute(match.Value, "name") == name);

    private static string? ActionOf(string form) => Attribute(form[..(form.IndexOf('>', StringComparison.Ordinal) + 1)], "action");

    private static string? Attribute(string tag, string name)
    {
        var match = Regex.Match(tag, $"""\s{name}\s*=\s*(?:"(?<value>[^"]*)"|'(?<value>[^']*)'|(?<value>[^\s>]+))""", RegexOptions.IgnoreCase);
        return match.Success ? WebUtility.HtmlDecode(match.Groups["value"].Value) : null;
    }

    // SECURITY: an error page may show what was filled in, so an exception holds the code of a problem document and nothing else of the answer.
    private static async Task<string> ReadAsync(string path, HttpResponseMessage answer, CancellationToken cancel)
    {
        var text = await answer.Content.ReadAsStringAsync(cancel);
        if (answer.IsSuccessStatusCode) return text;
        throw new PageException(path, answer.StatusCode, answer.Content.Headers.ContentType?.MediaType == "application/problem+json" ? ProblemCode(text) : "no problem document");
    }

    private static string ProblemCode(string text)
    {
        try
        {
            using var problem = JsonDocument.Parse(text);
            var root = problem.RootElement;
            var code = root.TryGetProperty("code", out var found) ? found.GetString() : "no code";
            var cause = root.TryGetProperty("cause", out var finer) ? $", {finer.GetString()}" : "";
            return code + cause;
        }
        catch (JsonException)
        {
            return "no problem document";
        }
    }

    private sealed record ItemPage<T>(IReadOnlyList<T> Items, string? Next);

    [GeneratedRegex("<form\\b.*?</form>", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Form();

    [GeneratedRegex("<(?:input|select|textarea|button)\\b[^>]*>", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Field();
}

/// <summary>A page or route did not do what was asked.</summary>
/// <param name="path">The path.</param>
/// <param name="status">The HTTP status.</param>
/// <param name="meaning">A stable code, never content.</param>
public sealed class PageException(string path, HttpStatusCode status, string meaning) : Exception($"{path}: {(int)status} {meaning}.")
{
    /// <summary>The HTTP status.</summary>
    public HttpStatusCode Status { get; } = status;
}
