using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Bereik.Exchange.Protocols;

/// <summary>JSON in the one form that everybody signs and hashes: the JSON Canonicalization Scheme, RFC 8785.</summary>
public static class CanonicalJson
{
    /// <summary>Writes a value: keys by UTF-16 order, no white space, numbers as ECMAScript writes them, only what must be escaped is.</summary>
    /// <param name="value">Any JSON value; null writes <c>null</c>.</param>
    /// <returns>UTF-8 bytes.</returns>
    /// <exception cref="ArgumentException">A number that has no finite double, or half a surrogate pair.</exception>
    public static byte[] Write(JsonNode? value)
    {
        var text = new StringBuilder();
        Write(value, text);
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(text.ToString());
        }
        catch (EncoderFallbackException)
        {
            throw new ArgumentException("A text holds half a surrogate pair.", nameof(value));
        }
    }

    private static void Write(JsonNode? value, StringBuilder text)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject members:
                text.Append('{');
                var first = true;
                foreach (var (name, member) in members.OrderBy(member => member.Key, StringComparer.Ordinal))
                {
                    if (!first) text.Append(',');
                    first = false;
                    WriteText(name, text);
                    text.Append(':');
                    Write(member, text);
                }

                text.Append('}');
                break;
            case JsonArray items:
                text.Append('[');
                for (var i = 0; i < items.Count; i++)
                {
                    if (i > 0) text.Append(',');
                    Write(items[i], text);
                }

                text.Append(']');
                break;
            case JsonValue scalar when scalar.TryGetValue(out string? word):
                WriteText(word, text);
                break;
            case JsonValue scalar when scalar.TryGetValue(out bool flag):
                text.Append(flag ? "true" : "false");
                break;
            default:
                text.Append(Number(value.AsValue().TryGetValue(out int whole) ? whole : value.GetValue<double>()));
                break;
        }
    }

    private static void WriteText(string word, StringBuilder text)
    {
        text.Append('"');
        foreach (var c in word)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\t' => text.Append("\\t"),
                '\n' => text.Append("\\n"),
                '\f' => text.Append("\\f"),
                '\r' => text.Append("\\r"),
                < ' ' => text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }

    // ECMAScript's Number::toString over the shortest digits that read back as the same double, which .NET gives.
    internal static string Number(double number)
    {
        if (!double.IsFinite(number)) throw new ArgumentException("A number has no finite value.", nameof(number));
        if (number == 0) return "0";
        var sign = number < 0 ? "-" : "";
        var (digits, exponent) = Split(Math.Abs(number).ToString("R", CultureInfo.InvariantCulture));
        var point = exponent + 1;
        if (digits.Length <= point && point <= 21) return sign + digits + new string('0', point - digits.Length);
        if (point is > 0 and <= 21) return $"{sign}{digits[..point]}.{digits[point..]}";
        if (point is > -6 and <= 0) return $"{sign}0.{new string('0', -point)}{digits}";
        var power = (exponent < 0 ? "-" : "+") + Math.Abs(exponent).ToString(CultureInfo.InvariantCulture);
        return digits.Length == 1 ? $"{sign}{digits}e{power}" : $"{sign}{digits[0]}.{digits[1..]}e{power}";
    }

    // Significant digits without zeros at either end, and the power of ten of the first.
    private static (string Digits, int Exponent) Split(string round)
    {
        var e = round.IndexOf('E', StringComparison.Ordinal);
        var power = e < 0 ? 0 : int.Parse(round.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = e < 0 ? round : round[..e];
        var dot = mantissa.IndexOf('.', StringComparison.Ordinal);
        var whole = dot < 0 ? mantissa : mantissa[..dot];
        var all = whole + (dot < 0 ? "" : mantissa[(dot + 1)..]);
        var leading = all.Length - all.TrimStart('0').Length;
        return (all.Trim('0'), power + whole.Length - 1 - leading);
    }
}
