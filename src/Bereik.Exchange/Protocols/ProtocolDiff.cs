using System.Text.Json;
using System.Text.Json.Nodes;
using Bereik.Domain;

namespace Bereik.Exchange.Protocols;

/// <summary>Whether a change lets more happen, less, or neither.</summary>
public enum ChangeClass
{
    /// <summary>Neither: words, examples, or what only confirms.</summary>
    Neutral,

    /// <summary>Less may happen, or people are better protected.</summary>
    Narrower,

    /// <summary>More may happen. Needs new advice, and new consent where the protocol asks for consent.</summary>
    Wider,
}

/// <summary>One change between two versions.</summary>
/// <param name="Path">Where: <c>clause.key</c>, or a key of the document.</param>
/// <param name="What">What happened there, in words and without quoting whole texts.</param>
/// <param name="Classification">What it does.</param>
public sealed record ProtocolChange(string Path, string What, ChangeClass Classification);

/// <summary>Compares two versions of a protocol and classes each change; what it does not know to be neutral or narrower is wider.</summary>
public static class ProtocolDiff
{
    private enum More
    {
        IsWider,
        IsNarrower,
        IsNeutral,
    }

    // For a number: more of it; for a flag: true; for a list: an entry more. A key that is not here is wider when it changes.
    private static readonly Dictionary<string, More> Directions = new(StringComparer.Ordinal)
    {
        ["partijen.recipients"] = More.IsWider,
        ["rollen.disjointOperators"] = More.IsNarrower,
        ["dpo.contacts"] = More.IsNeutral,
        ["machtiging.verifiedBy"] = More.IsNeutral,
        ["toestemming.perField"] = More.IsNarrower,
        ["toestemming.validDays"] = More.IsWider,
        ["beroepsgeheim.conditions"] = More.IsNarrower,
        ["doel.original"] = More.IsNeutral,
        ["doel.compatibility"] = More.IsNeutral,
        ["verboden-gebruik.uses"] = More.IsNarrower,
        ["waarom-geen-brief.weighed"] = More.IsNarrower,
        ["waarom-geen-brief.evaluateAfterMonths"] = More.IsWider,
        ["gegevens.shared"] = More.IsWider,
        ["gegevens.never"] = More.IsNarrower,
        ["eigen-gegevens.closedWithinMonths"] = More.IsNarrower,
        ["eigen-gegevens.floor"] = More.IsNarrower,
        ["eigen-gegevens.shrinkPercent"] = More.IsWider,
        ["ontvangers.functions"] = More.IsWider,
        ["ontvangers.professionalSecrecy"] = More.IsNarrower,
        ["ontvangers.attestationMonths"] = More.IsWider,
        ["aankondiging.daysBefore"] = More.IsNarrower,
        ["uitsluitingen.reasons"] = More.IsNarrower,
        ["bezwaar.stopWorkingDays"] = More.IsWider,
        ["bezwaar.certificateWorkingDays"] = More.IsWider,
        ["informeren.days"] = More.IsWider,
        ["bewaartermijn.days"] = More.IsWider,
        ["bewaartermijn.contactDays"] = More.IsWider,
        ["bewaartermijn.hubHours"] = More.IsWider,
        ["contactpogingen.most"] = More.IsWider,
        ["contactpogingen.withinDays"] = More.IsWider,
        ["contactpogingen.channels"] = More.IsNeutral,
        ["periodiciteit.perReferenceMonth"] = More.IsWider,
        ["periodiciteit.repeats"] = More.IsWider,
        ["termijn.days"] = More.IsWider,
        ["golven.least"] = More.IsNarrower,
        ["golven.most"] = More.IsWider,
        ["opvulling.band"] = More.IsNarrower,
        ["drempels.publish"] = More.IsNarrower,
        ["drempels.round"] = More.IsNarrower,
        ["duur.months"] = More.IsWider,
        ["duur.evaluateAfterMonths"] = More.IsWider,
        ["duur.noticeMonths"] = More.IsNeutral,
        ["kwaliteit.reportWrongAddress"] = More.IsWider,
        ["rechten.articles"] = More.IsNarrower,
        ["rechten.answerDays"] = More.IsWider,
        ["doorgifte.to"] = More.IsWider,
        ["statistiek.countsOnly"] = More.IsNarrower,
        ["sancties.suspendOn"] = More.IsNarrower,
        ["incidenten.tellWithinHours"] = More.IsWider,
        ["toezicht.perYear"] = More.IsNarrower,
        ["logboek.disclosureYears"] = More.IsWider,
        ["logboek.readYears"] = More.IsWider,
        ["voordeel.needsLocalRegulation"] = More.IsNarrower,
        ["bekendmaking.byAllParties"] = More.IsNarrower,
    };

    // Clauses that protect: without them more may happen.
    private static readonly HashSet<string> Protecting = new(StringComparer.Ordinal)
    {
        "rollen", "dpo", "machtiging", "rechtsgrond-verzameling", "rechtsgrond-mededeling", "rechtsgrond-ontvanger", "toestemming", "beroepsgeheim", "verboden-gebruik", "waarom-geen-brief", "grondgebied",
        "aankondiging", "uitsluitingen", "bezwaar", "informeren", "bewaartermijn", "contactpogingen", "golven", "opvulling", "drempels", "duur", "beveiliging", "rechten", "statistiek", "sancties", "incidenten",
        "toezicht", "logboek", "bekendmaking",
    };

    private static readonly string[] Identity = ["id", "flow"];

    private static readonly string[] Words = ["version", "title", "summary", "cases"];

    // The keys whose direction is known.
    internal static IReadOnlyCollection<string> Known => Directions.Keys;

    /// <summary>Every change from one version to another.</summary>
    /// <param name="before">The earlier.</param>
    /// <param name="after">The later.</param>
    public static IReadOnlyList<ProtocolChange> Compare(Protocol before, Protocol after)
    {
        var changes = new List<ProtocolChange>();
        var (old, now) = (Tree(before), Tree(after));
        foreach (var key in Identity.Where(key => !Same(old[key], now[key]))) changes.Add(new(key, $"{old[key]} became {now[key]}", ChangeClass.Wider));
        foreach (var key in Words.Where(key => !Same(old[key], now[key]))) changes.Add(new(key, "changed", ChangeClass.Neutral));
        var (left, right) = (Clauses(old), Clauses(now));
        foreach (var id in Clause.Kinds.Keys)
        {
            if (!left.TryGetValue(id, out var was))
            {
                if (right.ContainsKey(id)) changes.Add(new(id, "clause added", Protecting.Contains(id) ? ChangeClass.Narrower : ChangeClass.Wider));
            }
            else if (!right.TryGetValue(id, out var became)) changes.Add(new(id, "clause removed", ChangeClass.Wider));
            else changes.AddRange(CompareClause(id, was, became));
        }

        return changes;
    }

    /// <summary>The class of several changes together: the widest.</summary>
    /// <param name="changes">Any number.</param>
    public static ChangeClass Overall(IReadOnlyCollection<ProtocolChange> changes) =>
        changes.Select(change => change.Classification).DefaultIfEmpty(ChangeClass.Neutral).Max();

    private static IEnumerable<ProtocolChange> CompareClause(string id, JsonObject was, JsonObject became)
    {
        foreach (var key in was.Select(member => member.Key).Union(became.Select(member => member.Key)).Order(StringComparer.Ordinal))
        {
            var (before, after) = (was[key], became[key]);
            var path = $"{id}.{key}";
            if (Same(before, after)) continue;
            if (key is "nl" or "en" or "standing") yield return new(path, key == "standing" ? $"{before} became {after}" : "words changed", ChangeClass.Neutral);
            else if (key == "references") foreach (var change in CompareReferences(path, before as JsonArray ?? [], after as JsonArray ?? [])) yield return change;
            else if (before is JsonArray old && after is JsonArray now) foreach (var change in CompareLists(path, old, now)) yield return change;
            else if (path == "machtiging.state") yield return new(path, $"{before} became {after}", after?.GetValue<string>() == "verified" ? ChangeClass.Neutral : ChangeClass.Wider);
            else if (path == "grondgebied.scope") yield return new(path, $"{before} became {after}", after?.GetValue<string>() == "ownMunicipality" ? ChangeClass.Narrower : ChangeClass.Wider);
            else if (path is "inwerkingtreding.from" or "inwerkingtreding.until")
            {
                var isLater = string.CompareOrdinal(after?.GetValue<string>(), before?.GetValue<string>()) > 0;
                yield return new(path, $"{before} became {after}", isLater == (key == "until") ? ChangeClass.Wider : ChangeClass.Narrower);
            }
            else yield return new(path, before is JsonValue && after is JsonValue ? $"{before} became {after}" : "changed", Directed(path, Amount(before), Amount(after)));
        }
    }

    private static IEnumerable<ProtocolChange> CompareLists(string path, JsonArray old, JsonArray now)
    {
        var (left, right) = (Named(old), Named(now));
        foreach (var name in left.Keys.Except(right.Keys)) yield return new(path, $"without {name}", Directed(path, 1, 0));
        foreach (var name in right.Keys.Except(left.Keys)) yield return new(path, $"with {name}", Directed(path, 0, 1));

        // The same field in another form, or for another reason: what leaves stays the same.
        foreach (var name in left.Keys.Intersect(right.Keys).Where(name => !Same(left[name], right[name]))) yield return new(path, $"{name} changed", path is "gegevens.shared" or "dpo.contacts" ? ChangeClass.Neutral : ChangeClass.Wider);
        if (left.Count == right.Count && left.Keys.All(right.ContainsKey) && left.All(entry => Same(entry.Value, right[entry.Key]))) yield return new(path, "another order", ChangeClass.Neutral);
    }

    // A reference that was confirmed changes nothing of what may happen by the text; any other change of the law it stands on does.
    private static IEnumerable<ProtocolChange> CompareReferences(string path, JsonArray old, JsonArray now)
    {
        var (left, right) = (Named(old), Named(now));
        foreach (var name in left.Keys.Except(right.Keys)) yield return new(path, $"without {name}", ChangeClass.Wider);
        foreach (var name in right.Keys.Except(left.Keys)) yield return new(path, $"with {name}", ChangeClass.Wider);
        foreach (var name in left.Keys.Intersect(right.Keys).Where(name => !Same(left[name], right[name])))
        {
            var isConfirmed = right[name]["state"]?.GetValue<string>() == "verified" && Same(left[name]["act"], right[name]["act"]);
            yield return new(path, $"{name} {(isConfirmed ? "was verified" : "changed")}", isConfirmed ? ChangeClass.Neutral : ChangeClass.Wider);
        }
    }

    private static Dictionary<string, JsonNode> Named(JsonArray list) =>
        list.ToDictionary(item => item is JsonObject members ? (members["id"] ?? members["party"])!.GetValue<string>() : item!.ToJsonString().Trim('"'), item => item!, StringComparer.Ordinal);

    private static long? Amount(JsonNode? value) => value is not JsonValue scalar ? null
        : scalar.TryGetValue(out int whole) ? whole : scalar.TryGetValue(out long larger) ? larger : scalar.TryGetValue(out bool flag) ? flag ? 1 : 0 : null;

    private static ChangeClass Directed(string path, long? before, long? after) => (Directions.TryGetValue(path, out var more), before, after) switch
    {
        (true, _, _) when more == More.IsNeutral => ChangeClass.Neutral,
        (true, { } old, { } now) => (now > old) == (more == More.IsWider) ? ChangeClass.Wider : ChangeClass.Narrower,
        _ => ChangeClass.Wider,
    };

    private static JsonObject Tree(Protocol protocol) => JsonSerializer.SerializeToNode(protocol, ProtocolJson.Options)!.AsObject();

    private static Dictionary<string, JsonObject> Clauses(JsonObject tree) =>
        tree["clauses"]!.AsArray().Select(clause => clause!.AsObject()).ToDictionary(clause => clause["id"]!.GetValue<string>(), StringComparer.Ordinal);

    private static bool Same(JsonNode? left, JsonNode? right) => JsonNode.DeepEquals(left, right);
}
