using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bereik.Fuzz.Tests.Mutating;

// Members deleted, doubled, renamed, moved, nested or given another value. What is no JSON is changed as text.
internal static class JsonText
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 256 };
    private static readonly string[] Raw = ["1e999", "-0", "1.0", "0.1e1", "9223372036854775808", "\"\\ud800\"", "\"\\u0041\"", "\"\\u0000\"", "\"\\/\"", "[]", "{}", "nul", "+1", "01", "\"\u0001\"", "/*x*/1", "1,", "'x'", "NaN"];

    public static byte[] Change(Dice dice, byte[] input, byte[] other)
    {
        try
        {
            return ChangeTree(dice, input, other);
        }
        catch (InvalidOperationException)
        {
            // A text in it is none.
            return RawBytes.Change(dice, input, other);
        }
    }

    private static byte[] ChangeTree(Dice dice, byte[] input, byte[] other)
    {
        if (dice.Once(8) || Parse(input) is not { } root) return RawBytes.ChangeText(dice, input, other);
        var places = new List<(JsonNode Holder, string? Name, int Index)>();
        Collect(root, places);
        if (places.Count == 0) return RawBytes.Change(dice, input, other);
        var (holder, name, index) = dice.One(places);
        var value = holder is JsonObject members ? members[name!] : holder[index];
        string? later = null;
        switch (dice.Below(20))
        {
            case 0:
                if (holder is JsonObject from) from.Remove(name!);
                else ((JsonArray)holder).RemoveAt(index);
                break;
            case 1:
                // A doubled member cannot be in a tree, so it goes in as text.
                if (holder is JsonObject) later = $"\"{JsonEncodedText.Encode(name!)}\":{value?.ToJsonString(Compact) ?? "null"},";
                else ((JsonArray)holder).Insert(index, value?.DeepClone());
                break;
            case 2:
                Put(holder, name, index, JsonValue.Create("\u0001raw\u0001"));
                later = dice.One(Raw);
                break;
            case 3:
                Put(holder, name, index, JsonValue.Create(dice.One(Mutation.Words)));
                break;
            case 4:
                Put(holder, name, index, dice.Below(6) switch { 0 => null, 1 => JsonValue.Create(true), 2 => JsonValue.Create(-1), 3 => JsonValue.Create(long.MaxValue), 4 => new JsonArray(), _ => new JsonObject() });
                break;
            case 5:
                Put(holder, name, index, JsonValue.Create(new string(dice.One<char>(['a', '\u00e9', '.', '\\']), dice.Once(10) ? 70_000 : dice.Below(3000))));
                break;
            case 6:
                JsonNode? deep = value?.DeepClone();
                for (var i = dice.Below(100); i > 0; i--) deep = dice.Once(2) ? new JsonArray(deep) : new JsonObject { ["a"] = deep };
                Put(holder, name, index, deep);
                break;
            case 7:
                if (holder is JsonObject more) more[dice.One(Mutation.Words) + "x"] = value?.DeepClone();
                else for (var i = dice.Below(300); i > 0; i--) ((JsonArray)holder).Add(value?.DeepClone());
                break;
            case 8:
                if (Parse(other) is { } second && Find(dice, second) is { } found) Put(holder, name, index, found.DeepClone());
                break;
            case 9:
                if (holder is JsonObject order)
                {
                    order.Remove(name!);
                    order.Add(name!, value);
                }

                break;
            default:
                Put(holder, name, index, Nudge(dice, value, other));
                break;
        }

        var text = root.ToJsonString(Compact);
        if (later is null) return Mutation.Utf8(text);
        if (text.IndexOf("\"\\u0001raw\\u0001\"", StringComparison.Ordinal) is >= 0 and var mark) return Mutation.Utf8(text[..mark] + later + text[(mark + 17)..]);
        var brace = text.IndexOf('{', StringComparison.Ordinal);
        return Mutation.Utf8(text.Insert(brace + 1, later));
    }

    private static JsonNode? Nudge(Dice dice, JsonNode? value, byte[] other) => value switch
    {
        JsonValue text when text.TryGetValue(out string? word) => JsonValue.Create(Encoding.UTF8.GetString(dice.Once(8) ? RawBytes.ChangeText(dice, Mutation.Utf8(word), other) : RawBytes.ChangeCharacters(dice, Mutation.Utf8(word)))),
        JsonValue number when number.TryGetValue(out long whole) => JsonValue.Create(whole + dice.One<long>([1, -1, 1000, int.MaxValue, -whole])),
        JsonValue flag when flag.TryGetValue(out bool on) => JsonValue.Create(!on),
        _ => value?.DeepClone(),
    };

    private static JsonNode? Parse(byte[] input)
    {
        try
        {
            var root = JsonNode.Parse(input, documentOptions: new JsonDocumentOptions { MaxDepth = 256, AllowDuplicateProperties = false });
            _ = root?.ToJsonString(Compact);
            return root;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    private static JsonNode? Find(Dice dice, JsonNode root)
    {
        var places = new List<(JsonNode Holder, string? Name, int Index)>();
        Collect(root, places);
        if (places.Count == 0) return root;
        var (holder, name, index) = dice.One(places);
        return name is null ? holder[index] : holder[name];
    }

    private static void Collect(JsonNode? node, List<(JsonNode, string?, int)> places)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, member) in members)
                {
                    places.Add((members, name, -1));
                    Collect(member, places);
                }

                break;
            case JsonArray items:
                for (var i = 0; i < Math.Min(items.Count, 20); i++)
                {
                    places.Add((items, null, i));
                    Collect(items[i], places);
                }

                break;
        }
    }

    private static void Put(JsonNode holder, string? name, int index, JsonNode? value)
    {
        if (holder is JsonObject members) members[name!] = value;
        else ((JsonArray)holder)[index] = value;
    }
}
