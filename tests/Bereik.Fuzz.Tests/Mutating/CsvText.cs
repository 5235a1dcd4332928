using System.Text;

namespace Bereik.Fuzz.Tests.Mutating;

// Fields changed, quoted, added or taken away; rarely in the header, after which nothing more is read.
internal static class CsvText
{
    public static byte[] Change(Dice dice, byte[] input, byte[] other)
    {
        if (dice.Once(4)) return Lines.Change(dice, input, other);
        var text = Encoding.Latin1.GetString(input);
        var lines = text.Split('\n');
        var separator = lines[0].Contains(',', StringComparison.Ordinal) ? ',' : ';';
        var at = lines.Length > 1 && !dice.Once(12) ? 1 + dice.Below(lines.Length - 1) : 0;
        var fields = lines[at].Split(separator).ToList();
        var field = dice.Below(fields.Count);
        switch (dice.Below(8))
        {
            case 0:
                fields.RemoveAt(field);
                break;
            case 1:
                fields.Insert(field, fields[field]);
                break;
            case 2:
                fields[field] = $"\"{fields[field]}\"";
                break;
            case 3:
                fields[field] = $"\"{fields[field]}{dice.One<string>(["\"\"", "\n", "\r\n", ";", ",", "\"x", "\\\""])}";
                break;
            case 4:
                fields[field] = Encoding.Latin1.GetString(Mutation.Utf8(dice.One(Mutation.Words)));
                break;
            case 5:
                fields[field] = new string(dice.One<char>(['a', '0', ' ', '"', '\u00e9']), dice.Once(20) ? 70_000 : dice.Below(500));
                break;
            case 6:
                fields[field] = dice.One(Encoding.Latin1.GetString(other).Split(separator));
                break;
            default:
                fields[field] = Encoding.Latin1.GetString(RawBytes.ChangeText(dice, Encoding.Latin1.GetBytes(fields[field]), other));
                break;
        }

        lines[at] = string.Join(separator, fields);
        return Encoding.Latin1.GetBytes(string.Join('\n', lines));
    }
}
