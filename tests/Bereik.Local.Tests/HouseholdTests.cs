using System.Net;
using System.Text.Json.Nodes;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Signatures;
using Bereik.Node.Access;
using Shouldly;
using Xunit;

namespace Bereik.Local.Tests;

/// <summary>What a worker does for one household of a list: it is kept once, moves its days as the protocol says, and ends in an erasure that tells why.</summary>
public sealed class HouseholdTests
{
    [Fact]
    public async Task Contact_WithWhoWasReached_IsKeptOnceAndMovesTheDays()
    {
        await using var local = await TestLocal.StartAsync();
        var id = await OneAsync(local);
        (await local.PageAsync($"/werklijst/{id}")).ShouldSatisfyAllConditions(page => page.ShouldContain("An10 Peeters"), page => page.ShouldContain("Nieuw"), page => page.ShouldContain("Nog 3 keer."));
        WebUtility.HtmlDecode(await local.PageAsync($"/werklijst/{id}")).ShouldSatisfyAllConditions(
            page => page.ShouldContain("Ik heb uw naam en adres gekregen van Naam van opgroeien, omdat u in oktober 2026"), page => page.ShouldContain("ten laatste op 22 mei 2027 zijn ze gewist"), page => page.ShouldContain("Functionaris voor gegevensbescherming van het OCMW"));
        var key = Guid.NewGuid().ToString();
        for (var i = 0; i < 2; i++) (await ContactAsync(local, id, "visit", "ja", ("poging", key), ("volgende", "30/11/2026"))).StatusCode.ShouldBe(HttpStatusCode.Found);
        local.Query("SELECT channel, reached, day FROM household_attempt").ShouldBe(["visit|1|2026-11-23"]);
        local.Query("SELECT contacted_on, informed_on, next_on, delete_by FROM household").ShouldBe(["2026-11-23|2026-11-23|2026-11-30|2027-05-22"]);
        var page = await local.PageAsync($"/werklijst/{id}");
        page.ShouldContain("Gesproken");
        page.ShouldNotContain("Wat u zegt bij het eerste contact");
        page.ShouldContain("Huisbezoek, bereikt");
        page.ShouldNotContain("Nog 2 keer", customMessage: "whoever was spoken with is not tried in vain any more");

        // It outlives the day to inform by, and the days of a row without contact; on its own last day it goes.
        await local.MoveAsync(TimeSpan.FromDays(100));
        await local.EraseAsync();
        (await local.PageAsync("/werklijst")).ShouldContain("An10 Peeters");
        local.Query("SELECT erased_at FROM ordered_list").ShouldBe([""], "a list lives as long as its last row");
        await local.MoveAsync(TimeSpan.FromDays(81));
        await local.EraseAsync();
        local.Query("SELECT cause, due, outcome FROM erasure").ShouldBe(["deadline|2027-05-22|"]);
        local.Query("SELECT count(*) FROM household_attempt").ShouldBe(["0"]);
        local.Query("SELECT count(*) FROM ordered_list WHERE erased_at IS NULL").ShouldBe(["0"]);
    }

    [Fact]
    public async Task Notice_InWriting_InformsWithoutContact()
    {
        await using var local = await TestLocal.StartAsync();
        await local.ListAsync(ListTests.Household(10), ListTests.Household(11));
        var ids = local.Query("SELECT id FROM household ORDER BY id");
        var refused = await ContactAsync(local, ids[0], "phone", "nee", ("bericht", "ja"));
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("Een bericht laat u achter bij een brief of een huisbezoek.");
        local.Query("SELECT count(*) FROM household_attempt").ShouldBe(["0"]);
        (await ContactAsync(local, ids[0], "letter", "nee", ("bericht", "ja"))).StatusCode.ShouldBe(HttpStatusCode.Found);
        local.Query($"SELECT contacted_on, informed_on, delete_by FROM household WHERE id = '{ids[0]}'").ShouldBe(["|2026-11-23|2027-02-21"]);

        // On day 29 the one who was told is there, the other is refused, and then gone.
        await local.MoveAsync(TimeSpan.FromDays(29));
        var page = await local.PageAsync("/werklijst");
        page.ShouldContain($"/werklijst/{ids[0]}\"");
        page.ShouldNotContain($"/werklijst/{ids[1]}\"");
        await local.PageAsync($"/werklijst/{ids[0]}");
        (await (await local.GetAsync($"/werklijst/{ids[1]}")).Content.ReadAsStringAsync()).ShouldNotContain("Peeters", customMessage: "refused, or erased already");
        (await local.PageAsync($"/v1/lists/{local.Query("SELECT id FROM ordered_list").Single()}/export")).TrimEnd('\n').Split('\n').Length.ShouldBe(2, "the one who was told");
        local.Query("SELECT DISTINCT reasons FROM decision_record WHERE act = 'list.open' AND outcome = 'refuse'").ShouldBeSubsetOf(["notice.overdue"]);
        await local.EraseAsync();
        local.Query("SELECT id, due FROM erasure").ShouldBe([$"{ids[1]}|2026-12-21"]);
        await local.MoveAsync(TimeSpan.FromDays(62));
        (await (await local.GetAsync($"/werklijst/{ids[0]}")).Content.ReadAsStringAsync()).ShouldNotContain("Peeters", customMessage: "refused, or erased already");
        await local.EraseAsync();
        local.Query($"SELECT due FROM erasure WHERE id = '{ids[0]}'").ShouldBe(["2027-02-21"]);
    }

    [Fact]
    public async Task Attempts_InVain_AreAsManyAsTheProtocolAllowsAndSilenceIsNoAnswerBefore()
    {
        await using var local = await TestLocal.StartAsync();
        var id = await OneAsync(local);
        await EndAsync(local, id, "U01", HttpStatusCode.UnprocessableEntity, "nog niet vaak genoeg");
        foreach (var channel in new[] { "phone", "phone", "phone" }) (await ContactAsync(local, id, channel, "nee")).StatusCode.ShouldBe(HttpStatusCode.Found);
        await EndAsync(local, id, "U01", HttpStatusCode.UnprocessableEntity, "niet langs genoeg wegen");
        var fourth = await ContactAsync(local, id, "visit", "nee");
        fourth.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await fourth.Content.ReadAsStringAsync()).ShouldContain("contactpogingen");
        local.Query("SELECT count(*) FROM household_attempt").ShouldBe(["3"]);

        // Sixty days on there may be another, and then the channels are two.
        local.Execute("UPDATE household SET informed_on = '2026-11-23'");
        await local.MoveAsync(TimeSpan.FromDays(60));
        (await ContactAsync(local, id, "visit", "nee")).StatusCode.ShouldBe(HttpStatusCode.Found);
        await EndAsync(local, id, "U01", HttpStatusCode.Found);
        local.Query("SELECT cause, outcome FROM erasure").ShouldBe(["outcome|U01"]);

        // Who is reached may always be noted.
        var other = await TestLocal.StartAsync();
        await using var _ = other;
        var second = await OneAsync(other);
        foreach (var channel in new[] { "phone", "letter", "visit" }) await ContactAsync(other, second, channel, "nee");
        (await ContactAsync(other, second, "desk", "ja")).StatusCode.ShouldBe(HttpStatusCode.Found);
        other.Query("SELECT contacted_on FROM household").ShouldBe(["2026-11-23"]);
    }

    [Theory]
    [InlineData("U06", "outcome")]
    [InlineData("U07", "objection")]
    public async Task Outcome_ThatEndsIt_ErasesWithACertificateAndIsToldToTheTeamAlone(string code, string cause)
    {
        await using var local = await TestLocal.StartAsync();
        var id = await OneAsync(local);
        await EndAsync(local, id, "", HttpStatusCode.UnprocessableEntity, "Kies een antwoord");
        await EndAsync(local, id, "U99", HttpStatusCode.UnprocessableEntity, "Kies een antwoord");
        await EndAsync(local, id, code, HttpStatusCode.UnprocessableEntity, "alleen als iemand met de persoon sprak");
        await ContactAsync(local, id, "phone", "ja");
        for (var i = 0; i < 2; i++) await EndAsync(local, id, code, HttpStatusCode.Found, back: "/lijsten");
        local.Query("SELECT id, cause, outcome, is_late FROM erasure").ShouldBe([$"{id}|{cause}|{code}|0"]);
        local.Query("SELECT count(*) FROM household").ShouldBe(["0"]);
        var signed = SignedDocument.Open<ErasureCertificate>(await local.PageAsync($"/wissen/{local.Query("SELECT id FROM erasure_attest").Single()}/attest"), local.Other.LocalKey.PublicKey).Value.Document;
        (signed.Cause, signed.Count, signed.OtherFile).ShouldBe((cause == "objection" ? ErasureCause.Objection : ErasureCause.Outcome, 1, null));
        var page = await local.PageAsync($"/werklijst/{id}");
        page.ShouldContain("gewist op 23 november 2026");
        page.ShouldContain(code);
        if (code == "U07") page.ShouldContain("Functionaris voor gegevensbescherming, Opgroeien");
        page.ShouldNotContain("Peeters");
        (await local.PageAsync("/werklijst")).ShouldNotContain("Peeters");
        using var other = await local.ColleagueAsync("Ander team", Role.SocialWorker, Role.Clerk);
        await other.PageAsync($"/werklijst/{id}", HttpStatusCode.NotFound);
        await local.UntilQuietAsync();
    }

    [Fact]
    public async Task OwnFile_IsTakenWithItsContactsAndThenErasedHere()
    {
        await using var local = await TestLocal.StartAsync();
        var id = await OneAsync(local);
        (await local.GetAsync($"/werklijst/{id}/dossier")).Headers.Location!.ToString().ShouldBe($"/werklijst/{id}", "a file begins with a conversation");
        await ContactAsync(local, id, "visit", "ja");
        (await local.PostAsync($"/werklijst/{id}", $"/werklijst/{id}/uitkomst", ("uitkomst", "U15"))).Headers.Location!.ToString().ShouldBe($"/werklijst/{id}/dossier");
        var sheet = await local.PageAsync($"/werklijst/{id}/dossier");
        sheet.ShouldContain("An10 Peeters");
        sheet.ShouldContain("wordt hier niet meer gewist");
        var file = JsonNode.Parse(await local.PageAsync($"/werklijst/{id}/dossier.json"))!;
        ((string?)file["street"], (string?)file["informedOn"], (string?)file["attempts"]![0]!["channel"], (string?)file["source"], (string?)file["protocol"]).ShouldBe(("Molenstraat", "2026-11-23", "visit", "opgroeien", "groeipakket-onbekend 0.2"));
        (await local.PostAsync($"/werklijst/{id}/dossier", $"/werklijst/{id}/uitkomst", ("uitkomst", "U15"), ("overgenomen", "ja"))).StatusCode.ShouldBe(HttpStatusCode.Found);
        local.Query("SELECT cause, outcome FROM erasure").ShouldBe(["ownFile|U15"]);
        (await local.PageAsync($"/werklijst/{id}")).ShouldContain("Er bestaat een dossier op een andere grond");
        local.Query("SELECT act FROM decision_record WHERE act LIKE 'household.%'").ShouldContain("household.export");
    }

    [Fact]
    public async Task Outcome_ThatDoesNotEndIt_AsksForADayAndStands()
    {
        await using var local = await TestLocal.StartAsync();
        var id = await OneAsync(local);
        await ContactAsync(local, id, "phone", "ja");
        await EndAsync(local, id, "U05", HttpStatusCode.UnprocessableEntity, "Kies een dag voor het volgende contact");
        (await local.PostAsync($"/werklijst/{id}", $"/werklijst/{id}/uitkomst", ("uitkomst", "U05"), ("volgende", "2/12/2026"))).StatusCode.ShouldBe(HttpStatusCode.Found);
        local.Query("SELECT outcome, next_on, closed_as FROM household").ShouldBe(["U05|2026-12-02|"]);
        (await local.PageAsync($"/werklijst/{id}")).ShouldContain("U05 Wil nadenken");
        await EndAsync(local, id, "U13", HttpStatusCode.Found);
        local.Query("SELECT outcome FROM erasure").ShouldBe(["U13"]);
    }

    [Fact]
    public async Task Outcome_CutOffBeforeTheErasure_IsFinishedByTheNextStart()
    {
        await using var local = await TestLocal.StartAsync();
        await local.ListAsync(ListTests.Household(10), ListTests.Household(11));
        await local.UntilQuietAsync();
        var id = local.Query("SELECT id FROM household")[0];
        await local.RestartAsync(() => local.Execute($"UPDATE household SET outcome = 'U07', closed_as = 'objection' WHERE id = '{id}'"));
        local.Query("SELECT id, cause, outcome FROM erasure").ShouldBe([$"{id}|objection|U07"]);
        local.Query("SELECT count(*) FROM household").ShouldBe(["1"]);
    }

    [Fact]
    public async Task TwoWorkers_AtOneHousehold_DoEverythingOnce()
    {
        await using var local = await TestLocal.StartAsync();
        var id = await OneAsync(local);
        using var colleague = await local.ColleagueAsync("Sociale dienst", Role.SocialWorker);
        await Task.WhenAll(local.PostAsync("/werklijst", $"/werklijst/{id}/toewijzen"), colleague.PostAsync("/account", $"/werklijst/{id}/toewijzen", HttpStatusCode.Found));
        var first = local.Query("SELECT assigned_to FROM household").Single();
        await colleague.PostAsync("/account", $"/werklijst/{id}/toewijzen", HttpStatusCode.Found);
        await local.PostAsync("/werklijst", $"/werklijst/{id}/toewijzen");
        local.Query("SELECT assigned_to FROM household").ShouldBe([first], "who came first has it");

        await Task.WhenAll(ContactAsync(local, id, "phone", "ja"), colleague.PostAsync("/account", $"/werklijst/{id}/contact", HttpStatusCode.Found, ("kanaal", "visit"), ("bereikt", "ja")));
        local.Query("SELECT count(*) FROM household_attempt").ShouldBe(["2"]);
        await Task.WhenAll(
            local.PostAsync($"/werklijst/{id}", $"/werklijst/{id}/uitkomst", ("uitkomst", "U06")),
            colleague.PostAsync("/account", $"/werklijst/{id}/uitkomst", HttpStatusCode.Found, ("uitkomst", "U08")));
        local.Query("SELECT count(*), count(DISTINCT outcome) FROM erasure").ShouldBe(["1|1"]);

        // Back in the browser, and sent again: how it ended.
        await colleague.PostAsync("/account", $"/werklijst/{id}/contact", HttpStatusCode.Found, ("kanaal", "visit"), ("bereikt", "ja"));
        await colleague.PostAsync("/account", $"/werklijst/{id}/toewijzen", HttpStatusCode.Found);
        (await colleague.PageAsync($"/werklijst/{id}")).ShouldContain("staat niet meer op de werklijst");
    }

    [Fact]
    public async Task Lead_GivesAHouseholdToAColleagueOfTheTeamOrToNobody()
    {
        await using var local = await TestLocal.StartAsync();
        var id = await OneAsync(local);
        using var colleague = await local.ColleagueAsync("Sociale dienst", Role.SocialWorker);
        using var stranger = await local.ColleagueAsync("Ander team", Role.SocialWorker, Role.Clerk);
        string Attested(TestPerson person) => local.Query($"SELECT id FROM attestation WHERE subject = '{person.Subject}'").Single();
        (await local.PostAsync($"/werklijst/{id}", $"/werklijst/{id}/geven", ("aan", Attested(stranger)))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await local.PostAsync($"/werklijst/{id}", $"/werklijst/{id}/geven", ("aan", Attested(colleague)))).StatusCode.ShouldBe(HttpStatusCode.Found);
        local.Query("SELECT assigned_to FROM household").ShouldBe([colleague.Subject]);
        await colleague.PostAsync("/account", $"/werklijst/{id}/geven", HttpStatusCode.Forbidden, ("aan", ""));
        (await colleague.PageAsync($"/werklijst/{id}")).ShouldNotContain("/geven");

        // What is hers stands in her day and under her own, and in nobody else's.
        (await colleague.PageAsync("/werklijst?toon=mijn")).ShouldContain("An10 Peeters");
        (await local.PageAsync("/werklijst?toon=mijn")).ShouldNotContain("An10 Peeters");
        (await local.PageAsync("/werklijst?toon=mijn")).ShouldContain("Niets gevonden", customMessage: "an empty filter is not an empty list");
        (await local.PageAsync("/werklijst?toon=niemand")).ShouldNotContain("An10 Peeters");
        await local.MoveAsync(TimeSpan.FromDays(21));
        (await colleague.PageAsync("/vandaag")).ShouldContain("An10 Peeters");
        (await local.PageAsync("/vandaag")).ShouldNotContain("An10 Peeters");
        (await local.PostAsync($"/werklijst/{id}", $"/werklijst/{id}/geven", ("aan", ""))).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await local.PageAsync("/vandaag")).ShouldContain("An10 Peeters");
    }

    [Fact]
    public async Task Day_OfAWorker_ShowsWhatIsDueAndNothingElse()
    {
        await using var local = await TestLocal.StartAsync();
        await local.ListAsync(ListTests.Household(10), ListTests.Household(11), ListTests.Household(12));
        (await local.PageAsync("/vandaag")).ShouldContain("Er is vandaag niets dat op u wacht");
        var ids = local.Opened().OrderBy(one => one.Kept.Names()[0], StringComparer.Ordinal).Select(one => one.Id).ToList();
        await ContactAsync(local, ids[0], "phone", "nee", ("volgende", "24/11/2026"));
        await ContactAsync(local, ids[1], "letter", "nee", ("bericht", "ja"));
        (await local.PageAsync("/vandaag")).ShouldNotContain("An10", customMessage: "tomorrow is not today");
        await local.MoveAsync(TimeSpan.FromDays(1));
        (await local.PageAsync("/vandaag")).ShouldSatisfyAllConditions(page => page.ShouldContain("An10"), page => page.ShouldNotContain("An11"), page => page.ShouldNotContain("An12"));

        // A week before the last day to inform: whoever was told is not in it.
        await local.MoveAsync(TimeSpan.FromDays(20));
        (await local.PageAsync("/vandaag")).ShouldSatisfyAllConditions(page => page.ShouldContain("An10"), page => page.ShouldNotContain("An11"), page => page.ShouldContain("An12"));
        var list = await local.PageAsync("/werklijst");
        list.IndexOf("An10", StringComparison.Ordinal).ShouldBeLessThan(list.IndexOf("An12", StringComparison.Ordinal));
        list.IndexOf("An12", StringComparison.Ordinal).ShouldBeLessThan(list.IndexOf("An11", StringComparison.Ordinal), "who was told has the latest day");
        (await local.PageAsync("/werklijst?toon=bericht")).ShouldNotContain("An11");
        (await local.PageAsync("/werklijst/print?toon=bericht")).ShouldNotContain("An11");
        await (await local.ColleagueAsync("Sociale dienst", Role.Clerk)).PageAsync("/vandaag", HttpStatusCode.Forbidden);
        (await local.Person(Role.SocialWorker).PageAsync("/vandaag", HttpStatusCode.Forbidden)).ShouldContain("worker.notAttested");
    }

    private static async Task<string> OneAsync(TestLocal local)
    {
        (await local.ListAsync(ListTests.Household(10))).State.ShouldBe("received");
        return local.Query("SELECT id FROM household").ShouldHaveSingleItem();
    }

    private static Task<HttpResponseMessage> ContactAsync(TestLocal local, string id, string channel, string reached, params (string, string)[] more) =>
        local.PostAsync($"/werklijst/{id}", $"/werklijst/{id}/contact", [("kanaal", channel), ("bereikt", reached), .. more]);

    private static async Task EndAsync(TestLocal local, string id, string outcome, HttpStatusCode status, string? told = null, string? back = null)
    {
        var answer = await local.PostAsync(back ?? $"/werklijst/{id}", $"/werklijst/{id}/uitkomst", ("uitkomst", outcome));
        var text = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
        answer.StatusCode.ShouldBe(status, text);
        if (told is not null) text.ShouldContain(told);
    }
}
