using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Bereik.Domain;
using Bereik.Local.Referrals;
using Bereik.Node.Access;
using Shouldly;
using Xunit;

namespace Bereik.Local.Tests;

/// <summary>What stands around a referral: the receipt, the signed sheet, who agrees for whom, days that pass, referring on, an own file, and doing things twice.</summary>
public sealed class ReferralPageTests
{
    private const string Marked = "Peeters-Marked";
    private const string Form = ReferralTests.FormPath;
    private const string Scanned = "SCAN-OF-A-MARKED-SIGNATURE";
    private static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. Encoding.ASCII.GetBytes(Scanned)];

    [Theory]
    [InlineData("Nederlands", "Ontvangstbewijs", "Familienaam", "nl")]
    [InlineData("Engels, tolk", "Receipt", "Family name", "en")]
    [InlineData("Arabisch, tolk", "Ontvangstbewijs", "Familienaam", "nl")]
    public async Task Receipt_AfterSending_SaysWhoGetsWhatInTheLanguageThatWasReadAndNamesNobody(string read, string title, string field, string tag)
    {
        await using var town = await ReferralTown.StartAsync();
        var id = await ReferralTests.MakeAsync(town, ("taal", read));
        var page = WebUtility.HtmlDecode(await town.Local.PageAsync($"/doorverwijzen/{id}/bewijs"));
        foreach (var text in new[] { $"lang=\"{tag}\"", title, field, "Onthaal CAW", "Naam van caw-aalst", ReferralTown.Caw.Reach, "053 11 22 33", "2027", id.ToString() }) page.ShouldContain(text);
        foreach (var text in new[] { Marked, "housing", "Wonen" }) page.ShouldNotContain(text);

        // The code holds the id and nothing else: the same picture comes of it, and another of anything more.
        var path = Regex.Match(page, "<path d=\"([^\"]{200,})\"").Groups[1].Value;
        path.ShouldBe(QrPicture.Of($"urn:uuid:{id}").Path);
        path.ShouldNotBe(QrPicture.Of($"urn:uuid:{Guid.NewGuid()}").Path);
    }

    [Fact]
    public async Task Scan_ThatIsNoneOrTooLarge_IsToldAtItsFieldAndLosesNothing()
    {
        await using var town = await ReferralTown.StartAsync();
        foreach (var (file, said) in new[] { ("%PD-1.7 nearly"u8.ToArray(), "geen pdf"), ("<html>"u8.ToArray(), "geen pdf"), ([0xFF, 0xD8], "geen pdf"), ((byte[])[.. Png, .. new byte[5 << 20]], "te groot") })
        {
            var answer = await town.Local.PostFileAsync(Form, $"{Form}/versturen", "blad", file, ReferralTests.Form());
            answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, said);
            var page = await answer.Content.ReadAsStringAsync();
            foreach (var text in new[] { "href=\"#blad\"", said, Marked, "value=\"besproken in het gesprek\"" }) page.ShouldContain(text);
        }

        town.Local.Query("SELECT count(*) FROM referral").ShouldBe(["0"]);
        Directory.GetFiles(Path.Combine(town.Local.Data, "households"), "*.key").ShouldBeEmpty();
    }

    [Fact]
    public async Task Scan_OfAConsent_StaysHereSealedForTheTeamAndGoesWithTheKey()
    {
        await using var town = await ReferralTown.StartAsync();
        var id = Guid.NewGuid();
        (await town.Local.PostFileAsync(Form, $"{Form}/versturen", "blad", Png, ReferralTests.Form(id))).StatusCode.ShouldBe(HttpStatusCode.Found);
        await TestLocal.WaitAsync(() => town.Mail.Letters.ContainsKey(id), "It did not leave.");
        var opened = await town.Local.GetAsync($"/doorverwijzen/{id}/blad");
        (await opened.Content.ReadAsByteArrayAsync()).ShouldBe(Png);
        opened.Content.Headers.ContentType!.MediaType.ShouldBe("image/png");
        opened.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        town.Local.Holds(Scanned).ShouldBeFalse();
        Encoding.UTF8.GetString(town.Open(id)!.ToJson()).ShouldNotContain("SCAN");
        var other = await town.Local.ColleagueAsync("Jeugddienst", Role.SocialWorker);
        (await other.PageAsync($"/doorverwijzen/{id}/blad", HttpStatusCode.Forbidden)).ShouldContain("worker.otherTeam");

        // Afterwards, at the page of the referral: a wrong one is told there, a better one takes the place of the first.
        var page = $"/doorverwijzen/{id}";
        foreach (var file in new[] { "text"u8.ToArray(), [] })
        {
            var wrong = await town.Local.PostFileAsync(page, $"{page}/blad", "blad", file, []);
            wrong.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
            (await wrong.Content.ReadAsStringAsync()).ShouldContain("href=\"#blad\"");
        }

        (await town.Local.PostFileAsync(page, $"{page}/blad", "blad", "%PDF-1.7 better"u8.ToArray(), [])).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await (await town.Local.GetAsync($"{page}/blad")).Content.ReadAsStringAsync()).ShouldBe("%PDF-1.7 better");
        (await town.Local.PostAsync(page, $"{page}/intrekken")).StatusCode.ShouldBe(HttpStatusCode.Found);
        town.Local.Query("SELECT count(*) FROM consent_scan").ShouldBe(["0"]);
        (await town.Local.PostFileAsync("/account", $"{page}/blad", "blad", Png, [])).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        town.Local.Query("SELECT count(*) FROM consent_scan").ShouldBe(["0"]);
        (await town.Local.GetAsync($"{page}/blad")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Capacity_OfSomebodyElse_AsksWhoOnWhatGroundAndWhetherAMinorUnderstands()
    {
        await using var town = await ReferralTown.StartAsync();
        (await town.Local.PageAsync(Form)).ShouldContain("Elke volwassene stemt voor zichzelf toe");
        foreach (var (missing, fields) in new (string, (string, string)[])[]
        {
            ("vertegenwoordiger", [("hoedanigheid", "representative"), ("grond", "guardian")]), ("grond", [("hoedanigheid", "representative"), ("vertegenwoordiger", "Jan Voogd")]), ("grond", [("hoedanigheid", "representative"), ("vertegenwoordiger", "Jan Voogd"), ("grond", "friend")]),
            ("begrijpt", [("hoedanigheid", "matureMinor")]), ("begrijpt", [("hoedanigheid", "matureMinor"), ("begrijpt", "nee")]),
        })
        {
            var answer = await town.Local.PostAsync(Form, Form, [.. ReferralTests.Form().Where(one => one.Item1 != "hoedanigheid"), .. fields]);
            answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, missing);
            var page = await answer.Content.ReadAsStringAsync();
            page.ShouldContain($"href=\"#{missing}\"");
            page.ShouldContain(Marked);
        }

        var represented = await ReferralTests.MakeAsync(town, ("hoedanigheid", "representative"), ("vertegenwoordiger", "Jan Voogd"), ("grond", "guardian"), ("begrijpt", "ja"));
        await TestLocal.WaitAsync(() => town.Mail.Letters.ContainsKey(represented), "It did not leave.");
        town.Open(represented)!.Consent.ShouldSatisfyAllConditions(consent => consent.By.ShouldBe(new Representative("Jan Voogd", RepresentationGround.Guardian)), consent => consent.Understands.ShouldBeNull());
        (await town.Local.PageAsync($"/doorverwijzen/{represented}/bewijs")).ShouldNotContain("Jan Voogd");
        var minor = await ReferralTests.MakeAsync(town, ("hoedanigheid", "matureMinor"), ("begrijpt", "ja"));
        await TestLocal.WaitAsync(() => town.Mail.Letters.ContainsKey(minor), "It did not leave.");
        town.Open(minor)!.Consent.Understands.ShouldBe(true);
    }

    [Fact]
    public async Task Capacity_WithoutWhatItAsksFor_IsRefusedByTheReceiver()
    {
        await using var town = await ReferralTown.StartAsync();
        var guardian = new Representative("Jan Voogd", RepresentationGround.Guardian);
        foreach (var protocol in new[] { ReferralTown.FromTeam, ReferralTown.AmongPartners })
        {
            foreach (var (capacity, by, understands, isTaken) in new (ConsentCapacity, Representative?, bool?, bool)[]
            {
                (ConsentCapacity.Representative, guardian, null, true), (ConsentCapacity.MatureMinor, null, true, true), (ConsentCapacity.Representative, null, null, false), (ConsentCapacity.MatureMinor, null, null, false), (ConsentCapacity.MatureMinor, null, false, false),
                (ConsentCapacity.Self, guardian, null, false), (ConsentCapacity.Representative, guardian, true, false),
            })
            {
                var id = await town.SendAsync(protocol, town.Record(protocol, record => record with { Consent = record.Consent with { Capacity = capacity, By = by, Understands = understands } }));
                await town.UntilToldAsync(id, isTaken ? [ReferralAct.Receive] : [ReferralAct.Receive, ReferralAct.Decline, ReferralAct.Erase]);
                town.State(id).ShouldBe(isTaken ? "sent" : "declined", $"{capacity} {by} {understands}");
                if (!isTaken) town.Local.Query($"SELECT reasons FROM decision_record WHERE subject = '{id}' AND point = 'release'").Single().Split(' ').ShouldContain("consent.missing");
            }
        }
    }

    [Fact]
    public async Task FirstContact_AtHalfOfItsTimeAndPastIt_IsShownToTheTeamItsLeadAndTheReferrer()
    {
        await using var town = await ReferralTown.StartAsync();
        var taken = await town.SendAsync(ReferralTown.FromTeam);
        var silent = await town.SendAsync(ReferralTown.FromTeam);
        var done = await town.SendAsync(ReferralTown.FromTeam);
        await town.UntilToldAsync(done, ReferralAct.Receive);
        await town.UntilToldAsync(silent, ReferralAct.Receive);
        await town.UntilToldAsync(taken, ReferralAct.Receive);
        var made = await ReferralTests.MakeAsync(town);
        await TestLocal.WaitAsync(() => town.Mail.Letters.ContainsKey(made), "It did not leave.");
        town.Answer(made, ReferralAct.Receive);
        town.Answer(made, ReferralAct.Accept);
        await town.UntilAsync(made, "accepted");
        await ReferralTests.DoAsync(town, taken, "aanvaarden");
        await ReferralTests.DoAsync(town, done, "aanvaarden");
        await ReferralTests.DoAsync(town, done, "contact", ("kanaal", "phone"), ("bereikt", "ja"), ("volgende", ""));
        async Task<string> SeenAsync(string page, Guid id) => Regex.Match(WebUtility.HtmlDecode(await town.Local.PageAsync(page)), $"<tr(?:(?!</tr>).)*{id}.*?</tr>", RegexOptions.Singleline).Value;
        await town.Local.MoveAsync(TimeSpan.FromDays(6));
        (await SeenAsync("/verwijzingen", taken)).ShouldNotContain("Dringend");
        await town.Local.MoveAsync(TimeSpan.FromDays(1));
        foreach (var page in new[] { "/verwijzingen", "/verwijzingen/team" })
        {
            foreach (var id in new[] { taken, silent }) (await SeenAsync(page, id)).ShouldContain("Dringend");
            (await SeenAsync(page, done)).ShouldSatisfyAllConditions(row => row.ShouldNotBeEmpty(), row => row.ShouldNotContain("Dringend"));
        }

        (await town.Local.PageAsync($"/doorverwijzen/{made}")).ShouldNotContain("moest er zijn");
        await town.Local.MoveAsync(TimeSpan.FromDays(8));
        await town.UntilAsync(silent, "expired");
        (await SeenAsync("/verwijzingen/team", taken)).ShouldContain("Te laat");
        var team = await town.Local.PageAsync("/verwijzingen/team");
        team.ShouldContain("Voorbij zonder contact");
        team.ShouldNotContain(Marked);
        WebUtility.HtmlDecode(await town.Local.PageAsync($"/doorverwijzen/{made}")).ShouldSatisfyAllConditions(page => page.ShouldContain("moest er zijn ten laatste op 7 december 2026"), page => page.ShouldContain(ReferralTown.Caw.Reach));
        (await SeenAsync("/doorverwijzen", made)).ShouldContain("Te laat");

        // What the node closes by itself on the day by which the person had to be told, it does not hide either.
        await town.Local.MoveAsync(TimeSpan.FromDays(14));
        await town.UntilAsync(taken, "closed");
        Regex.Count(await town.Local.PageAsync("/verwijzingen/team"), "Gemist|Vervallen|Afgesloten").ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task Lead_GivesAReferralToAnotherAttestedWorkerOfTheTeamAndToNobodyElse()
    {
        await using var town = await ReferralTown.StartAsync();
        var id = await town.SendAsync(ReferralTown.FromTeam);
        await town.UntilToldAsync(id, ReferralAct.Receive);
        var own = await town.Local.ColleagueAsync(ReferralTown.Team, Role.SocialWorker);
        var other = await town.Local.ColleagueAsync("Jeugddienst", Role.SocialWorker, Role.Operator);
        var left = await town.Local.ColleagueAsync(ReferralTown.Team, Role.SocialWorker, Role.Clerk);
        var old = town.Local.Person(Role.SocialWorker, Role.DataSteward);
        await old.SignInAsync();
        town.Local.Attest(new TestAttestation { ConfirmedOn = new DateOnly(2025, 11, 1) }, old.Subject);
        var unbound = town.Local.Person(Role.SocialWorker, Role.ProtocolAuthor);
        await unbound.SignInAsync();
        town.Local.Attest(new TestAttestation(Secrecy: "discretion"), unbound.Subject);
        town.Local.Execute($"UPDATE attestation SET ended_at = proposed_at + 1, ended_by = 'c', ended_by_name = 'Cis', ended_because = 'uit dienst' WHERE subject = '{left.Subject}'");
        string Of(TestPerson person) => town.Local.Query($"SELECT id FROM attestation WHERE subject = '{person.Subject}'").Single();
        var page = await town.Local.PageAsync("/verwijzingen/team");
        page.ShouldContain(Of(own));
        foreach (var person in new[] { other, left, unbound }) page.ShouldNotContain(Of(person));
        foreach (var (person, status) in new[] { (other, 422), (left, 422), (unbound, 422), (old, 403) })
        {
            ((int)(await town.Local.PostAsync("/verwijzingen/team", $"/verwijzingen/{id}/toewijzen", ("aan", Of(person)))).StatusCode).ShouldBe(status);
        }

        (await own.PageAsync("/verwijzingen/team", HttpStatusCode.Forbidden)).ShouldContain("person.roleMissing");
        town.Local.Query($"SELECT assigned_to FROM referral WHERE id = '{id}'").ShouldBe([""]);
        for (var i = 0; i < 2; i++) (await town.Local.PostAsync("/verwijzingen/team", $"/verwijzingen/{id}/toewijzen", ("aan", Of(own)))).Headers.Location!.ToString().ShouldBe("/verwijzingen/team");
        town.Local.Query($"SELECT assigned_to FROM referral WHERE id = '{id}'").ShouldBe([own.Subject]);
        town.Local.Query($"SELECT count(*) FROM decision_record WHERE subject = '{id}' AND act = 'referral.reassign'").Single().ShouldNotBe("0");
    }

    [Fact]
    public async Task Onward_FromWhatCameIn_TicksNothingOffersWhatIsKnownAndKeepsTheOriginHereAlone()
    {
        await using var town = await ReferralTown.StartAsync();
        var from = await town.SendAsync(ReferralTown.FromTeam);
        await town.UntilToldAsync(from, ReferralAct.Receive);

        // Not before somebody took it up.
        (await town.Local.GetAsync($"{Form}?van={from}")).StatusCode.ShouldBe(HttpStatusCode.Found);
        await ReferralTests.DoAsync(town, from, "aanvaarden");
        (await town.Local.PageAsync($"/verwijzingen/{from}")).ShouldContain($"/doorverwijzen/nieuw?van={from}");
        (await town.Local.PageAsync($"/doorverwijzen/nieuw?van={from}")).ShouldContain($"{Form}?van={from}");
        var form = await town.Local.PageAsync($"{Form}?van={from}");
        form.ShouldContain($"data-bereik-value=\"{Marked}\"");
        Regex.IsMatch(form, "name=\"veld\"[^>]* checked").ShouldBeFalse();
        Regex.Match(form, "id=\"waarde-familyName\"[^>]*").Value.ShouldNotContain(Marked);
        var id = await ReferralTests.MakeAsync(town, ("van", from.ToString()));
        await TestLocal.WaitAsync(() => town.Mail.Letters.ContainsKey(id), "It did not leave.");
        town.Local.Query($"SELECT from_id FROM referral WHERE id = '{id}'").ShouldBe([from.ToString()]);
        Encoding.UTF8.GetString(town.Open(id)!.ToJson()).ShouldNotContain(from.ToString());
        (await town.Local.PageAsync($"/doorverwijzen/{id}")).ShouldContain($"/verwijzingen/{from}");
        (await town.Local.PageAsync($"/verwijzingen/{from}")).ShouldContain($"/doorverwijzen/{id}");

        // Of another team, of nothing, or of what is over: no form and no referral.
        var other = await town.Local.ColleagueAsync("Jeugddienst", Role.SocialWorker);
        (await other.PageAsync($"{Form}?van={from}", HttpStatusCode.Forbidden)).ShouldNotContain(Marked);
        (await other.PostAsync("/account", $"{Form}/versturen", HttpStatusCode.Forbidden, [.. ReferralTests.Form(), ("van", from.ToString())])).ShouldContain("worker.otherTeam");
        (await town.Local.PostAsync(Form, $"{Form}/versturen", [.. ReferralTests.Form(), ("van", Guid.NewGuid().ToString())])).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        town.Local.Query("SELECT count(*) FROM referral WHERE direction = 'out'").ShouldBe(["1"]);
    }

    [Fact]
    public async Task OwnFile_AfterAConversation_GivesSheetAndFileToWhoProvesItAndErasesHere()
    {
        await using var town = await ReferralTown.StartAsync();
        var id = await town.SendAsync(ReferralTown.FromTeam);
        await town.UntilToldAsync(id, ReferralAct.Receive);
        await ReferralTests.DoAsync(town, id, "aanvaarden");
        var file = $"/verwijzingen/{id}/dossier";
        foreach (var path in new[] { file, $"{file}.json" }) (await town.Local.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.Found, "before anybody spoke with the person");
        await ReferralTests.DoAsync(town, id, "contact", ("kanaal", "visit"), ("bereikt", "ja"), ("volgende", ""));

        // The passkey must be shown again, whatever was shown before.
        var colleague = await town.Local.ColleagueAsync(ReferralTown.Team, Role.SocialWorker);
        await colleague.ForgetProofAsync();
        foreach (var path in new[] { file, $"{file}.json" }) (await colleague.PageAsync(path, HttpStatusCode.Forbidden)).ShouldNotContain(Marked);
        (await town.Local.PageAsync(file)).ShouldContain(Marked);
        var json = JsonNode.Parse(await town.Local.PageAsync($"{file}.json"))!;
        ((string?)json["id"]).ShouldBe(id.ToString());
        json["fields"]!.AsArray().Select(field => (string?)field!["value"]).ShouldContain(Marked);
        json["attempts"]!.AsArray().Count.ShouldBe(1);
        town.Local.Query($"SELECT DISTINCT act FROM decision_record WHERE subject = '{id}' AND act IN ('referral.sheet', 'referral.export') AND facts LIKE '%contacted_:true%' ORDER BY act").ShouldBe(["referral.export", "referral.sheet"]);

        // The outcome leads to that page first, and nothing ends before the worker says so there.
        var led = await town.Local.PostAsync($"/verwijzingen/{id}", $"/verwijzingen/{id}/afsluiten", ("uitkomst", "U15"));
        led.Headers.Location!.ToString().ShouldBe(file);
        town.State(id).ShouldBe("contacted");
        await ReferralTests.DoAsync(town, id, "afsluiten", ("uitkomst", "U15"), ("overgenomen", "ja"));
        await town.UntilToldAsync(id, ReferralAct.Close, ReferralAct.Erase);
        var ended = await town.Local.PageAsync($"/verwijzingen/{id}");
        ended.ShouldContain("Er bestaat een dossier op een andere grond");
        ended.ShouldNotContain(Marked);
        foreach (var path in new[] { file, $"{file}.json" }) (await town.Local.PageAsync(path, HttpStatusCode.Forbidden)).ShouldNotContain(Marked);
        town.Local.Holds(Marked).ShouldBeFalse();
    }

    // A double click, the back button, and a colleague at the same moment: each act, twice at once and once more afterwards.
    [Theory]
    [InlineData("aanvaarden", "sent", "accepted", "accept")]
    [InlineData("niet-aanvaarden", "sent", "declined", "decline", "reden=noCapacity")]
    [InlineData("contact", "accepted", "contacted", "contact", "kanaal=phone", "bereikt=ja", "volgende=", "poging=4f3f2d1c-0000-4000-8000-000000000001")]
    [InlineData("afsluiten", "contacted", "closed", "close", "uitkomst=U08")]
    [InlineData("afsluiten", "contacted", "closed", "close", "uitkomst=U15", "overgenomen=ja")]
    [InlineData("intrekken", "accepted", "revoked", "revoke")]
    public async Task Act_DoneTwiceByTwoWorkers_CountsOnce(string act, string from, string to, string step, params string[] words)
    {
        await using var town = await ReferralTown.StartAsync();
        var id = await town.SendAsync(ReferralTown.FromTeam);
        await town.UntilToldAsync(id, ReferralAct.Receive);
        if (from != "sent") await ReferralTests.DoAsync(town, id, "aanvaarden");
        if (from == "contacted") await ReferralTests.DoAsync(town, id, "contact", ("kanaal", "phone"), ("bereikt", "ja"), ("volgende", ""));
        town.State(id).ShouldBe(from);
        var fields = words.Select(word => word.Split('=')).Select(pair => (pair[0], pair[1])).ToArray();
        var colleague = await town.Local.ColleagueAsync(ReferralTown.Team, Role.SocialWorker);

        // A first page, so that the browser has what makes its forms its own before it opens several at once.
        await town.Local.PageAsync("/account");
        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(async turn =>
        {
            if (turn == 0) return await colleague.TryAsync(HttpMethod.Post, $"/verwijzingen/{id}/{act}", fields);
            using var answer = await town.Local.PostAsync("/account", $"/verwijzingen/{id}/{act}", fields);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }));
        foreach (var (status, text) in answers) status.ShouldBe(HttpStatusCode.Found, text);
        (await town.Local.PostAsync("/account", $"/verwijzingen/{id}/{act}", fields)).StatusCode.ShouldBe(HttpStatusCode.Found);
        town.State(id).ShouldBe(to);
        town.Local.Query($"SELECT count(*) FROM said_step WHERE referral_id = '{id}' AND act = '{step}'").ShouldBe(["1"]);
        if (act == "contact") town.Local.Query($"SELECT count(*) FROM referral_attempt WHERE referral_id = '{id}'").ShouldBe(["1"]);
        (await town.Local.GetAsync($"/verwijzingen/{id}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Form_OfOnePerson_KeepsItsDraftUnderADigestAndTheReceiptAndSigningOutClearIt()
    {
        await using var town = await ReferralTown.StartAsync();
        var fresh = await town.Local.PageAsync(Form);
        var owner = Regex.Match(fresh, "data-bereik-draft=\"([^\"]+)\" data-bereik-fresh").Groups[1].Value;
        owner.Length.ShouldBe(16);
        fresh.ShouldContain("data-bereik-draft-note hidden");

        // What was sent and comes back is newer than any draft.
        var again = await (await town.Local.PostAsync(Form, $"{Form}/wijzigen", ReferralTests.Form())).Content.ReadAsStringAsync();
        again.ShouldContain($"data-bereik-draft=\"{owner}\"");
        again.ShouldNotContain("data-bereik-fresh");
        var other = await town.Local.ColleagueAsync(ReferralTown.Team, Role.SocialWorker);
        (await other.PageAsync(Form)).ShouldNotContain(owner);
        var id = await ReferralTests.MakeAsync(town);
        foreach (var page in new[] { $"/doorverwijzen/{id}/bewijs", "/doorverwijzen?nee=1", "/afgemeld" }) (await town.Local.PageAsync(page)).ShouldContain("data-bereik-draft-clear");
        (await town.Local.PageAsync("/doorverwijzen")).ShouldNotContain("data-bereik-draft-clear");
    }
}
