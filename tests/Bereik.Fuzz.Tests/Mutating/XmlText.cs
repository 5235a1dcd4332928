using System.Text;

namespace Bereik.Fuzz.Tests.Mutating;

// Elements deleted, doubled, renamed, nested or taken from elsewhere, and texts changed; what was well-formed mostly stays so.
internal static class XmlText
{
    public static byte[] Change(Dice dice, byte[] input, byte[] other)
    {
        var pieces = Cut(Encoding.Latin1.GetString(input));
        var at = dice.Below(pieces.Count);
        if (!IsStart(pieces[at])) return dice.Once(6) ? RawBytes.Change(dice, input, other) : Texts(dice, pieces, at, other);
        var end = EndOf(pieces, at);
        if (end < 0) return RawBytes.Change(dice, input, other);
        switch (dice.Below(8))
        {
            case 0:
                pieces.RemoveRange(at, end - at + 1);
                break;
            case 1:
                pieces.InsertRange(at, pieces[at..(end + 1)]);
                break;
            case 2:
                var taken = Cut(Encoding.Latin1.GetString(other));
                var from = dice.Below(taken.Count);
                if (IsStart(taken[from]) && EndOf(taken, from) is >= 0 and var to) pieces.InsertRange(at, taken[from..(to + 1)]);
                break;
            case 3:
                var inside = dice.One<string>(["", "<a/>", "<![CDATA[x]]>", "<!-- x -->", "<?x y?>", "&#233;", "<a xmlns=\"urn:x\"><b/></a>"]);
                if (end > at) pieces.Insert(at + 1, inside);
                break;
            case 4:
                var deep = dice.Below(80);
                pieces.Insert(at, string.Concat(Enumerable.Repeat("<d>", deep)));
                pieces.Insert(end + 2, string.Concat(Enumerable.Repeat("</d>", deep)));
                break;
            case 5:
                var name = dice.One<string>(["INSZ", "Kind", "Persoon", "Antwoord", "Uitzondering", "Begunstigde", "x"]);
                if (end > at) (pieces[at], pieces[end]) = ($"<{name}>", $"</{name}>");
                break;
            case 6:
                var repeated = pieces[at..(end + 1)];
                for (var i = dice.Below(dice.Once(20) ? 300 : 6); i > 0 && pieces.Count < 20_000; i--) pieces.InsertRange(at, repeated);
                break;
            default:
                pieces[at] = pieces[at].Insert(pieces[at].Length - (pieces[at].EndsWith("/>", StringComparison.Ordinal) ? 2 : 1), dice.One<string>([" a=\"b\"", " xmlns=\"urn:x\"", " xmlns=\"\"", " Code=\"1\"", " x:y=\"z\"", " xml:space=\"preserve\""]));
                break;
        }

        return Encoding.Latin1.GetBytes(string.Concat(pieces));
    }

    private static byte[] Texts(Dice dice, List<string> pieces, int at, byte[] other)
    {
        var texts = Enumerable.Range(0, pieces.Count).Where(i => !pieces[i].StartsWith('<') && !string.IsNullOrWhiteSpace(pieces[i])).ToList();
        if (texts.Count > 0) at = dice.One(texts);
        pieces[at] = dice.Below(4) switch
        {
            0 => Encoding.Latin1.GetString(Mutation.Utf8(dice.One(Mutation.Words))),
            1 => new string('9', dice.Once(10) ? 20_000 : dice.Below(40)),
            _ => Encoding.Latin1.GetString(RawBytes.ChangeText(dice, Encoding.Latin1.GetBytes(pieces[at]), other)),
        };
        return Encoding.Latin1.GetBytes(string.Concat(pieces));
    }

    private static List<string> Cut(string text)
    {
        var pieces = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var next = text[at] == '<' ? text.IndexOf('>', at) + 1 : text.IndexOf('<', at);
            if (next <= 0) next = text.Length;
            pieces.Add(text[at..next]);
            at = next;
        }

        if (pieces.Count == 0) pieces.Add("");
        return pieces;
    }

    private static bool IsStart(string piece) => piece.Length > 1 && piece[0] == '<' && piece[1] is not ('/' or '!' or '?');

    private static int EndOf(List<string> pieces, int start)
    {
        var depth = 0;
        for (var i = start; i < pieces.Count; i++)
        {
            if (IsStart(pieces[i]) && !pieces[i].EndsWith("/>", StringComparison.Ordinal)) depth++;
            else if (pieces[i].StartsWith("</", StringComparison.Ordinal)) depth--;
            if (depth == 0 && (IsStart(pieces[i]) || pieces[i].StartsWith("</", StringComparison.Ordinal))) return i;
        }

        return -1;
    }
}
