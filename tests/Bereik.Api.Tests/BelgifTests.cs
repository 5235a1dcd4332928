using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Bereik.Api.Tests;

// Each rule over each document, and each rule on a document that breaks it.
[Collection(nameof(Nodes))]
public sealed class BelgifTests(Nodes nodes)
{
    private static readonly Dictionary<string, Action<JsonObject>> Spoiled = new(StringComparer.Ordinal)
    {
        ["uri-notat"] = document => Move(document, "/v1/decisions", "/v1/madeDecisions/"),
        ["uri-format"] = document => Move(document, "/v1/decisions", "/decisions"),
        ["uri-extens"] = document => Move(document, "/v1/decisions", "/v1/decisions.json"),
        ["col-name"] = document => Move(document, "/v1/decisions", "/v1/decision"),
        ["col-paging"] = document => Limit(document)["maximum"] = 1000,
        ["jsn-naming"] = document => Properties(document)["made_at"] = new JsonObject { ["type"] = "string" },
        ["jsn-null"] = document => Properties(document)["act"]!["type"] = new JsonArray("null", "string"),
        ["err-problem"] = document => Get(document)["responses"]!["403"]!.AsObject().Remove("content"),
        ["prb-type"] = document => Get(document)["responses"]!["403"]!["content"]!["application/problem+json"]!["examples"]!["request.notPermitted"]!["value"]!["type"] = "about:blank",
        ["evo-object"] = document => Get(document)["responses"]!["200"]!["content"]!["application/json"]!["schema"] = new JsonObject { ["type"] = "array" },
        ["hlth-res"] = document => document["paths"]!["/health"]!["get"]!["responses"]!.AsObject().Remove("503"),
        ["stat-codes"] = document => Get(document)["responses"]!["418"] = new JsonObject(),
        ["sec-req"] = document => Get(document)["security"] = new JsonArray(),
        ["hdr-case"] = document => Get(document)["responses"]!["200"]!["headers"]!["x-trace"] = new JsonObject(),
        ["trc-header"] = document => Get(document)["responses"]!["404"] = new JsonObject(),
        ["openapi-opid"] = document => Get(document)["operationId"] = "getHealth",
        ["sens-dat"] = document => Limit(document).Parent!["name"] = "insz",
    };

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var rule in BelgifRules.All.Keys)
            {
                foreach (var node in Nodes.Names) cases.Add(rule, node);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Rule_OverTheDocument_Holds(string rule, string node) => BelgifRules.All[rule](nodes.Document(node)).ShouldBeEmpty();

    [Fact]
    public void Rule_OverADocumentThatBreaksIt_TellsSo()
    {
        Spoiled.Keys.Order().ShouldBe(BelgifRules.All.Keys.Order());
        foreach (var (rule, spoil) in Spoiled)
        {
            var document = nodes.Document("hub");
            spoil(document);
            BelgifRules.All[rule](document).ShouldNotBeEmpty(rule);
        }
    }

    [Theory]
    [InlineData("hub")]
    [InlineData("pseudonymiser")]
    [InlineData("source")]
    [InlineData("local")]
    public void Document_OfANode_IsWholeAndItsExamplesFit(string node)
    {
        var document = nodes.Document(node);
        ((string?)document["openapi"]).ShouldStartWith("3.1");
        foreach (var (path, method, operation) in BelgifRules.Operations(document))
        {
            operation["summary"].ShouldNotBeNull($"{method} {path}");
            foreach (var parameter in operation["parameters"] as JsonArray ?? [])
            {
                ((string?)parameter!["description"]).ShouldNotBeNullOrEmpty($"{path} {parameter["name"]}");
                parameter["example"].ShouldNotBeNull($"{path} {parameter["name"]}");
            }

            var bodies = operation["responses"]!.AsObject().SelectMany(answer => (answer.Value!["content"] as JsonObject ?? []).Select(media => media.Value!)).Concat((operation["requestBody"]?["content"] as JsonObject ?? []).Select(media => media.Value!));
            foreach (var media in bodies)
            {
                var examples = media["examples"] is JsonObject several ? several.Select(one => one.Value!["value"]) : [media["example"]];
                examples.ShouldNotBeEmpty($"{method} {path}");
                foreach (var example in examples) SchemaCheck.Find(document, media["schema"]!, example).ShouldBeEmpty($"{method} {path}");
            }
        }

        foreach (var (name, shape) in document["components"]!["schemas"]!.AsObject())
        {
            foreach (var (member, of) in shape!["properties"] as JsonObject ?? [])
            {
                if (of!["$ref"] is null) ((string?)of["description"]).ShouldNotBeNullOrEmpty($"{name}.{member}");
            }
        }
    }

    private static JsonObject Get(JsonObject document) => document["paths"]!["/v1/decisions"]!["get"]!.AsObject();

    private static JsonObject Properties(JsonObject document) => document["components"]!["schemas"]!["DecisionTold"]!["properties"]!.AsObject();

    private static JsonNode Limit(JsonObject document) => Get(document)["parameters"]!.AsArray().Single(parameter => (string)parameter!["name"]! == "limit")!["schema"]!;

    private static void Move(JsonObject document, string from, string to)
    {
        var path = document["paths"]![from]!.DeepClone();
        document["paths"]!.AsObject().Remove(from);
        document["paths"]![to] = path;
    }
}
