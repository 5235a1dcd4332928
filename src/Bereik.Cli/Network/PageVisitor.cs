using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Bereik.Cli.Network;

/// <summary>
/// A person who opens a node's pages and sends its forms over HTTP, exactly as a browser does (nl: bezoeker van de pagina's). Cookies are kept.
/// </summary>
public sealed partial class PageVisitor : IDisposable
{
    private const string SignInPath = "/aanmelden";
    private const string ProofPath = "/sleutel";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly HttpClient http;
    private readonly CookieContainer cookies = new();
    private readonly string? person;
    private SoftPasskey? passkey;
    private bool isSignedIn;

    /// <summary>Makes a visitor of one node.</summary>
    /// <param name="node">The node's address, as people use it.</param>
    /// <param name="person">Id at the login of a demo, who signs in when that is needed; null for somebody who does not.</param>
    public PageVisitor(Uri node, string? person = null)
    {
        this.person = person;
        http = new HttpClient(new SocketsHttpHandler { UseProxy = false, CookieContainer = cookies }) { BaseAddress = node, Timeout = TimeSpan.FromMinutes(2) };
    }

    /// <summary>The cookies of this visitor at the node, as one header: <c>name=value; name=value</c>. SECURITY: whoever has them is this person until the session ends.</summary>
    public string Cookies => cookies.GetCookieHeader(http.BaseAddress!);

    /// <summary>Opens a page.</summary>
    /// <param name="path">Path with query, for example <c>/lijsten</c>.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>The page's HTML.</returns>
    /// <exception cref="PageException">The node answered with an error.</exception>
    public async Task<string> GetPageAsync(string path, CancellationToken cancel = default)
    {
        using var answer = await GetAsync(path, "text/html", cancel);
        return await ReadAsync(path, answer, cancel);
    }

    /// <summary>Enrols a passkey with the code that a colleague handed over; this visitor shows it from then on whenever a page asks for it.</summary>
    /// <param name="code">The code.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="PageException">The code or the passkey was refused.</exception>
    public async Task EnrolPasskeyAsync(string code, CancellationToken cancel = default)
    {
        var made = new SoftPasskey(http.BaseAddress!);
        var question = await AskAsync($"{ProofPath}/nieuw/vraag", code, cancel);
        await AskAsync($"{ProofPath}/nieuw/antwoord", made.Enrol(question), cancel);
        passkey = made;
    }

    private async Task ShowPasskeyAsync(CancellationToken cancel) => await AskAsync($"{ProofPath}/antwoord", passkey!.Answer(await AskAsync($"{ProofPath}/vraag", "", cancel)), cancel);

    // As the script of the page does.
    private async Task<string> AskAsync(string path, string body, CancellationToken cancel)
    {
        var page = await GetPageAsync(ProofPath, cancel);
        var token = Field().Matches(page).Select(match => match.Value).First(field => Attribute(field, "type") == "hidden" && Attribute(field, "name") == "_form");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = new StringContent(body, Encoding.UTF8, "text/plain") };
        request.Headers.Add("RequestVerificationToken", Attribute(token, "value"));
        using var answer = await http.SendAsync(request, cancel);
        return await ReadAsync(path, answer, cancel);
    }

    // Signs in when that was not done or is over, and shows the passkey when the page asks for it.
    private async Task<HttpResponseMessage> GetAsync(string path, string accept, CancellationToken cancel, HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead)
    {
        if (person is not null && !isSignedIn) await SignInAsync(cancel);
        var answer = await AskOnceAsync(path, accept, completion, cancel);
        if (person is not null && NeedsSignIn(answer))
        {
            answer.Dispose();
            await SignInAsync(cancel);
            answer = await AskOnceAsync(path, accept, completion, cancel);
        }

        if (passkey is null || path.StartsWith(ProofPath, StringComparison.Ordinal) || !NeedsProof(answer)) return answer;
        answer.Dispose();
        await ShowPasskeyAsync(cancel);
        return await AskOnceAsync(path, accept, completion, cancel);
    }

    private async Task<HttpResponseMessage> AskOnceAsync(string path, string accept, HttpCompletionOption completion, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.Accept.ParseAdd(accept);
        return await http.SendAsync(request, completion, cancel);
    }

    private bool NeedsSignIn(HttpResponseMessage answer) => answer.StatusCode == HttpStatusCode.Unauthorized || !http.BaseAddress!.IsBaseOf(answer.RequestMessage!.RequestUri!);

    private static bool NeedsProof(HttpResponseMessage answer) => answer.RequestMessage!.RequestUri!.AbsolutePath == ProofPath || answer.StatusCode == HttpStatusCode.Forbidden;

    // The login asks who one is; choosing a name there leads back.
    private async Task SignInAsync(CancellationToken cancel)
    {
        using var asked = await AskOnceAsync(SignInPath, "text/html", HttpCompletionOption.ResponseContentRead, cancel);
        if (!asked.IsSuccessStatusCode || http.BaseAddress!.IsBaseOf(asked.RequestMessage!.RequestUri!)) await ReadAsync(SignInPath, asked, cancel);
        using var back = await http.GetAsync(new Uri($"{asked.RequestMessage!.RequestUri}&person={Uri.EscapeDataString(person!)}"), cancel);

        // Where one lands says nothing of the sign-in: the first page may be for another role.
        if (!http.BaseAddress!.IsBaseOf(back.RequestMessage!.RequestUri!) || back.RequestMessage.RequestUri!.AbsolutePath.StartsWith(SignInPath, StringComparison.Ordinal)) throw new PageException(SignInPath, back.StatusCode, "not signed in");
        isSignedIn = true;
    }

    /// <summary>Opens a route that answers in JSON.</summary>
    /// <typeparam name="T">What it answers.</typeparam>
    /// <param name="path">Path with query.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="PageException">The node answered with an error.</exception>
    public async Task<T> GetJsonAsync<T>(string path, CancellationToken cancel = default)
    {
        using var answer = await GetAsync(path, "application/json", cancel);
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
        for (var from = ""; ;)
        {
            var page = await GetJsonAsync<ItemPage<T>>(path + from, cancel);
            items.AddRange(page.Items);
            if (page.Next is not { } next) return items;
            from = $"?after={Uri.EscapeDataString(next)}";
        }
    }

    /// <summary>Writes what a route answers to a file, byte for byte.</summary>
    /// <param name="path">Path with query.</param>
    /// <param name="file">The file; replaced when it exists.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="PageException">The node answered with an error.</exception>
    public async Task SaveAsync(string path, string file, CancellationToken cancel = default)
    {
        using var answer = await GetAsync(path, "text/csv", cancel, HttpCompletionOption.ResponseHeadersRead);
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
    public async Task<string> SubmitAsync(string page, string action, IReadOnlyDictionary<string, string>? fields = null, CancellationToken cancel = default) =>
        await ContinueAsync(await GetPageAsync(page, cancel), page, action, fields, cancel);

    /// <summary>Fills in a form of the page that followed another one, and sends it.</summary>
    /// <param name="html">The page with the form.</param>
    /// <param name="page">What it followed on, for a message.</param>
    /// <param name="action">Where the form goes: its <c>action</c>.</param>
    /// <param name="fields">As <see cref="SubmitAsync"/>.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>The page that follows.</returns>
    /// <exception cref="PageException">As <see cref="SubmitAsync"/>.</exception>
    public async Task<string> ContinueAsync(string html, string page, string action, IReadOnlyDictionary<string, string>? fields = null, CancellationToken cancel = default)
    {
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

    // SECURITY: an error page may show what was filled in, so an exception holds the code of a problem document, or the reasons that a page names by code, and nothing else of the answer.
    private static async Task<string> ReadAsync(string path, HttpResponseMessage answer, CancellationToken cancel)
    {
        var text = await answer.Content.ReadAsStringAsync(cancel);
        if (answer.IsSuccessStatusCode) return text;
        throw new PageException(path, answer.StatusCode, answer.Content.Headers.ContentType?.MediaType == "application/problem+json" ? ProblemCode(text) : ReasonCodes(text));
    }

    private static string ReasonCodes(string page) => ReasonCode().Matches(page) is { Count: > 0 } codes ? string.Join(", ", codes.Select(code => code.Groups["code"].Value)) : "no problem document";

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

    [GeneratedRegex("<code>(?<code>[a-z][A-Za-z]*\\.[a-z][A-Za-z]*)</code>")]
    private static partial Regex ReasonCode();

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

    /// <summary>What the page said: the codes of a refusal, or words for the log.</summary>
    public string Meaning { get; } = meaning;
}
