using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Signatures;
using Bereik.Local.Households;
using Bereik.Node.Access;
using Shouldly;
using Xunit;

namespace Bereik.Local.Tests;

/// <summary>What is erased is gone from every file and stays gone: after a kill, and when store or keys are put back from a copy; and what is said of it is signed.</summary>
public sealed partial class ErasureTests
{
    private static readonly string[] Marked = ["Zoë-Marked", "Qwertman", "Kasteeldreefstraat"];

    [Fact]
    public async Task Household_WhileItIsKeptAndAfter_StandsInNoFileInAnyForm()
    {
        await using var local = await TestLocal.StartAsync();
        await local.ListAsync(MarkedRow(), ListTests.Household(11));
        await local.UntilQuietAsync();
        foreach (var word in Marked) WebUtility.HtmlDecode(await local.PageAsync("/werklijst?volgorde=straat")).ShouldContain(word);
        (await (await local.PostAsync("/werklijst", "/werklijst", ("zoek", "qwertman kasteel"))).Content.ReadAsStringAsync()).ShouldSatisfyAllConditions(page => page.ShouldContain("Qwertman"), page => page.ShouldNotContain("An11"));
        Found(local).ShouldBeEmpty("sealed while it is kept");
        var id = local.Opened().Single(one => one.Kept.Names()[0].Contains("Qwertman", StringComparison.Ordinal)).Id;
        var (record, key) = (local.Bytes($"SELECT record FROM household WHERE id = '{id}'").Single(), KeyOf(local, id));
        local.Holds(record).ShouldBeTrue("the search finds what is there");
        local.Holds(key).ShouldBeTrue("the search finds what is there");

        (await local.EraseAsync(ErasureCause.Objection, id)).ShouldBe(1);
        await local.EraseAsync();
        Found(local).ShouldBeEmpty();
        local.Holds(record).ShouldBeFalse();
        local.Holds(key).ShouldBeFalse();
        (await local.PageAsync("/werklijst")).ShouldNotContain("Qwertman");
        (await local.PageAsync("/werklijst")).ShouldContain("An11 Peeters", customMessage: "the other is still there");
        await local.PageAsync($"/v1/rows/{id}/proof", HttpStatusCode.NotFound);
        (await local.EraseAsync(ErasureCause.Objection, id)).ShouldBe(0, "once");

        // The forms are searched for: each is found where it does stand.
        foreach (var form in Forms(Marked[1]))
        {
            var file = Path.Combine(local.Data, "control");
            File.WriteAllBytes(file, [.. "xx"u8, .. form]);
            Found(local).ShouldNotBeEmpty();
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Erasure_CutOffAfterTheKeys_IsFinishedBeforeTheFirstPageWithItsCause()
    {
        await using var local = await TestLocal.StartAsync();
        await local.ListAsync(MarkedRow(), ListTests.Household(11));
        await local.UntilQuietAsync();
        await local.PageAsync("/werklijst");
        var id = local.Opened().Single(one => one.Kept.Names()[0].Contains("Qwertman", StringComparison.Ordinal)).Id;
        var at = local.Clock.GetUtcNow();
        local.Service<HouseholdKeys>().Destroy([id], ErasureCause.Objection, at);
        local.Query($"SELECT count(*) FROM household WHERE id = '{id}'").ShouldBe(["1"]);
        await local.RestartAsync();
        local.Query($"SELECT count(*) FROM household WHERE id = '{id}'").ShouldBe(["0"]);
        local.Query("SELECT id, kind, cause, is_late, erased_at FROM erasure").ShouldBe([$"{id}|household|objection|0|{at.ToUnixTimeSeconds() * 1000}"]);
        var page = await local.PageAsync("/werklijst");
        page.ShouldNotContain("Qwertman");
        page.ShouldContain("An11 Peeters");
    }

    // The store of before the erasure comes back; in the second case the old keys too, and what was destroyed is still written down.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Restored_Copy_BringsNobodyBack(bool withKeys)
    {
        await using var local = await TestLocal.StartAsync();
        await local.ListAsync(MarkedRow(), ListTests.Household(11));
        await local.UntilQuietAsync();
        var (store, keys) = (new Dictionary<string, byte[]>(), new Dictionary<string, byte[]>());
        await local.RestartAsync(() =>
        {
            foreach (var file in Directory.GetFiles(local.Data, "node.db*")) store[file] = File.ReadAllBytes(file);
            foreach (var file in KeyFiles(local)) keys[file] = File.ReadAllBytes(file);
        });
        var id = local.Opened().Single(one => one.Kept.Names()[0].Contains("Qwertman", StringComparison.Ordinal)).Id;
        var key = KeyOf(local, id);
        (await local.EraseAsync(ErasureCause.OwnFile, id)).ShouldBe(1);
        await local.EraseAsync();
        await local.RestartAsync(() =>
        {
            foreach (var file in Directory.GetFiles(local.Data, "node.db*")) File.Delete(file);
            foreach (var (file, bytes) in store) File.WriteAllBytes(file, bytes);
            if (!withKeys) return;
            foreach (var (file, bytes) in keys) File.WriteAllBytes(file, bytes);
            local.Holds(key).ShouldBeTrue("the old key is there again");
        });
        local.Query($"SELECT count(*) FROM household WHERE id = '{id}'").ShouldBe(["0"]);
        local.Query("SELECT id, cause FROM erasure").ShouldBe([$"{id}|ownFile"]);
        local.Holds(key).ShouldBeFalse();
        Found(local).ShouldBeEmpty();
        (await local.PageAsync("/werklijst")).ShouldNotContain("Qwertman");
        (await local.PageAsync("/werklijst")).ShouldContain("An11 Peeters");
        await local.PageAsync($"/v1/rows/{id}/proof", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Import_AfterABlockThatWasCutOff_HasAllItsRows()
    {
        await using var local = await TestLocal.StartAsync();
        local.Other.BeforePackage = id => File.WriteAllBytesAsync(Path.Combine(local.Data, "households", $"{id}.key"), RandomNumberGenerator.GetBytes(70));
        (await local.ListAsync(MarkedRow(), ListTests.Household(11))).State.ShouldBe("received");
        local.Opened().Count.ShouldBe(2);
        await local.RestartAsync();
        local.Opened().Count.ShouldBe(2);
        KeyFiles(local).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Row_WhoseKeyIsNotThere_IsShownToNobody()
    {
        await using var local = await TestLocal.StartAsync();
        await local.ListAsync(MarkedRow());
        await local.UntilQuietAsync();
        await local.RestartAsync(() => File.Delete(KeyFiles(local).Single()));
        var row = local.Query("SELECT id FROM household").ShouldHaveSingleItem();
        (await local.PageAsync("/werklijst")).ShouldNotContain("Qwertman");
        await local.PageAsync($"/v1/rows/{row}/proof", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Page_TellsCountsByDayADryRunAndWhatIsLate_AndNeverAName()
    {
        await using var local = await TestLocal.StartAsync();
        var (list, _, _) = await local.ListAsync(MarkedRow(), ListTests.Household(11), ListTests.Household(12));
        await local.UntilQuietAsync();
        var page = await local.PageAsync("/wissen");
        Table(page, "kalender").ShouldBe(["22 december 2026|Gezinnen – oktober 2026|3"]);
        page.ShouldContain("Er is nu niets te wissen.");
        page.ShouldNotContain("te-laat");

        // Two that ought to be gone since Saturday the 21st, as when the node had not worked.
        var late = local.Query("SELECT id FROM household").Take(2).ToList();
        local.Execute($"UPDATE household SET inform_by = '2026-11-20' WHERE id IN ('{late[0]}', '{late[1]}')");
        page = await local.PageAsync("/wissen");
        Table(page, "nu").ShouldBe(["Gezinnen – oktober 2026|2"]);
        Table(page, "te-laat").ShouldBe(["Gezinnen – oktober 2026|2|20 november 2026|Nog niet gewist|2 dagen te laat"]);
        Table(page, "kalender").ShouldBe(["22 december 2026|Gezinnen – oktober 2026|1"]);
        local.Query("SELECT count(*) FROM household").ShouldBe(["3"], "a trial erases nothing");

        await local.EraseAsync();
        local.Query("SELECT count(*) FROM household").ShouldBe(["1"], "what the trial counted");
        page = await local.PageAsync("/wissen");
        page.ShouldContain("Er is nu niets te wissen.");
        Table(page, "te-laat").ShouldBe(["Gezinnen – oktober 2026|2|20 november 2026|23 november 2026|2 dagen te laat"]);
        Table(page, "gewist").ShouldHaveSingleItem().ShouldContain("|2|De termijn is voorbij|20 november 2026|");
        page.ShouldContain($"/lijsten/{list}");
        foreach (var word in Marked) WebUtility.HtmlDecode(page).ShouldNotContain(word);

        // For whom it is, and for nobody else.
        foreach (var role in new[] { Role.DataProtectionOfficer, Role.DataSteward }) (await local.Person(role).PageAsync("/wissen")).ShouldContain("Wissen");
        var attest = local.Query("SELECT id FROM erasure_attest").Single();
        foreach (var role in new[] { Role.SocialWorker, Role.TeamLead, Role.Clerk, Role.ProtocolAuthor, Role.Operator })
        {
            await local.Person(role).PageAsync("/wissen", HttpStatusCode.Forbidden);
            await local.Person(role).PageAsync($"/wissen/{attest}/attest", HttpStatusCode.Forbidden);
        }
    }

    [Fact]
    public async Task Certificate_IsSignedByTheNodeAndNamesIdsOnly()
    {
        await using var local = await TestLocal.StartAsync();
        await local.ListAsync(MarkedRow(), ListTests.Household(11));
        await local.UntilQuietAsync();
        var ids = local.Query("SELECT id FROM household ORDER BY id");
        await local.EraseAsync(ErasureCause.OwnFile, [.. ids]);
        var id = local.Query("SELECT id FROM erasure_attest").ShouldHaveSingleItem();
        var compact = await local.PageAsync($"/wissen/{id}/attest");
        var signed = SignedDocument.Open<ErasureCertificate>(compact, local.Other.LocalKey.PublicKey).Value.Document;
        (signed.Id, signed.Organisation, signed.Kind, signed.Cause, signed.OtherFile, signed.Due, signed.Count).ShouldBe((Guid.Parse(id), "ocmw-aalst", ErasedKind.Household, ErasureCause.OwnFile, true, new DateOnly(2026, 12, 21), 2));
        signed.Ids.Select(one => one.ToString("D")).ShouldBe(ids);
        local.Query("SELECT id, attest_id FROM erasure ORDER BY id").ShouldBe(ids.Select(one => $"{one}|{id}"));
        var payload = Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(compact.Split('.')[1]));
        payload.ShouldMatch("""^\{"id":"[0-9a-f-]{36}","organisation":"ocmw-aalst","kind":"household","cause":"ownFile","otherFile":true,"due":"2026-12-21","count":2,"ids":\["[0-9a-f-]{36}","[0-9a-f-]{36}"\],"at":"[0-9TZ:-]+"\}$""");
        await local.PageAsync($"/wissen/{Guid.NewGuid()}/attest", HttpStatusCode.NotFound);

        // Another key, or a certificate with another word in it, is refused.
        using var stranger = Exchange.Keys.SigningKey.Generate();
        SignedDocument.Open<ErasureCertificate>(compact, stranger.PublicKey).Error.Code.ShouldBe("jws.kid");
        var forged = SignedDocument.Sign(signed with { Cause = ErasureCause.Deadline, OtherFile = null }, stranger).Compact.Split('.');
        SignedDocument.Open<ErasureCertificate>($"{compact.Split('.')[0]}.{forged[1]}.{compact.Split('.')[2]}", local.Other.LocalKey.PublicKey).Error.Code.ShouldBe("jws.signature");

        // Nobody takes a line back.
        Should.Throw<Microsoft.Data.Sqlite.SqliteException>(() => local.Execute("DELETE FROM erasure")).Message.ShouldContain("erasure.kept");
        Should.Throw<Microsoft.Data.Sqlite.SqliteException>(() => local.Execute("UPDATE erasure_attest SET days_late = 3")).Message.ShouldContain("erasure.kept");
    }

    [Fact]
    public async Task Resident_OfAMatchList_HasALineToo()
    {
        await using var local = await TestLocal.StartAsync(isOcmw: false);
        await local.ListAsync(ListTests.Child(TestNumbers.Of(0)));
        await local.UntilQuietAsync();
        var row = local.Query("SELECT id FROM grant_row").Single();
        local.Execute("UPDATE grant_row SET inform_by = '2026-11-22'");
        await local.EraseAsync();
        local.Query("SELECT id, kind, cause, is_late FROM erasure").ShouldBe([$"{row}|grant|deadline|0"]);
        Table(await local.PageAsync("/wissen"), "gewist").ShouldHaveSingleItem().ShouldContain("Toekenningen");
    }

    [Theory]
    [InlineData("U15", "ownFile")]
    [InlineData("U07", "objection")]
    [InlineData("U13", "outcome")]
    [InlineData(null, "withdrawn")]
    public async Task Referral_Ended_HasALineWithItsCause(string? outcome, string cause)
    {
        await using var town = await ReferralTown.StartAsync();
        var id = await town.SendAsync(ReferralTown.FromTeam);
        await town.UntilToldAsync(id, ReferralAct.Receive);
        Table(await town.Local.PageAsync("/wissen"), "kalender").ShouldHaveSingleItem().ShouldEndWith("Doorverwijzingen|1");
        await DoAsync(town, id, "aanvaarden");
        await DoAsync(town, id, "contact", ("kanaal", "visit"), ("bereikt", "ja"), ("volgende", ""));
        await DoAsync(town, id, outcome is null ? "intrekken" : "afsluiten", outcome is null ? [] : [("uitkomst", outcome), ("overgenomen", "ja")]);
        town.Local.Query("SELECT id, kind, cause, is_late FROM erasure").ShouldBe([$"{id}|referral|{cause}|0"]);
        var attest = town.Local.Query("SELECT id FROM erasure_attest").Single();
        SignedDocument.Open<ErasureCertificate>(await town.Local.PageAsync($"/wissen/{attest}/attest"), town.Local.Other.LocalKey.PublicKey).Value.Document.OtherFile.ShouldBe(cause == "ownFile" ? true : null);
        await town.UntilToldAsync(id, ReferralAct.Erase);
    }

    [Fact]
    public async Task Referral_KilledAfterItsKey_IsErasedAtTheNextStartAndTheReferrerHearsIt()
    {
        await using var town = await ReferralTown.StartAsync();
        var id = await town.SendAsync(ReferralTown.FromTeam);
        await town.UntilToldAsync(id, ReferralAct.Receive);
        town.Local.Service<HouseholdKeys>().Destroy([id.ToString("D")], ErasureCause.Outcome, town.Local.Clock.GetUtcNow());
        town.Local.Query($"SELECT record IS NULL FROM referral WHERE id = '{id}'").ShouldBe(["0"]);
        await town.Local.RestartAsync();
        town.Local.Query($"SELECT record IS NULL, erased_at IS NULL FROM referral WHERE id = '{id}'").ShouldBe(["1|0"]);
        town.Local.Query("SELECT id, cause FROM erasure").ShouldBe([$"{id}|outcome"]);
        await town.UntilToldAsync(id, ReferralAct.Erase);
    }

    private static OfferedRow MarkedRow() => new([TestNumbers.Of(10)],
        $$"""{"beneficiaries":[{"givenNames":"{{Marked[0]}}","familyName":"{{Marked[1]}}"}],"street":"{{Marked[2]}}","houseNumber":"10","postcode":"9300","place":"Aalst","referenceMonth":"2026-10"}""");

    private static string[] KeyFiles(TestLocal local) => Directory.GetFiles(Path.Combine(local.Data, "households"), "*.key");

    // The key of a household, from the file of its block.
    private static byte[] KeyOf(TestLocal local, string id)
    {
        foreach (var entry in KeyFiles(local).SelectMany(file => File.ReadAllBytes(file).Chunk(48)))
        {
            if (new Guid(entry.AsSpan(0, 16), bigEndian: true) == Guid.Parse(id)) return entry[16..];
        }

        throw new InvalidOperationException("The key is not there.");
    }

    private static List<string> Found(TestLocal local) => [.. Marked.Where(word => Forms(word).Any(local.Holds))];

    // As text, as UTF-16, in base64 at each of the three places where it can begin, and in hexadecimal.
    private static IEnumerable<byte[]> Forms(string word)
    {
        var text = Encoding.UTF8.GetBytes(word);
        yield return text;
        yield return Encoding.UTF8.GetBytes(System.Text.Json.JsonEncodedText.Encode(word).ToString());
        yield return Encoding.Unicode.GetBytes(word);
        yield return Encoding.BigEndianUnicode.GetBytes(word);
        yield return Encoding.ASCII.GetBytes(Convert.ToHexString(text));
        yield return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(text));
        for (var before = 0; before < 3; before++)
        {
            // Whole characters that the word alone decides: without those that share bits with what stands before and after.
            var base64 = Convert.ToBase64String([.. new byte[before], .. text]);
            var from = ((before * 8) + 5) / 6;
            yield return Encoding.ASCII.GetBytes(base64[from..((before + text.Length) * 8 / 6)]);
        }
    }

    private static async Task DoAsync(ReferralTown town, Guid id, string act, params (string, string)[] fields)
    {
        var answer = await town.Local.PostAsync($"/verwijzingen/{id}", $"/verwijzingen/{id}/{act}", fields);
        answer.StatusCode.ShouldBe(HttpStatusCode.Found, await answer.Content.ReadAsStringAsync());
    }

    // The cells of a table's rows, as a person reads them.
    private static IReadOnlyList<string> Table(string page, string id)
    {
        var from = page.IndexOf($"id=\"{id}\"", StringComparison.Ordinal);
        if (from < 0) return [];
        var body = page[page.IndexOf("<tbody", from, StringComparison.Ordinal)..page.IndexOf("</table>", from, StringComparison.Ordinal)];
        return [.. Row().Matches(body).Select(row => string.Join('|', Cell().Matches(row.Value).Select(cell => Text(cell.Value))))];
    }

    private static string Text(string html) => Spaces().Replace(WebUtility.HtmlDecode(Tag().Replace(Label().Replace(html, ""), " ")), " ").Trim();

    [GeneratedRegex("<tr.*?</tr>", RegexOptions.Singleline)]
    private static partial Regex Row();

    [GeneratedRegex("<t[hd].*?</t[hd]>", RegexOptions.Singleline)]
    private static partial Regex Cell();

    [GeneratedRegex("<span class=\"bereik-table__label\".*?</span>", RegexOptions.Singleline)]
    private static partial Regex Label();

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
