using System.Text.Json;
using System.Text.Json.Nodes;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Signatures;

namespace Bereik.Exchange.Register;

/// <summary>The signatures of several parties over one text, as a JWS in the general JSON serialization (RFC 7515, section 7.2.1): one payload, a signature a party.</summary>
public static class ProtocolSignatures
{
    /// <summary>Adds a signature.</summary>
    /// <param name="canonical">The text as canonical JSON.</param>
    /// <param name="file">What the others signed; null for the first.</param>
    /// <param name="key">The party's key.</param>
    /// <returns>The document with one signature more, or the same when this key signed already; or <c>signatures.shape</c>, or <c>signatures.otherText</c>.</returns>
    public static Parsed<string> Add(ReadOnlySpan<byte> canonical, string? file, SigningKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var compact = new List<string>();
        if (file is not null)
        {
            if (!Split(file).TryGet(out var present, out var wrong)) return wrong;
            compact.AddRange(present);
            foreach (var one in compact)
            {
                if (!Jws.Read(one, JoseTypes.Protocol).TryGet(out var parts, out var broken)) return broken;
                if (!parts.Payload.Span.SequenceEqual(canonical)) return new ParseError("signatures.otherText", "payload");
                if (parts.Kid == key.Kid) return file;
            }
        }

        compact.Add(RegisterDocuments.SignProtocol(canonical, key));
        return Join(compact);
    }

    /// <summary>Several compact signatures over one text as one document.</summary>
    /// <param name="compact">At least one; all over the same text.</param>
    public static string Join(IReadOnlyList<string> compact)
    {
        ArgumentNullException.ThrowIfNull(compact);
        var payload = compact[0].Split('.')[1];
        var signatures = new JsonArray([.. compact.Select(one => one.Split('.')).Select(parts => (JsonNode)new JsonObject { ["protected"] = parts[0], ["signature"] = parts[2] })]);
        return new JsonObject { ["payload"] = payload, ["signatures"] = signatures }.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n";
    }

    /// <summary>The compact signatures in a document.</summary>
    /// <param name="file">The document.</param>
    /// <returns>Each as compact JWS, not verified; or <c>signatures.shape</c>.</returns>
    public static Parsed<IReadOnlyList<string>> Split(string file)
    {
        try
        {
            if (JsonNode.Parse(file, documentOptions: new JsonDocumentOptions { MaxDepth = 4, AllowDuplicateProperties = false }) is JsonObject { Count: 2 } members
                && members["payload"] is JsonValue payload && payload.TryGetValue(out string? text) && members["signatures"] is JsonArray { Count: > 0 and <= 50 } signatures)
            {
                var compact = signatures.OfType<JsonObject>().Where(one => one.Count == 2 && one.ContainsKey("protected") && one.ContainsKey("signature")).Select(one => $"{Text(one["protected"])}.{text}.{Text(one["signature"])}").ToList();
                if (compact.Count == signatures.Count) return Parsed.Ok<IReadOnlyList<string>>(compact);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Told below, as any other shape; the second is an escape that is no text.
        }

        return new ParseError("signatures.shape", "");
    }

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : "";
}
