using System.Text.RegularExpressions;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Envelopes;
using Bereik.Exchange.Log;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Signatures;
using Microsoft.Data.Sqlite;
using Shouldly;
using Xunit;

namespace Bereik.Source.Tests;

// INVARIANT under test: a source cannot tell which of its families were delivered, nor how many, nor whether any was; not from what it holds and hears, and not
// from the public log, which tells it as anybody that a package was handed out, acknowledged or not.
public sealed partial class IndistinguishableTests
{
    private const int Rows = EnvelopeFormat.CheckRows + 10;

    // Tables in which the source keeps what it read in the public log.
    private static readonly string[] OfTheLog = ["log_view", "log_fact"];

    // Same keys, register and order, the same approval; what differs is only what the recipient knows, does and answers.
    [Fact]
    public async Task Source_WhateverTheRealHubDelivered_HoldsAndHearsTheSame()
    {
        var town = new Town();
        var everything = await town.RunAsync(new Course("nobody known, all delivered", _ => false));
        everything.Delivered.ShouldBe(Rows);
        everything.Answers.Count(answer => answer.StartsWith("GET /v1/orders?", StringComparison.Ordinal)).ShouldBeGreaterThan(1);
        everything.Answers.ShouldContain(answer => answer.StartsWith("PUT ", StringComparison.Ordinal) && answer.Contains(" 202 ", StringComparison.Ordinal));
        everything.Public.Count(line => line.Contains("\"slots\":256", StringComparison.Ordinal)).ShouldBe(1, "whoever reads the log sees the root over the persons");
        foreach (var (course, delivered, isToldByTheLog) in new (Course, int?, bool)[]
        {
            (new Course("all known, nothing delivered", _ => true), 0, false),
            (new Course("one half known", row => row % 2 == 0), Rows / 2, false),
            (new Course("the other half known, and before the deposit", row => row % 2 == 1) { TokensFirst = true }, Rows / 2, true),
            (new Course("refused by the recipient", _ => false) { Receipt = "rejected" }, Rows, true),
            (new Course("never fetched", row => row < 7) { Receipt = null }, null, true),
            (new Course("another pseudonymiser's key, stopped by the hub", _ => false) { Agrees = false }, null, true),
        })
        {
            var run = await town.RunAsync(course);
            run.Delivered.ShouldBe(delivered, course.Name);

            // What anybody may read differs only in random values, unless the course itself is public: then nothing else differs.
            if (isToldByTheLog) LogComparer.Differences(everything.Public, run.Public).ShouldNotBeEmpty(course.Name);
            else LogComparer.Differences(everything.Public, run.Public).ShouldBeEmpty(course.Name);
            StoreComparer.Differences(everything.Store, run.Store, isToldByTheLog ? OfTheLog : []).ShouldBeEmpty(course.Name);
            run.Answers.Except(everything.Answers).Select(answer => "only now: " + answer).Concat(everything.Answers.Except(run.Answers).Select(answer => "only before: " + answer)).ShouldBeEmpty(course.Name);
            Held(run).ShouldBe(Held(everything), course.Name);

            IEnumerable<string> Held(Outcome outcome) => outcome.Files.Where(file => !isToldByTheLog || !file.StartsWith("log-mirror", StringComparison.Ordinal));
            run.Log.ShouldBe(everything.Log, course.Name);
            run.Pages.ShouldBe(everything.Pages, course.Name);
        }

        TheComparersShouldSee(everything);
    }

    // The guard sees what it is for: a column that names what was delivered, a count, a table, a row, a time that is there or not, a longer signature.
    private static void TheComparersShouldSee(Outcome everything)
    {
        var log = everything.Public;
        foreach (var (was, becomes) in new[] { ("\"slots\":256", "\"slots\":512"), ("\"type\":\"receipt.taken\"", "\"rows\":74,\"type\":\"receipt.taken\""), ("\"outcome\":\"received\"", "\"outcome\":\"rejected\"") })
        {
            log.ShouldContain(line => line.Contains(was, StringComparison.Ordinal));
            LogComparer.Differences(log, [.. log.Select(line => line.Replace(was, becomes, StringComparison.Ordinal))]).ShouldNotBeEmpty(becomes);
        }

        LogComparer.Differences(log, [.. log, log[^1]]).Count.ShouldBe(1);
        LogComparer.Differences(log, [.. log.Skip(1)]).Count.ShouldBe(1);
        var store = everything.Store;
        Planted(store, "INSERT INTO log_fact SELECT max(idx) + 1, 'persons.root', organisation, order_id, NULL, entry, 0 FROM log_fact").ShouldBe(["log_fact: another number of rows"]);
        Planted(store, "UPDATE log_view SET size = size + 1").ShouldBe(["log_view: size"]);
        Planted(store, "UPDATE request SET expires_at = expires_at").ShouldBeEmpty();
        Planted(store, "ALTER TABLE request ADD COLUMN delivered INTEGER").ShouldBe(["request: delivered"]);
        Planted(store, "UPDATE person SET box = 'geleverd' WHERE number = (SELECT max(number) FROM person)").ShouldBe(["person: box"]);
        Planted(store, "UPDATE request SET selected = selected - 1").ShouldBe(["request: selected"]);
        Planted(store, "UPDATE request SET code = 'delivered' WHERE state = 'deposited'").ShouldBe(["request: code"]);
        Planted(store, "UPDATE request SET decided_at = NULL").ShouldBe(["request: decided_at"]);
        Planted(store, "UPDATE request SET decision_jws = decision_jws || 'A'").ShouldBe(["request: decision_jws"]);
        Planted(store, "CREATE TABLE delivered (family TEXT)").ShouldBe(["delivered: in one store only"]);
        Planted(store, "INSERT INTO request_count SELECT request, kind, 'delivered', 1 FROM request_count LIMIT 1").ShouldBe(["request_count: another number of rows"]);
        Planted(store, "INSERT INTO work (kind, subject, state, run_after, attempts, created_at) VALUES ('list.ended', 'x', 'done', 0, 0, 0)")
            .ShouldBe(["sqlite_sequence: seq", "work: another number of rows"]);
    }

    private static IReadOnlyList<string> Planted(string store, string sql)
    {
        var copy = StoreComparer.Copy(store);
        using (var connection = new SqliteConnection($"Data Source={copy};Pooling=False"))
        {
            connection.Open();
            using var plant = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are the constants of this file.
            plant.CommandText = sql;
#pragma warning restore CA2100
            plant.ExecuteNonQuery();
        }

        return StoreComparer.Differences(store, copy);
    }

    // What the recipient's side does with the order.
    private sealed record Course(string Name, Func<int, bool> IsKnown)
    {
        public bool TokensFirst { get; init; }

        public bool Agrees { get; init; } = true;

        public string? Receipt { get; init; } = "received";
    }

    // What the source holds and heard after a course; what may differ between any two runs (ids of forms, clock times) is taken out.
    private sealed record Outcome(string Store, int? Delivered, IReadOnlyList<string> Answers, IReadOnlyList<string> Files, IReadOnlyList<string> Log, IReadOnlyList<string> Pages, IReadOnlyList<string> Public);

    private sealed partial class Town
    {
        private readonly Parties parties = new();
        private readonly string magda = Parties.NewFolder();
        private ListOrder? firstOrder;
        private ListOrder? nextOrder;

        public Town() => MagdaMessages.LargerTown(magda);

        public async Task<Outcome> RunAsync(Course course)
        {
            await using var hub = await RealHub.StartAsync(parties);
            await using var source = await TestSource.StartAsync(parties: parties, change: settings => settings["register"]!["magda"] = magda, realHubsClock: hub.Clock);
            firstOrder ??= source.NewOrder(Flow.Unknown, "2026-10") with { IssuedAt = MovableClock.Beginning };
            nextOrder ??= source.NewOrder(Flow.Unknown, "2026-11") with { IssuedAt = MovableClock.Beginning };

            // The same order; but each run has a log of its own, and an order names a checkpoint of its log.
            var first = SignedDocument.Sign(firstOrder with { Checkpoint = parties.Checkpoint() }, parties.Welfare.Signing);
            var id = first.Document.Id;
            byte[] envelope = [];
            hub.BeforeDeposit = async bytes =>
            {
                envelope = bytes;
                if (course.TokensFirst) await PutTokensAsync(hub, course, envelope);
            };
            await AskedAfterAsync(hub, 0);
            (await hub.PostAsync(parties.Welfare, "/v1/orders", "order", first.Compact)).EnsureSuccessStatusCode();
            await source.StateAsync(id, "ready");
            (await source.PostAsync(TestSource.Page(id), $"{TestSource.Page(id)}/goedkeuren")).StatusCode.ShouldBe(System.Net.HttpStatusCode.Found);
            await source.StateAsync(id, "deposited");
            await TestSource.EventuallyAsync(() => Directory.GetFileSystemEntries(Path.Combine(source.Data, "envelopes")).Length == 0 ? "gone" : null);
            if (!course.TokensFirst) await PutTokensAsync(hub, course, envelope);
            await hub.StateAsync(parties.Welfare, id, course.Agrees ? "delivered" : "refused");
            int? delivered = course is { Agrees: true, Receipt: not null } ? await ReceiveAsync(hub, id, course.Receipt) : null;

            // The source sees this order go on for a while, and the next one come.
            await AskedAfterAsync(hub, 1);
            var next = SignedDocument.Sign(nextOrder with { Checkpoint = parties.Checkpoint() }, parties.Welfare.Signing);
            (await hub.PostAsync(parties.Welfare, "/v1/orders", "order", next.Compact)).EnsureSuccessStatusCode();
            await source.StateAsync(next.Document.Id, "ready");
            await AskedAfterAsync(hub, 2);
            var said = await LogComparer.LinesAsync(hub.LogFolder, parties.LogKey.Verifier);
            await TestSource.EventuallyAsync(() => source.LogRead() == said.Count ? "read" : null);
            await Task.Delay(500);
            var pages = new List<string>();
            foreach (var page in new[] { "/", "/beslissingen", "/beslissingen.csv", "/v1/decisions", "/aanvragen", TestSource.Page(id), TestSource.Page(next.Document.Id), "/register", "/v1/requests", "/v1/register" }) pages.Add(Timeless(await source.GetAsync(page)));
            var store = await source.StopAsync();
            var files = FilesOf(source);
            return new Outcome(StoreComparer.Copy(store), delivered, hub.Answers, files, source.Log.Lines, pages, said);
        }

        // Every run hears the hub in each of these places once at least; on a busy machine one would be passed over otherwise.
        private static Task<string> AskedAfterAsync(RealHub hub, int sequence) =>
            TestSource.EventuallyAsync(() => hub.Answers.Any(answer => answer.StartsWith($"GET /v1/orders?after={sequence}&", StringComparison.Ordinal)) ? "asked" : null);

        private async Task PutTokensAsync(RealHub hub, Course course, byte[] envelope)
        {
            var reader = new EnvelopeReader(new MemoryStream(envelope));
            var manifest = (await reader.ReadManifestAsync(CancellationToken.None)).Value.Document;
            var known = new List<Token>();
            for (var row = 0; await reader.ReadRowAsync(CancellationToken.None) is { } line; row++)
            {
                if (course.IsKnown(row)) known.Add(line.Value.Tokens[row % EnvelopeFormat.TokensPerRow]);
            }

            reader.RowCount.ShouldBe(Rows);
            using var set = new MemoryStream();
            await TokenSet.WriteAsync(set, course.Agrees ? manifest.Agreement : Token.Random(), known, ShippedProtocols.Of(Flow.Unknown).Band, CancellationToken.None);
            (await hub.SendAsync(parties.Welfare, HttpMethod.Put, $"/v1/orders/{manifest.Id}/tokens", set.ToArray())).EnsureSuccessStatusCode();
        }

        // As a local node does: the root over the persons first, padded to the protocol's band, then the receipt; and after the import, that what was disclosed is erased.
        private async Task<int> ReceiveAsync(RealHub hub, Guid id, string outcome)
        {
            var package = await hub.SendAsync(parties.Welfare, HttpMethod.Get, $"/v1/orders/{id}/package");
            var reader = new EnvelopeReader(await package.EnsureSuccessStatusCode().Content.ReadAsStreamAsync());
            var manifest = (await reader.ReadManifestAsync(CancellationToken.None)).Value;
            while (await reader.ReadRowAsync(CancellationToken.None) is { } row) row.IsOk.ShouldBeTrue();
            var handle = await hub.HandleAsync(id);
            if (outcome == "received")
            {
                var root = new PersonsRoot
                {
                    Order = id, Handle = handle, Manifest = manifest.Hash, Root = Bytes32.Random(), Slots = EnvelopeFormat.PadToBand(reader.RowCount, ShippedProtocols.Of(Flow.Unknown).Band),
                    EraseBy = BelgianTime.DayOf(hub.Clock.GetUtcNow()).AddDays(1), At = hub.Clock.Second(),
                };
                await hub.BringAsync("/v1/log-documents", "document", SignedDocument.Sign(root, parties.Welfare.Signing).Compact);
            }

            var receipt = new Receipt { Id = id, ManifestHash = manifest.Hash, Outcome = outcome, Code = outcome == "rejected" ? "row.tampered" : null, At = hub.Clock.Second() };
            (await hub.PostAsync(parties.Welfare, $"/v1/orders/{id}/receipt", "receipt", SignedDocument.Sign(receipt, parties.Welfare.Signing).Compact)).EnsureSuccessStatusCode();
            await hub.StateAsync(parties.Welfare, id, outcome);
            var end = new DisclosureEnd { Handle = handle, Kind = DisclosureEndKind.Erased, Cause = outcome == "received" ? DisclosureEndCause.Deadline : DisclosureEndCause.Rejected, At = hub.Clock.Second() };
            await hub.BringAsync("/v1/log-documents", "document", SignedDocument.Sign(end, parties.Welfare.Signing).Compact);
            return reader.RowCount;
        }
    }

    // What may differ between any two runs is taken out: ids of forms, ids, clock times.
    internal static string Timeless(string page) => Times().Replace(Ids().Replace(Hidden().Replace(page, ""), "*"), "*");

    // The names of everything in the data folder.
    internal static IReadOnlyList<string> FilesOf(TestSource source) =>
        [.. Directory.EnumerateFiles(source.Data, "*", SearchOption.AllDirectories).Select(file => KeyNames().Replace(Ids().Replace(Path.GetRelativePath(source.Data, file), "*"), "*")).Order(StringComparer.Ordinal)];

    [GeneratedRegex("[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}")]
    private static partial Regex Ids();

    // A key of its own access tokens is named after its time and itself.
    [GeneratedRegex("(?<=token-keys/).+")]
    private static partial Regex KeyNames();

    [GeneratedRegex("name=\"_form\"[^>]*value=\"[^\"]+\"")]
    private static partial Regex Hidden();

    // The place of an entry in the log depends on which node was first.
    [GeneratedRegex("/logboek/[0-9]+\">[^<]+|[0-9]{1,2}[:.][0-9]{2}(:[0-9.]+)?")]
    private static partial Regex Times();
}
