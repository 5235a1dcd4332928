using System.Globalization;
using System.Text.RegularExpressions;

namespace Bereik.Exchange.Letters;

/// <summary>The text of all letters of one run: the template with its parts filled in (nl: ingevulde brieftekst). Nothing of a person.</summary>
/// <param name="Template">The text before it was filled in.</param>
/// <param name="Variant">First letter or reminder.</param>
/// <param name="Blocks">What stands in it, filled in.</param>
/// <param name="Values">Each part as it is printed.</param>
public sealed partial record LetterText(LetterTemplate Template, LetterVariant Variant, IReadOnlyList<LetterBlock> Blocks, IReadOnlyDictionary<string, string> Values)
{
    /// <summary>Between what belongs together: a number or a day is not cut at the end of a line.</summary>
    public const char Tie = '\u00A0';

    private static readonly CultureInfo Dutch = CultureInfo.GetCultureInfo("nl-BE");

    /// <summary>SHA-256 of the words in Dutch and in every other language, a line each, UTF-8: what the letter gave notice with.</summary>
    public Bytes32 Notice => Bytes32.Sha256(System.Text.Encoding.UTF8.GetBytes(string.Concat(Blocks.Select(block => $"{Plain(block.Text)}\n").Concat(Template.Languages.Select(help => $"{help.Text}\n")))));

    /// <summary>The text, or every reason why these parts do not fill it: <c>letter.part.missing</c>, <c>.unknown</c>, <c>.tooLong</c> or <c>.shape</c>, with the name of the part.</summary>
    /// <param name="template">The text.</param>
    /// <param name="variant">First letter or reminder.</param>
    /// <param name="parts">What is filled in, by the name of the part; days as yyyy-MM-dd.</param>
    /// <param name="rules">What is asked of it.</param>
    public static (LetterText? Text, IReadOnlyList<LetterProblem> Problems) Fill(LetterTemplate template, LetterVariant variant, IReadOnlyDictionary<string, string> parts, LetterRules rules)
    {
        var problems = new List<LetterProblem>();
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { [LetterFile.Site] = rules.Site };
        foreach (var part in template.Parts)
        {
            var given = parts.GetValueOrDefault(part.Id, "");
            if (given.Length == 0) problems.Add(new("letter.part.missing", part.Id));
            else if (given.Length > part.Most) problems.Add(new("letter.part.tooLong", part.Id));
            else if (Print(part.Kind, given) is { } printed) values[part.Id] = printed;
            else problems.Add(new("letter.part.shape", part.Id));
        }

        problems.AddRange(parts.Keys.Where(id => template.Parts.All(part => part.Id != id)).Order(StringComparer.Ordinal).Select(id => new LetterProblem("letter.part.unknown", PartName().IsMatch(id) ? id : "")));
        if (problems.Count > 0) return (null, problems);
        var blocks = template.Blocks.Where(block => block.Only is null || block.Only == variant)
            .Select(block => block with { Text = LetterFile.PartsIn(block.Text).Aggregate(block.Text, (text, part) => text.Replace($"{{{part}}}", values[part], StringComparison.Ordinal)) });
        return (new(template, variant, [.. blocks], values), []);
    }

    /// <summary>The invented values of the template.</summary>
    /// <param name="template">The text.</param>
    public static IReadOnlyDictionary<string, string> Examples(LetterTemplate template) => template.Parts.ToDictionary(part => part.Id, part => part.Example, StringComparer.Ordinal);

    /// <summary>Its parts may name a worker.</summary>
    public override string ToString() => "[brieftekst]";

    /// <summary>As a reader sees it: every kind of space is one.</summary>
    /// <param name="text">A text with ties.</param>
    public static string Plain(string text) => text.Replace(Tie, ' ');

    // As it is printed; null when the value has another shape.
    private static string? Print(LetterPartKind kind, string value) => kind switch
    {
        LetterPartKind.Day => DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day.ToString("d MMMM yyyy", Dutch).Replace(' ', Tie) : null,
        LetterPartKind.Phone => Phone().IsMatch(value) ? value.Replace(' ', Tie) : null,
        LetterPartKind.Mail => Mail().IsMatch(value) ? value : null,
        _ => Words().IsMatch(value) ? value : null,
    };

    // One line of words, without what could lead somebody to another page or mailbox.
    [GeneratedRegex(@"\A[\p{L}\p{N}](?:[\p{L}\p{M}\p{N},.'’()&-]| (?! ))*[\p{L}\p{M}\p{N}).]\z", RegexOptions.CultureInvariant)]
    private static partial Regex Words();

    [GeneratedRegex(@"\A(?:0|\+32 )[1-9]?[0-9](?: ?[0-9]{2,3}){2,4}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Phone();

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9.-]*@[a-z0-9-]+(?:\.[a-z0-9-]+)+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Mail();

    [GeneratedRegex(@"\A[A-Za-z]{1,20}\z", RegexOptions.CultureInvariant)]
    private static partial Regex PartName();
}
