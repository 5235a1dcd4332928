using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bereik.Api.Tests;

// Holds a value against a schema of a document, as far as our documents use JSON Schema; a keyword that it does not know is a fault of the document.
internal static class SchemaCheck
{
    private static readonly string[] Known = ["$ref", "type", "properties", "required", "additionalProperties", "items", "enum", "format", "minimum", "maximum", "minLength", "maxLength", "default", "description", "example", "uniqueItems"];

    public static List<string> Find(JsonObject document, JsonNode schema, JsonNode? value, string place = "$")
    {
        var found = new List<string>();
        Walk(schema.AsObject(), value, place);
        return found;

        void Walk(JsonObject shape, JsonNode? here, string at)
        {
            if ((string?)shape["$ref"] is { } reference)
            {
                Walk(document["components"]!["schemas"]![reference.Split('/')[^1]]!.AsObject(), here, at);
                return;
            }

            found.AddRange(shape.Select(member => member.Key).Except(Known).Select(keyword => $"{at}: keyword {keyword}"));
            if (!IsOf((string?)shape["type"], here))
            {
                found.Add($"{at}: not {shape["type"]}");
                return;
            }

            if (shape["enum"] is JsonArray words && !words.Any(word => JsonNode.DeepEquals(word, here))) found.Add($"{at}: no word of the list");
            if (here is JsonValue text && text.GetValueKind() == JsonValueKind.String && !IsFormat((string?)shape["format"], (string)text!)) found.Add($"{at}: not {shape["format"]}");
            if (here is JsonValue spoken && spoken.TryGetValue(out string? said) && (said.Length < ((int?)shape["minLength"] ?? 0) || said.Length > ((int?)shape["maxLength"] ?? int.MaxValue))) found.Add($"{at}: too short or too long");
            if (here is JsonValue number && number.GetValueKind() == JsonValueKind.Number && ((double)number < ((double?)shape["minimum"] ?? double.MinValue) || (double)number > ((double?)shape["maximum"] ?? double.MaxValue))) found.Add($"{at}: too small or too large");
            if (here is JsonArray items && shape["items"] is JsonObject item)
            {
                for (var i = 0; i < items.Count; i++) Walk(item, items[i], $"{at}[{i}]");
            }

            if (here is not JsonObject members) return;
            found.AddRange((shape["required"]?.AsArray() ?? []).Where(name => !members.ContainsKey((string)name!)).Select(name => $"{at}.{name}: missing"));
            var properties = shape["properties"] as JsonObject ?? [];
            foreach (var (name, member) in members)
            {
                if (properties[name] is JsonObject of) Walk(of, member, $"{at}.{name}");
                else if (shape["additionalProperties"] is JsonValue closed && closed.GetValueKind() == JsonValueKind.False) found.Add($"{at}.{name}: unknown");
            }
        }
    }

    private static bool IsOf(string? type, JsonNode? value) => (type, value?.GetValueKind()) switch
    {
        (null, _) => true,
        ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("string", JsonValueKind.String) or ("boolean", JsonValueKind.True or JsonValueKind.False) or ("number", JsonValueKind.Number) => true,
        ("integer", JsonValueKind.Number) => long.TryParse(value!.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        _ => false,
    };

    private static bool IsFormat(string? format, string text) => format switch
    {
        "uuid" => Guid.TryParseExact(text, "D", out _),
        "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "date-time" => text.Length >= 20 && text[10] == 'T' && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out _) && (text.EndsWith('Z') || text[^6] is '+' or '-'),
        _ => true,
    };
}
