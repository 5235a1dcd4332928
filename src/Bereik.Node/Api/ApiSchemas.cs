using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using System.Xml.Linq;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Bereik.Node.Api;

// What the schemas of the documents say beyond the types: a member that may be absent is absent and never null, and the words of the XML documentation.
internal static class ApiSchemas
{
    private static readonly Dictionary<Assembly, IReadOnlyDictionary<string, XElement>> Documentation = [];

    public static Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancel)
    {
        schema.Type &= ~JsonSchemaType.Null;
        var type = context.JsonTypeInfo;
        if (context.JsonPropertyInfo is { AttributeProvider: PropertyInfo property })
        {
            schema.Description = Member(property);
            if (property.GetCustomAttribute<AllowedValuesAttribute>() is { } allowed) schema.Enum = [.. allowed.Values.Select(value => System.Text.Json.Nodes.JsonValue.Create((string)value!))];
        }
        else if (type.Kind == JsonTypeInfoKind.Object && type.Type.Assembly.GetName().Name!.StartsWith("Bereik.", StringComparison.Ordinal)) schema.Description = Summary($"T:{NameOf(type.Type)}", type.Type);
        if (type.Kind == JsonTypeInfoKind.Object) schema.Required = type.Properties.Where(one => !one.IsGetNullable && !one.IsExtensionData).Select(one => one.Name).ToHashSet(StringComparer.Ordinal);
        if (type.Properties.Any(one => one.IsExtensionData)) schema.AdditionalPropertiesAllowed = true;
        return Task.CompletedTask;
    }

    private static string? Member(PropertyInfo property) =>
        Parameter(property) ?? Summary($"P:{NameOf(property.DeclaringType!)}.{property.Name}", property.DeclaringType!);

    private static string? Parameter(PropertyInfo property)
    {
        var type = property.DeclaringType!;
        return Read(type).GetValueOrDefault($"T:{NameOf(type)}")?.Elements("param").FirstOrDefault(one => (string?)one.Attribute("name") == property.Name) is { } found ? Text(found) : null;
    }

    private static string? Summary(string id, Type type) => Read(type).GetValueOrDefault(id)?.Element("summary") is { } found ? Text(found) : null;

    private static string NameOf(Type type) => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Replace('+', '.');

    private static string Text(XElement words)
    {
        foreach (var code in words.Descendants("c").ToList()) code.ReplaceWith($"`{code.Value}`");
        return string.Join(' ', words.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private static IReadOnlyDictionary<string, XElement> Read(Type type)
    {
        lock (Documentation)
        {
            if (Documentation.TryGetValue(type.Assembly, out var known)) return known;
            var file = System.IO.Path.ChangeExtension(type.Assembly.Location, ".xml");
            return Documentation[type.Assembly] = File.Exists(file)
                ? XDocument.Load(file).Descendants("member").ToDictionary(member => (string)member.Attribute("name")!, StringComparer.Ordinal)
                : new Dictionary<string, XElement>();
        }
    }
}
