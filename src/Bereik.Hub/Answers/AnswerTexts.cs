using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bereik.Hub.Answers;

// The texts of the answer page, as data: teksten/LANGUAGE.json, each text with whether a native reader reviewed it.
// INVARIANT: on real numbers a language is offered only when every text of it was reviewed; without Dutch there is no answer page.
internal sealed class AnswerTexts
{
    public const string Dutch = "nl";

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false, RespectRequiredConstructorParameters = true };

    private readonly Dictionary<string, AnswerWords> offered;

    public AnswerTexts(HubSettings settings)
        : this(Shipped, settings.AllowSyntheticNumbers)
    {
    }

    // isTrial: nobody real reads it, so what was not reviewed may be shown.
    public AnswerTexts(IReadOnlyDictionary<string, IReadOnlyDictionary<string, AnswerText>> texts, bool isTrial) => offered = Languages
        .Where(language => isTrial || texts[language.Code].Values.All(text => text.Review == AnswerReview.Reviewed))
        .ToDictionary(language => language.Code, language => new AnswerWords(language, texts[language.Code].ToDictionary(text => text.Key, text => text.Value.Text, StringComparer.Ordinal)), StringComparer.Ordinal);

    // In the order in which a page offers them.
    public static IReadOnlyList<AnswerLanguage> Languages { get; } =
    [
        new(Dutch, "Nederlands", "nl-BE", false), new("fr", "Français", "fr-BE", false), new("en", "English", "en-GB", false), new("ar", "العربية", "ar", true),
    ];

    // What ships with the hub.
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, AnswerText>> Shipped { get; } = Languages.ToDictionary(language => language.Code, IReadOnlyDictionary<string, AnswerText> (language) => Read(language.Code), StringComparer.Ordinal);

    // Without Dutch there is no page.
    public bool IsOpen => offered.ContainsKey(Dutch);

    public IReadOnlyList<AnswerWords> Offered => [.. offered.Values];

    // The words of a language; Dutch for one that is not offered.
    public AnswerWords In(string? language) => language is not null && offered.TryGetValue(language, out var words) ? words : offered[Dutch];

    private static Dictionary<string, AnswerText> Read(string language)
    {
        using var stream = typeof(AnswerTexts).Assembly.GetManifestResourceStream($"answers/{language}.json") ?? throw new InvalidOperationException($"answers/{language}.json is not in the assembly.");
        return JsonSerializer.Deserialize<Dictionary<string, AnswerText>>(stream, Strict) ?? throw new InvalidDataException($"answers/{language}.json is empty.");
    }
}

// A text, and whether a native reader reviewed it.
internal sealed record AnswerText(string Text, AnswerReview Review);

[JsonConverter(typeof(JsonStringEnumConverter<AnswerReview>))]
internal enum AnswerReview
{
    [JsonStringEnumMemberName("unreviewed")]
    Unreviewed,

    [JsonStringEnumMemberName("reviewed")]
    Reviewed,
}

/// <summary>A language of the answer page (nl: taal).</summary>
/// <param name="Code">BCP 47, such as <c>ar</c>.</param>
/// <param name="Name">Its name in itself.</param>
/// <param name="Culture">Whose names of months a day is written with.</param>
/// <param name="IsRightToLeft">Whether it is written from right to left.</param>
public sealed record AnswerLanguage(string Code, string Name, string Culture, bool IsRightToLeft);

/// <summary>The words of the answer page in one language (nl: woorden).</summary>
/// <param name="language">The language.</param>
/// <param name="texts">Each text by its key, with places such as <c>{day}</c>.</param>
public sealed class AnswerWords(AnswerLanguage language, IReadOnlyDictionary<string, string> texts)
{
    /// <summary>Between what is not cut at the end of a line, such as a day and its month.</summary>
    public const char Tie = '\u00A0';

    /// <summary>A dash at which a line is not cut; who copies it may type it.</summary>
    public const char FirmDash = '\u2011';

    // A name of the other direction in the middle of a sentence keeps its own order, and turns nothing else around (UAX 9, FSI and PDI).
    private const char Isolate = '\u2068';
    private const char IsolateEnd = '\u2069';

    private readonly CultureInfo culture = WithOurCalendar(language.Culture);

    /// <summary>The language.</summary>
    public AnswerLanguage Language => language;

    /// <summary>The text of a key.</summary>
    public string this[string key] => texts.TryGetValue(key, out var text) ? text : throw new KeyNotFoundException($"No text has the key '{key}'.");

    /// <summary>The text of a key with its places filled; every place must be.</summary>
    public string this[string key, params ReadOnlySpan<(string Place, string Value)> values]
    {
        get
        {
            var text = this[key];
            foreach (var (place, value) in values) text = text.Replace($"{{{place}}}", language.IsRightToLeft ? $"{Isolate}{value}{IsolateEnd}" : value, StringComparison.Ordinal);
            return text;
        }
    }

    /// <summary>Whether there is such a text.</summary>
    /// <param name="key">The key.</param>
    public bool Has(string key) => texts.ContainsKey(key);

    /// <summary>A day as people write it, such as <c>23 november 2026</c>.</summary>
    /// <param name="day">The day.</param>
    public string Day(DateOnly day) => language.Code == "fr" && day.Day == 1 ? day.ToString("'1er'\u00A0MMMM yyyy", culture) : day.ToString("d\u00A0MMMM yyyy", culture);

    /// <summary>The code of the language.</summary>
    public override string ToString() => language.Code;

    private static CultureInfo WithOurCalendar(string name)
    {
        var culture = (CultureInfo)CultureInfo.GetCultureInfo(name).Clone();
        culture.DateTimeFormat.Calendar = new GregorianCalendar();
        return culture;
    }
}
