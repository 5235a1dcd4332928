using System.Globalization;
using System.Text.Json;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Register;

namespace Bereik.Cli.Verify;

/// <summary>
/// The register of protocols as the log tells it, and what follows from it on a day: a second reading of docs/formats/register.md, from the documents' JSON.
/// Measures are not weighed here: the framework that gives their months is no document of the log.
/// </summary>
/// <param name="isHub">Whether an organisation is the hub.</param>
/// <param name="isPseudonymiser">Whether an organisation is the pseudonymiser.</param>
internal sealed class AuditRegister(Func<string, bool> isHub, Func<string, bool> isPseudonymiser)
{
    public static readonly string[] DocumentTypes =
    [
        "bereik-protocol-draft+jws", "bereik-protocol+jws", "bereik-protocol-advice+jws", "bereik-protocol-publication+jws", "bereik-accession+jws", "bereik-register-stop+jws",
    ];

    private readonly List<Step> steps = [];
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AuditText> texts = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, string), string> versions = [];
    private readonly Dictionary<long, string> places = [];

    /// <summary>Accessions that were taken in.</summary>
    public int Accessions => steps.Count(step => step.Document.Type == "bereik-accession+jws");

    /// <summary>Texts that were proposed.</summary>
    public int Texts => texts.Count;

    /// <summary>Takes a verified step in.</summary>
    /// <exception cref="BrokenRuleException">It has no place, or no text to be about.</exception>
    public void Add(long sequence, string by, DateTimeOffset at, AuditDocument document)
    {
        if (places.TryGetValue(sequence, out var there) ? there != document.SigningInput : sequence != places.Count + 1) throw new BrokenRuleException("register.sequence");
        if (there is not null) return;
        var isText = document.Type is "bereik-protocol-draft+jws" or "bereik-protocol+jws";
        var hash = document.Type switch
        {
            _ when isText => document.PayloadHash,
            "bereik-accession+jws" => document.Payload.GetProperty("accession").GetProperty("protocolHash").GetString()!,
            _ => document.Word("protocol"),
        };

        // Only a draft brings a text; whatever else is about a text that was brought before.
        if (document.Type == "bereik-protocol-draft+jws")
        {
            var text = AuditText.Read(hash, document.Payload) ?? throw new BrokenRuleException("document.shape");
            if (!versions.TryAdd((text.Id, text.Version), hash) && versions[(text.Id, text.Version)] != hash) throw new BrokenRuleException("register.versionTaken");
            texts.TryAdd(hash, text);
        }
        else if (!texts.ContainsKey(hash))
        {
            throw new BrokenRuleException("register.text");
        }

        places.Add(sequence, document.SigningInput);

        // SECURITY: a document counts at its first place alone, whatever its signature.
        if (seen.Add(document.SigningInput)) steps.Add(new Step(by, at, document, hash));
    }

    /// <summary>The text of a hash; null when the register does not have it.</summary>
    public AuditText? Text(string hash) => texts.GetValueOrDefault(hash);

    /// <summary>Whether orders may be made under a text on a day.</summary>
    /// <param name="text">The text.</param>
    /// <param name="day">The day, Europe/Brussels.</param>
    /// <param name="isTrial">On trial a draft will do; what is suspended, ended or over refuses all the same.</param>
    public bool Runs(AuditText text, DateOnly day, bool isTrial)
    {
        var advices = new Dictionary<string, (JsonElement Advice, string Hash)>(StringComparer.Ordinal);
        var signed = new HashSet<string>(StringComparer.Ordinal);
        var suspendedBy = new HashSet<string>(StringComparer.Ordinal);
        var isPublished = false;
        DateOnly? end = null;
        foreach (var step in steps)
        {
            if (step.Document.Type == "bereik-protocol-advice+jws" && MayAdvise(text, step) && (step.Hash == text.Hash || IsCovered(text, step.Hash)))
            {
                // What is said of this very text is not undone by what is said later of an earlier one.
                var party = step.Document.Word("party");
                if (step.Hash == text.Hash || !advices.TryGetValue(party, out var present) || present.Hash != text.Hash) advices[party] = (step.Document.Payload.GetProperty("advice"), step.Hash);
            }

            if (step.Hash != text.Hash) continue;
            switch (step.Document.Type)
            {
                case "bereik-protocol+jws":
                    signed.Add(step.By);
                    break;
                case "bereik-protocol-publication+jws" when step.By == text.Source:
                    isPublished |= MayPublish(text, advices.Values.Select(advice => advice.Advice), advices.Count, signed, DayOf(step.At));
                    break;
                case "bereik-register-stop+jws" when step.Organisation is null:
                    if (step.Kind == "suspend" && (step.By == text.Source || isHub(step.By))) suspendedBy.Add(step.By);
                    else if (step.Kind == "resume") suspendedBy.Remove(step.By);
                    else if (step.Kind == "end" && step.By == text.Source) end = Earlier(end, step.On);
                    break;
            }
        }

        if (!text.IsComplete || suspendedBy.Count > 0 || end <= day) return false;
        if (isPublished) return day <= text.Until && (isTrial || day >= text.From);
        return isTrial;
    }

    /// <summary>The accession of an organisation that counts on a day; null when there is none, or when it stands still.</summary>
    /// <param name="text">The text.</param>
    /// <param name="organisation">Whose.</param>
    /// <param name="day">The day, Europe/Brussels.</param>
    public JsonElement? Accession(AuditText text, string organisation, DateOnly day)
    {
        JsonElement? act = null;
        var hasSigned = false;
        var suspendedBy = new HashSet<string>(StringComparer.Ordinal);
        DateOnly? ownEnd = null, end = null;
        foreach (var step in steps.Where(step => step.Hash == text.Hash))
        {
            switch (step.Document.Type)
            {
                case "bereik-protocol+jws" when step.By == organisation:
                    hasSigned = true;
                    break;
                case "bereik-accession+jws" when step.By == organisation && hasSigned && Counts(text, step):
                    // Who left may come back; one that source or hub put out may not, under this text.
                    (act, ownEnd) = (step.Document.Payload.GetProperty("accession"), null);
                    break;
                case "bereik-register-stop+jws" when step.Organisation == organisation && (step.By == organisation || step.By == text.Source || isHub(step.By)):
                    if (step.Kind == "suspend") suspendedBy.Add(step.By);
                    else if (step.Kind == "resume") suspendedBy.Remove(step.By);
                    else if (step.By == organisation) ownEnd = Earlier(ownEnd, step.On);
                    else end = Earlier(end, step.On);
                    break;
            }
        }

        if (act is not { } accession || suspendedBy.Count > 0 || ownEnd <= day || end <= day) return null;
        return Shape.DayOf(accession.GetProperty("reviewBy").GetString()!) >= day ? accession : null;
    }

    /// <summary>The day of an instant in Brussels.</summary>
    public static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById("Europe/Brussels")).DateTime);

    private static DateOnly? Earlier(DateOnly? one, DateOnly? other) => one is null || other < one ? other : one;

    // The act names its signer, its text by name and hash, and a review within a year of the day on which it came in.
    private static bool Counts(AuditText text, Step step)
    {
        var accession = step.Document.Payload.GetProperty("accession");
        var (day, review) = (DayOf(step.At), Shape.DayOf(accession.GetProperty("reviewBy").GetString()!));
        return accession.GetProperty("organisation").GetString() == step.By && accession.GetProperty("protocol").GetString() == text.Id && accession.GetProperty("version").GetString() == text.Version
            && text.Recipients.Contains(accession.GetProperty("kind").GetString()!) && review >= day && (day.Year == DateOnly.MaxValue.Year || review <= day.AddYears(1));
    }

    private bool MayAdvise(AuditText text, Step step) => step.Document.Word("party") == "source" ? step.By == text.Source : isHub(step.By);

    // Grounds and authorisation verified, both sides advised, everybody who must has signed, the last day not over.
    private bool MayPublish(AuditText text, IEnumerable<JsonElement> advices, int sides, HashSet<string> signed, DateOnly day) =>
        text.IsVerified && text.IsMadePublic && sides == 2 && day <= text.Until
        && advices.All(advice => Shape.DayOf(advice.GetProperty("on").GetString()!) <= day && (advice.GetProperty("outcome").GetString() != "unfavourable" || advice.TryGetProperty("notFollowed", out _)))
        && signed.Contains(text.Source) && (!text.Parties.Contains("hub") || signed.Any(isHub)) && (!text.Parties.Contains("pseudonymiser") || signed.Any(isPseudonymiser));

    // Whether an advice on an earlier text counts for this one. Wider or not is the one judgement that is borrowed: the published comparison of two texts.
    private bool IsCovered(AuditText text, string earlier) =>
        texts.TryGetValue(earlier, out var before) && before.Id == text.Id && text.Read() is { } later && before.Read() is { } first && ProtocolLineage.Covers(later, [first]).Contains(earlier);

    private sealed record Step(string By, DateTimeOffset At, AuditDocument Document, string Hash)
    {
        public string? Organisation => Document.Word("organisation") is { Length: > 0 } organisation ? organisation : null;

        public string Kind => Document.Word("kind");

        public DateOnly? On => Shape.DayOf(Document.Word("on"));
    }
}

/// <summary>What the audit needs of a text of a protocol.</summary>
internal sealed record AuditText
{
    public required string Hash { get; init; }

    public required string Id { get; init; }

    public required string Version { get; init; }

    public required string Flow { get; init; }

    public string Source { get; init; } = "";

    /// <summary>Kinds of organisation that may receive.</summary>
    public IReadOnlyList<string> Recipients { get; init; } = [];

    /// <summary>Parties that the text gives a role.</summary>
    public IReadOnlyList<string> Parties { get; init; } = [];

    public int Band { get; init; }

    public DateOnly From { get; init; }

    public DateOnly Until { get; init; }

    /// <summary>Whether the authorisation and every ground are verified.</summary>
    public bool IsVerified { get; init; }

    /// <summary>Whether the text asks that all parties make it public, and names both officers.</summary>
    public bool IsMadePublic { get; init; }

    /// <summary>Whether every clause that the audit needs is there.</summary>
    public bool IsComplete { get; init; }

    public required JsonElement Payload { get; init; }

    /// <summary>Reads what is needed; null when it does not say which text it is.</summary>
    public static AuditText? Read(string hash, JsonElement payload)
    {
        string? Word(string name) => payload.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        if (Word("id") is not { } id || Word("version") is not { } version || Word("flow") is not { } flow) return null;
        var text = new AuditText { Hash = hash, Id = id, Version = version, Flow = flow, Payload = payload };
        try
        {
            var clauses = payload.GetProperty("clauses").EnumerateArray().ToDictionary(clause => clause.GetProperty("id").GetString()!, StringComparer.Ordinal);
            var force = clauses["inwerkingtreding"];
            string[] grounds = ["rechtsgrond-verzameling", "rechtsgrond-mededeling", "rechtsgrond-ontvanger"];
            return text with
            {
                Source = clauses["partijen"].GetProperty("source").GetString()!,
                Recipients = [.. clauses["partijen"].GetProperty("recipients").EnumerateArray().Select(kind => kind.GetString()!)],
                Parties = [.. clauses["rollen"].GetProperty("parties").EnumerateArray().Select(role => role.GetProperty("party").GetString()!)],
                Band = clauses["opvulling"].GetProperty("band").GetInt32(),
                From = DateOnly.ParseExact(force.GetProperty("from").GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture),
                Until = DateOnly.ParseExact(force.GetProperty("until").GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture),
                IsVerified = IsVerifiedState(clauses["machtiging"]) && grounds.All(ground => clauses[ground].GetProperty("references") is var references && references.GetArrayLength() > 0 && references.EnumerateArray().All(IsVerifiedState)),
                IsMadePublic = clauses.ContainsKey("dpo") && clauses["bekendmaking"].GetProperty("byAllParties").GetBoolean(),
                IsComplete = true,
            };
        }
        catch (Exception incomplete) when (incomplete is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            // A draft may still lack a clause; nothing runs under it.
            return text;
        }
    }

    /// <summary>The text as the published comparison reads it; null when it is no protocol there.</summary>
    public Domain.Protocol? Read() => ProtocolJson.Read(System.Text.Encoding.UTF8.GetBytes(Payload.GetRawText())).TryGet(out var protocol, out _) ? protocol : null;

    private static bool IsVerifiedState(JsonElement value) => value.GetProperty("state").GetString() == "verified";
}
