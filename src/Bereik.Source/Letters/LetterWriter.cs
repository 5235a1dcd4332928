using System.Globalization;
using System.Text.RegularExpressions;
using Bereik.Exchange.Letters;
using SkiaSharp;

namespace Bereik.Source.Letters;

/// <summary>What became of one letter: a page of the file, or every reason why it has none.</summary>
/// <param name="Page">Its page in the file, from 1; 0 when it was refused.</param>
/// <param name="Problems">Why it was refused; empty when it was written.</param>
internal sealed record LetterOutcome(int Page, IReadOnlyList<LetterProblem> Problems);

/// <summary>
/// Writes the letters of a run as PDF, one page each, to a stream as they come (nl: briefschrijver). What is refused for all of them, is refused before the first
/// byte; a letter that alone does not fit is left out and the others go on. Not for several threads.
/// </summary>
internal sealed partial class LetterWriter : IDisposable
{
    private const float PointsInMillimetre = 72 / 25.4f;

    private static readonly SKColor Ink = new(0x17, 0x24, 0x2D), Action = new(0x0B, 0x53, 0x94), Line = new(0x5F, 0x6B, 0x73), Surface = new(0xF3, 0xF5, 0xF6);

    private readonly LetterFonts fonts = new();
    private readonly LetterLayout? layout;
    private readonly IReadOnlyList<LetterCheck> checks;
    private readonly SKPaint paint = new() { IsAntialias = true };

    /// <summary>Fills in and checks the text; ask <see cref="Problems"/> before the first letter.</summary>
    /// <param name="template">The text.</param>
    /// <param name="variant">First letter or reminder.</param>
    /// <param name="parts">What is filled in.</param>
    /// <param name="rules">What is asked of it.</param>
    /// <param name="checks">What it is held to; all of <see cref="LetterChecks"/> when absent, for a letter that asks whether somebody says yes.</param>
    public LetterWriter(LetterTemplate template, LetterVariant variant, IReadOnlyDictionary<string, string> parts, LetterRules rules, IReadOnlyList<LetterCheck>? checks = null)
    {
        this.checks = checks ?? LetterChecks.All;
        (Text, var problems) = LetterText.Fill(template, variant, parts, rules);
        Problems = problems;
        if (Text is not { } text) return;
        layout = new(fonts, text, rules);
        var specimen = new Letter { Name = "Naam", Address = ["Straat 1", "1000 Plaats"], Number = "0000-0000-0", Code = "0000-0000-0000-0" };
        using var page = layout.Page(specimen).Page!;
        Reading = LetterChecks.Level(page);
        Problems = [.. layout.HasAllLetters ? [] : new[] { new LetterProblem("letter.text.letters") }, .. LetterChecks.Run(this.checks, page, eachLetter: false)];
    }

    /// <summary>Every reason why no letter of this run may go out; empty when they may.</summary>
    public IReadOnlyList<LetterProblem> Problems { get; }

    /// <summary>The filled-in text; null when the parts did not fill it.</summary>
    public LetterText? Text { get; }

    /// <summary>How easy the filled-in text reads; null when the parts did not fill it.</summary>
    public ReadingLevel? Reading { get; }

    /// <summary>Writes letters to one file. What is read from <paramref name="letters"/> is written and let go; only a few hundred bytes a page stay until the end.</summary>
    /// <param name="destination">Gets the file; a page is in it when its outcome is told, the file is whole when this returns.</param>
    /// <param name="letters">The letters, in the order of the pages.</param>
    /// <param name="told">Gets the outcome of each, in the same order.</param>
    /// <param name="cancel">Stops between two letters; the file is then not whole.</param>
    /// <returns>The pages of the file. Without any, nothing is written.</returns>
    /// <exception cref="InvalidOperationException">There are <see cref="Problems"/>.</exception>
    public int Write(Stream destination, IEnumerable<Letter> letters, Action<Letter, LetterOutcome> told, CancellationToken cancel = default)
    {
        if (layout is null || Problems.Count > 0) throw new InvalidOperationException($"These letters may not go out: {Problems[0].Code}");
        // SECURITY: what a file says of itself is the same for every run: no name, number, code or day.
        var about = new SKDocumentPdfMetadata { Title = "Brief", Creator = "Bereik", RasterDpi = 300, EncodingQuality = 101 };
        using var guarded = new GuardedStream(destination);
        SKDocument? document = null;
        var pages = 0;
        try
        {
            foreach (var letter in letters)
            {
                cancel.ThrowIfCancellationRequested();
                var (page, problems) = Lay(letter);
                using (page)
                {
                    if (page is not null && problems.Count == 0)
                    {
                        document ??= SKDocument.CreatePdf(guarded, about);
                        Draw(document, page);
                        guarded.ThrowIfFailed();
                        pages++;
                    }
                }

                told(letter, problems.Count == 0 ? new(pages, []) : new(0, problems));
            }

            document?.Close();
            guarded.ThrowIfFailed();
        }
        catch
        {
            document?.Abort();
            throw;
        }
        finally
        {
            document?.Dispose();
        }

        return pages;
    }

    /// <summary>One letter laid out and checked, as it would be written.</summary>
    internal (LetterPage? Page, IReadOnlyList<LetterProblem> Problems) Lay(Letter letter)
    {
        var shape = ShapeOf(letter, Text!.Blocks.Any(block => block.Style == LetterStyle.Code));
        if (shape.Count > 0) return (null, shape);
        var (page, problems) = layout!.Page(letter);
        return page is null ? (null, problems) : (page, LetterChecks.Run(checks, page, eachLetter: true));
    }

    /// <summary>Whether one letter comes out; not before the text itself does.</summary>
    public bool Fits(Letter letter)
    {
        var (page, problems) = Lay(letter);
        using (page) return problems.Count == 0;
    }

    public void Dispose()
    {
        layout?.Dispose();
        paint.Dispose();
        fonts.Dispose();
    }

    // Lines of letters and no controls: a line cannot pretend to be two, nor turn the direction of what follows.
    private static List<LetterProblem> ShapeOf(Letter letter, bool hasCode)
    {
        var problems = new List<LetterProblem>();
        string[] lines = [letter.Name, .. letter.Address];
        if (letter.Address.Count == 0 || lines.Any(line => string.IsNullOrWhiteSpace(line) || line.Length > 200) || !PostcodeAndPlace().IsMatch(letter.Address[^1])) problems.Add(new("letter.address.shape"));
        if (lines.SelectMany(line => line).Any(c => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate)) problems.Add(new("letter.address.letters"));
        if (!Code().IsMatch(letter.Number) || (hasCode && !Code().IsMatch(letter.Code))) problems.Add(new("letter.missing.codeBlock"));
        return problems;
    }

    private void Draw(SKDocument document, LetterPage page)
    {
        var canvas = document.BeginPage(LetterPage.Side.Right * PointsInMillimetre, LetterPage.Side.Bottom * PointsInMillimetre);
        canvas.Scale(PointsInMillimetre);
        foreach (var item in page.Items)
        {
            switch (item)
            {
                case PageWords words:
                    paint.Style = SKPaintStyle.Fill;
                    paint.Color = words.Role == PageRole.Sender && words.Words.Face == LetterFace.Bold ? Action : Ink;
                    canvas.DrawText(words.Words.Glyphs, words.Left, words.Line, paint);
                    break;
                case PageFrame frame:
                    Draw(canvas, frame);
                    break;
                case PagePicture picture:
                    Draw(canvas, picture);
                    break;
            }
        }

        document.EndPage();
    }

    private void Draw(SKCanvas canvas, PageFrame frame)
    {
        var (left, top, right, bottom) = (frame.Box.Left, frame.Box.Top, frame.Box.Right, frame.Box.Bottom);
        paint.Style = frame.Filled ? SKPaintStyle.Fill : SKPaintStyle.Stroke;
        paint.Color = frame.Filled ? Surface : Line;
        paint.StrokeWidth = 0.25f;
        using var dashes = frame.Dashed ? SKPathEffect.CreateDash([1.6f, 1.4f], 0) : null;
        paint.PathEffect = dashes;
        if (frame.Dashed) canvas.DrawLine(left, top, right, top, paint);
        else canvas.DrawRect(left, top, right - left, bottom - top, paint);
        paint.PathEffect = null;
    }

    private void Draw(SKCanvas canvas, PagePicture picture)
    {
        paint.Style = SKPaintStyle.Fill;
        paint.Color = SKColors.White;
        canvas.DrawRect(picture.Box.Left, picture.Box.Top, picture.Box.Width, picture.Box.Height, paint);
        paint.Color = SKColors.Black;
        // One path: modules that are drawn one by one can show a hair between them.
        using var builder = new SKPathBuilder();
        foreach (var module in picture.Modules) builder.AddRect(new(module.Left, module.Top, module.Right, module.Bottom));
        using var path = builder.Detach();
        canvas.DrawPath(path, paint);
    }

    [GeneratedRegex(@"\A[1-9][0-9]{3} \S.*\z", RegexOptions.CultureInvariant)]
    private static partial Regex PostcodeAndPlace();

    [GeneratedRegex(@"\A[0-9A-Z]{1,4}(?:-[0-9A-Z]{1,4}){1,5}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Code();
}
