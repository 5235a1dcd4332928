using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Signatures;

namespace Bereik.Tests.Shared;

// Tokens of a hub for the parties of a test, each fetched at the hub's own endpoint and used again while it holds.
internal sealed class HubTokens(HttpClient http, string url, string hub, Func<DateTimeOffset> now)
{
    private readonly ConcurrentDictionary<string, (string Token, DateTimeOffset Until)> held = new();

    public async Task<string> OfAsync(string caller, SigningKey key)
    {
        if (held.TryGetValue($"{caller} {key.Kid}", out var known) && known.Until > now() && known.Until < now().AddMinutes(5)) return known.Token;
        using var answer = await AskAsync(SignedDocument.Sign(ClientAssertion.For(caller, hub, now()), key));
        if (!answer.IsSuccessStatusCode) return "none";
        var token = (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["access_token"]!;
        held[$"{caller} {key.Kid}"] = (token, now().AddMinutes(4));
        return token;
    }

    public async Task<HttpResponseMessage> AskAsync(SignedDocument<ClientAssertion> assertion)
    {
        using var form = new FormUrlEncodedContent(ClientAssertion.FormOf(assertion));
        return await http.PostAsync(new Uri(url + "/v1/token"), form);
    }
}
