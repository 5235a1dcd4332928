using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace Bereik.Cli.Kit;

/// <summary>
/// A piece of a document. Whatever is put into it is escaped, the literal text of an interpolated string too; markup comes only from
/// <see cref="Element"/>, so that nothing from a protocol file can be more than text.
/// </summary>
[InterpolatedStringHandler]
internal sealed class Html
{
    private static readonly CultureInfo Belgian = CultureInfo.GetCultureInfo("nl-BE");

    private readonly StringBuilder markup;

    public Html(int literalLength, int formattedCount) => markup = new StringBuilder(literalLength + (formattedCount * 16));

    public static implicit operator Html(string text) => $"{text}";

    public static Html Element(string name, string? style, Html content)
    {
        Html element = new(0, 0);
        element.markup.Append('<').Append(name);
        if (style is not null) element.markup.Append(" class=\"").Append(style).Append('"');
        element.markup.Append('>').Append(content.markup).Append("</").Append(name).Append('>');
        return element;
    }

    /// <summary>A link to another document of the same kit.</summary>
    public static Html Link(string file, Html content)
    {
        Html link = new(0, 0);
        link.markup.Append("<a href=\"").Append(Escape(file)).Append("\">").Append(content.markup).Append("</a>");
        return link;
    }

    /// <summary>What a council fills in itself, named so that nobody has to guess.</summary>
    public static Html Blank(string label) => Element("span", "invullen", $"[{label}]");

    public static Html Strong(Html content) => Element("strong", null, content);

    public static Html Of(IEnumerable<Html> pieces, string between)
    {
        Html all = new(0, 0);
        foreach (var piece in pieces)
        {
            if (all.markup.Length > 0) all.AppendLiteral(between);
            all.AppendFormatted(piece);
        }

        return all;
    }

    public void AppendLiteral(string text) => markup.Append(Escape(text));

    public void AppendFormatted(string text) => markup.Append(Escape(text));

    public void AppendFormatted(int number) => markup.Append(number.ToString(Belgian));

    public void AppendFormatted(DateOnly day) => markup.Append(day.ToString("d MMMM yyyy", Belgian));

    public void AppendFormatted(Html piece) => markup.Append(piece.markup);

    /// <summary>The markup itself. It is no ToString: a piece that ends up in an ordinary string would be escaped a second time, unseen.</summary>
    public string Markup() => markup.ToString();

    // SECURITY: characters that no XML may hold are left out; the rest of what a file says cannot end an element or an attribute.
    private static string Escape(string text) => WebUtility.HtmlEncode(string.Concat(text.Where(c => !char.IsControl(c) || c is '\n' or '\t')));
}
