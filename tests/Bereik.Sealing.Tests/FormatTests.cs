using System.Security.Cryptography;
using System.Text;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Envelopes;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Signatures;
using Bereik.Sealing.Packages;
using Bereik.Sealing.Pseudonyms;
using Jose;
using Shouldly;
using Xunit;

namespace Bereik.Sealing.Tests;

public sealed class FormatTests
{
    [Fact]
    public void Documents_WorkedExamples_AreWhatTheCodeMakes()
    {
        static byte[] Range(int from) => [.. Enumerable.Range(from, 32).Select(i => (byte)i)];
        var pseudonyms = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "pseudonyms.md"));
        var person = PseudonymBase.Import(Convert.FromHexString("b58cfbe118e0cb94d79b5fd6a6dafb98764dff49c14e1770b566e42402da1a7da4d8527693914139caee5bd03903af43a491351d23b430948dd50cde10d32b3c"));
        using var pair = Pair.FromSecret(Range(0));
        using var tokens = new TokenMaker(pair, new Bytes32(Range(32)));
        pseudonyms.ShouldContain($"token    {tokens.Token(person).ToBase64Url()}\n");
        pseudonyms.ShouldContain($"check 5  {tokens.CheckToken(5).ToBase64Url()}\n");

        var envelope = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "envelope.md"));
        var row = Enumerable.Range(0, 8).Select(i => new Token(new Bytes32([.. Enumerable.Repeat((byte)i, 32)]))).ToArray();
        envelope.ShouldContain($"{SlotWalk.Digest(7, row, null)}\n");
        envelope.ShouldContain($"{SlotWalk.Digest(7, row, "a..b.c.d")}\n");
    }

    [Fact]
    public void SealedRecord_AnotherJoseLibrary_OpensOursAndWeOpenTheirs()
    {
        var key = RandomNumberGenerator.GetBytes(32);
        using var aes = new System.Security.Cryptography.AesGcm(key, 16);
        var exchange = Guid.NewGuid();
        var ours = SealedRecord.Seal(aes, exchange, 9, RecordKind.Record, "{}"u8, 64);
        SealedShape.FindError(ours, exchange, 9, 64).ShouldBeNull();
        SealedShape.FindError(ours, exchange, 8, 64).ShouldBe("seal.header");
        SealedShape.FindError(ours, exchange, 9, 65).ShouldBe("seal.size");
        SealedShape.FindError("{}", exchange, 9, 65).ShouldBe("seal.parts");
        var plaintext = JWT.DecodeBytes(ours, key, JweAlgorithm.DIR, JweEncryption.A256GCM);
        plaintext.Length.ShouldBe(64);
        plaintext[..7].ShouldBe([0, 0, 0, 0, 2, (byte)'{', (byte)'}']);
        var theirs = JWT.EncodeBytes(plaintext, key, JweAlgorithm.DIR, JweEncryption.A256GCM);
        Encoding.UTF8.GetString(SealedRecord.Open(aes, theirs)!.Value.Json).ShouldBe("{}");
        SealedRecord.Open(aes, ours[..^2] + "AA").ShouldBeNull();
    }

    [Fact]
    public void ContentKey_SealedToARecipient_OpensForItOnly()
    {
        using SealingKey own = SealingKey.Generate(), other = SealingKey.Generate();
        var key = RandomNumberGenerator.GetBytes(32);
        var jwe = ContentKey.Seal(key, own.PublicKey);
        ContentKeyShape.IsOne(jwe, own.Kid).ShouldBeTrue();
        ContentKey.Open(jwe, own).ShouldBe(key);
        ContentKey.Open(jwe, other).ShouldBeNull();
        ContentKey.Open("a.b.c.d.e", own).ShouldBeNull();

        // A header that is null, or no header: the library fails on it in its own way.
        foreach (var header in new[] { "null", "[]", "{}", "1", "{\"alg\":null}" }) ContentKey.Open($"{StrictBase64Url.Encode(Encoding.ASCII.GetBytes(header))}.{jwe.Split('.', 2)[1]}", own).ShouldBeNull(header);
    }

    [Fact]
    public void Order_MutatedText_NeverParsesToAnotherText()
    {
        using var key = SigningKey.Generate();
        var order = SignedDocument.Sign(OneExchange.NewOrder("unknown"), key);
        SignedDocument.Open<ListOrder>(order.Compact, key.PublicKey).IsOk.ShouldBeTrue();
        SignedDocument.Parse<Receipt>(order.Compact).Error.Code.ShouldBe("jws.header");
        var json = StrictJson.Write(order.Document);
        var random = new Random(5);
        for (var run = 0; run < 3000; run++)
        {
            var bytes = json.ToArray();
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var compact = Jws.Sign(JoseTypes.Order, bytes, key);
            if (SignedDocument.Parse<ListOrder>(compact).TryGet(out var parsed, out _)) StrictJson.Write(parsed.Document).ShouldBe(bytes);

            var text = order.Compact.ToCharArray();
            text[random.Next(text.Length)] = (char)random.Next(32, 127);
            var changed = new string(text);
            if (changed != order.Compact) SignedDocument.Open<ListOrder>(changed, key.PublicKey).IsOk.ShouldBeFalse();
        }

        SignedDocument.Parse<ListOrder>(Jws.Sign(JoseTypes.Order, [.. json, (byte)' '], key)).Error.Code.ShouldBe("document.notCanonical");
    }

    [Fact]
    public void Jwk_WrongKeys_Refused()
    {
        using var key = SigningKey.Generate();
        SigningKey.FromJwk(key.ExportJwk()).Value.Kid.ShouldBe(key.Kid);
        SigningPublicKey.FromJwk(key.PublicKey.ToJwk()).Value.ShouldBe(key.PublicKey);
        SigningPublicKey.FromJwk(key.ExportJwk()).Error.Code.ShouldBe("jwk.private");
        SealingPublicKey.FromJwk(key.PublicKey.ToJwk()).Error.Code.ShouldBe("jwk.use");
        SigningPublicKey.FromJwk(key.PublicKey.ToJwk().Replace("P-256", "P-384", StringComparison.Ordinal)).Error.Code.ShouldBe("jwk.type");
        SigningPublicKey.FromJwk($$"""{"kty":"EC","crv":"P-256","x":"{{Bytes32.Random()}}","y":"{{Bytes32.Random()}}"}""").Error.Code.ShouldBe("jwk.point");
        SigningPublicKey.FromJwk("{").Error.Code.ShouldBe("jwk.json");
        key.ToString().ShouldBe(key.Kid);
    }

    [Fact]
    public void Requests_SignedAndReadBack_BindBodyAndReceiver()
    {
        using var key = SigningKey.Generate();
        var claims = RequestClaims.For("opgroeien", "hub", OneExchange.Now, "POST", "/v1/x", "body"u8);
        var read = SignedDocument.Open<RequestClaims>(SignedDocument.Sign(claims, key).Compact, key.PublicKey).Value.Document;
        read.ShouldBe(claims);
        read.FindMismatch("hub", "POST", "/v1/x", OneExchange.Now).ShouldBeNull();
        read.FindMismatch("hub", "POST", "/v1/x", OneExchange.Now.AddSeconds(70))!.Code.ShouldBe("request.expired");
        read.FindMismatch("other", "POST", "/v1/x", OneExchange.Now)!.Code.ShouldBe("request.audience");
        var detached = DetachedSignature.Parse(DetachedSignature.Sign("body"u8, "pseudonymiser", OneExchange.Now, key).ToString()).Value;
        detached.IsSignedBy(key.PublicKey, "body"u8).ShouldBeTrue();
        detached.IsSignedBy(key.PublicKey, "other"u8).ShouldBeFalse();
    }

    [Fact]
    public async Task TokenSet_WrittenAndRead_IsPaddedToTheBand()
    {
        using var stream = new MemoryStream();
        var token = Token.Random();
        await TokenSet.WriteAsync(stream, token, [token, token], 100, CancellationToken.None);
        stream.Position = 0;
        var reader = new TokenSetReader(stream);
        (await reader.ReadAgreementAsync(CancellationToken.None)).Token.ShouldBe(token);
        var read = new HashSet<Token>();
        while (await reader.ReadTokenAsync(CancellationToken.None) is { } line) read.Add(line.Token);
        read.Count.ShouldBe(100);
        read.ShouldContain(token);
    }
}
