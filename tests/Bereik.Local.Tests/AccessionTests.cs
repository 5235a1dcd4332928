using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bereik.Domain;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Register;
using Bereik.Exchange.Signatures;
using Bereik.Node.Ui;
using Bereik.Tests.Shared;
using Shouldly;
using Xunit;

namespace Bereik.Local.Tests;

/// <summary>A local government accedes on its own pages: what is typed is kept, what is open is told, and what is signed is what was seen.</summary>
public sealed class AccessionTests
{
    private const string Page = "/toetreding/groeipakket-onbekend";
    private static readonly (string Name, string Value)[] Decision =
    [
        ("orgaan", "socialWelfareCouncil"), ("besluitdag", "10/11/2026"), ("besluitnummer", "2026/118"), ("advies", "conditional"), ("dpo", "dpo@voorbeeld.be"), ("adviesdag", "2026-11-02"),
        ("samenvatting", "Gunstig.\r\nNa een jaar opnieuw te bekijken."),
    ];

    private static readonly (string Name, string Value)[] Service =
        [("dienst", "Sociaal Huis"), ("contact", "sociaalhuis@voorbeeld.be"), ("herziening", "1-10-2027"), ("gebied-41002", "ja"), ("vanaf-41002", "1.12.2026")];

    private static (string Name, string Value)[] Measures => [("datum", "20/11/2026"), .. FrameworkFile.Shipped.Measures.SelectMany(measure => new[] { (measure.Id, "met"), ($"{measure.Id}-bewijs", "Dossier 12") })];

    [Fact]
    public async Task WholeAccession_SignsTheTextAndThenWhatWasSeen()
    {
        await using var hub = await RegisterHub.StartAsync();
        await using var local = await StartAsync(hub);
        (await local.PageAsync(Page)).ShouldContain("Niet toegetreden");
        (await local.PageAsync("/lijsten")).ShouldContain($"href=\"{Page}\"");
        await FillAsync(local);
        var page = await local.PageAsync($"{Page}/ondertekenen");
        page.ShouldContain("name=\"akkoord\"");
        hub.Sent.ShouldBeEmpty("nothing leaves before the signature");

        var signed = await local.PostAsync($"{Page}/ondertekenen", $"{Page}/ondertekenen", ("akkoord", "ja"));
        signed.Headers.Location!.ToString().ShouldBe($"{Page}?getekend", await signed.Content.ReadAsStringAsync());

        hub.Sent.Count.ShouldBe(2);
        Jws.Read(hub.Sent[0], JoseTypes.Protocol).Value.Payload.ToArray().ShouldBe(Acceding.FileOf(Flow.Unknown).Canonical.ToArray(), "the same bytes as every party");
        var accession = SignedDocument.Parse<AccessionAct>(hub.Sent[1]).Value.Document.Accession;
        accession.Organisation.ShouldBe("ocmw-aalst");
        accession.Decision.ShouldBe(new CouncilDecision { Body = DecidingBody.SocialWelfareCouncil, On = new DateOnly(2026, 11, 10), Number = "2026/118" });
        accession.Advice.Summary.ShouldBe("Gunstig.\nNa een jaar opnieuw te bekijken.");
        accession.ReviewBy.ShouldBe(new DateOnly(2027, 10, 1));
        accession.Territory.ShouldBe([new TerritoryPeriod { Nis = "41002", From = new DateOnly(2026, 12, 1) }]);
        accession.Measures.Select(answer => answer.Id).ShouldBe(FrameworkFile.Shipped.Measures.Select(measure => measure.Id));
        accession.Measures.ShouldAllBe(answer => answer.On == new DateOnly(2026, 11, 20) && answer.State == MeasureState.Met);
        accession.Regulation.ShouldBeNull("this protocol asks for none");

        (await local.PageAsync($"{Page}?getekend")).ShouldContain("U bent toegetreden.");
        (await local.PageAsync("/lijsten")).ShouldNotContain($"href=\"{Page}\"");
        local.Query("SELECT count(*) FROM accession_draft").ShouldBe(["0"]);
        local.Query("SELECT point, act, outcome FROM decision_record").ShouldBe(["accede|accession.sign|permit"]);
        var told = JsonNode.Parse(await local.PageAsync("/v1/accessions"))!["items"]!.AsArray().ShouldHaveSingleItem()!;
        told["since"]!.GetValue<DateTimeOffset>().ShouldBe(local.Clock.GetUtcNow(), TimeSpan.FromMinutes(1));
        told.AsObject().Remove("since");
        told.ToJsonString().ShouldBe("""{"protocol":"groeipakket-onbekend","version":"0.2","state":"active","reviewBy":"2027-10-01","lapsed":[]}""");
    }

    [Fact]
    public async Task NewAccession_BeginsWithWhatCountsNowAndSignsTheTextNoSecondTime()
    {
        await using var hub = await RegisterHub.StartAsync();
        await using var local = await StartAsync(hub);
        await FillAsync(local);
        await local.PostAsync($"{Page}/ondertekenen", $"{Page}/ondertekenen", ("akkoord", "ja"));
        (await local.PageAsync($"{Page}/beslissing")).ShouldContain("value=\"2026/118\"");
        (await local.PageAsync($"{Page}/maatregelen")).ShouldContain("id=\"K33-dag\" name=\"K33-dag\" type=\"text\" value=\"20/11/2026\"");

        local.Clock.Move(TimeSpan.FromDays(1));
        await local.PostAsync($"{Page}/dienst", $"{Page}/dienst", [.. Service.Where(field => field.Name != "contact"), ("contact", "onthaal@voorbeeld.be")]);
        (await local.PageAsync(Page)).ShouldContain("sociaalhuis@voorbeeld.be", customMessage: "the former counts until the new one is signed");
        await local.PostAsync($"{Page}/ondertekenen", $"{Page}/ondertekenen", ("akkoord", "ja"));
        hub.Sent.Count.ShouldBe(3);
        (await local.PageAsync(Page)).ShouldContain("onthaal@voorbeeld.be");
    }

    [Fact]
    public async Task Draft_WithMistakes_IsKeptAsTypedAndTellsEachAtItsField()
    {
        await using var hub = await RegisterHub.StartAsync();
        await using var local = await StartAsync(hub);
        var answer = await local.PostAsync(
            $"{Page}/beslissing", $"{Page}/beslissing", ("orgaan", "municipalCouncil"), ("besluitdag", "31/02/2026"), ("besluitnummer", new string('9', 81)), ("advies", "unfavourable"), ("dpo", "x"),
            ("adviesdag", "24/11/2026"), ("samenvatting", "<script>alert(1)</script>"));
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var page = await answer.Content.ReadAsStringAsync();
        foreach (var field in new[] { "besluitdag", "besluitnummer", "dpo", "adviesdag", "nietgevolgd" })
        {
            page.ShouldContain($"href=\"#{field}\"");
            page.ShouldContain($"id=\"{field}-fout\"");
        }

        page.ShouldNotContain("<script>alert");
        var again = await local.PageAsync($"{Page}/beslissing");
        again.ShouldContain("value=\"31/02/2026\"");
        again.ShouldContain("&lt;script&gt;");
        again.ShouldNotContain("govuk-error-summary", customMessage: "nobody sent this form yet");

        // A body of a gemeente is told by the decision: at an OCMW it cannot be chosen, and whoever sends it all the same is refused.
        (await local.PageAsync($"{Page}/ondertekenen")).ShouldContain("accession.decisionInvalid");
        (await local.PageAsync("/toetreding/groeipakket-brief/beslissing")).ShouldNotContain("31/02/2026", customMessage: "each protocol has its own");
    }

    [Fact]
    public async Task DayForAll_GoesToAnswersWithoutADayOfTheirOwnOnly()
    {
        await using var hub = await RegisterHub.StartAsync();
        await using var local = await StartAsync(hub);
        await local.PostAsync($"{Page}/maatregelen", $"{Page}/maatregelen", ("daarna", "later"), ("datum", "20/11/2026"), ("K01", "met"), ("K02", "notMet"), ("K02-dag", "1/11/2026"));
        var fields = JsonSerializer.Deserialize<Dictionary<string, string>>(local.Query("SELECT fields FROM accession_draft").Single())!;
        fields["K01-dag"].ShouldBe("20/11/2026");
        fields["K02-dag"].ShouldBe("1/11/2026");
        fields["K03-dag"].ShouldBe("", "nobody answered it");
        fields["datum"].ShouldBe("");
    }

    [Fact]
    public async Task Signature_WhileSomethingIsOpen_IsRefusedWithEveryReasonAndNothingLeaves()
    {
        await using var hub = await RegisterHub.StartAsync();
        await using var local = await StartAsync(hub);
        var page = await local.PageAsync($"{Page}/ondertekenen");
        string[] open = ["accession.decisionInvalid", "accession.notAdvised", "accession.measureUnanswered", "accession.measureLapsed", "accession.reviewTooFar"];
        foreach (var code in open) page.ShouldContain(code);
        foreach (var step in new[] { "beslissing", "maatregelen", "dienst" }) page.ShouldContain($"href=\"{Page}/{step}\"");
        page.ShouldNotContain("name=\"akkoord\"");

        (await local.PostAsync($"{Page}/beslissing", $"{Page}/ondertekenen", ("akkoord", "ja"))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        hub.Sent.ShouldBeEmpty();
        local.Query("SELECT act, outcome FROM decision_record").ShouldBe(["accession.sign|refuse"]);
        foreach (var code in open) local.Query("SELECT reasons FROM decision_record").Single().ShouldContain(code);

        // Contact and service are asked for by no rule but this form.
        await FillAsync(local, service: [("contact", ""), ("dienst", "")]);
        (await local.PageAsync($"{Page}/ondertekenen")).ShouldNotContain("name=\"akkoord\"");
        (await local.PostAsync($"{Page}/beslissing", $"{Page}/ondertekenen", ("akkoord", "ja"))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        hub.Sent.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(503, null, "hub.unreachable")]
    [InlineData(422, """{"code":"register.refused"}""", "register.refused")]
    [InlineData(422, """{"code":"document.refused","cause":"jws.kid"}""", "jws.kid")]
    public async Task HubThatDoesNotTakeIt_IsToldKindlyAndNothingIsLost(int status, string? problem, string code)
    {
        await using var hub = await RegisterHub.StartAsync();
        await using var local = await StartAsync(hub);
        await FillAsync(local);
        hub.Answer = (status, problem);
        var answer = await local.PostAsync($"{Page}/ondertekenen", $"{Page}/ondertekenen", ("akkoord", "ja"));
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var page = await answer.Content.ReadAsStringAsync();
        page.ShouldContain(code);
        page.ShouldContain("Er is niets verloren.");

        hub.Answer = null;
        (await local.PostAsync($"{Page}/ondertekenen", $"{Page}/ondertekenen", ("akkoord", "ja"))).StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    [Fact]
    public async Task OwnSuspension_IsSignedShownAndLifted()
    {
        await using var hub = await RegisterHub.StartAsync();
        await using var local = await StartAsync(hub);
        await FillAsync(local);
        await local.PostAsync($"{Page}/ondertekenen", $"{Page}/ondertekenen", ("akkoord", "ja"));
        (await local.PostAsync(Page, $"{Page}/schorsen", ("suspend-woorden", "x"))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await local.PostAsync(Page, $"{Page}/opheffen", ("resume-woorden", "Er is niets op te heffen."))).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await local.PostAsync(Page, $"{Page}/beeindigen", ("end-dag", "22/11/2026"), ("end-woorden", "Gisteren is te laat."))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        hub.Sent.Count.ShouldBe(2, "nothing was sent that was not whole");

        (await local.PostAsync(Page, $"{Page}/schorsen", ("suspend-reden", "auditFailed"), ("suspend-woorden", "De audit <b>faalde</b>."))).StatusCode.ShouldBe(HttpStatusCode.Found);
        var stop = SignedDocument.Parse<RegisterStop>(hub.Sent[^1]).Value.Document;
        (stop.Kind, stop.Trigger, stop.Organisation, stop.Because).ShouldBe((StopKind.Suspend, SanctionTrigger.AuditFailed, "ocmw-aalst", "De audit <b>faalde</b>."));
        var page = await local.PageAsync(Page);
        page.ShouldContain("De audit &lt;b&gt;faalde&lt;/b&gt;.");
        page.ShouldContain("accession.suspended");
        page.ShouldContain($"action=\"{Page}/opheffen\"");
        var order = await local.PostAsync("/lijsten", "/lijsten", ("maand", TestLocal.Month), ("akkoord", "ja"));
        (await order.Content.ReadAsStringAsync()).ShouldContain("href=\"/toetreding\"");

        (await local.PostAsync(Page, $"{Page}/opheffen", ("resume-woorden", "De audit is overgedaan."))).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await local.PageAsync(Page)).ShouldNotContain("accession.suspended");
        Told(local).ShouldBe(["1 accession.suspended", "2 accession.resumed"]);
    }

    // What was told of this organisation's own accession.
    private static IReadOnlyList<string> Told(TestLocal local) => local.Query($"SELECT number || ' ' || type FROM node_event WHERE exchange = '{Acceding.FileOf(Flow.Unknown).Protocol!.Id}/{Acceding.FileOf(Flow.Unknown).Protocol!.Version}/ocmw-aalst' ORDER BY sequence");

    [Fact]
    public async Task SuspensionByTheSource_NamesWhoCanLiftItAndCannotBeLiftedHere()
    {
        await using var hub = await RegisterHub.StartAsync();
        await using var local = await StartAsync(hub);
        await FillAsync(local);
        await local.PostAsync($"{Page}/ondertekenen", $"{Page}/ondertekenen", ("akkoord", "ja"));
        hub.Append(Acceding.Stop(Acceding.FileOf(Flow.Unknown).Protocol!, "ocmw-aalst", StopKind.Suspend, local.Other.SourceKey, local.Clock.GetUtcNow()), local.Clock.GetUtcNow());
        await local.MoveAsync(TimeSpan.FromMinutes(1));
        var page = await local.PageAsync(Page);
        page.ShouldContain("Alleen Naam van opgroeien kan deze schorsing opheffen.");
        page.ShouldNotContain($"action=\"{Page}/opheffen\"");
        (await local.PostAsync(Page, $"{Page}/opheffen", ("resume-woorden", "Wij heffen dit op."))).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task MandatoryMeasure_PastItsLastDay_IsNamedWithWhoCanChangeIt()
    {
        await using var hub = await RegisterHub.StartAsync();
        await using var local = await StartAsync(hub);
        await FillAsync(local);
        await local.PostAsync($"{Page}/ondertekenen", $"{Page}/ondertekenen", ("akkoord", "ja"));
        await local.MoveAsync(TimeSpan.FromDays(365));
        var page = await local.PageAsync(Page);
        page.ShouldContain("accession.measureLapsed");
        page.ShouldContain("accession.reviewOverdue");
        page.ShouldContain("<li>K02. ");
        page.ShouldNotContain("<li>K03. ", customMessage: "three years have not passed");
        (await local.PageAsync("/")).ShouldContain($"href=\"{Page}\"");
        await TestLocal.WaitAsync(() => Told(local).Count > 0, "the day that passed is told");
        Told(local).ShouldBe(["1 accession.suspended"]);
    }

    [Fact]
    public async Task Protocol_OfAnotherKindOfOrganisation_IsNotThere()
    {
        await using var local = await TestLocal.StartAsync(isOcmw: false);
        var all = await local.PageAsync("/toetreding");
        all.ShouldContain("/toetreding/groeipakket-match\"");
        all.ShouldNotContain("groeipakket-onbekend");
        await local.PageAsync(Page, HttpStatusCode.NotFound);
        await local.PageAsync("/toetreding/bestaat-niet/maatregelen", HttpStatusCode.NotFound);
        (await local.PostAsync("/lijsten", $"{Page}/ondertekenen", ("akkoord", "ja"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        // The grant of a gemeente needs its regulation.
        (await local.PageAsync("/toetreding/groeipakket-match/dienst")).ShouldContain("id=\"reglement\"");
    }

    [Theory]
    [InlineData("/beslissing")]
    [InlineData("/maatregelen")]
    [InlineData("/dienst")]
    [InlineData("/ondertekenen")]
    [InlineData("/schorsen")]
    [InlineData("/opheffen")]
    [InlineData("/beeindigen")]
    public async Task Form_WithoutItsHiddenField_IsRefused(string form)
    {
        await using var local = await TestLocal.StartAsync();
        var answer = await local.PostBareAsync(Page + form, ("akkoord", "ja"), ("end-dag", "30/11/2026"), ("end-woorden", "Iemand anders wil dit."));
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        local.Query("SELECT count(*) FROM accession_draft").ShouldBe(["0"]);
    }

    [Theory]
    [InlineData("24/11/2026", true)]
    [InlineData("1-2-2026", true)]
    [InlineData(" 24.11.2026 ", true)]
    [InlineData("2026-11-24", true)]
    [InlineData("29/02/2027", false)]
    [InlineData("24/11/26", false)]
    [InlineData("24 november 2026", false)]
    [InlineData("", false)]
    public void Day_AsPeopleWriteIt_IsReadOrRefused(string text, bool isDay)
    {
        DayText.TryParse(text, out var day).ShouldBe(isDay);
        if (isDay) DayText.TryParse(DayText.Write(day), out var again).ShouldBe(again == day);
    }

    private static Task<TestLocal> StartAsync(RegisterHub hub) => hub.JoinAsync();

    // The three forms before the signature, right unless a test says otherwise.
    private static async Task FillAsync(TestLocal local, params (string Name, string Value)[] service)
    {
        await local.PostAsync($"{Page}/beslissing", $"{Page}/beslissing", Decision);
        await local.PostAsync($"{Page}/maatregelen", $"{Page}/maatregelen", Measures);
        await local.PostAsync($"{Page}/dienst", $"{Page}/dienst", [.. Service.Where(field => service.All(other => other.Name != field.Name)), .. service]);
    }
}
