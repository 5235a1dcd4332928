using System.Text;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Bereik.Exchange.Protocols;

// One value of a file with its place. Exactly the values that JSON has, without numbers that are not whole.
internal abstract record YamlNode(int Line, int Column);

internal sealed record YamlText(string Value, int Line, int Column) : YamlNode(Line, Column);

internal sealed record YamlWhole(long Value, int Line, int Column) : YamlNode(Line, Column);

internal sealed record YamlFlag(bool Value, int Line, int Column) : YamlNode(Line, Column);

internal sealed record YamlList(IReadOnlyList<YamlNode> Items, int Line, int Column) : YamlNode(Line, Column);

internal sealed record YamlMap(IReadOnlyList<YamlEntry> Entries, int Line, int Column) : YamlNode(Line, Column)
{
    public YamlNode? this[string key] => Entries.FirstOrDefault(entry => entry.Key == key)?.Value;

    public string? Text(string key) => (this[key] as YamlText)?.Value;
}

internal sealed record YamlEntry(string Key, int Line, int Column, YamlNode Value);

// Reads the small part of YAML that means one thing to everybody: no anchors, aliases, tags or second documents, no key twice, and no bare word that one
// reader takes for a text and another for a flag or a number.
internal sealed partial class YamlTree
{
    public const int MostBytes = 256 * 1024;
    private const int MostDepth = 24;
    private readonly List<LintError> errors;

    private YamlTree(List<LintError> errors) => this.errors = errors;

    // Null when nothing can be made of the text; the errors say why. A tree may come with errors too.
    public static YamlNode? Read(ReadOnlySpan<byte> bytes, List<LintError> errors)
    {
        if (bytes.Length > MostBytes)
        {
            errors.Add(new(1, 1, "yaml.tooLarge", $"The file is larger than {MostBytes} bytes."));
            return null;
        }

        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            errors.Add(new(1, 1, "yaml.notUtf8", "The file is not UTF-8."));
            return null;
        }

        if (FindControl(text) is { } control)
        {
            errors.Add(control);
            return null;
        }

        try
        {
            return new YamlTree(errors).ReadDocument(new Parser(new Scanner(new StringReader(text), skipComments: true)));
        }
        catch (YamlException wrong)
        {
            // The parser's own message may quote the text of the file.
            errors.Add(new((int)Math.Max(1, wrong.Start.Line), (int)Math.Max(1, wrong.Start.Column), "yaml.syntax", "This is not YAML."));
            return null;
        }
        catch (InvalidOperationException)
        {
            // The parser's own bug on some texts, for example a control character at the start of a word within brackets.
            errors.Add(new(1, 1, "yaml.syntax", "This is not YAML."));
            return null;
        }
        catch (TreeException wrong)
        {
            errors.Add(wrong.Error);
            return null;
        }
    }

    private YamlNode? ReadDocument(IParser parser)
    {
        parser.Consume<StreamStart>();
        if (parser.Accept<StreamEnd>(out _))
        {
            errors.Add(new(1, 1, "yaml.empty", "The file holds nothing."));
            return null;
        }

        parser.Consume<DocumentStart>();
        var root = ReadNode(parser, 0);
        parser.Consume<DocumentEnd>();
        if (parser.Accept<DocumentStart>(out var second)) errors.Add(At(second, "yaml.severalDocuments", "A file holds one document."));
        return root;
    }

    private YamlNode ReadNode(IParser parser, int depth)
    {
        var place = parser.Current!;
        if (depth > MostDepth) throw new TreeException(At(place, "yaml.tooDeep", $"The file nests deeper than {MostDepth} levels."));
        if (parser.TryConsume<AnchorAlias>(out var alias)) throw new TreeException(At(alias, "yaml.alias", "An alias is not allowed: write the value out."));
        if (place is NodeEvent node)
        {
            if (!node.Anchor.IsEmpty) throw new TreeException(At(place, "yaml.anchor", "An anchor is not allowed."));
            if (!node.Tag.IsEmpty) throw new TreeException(At(place, "yaml.tag", "A tag is not allowed."));
        }

        if (parser.TryConsume<Scalar>(out var scalar)) return ReadScalar(scalar);
        if (parser.TryConsume<SequenceStart>(out var sequence))
        {
            var items = new List<YamlNode>();
            while (!parser.TryConsume<SequenceEnd>(out _)) items.Add(ReadNode(parser, depth + 1));
            return new YamlList(items, Line(sequence), Column(sequence));
        }

        var map = parser.Consume<MappingStart>();
        var entries = new List<YamlEntry>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var keyPlace = parser.Current!;
            if (keyPlace is not Scalar { Anchor.IsEmpty: true, Tag.IsEmpty: true }) throw new TreeException(At(keyPlace, "yaml.key", "A key is one plain word."));
            var key = parser.Consume<Scalar>();
            var value = ReadNode(parser, depth + 1);
            if (seen.Add(key.Value)) entries.Add(new(key.Value, Line(key), Column(key), value));
            else errors.Add(At(key, "yaml.duplicateKey", "This key stands here twice."));
        }

        return new YamlMap(entries, Line(map), Column(map));
    }

    private YamlNode ReadScalar(Scalar scalar)
    {
        var (line, column) = (Line(scalar), Column(scalar));
        if (scalar.Style != ScalarStyle.Plain) return new YamlText(scalar.Value, line, column);
        switch (scalar.Value)
        {
            case "true": return new YamlFlag(true, line, column);
            case "false": return new YamlFlag(false, line, column);
            case "":
                errors.Add(new(line, column, "yaml.empty", "There is no value here."));
                return new YamlText("", line, column);
        }

        if (Whole().IsMatch(scalar.Value)) return new YamlWhole(long.Parse(scalar.Value, System.Globalization.CultureInfo.InvariantCulture), line, column);
        if (Ambiguous().IsMatch(scalar.Value)) errors.Add(new(line, column, "yaml.ambiguous", "One reader takes this for a text, another for something else. Write true, false or a whole number, or put quotes around it."));
        return new YamlText(scalar.Value, line, column);
    }

    private static LintError? FindControl(string text)
    {
        var (line, column) = (1, 1);
        foreach (var c in text)
        {
            if (c is '\n') (line, column) = (line + 1, 1);
            else if ((char.IsControl(c) && c != '\r' && c != '\t') || c is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069')) return new(line, column, "yaml.control", "A control character is not allowed.");
            else column++;
        }

        return null;
    }

    private static LintError At(ParsingEvent place, string code, string message) => new(Line(place), Column(place), code, message);

    private static int Line(ParsingEvent place) => (int)place.Start.Line;

    private static int Column(ParsingEvent place) => (int)place.Start.Column;

    [GeneratedRegex(@"\A(0|-?[1-9][0-9]{0,8})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Whole();

    // What YAML 1.1 or 1.2 readers take for a flag, nothing or a number. A day (2026-01-31) is a text to all that matters here.
    [GeneratedRegex(@"\A(y|n|yes|no|on|off|true|false|null|~|\.nan|[-+]?\.inf|[-+]?(0x[0-9a-f_]+|0o?[0-7_]+|0b[01_]+|[0-9][0-9_,]*(\.[0-9_]*)?(e[-+]?[0-9]+)?|\.[0-9][0-9_]*(e[-+]?[0-9]+)?|[0-9]+(:[0-9]{1,2})+(\.[0-9]*)?))\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Ambiguous();

    private sealed class TreeException(LintError error) : Exception
    {
        public LintError Error { get; } = error;
    }
}
