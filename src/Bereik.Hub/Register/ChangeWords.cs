using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Bereik.Domain;
using Bereik.Exchange.Protocols;
using Bereik.Node.Ui;

namespace Bereik.Hub.Register;

// A change between two versions in words that people understand: which clause, which part of it, and what it was and became.
internal static class ChangeWords
{
    // Name of the clause, or of the part of the document.
    public static string Where(Texts texts, ProtocolChange change) => Split(change.Path) is var (clause, _) && Clause.Kinds.ContainsKey(clause) ? texts["Clause." + clause] : texts["Document." + change.Path];

    public static string What(Texts texts, ProtocolChange change)
    {
        var (clause, key) = Split(change.Path);
        var what = Sentence(texts, change.What, VocabularyOf(clause, key));
        return key.Length == 0 || key is "nl" or "en" || !Clause.Kinds.ContainsKey(clause) ? what : $"{texts["Key." + change.Path]}: {what}";
    }

    // The part of a clause for which a change needs a name.
    internal static IEnumerable<string> Keys() =>
        Clause.Kinds.SelectMany(kind => kind.Value.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.Name is not (nameof(Clause.Id) or nameof(Clause.Nl) or nameof(Clause.En) or "EqualityContract") && property.CanWrite)
            .Select(property => $"{kind.Key}.{JsonNamingPolicy.CamelCase.ConvertName(property.Name)}"));

    private static (string Clause, string Key) Split(string path) => path.Split('.', 2) is [var clause, var key] ? (clause, key) : (path, "");

    // What a comparison says is a small closed language; anything else is told as a change, which is never wrong.
    private static string Sentence(Texts texts, string what, Type? vocabulary)
    {
        string Name(string value) => WordOf(texts, vocabulary, value);
        if (what.Split(" became ", 2) is [var before, var after]) return texts["Change.Became", Name(before), Name(after)];
        if (what.StartsWith("without ", StringComparison.Ordinal)) return texts["Change.Without", Name(what[8..])];
        if (what.StartsWith("with ", StringComparison.Ordinal)) return texts["Change.With", Name(what[5..])];
        if (what.EndsWith(" was verified", StringComparison.Ordinal)) return texts["Change.Verified", Name(what[..^13])];
        if (what.EndsWith(" changed", StringComparison.Ordinal) && what != "words changed") return texts["Change.ChangedItem", Name(what[..^8])];
        return texts[what switch
        {
            "clause added" => "Change.Added",
            "clause removed" => "Change.Removed",
            "words changed" => "Change.Words",
            "another order" => "Change.Order",
            _ => "Change.Changed",
        }];
    }

    private static string WordOf(Texts texts, Type? vocabulary, string value)
    {
        if (vocabulary is not null && Enum.TryParse(vocabulary, value, ignoreCase: true, out var known) && Enum.IsDefined(vocabulary, known!)) return InSentence(texts.Word((Enum)known!));
        if (value is "true" or "false" or "") return texts["Change.Value." + (value.Length == 0 ? "none" : value)];
        return DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? Formats.Day(day) : value;
    }

    // An abbreviation keeps its capitals.
    private static string InSentence(string word) => word.Length > 1 && char.IsLower(word[1]) ? char.ToLowerInvariant(word[0]) + word[1..] : word;

    // The vocabulary of a part of a clause, by its type: a value, a list of values, or a list of things with a named id.
    private static Type? VocabularyOf(string clause, string key)
    {
        if (key == "standing") return typeof(Standing);
        if (!Clause.Kinds.TryGetValue(clause, out var kind)) return clause == "flow" ? typeof(Flow) : null;
        var type = kind.GetProperty(key, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase)?.PropertyType;
        if (type is { IsGenericType: true }) type = type.GetGenericArguments()[0];
        if (type is null || type.IsEnum) return type;
        type = (type.GetProperty("Id") ?? type.GetProperty("Party"))?.PropertyType;
        return type is { IsEnum: true } ? type : null;
    }
}
