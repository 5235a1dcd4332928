using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Local.Accessions;
using Bereik.Node.Ui;

namespace Bereik.Local.Referrals;

/// <summary>The fields of a referral as they were typed, and what they say. What is missing is told at its field; what is no or unknown is no mistake: the one decision refuses it.</summary>
internal sealed class ReferralForm(IFormCollection values, OpenService service, Texts texts, DateOnly today)
{
    // Fields of which the protocol says that they are one of a short list.
    private static readonly Dictionary<RecordField, string[]> Lists = new()
    {
        [RecordField.SafeContact] = ["any", "phoneOnly", "letterOnly", "viaReferrer"],
        [RecordField.HelpQuestion] = ["rights", "money", "housing", "energy", "school", "care", "other"],
    };

    private readonly List<FieldError> errors = [];

    public IReadOnlyList<FieldError> Errors => errors;

    /// <summary>Whether the person said no: then nothing is kept and nothing is written down.</summary>
    public bool IsRefused => Value("akkoord") == "nee";

    public static IReadOnlyList<string> OptionsOf(RecordField field) => Lists.GetValueOrDefault(field) ?? [];

    /// <summary>The fields that the protocol shares, in its order.</summary>
    public static IReadOnlyList<RecordField> FieldsOf(Protocol protocol) => [.. (protocol.Find<Clause.FieldsClause>()?.Shared ?? []).Select(shared => shared.Id)];

    /// <summary>The conditions that the protocol asks for; none where it shares no secrecy.</summary>
    public static IReadOnlyList<SecrecyCondition> ConditionsOf(Protocol protocol) => protocol.Find<Clause.SharedSecrecy>()?.Conditions ?? [];

    /// <summary>Everything that was typed, to be shown again.</summary>
    public IReadOnlyDictionary<string, string> Values => values.Where(pair => !pair.Key.StartsWith('_')).ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal);

    public static string Word(Enum word) => AccessionForm.Word(word);

    /// <summary>Reads the fields.</summary>
    /// <param name="who">Who refers.</param>
    /// <param name="team">For which team.</param>
    /// <param name="organisation">Name of the organisation.</param>
    /// <param name="script">The words that were read aloud.</param>
    /// <returns>The record; null when something is missing.</returns>
    public ReferralRecord? Read(string who, string team, string organisation, string script)
    {
        errors.Clear();
        var protocol = service.Protocol;
        var ticked = values["veld"].Where(word => word is { Length: > 0 }).ToHashSet(StringComparer.Ordinal);
        var fields = new List<SharedField>();
        foreach (var field in FieldsOf(protocol).Where(field => ticked.Contains(field.WireName())))
        {
            var name = field.WireName();
            var value = OptionsOf(field) is { Count: > 0 } options ? (options.Contains(Value($"waarde-{name}")) ? Value($"waarde-{name}") : "") : Line($"waarde-{name}");
            if (value.Length == 0) errors.Add(new FieldError($"waarde-{name}", texts["Referral.Error.Value"]));
            if (AccessionForm.Parse<FieldReason>(Value($"reden-{name}")) is not { } why) errors.Add(new FieldError($"reden-{name}", texts["Referral.Error.Why"]));
            else fields.Add(new SharedField(field, value, why));
        }

        if (ticked.Count == 0) errors.Add(new FieldError("veld", texts["Referral.Error.NoField"]));
        var answer = Chosen("akkoord", "ja", "nee");
        var method = Choice<ConsentMethod>("wijze");
        var capacity = Choice<ConsentCapacity>("hoedanigheid");
        var (by, understands) = Whose(capacity);
        var language = Line("taal");
        if (language.Length == 0) errors.Add(new FieldError("taal", texts["Referral.Error.Language"]));
        var reach = Line("bereik");
        if (reach.Length == 0) errors.Add(new FieldError("bereik", texts["Referral.Error.Reach"]));
        var informed = Chosen("gelezen", "ja", "nee");
        var (safe, objected) = (Chosen("veilig", "ja", "nee"), Chosen("bezwaar", "ja", "nee"));
        var secrecy = new List<ConditionAnswer>();
        foreach (var condition in ConditionsOf(protocol))
        {
            if (Choice<ConditionState>($"vw-{Word(condition)}") is { } state) secrecy.Add(new ConditionAnswer { Condition = condition, Answer = state, Evidence = Line($"bw-{Word(condition)}"), By = who, On = today });
        }

        if (errors.Count > 0) return null;
        return new ReferralRecord
        {
            Fields = fields,
            Consent = new ReferralConsent
            {
                On = today, Until = today.AddDays(protocol.Find<Clause.Consent>()?.ValidDays ?? 0), Under = protocol.Hash, Text = Bytes32.Sha256(System.Text.Encoding.UTF8.GetBytes(script)).ToString(), Language = language,
                Informed = informed == "ja", Given = answer == "ja", Method = method!.Value, Capacity = capacity!.Value,
                By = by, Understands = understands,
            },
            Secrecy = secrecy,
            Excluded = new Dictionary<Exclusion, bool> { [Exclusion.SafeAddress] = safe == "ja", [Exclusion.Objection] = objected == "ja" },
            Referrer = new Referrer(who, team, organisation, reach),
        };
    }

    // What a capacity asks for; what was typed for another one does not count.
    private (Representative? By, bool? Understands) Whose(ConsentCapacity? capacity)
    {
        if (capacity == ConsentCapacity.MatureMinor)
        {
            if (Value("begrijpt") != "ja") errors.Add(new FieldError("begrijpt", texts["Referral.Error.Understands"]));
            return (null, true);
        }

        if (capacity != ConsentCapacity.Representative) return (null, null);
        var name = Line("vertegenwoordiger");
        if (name.Length == 0) errors.Add(new FieldError("vertegenwoordiger", texts["Referral.Error.Representative"]));
        return Choice<RepresentationGround>("grond") is { } ground ? (new Representative(name, ground), null) : (null, null);
    }

    private string Value(string name) => values[name].ToString();

    private string Line(string name)
    {
        var text = AccessionForm.Clean(Value(name)).Replace('\n', ' ');
        return text[..Math.Min(text.Length, ReferralRecord.MostCharacters)];
    }

    private string Chosen(string name, params string[] options)
    {
        if (options.Contains(Value(name))) return Value(name);
        errors.Add(new FieldError(name, texts["Referral.Error.Choose"]));
        return "";
    }

    private T? Choice<T>(string name)
        where T : struct, Enum
    {
        var choice = AccessionForm.Parse<T>(Value(name));
        if (choice is null) errors.Add(new FieldError(name, texts["Referral.Error.Choose"]));
        return choice;
    }
}
