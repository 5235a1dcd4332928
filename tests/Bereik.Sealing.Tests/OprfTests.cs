using System.Text.Json;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Oprf;
using Bereik.Sealing.Persons;
using Bereik.Sealing.Pseudonyms;
using Shouldly;
using Xunit;

namespace Bereik.Sealing.Tests;

public sealed class OprfTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Voprf_Rfc9497Vector_GivesEveryValue(int index)
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors", "rfc9497-ristretto255-sha512.json")));
        var suite = file.RootElement[1];
        var vector = suite.GetProperty("vectors")[index];
        byte[] Get(string name) => Convert.FromHexString(vector.GetProperty(name).GetString()!.Replace(",", "", StringComparison.Ordinal));
        var inputs = vector.GetProperty("Input").GetString()!.Split(',').Select(Convert.FromHexString).ToArray();
        using var server = OprfServer.Import(Convert.FromHexString(suite.GetProperty("skSm").GetString()!)).Value;
        server.PublicKey.ToArray().ShouldBe(Convert.FromHexString(suite.GetProperty("pkSm").GetString()!));

        var blinds = Get("Blind");
        var blinded = new byte[32 * inputs.Length];
        for (var i = 0; i < inputs.Length; i++) OprfClient.BlindWith(inputs[i], blinds.AsSpan(32 * i, 32), blinded.AsSpan(32 * i, 32));
        blinded.ShouldBe(Get("BlindedElement"));
        var proof = vector.GetProperty("Proof");
        var evaluation = server.Evaluate(blinded, Convert.FromHexString(proof.GetProperty("r").GetString()!)).Value;
        evaluation.Evaluated.ShouldBe(Get("EvaluationElement"));
        evaluation.Proof.ShouldBe(Convert.FromHexString(proof.GetProperty("proof").GetString()!));
        OprfClient.Verify(server.PublicKey, blinded, evaluation.Evaluated, evaluation.Proof).ShouldBeTrue();
        OprfClient.InvertBlinds(blinds);
        var outputs = new byte[64 * inputs.Length];
        for (var i = 0; i < inputs.Length; i++) OprfClient.TryFinalize(inputs[i], blinds.AsSpan(32 * i, 32), evaluation.Evaluated.AsSpan(32 * i, 32), outputs.AsSpan(64 * i, 64)).ShouldBeTrue();
        outputs.ShouldBe(Get("Output"));
    }

    [Fact]
    public void Evaluate_IdentityOrNonCanonical_Refused()
    {
        using var server = OprfServer.Generate();
        var nonCanonical = Enumerable.Repeat((byte)0xff, 32).ToArray();
        server.Evaluate(new byte[32]).Error.Code.ShouldBe("oprf.point");
        server.Evaluate(nonCanonical).Error.Code.ShouldBe("oprf.point");
        server.Evaluate([]).Error.Code.ShouldBe("oprf.batch");
        OprfClient.IsElement(nonCanonical).ShouldBeFalse();
        OprfClient.IsElement(new byte[32]).ShouldBeFalse();
        OprfServer.Import(new byte[32]).IsOk.ShouldBeFalse();
        OprfServer.Import(Convert.FromHexString("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")).IsOk.ShouldBeFalse();
        OprfServer.Import(Convert.FromHexString("ecd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")).IsOk.ShouldBeTrue();
    }

    [Fact]
    public void Verify_AnyBitFlipped_Refused()
    {
        using var server = OprfServer.Generate();
        using var batch = BlindedBatch.OfAgreement();
        var blinded = batch.Request.Blinded[..64];
        var answer = server.Evaluate(blinded).Value;
        for (var bit = 0; bit < 512; bit += 7)
        {
            var proof = answer.Proof.ToArray();
            proof[bit / 8] ^= (byte)(1 << bit % 8);
            OprfClient.Verify(server.PublicKey, blinded, answer.Evaluated, proof).ShouldBeFalse();
            var evaluated = answer.Evaluated.ToArray();
            evaluated[bit / 8] ^= (byte)(1 << bit % 8);
            OprfClient.Verify(server.PublicKey, blinded, evaluated, answer.Proof).ShouldBeFalse();
        }
    }

    [Fact]
    public void Batch_AnyNumber_PaddedTo256AndAnswered()
    {
        using var server = OprfServer.Generate();
        using var other = OprfServer.Generate();
        Insz[] numbers = [Insz.Parse("84630946812", InszRules.WithSynthetic), Insz.Parse("20620515960", InszRules.WithSynthetic)];
        using var batch = BlindedBatch.Of(numbers);
        batch.Request.Count.ShouldBe(256);
        var request = EvaluateRequest.Parse(batch.Request.ToJson()).Value;
        request.Blinded.ShouldBe(batch.Request.Blinded);
        EvaluateResponse Answer(OprfServer by, string epoch)
        {
            var done = by.Evaluate(request.Blinded).Value;
            return EvaluateResponse.Parse(new EvaluateResponse(done.Evaluated, done.Proof, by.PublicKey.ToArray(), epoch).ToJson()).Value;
        }

        batch.Finish(Answer(server, "2026Q3"), server.PublicKey, "2026Q4").Error.Code.ShouldBe("evaluate.epoch");
        batch.Finish(Answer(other, "2026Q4"), server.PublicKey, "2026Q4").Error.Code.ShouldBe("evaluate.publicKey");
        batch.Finish(Answer(other, "2026Q4") with { PublicKey = server.PublicKey.ToArray() }, server.PublicKey, "2026Q4").Error.Code.ShouldBe("evaluate.proof");
        var bases = batch.Finish(Answer(server, "2026Q4"), server.PublicKey, "2026Q4").Value;
        using var again = BlindedBatch.Of([numbers[1]]);
        var second = server.Evaluate(again.Request.Blinded).Value;
        again.Finish(new EvaluateResponse(second.Evaluated, second.Proof, server.PublicKey.ToArray(), "2026Q4"), server.PublicKey, "2026Q4").Value[0].Export().ShouldBe(bases[1].Export());
        bases[0].ToString().ShouldBe("base");
    }

    [Theory]
    [InlineData("""{"blinded":[]}""", "evaluate.batch")]
    [InlineData("""{"blinded":["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]}""", "evaluate.point")]
    [InlineData("""{"blinded":[null]}""", "evaluate.point")]
    [InlineData("""{"blinded":[],"x":1}""", "evaluate.json")]
    [InlineData("""{"blinded":[],"blinded":[]}""", "evaluate.json")]
    [InlineData("nonsense", "evaluate.json")]
    public void EvaluateRequest_Malformed_GivesCode(string json, string code) =>
        EvaluateRequest.Parse(System.Text.Encoding.UTF8.GetBytes(json)).Error.Code.ShouldBe(code);
}
