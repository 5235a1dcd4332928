using System.Text.Json.Nodes;
using Bereik.Node.Configuration;
using Shouldly;
using Xunit;

namespace Bereik.Node.Tests.Foundation;

// A wrong or missing setting stops the node with a sentence that names it.
public sealed class SettingsTests
{
    private readonly string folder = SmallNode.NewFolder();

    [Fact]
    public void Settings_AsTheyShould_AreRead()
    {
        var (settings, problems) = Read(SmallNode.SettingsIn(folder).ToJsonString());
        problems.ShouldBeEmpty();
        settings!.Id.Value.ShouldBe("ocmw-aalst");
        settings.DataFolder.ShouldBe(Path.Combine(folder, "data"));
        settings.PollSeconds.ShouldBe(5);
    }

    [Theory]
    [InlineData("organisation", null, "Setting 'organisation' must be 2 to 40 characters of a-z, 0-9 and '-'.")]
    [InlineData("organisation", "\"OCMW Aalst\"", "Setting 'organisation' must be 2 to 40 characters of a-z, 0-9 and '-'.")]
    [InlineData("name", "\" \"", "Setting 'name' is missing.")]
    [InlineData("operator", null, "Setting 'operator' is missing: every party names who runs it.")]
    [InlineData("data", null, "Setting 'data' is missing: the node needs its own folder.")]
    [InlineData("url", "\"http://127.0.0.1:5100/x\"", "Setting 'url' must be an address without a path.")]
    [InlineData("url", "\"ftp://127.0.0.1\"", "Setting 'url' must be an address such as http://127.0.0.1:5100.")]
    [InlineData("pollSeconds", "0.01", "Setting 'pollSeconds' must lie between 0.05 and 3600.")]
    [InlineData("keys.signing", null, "Setting 'keys.signing' is missing: the node cannot sign its requests.")]
    [InlineData("keys.signing", "\"elsewhere.jwk\"", "Setting 'keys.signing' names a file that does not exist.")]
    [InlineData("publicUrl", "\"http://192.0.2.7\"", "Setting 'publicUrl' must be https, unless it is of this machine.")]
    [InlineData("signIn.authority", null, "Setting 'signIn.authority' must be the address of an OpenID Connect provider.")]
    [InlineData("signIn.authority", "\"http://192.0.2.7\"", "Setting 'signIn.authority' must be https: a login in clear text is for demo and tests.")]
    [InlineData("signIn.clientId", null, "Setting 'signIn.clientId' is missing.")]
    [InlineData("signIn.clientSecret", null, "Setting 'signIn' needs one of 'clientKey' and 'clientSecret': files, mode 600.")]
    [InlineData("signIn.clientSecret", "\"elsewhere\"", "Setting 'signIn.clientSecret' names a file that does not exist.")]
    [InlineData("signIn.organisationCodes", null, "Setting 'signIn.organisationCodes' is missing: the codes under which the login knows this organisation.")]
    [InlineData("signIn.roleWords", "{\"boss\": \"king\"}", "Setting 'signIn.roleWords' leads to 'king', which is no role.")]
    [InlineData("peers.0.id", "\"H\"", "Setting 'peers[0].id' must be 2 to 40 characters of a-z, 0-9 and '-'.")]
    [InlineData("peers.0.id", "\"ocmw-aalst\"", "Setting 'peers[0].id' is this node itself.")]
    [InlineData("peers.0.operator", null, "Setting 'peers[0].operator' is missing.")]
    [InlineData("peers.0.signing", null, "Setting 'peers[0].signing' is missing: a peer without a pinned key cannot be trusted.")]
    [InlineData("peers.0.url", "\"http://192.0.2.7\"", "Setting 'peers[0].url' must be https, unless it is of this machine.")]
    [InlineData("peers.0", "null", "Setting 'peers[0]' is null.")]
    [InlineData("keys.signing", "\"keys/\\u0000.jwk\"", "Setting 'keys.signing' holds a control character.")]
    [InlineData("data", "\"a\\nb\"", "Setting 'data' holds a control character.")]
    [InlineData("peers.0.sealing", "{\"kty\":\"EC\",\"d\":\"geheim\"}", "Setting 'peers[0].sealing' holds a private key. Only its owner may have it, in a file of its own: make a new one.")]
    [InlineData("colour", "\"blue\"", "The settings file 'settings.json' cannot be read at line 1, at setting 'colour': it is unknown, twice there or of the wrong kind.")]
    [InlineData("pollSeconds", "\"often\"", "The settings file 'settings.json' cannot be read at line 1, at setting 'pollSeconds': it is unknown, twice there or of the wrong kind.")]
    [InlineData("peers.0.kind", "\"wizard\"", "The settings file 'settings.json' cannot be read at line 1, at setting 'peers[0].kind': it is unknown, twice there or of the wrong kind.")]
    [InlineData("name", "null", "The settings file 'settings.json' cannot be read at line 1, at setting 'name': it is unknown, twice there or of the wrong kind.")]
    public void Setting_WrongOrMissing_IsNamedInOneSentence(string setting, string? json, string sentence)
    {
        var settings = SmallNode.SettingsIn(folder);
        Set(settings, setting.Split('.'), json);
        Refused(settings.ToJsonString()).ShouldBe([sentence]);
    }

    [Fact]
    public void Text_OfHalfASurrogatePair_IsRefused() =>
        Refused(SmallNode.SettingsIn(folder).ToJsonString().Replace("\"OCMW Aalst\"", "\"\\ud800\"", StringComparison.Ordinal)).ShouldBe(["The settings file 'settings.json' cannot be read: one of its texts is none."]);

    [Fact]
    public void Settings_WithManyFaults_AreToldAllOfThem()
    {
        var settings = SmallNode.SettingsIn(folder);
        settings["name"] = "";
        settings["url"] = "http://0.0.0.0:5100";
        settings["crashAt"] = "*";
        settings["allowSyntheticNumbers"] = false;
        settings["signIn"]!["authority"] = "http://127.0.0.1:1";
        settings["peers"]!.AsArray().Add(settings["peers"]![0]!.DeepClone());
        Refused(settings.ToJsonString()).ShouldBe(
        [
            "Setting 'name' is missing.",
            "Setting 'url' must be a loopback address: a node answers to its own machine, and a proxy with TLS stands before it.",
            "Setting 'crashAt' is for tests and needs 'allowSyntheticNumbers'.",
            "Setting 'signIn.authority' must be https: a login in clear text is for demo and tests.",
            "Setting 'peers' names 'hub' twice.",
        ]);
    }

    [Fact]
    public void SyntheticNumbers_OffTheOwnMachine_AreRefused()
    {
        var settings = SmallNode.SettingsIn(folder);
        settings["url"] = "http://192.0.2.7:5100";
        Refused(settings.ToJsonString()).ShouldContain("Setting 'allowSyntheticNumbers' needs a loopback 'url': synthetic numbers are for demo and tests.");
    }

    [Theory]
    [InlineData("{\n  \"name\": }", "The settings file 'settings.json' cannot be read at line 2, where it is not JSON.")]
    [InlineData("{ \"name\": \"a\",\n  \"name\": \"b\" }", "The settings file 'settings.json' cannot be read at line 2, at setting 'name': it is unknown, twice there or of the wrong kind.")]
    [InlineData("", "The settings file 'settings.json' cannot be read at line 1, where it is not JSON.")]
    [InlineData("null", "The settings file 'settings.json' is empty.")]
    public void File_ThatIsNotOneJsonObject_IsToldWhere(string text, string sentence) => Refused(text).ShouldBe([sentence]);

    [Fact]
    public void File_ThatIsNotThere_IsNamedWithoutItsFolder() =>
        SettingsReader.Read<SmallSettings>(Path.Combine(folder, "elsewhere.json")).Problems.ShouldBe(["The settings file 'elsewhere.json' does not exist."]);

    private SettingsResult<SmallSettings> Read(string text)
    {
        var file = Path.Combine(folder, "settings.json");
        File.WriteAllText(file, text);
        return SettingsReader.Read<SmallSettings>(file);
    }

    private IReadOnlyList<string> Refused(string text)
    {
        var (settings, problems) = Read(text);
        settings.ShouldBeNull();
        return problems;
    }

    private static void Set(JsonNode at, string[] path, string? json)
    {
        foreach (var step in path[..^1]) at = int.TryParse(step, out var index) ? at[index]! : at[step]!;
        if (at is JsonArray array) array[int.Parse(path[^1], System.Globalization.CultureInfo.InvariantCulture)] = JsonNode.Parse(json!);
        else if (json is null) at.AsObject().Remove(path[^1]);
        else at[path[^1]] = JsonNode.Parse(json);
    }
}
