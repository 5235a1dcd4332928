using System.Collections.Frozen;
using System.Text.Json;
using System.Text.RegularExpressions;
using Bereik.Local.Features;

namespace Bereik.Local.Contacts;

/// <summary>Words to say to somebody, with parts that are filled in (nl: wat u zegt).</summary>
/// <param name="Id">Which: <c>referral</c>, <c>firstContact</c> or <c>firstAnswer</c>.</param>
/// <param name="Nl">In Dutch, a paragraph a line.</param>
/// <param name="En">In English, a paragraph a line.</param>
public sealed record SpokenText(string Id, string Nl, string En);

/// <summary>The words that workers read aloud: a file, which a local government can change; read and checked when the node starts, so that nothing that must be said is left out.</summary>
internal sealed partial class SpokenWords
{
    // Asking for consent to refer: to whom, how they are reached, and for how long it holds.
    public const string Referral = "referral";

    // The first conversation with somebody of a list (article 14 GDPR): who has what, from whom, until when, and how to object.
    public const string FirstContact = "firstContact";

    // The first conversation with somebody who may have said yes to a letter: whether it was them, before anything else.
    public const string FirstAnswer = "firstAnswer";

    private const int Most = 3000;

    // What each must say, by the name of the part.
    private static readonly FrozenDictionary<string, string[]> Parts = new Dictionary<string, string[]>
    {
        [Referral] = ["about", "organisation", "reach", "service", "validDays", "waitingDays"],
        [FirstContact] = ["contact", "deleteBy", "month", "organisation", "source"],
        [FirstAnswer] = ["contact", "deleteBy", "givenOn", "organisation", "source"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };
    private readonly FrozenDictionary<string, SpokenText> texts;

    private SpokenWords(IEnumerable<SpokenText> all) => texts = all.ToFrozenDictionary(text => text.Id, StringComparer.Ordinal);

    /// <summary>The words, filled in, in the language of the page.</summary>
    /// <param name="id">Which.</param>
    /// <param name="parts">What each part is; all of them.</param>
    public string Say(string id, IReadOnlyDictionary<string, string> parts) =>
        Part().Replace(WhyRow.IsEnglish ? texts[id].En : texts[id].Nl, part => parts[part.Groups[1].Value]);

    /// <summary>Reads the file of the settings, or the one that ships.</summary>
    /// <returns>Null, with a sentence for what is wrong.</returns>
    public static SpokenWords? Read(LocalSettings settings, List<string> problems)
    {
        if (settings.WordsPath is { } path)
        {
            if (File.Exists(path)) return Parse(File.ReadAllBytes(path), problems);
            problems.Add("Setting 'wordsFile' names a file that does not exist.");
            return null;
        }

        using var shipped = typeof(SpokenWords).Assembly.GetManifestResourceStream("Bereik.Local.woorden.json") ?? throw new InvalidOperationException("The words that ship are not in the program.");
        using var bytes = new MemoryStream();
        shipped.CopyTo(bytes);
        return Parse(bytes.ToArray(), problems);
    }

    /// <summary>Reads words.</summary>
    /// <returns>Null, with a sentence for each thing that is wrong, by its place.</returns>
    internal static SpokenWords? Parse(ReadOnlySpan<byte> json, List<string> problems)
    {
        List<SpokenText>? all;
        try
        {
            all = JsonSerializer.Deserialize<List<SpokenText>>(json, Options);
        }
        catch (JsonException broken)
        {
            problems.Add($"The file with words cannot be read: {broken.Path ?? "$"}.");
            return null;
        }

        var before = problems.Count;
        foreach (var missing in Parts.Keys.Where(id => all?.Count(text => text.Id == id) != 1).Order(StringComparer.Ordinal)) problems.Add($"The file with words lacks '{missing}', or has it twice.");
        foreach (var text in all ?? [])
        {
            if (!Parts.TryGetValue(text.Id, out var parts))
            {
                problems.Add("The file with words holds an id that is none.");
                continue;
            }

            foreach (var (language, words) in new[] { ("nl", text.Nl), ("en", text.En) })
            {
                if (words.Length is < 40 or > Most) problems.Add($"The words '{text.Id}' in '{language}' have fewer than 40 or more than {Most} characters.");
                var named = Part().Matches(words).Select(part => part.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
                foreach (var part in parts.Except(named, StringComparer.Ordinal)) problems.Add($"The words '{text.Id}' in '{language}' do not say {{{part}}}.");
                foreach (var part in named.Except(parts, StringComparer.Ordinal).Order(StringComparer.Ordinal)) problems.Add($"The words '{text.Id}' in '{language}' name {{{part}}}, which nobody fills in.");
            }
        }

        return problems.Count == before ? new SpokenWords(all!) : null;
    }

    [GeneratedRegex(@"\{([A-Za-z]{1,30})\}", RegexOptions.CultureInvariant)]
    private static partial Regex Part();
}
