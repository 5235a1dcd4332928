using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Bereik.Api.Tests;

// The rules of the belgif REST guide that a document can show; each tells what breaks it.
internal static partial class BelgifRules
{
    // Operations that anybody may call: what they tell is public, or the body carries the proof of who it is from.
    private static readonly string[] Public = ["getHealth", "listProtocolEvents", "addProtocolEvent", "logDocument", "getKey"];

    // At the most one file, and one accession for each protocol.
    private static readonly string[] OnePage = ["listFiles", "listAccessions"];

    private static readonly string[] Codes = ["200", "201", "202", "204", "400", "401", "403", "404", "405", "409", "410", "413", "422", "429", "500", "503"];

    public static IReadOnlyDictionary<string, Func<JsonObject, IEnumerable<string>>> All { get; } = new Dictionary<string, Func<JsonObject, IEnumerable<string>>>(StringComparer.Ordinal)
    {
        ["uri-notat"] = document => Paths(document).Where(path => !Path().IsMatch(path)).Concat(Parameters(document).Select(one => (string)one.Parameter["name"]!).Where(name => !CamelCase().IsMatch(name))),
        ["uri-format"] = document => Paths(document).Where(path => path != "/health" && !path.StartsWith("/v1/", StringComparison.Ordinal)),
        ["uri-extens"] = document => Paths(document).Where(path => path.Contains('.', StringComparison.Ordinal)),
        ["col-name"] = document => Operations(document).Where(one => one.Method == "get" && IsCollection(document, one.Operation) && !one.Path.EndsWith('s')).Select(one => one.Path),
        ["col-paging"] = document => Operations(document).Where(one => IsCollection(document, one.Operation) && !OnePage.Contains((string)one.Operation["operationId"]!) && !HasPages(document, one.Operation)).Select(one => one.Path),
        ["jsn-naming"] = document => Objects(document).SelectMany(shape => (shape["properties"] as JsonObject ?? []).Select(member => member.Key)).Where(name => !CamelCase().IsMatch(name)),
        ["jsn-null"] = document => Objects(document).Where(shape => shape["nullable"] is not null || (shape["type"] is JsonArray types && types.Any(type => (string)type! == "null")) || (string?)(shape["type"] as JsonValue) == "null").Select(_ => "null"),
        ["err-problem"] = document => Responses(document).Where(one => one.Status[0] is '4' or '5' && !IsHealth(one) && !IsProblem(one.Response)).Select(one => $"{one.Path} {one.Status}"),
        ["prb-type"] = document => Problems(document).Where(problem => !Urn().IsMatch((string)problem["type"]!)).Select(problem => (string)problem["type"]!),
        ["evo-object"] = document => Responses(document).Where(one => one.Status[0] == '2' && Json(one.Response) is { } shape && (string?)Resolve(document, shape)["type"] != "object").Select(one => one.Path),
        ["hlth-res"] = document => Health(document) is { } words && words.SequenceEqual(["UP", "DEGRADED", "DOWN"]) ? [] : ["/health"],
        ["stat-codes"] = document => Responses(document).Where(one => !Codes.Contains(one.Status)).Select(one => one.Status),
        ["sec-req"] = document => Operations(document).Where(one => !IsSecured(document, one.Operation)).Select(one => one.Path),
        ["hdr-case"] = document => Responses(document).SelectMany(one => (one.Response["headers"] as JsonObject ?? []).Select(header => header.Key)).Where(name => !Header().IsMatch(name)),
        ["trc-header"] = document => Responses(document).Where(one => one.Response["headers"]?["BelGov-Trace-Id"] is null).Select(one => $"{one.Path} {one.Status}"),
        ["openapi-opid"] = document => Operations(document).GroupBy(one => (string?)one.Operation["operationId"] ?? "").Where(same => same.Count() > 1 || !CamelCase().IsMatch(same.Key)).Select(same => same.Key),
        ["sens-dat"] = document => Parameters(document).Select(one => (string)one.Parameter["name"]!).Where(name => Personal().IsMatch(name)),
    };

    public static IEnumerable<(string Path, string Method, JsonObject Operation)> Operations(JsonObject document) =>
        document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => (path.Key, operation.Key, operation.Value!.AsObject())));

    public static IEnumerable<(string Path, string Status, JsonObject Response)> Responses(JsonObject document) =>
        Operations(document).SelectMany(one => one.Operation["responses"]!.AsObject().Select(response => (one.Path, response.Key, response.Value!.AsObject())));

    // Every object of the schemas, at any depth.
    public static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonObject members => members.Where(member => member.Key is not ("example" or "examples" or "default")).SelectMany(member => Objects(member.Value)).Prepend(members),
        JsonArray items => items.SelectMany(Objects),
        _ => [],
    };

    public static JsonObject Resolve(JsonObject document, JsonNode schema) =>
        (string?)schema["$ref"] is { } reference ? document["components"]!["schemas"]![reference.Split('/')[^1]]!.AsObject() : schema.AsObject();

    private static IEnumerable<string> Paths(JsonObject document) => document["paths"]!.AsObject().Select(path => path.Key);

    private static IEnumerable<(string Path, JsonNode Parameter)> Parameters(JsonObject document) =>
        Operations(document).SelectMany(one => (one.Operation["parameters"] as JsonArray ?? []).Select(parameter => (one.Path, parameter!)));

    private static JsonNode? Json(JsonObject response) => response["content"]?["application/json"]?["schema"];

    private static bool IsCollection(JsonObject document, JsonObject operation) =>
        operation["responses"]?["200"] is JsonObject answer && Json(answer) is { } shape && Resolve(document, shape)["properties"]?["items"] is not null;

    private static bool HasPages(JsonObject document, JsonObject operation)
    {
        var limit = (operation["parameters"] as JsonArray ?? []).FirstOrDefault(parameter => (string)parameter!["name"]! == "limit")?["schema"];
        var next = Resolve(document, Json(operation["responses"]!["200"]!.AsObject())!)["properties"]?["next"];
        return (int?)limit?["default"] == 50 && (int?)limit?["maximum"] == 100 && (int?)limit?["minimum"] == 1 && next is not null
            && operation["parameters"]!.AsArray().Any(parameter => (string)parameter!["name"]! == "after" && (string)parameter["in"]! == "query");
    }

    // The health tells itself how it stands, also when that is badly.
    private static bool IsHealth((string Path, string Status, JsonObject Response) one) => one is { Path: "/health", Status: "503" };

    private static bool IsProblem(JsonObject response) =>
        response["content"] is JsonObject { Count: 1 } content && content["application/problem+json"] is JsonObject media && media["schema"] is not null && media["examples"] is JsonObject { Count: > 0 };

    private static IEnumerable<JsonNode> Problems(JsonObject document) =>
        Responses(document).SelectMany(one => (one.Response["content"]?["application/problem+json"]?["examples"] as JsonObject ?? []).Select(example => example.Value!["value"]!));

    private static IEnumerable<string>? Health(JsonObject document) =>
        document["paths"]?["/health"]?["get"]?["responses"] is JsonObject answers && answers.ContainsKey("503") && answers["200"] is JsonObject up
            ? (Resolve(document, Json(up)!)["properties"]?["status"]?["enum"] as JsonArray)?.Select(word => (string)word!) : null;

    private static bool IsSecured(JsonObject document, JsonObject operation)
    {
        if (operation["security"] is not JsonArray { Count: > 0 } security) return Public.Contains((string)operation["operationId"]!);
        return security.All(needed => needed!.AsObject().Count > 0 && needed.AsObject().All(scheme => document["components"]?["securitySchemes"]?[scheme.Key] is not null));
    }

    [GeneratedRegex(@"\A(/([a-z0-9]+(-[a-z0-9]+)*|\{[a-z][A-Za-z0-9]*\}))+\z")]
    private static partial Regex Path();

    [GeneratedRegex(@"\A[a-z][A-Za-z0-9]*\z")]
    private static partial Regex CamelCase();

    [GeneratedRegex(@"\Aurn:problem-type:(belgif|bereik):[a-z][A-Za-z]*\z")]
    private static partial Regex Urn();

    [GeneratedRegex(@"\A[A-Z][A-Za-z0-9]*(-[A-Z][A-Za-z0-9]*)*\z")]
    private static partial Regex Header();

    [GeneratedRegex("insz|ssin|niss|nationalNumber|rijksregister|birth|name", RegexOptions.IgnoreCase)]
    private static partial Regex Personal();
}
