using Bereik.Exchange.Letters;
using QRCoder;

namespace Bereik.Source.Letters;

/// <summary>
/// Lays a letter out on one A4 side: sender, window, text with beside it how to answer, foot, slip. What is the same in every letter is shaped once;
/// a letter adds its address, number, code and picture (nl: opmaak).
/// </summary>
internal sealed class LetterLayout : IDisposable
{
    public const float TextPoints = 12, SmallestAddressPoints = 10, CodePoints = 15;

    private const float Left = 16, Right = 196, MainRight = 130, PanelLeft = 135, PanelInset = 4, HeadRight = 93, SlipCodeLeft = 62, SlipRow = 11.6f;
    private const float HeadTop = 36, TitleTop = 66, ColumnsTop = 85, SlipTop = 266.5f, Lead = 1.14f, PictureSize = 28;

    // Of the size of the words: how far their line lies below the top of their room, so that accents on capitals have theirs.
    private const float LineDrop = 0.92f;

    // In the window, the whole line as a reader of the file measures it: 1.02 above and 0.40 below, of the size of the words.
    private const float AddressDrop = 1.03f, AddressBelow = 0.40f, AddressLead = 1.13f;

    // Sender, date, address, and then the blocks.
    private const int GroundOrder = -1, AddressOrder = 1, FirstBlockOrder = 2;

    private readonly LetterFonts fonts;
    private readonly LetterText text;
    private readonly LetterRules rules;
    private readonly List<PageItem> items = [];
    private readonly List<(LetterStyle Style, LetterPlace Place, float Left, float Top, int Order)> slots = [];
    private float overflow;

    // What is put now comes at this place in the order of reading.
    private int order;

    public LetterLayout(LetterFonts fonts, LetterText text, LetterRules rules)
    {
        (this.fonts, this.text, this.rules) = (fonts, text, rules);
        PutHead();
        var main = PutColumn(LetterPlace.Main, Left, MainRight, ColumnsTop);
        var panelTop = ColumnsTop - 0.5f;
        var answer = PutColumn(LetterPlace.Answer, PanelLeft + PanelInset, Right - PanelInset, panelTop + 4) + 1.5f;
        if (Blocks(LetterPlace.Answer).Any()) items.Add(new PageFrame(PageRole.Ground, new(PanelLeft, panelTop, Right, answer), Filled: true) { Order = GroundOrder });
        var help = PutColumn(LetterPlace.Help, PanelLeft + PanelInset, Right - PanelInset, answer + 4);
        var foot = PutColumn(LetterPlace.Foot, Left, Right, Math.Max(main, help) + 1.5f) + 0.6f;
        overflow = Math.Max(0, foot - SlipTop);
        if (Blocks(LetterPlace.Slip).Any()) items.Add(new PageFrame(PageRole.Slip, new(0, SlipTop, LetterPage.Side.Right, SlipTop), Filled: false, Dashed: true) { Order = order });
        var slip = PutColumn(LetterPlace.Slip, Left, Right, SlipTop + 2);
       overflow += Math.Max(0, slip - (LetterPage.Side.Bottom - 5));
    }

    /// <summary>True when every word of the text has its letters in the faces that ship.</summary>
    public bool HasAllLetters { get; private set; } = true;

    /// <summary>One letter, or the reasons why this one cannot be laid out: <c>letter.address.tooLarge</c>, <c>letter.address.letters</c>.</summary>
    public (LetterPage? Page, IReadOnlyList<LetterProblem> Problems) Page(Letter letter)
    {
        var own = new List<PageItem>();
        if (PutAddress(letter, own) is { } problem) return (null, [problem]);
        PutCodes(letter, own);
        // Drawn in the order in which it is read: that is how a program reads the page aloud.
        return (new(text, rules, letter, [.. items.Concat(own).OrderBy(item => item.Order)], overflow) { Own = own }, []);
    }

    public void Dispose()
    {
        foreach (var words in items.OfType<PageWords>()) words.Words.Dispose();
    }

    private static float Drop(float points) => LetterFonts.ToMillimetres(points) * LineDrop;

    private static float Step(float points) => LetterFonts.ToMillimetres(points) * Lead;

    private static (LetterFace Face, float Points) Looks(LetterBlock block) => (block.Place, block.Style) switch
    {
        (LetterPlace.Title, _) => (LetterFace.Bold, 20),
        (_, LetterStyle.Heading) => (LetterFace.Bold, 13),
        (_, LetterStyle.Strong) => (LetterFace.Bold, TextPoints),
        _ => (LetterFace.Regular, TextPoints),
    };

    private void PutHead()
    {
        Put(items, PageRole.Sender, text.Template.Sender.Name, LetterFace.Bold, 24, Left, 20);
        Put(items, PageRole.Sender, text.Template.Sender.Line, LetterFace.Regular, TextPoints, Left, 26.5f);
        order = FirstBlockOrder;
        PutColumn(LetterPlace.Head, Left, HeadRight, HeadTop);
        // What is longer than its room beside the window shows as words in it, which refuses it.
        PutColumn(LetterPlace.Title, Left, HeadRight, TitleTop);
    }

    private IEnumerable<LetterBlock> Blocks(LetterPlace place) => text.Blocks.Where(block => block.Place == place);

    // Puts the blocks of a place below each other; gives where they end.
    private float PutColumn(LetterPlace place, float left, float right, float top)
    {
        var first = true;
        foreach (var block in Blocks(place))
        {
            order++;
            var (face, points) = Looks(block);
            // A heading stands nearer to what it is about than to what went before.
            if (!first) top += block.Style switch { LetterStyle.Heading => 2.4f, LetterStyle.Item => 0.7f, _ when place is LetterPlace.Foot => 1f, _ when place is LetterPlace.Head or LetterPlace.Slip => place == LetterPlace.Slip && block.Style == LetterStyle.Code ? 0 : 0.6f, _ => place == LetterPlace.Main && Previous(block)?.Style == LetterStyle.Heading ? 0.2f : 1.6f };
            first = false;
            if (block.Style == LetterStyle.Picture)
            {
                slots.Add((block.Style, place, left, top, order));
                top += PictureSize + 1.2f;
            }

            if (block.Style == LetterStyle.Languages) top = PutLanguages(block, left, right, top);
            else if (block.Style is LetterStyle.Number or LetterStyle.Code && place == LetterPlace.Slip) top = PutSlipRow(block, left, top);
            else if (block.Style == LetterStyle.Item) top = PutItem(block, left, right, top);
            else top = PutLines(place == LetterPlace.Slip ? PageRole.Slip : PageRole.Body, block.Text, face, points, left, right, top);
            if (block.Style is LetterStyle.Number or LetterStyle.Code && place != LetterPlace.Slip)
            {
                slots.Add((block.Style, place, left, top, order));
                top += Step(CodePoints);
            }
        }

        return top;
    }

    private LetterBlock? Previous(LetterBlock block) => Blocks(block.Place).TakeWhile(other => other != block).LastOrDefault();

    private float PutLines(PageRole role, string words, LetterFace face, float points, float left, float right, float top)
    {
        if (Wrap(words, face, points, right - left) is not { } lines)
        {
            HasAllLetters = false;
            return top;
        }

        foreach (var line in lines)
        {
            top += Step(points);
            Put(items, role, line, face, points, left, top - Step(points) + Drop(points));
        }

        return top;
    }

    private float PutItem(LetterBlock block, float left, float right, float top)
    {
        Put(items, PageRole.Body, "•", LetterFace.Bold, TextPoints, left, top + Drop(TextPoints));
        return PutLines(PageRole.Body, block.Text, LetterFace.Regular, TextPoints, left + 4, right, top);
    }

    // On the slip the number stands at the left, and at its right there are boxes for the code; each below its label.
    private float PutSlipRow(LetterBlock block, float left, float top)
    {
        var number = block.Style == LetterStyle.Number;
        var from = number ? left : left + SlipCodeLeft;
        if (!number) top -= SlipRow;
        Put(items, PageRole.Slip, block.Text, LetterFace.Regular, TextPoints, from, top + Drop(TextPoints));
        slots.Add((block.Style, LetterPlace.Slip, from, top + Step(TextPoints), order));
        return top + SlipRow;
    }

    // One line, each language in its own direction. What does not fit on it makes the page too long, which refuses it.
    private float PutLanguages(LetterBlock block, float left, float right, float top)
    {
        var line = top + Drop(TextPoints);
        Put(items, PageRole.Body, $"{block.Text}:", LetterFace.Bold, TextPoints, left, line);
        var at = items[^1].Box.Right + 2;
        foreach (var help in text.Template.Languages)
        {
            var face = help.Text.Any(c => c is >= '\u0600' and <= '\u06FF') ? LetterFace.Arabic : LetterFace.Regular;
            if (Put(items, PageRole.Languages, help.Text, face, TextPoints, at, line) is not { } words) continue;
            at = words.Box.Right + 4f;
            if (words.Box.Right > right) overflow += Step(TextPoints);
        }

        return top + Step(TextPoints);
    }

    // Largest that fits, lines whole before lines cut, down to the smallest size that sorting machines read well. The last line, postcode and place, is never cut.
    private LetterProblem? PutAddress(Letter letter, List<PageItem> own)
    {
        // Half a millimetre within it: a letter may reach a little before where its line begins.
        var room = LetterWindow.Always with { Left = LetterWindow.Always.Left + 0.5f, Right = LetterWindow.Always.Right - 0.5f };
        string[] whole = [letter.Name, .. letter.Address];
        foreach (var cut in (bool[])[false, true])
        {
            for (var points = TextPoints; points >= SmallestAddressPoints; points -= 0.5f)
            {
                var lines = new List<string>();
                foreach (var (line, index) in whole.Select((line, index) => (line, index)))
                {
                    if (Wrap(line, LetterFace.Regular, points, room.Width) is not { } wrapped) return new("letter.address.letters");
                    lines.AddRange(cut && index < whole.Length - 1 ? wrapped : [line]);
                }

                var shaped = lines.ConvertAll(line => fonts.Shape(line, LetterFace.Regular, points)!);
                var size = LetterFonts.ToMillimetres(points);
                var height = size * (AddressDrop + (AddressLead * (shaped.Count - 1)) + AddressBelow);
                if (height <= room.Height && shaped.TrueForAll(line => line.Width <= room.Width))
                {
                    var top = room.Top + ((room.Height - height) / 2);
                    own.AddRange(shaped.Select((line, index) => new PageWords(PageRole.Address, line, room.Left, top + (size * (AddressDrop + (AddressLead * index)))) { Order = AddressOrder }));
                    return null;
                }

                shaped.ForEach(line => line.Dispose());
            }
        }

        return new("letter.address.tooLarge");
    }

    private void PutCodes(Letter letter, List<PageItem> own)
    {
        foreach (var (style, place, left, top, at) in slots)
        {
            order = at;
            var line = top + Drop(CodePoints);
            if (style == LetterStyle.Picture) own.Add(Picture(rules.PictureOf(letter.Number), left, top) with { Order = at });
            else if (place == LetterPlace.Slip && style == LetterStyle.Code) PutBoxes(letter.Code, left, top, own);
            else if (place == LetterPlace.Slip) Put(own, PageRole.Slip, letter.Number, LetterFace.Bold, CodePoints, left, line);
            else Put(own, style == LetterStyle.Code ? PageRole.Code : PageRole.Number, style == LetterStyle.Code ? letter.Code : letter.Number, LetterFace.Bold, CodePoints, left, line);
        }
    }

    // One box for each character, in the groups of the code; nothing is written in them.
    private void PutBoxes(string code, float left, float top, List<PageItem> own)
    {
        const float Side = 6.5f;
        foreach (var character in code)
        {
            if (character != '-') own.Add(new PageFrame(PageRole.Slip, new(left, top, left + Side, top + Side), Filled: false) { Order = order });
            left += character == '-' ? 2.4f : Side;
        }
    }

    private static PagePicture Picture(string holds, float left, float top)
    {
        using var code = QRCodeGenerator.GenerateQrCode(holds, QRCodeGenerator.ECCLevel.M);
        var side = PictureSize / code.ModuleMatrix.Count;
        var modules = new List<Box>();
        for (var row = 0; row < code.ModuleMatrix.Count; row++)
        {
            var cells = code.ModuleMatrix[row];
            for (var column = 0; column < cells.Count;)
            {
                var from = column;
                while (column < cells.Count && cells[column]) column++;
                if (column > from) modules.Add(new(left + (from * side), top + (row * side), left + (column * side), top + ((row + 1) * side)));
                else column++;
            }
        }

        return new(new(left, top, left + PictureSize, top + PictureSize), holds, modules);
    }

    private PageWords? Put(List<PageItem> onto, PageRole role, string words, LetterFace face, float points, float left, float line)
    {
        if (fonts.Shape(words, face, points) is not { } shaped)
        {
            HasAllLetters = false;
            return null;
        }

        var put = new PageWords(role, shaped, left, line) { Order = order };
        onto.Add(put);
        return put;
    }

    // Words on as many lines as it takes; a word that is wider than a line stands alone on one. Null when a letter is in no face.
    private List<string>? Wrap(string words, LetterFace face, float points, float width)
    {
        var lines = new List<string>();
        var line = "";
        foreach (var word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var longer = line.Length == 0 ? word : $"{line} {word}";
            using var shaped = fonts.Shape(longer, face, points);
            if (shaped is null) return null;
            if (shaped.Width > width && line.Length > 0)
            {
                lines.Add(line);
                longer = word;
            }

            line = longer;
        }

        if (line.Length > 0) lines.Add(line);
        return lines;
    }
}
