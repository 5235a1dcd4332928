using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Log;
using Bereik.Exchange.Signatures;
using Bereik.Ledger;
using Bereik.Local.Orders;
using Bereik.Tests.Shared;
using Shouldly;
using Xunit;

namespace Bereik.Local.Tests;

/// <summary>What the local node says in the public log, and what it does not do when the log says something else.</summary>
public sealed partial class PublicLogTests
{
    [Fact]
    public async Task Proof_OfEachPersonOfARow_VerifiesWithTheKeysAloneAndLeadsBackHere()
    {
        await using var local = await TestLocal.StartAsync();
        var (id, _, _) = await local.ListAsync(Couple(10), ListTests.Household(11));
        await local.UntilQuietAsync();
        var row = local.Opened().Single(one => one.Kept.Names().Count == 2).Id;
        foreach (var (person, name) in new[] { (0, "An10"), (1, "Bo10") })
        {
            var text = await local.PageAsync($"/v1/rows/{row}/proof?person={person}");
            var proof = PersonProof.Verify(Encoding.UTF8.GetBytes(text), Verifier(local.Other.Log.Vkey), Verifier(local.Other.Log.WitnessVkey)).Value;
            proof.Statement.Fields["givenNames"].ShouldBe(name);
            proof.Statement.Fields.Keys.Order(StringComparer.Ordinal).ShouldBe(["familyName", "givenNames", "houseNumber", "place", "postcode", "referenceMonth", "street"]);
            (proof.Statement.Order, proof.Statement.Organisation, proof.Statement.Source).ShouldBe((Guid.Parse(id), "ocmw-aalst", "opgroeien"));
            local.Other.Log.Entries[(int)proof.Proof.Index].ShouldBe(proof.Entry);

            var found = await local.SendTextAsync("/v1/proofs/find", text);
            found.StatusCode.ShouldBe(HttpStatusCode.OK, await found.Content.ReadAsStringAsync());
            var back = JsonNode.Parse(await found.Content.ReadAsStringAsync())!;
            ((string?)back["row"], (string?)back["list"]).ShouldBe((row, id));
        }

        await local.PageAsync($"/v1/rows/{row}/proof?person=2", HttpStatusCode.NotFound);
        await local.PageAsync($"/v1/rows/{Guid.NewGuid()}/proof", HttpStatusCode.NotFound);
        local.Query("SELECT DISTINCT act FROM decision_record WHERE act LIKE 'proof.%' ORDER BY act").ShouldBe(["proof.find", "proof.make"]);
    }

    [Fact]
    public async Task Proof_OfAResident_NamesTheNumberOfThatResidentOnly()
    {
        await using var local = await TestLocal.StartAsync(isOcmw: false, people: $"insz\n{TestNumbers.Of(0)}\n{TestNumbers.Of(1)}\n");
        await local.ListAsync(ListTests.Child(TestNumbers.Of(0)), ListTests.Child(TestNumbers.Of(1)));
        await local.UntilQuietAsync();
        foreach (var row in local.Query("SELECT id || ' ' || insz FROM grant_row"))
        {
            var text = await local.PageAsync($"/v1/rows/{row.Split(' ')[0]}/proof");
            var proof = PersonProof.Verify(Encoding.UTF8.GetBytes(text), Verifier(local.Other.Log.Vkey), Verifier(local.Other.Log.WitnessVkey)).Value;
            proof.Statement.Fields["insz"].ShouldBe(row.Split(' ')[1]);
            proof.Statement.Fields.Count.ShouldBe(2);
        }
    }

    [Theory]
    [InlineData("salt")]
    [InlineData("field")]
    [InlineData("slot")]
    public async Task Proof_ThatWasChanged_IsFoundNowhere(string what)
    {
        await using var local = await TestLocal.StartAsync();
        await local.ListAsync(ListTests.Household(10));
        await local.UntilQuietAsync();
        var row = local.Query("SELECT id FROM household").ShouldHaveSingleItem();
        TlogProof.TryParse(Encoding.UTF8.GetBytes(await local.PageAsync($"/v1/rows/{row}/proof")), out var proof, out _).ShouldBeTrue();
        var body = JsonNode.Parse(proof.Extra.Span)!.AsObject();
        switch (what)
        {
            case "salt": body["salt"] = Bytes32.Random().ToString(); break;
            case "field": body["statement"]!["fields"]!["familyName"] = "Claes"; break;
            case "slot": body["slot"] = (int)body["slot"]! ^ 1; break;
        }

        var changed = new TlogProof { Extra = Exchange.Protocols.CanonicalJson.Write(body), Index = proof.Index, Path = proof.Path, Checkpoint = proof.Checkpoint };
        (await local.SendTextAsync("/v1/proofs/find", changed.ToString())).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await local.SendTextAsync("/v1/proofs/find", "no proof")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Proof_ByAWorkerWhoMayNotOpenTheRow_IsRefused()
    {
        await using var local = await TestLocal.StartAsync(attestation: new TestAttestation("benefitClerk"));
        await local.ListAsync(ListTests.Household(10));
        await local.UntilQuietAsync();
        var row = local.Query("SELECT id FROM household").ShouldHaveSingleItem();
        (await local.PageAsync($"/v1/rows/{row}/proof", HttpStatusCode.Forbidden)).ShouldContain("worker.functionNotGranted");
        local.Query("SELECT outcome FROM decision_record WHERE act = 'proof.make'").ShouldBe(["refuse"]);
    }

    [Fact]
    public async Task Worklist_Row_SaysWhereItStandsInTheLogAndGivesAProofForEachPerson()
    {
        await using var local = await TestLocal.StartAsync();
        await local.ListAsync(Couple(10));
        await local.UntilQuietAsync();
        var (row, index) = (local.Query("SELECT id FROM household").Single(), local.Query("SELECT log_index FROM person_root").Single());
        local.Other.Log.Entries[int.Parse(index, System.Globalization.CultureInfo.InvariantCulture)].ShouldBeOfType<LogEntry.PersonsRooted>();
        var page = await local.PageAsync("/werklijst");
        page.ShouldContain($"{local.Other.Url}/logboek/{index}");
        page.ShouldContain($"/v1/rows/{row}/proof?person=0");
        page.ShouldContain($"/v1/rows/{row}/proof?person=1");
        page.ShouldContain("Bewijs voor deze persoon");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Erasure_LeavesNoSaltCommitmentOrLeaf_AndTheLogStillHolds(bool isOcmw)
    {
        await using var local = await TestLocal.StartAsync(isOcmw, people: isOcmw ? null : $"insz\n{TestNumbers.Of(0)}\n{TestNumbers.Of(1)}\n");
        await local.ListAsync(isOcmw ? [Couple(10), ListTests.Household(11)] : [ListTests.Child(TestNumbers.Of(0)), ListTests.Child(TestNumbers.Of(1))]);
        await local.UntilQuietAsync();
        var table = isOcmw ? "household" : "grant_row";
        var row = local.Query($"SELECT id FROM {table}")[0];
        var text = await local.PageAsync($"/v1/rows/{row}/proof");
        var salts = isOcmw ? [.. local.Opened().SelectMany(one => one.Kept.People).Select(person => person.Bytes().ToArray())] : local.Bytes("SELECT salt FROM committed_person");
        salts.Count.ShouldBe(isOcmw ? 3 : 2);
        var leaves = local.Bytes("SELECT leaves FROM person_root").Single().Chunk(32).ToList();
        var commitment = CommitmentOf(text);
        salts.ShouldAllBe(salt => local.Holds(salt) == !isOcmw, "a household's salts lie under its key; the search finds what is there");
        local.Holds(leaves[0]).ShouldBeTrue("the search finds what is there");

        var last = DateOnly.Parse(local.Query($"SELECT inform_by FROM {table}")[0], System.Globalization.CultureInfo.InvariantCulture);
        await local.MoveAsync(last.AddDays(1).ToDateTime(new TimeOnly(12, 0), DateTimeKind.Utc) - local.Clock.GetUtcNow());
        await local.EraseAsync();
        await local.UntilQuietAsync();
        await TestLocal.WaitAsync(() => local.Query("SELECT count(*) FROM round WHERE sent_at IS NULL").Single() == "0", "nothing is written any more");
        await local.EraseAsync();
        foreach (var secret in new[] { salts, leaves, [commitment, MerkleTree.LeafHash(commitment).ToArray()] }.SelectMany(all => all)) local.Holds(secret).ShouldBeFalse();
        local.Query("SELECT (SELECT count(*) FROM committed_person) || ' ' || (SELECT count(*) FROM person_root WHERE leaves IS NOT NULL)").ShouldBe(["0 0"]);

        // The public part is what it was, and says that it ended.
        var rooted = local.Other.Log.Entries.OfType<LogEntry.PersonsRooted>().ShouldHaveSingleItem();
        var ended = local.Other.Log.Entries.OfType<LogEntry.DisclosureEnded>().ShouldHaveSingleItem();
        ended.Handle.ShouldBe(rooted.Handle);
        var document = SignedDocument.Parse<DisclosureEnd>(ended.Document).Value.Document;
        (document.Kind, document.Cause, document.Handle).ShouldBe((DisclosureEndKind.Erased, DisclosureEndCause.Deadline, rooted.Handle));
        PersonProof.Verify(Encoding.UTF8.GetBytes(text), Verifier(local.Other.Log.Vkey), Verifier(local.Other.Log.WitnessVkey)).IsOk.ShouldBeTrue("what the person has stays theirs");
        await local.PageAsync($"/v1/rows/{row}/proof", HttpStatusCode.NotFound);
        (await local.SendTextAsync("/v1/proofs/find", text)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        local.Query("SELECT count(*) FROM log_alarm").ShouldBe(["0"]);
    }

    [Fact]
    public async Task Lists_ThatDifferInWhoWasDelivered_GivePublicEntriesThatDifferInHashesOnly()
    {
        var seen = new List<string>();
        foreach (var rows in new[] { new[] { ListTests.Household(10) }, [Couple(20), ListTests.Household(21, "Van den Broeck-Vermeulen", "Kerkstraat"), ListTests.Household(22)] })
        {
            await using var local = await TestLocal.StartAsync();
            (await local.ListAsync(rows)).State.ShouldBe("received");
            await local.UntilQuietAsync();
            seen.Add(string.Join('\n', local.Other.Log.Entries.Where(entry => entry is LogEntry.PackageDelivered or LogEntry.PersonsRooted or LogEntry.ReceiptTaken or LogEntry.PackageDestroyed or LogEntry.RoundPublished).Select(Shape)));
            local.Query("SELECT slots FROM person_root").ShouldBe(["256"]);
        }

        seen[1].ShouldBe(seen[0]);
        seen[0].Split('\n').Length.ShouldBe(5);
    }

    [Fact]
    public async Task Slots_TellTheBandOnly()
    {
        await using var local = await TestLocal.StartAsync();
        await local.ListAsync([.. Enumerable.Range(10, 129).Select(Couple)]);
        await local.UntilQuietAsync();
        SignedDocument.Parse<PersonsRoot>(local.Other.Log.Entries.OfType<LogEntry.PersonsRooted>().Single().Document).Value.Document.Slots.ShouldBe(512);
        local.Opened().Sum(one => one.Kept.People.Count).ShouldBe(258);
    }

    [Fact]
    public async Task Receipt_WaitsUntilTheRootIsInTheLog()
    {
        await using var local = await TestLocal.StartAsync();
        var isTaken = false;
        local.Other.TakesDocument = document => Volatile.Read(ref isTaken) || !SignedDocument.Parse<PersonsRoot>(document).IsOk;
        var (id, state, _) = await local.ListAsync(ListTests.Household(10));
        state.ShouldBe("received");
        await TestLocal.WaitAsync(() => Roots(local).Count > 2, "the root is offered again");
        local.Other.ReceiptOf(id).ShouldBeNull();
        Directory.EnumerateFileSystemEntries(Path.Combine(local.Data, "exchange")).ShouldBeEmpty("the package is gone all the same");
        Volatile.Write(ref isTaken, true);
        await local.UntilQuietAsync();
        local.Other.ReceiptOf(id)!.Outcome.ShouldBe("received");
        Roots(local).Distinct().ShouldHaveSingleItem("the same bytes at every attempt");
        var order = local.Other.Log.Entries.Select(entry => entry.GetType().Name).ToList();
        order.IndexOf(nameof(LogEntry.PersonsRooted)).ShouldBeLessThan(order.IndexOf(nameof(LogEntry.ReceiptTaken)));
    }

    [Theory]
    [InlineData("hash")]
    [InlineData("refused")]
    [InlineData("decision")]
    [InlineData("envelope")]
    [InlineData("delivered")]
    [InlineData("otherHub")]
    public async Task Log_ThatSaysSomethingElse_RejectsThePackage(string lie)
    {
        await using var local = await TestLocal.StartAsync();
        local.Other.Says = entry => (lie, entry) switch
        {
            ("refused", LogEntry.OrderPlaced placed) => placed with { Outcome = "refuse", Reasons = ["order.expired"] },
            ("decision", LogEntry.OrderDecided decided) => decided with { Document = Refusal(decided.Document, local) },
            ("envelope", LogEntry.EnvelopeDeposited deposited) => deposited with { Manifest = Bytes32.Random() },
            ("delivered", LogEntry.PackageDelivered delivered) => delivered with { Manifest = Bytes32.Random() },
            ("otherHub", LogEntry.PackageDelivered delivered) => delivered with { By = "opgroeien" },
            _ => entry,
        };

        // A second entry that does not agree with the first.
        if (lie == "hash") local.Other.BeforePackage = async id => await local.Other.Log.AppendAsync(local.Other.Log.Entries.OfType<LogEntry.OrderPlaced>().Single() with { By = "ocmw-gent", Hash = Bytes32.Random(), Order = Guid.Parse(id) });
        var (list, state, code) = await local.ListAsync(ListTests.Household(10));
        (state, code).ShouldBe(("rejected", "log.differs"));
        local.Query("SELECT count(*) FROM household").ShouldBe(["0"]);
        await local.UntilQuietAsync();
        local.Other.ReceiptOf(list)!.Code.ShouldBe("log.differs");
        local.Query("SELECT count(*) FROM log_alarm").ShouldBe(["0"]);
        if (lie != "otherHub") EndOf(local).Cause.ShouldBe(DisclosureEndCause.Rejected);
    }

    // Ids are public: anybody can bring an order under one, and have it refused.
    [Fact]
    public async Task Order_OfAnotherUnderTheSameId_ThatTheHubRefused_ChangesNothing()
    {
        await using var local = await TestLocal.StartAsync();
        local.Other.BeforePackage = id =>
        {
            var placed = local.Other.Log.Entries.OfType<LogEntry.OrderPlaced>().Single();
            return local.Other.Log.AppendAsync(placed with { By = "ocmw-gent", Hash = Bytes32.Random(), Outcome = "refuse", Reasons = ["accession.missing"] });
        };
        (await local.ListAsync(ListTests.Household(10))).State.ShouldBe("received");
    }

    [Theory]
    [InlineData("placed")]
    [InlineData("decided")]
    [InlineData("deposited")]
    [InlineData("delivered")]
    public async Task Log_ThatLacksAStep_IsWaitedForUntilTheOrdersEnd(string step)
    {
        await using var local = await TestLocal.StartAsync();
        local.Other.Says = entry => (step, entry) is ("placed", LogEntry.OrderPlaced) or ("decided", LogEntry.OrderDecided) or ("deposited", LogEntry.EnvelopeDeposited) or ("delivered", LogEntry.PackageDelivered) ? null : entry;
        local.Other.Rows = [ListTests.Household(10)];
        var id = await local.OrderAsync();
        await local.UntilAsync(id, "delivered");
        await Task.Delay(500);
        (await local.UntilAsync(id, "delivered", "received", "rejected", "failed")).ShouldBe("delivered");
        local.Other.ReceiptOf(id).ShouldBeNull();
        await local.MoveAsync(TimeSpan.FromDays(15));
        await local.UntilAsync(id, "failed");
        local.Query("SELECT code FROM ordered_list").ShouldBe(["log.entryMissing"]);
        local.Query("SELECT count(*) FROM household").ShouldBe(["0"]);
        Directory.EnumerateFileSystemEntries(Path.Combine(local.Data, "exchange")).ShouldBeEmpty();

        // Of an order that stands nowhere nobody reads on.
        if (step is "decided" or "deposited") await TestLocal.WaitAsync(() => local.Other.Log.Entries.OfType<LogEntry.DisclosureEnded>().Any(), "what was handed out is told to be gone");
    }

    [Fact]
    public async Task SourceKey_ThatIsNotInTheLog_OpensNothingUntilItIs()
    {
        await using var local = await TestLocal.StartAsync(statesSourceKey: false);
        local.Other.Rows = [ListTests.Household(10)];
        var id = await local.OrderAsync();
        await local.UntilAsync(id, "delivered");
        await Task.Delay(500);
        (await local.UntilAsync(id, "delivered", "received", "rejected", "failed")).ShouldBe("delivered");
        await local.Other.Log.StateKeysAsync("opgroeien", local.Other.SourceKey);
        await local.UntilAsync(id, "received");
    }

    [Theory]
    [InlineData("none", "manifest.checkpoint")]
    [InlineData("foreign", "manifest.checkpoint")]
    [InlineData("fork", "log.splitView")]
    public async Task Manifest_OfAnotherView_IsRejected(string what, string code)
    {
        await using var local = await TestLocal.StartAsync();
        await using var fork = await local.Other.Log.ForkAsync(keep: 1);
        await fork.StateKeysAsync("hub", local.Other.HubKey);
        await using var foreign = TestLog.Create(local.Clock.GetUtcNow);
        await foreign.BeginAsync();
        local.Other.SourceCheckpoint = () => what switch { "none" => null, "foreign" => foreign.Checkpoint, _ => fork.Checkpoint };
        var (_, state, found) = await local.ListAsync(ListTests.Household(10));
        (state, found).ShouldBe(("rejected", code));
        local.Query("SELECT count(*) FROM household").ShouldBe(["0"]);
        local.Query("SELECT count(*) FROM log_alarm").ShouldBe([what == "fork" ? "1" : "0"]);
    }

    [Fact]
    public async Task Order_CarriesTheCheckpointThatThisNodeRead()
    {
        await using var local = await TestLocal.StartAsync();
        var (id, _, _) = await local.ListAsync(ListTests.Household(10));
        var note = SignedDocument.Parse<ListOrder>(local.Other.Orders[id]).Value.Document.Checkpoint.ShouldNotBeNull();
        Checkpoint.TryOpen(Encoding.UTF8.GetBytes(note), Verifier(local.Other.Log.Vkey), out var signed, out _, out _).ShouldBeTrue();
        signed!.IsSignedBy(Verifier(local.Other.Log.WitnessVkey)).ShouldBeTrue();
    }

    [Fact]
    public async Task Order_BeforeTheLogWasRead_IsRefusedKindly()
    {
        await using var local = await TestLocal.StartAsync(before: other => other.Log.Lie = (path, bytes) => path == "checkpoint" ? null : bytes, isRead: false);
        await TestLocal.WaitAsync(() => local.Query("SELECT count(*) FROM register_reading").Single() == "1", "the register is read");
        var answer = await local.PostAsync("/lijsten", "/lijsten", ("maand", TestLocal.Month), ("akkoord", "ja"));
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("log.unread");
        local.Query("SELECT reasons FROM decision_record WHERE act = 'order.place'").ShouldBe(["log.unread"]);
        local.Other.Orders.ShouldBeEmpty();
    }

    [Fact]
    public async Task Alarm_StopsWhatRunsAndWhatWouldBegin()
    {
        await using var local = await TestLocal.StartAsync();
        local.Other.States.Clear();
        local.Other.States.Enqueue("requested");
        var id = await local.OrderAsync();
        await local.UntilAsync(id, "sent");

        // An order in this organisation's name that this node never made.
        await local.Other.Log.AppendAsync(local.Other.Log.Entries.OfType<LogEntry.OrderPlaced>().Single() with { Order = Guid.NewGuid(), Hash = Bytes32.Random() });
        await local.UntilAsync(id, "refused");
        var page = WebUtility.HtmlDecode(await local.PageAsync($"/lijsten/{id}"));
        page.ShouldContain("log.alarm");
        page.ShouldContain(Reasons.LogAlarm.Text);
        var answer = await local.PostAsync("/lijsten", "/lijsten", ("maand", TestLocal.Month), ("akkoord", "ja"));
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("log.alarm");
        local.Query("SELECT count(*) FROM decision_record WHERE reasons = 'log.alarm'").ShouldBe(["2"]);
    }

    [Fact]
    public async Task StaleLog_LetsAnOrderWaitAndGoOnWhenItIsRenewed()
    {
        await using var local = await TestLocal.StartAsync();
        local.Other.States.Clear();
        local.Other.States.Enqueue("requested");
        local.Other.Rows = [ListTests.Household(10)];
        var id = await local.OrderAsync();
        await local.UntilAsync(id, "sent");
        local.Other.Log.StaysFresh = false;
        local.Clock.Move(TimeSpan.FromMinutes(20));
        local.Other.States.Enqueue("approved");
        local.Other.States.Dequeue();
        await Task.Delay(1500);
        (await local.UntilAsync(id, "sent", "approved", "tokensSent", "refused", "failed")).ShouldBe("sent");
        local.Other.Log.StaysFresh = true;
        await local.UntilAsync(id, "received");
    }

    [Fact]
    public async Task Round_OfEveryDay_IsThereOnceAlsoWhenNothingHappened()
    {
        await using var local = await TestLocal.StartAsync();
        await TestLocal.WaitAsync(() => Rounds(local).Count == 1, "yesterday's round");
        await local.PageAsync("/werklijst");
        await local.ListAsync(ListTests.Household(10));
        await local.PageAsync("/werklijst");
        await local.MoveAsync(TimeSpan.FromDays(3));
        await TestLocal.WaitAsync(() => Rounds(local).Count == 4, "the days that passed");
        await local.UntilQuietAsync();
        Rounds(local).Select(round => round.Day).ShouldBe([new(2026, 11, 22), new(2026, 11, 23), new(2026, 11, 24), new(2026, 11, 25)]);
        await TestLocal.WaitAsync(() => local.Query("SELECT count(*) FROM round WHERE sent_at IS NULL").Single() == "0", "the hub's answer is kept");

        // What was used on the day is under its root, each with a salt of its own; another day has nothing.
        local.Query("SELECT DISTINCT day || ' ' || kind FROM round_leaf").ShouldBe(["2026-11-23 access"]);
        var used = local.Query("SELECT count(*) FROM decision_record WHERE point = 'use' AND at < 1795474800000").Single();
        local.Query("SELECT count(DISTINCT salt) FROM round_leaf").ShouldBe([used]);
        used.ShouldNotBe("0");
        var tree = PaddedRoot.Of(local.Bytes("SELECT leaves FROM round_tree WHERE day = '2026-11-23' AND kind = 'access'").Single());
        (tree.Root, tree.SlotCount).ShouldBe((Rounds(local)[1].Accesses, 256));
    }

    [Fact]
    public async Task Round_OfADayWithAConsentAndAnObjection_IsOverEach()
    {
        await using var town = await ReferralTown.StartAsync();
        var local = town.Local;
        await local.ListAsync(ListTests.Household(10));
        var household = local.Query("SELECT id FROM household").Single();
        var referral = Guid.NewGuid();
        (await local.PostAsync(ReferralTests.FormPath, $"{ReferralTests.FormPath}/versturen", ReferralTests.Form(referral))).StatusCode.ShouldBe(System.Net.HttpStatusCode.Found);
        await local.EraseAsync(ErasureCause.Objection, household);
        await local.MoveAsync(TimeSpan.FromDays(1));
        await TestLocal.WaitAsync(() => local.Query("SELECT count(*) FROM round WHERE day = '2026-11-23'").Single() == "1", "the day is made");
        local.Query("SELECT kind, subject FROM round_leaf WHERE kind <> 'access' ORDER BY kind").ShouldBe([$"consent|{referral}", $"withdrawal|{household}"]);
        foreach (var kind in new[] { "consent", "withdrawal" }) PaddedRoot.Of(local.Bytes($"SELECT leaves FROM round_tree WHERE day = '2026-11-23' AND kind = '{kind}'").Single()).SlotCount.ShouldBe(256);
    }

    [Fact]
    public async Task Round_OfTheDayOfAnErasure_IsOverIt()
    {
        await using var local = await TestLocal.StartAsync();
        var (id, _, _) = await local.ListAsync(ListTests.Household(10));
        await local.UntilQuietAsync();
        await local.MoveAsync(TimeSpan.FromDays(30));
        await local.EraseAsync();
        await local.MoveAsync(TimeSpan.FromDays(1));
        await TestLocal.WaitAsync(() => local.Query("SELECT count(*) FROM round WHERE sent_at IS NOT NULL").Single() == "32", "every day is published");
        local.Query("SELECT day || ' ' || subject FROM round_leaf WHERE kind = 'erasure'").ShouldBe([$"2026-12-23 {id}"]);
        Rounds(local).Select(round => round.Day).Distinct().Count().ShouldBe(32);
        Rounds(local).SelectMany(round => new[] { round.Accesses, round.Consents, round.Withdrawals, round.Erasures }).Distinct().Count().ShouldBe(128, "no two roots are ever equal");
    }

    [Fact]
    public async Task Round_WhoseHourComesWhileAnotherIsSent_IsPublishedThen()
    {
        await using var local = await TestLocal.StartAsync();
        await TestLocal.WaitAsync(() => Sent(local) == 1, "the day before is published");
        var moves = 1;
        local.Other.TakesDocument = _ =>
        {
            if (Interlocked.Decrement(ref moves) == 0) local.Clock.Move(TimeSpan.FromDays(1));
            return true;
        };
        local.Clock.Move(TimeSpan.FromDays(1));
        await TestLocal.WaitAsync(() => Sent(local) == 3, "the day whose hour came is published too");
    }

    private static int Sent(TestLocal local) => int.Parse(local.Query("SELECT count(*) FROM round WHERE sent_at IS NOT NULL").Single(), System.Globalization.CultureInfo.InvariantCulture);

    // At three in the morning in Brussels, in winter and in summer, and on the two days on which the clock moves.
    [Theory]
    [InlineData("2026-11-23T01:59:59Z", "2026-11-21", "2026-11-23T02:00:00Z")]
    [InlineData("2026-11-23T02:00:00Z", "2026-11-22", "2026-11-24T02:00:00Z")]
    [InlineData("2026-07-01T00:59:59Z", "2026-06-29", "2026-07-01T01:00:00Z")]
    [InlineData("2026-07-01T01:00:00Z", "2026-06-30", "2026-07-02T01:00:00Z")]
    [InlineData("2026-03-28T12:00:00Z", "2026-03-27", "2026-03-29T01:00:00Z")]
    [InlineData("2026-03-29T01:00:00Z", "2026-03-28", "2026-03-30T01:00:00Z")]
    [InlineData("2026-10-24T12:00:00Z", "2026-10-23", "2026-10-25T02:00:00Z")]
    [InlineData("2026-10-25T01:59:59Z", "2026-10-23", "2026-10-25T02:00:00Z")]
    public void Round_IsDueAtTheSameHourInSummerAndWinter(string now, string due, string next)
    {
        var at = Moment(now);
        PublishRounds.DueDay(at).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture).ShouldBe(due);
        PublishRounds.NextAfter(at).ShouldBe(Moment(next));
    }

    internal static OfferedRow Couple(int at) => new([TestNumbers.Of(at)],
        $$"""{"beneficiaries":[{"givenNames":"An{{at}}","familyName":"Peeters"},{"givenNames":"Bo{{at}}","familyName":"Claes"}],"street":"Molenstraat","houseNumber":"{{at}}","postcode":"9300","place":"Aalst","referenceMonth":"2026-10"}""");

    private static DateTimeOffset Moment(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static NoteVerifier Verifier(string key) => NoteVerifier.TryParse(key, out var verifier) ? verifier : throw new InvalidOperationException("No key.");

    private static List<RoundRoots> Rounds(TestLocal local) => [.. local.Other.Log.Entries.OfType<LogEntry.RoundPublished>().Select(entry => SignedDocument.Parse<RoundRoots>(entry.Document).Value.Document)];

    private static List<string> Roots(TestLocal local) => [.. local.Other.Documents.Where(document => SignedDocument.Parse<PersonsRoot>(document).IsOk)];

    private static DisclosureEnd EndOf(TestLocal local) => SignedDocument.Parse<DisclosureEnd>(local.Other.Log.Entries.OfType<LogEntry.DisclosureEnded>().ShouldHaveSingleItem().Document).Value.Document;

    private static string Refusal(string permit, TestLocal local) => SignedDocument.Sign(
        SignedDocument.Parse<SourceDecision>(permit).Value.Document with { Outcome = "refuse", Reasons = [new() { Code = "source.refused", Text = "Neen." }] }, local.Other.SourceKey).Compact;

    private static byte[] CommitmentOf(string text)
    {
        var proof = PersonProof.Read(Encoding.UTF8.GetBytes(text)).Value;
        return PersonCommitment.Of(proof.Statement, proof.Salt).ToArray();
    }

    // An entry with every hash, signature and moment replaced by its length.
    private static string Shape(LogEntry entry)
    {
        var members = JsonNode.Parse(LogEntryFormat.Write(entry))!.AsObject();
        if (members["document"] is { } document) members["document"] = string.Join('.', ((string)document!).Split('.').Select((part, at) => at == 1 ? Encoding.UTF8.GetString(Decode(part)) : $"<{part.Length}>"));
        return Varying().Replace(members.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }), match => $"<{match.Length}>");
    }

    private static byte[] Decode(string text) => StrictBase64Url.TryDecode(text, out var bytes) ? bytes : throw new InvalidOperationException("No base64url.");

    [GeneratedRegex("[A-Za-z0-9_-]{43}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z")]
    private static partial Regex Varying();
}
