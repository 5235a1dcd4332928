using System.Text.Json.Nodes;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Log;
using Bereik.Exchange.Signatures;

namespace Bereik.Source.Tests;

// An organisation of the tests with its keys.
internal sealed class Party(string id, string kind)
{
    public string Id { get; } = id;

    public string Kind { get; } = kind;

    public string Operator { get; init; } = $"uitbater-{id}";

    public SigningKey Signing { get; } = SigningKey.Generate();

    public SealingKey Sealing { get; } = SealingKey.Generate();

    public TokenKey Token { get; } = TokenKey.Generate();

    // What it states of its keys in the public log, the signing key first.
    public IReadOnlyList<string> Statements(DateTimeOffset at)
    {
        var statements = new List<string> { State(KeyUse.Signing, Signing.Kid, Signing.PublicKey.ToJwk()) };
        if (Kind is "municipality" or "publicCentreForWelfare") statements.AddRange([State(KeyUse.Sealing, Sealing.PublicKey.Kid, Sealing.PublicKey.ToJwk()), State(KeyUse.Token, Token.PublicKey.Kid, Token.PublicKey.ToJwk())]);
        return statements;

        string State(KeyUse use, string kid, string key) => SignedDocument.Sign(new KeyStatement { Organisation = Id, Use = use, Kid = kid, Key = key, At = at }, Signing).Compact;
    }

    public JsonObject AsPeer(string? url = null, string? oprf = null, string? log = null, string? witness = null)
    {
        var peer = new JsonObject { ["id"] = Id, ["name"] = $"Naam van {Id}", ["kind"] = Kind, ["operator"] = Operator, ["signing"] = JsonNode.Parse(Signing.PublicKey.ToJwk()) };
        if (url is not null) peer["url"] = url;
        if (oprf is not null) peer["oprf"] = oprf;
        if (log is not null) peer["log"] = log;
        if (witness is not null) peer["witness"] = witness;
        if (Kind is not ("municipality" or "publicCentreForWelfare")) return peer;
        peer["nis"] = new JsonArray("41002");
        peer["sealing"] = JsonNode.Parse(Sealing.PublicKey.ToJwk());
        peer["token"] = JsonNode.Parse(Token.PublicKey.ToJwk());
        return peer;
    }
}
