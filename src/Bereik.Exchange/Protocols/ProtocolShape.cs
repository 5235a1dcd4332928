using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Bereik.Domain;

namespace Bereik.Exchange.Protocols;

// Holds a tree against the types: every key, every kind of value, every limit. What it lets through, the types can be made from.
internal sealed class ProtocolShape(List<LintError> errors)
{
    // Made once: a text has some hundred values, and every one of them is held against its type.
    private static readonly ConcurrentDictionary<string, Regex> Patterns = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<JsonPropertyInfo>> Known = new();

    public JsonNode? Check(YamlNode node, Type type, ICustomAttributeProvider? limits)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string)) return CheckText(node, limits);
        if (type == typeof(int)) return CheckWhole(node, limits);
        if (type == typeof(bool)) return node is YamlFlag flag ? JsonValue.Create(flag.Value) : Wrong(node, "true or false");
        if (type == typeof(DateOnly)) return CheckDay(node);
        if (type.IsEnum) return CheckWord(node, type);
        if (ElementOf(type) is { } element) return CheckList(node, element, limits);
        return node is YamlMap map ? type == typeof(Clause) ? CheckClause(map) : CheckMembers(map, type, []) : Wrong(node, "keys with values");
    }

    private JsonValue? CheckText(YamlNode node, ICustomAttributeProvider? limits)
    {
        if (node is not YamlText text) return Wrong(node, "a text, in quotes where it looks like a number");
        if (text.Value.Trim().Length != text.Value.Length) Add(node, "value.shape", "A text does not begin or end with a space.");
        if (text.Value.Any(c => char.IsControl(c) && c != '\n')) Add(node, "yaml.control", "A control character is not allowed.");
        if (Limit<StringLengthAttribute>(limits) is { } length && (text.Value.Length < length.MinimumLength || text.Value.Length > length.MaximumLength)) Add(node, "value.length", $"This text must have {length.MinimumLength} to {length.MaximumLength} characters.");
        if (Limit<RegularExpressionAttribute>(limits) is { } shape && !Patterns.GetOrAdd(shape.Pattern, Compile).IsMatch(text.Value)) Add(node, "value.shape", $"This text must have the shape {shape.Pattern}.");
        return JsonValue.Create(text.Value);
    }

    private JsonValue? CheckWhole(YamlNode node, ICustomAttributeProvider? limits)
    {
        if (node is not YamlWhole whole) return Wrong(node, "a whole number");
        if (Limit<RangeAttribute>(limits) is { } range && (whole.Value < (int)range.Minimum || whole.Value > (int)range.Maximum)) Add(node, "value.range", $"This number must lie between {range.Minimum} and {range.Maximum}.");
        return JsonValue.Create((int)whole.Value);
    }

    private JsonValue? CheckDay(YamlNode node)
    {
        if (node is YamlText text && DateOnly.TryParseExact(text.Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)) return JsonValue.Create(text.Value);
        Add(node, "value.day", "A day is written as 2026-01-31, and must exist.");
        return null;
    }

    private JsonValue? CheckWord(YamlNode node, Type type)
    {
        if (node is not YamlText text) return Wrong(node, "a word of the vocabulary");
        var words = Words(type);
        if (words.Contains(text.Value)) return JsonValue.Create(text.Value);
        Add(node, "value.unknown", $"This word is not in the vocabulary. It may be: {string.Join(", ", words)}.");
        return null;
    }

    private JsonArray? CheckList(YamlNode node, Type element, ICustomAttributeProvider? limits)
    {
        if (node is not YamlList list)
        {
            Wrong(node, "a list");
            return null;
        }

        if (Limit<MinLengthAttribute>(limits) is { } least && list.Items.Count < least.Length) Add(node, "value.tooFew", $"This list must have {least.Length} entries or more.");
        if (list.Items.Count > 200) Add(node, "value.tooMany", "This list may have 200 entries at the most.");
        var items = new JsonArray();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in list.Items)
        {
            var made = Check(item, element, null);
            var name = item is YamlMap map && element != typeof(Clause) ? map.Text("id") : item is YamlText or YamlWhole ? made?.ToJsonString() : null;
            if (name is not null && !seen.Add(name)) Add(item, "value.duplicate", "This entry stands in the list twice.");
            items.Add(made);
        }

        return items;
    }

    private JsonObject? CheckClause(YamlMap map)
    {
        if (map["id"] is not { } id)
        {
            Add(map, "key.missing", "The key 'id' is missing.");
            return null;
        }

        if (id is YamlText text && Clause.Kinds.TryGetValue(text.Value, out var kind)) return CheckMembers(map, kind, ["id"]);
        Add(id, "clause.unknown", $"There is no such clause. It may be: {string.Join(", ", Clause.Kinds.Keys)}.");
        return null;
    }

    private JsonObject CheckMembers(YamlMap map, Type type, IReadOnlyList<string> besides)
    {
        var members = Members(type);
        var made = new JsonObject();
        foreach (var entry in map.Entries)
        {
            if (besides.Contains(entry.Key)) made[entry.Key] = ((YamlText)entry.Value).Value;
            else if (members.FirstOrDefault(member => member.Name == entry.Key) is { } member) made[entry.Key] = Check(entry.Value, member.PropertyType, member.AttributeProvider);
            else errors.Add(new(entry.Line, entry.Column, "key.unknown", $"This key is not in the vocabulary. Here it may be: {string.Join(", ", besides.Concat(members.Select(known => known.Name)))}."));
        }

        foreach (var member in members.Where(member => member.IsRequired && map.Entries.All(entry => entry.Key != member.Name))) Add(map, "key.missing", $"The key '{member.Name}' is missing.");
        return made;
    }

    internal static IReadOnlyList<JsonPropertyInfo> Members(Type type) => Known.GetOrAdd(
        type, static known => [.. ProtocolJson.Options.GetTypeInfo(known).Properties.Where(property => property.AttributeProvider?.IsDefined(typeof(JsonIgnoreAttribute), true) != true)]);

    private static Regex Compile(string pattern) => new($@"\A(?:{pattern})\z", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    internal static Type? ElementOf(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    internal static IReadOnlyList<string> Words(Type type) => [.. Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName)];

    private static TAttribute? Limit<TAttribute>(ICustomAttributeProvider? limits)
        where TAttribute : Attribute => limits?.GetCustomAttributes(typeof(TAttribute), true).OfType<TAttribute>().FirstOrDefault();

    private JsonValue? Wrong(YamlNode node, string expected)
    {
        Add(node, "value.type", $"This must be {expected}.");
        return null;
    }

    private void Add(YamlNode node, string code, string message) => errors.Add(new(node.Line, node.Column, code, message));
}
