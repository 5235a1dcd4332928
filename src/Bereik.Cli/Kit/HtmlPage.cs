using System.Text;

namespace Bereik.Cli.Kit;

/// <summary>One document that opens in a browser and in a word processor, and prints on A4. It needs no other file.</summary>
internal sealed class HtmlPage(string title)
{
    private const string Style = """
        @page { size: A4; margin: 18mm 18mm 20mm; }
        body { font-family: "Source Sans 3", Calibri, "Segoe UI", Arial, sans-serif; font-size: 11pt; line-height: 1.45; color: #17242d; max-width: 178mm; margin: 8mm auto; padding: 0 4mm; }
        h1 { font-size: 19pt; line-height: 1.2; margin: 0 0 4mm; }
        h2 { font-size: 14pt; margin: 7mm 0 2mm; page-break-after: avoid; }
        h3 { font-size: 11.5pt; margin: 4mm 0 1mm; page-break-after: avoid; }
        p, ul, ol { margin: 0 0 2.5mm; }
        li { margin-bottom: 1mm; }
        table { border-collapse: collapse; width: 100%; margin: 0 0 4mm; }
        th, td { border: 1px solid #c5ced3; padding: 1.5mm 2mm; text-align: left; vertical-align: top; }
        th { background: #f3f5f6; }
        tr { page-break-inside: avoid; }
        .kop { color: #44535c; margin-bottom: 1mm; }
        .let-op { border-left: 1.5mm solid #7a4b00; background: #fff3d6; padding: 2.5mm 4mm; margin: 0 0 5mm; }
        .let-op p:last-child { margin-bottom: 0; }
        .invullen { background: #fffbe6; border-bottom: 1px dotted #17242d; }
        .stand { font-size: 8.5pt; color: #44535c; border: 1px solid #c5ced3; border-radius: 2px; padding: 0 1mm; white-space: nowrap; }
        .onzeker { color: #7a4b00; border-color: #7a4b00; white-space: normal; display: inline-block; line-height: 1.25; }
        .verplicht { font-size: 8.5pt; font-weight: bold; color: #9c1c1c; white-space: nowrap; }
        .code { font-family: Consolas, monospace; font-size: 9pt; overflow-wrap: anywhere; word-break: break-all; }
        .klein { font-size: 9.5pt; }
        .kort { font-size: 9.5pt; line-height: 1.3; }
        .kort h1 { font-size: 15pt; margin-bottom: 2mm; }
        .kort h2 { font-size: 11pt; margin: 2.5mm 0 0.5mm; }
        .kort p, .kort ul, .kort table { margin-bottom: 1.5mm; }
        .kort li { margin-bottom: 0; }
        .kort .let-op { padding: 1mm 3mm; margin-bottom: 2mm; }
        .kort td, .kort th { padding: 0.5mm 1.5mm; }
        @media print { body { margin: 0; padding: 0; max-width: none; } a { color: inherit; text-decoration: none; } }
        """;

    private readonly StringBuilder body = new();

    /// <summary>Smaller type, for what must fit on one page.</summary>
    public bool IsShort { get; init; }

    public string Title => title;

    public HtmlPage H1(Html text) => Add("h1", null, text);

    public HtmlPage H2(Html text) => Add("h2", null, text);

    public HtmlPage H3(Html text) => Add("h3", null, text);

    public HtmlPage P(Html text, string? style = null) => Add("p", style, text);

    /// <summary>What a reader must not miss.</summary>
    public HtmlPage Attention(params IEnumerable<Html> paragraphs) => Add("div", "let-op", Html.Of(paragraphs.Select(paragraph => Html.Element("p", null, paragraph)), ""));

    public HtmlPage List(params IEnumerable<Html> items) => Add("ul", null, Html.Of(items.Select(item => Html.Element("li", null, item)), ""));

    public HtmlPage Steps(params IEnumerable<Html> items) => Add("ol", null, Html.Of(items.Select(item => Html.Element("li", null, item)), ""));

    /// <summary>A table with a head.</summary>
    public HtmlPage Table(IEnumerable<Html> head, IEnumerable<IEnumerable<Html>> rows, string? style = null)
    {
        var heading = Html.Element("thead", null, Html.Element("tr", null, Html.Of(head.Select(cell => Html.Element("th", null, cell)), "")));
        var lines = Html.Of(rows.Select(row => Html.Element("tr", null, Html.Of(row.Select(cell => Html.Element("td", null, cell)), ""))), "");
        return Add("table", style, $"{heading}{Html.Element("tbody", null, lines)}");
    }

    /// <summary>Pairs of what it is and what it says.</summary>
    public HtmlPage Pairs(params IEnumerable<(Html Name, Html Value)> pairs) =>
        Add("table", null, Html.Element("tbody", null, Html.Of(pairs.Select(pair => Html.Element("tr", null, $"{Html.Element("th", null, pair.Name)}{Html.Element("td", null, pair.Value)}")), "")));

    public override string ToString() => $"""
        <!DOCTYPE html>
        <html lang="nl">
        <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{((Html)title).Markup()}</title>
        <style>
        {Style}
        </style>
        </head>
        <body{(IsShort ? " class=\"kort\"" : "")}>
        {body}</body>
        </html>

        """;

    private HtmlPage Add(string element, string? style, Html content)
    {
        body.Append(Html.Element(element, style, content).Markup()).Append('\n');
        return this;
    }
}
