using System.Text.Json.Nodes;
using Bereik.Exchange.Keys;

namespace Bereik.Hub.Tests;

// An organisation of the tests with its keys.
internal sealed class Party(string id, string kind) : IDisposable
{
    public string Id { get; } = id;

    public string Kind { get; } = kind;

    public string Operator { get; init; } = $"uitbater-{id}";

    public string[] Nis { get; init; } = [];

    public SigningKey Signing { get; } = SigningKey.Generate();

    public SealingKey Sealing { get; } = SealingKey.Generate();

    public JsonObject AsPeer()
    {
        var peer = new JsonObject { ["id"] = Id, ["name"] = Id, ["kind"] = Kind, ["operator"] = Operator, ["signing"] = JsonNode.Parse(Signing.PublicKey.ToJwk()) };
        if (Nis.Length == 0) return peer;
        peer["nis"] = new JsonArray([.. Nis.Select(code => (JsonNode)code)]);
        peer["sealing"] = JsonNode.Parse(Sealing.PublicKey.ToJwk());
        return peer;
    }

    public void Dispose()
    {
        Signing.Dispose();
        Sealing.Dispose();
    }
}
