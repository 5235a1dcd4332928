using System.Net;
using System.Text;
using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Log;
using Bereik.Exchange.Signatures;
using Bereik.Hub.Letters;
using Bereik.Hub.Log;
using Bereik.Sealing.Invitations;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Bereik.Hub.Tests;

// The whole course of a wave of letters, over the hub's own routes and desk.
public sealed class LetterTests
{
    [Fact]
    public async Task Wave_ByTheBook_IsAnsweredReleasedOpenedConfirmedWithdrawnAndErased()
    {
        await using var hub = await LetterHub.StartAsync();
        var wave = await hub.OpenedAsync();
        (await hub.Hub.StateAsync(hub.Welfare, wave.Order)).ShouldBe("open");
        (await hub.Hub.StateAsync(hub.Source, wave.Order)).ShouldBe("deposited");
        var order = await (await hub.Hub.SendAsync(hub.Welfare, HttpMethod.Get, $"/v1/orders/{wave.Id}")).JsonAsync();
        ((int)order["invited"]!).ShouldBe(20);
        SignedDocument.Open<WaveOpening>((string)order["opening"]!, hub.Source.Signing.PublicKey).IsOk.ShouldBeTrue();

        var facts = await hub.DeskAsync(desk => desk.FindAsync(wave.Letters[0].Number, CancellationToken.None));
        facts!.Time.ShouldBe(LetterTime.Open);
        (facts.Parts["service"], facts.Source, facts.ValidDays, facts.KeptDays).ShouldBe(("Sociaal Huis", "opgroeien", 180, 90));

        // A yes: the receipt is the hub's, and nothing is told to the recipient yet.
        var yes = await hub.YesAsync(wave, choices: new AnswerChoices { Contact = "visit", Language = "fr" });
        yes.Outcome.ShouldBe(YesOutcome.Taken);
        var receipt = SignedDocument.Open<ConsentReceipt>(yes.Receipt!, hub.Hub.Hub.Signing.PublicKey).Value.Document;
        (receipt.Event, receipt.Method, receipt.Assurance, receipt.Role, receipt.Letter, receipt.Until).ShouldBe(("given", "web", "bearer", "safeguard", wave.Letters[0].Number, hub.Today.AddDays(180)));
        receipt.Fields.ShouldBe(["givenNames", "familyName", "street", "houseNumber", "box", "postcode", "place"]);
        hub.Hub.StoreHolds(receipt.Salt.ToArray()).ShouldBeFalse();
        yes.Holder!.Standing.ShouldBe(new ConsentStanding(ConsentState.Given, false, false));

        // Given on a Friday, so it goes on Monday at three in the morning.
        yes.Holder.ReachedBy.ShouldBe(new DateOnly(2026, 11, 23));
        hub.Clock.Move(TimeSpan.FromDays(2));
        await hub.ReleaseAsync();
        (await hub.AnswersAsync()).ShouldBeEmpty();
        hub.Clock.Move(TimeSpan.FromHours(16.5));
        await hub.ReleaseAsync();
        var item = (await hub.AnswersAsync()).ShouldHaveSingleItem();
        var id = (Guid)item["id"]!;
        id.ShouldBe(receipt.Id);
        ((string)item["state"]!, (string)item["number"]!, (long)item["changed"]!, (string)item["assurance"]!, (string)item["givenOn"]!).ShouldBe(("released", wave.Letters[0].Number.Text, 1L, "bearer", "2026-11-20"));

        // The same as often as it asks, and it opens with the OCMW's key.
        for (var i = 0; i < 2; i++)
        {
            var fetched = await (await hub.SealedAsync(id)).JsonAsync();
            ((string)fetched["choices"]!["contact"]!, (string)fetched["choices"]!["language"]!).ShouldBe(("visit", "fr"));
            InvitationSeal.Open((string)fetched["inner"]!, wave.Letters[0].Number, hub.BindingOf(wave), hub.Source.Signing.PublicKey, hub.Welfare.Sealing)!.Document.Person.FamilyName.ShouldBe("Voorbeeldmans");
        }

        (await hub.SayAsync(wave, id, "receive")).EnsureSuccessStatusCode();
        hub.Hub.Count("SELECT count(*) FROM answer WHERE sealed IS NOT NULL OR choices IS NOT NULL").ShouldBe(0);
        (await hub.SealedAsync(id)).StatusCode.ShouldBe(HttpStatusCode.Gone);
        (await hub.SayAsync(wave, id, "confirm")).EnsureSuccessStatusCode();
        ((string)(await hub.AnswersAsync())[0]["assurance"]!).ShouldBe("confirmed");

        // The OCMW is away for a day; whoever has the letter takes it back meanwhile.
        var read = (long)(await hub.AnswersAsync())[0]["changed"]!;
        hub.Clock.Move(TimeSpan.FromDays(1));
        var back = await hub.ActAsync(wave, ConsentAct.Withdraw);
        back.Outcome.ShouldBe(HolderOutcome.Done);
        back.Holder!.Standing.ShouldBe(new ConsentStanding(ConsentState.Withdrawn, true, false));
        SignedDocument.Open<ConsentReceipt>(back.Receipt!, hub.Hub.Hub.Signing.PublicKey).Value.Document.Event.ShouldBe("withdrawn");
        item = (await hub.AnswersAsync(read)).ShouldHaveSingleItem();
        ((string)item["state"]!, (string)item["eraseBy"]!, (bool)item["isErased"]!).ShouldBe(("withdrawn", BelgianTime.AddWorkingDays(hub.Today, 10).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), false));

        (await hub.EraseAsync(wave, id)).EnsureSuccessStatusCode();
        (await hub.StateAsync(wave)).Holder!.Standing.IsErased.ShouldBeTrue();
        (await hub.ActAsync(wave, ConsentAct.Withdraw)).Outcome.ShouldBe(HolderOutcome.NotNow);
    }

    [Fact]
    public async Task Wave_InTheLog_NamesNobodyAndEndsOnItsLastDay()
    {
        await using var hub = await LetterHub.StartAsync();
        var wave = await hub.OpenedAsync();
        await hub.YesAsync(wave);
        hub.Clock.Move(TimeSpan.FromDays(29));
        await hub.ExpireAsync();
        (await hub.Hub.EntriesAsync(wave.Order)).Select(entry => entry.GetType().Name).ShouldBe(["OrderPlaced", "OrderDecided", "EnvelopeDeposited", "OrderEnded"]);
        var deposited = (await hub.Hub.EntriesAsync(wave.Order)).OfType<LogEntry.EnvelopeDeposited>().Single();
        (deposited.Outcome, deposited.Manifest is not null).ShouldBe(("permit", true));
        var ended = (await hub.Hub.EntriesAsync(wave.Order)).OfType<LogEntry.OrderEnded>().Single();
        (ended.Outcome, ended.Reasons.Single()).ShouldBe(("expired", "order.expired"));
        (await hub.Hub.StateAsync(hub.Welfare, wave.Order)).ShouldBe("closed");
        (await hub.Hub.StateAsync(hub.Source, wave.Order)).ShouldBe("deposited");
        hub.Hub.Count("SELECT count(*) FROM invitation").ShouldBe(0);

        // Over is over, for each number alike; a yes goes on, and its holder is known.
        foreach (var letter in wave.Letters) (await hub.DeskAsync(desk => desk.FindAsync(letter.Number, CancellationToken.None)))!.Time.ShouldBe(LetterTime.Over);
        (await hub.WrongAsync(wave.Letters[0].Number)).Outcome.ShouldBe(YesOutcome.Over);
        (await hub.WrongAsync(wave.Letters[1].Number)).Outcome.ShouldBe(YesOutcome.Over);
        (await hub.YesAsync(wave, 1)).Outcome.ShouldBe(YesOutcome.Over);
        (await hub.YesAsync(wave)).Outcome.ShouldBe(YesOutcome.Already);
    }

    [Fact]
    public async Task Yes_AWrongCodeOrNoSuchNumber_AreOneAnswer()
    {
        await using var hub = await LetterHub.StartAsync();
        var wave = await hub.OpenedAsync();
        (await hub.YesAsync(wave)).Outcome.ShouldBe(YesOutcome.Taken);
        foreach (var number in new[] { wave.Letters[0].Number, wave.Letters[1].Number, Exchange.Invitations.LetterNumber.Random() })
        {
            (await hub.WrongAsync(number)).ShouldBe(new YesAnswer(YesOutcome.WrongCode));
            using var code = LetterHub.WrongCode();
            (await hub.DeskAsync(desk => desk.StateAsync(number, code, CancellationToken.None))).ShouldBe(new HolderAnswer(HolderOutcome.Nothing));
            (await hub.DeskAsync(desk => desk.ActAsync(number, code, ConsentAct.Withdraw, AnswerMethod.Web, CancellationToken.None))).ShouldBe(new HolderAnswer(HolderOutcome.Nothing));
        }

        // The right code of another letter is wrong, and right where nobody said yes is nothing.
        using var other = wave.Codes.Code(0);
        (await hub.DeskAsync(desk => desk.YesAsync(wave.Letters[1].Number, other, new AnswerChoices(), AnswerMethod.Web, null, CancellationToken.None))).Outcome.ShouldBe(YesOutcome.WrongCode);
        (await hub.StateAsync(wave, 1)).Outcome.ShouldBe(HolderOutcome.Nothing);
    }

    [Fact]
    public async Task Yes_TwiceAtOnce_IsOneYes()
    {
        await using var hub = await LetterHub.StartAsync();
        var wave = await hub.OpenedAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => hub.YesAsync(wave)));
        answers.Count(answer => answer.Outcome == YesOutcome.Taken).ShouldBe(1);
        answers.Count(answer => answer.Outcome == YesOutcome.Already).ShouldBe(5);
        answers.Count(answer => answer.Receipt is not null).ShouldBe(1);
        hub.Hub.Count("SELECT count(*) FROM answer").ShouldBe(1);
        hub.Hub.Count("SELECT count(*) FROM consent_commitment").ShouldBe(1);
    }

    [Fact]
    public async Task Yes_BeforeTheDayOfPosting_IsTooEarly()
    {
        await using var hub = await LetterHub.StartAsync();
        var wave = await hub.OpenedAsync(change: opening => opening with { OpensOn = opening.OpensOn.AddDays(3), AnswerBy = opening.AnswerBy.AddDays(3) });
        (await hub.YesAsync(wave)).Outcome.ShouldBe(YesOutcome.TooEarly);
        (await hub.WrongAsync(wave.Letters[0].Number)).Outcome.ShouldBe(YesOutcome.TooEarly);
        hub.Clock.Move(TimeSpan.FromDays(3));
        (await hub.YesAsync(wave)).Outcome.ShouldBe(YesOutcome.Taken);
    }

    [Fact]
    public async Task Yes_TheStoreBreaksHalfWay_LeavesNothing()
    {
        await using var hub = await LetterHub.StartAsync();
        var wave = await hub.OpenedAsync();
        var before = StoreComparison.Rows(hub.Hub);
        Execute(hub, "CREATE TRIGGER broken BEFORE INSERT ON consent_commitment BEGIN SELECT RAISE(ABORT, 'broken'); END");
        await Should.ThrowAsync<Exception>(() => hub.YesAsync(wave));
        Execute(hub, "DROP TRIGGER broken");
        StoreComparison.Rows(hub.Hub).ShouldBe(before);
        (await hub.YesAsync(wave)).Outcome.ShouldBe(YesOutcome.Taken);
        hub.Hub.Count("SELECT count(*) FROM invitation").ShouldBe(19);
    }

    [Fact]
    public async Task Withdrawal_BeforeTheRelease_LeavesNothingAndNobodyHears()
    {
        await using var hub = await LetterHub.StartAsync();
        var wave = await hub.OpenedAsync();
        await hub.YesAsync(wave);
        var back = await hub.ActAsync(wave, ConsentAct.Withdraw);
        (back.Outcome, back.Holder!.Standing).ShouldBe((HolderOutcome.Done, new ConsentStanding(ConsentState.Withdrawn, false, true)));
        back.Receipt.ShouldNotBeNull();
        hub.Hub.Count("SELECT count(*) FROM answer WHERE sealed IS NOT NULL OR choices IS NOT NULL").ShouldBe(0);
        hub.Clock.Move(TimeSpan.FromDays(7));
        await hub.ReleaseAsync();
        (await hub.AnswersAsync()).ShouldBeEmpty();
        (await hub.MessagesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Denial_AtTheFirstContact_IsToldToTheSourceWithoutANumber()
    {
        await using var hub = await LetterHub.StartAsync();
        var wave = await hub.OpenedAsync();
        var id = await hub.ReceivedAsync(wave);
        var answer = await hub.SayAsync(wave, id, "deny");
        ((string)(await answer.JsonAsync())["state"]!).ShouldBe("denied");
        (await hub.MessagesAsync()).ShouldBeEmpty();
        hub.Clock.Move(TimeSpan.FromDays(1));
        await hub.ReleaseAsync();
        var told = (await hub.MessagesAsync()).ShouldHaveSingleItem();
        ((string)told["kind"]!, told.ContainsKey("number"), (Guid)told["wave"]!).ShouldBe(("denied", false, wave.Id));
        (await hub.StateAsync(wave)).Holder!.Standing.State.ShouldBe(ConsentState.Denied);
        (await hub.EraseAsync(wave, id)).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task Never_ByNumberAlone_IsToldOnceWithTheRoundAndDeletedWhenTaken()
    {
        await using var hub = await LetterHub.StartAsync();
        var wave = await hub.OpenedAsync();
        foreach (var letter in new[] { 3, 1, 3, 2 }) (await hub.DeskAsync(desk => desk.NeverAsync(wave.Letters[letter].Number, CancellationToken.None))).ShouldBeTrue();
        (await hub.DeskAsync(desk => desk.NeverAsync(Exchange.Invitations.LetterNumber.Random(), CancellationToken.None))).ShouldBeFalse();

        // Not before the round, whoever asks.
        await hub.ReleaseAsync();
        (await hub.MessagesAsync()).ShouldBeEmpty();
        hub.Clock.Move(TimeSpan.FromHours(17));
        await hub.ReleaseAsync();
        var told = await hub.MessagesAsync();
        told.Select(one => (string)one["number"]!).Order().ShouldBe(wave.Letters[1..4].Select(letter => letter.Number.Text).Order());
        told.Select(one => (long)one["sequence"]!).ShouldBe([1, 2, 3]);
        (await hub.MessagesAsync(caller: hub.Hub.OtherSource)).ShouldBeEmpty();

        // Another source takes nothing of it.
        (await TakenAsync(hub, hub.Hub.OtherSource, 9)).EnsureSuccessStatusCode();
        (await hub.MessagesAsync()).Count.ShouldBe(3);
        (await TakenAsync(hub, hub.Source, 2)).EnsureSuccessStatusCode();
        ((long)(await hub.MessagesAsync()).ShouldHaveSingleItem()["sequence"]!).ShouldBe(3);

        // What was told is not told again, and the next has the next number.
        (await TakenAsync(hub, hub.Source, 3)).EnsureSuccessStatusCode();
        foreach (var letter in new[] { 3, 4 }) await hub.DeskAsync(desk => desk.NeverAsync(wave.Letters[letter].Number, CancellationToken.None));
        hub.Clock.Move(TimeSpan.FromDays(1));
        await hub.ReleaseAsync();
        var next = (await hub.MessagesAsync()).ShouldHaveSingleItem();
        ((long)next["sequence"]!, (string)next["number"]!).ShouldBe((4L, wave.Letters[4].Number.Text));
    }

    [Fact]
    public async Task Never_WithTheCode_EndsTheYesAndIsToldToTheSource()
    {
        await using var hub = await LetterHub.StartAsync();
        var wave = await hub.OpenedAsync();
        var id = await hub.ReceivedAsync(wave);

        // By the number alone the yes goes on.
        await hub.DeskAsync(desk => desk.NeverAsync(wave.Letters[0].Number, CancellationToken.None));
        (await hub.StateAsync(wave)).Holder!.Standing.State.ShouldBe(ConsentState.Received);
        var answer = await hub.ActAsync(wave, ConsentAct.Never);
        (answer.Outcome, answer.Holder!.Standing.State).ShouldBe((HolderOutcome.Done, ConsentState.Objected));
        ((string)(await hub.AnswersAsync())[0]["state"]!).ShouldBe("objected");
        hub.Clock.Move(TimeSpan.FromDays(1));
        await hub.ReleaseAsync();
        ((string)(await hub.MessagesAsync()).ShouldHaveSingleItem()["number"]!).ShouldBe(wave.Letters[0].Number.Text);
        (await hub.EraseAsync(wave, id)).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task Answers_PastTheirLastDay_LapseAndAreForgotten()
    {
        await using var hub = await LetterHub.StartAsync();
        var wave = await hub.OpenedAsync(real: 3);
        var id = await hub.ReceivedAsync(wave);
        (await hub.YesAsync(wave, 1)).Outcome.ShouldBe(YesOutcome.Taken);
        await hub.ActAsync(wave, ConsentAct.Withdraw, 1);

        // Thirty days after it was erased nobody is known by number and code any more.
        hub.Clock.Move(TimeSpan.FromDays(29));
        await hub.ExpireAsync();
        (await hub.StateAsync(wave, 1)).Outcome.ShouldBe(HolderOutcome.Shown);
        hub.Clock.Move(TimeSpan.FromDays(2));
        await hub.ExpireAsync();
        (await hub.StateAsync(wave, 1)).Outcome.ShouldBe(HolderOutcome.Nothing);
        hub.Hub.Count("SELECT count(*) FROM answer WHERE number IS NOT NULL").ShouldBe(1);
        hub.Hub.Count("SELECT count(*) FROM letter").ShouldBe(20);

        // Day 181: it holds no more, even before the step of work came by.
        hub.Clock.Move(TimeSpan.FromDays(145));
        (await hub.StateAsync(wave)).Holder!.Standing.State.ShouldBe(ConsentState.Received);
        hub.Clock.Move(TimeSpan.FromDays(1));
        ((string)(await hub.AnswersAsync())[^1]["state"]!).ShouldBe("expired");
        (await hub.SayAsync(wave, id, "confirm")).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        await hub.ExpireAsync();
        (await hub.StateAsync(wave)).Outcome.ShouldBe(HolderOutcome.Nothing);
        var item = (await hub.AnswersAsync())[^1];
        ((string)item["state"]!, item.ContainsKey("number"), item.ContainsKey("eraseBy")).ShouldBe(("expired", false, true));

        hub.Clock.Move(TimeSpan.FromDays(30));
        await hub.ExpireAsync();
        hub.Hub.Count("SELECT count(*) FROM letter").ShouldBe(0);
        await hub.Hub.ScrubbedAsync();
        foreach (var letter in wave.Letters) hub.Hub.StoreHolds(Encoding.ASCII.GetBytes(letter.Number.Text)).ShouldBeFalse();
        foreach (var letter in wave.Letters) hub.Hub.StoreHolds(Encoding.ASCII.GetBytes(letter.Salt.ToString())).ShouldBeFalse();
    }

    [Fact]
    public async Task Suspension_EndsTheWaveAndItsYeses()
    {
        await using var hub = await LetterHub.StartAsync();
        var wave = await hub.OpenedAsync(real: 3);
        var id = await hub.ReceivedAsync(wave);
        (await hub.YesAsync(wave, 1)).Outcome.ShouldBe(YesOutcome.Taken);
        (await hub.Hub.TellAsync(Bereik.Tests.Shared.Acceding.Stop(LetterHub.Protocol, hub.Welfare.Id, Exchange.Register.StopKind.Suspend, hub.Source.Signing, hub.Clock.GetUtcNow()))).EnsureSuccessStatusCode();

        (await hub.Hub.StateAsync(hub.Welfare, wave.Order)).ShouldBe("refused");
        (await hub.Hub.StateAsync(hub.Source, wave.Order)).ShouldBe("deposited");
        hub.Hub.Count("SELECT count(*) FROM invitation").ShouldBe(0);
        hub.Hub.Count("SELECT count(*) FROM answer WHERE sealed IS NOT NULL OR choices IS NOT NULL").ShouldBe(0);
        (await hub.YesAsync(wave, 2)).Outcome.ShouldBe(YesOutcome.Over);
        (await hub.StateAsync(wave, 1)).Holder!.Standing.ShouldBe(new ConsentStanding(ConsentState.Expired, false, true));
        var item = (await hub.AnswersAsync()).ShouldHaveSingleItem();
        ((string)item["state"]!, (bool)item["isErased"]!, item.ContainsKey("eraseBy")).ShouldBe(("expired", false, true));
        (await hub.EraseAsync(wave, id)).EnsureSuccessStatusCode();
        (await hub.Hub.EntriesAsync(wave.Order)).OfType<LogEntry.OrderEnded>().Single().Outcome.ShouldBe("stopped");
    }

    [Fact]
    public async Task Release_IsDecidedAgain_AtTheReleaseAndAtTheFetch()
    {
        await using var hub = await LetterHub.StartAsync();
        var wave = await hub.OpenedAsync();
        await hub.YesAsync(wave);
        hub.Clock.Move(TimeSpan.FromDays(4));
        await hub.ReleaseAsync();
        (await hub.SealedAsync((Guid)(await hub.AnswersAsync())[0]["id"]!)).EnsureSuccessStatusCode();
        Decisions(hub).ShouldBe(["answer.take permit", "answer.release permit", "answer.fetch permit"]);

        // The measures of the accession lapse while a yes waits; the clock alone says so, and the sweep that would end the wave did not come by.
        var next = await hub.YesAsync(wave, 1);
        next.Outcome.ShouldBe(YesOutcome.Taken);
        Execute(hub, "UPDATE work SET state = 'done' WHERE kind IN ('orders.expire', 'answers.expire', 'answers.release')");
        Execute(hub, "UPDATE answer SET until = '2030-01-01'");
        hub.Clock.Move(TimeSpan.FromDays(340));
        await hub.ReleaseAsync();
        Decisions(hub)[^1].ShouldBe("answer.release refuse");
        hub.Hub.Count("SELECT count(*) FROM answer WHERE state = 'expired' AND sealed IS NULL").ShouldBe(1);
    }

    // Two runs may meet: a lease that ran out, or a second process of the hub.
    [Fact]
    public async Task Rounds_MadeByManyAtOnce_AreOneForEachDay()
    {
        await using var hub = await LetterHub.StartAsync();
        hub.Clock.Move(TimeSpan.FromDays(12));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(hub.RoundAsync)));
        var days = (await hub.Hub.EntriesAsync()).OfType<LogEntry.RoundPublished>().Select(entry => SignedDocument.Open<RoundRoots>(entry.Document, hub.Hub.Hub.Signing.PublicKey).Value.Document.Day).ToList();
        days.Count.ShouldBe(12);
        days.ShouldBeUnique();
    }

    [Fact]
    public async Task Rounds_EachDayOnce_AlsoWhenEmpty_AndTheReceiptIsInThem()
    {
        await using var hub = await LetterHub.StartAsync();
        var wave = await hub.OpenedAsync();
        var receipt = SignedDocument.Parse<ConsentReceipt>((await hub.YesAsync(wave)).Receipt!).Value.Document;
        (await hub.StateAsync(wave)).Holder!.Proofs.ShouldBeEmpty();
        hub.Clock.Move(TimeSpan.FromDays(3));
        var back = await hub.ActAsync(wave, ConsentAct.Withdraw);
        await hub.RoundAsync();
        hub.Clock.Move(TimeSpan.FromDays(1));
        await hub.RoundAsync();
        await hub.RoundAsync();
        var rounds = (await hub.Hub.EntriesAsync()).OfType<LogEntry.RoundPublished>().Select(entry => SignedDocument.Open<RoundRoots>(entry.Document, hub.Hub.Hub.Signing.PublicKey).Value.Document).ToList();
        rounds.Select(round => round.Day.Day).ShouldBe([20, 21, 22, 23]);
        rounds.ShouldAllBe(round => round.Organisation == "hub");
        rounds.SelectMany(round => new[] { round.Accesses, round.Consents, round.Withdrawals, round.Erasures }).Distinct().Count().ShouldBe(16);

        var log = hub.Hub.Node.Services.GetRequiredService<HubLog>().Verifier;
        var proofs = (await hub.StateAsync(wave)).Holder!.Proofs;
        proofs.Keys.Order().ShouldBe(["given", "withdrawn"]);
        var given = ConsentProof.Read(proofs["given"]).Value;
        given.FindWrong(receipt, log, null).ShouldBeNull();
        given.Document.IsSignedBy(hub.Hub.Hub.Signing.PublicKey).ShouldBeTrue();
        given.Document.Document.Day.ShouldBe(new DateOnly(2026, 11, 20));
        var withdrawn = SignedDocument.Parse<ConsentReceipt>(back.Receipt!).Value.Document;
        ConsentProof.Read(proofs["withdrawn"]).Value.FindWrong(withdrawn, log, null).ShouldBeNull();

        // What was changed is not in it, nor is one in the other's place.
        given.FindWrong(receipt with { Method = "phone" }, log, null).ShouldBe("consentProof.path");
        given.FindWrong(withdrawn, log, null).ShouldBe("consentProof.kind");
    }

    private static Task<HttpResponseMessage> TakenAsync(LetterHub hub, Party source, long upTo) => hub.Hub.SendAsync(source, HttpMethod.Post, "/v1/messages/taken", Encoding.UTF8.GetBytes($"{{\"upTo\":{upTo}}}"));

    private static List<string> Decisions(LetterHub hub)
    {
        using var store = hub.Hub.OpenStore();
        using var command = store.CreateCommand();
        command.CommandText = "SELECT act || ' ' || outcome FROM decision_record WHERE point = 'release' ORDER BY sequence";
        using var reader = command.ExecuteReader();
        var told = new List<string>();
        while (reader.Read()) told.Add(reader.GetString(0));
        return told;
    }

    private static void Execute(LetterHub hub, string sql)
    {
        using var store = hub.Hub.OpenStore();
        using var command = store.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
