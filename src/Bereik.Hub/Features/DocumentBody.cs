using System.Text.Json;
using Bereik.Node.Api;
using Bereik.Node.Errors;

namespace Bereik.Hub.Features;

// The body of a request that carries one signed document: {"order":"..."} and nothing else. What it carries fits in an entry of the log.
internal static class DocumentBody
{
    public const int MostBytes = 65_000;

    // The document's text, or why there is none. A body whose hash was checked was buffered, so its length is known; of any other it must be said.
    public static async Task<(string? Document, IResult? Refusal)> ReadAsync(HttpRequest request, string member, CancellationToken cancel, int most = MostBytes)
    {
        var length = request.Body.CanSeek ? request.Body.Length : request.ContentLength;
        if (length > most) return (null, ErrorCatalogue.TooLarge.Problem());
        if (length is not > 0) return Refuse();
        try
        {
            using var json = await JsonDocument.ParseAsync(request.Body, new JsonDocumentOptions { MaxDepth = 2 }, cancel);
            if (json.RootElement.ValueKind != JsonValueKind.Object) return Refuse();
            var members = json.RootElement.EnumerateObject().ToList();
            if (members.Any(one => one.Name != member)) return (null, ErrorCatalogue.BadRequest.Problem(member, issues: [InputIssue.Unknown("body")]));
            return members is [{ Value: { ValueKind: JsonValueKind.String } value }] ? (value.GetString(), null) : Refuse();
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return Refuse();
        }

        (string?, IResult?) Refuse() => (null, ErrorCatalogue.BadRequest.Problem(member, issues: [InputIssue.Shape("body", member)]));
    }
}
