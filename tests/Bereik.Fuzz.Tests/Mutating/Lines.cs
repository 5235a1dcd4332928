using System.Text;

namespace Bereik.Fuzz.Tests.Mutating;

// Lines deleted, doubled, moved, taken from elsewhere, or changed within.
internal static class Lines
{
    public static byte[] Change(Dice dice, byte[] input, byte[] other)
    {
        var lines = Encoding.Latin1.GetString(input).Split('\n').ToList();
        var at = dice.Below(lines.Count);
        switch (dice.Below(8))
        {
            case 0:
                lines.RemoveAt(at);
                break;
            case 1:
                lines.Insert(at, lines[at]);
                break;
            case 2:
                (lines[at], lines[dice.Below(lines.Count)]) = (lines[dice.Below(lines.Count)], lines[at]);
                break;
            case 3:
                lines.Insert(at, dice.One(Encoding.Latin1.GetString(other).Split('\n')));
                break;
            case 4:
                lines[at] = dice.One(Encoding.Latin1.GetString(other).Split('\n'));
                break;
            case 5:
                var words = lines[at].Split(' ');
                words[dice.Below(words.Length)] = Encoding.Latin1.GetString(Mutation.Utf8(dice.One(Mutation.Words)));
                lines[at] = string.Join(' ', words);
                break;
            default:
                lines[at] = Encoding.Latin1.GetString(RawBytes.ChangeText(dice, Encoding.Latin1.GetBytes(lines[at]), other));
                break;
        }

        return Encoding.Latin1.GetBytes(string.Join('\n', lines));
    }
}
