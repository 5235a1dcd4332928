using System.Text;

namespace Bereik.Fuzz.Tests.Mutating;

// A part of an input that is encoded: how it is taken out, and put back after it was changed. Null when the input has no such part.
internal sealed record Part(Shape Shape, Func<byte[], byte[]?> Take, Func<byte[], byte[], byte[]> Put);

// Makes one input of two items of a corpus.
internal static class Mutation
{
    public const int MostBytes = 256 * 1024;

    // Texts at which parsers have broken before: extremes, encodings, and what means something to one reader and nothing to another.
    public static readonly IReadOnlyList<string> Words =
    [
        "", " ", "0", "-0", "-1", "1", "00", "1.0", "1e0", "1e999", "-1e999", "1e-400", "2147483647", "2147483648", "-2147483649", "9007199254740993", "9223372036854775807", "9223372036854775808", "18446744073709551616",
        "null", "true", "false", "{}", "[]", "\"\"", "\"", "'", "\\", "\\u0000", "\\ud800", "\\udc00", "\\u00e9", "\u00e9", "\u2028", "\u202e", "\ufeff", "\ufffd", "\U0001F600", "e\u0301", "\u0131", "\u212a",
        "\0", "\n", "\r\n", "\t", "\u007f", "=", "==", "-", "_", "+", "/", ".", "..", ",", ";", ":", "|", "%00", "&amp;", "&lt;", "&#0;", "&x;", "<", ">", "]]>", "<!--", "<!DOCTYPE a [<!ENTITY x 'y'>]>", "<![CDATA[x]]>",
        "*a", "&a x", "!!str x", "!x", "- ", "? ", "---\n", "...\n", "%YAML 1.2\n", "|\n ", ">\n ", "2026-02-30", "2026-01-31", "0000-00-00", "9999-12-31", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "2026-11-23T08:15:00+01:00",
        "2026-13", "2026Q5", "NaN", "Infinity", "0x10", "1_000", "1:30", "yes", "~", "zip", "none", "dir", "\u2014 ", "AAAA", "A", "====",
    ];

    public static byte[] Make(Dice dice, IReadOnlyList<byte[]> corpus, Shape shape, IReadOnlyList<Part> parts)
    {
        var input = dice.One(corpus);
        for (var left = dice.Once(2) ? 1 : 1 + dice.Below(3); left > 0 && input.Length <= MostBytes; left--)
        {
            var other = dice.One(corpus);
            input = dice.Below(20) switch
            {
                0 => Splice(dice, input, other),
                1 => RawBytes.Change(dice, input, other),
                < 15 when parts.Count > 0 => ChangePart(dice, dice.One(parts), input, other),
                _ => Change(dice, shape, input, other),
            };
        }

        return input.Length > MostBytes ? input[..MostBytes] : input;
    }

    private static byte[] ChangePart(Dice dice, Part part, byte[] input, byte[] other)
    {
        if (part.Take(input) is not { } inner) return RawBytes.Change(dice, input, other);
        var more = part.Take(other) ?? inner;
        return part.Put(input, dice.Once(12) ? more : Change(dice, part.Shape, inner, more));
    }

    private static byte[] Change(Dice dice, Shape shape, byte[] input, byte[] other) => shape switch
    {
        Shape.Json => JsonText.Change(dice, input, other),
        Shape.Xml => XmlText.Change(dice, input, other),
        Shape.Csv => CsvText.Change(dice, input, other),
        Shape.Yaml => dice.Once(3) ? Lines.Change(dice, input, other) : YamlText.Change(dice, input, other),
        Shape.Lines => Lines.Change(dice, input, other),
        Shape.Text => RawBytes.ChangeText(dice, input, other),
        _ => RawBytes.Change(dice, input, other),
    };

    private static byte[] Splice(Dice dice, byte[] input, byte[] other) => [.. input.AsSpan(0, dice.Below(input.Length + 1)), .. other.AsSpan(dice.Below(other.Length + 1))];

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
