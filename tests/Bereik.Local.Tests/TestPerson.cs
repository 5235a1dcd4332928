using System.Net;
using Bereik.Node.Access;
using Bereik.Tests.Shared;
using Shouldly;

namespace Bereik.Local.Tests;

// A person of the organisation in a browser of their own, with the passkey shown just now.
internal sealed class TestPerson(TestLocal local, SignedIn session, string url) : IDisposable
{
    private readonly HttpClient browser = new(session) { BaseAddress = new Uri(url) };

    public string Subject => session.Subject;

    // How this person is named in an address.
    public string Key => new KnownColleague(new Person(Subject, "", []), default).Key;

    public void Dispose() => browser.Dispose();

    public Task SignInAsync() => session.CookieAsync();

    // As a browser in which the login was enough.
    public async Task ForgetProofAsync()
    {
        await SignInAsync();
        local.Execute($"UPDATE session SET proven_at = NULL WHERE subject = '{Subject}'");
    }

    public async Task<string> PageAsync(string path, HttpStatusCode status = HttpStatusCode.OK)
    {
        var answer = await browser.GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(status, text);
        return text;
    }

    // Opens a page with a form, and sends that form elsewhere if need be.
    public async Task<string> PostAsync(string page, string action, HttpStatusCode status, params (string Name, string Value)[] fields)
    {
        var form = TestLocal.HiddenField().Match(await PageAsync(page));
        form.Success.ShouldBeTrue($"no form on {page}");
        var answer = await browser.PostAsync(action, new FormUrlEncodedContent([.. fields.Append((form.Groups[1].Value, form.Groups[2].Value)).Select(field => KeyValuePair.Create(field.Item1, field.Item2))]));
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(status, text);
        return text;
    }

    public Task<string> CookieAsync() => session.CookieAsync();

    // As a form of this person does, whatever the answer is.
    public async Task<(HttpStatusCode Status, string Text)> TryAsync(HttpMethod method, string path, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(method, path);
        if (method == HttpMethod.Post)
        {
            var form = TestLocal.HiddenField().Match(await PageAsync("/account"));
            request.Content = new FormUrlEncodedContent([.. fields.Append((form.Groups[1].Value, form.Groups[2].Value)).Select(field => KeyValuePair.Create(field.Item1, field.Item2))]);
        }

        using var answer = await browser.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    // As a script of this person does, which puts the hidden field in a header.
    public async Task<(HttpStatusCode Status, string Text)> TryTextAsync(string path, string text)
    {
        var form = TestLocal.HiddenField().Match(await PageAsync("/account"));
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(text, System.Text.Encoding.UTF8, "text/plain") };
        request.Headers.Add("RequestVerificationToken", form.Groups[2].Value);
        using var answer = await browser.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
