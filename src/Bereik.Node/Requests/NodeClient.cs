using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Signatures;
using Bereik.Node.Configuration;
using Bereik.Node.Logs;
using Bereik.Node.Machines;
using Bereik.Node.Registers;

namespace Bereik.Node.Requests;

/// <summary>
/// Calls another node: with an access token that says what this node may, and a signature that binds who, to whom, what and when to the body
/// (RFC 7519 claims by the node's pinned key).
/// </summary>
/// <param name="http">Plain HTTP; one for the process.</param>
/// <param name="settings">Who this node is and where the others are.</param>
/// <param name="keys">This node's signing key.</param>
/// <param name="clock">The node's clock.</param>
/// <param name="promises">Keeps what the hub says to have logged; absent in a node that does not follow the log.</param>
public sealed partial class NodeClient(HttpClient http, NodeSettings settings, NodeKeys keys, TimeProvider clock, ILogPromises? promises = null)
{
    private const int MostProblemBytes = 64 * 1024;

    // SECURITY: a peer's answer is read into memory as a whole, so it may not be as long as the peer likes.
    private const int MostAnswerBytes = 32 * 1024 * 1024;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    // What anybody may bring or read: also a node whose key was revoked hears that it was.
    private static readonly string[] OpenPaths = [RegisterReader.Path, LogDesk.Path];
    private readonly PeerTokens tokens = new(http, settings, keys, clock);

    /// <summary>Asks for a JSON document.</summary>
    /// <typeparam name="T">Its shape.</typeparam>
    /// <param name="peer">Organisation id.</param>
    /// <param name="path">Path with query; never with anything personal.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="PeerRefusedException">The peer answered with a problem that trying again does not change.</exception>
    /// <exception cref="HttpRequestException">The peer did not answer, or not now.</exception>
    public async Task<T> GetAsync<T>(string peer, string path, CancellationToken cancel)
    {
        using var response = await SendAsync(peer, HttpMethod.Get, path, null, cancel);
        return await ReadAsync<T>(response, cancel);
    }

    /// <summary>Sends a JSON document.</summary>
    /// <param name="peer">Organisation id.</param>
    /// <param name="path">Path.</param>
    /// <param name="body">The document.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="PeerRefusedException">As <see cref="GetAsync"/>.</exception>
    /// <exception cref="HttpRequestException">As <see cref="GetAsync"/>.</exception>
    public async Task PostAsync(string peer, string path, object body, CancellationToken cancel)
    {
        using var response = await SendJsonAsync(peer, HttpMethod.Post, path, body, cancel);
    }

    /// <summary>Sends a JSON document and reads the answer.</summary>
    /// <typeparam name="T">Shape of the answer.</typeparam>
    /// <param name="peer">Organisation id.</param>
    /// <param name="path">Path.</param>
    /// <param name="body">The document.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="PeerRefusedException">As <see cref="GetAsync"/>.</exception>
    /// <exception cref="HttpRequestException">As <see cref="GetAsync"/>.</exception>
    public async Task<T> PostAsync<T>(string peer, string path, object body, CancellationToken cancel)
    {
        using var response = await SendJsonAsync(peer, HttpMethod.Post, path, body, cancel);
        return await ReadAsync<T>(response, cancel);
    }

    /// <summary>Puts a JSON document in its place.</summary>
    /// <param name="peer">Organisation id.</param>
    /// <param name="path">Path.</param>
    /// <param name="body">The document.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="PeerRefusedException">As <see cref="GetAsync"/>.</exception>
    /// <exception cref="HttpRequestException">As <see cref="GetAsync"/>.</exception>
    public async Task PutAsync(string peer, string path, object body, CancellationToken cancel)
    {
        using var response = await SendJsonAsync(peer, HttpMethod.Put, path, body, cancel);
    }

    /// <summary>Puts a JSON document in its place and reads the answer.</summary>
    /// <typeparam name="T">Shape of the answer.</typeparam>
    /// <param name="peer">Organisation id.</param>
    /// <param name="path">Path.</param>
    /// <param name="body">The document.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="PeerRefusedException">As <see cref="GetAsync"/>.</exception>
    /// <exception cref="HttpRequestException">As <see cref="GetAsync"/>.</exception>
    public async Task<T> PutAsync<T>(string peer, string path, object body, CancellationToken cancel)
    {
        using var response = await SendJsonAsync(peer, HttpMethod.Put, path, body, cancel);
        return await ReadAsync<T>(response, cancel);
    }

    /// <summary>Sends a file as it is, as NDJSON, without holding it in memory.</summary>
    /// <param name="peer">Organisation id.</param>
    /// <param name="path">Path.</param>
    /// <param name="file">The file.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="PeerRefusedException">As <see cref="GetAsync"/>.</exception>
    /// <exception cref="HttpRequestException">As <see cref="GetAsync"/>.</exception>
    public async Task PutFileAsync(string peer, string path, string file, CancellationToken cancel)
    {
        await using var stream = OpenForReading(file);
        var hash = new Bytes32(await SHA256.HashDataAsync(stream, cancel));
        using var response = await SendAsync(peer, HttpMethod.Put, path, new SignedBody(Content, hash), cancel);

        HttpContent Content() => new StreamContent(OpenForReading(file), 1 << 16) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-ndjson") } };
    }

    /// <summary>Fetches a document into a file, which is whole or absent when this returns.</summary>
    /// <param name="peer">Organisation id.</param>
    /// <param name="path">Path.</param>
    /// <param name="file">Where it goes.</param>
    /// <param name="mostBytes">More than this is refused.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>False when there is nothing to fetch yet (204).</returns>
    /// <exception cref="PeerRefusedException">As <see cref="GetAsync"/>, or the document is too large.</exception>
    /// <exception cref="HttpRequestException">As <see cref="GetAsync"/>.</exception>
    public async Task<bool> FetchFileAsync(string peer, string path, string file, long mostBytes, CancellationToken cancel)
    {
        using var response = await SendAsync(peer, HttpMethod.Get, path, null, cancel);
        if (response.StatusCode == HttpStatusCode.NoContent) return false;
        var part = file + ".part";
        try
        {
            await SaveAsync(response, part, mostBytes, cancel);
            File.Move(part, file, overwrite: true);
            return true;
        }
        finally
        {
            File.Delete(part);
        }
    }

    private static FileStream OpenForReading(string file) => new(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, useAsync: true);

    private static async Task SaveAsync(HttpResponseMessage response, string file, long mostBytes, CancellationToken cancel)
    {
        await using var target = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16, useAsync: true);
        await using var source = await response.Content.ReadAsStreamAsync(cancel);
        var buffer = new byte[1 << 16];
        var total = 0L;
        int read;
        while ((read = await source.ReadAsync(buffer, cancel)) > 0)
        {
            total += read;
            if (total > mostBytes) throw new PeerRefusedException("package.tooLarge", 413);
            await target.WriteAsync(buffer.AsMemory(0, read), cancel);
        }

        target.Flush(flushToDisk: true);
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancel)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(MostAnswerBytes, cancel);
            return await response.Content.ReadFromJsonAsync<T>(Json, cancel) ?? throw new HttpRequestException("The peer answered without a body.");
        }
        catch (IOException)
        {
            // A peer that goes down while it answers did not answer.
            throw new HttpRequestException("The peer's answer broke off.");
        }
    }

    private async Task<HttpResponseMessage> SendJsonAsync(string peer, HttpMethod method, string path, object body, CancellationToken cancel)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, Json);
        return await SendAsync(peer, method, path, new SignedBody(Content, Bytes32.Sha256(bytes)), cancel);

        HttpContent Content() => new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
    }

    private async Task<HttpResponseMessage> SendAsync(string peer, HttpMethod method, string path, SignedBody? body, CancellationToken cancel)
    {
        var needsToken = !OpenPaths.Any(open => path == open || path.StartsWith(open + "?", StringComparison.Ordinal));
        var (token, isNew) = needsToken ? await tokens.GetAsync(peer, null, cancel) : (null, true);
        var response = await SendOnceAsync(peer, method, path, body, token, cancel);
        if (!isNew && response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            // A token from before may have ended on the way, or from before a protocol was made public.
            response.Dispose();
            (token, _) = await tokens.GetAsync(peer, token, cancel);
            response = await SendOnceAsync(peer, method, path, body, token, cancel);
        }

        // A refusal is logged too. Kept before anything else is done with the answer, which may promise what nobody intends to keep.
        if (promises is not null && settings.Peer(peer)?.Kind == OrganisationKind.Hub && response.Headers.TryGetValues(ILogPromises.Header, out var entries)) await promises.KeepAsync(entries, cancel);
        if (response.IsSuccessStatusCode) return response;
        using (response) await ThrowAsync(response, cancel);
        return response;
    }

    private async Task<HttpResponseMessage> SendOnceAsync(string peer, HttpMethod method, string path, SignedBody? body, string? token, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, new Uri(settings.AddressOf(peer), path)) { Content = body?.Content() };
        var claims = RequestClaims.For(settings.Organisation, peer, clock.GetUtcNow(), method.Method, path, body?.Hash ?? Bytes32.Sha256([]));
        request.Headers.TryAddWithoutValidation(RequestClaims.Header, SignedDocument.Sign(claims, keys.Signing).Compact);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
    }

    /// <summary>Turns an answer that is no success into the right exception.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="PeerRefusedException">Trying again does not change it.</exception>
    /// <exception cref="HttpRequestException">It may be different later.</exception>
    public static async Task ThrowAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        var status = (int)response.StatusCode;
        if (status is >= 500 or 408 or 429) throw new HttpRequestException($"The peer answered {status}.");
        throw new PeerRefusedException(await ReadCodeAsync(response, cancel), status);
    }

    private static async Task<string> ReadCodeAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        try
        {
            var bytes = new byte[MostProblemBytes];
            var length = await (await response.Content.ReadAsStreamAsync(cancel)).ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancel);
            using var problem = JsonDocument.Parse(bytes.AsMemory(0, length));
            var cause = problem.RootElement.TryGetProperty("cause", out var finer) ? finer.GetString() : null;
            var code = cause ?? problem.RootElement.GetProperty("code").GetString();

            // SECURITY: what a peer calls a code is stored, logged and shown here, so it must be one and not a text.
            return code is not null && Code().IsMatch(code) ? code : "peer.refused";
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return "peer.refused";
        }
    }

    [GeneratedRegex(@"\A[a-z][A-Za-z]{0,31}(\.[A-Za-z]{1,32}){1,3}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Code();

    private sealed record SignedBody(Func<HttpContent> Content, Bytes32 Hash);
}

/// <summary>Another node refused, for a reason that trying again does not change.</summary>
/// <param name="code">The peer's error code.</param>
/// <param name="status">HTTP status.</param>
public sealed class PeerRefusedException(string code, int status) : Exception($"The peer refused: {code}.")
{
    /// <summary>The peer's error code.</summary>
    public string Code { get; } = code;

    /// <summary>HTTP status.</summary>
    public int Status { get; } = status;
}
