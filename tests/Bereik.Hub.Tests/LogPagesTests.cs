using System.Net;
using Bereik.Domain;
using Bereik.Exchange.Log;
using Bereik.Hub.Log;
using Bereik.Ledger;
using Bereik.Node.Work;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Bereik.Hub.Tests;

public sealed class LogPagesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Logbook_ForAnyone_ShowsTheNewestEntriesAndHowToCheckThem()
    {
        await using var hub = await RegisterHub.StartAsync();
        await hub.AccedeAsync(Flow.Unknown, hub.Welfare, OrganisationKind.PublicCentreForWelfare);
        await PublishedAsync(hub);
        var page = await hub.ReadAsync("/logboek");
        page.ShouldContain("Het logboek is openbaar en groeit alleen aan");
        page.ShouldContain("Een stap in het protocollenregister");
        page.ShouldContain("OCMW Aalst");
        page.ShouldContain("20 november 2026");
        page.ShouldContain($"./bereik verify --log {hub.Url}/log/ --vkey {hub.Hub.Note!.Verifier} --full");
        page.ShouldContain("stappen in het protocollenregister: 8");
        page.ShouldContain("begin van het logboek: 1");
        page.ShouldNotContain("Er is iets mis met het logboek");
        page.ShouldNotContain("Log.", Case.Sensitive);
        page.IndexOf("Een stap in het protocollenregister", StringComparison.Ordinal).ShouldBeLessThan(page.IndexOf("Het logboek begint", StringComparison.Ordinal), "the newest first");
        var english = await hub.ReadAsync("/logboek", "en");
        english.ShouldContain("The log is public and only grows");
        english.ShouldContain("A step of the register of protocols");
        (await (await hub.GetAsync("/protocollen")).Content.ReadAsStringAsync(Cancel)).ShouldContain("href=\"/logboek\"");
    }

    [Fact]
    public async Task Entry_ForAnyone_ShowsAllOfItAndItsProof()
    {
        await using var hub = await RegisterHub.StartAsync();
        await hub.AccedeAsync(Flow.Unknown, hub.Welfare, OrganisationKind.PublicCentreForWelfare);
        var last = await PublishedAsync(hub) - 1;
        var page = await hub.ReadAsync($"/logboek/{last}");
        page.ShouldContain($"Regel {last} van het logboek");
        page.ShouldContain("OCMW Aalst ( ocmw-aalst )");
        page.ShouldContain("Plaats in het register, vanaf 1");
        page.ShouldContain("bereik-accession+jws");
        page.ShouldContain(hub.Welfare.Signing.Kid);
        page.ShouldContain("accession.contact sociaalhuis@voorbeeld.be");
        page.ShouldContain("\"type\":\"register.step\"");
        var english = await hub.ReadAsync($"/logboek/{last}", "en");
        english.ShouldContain("Place in the register, from 1");

        // What is offered to check it holds.
        var entry = await (await hub.GetAsync($"/logboek/{last}/regel.json")).Content.ReadAsByteArrayAsync(Cancel);
        var answer = await hub.GetAsync($"/logboek/{last}/bewijs.tlog-proof");
        answer.Content.Headers.ContentDisposition!.FileName.ShouldBe($"regel-{last}.tlog-proof");
        TlogProof.TryParse(await answer.Content.ReadAsByteArrayAsync(Cancel), out var proof, out var error).ShouldBeTrue(error);
        proof.Index.ShouldBe(last);
        proof.Holds(entry, hub.Hub.Note!.Verifier, null, out error).ShouldBeTrue(error);
        entry[^5] ^= 1;
        proof.Holds(entry, hub.Hub.Note.Verifier, null, out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Entries_OfEveryType_HaveAPageInBothLanguages()
    {
        await using var hub = await RegisterHub.StartAsync();
        var document = "eyJhbGciOiJFUzI1NiJ9.e30.AA";
        var (at, id, handle) = (hub.Clock.Second(), Guid.NewGuid(), Exchange.Bytes32.Random());
        await hub.LogAsync(
        [
            new LogEntry.OrderDecided { By = "opgroeien", At = at, Order = id, Document = document }, new LogEntry.OrderEnded { By = "hub", At = at, Order = id, Outcome = "expired", Reasons = ["order.expired", "zomaar.iets"] },
            new LogEntry.TokensDeposited { By = "ocmw-aalst", At = at, Order = id, Outcome = "refuse", Reasons = ["tokenSet.band"] }, new LogEntry.EnvelopeDeposited { By = "opgroeien", At = at, Order = id, Outcome = "refuse", Reasons = ["manifest.band"] },
            new LogEntry.ExchangeMatched { By = "hub", At = at, Order = id, Outcome = "permit", Reasons = [] }, new LogEntry.PackageDelivered { By = "hub", At = at, Order = id, Handle = handle, Manifest = handle },
            new LogEntry.ReceiptTaken { By = "ocmw-aalst", At = at, Order = id, Document = document }, new LogEntry.PackageDestroyed { By = "hub", At = at, Order = id, Handle = handle },
            new LogEntry.PersonsRooted { By = "ocmw-aalst", At = at, Order = id, Handle = handle, Document = document }, new LogEntry.DisclosureEnded { By = "ocmw-aalst", At = at, Handle = handle, Document = document },
            new LogEntry.RoundPublished { By = "ocmw-aalst", At = at, Document = document },
            new LogEntry.OrderPlaced
            {
                By = "ocmw-aalst", At = at, Order = id, Hash = handle, Flow = "unknown", Protocol = "p", ProtocolVersion = "1", ProtocolHash = handle, Source = "opgroeien", Nis = "41002", ReferenceMonth = "2026-10", Epoch = "2026Q4",
                Outcome = "hold", Reasons = ["order.knownSetEmpty"],
            },
        ]);
        var size = await PublishedAsync(hub);
        var seen = new HashSet<string>();
        for (var index = 0; index < size; index++)
        {
            foreach (var language in new[] { "nl", "en" })
            {
                var page = await hub.ReadAsync($"/logboek/{index}", language);
                page.ShouldNotContain("Log.", Case.Sensitive);
                foreach (var name in LogEntryFormat.Types.Keys.Where(name => page.Contains($"\"type\":\"{name}\"", StringComparison.Ordinal))) seen.Add(name);
            }
        }

        seen.Order(StringComparer.Ordinal).ShouldBe(LogEntryFormat.Types.Keys.Order(StringComparer.Ordinal));
        foreach (var language in new[] { "nl", "en" }) (await hub.ReadAsync("/logboek", language)).ShouldNotContain("Log.", Case.Sensitive);
    }

    [Theory]
    [InlineData("/logboek/100000")]
    [InlineData("/logboek/-1")]
    [InlineData("/logboek/x")]
    [InlineData("/logboek/100000/bewijs.tlog-proof")]
    [InlineData("/logboek/100000/regel.json")]
    public async Task Entry_ThatIsNotThere_IsNotFound(string path)
    {
        await using var hub = await RegisterHub.StartAsync();
        (await hub.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Logbook_OfManyEntries_IsPaged()
    {
        await using var hub = await RegisterHub.StartAsync();
        await hub.LogAsync([.. Enumerable.Range(0, 300).Select(number => new LogEntry.RoundPublished { By = "ocmw-aalst", At = hub.Clock.Second(), Document = $"dag-{number}" })]);
        var size = await PublishedAsync(hub);
        var first = await hub.ReadAsync("/logboek");
        first.ShouldContain($"1 tot 50 van {size}");
        first.ShouldContain($"Regel {size - 1} ");
        first.ShouldNotContain($"Regel {size - 51} ");
        var last = await hub.ReadAsync($"/logboek?pagina={(size + 49) / 50}");
        last.ShouldContain("Het logboek begint");
        (await hub.ReadAsync("/logboek?pagina=2")).ShouldContain($"Regel {size - 51} ");
        (await hub.ReadAsync("/logboek?pagina=99999")).ShouldContain("Het logboek begint");
        (await hub.ReadAsync("/logboek?pagina=-1")).ShouldContain($"Regel {size - 1} ");
    }

    // Counted or not yet counted, the page says the same.
    [Fact]
    public async Task Logbook_CountsPerDayAndKind_OfTheLastFourteenDays()
    {
        await using var hub = await RegisterHub.StartAsync();
        await hub.LogAsync([.. Enumerable.Range(0, 600).Select(number => new LogEntry.RoundPublished { By = "ocmw-aalst", At = hub.Clock.Second().AddDays(-(number % 20)), Document = $"dag-{number}" })]);
        await PublishedAsync(hub);
        var before = await hub.ReadAsync("/logboek");
        before.ShouldContain("7 november 2026 Regels 30");
        before.ShouldNotContain(" 6 november 2026 Regels");
        while (await CountAsync(hub))
        {
        }

        using (var store = hub.OpenStore())
        {
            using var command = store.CreateCommand();
            command.CommandText = "SELECT sum(entries) FROM log_day WHERE type = 'round.published'";
            command.ExecuteScalar().ShouldBe(600L);
        }

        (await hub.ReadAsync("/logboek")).ShouldBe(before);
        await hub.LogAsync([new LogEntry.RoundPublished { By = "ocmw-aalst", At = hub.Clock.Second(), Document = "nog een" }]);
        await PublishedAsync(hub);
        (await hub.ReadAsync("/logboek")).ShouldContain("dagwortels: 31");
    }

    [Fact]
    public async Task Logbook_OfADamagedLog_SaysSo()
    {
        await using var hub = await RegisterHub.StartAsync();
        await PublishedAsync(hub);
        foreach (var bundle in Directory.GetFiles(Path.Combine(hub.Service<HubLog>().Folder, "tile", "entries"), "*", SearchOption.AllDirectories)) await File.WriteAllBytesAsync(bundle, [0, 9], Cancel);
        (await hub.ReadAsync("/logboek")).ShouldContain("Er is iets mis met het logboek");
        hub.Service<HubLog>().IsBroken.ShouldBeTrue();
        (await hub.GetAsync("/logboek/0")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    // Size of the log, once all of it is published.
    private static async Task<long> PublishedAsync(RegisterHub hub)
    {
        var log = hub.Service<HubLog>();
        var size = log.Size!.Value;
        await foreach (var _ in log.ReadAsync(size - 1, size, Cancel))
        {
        }

        return size;
    }

    private static async Task<bool> CountAsync(RegisterHub hub)
    {
        await using var scope = hub.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetServices<IWorkStep>().OfType<CountLog>().Single().CountAsync(Cancel);
    }
}
