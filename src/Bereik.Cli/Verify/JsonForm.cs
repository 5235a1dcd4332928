using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Bereik.Cli.Verify;

/// <summary>
/// The two forms in which JSON counts in the log: entries and protocol texts in the form of RFC 8785, signed documents compact and in a fixed order.
/// Written for the audit alone, so that a mistake of the writer's code is not repeated here.
/// </summary>
internal static class JsonForm
{
    private const int MostDepth = 32;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads one JSON object; null for anything else, for names that stand twice, and for bytes that are no text.</summary>
    public static JsonElement? Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = MostDepth, AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind != JsonValueKind.Object) return null;
            ReadTexts(document.RootElement);
            return document.RootElement.Clone();
        }
        catch (Exception foreign) when (foreign is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Whether bytes are the RFC 8785 form of what they say. Numbers other than whole ones are taken as they stand.</summary>
    public static bool IsSorted(ReadOnlySpan<byte> bytes, JsonElement value)
    {
        try
        {
            var text = new StringBuilder(bytes.Length);
            WriteSorted(value, text);
            return bytes.SequenceEqual(Strict.GetBytes(text.ToString()));
        }
        catch (Exception foreign) when (foreign is InvalidOperationException or EncoderFallbackException or FormatException)
        {
            return false;
        }
    }

    /// <summary>Whether bytes are the compact form of what they say, members in the order in which they stand.</summary>
    public static bool IsCompact(ReadOnlySpan<byte> bytes, JsonElement value)
    {
        try
        {
            var buffer = new ArrayBufferWriter<byte>(bytes.Length);
            using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) value.WriteTo(writer);
            return bytes.SequenceEqual(buffer.WrittenSpan);
        }
        catch (Exception foreign) when (foreign is InvalidOperationException or ArgumentException)
        {
            return false;
        }
    }

    // A text can hold half a surrogate pair, which shows only when it is read: here, and nowhere later.
    private static void ReadTexts(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String) _ = value.GetString();
        else if (value.ValueKind == JsonValueKind.Array) foreach (var item in value.EnumerateArray()) ReadTexts(item);
        else if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in value.EnumerateObject())
            {
                _ = member.Name;
                ReadTexts(member.Value);
            }
        }
    }

    private static void WriteSorted(JsonElement value, StringBuilder text)
    {
        var isFirst = true;
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{');
                foreach (var member in value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    if (!isFirst) text.Append(',');
                    isFirst = false;
                    WriteText(member.Name, text);
                    text.Append(':');
                    WriteSorted(member.Value, text);
                }

                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                foreach (var item in value.EnumerateArray())
                {
                    if (!isFirst) text.Append(',');
                    isFirst = false;
                    WriteSorted(item, text);
                }

                text.Append(']');
                break;
            case JsonValueKind.String:
                WriteText(value.GetString()!, text);
                break;
            case JsonValueKind.Number:
                text.Append(value.TryGetInt64(out var whole) ? whole.ToString(CultureInfo.InvariantCulture) : value.GetRawText());
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }

    // RFC 8785, 3.2.2.2: only what must be escaped is, in its shortest form.
    private static void WriteText(string word, StringBuilder text)
    {
        text.Append('"');
        foreach (var c in word)
        {
            var escape = c switch { '"' => "\\\"", '\\' => "\\\\", '\b' => "\\b", '\t' => "\\t", '\n' => "\\n", '\f' => "\\f", '\r' => "\\r", _ => null };
            if (escape is not null) text.Append(escape);
            else if (c < ' ') text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else text.Append(c);
        }

        text.Append('"');
    }
}
