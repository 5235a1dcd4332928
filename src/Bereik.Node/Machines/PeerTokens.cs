using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using Bereik.Exchange.Signatures;
using Bereik.Node.Configuration;
using Bereik.Node.Requests;

namespace Bereik.Node.Machines;

// The access tokens that this node has of others, each for five minutes. Safe to use from several threads at once.
internal sealed class PeerTokens(HttpClient http, NodeSettings settings, NodeKeys keys, TimeProvider clock)
{
    // A token is renewed while it still holds, so that no request is on its way when it ends.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    // Two that fetch at once get two tokens, and both hold.
    private readonly ConcurrentDictionary<string, (string Token, DateTimeOffset Until)> held = new(StringComparer.Ordinal);

    // The token for a peer, and whether it was fetched just now. One that was refused is not given again.
    public async Task<(string Token, bool IsNew)> GetAsync(string peer, string? refused, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (held.TryGetValue(peer, out var known) && known.Token != refused && now < known.Until && known.Until < now + TokenKeys.TokenLife) return (known.Token, false);
        var (token, seconds) = await FetchAsync(peer, now, cancel);
        held[peer] = (token, now + TimeSpan.FromSeconds(seconds) - Margin);
        return (token, true);
    }

    private async Task<(string Token, int Seconds)> FetchAsync(string peer, DateTimeOffset now, CancellationToken cancel)
    {
        var assertion = SignedDocument.Sign(ClientAssertion.For(settings.Organisation, peer, now), keys.Signing);
        using var form = new FormUrlEncodedContent(ClientAssertion.FormOf(assertion));
        using var response = await http.PostAsync(new Uri(settings.AddressOf(peer), TokenServer.Path), form, cancel);

        // Also a refusal is waited for: that a peer does not accept this node's key is for its operators to settle, and nothing is lost meanwhile.
        if (!response.IsSuccessStatusCode) throw new HttpRequestException($"The peer gave no access token: {(int)response.StatusCode}.");
        try
        {
            var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancel);
            return (answer.GetProperty("access_token").GetString()!, answer.GetProperty("expires_in").GetInt32());
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or IOException)
        {
            throw new HttpRequestException("The peer's answer cannot be read.");
        }
    }
}
