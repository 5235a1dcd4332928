using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Bereik.Exchange.Protocols;

namespace Bereik.Exchange.Letters;

/// <summary>The text of a letter, read and checked in the same way as a protocol.</summary>
/// <param name="Template">Null exactly when there are errors.</param>
/// <param name="Errors">Everything that is wrong, by place.</param>
public sealed partial record LetterFile(LetterTemplate? Template, IReadOnlyList<LintError> Errors)
{
    /// <summary>The part that the program itself fills in: the address of the answer page, without https.</summary>
    public const string Site = "site";

    private static readonly Lazy<LetterTemplate> Embedded = new(Load);

    /// <summary>The letter of the protocol <c>groeipakket-brief</c>, as it ships with every node.</summary>
    public static LetterTemplate Shipped => Embedded.Value;

    /// <summary>Reads and checks a file.</summary>
    /// <param name="yaml">Its bytes.</param>
    /// <returns>The text, or <c>letter.part.unknown</c>, <c>letter.part.unused</c>, <c>letter.block.twice</c> and the codes of every other file, each with its place.</returns>
    public static LetterFile Read(ReadOnlySpan<byte> yaml)
    {
        var errors = new List<LintError>();
        if (YamlTree.Read(yaml, errors) is not { } tree) return new(null, errors);
        var json = new ProtocolShape(errors).Check(tree, typeof(LetterTemplate), null);
        if (errors.Count > 0 || json is null) return new(null, InOrder(errors));
        var template = json.Deserialize<LetterTemplate>(ProtocolJson.Options)! with { Hash = StrictBase64Url.Encode(SHA256.HashData(CanonicalJson.Write(json))) };
        CheckParts(template, (YamlMap)tree, errors);
        CheckPlaces(template, (YamlMap)tree, errors);
        return errors.Count > 0 ? new(null, InOrder(errors)) : new(template, []);
    }

    /// <summary>The parts that a text names, in order.</summary>
    /// <param name="text">Text of a block.</param>
    public static IEnumerable<string> PartsIn(string text) => Part().Matches(text ?? "").Select(match => match.Groups[1].Value);

    private static void CheckParts(LetterTemplate template, YamlMap tree, List<LintError> errors)
    {
        var known = template.Parts.Select(part => part.Id).ToHashSet(StringComparer.Ordinal);
        var named = template.Blocks.SelectMany(block => PartsIn(block.Text)).ToHashSet(StringComparer.Ordinal);
        foreach (var (block, node) in template.Blocks.Zip(Nodes(tree, "blocks")))
        {
            if (PartsIn(block.Text).Any(part => part != Site && !known.Contains(part)) || Part().Replace(block.Text, "").AsSpan().ContainsAny('{', '}'))
            {
                errors.Add(new(node.Line, node.Column, "letter.part.unknown", "This text names a part that there is not."));
            }
        }

        foreach (var (part, node) in template.Parts.Zip(Nodes(tree, "parts")))
        {
            if (!named.Contains(part.Id) || part.Id == Site) errors.Add(new(node.Line, node.Column, "letter.part.unused", "No text names this part."));
            if (part.Example.Length > part.Most) errors.Add(new(node.Line, node.Column, "value.length", "The example is longer than the part may be."));
        }
    }

    // The code stands in a letter once, so that who cuts, folds or copies a part of it knows where it is; the program draws one picture and one line of languages.
    private static void CheckPlaces(LetterTemplate template, YamlMap tree, List<LintError> errors)
    {
        var seen = new HashSet<(LetterStyle, bool)>();
        foreach (var (block, node) in template.Blocks.Zip(Nodes(tree, "blocks")))
        {
            if (block.Style is not (LetterStyle.Number or LetterStyle.Code or LetterStyle.Picture or LetterStyle.Languages)) continue;
            if (block.Only is not null || !seen.Add((block.Style, block.Place == LetterPlace.Slip))) errors.Add(new(node.Line, node.Column, "letter.block.twice", "There is one of these in every letter, and one on the slip at the most."));
        }
    }

    private static IReadOnlyList<YamlNode> Nodes(YamlMap tree, string key) => ((YamlList)tree[key]!).Items;

    private static List<LintError> InOrder(IEnumerable<LintError> errors) => [.. errors.OrderBy(error => error.Line).ThenBy(error => error.Column)];

    private static LetterTemplate Load()
    {
        using var stream = typeof(LetterFile).Assembly.GetManifestResourceStream("letters/groeipakket-brief.yaml") ?? throw new InvalidOperationException("groeipakket-brief.yaml is not in the assembly.");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        var file = Read(bytes.ToArray());
        return file.Template ?? throw new InvalidDataException($"groeipakket-brief.yaml:{file.Errors[0].Line}: {file.Errors[0].Code}");
    }

    [GeneratedRegex(@"\{([a-z][A-Za-z]{1,19})\}", RegexOptions.CultureInvariant)]
    private static partial Regex Part();
}
