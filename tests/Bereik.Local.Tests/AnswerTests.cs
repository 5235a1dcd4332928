using System.Net;
using System.Text;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Invitations;
using Bereik.Exchange.Keys;
using Bereik.Local.Households;
using Bereik.Node.Access;
using Shouldly;
using Xunit;

namespace Bereik.Local.Tests;

/// <summary>A yes to a letter at the OCMW: what comes in, what it opens before and after the person stands for it, and that its end leaves nothing.</summary>
public sealed class AnswerTests
{
    private static readonly string[] Marked = ["Zoë-Marked", "Qwertman", "Kasteeldreefstraat"];

    [Fact]
    public async Task Yes_Released_IsStoredUnderItsOwnKeyForHelpAndShownWithItsChoices()
    {
        await using var town = await LetterTown.StartAsync();
        var local = town.Local;
        var (wave, id) = await town.ReceivedAsync(choices: new AnswerChoices { Contact = "visit", Language = "tr", PartOfDay = "evening", Topic = "energy" });
        local.Query("SELECT id, list_id, purpose, clause, received_on, inform_by, delete_by FROM household").ShouldBe([$"{id}|{wave}|requestedHelp|doel|2026-11-23|2026-12-21|2027-02-21"]);
        local.Query("SELECT id, wave, state, is_handed_out, assurance, method, received_on, confirmed_on, helped_by FROM answer").ShouldBe([$"{id}|{wave}|received|1|bearer|web|2026-11-23||"]);
        Found(local).ShouldBeEmpty("sealed while it is kept");
        var number = town.Box.Answers[id].Number!;
        local.Holds(number).ShouldBeFalse("the number of the letter is kept nowhere");
        local.Holds("\"evening\"").ShouldBeFalse("what was chosen is sealed too");
        foreach (var path in new[] { "/werklijst", "/vandaag", $"/werklijst/{id}" })
        {
            var page = WebUtility.HtmlDecode(await local.PageAsync(path));
            foreach (var text in new[] { "Qwertman", "Ja op brief, nog te bevestigen", "Liefst een huisbezoek", "In het Turks", "In de avond", "Over energie", "zei iemand met de code uit de brief ja", "21 februari 2027" }) page.ShouldContain(text, customMessage: path);
            page.ShouldNotContain(number, customMessage: path);
        }

        WebUtility.HtmlDecode(await local.PageAsync($"/werklijst/{id}")).ShouldContain("Op 23 november 2026 zei iemand daarop ja");
        var shown = await local.PageAsync($"/brieven/{wave}");
        shown.ShouldNotContain("Qwertman", customMessage: "counts alone");
        town.Box.Answers[id].Fetched.ShouldBe(1);

        // A second one of the same wave comes on another day, with days of its own.
        await local.MoveAsync(TimeSpan.FromDays(3));
        var second = town.Yes(wave, LetterTown.Person with { FamilyName = "Tweedeman" });
        await town.UntilToldAsync(second, ConsentAct.Receive);
        local.Query($"SELECT received_on, delete_by FROM household WHERE id = '{second}'").ShouldBe(["2026-11-26|2027-02-24"]);
        WebUtility.HtmlDecode(await local.PageAsync("/werklijst?volgorde=straat")).ShouldSatisfyAllConditions(page => page.ShouldContain("Qwertman"), page => page.ShouldContain("Tweedeman"));
        local.Query("SELECT delivered, received_on FROM ordered_list").ShouldBe(["2|2026-11-23"]);
    }

    [Theory]
    [InlineData("number", "answer.notOpened")]
    [InlineData("wave", "answer.notOpened")]
    [InlineData("protocol", "answer.notOpened")]
    [InlineData("signature", "answer.notOpened")]
    [InlineData("bytes", "answer.notOpened")]
    [InlineData("notice", "answer.notice")]
    [InlineData("choices", "answer.choices")]
    public async Task Yes_ThatDoesNotFitItsWave_IsStoredNowhereAndToldOnce(string wrong, string code)
    {
        await using var town = await LetterTown.StartAsync();
        var local = town.Local;
        var wave = await town.WaveAsync();
        using var stranger = SigningKey.Generate();
        var id = town.Yes(
            wave, choices: wrong == "choices" ? new AnswerChoices { Topic = "income" } : null, key: wrong == "signature" ? stranger : null, told: wrong == "number" ? LetterNumber.Random() : null, inner: wrong == "bytes" ? new string('A', 5898) : null,
            change: invitation => wrong switch
            {
                "wave" => invitation with { Wave = Guid.NewGuid() },
                "protocol" => invitation with { ProtocolHash = Bytes32.Random() },
                "notice" => invitation with { Notice = Bytes32.Random() },
                _ => invitation,
            });
        await town.UntilReadAsync();
        local.Query("SELECT state, code, received_on FROM answer").ShouldBe([$"released|{code}|"]);
        local.Query("SELECT count(*) FROM household").ShouldBe(["0"]);
        Directory.GetFiles(Path.Combine(local.Data, "households"), "*.key").ShouldBeEmpty();
        town.Box.Answers[id].Fetched.ShouldBe(1, "not silently tried again");
        town.Box.Heard.ShouldBeEmpty();
        Found(local).ShouldBeEmpty();
        var page = await local.PageAsync($"/brieven/{wave}");
        page.ShouldContain("Een ja kon niet geopend worden");
        page.ShouldContain(code);

        // A right one beside it comes in all the same.
        await town.UntilToldAsync(town.Yes(wave), ConsentAct.Receive);

        // When it ends, this node says that nothing of it is here: it was handed out.
        town.Box.Act(id, ConsentAct.Expire, ConsentSide.Hub);
        await town.UntilToldAsync(id, ConsentAct.Erase);
        (town.Box.Answers[id].Standing.IsErased, town.Box.Answers[id].Certificate!.Cause).ShouldBe((true, ErasureCause.Deadline));
    }

    [Fact]
    public async Task Unconfirmed_OpensOneFirstContactAndNothingElse()
    {
        await using var town = await LetterTown.StartAsync();
        var local = town.Local;
        var (wave, id) = await town.ReceivedAsync();

        // What is not a first contact is refused by the protocol itself.
        foreach (var path in new[] { $"/werklijst/{id}/dossier", $"/werklijst/{id}/dossier.json", $"/v1/lists/{wave}/export" })
        {
            var refused = await local.PageAsync(path, HttpStatusCode.Forbidden);
            refused.ShouldContain("consent.notConfirmed", customMessage: path);
            refused.ShouldNotContain("Qwertman", customMessage: path);
        }

        (await local.PageAsync($"/doorverwijzen/nieuw?van={id}", HttpStatusCode.Forbidden)).ShouldContain("consent.notConfirmed");
        await RefusedAsync(local, id, "contact", "Zeg dan eerst of het ja van die persoon is", ("kanaal", "visit"), ("bereikt", "ja"));
        foreach (var outcome in new[] { "U05", "U06", "U07", "U08", "U12", "U13", "U15" }) await RefusedAsync(local, id, "uitkomst", "alleen als iemand met de persoon sprak", ("uitkomst", outcome), ("volgende", "30/11/2026"));
        (await local.PageAsync($"/werklijst/{id}")).ShouldNotContain("U06", customMessage: "what needs a conversation is not offered");
        local.Query("SELECT count(*) FROM household_attempt").ShouldBe(["0"]);
        town.Box.Heard.Select(step => step.Act).ShouldBe(["receive"]);

        // Trying in vain is what a first contact takes, and taking it on.
        (await local.PostAsync($"/werklijst/{id}", $"/werklijst/{id}/toewijzen")).StatusCode.ShouldBe(HttpStatusCode.Found);
        foreach (var channel in new[] { "phone", "phone", "visit" }) (await local.PostAsync($"/werklijst/{id}", $"/werklijst/{id}/contact", ("kanaal", channel), ("bereikt", "nee"))).StatusCode.ShouldBe(HttpStatusCode.Found);
        await RefusedAsync(local, id, "contact", "contactpogingen", ("kanaal", "visit"), ("bereikt", "nee"));
        await RefusedAsync(local, id, "bevestigd", "Kies een antwoord", ("kanaal-ja", "duif"));

        // The person stands for it: the same person and form twice is once.
        for (var i = 0; i < 2; i++) (await town.ConfirmAsync(id, ("volgende", "30/11/2026"))).StatusCode.ShouldBe(i == 0 ? HttpStatusCode.Found : HttpStatusCode.Found);
        await town.UntilToldAsync(id, ConsentAct.Confirm);
        local.Query("SELECT confirmed_on, state, checked_by IS NOT NULL FROM answer").ShouldBe(["2026-11-23|confirmed|1"]);
        local.Query("SELECT contacted_on, informed_on, next_on, delete_by FROM household").ShouldBe(["2026-11-23|2026-11-23|2026-11-30|2027-05-22"]);
        local.Query("SELECT count(*) FROM household_attempt WHERE reached = 1").ShouldBe(["1"]);
        town.Box.Heard.Count(step => step.Act == "confirm").ShouldBe(1);

        // From then on it is as any other, for help; passing it on is still what the protocol gives to nobody.
        (await local.PageAsync($"/werklijst/{id}/dossier")).ShouldContain("Qwertman");
        (await local.PageAsync($"/v1/lists/{wave}/export")).ShouldContain("Qwertman");
        (await local.PageAsync($"/doorverwijzen/nieuw?van={id}", HttpStatusCode.Forbidden)).ShouldSatisfyAllConditions(text => text.ShouldContain("onward.notGranted"), text => text.ShouldNotContain("consent.notConfirmed"));
        (await local.PostAsync($"/werklijst/{id}", $"/werklijst/{id}/contact", ("kanaal", "visit"), ("bereikt", "ja"))).StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    [Fact]
    public async Task Purpose_OfAYesAndOfAList_IsNeverTheOthers()
    {
        await using var town = await LetterTown.StartAsync();
        var local = town.Local;
        var (wave, id) = await town.ReceivedAsync();
        (await local.ListAsync(ListTests.Household(10))).State.ShouldBe("received");
        await town.ConfirmAsync(id);
        var household = local.Query("SELECT id FROM household WHERE purpose = 'outreach'").Single();
        var list = local.Query("SELECT list_id FROM household WHERE purpose = 'outreach'").Single();
        foreach (var (path, purpose) in new[] { ($"/v1/lists/{wave}/export", "outreach"), ($"/v1/lists/{wave}/export", "automaticGrant"), ($"/v1/lists/{list}/export", "requestedHelp") })
        {
            (await local.PageAsync($"{path}?purpose={purpose}", HttpStatusCode.Forbidden)).ShouldContain("purpose.notGranted", customMessage: $"{path} {purpose}");
        }

        foreach (var act in new[] { "bevestigd", "niet-van-deze-persoon" })
        {
            var answer = await local.PostAsync("/account", $"/werklijst/{household}/{act}", ("kanaal-ja", "visit"));
            answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden, act);
            (await answer.Content.ReadAsStringAsync()).ShouldContain("purpose.notGranted");
        }

        (await local.PageAsync($"/v1/lists/{wave}/export?purpose=requestedHelp")).ShouldSatisfyAllConditions(text => text.ShouldContain("Qwertman"), text => text.ShouldNotContain("Peeters"));
        (await local.PageAsync($"/v1/lists/{list}/export?purpose=outreach")).ShouldSatisfyAllConditions(text => text.ShouldContain("Peeters"), text => text.ShouldNotContain("Qwertman"));
        local.Query("SELECT count(*) FROM household").ShouldBe(["2"]);

        // The store itself refuses the same.
        foreach (var sql in new[] { "UPDATE household SET purpose = 'outreach' WHERE purpose = 'requestedHelp'", "UPDATE household SET purpose = 'requestedHelp' WHERE purpose = 'outreach'", $"UPDATE household SET list_id = '{list}' WHERE list_id = '{wave}'" })
        {
            Should.Throw<Microsoft.Data.Sqlite.SqliteException>(() => local.Execute(sql)).Message.ShouldContain("household.purpose");
        }
    }

    [Fact]
    public async Task Assisted_IsConfirmedByAnotherWorkerThanTheOneWhoHelped()
    {
        await using var town = await LetterTown.StartAsync();
        var local = town.Local;
        var wave = await town.WaveAsync();
        using var helper = await local.ColleagueAsync(LetterTown.Team, Role.SocialWorker);
        var id = Guid.NewGuid();
        local.Execute($"INSERT INTO answer (id, wave, changed, state, is_handed_out, is_erased, assurance, method, given_on, helped_by, helped_at) VALUES ('{id}', '{wave}', 0, 'given', 0, 0, 'assisted', 'counter', '2026-11-23', '{helper.Subject}', 1)");
        var unknown = town.Yes(wave, method: AnswerMethod.Counter);
        town.Yes(wave, method: AnswerMethod.Counter, id: id);
        await town.UntilToldAsync(id, ConsentAct.Receive);
        await town.UntilToldAsync(unknown, ConsentAct.Receive);
        (await helper.PageAsync($"/werklijst/{id}")).ShouldContain("Een andere medewerker doet dit eerste contact");
        (await helper.PostAsync("/account", $"/werklijst/{id}/bevestigd", HttpStatusCode.Forbidden, ("kanaal-ja", "visit"))).ShouldContain("answer.ownHelp");
        (await helper.PostAsync("/account", $"/werklijst/{unknown}/bevestigd", HttpStatusCode.Forbidden, ("kanaal-ja", "visit"))).ShouldContain("answer.helperUnknown");
        local.Query("SELECT count(*) FROM answer WHERE confirmed_on IS NOT NULL").ShouldBe(["0"]);
        Should.Throw<Microsoft.Data.Sqlite.SqliteException>(() => local.Execute($"UPDATE answer SET checked_by = '{helper.Subject}' WHERE id = '{id}'")).Message.ShouldContain("answer_own_help");
        Should.Throw<Microsoft.Data.Sqlite.SqliteException>(() => local.Execute($"UPDATE answer SET helped_by = 'iemand' WHERE id = '{id}'")).Message.ShouldContain("answer.helperKept");
        (await town.ConfirmAsync(id)).StatusCode.ShouldBe(HttpStatusCode.Found);
        await town.UntilToldAsync(id, ConsentAct.Confirm);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NotMine_ErasesAtOnceAndTellsHubAndOfficer(bool byOutcome)
    {
        await using var town = await LetterTown.StartAsync();
        var local = town.Local;
        var (wave, id) = await town.ReceivedAsync();
        await local.PageAsync("/werklijst");
        var (record, key) = (local.Bytes("SELECT record FROM household").Single(), KeyOf(local, id));
        local.Holds(record).ShouldBeTrue("the search finds what is there");
        for (var i = 0; i < 2; i++)
        {
            var answer = byOutcome ? await local.PostAsync("/lijsten", $"/werklijst/{id}/uitkomst", ("uitkomst", "U16")) : await local.PostAsync("/lijsten", $"/werklijst/{id}/niet-van-deze-persoon");
            answer.StatusCode.ShouldBe(HttpStatusCode.Found);
        }

        local.Query("SELECT id, cause, outcome, is_late FROM erasure").ShouldBe([$"{id}|outcome|U16|0"]);
        await town.UntilToldAsync(id, ConsentAct.Deny, ConsentAct.Erase);
        town.Box.StepsOf(id).ShouldBe(["receive", "deny", "erase"]);
        (town.Box.Answers[id].Standing, town.Box.Answers[id].Certificate!.Kind).ShouldBe((new ConsentStanding(ConsentState.Denied, true, true), ErasedKind.Household));
        await GoneAsync(local, record, key);
        (await local.PageAsync("/werklijst")).ShouldNotContain("Qwertman");
        (await local.PageAsync($"/werklijst/{id}")).ShouldContain("U16");

        // The officer sees how often, and nobody's name; the organisation's software hears that it happened.
        var page = WebUtility.HtmlDecode(await local.Person(Role.DataProtectionOfficer).PageAsync("/brieven/meldingen"));
        page.ShouldContain("Naam van opgroeien");
        page.ShouldContain("100");
        page.ShouldContain("op de antwoordpagina");
        page.ShouldNotContain("Qwertman");
        local.Query("SELECT type, exchange FROM node_event WHERE type = 'answer.denied'").ShouldBe([$"answer.denied|{wave}"]);
    }

    [Theory]
    [InlineData(ConsentAct.Withdraw, ErasureCause.Withdrawn)]
    [InlineData(ConsentAct.Never, ErasureCause.Objection)]
    public async Task Withdrawal_WhileTheNodeWasOffForADay_ErasesWhenItReturnsAndLeavesNoByte(ConsentAct act, ErasureCause cause)
    {
        await using var town = await LetterTown.StartAsync();
        var local = town.Local;
        var (_, id) = await town.ReceivedAsync();
        await town.ConfirmAsync(id);
        await town.UntilToldAsync(id, ConsentAct.Confirm);
        (await local.PageAsync("/werklijst")).ShouldContain("Qwertman");
        var (record, key) = (local.Bytes("SELECT record FROM household").Single(), KeyOf(local, id));
        await local.RestartAsync(() =>
        {
            local.Holds(record).ShouldBeTrue("the search finds what is there");
            local.Holds(key).ShouldBeTrue("the search finds what is there");
            town.Box.Act(id, act, ConsentSide.Holder);
            local.Clock.Move(TimeSpan.FromDays(1));
        });
        await town.UntilToldAsync(id, ConsentAct.Erase);
        local.Query("SELECT id, cause FROM erasure").ShouldBe([$"{id}|{(cause == ErasureCause.Withdrawn ? "withdrawn" : "objection")}"]);
        var certificate = town.Box.Answers[id].Certificate!;
        (certificate.Cause, certificate.Organisation, certificate.Ids.Single()).ShouldBe((cause, "ocmw-aalst", id));
        town.Box.StepsOf(id).ShouldBe(["receive", "confirm", "erase"]);
        await GoneAsync(local, record, key);
        (await local.PageAsync("/werklijst")).ShouldNotContain("Qwertman");
        (await local.PageAsync($"/werklijst/{id}")).ShouldNotContain("Qwertman");
        local.Query("SELECT is_erased FROM answer").ShouldBe(["1"]);
    }

    [Fact]
    public async Task Withdrawal_BeforeItWasFetched_IsNeverFetchedAndNeedsNoCertificate()
    {
        await using var town = await LetterTown.StartAsync();
        var wave = await town.WaveAsync();
        town.Box.IsOpen = false;
        var id = town.Yes(wave);
        town.Box.Act(id, ConsentAct.Withdraw, ConsentSide.Holder);
        town.Box.IsOpen = true;
        await town.UntilReadAsync();
        (town.Box.Answers[id].Fetched, town.Box.Heard.Count).ShouldBe((0, 0));
        town.Local.Query("SELECT state, is_erased FROM answer").ShouldBe(["withdrawn|1"]);
    }

    [Fact]
    public async Task Steps_ThatFailOnTheWay_AreSentAgainTheSameAndEachOnceInEffect()
    {
        await using var town = await LetterTown.StartAsync();
        var local = town.Local;
        var (_, id) = await town.ReceivedAsync();
        town.Box.TakesSteps = false;
        await town.ConfirmAsync(id);
        (await local.PostAsync($"/werklijst/{id}", $"/werklijst/{id}/uitkomst", ("uitkomst", "U07"))).StatusCode.ShouldBe(HttpStatusCode.Found);
        local.Query("SELECT count(*) FROM household").ShouldBe(["0"], "erased here, whether the hub answers or not");

        // Erased before the certificate could be told, and stopped: it is told after the next start.
        var documents = local.Query("SELECT document FROM answer_step ORDER BY sequence");
        town.Box.Act(id, ConsentAct.Withdraw, ConsentSide.Holder);
        await local.RestartAsync();
        town.Box.LosesAnswers = 3;
        town.Box.TakesSteps = true;
        await town.UntilToldAsync(id, ConsentAct.Erase);
        await TestLocal.WaitAsync(() => local.Query("SELECT count(*) FROM answer_step WHERE sent_at IS NULL").Single() == "0", "Steps are left.");
        town.Box.StepsOf(id).ShouldBe(["receive", "never", "erase"], "to withdraw was first, so nothing was confirmed any more, and an objection still counts");
        local.Query("SELECT document FROM answer_step ORDER BY sequence").Take(documents.Count).ShouldBe(documents, "the same bytes");
        local.Query("SELECT act, code FROM answer_step WHERE code IS NOT NULL").ShouldBe(["confirm|answer.withdrawn"]);
        (await local.PageAsync("/wissen")).ShouldNotContain("te-melden");
    }

    [Fact]
    public async Task Certificate_ThatTheHubDoesNotHave_StandsOnThePageOfErasuresUntilItDoes()
    {
        await using var town = await LetterTown.StartAsync();
        var local = town.Local;
        var (_, id) = await town.ReceivedAsync();
        town.Box.TakesSteps = false;
        town.Box.Act(id, ConsentAct.Withdraw, ConsentSide.Holder);
        await town.UntilReadAsync();
        await TestLocal.WaitAsync(() => local.Query("SELECT count(*) FROM answer_step WHERE act = 'erase'").Single() == "1", "Nothing was said.");
        var page = WebUtility.HtmlDecode(await local.PageAsync("/wissen"));
        page.ShouldContain("id=\"te-melden\"");
        page.ShouldContain("10 december 2026");
        await local.MoveAsync(TimeSpan.FromDays(20));
        WebUtility.HtmlDecode(await local.PageAsync("/wissen")).ShouldContain("Te laat");
        town.Box.TakesSteps = true;
        await town.UntilToldAsync(id, ConsentAct.Erase);
        await TestLocal.WaitAsync(() => local.Query("SELECT count(*) FROM answer_step WHERE sent_at IS NULL").Single() == "0", "Steps are left.");
        (await local.PageAsync("/wissen")).ShouldNotContain("id=\"te-melden\"");
    }

    [Theory]
    [InlineData("U06", "close", "outcome")]
    [InlineData("U15", "close", "ownFile")]
    [InlineData("U07", "never", "objection")]
    [InlineData("U16", "close", "outcome")]
    public async Task Outcome_ThatEndsAConfirmedOne_IsToldAsWhatItIs(string outcome, string step, string cause)
    {
        await using var town = await LetterTown.StartAsync();
        var local = town.Local;
        var (_, id) = await town.ReceivedAsync();
        await town.ConfirmAsync(id);
        (await local.PostAsync($"/werklijst/{id}", $"/werklijst/{id}/uitkomst", ("uitkomst", outcome), ("overgenomen", "ja"))).StatusCode.ShouldBe(HttpStatusCode.Found);
        await town.UntilToldAsync(id, ConsentAct.Erase);
        town.Box.StepsOf(id).ShouldBe(["receive", "confirm", step, "erase"]);
        local.Query("SELECT cause, outcome FROM erasure").ShouldBe([$"{cause}|{outcome}"]);
        local.Query("SELECT count(*) FROM answer WHERE denied_on IS NOT NULL").ShouldBe(["0"]);
    }

    [Theory]
    [InlineData(false, 27, 2)]
    [InlineData(true, 179, 2)]
    public async Task LastDay_ErasesAndTellsTheHub(bool isConfirmed, int before, int after)
    {
        await using var town = await LetterTown.StartAsync();
        var local = town.Local;
        var (wave, id) = await town.ReceivedAsync();
        if (isConfirmed)
        {
            await town.ConfirmAsync(id);
            await town.UntilToldAsync(id, ConsentAct.Confirm);
        }

        await local.MoveAsync(TimeSpan.FromDays(before));
        await local.EraseAsync();
        local.Query("SELECT count(*) FROM household").ShouldBe(["1"]);
        await local.MoveAsync(TimeSpan.FromDays(after));
        await local.EraseAsync();
        local.Query("SELECT cause FROM erasure").ShouldBe(["deadline"]);
        await town.UntilToldAsync(id, ConsentAct.Close, ConsentAct.Erase);
        local.Query($"SELECT erased_at FROM ordered_list WHERE id = '{wave}'").ShouldBe([""], "letters may still be answered");
    }

    [Fact]
    public async Task Wave_OfWhichNothingIsLeft_EndsTwoWeeksAfterItsLastDay()
    {
        await using var town = await LetterTown.StartAsync();
        var local = town.Local;
        var (wave, id) = await town.ReceivedAsync();
        await town.DenyAsync(id);
        town.Box.Closed[wave] = true;
        await local.MoveAsync(TimeSpan.FromDays(50));
        await local.UntilAsync(wave, "closed");
        local.Query("SELECT erased_at FROM ordered_list").ShouldBe([""]);
        await local.MoveAsync(TimeSpan.FromDays(7));
        await TestLocal.WaitAsync(() => local.Query("SELECT erased_at FROM ordered_list").Single().Length > 0, "It did not end.");
        local.Query($"SELECT count(*) FROM node_event WHERE type = 'list.ended' AND exchange = '{wave}'").ShouldBe(["1"]);
    }

    // The key is there, the row is not: cut off between the two.
    [Fact]
    public async Task Receiving_CutOffAfterTheKey_GoesOnAfterTheNextStart()
    {
        await using var town = await LetterTown.StartAsync();
        var local = town.Local;
        var wave = await town.WaveAsync();
        var id = Guid.NewGuid();
        local.Service<HouseholdKeys>().Seal(id.ToString("D"), "half"u8.ToArray());
        local.Execute($"INSERT INTO answer (id, wave, changed, state, is_handed_out, is_erased, assurance, method, given_on) VALUES ('{id}', '{wave}', 0, 'released', 0, 0, 'bearer', 'web', '2026-11-23')");
        await local.RestartAsync();
        town.Yes(wave, id: id);
        await town.UntilToldAsync(id, ConsentAct.Receive);
        (await local.PageAsync("/werklijst")).ShouldContain("Qwertman");

        // The key of the yes stays; one that still has no row goes.
        var orphan = Guid.NewGuid().ToString("D");
        local.Service<HouseholdKeys>().Seal(orphan, "half"u8.ToArray());
        await local.RestartAsync();
        local.Service<HouseholdKeys>().Ids().ShouldBe([id.ToString("D")]);
        (await local.PageAsync("/werklijst")).ShouldContain("Qwertman");
    }

    // A hub that shows what was erased once more, or another organisation's, or says that somebody confirmed.
    [Fact]
    public async Task Hub_ThatSaysWhatItMayNot_IsNotBelieved()
    {
        await using var town = await LetterTown.StartAsync();
        var local = town.Local;
        var (wave, id) = await town.ReceivedAsync();
        town.Box.Answers[id].Standing = new ConsentStanding(ConsentState.Confirmed, true, false);
        town.Box.Add(id, town.Box.Answers[id]);
        await town.UntilReadAsync();
        local.Query("SELECT confirmed_on FROM answer").ShouldBe([""]);
        (await local.PageAsync($"/werklijst/{id}/dossier", HttpStatusCode.Forbidden)).ShouldContain("consent.notConfirmed");
        (await town.DenyAsync(id)).StatusCode.ShouldBe(HttpStatusCode.Found);

        town.Yes(wave, id: id);
        town.Yes(Guid.NewGuid().ToString("D"));
        await town.UntilReadAsync();
        local.Query("SELECT count(*) FROM household").ShouldBe(["0"], "what was erased never begins again");
        local.Query("SELECT count(*) FROM answer").ShouldBe(["1"]);
        (await local.PageAsync("/werklijst")).ShouldNotContain("Qwertman");
    }

    private static async Task RefusedAsync(TestLocal local, Guid id, string act, string told, params (string, string)[] fields)
    {
        var answer = await local.PostAsync($"/werklijst/{id}", $"/werklijst/{id}/{act}", fields);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, act);
        WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()).ShouldContain(told);
    }

    private static async Task GoneAsync(TestLocal local, byte[] record, byte[] key)
    {
        await local.EraseAsync();
        Found(local).ShouldBeEmpty();
        local.Holds(record).ShouldBeFalse();
        local.Holds(key).ShouldBeFalse();
    }

    // The bytes of the key, as they lie in the block.
    private static byte[] KeyOf(TestLocal local, Guid id) => File.ReadAllBytes(Path.Combine(local.Data, "households", $"{id:D}.key"))[16..48];

    private static List<string> Found(TestLocal local) => [.. Marked.Where(word => local.Holds(word) || local.Holds(Encoding.Unicode.GetBytes(word)) || local.Holds(Convert.ToBase64String(Encoding.UTF8.GetBytes(word))))];
}
