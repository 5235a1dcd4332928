using System.Net;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Invitations;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Signatures;
using Bereik.Node.Access;
using Bereik.Sealing.Invitations;
using Shouldly;
using Xunit;

namespace Bereik.Local.Tests;

/// <summary>Saying yes at the counter: what a worker types goes out once and stays nowhere, and one worker alone makes no yes.</summary>
public sealed class CounterTests
{
    private static readonly LetterNumber Number = LetterNumber.Random();
    private static readonly string Code = NewCode();

    [Fact]
    public async Task Yes_WithHelp_GoesOutOnceAndIsHeldForASecondWorker()
    {
        await using var town = await LetterTown.StartAsync();
        var local = town.Local;
        var wave = await town.WaveAsync();
        Receipts(town, wave);
        var id = Guid.NewGuid();
        var page = await HelpAsync(local, HttpStatusCode.OK, ("antwoord", id.ToString()), ("contact", "visit"), ("topic", "school"));
        page.ShouldContain("Bewijs van uw ja");
        page.ShouldContain("<svg class=\"bereik-qr\"");
        page.ShouldContain("Sociaal Huis");
        page.ShouldContain("22 mei 2027");
        var sent = town.Box.Counter.ShouldHaveSingleItem();
        ((string?)sent["number"], (string?)sent["code"], (string?)sent["choices"]!["contact"], (string?)sent["choices"]!["topic"]).ShouldBe((Number.Text, Code, "visit", "school"));
        var signed = SignedDocument.Open<AssistedAnswer>((string)sent["answer"]!, local.Other.LocalKey.PublicKey).Value.Document;
        (signed.Id, signed.By).ShouldBe((id, "ocmw-aalst"));
        IsNowhere(local);
        local.Query("SELECT id, wave, state, assurance, method, helped_by IS NOT NULL FROM answer").ShouldBe([$"{id}|{wave}|held|assisted|counter|1"]);

        // The helper sees nothing to stand for, a colleague of the team does, without a name; another team does not.
        (await local.PageAsync("/balie")).ShouldNotContain(id.ToString());
        var refused = await local.PostAsync("/balie", $"/balie/{id}/mee-bevestigen");
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("answer.ownHelp");
        using var other = await local.ColleagueAsync("Ander team", Role.SocialWorker, Role.Operator);
        (await other.PageAsync("/balie")).ShouldNotContain(id.ToString());
        (await other.PostAsync("/account", $"/balie/{id}/mee-bevestigen", HttpStatusCode.Forbidden)).ShouldContain("worker.otherTeam");
        using var colleague = await local.ColleagueAsync(LetterTown.Team, Role.SocialWorker);
        (await colleague.PageAsync("/balie")).ShouldSatisfyAllConditions(text => text.ShouldContain(id.ToString()), text => text.ShouldNotContain("Qwertman"));
        Held(town, wave, id);
        for (var i = 0; i < 2; i++) await colleague.PostAsync("/balie", $"/balie/{id}/mee-bevestigen", HttpStatusCode.Found);
        await town.UntilToldAsync(id, ConsentAct.Countersign);
        town.Box.Heard.Count(step => step.Act == "countersign").ShouldBe(1);
        local.Query("SELECT state FROM answer").ShouldBe(["given"]);
        (await colleague.PageAsync("/balie")).ShouldNotContain(id.ToString());
        await colleague.PostAsync("/balie", $"/balie/{Guid.NewGuid()}/mee-bevestigen", HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData(422, "answer.wrongCode", "De code past niet bij dit briefnummer")]
    [InlineData(422, "answer.tooEarly", "nog niet beantwoord worden")]
    [InlineData(422, "answer.over", "De laatste dag is voorbij")]
    [InlineData(422, "answer.already", "Op deze brief is al ja gezegd")]
    [InlineData(422, "answer.refused", "Er is niets bewaard")]
    public async Task Yes_ThatTheHubDoesNotTake_IsToldKindlyAndKeptNowhere(int status, string code, string told)
    {
        await using var town = await LetterTown.StartAsync();
        await town.WaveAsync();
        town.Box.Refuses = (status, code);
        WebUtility.HtmlDecode(await HelpAsync(town.Local, HttpStatusCode.UnprocessableEntity, ("contact", "visit"))).ShouldSatisfyAllConditions(page => page.ShouldContain(told), page => page.ShouldContain("value=\"visit\" checked"));
        town.Local.Query("SELECT count(*) FROM answer").ShouldBe(["0"]);
        IsNowhere(town.Local);
    }

    [Fact]
    public async Task Yes_WhenTheHubIsBusy_IsTriedAgainUnderTheSameId()
    {
        await using var town = await LetterTown.StartAsync();
        var wave = await town.WaveAsync();
        Receipts(town, wave);
        town.Box.Refuses = (503, "answer.busy");
        var id = Guid.NewGuid();
        var page = await HelpAsync(town.Local, HttpStatusCode.UnprocessableEntity, ("antwoord", id.ToString()));
        page.ShouldContain("probeer het nog eens");
        page.ShouldContain($"value=\"{id}\"");
        town.Local.Query("SELECT state FROM answer").ShouldBe(["asked"]);

        // It was taken after all, and the answer was lost: its helper is known.
        town.Box.Refuses = (422, "answer.already");
        await HelpAsync(town.Local, HttpStatusCode.UnprocessableEntity, ("antwoord", id.ToString()));
        Held(town, wave, id);
        await town.UntilReadAsync();
        town.Local.Query("SELECT state, wave, helped_by IS NOT NULL FROM answer").ShouldBe([$"held|{wave}|1"]);
    }

    [Theory]
    [InlineData("briefnummer", "XCE-5A4-69K", "briefnummer")]
    [InlineData("briefnummer", "", "briefnummer")]
    [InlineData("code", "X5X6-0N0G-Y3R5-F4", "code")]
    [InlineData("samen", "", "samen")]
    [InlineData("topic", "income", "topic")]
    public async Task Yes_ThatIsTypedWrong_LeavesNothing(string field, string value, string wrong)
    {
        await using var town = await LetterTown.StartAsync();
        await town.WaveAsync();
        var page = await HelpAsync(town.Local, HttpStatusCode.UnprocessableEntity, (field, value));
        page.ShouldContain($"id=\"{wrong}-fout\"");
        if (value.Length > 0 && field is "briefnummer" or "code") page.ShouldNotContain(value == "" ? "!" : value, customMessage: "never said back");
        town.Box.Counter.ShouldBeEmpty();
        town.Local.Query("SELECT count(*) FROM answer").ShouldBe(["0"]);
    }

    [Theory]
    [InlineData("signature")]
    [InlineData("id")]
    [InlineData("recipient")]
    public async Task Receipt_ThatIsNotTheHubsOwnOfThisYes_IsNotShown(string wrong)
    {
        await using var town = await LetterTown.StartAsync();
        var wave = await town.WaveAsync();
        using var stranger = SigningKey.Generate();
        Receipts(town, wave, receipt => wrong switch { "id" => receipt with { Id = Guid.NewGuid() }, "recipient" => receipt with { Recipient = "ocmw-lokeren" }, _ => receipt }, wrong == "signature" ? stranger : null);
        var page = await HelpAsync(town.Local, HttpStatusCode.UnprocessableEntity);
        page.ShouldNotContain("Bewijs van uw ja");
        town.Local.Query("SELECT state, wave FROM answer").ShouldBe(["asked|"]);
        IsNowhere(town.Local);
    }

    // Number, code, or that number with separators, in any file of the node.
    private static void IsNowhere(TestLocal local)
    {
        foreach (var text in new[] { Number.Text, Number.Printed, Code, Code.Replace("-", "", StringComparison.Ordinal), Code.ToLowerInvariant() }) local.Holds(text).ShouldBeFalse();
    }

    private static async Task<string> HelpAsync(TestLocal local, HttpStatusCode status, params (string Name, string Value)[] other)
    {
        (string Name, string Value)[] all = [("briefnummer", Number.Printed.ToLowerInvariant()), ("code", Code.Replace('-', ' ')), ("samen", "ja"), ("contact", ""), ("language", ""), ("partOfDay", ""), ("topic", "")];
        var answer = await local.PostAsync("/balie", "/balie", [.. all.Where(one => other.All(changed => changed.Name != one.Name)), .. other]);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(status);
        text.ShouldNotContain(Code);
        text.ShouldNotContain(Number.Printed);
        return text;
    }

    // The yes at the hub, as it tells it to the recipient whose worker helped.
    private static void Held(LetterTown town, string wave, Guid id) => town.Box.Add(id, new LetterBox.Yes
    {
        Wave = Guid.Parse(wave), Standing = ConsentStanding.Begun(ConsentAssurance.Assisted), Method = AnswerMethod.Counter, GivenOn = town.Today,
    });

    private static void Receipts(LetterTown town, string wave, Func<ConsentReceipt, ConsentReceipt>? change = null, SigningKey? key = null)
    {
        town.Box.Receipt = answer =>
        {
            Bytes32.TryParse(LetterTown.Protocol.Hash, out var hash).ShouldBeTrue();
            var receipt = new ConsentReceipt
            {
                Schema = ConsentReceipt.Profile, Id = answer.Id, Event = "given", Letter = Number, Wave = Guid.Parse(wave), Protocol = LetterTown.Protocol.Id, ProtocolVersion = LetterTown.Protocol.Version, ProtocolHash = hash, Notice = LetterTown.Notice,
                Purpose = "requestedHelp", Role = "safeguard", Fields = ["familyName"], Source = "opgroeien", Recipient = "ocmw-aalst", Service = "Sociaal Huis", Method = "counter", Assurance = "assisted", At = answer.At, Until = town.Today.AddDays(180),
                Salt = Bytes32.Random(),
            };
            return SignedDocument.Sign(change?.Invoke(receipt) ?? receipt, key ?? town.Local.Other.HubKey).Compact;
        };
    }

    private static string NewCode()
    {
        using var codes = WaveCodes.Draw();
        using var code = codes.Code(0);
        var printed = new char[SecretCode.PrintedLength];
        code.Print(printed);
        return new string(printed);
    }
}
