using System.Text.Json;
using System.Text.Json.Serialization;
using Bereik.Domain;
using Bereik.Exchange;

namespace Bereik.Local.Referrals;

/// <summary>
/// What a referral holds of a person (nl: gegevens van een doorverwijzing): exactly the ticked fields, each with its reason, the consent, and the answers to the five
/// conditions where the protocol shares secrecy. JSON, lowerCamelCase, UTF-8; format in <c>docs/formats/referral.md</c>.
/// </summary>
public sealed record ReferralRecord
{
    /// <summary>The most characters of a value.</summary>
    public const int MostCharacters = 200;

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        MaxDepth = 6,
        Converters = { new ExactEnumConverter() },
    };

    /// <summary>The ticked fields in the order of the protocol; at least one, each once.</summary>
    public required IReadOnlyList<SharedField> Fields { get; init; }

    /// <summary>What the person agreed to.</summary>
    public required ReferralConsent Consent { get; init; }

    /// <summary>Answers to the five conditions; empty where the protocol shares no secrecy.</summary>
    public required IReadOnlyList<ConditionAnswer> Secrecy { get; init; }

    /// <summary>What does not exclude the person; the exclusions that were looked at, and whether each holds.</summary>
    public required IReadOnlyDictionary<Exclusion, bool> Excluded { get; init; }

    /// <summary>Who refers, for a question back.</summary>
    public required Referrer Referrer { get; init; }

    /// <summary>The ids of the ticked fields.</summary>
    public IReadOnlyList<RecordField> FieldIds => [.. Fields.Select(one => one.Field)];

    /// <summary>Writes it as UTF-8 JSON.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Options);

    /// <summary>Reads a record.</summary>
    /// <param name="json">UTF-8 JSON.</param>
    /// <returns>Null when it has not exactly this shape.</returns>
    public static ReferralRecord? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<ReferralRecord>(json, Options) is { } record && record.HasShape() ? record : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private bool HasShape() =>
        Fields.Count is > 0 and <= 32 && Fields.Select(field => field.Field).Distinct().Count() == Fields.Count && Fields.All(field => IsText(field.Value) && Enum.IsDefined(field.Why))
        && Secrecy.Count <= 5 && Secrecy.Select(answer => answer.Condition).Distinct().Count() == Secrecy.Count && Secrecy.All(answer => IsText(answer.By) && (answer.Evidence.Length == 0 || IsText(answer.Evidence)))
        && Bytes32.TryParse(Consent.Text, out _) && IsText(Consent.Language) && (Consent.By is not { } by || (IsText(by.Name) && Enum.IsDefined(by.Ground))) && IsText(Referrer.Name) && IsText(Referrer.Team) && IsText(Referrer.Organisation) && IsText(Referrer.Reach);

    private static bool IsText(string text) => text.Length is > 0 and <= MostCharacters && !text.Any(char.IsControl);

    /// <summary>Never what is in it.</summary>
    public override string ToString() => "[doorverwijzing]";
}

/// <summary>A ticked field, and why it is needed.</summary>
/// <param name="Field">Which.</param>
/// <param name="Value">What is passed on, 1 to 200 characters.</param>
/// <param name="Why">Why it is needed.</param>
public sealed record SharedField(RecordField Field, string Value, FieldReason Why)
{
    /// <summary>Never the value.</summary>
    public override string ToString() => $"[{Field.WireName()}]";
}

/// <summary>Why a field is needed for this person: one of few, never free text.</summary>
public enum FieldReason
{
    /// <summary>To make the first contact (nl: om contact te maken).</summary>
    Contact,

    /// <summary>To help with what was asked (nl: voor de hulpvraag).</summary>
    Help,

    /// <summary>The person wants it to be known (nl: de persoon wil het zelf).</summary>
    Wish,
}

/// <summary>A consent as it was given (nl: toestemming).</summary>
public sealed record ReferralConsent
{
    /// <summary>Day on which it was given.</summary>
    public required DateOnly On { get; init; }

    /// <summary>Last day on which it counts.</summary>
    public required DateOnly Until { get; init; }

    /// <summary>Hash of the text of the protocol under which it was given.</summary>
    public required string Under { get; init; }

    /// <summary>SHA-256 of the words that were read aloud, base64url.</summary>
    public required string Text { get; init; }

    /// <summary>Language in which they were read: a tag such as <c>nl</c>, or a name.</summary>
    public required string Language { get; init; }

    /// <summary>Whether they were read or given.</summary>
    public required bool Informed { get; init; }

    /// <summary>Whether the person said yes, free and without consequence on refusal.</summary>
    public required bool Given { get; init; }

    /// <summary>How.</summary>
    public required ConsentMethod Method { get; init; }

    /// <summary>Who decided.</summary>
    public required ConsentCapacity Capacity { get; init; }

    /// <summary>Who represents the person, and on what ground; with <see cref="ConsentCapacity.Representative"/> and only then.</summary>
    public Representative? By { get; init; }

    /// <summary>Whether the worker saw that the minor understands it; with <see cref="ConsentCapacity.MatureMinor"/> and only then.</summary>
    public bool? Understands { get; init; }

    /// <summary>Whether whoever agreed could do so: what the capacity asks for is there, and nothing of another. SECURITY: without it there is no consent, at either side.</summary>
    [JsonIgnore]
    public bool IsOfSomebodyWhoCan => Capacity switch
    {
        ConsentCapacity.Self => By is null && Understands is null,
        ConsentCapacity.Representative => By is not null && Understands is null,
        ConsentCapacity.MatureMinor => By is null && Understands == true,
        _ => false,
    };
}

/// <summary>Who agrees in the place of somebody else (nl: vertegenwoordiger).</summary>
/// <param name="Name">Name, 1 to 200 characters.</param>
/// <param name="Ground">On what ground.</param>
public sealed record Representative(string Name, RepresentationGround Ground)
{
    /// <summary>Never the name.</summary>
    public override string ToString() => $"[{Ground}]";
}

/// <summary>On what ground somebody represents the person (nl: grond van vertegenwoordiging).</summary>
public enum RepresentationGround
{
    /// <summary>Parent of a minor (nl: ouder van een minderjarige).</summary>
    Parent,

    /// <summary>Guardian of a minor (nl: voogd).</summary>
    Guardian,

    /// <summary>Administrator of the person, appointed by the justice of the peace (nl: bewindvoerder over de persoon).</summary>
    Administrator,

    /// <summary>Holder of a mandate that the person gave (nl: zorgvolmacht).</summary>
    Mandate,
}

/// <summary>How a consent was given (nl: wijze van toestemming).</summary>
public enum ConsentMethod
{
    /// <summary>Signed on paper, which stays with who refers (nl: op papier).</summary>
    Paper,

    /// <summary>Spoken; to be confirmed by a call back or in writing within ten working days (nl: mondeling).</summary>
    Verbal,

    /// <summary>Ticked by the person on the spot (nl: digitaal, ter plaatse).</summary>
    Digital,
}

/// <summary>In which capacity somebody agreed (nl: hoedanigheid van wie toestemt).</summary>
public enum ConsentCapacity
{
    /// <summary>For oneself (nl: zelf).</summary>
    Self,

    /// <summary>As legal representative (nl: wettelijke vertegenwoordiger).</summary>
    Representative,

    /// <summary>As a minor who can judge it (nl: mature minderjarige).</summary>
    MatureMinor,
}

/// <summary>An answer to one of the five conditions (nl: antwoord op een voorwaarde).</summary>
public sealed record ConditionAnswer
{
    /// <summary>Which.</summary>
    public required SecrecyCondition Condition { get; init; }

    /// <summary>Yes, no, or unknown, which refuses as no does.</summary>
    public required ConditionState Answer { get; init; }

    /// <summary>What shows it; empty where nothing does, which refuses.</summary>
    public required string Evidence { get; init; }

    /// <summary>Who answered.</summary>
    public required string By { get; init; }

    /// <summary>When.</summary>
    public required DateOnly On { get; init; }

    /// <summary>Never the evidence.</summary>
    public override string ToString() => $"[{Condition}]";
}

/// <summary>An answer (nl: antwoord).</summary>
public enum ConditionState
{
    /// <summary>It holds (nl: ja).</summary>
    Yes,

    /// <summary>It does not (nl: nee).</summary>
    No,

    /// <summary>Nobody knows (nl: weet niet).</summary>
    Unknown,
}

/// <summary>Who refers (nl: verwijzer).</summary>
/// <param name="Name">The worker.</param>
/// <param name="Team">The team.</param>
/// <param name="Organisation">The organisation.</param>
/// <param name="Reach">Number or address of the team.</param>
public sealed record Referrer(string Name, string Team, string Organisation, string Reach)
{
    /// <summary>Never the name.</summary>
    public override string ToString() => "[verwijzer]";
}
