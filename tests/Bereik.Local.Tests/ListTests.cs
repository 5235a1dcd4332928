using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Register;
using Bereik.Node.Registers;
using Bereik.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Bereik.Local.Tests;

/// <summary>The way of a list at the local node, with a hub and a source that do what the test says.</summary>
public sealed class ListTests
{
    [Fact]
    public async Task Unknown_FromAnHonestHub_HoldsTheFieldsOfTheProtocolAndNothingElse()
    {
        await using var local = await TestLocal.StartAsync();
        var (id, state, _) = await local.ListAsync(Household(10), Household(0), Household(11));
        state.ShouldBe("received");
        local.Opened().Select(one => one.Kept.Record).Select(one => $"{one.Beneficiaries.Single().GivenNames} {one.Beneficiaries.Single().FamilyName}|{one.Street}|{one.HouseNumber}|{one.Postcode}|{one.Place}|{one.ReferenceMonth}").Order().ShouldBe(
            ["An10 Peeters|Molenstraat|10|9300|Aalst|2026-10", "An11 Peeters|Molenstraat|11|9300|Aalst|2026-10"]);
        local.Query("SELECT DISTINCT purpose FROM household").ShouldBe(["outreach"]);
        local.Query("SELECT name FROM pragma_table_info('household') ORDER BY name").ShouldBe(
            [
                "assigned_name", "assigned_to", "clause", "closed_as", "contacted_on", "delete_by", "id", "inform_by", "informed_on", "list_id", "next_on", "outcome", "protocol_hash", "protocol_id", "protocol_version", "purpose", "received_on",
                "record",
            ]);
        await local.UntilQuietAsync();
        local.Other.ReceiptOf(id)!.Outcome.ShouldBe("received");
        Directory.EnumerateFileSystemEntries(Path.Combine(local.Data, "exchange")).ShouldBeEmpty();
        (await local.PageAsync($"/lijsten/{id}")).ShouldContain("U kreeg 2 gezinnen");
    }

    [Fact]
    public async Task Match_FromAnHonestHub_FindsTheOwnResidentsBackByTheirOwnNumber()
    {
        var (old, present) = (TestNumbers.Of(5), TestNumbers.Of(6));
        await using var local = await TestLocal.StartAsync(isOcmw: false, people: $"insz;given_name;family_name;linked\n{present};An;Peeters;{old}\n{TestNumbers.Of(7)};Jo;Claes;\n");
        var (_, state, _) = await local.ListAsync(Child(old), Child(TestNumbers.Of(8)));
        state.ShouldBe("received");
        local.Query("SELECT insz, purpose FROM grant_row").ShouldBe([$"{present}|automaticGrant"]);
        (await local.PageAsync("/toekenning")).ShouldContain("An Peeters");
    }

    [Theory]
    [InlineData("swap", "row.order")]
    [InlineData("edit", "row.tampered")]
    [InlineData("duplicate", "row.duplicate")]
    [InlineData("manifest", "manifest.signature")]
    [InlineData("withhold", "checkRows.missing")]
    [InlineData("truncate", "row.shape")]
    public async Task Package_Touched_IsRejectedWholeAndSaidOnThePage(string attack, string code)
    {
        await using var local = await TestLocal.StartAsync();
        local.Other.Attack = lines =>
        {
            switch (attack)
            {
                case "swap": (lines[2], lines[3]) = (lines[3], lines[2]); break;
                case "edit": lines[2] = lines[2].Replace(lines[2].Substring(12, 43), Token.Random().ToBase64Url(), StringComparison.Ordinal); break;
                case "duplicate": lines.Insert(3, lines[2]); break;
                case "manifest": lines[0] = lines[0][..^8] + (lines[0][^8] == 'A' ? 'B' : 'A') + lines[0][^7..]; break;
                case "withhold": return [.. lines.Take(20)];
                case "truncate": lines[2] = lines[2][..80]; break;
            }

            return lines;
        };
        var (id, state, found) = await local.ListAsync([.. Enumerable.Range(10, 30).Select(Household)]);
        (state, found).ShouldBe(("rejected", code));
        local.Query("SELECT count(*) FROM household").ShouldBe(["0"]);
        var page = await local.PageAsync($"/lijsten/{id}");
        page.ShouldContain("Pakket geweigerd");
        page.ShouldContain(code);
        (await local.PageAsync("/werklijst")).ShouldNotContain("Peeters");
        await local.UntilQuietAsync();
        if (attack != "manifest") local.Other.ReceiptOf(id)!.Code.ShouldBe(code);
        Directory.EnumerateFileSystemEntries(Path.Combine(local.Data, "exchange")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Package_SealedToAnotherKey_IsRejected()
    {
        await using var local = await TestLocal.StartAsync();
        using var other = SealingKey.Generate();
        local.Other.Recipient = other.PublicKey;
        var (_, state, code) = await local.ListAsync(Household(10));
        (state, code).ShouldBe(("rejected", "manifest.recipientKey"));
    }

    [Theory]
    [InlineData("signature", "jws.kid")]
    [InlineData("refuses", "decision.refuses")]
    [InlineData("order", "decision.otherOrder")]
    public async Task Approval_NotOfTheSource_OpensNothing(string wrong, string code)
    {
        await using var local = await TestLocal.StartAsync();
        using var stranger = SigningKey.Generate();
        local.Other.Decide = decision => wrong switch
        {
            "refuses" => decision with { Outcome = "refuse", Reasons = [new() { Code = "source.refused", Text = "Neen." }] },
            "order" => decision with { Order = Bytes32.Random() },
            _ => decision,
        };
        if (wrong == "signature") local.Other.Decider = stranger;
        var (id, state, found) = await local.ListAsync(Household(10));
        (state, found).ShouldBe(("failed", code));
        local.Other.TokenSets.ContainsKey(id).ShouldBeFalse("no token left before the source's own word");
    }

    [Fact]
    public async Task Approval_OfAHeldSetThatTheSourceDidNotSignFor_OpensNothing()
    {
        await using var local = await TestLocal.StartAsync();
        local.Other.States.Clear();
        local.Other.States.Enqueue("held");
        local.Other.States.Enqueue("approved");
        local.Other.Decide = decision => decision with { AcceptsKnownSet = false };
        (await local.ListAsync(Household(10))).Code.ShouldBe("decision.knownSetNotAccepted");
    }

    [Fact]
    public async Task Order_Refused_ShowsTheReasonInWords()
    {
        await using var local = await TestLocal.StartAsync();
        local.Other.States.Clear();
        local.Other.States.Enqueue("refused");
        var (id, state, _) = await local.ListAsync(Household(10));
        state.ShouldBe("refused");
        (await local.PageAsync($"/lijsten/{id}")).ShouldContain("De bron kijkt dit na.");
    }

    [Fact]
    public async Task Order_TwiceForOneMonth_IsRefusedHereWithItsReason()
    {
        await using var local = await TestLocal.StartAsync();
        (await local.ListAsync(Household(10))).State.ShouldBe("received");
        var again = await local.PostAsync("/lijsten", "/lijsten", ("maand", TestLocal.Month), ("akkoord", "ja"));
        again.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await again.Content.ReadAsStringAsync()).ShouldContain("periodicity.exceeded");
        local.Other.Orders.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Order_NotSignedForOrWithoutMonth_SaysBoth()
    {
        await using var local = await TestLocal.StartAsync();
        var answer = await local.PostAsync("/lijsten", "/lijsten", ("maand", "morgen"));
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var page = await answer.Content.ReadAsStringAsync();
        page.ShouldContain("id=\"maand-fout\"");
        page.ShouldContain("id=\"akkoord-fout\"");
        local.Other.Orders.ShouldBeEmpty();
    }

    [Fact]
    public async Task TokenSet_LostByTheHub_IsSentAgainByteForByte()
    {
        await using var local = await TestLocal.StartAsync();
        local.Other.LosesTokens = 2;
        (await local.ListAsync(Household(10))).State.ShouldBe("received");
        local.Other.Deposits.Count.ShouldBe(3);
        local.Other.Deposits.Select(Convert.ToHexString).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task TokenSet_Sent_HoldsNoNumberAndIsPaddedToTheBand()
    {
        await using var local = await TestLocal.StartAsync();
        var (id, _, _) = await local.ListAsync(Household(10));
        var set = Encoding.ASCII.GetString(local.Other.TokenSets[id]);
        set.ShouldNotContain(TestNumbers.Of(0));
        var tokens = set.TrimEnd('\n').Split('\n').Skip(1).ToList();
        (tokens.Count % 128).ShouldBe(0);
        tokens.Distinct().Count().ShouldBe(tokens.Count);
        local.Query("SELECT order_jws FROM ordered_list").ShouldHaveSingleItem().ShouldNotContain(TestNumbers.Of(0));
    }

    // The node has nothing that depends on which of its own clients the source also has: two runs that differ only in that leave the same store.
    [Fact]
    public async Task Suspension_StopsARunningOrder_InTheVeryPollThatReadsIt()
    {
        await using var local = await TestLocal.StartAsync();
        local.Other.States.Clear();
        local.Other.States.Enqueue("requested");
        var id = await local.OrderAsync();
        await local.UntilAsync(id, "sent");

        // One poll may have read the register just before. The next reads the suspension and asks the hub for nothing more.
        var suspension = Acceding.Stop(ShippedProtocols.Of(Flow.Unknown), "ocmw-aalst", StopKind.Suspend, local.Other.HubKey, local.Clock.GetUtcNow());
        var (told, asked) = (false, 0);
        local.Other.Heard = what =>
        {
            if (what == "register" && !told && local.Other.Register.Any(entry => entry.Event == suspension)) told = true;
            else if (what == "order" && told) asked++;
        };
        local.Other.Register = Acceding.After(local.Other.Register, suspension, local.Clock.GetUtcNow());
        await local.UntilAsync(id, "refused");
        asked.ShouldBeLessThanOrEqualTo(1);
        var page = await local.PageAsync($"/lijsten/{id}");
        page.ShouldContain("accession.suspended");
        System.Net.WebUtility.HtmlDecode(page).ShouldContain(Reasons.AccessionSuspended.Text);
    }

    [Fact]
    public async Task Unknown_WhicheverClientsWereWithheld_LeavesTheSameAtTheLocalNode()
    {
        var people = "insz;opened;closed\n" + string.Concat(Enumerable.Range(0, 40).Select(at => $"{TestNumbers.Of(at)};2026-01-05;\n"));
        var seen = new List<string>();
        foreach (var withheld in new[] { Enumerable.Range(0, 10), Enumerable.Range(20, 10), [] })
        {
            await using var local = await TestLocal.StartAsync(people: people);
            (await local.ListAsync([.. withheld.Concat(Enumerable.Range(100, 5)).Select(Household)])).State.ShouldBe("received");
            await local.UntilQuietAsync();
            seen.Add(string.Join('\n',
                from table in local.Query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
                where table is not ("pseudonym_base" or "work" or "applied_migration" or "seen_request" or "register_reading" or "colleague" or "session" or "attestation_event") && !table.StartsWith("log_", StringComparison.Ordinal) && !table.StartsWith("own_", StringComparison.Ordinal)
                let columns = string.Join(", ", local.Query($"SELECT name FROM pragma_table_info('{table}')").Where(column => !Random.Contains(column)).Select(column => $"\"{column}\""))
                where columns.Length > 0
                from row in local.Query($"SELECT {columns} FROM {table}").Order(StringComparer.Ordinal)
                select $"{table}: {row}"));
            seen[^1] += string.Join('\n', local.Opened().Select(one => string.Join(' ', one.Kept.Names())).Order(StringComparer.Ordinal).Concat(local.Query("SELECT length(record) FROM household")));
        }

        seen[1].ShouldBe(seen[0]);
        seen[2].ShouldBe(seen[0]);
        seen[0].ShouldContain("An100 Peeters");
    }

    // Random by design (ids, nonces, choice, signatures of the register) or a moment.
    private static readonly string[] Random = ["id", "list_id", "file_id", "order_jws", "receipt_jws", "check_choice", "at", "asked_at", "expires_at", "applied_at", "subject", "facts", "event", "chain", "read_at", "decision_jws", "row_id", "slot", "salt", "handle", "root", "leaves", "document", "exchange", "log_index", "sent_at", "record"];

    internal static OfferedRow Household(int at) => new([TestNumbers.Of(at)],
        $$"""{"beneficiaries":[{"givenNames":"An{{at}}","familyName":"Peeters"}],"street":"Molenstraat","houseNumber":"{{at}}","postcode":"9300","place":"Aalst","referenceMonth":"2026-10"}""");

    internal static OfferedRow Household(int at, string family, string street) => new([TestNumbers.Of(at)], new JsonObject
    {
        ["beneficiaries"] = new JsonArray(new JsonObject { ["givenNames"] = "An", ["familyName"] = family }),
        ["street"] = street, ["houseNumber"] = "1", ["postcode"] = "9300", ["place"] = "Aalst", ["referenceMonth"] = "2026-10",
    }.ToJsonString());

    internal static OfferedRow Child(string number) => new([number], "");

    // A reading that ends just after the clock was looked at was read in no future: it is the freshest there is.
    [Fact]
    public async Task Register_ReadWhileADecisionIsMade_IsFresh()
    {
        await using var local = await TestLocal.StartAsync();
        await using var scope = local.Services.CreateAsyncScope();
        var clock = new ClockOfAReader(local);
        var register = ActivatorUtilities.CreateInstance<ProtocolRegister>(scope.ServiceProvider, clock);
        var facts = await register.FactsAsync(ShippedProtocols.Of(Flow.Unknown), new OrganisationId(local.Organisation), TestContext.Current.CancellationToken);
        clock.Looks.ShouldBe(1);
        facts.Age.ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(TimeSpan.Zero);
    }

    // Whenever it is looked at, the register is read a second later.
    private sealed class ClockOfAReader(TestLocal local) : TimeProvider
    {
        public int Looks { get; private set; }

        public override DateTimeOffset GetUtcNow()
        {
            Looks++;
            var now = local.Clock.GetUtcNow();
            local.Execute($"UPDATE register_reading SET read_at = {now.AddSeconds(1).ToUnixTimeMilliseconds()}");
            return now;
        }
    }
}
