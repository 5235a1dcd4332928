using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bereik.Cli.Network;

/// <summary>
/// A passkey in memory (nl: sleutel), for the demo and tests: it answers as an authenticator does (W3C Web Authentication level 2, ES256, no attestation). It asks nobody
/// for a fingerprint, and is no second factor for people.
/// </summary>
internal sealed class SoftPasskey(Uri site)
{
    private const byte PresentAndVerified = 0x05;
    private const byte WithKey = 0x40;
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] id = RandomNumberGenerator.GetBytes(32);
    private byte[] owner = [];
    private uint uses;

    // What a browser sends back when it made a new key; section 7.1.
    public string Enrol(string question)
    {
        var asked = JsonNode.Parse(question)!;
        owner = Base64Url.DecodeFromChars((string)asked["user"]!["id"]!);
        var data = Data((string)asked["rp"]!["id"]!, PresentAndVerified | WithKey, [.. new byte[16], 0, (byte)id.Length, .. id, .. PublicKey()]);

        // CBOR: {"fmt": "none", "attStmt": {}, "authData": bytes}.
        byte[] attestation = [0xA3, 0x63, .. "fmt"u8, 0x64, .. "none"u8, 0x67, .. "attStmt"u8, 0xA0, 0x68, .. "authData"u8, 0x58, (byte)data.Length, .. data];
        return Answer(new JsonObject { ["clientDataJSON"] = Text(Client("webauthn.create", asked)), ["attestationObject"] = Text(attestation), ["transports"] = new JsonArray("internal") });
    }

    // What a browser sends back when an existing key was shown; section 7.2.
    public string Answer(string question)
    {
        var asked = JsonNode.Parse(question)!;
        var data = Data((string)asked["rpId"]!, PresentAndVerified, []);
        var client = Client("webauthn.get", asked);
        var signature = key.SignData([.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Answer(new JsonObject { ["clientDataJSON"] = Text(client), ["authenticatorData"] = Text(data), ["signature"] = Text(signature), ["userHandle"] = Text(owner) });
    }

    private string Answer(JsonObject response) => new JsonObject
    {
        ["id"] = Text(id), ["rawId"] = Text(id), ["type"] = "public-key", ["response"] = response, ["clientExtensionResults"] = new JsonObject(),
    }.ToJsonString();

    private byte[] Client(string type, JsonNode asked) =>
        JsonSerializer.SerializeToUtf8Bytes(new { type, challenge = (string)asked["challenge"]!, origin = site.GetLeftPart(UriPartial.Authority), crossOrigin = false });

    private byte[] Data(string site, byte flags, byte[] more)
    {
        var counter = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(counter, ++uses);
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(site)), flags, .. counter, .. more];
    }

    // COSE: {1: 2, 3: -7, -1: 1, -2: x, -3: y}.
    private byte[] PublicKey()
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20, .. point.X!, 0x22, 0x58, 0x20, .. point.Y!];
    }

    private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
