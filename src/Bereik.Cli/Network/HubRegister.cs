using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bereik.Domain;
using Bereik.Exchange.Register;
using Bereik.Exchange.Signatures;

namespace Bereik.Cli.Network;

/// <summary>The register of protocols of a hub, as whoever passes by reads it and brings documents to it.</summary>
internal sealed class HubRegister : IDisposable
{
    private const string Events = "/v1/protocol-events";
    private const int MostAnswer = 64 * 1024 * 1024;
    private const int MostPages = 1000;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly HttpClient http;

    private HubRegister(Uri hub) => http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = !hub.IsLoopback, UseCookies = false })
    {
        BaseAddress = hub, Timeout = TimeSpan.FromMinutes(1), MaxResponseContentBufferSize = MostAnswer,
    };

    /// <summary>The hub at an address; null when the address is neither https nor on this machine.</summary>
    public static HubRegister? TryOpen(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var hub) && hub.UserInfo.Length == 0 && (hub.Scheme == Uri.UriSchemeHttps || (hub.Scheme == Uri.UriSchemeHttp && hub.IsLoopback)) ? new HubRegister(hub) : null;

    /// <summary>What the hub says of a text, not verified; null when it does not answer as a hub.</summary>
    public async Task<RegisterTold?> ReadAsync(Protocol protocol, CancellationToken cancel)
    {
        var told = RegisterTold.Nothing with { MustSign = ProtocolStanding.MustSign(protocol).Count };
        var signers = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            long? after = 0;
            for (var pages = 0; after is { } from && pages < MostPages; pages++)
            {
                using var answer = await http.GetAsync(new Uri(FormattableString.Invariant($"{Events}?after={from}"), UriKind.Relative), cancel);
                if (!answer.IsSuccessStatusCode || JsonSerializer.Deserialize<Page>(await answer.Content.ReadAsStringAsync(cancel), Json) is not { Items: { } items } page) return null;
                foreach (var document in items.Select(item => item.Event)) told = Add(told, document, protocol, signers);
                after = items.Count > 0 && page.Next > from ? page.Next : null;
            }
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or JsonException or TaskCanceledException)
        {
            return null;
        }

        return told with { Signatures = signers.Count };
    }

    /// <summary>Brings a signed document.</summary>
    public async Task<HubAnswer> SendAsync(string document, CancellationToken cancel)
    {
        try
        {
            using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["event"] = document })) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            using var answer = await http.PostAsync(new Uri(Events, UriKind.Relative), content, cancel);
            return answer.IsSuccessStatusCode ? HubAnswer.Taken : new HubAnswer(false, ReasonsOf(await answer.Content.ReadAsStringAsync(cancel)));
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or TaskCanceledException)
        {
            return new HubAnswer(false, [("hub.unreachable", "Het knooppunt antwoordt nu niet. Er is niets veranderd.")]);
        }
    }

    public void Dispose() => http.Dispose();

    private static RegisterTold Add(RegisterTold told, string document, Protocol protocol, HashSet<string> signers)
    {
        if (Jws.Read(document, JoseTypes.Protocol).TryGet(out var signed, out _))
        {
            if (Exchange.Bytes32.Sha256(signed.Payload.Span).ToString() == protocol.Hash) signers.Add(signed.Kid);
        }
        else if (SignedDocument.Parse<ProtocolAdvice>(document).TryGet(out var advice, out _) && advice.Document.Protocol.ToString() == protocol.Hash)
        {
            return told with { Advices = new Dictionary<Party, OfficerAdvice>(told.Advices) { [advice.Document.Party] = advice.Document.Advice } };
        }

        return told;
    }

    // Every reason of a decision, else the code of what is wrong with the document.
    private static List<(string Code, string Text)> ReasonsOf(string problem)
    {
        try
        {
            if (JsonNode.Parse(problem) is JsonObject members)
            {
                var reasons = (members["reasons"] as JsonArray ?? []).OfType<JsonObject>().Select(reason => (Text(reason["code"]), Text(reason["text"]))).ToList();
                return reasons.Count > 0 ? reasons : [(Text(members["cause"]) is { Length: > 0 } cause ? cause : Text(members["code"]), Text(members["detail"]))];
            }
        }
        catch (JsonException)
        {
            // Told below, as any other answer that is none.
        }

        return [("hub.answer", "Het antwoord is niet dat van een knooppunt.")];
    }

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : "";

    private sealed record Page(IReadOnlyList<Entry>? Items, long? Next);

    private sealed record Entry(string Event);
}

/// <summary>What a hub says of a text, not verified.</summary>
/// <param name="Advices">The latest advice of each side.</param>
/// <param name="Signatures">How many keys signed the text.</param>
/// <param name="MustSign">How many parties must.</param>
internal sealed record RegisterTold(IReadOnlyDictionary<Party, OfficerAdvice> Advices, int Signatures, int MustSign)
{
    public static RegisterTold Nothing { get; } = new(new Dictionary<Party, OfficerAdvice>(), 0, 1);

    public bool IsSignedByEnough => Signatures >= MustSign;
}

/// <summary>What a hub answered to a document.</summary>
/// <param name="IsTaken">Whether it is in the register now, or was before.</param>
/// <param name="Reasons">Every reason why not, each with its code.</param>
internal sealed record HubAnswer(bool IsTaken, IReadOnlyList<(string Code, string Text)> Reasons)
{
    public static HubAnswer Taken { get; } = new(true, []);
}
