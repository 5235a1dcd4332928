using Bereik.Exchange.Letters;

namespace Bereik.Source.Letters;

// What a thing on the page is for.
internal enum PageRole
{
    Sender,
    Address,
    Body,
    Number,
    Code,
    Picture,
    Languages,
    Slip,
    Ground,
}

// One thing on the page. Colours are by role: print shops that print black lose nothing.
internal abstract record PageItem(PageRole Role, Box Box)
{
    // Place in the order of reading; equal ones as they were put.
    public int Order { get; init; }
}

internal sealed record PageWords(PageRole Role, ShapedText Words, float Left, float Line)
    : PageItem(Role, new(Left, Line - Words.Ink.Above, Left + Words.Width, Line + Words.Ink.Below))
{
    public override string ToString() => "[woorden]";
}

// A rule, a ground behind words, or an empty box to write in.
internal sealed record PageFrame(PageRole Role, Box Box, bool Filled, bool Dashed = false) : PageItem(Role, Box);

// The dark modules of a square code, with the white around it.
internal sealed record PagePicture(Box Box, string Holds, IReadOnlyList<Box> Modules) : PageItem(PageRole.Picture, Box)
{
    public override string ToString() => "[beeldcode]";
}

/// <summary>One laid-out side: the text of the run and what is this letter's own (nl: bladzijde).</summary>
/// <param name="Text">The filled-in text.</param>
/// <param name="Rules">What it is held to.</param>
/// <param name="Letter">Whose it is.</param>
/// <param name="Items">Everything on it.</param>
/// <param name="OverflowMillimetres">By how much the text is longer than the side; 0 when it fits.</param>
internal sealed record LetterPage(LetterText Text, LetterRules Rules, Letter Letter, IReadOnlyList<PageItem> Items, float OverflowMillimetres) : IDisposable
{
    public static readonly Box Side = new(0, 0, 210, 297);

    /// <summary>The words of the text in Dutch, block by block, in the order in which they are read.</summary>
    public IEnumerable<string> Dutch => Text.Blocks.Where(block => block.Language is null).Select(block => LetterText.Plain(block.Text));

    /// <summary>The words on the page itself, line by line.</summary>
    public IEnumerable<string> Lines => Items.OfType<PageWords>().Select(item => LetterText.Plain(item.Words.Text));

    /// <summary>What is of this letter alone.</summary>
    public required IReadOnlyList<PageItem> Own { get; init; }

    /// <summary>Gives back the words that are of this letter alone.</summary>
    public void Dispose()
    {
        foreach (var words in Own.OfType<PageWords>()) words.Words.Dispose();
    }

    /// <summary>Its own number and code are personal data.</summary>
    public override string ToString() => "[bladzijde]";

    /// <summary>The block with an id; null when it does not stand in this letter.</summary>
    public LetterBlock? Block(string id) => Text.Blocks.FirstOrDefault(block => block.Id == id);
}
