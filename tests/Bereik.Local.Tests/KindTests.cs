using System.Net;
using System.Text.Json.Nodes;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Log;
using Bereik.Ledger;
using Bereik.Node.Configuration;
using Bereik.Node.Requests;
using Shouldly;
using Xunit;

namespace Bereik.Local.Tests;

/// <summary>A local node of each kind: who orders no lists has nothing that belongs to them, and settings that do not fit a kind stop the node.</summary>
public sealed class KindTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("bereik-kinds-");

    [Theory]
    [InlineData("welfareCentre", "Uw CAW werkt samen")]
    [InlineData("mutualitySocialService", "Uw dienst maatschappelijk werk werkt samen")]
    [InlineData("referrer", "verwijst u mensen door")]
    public async Task Node_OfAKindWithoutLists_HasNothingThatBelongsToThem(string kind, string first)
    {
        await using var local = await TestLocal.StartAsync(kind: kind);
        var page = await local.PageAsync("/");
        page.ShouldContain(first);
        foreach (var path in new[] { "/lijsten", "/werklijst", "/toekenning", "/gegevens", "/ruimere-inzage", "/werklijst/print", "/v1/lists", "/v1/files", $"/v1/rows/{Guid.NewGuid()}/proof", $"/v1/lists/{Guid.NewGuid()}/export" })
        {
            page.ShouldNotContain($"href=\"{path}\"");
            await local.PageAsync(path, HttpStatusCode.NotFound);
        }

        foreach (var path in new[] { "/toetreding", "/attesten", "/beslissingen" })
        {
            page.ShouldContain($"href=\"{path}\"");
            await local.PageAsync(path);
        }

        local.Query("SELECT DISTINCT kind FROM work").ShouldNotContain(step => step == "rows.erase" || step == "pseudonyms.destroyPast");
        local.Query("SELECT count(*) FROM work WHERE kind = 'round.publish'").ShouldBe(["1"], "a day without roots would say something");
        local.Service<NodeKeys>().Own.Select(key => key.Use).ShouldBe([KeyUse.Signing, KeyUse.Sealing], ignoreOrder: true);
    }

    [Theory]
    [InlineData("municipality")]
    [InlineData("publicCentreForWelfare")]
    [InlineData("welfareCentre")]
    [InlineData("mutualitySocialService")]
    [InlineData("referrer")]
    public void Settings_OfEachKind_AreInOrderWhenTheyFit(string kind) => ProblemsOf(kind).ShouldBeEmpty();

    [Theory]
    [InlineData("welfareCentre", "allowExport", "true", "Setting 'allowExport' is for a gemeente or an OCMW: this kind of organisation orders no lists, so leave it out.")]
    [InlineData("referrer", "importAtStart", "true", "Setting 'importAtStart' is for a gemeente or an OCMW: this kind of organisation orders no lists, so leave it out.")]
    [InlineData("mutualitySocialService", "knownFile", "\"people.csv\"", "Setting 'knownFile' is for an OCMW: this kind of organisation orders no lists, so leave it out.")]
    [InlineData("referrer", "residentsFile", "\"people.csv\"", "Setting 'residentsFile' is for a gemeente: this kind of organisation orders no lists, so leave it out.")]
    [InlineData("municipality", "knownFile", "\"people.csv\"", "Setting 'knownFile' is for an OCMW; a gemeente does not have the OCMW's clients.")]
    [InlineData("publicCentreForWelfare", "residentsFile", "\"people.csv\"", "Setting 'residentsFile' is for a gemeente.")]
    [InlineData("publicCentreForWelfare", "importAtStart", "true", "Setting 'importAtStart' needs 'knownFile'.")]
    [InlineData("welfareCentre", "nis", "[]", "Setting 'nis' is missing: the NIS codes of the municipalities in which this organisation works.")]
    [InlineData("municipality", "nis", "[]", "Setting 'nis' is missing: the NIS codes for which this organisation may order.")]
    [InlineData("referrer", "nis", "[\"4100\"]", "Setting 'nis' holds a code that is not five digits.")]
    [InlineData("welfareCentre", "nis", "[\"41002\",\"41002\"]", "Setting 'nis' names a code twice.")]
    [InlineData("hub", null, null, "Setting 'kind' must be 'municipality', 'publicCentreForWelfare', 'welfareCentre', 'mutualitySocialService' or 'referrer'.")]
    [InlineData("source", null, null, "Setting 'kind' must be 'municipality', 'publicCentreForWelfare', 'welfareCentre', 'mutualitySocialService' or 'referrer'.")]
    public void Settings_ThatDoNotFitTheKind_AreToldInOneSentence(string kind, string? setting, string? value, string sentence) =>
        ProblemsOf(kind, settings =>
        {
            if (setting is not null) settings[setting] = JsonNode.Parse(value!);
        }).ShouldBe([sentence]);

    [Theory]
    [InlineData("welfareCentre", "token", "token.jwk", "Setting 'keys.token' is for a node that compares people: this kind of organisation has no use for it, so leave it out.")]
    [InlineData("publicCentreForWelfare", "token", null, "Setting 'keys.token' is missing: without it no tokens can be made.")]
    [InlineData("referrer", "sealing", null, "Setting 'keys.sealing' is missing: without it nothing that comes sealed can be opened.")]
    public void Keys_ThatDoNotFitTheKind_AreToldInOneSentence(string kind, string key, string? file, string sentence) =>
        ProblemsOf(kind, settings => settings["keys"]![key] = file ?? "").ShouldBe([sentence]);

    [Theory]
    [InlineData("municipality", "url", "Setting 'peers[pseudonymiser].url' is missing: this node calls it.")]
    [InlineData("publicCentreForWelfare", "oprf", "Setting 'peers[pseudonymiser].oprf' is missing: its key of the epoch must be pinned.")]
    [InlineData("referrer", "witness", "Setting 'peers[pseudonymiser].witness' is missing: without that key this node cannot follow the public log.")]
    [InlineData("welfareCentre", "witness", "Setting 'peers[pseudonymiser].witness' is missing: without that key this node cannot follow the public log.")]
    public void Pseudonymiser_WithoutWhatTheKindNeedsOfIt_IsToldInOneSentence(string kind, string member, string sentence) =>
        ProblemsOf(kind, settings => settings["peers"]![1]!.AsObject().Remove(member)).ShouldBe([sentence]);

    [Theory]
    [InlineData("municipality", 1)]
    [InlineData("welfareCentre", 0)]
    public void Source_OfLists_IsNeededWhereListsAreOrdered(string kind, int count) =>
        ProblemsOf(kind, settings => settings["peers"]!.AsArray().RemoveAt(2)).Count(problem => problem.Contains("does not name the source", StringComparison.Ordinal)).ShouldBe(count);

    [Theory]
    [InlineData("welfareCentre")]
    [InlineData("referrer")]
    public void Hub_ThatIsNotNamed_StopsEveryKind(string kind) =>
        ProblemsOf(kind, settings => settings["peers"]!.AsArray().RemoveAt(0)).ShouldContain("Setting 'peers' must name exactly one hub, and names 0.");

    public void Dispose() => folder.Delete(recursive: true);

    private IReadOnlyList<string> ProblemsOf(string kind, Action<JsonObject>? change = null)
    {
        using var key = SigningKey.Generate();
        using var token = TokenKey.Generate();
        using var log = NoteSigner.Generate("bereik.example/hub/log", NoteKeyKind.Ed25519);
        using var witness = NoteSigner.Generate("bereik.example/pseudonymiser/witness", NoteKeyKind.Cosignature);
        File.WriteAllText(Path.Combine(folder.FullName, "signing.jwk"), "");
        File.WriteAllText(Path.Combine(folder.FullName, "people.csv"), "");
        var hasLists = kind is not ("welfareCentre" or "mutualitySocialService" or "referrer");
        var keys = new JsonObject { ["signing"] = "signing.jwk", ["sealing"] = "sealing.jwk" };
        if (hasLists) keys["token"] = "token.jwk";
        var settings = new JsonObject
        {
            ["organisation"] = "aalst", ["name"] = "Aalst", ["operator"] = "uitbater", ["url"] = "http://127.0.0.1:5100", ["data"] = "data", ["kind"] = kind, ["keys"] = keys,
            ["peers"] = new JsonArray(
                TestLocal.Peer("hub", "hub", key, "http://127.0.0.1:5101", peer => peer["log"] = log.Verifier.ToString()),
                TestLocal.Peer("pseudonymiser", "pseudonymiser", key, hasLists ? "http://127.0.0.1:5102" : null, peer =>
                {
                    peer["witness"] = witness.Verifier.ToString();
                    if (hasLists) peer["oprf"] = "x";
                }),
                TestLocal.Peer("opgroeien", "source", key, null, peer => peer["token"] = JsonNode.Parse(token.PublicKey.ToJwk()))),
        };
        if (kind != "referrer") settings["nis"] = new JsonArray("41002");
        change?.Invoke(settings);
        var file = Path.Combine(folder.FullName, "settings.json");
        File.WriteAllText(file, settings.ToJsonString());
        return SettingsReader.Read<LocalSettings>(file).Problems;
    }
}
