using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Oprf;
using Bereik.Ledger;

namespace Bereik.Cli.Network;

/// <summary>
/// Writes what each node of a plan needs before its first start: its private keys (mode 600) and its settings, in which the public
/// keys of the others are pinned. In a real network every party makes its own keys and confirms the others' by hand.
/// </summary>
public static class NetworkFiles
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Writes keys and settings of every node.</summary>
    /// <param name="plan">The network.</param>
    /// <param name="pollSeconds">Seconds between two looks at the hub.</param>
    /// <exception cref="IOException">A key file exists already: keys are never overwritten.</exception>
    public static void Write(NetworkPlan plan, double pollSeconds = 0.5)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var pinned = plan.Nodes.ToDictionary(node => node.Id, node => MakeKeys(plan, node));
        var secrets = plan.Nodes.Where(node => node.People.Count > 0).ToDictionary(node => node.Id, node => MakeSecret(plan, node));
        Directory.CreateDirectory(plan.FolderOf(NetworkPlan.LoginId));
        KeyFile.WriteNew(SettingsFile(plan, NetworkPlan.LoginId), LoginSettings(plan, secrets).ToJsonString(Indented));
        foreach (var node in plan.Nodes)
        {
            File.WriteAllText(SettingsFile(plan, node.Id), Settings(plan, node, pinned, pollSeconds).ToJsonString(Indented));
        }
    }

    /// <summary>The settings file of a node.</summary>
    /// <param name="plan">The network.</param>
    /// <param name="node">Organisation id.</param>
    public static string SettingsFile(NetworkPlan plan, string node)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Path.Combine(plan.FolderOf(node), "settings.json");
    }

    private static PublicKeys MakeKeys(NetworkPlan plan, PlannedNode node)
    {
        var folder = Path.Combine(plan.FolderOf(node.Id), "keys");
        Directory.CreateDirectory(folder);
        using var signing = SigningKey.Generate();
        KeyFile.WriteNew(Path.Combine(folder, "signing.jwk"), signing.ExportJwk());
        var keys = new PublicKeys(signing.PublicKey.ToJwk());
        if (node.IsLocal || node.Kind == OrganisationKind.Source)
        {
            using var sealing = SealingKey.Generate();
            KeyFile.WriteNew(Path.Combine(folder, "sealing.jwk"), sealing.ExportJwk());
            keys = keys with { Sealing = sealing.PublicKey.ToJwk() };
        }

        if (node.OrdersLists || node.Kind == OrganisationKind.Source)
        {
            using var token = TokenKey.Generate();
            KeyFile.WriteNew(Path.Combine(folder, "token.jwk"), token.ExportJwk());
            keys = keys with { Token = token.PublicKey.ToJwk() };
        }

        if (node.Kind == OrganisationKind.Pseudonymiser)
        {
            using var oprf = OprfServer.Generate();
            var scalar = oprf.ExportPrivateKey();
            KeyFile.WriteNew(Path.Combine(folder, "oprf.json"), JsonSerializer.Serialize(new { epoch = plan.Epoch.ToString(), key = StrictBase64Url.Encode(scalar) }));
            CryptographicOperations.ZeroMemory(scalar);
            keys = keys with { Oprf = StrictBase64Url.Encode(oprf.PublicKey) };
        }

        // The log's origin is a name, not an address that must answer.
        if (node.Kind == OrganisationKind.Hub) keys = keys with { Log = WriteNoteKey(folder, "log.key", $"bereik.example/{node.Id}/log", NoteKeyKind.Ed25519) };
        if (node.Kind == OrganisationKind.Pseudonymiser) keys = keys with { Witness = WriteNoteKey(folder, "witness.key", $"bereik.example/{node.Id}/witness", NoteKeyKind.Cosignature) };
        return keys;
    }

    private static string MakeSecret(NetworkPlan plan, PlannedNode node)
    {
        var secret = Bytes32.Random().ToString();
        KeyFile.WriteNew(Path.Combine(plan.FolderOf(node.Id), "keys", "login-secret"), secret);
        return secret;
    }

    private static string WriteNoteKey(string folder, string file, string name, NoteKeyKind kind)
    {
        using var key = NoteSigner.Generate(name, kind);
        KeyFile.WriteNew(Path.Combine(folder, file), key.Export());
        return key.Verifier.ToString();
    }

    private static JsonObject Settings(NetworkPlan plan, PlannedNode node, Dictionary<string, PublicKeys> pinned, double pollSeconds)
    {
        var own = pinned[node.Id];
        var keys = new JsonObject { ["signing"] = "keys/signing.jwk" };
        if (own.Sealing is not null) keys["sealing"] = "keys/sealing.jwk";
        if (own.Token is not null) keys["token"] = "keys/token.jwk";
        if (own.Oprf is not null) keys["oprf"] = "keys/oprf.json";
        if (own.Log is not null) keys["log"] = "keys/log.key";
        if (own.Witness is not null) keys["witness"] = "keys/witness.key";
        var settings = new JsonObject
        {
            ["organisation"] = node.Id,
            ["name"] = node.Name,
            ["operator"] = node.Operator,
            ["url"] = node.Url,
            ["data"] = "data",
            ["allowSyntheticNumbers"] = true,
            ["stopWhenInputCloses"] = true,
            ["pollSeconds"] = pollSeconds,
            ["keys"] = keys,
            ["peers"] = new JsonArray([.. plan.Nodes.Where(peer => peer.Id != node.Id).Select(peer => (JsonNode)Peer(node, peer, pinned[peer.Id]))]),
        };
        if (node.People.Count > 0) (settings["publicUrl"], settings["signIn"]) = (node.PublicUrl, SignInOf(plan, node));
        foreach (var (name, value) in node.Settings) settings[name] = JsonSerializer.SerializeToNode(value);
        return settings;
    }

    private static JsonObject SignInOf(NetworkPlan plan, PlannedNode node) => new()
    {
        ["authority"] = plan.LoginUrl,
        ["clientId"] = node.Id,
        ["clientSecret"] = "keys/login-secret",
        ["organisationCodes"] = new JsonArray(node.LoginCode),
    };

    // What the login is told of the nodes that people sign in to, and of the people.
    private static JsonObject LoginSettings(NetworkPlan plan, Dictionary<string, string> secrets)
    {
        var nodes = plan.Nodes.Where(node => node.People.Count > 0).ToList();
        return new JsonObject
        {
            ["url"] = plan.LoginUrl,
            ["stopWhenInputCloses"] = true,
            ["clients"] = new JsonArray([.. nodes.Select(node => (JsonNode)new JsonObject
            {
                ["id"] = node.Id, ["secret"] = secrets[node.Id], ["redirect"] = $"{node.PublicUrl}/aanmelden/antwoord", ["signedOut"] = $"{node.PublicUrl}/afgemeld/terug",
                ["organisationCode"] = node.LoginCode, ["organisationName"] = node.Name,
            })]),
            ["people"] = new JsonArray([.. nodes.SelectMany(node => node.People.Select((person, index) => (JsonNode)new JsonObject
            {
                ["id"] = person.Id, ["givenName"] = person.GivenName, ["familyName"] = person.FamilyName, ["organisationCode"] = node.LoginCode, ["rrn"] = TestPeople.NumberOf(index),
                ["roles"] = new JsonArray([.. person.Roles.Select(role => (JsonNode)role)]),
            }))]),
        };
    }

    private static JsonObject Peer(PlannedNode node, PlannedNode peer, PublicKeys keys)
    {
        var pin = new JsonObject
        {
            ["id"] = peer.Id,
            ["name"] = peer.Name,
            ["kind"] = JsonNamingPolicy.CamelCase.ConvertName(peer.Kind.ToString()),
            ["operator"] = peer.Operator,
            ["signing"] = JsonNode.Parse(keys.Signing),
        };

        // Edges call hub and pseudonymiser, never each other; a node without lists has nothing to ask of the pseudonymiser, and knows it as the witness of the log.
        var isCalled = peer.Kind == OrganisationKind.Hub || (peer.Kind == OrganisationKind.Pseudonymiser && (!node.IsLocal || node.OrdersLists));
        if (isCalled) pin["url"] = peer.Url;
        if (peer.Nis.Count > 0) pin["nis"] = new JsonArray([.. peer.Nis.Select(nis => (JsonNode)nis)]);
        if (keys.Sealing is not null) pin["sealing"] = JsonNode.Parse(keys.Sealing);
        if (keys.Token is not null) pin["token"] = JsonNode.Parse(keys.Token);
        if (keys.Oprf is not null && isCalled) pin["oprf"] = keys.Oprf;
        if (keys.Log is not null) pin["log"] = keys.Log;
        if (keys.Witness is not null) pin["witness"] = keys.Witness;
        return pin;
    }

    private sealed record PublicKeys(string Signing, string? Sealing = null, string? Token = null, string? Oprf = null, string? Log = null, string? Witness = null);
}
