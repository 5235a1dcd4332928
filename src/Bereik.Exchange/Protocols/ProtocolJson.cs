using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Bereik.Domain;

namespace Bereik.Exchange.Protocols;

/// <summary>Protocols as canonical JSON: what is signed, hashed, shown and evaluated.</summary>
public static class ProtocolJson
{
    /// <summary>How the types are read; strict: unknown, missing and doubled names are refused.</summary>
    internal static JsonSerializerOptions Options { get; } = MakeOptions();

    /// <summary>Reads canonical JSON.</summary>
    /// <param name="canonical">The bytes; any others than the canonical form of what they say are refused.</param>
    /// <returns>The protocol with its hash; or <c>protocol.json</c>, <c>protocol.notCanonical</c>, or the first code that a check of the same document as a file gives.</returns>
    public static Parsed<Protocol> Read(ReadOnlySpan<byte> canonical)
    {
        try
        {
            var tree = JsonNode.Parse(canonical, documentOptions: new JsonDocumentOptions { MaxDepth = 32, AllowDuplicateProperties = false });
            if (tree is null || !CanonicalJson.Write(tree).AsSpan().SequenceEqual(canonical)) return new ParseError("protocol.notCanonical", "");
        }
        // The others: bytes or escapes that are no text, and a number without a finite value. All of them are foreign bytes, so a result and no exception.
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return new ParseError("protocol.json", "");
        }

        // The same checks as for a file: JSON is YAML, and what comes over the wire is trusted no more than what an author writes.
        var checkedFile = ProtocolFile.Read(canonical);
        return checkedFile.Protocol is { } protocol ? protocol : new ParseError(checkedFile.Errors[0].Code, "");
    }

    internal static Protocol ToProtocol(JsonNode tree, byte[] canonical) =>
        tree.Deserialize<Protocol>(Options)! with { Hash = StrictBase64Url.Encode(SHA256.HashData(canonical)) };

    private static JsonSerializerOptions MakeOptions()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            AllowDuplicateProperties = false,
            RespectNullableAnnotations = true,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Converters = { new ExactEnumConverter(), new ClauseConverter() },
            TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver(),
        };
        options.MakeReadOnly();
        return options;
    }

    // The id of a clause says which of the types it is.
    private sealed class ClauseConverter : JsonConverter<Clause>
    {
        public override bool CanConvert(Type typeToConvert) => typeToConvert == typeof(Clause);

        public override Clause? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var members = JsonNode.Parse(ref reader) as JsonObject ?? throw new JsonException();
            if (members["id"] is not JsonValue id || !id.TryGetValue(out string? word) || !Clause.Kinds.TryGetValue(word, out var kind)) throw new JsonException();
            members.Remove("id");
            return (Clause?)members.Deserialize(kind, options);
        }

        public override void Write(Utf8JsonWriter writer, Clause value, JsonSerializerOptions options)
        {
            var members = JsonSerializer.SerializeToNode(value, value.GetType(), options)!.AsObject();
            members["id"] = value.Id;
            members.WriteTo(writer, options);
        }
    }
}
