using System.Net;
using Bereik.Domain;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Log;
using Bereik.Exchange.Register;
using Bereik.Local.Contacts;
using Bereik.Local.Households;
using Bereik.Local.Referrals;
using Bereik.Node.Access;
using Bereik.Tests.Shared;
using Shouldly;
using Xunit;

namespace Bereik.Local.Tests;

/// <summary>A person handed over with consent, from this OCMW and to it: what is decided, what is kept, and that nothing is left.</summary>
public sealed class ReferralTests
{
    private const string Marked = "Peeters-Marked";

    [Fact]
    public async Task Referral_TakenUpContactedAndClosed_LeavesNothingHereAndTellsTheReferrerNoMoreThanHowFarItIs()
    {
        await using var town = await ReferralTown.StartAsync();
        var id = await town.SendAsync(ReferralTown.FromTeam);
        await town.UntilToldAsync(id, ReferralAct.Receive);
        town.Mail.Letters[id].Sealed.ShouldBeNull();

        // The list names nobody; opening does.
        var list = await town.Local.PageAsync("/verwijzingen");
        list.ShouldContain("kind-en-gezin-team");
        list.ShouldNotContain(Marked);
        (await town.Local.PageAsync($"/verwijzingen/{id}")).ShouldContain(Marked);
        await DoAsync(town, id, "aanvaarden");
        await town.UntilToldAsync(id, ReferralAct.Accept);
        await DoAsync(town, id, "contact", ("kanaal", "phone"), ("bereikt", "nee"), ("volgende", "25/11/2026"));
        town.State(id).ShouldBe("accepted");
        (await town.Local.PageAsync($"/verwijzingen/{id}")).ShouldContain("niet bereikt");
        await DoAsync(town, id, "contact", ("kanaal", "visit"), ("bereikt", "ja"), ("volgende", ""));
        await town.UntilToldAsync(id, ReferralAct.Contact);
        await DoAsync(town, id, "afsluiten", ("uitkomst", "U15"), ("overgenomen", "ja"));
        await town.UntilToldAsync(id, ReferralAct.Close, ReferralAct.Erase);
        town.State(id).ShouldBe("closed");
        town.Local.Query($"SELECT outcome, record IS NULL FROM referral WHERE id = '{id}'").ShouldBe(["U15|1"]);
        await town.Local.EraseAsync();
        foreach (var text in new[] { Marked, "Amina", "0470 12 34 56" }) town.Local.Holds(text).ShouldBeFalse(text);
        (await town.Local.PageAsync($"/verwijzingen/{id}")).ShouldContain("is hier gewist op");

        // What the hub carried says nothing of a worker, an outcome or a reason.
        foreach (var step in town.Mail.Letters[id].Steps) JwsPayload(step).ShouldMatch("""^\{"id":"[0-9a-f-]{36}","offer":"[\w-]{43}","by":"ocmw-aalst","act":"(receive|accept|contact|close|erase)","at":"[0-9TZ:-]+"\}$""");
    }

    // The key is there, the row is not: cut off between the two. What came in is taken in after all, and what somebody was sending can be sent.
    [Fact]
    public async Task Referral_CutOffAfterItsKey_GoesOnAfterTheNextStart()
    {
        await using var town = await ReferralTown.StartAsync();
        var (coming, going) = (Guid.NewGuid(), Guid.NewGuid());
        foreach (var id in new[] { coming, going }) town.Local.Service<HouseholdKeys>().Seal(id.ToString("D"), "half"u8.ToArray());
        await town.Local.RestartAsync();
        town.Local.Service<HouseholdKeys>().Ids().ShouldBeEmpty();
        await town.SendAsync(ReferralTown.FromTeam, id: coming);
        await town.UntilToldAsync(coming, ReferralAct.Receive);
        (await town.Local.PageAsync($"/verwijzingen/{coming}")).ShouldContain(Marked);
        (await town.Local.PostAsync(FormPath, $"{FormPath}/versturen", Form(going))).StatusCode.ShouldBe(HttpStatusCode.Found);
        await TestLocal.WaitAsync(() => town.Mail.Letters.ContainsKey(going), "It was not sent.");
    }

    // The team succeeded its key, and refers before this node would have read so by itself.
    [Fact]
    public async Task Referral_SignedWithAKeyOfAMomentAgo_IsTakenInAndHeard()
    {
        await using var town = await ReferralTown.StartAsync();
        using var next = SigningKey.Generate();
        await town.Local.HoldAsync("log.read");
        await town.SucceedTeamKeyAsync(next);
        var id = await town.SendAsync(ReferralTown.FromTeam, key: next);
        await town.UntilToldAsync(id, ReferralAct.Receive);
        using var later = SigningKey.Generate();
        await town.Local.Other.Log.StateAsync("kind-en-gezin-team", KeyUse.Signing, later.Kid, later.PublicKey.ToJwk(), next);
        town.Say(id, ReferralAct.Revoke, key: later);
        await town.UntilAsync(id, "revoked");
    }

    // It waits at the hub until the suspension is lifted, also where only the hub knows of it. What comes under another protocol meanwhile does not wait for it.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Referral_WhileItsRecipientIsSuspended_WaitsAndStopsNoOther(bool isKnownHere)
    {
        await using var town = await ReferralTown.StartAsync();
        var held = Guid.NewGuid();
        if (isKnownHere) Say(StopKind.Suspend);
        else town.Mail.Stopped = held;
        await town.SendAsync(ReferralTown.FromTeam, id: held);
        var other = await town.SendAsync(ReferralTown.AmongPartners);
        await town.UntilToldAsync(other, ReferralAct.Receive);
        town.Say(other, ReferralAct.Revoke);
        await town.UntilAsync(other, "revoked");
        town.State(held).ShouldBeEmpty();
        if (isKnownHere) Say(StopKind.Resume);
        town.Mail.Stopped = null;
        await town.UntilToldAsync(held, ReferralAct.Receive);
        await UntilReadAsync();

        // One that lapses there meanwhile is waited for no longer.
        Say(StopKind.Suspend);
        var lapsed = await town.SendAsync(ReferralTown.FromTeam);
        town.Mail.Letters[lapsed].Standing = town.Mail.Letters[lapsed].Standing.Lapsed();
        await UntilReadAsync();
        town.State(lapsed).ShouldBeEmpty();

        Task UntilReadAsync() => TestLocal.WaitAsync(
            () => town.Local.Query("SELECT changed FROM referral_reading").Single() == town.Mail.Letters.Values.Max(letter => letter.Changed).ToString(System.Globalization.CultureInfo.InvariantCulture), "It does not read on.");

        void Say(StopKind kind)
        {
            var (other, now) = (town.Local.Other, town.Local.Clock.GetUtcNow());
            other.Register = Acceding.After(other.Register, Acceding.Stop(ReferralTown.FromTeam, "ocmw-aalst", kind, other.HubKey, now), now);
        }
    }

    [Fact]
    public async Task Record_WhileItIsKept_LiesInNoFileInTheClear()
    {
        await using var town = await ReferralTown.StartAsync();
        var id = await town.SendAsync(ReferralTown.FromTeam);
        await town.UntilToldAsync(id, ReferralAct.Receive);
        (await town.Local.PageAsync($"/verwijzingen/{id}")).ShouldContain(Marked);
        foreach (var text in new[] { Marked, "Amina", "0470 12 34 56", "Nele Verwijzer" }) town.Local.Holds(text).ShouldBeFalse(text);
        var key = Path.Combine(town.Local.Data, "households", $"{id:D}.key");
        KeyFile.IsOpenToOthers(key).ShouldBeFalse();

        // Without its key nothing opens, whatever the store says.
        File.Delete(key);
        await town.Local.PageAsync($"/verwijzingen/{id}", HttpStatusCode.Forbidden);
    }

    // For each of the five, its absence alone refuses where it comes in: nothing is kept, the referrer hears that a condition does not hold, and not which.
    [Theory]
    [InlineData(SecrecyCondition.RecipientBound, "secrecy.recipientNotBound")]
    [InlineData(SecrecyCondition.SameMission, "secrecy.missionDiffers")]
    [InlineData(SecrecyCondition.ClientInformed, "secrecy.clientNotInformed")]
    [InlineData(SecrecyCondition.ClientConsents, "secrecy.consentMissing")]
    [InlineData(SecrecyCondition.Necessary, "secrecy.fieldNotNecessary")]
    public async Task Condition_ThatAloneDoesNotHold_IsRefusedByTheReceiver(SecrecyCondition condition, string code)
    {
        await using var town = await ReferralTown.StartAsync();
        var today = BelgianTime.DayOf(town.Local.Clock.GetUtcNow());
        ReferralRecord With(Func<ConditionAnswer, ConditionAnswer?> change) => town.Record(ReferralTown.AmongPartners, record => record with { Secrecy = [.. record.Secrecy.Select(answer => answer.Condition == condition ? change(answer) : answer).OfType<ConditionAnswer>()] });
        foreach (var record in new[]
        {
            With(answer => answer with { Answer = ConditionState.No }), With(answer => answer with { Answer = ConditionState.Unknown }), With(answer => answer with { Evidence = "" }),
            With(answer => answer with { On = today.AddDays(1) }), With(_ => null),
        })
        {
            var id = await town.SendAsync(ReferralTown.AmongPartners, record);
            await town.UntilToldAsync(id, ReferralAct.Receive, ReferralAct.Decline, ReferralAct.Erase);
            town.Local.Query($"SELECT state, code, record IS NULL FROM referral WHERE id = '{id}'").ShouldBe([$"declined|{code}|1"]);
            town.Local.Query($"SELECT reasons FROM decision_record WHERE subject = '{id}' AND point = 'release'").ShouldBe([code]);
            town.Mail.Letters[id].Steps.ShouldContain(step => JwsPayload(step).Contains("\"cause\":\"conditionNotMet\"", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Link_MissingBetweenQueryConsentNoticeAndProtocol_IsRefusedByTheReceiver()
    {
        await using var town = await ReferralTown.StartAsync();
        foreach (var (change, code) in new (Func<ReferralRecord, ReferralRecord>, string)[]
        {
            (record => record with { Fields = [.. record.Fields, new SharedField(RecordField.Insz, "85650112345", FieldReason.Help)] }, "field.notInProtocol"),
            (record => record with { Consent = record.Consent with { Informed = false } }, "notice.tooShort"),
            (record => record with { Consent = record.Consent with { Given = false } }, "consent.missing"),
            (record => record with { Consent = record.Consent with { Under = "another text" } }, "consent.otherText"),
            (record => record with { Consent = record.Consent with { On = record.Consent.On.AddDays(-91) } }, "consent.expired"),
            (record => record with { Excluded = new Dictionary<Exclusion, bool> { [Exclusion.SafeAddress] = true, [Exclusion.Objection] = false } }, "household.excluded"),
            (record => record with { Excluded = new Dictionary<Exclusion, bool>() }, "household.excluded"),
        })
        {
            var id = await town.SendAsync(ReferralTown.FromTeam, town.Record(ReferralTown.FromTeam, change));
            await town.UntilToldAsync(id, ReferralAct.Receive);
            if (code == "field.notInProtocol")
            {
                // The other fields may still come; this one opens nothing on its own.
                town.Local.Query($"SELECT facts FROM decision_record WHERE subject = '{id}' AND point = 'release'").ShouldHaveSingleItem();
                continue;
            }

            await town.UntilToldAsync(id, ReferralAct.Decline, ReferralAct.Erase);
            town.Local.Query($"SELECT reasons FROM decision_record WHERE subject = '{id}' AND point = 'release'").Single().Split(' ').ShouldContain(code);
            town.State(id).ShouldBe("declined");
        }
    }

    [Fact]
    public async Task Worker_WhoIsNotBoundNotAttestedSuspendedOrOfAnotherTeam_OpensNothingOnTheDayOfOpening()
    {
        await using var town = await ReferralTown.StartAsync();
        var id = await town.SendAsync(ReferralTown.AmongPartners);
        await town.UntilToldAsync(id, ReferralAct.Receive);
        var other = await town.Local.ColleagueAsync("Jeugddienst", Role.SocialWorker);
        var nobody = town.Local.Person(Role.TeamLead);
        await nobody.SignInAsync();
        var clerk = town.Local.Person(Role.SocialWorker, Role.Clerk);
        await clerk.SignInAsync();
        town.Local.Attest(new TestAttestation(Secrecy: "officialSecrecy"), clerk.Subject);
        var lapsing = town.Local.Person(Role.SocialWorker, Role.DataSteward);
        await lapsing.SignInAsync();
        town.Local.Attest(new TestAttestation { BoundUntil = BelgianTime.DayOf(town.Local.Clock.GetUtcNow()) }, lapsing.Subject);
        (await lapsing.PageAsync($"/verwijzingen/{id}")).ShouldContain(Marked);
        foreach (var (person, code) in new[] { (other, "worker.otherTeam"), (nobody, "worker.notAttested"), (clerk, "secrecy.recipientNotBound") })
        {
            (await person.PageAsync("/verwijzingen", person == other ? HttpStatusCode.OK : HttpStatusCode.Forbidden)).ShouldNotContain(id.ToString());
            var refused = await person.PageAsync($"/verwijzingen/{id}", HttpStatusCode.Forbidden);
            refused.ShouldContain(code);
            refused.ShouldNotContain(Marked);
            foreach (var (act, fields) in new[]
            {
                ("aanvaarden", Array.Empty<(string, string)>()), ("contact", [("kanaal", "phone"), ("bereikt", "ja"), ("volgende", "")]), ("afsluiten", [("uitkomst", "U01")]), ("niet-aanvaarden", [("reden", "noCapacity")]), ("intrekken", []),
            })
            {
                (await person.PostAsync("/account", $"/verwijzingen/{id}/{act}", HttpStatusCode.Forbidden, fields)).ShouldContain(code);
            }
        }

        town.State(id).ShouldBe("sent");
        await town.Local.MoveAsync(TimeSpan.FromDays(1));
        (await lapsing.PageAsync($"/verwijzingen/{id}", HttpStatusCode.Forbidden)).ShouldContain("secrecy.recipientNotBound");
    }

    [Fact]
    public async Task Referral_ThatTheReferrerTakesBack_IsErasedAndAcknowledged()
    {
        await using var town = await ReferralTown.StartAsync();
        var id = await town.SendAsync(ReferralTown.FromTeam);
        await town.UntilToldAsync(id, ReferralAct.Receive);
        await DoAsync(town, id, "aanvaarden");
        town.Say(id, ReferralAct.Revoke);
        await town.UntilToldAsync(id, ReferralAct.Erase);
        town.State(id).ShouldBe("revoked");
        (await town.Local.PageAsync($"/verwijzingen/{id}")).ShouldNotContain(Marked);
        Directory.GetFiles(Path.Combine(town.Local.Data, "households"), "*.key").ShouldBeEmpty();
        town.Mail.Letters[id].Standing.ShouldBe(new ReferralStanding(ReferralState.Revoked, IsReceived: true, IsErased: true));
    }

    [Fact]
    public async Task Step_ThatTheReferrerDidNotSign_CountsForNothing()
    {
        await using var town = await ReferralTown.StartAsync();
        var id = await town.SendAsync(ReferralTown.FromTeam);
        await town.UntilToldAsync(id, ReferralAct.Receive);
        using var stranger = SigningKey.Generate();
        town.Say(id, ReferralAct.Revoke, key: stranger);
        town.Say(id, ReferralAct.Revoke, step => step with { By = "caw-aalst" });
        town.Say(id, ReferralAct.Revoke, step => step with { Offer = Exchange.Bytes32.Random() });
        var after = await town.SendAsync(ReferralTown.FromTeam);
        await town.UntilToldAsync(after, ReferralAct.Receive);
        town.State(id).ShouldBe("sent");
        (await town.Local.PageAsync($"/verwijzingen/{id}")).ShouldContain(Marked);
    }

    [Fact]
    public async Task Offer_ByAStrangerForAnotherServiceOrUnderNoAccession_IsNotTaken()
    {
        await using var town = await ReferralTown.StartAsync();
        using var stranger = SigningKey.Generate();
        var unsigned = await town.SendAsync(ReferralTown.FromTeam, key: stranger);
        var elsewhere = await town.SendAsync(ReferralTown.FromTeam, change: offer => offer with { Service = "elders" });
        var tooLong = await town.SendAsync(ReferralTown.FromTeam, change: offer => offer with { ExpiresAt = offer.IssuedAt.AddDays(15) });
        var notPartner = await town.SendAsync(ReferralTown.FromTeam, change: offer => offer with { Sender = "caw-aalst" });
        await town.UntilToldAsync(elsewhere, ReferralAct.Receive, ReferralAct.Decline, ReferralAct.Erase);
        await town.UntilToldAsync(tooLong, ReferralAct.Decline);
        foreach (var (id, code) in new[] { (elsewhere, "referral.serviceUnknown"), (tooLong, "order.termTooLong") }) town.Local.Query($"SELECT code FROM referral WHERE id = '{id}'").ShouldBe([code]);
        foreach (var id in new[] { unsigned, notPartner }) town.Local.Query($"SELECT count(*) FROM referral WHERE id = '{id}'").ShouldBe(["0"]);
    }

    [Fact]
    public async Task Referral_MadeHere_GoesSealedToThePartnerAndFollowsWhatItSays()
    {
        await using var town = await ReferralTown.StartAsync();
        (await town.Local.PageAsync("/doorverwijzen/nieuw")).ShouldContain("Onthaal CAW");
        var id = await MakeAsync(town);
        await TestLocal.WaitAsync(() => town.Mail.Letters.ContainsKey(id), "It did not leave.");
        var record = town.Open(id).ShouldNotBeNull();
        record.Fields.Select(field => (field.Field, field.Value)).ShouldBe([(RecordField.FamilyName, Marked), (RecordField.HelpQuestion, "housing")]);
        record.Secrecy.Count.ShouldBe(5);
        record.Consent.Under.ShouldBe(ReferralTown.AmongPartners.Hash);
        var page = await town.Local.PageAsync($"/doorverwijzen/{id}");
        page.ShouldContain(Marked);
        (await town.Local.PageAsync("/doorverwijzen")).ShouldNotContain(Marked);
        town.Answer(id, ReferralAct.Receive);
        town.Answer(id, ReferralAct.Accept);
        await town.UntilAsync(id, "accepted");
        town.Answer(id, ReferralAct.Contact);
        town.Answer(id, ReferralAct.Close);
        town.Answer(id, ReferralAct.Erase);
        await town.UntilAsync(id, "closed");
        await TestLocal.WaitAsync(() => town.Local.Query($"SELECT record IS NULL FROM referral WHERE id = '{id}'").Single() == "1", "The referrer's own copy stays.");
        var after = await town.Local.PageAsync($"/doorverwijzen/{id}");
        after.ShouldNotContain(Marked);
        after.ShouldContain("Gewist");
        town.Local.Holds(Marked).ShouldBeFalse();
    }

    [Theory]
    [InlineData("vw-recipientBound", "unknown", "secrecy.recipientNotBound")]
    [InlineData("vw-sameMission", "no", "secrecy.missionDiffers")]
    [InlineData("vw-clientInformed", "unknown", "secrecy.clientNotInformed")]
    [InlineData("vw-clientConsents", "no", "secrecy.consentMissing")]
    [InlineData("vw-necessary", "unknown", "secrecy.fieldNotNecessary")]
    [InlineData("bw-necessary", "", "secrecy.fieldNotNecessary")]
    [InlineData("gelezen", "nee", "notice.tooShort")]
    [InlineData("veilig", "ja", "household.excluded")]
    [InlineData("bezwaar", "ja", "household.excluded")]
    public async Task Form_InWhichOneThingDoesNotHold_IsRefusedByTheSenderAndNothingLeaves(string field, string value, string code)
    {
        await using var town = await ReferralTown.StartAsync();
        var fields = Form().Where(one => one.Item1 != field).Append((field, value)).ToArray();
        foreach (var path in new[] { FormPath, $"{FormPath}/versturen" })
        {
            var answer = await town.Local.PostAsync(FormPath, path, fields);
            answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
            (await answer.Content.ReadAsStringAsync()).ShouldContain(code);
        }

        town.Local.Query("SELECT count(*) FROM referral").ShouldBe(["0"]);
        Directory.GetFiles(Path.Combine(town.Local.Data, "households"), "*.key").ShouldBeEmpty();
    }

    [Fact]
    public async Task No_OfThePerson_IsWrittenDownNowhere()
    {
        await using var town = await ReferralTown.StartAsync();
        var before = town.Local.Query("SELECT count(*) FROM decision_record").Single();
        var answer = await town.Local.PostAsync(FormPath, FormPath, [.. Form().Where(one => one.Item1 != "akkoord"), ("akkoord", "nee")]);
        answer.StatusCode.ShouldBe(HttpStatusCode.Found);
        (await town.Local.PageAsync(answer.Headers.Location!.ToString())).ShouldContain("Er is niets bewaard");
        town.Local.Query("SELECT count(*) FROM referral").ShouldBe(["0"]);
        town.Local.Query("SELECT count(*) FROM decision_record").Single().ShouldBe(before);
        town.Local.Holds(Marked).ShouldBeFalse();
    }

    [Fact]
    public async Task Form_WithHolesInIt_KeepsWhatWasTypedAndSaysWhatIsMissing()
    {
        await using var town = await ReferralTown.StartAsync();
        foreach (var missing in new[] { "veld", "waarde-familyName", "reden-familyName", "gelezen", "akkoord", "wijze", "hoedanigheid", "taal", "veilig", "bezwaar", "bereik", "vw-necessary" })
        {
            var answer = await town.Local.PostAsync(FormPath, FormPath, [.. Form().Where(one => one.Item1 != missing)]);
            answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, missing);
            var page = await answer.Content.ReadAsStringAsync();
            page.ShouldContain($"href=\"#{(missing == "veld" ? "veld" : missing)}\"", customMessage: missing);
            if (missing != "waarde-familyName") page.ShouldContain(Marked, customMessage: missing);
        }
    }

    [Fact]
    public async Task Form_SentTwice_IsOneReferral()
    {
        await using var town = await ReferralTown.StartAsync();
        var fields = Form(Guid.NewGuid());
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ => (await town.Local.PostAsync(FormPath, $"{FormPath}/versturen", fields)).StatusCode));
        answers.ShouldContain(HttpStatusCode.Found);
        town.Local.Query("SELECT count(*) FROM referral").ShouldBe(["1"]);
        await TestLocal.WaitAsync(() => town.Mail.Letters.Count == 1, "It did not leave.");
    }

    [Fact]
    public async Task Referral_TakenBackBeforeItLeft_NeverLeaves()
    {
        await using var town = await ReferralTown.StartAsync(settings: json => json["referralRoundSeconds"] = 3600);
        var id = await MakeAsync(town);
        (await town.Local.PostAsync($"/doorverwijzen/{id}", $"/doorverwijzen/{id}/intrekken")).StatusCode.ShouldBe(HttpStatusCode.Found);
        town.State(id).ShouldBe("revoked");
        town.Local.Clock.Move(TimeSpan.FromHours(2));
        await TestLocal.WaitAsync(() => town.Local.Query("SELECT count(*) FROM work WHERE kind = 'referral.send' AND state = 'waiting'").Single() == "0", "The step did not end.");
        town.Mail.Letters.ShouldBeEmpty();
        town.Local.Holds(Marked).ShouldBeFalse();
    }

    [Fact]
    public async Task Referral_MadeBetweenTwoRounds_LeavesAtTheRoundWithItsInstant()
    {
        await using var town = await ReferralTown.StartAsync(settings: json => json["referralRoundSeconds"] = 900);
        town.Local.Clock.Move(TimeSpan.FromSeconds(61));
        var id = await MakeAsync(town);
        await Task.Delay(300);
        town.Mail.Letters.ShouldBeEmpty();
        town.Local.Clock.Move(TimeSpan.FromMinutes(15));
        await TestLocal.WaitAsync(() => town.Mail.Letters.ContainsKey(id), "It did not leave.");
        town.Mail.Letters[id].Offer.Document.IssuedAt.ToUnixTimeSeconds().ShouldSatisfyAllConditions(seconds => (seconds % 900).ShouldBe(0));
    }

    [Fact]
    public async Task Consent_ThatWasSpokenAndNotConfirmedInTime_IsTakenBack()
    {
        await using var town = await ReferralTown.StartAsync();
        var id = await MakeAsync(town, ("wijze", "verbal"));
        await TestLocal.WaitAsync(() => town.Mail.Letters.ContainsKey(id), "It did not leave.");
        (await town.Local.PageAsync($"/doorverwijzen/{id}")).ShouldContain("7 december 2026");
        var confirmed = await MakeAsync(town, ("wijze", "verbal"));
        (await town.Local.PostAsync($"/doorverwijzen/{confirmed}", $"/doorverwijzen/{confirmed}/bevestigd")).StatusCode.ShouldBe(HttpStatusCode.Found);
        await TestLocal.WaitAsync(() => town.Mail.Letters.ContainsKey(confirmed), "It did not leave.");
        foreach (var one in new[] { id, confirmed })
        {
            town.Answer(one, ReferralAct.Receive);
            town.Answer(one, ReferralAct.Accept);
            await town.UntilAsync(one, "accepted");
        }

        await town.Local.MoveAsync(TimeSpan.FromDays(15));
        await town.UntilAsync(id, "revoked");
        await town.UntilToldAsync(id, ReferralAct.Revoke);
        town.State(confirmed).ShouldBe("accepted");
    }

    [Fact]
    public async Task Referral_ThatNobodyTakesUp_LapsesHereByItself()
    {
        await using var town = await ReferralTown.StartAsync();
        var id = await town.SendAsync(ReferralTown.FromTeam);
        await town.UntilToldAsync(id, ReferralAct.Receive);
        town.Mail.IsOpen = false;
        await town.Local.MoveAsync(TimeSpan.FromDays(15));
        town.Mail.IsOpen = true;
        await town.UntilAsync(id, "expired");
        await town.UntilToldAsync(id, ReferralAct.Erase);
        town.Local.Query($"SELECT record IS NULL FROM referral WHERE id = '{id}'").ShouldBe(["1"]);
    }

    [Fact]
    public async Task Outcome_OfAConversation_NeedsThatSomebodySpokeWithThePerson()
    {
        await using var town = await ReferralTown.StartAsync();
        var id = await town.SendAsync(ReferralTown.FromTeam);
        await town.UntilToldAsync(id, ReferralAct.Receive);
        await DoAsync(town, id, "aanvaarden");
        var refused = await town.Local.PostAsync($"/verwijzingen/{id}", $"/verwijzingen/{id}/afsluiten", ("uitkomst", "U06"));
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("sprak");
        (await town.Local.PostAsync($"/verwijzingen/{id}", $"/verwijzingen/{id}/afsluiten", ("uitkomst", "U99"))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        await DoAsync(town, id, "afsluiten", ("uitkomst", "U01"));
        town.State(id).ShouldBe("closed");
    }

    [Fact]
    public async Task TwoWorkers_AtOneReferral_DoItOnce()
    {
        await using var town = await ReferralTown.StartAsync();
        var id = await town.SendAsync(ReferralTown.FromTeam);
        await town.UntilToldAsync(id, ReferralAct.Receive);
        var colleague = await town.Local.ColleagueAsync(ReferralTown.Team, Role.SocialWorker);
        await Task.WhenAll(DoAsync(town, id, "aanvaarden"), colleague.PostAsync("/account", $"/verwijzingen/{id}/aanvaarden", HttpStatusCode.Found));
        town.Local.Query($"SELECT count(*) FROM said_step WHERE referral_id = '{id}' AND act = 'accept'").ShouldBe(["1"]);
        await town.UntilToldAsync(id, ReferralAct.Accept);
        town.Mail.Letters[id].Steps.Count.ShouldBe(2);
    }

    [Fact]
    public void Outcomes_OfAFile_AreReadOrRefusedWithTheirPlace()
    {
        static List<string> Problems(string json)
        {
            var problems = new List<string>();
            OutcomeCodes.Parse(System.Text.Encoding.UTF8.GetBytes(json), problems);
            return problems;
        }

        const string one = """{"code":"U01","nl":"Geen antwoord","en":"No answer","ruleNl":"Drie keer.","ruleEn":"Three times.","needsContact":false,"closes":true}""";
        Problems("[").ShouldHaveSingleItem();
        Problems("[]").ShouldNotBeEmpty();
        Problems($"[{one}]").ShouldBe(["The file with outcomes lacks U07, or it does not close.", "The file with outcomes lacks U15, or it does not close."]);
        Problems($"[{one},{one},{one.Replace("U01", "U07", StringComparison.Ordinal)},{one.Replace("U01", "U15", StringComparison.Ordinal)}]").ShouldBe(["The file with outcomes names a code twice."]);
        Problems($"[{one.Replace("U01", "x", StringComparison.Ordinal)},{one},{one.Replace("U01", "U07", StringComparison.Ordinal)},{one.Replace("U01", "U15", StringComparison.Ordinal)}]").ShouldBe(["Outcome 1 has no code such as U01."]);
        Problems($"[{one},{one.Replace("U01", "U07", StringComparison.Ordinal)},{one.Replace("U01", "U15", StringComparison.Ordinal)}]").ShouldBeEmpty();
        Problems($"[{one},{one.Replace("U01", "U07", StringComparison.Ordinal)},{one.Replace("U01", "U15", StringComparison.Ordinal).Replace("\"closes\":true", "\"closes\":false", StringComparison.Ordinal)}]").ShouldBe(["The file with outcomes lacks U15, or it does not close."]);
        Problems($"[{one.Replace("needsContact", "more", StringComparison.Ordinal)}]").ShouldHaveSingleItem();
    }

    [Fact]
    public void Words_OfAFile_AreReadOrRefusedWithWhatTheyLeaveOut()
    {
        static List<string> Problems(string json)
        {
            var problems = new List<string>();
            SpokenWords.Parse(System.Text.Encoding.UTF8.GetBytes(json), problems);
            return problems;
        }

        const string asking = "Ik breng u in contact met {service} van {organisation}: {about}. U bereikt hen op {reach}, binnen {waitingDays} dagen. Dat geldt {validDays} dagen.";
        const string first = "Ik ben van {organisation} en kreeg uw adres van {source}, over {month}. Gewist op {deleteBy}. Bezwaar: {contact}.";
        const string answer = "Ik ben van {organisation}. Op {givenOn} zei iemand ja op een brief van {source}. Gewist op {deleteBy}. Bezwaar: {contact}.";
        static string File(string asking, string first) => new System.Text.Json.Nodes.JsonArray(
            new System.Text.Json.Nodes.JsonObject { ["id"] = "referral", ["nl"] = asking, ["en"] = asking }, new System.Text.Json.Nodes.JsonObject { ["id"] = "firstContact", ["nl"] = first, ["en"] = first },
            new System.Text.Json.Nodes.JsonObject { ["id"] = "firstAnswer", ["nl"] = answer, ["en"] = answer }).ToJsonString();
        Problems("{").ShouldHaveSingleItem();
        Problems("[]").ShouldBe(["The file with words lacks 'firstAnswer', or has it twice.", "The file with words lacks 'firstContact', or has it twice.", "The file with words lacks 'referral', or has it twice."]);
        Problems(File(asking, first)).ShouldBeEmpty();
        Problems(File(asking, first.Replace("{contact}", "het loket", StringComparison.Ordinal))).ShouldBe(["The words 'firstContact' in 'nl' do not say {contact}.", "The words 'firstContact' in 'en' do not say {contact}."]);
        Problems(File(asking.Replace("{about}", "{income}", StringComparison.Ordinal), first))
            .ShouldBe(Languages.SelectMany(language => new[] { $"The words 'referral' in '{language}' do not say {{about}}.", $"The words 'referral' in '{language}' name {{income}}, which nobody fills in." }));
        Problems(File("{about}{organisation}{reach}{service}{validDays}{waitingDays}", "kort")).ShouldContain("The words 'firstContact' in 'nl' have fewer than 40 or more than 3000 characters.");
        Problems($"[{File(asking, first)[1..^1]},{File(asking, first)[1..^1]}]").ShouldContain("The file with words lacks 'referral', or has it twice.");
        Problems(File(asking, first).Replace("\"referral\"", "\"other\"", StringComparison.Ordinal)).ShouldContain("The file with words holds an id that is none.");
    }

    private static readonly string[] Languages = ["nl", "en"];

    internal const string FormPath = "/doorverwijzen/nieuw/gbo-gedeeld-beroepsgeheim/caw-aalst/onthaal";

    internal static (string, string)[] Form(Guid? id = null) =>
    [
        ("id", (id ?? Guid.NewGuid()).ToString("D")), ("gelezen", "ja"), ("taal", "Nederlands"), ("akkoord", "ja"), ("wijze", "paper"), ("hoedanigheid", "self"), ("veld", "familyName"), ("veld", "helpQuestion"),
        ("waarde-familyName", Marked), ("reden-familyName", "contact"), ("waarde-helpQuestion", "housing"), ("reden-helpQuestion", "help"), ("veilig", "nee"), ("bezwaar", "nee"), ("bereik", "053 11 22 33"),
        .. Enum.GetValues<SecrecyCondition>().Select(condition => ReferralForm.Word(condition)).SelectMany(word => new[] { ($"vw-{word}", "yes"), ($"bw-{word}", "besproken in het gesprek") }),
    ];

    internal static async Task<Guid> MakeAsync(ReferralTown town, params (string, string)[] changes)
    {
        var id = Guid.NewGuid();
        (string, string)[] fields = [.. Form(id).Where(one => !changes.Any(change => change.Item1 == one.Item1)), .. changes];
        var preview = await town.Local.PostAsync(FormPath, FormPath, fields);
        preview.StatusCode.ShouldBe(HttpStatusCode.OK, await preview.Content.ReadAsStringAsync());
        (await preview.Content.ReadAsStringAsync()).ShouldContain("ziet precies dit");
        var sent = await town.Local.PostAsync(FormPath, $"{FormPath}/versturen", fields);
        sent.StatusCode.ShouldBe(HttpStatusCode.Found, await sent.Content.ReadAsStringAsync());
        sent.Headers.Location!.ToString().ShouldBe($"/doorverwijzen/{id}/bewijs");
        return id;
    }

    internal static async Task DoAsync(ReferralTown town, Guid id, string act, params (string, string)[] fields)
    {
        var answer = await town.Local.PostAsync($"/verwijzingen/{id}", $"/verwijzingen/{id}/{act}", fields);
        answer.StatusCode.ShouldBe(HttpStatusCode.Found, await answer.Content.ReadAsStringAsync());
    }

    private static string JwsPayload(string compact) => System.Text.Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(compact.Split('.')[1]));
}
