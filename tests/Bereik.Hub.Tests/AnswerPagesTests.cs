using System.Net;
using System.Text.RegularExpressions;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Invitations;
using Bereik.Exchange.Register;
using Bereik.Exchange.Signatures;
using Bereik.Hub.Answers;
using Bereik.Tests.Shared;
using Shouldly;
using Xunit;

namespace Bereik.Hub.Tests;

// The answer page as a family finds it: every outcome has a sentence of its own.
public sealed partial class AnswerPagesTests
{
    [Fact]
    public async Task Letter_ByItsNumber_IsExplainedInEveryLanguage()
    {
        await using var family = await AnswerVisitor.StartAsync();
        foreach (var language in AnswerTexts.Languages)
        {
            var words = AnswerVisitor.Words(language.Code);
            var page = await family.GetAsync($"/brief/{family.Number().Text}?taal={language.Code}");
            page.Status.ShouldBe(HttpStatusCode.OK);
            page.Html.ShouldContain($"<html lang=\"{language.Code}\" dir=\"{(language.IsRightToLeft ? "rtl" : "ltr")}\"");
            foreach (var key in new[] { "letter.title", "letter.yes.secrecy", "letter.no.text", "letter.change.text", "choose.yes", "choose.no", "choose.later", "choose.never", "fraud" }) page.Text.ShouldContain(words[key]);
            page.Text.ShouldContain(words["letter.yes.who", ("service", "Sociaal Huis")]);
            page.Text.ShouldContain(words["letter.from", ("source", "Opgroeien"), ("municipality", "Aalst")]);
            page.Html.ShouldContain($"name=\"taal\" value=\"{language.Code}\"");
            foreach (var other in AnswerTexts.Languages) page.Text.ShouldContain(other.Name);
        }

        (await family.GetAsync($"/brief/{family.Number().Text}?taal=xx")).Html.ShouldContain("<html lang=\"nl\"");
    }

    // One address for every answer: who sees addresses alone cannot tell a no from a yes.
    [Fact]
    public async Task Forms_OfALetter_AllGoToOneAddressWithoutNumber()
    {
        await using var family = await AnswerVisitor.StartAsync();
        foreach (var page in new[] { await family.GetAsync("/brief"), await family.GetAsync($"/brief/{family.Number().Text}"), await family.AnswerAsync("ja"), await family.AnswerAsync("nooit"), await family.AnswerAsync("stand") })
        {
            Action().Matches(page.Html).Select(match => match.Groups[1].Value).Distinct().ShouldBe(["/brief"]);
        }
    }

    [Fact]
    public async Task Pages_OfAnswers_SetNoCookieRunNoScriptAndAreKeptNowhere()
    {
        await using var family = await AnswerVisitor.StartAsync();
        AnswerVisitor.Page[] pages =
        [
            await family.GetAsync("/brief"), await family.GetAsync($"/brief/{family.Number().Text}"), await family.AnswerAsync("ja"), await family.YesAsync(code: AnswerVisitor.WrongCode()), await family.YesAsync(), await family.YesAsync(),
            await family.AnswerAsync("nee"), await family.AnswerAsync("later"), await family.AnswerAsync("nooit"), await family.AnswerAsync("nooit-zeker"), await family.AnswerAsync("stand"), await family.ChangeAsync("intrekken"),
            await family.SendAsync(("stap", "zoek"), ("nummer", "")), await family.SendAsync(("stap", "iets")),
        ];
        foreach (var page in pages[..^1])
        {
            page.Headers.ShouldNotContainKey("Set-Cookie");
            page.Headers["Cache-Control"].ShouldBe("no-store");
            page.Headers["Referrer-Policy"].ShouldBe("no-referrer");
            page.Html.ShouldNotContain("<script");
            page.Html.ShouldNotContain("_form");
            Foreign().IsMatch(page.Html).ShouldBeFalse();
        }

        pages[^1].Headers.ShouldNotContainKey("Set-Cookie");
    }

    [Theory]
    [InlineData("nee", "no")]
    [InlineData("later", "later")]
    public async Task NoOrLater_Said_LeavesEveryStoredByteAsItWas(string step, string key)
    {
        await using var family = await AnswerVisitor.StartAsync();
        var before = Stored(family);
        foreach (var language in AnswerTexts.Languages)
        {
            var page = await family.SendAsync(("stap", step), ("taal", language.Code), ("nummer", family.Number().Text));
            page.Status.ShouldBe(HttpStatusCode.OK);
            foreach (var part in new[] { "title", "text", "change" }) page.Text.ShouldContain(AnswerVisitor.Words(language.Code)[$"{key}.{part}"]);
        }

        Stored(family).ShouldBe(before);
        (await family.YesAsync()).Text.ShouldContain(Dutch("receipt.title"));
        Stored(family).ShouldNotBe(before);
    }

    [Fact]
    public async Task Yes_WithTheCode_ShowsAReceiptThatTheHubSigned()
    {
        await using var family = await AnswerVisitor.StartAsync();
        var form = await family.AnswerAsync("ja");
        form.Html.ShouldNotContain("checked");
        foreach (var name in new[] { "contact", "spreektaal", "dagdeel", "onderwerp", "code" }) form.Html.ShouldContain($"name=\"{name}\"");
        form.Html.ShouldNotContain("type=\"tel\"");

        var page = await family.AnswerAsync("ja-zeker", more: [("code", family.Code().ToLowerInvariant().Replace('-', ' ')), ("contact", "visit"), ("spreektaal", "tr"), ("onderwerp", "unsure")]);
        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Text.ShouldContain(Dutch("receipt.title"));
        page.Text.ShouldContain("ten laatste op 23 november 2026");
        page.Text.ShouldContain(family.Number().Printed);
        page.Text.ShouldContain("voornaam, naam, straat, huisnummer, bus, postcode, gemeente");
        page.Text.ShouldContain("Om samen met u te kijken waar u recht op hebt");
        var receipt = SignedDocument.Open<ConsentReceipt>(File(page, "bewijs-ja.jws"), family.Letters.Hub.Hub.Signing.PublicKey).Value.Document;
        receipt.Letter.ShouldBe(family.Number());
        receipt.Method.ShouldBe("web");
        family.Letters.Hub.Count("SELECT count(*) FROM answer WHERE choices = '{\"contact\":\"visit\",\"language\":\"tr\",\"partOfDay\":null,\"topic\":\"unsure\"}'").ShouldBe(1);
    }

    [Fact]
    public async Task Yes_Again_ShowsHowItStandsAndChangesNothing()
    {
        await using var family = await AnswerVisitor.StartAsync();
        await family.YesAsync();
        var again = await family.YesAsync();
        again.Status.ShouldBe(HttpStatusCode.OK);
        again.Text.ShouldContain(Dutch("yes.already.text"));
        again.Text.ShouldContain("U zei ja op 20 november 2026.");
        again.Text.ShouldContain(Dutch("act.Withdraw"));
        family.Letters.Hub.Count("SELECT count(*) FROM answer").ShouldBe(1);
    }

    [Fact]
    public async Task Code_ThatIsNotTheLetters_IsToldKindlyAndKeepsWhatWasChosen()
    {
        await using var family = await AnswerVisitor.StartAsync();
        var page = await family.AnswerAsync("ja-zeker", more: [("code", AnswerVisitor.WrongCode()), ("dagdeel", "evening")]);
        page.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        page.Text.ShouldContain(Dutch("yes.wrongCode"));
        page.Html.ShouldContain("href=\"#code\"");
        page.Html.ShouldContain("value=\"evening\" checked");
        (await family.YesAsync()).Text.ShouldContain(Dutch("receipt.title"));
    }

    [Fact]
    public async Task Code_Mistyped_IsToldBeforeAnythingIsDerived()
    {
        await using var family = await AnswerVisitor.StartAsync();
        var right = family.Code();
        var swapped = (right[0] == 'A' ? 'B' : 'A') + right[1..];
        (await family.YesAsync(code: swapped)).Text.ShouldContain(Dutch("code.wrong"));
        (await family.YesAsync(code: right[..^1])).Text.ShouldContain("U typte er 13.");
        (await family.YesAsync(code: "")).Text.ShouldContain(Dutch("code.empty"));
        (await family.YesAsync(code: new string('A', 5000))).Text.ShouldContain("U typte er 65.");
        family.Letters.Hub.Node.Services.GetService(typeof(Letters.Derivations)).ShouldBeOfType<Letters.Derivations>().Remembered.ShouldBe(0);
        (await family.YesAsync(code: AnswerVisitor.WrongCode())).Text.ShouldContain(Dutch("yes.wrongCode"));
        family.Letters.Hub.Node.Services.GetService(typeof(Letters.Derivations)).ShouldBeOfType<Letters.Derivations>().Remembered.ShouldBe(1);
    }

    [Fact]
    public async Task Number_Typed_LeadsToTheLetterOrSaysWhatIsWrong()
    {
        await using var family = await AnswerVisitor.StartAsync();
        async Task<AnswerVisitor.Page> FindAsync(string typed, string language = "nl") => await family.SendAsync(("stap", "zoek"), ("taal", language), ("nummer", typed));
        var found = await FindAsync(family.Number().Printed.ToLowerInvariant());
        (found.Status, found.Location).ShouldBe((HttpStatusCode.Found, $"/brief/{family.Number().Text}"));
        (await FindAsync(family.Number().Text, "ar")).Location.ShouldBe($"/brief/{family.Number().Text}?taal=ar");
        (await FindAsync("")).Text.ShouldContain(Dutch("number.empty"));
        (await FindAsync("ABC")).Text.ShouldContain("U typte er 3.");
        (await FindAsync("ABC-DEF-G&H")).Text.ShouldContain(Dutch("number.strange"));
        var text = family.Number().Text;
        var wrong = (text[0] == 'A' ? 'B' : 'A') + text[1..];
        var page = await FindAsync(wrong);
        page.Text.ShouldContain($"U typte {wrong[..3]}-{wrong[3..6]}-{wrong[6..]}.");
        page.Html.ShouldContain($"value=\"{wrong[..3]}-{wrong[3..6]}-{wrong[6..]}\"");
        var unknown = LetterNumber.Random();
        (await FindAsync(unknown.Text)).Text.ShouldContain($"Wij vinden geen brief met het nummer {unknown.Printed}.");
        (await family.GetAsync($"/brief/{unknown.Text}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await family.GetAsync("/brief/onzin")).Text.ShouldContain(Dutch("unknown.text"));
    }

    [Fact]
    public async Task Letter_BeforeItsDayAndAfterTheLast_SaysSoAndAsksForNoCode()
    {
        await using var family = await AnswerVisitor.StartAsync(opened: false);
        var early = await family.Letters.OpenedAsync(change: opening => opening with { OpensOn = opening.OpensOn.AddDays(3), AnswerBy = opening.AnswerBy.AddDays(3) });
        var number = early.Letters[0].Number.Text;
        foreach (var page in new[] { await family.GetAsync($"/brief/{number}"), await family.SendAsync(("stap", "ja"), ("nummer", number)), await family.SendAsync(("stap", "ja-zeker"), ("nummer", number), ("code", AnswerVisitor.WrongCode())) })
        {
            page.Text.ShouldContain("U kunt op deze brief ja zeggen vanaf 23 november 2026.");
            page.Html.ShouldNotContain("name=\"code\"");
        }

        family.Letters.Clock.Move(TimeSpan.FromDays(40));
        foreach (var page in new[] { await family.GetAsync($"/brief/{number}"), await family.SendAsync(("stap", "ja"), ("nummer", number)), await family.SendAsync(("stap", "ja-zeker"), ("nummer", number), ("code", AnswerVisitor.WrongCode())) })
        {
            page.Text.ShouldContain(Dutch("letter.over"));
            page.Html.ShouldNotContain("name=\"code\"");
        }

        (await family.GetAsync($"/brief/{number}")).Text.ShouldContain(Dutch("choose.never"));
    }

    // A suspension ends the wave at once. What comes in between is told too.
    [Fact]
    public async Task Yes_AfterASuspension_SaysThatNothingIsPassedOn()
    {
        await using var family = await AnswerVisitor.StartAsync();
        var hub = family.Letters.Hub;
        Change(hub, "CREATE TABLE kept_invitation AS SELECT * FROM invitation");
        (await hub.TellAsync(Acceding.Stop(LetterHub.Protocol, hub.Welfare.Id, StopKind.Suspend, hub.Source.Signing, hub.Clock.GetUtcNow()))).EnsureSuccessStatusCode();
        (await family.YesAsync()).Text.ShouldContain(Dutch("letter.over"));
        Change(hub, "UPDATE list_order SET state = 'open'; INSERT INTO invitation SELECT * FROM kept_invitation");
        var page = await family.YesAsync();
        page.Status.ShouldBe(HttpStatusCode.Conflict);
        page.Text.ShouldContain(Dutch("stopped.title"));
        hub.Count("SELECT count(*) FROM answer").ShouldBe(0);
    }

    // Nobody is locked out: whoever meets the crowd is asked to come again.
    [Fact]
    public async Task Answers_WhileTooManyCome_AskToTryAgainAtOnce()
    {
        await using var family = await AnswerVisitor.StartAsync();
        await family.YesAsync();
        var crowd = Enumerable.Range(0, 60).Select(_ => family.YesAsync(letter: 1, code: AnswerVisitor.WrongCode())).ToList();
        var pages = await Task.WhenAll(crowd);
        var busy = pages.Where(page => page.Status == HttpStatusCode.ServiceUnavailable).ToList();
        busy.Count.ShouldBeGreaterThan(0);
        foreach (var page in busy)
        {
            page.Text.ShouldContain(Dutch("busy.text"));
            page.Headers["Retry-After"].ShouldBe("5");
        }

        pages.Where(page => page.Status != HttpStatusCode.ServiceUnavailable).ShouldAllBe(page => page.Text.Contains(Dutch("yes.wrongCode"), StringComparison.Ordinal));
        (await family.YesAsync(letter: 1)).Text.ShouldContain(Dutch("receipt.title"));
    }

    [Fact]
    public async Task Never_Confirmed_IsAnObjectionOnceAndYesStaysPossible()
    {
        await using var family = await AnswerVisitor.StartAsync();
        var asked = await family.AnswerAsync("nooit");
        asked.Text.ShouldContain(Dutch("never.title"));
        family.Letters.Hub.Count("SELECT count(*) FROM letter WHERE has_objected = 1").ShouldBe(0);
        foreach (var _ in new[] { 1, 2 }) (await family.AnswerAsync("nooit-zeker")).Text.ShouldContain(Dutch("nevered.title"));
        family.Letters.Hub.Count("SELECT count(*) FROM letter WHERE has_objected = 1").ShouldBe(1);
        (await family.YesAsync()).Text.ShouldContain(Dutch("receipt.title"));
    }

    [Fact]
    public async Task Withdrawal_WithTheCode_StopsItAndShowsAReceipt()
    {
        await using var family = await AnswerVisitor.StartAsync();
        await family.YesAsync();
        var shown = await family.SendAsync(("stap", "toon"), ("nummer", family.Number().Printed), ("code", family.Code()));
        shown.Text.ShouldContain(Dutch("standing.title"));
        shown.Text.ShouldContain(Dutch("proof.none"));
        (await family.AnswerAsync("verander", more: [("code", family.Code())])).Text.ShouldContain(Dutch("act.empty"));
        (await family.ChangeAsync("intrekken", code: AnswerVisitor.WrongCode())).Text.ShouldContain(Dutch("state.nothing"));

        var done = await family.ChangeAsync("intrekken");
        done.Text.ShouldContain(Dutch("done.Withdraw"));
        done.Text.ShouldContain(Dutch("standing.nothing"));
        SignedDocument.Open<ConsentReceipt>(File(done, "bewijs-einde.jws"), family.Letters.Hub.Hub.Signing.PublicKey).Value.Document.Event.ShouldBe("withdrawn");
        var again = await family.ChangeAsync("intrekken");
        again.Status.ShouldBe(HttpStatusCode.Conflict);
        again.Text.ShouldContain(Dutch("act.notNow.text"));
        (await family.YesAsync()).Text.ShouldContain(Dutch("yes.already.text"));
    }

    [Fact]
    public async Task Withdrawal_AfterTheRecipientHasIt_SaysByWhenItIsErased()
    {
        await using var family = await AnswerVisitor.StartAsync();
        await family.Letters.ReceivedAsync(family.Wave);
        (await family.SendAsync(("stap", "toon"), ("nummer", family.Number().Text), ("code", family.Code()))).Text.ShouldContain("Een maatschappelijk werker neemt contact met u op.");
        var done = await family.ChangeAsync("nooit");
        done.Text.ShouldContain(Dutch("done.Never"));
        done.Text.ShouldContain("Het OCMW moet uw naam en adres wissen, ten laatste op");
    }

    // The worker who helped had the code: no page stands for a yes that waits.
    [Fact]
    public async Task Holder_OfAYesGivenWithHelp_IsTold()
    {
        await using var family = await AnswerVisitor.StartAsync();
        await family.YesAsync();
        Change(family.Letters.Hub, "UPDATE answer SET state = 'held'");
        var shown = await family.SendAsync(("stap", "toon"), ("nummer", family.Number().Text), ("code", family.Code()));
        shown.Text.ShouldContain("Uw ja wacht nog.");
        shown.Html.ShouldNotContain("bevestigen\"");
    }

    [Fact]
    public async Task Proof_AfterTheRound_CanBeTakenAsAFile()
    {
        await using var family = await AnswerVisitor.StartAsync();
        await family.YesAsync();
        family.Letters.Clock.Move(TimeSpan.FromDays(4));
        await family.Letters.RoundAsync();
        var shown = await family.SendAsync(("stap", "toon"), ("nummer", family.Number().Text), ("code", family.Code()));
        File(shown, "bewijs-ja.tlog-proof").ShouldStartWith("c2sp.org/tlog-proof@v1");
        shown.Text.ShouldNotContain(Dutch("proof.none"));
    }

    [Theory]
    [InlineData("stap", "iets")]
    [InlineData("contact", "0470 12 34 56")]
    [InlineData("onderwerp", "schulden")]
    public async Task Form_WithOtherWordsThanOurs_IsRefused(string field, string value)
    {
        await using var family = await AnswerVisitor.StartAsync();
        var fields = new Dictionary<string, string> { ["stap"] = "ja-zeker", ["nummer"] = family.Number().Text, ["code"] = family.Code(), [field] = value };
        var page = await family.SendAsync([.. fields.Select(pair => (pair.Key, pair.Value))]);
        page.Status.ShouldBe(HttpStatusCode.BadRequest);
        page.Html.ShouldNotContain(value);
        family.Letters.Hub.Count("SELECT count(*) FROM answer").ShouldBe(0);
        (await family.SendAsync(("stap", "nee"), ("stap", "ja"))).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    private static void Change(TestHub hub, string sql)
    {
        using var store = hub.OpenStore();
        using var command = store.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static string Dutch(string key) => AnswerVisitor.Words("nl")[key];

    private static string File(AnswerVisitor.Page page, string name)
    {
        var link = Regex.Match(page.Html, $"download=\"{Regex.Escape(name)}\" href=\"data:application/octet-stream;base64,([^\"]+)\"");
        link.Success.ShouldBeTrue(name);
        return System.Text.Encoding.ASCII.GetString(Convert.FromBase64String(WebUtility.HtmlDecode(link.Groups[1].Value)));
    }

    // Everything that is kept of letters, row by row.
    private static List<string> Stored(AnswerVisitor family)
    {
        using var store = family.Letters.Hub.OpenStore();
        var rows = new List<string>();
        foreach (var table in new[] { "letter", "invitation", "answer", "consent_event", "source_message", "wave", "decision_record", "order_event" })
        {
            using var command = store.CreateCommand();
            command.CommandText = $"SELECT * FROM {table}";
            using var reader = command.ExecuteReader();
            while (reader.Read()) rows.Add(table + string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(at => reader.GetValue(at) is byte[] bytes ? Convert.ToBase64String(bytes) : reader.GetValue(at).ToString())));
        }

        rows.Count.ShouldBeGreaterThan(40);
        return rows;
    }

    [GeneratedRegex("<form action=\"([^\"]*)\"")]
    private static partial Regex Action();

    [GeneratedRegex("(src|href)=\"(https?:)?//")]
    private static partial Regex Foreign();
}
