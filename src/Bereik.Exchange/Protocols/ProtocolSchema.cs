using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bereik.Domain;

namespace Bereik.Exchange.Protocols;

/// <summary>The JSON Schema (2020-12) of a protocol file or a framework file, made from the same types that files are checked against, so that editors complete it.</summary>
public static class ProtocolSchema
{
    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the schema of protocol files, indented, with a line end.</summary>
    public static string Write() => Write(typeof(Protocol), "Bereik standard protocol");

    /// <summary>Writes the schema of framework files, indented, with a line end.</summary>
    public static string WriteFramework() => Write(typeof(Framework), "Bereik framework of trust");

    private static string Write(Type type, string title)
    {
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = title,
        };
        foreach (var (name, member) in Of(type, null).ToList())
        {
            schema[name] = member?.DeepClone();
        }

        return schema.ToJsonString(Written) + "\n";
    }

    private static JsonObject Of(Type type, ICustomAttributeProvider? limits)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string)) return Limited(new JsonObject { ["type"] = "string" }, limits);
        if (type == typeof(int)) return Limited(new JsonObject { ["type"] = "integer" }, limits);
        if (type == typeof(bool)) return new JsonObject { ["type"] = "boolean" };
        if (type == typeof(DateOnly)) return new JsonObject { ["type"] = "string", ["format"] = "date" };
        if (type.IsEnum) return new JsonObject { ["enum"] = new JsonArray([.. ProtocolShape.Words(type).Select(word => (JsonNode)word)]) };
        if (ProtocolShape.ElementOf(type) is { } element) return Limited(new JsonObject { ["type"] = "array", ["items"] = Of(element, null) }, limits);
        return type == typeof(Clause)
            ? new JsonObject { ["oneOf"] = new JsonArray([.. Clause.Kinds.Select(kind => (JsonNode)Members(kind.Value, kind.Key))]) }
            : Members(type, null);
    }

    private static JsonObject Members(Type type, string? id)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        if (id is not null)
        {
            properties["id"] = new JsonObject { ["const"] = id };
            required.Add("id");
        }

        foreach (var member in ProtocolShape.Members(type))
        {
            properties[member.Name] = Of(member.PropertyType, member.AttributeProvider);
            if (member.IsRequired) required.Add(member.Name);
        }

        return new JsonObject { ["type"] = "object", ["additionalProperties"] = false, ["required"] = required, ["properties"] = properties };
    }

    private static JsonObject Limited(JsonObject schema, ICustomAttributeProvider? limits)
    {
        foreach (var limit in limits?.GetCustomAttributes(true) ?? [])
        {
            switch (limit)
            {
                case RangeAttribute range:
                    (schema["minimum"], schema["maximum"]) = ((int)range.Minimum, (int)range.Maximum);
                    break;
                case StringLengthAttribute length:
                    (schema["minLength"], schema["maxLength"]) = (length.MinimumLength, length.MaximumLength);
                    break;
                case MinLengthAttribute least:
                    schema["minItems"] = least.Length;
                    break;
                case RegularExpressionAttribute shape:
                    schema["pattern"] = $"^(?:{shape.Pattern})$";
                    break;
            }
        }

        return schema;
    }
}
