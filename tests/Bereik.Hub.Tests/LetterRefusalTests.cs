using System.Net;
using System.Text;
using System.Text.Json;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Invitations;
using Bereik.Exchange.Log;
using Bereik.Exchange.Signatures;
using Bereik.Hub.Letters;
using Shouldly;
using Xunit;

namespace Bereik.Hub.Tests;

// What the hub does not take of letters, each with its code.
public sealed class LetterRefusalTests
{
    [Theory]
    [InlineData("wave.tooSmall")]
    [InlineData("wave.tooLarge")]
    [InlineData("letter.notTested")]
    [InlineData("accession.missing")]
    public async Task Order_AgainstTheProtocol_IsRefusedWithItsReason(string code)
    {
        await using var hub = await LetterHub.StartAsync(acceded: code != "accession.missing");
        var letter = code switch
        {
            "wave.tooSmall" => LetterHub.Asked(19),
            "wave.tooLarge" => LetterHub.Asked(40) with { Capacity = 30 },
            "letter.notTested" => LetterHub.Asked() with { Panel = new TestPanel { Organisation = "Vereniging", On = new DateOnly(2026, 10, 1), Readers = 7 } },
            _ => LetterHub.Asked(),
        };
        var answer = await hub.Hub.PlaceAsync(hub.Welfare, hub.Hub.NewOrder(Flow.Messenger) with { KnownCount = null, Letter = letter });
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.ReasonsAsync()).ShouldContain(code);
    }

    [Fact]
    public async Task Order_OfLetters_TakesNoTokensAndNoEnvelope_AndAListNoInvitations()
    {
        await using var hub = await LetterHub.StartAsync();
        await hub.Hub.AccedeAsync(hub.Welfare, Flow.Unknown);
        var letters = await hub.ApprovedAsync();
        (await (await hub.Hub.PutTokensAsync(letters, await TestEnvelope.TokensAsync(Token.Random(), [Token.Random()]))).CauseAsync()).ShouldBe("order.letters");
        (await (await hub.Hub.PutEnvelopeAsync(letters, Encoding.UTF8.GetBytes("{}\n"))).CauseAsync()).ShouldBe("order.letters");
        (await (await hub.Hub.PackageAsync(letters)).CauseAsync()).ShouldBe("order.letters");

        var list = await hub.Hub.ApprovedAsync(Flow.Unknown);
        var wave = hub.Make(list, real: 0);
        (await (await hub.PutPartAsync(wave)).CauseAsync()).ShouldBe("order.notLetters");
        (await (await hub.OpenAsync(wave, hub.Opening(wave))).CauseAsync()).ShouldBe("order.notLetters");
    }

    [Fact]
    public async Task Part_ThatDoesNotHold_IsRefusedWithItsRowAndLeavesWhatWasThere()
    {
        await using var hub = await LetterHub.StartAsync();
        var first = await hub.OpenedAsync(real: 0);
        var wave = hub.Make(await hub.ApprovedAsync(), real: 0);
        (await hub.PutPartAsync(wave)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var (one, two) = (wave.Letters[0], wave.Letters[1]);
        var spoilt = one.ToJson();
        spoilt[^3] ^= 1;
        foreach (var (body, part, code, place) in new (byte[], int, string, string)[]
        {
            (MadeWave.Body([one, two, one]), 0, "invitations.numberTaken", "3"),
            (MadeWave.Body([one, first.Letters[4]]), 0, "invitations.numberTaken", "2"),
            ([.. MadeWave.Body([one]), .. "{}\n"u8], 0, "invitation.json", "2"),
            ([.. one.ToJson()], 0, "invitations.truncated", "1"),
            ([.. spoilt, (byte)'\n'], 0, "invitation.sealed", "1"),
            (MadeWave.Body([two]), 1, "invitations.part", "part"),
        })
        {
            var answer = await hub.PutPartAsync(wave, part, body);
            answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, code);
            var problem = await answer.JsonAsync();
            ((string)problem["cause"]!, (string)problem["place"]!).ShouldBe((code, place));
        }

        hub.Hub.Count("SELECT count(*) FROM invitation").ShouldBe(40);

        // The same again is no error, another in its place replaces it, and only its source brings it.
        (await hub.PutPartAsync(wave)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        wave.Letters.RemoveAt(0);
        wave.Letters.Add(one with { Number = LetterNumber.Random() });
        ((string)(await (await hub.PutPartAsync(wave)).JsonAsync())["digest"]!).ShouldBe(Bytes32.Sha256(wave.Body()).ToString());
        (await hub.PutPartAsync(wave, caller: hub.Hub.OtherSource)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await hub.PutPartAsync(wave, caller: hub.Welfare)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await hub.OpenAsync(wave, hub.Opening(wave))).EnsureSuccessStatusCode();

        // What is open stays as it is, and nothing of it is found in another wave.
        (await hub.PutPartAsync(wave)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        wave.Letters[3] = wave.Letters[3] with { Number = LetterNumber.Random() };
        (await (await hub.PutPartAsync(wave)).CauseAsync()).ShouldBe("order.deposited");
    }

    [Theory]
    [InlineData("id")]
    [InlineData("order")]
    [InlineData("protocolHash")]
    [InlineData("recipientKid")]
    [InlineData("sourceKid")]
    [InlineData("letters")]
    [InlineData("fewer")]
    [InlineData("parts")]
    [InlineData("opensOn")]
    [InlineData("later")]
    [InlineData("answerBy")]
    [InlineData("at")]
    [InlineData("signer")]
    public async Task Opening_ThatDoesNotAnswerTheOrder_IsRefusedAndOpensNothing(string wrong)
    {
        await using var hub = await LetterHub.StartAsync();
        var wave = hub.Make(await hub.ApprovedAsync(), real: 0);
        (await hub.PutPartAsync(wave)).EnsureSuccessStatusCode();
        var opening = hub.Opening(wave, made => wrong switch
        {
            "id" => made with { Id = Guid.NewGuid() },
            "order" => made with { Order = Bytes32.Random() },
            "protocolHash" => made with { ProtocolHash = Bytes32.Random() },
            "recipientKid" => made with { RecipientKid = Bytes32.Random().ToString() },
            "sourceKid" => made with { SourceKid = Bytes32.Random().ToString() },
            "letters" => made with { Letters = 21 },
            "fewer" => made with { Letters = 19 },
            "parts" => made with { Parts = [Bytes32.Random()] },
            "opensOn" => made with { OpensOn = made.OpensOn.AddDays(-1), AnswerBy = made.AnswerBy.AddDays(-1) },
            "later" => made with { OpensOn = made.OpensOn.AddDays(61), AnswerBy = made.AnswerBy.AddDays(61) },
            "answerBy" => made with { AnswerBy = made.AnswerBy.AddDays(1) },
            "at" => made with { At = made.At.AddHours(1) },
            _ => made,
        }, wrong == "signer" ? hub.Hub.OtherSource : null);
        var answer = await hub.OpenAsync(wave, opening);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.CauseAsync()).ShouldBe(wrong switch
        {
            "signer" => "jws.kid",
            "fewer" => "opening.letters",
            "later" => "opening.opensOn",
            _ => $"opening.{wrong}",
        });
        (await hub.Hub.StateAsync(hub.Source, wave.Order)).ShouldBe("approved");
        (await hub.DeskAsync(desk => desk.FindAsync(wave.Letters[0].Number, CancellationToken.None))).ShouldBeNull();
        (await hub.Hub.EntriesAsync(wave.Order)).OfType<LogEntry.EnvelopeDeposited>().Single().Outcome.ShouldBe("refuse");

        // Another opening is still taken; then the same is no error, and no other is.
        var right = hub.Opening(wave);
        for (var i = 0; i < 2; i++) (await hub.OpenAsync(wave, right)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await (await hub.OpenAsync(wave, hub.Opening(wave, made => made with { Notice = Bytes32.Random() }))).CauseAsync()).ShouldBe("opening.another");
    }

    [Fact]
    public async Task Opening_WithAPartOfFewerLettersBeforeTheLast_IsRefused()
    {
        await using var hub = await LetterHub.StartAsync();
        var wave = hub.Make(await hub.ApprovedAsync(), 30, real: 0);
        (await hub.PutPartAsync(wave)).EnsureSuccessStatusCode();

        // More letters than the order asked for.
        (await (await hub.OpenAsync(wave, hub.Opening(wave))).CauseAsync()).ShouldBe("opening.letters");
    }

    [Fact]
    public async Task Step_ThatDoesNotHold_IsRefusedWithItsCode()
    {
        await using var hub = await LetterHub.StartAsync();
        var wave = await hub.OpenedAsync();
        var id = (Guid)(await hub.ReleasedAsync(wave))["id"]!;
        async Task<string?> Refused(string step, string? certificate = null) => await (await hub.BringAsync(id, step, certificate)).CauseAsync();
        (await Refused(hub.Step(wave, id, "confirm", change: step => step with { By = "gemeente-aalst" }))).ShouldBe("step.by");
        (await Refused(hub.Step(wave, id, "confirm", change: step => step with { Id = Guid.NewGuid() }))).ShouldBe("step.id");
        (await Refused(hub.Step(wave, id, "confirm", change: step => step with { Wave = Guid.NewGuid() }))).ShouldBe("step.wave");
        (await Refused(hub.Step(wave, id, "confirm", signer: hub.Source))).ShouldBe("jws.kid");
        (await Refused(hub.Step(wave, id, "confirm"))).ShouldBe("answer.released");
        (await Refused(hub.Step(wave, id, "receive"))).ShouldBe("answer.released");
        (await Refused(hub.Step(wave, id, "erase", Bytes32.Random()), hub.Certificate().Compact)).ShouldBe("step.certificate");
        var foreign = hub.Certificate(hub.Source, hub.Welfare.Id);
        (await Refused(hub.Step(wave, id, "erase", foreign.Hash), foreign.Compact)).ShouldBe("jws.kid");
        var otherOrganisation = hub.Certificate(organisation: "ocmw-gent");
        (await Refused(hub.Step(wave, id, "erase", otherOrganisation.Hash), otherOrganisation.Compact)).ShouldBe("step.certificate");
        (await Refused(hub.Step(wave, id, "confirm"), hub.Certificate().Compact)).ShouldBe("step.certificate");
        var own = hub.Certificate();
        (await Refused(hub.Step(wave, id, "erase", own.Hash), own.Compact)).ShouldBe("answer.released");

        // Nobody else sees it, and the same step again is no error.
        (await hub.SealedAsync(id, hub.Source)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await hub.SealedAsync(Guid.NewGuid())).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await hub.SealedAsync(id)).EnsureSuccessStatusCode();
        var receive = hub.Step(wave, id, "receive");
        for (var i = 0; i < 2; i++) (await hub.BringAsync(id, receive)).EnsureSuccessStatusCode();
        (await Refused(hub.Step(wave, id, "countersign"))).ShouldBe("answer.received");
    }

    [Fact]
    public async Task Assisted_IsHeldUntilSomebodyElseStandsForIt()
    {
        await using var hub = await LetterHub.StartAsync();
        var wave = await hub.OpenedAsync(real: 3);
        var id = Guid.NewGuid();
        var given = await AssistAsync(hub, wave, id, CodeOf(wave, 0));
        given.StatusCode.ShouldBe(HttpStatusCode.Created);
        var receipt = SignedDocument.Open<ConsentReceipt>((string)(await given.JsonAsync())["receipt"]!, hub.Hub.Hub.Signing.PublicKey).Value.Document;
        (receipt.Id, receipt.Method, receipt.Assurance).ShouldBe((id, "counter", "assisted"));
        (await (await AssistAsync(hub, wave, id, CodeOf(wave, 0))).CauseAsync()).ShouldBe("answer.already");
        (await (await AssistAsync(hub, wave, id, CodeOf(wave, 1), 1)).CauseAsync()).ShouldBe("answer.idTaken");

        // The recipient sees that it is held, without the number; nothing goes out.
        var item = (await hub.AnswersAsync()).ShouldHaveSingleItem();
        ((string)item["state"]!, item.ContainsKey("number"), (string)item["assurance"]!).ShouldBe(("held", false, "assisted"));
        (await (await hub.SealedAsync(id)).CauseAsync()).ShouldBe("answer.held");

        // The worker who helped saw the code: on a page nobody stands for it. The hub's call back does, or another worker.
        (await hub.ActAsync(wave, ConsentAct.Countersign)).Outcome.ShouldBe(HolderOutcome.NotNow);
        (await hub.SayAsync(wave, id, "countersign")).EnsureSuccessStatusCode();
        (await hub.StateAsync(wave)).Holder!.Standing.State.ShouldBe(ConsentState.Given);

        // Not before 72 hours, and then at the next release: given on Friday at 11, so on Tuesday at 3.
        hub.Clock.Move(TimeSpan.FromHours(70));
        await hub.ReleaseAsync();
        ((string)(await hub.AnswersAsync())[^1]["state"]!).ShouldBe("given");
        hub.Clock.Move(TimeSpan.FromHours(22.5));
        await hub.ReleaseAsync();
        item = (await hub.AnswersAsync())[^1];
        ((string)item["state"]!, (string)item["number"]!).ShouldBe(("released", wave.Letters[0].Number.Text));

        // By call back.
        (await AssistAsync(hub, wave, Guid.NewGuid(), CodeOf(wave, 1), 1)).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await hub.ActAsync(wave, ConsentAct.Countersign, 1, AnswerMethod.Phone)).Outcome.ShouldBe(HolderOutcome.Done);

        // By nobody.
        (await AssistAsync(hub, wave, Guid.NewGuid(), CodeOf(wave, 2), 2)).StatusCode.ShouldBe(HttpStatusCode.Created);
        hub.Clock.Move(TimeSpan.FromDays(14));
        await hub.ExpireAsync();
        (await hub.StateAsync(wave, 2)).Holder!.Standing.ShouldBe(new ConsentStanding(ConsentState.Expired, false, true));
    }

    [Fact]
    public async Task Assisted_ThatDoesNotHold_IsRefusedAndSaysNothingBack()
    {
        await using var hub = await LetterHub.StartAsync();
        var wave = await hub.OpenedAsync();
        var right = CodeOf(wave, 0);
        using var other = LetterHub.WrongCode();
        foreach (var (answer, cause) in new[]
        {
            (await AssistAsync(hub, wave, Guid.NewGuid(), Text(other)), "answer.wrongCode"),
            (await AssistAsync(hub, wave, Guid.NewGuid(), "X5X6"), "answer.wrongCode"),
            (await AssistAsync(hub, wave, Guid.NewGuid(), right, number: LetterNumber.Random().Text), "answer.wrongCode"),
            (await AssistAsync(hub, wave, Guid.NewGuid(), right, change: said => said with { Id = Guid.NewGuid() }), "answer.id"),
            (await AssistAsync(hub, wave, Guid.NewGuid(), right, change: said => said with { By = "ocmw-gent" }), "answer.by"),
            (await AssistAsync(hub, wave, Guid.NewGuid(), right, change: said => said with { At = said.At.AddHours(1) }), "answer.early"),
            (await AssistAsync(hub, wave, Guid.NewGuid(), right, signer: hub.Source), "jws.kid"),
            (await AssistAsync(hub, wave, Guid.NewGuid(), right, choices: new AnswerChoices { Topic = "geld" }), "request.malformed"),
        })
        {
            (await answer.CauseAsync()).ShouldBe(cause);
            var text = await answer.Content.ReadAsStringAsync();
            text.ShouldNotContain(right);
            text.ShouldNotContain(wave.Letters[0].Number.Text);
        }

        hub.Hub.Count("SELECT count(*) FROM answer").ShouldBe(0);

        // Only an OCMW helps, and only with letters of its own.
        (await AssistAsync(hub, wave, Guid.NewGuid(), right, caller: hub.Hub.Municipality)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        hub.Clock.Move(TimeSpan.FromDays(29));
        (await (await AssistAsync(hub, wave, Guid.NewGuid(), right)).CauseAsync()).ShouldBe("answer.over");
    }

    [Fact]
    public async Task Settings_ThatShortenTheWait_AreForTrialsOnly()
    {
        var hub = new HubSettings { AllowSyntheticNumbers = false, Answers = new AnswerSettings { ReleaseSeconds = 5 } };
        hub.Problems().ShouldContain("Setting 'answers' is for trials and needs 'allowSyntheticNumbers'.");
        new HubSettings { AllowSyntheticNumbers = true, Answers = new AnswerSettings { HoldSeconds = -1 } }.Problems().ShouldContain(sentence => sentence.StartsWith("Setting 'answers'", StringComparison.Ordinal));

        await using var running = await LetterHub.StartAsync(settings => settings["answers"] = new System.Text.Json.Nodes.JsonObject { ["releaseSeconds"] = 0.2, ["holdSeconds"] = 0.1 });
        var wave = await running.OpenedAsync();
        await running.YesAsync(wave);
        await running.DeskAsync(desk => desk.NeverAsync(wave.Letters[5].Number, CancellationToken.None));
        for (var i = 0; i < 200 && (await running.AnswersAsync()).Count + (await running.MessagesAsync()).Count < 2; i++) await Task.Delay(50, TestContext.Current.CancellationToken);
        (await running.AnswersAsync()).Count.ShouldBe(1);
        (await running.MessagesAsync()).Count.ShouldBe(1);
    }

    internal static string CodeOf(MadeWave wave, int letter)
    {
        using var code = wave.Codes.Code(letter);
        return Text(code);
    }

    private static string Text(SecretCode code)
    {
        var printed = new char[SecretCode.PrintedLength];
        code.Print(printed);
        return new string(printed);
    }

    private static Task<HttpResponseMessage> AssistAsync(
        LetterHub hub, MadeWave wave, Guid id, string code, int letter = 0, string? number = null, AnswerChoices? choices = null, Func<AssistedAnswer, AssistedAnswer>? change = null, Party? signer = null, Party? caller = null)
    {
        var said = new AssistedAnswer { Id = id, By = hub.Welfare.Id, At = hub.Clock.Second() };
        var signed = SignedDocument.Sign(change?.Invoke(said) ?? said, (signer ?? hub.Welfare).Signing).Compact;
        var body = new { answer = signed, number = number ?? wave.Letters[letter].Number.Printed, code, choices = choices ?? new AnswerChoices { Contact = "letter" } };
        return hub.Hub.SendAsync(caller ?? hub.Welfare, HttpMethod.Put, $"/v1/answers/{id}", JsonSerializer.SerializeToUtf8Bytes(body, JsonSerializerOptions.Web));
    }
}
