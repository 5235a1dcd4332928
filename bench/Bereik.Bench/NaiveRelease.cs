using System.Text.Json.Nodes;
using Bereik.Domain;

namespace Bereik.Bench;

/// <summary>
/// Reads the published document clause by clause and says what may leave, as somebody with the paper beside them would. Slow on purpose, and it shares nothing
/// with the decision that nodes make but the words of the document and the codes of the reasons.
/// </summary>
internal sealed class NaiveRelease
{
    private readonly Dictionary<string, JsonObject> clauses;
    private readonly string hash;

    public NaiveRelease(ReadOnlySpan<byte> canonical, string hash)
    {
        var document = JsonNode.Parse(canonical)!.AsObject();
        clauses = document["clauses"]!.AsArray().Select(clause => clause!.AsObject()).ToDictionary(clause => (string)clause["id"]!);
        this.hash = hash;
    }

    /// <summary>For each field that is asked, the codes of the reasons against it, in alphabetical order; none when it may leave.</summary>
    public Dictionary<string, string[]> Explain(ReleaseRequest request, ReleaseFacts facts)
    {
        var whole = new List<string>();
        if (Word(request.Purpose) != (string)clauses["doel"]["purpose"]!) whole.Add("purpose.notGranted");
        if (facts.SyntheticOnly != true)
        {
            if (!IsVerified("rechtsgrond-verzameling")) whole.Add("ground.collectionUnverified");
            if (!IsVerified("rechtsgrond-mededeling")) whole.Add("ground.unverified");
            if (!IsVerified("rechtsgrond-ontvanger")) whole.Add("ground.recipientUnverified");
            if ((string)clauses["machtiging"]["state"]! != "verified") whole.Add("authorisation.unverified");
        }

        AddRegister(facts, whole);
        if (clauses["uitsluitingen"]["reasons"]!.AsArray().Select(reason => (string)reason!).Any(reason => IsExcluded(facts, reason))) whole.Add("household.excluded");
        if (facts.AnnouncedOn is not { } told || told.AddDays((int)clauses["aankondiging"]["daysBefore"]!) > facts.Today) whole.Add("notice.tooShort");
        var consent = clauses.GetValueOrDefault("toestemming");
        if (consent is not null) AddConsent(consent, facts, whole);
        foreach (var condition in clauses.GetValueOrDefault("beroepsgeheim")?["conditions"]?.AsArray() ?? []) AddCondition((string)condition!, facts, whole);

        var shared = clauses["gegevens"]["shared"]!.AsArray().Select(field => (string)field!["id"]!).ToHashSet();
        var never = clauses["gegevens"]["never"]!.AsArray().Select(field => (string)field!).ToHashSet();
        var answers = new Dictionary<string, string[]>();
        foreach (var field in request.Fields)
        {
            var name = Word(field);
            var against = new List<string>(whole);
            if (!shared.Contains(name) || never.Contains(name)) against.Add("field.notInProtocol");
            if (facts.AnnouncedFields is not { } toldOf || !toldOf.Select(one => Word(one)).Contains(name)) against.Add("notice.notForField");
            if (consent is not null && (bool)consent["perField"]! && (facts.Consent is null || !facts.Consent.Fields.Select(one => Word(one)).Contains(name))) against.Add("consent.notForField");
            answers[name] = [.. against.Distinct().Order(StringComparer.Ordinal)];
        }

        return answers;
    }

    private static void AddRegister(ReleaseFacts facts, List<string> whole)
    {
        if (facts.Register?.Age is not { } age || age > TimeSpan.FromMinutes(15)) whole.Add("register.stale");
        if (facts.Register is null) return;
        switch (facts.Register.State)
        {
            case null: whole.Add("protocol.unregistered"); break;
            case ProtocolState.Suspended: whole.Add("protocol.suspended"); break;
            case ProtocolState.Ended: whole.Add("protocol.ended"); break;
            case ProtocolState.Expired: whole.Add("protocol.expired"); break;
            case ProtocolState.InForce: break;
            default: if (facts.SyntheticOnly != true) whole.Add("protocol.notInForce"); break;
        }

        if (facts.Register.Accession is null) whole.Add("accession.missing");
        if (facts.Register.Accession?.Suspended == true) whole.Add("accession.suspended");
        if (facts.Register.Accession?.Ended == true) whole.Add("accession.ended");
        if (facts.Register.Accession?.MeasureLapsed == true) whole.Add("accession.measureLapsed");
        if (facts.Register.Accession?.ReviewOverdue == true) whole.Add("accession.reviewOverdue");
    }

    private void AddConsent(JsonObject consent, ReleaseFacts facts, List<string> whole)
    {
        if (facts.Consent is not { } given)
        {
            whole.Add("consent.missing");
            return;
        }

        if (given.Withdrawn != false) whole.Add("consent.withdrawn");
        if (given.GivenOn > facts.Today || facts.Today > given.GivenOn.AddDays((int)consent["validDays"]!)) whole.Add("consent.expired");
        if (given.Under != hash && (given.Under is null || facts.Covers is null || !facts.Covers.Contains(given.Under))) whole.Add("consent.otherText");
    }

    private static void AddCondition(string condition, ReleaseFacts facts, List<string> whole)
    {
        if (facts.Secrecy is not null && facts.Secrecy.Any(entry => Word(entry.Key) == condition && entry.Value)) return;
        whole.Add(condition switch
        {
            "recipientBound" => "secrecy.recipientNotBound",
            "sameMission" => "secrecy.missionDiffers",
            "clientInformed" => "secrecy.clientNotInformed",
            "clientConsents" => "secrecy.consentMissing",
            "necessary" => "secrecy.fieldNotNecessary",
            _ => throw new InvalidDataException("The document has a condition that is not known."),
        });
    }

    private bool IsVerified(string clause) => clauses[clause]["references"]!.AsArray().All(reference => (string)reference!["state"]! == "verified");

    private static bool IsExcluded(ReleaseFacts facts, string reason) => facts.Excluded is not { } looked || !Enum.GetValues<Exclusion>().Any(kind => Word(kind) == reason && looked.Of(kind) == false);

    private static string Word(Enum word) => char.ToLowerInvariant(word.ToString()[0]) + word.ToString()[1..];
}
