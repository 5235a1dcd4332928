using System.Text.Json.Nodes;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Log;
using Bereik.Exchange.Signatures;
using Bereik.Ledger;

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

    // Where it listens. Nobody does there: a witness that is silent.
    public string Url { get; init; } = "http://127.0.0.1:1";

    // The hub signs its log's checkpoints with it, the pseudonymiser cosigns them; others have none.
    public NoteSigner? Note { get; } = kind switch
    {
        "hub" => NoteSigner.Generate($"{id}.test/log", NoteKeyKind.Ed25519),
        "pseudonymiser" => NoteSigner.Generate($"{id}.test/witness", NoteKeyKind.Cosignature),
        _ => null,
    };

    // Its first key, as its node states it for the log when it starts.
    public string Statement(DateTimeOffset at) => SignedDocument.Sign(
        new KeyStatement { Organisation = Id, Use = KeyUse.Signing, Kid = Signing.Kid, Key = Signing.PublicKey.ToJwk(), At = DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds()) }, Signing).Compact;

    public JsonObject AsPeer()
    {
        var peer = new JsonObject { ["id"] = Id, ["name"] = Id, ["kind"] = Kind, ["operator"] = Operator, ["signing"] = JsonNode.Parse(Signing.PublicKey.ToJwk()) };
        if (Note is not null)
        {
            peer["url"] = Url;
            peer[Kind == "hub" ? "log" : "witness"] = Note.Verifier.ToString();
        }

        if (Nis.Length == 0) return peer;
        peer["nis"] = new JsonArray([.. Nis.Select(code => (JsonNode)code)]);
        peer["sealing"] = JsonNode.Parse(Sealing.PublicKey.ToJwk());
        return peer;
    }

    public void Dispose()
    {
        Signing.Dispose();
        Sealing.Dispose();
        Note?.Dispose();
    }
}
