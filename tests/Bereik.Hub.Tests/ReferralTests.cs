using System.Net;
using System.Text.Json.Nodes;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Register;
using Bereik.Exchange.Signatures;
using Bereik.Hub.Log;
using Bereik.Node.Machines;
using Bereik.Tests.Shared;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Bereik.Hub.Tests;

public sealed class ReferralTests
{
    [Fact]
    public async Task Referral_ByTheBook_GoesFromOneServiceToTheOtherAndNothingStays()
    {
        await using var hub = await ReferralHub.StartAsync();
        var entries = (await hub.Hub.EntriesAsync()).Count;
        var made = hub.Make();
        var placed = await hub.PutAsync(made);
        placed.StatusCode.ShouldBe(HttpStatusCode.Created);
        Standing(await placed.JsonAsync()).ShouldBe("sent");
        hub.Decisions().ShouldBe(["referral.take permit"]);

        // The service finds it, with the offer as it was signed, and the same sealed bytes as often as it asks.
        var found = (await hub.ListAsync(hub.Welfare)).ShouldHaveSingleItem();
        ((Guid)found["id"]!, (string?)found["offer"]).ShouldBe((made.Id, made.Offer.Compact));
        for (var i = 0; i < 2; i++)
        {
            var fetched = await hub.SealedAsync(made);
            fetched.StatusCode.ShouldBe(HttpStatusCode.OK);
            ((string?)(await fetched.JsonAsync())["sealed"]).ShouldBe(made.Record);
        }

        // Each step is seen by both sides, once, after the change that they read last.
        var (changed, steps) = ((long)found["changed"]!, new List<string>());
        foreach (var (act, standing) in new[] { ("receive", "sent received"), ("accept", "accepted received"), ("contact", "contacted received"), ("close", "closed received"), ("erase", "closed received erased") })
        {
            steps.Add(hub.Step(made, act));
            var answer = await hub.BringAsync(made, hub.Welfare, steps[^1]);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, act);
            Standing(await answer.JsonAsync()).ShouldBe(standing);
            foreach (var side in new[] { hub.Team, hub.Welfare })
            {
                var item = (await hub.ListAsync(side, changed)).ShouldHaveSingleItem();
                Standing(item).ShouldBe(standing);
                item["steps"]!.AsArray().Select(step => (string?)step).ShouldBe(steps);
                ((string?)item["offer"]).ShouldBe(made.Offer.Compact);
                JsonNode.DeepEquals(item, await hub.ReadAsync(made, side)).ShouldBeTrue();
            }

            changed = (long)(await hub.ListAsync(hub.Team, changed))[0]["changed"]!;
        }

        (await hub.SealedAsync(made)).StatusCode.ShouldBe(HttpStatusCode.Gone);
        (await hub.ListAsync(hub.Team, changed)).ShouldBeEmpty();

        // Its time would say something about a visit: it leaves nothing in what anybody reads.
        (await hub.Hub.EntriesAsync()).Count.ShouldBe(entries);
    }

    [Theory]
    [InlineData("protocol.differs")]
    [InlineData("protocol.unknown")]
    [InlineData("recipient.notInProtocol")]
    [InlineData("referral.serviceUnknown")]
    [InlineData("order.expired")]
    [InlineData("order.termTooLong")]
    public async Task Referral_AgainstTheProtocol_IsRefusedWithItsReasonAndNotKept(string code)
    {
        await using var hub = await ReferralHub.StartAsync();
        var made = hub.Make(recipient: code == "recipient.notInProtocol" ? hub.Partner : null, change: offer => code switch
        {
            "protocol.differs" => offer with { ProtocolHash = Bytes32.Random() },
            "protocol.unknown" => offer with { ProtocolVersion = "9.9" },
            "referral.serviceUnknown" => offer with { Service = "elders" },
            "order.expired" => offer with { IssuedAt = offer.IssuedAt.AddDays(-2), ExpiresAt = offer.IssuedAt.AddDays(-1) },
            "order.termTooLong" => offer with { ExpiresAt = offer.IssuedAt.AddDays(15) },
            _ => offer,
        });
        var answer = await hub.PutAsync(made);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        ((string?)(await answer.JsonAsync())["code"]).ShouldBe("referral.refused");
        (await answer.ReasonsAsync()).ShouldContain(code);
        var decision = hub.Decisions().ShouldHaveSingleItem();
        decision.ShouldStartWith("referral.take refuse ");
        decision.ShouldContain(code);
        await IsNotThereAsync(hub, made);

        // It was not taken, so its id is still free.
        (await hub.PutAsync(hub.Make(change: offer => offer with { Id = made.Id, Sealed = ReferralFormat.Digest(made.Record) }, seal: _ => made.Record))).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Referral_BySomebodyWhoMayNotRefer_IsRefusedWithEveryReason()
    {
        await using var hub = await ReferralHub.StartAsync();

        // An OCMW receives under this text, and sends to nobody; a CAW is not even sent to.
        (await (await hub.PutAsync(hub.Make(hub.Welfare, hub.Partner, ReferralHub.WithConsent))).ReasonsAsync())
            .ShouldBe(["recipient.notInProtocol", "accession.missing", "referral.senderNotInProtocol", "referral.serviceUnknown"]);
        hub.Hub.Count("SELECT count(*) FROM referral").ShouldBe(0);
    }

    [Fact]
    public async Task Referral_AmongPartners_NeedsBothAccessionsAndOnePartnership()
    {
        await using var hub = await ReferralHub.StartAsync();
        (await hub.PutAsync(hub.Make(hub.Welfare, hub.Partner))).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await hub.PutAsync(hub.Make(hub.Partner, hub.Welfare))).StatusCode.ShouldBe(HttpStatusCode.Created);

        // To who did not join, and by who did not join.
        (await (await hub.PutAsync(hub.Make(hub.Welfare, hub.Third))).ReasonsAsync()).ShouldBe(["accession.missing", "referral.partnershipNotShared", "referral.serviceUnknown"]);
        (await (await hub.PutAsync(hub.Make(hub.Third, hub.Welfare))).ReasonsAsync()).ShouldBe(["accession.missing", "referral.partnershipNotShared"]);

        // Joined, and under another arrangement.
        await hub.AccedeAsync(hub.Third, OrganisationKind.MutualitySocialService, ReferralHub.AmongPartners, ReferralHub.Partnership with { Arrangement = Bytes32.Random().ToString() });
        (await (await hub.PutAsync(hub.Make(hub.Welfare, hub.Third))).ReasonsAsync()).ShouldBe(["referral.partnershipNotShared"]);
        (await (await hub.PutAsync(hub.Make(hub.Third, hub.Welfare))).ReasonsAsync()).ShouldBe(["referral.partnershipNotShared"]);

        // And a sender that is suspended refers nobody.
        await StopAsync(hub, ReferralHub.AmongPartners.Protocol!, hub.Partner.Id, StopKind.Suspend);
        (await (await hub.PutAsync(hub.Make(hub.Partner, hub.Welfare))).ReasonsAsync()).ShouldBe(["accession.suspended"]);
        hub.Hub.Count("SELECT count(*) FROM referral").ShouldBe(2);
    }

    [Fact]
    public async Task Referral_AfterTheRegisterStopped_IsRefused()
    {
        await using var hub = await ReferralHub.StartAsync();
        var protocol = ReferralHub.WithConsent.Protocol!;
        await StopAsync(hub, protocol, hub.Welfare.Id, StopKind.Suspend);
        (await (await hub.PutAsync(hub.Make())).ReasonsAsync()).ShouldBe(["accession.suspended"]);
        await StopAsync(hub, protocol, hub.Welfare.Id, StopKind.Resume);
        await StopAsync(hub, protocol, null, StopKind.Suspend);
        (await (await hub.PutAsync(hub.Make())).ReasonsAsync()).ShouldBe(["protocol.suspended"]);
        await StopAsync(hub, protocol, null, StopKind.Resume);
        hub.Hub.Clock.Move(TimeSpan.FromDays(345));
        (await (await hub.PutAsync(hub.Make())).ReasonsAsync()).ShouldContain("accession.reviewOverdue");
    }

    [Fact]
    public async Task Referral_UnderAnUnverifiedGroundOnRealNumbers_IsRefused()
    {
        await using var hub = await ReferralHub.StartAsync(settings => settings["allowSyntheticNumbers"] = false, acceded: false);
        (await (await hub.PutAsync(hub.Make())).ReasonsAsync())
            .ShouldBe(["ground.collectionUnverified", "ground.unverified", "ground.recipientUnverified", "authorisation.unverified", "protocol.notInForce", "accession.missing", "referral.serviceUnknown"]);
    }

    [Fact]
    public async Task Referral_SentAgain_IsNoSecondOneAndAnotherDoesNotTakeItsPlace()
    {
        await using var hub = await ReferralHub.StartAsync();
        var made = hub.Make();
        var first = await (await hub.PutAsync(made)).Content.ReadAsStringAsync();
        var again = await hub.PutAsync(made);
        again.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await again.Content.ReadAsStringAsync()).ShouldBe(first);

        // The same words signed again, and other words under the same id.
        var twice = made with { Offer = SignedDocument.Sign(made.Offer.Document, hub.Team.Signing) };
        twice.Offer.Compact.ShouldNotBe(made.Offer.Compact);
        (await (await hub.PutAsync(twice)).ReasonsAsync()).ShouldBe(["referral.alreadySent"]);
        var other = made with { Offer = SignedDocument.Sign(made.Offer.Document with { Service = "andere-dienst" }, hub.Team.Signing) };
        var conflict = await hub.PutAsync(other);
        (conflict.StatusCode, await conflict.CauseAsync()).ShouldBe((HttpStatusCode.Conflict, "referral.idTaken"));

        // Also when what was sealed is gone.
        (await hub.SayAsync(made, "receive")).EnsureSuccessStatusCode();
        Standing(await (await hub.PutAsync(made)).JsonAsync()).ShouldBe("sent received");
        (await hub.SealedAsync(made)).StatusCode.ShouldBe(HttpStatusCode.Gone);
        hub.Hub.Count("SELECT count(*) FROM referral").ShouldBe(1);
        hub.Hub.Count("SELECT count(sealed) FROM referral").ShouldBe(0);
    }

    [Fact]
    public async Task Offer_ThatIsNotItsSenders_IsRefused()
    {
        await using var hub = await ReferralHub.StartAsync();
        async Task IsRefusedAsync(string cause, MadeReferral made, Party? caller = null, Guid? id = null)
        {
            var answer = await hub.PutAsync(made, caller, id: id);
            (answer.StatusCode, await answer.CauseAsync()).ShouldBe((HttpStatusCode.UnprocessableEntity, cause));
        }

        await IsRefusedAsync("jws.kid", hub.Make(signer: hub.Welfare));
        await IsRefusedAsync("jws.kid", hub.Make(), hub.Partner);
        await IsRefusedAsync("referral.sender", hub.Make(change: offer => offer with { Sender = hub.Partner.Id }));
        await IsRefusedAsync("referral.senderKey", hub.Make(change: offer => offer with { SenderKid = hub.Partner.Signing.Kid }));
        await IsRefusedAsync("referral.id", hub.Make(), id: Guid.NewGuid());
        await IsRefusedAsync("referral.recipientKey", hub.Make(change: offer => offer with { RecipientKid = hub.Partner.Sealing.Kid, ContentKey = TestEnvelope.ContentKey(hub.Partner.Sealing.Kid) }));
        await IsRefusedAsync("referral.checkpoint", hub.Make(change: offer => offer with { Checkpoint = null }));
        await IsRefusedAsync("referral.checkpoint", hub.Make(change: offer => offer with { Checkpoint = "een ander logboek" }));
        await IsRefusedAsync("referral.early", hub.Make(change: offer => offer with { IssuedAt = offer.IssuedAt.AddMinutes(6), ExpiresAt = offer.IssuedAt.AddDays(14) }));

        // Another kind of document by the same key.
        var made = hub.Make();
        var step = hub.Step(made, "receive", hub.Team);
        (await (await hub.Hub.SendAsync(hub.Team, HttpMethod.Put, $"/v1/referrals/{made.Id}", Body(step, made.Record))).CauseAsync()).ShouldBe("jws.header");
        hub.Hub.Count("SELECT count(*) FROM referral").ShouldBe(0);
        hub.Decisions().ShouldBeEmpty();
    }

    [Fact]
    public async Task SealedRecord_OfAnotherSizeShapeOrReferral_IsRefused()
    {
        await using var hub = await ReferralHub.StartAsync();
        async Task IsRefusedAsync(string cause, MadeReferral made, string? record = null)
        {
            var answer = await hub.PutAsync(made, record: record);
            (answer.StatusCode, await answer.CauseAsync()).ShouldBe((HttpStatusCode.UnprocessableEntity, cause));
        }

        await IsRefusedAsync("seal.size", hub.Make(seal: id => TestEnvelope.Sealed(id, 0, ReferralFormat.PaddedSize - 1)));
        await IsRefusedAsync("seal.size", hub.Make(seal: id => TestEnvelope.Sealed(id, 0, ReferralFormat.PaddedSize + 1)));
        await IsRefusedAsync("seal.header", hub.Make(seal: _ => TestEnvelope.Sealed(Guid.NewGuid(), 0, ReferralFormat.PaddedSize)));
        await IsRefusedAsync("seal.header", hub.Make(seal: id => TestEnvelope.Sealed(id, 1, ReferralFormat.PaddedSize)));
        await IsRefusedAsync("seal.parts", hub.Make(seal: _ => "{\"familyName\":\"Voorbeeld\"}"));
        var made = hub.Make();
        made.Record.Length.ShouldBe(11_109, "docs/formats/referral.md says so");
        await IsRefusedAsync("seal.digest", made, TestEnvelope.Sealed(made.Id, 0, ReferralFormat.PaddedSize));

        var large = await hub.Hub.SendAsync(hub.Team, HttpMethod.Put, $"/v1/referrals/{made.Id}", Body(made.Offer.Compact, new string('A', 24_000)));
        large.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        foreach (var body in new[] { "{}"u8.ToArray(), "[]"u8.ToArray(), TestHub.Document("offer", made.Offer.Compact), Body(made.Offer.Compact, made.Record, ("note", "x")) })
        {
            (await hub.Hub.SendAsync(hub.Team, HttpMethod.Put, $"/v1/referrals/{made.Id}", body)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        }

        hub.Hub.Count("SELECT count(*) FROM referral").ShouldBe(0);
    }

    [Fact]
    public async Task Referral_OfOthers_DoesNotExist()
    {
        await using var hub = await ReferralHub.StartAsync();
        var made = await hub.SentAsync();
        foreach (var caller in new[] { hub.Partner, hub.Third })
        {
            await IsNotThereAsync(hub, made, caller);
            (await hub.ListAsync(caller)).ShouldBeEmpty();
            var own = hub.Make(caller, hub.Welfare, ReferralHub.AmongPartners, offer => offer with { Id = made.Id, Sealed = ReferralFormat.Digest(made.Record) }, _ => made.Record);
            (await hub.PutAsync(own)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }

        // What is sealed is its recipient's alone.
        (await hub.SealedAsync(made, hub.Team)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        foreach (var caller in new[] { hub.Hub.Source, hub.Hub.Municipality })
        {
            (await hub.Hub.SendAsync(caller, HttpMethod.Get, "/v1/referrals")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            (await hub.SealedAsync(made, caller)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        }

        Standing(await hub.ReadAsync(made)).ShouldBe("sent");
    }

    [Fact]
    public async Task Step_ThatIsNotItsSpeakers_IsRefused()
    {
        await using var hub = await ReferralHub.StartAsync();
        var made = await hub.SentAsync();
        async Task IsRefusedAsync(string cause, Task<HttpResponseMessage> asked)
        {
            var answer = await asked;
            (answer.StatusCode, await answer.CauseAsync()).ShouldBe((HttpStatusCode.UnprocessableEntity, cause));
        }

        await IsRefusedAsync("jws.kid", hub.SayAsync(made, "receive", signer: hub.Team));
        await IsRefusedAsync("step.by", hub.SayAsync(made, "receive", change: step => step with { By = hub.Team.Id }));
        await IsRefusedAsync("step.id", hub.SayAsync(made, "receive", change: step => step with { Id = Guid.NewGuid() }));
        await IsRefusedAsync("step.offer", hub.SayAsync(made, "receive", change: step => step with { Offer = Bytes32.Random() }));
        foreach (var act in new[] { "receive", "accept", "decline", "contact", "close", "erase" }) await IsRefusedAsync("step.act", hub.SayAsync(made, act, hub.Team));
        (await hub.BringAsync(made, hub.Welfare, "x")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        hub.Hub.Count("SELECT count(*) FROM referral_step").ShouldBe(0);
        Standing(await hub.ReadAsync(made)).ShouldBe("sent");
    }

    [Fact]
    public async Task Step_OutOfOrder_IsRefusedAndTheSameAgainIsNoError()
    {
        await using var hub = await ReferralHub.StartAsync();
        var made = await hub.SentAsync();
        async Task ConflictsAsync(string state, params string[] acts)
        {
            foreach (var act in acts)
            {
                var answer = await hub.SayAsync(made, act);
                (answer.StatusCode, await answer.CauseAsync()).ShouldBe((HttpStatusCode.Conflict, $"referral.{state}"), act);
            }
        }

        await ConflictsAsync("sent", "accept", "decline", "contact", "close", "erase");
        var receive = hub.Step(made, "receive");
        var received = await (await hub.BringAsync(made, hub.Welfare, receive)).Content.ReadAsStringAsync();
        (await (await hub.BringAsync(made, hub.Welfare, receive)).Content.ReadAsStringAsync()).ShouldBe(received);

        // The same words under another signature are the same words.
        var signedAgain = SignedDocument.Sign(SignedDocument.Parse<ReferralStep>(receive).Value.Document, hub.Welfare.Signing).Compact;
        (await (await hub.BringAsync(made, hub.Welfare, signedAgain)).Content.ReadAsStringAsync()).ShouldBe(received);
        hub.Hub.Clock.Move(TimeSpan.FromHours(1));
        await ConflictsAsync("sent", "receive", "contact", "close", "erase");
        (await hub.SayAsync(made, "decline")).StatusCode.ShouldBe(HttpStatusCode.OK);
        hub.Hub.Clock.Move(TimeSpan.FromHours(1));
        await ConflictsAsync("declined", "receive", "accept", "decline", "contact", "close");
        (await hub.SayAsync(made, "erase")).StatusCode.ShouldBe(HttpStatusCode.OK);
        hub.Hub.Clock.Move(TimeSpan.FromHours(1));
        await ConflictsAsync("declined", "receive", "accept", "decline", "contact", "close", "revoke", "erase");
        hub.Hub.Count("SELECT count(*) FROM referral_step").ShouldBe(3);
    }

    [Fact]
    public async Task Revoked_ByEitherSide_StopsEverythingButErasing()
    {
        await using var hub = await ReferralHub.StartAsync();

        // On its way: what is sealed is gone before anybody had it.
        var waiting = await hub.SentAsync();
        (await hub.SayAsync(waiting, "revoke", hub.Team)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var gone = await hub.SealedAsync(waiting);
        (gone.StatusCode, await gone.CauseAsync()).ShouldBe((HttpStatusCode.Conflict, "referral.revoked"));
        (await (await hub.SayAsync(waiting, "receive")).CauseAsync()).ShouldBe("referral.revoked");
        Standing(await (await hub.SayAsync(waiting, "erase")).JsonAsync()).ShouldBe("revoked erased");

        // Taken up, by a person who tells the service; and again, by the same side, which adds nothing.
        var taken = await hub.ReceivedAsync(hub.Partner);
        (await hub.SayAsync(taken, "accept")).EnsureSuccessStatusCode();
        (await hub.SayAsync(taken, "revoke")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var changed = (long)(await hub.ReadAsync(taken))["changed"]!;
        hub.Hub.Clock.Move(TimeSpan.FromHours(1));
        (await hub.SayAsync(taken, "revoke")).StatusCode.ShouldBe(HttpStatusCode.OK);
        ((long)(await hub.ReadAsync(taken))["changed"]!).ShouldBe(changed);
        (await hub.SayAsync(taken, "revoke", hub.Partner)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await hub.ReadAsync(taken))["steps"]!.AsArray().Count.ShouldBe(4);
        (await (await hub.SayAsync(taken, "contact")).CauseAsync()).ShouldBe("referral.revoked");
    }

    [Fact]
    public async Task Referral_PastItsTime_HasLapsedBeforeAnybodySaidSo()
    {
        await using var hub = await ReferralHub.StartAsync();
        var waiting = await hub.SentAsync();
        var arrived = await hub.ReceivedAsync();
        var accepted = await hub.ReceivedAsync(hub.Partner);
        (await hub.SayAsync(accepted, "accept")).EnsureSuccessStatusCode();
        var changed = (long)(await hub.ReadAsync(accepted))["changed"]!;
        hub.HoldTheSweep();
        hub.Hub.Clock.Move(TimeSpan.FromDays(14));

        (await hub.ListAsync(hub.Team)).Select(Standing).ShouldBe(["expired", "expired received"]);
        Standing(await hub.ReadAsync(waiting)).ShouldBe("expired");
        (await (await hub.SealedAsync(waiting)).CauseAsync()).ShouldBe("referral.expired");
        (await (await hub.SayAsync(waiting, "receive")).CauseAsync()).ShouldBe("referral.expired");
        (await (await hub.SayAsync(arrived, "accept")).CauseAsync()).ShouldBe("referral.expired");
        Standing(await hub.ReadAsync(accepted)).ShouldBe("accepted received");
        (await hub.SayAsync(accepted, "contact")).StatusCode.ShouldBe(HttpStatusCode.OK);
        hub.Hub.Count("SELECT count(sealed) FROM referral").ShouldBe(1);

        // The step of work says it once, and both sides hear of it.
        await hub.SweepAsync();
        await hub.SweepAsync();
        hub.Hub.Count("SELECT count(sealed) FROM referral").ShouldBe(0);
        var told = await hub.ListAsync(hub.Team, changed);
        told.Select(Standing).ShouldBe(["expired", "expired received"]);
        told.Select(item => (Guid)item["id"]!).ShouldBe([waiting.Id, arrived.Id]);
        (await hub.SayAsync(arrived, "erase")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    // Said between the end of its time and the step of work: the bytes go with the step that is said.
    [Fact]
    public async Task Step_AfterItsTime_TakesTheSealedBytesWithIt()
    {
        await using var hub = await ReferralHub.StartAsync();
        var made = await hub.SentAsync();
        hub.HoldTheSweep();
        hub.Hub.Clock.Move(TimeSpan.FromDays(15));
        Standing(await (await hub.SayAsync(made, "erase")).JsonAsync()).ShouldBe("expired erased");
        hub.Hub.Count("SELECT count(sealed) FROM referral").ShouldBe(0);
    }

    [Fact]
    public async Task SuspendedRecipient_GetsNothingAndTakesUpNobody()
    {
        await using var hub = await ReferralHub.StartAsync();
        var protocol = ReferralHub.WithConsent.Protocol!;
        var waiting = await hub.SentAsync();
        var arrived = await hub.ReceivedAsync();
        await StopAsync(hub, protocol, hub.Welfare.Id, StopKind.Suspend);
        foreach (var refused in new[] { await hub.SealedAsync(waiting), await hub.SayAsync(arrived, "accept") })
        {
            refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
            (await refused.ReasonsAsync()).ShouldBe(["accession.suspended"]);
        }

        hub.Decisions()[^2..].ShouldBe(["referral.fetch refuse accession.suspended", "referral.accept refuse accession.suspended"]);
        hub.Hub.Count("SELECT count(*) FROM referral_step").ShouldBe(1);

        // What ends a referral it can say; and once the suspension is lifted, the other goes on.
        (await hub.SayAsync(arrived, "decline")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await StopAsync(hub, protocol, hub.Welfare.Id, StopKind.Resume);
        (await hub.SealedAsync(waiting)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("receive")]
    [InlineData("revoke")]
    [InlineData("expiry")]
    public async Task SealedBytes_OnceTheyMayNotBeFetched_AreInNoFile(string after)
    {
        await using var hub = await ReferralHub.StartAsync();
        var made = await hub.SentAsync();
        var other = await hub.SentAsync();
        hub.StoreHolds(made).ShouldBeTrue("the search must find what is there");
        switch (after)
        {
            case "expiry":
                hub.Hub.Clock.Move(TimeSpan.FromDays(15));
                await hub.SweepAsync();
                break;
            default:
                (await hub.SayAsync(made, after)).EnsureSuccessStatusCode();
                break;
        }

        await hub.Hub.ScrubbedAsync();
        hub.StoreHolds(made).ShouldBeFalse();
        if (after != "expiry") hub.StoreHolds(other).ShouldBeTrue();
        if (after == "receive") (await hub.SealedAsync(made)).StatusCode.ShouldBe(HttpStatusCode.Gone);
    }

    [Fact]
    public async Task Log_ThatIsBroken_LetsNobodyBeReferredAndAnybodyTakeItBack()
    {
        await using var hub = await ReferralHub.StartAsync();
        var (made, next) = (await hub.SentAsync(), hub.Make());
        hub.Hub.Node.Services.GetRequiredService<HubLog>().Break("log.test", "here");
        var refused = await hub.PutAsync(next);
        (refused.StatusCode, await refused.CauseAsync()).ShouldBe((HttpStatusCode.ServiceUnavailable, "log.unavailable"));
        (await hub.SayAsync(made, "revoke", hub.Team)).StatusCode.ShouldBe(HttpStatusCode.OK);
        hub.Hub.Count("SELECT count(sealed) FROM referral").ShouldBe(0);
    }

    [Fact]
    public async Task Store_OfReferrals_KeepsItsOwnRules()
    {
        await using var hub = await ReferralHub.StartAsync();
        var made = await hub.ReceivedAsync();
        using var store = hub.Hub.OpenStore();
        foreach (var sql in new[]
        {
            "UPDATE referral_step SET act = 'accept'", "DELETE FROM referral_step", "INSERT OR REPLACE INTO referral_step SELECT * FROM referral_step",
            "UPDATE referral SET sealed = 'x'", "UPDATE referral SET state = 'erased'", "INSERT INTO referral_step (referral, said, step, act, by, at) SELECT referral, 'x', step, 'archive', by, at FROM referral_step",
        })
        {
            using var command = store.CreateCommand();
            command.CommandText = sql;
            Should.Throw<SqliteException>(() => command.ExecuteNonQuery(), sql);
        }

        Standing(await hub.ReadAsync(made)).ShouldBe("sent received");
    }

    [Fact]
    public async Task Referrals_OfAService_ComeByTheirChangesInPages()
    {
        await using var hub = await ReferralHub.StartAsync();
        var ids = new List<Guid>();
        for (var i = 0; i < 3; i++) ids.Add((await hub.SentAsync()).Id);
        await hub.SentAsync(hub.Partner);
        var first = await hub.ListAsync(hub.Team, limit: 2);
        first.Select(item => (Guid)item["id"]!).ShouldBe(ids[..2]);
        var rest = await hub.ListAsync(hub.Team, (long)first[^1]["changed"]!, 2);
        rest.Select(item => (Guid)item["id"]!).ShouldBe(ids[2..]);
        (await hub.ListAsync(hub.Welfare)).Count.ShouldBe(4);
        (await hub.Hub.SendAsync(hub.Team, HttpMethod.Get, "/v1/referrals?limit=101")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await hub.Hub.SendAsync(hub.Team, HttpMethod.Get, "/v1/referrals?after=-1")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Token_OfAService_CoversTheReferralsOfItsOwnProtocolsAlone()
    {
        await using var hub = await ReferralHub.StartAsync();
        var (consent, partners) = (MachineScopes.Referrals(ReferralHub.WithConsent.Protocol!.Id), MachineScopes.Referrals(ReferralHub.AmongPartners.Protocol!.Id));
        Scopes(await hub.Hub.Node.TokenAsync(hub.Team)).ShouldBe([consent]);
        Scopes(await hub.Hub.Node.TokenAsync(hub.Partner)).ShouldBe([partners]);
        var welfare = Scopes(await hub.Hub.Node.TokenAsync(hub.Welfare));
        welfare.ShouldContain(consent);
        welfare.ShouldContain(partners);
        welfare.ShouldContain(MachineScopes.Orders("groeipakket-onbekend"));
        Scopes(await hub.Hub.Node.TokenAsync(hub.Hub.Municipality)).ShouldNotContain(scope => scope.StartsWith("referrals:", StringComparison.Ordinal));

        // A team is no partner: its token says so before anything else is looked at.
        var made = hub.Make(file: ReferralHub.AmongPartners);
        var refused = await hub.PutAsync(made);
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        refused.Headers.WwwAuthenticate.ToString().ShouldBe($"Bearer error=\"insufficient_scope\", scope=\"{partners}\"");

        // A token for less than the service may have opens nothing of the rest.
        var sent = await hub.SentAsync();
        var narrow = await NarrowTokenAsync(hub, hub.Welfare, partners);
        foreach (var (method, path, body) in new (HttpMethod, string, byte[])[]
        {
            (HttpMethod.Get, "/v1/referrals", []), (HttpMethod.Get, $"/v1/referrals/{sent.Id}", []), (HttpMethod.Get, $"/v1/referrals/{sent.Id}/sealed", []),
            (HttpMethod.Post, $"/v1/referrals/{sent.Id}/steps", TestHub.Document("step", hub.Step(sent, "receive"))),
        })
        {
            var signed = SignedDocument.Sign(RequestClaims.For(hub.Welfare.Id, hub.Hub.Hub.Id, hub.Hub.Clock.GetUtcNow(), method.Method, path, body), hub.Welfare.Signing).Compact;
            var answer = await hub.Hub.Node.SendAsync(method, path, body.Length > 0 ? body : null, signed, token: narrow);
            answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden, path);
            ((string?)(await answer.JsonAsync())["type"]).ShouldBe("urn:problem-type:belgif:missingScope");
        }

        Standing(await hub.ReadAsync(sent)).ShouldBe("sent");
    }

    [Fact]
    public async Task Hub_WhoseSettingsNameAPartnerWithoutASealingKey_DoesNotStart() => await Should.ThrowAsync<InvalidOperationException>(async () =>
    {
        await using var hub = await ReferralHub.StartAsync(settings => settings["peers"]!.AsArray().Single(peer => (string?)peer!["id"] == "caw-oost")!.AsObject().Remove("sealing"));
    });

    private static string Standing(JsonObject told) => $"{told["state"]}{((bool)told["received"]! ? " received" : "")}{((bool)told["erased"]! ? " erased" : "")}";

    private static async Task IsNotThereAsync(ReferralHub hub, MadeReferral made, Party? caller = null)
    {
        var asks = caller ?? made.Sender;
        (await hub.Hub.SendAsync(asks, HttpMethod.Get, $"/v1/referrals/{made.Id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await hub.SealedAsync(made, asks == hub.Team ? hub.Welfare : asks)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        foreach (var act in new[] { "receive", "revoke" }) (await hub.SayAsync(made, act, asks)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task StopAsync(ReferralHub hub, Protocol protocol, string? organisation, StopKind kind) =>
        (await hub.Hub.TellAsync(Acceding.Stop(protocol, organisation, kind, hub.Hub.Hub.Signing, hub.Hub.Clock.GetUtcNow()))).EnsureSuccessStatusCode();

    private static byte[] Body(string offer, string record, params (string Name, string Value)[] more)
    {
        var body = new JsonObject { ["offer"] = offer, ["sealed"] = record };
        foreach (var (name, value) in more) body[name] = value;
        return System.Text.Encoding.UTF8.GetBytes(body.ToJsonString());
    }

    private static string[] Scopes(string token) => StrictBase64Url.TryDecode(token.Split('.')[1].AsSpan(), out var claims) ? ((string)JsonNode.Parse(claims)!["scope"]!).Split(' ') : throw new InvalidDataException("No token.");

    private static async Task<string> NarrowTokenAsync(ReferralHub hub, Party party, string scope)
    {
        using var http = new HttpClient();
        var assertion = SignedDocument.Sign(ClientAssertion.For(party.Id, hub.Hub.Hub.Id, hub.Hub.Clock.GetUtcNow()), party.Signing);
        using var form = new FormUrlEncodedContent([.. ClientAssertion.FormOf(assertion), KeyValuePair.Create("scope", scope)]);
        return (string)(await (await http.PostAsync(new Uri(hub.Hub.Node.Url + TokenServer.Path), form)).JsonAsync())["access_token"]!;
    }
}
