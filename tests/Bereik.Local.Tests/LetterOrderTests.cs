using System.Net;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Letters;
using Bereik.Exchange.Log;
using Bereik.Exchange.Signatures;
using Bereik.Node.Access;
using Shouldly;
using Xunit;

namespace Bereik.Local.Tests;

/// <summary>Ordering a wave of letters: what is asked, what is refused before anything leaves, and that only the source's own signed word opens it.</summary>
public sealed class LetterOrderTests
{
    [Fact]
    public async Task Wave_FromTheFormToTheLastDay_IsWhatWasFilledInAndNothingElse()
    {
        await using var town = await LetterTown.StartAsync();
        var local = town.Local;
        (await local.PageAsync("/brieven")).ShouldContain("Nog geen brieven");
        var preview = WebUtility.HtmlDecode(await (await local.PostAsync("/brieven/nieuw", "/brieven/nieuw", LetterTown.Form(("knop", "voorbeeld")))).Content.ReadAsStringAsync());
        preview.ShouldContain("Zo leest de brief");
        preview.ShouldContain("voor de school, de energierekening of uw woning");
        local.Query("SELECT count(*) FROM ordered_list").ShouldBe(["0"], "to look is not to order");

        var id = await town.OrderAsync();
        await local.UntilAsync(id, "approved");
        var order = SignedDocument.Open<ListOrder>(local.Other.Orders[id], local.Other.LocalKey.PublicKey).Value.Document;
        (order.Flow, order.Protocol, order.KnownCount, order.Recipient, order.ReferenceMonth).ShouldBe(("messenger", "groeipakket-brief", null, "ocmw-aalst", TestLocal.Month));
        var letter = order.Letter!;
        (letter.Text, letter.TextHash.ToString(), letter.Letters, letter.Capacity, letter.Reminder, letter.AnswerDays, letter.Panel).ShouldBe(
            (LetterFile.Shipped.Id, LetterFile.Shipped.Hash, 40, 60, false, 42, new TestPanel { Organisation = "Netwerk tegen Armoede", On = new DateOnly(2026, 11, 10), Readers = 9 }));
        letter.Parts.Keys.ShouldBe(["contact", "hours", "municipality", "offer", "phone", "service", "street"]);
        local.Query("SELECT flow, state, team, known_count FROM ordered_list").ShouldBe(["messenger|approved|Sociale dienst|"]);

        await town.OpenAsync(id);
        await local.UntilAsync(id, "open");
        local.Query("SELECT letters, opens_on, answer_by FROM opened_wave").ShouldBe(["40|2026-11-23|2027-01-04"]);
        (await local.PageAsync($"/brieven/{id}")).ShouldContain("4 januari 2027");
        (await local.GetAsync($"/lijsten/{id}")).Headers.Location!.ToString().ShouldBe($"/brieven/{id}");
        (await local.PageAsync("/lijsten")).ShouldNotContain(id, customMessage: "a wave is no list");

        // The next one of the same month is three clicks: what was filled in stands there. While letters are out it may be asked for.
        var next = WebUtility.HtmlDecode(await local.PageAsync("/brieven/nieuw"));
        next.ShouldContain("value=\"Netwerk tegen Armoede\"");
        next.ShouldContain("value=\"053 00 00 01\"");
        await town.OrderAsync();
        town.Box.Closed[id] = true;
        await local.UntilAsync(id, "closed");
        (await local.PageAsync($"/brieven/{id}")).ShouldContain("Afgelopen");
    }

    [Theory]
    [InlineData("aantal", "19", "wave.tooSmall")]
    [InlineData("aantal", "151", "wave.tooLarge")]
    [InlineData("capaciteit", "39", "wave.tooLarge")]
    [InlineData("lezers", "7", "letter.notTested")]
    [InlineData("paneldag", "24/11/2026", "letter.notTested")]
    [InlineData("maand", "2026-12", "order.monthInFuture")]
    public async Task Order_AgainstTheProtocol_IsRefusedHereWithEveryReason(string field, string value, string code)
    {
        await using var town = await LetterTown.StartAsync();
        var answer = await town.Local.PostAsync("/brieven/nieuw", "/brieven/nieuw", LetterTown.Form(field == "capaciteit" ? [(field, value)] : [(field, value), ("capaciteit", "400")]));
        var page = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        page.ShouldContain(code);
        page.ShouldContain("U kunt deze golf nu niet aanvragen");
        town.Local.Query("SELECT count(*) FROM ordered_list").ShouldBe(["0"]);
        town.Local.Query("SELECT outcome FROM decision_record WHERE act = 'order.place'").ShouldBe(["refuse"]);
        town.Local.Other.Orders.ShouldBeEmpty();
    }

    [Fact]
    public async Task Order_WithoutAccessionToThatProtocol_IsRefusedHere()
    {
        await using var town = await LetterTown.StartAsync(accedes: false);
        var answer = await town.Local.PostAsync("/brieven/nieuw", "/brieven/nieuw", LetterTown.Form(("aantal", "19")));
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var page = await answer.Content.ReadAsStringAsync();
        page.ShouldContain("accession.missing", customMessage: "the accession to lists is another");
        page.ShouldContain("wave.tooSmall", customMessage: "every reason at once");
    }

    [Theory]
    [InlineData("aantal", "veel")]
    [InlineData("capaciteit", "")]
    [InlineData("panel", "")]
    [InlineData("paneldag", "gisteren")]
    [InlineData("lezers", "")]
    [InlineData("herinnering", "")]
    [InlineData("dagen", "20")]
    [InlineData("dagen", "61")]
    [InlineData("maand", "oktober")]
    [InlineData("deel-municipality", "")]
    [InlineData("deel-municipality", "Een gemeente met een te lange naam")]
    [InlineData("deel-phone", "bel ons")]
    [InlineData("deel-offer", "kijk op www.voorbeeld.be/hulp")]
    public async Task Order_WithAFieldThatIsWrong_SaysWhichAndOrdersNothing(string field, string value)
    {
        await using var town = await LetterTown.StartAsync();
        var answer = await town.Local.PostAsync("/brieven/nieuw", "/brieven/nieuw", LetterTown.Form((field, value)));
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadAsStringAsync()).ShouldContain($"id=\"{field}-fout\"");
        town.Local.Query("SELECT count(*) FROM ordered_list").ShouldBe(["0"]);
    }

    [Theory]
    [InlineData("signature", "jws.kid")]
    [InlineData("order", "opening.otherOrder")]
    [InlineData("protocol", "opening.protocol")]
    [InlineData("recipient", "opening.recipientKey")]
    [InlineData("letters", "opening.letters")]
    [InlineData("days", "opening.days")]
    [InlineData("log", "log.differs")]
    public async Task Opening_ThatIsNotTheSourcesOwnOfThisOrder_OpensNothing(string wrong, string code)
    {
        await using var town = await LetterTown.StartAsync();
        var local = town.Local;
        var id = await town.OrderAsync();
        await local.UntilAsync(id, "approved");
        using var stranger = SigningKey.Generate();
        if (wrong == "log") await local.Other.Log.AppendAsync(new LogEntry.EnvelopeDeposited { By = "opgroeien", At = local.Clock.Second(), Order = Guid.Parse(id), Manifest = Bytes32.Random(), Outcome = "permit", Reasons = [] });
        await town.OpenAsync(id, opening => wrong switch
        {
            "order" => opening with { Order = Bytes32.Random() },
            "protocol" => opening with { ProtocolHash = Bytes32.Random() },
            "recipient" => opening with { RecipientKid = Bytes32.Random().ToString() },
            "letters" => opening with { Letters = 41 },
            "days" => opening with { AnswerBy = opening.AnswerBy.AddDays(1) },
            _ => opening,
        }, wrong == "signature" ? stranger : null);
        await local.UntilAsync(id, "failed");
        local.Query("SELECT code FROM ordered_list").ShouldBe([code]);
        local.Query("SELECT count(*) FROM opened_wave").ShouldBe(["0"]);

        // What comes for it is not even fetched.
        var answer = town.Yes(id);
        await town.UntilReadAsync();
        (town.Box.Answers[answer].Fetched, local.Query("SELECT code FROM answer").Single()).ShouldBe((0, "wave.notOpened"));
        (await local.PageAsync($"/brieven/{id}")).ShouldContain("wave.notOpened");
    }

    [Fact]
    public async Task Opening_ThatTheLogDoesNotShowYet_IsWaitedFor()
    {
        await using var town = await LetterTown.StartAsync();
        var id = await town.OrderAsync();
        await town.Local.UntilAsync(id, "approved");
        await town.OpenAsync(id, isLogged: false);
        var answer = town.Yes(id);
        await Task.Delay(700);
        town.Local.Query("SELECT state FROM ordered_list").ShouldBe(["approved"]);
        town.Box.Answers[answer].Fetched.ShouldBe(0, "nothing is opened that the log does not show");
        await town.Local.Other.Log.AppendAsync(new LogEntry.EnvelopeDeposited
        {
            By = "opgroeien", At = town.Local.Clock.Second(), Order = Guid.Parse(id), Manifest = SignedDocument.Parse<WaveOpening>(town.Box.Openings[id]).Value.Hash, Outcome = "permit", Reasons = [],
        });
        await town.Local.UntilAsync(id, "open");
        await town.UntilToldAsync(answer, Domain.ConsentAct.Receive);
    }

    [Theory]
    [InlineData("refused", "refused")]
    [InlineData("expired", "expired")]
    public async Task Order_ThatEndsAtTheHub_EndsHereAndSaysWhy(string state, string ended)
    {
        await using var town = await LetterTown.StartAsync();
        town.Local.Other.States.Clear();
        town.Local.Other.States.Enqueue("requested");
        town.Local.Other.States.Enqueue(state);
        var id = await town.OrderAsync();
        await town.Local.UntilAsync(id, ended);
        (await town.Local.PageAsync($"/brieven/{id}")).ShouldContain(ended == "refused" ? "De aanvraag is geweigerd" : "De termijn van de aanvraag is voorbij");
    }

    [Fact]
    public async Task Pages_OfLetters_AreThereForTheirRolesAtAnOcmwAlone()
    {
        await using var town = await LetterTown.StartAsync();
        var may = new Dictionary<string, Role[]>
        {
            ["/brieven"] = [Role.SocialWorker, Role.TeamLead, Role.Clerk, Role.DataSteward, Role.DataProtectionOfficer], ["/brieven/nieuw"] = [Role.TeamLead, Role.DataSteward], ["/brieven/meldingen"] = [Role.DataProtectionOfficer],
        };
        foreach (var (path, roles) in may)
        {
            foreach (var role in Enum.GetValues<Role>()) await town.Local.Person(role).PageAsync(path, roles.Contains(role) ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
        }

        using var worker = town.Local.Person(Role.SocialWorker, Role.Clerk);
        await worker.PostAsync("/account", "/brieven/nieuw", HttpStatusCode.Forbidden, LetterTown.Form());
        town.Local.Query("SELECT count(*) FROM ordered_list").ShouldBe(["0"]);
        await using var gemeente = await TestLocal.StartAsync(isOcmw: false);
        foreach (var path in may.Keys.Append("/balie")) await gemeente.PageAsync(path, HttpStatusCode.NotFound);
    }
}
