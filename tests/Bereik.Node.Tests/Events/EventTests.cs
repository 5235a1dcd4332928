using System.Net;
using System.Text.Json.Nodes;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Signatures;
using Bereik.Node.Events;
using Bereik.Node.Requests;
using Bereik.Node.Tests.Foundation;
using Bereik.Node.Work;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Bereik.Node.Tests.Events;

// What a node tells its own organisation's software: signed, numbered, in order, at least once, and of no person.
public sealed class EventTests
{
    private static readonly string One = Guid.NewGuid().ToString("D"), Other = Guid.NewGuid().ToString("D");

    [Fact]
    public async Task Feed_OfManyEvents_ComesInPagesThatHoldThemAllOnce()
    {
        await using var node = await StartAsync();
        for (var i = 0; i < 25; i++) await TellAsync(node, Enumerable.Range(0, 10).Select(n => n % 3 == 0 ? One : Other));
        var (all, cursor, pages) = (new List<ExchangeEvent>(), (string?)null, 0);
        while (true)
        {
            var page = await FeedAsync(node, cursor is null ? "" : $"?after={cursor}");
            if (page["items"]!.AsArray().Count == 0) break;
            page["items"]!.AsArray().Count.ShouldBeLessThanOrEqualTo(100);
            foreach (var item in page["items"]!.AsArray())
            {
                var told = SignedDocument.Open<ExchangeEvent>((string)item!["event"]!, node.Services.GetRequiredService<NodeKeys>().Signing.PublicKey).Value.Document;
                told.Sequence.ShouldBe((long)item["sequence"]!);
                all.Add(told);
            }

            cursor = (string)page["next"]!;
            pages++;
        }

        (pages, cursor).ShouldBe((5, "250"));
        ((string)(await FeedAsync(node, $"?after={cursor}"))["next"]!).ShouldBe("250");
        all.Select(told => told.Sequence).ShouldBe(Enumerable.Range(1, 250).Select(n => (long)n));
        foreach (var exchange in all.GroupBy(told => told.Exchange)) exchange.Select(told => told.Number).ShouldBe(Enumerable.Range(1, exchange.Count()).Select(n => (long)n));
        all.Select(told => told.Id).Distinct().Count().ShouldBe(250);
        (await FeedAsync(node, "?after=7&limit=2"))["items"]!.AsArray().Select(item => (long)item!["sequence"]!).ShouldBe([8, 9]);
    }

    [Theory]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=101", "limit")]
    [InlineData("?limit=x", "limit")]
    [InlineData("?after=-1", "after")]
    [InlineData("?after=x", "after")]
    [InlineData("?after=2", "after")]
    public async Task Feed_AskedWrongly_IsRefused(string query, string place)
    {
        await using var node = await StartAsync();
        await TellAsync(node, [One]);
        using var answer = await node.Browser.GetAsync(new Uri($"/v1/events{query}", UriKind.Relative), TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        ((string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["place"]).ShouldBe(place);
    }

    [Fact]
    public async Task Event_OfAnOrder_HoldsItsMembersAndNothingElse()
    {
        await using var node = await StartAsync();
        await TellAsync(node, [One]);
        var compact = (string)(await FeedAsync(node, ""))["items"]![0]!["event"]!;
        Jws.Read(compact, "bereik-event+jws").TryGet(out var parts, out _).ShouldBeTrue();
        var members = JsonNode.Parse(parts!.Payload.Span)!.AsObject();
        members.Select(member => member.Key).ShouldBe(["id", "sequence", "exchange", "number", "type", "by", "organisation", "at"]);
        ((string)members["exchange"]!, (string)members["type"]!, (string)members["by"]!, (string)members["organisation"]!).ShouldBe((One, "order.decided", "ocmw-aalst", "ocmw-aalst"));
        using var stranger = SigningKey.Generate();
        SignedDocument.Open<ExchangeEvent>(compact, stranger.PublicKey).Error.Code.ShouldBe("jws.kid");
    }

    [Theory]
    [InlineData("Marie Marked", "order.decided", "exchange")]
    [InlineData("85661200141", "order.decided", "exchange")]
    [InlineData("groeipakket-onbekend/1.0/Marie Marked", "order.decided", "exchange")]
    [InlineData("groeipakket-onbekend/1.0/ocmw-aalst", "person.moved", "type")]
    public void Event_AboutSomethingElse_CannotBeSigned(string exchange, string type, string place)
    {
        var told = new ExchangeEvent { Id = Guid.NewGuid(), Sequence = 1, Exchange = exchange, Number = 1, Type = type, By = "ocmw-aalst", Organisation = "ocmw-aalst", At = DateTimeOffset.UnixEpoch };
        told.FindError()!.Place.ShouldBe(place);
        (told with { Exchange = "groeipakket-onbekend/1.0/ocmw-aalst", Type = "accession.ended" }).FindError().ShouldBeNull();
    }

    [Fact]
    public async Task Event_OfWhatWasRolledBack_IsNotTold()
    {
        await using var node = await StartAsync();
        await node.WithStoreAsync(async store =>
        {
            await using var transaction = await store.Database.BeginTransactionAsync();
            store.Tell(EventTypes.ListEnded, One, null, Now(node));
            return await store.SaveChangesAsync();
        });
        await TellAsync(node, [Other]);
        (await FeedAsync(node, ""))["items"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Event_OutsideATransaction_IsABug()
    {
        await using var node = await StartAsync();
        await Should.ThrowAsync<InvalidOperationException>(() => node.WithStoreAsync(store =>
        {
            store.Tell(EventTypes.ListEnded, One, null, Now(node));
            return store.SaveChangesAsync();
        }));
        (await FeedAsync(node, ""))["items"]!.AsArray().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("UPDATE node_event SET document = 'x'")]
    [InlineData("DELETE FROM node_event")]
    [InlineData("INSERT OR REPLACE INTO node_event (sequence, exchange, number, type, at, document) VALUES (1, 'x', 1, 'x', 0, 'x')")]
    public async Task Event_ThatWasTold_StaysAsItIs(string sql)
    {
        await using var node = await StartAsync();
        await TellAsync(node, [One]);
        (await Should.ThrowAsync<SqliteException>(() => node.WithStoreAsync(store => store.Database.ExecuteSqlRawAsync(sql)))).Message.ShouldContain("append-only");
    }

    [Fact]
    public async Task Calls_OfAnExchange_ComeInOrderAndAgainUntilTheyAreTaken()
    {
        await using var receiver = await Receiver.StartAsync((told, attempt) => Task.FromResult(attempt <= 2 ? Results.StatusCode(503) : Results.NoContent()));
        await using var node = await StartAsync(receiver.Url);
        await TellAsync(node, [One, Other, One, One, Other]);
        await receiver.UntilAsync(() => receiver.Taken.Count == 5);
        receiver.Taken.Where(told => told.Exchange == One).Select(told => told.Number).ShouldBe([1, 2, 3]);
        receiver.Taken.Where(told => told.Exchange == Other).Select(told => told.Number).ShouldBe([1, 2]);

        // Three tries of each, all of the first before one of the second.
        receiver.Calls.Where(call => call.Event.Exchange == One).Select(call => call.Event.Number).ShouldBe([1, 1, 1, 2, 2, 2, 3, 3, 3]);
        receiver.Calls.Select(call => call.Type).Distinct().ShouldBe(["application/jose"]);

        // What was sent is what the feed tells.
        var feed = (await FeedAsync(node, ""))["items"]!.AsArray().Select(item => (string)item!["event"]!).ToHashSet();
        receiver.Calls.Select(call => call.Body).Distinct().Order(StringComparer.Ordinal).ShouldBe(feed.Order(StringComparer.Ordinal));
        await SettledAsync(node, 5);
    }

    [Fact]
    public async Task Calls_OfAStuckExchange_DoNotHoldAnother()
    {
        var never = new TaskCompletionSource();
        await using var receiver = await Receiver.StartAsync(async (told, _) =>
        {
            if (told.Exchange == One) await never.Task;
            return Results.Ok();
        });
        await using (var node = await StartAsync(receiver.Url))
        {
            await TellAsync(node, [One, Other, One, Other, Other]);
            await receiver.UntilAsync(() => receiver.Taken.Count == 3);
            receiver.Taken.Select(told => (told.Exchange, told.Number)).ShouldBe([(Other, 1), (Other, 2), (Other, 3)]);
            receiver.Calls.Where(call => call.Event.Exchange == One).ShouldAllBe(call => call.Event.Number == 1);
        }

        never.SetResult();
    }

    [Fact]
    public async Task Calls_OfAnExchangeThatIsRefused_LeaveAnotherAlone()
    {
        await using var receiver = await Receiver.StartAsync((told, _) => Task.FromResult(told.Exchange == One ? Results.StatusCode(400) : Results.Ok()));
        await using var node = await StartAsync(receiver.Url);
        await TellAsync(node, [One, One, Other]);
        await receiver.UntilAsync(() => receiver.Taken.Count == 1 && receiver.Calls.Count(call => call.Event.Exchange == One) >= 3);
        receiver.Calls.Where(call => call.Event.Exchange == One).ShouldAllBe(call => call.Event.Number == 1);
    }

    [Fact]
    public async Task Calls_AfterARestart_GoOnWhereTheyWere()
    {
        var folder = SmallNode.NewFolder();
        var port = SmallNode.FreePort();
        await using (var first = await StartAsync($"http://127.0.0.1:{port}/bereik", folder))
        {
            await TellAsync(first, [One, One]);
            for (var i = 0; i < 400 && await first.WithStoreAsync(store => store.Events.MaxAsync(one => one.Attempts)) == 0; i++) await Task.Delay(25, TestContext.Current.CancellationToken);
            (await first.WithStoreAsync(store => store.Events.CountAsync(one => one.AcknowledgedAt != null))).ShouldBe(0);
        }

        await using var receiver = await Receiver.StartAsync(port: port);
        await using var second = await StartAsync(receiver.Url, folder);
        await TellAsync(second, [One]);
        await receiver.UntilAsync(() => receiver.Taken.Count == 3);
        receiver.Calls.Select(call => call.Event.Number).ShouldBe([1, 2, 3]);
        await SettledAsync(second, 3);
    }

    [Fact]
    public async Task Calls_ThatAreRedirected_GoNowhereElse()
    {
        await using var receiver = await Receiver.StartAsync((_, _) => Task.FromResult(Results.Redirect("/elsewhere", permanent: false, preserveMethod: true)));
        await using var node = await StartAsync(receiver.Url);
        await TellAsync(node, [One]);
        await receiver.UntilAsync(() => receiver.Calls.Count >= 2);
        receiver.Elsewhere.ShouldBe(0);
        (await node.WithStoreAsync(store => store.Events.CountAsync(one => one.AcknowledgedAt != null))).ShouldBe(0);
    }

    [Fact]
    public async Task Calls_ThatNobodyTakesForDays_EndInTheFeedAndTheExchangeGoesOn()
    {
        await using var receiver = await Receiver.StartAsync((told, _) => Task.FromResult(told.Number == 1 ? Results.StatusCode(500) : Results.Ok()));
        await using var node = await StartAsync(receiver.Url);
        await TellAsync(node, [One], Now(node).AddDays(-8));
        await TellAsync(node, [One]);
        await receiver.UntilAsync(() => receiver.Taken.Count == 1);
        receiver.Calls.Select(call => call.Event.Number).ShouldBe([1, 2]);
        var given = await node.WithStoreAsync(store => store.Events.AsNoTracking().SingleAsync(one => one.Sequence == 1));
        (given.GivenUpAt is null, given.AcknowledgedAt is null, given.DueAt is null).ShouldBe((false, true, true));
        (await FeedAsync(node, ""))["items"]!.AsArray().Count.ShouldBe(2);
    }

    [Fact]
    public async Task Calls_WithoutASetting_AreNotMadeAndNotCaughtUpLater()
    {
        var folder = SmallNode.NewFolder();
        await using (var first = await StartAsync(folder: folder)) await TellAsync(first, [One]);
        await using var receiver = await Receiver.StartAsync();
        await using var second = await StartAsync(receiver.Url, folder);
        await TellAsync(second, [One]);
        await receiver.UntilAsync(() => receiver.Taken.Count == 1);
        receiver.Calls.Single().Event.Number.ShouldBe(2);
    }

    [Theory]
    [InlineData("http://example.eu/bereik", 7, "must be https")]
    [InlineData("ftp://127.0.0.1/bereik", 7, "must be an address")]
    [InlineData("https://name:word@example.eu/bereik", 7, "must be an address")]
    [InlineData("bereik", 7, "must be an address")]
    [InlineData("https://example.eu/bereik", 0, "giveUpDays")]
    [InlineData("https://example.eu/bereik", 91, "giveUpDays")]
    public async Task Setting_ThatCannotBe_StopsTheNode(string callback, int days, string sentence)
    {
        var folder = SmallNode.NewFolder();
        var settings = SmallNode.SettingsIn(folder);
        settings["events"] = new JsonObject { ["callback"] = callback, ["giveUpDays"] = days };
        var (code, said) = await SmallNode.EndAsync(folder, settings);
        code.ShouldBe(2);
        said.ShouldContain("events.");
        said.ShouldContain(sentence);
    }

    private static Task<SmallNode> StartAsync(string? callback = null, string? folder = null)
    {
        folder ??= SmallNode.NewFolder();
        var settings = SmallNode.SettingsIn(folder);
        settings["pollSeconds"] = 0.05;
        if (callback is not null) settings["events"] = new JsonObject { ["callback"] = callback };
        return SmallNode.StartAsync(
            folder,
            settings,
            application =>
            {
                application.Services.AddSingleton<TimeProvider>(new FastClock());
                application.Services.AddScoped<IWorkStep, SendEvents>();
            },
            app => app.MapEvents(),
            (database, now) => database.BeginRecurringAsync(SendEvents.StepKind, now));
    }

    private static DateTimeOffset Now(SmallNode node) => node.Services.GetRequiredService<TimeProvider>().GetUtcNow();

    private static Task<int> TellAsync(SmallNode node, IEnumerable<string> exchanges, DateTimeOffset? at = null) => node.WithStoreAsync(async store =>
    {
        await using var transaction = await store.Database.BeginTransactionAsync();
        foreach (var exchange in exchanges) store.Tell(EventTypes.OrderDecided, exchange, null, at ?? Now(node));
        await store.SaveChangesAsync();
        await transaction.CommitAsync();
        return 0;
    });

    private static async Task<JsonObject> FeedAsync(SmallNode node, string query) =>
        JsonNode.Parse(await node.Browser.GetStringAsync(new Uri($"/v1/events{query}", UriKind.Relative), TestContext.Current.CancellationToken))!.AsObject();

    // Taken and noted: the last answer is stored just after it was given.
    private static async Task SettledAsync(SmallNode node, int count)
    {
        for (var i = 0; i < 200 && await node.WithStoreAsync(store => store.Events.CountAsync(one => one.AcknowledgedAt != null && one.DueAt == null)) < count; i++) await Task.Delay(25, TestContext.Current.CancellationToken);
        (await node.WithStoreAsync(store => store.Events.CountAsync(one => one.AcknowledgedAt != null && one.DueAt == null))).ShouldBe(count);
    }
}
