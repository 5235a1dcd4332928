using System.Text.Json;
using Bereik.Domain;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Reference;
using Bereik.Local.Pages;
using Bereik.Node.Ui;

namespace Bereik.Local.Accessions;

/// <summary>
/// The fields of an accession, as they were typed, and what they say. What is missing or cannot be read is told at its field; in the accession it becomes a
/// value that refuses, so that the one decision tells everything that is still open.
/// </summary>
internal sealed class AccessionForm(IReadOnlyDictionary<string, string> values, Protocol protocol, LocalSettings settings, DateOnly today, Texts texts)
{
    private const int MostCharacters = 2000;
    private readonly List<(AccessionStep Step, FieldError Error)> errors = [];

    /// <summary>The framework that is answered.</summary>
    public static Framework Framework => FrameworkFile.Shipped;

    /// <summary>Names of the fields of a step.</summary>
    public static IReadOnlyList<string> FieldsOf(AccessionStep step, LocalSettings settings) => step switch
    {
        AccessionStep.Decision => ["orgaan", "besluitdag", "besluitnummer", "advies", "dpo", "adviesdag", "samenvatting", "nietgevolgd"],
        AccessionStep.Measures => ["datum", .. Framework.Measures.SelectMany(measure => FieldsOf(measure.Id))],
        AccessionStep.Service => ["dienst", "contact", "herziening", "reglement", .. settings.Nis.SelectMany(nis => new[] { $"gebied-{nis}", $"vanaf-{nis}" })],
        _ => [],
    };

    /// <summary>The bodies that may decide for a kind of organisation.</summary>
    public static IReadOnlyList<DecidingBody> BodiesOf(OrganisationKind? kind) => kind switch
    {
        OrganisationKind.Municipality => [DecidingBody.MunicipalCouncil, DecidingBody.MayorAndAldermen],
        OrganisationKind.PublicCentreForWelfare => [DecidingBody.SocialWelfareCouncil, DecidingBody.StandingBureau],
        _ => [DecidingBody.Board],
    };

    /// <summary>What a form sends for a word of the domain.</summary>
    public static string Word(Enum word) => JsonNamingPolicy.CamelCase.ConvertName(word.ToString());

    /// <summary>A word of the domain, or null when the text is none.</summary>
    public static T? Parse<T>(string text)
        where T : struct, Enum => Enum.GetValues<T>().Select(word => (T?)word).FirstOrDefault(word => Word(word!.Value) == text);

    /// <summary>Takes a text from a form: one kind of line end, no other control characters, no spaces around it.</summary>
    public static string Clean(string text)
    {
        var kept = string.Concat(text.ReplaceLineEndings("\n").Where(c => c == '\n' || !char.IsControl(c)));
        return kept[..Math.Min(kept.Length, MostCharacters)].Trim();
    }

    /// <summary>An accession as the fields that would make it again.</summary>
    public static IReadOnlyDictionary<string, string> ValuesOf(Accession accession)
    {
        var made = new Dictionary<string, string>
        {
            ["orgaan"] = Word(accession.Decision.Body), ["besluitdag"] = DayText.Write(accession.Decision.On), ["besluitnummer"] = accession.Decision.Number,
            ["advies"] = Word(accession.Advice.Outcome), ["dpo"] = accession.Advice.Officer, ["adviesdag"] = DayText.Write(accession.Advice.On), ["samenvatting"] = accession.Advice.Summary,
            ["nietgevolgd"] = accession.Advice.NotFollowed ?? "",
            ["dienst"] = accession.Service, ["contact"] = accession.Contact, ["herziening"] = DayText.Write(accession.ReviewBy), ["reglement"] = accession.Regulation ?? "",
        };
        foreach (var answer in accession.Measures)
        {
            var (state, on, evidence, plan, planBy) = NamesOf(answer.Id);
            (made[state], made[on], made[evidence]) = (Word(answer.State), DayText.Write(answer.On), answer.Evidence);
            (made[plan], made[planBy]) = (answer.Plan ?? "", answer.PlanBy is { } by ? DayText.Write(by) : "");
        }

        foreach (var period in accession.Territory) (made[$"gebied-{period.Nis}"], made[$"vanaf-{period.Nis}"]) = ("ja", DayText.Write(period.From));
        return made;
    }

    /// <summary>What stands in the fields before anybody filled in anything: the organisation's own municipalities, from today.</summary>
    public static IReadOnlyDictionary<string, string> FirstValues(LocalSettings settings, DateOnly today) =>
        settings.Nis.SelectMany(nis => new[] { ($"gebied-{nis}", "ja"), ($"vanaf-{nis}", DayText.Write(today)) }).ToDictionary(entry => entry.Item1, entry => entry.Item2);

    /// <summary>Gives every answer without a day of its own the day for all, once that one can be read.</summary>
    public static void SpreadDay(Dictionary<string, string> values, DateOnly today)
    {
        if (!DayText.TryParse(values.GetValueOrDefault("datum", ""), out var day) || day > today) return;
        foreach (var (state, on, _, _, _) in Framework.Measures.Select(measure => NamesOf(measure.Id)))
        {
            if (values.GetValueOrDefault(state, "").Length > 0 && values.GetValueOrDefault(on, "").Length == 0) values[on] = DayText.Write(day);
        }

        values["datum"] = "";
    }

    /// <summary>Reads the fields.</summary>
    public AccessionReading Read()
    {
        errors.Clear();
        var (decision, advice) = (ReadDecision(), ReadAdvice());
        var measures = ReadMeasures();
        var service = Text(AccessionStep.Service, "dienst", 3, 200);
        var contact = Text(AccessionStep.Service, "contact", 3, 200);
        var review = ReadReview();
        var needsRegulation = NeedsRegulation(protocol);
        var regulation = needsRegulation ? Text(AccessionStep.Service, "reglement", 3, 300) : null;
        var territory = ReadTerritory();
        var accession = new Accession
        {
            Organisation = settings.Organisation,
            Kind = settings.Kind!.Value,
            Protocol = protocol.Id,
            Version = protocol.Version,
            ProtocolHash = protocol.Hash,
            FrameworkHash = Framework.Hash,

            // A part that is not there yet is one that refuses.
            Decision = decision ?? new CouncilDecision { Body = BodiesOf(settings.Kind)[0], On = DateOnly.MaxValue, Number = "" },
            Advice = advice ?? new OfficerAdvice { Outcome = AdviceOutcome.Unfavourable, Officer = "", On = DateOnly.MaxValue, Summary = "" },
            Measures = measures,
            Contact = contact,
            Service = service,
            ReviewBy = review ?? DateOnly.MinValue,
            Regulation = string.IsNullOrEmpty(regulation) ? null : regulation,
            Territory = territory,
        };
        return new AccessionReading(accession, [.. errors], Framework.Measures.Count - measures.Select(answer => answer.Id).Distinct().Count());
    }

    /// <summary>Whether the protocol asks for the local regulation that grants the benefit.</summary>
    public static bool NeedsRegulation(Protocol protocol) => protocol.Find<Clause.Benefit>()?.NeedsLocalRegulation == true;

    private static (string State, string On, string Evidence, string Plan, string PlanBy) NamesOf(string measure) => (measure, $"{measure}-dag", $"{measure}-bewijs", $"{measure}-plan", $"{measure}-plandag");

    private static IEnumerable<string> FieldsOf(string measure)
    {
        var (state, on, evidence, plan, planBy) = NamesOf(measure);
        return [state, on, evidence, plan, planBy];
    }

    private CouncilDecision? ReadDecision()
    {
        var body = Choice<DecidingBody>(AccessionStep.Decision, "orgaan");
        var on = Day(AccessionStep.Decision, "besluitdag", isPast: true);
        var number = Text(AccessionStep.Decision, "besluitnummer", 1, 80);
        return body is { } which && on is { } day && number.Length > 0 ? new CouncilDecision { Body = which, On = day, Number = number } : null;
    }

    private OfficerAdvice? ReadAdvice()
    {
        var outcome = Choice<AdviceOutcome>(AccessionStep.Decision, "advies");
        var officer = Text(AccessionStep.Decision, "dpo", 3, 200);
        var on = Day(AccessionStep.Decision, "adviesdag", isPast: true);
        var summary = Text(AccessionStep.Decision, "samenvatting", 3, 1000);
        var notFollowed = outcome == AdviceOutcome.Unfavourable || Value("nietgevolgd").Length > 0 ? Text(AccessionStep.Decision, "nietgevolgd", 3, 1000) : "";
        return outcome is { } which && on is { } day && officer.Length > 0 && summary.Length > 0
            ? new OfficerAdvice { Outcome = which, Officer = officer, On = day, Summary = summary, NotFollowed = notFollowed.Length > 0 ? notFollowed : null } : null;
    }

    private List<MeasureAnswer> ReadMeasures()
    {
        var answers = new List<MeasureAnswer>();
        if (Value("datum").Length > 0) Day(AccessionStep.Measures, "datum", isPast: true);
        foreach (var measure in Framework.Measures)
        {
            var names = NamesOf(measure.Id);
            if (FieldsOf(measure.Id).All(field => Value(field).Length == 0)) continue;
            var state = Parse<MeasureState>(Value(names.State));
            if (state is null) Add(AccessionStep.Measures, names.State, texts["Accession.Error.NoState", measure.Id]);
            var on = Day(AccessionStep.Measures, names.On, isPast: true, measure.Id);
            var evidence = Text(AccessionStep.Measures, names.Evidence, 2, 300, measure.Id);
            var isPlanned = state == MeasureState.Planned;
            var plan = isPlanned ? Text(AccessionStep.Measures, names.Plan, 3, 500, measure.Id) : "";
            var planBy = isPlanned ? Day(AccessionStep.Measures, names.PlanBy, isPast: false, measure.Id) : null;
            if (planBy < today) Add(AccessionStep.Measures, names.PlanBy, texts["Accession.Error.PlanOver", measure.Id]);
            if (state is not { } which || on is not { } day || evidence.Length == 0 || (isPlanned && (plan.Length == 0 || planBy is null))) continue;
            answers.Add(new MeasureAnswer { Id = measure.Id, State = which, On = day, Evidence = evidence, Plan = isPlanned ? plan : null, PlanBy = isPlanned ? planBy : null });
        }

        return answers;
    }

    private DateOnly? ReadReview()
    {
        var review = Day(AccessionStep.Service, "herziening", isPast: false);
        if (review < today || review > today.AddYears(1)) Add(AccessionStep.Service, "herziening", texts["Accession.Error.Review", Formats.Day(today.AddYears(1))]);
        return review;
    }

    private List<TerritoryPeriod> ReadTerritory()
    {
        var periods = new List<TerritoryPeriod>();
        foreach (var nis in settings.Nis.Where(nis => Value($"gebied-{nis}") == "ja"))
        {
            if (Day(AccessionStep.Service, $"vanaf-{nis}", isPast: false, Municipalities.Find(nis)?.Name ?? nis, "vanaf") is { } from) periods.Add(new TerritoryPeriod { Nis = nis, From = from });
        }

        if (settings.Nis.All(nis => Value($"gebied-{nis}") != "ja")) Add(AccessionStep.Service, $"gebied-{settings.Nis[0]}", texts["Accession.Error.NoTerritory"]);
        return periods;
    }

    private T? Choice<T>(AccessionStep step, string field)
        where T : struct, Enum
    {
        var word = Parse<T>(Value(field));
        if (word is null) Add(step, field, texts["Accession.Error.Choose", texts[$"Accession.Field.{field}"]]);
        return word;
    }

    private string Text(AccessionStep step, string field, int least, int most, string? of = null)
    {
        var (text, label) = (Value(field), Label(field, of));
        if (text.Length == 0) Add(step, field, texts["Accession.Error.Missing", label]);
        else if (text.Length < least) Add(step, field, texts["Accession.Error.Short", label, least]);
        else if (text.Length > most) Add(step, field, texts["Accession.Error.Long", label, most]);
        else return text;
        return "";
    }

    private DateOnly? Day(AccessionStep step, string field, bool isPast, string? of = null, string? name = null)
    {
        var (text, label) = (Value(field), Label(name ?? field, of));
        if (text.Length == 0) Add(step, field, texts["Accession.Error.Missing", label]);
        else if (!DayText.TryParse(text, out var day)) Add(step, field, texts["Accession.Error.Day", label]);
        else if (isPast && day > today) Add(step, field, texts["Accession.Error.Future", label]);
        else return day;
        return null;
    }

    // The label of a field of one measure or municipality names that too: a list of errors must tell them apart.
    private string Label(string field, string? of) => of is null ? texts[$"Accession.Field.{field}"] : $"{of}, {texts[$"Accession.Field.{field[(field.IndexOf('-', StringComparison.Ordinal) + 1)..]}"]}";

    private string Value(string field) => values.GetValueOrDefault(field, "");

    private void Add(AccessionStep step, string field, string text) => errors.Add((step, new FieldError(field, text)));
}

/// <summary>What the fields say.</summary>
/// <param name="Accession">The accession; a part that is missing refuses.</param>
/// <param name="Errors">Every field that is missing or cannot be read, with its step.</param>
/// <param name="Unanswered">Measures without a whole answer.</param>
internal sealed record AccessionReading(Accession Accession, IReadOnlyList<(AccessionStep Step, FieldError Error)> Errors, int Unanswered)
{
    /// <summary>The errors of one step, in the order of its fields.</summary>
    public IReadOnlyList<FieldError> ErrorsOf(AccessionStep step) => [.. Errors.Where(one => one.Step == step).Select(one => one.Error)];

    /// <summary>Whether nothing is left to fill in at a step.</summary>
    public bool IsWhole(AccessionStep step) => ErrorsOf(step).Count == 0 && (step != AccessionStep.Measures || Unanswered == 0);
}
