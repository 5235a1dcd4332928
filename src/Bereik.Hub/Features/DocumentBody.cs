using System.Text.Json;
using Bereik.Node.Api;
using Bereik.Node.Errors;

namespace Bereik.Hub.Features;

// The body of a request that carries signed documents: {"order":"..."} and nothing else. What it carries fits in an entry of the log.
internal static class DocumentBody
{
    public const int MostBytes = 65_000;

    // The document's text, or why there is none.
    public static async Task<(string? Document, IResult? Refusal)> ReadAsync(HttpRequest request, string member, CancellationToken cancel, int most = MostBytes)
    {
        var (texts, refusal) = await ReadAsync(request, new[] { member }, cancel, most);
        return (texts?[0], refusal);
    }

    // The texts of these members, in their order, or why they are not there. One whose name ends in '?' may be absent, and is empty then. A body whose hash was checked was buffered, so its length is known; of any other it must be said.
    public static async Task<(IReadOnlyList<string>? Texts, IResult? Refusal)> ReadAsync(HttpRequest request, IReadOnlyList<string> members, CancellationToken cancel, int most = MostBytes)
    {
        var length = request.Body.CanSeek ? request.Body.Length : request.ContentLength;
        if (length > most) return (null, ErrorCatalogue.TooLarge.Problem());
        if (length is not > 0) return Refuse(members[0]);
        try
        {
            using var json = await JsonDocument.ParseAsync(request.Body, new JsonDocumentOptions { MaxDepth = 2 }, cancel);
            if (json.RootElement.ValueKind != JsonValueKind.Object) return Refuse(members[0]);
            var found = json.RootElement.EnumerateObject().ToList();
            if (found.Any(one => !members.Any(named => named.TrimEnd('?') == one.Name))) return (null, ErrorCatalogue.BadRequest.Problem(members[0], issues: [InputIssue.Unknown("body")]));
            var texts = new List<string>();
            foreach (var named in members)
            {
                var member = named.TrimEnd('?');
                if (member != named && found.TrueForAll(one => one.Name != member))
                {
                    texts.Add("");
                    continue;
                }

                if (found.Where(one => one.Name == member).Take(2).ToList() is not [{ Value: { ValueKind: JsonValueKind.String } value }]) return Refuse(member);
                texts.Add(value.GetString()!);
            }

            return (texts, null);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return Refuse(members[0]);
        }

        static (IReadOnlyList<string>?, IResult?) Refuse(string member) => (null, ErrorCatalogue.BadRequest.Problem(member, issues: [InputIssue.Shape("body", member)]));
    }
}
