using System.Text.Json;

namespace Bereik.Hub.Features;

// The body of a request that carries one signed document: {"order":"..."} and nothing else. What it carries fits in an entry of the log.
internal static class DocumentBody
{
    private const int MostBytes = 65_000;

    // The document's text; null for any other body. A body whose hash was checked was buffered, so its length is known; of any other it must be said.
    public static async Task<string?> ReadAsync(HttpRequest request, string member, CancellationToken cancel)
    {
        if ((request.Body.CanSeek ? request.Body.Length : request.ContentLength) is not (> 0 and <= MostBytes)) return null;
        try
        {
            using var json = await JsonDocument.ParseAsync(request.Body, new JsonDocumentOptions { MaxDepth = 2 }, cancel);
            if (json.RootElement.ValueKind != JsonValueKind.Object) return null;
            var members = json.RootElement.EnumerateObject().ToList();
            return members.Count == 1 && members[0].Name == member && members[0].Value.ValueKind == JsonValueKind.String ? members[0].Value.GetString() : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
