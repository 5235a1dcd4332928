using System.Net;
using System.Text.Json.Nodes;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Oprf;
using Bereik.Exchange.Signatures;
using Bereik.Pseudonymiser;
using Microsoft.Data.Sqlite;
using Shouldly;
using Xunit;

namespace Bereik.Hub.Tests;

public sealed class PseudonymiserTests
{
    private static readonly DateTimeOffset Start = TestPseudonymiser.Start;

    [Theory]
    [InlineData(1)]
    [InlineData(256)]
    [InlineData(EvaluateRequest.MaxBatch)]
    public async Task Evaluate_SignedBatch_IsEvaluatedWithAProof(int points)
    {
        await using var service = await TestPseudonymiser.StartAsync();
        var blinded = Points(points);
        var answer = await service.EvaluateAsync(new EvaluateRequest(blinded).ToJson());
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var response = EvaluateResponse.Parse(await answer.Content.ReadAsByteArrayAsync()).Value;
        response.Epoch.ShouldBe("2026Q4");
        OprfClient.Verify(response.PublicKey, blinded, response.Evaluated, response.Proof).ShouldBeTrue();
        var key = await (await service.Node.SendAsync(HttpMethod.Get, "/v1/key", null, null)).JsonAsync();
        ((string?)key["publicKey"]).ShouldBe(StrictBase64Url.Encode(response.PublicKey));
        service.Evaluations().ShouldBe([$"opgroeien {points}"]);
    }

    [Fact]
    public async Task Evaluate_NotSignedAsAgreed_IsRefused()
    {
        await using var service = await TestPseudonymiser.StartAsync();
        var body = new EvaluateRequest(Points(2)).ToJson();
        var now = service.Node.Clock.GetUtcNow();
        string Sign(string audience = "pseudonymiser", DateTimeOffset? at = null, Party? party = null) =>
            DetachedSignature.Sign(body, audience, at ?? now, (party ?? service.Source).Signing).ToString();
        async Task<string?> CauseAsync(string? signature, byte[]? sent = null)
        {
            var answer = await service.Node.SendAsync(HttpMethod.Post, "/v1/evaluate", sent ?? body, null, signature);
            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            return await answer.CauseAsync();
        }

        (await CauseAsync(null)).ShouldBe("request.unsigned");
        (await CauseAsync("x")).ShouldBe("jws.parts");
        (await CauseAsync(Sign("hub"))).ShouldBe("request.audience");
        (await CauseAsync(Sign(at: now.AddSeconds(-70)))).ShouldBe("request.expired");
        (await CauseAsync(Sign(at: now.AddSeconds(30)))).ShouldBe("request.early");
        (await CauseAsync(Sign(party: service.Stranger))).ShouldBe("request.signer");
        (await CauseAsync(Sign(), new EvaluateRequest(Points(2)).ToJson())).ShouldBe("jws.signature");
        var once = Sign();
        (await service.Node.SendAsync(HttpMethod.Post, "/v1/evaluate", body, null, once)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await CauseAsync(once)).ShouldBe("request.replayed");
        (await service.Node.SendAsync(HttpMethod.Post, "/v1/evaluate", body, null, Sign(party: service.Hub))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        service.Evaluations().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Evaluate_PointsThatAreNone_AreRefusedWithTheirPlace()
    {
        await using var service = await TestPseudonymiser.StartAsync();
        var good = StrictBase64Url.Encode(Points(1));
        string Body(params string[] points) => new JsonObject { ["blinded"] = new JsonArray([.. points.Select(point => (JsonNode)point)]) }.ToJsonString();
        var identity = StrictBase64Url.Encode(new byte[32]);
        var outside = StrictBase64Url.Encode([.. Enumerable.Repeat((byte)0xff, 32)]);
        foreach (var (body, cause, place) in new[]
        {
            (Body(good, identity), "evaluate.point", "1"),
            (Body(good, good, outside), "evaluate.point", "2"),
            (Body(good + "="), "evaluate.point", "0"),
            (Body(), "evaluate.batch", ""),
            ("{\"blinded\":[],\"more\":1}", "evaluate.json", ""),
            ("[", "evaluate.json", ""),
        })
        {
            var answer = await service.EvaluateAsync(System.Text.Encoding.UTF8.GetBytes(body));
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            var problem = await answer.JsonAsync();
            ((string?)problem["cause"]).ShouldBe(cause);
            ((string?)problem["place"] ?? "").ShouldBe(place);
        }

        (await (await service.EvaluateAsync(System.Text.Encoding.UTF8.GetBytes(Body([.. Enumerable.Repeat(good, EvaluateRequest.MaxBatch + 1)])))).CauseAsync()).ShouldBe("evaluate.batch");
        (await service.EvaluateAsync(new byte[1 << 20])).StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        service.Evaluations().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("2026Q3", true)]
    [InlineData("2027Q1", false)]
    public async Task Key_OfAnotherEpoch_AnswersNothingAndIsDestroyedOnceOver(string epoch, bool isOver)
    {
        await using var service = await TestPseudonymiser.StartAsync(epoch: epoch);
        (await (await service.EvaluateAsync(new EvaluateRequest(Points(1)).ToJson())).CauseAsync()).ShouldBe("epoch.over");
        (await service.Node.SendAsync(HttpMethod.Get, "/v1/key", null, null)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        for (var i = 0; i < 100 && isOver && File.Exists(service.KeyFilePath); i++) await Task.Delay(25);
        File.Exists(service.KeyFilePath).ShouldBe(!isOver);
        service.Evaluations().ShouldBeEmpty();
    }

    [Fact]
    public async Task Key_PastTheEndOfItsEpoch_AnswersNothing()
    {
        await using var service = await TestPseudonymiser.StartAsync();
        service.Node.Clock.Move(new Epoch(2026, 4).End - service.Node.Clock.GetUtcNow());
        (await service.EvaluateAsync(new EvaluateRequest(Points(1)).ToJson())).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public void Key_Destroyed_IsOverwrittenDeletedAndEvaluatesNoMore()
    {
        var file = Path.Combine(RunningNode.NewFolder(), "oprf.json");
        var text = EpochKey.Generate(new Epoch(2026, 4));
        KeyFile.WriteNew(file, text);
        var key = EpochKey.Read(text).Value;
        key.TryEvaluate(Points(1), Start, out _).ShouldBeTrue();
        // A second name of the same bytes on disk shows what was left in them.
        var second = file + ".second";
        using (var link = System.Diagnostics.Process.Start("ln", [file, second])!) link.WaitForExit();
        key.Destroy(file);
        var left = System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(second));
        left.Length.ShouldBe(text.Length);
        left.ShouldNotContain("epoch");

        File.Exists(file).ShouldBeFalse();
        key.Destroy(file);
        key.TryEvaluate(Points(1), Start, out _).ShouldBeFalse();
        key.ToString().ShouldBe("key of 2026Q4");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"epoch\":\"2026Q5\",\"key\":\"x\"}")]
    [InlineData("{\"epoch\":\"2026Q4\",\"key\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}")]
    [InlineData("{\"epoch\":\"2026Q4\",\"key\":\"x\",\"more\":1}")]
    [InlineData("{\"epoch\":\"2026Q4\",\"key\":\"\\ud800\"}")]
    [InlineData("{\"epoch\":\"2026Q4\",\"\\udc00\":\"x\"}")]
    public void Key_OfAnotherShape_IsRefused(string json) => EpochKey.Read(json).IsOk.ShouldBeFalse();

    [Theory]
    [InlineData("UPDATE evaluation SET points = 1")]
    [InlineData("DELETE FROM evaluation")]
    [InlineData("INSERT OR REPLACE INTO evaluation (sequence, at, points) VALUES (1, 0, 1)")]
    public async Task Evaluations_Changed_AreRefusedByTheStore(string sql)
    {
        await using var service = await TestPseudonymiser.StartAsync();
        (await service.EvaluateAsync(new EvaluateRequest(Points(3)).ToJson())).EnsureSuccessStatusCode();
        using var store = service.OpenStore();
        using var command = store.CreateCommand();
        command.CommandText = sql;
        Should.Throw<SqliteException>(() => { command.ExecuteNonQuery(); }).Message.ShouldContain("append-only");
    }

    internal static byte[] Points(int count)
    {
        var points = new byte[count * OprfClient.ElementBytes];
        for (var i = 0; i < count; i++) OprfClient.Pad(points.AsSpan(i * OprfClient.ElementBytes, OprfClient.ElementBytes));
        return points;
    }
}
