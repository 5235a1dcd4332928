using System.Globalization;
using System.Text;
using System.Text.Json;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Reference;
using Bereik.Local.Pages;
using Bereik.Node.Ui;

namespace Bereik.Local.Accessions;

/// <summary>
/// The fields of an accession, as they were typed, and what they say. What is missing or cannot be read is told at its field; in the accession it becomes a
/// value that refuses, so that the one decision tells everything that is still open.
/// </summary>
internal sealed class AccessionForm(IReadOnlyDictionary<string, string> values, JoinableProtocol joining, LocalSettings settings, DateOnly today, Texts texts)
{
    /// <summary>The field of the digest of an arrangement.</summary>
    public const string ArrangementField = "verband-regeling";

    /// <summary>The field of a file of which the digest is taken.</summary>
    public const string ArrangementFile = "verband-bestand";

    /// <summary>What the form sends for a partnership that nobody named yet.</summary>
    public const string OtherPartnership = "nieuw";

    private const int MostCharacters = 2000;
    private const int MostServices = 12;
    private const int MostWordsOfId = 9;
    private const int LongestWait = 60;
    private static readonly string[] ServiceParts = ["naam", "team", "over", "bereik", "wachttijd"];
    private readonly Protocol protocol = joining.Text;
    private readonly List<(AccessionStep Step, FieldError Error)> errors = [];

    /// <summary>The framework that is answered.</summary>
    public static Framework Framework => FrameworkFile.Shipped;

    /// <summary>Names of the fields of a step.</summary>
    public static IReadOnlyList<string> FieldsOf(AccessionStep step, LocalSettings settings, Protocol protocol) => step switch
    {
        AccessionStep.Decision => ["orgaan", "besluitdag", "besluitnummer", "advies", "dpo", "adviesdag", "samenvatting", "nietgevolgd"],
        AccessionStep.Measures => ["datum", .. Framework.Measures.SelectMany(measure => FieldsOf(measure.Id))],
        AccessionStep.Service =>
        [
            .. NeedsServices(protocol) ? Enumerable.Range(1, MostServices).SelectMany(FieldsOfService) : ["dienst"], "contact", "herziening", "reglement",
            .. settings.Nis.SelectMany(nis => new[] { $"gebied-{nis}", $"vanaf-{nis}" }),
            .. NeedsPartnership(protocol) ? new[] { "verband", "verband-naam", "verband-code", ArrangementField, "verband-vanaf", "verband-tot" } : [],
        ],
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

        foreach (var (at, service) in (accession.Services ?? []).Index())
        {
            (made[FieldOf(at + 1, "naam")], made[FieldOf(at + 1, "team")], made[FieldOf(at + 1, "over")], made[FieldOf(at + 1, "bereik")]) = (service.Name, service.Team, service.About, service.Reach);
            made[FieldOf(at + 1, "wachttijd")] = service.WaitingDays.ToString(CultureInfo.InvariantCulture);
        }

        if (accession.Partnership is { } partnership)
        {
            (made["verband"], made["verband-naam"], made["verband-code"], made[ArrangementField]) = (OtherPartnership, partnership.Name, partnership.Id, partnership.Arrangement);
            (made["verband-vanaf"], made["verband-tot"]) = (DayText.Write(partnership.From), partnership.Until is { } last ? DayText.Write(last) : "");
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
        var services = NeedsServices(protocol) ? ReadServices() : null;
        var service = services is null ? Text(AccessionStep.Service, "dienst", 3, 200) : services.Count > 0 ? services[0].Name : "";
        var contact = Text(AccessionStep.Service, "contact", 3, 200);
        var review = ReadReview();
        var needsRegulation = NeedsRegulation(protocol);
        var regulation = needsRegulation ? Text(AccessionStep.Service, "reglement", 3, 300) : null;
        var territory = ReadTerritory();
        var partnership = NeedsPartnership(protocol) ? ReadPartnership() : null;
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
            Services = services,
            Partnership = partnership,
        };
        return new AccessionReading(accession, [.. errors], Framework.Measures.Count - measures.Select(answer => answer.Id).Distinct().Count());
    }

    /// <summary>Whether the protocol asks for the local regulation that grants the benefit.</summary>
    public static bool NeedsRegulation(Protocol protocol) => protocol.Find<Clause.Benefit>()?.NeedsLocalRegulation == true;

    /// <summary>Whether people are referred to services under the protocol.</summary>
    public static bool NeedsServices(Protocol protocol) => protocol.Flow == Flow.Referral;

    /// <summary>Whether the protocol shares professional secrecy, and so asks in which partnership.</summary>
    public static bool NeedsPartnership(Protocol protocol) => protocol.Find<Clause.SharedSecrecy>() is not null;

    /// <summary>The services to show: those of which something was filled in, and the first that is free.</summary>
    public static IReadOnlyList<int> ShownServices(IReadOnlyDictionary<string, string> values)
    {
        var next = Enumerable.Range(1, MostServices).FirstOrDefault(number => !IsFilled(values, number));
        return [.. Enumerable.Range(1, MostServices).Where(number => number == next || IsFilled(values, number))];
    }

    /// <summary>The first field of the service that is filled in next; of the last one when all are.</summary>
    public static string NextService(IReadOnlyDictionary<string, string> values) => FieldOf(ShownServices(values).FirstOrDefault(number => !IsFilled(values, number), MostServices), "naam");

    /// <summary>A field of a service.</summary>
    public static string FieldOf(int number, string part) => $"dienst{number.ToString(CultureInfo.InvariantCulture)}-{part}";

    /// <summary>What the form sends for a partnership that others named.</summary>
    public static string ChoiceOf(PartnershipMembership membership) => $"{membership.Id}.{membership.Arrangement}";

    /// <summary>The id of a name: its letters and digits in small, with a hyphen between words, at most nine of them.</summary>
    /// <returns>Empty when it has none.</returns>
    public static string IdOf(string name)
    {
        var letters = string.Concat(name.Normalize(NormalizationForm.FormD).Where(c => CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark)).ToLowerInvariant();
        var words = string.Concat(letters.Select(c => char.IsAsciiLetterOrDigit(c) ? c : ' ')).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return string.Join('-', words.Take(MostWordsOfId));
    }

    private static IEnumerable<string> FieldsOfService(int number) => ServiceParts.Select(part => FieldOf(number, part));

    private static bool IsFilled(IReadOnlyDictionary<string, string> values, int number) => FieldsOfService(number).Any(field => values.GetValueOrDefault(field, "").Length > 0);

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

    private List<ReferralService> ReadServices()
    {
        var services = new List<ReferralService>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var number in Enumerable.Range(1, MostServices).Where(number => IsFilled(values, number)))
        {
            var of = texts["Accession.ServiceOf", number];
            string Part(string part, int least, int most) => Text(AccessionStep.Service, FieldOf(number, part), least, most, of);
            var name = Part("naam", 3, 120);
            var id = IdOf(name);
            var isOwn = ids.Add(id) && id.Length > 0;
            if (name.Length > 0 && !isOwn) Add(AccessionStep.Service, FieldOf(number, "naam"), texts[id.Length == 0 ? "Accession.Error.ServiceName" : "Accession.Error.ServiceTwice", of]);
            var (team, about, reach) = (Part("team", 2, 80), Part("over", 10, 400), Part("bereik", 5, 300));
            var waiting = Value(FieldOf(number, "wachttijd"));
            var isDays = int.TryParse(waiting, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is >= 1 and <= LongestWait;
            if (!isDays) Add(AccessionStep.Service, FieldOf(number, "wachttijd"), texts["Accession.Error.Waiting", of, LongestWait]);
            if (!isOwn || !isDays || team.Length == 0 || about.Length == 0 || reach.Length == 0) continue;
            services.Add(new ReferralService { Id = id, Name = name, Team = team, About = about, Reach = reach, WaitingDays = days });
        }

        if (ids.Count == 0) Add(AccessionStep.Service, FieldOf(1, "naam"), texts["Accession.Error.NoService"]);
        return services;
    }

    // One that others named is taken over as it is: only so two organisations are in the same.
    private PartnershipMembership? ReadPartnership()
    {
        var chosen = joining.Partnerships.FirstOrDefault(one => ChoiceOf(one.Membership) == Value("verband"))?.Membership;
        var isOther = Value("verband") == OtherPartnership || joining.Partnerships.Count == 0 || new[] { "verband-naam", "verband-code", ArrangementField }.Any(field => Value(field).Length > 0);
        var named = chosen ?? (isOther ? ReadNamed() : null);
        if (chosen is null && !isOther) Add(AccessionStep.Service, "verband", texts["Accession.Error.Choose", texts["Accession.Field.verband"]]);
        var of = texts["Accession.Partnership"];
        var from = Day(AccessionStep.Service, "verband-vanaf", isPast: false, of);
        var until = Value("verband-tot").Length > 0 ? Day(AccessionStep.Service, "verband-tot", isPast: false, of) : null;
        if (until < from) Add(AccessionStep.Service, "verband-tot", texts["Accession.Error.EndsBefore", of]);
        if (until < today) Add(AccessionStep.Service, "verband-tot", texts["Accession.Error.PartnershipOver"]);
        return named is null || from is not { } first || until < first || (Value("verband-tot").Length > 0 && until is null) ? null : named with { From = first, Until = until };
    }

    private PartnershipMembership? ReadNamed()
    {
        var of = texts["Accession.Partnership"];
        var name = Text(AccessionStep.Service, "verband-naam", 3, 120, of);
        var id = Text(AccessionStep.Service, "verband-code", 2, 80, of);
        if (id.Length > 0 && IdOf(id) != id) Add(AccessionStep.Service, "verband-code", texts["Accession.Error.PartnershipCode"]);
        var isDigest = Bytes32.TryParse(Value(ArrangementField), out _);
        if (!isDigest) Add(AccessionStep.Service, ArrangementField, texts["Accession.Error.Arrangement"]);
        return name.Length == 0 || id.Length == 0 || IdOf(id) != id || !isDigest ? null : new PartnershipMembership { Id = id, Name = name, Arrangement = Value(ArrangementField), From = today };
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
