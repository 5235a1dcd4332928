using System.Globalization;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Letters;
using Bereik.Exchange.Signatures;
using Bereik.Local.Accessions;
using Bereik.Local.Storage;
using Bereik.Node.Logging;
using Bereik.Node.Ui;

namespace Bereik.Local.Letters;

// The form on which a wave of letters is ordered: what was typed, what is wrong with it, and the order that it makes.
internal static class LetterForm
{
    public const string PartPrefix = "deel-";
    private const int FewestDays = 21;
    private const int MostDays = 60;
    private const int LongestPanel = 100;

    public static LetterTemplate Template => LetterFile.Shipped;

    // What this organisation fills in; the source fills in the rest.
    public static IReadOnlyList<LetterPart> Parts { get; } = [.. Template.Parts.Where(part => part.FilledBy == LetterFiller.Recipient)];

    public static IReadOnlyList<string> Fields { get; } = ["maand", "aantal", "capaciteit", "panel", "paneldag", "lezers", "herinnering", "dagen", .. Parts.Select(part => PartPrefix + part.Id)];

    public static Dictionary<string, string> Read(IFormCollection form) => Fields.ToDictionary(field => field, field => AccessionForm.Clean(form[field].ToString()).Replace('\n', ' '), StringComparer.Ordinal);

    /// <summary>As the last wave was ordered, so that the next one takes little; without one, what the protocol says.</summary>
    public static Dictionary<string, string> FirstValues(OrderedList? last, Protocol protocol, string month)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { ["maand"] = month, ["herinnering"] = "nee", ["dagen"] = "42", ["aantal"] = Text(protocol.Find<Clause.Waves>()?.Least ?? Decide.FewestLetters) };
        if (last is null || !SignedDocument.Parse<ListOrder>(last.OrderJws).TryGet(out var order, out _) || order.Document.Letter is not { } letter) return values;
        values["aantal"] = Text(letter.Letters);
        values["capaciteit"] = Text(letter.Capacity);
        values["panel"] = letter.Panel.Organisation;
        values["paneldag"] = DayText.Write(letter.Panel.On);
        values["lezers"] = Text(letter.Panel.Readers);
        values["herinnering"] = letter.Reminder ? "ja" : "nee";
        values["dagen"] = Text(letter.AnswerDays);
        foreach (var part in Parts) values[PartPrefix + part.Id] = letter.Parts.GetValueOrDefault(part.Id, "");
        return values;
    }

    /// <summary>The order of the form.</summary>
    /// <returns>Null, with everything that is wrong.</returns>
    public static (LetterOrder? Letter, Month Month) Make(IReadOnlyDictionary<string, string> values, LetterRules rules, Texts texts, List<FieldError> errors)
    {
        if (!Month.TryParse(values["maand"], out var month)) errors.Add(new FieldError("maand", texts["Order.Month.Error"]));
        var letters = Count("aantal", 1, LetterOrder.MostLetters);
        var capacity = Count("capaciteit", 1, LetterOrder.MostLetters);
        if (values["panel"].Length is 0 or > LongestPanel || PersonalNumberFilter.Clean(values["panel"]) != values["panel"]) Wrong("panel");
        if (!DayText.TryParse(values["paneldag"], out var tested)) Wrong("paneldag");
        var readers = Count("lezers", 0, 10_000);
        if (values["herinnering"] is not ("ja" or "nee")) Wrong("herinnering");
        var days = Count("dagen", FewestDays, MostDays);
        errors.AddRange(Fill(values, rules, LetterVariant.First).Problems.Select(problem => new FieldError(PartPrefix + problem.Place, texts[$"Letters.Error.{problem.Code}", Most(problem.Place), Label(problem.Place)])));
        if (errors.Count > 0) return (null, month);
        return (new LetterOrder
        {
            Text = Template.Id, TextHash = Bytes32.TryParse(Template.Hash, out var hash) ? hash : throw new InvalidOperationException("A shipped letter has no hash."),
            Parts = Parts.OrderBy(part => part.Id, StringComparer.Ordinal).ToDictionary(part => part.Id, part => values[PartPrefix + part.Id], StringComparer.Ordinal),
            Letters = letters, Capacity = capacity, Panel = new TestPanel { Organisation = values["panel"], On = tested, Readers = readers }, Reminder = values["herinnering"] == "ja", AnswerDays = days,
        }, month);

        int Count(string field, int least, int most)
        {
            if (int.TryParse(values[field].Replace(".", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
            Wrong(field);
            return 0;
        }

        // A part is named in what is said of it: the summary stands above all of them.
        string Label(string part) => Parts.Any(one => one.Id == part) ? texts[$"Letters.Part.{part}"] : part;

        void Wrong(string field) => errors.Add(new FieldError(field, texts[$"Letters.Error.{field}"]));
    }

    /// <summary>The letter as it will read, with the source's own parts at their examples; or which of the parts do not fill it.</summary>
    public static (LetterText? Text, IReadOnlyList<LetterProblem> Problems) Fill(IReadOnlyDictionary<string, string> values, LetterRules rules, LetterVariant variant)
    {
        var parts = Template.Parts.ToDictionary(part => part.Id, part => part.FilledBy == LetterFiller.Recipient ? values.GetValueOrDefault(PartPrefix + part.Id, "") : part.Example, StringComparer.Ordinal);
        return LetterText.Fill(Template, variant, parts, rules);
    }

    private static int Most(string part) => Template.Parts.FirstOrDefault(one => one.Id == part)?.Most ?? 0;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
