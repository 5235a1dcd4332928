using System.Text;

namespace Bereik.Fuzz.Tests.Mutating;

// The value of a key changed, indentation shifted, and what YAML has besides: anchors, aliases, tags, flow style, block scalars.
internal static class YamlText
{
    private static readonly string[] Values =
        ["&a x", "*a", "!!int 1", "!x y", "[1, 2]", "{a: b}", "|", ">-", "'x'", "\"\\u0000\"", "\"\\ud800\"", "<<: *a", "? x", "- - - x", "yes", "0o17", "1e3", "2026-02-30", "@x", "`x", "%x", "x: y", "x #y", "\"x", "'x", "[", "{", "]", "}"];

    public static byte[] Change(Dice dice, byte[] input, byte[] other)
    {
        var lines = Encoding.Latin1.GetString(input).Split('\n').ToList();
        var at = dice.Below(lines.Count);
        var line = lines[at];
        var value = line.IndexOf(": ", StringComparison.Ordinal) is >= 0 and var colon ? colon + 2 : line.Length - line.TrimStart(' ', '-').Length;
        var head = line[..Math.Max(0, value)];
        switch (dice.Below(9))
        {
            case 0:
                lines[at] = head + dice.One(Values);
                break;
            case 1:
                lines[at] = head + Encoding.Latin1.GetString(Mutation.Utf8(dice.One(Mutation.Words)));
                break;
            case 2:
                lines[at] = dice.Once(2) ? "  " + line : line.StartsWith("  ", StringComparison.Ordinal) ? line[2..] : line;
                break;
            case 3:
                lines[at] = head + new string('[', dice.Below(100));
                break;
            case 4:
                lines[at] = head + new string('x', dice.Once(8) ? 100_000 : dice.Below(3000));
                break;
            case 5:
                var depth = dice.Below(60);
                lines[at] = string.Concat(Enumerable.Range(0, depth).Select(i => $"{new string(' ', i * 2)}a:\n")) + new string(' ', depth * 2) + "b";
                break;
            case 6:
                lines.Insert(at, lines[at]);
                break;
            default:
                lines[at] = head + Encoding.Latin1.GetString(RawBytes.ChangeText(dice, Encoding.Latin1.GetBytes(line[head.Length..]), other));
                break;
        }

        return Encoding.Latin1.GetBytes(string.Join('\n', lines));
    }
}
