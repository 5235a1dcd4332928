using System.Net;
using System.Text;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Envelopes;
using Bereik.Hub.Features;
using Bereik.Hub.Storage;
using Bereik.Node.Work;
using CsCheck;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Bereik.Hub.Tests;

public sealed class ExchangeTests
{
    private static readonly Token Agreement = Token.Random();

    [Theory]
    [InlineData(Flow.Match)]
    [InlineData(Flow.Unknown)]
    public async Task SetOperation_OnRandomSets_EqualsOrdinarySetArithmetic(Flow flow)
    {
        await using var hub = await TestHub.StartAsync();
        var month = new Month(2026, 11);
        var persons = Enumerable.Range(0, 60).Select(_ => Token.Random()).ToArray();
        var data =
            from rows in Gen.Int[0, persons.Length - 1].Array[0, EnvelopeFormat.MaxLinkedTokens].Array[EnvelopeFormat.CheckRows, 300]
            from known in Gen.Int[0, persons.Length - 1].Array[0, 60]
            from tokensFirst in Gen.Bool
            select (rows, known, tokensFirst);
        await data.SampleAsync(
            async sample =>
            {
                month = month.Plus(-1);
                var order = await hub.ApprovedAsync(flow, month, made => flow == Flow.Unknown ? made with { KnownCount = 5 } : made);
                var known = sample.known.Select(index => persons[index]).ToHashSet();
                var envelope = TestEnvelope.Of(hub, order, Agreement, [.. sample.rows.Select(row => TestEnvelope.Row([.. row.Select(index => persons[index])]))]);
                var set = await TestEnvelope.TokensAsync(Agreement, known, flow);
                if (sample.tokensFirst) (await hub.PutTokensAsync(order, set)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
                (await hub.PutEnvelopeAsync(order, envelope.ToBytes())).StatusCode.ShouldBe(HttpStatusCode.Accepted);
                if (!sample.tokensFirst) (await hub.PutTokensAsync(order, set)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
                (await hub.StateAfterMatchAsync(order)).ShouldBe("delivered");

                var expected = envelope.Rows.Where(row => row.Tokens.Any(known.Contains) == (flow == Flow.Match));
                var delivered = new TestEnvelope { Manifest = envelope.Manifest, Rows = [.. expected] };
                (await (await hub.PackageAsync(order)).Content.ReadAsByteArrayAsync()).ShouldBe(delivered.ToBytes());
            },
            iter: 6, threads: 1);
    }

    [Theory]
    [InlineData(Flow.Match)]
    [InlineData(Flow.Unknown)]
    public async Task SetOperation_Done_LeavesNoTokenAndNoOtherRow(Flow flow)
    {
        await using var hub = await TestHub.StartAsync();
        var order = await hub.ApprovedAsync(flow);
        Token known = Token.Random(), stranger = Token.Random(), own = Token.Random();
        var rows = TestEnvelope.RandomRows(200);
        rows.Add(TestEnvelope.Row(known));
        rows.Add(TestEnvelope.Row(stranger));
        var envelope = TestEnvelope.Of(hub, order, Agreement, rows);
        (await hub.PutEnvelopeAsync(order, envelope.ToBytes())).EnsureSuccessStatusCode();
        hub.StoreHolds(stranger.Bytes.ToArray()).ShouldBeTrue("the search must find what is there");
        (await hub.PutTokensAsync(order, await TestEnvelope.TokensAsync(Agreement, [known, own], flow))).EnsureSuccessStatusCode();
        (await hub.StateAfterMatchAsync(order)).ShouldBe("delivered");
        await hub.ScrubbedAsync();

        // What is delivered stays until the receipt, the rest is in no file any more.
        var withheld = flow == Flow.Match ? stranger : known;
        var delivered = flow == Flow.Match ? known : stranger;
        hub.StoreHolds(withheld.Bytes.ToArray()).ShouldBeFalse();
        hub.StoreHolds(own.Bytes.ToArray()).ShouldBeFalse();
        hub.StoreHolds(delivered.Bytes.ToArray()).ShouldBeTrue();
        var gone = envelope.Rows.Single(row => row.Tokens.Contains(withheld));
        if (gone.Sealed is not null) hub.StoreHolds(Encoding.ASCII.GetBytes(gone.Sealed.Split('.')[3])).ShouldBeFalse();

        // The same package as often as it is asked for; after the receipt nothing.
        (await (await hub.PackageAsync(order)).Content.ReadAsByteArrayAsync()).ShouldBe(await (await hub.PackageAsync(order)).Content.ReadAsByteArrayAsync());
        (await (await hub.ReceiveAsync(order, Bytes32.Random())).CauseAsync()).ShouldBe("receipt.manifest");
        (await hub.ReceiveAsync(order, envelope.Manifest.Hash)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await hub.ScrubbedAsync();
        hub.StoreHolds(delivered.Bytes.ToArray()).ShouldBeFalse();
        hub.StoreHolds(Encoding.ASCII.GetBytes(envelope.Manifest.Compact)).ShouldBeFalse();
        hub.StoreHolds(Agreement.Bytes.ToArray()).ShouldBeFalse();
        foreach (var table in new[] { "known_set", "known_token", "row_token", "envelope_row", "manifest_line" }) hub.Count($"SELECT count(*) FROM {table}").ShouldBe(0);
        (await hub.PackageAsync(order)).StatusCode.ShouldBe(HttpStatusCode.Gone);
        (await hub.StateAsync(hub.OfRecipient(order), order)).ShouldBe("received");
        (await (await hub.PlaceAsync(hub.OfRecipient(order), hub.NewOrder(flow))).ReasonsAsync()).ShouldContain("periodicity.exceeded");
    }

    [Fact]
    public async Task Agreement_ThatDiffers_RefusesAndPurges()
    {
        await using var hub = await TestHub.StartAsync();
        var order = await hub.ApprovedAsync(Flow.Unknown);
        var stranger = Token.Random();
        (await hub.PutTokensAsync(order, await TestEnvelope.TokensAsync(Token.Random(), [Token.Random()]))).EnsureSuccessStatusCode();
        var envelope = TestEnvelope.Of(hub, order, Agreement, [.. TestEnvelope.RandomRows(64), TestEnvelope.Row(stranger)]);
        (await hub.PutEnvelopeAsync(order, envelope.ToBytes())).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await hub.StateAfterMatchAsync(order)).ShouldBe("refused");
        (await (await hub.SendAsync(hub.Welfare, HttpMethod.Get, $"/v1/orders/{order.Document.Id}")).ReasonsAsync()).ShouldBe(["exchange.agreementDiffers"]);
        hub.Events(order)[^1].ShouldBe("exchange.refused exchange.agreementDiffers");
        await hub.ScrubbedAsync();
        hub.StoreHolds(stranger.Bytes.ToArray()).ShouldBeFalse();
        (await hub.PackageAsync(order)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await hub.StateAsync(hub.Source, order)).ShouldBe("deposited");
    }

    [Fact]
    public async Task Source_WhateverHappensAfterItsDeposit_SeesOneAnswer()
    {
        await using var hub = await TestHub.StartAsync();
        var order = await hub.ApprovedAsync(Flow.Unknown);
        var path = $"/v1/orders/{order.Document.Id}";
        (await hub.StateAsync(hub.Source, order)).ShouldBe("approved");
        var approved = await (await hub.SendAsync(hub.Source, HttpMethod.Get, path)).Content.ReadAsStringAsync();
        (await hub.PutTokensAsync(order, await TestEnvelope.TokensAsync(Agreement, [Token.Random()]))).EnsureSuccessStatusCode();
        (await (await hub.SendAsync(hub.Source, HttpMethod.Get, path)).Content.ReadAsStringAsync()).ShouldBe(approved);

        var envelope = TestEnvelope.Of(hub, order, Agreement, TestEnvelope.RandomRows(70));
        var bytes = envelope.ToBytes();
        (await (await hub.PutEnvelopeAsync(order, bytes)).Content.ReadAsStringAsync()).ShouldBe("{\"state\":\"deposited\"}");
        var seen = new HashSet<string>();
        async Task LookAsync()
        {
            seen.Add(await (await hub.SendAsync(hub.Source, HttpMethod.Get, path)).Content.ReadAsStringAsync());
            seen.Add(await (await hub.SendAsync(hub.Source, HttpMethod.Get, "/v1/orders")).Content.ReadAsStringAsync());
            seen.Add(await (await hub.PutEnvelopeAsync(order, bytes)).Content.ReadAsStringAsync());
        }

        await LookAsync();
        (await hub.StateAfterMatchAsync(order)).ShouldBe("delivered");
        await LookAsync();
        (await hub.PackageAsync(order)).EnsureSuccessStatusCode();
        await LookAsync();
        (await hub.ReceiveAsync(order, envelope.Manifest.Hash, "rejected")).EnsureSuccessStatusCode();
        (await hub.StateAsync(hub.Welfare, order)).ShouldBe("rejected");
        await LookAsync();
        seen.Count.ShouldBe(3);
        seen.ShouldAllBe(text => text.Contains("deposited", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Deposits_Repeated_CountOnceAndOthersConflict()
    {
        await using var hub = await TestHub.StartAsync();
        var order = await hub.PlacedAsync(Flow.Unknown);
        var set = await TestEnvelope.TokensAsync(Agreement, [Token.Random()]);
        var envelope = TestEnvelope.Of(hub, order, Agreement, TestEnvelope.RandomRows(64)).ToBytes();
        (await hub.PutTokensAsync(order, set)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await (await hub.PutEnvelopeAsync(order, envelope)).CauseAsync()).ShouldBe("order.requested");
        (await hub.PackageAsync(order)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await hub.ReceiveAsync(order, Bytes32.Random())).StatusCode.ShouldBe(HttpStatusCode.Conflict);

        (await hub.DecideAsync(order.Document.Id, hub.Decision(order))).EnsureSuccessStatusCode();
        (await hub.PutTokensAsync(order, set)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await hub.PutTokensAsync(order, set)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await (await hub.PutTokensAsync(order, await TestEnvelope.TokensAsync(Agreement, [Token.Random()]))).CauseAsync()).ShouldBe("tokenSet.another");
        (await hub.PackageAsync(order)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await hub.PutEnvelopeAsync(order, envelope)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await hub.PutEnvelopeAsync(order, envelope)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await (await hub.PutEnvelopeAsync(order, TestEnvelope.Of(hub, order, Agreement, TestEnvelope.RandomRows(64)).ToBytes())).CauseAsync()).ShouldBe("envelope.another");
        (await hub.StateAfterMatchAsync(order)).ShouldBe("delivered");
        hub.Events(order).ShouldBe(["order.requested", "decision.permit", "tokens.deposited", "envelope.deposited", "exchange.matched"]);
    }

    [Theory]
    [InlineData("manifest.order")]
    [InlineData("manifest.context")]
    [InlineData("manifest.protocol")]
    [InlineData("manifest.recipientKey")]
    [InlineData("manifest.epoch")]
    [InlineData("manifest.band")]
    [InlineData("manifest.expired")]
    [InlineData("manifest.sourceKey")]
    public async Task Manifest_ThatDoesNotAnswerTheOrder_IsRefused(string code)
    {
        await using var hub = await TestHub.StartAsync();
        var order = await hub.ApprovedAsync(Flow.Match);
        var envelope = TestEnvelope.Of(hub, order, Agreement, TestEnvelope.RandomRows(64), manifest => code switch
        {
            "manifest.order" => manifest with { Order = Bytes32.Random() },
            "manifest.context" => manifest with { Context = Bytes32.Random() },
            "manifest.protocol" => manifest with { ProtocolHash = Bytes32.Random() },
            "manifest.recipientKey" => manifest with { RecipientKid = hub.Welfare.Sealing.Kid },
            "manifest.epoch" => manifest with { Epoch = "2026Q3" },
            "manifest.band" => manifest with { Rows = [.. manifest.Rows, Bytes32.Random()] },
            "manifest.expired" => manifest with { ExpiresAt = manifest.ExpiresAt.AddDays(1) },
            _ => manifest with { SourceKid = hub.OtherSource.Signing.Kid },
        });
        var answer = await hub.PutEnvelopeAsync(order, envelope.ToBytes());
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.CauseAsync()).ShouldBe(code);
        hub.Count("SELECT count(*) FROM manifest_line").ShouldBe(0);
        hub.Events(order)[^1].ShouldBe($"envelope.notAccepted {code}");
    }

    [Theory]
    [InlineData("row.tampered", "3")]
    [InlineData("row.duplicate", "3")]
    [InlineData("row.shape", "3")]
    [InlineData("seal.header", "2")]
    [InlineData("seal.size", "2")]
    [InlineData("row.sealed", "2")]
    [InlineData("envelope.truncated", "66")]
    [InlineData("envelope.checkRows", "")]
    public async Task Envelope_OfAnotherShape_IsRefusedWithItsLine(string code, string line)
    {
        await using var hub = await TestHub.StartAsync();
        var order = await hub.ApprovedAsync(Flow.Unknown);
        var other = Guid.NewGuid();
        Func<int, string?>? seal = code switch
        {
            "seal.header" => slot => TestEnvelope.Sealed(other, slot, TestEnvelope.PaddedSize),
            "seal.size" => slot => TestEnvelope.Sealed(order.Document.Id, slot, TestEnvelope.PaddedSize - 1),
            "row.sealed" => _ => null,
            _ => null,
        };
        var lines = Encoding.ASCII.GetString(TestEnvelope.Of(hub, order, Agreement, TestEnvelope.RandomRows(code == "envelope.checkRows" ? 63 : 65), seal: seal).ToBytes()).TrimEnd('\n').Split('\n').ToList();
        if (code == "row.tampered") lines[2] = lines[2].Replace(lines[2][12..16], "AAAA", StringComparison.Ordinal);
        if (code == "row.duplicate") lines[2] = lines[1];
        if (code == "row.shape") lines[2] = "{\"naam\":\"x\"}";
        var text = string.Join('\n', lines) + "\n";
        var answer = await hub.PutEnvelopeAsync(order, Encoding.ASCII.GetBytes(code == "envelope.truncated" ? text[..^20] : text));
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var problem = await answer.JsonAsync();
        ((string?)problem["cause"]).ShouldBe(code);
        ((string?)problem["place"] ?? "").ShouldBe(line);
        hub.Count("SELECT count(*) FROM envelope_row").ShouldBe(0);
        (await hub.StateAsync(hub.Welfare, order)).ShouldBe("approved");
    }

    [Theory]
    [InlineData("tokenSet.agreement")]
    [InlineData("tokenSet.token")]
    [InlineData("tokenSet.duplicate")]
    [InlineData("tokenSet.band")]
    [InlineData("tokenSet.fewerThanOrdered")]
    public async Task TokenSet_OfAnotherShape_IsRefused(string code)
    {
        await using var hub = await TestHub.StartAsync();
        var order = await hub.ApprovedAsync(Flow.Unknown, change: made => code == "tokenSet.fewerThanOrdered" ? made with { KnownCount = 1000 } : made);
        var lines = Encoding.ASCII.GetString(await TestEnvelope.TokensAsync(Agreement, [])).TrimEnd('\n').Split('\n').ToList();
        if (code == "tokenSet.agreement") lines.RemoveAt(0);
        if (code == "tokenSet.token") lines[5] = "\"x\"";
        if (code == "tokenSet.duplicate") lines[5] = lines[4];
        if (code == "tokenSet.band") lines.RemoveAt(5);
        var answer = await hub.PutTokensAsync(order, Encoding.ASCII.GetBytes(string.Join('\n', lines) + "\n"));
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.CauseAsync()).ShouldBe(code);
        hub.Count("SELECT count(*) FROM known_token").ShouldBe(0);
    }

    [Fact]
    public async Task SetOperation_BrokenOffBeforeItsCommit_HappensOnceWhenDoneAgain()
    {
        await using var hub = await TestHub.StartAsync();
        var order = await hub.ApprovedAsync(Flow.Unknown);
        var known = Token.Random();
        (await hub.PutEnvelopeAsync(order, TestEnvelope.Of(hub, order, Agreement, [.. TestEnvelope.RandomRows(70), TestEnvelope.Row(known)]).ToBytes())).EnsureSuccessStatusCode();

        // The local node's deposit as it stands in the store, without the step that it begins.
        using (var scope = hub.Node.Services.CreateScope())
        {
            var database = scope.ServiceProvider.GetRequiredService<HubDatabase>();
            await database.Database.ExecuteSqlAsync($"INSERT INTO known_set (order_sequence, agreement) SELECT sequence, {Agreement.Bytes.ToArray()} FROM list_order");
            await database.Database.ExecuteSqlAsync($"INSERT INTO known_token (order_sequence, token) SELECT sequence, {known.Bytes.ToArray()} FROM list_order");
        }

        foreach (var commits in new[] { false, true, true })
        {
            using var scope = hub.Node.Services.CreateScope();
            var database = scope.ServiceProvider.GetRequiredService<HubDatabase>();
            var step = scope.ServiceProvider.GetServices<IWorkStep>().OfType<MatchExchange>().Single();
            var result = (WorkResult.Finished)await step.RunAsync(new WorkRun(order.Document.Id.ToString("D"), 1, (_, _) => { }), CancellationToken.None);
            database.ChangeTracker.Clear();
            await using var transaction = await database.Database.BeginTransactionAsync();
            if (result.Effect is not null) await result.Effect(database, CancellationToken.None);
            await database.SaveChangesAsync();
            if (commits) await transaction.CommitAsync();
            else await transaction.RollbackAsync();
            hub.Count("SELECT count(*) FROM envelope_row").ShouldBe(commits ? 70 : 71);
            hub.Count("SELECT count(*) FROM known_token").ShouldBe(commits ? 0 : 1);
        }

        hub.Events(order).Count(kind => kind == "exchange.matched").ShouldBe(1);
    }

    [Fact]
    public async Task Order_PastItsTime_ExpiresWithEverythingOfIt()
    {
        await using var hub = await TestHub.StartAsync();
        var order = await hub.ApprovedAsync(Flow.Unknown);
        var late = await hub.PlacedAsync(Flow.Unknown, new Month(2026, 9));
        var token = Token.Random();
        (await hub.PutEnvelopeAsync(order, TestEnvelope.Of(hub, order, Agreement, [.. TestEnvelope.RandomRows(64), TestEnvelope.Row(token)]).ToBytes())).EnsureSuccessStatusCode();
        hub.Clock.Move(TimeSpan.FromDays(8));
        // Refused either way: by its own time, or because the recurring step has closed it already.
        (await (await hub.DecideAsync(late.Document.Id, hub.Decision(late))).CauseAsync()).ShouldBeOneOf("order.expired", "order.closed");
        (await hub.PutTokensAsync(order, await TestEnvelope.TokensAsync(Agreement, [token]))).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        await SweepAsync(hub);
        await hub.ScrubbedAsync();
        hub.StoreHolds(token.Bytes.ToArray()).ShouldBeFalse();
        (await hub.StateAsync(hub.Welfare, order)).ShouldBe("expired");
        (await hub.StateAsync(hub.Source, order)).ShouldBe("deposited");
        (await hub.StateAsync(hub.Source, late)).ShouldBe("expired");
        (await hub.PackageAsync(order)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await hub.PlaceAsync(hub.Welfare, hub.NewOrder(Flow.Unknown))).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Package_HandedOutWithoutReceipt_CountsAsDelivered()
    {
        await using var hub = await TestHub.StartAsync();
        var order = await hub.ApprovedAsync(Flow.Unknown);
        (await hub.PutEnvelopeAsync(order, TestEnvelope.Of(hub, order, Agreement, TestEnvelope.RandomRows(64)).ToBytes())).EnsureSuccessStatusCode();
        (await hub.PutTokensAsync(order, await TestEnvelope.TokensAsync(Agreement, []))).EnsureSuccessStatusCode();
        (await hub.StateAfterMatchAsync(order)).ShouldBe("delivered");
        (await hub.PackageAsync(order)).EnsureSuccessStatusCode();
        hub.Clock.Move(TimeSpan.FromDays(8));
        await SweepAsync(hub);
        (await hub.StateAsync(hub.Welfare, order)).ShouldBe("expired");

        // Without the root over it, and without the daily roots since, nothing may be ordered at all.
        (await (await hub.PlaceAsync(hub.Welfare, hub.NewOrder(Flow.Unknown))).ReasonsAsync()).ShouldBe(["periodicity.exceeded", "order.rootMissing", "order.roundMissing"]);
        await hub.RootAsync(order);
        await hub.RoundAsync(hub.Welfare);
        (await (await hub.PlaceAsync(hub.Welfare, hub.NewOrder(Flow.Unknown))).ReasonsAsync()).ShouldBe(["periodicity.exceeded"]);
        (await (await hub.PlaceAsync(hub.Welfare, hub.NewOrder(Flow.Unknown, new Month(2026, 11)) with { KnownCount = 15 })).ReasonsAsync()).ShouldBe(["order.knownSetReview"]);
    }

    [Fact]
    public async Task TokenSet_WaitingADay_IsDeletedAndAwaitedAgain()
    {
        await using var hub = await TestHub.StartAsync();
        var order = await hub.ApprovedAsync(Flow.Unknown);
        var token = Token.Random();
        var set = await TestEnvelope.TokensAsync(Agreement, [token]);
        (await hub.PutTokensAsync(order, set)).EnsureSuccessStatusCode();
        hub.Clock.Move(TimeSpan.FromHours(25));
        await SweepAsync(hub);
        await hub.ScrubbedAsync();
        hub.StoreHolds(token.Bytes.ToArray()).ShouldBeFalse();
        var seen = await (await hub.SendAsync(hub.Welfare, HttpMethod.Get, $"/v1/orders/{order.Document.Id}")).JsonAsync();
        ((string?)seen["state"]).ShouldBe("approved");
        ((string?)seen["awaits"]![0]).ShouldBe("tokens");
        (await hub.PutTokensAsync(order, set)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Theory]
    [InlineData("UPDATE order_event SET kind = 'x'")]
    [InlineData("DELETE FROM order_event")]
    [InlineData("INSERT OR REPLACE INTO order_event (sequence, order_id, at, kind, reasons) VALUES (1, 'x', 0, 'x', '')")]
    public async Task Events_Changed_AreRefusedByTheStore(string sql)
    {
        await using var hub = await TestHub.StartAsync();
        await hub.PlacedAsync(Flow.Unknown);
        using var store = hub.OpenStore();
        using var command = store.CreateCommand();
        command.CommandText = sql;
        Should.Throw<SqliteException>(() => { command.ExecuteNonQuery(); }).Message.ShouldContain("append-only");
    }

    private static async Task SweepAsync(TestHub hub)
    {
        using var scope = hub.Node.Services.CreateScope();
        await scope.ServiceProvider.GetServices<IWorkStep>().OfType<ExpireOrders>().Single().SweepAsync(CancellationToken.None);
    }
}
