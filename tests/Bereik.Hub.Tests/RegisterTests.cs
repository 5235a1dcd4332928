using System.Net;
using System.Text.Json.Nodes;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Register;
using Bereik.Exchange.Signatures;
using Bereik.Hub.Features;
using Bereik.Node.Registers;
using Bereik.Node.Work;
using Bereik.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Bereik.Hub.Tests;

// The register of protocols over the wire: who may make which step, what a step stops, and what no door lets in.
public sealed class RegisterTests
{
    private static readonly Token Agreement = Token.Random();

    private static Protocol Unknown => ShippedProtocols.Of(Flow.Unknown);

    [Fact]
    public async Task Hub_AtItsStart_ProposesEveryTextThatShips_Once()
    {
        await using var hub = await TestHub.StartAsync(acceded: false);
        var entries = await EntriesAsync(hub);
        entries.Select(entry => Bytes32.Sha256(RegisterDocuments.TextOf(entry.Event).Span).ToString()).ShouldBe(ShippedProtocols.All.Select(protocol => protocol.Hash), ignoreOrder: true);
        RegisterEntry? before = null;
        foreach (var entry in entries)
        {
            entry.Follows(before).ShouldBeTrue();
            before = entry;
        }
    }

    [Fact]
    public async Task Order_BeforeAccession_IsRefused_AndAfterItGoes()
    {
        await using var hub = await TestHub.StartAsync(acceded: false);
        (await (await hub.PlaceAsync(hub.Welfare, hub.NewOrder(Flow.Unknown))).ReasonsAsync()).ShouldBe(["accession.missing"]);
        await hub.AccedeAsync(hub.Welfare, Flow.Unknown);
        (await hub.PlaceAsync(hub.Welfare, hub.NewOrder(Flow.Unknown))).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await (await hub.PlaceAsync(hub.Municipality, hub.NewOrder(Flow.Match))).ReasonsAsync()).ShouldBe(["accession.missing"]);
    }

    [Fact]
    public async Task Accession_WithEveryKindOfFault_IsRefusedWithEveryReason_AndLeavesNothing()
    {
        await using var hub = await TestHub.StartAsync(acceded: false);
        var file = Acceding.FileOf(Flow.Unknown);
        var today = BelgianTime.DayOf(hub.Clock.GetUtcNow());
        var ordinary = Acceding.Ordinary(file.Protocol!, hub.Welfare.Id, OrganisationKind.PublicCentreForWelfare, "41002", today);
        (await hub.TellAsync(RegisterDocuments.SignProtocol(file.Canonical.Span, hub.Welfare.Signing))).StatusCode.ShouldBe(HttpStatusCode.Created);
        var faulty = ordinary with
        {
            Decision = ordinary.Decision with { Body = DecidingBody.MunicipalCouncil },
            Advice = ordinary.Advice with { Outcome = AdviceOutcome.Unfavourable, NotFollowed = null },
            Measures = [.. ordinary.Measures.Skip(1)],
            ReviewBy = today.AddYears(2),
            Territory = [new TerritoryPeriod { Nis = "73028", From = today }],
        };
        var answer = await hub.TellAsync(Act(hub, faulty));
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.ReasonsAsync()).ShouldBe(
            ["accession.decisionInvalid", "accession.notAdvised", "accession.measureUnanswered", "accession.measureLapsed", "accession.reviewTooFar", "accession.noWelfareCentre"], ignoreOrder: true);
        (await EntriesAsync(hub)).Count.ShouldBe(ShippedProtocols.All.Count + 1);
        hub.Count("SELECT count(*) FROM decision_record WHERE point = 'accede' AND outcome = 'refuse'").ShouldBe(1);

        // Signed by another, and without the organisation's own signature over the text.
        var forOther = Act(hub, ordinary, hub.Municipality);
        (await (await hub.TellAsync(forOther)).ReasonsAsync()).ShouldContain("accession.otherSigner");
        var match = Acceding.FileOf(Flow.Match);
        var unsigned = Acceding.Ordinary(match.Protocol!, hub.Municipality.Id, OrganisationKind.Municipality, "41002", today);
        (await (await hub.TellAsync(Act(hub, unsigned, hub.Municipality))).ReasonsAsync()).ShouldBe(["protocol.notSigned"]);
        (await hub.TellAsync(Act(hub, ordinary))).StatusCode.ShouldBe(HttpStatusCode.Created);
        hub.Count("SELECT count(*) FROM decision_record WHERE point = 'accede' AND outcome = 'permit'").ShouldBe(1);
    }

    [Theory]
    [InlineData("requested", "hub")]
    [InlineData("approved", "source")]
    [InlineData("tokens", "self")]
    [InlineData("delivered", "source")]
    public async Task Suspension_OfARunningOrder_StopsItWhereverItStands(string step, string by)
    {
        await using var hub = await TestHub.StartAsync();
        var order = step == "requested" ? await hub.PlacedAsync(Flow.Unknown) : await hub.ApprovedAsync(Flow.Unknown);
        var stranger = Token.Random();
        var tokens = await TestEnvelope.TokensAsync(Agreement, [Token.Random()]);
        var envelope = TestEnvelope.Of(hub, order, Agreement, [.. TestEnvelope.RandomRows(64), TestEnvelope.Row(stranger)]);
        if (step is "tokens" or "delivered") (await hub.PutTokensAsync(order, tokens)).EnsureSuccessStatusCode();
        if (step == "delivered")
        {
            (await hub.PutEnvelopeAsync(order, envelope.ToBytes())).EnsureSuccessStatusCode();
            (await hub.StateAfterMatchAsync(order)).ShouldBe("delivered");
            hub.StoreHolds(stranger.Bytes.ToArray()).ShouldBeTrue("the search must find what is there");
        }

        var who = by switch { "hub" => hub.Hub, "source" => hub.Source, _ => hub.Welfare };
        (await hub.TellAsync(Acceding.Stop(Unknown, hub.Welfare.Id, StopKind.Suspend, who.Signing, hub.Clock.GetUtcNow()))).StatusCode.ShouldBe(HttpStatusCode.Created);

        // Stopped with the very answer to the step: nobody has to wait for a poll at the hub.
        var told = await hub.SendAsync(hub.Welfare, HttpMethod.Get, $"/v1/orders/{order.Document.Id}");
        (await told.ReasonsAsync()).ShouldBe(["accession.suspended"]);
        (await hub.StateAsync(hub.Welfare, order)).ShouldBe("refused");
        hub.Events(order)[^1].ShouldBe("order.stopped accession.suspended");
        hub.Count("SELECT count(*) FROM decision_record WHERE act = 'order.continue' AND outcome = 'refuse'").ShouldBe(1);
        await hub.ScrubbedAsync();
        hub.StoreHolds(stranger.Bytes.ToArray()).ShouldBeFalse();
        foreach (var table in new[] { "known_set", "known_token", "row_token", "envelope_row", "manifest_line" }) hub.Count($"SELECT count(*) FROM {table}").ShouldBe(0);
        (await (await hub.PutTokensAsync(order, await TestEnvelope.TokensAsync(Agreement, [Token.Random()]))).CauseAsync()).ShouldBe("order.refused");
        (await hub.PackageAsync(order)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await (await hub.PlaceAsync(hub.Welfare, hub.NewOrder(Flow.Unknown, new Month(2026, 9)))).ReasonsAsync()).ShouldBe(["accession.suspended"]);

        // After its deposit the source hears what it always hears.
        (await hub.StateAsync(hub.Source, order)).ShouldBe(step == "delivered" ? "deposited" : "refused");
    }

    [Fact]
    public async Task Package_ThatWasHandedOut_IsNotTakenBack_AndItsReceiptIsTaken()
    {
        await using var hub = await TestHub.StartAsync();
        var order = await hub.ApprovedAsync(Flow.Unknown);
        var envelope = TestEnvelope.Of(hub, order, Agreement, TestEnvelope.RandomRows(70));
        (await hub.PutTokensAsync(order, await TestEnvelope.TokensAsync(Agreement, [Token.Random()]))).EnsureSuccessStatusCode();
        (await hub.PutEnvelopeAsync(order, envelope.ToBytes())).EnsureSuccessStatusCode();
        (await hub.StateAfterMatchAsync(order)).ShouldBe("delivered");
        (await hub.PackageAsync(order)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await hub.TellAsync(Acceding.Stop(Unknown, hub.Welfare.Id, StopKind.Suspend, hub.Source.Signing, hub.Clock.GetUtcNow()))).EnsureSuccessStatusCode();
        (await hub.StateAsync(hub.Welfare, order)).ShouldBe("delivered");
        (await hub.ReceiveAsync(order, envelope.Manifest.Hash, "rejected")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Suspension_IsLiftedOnlyByWhoMadeIt()
    {
        await using var hub = await TestHub.StartAsync();
        var now = hub.Clock.GetUtcNow();
        (await hub.TellAsync(Acceding.Stop(Unknown, hub.Welfare.Id, StopKind.Suspend, hub.Source.Signing, now))).EnsureSuccessStatusCode();
        foreach (var other in new[] { hub.Hub, hub.Welfare, hub.Municipality }) (await (await hub.TellAsync(Acceding.Stop(Unknown, hub.Welfare.Id, StopKind.Resume, other.Signing, now))).CauseAsync()).ShouldBe("register.nothingToLift");
        (await (await hub.PlaceAsync(hub.Welfare, hub.NewOrder(Flow.Unknown))).ReasonsAsync()).ShouldBe(["accession.suspended"]);
        (await hub.TellAsync(Acceding.Stop(Unknown, hub.Welfare.Id, StopKind.Resume, hub.Source.Signing, now))).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await hub.PlaceAsync(hub.Welfare, hub.NewOrder(Flow.Unknown))).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Stranger_AndOtherParty_MakeNoStepThatIsNotTheirs()
    {
        await using var hub = await TestHub.StartAsync();
        var now = hub.Clock.GetUtcNow();
        using var stranger = new Party("onbekend", "source");
        (await (await hub.TellAsync(Acceding.Stop(Unknown, null, StopKind.Suspend, stranger.Signing, now))).CauseAsync()).ShouldBe("jws.kid");
        foreach (var other in new[] { hub.OtherSource, hub.Municipality, hub.Pseudonymiser })
        {
            (await (await hub.TellAsync(Acceding.Stop(Unknown, hub.Welfare.Id, StopKind.Suspend, other.Signing, now))).CauseAsync()).ShouldBe("register.notYours");
            (await (await hub.TellAsync(Acceding.Stop(Unknown, null, StopKind.Suspend, other.Signing, now))).CauseAsync()).ShouldBe("register.notYours");
            (await (await hub.TellAsync(Acceding.Stop(Unknown, null, StopKind.End, other.Signing, now))).CauseAsync()).ShouldBe("register.notYours");
        }

        (await (await hub.TellAsync(Acceding.Stop(Unknown, null, StopKind.End, hub.Hub.Signing, now))).CauseAsync()).ShouldBe("register.notYours");
        (await (await hub.TellAsync(Acceding.Stop(Unknown, hub.Municipality.Id, StopKind.Suspend, hub.Source.Signing, now))).CauseAsync()).ShouldBe("register.noAccession");
        (await (await hub.TellAsync(RegisterDocuments.DraftProtocol(Acceding.FileOf(Flow.Unknown).Canonical.Span, hub.Source.Signing))).CauseAsync()).ShouldBe("register.textKnown");
        (await (await hub.TellAsync(RegisterDocuments.SignProtocol(Acceding.FileOf(Flow.Match).Canonical.Span, hub.OtherSource.Signing))).CauseAsync()).ShouldBe("register.notYours");
        (await hub.PlaceAsync(hub.Welfare, hub.NewOrder(Flow.Unknown))).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Measure_ThatLapses_StopsARunningOrder_WithoutAnybodysStep()
    {
        await using var hub = await TestHub.StartAsync(acceded: false);
        var today = BelgianTime.DayOf(hub.Clock.GetUtcNow());

        // Attested eleven months and some days ago: it holds today and no longer in ten days.
        await hub.AccedeAsync(hub.Welfare, Flow.Unknown, ordinary => ordinary with
        {
            Measures = [.. ordinary.Measures.Select(answer => answer.Id == "K11" ? answer with { On = today.AddMonths(-12).AddDays(3) } : answer)],
        });
        var order = await hub.ApprovedAsync(Flow.Unknown);
        hub.Clock.Move(TimeSpan.FromDays(4));
        await using (var scope = hub.Node.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetServices<IWorkStep>().OfType<ExpireOrders>().Single().SweepAsync(CancellationToken.None);
        }

        (await (await hub.SendAsync(hub.Welfare, HttpMethod.Get, $"/v1/orders/{order.Document.Id}")).ReasonsAsync()).ShouldBe(["accession.measureLapsed"]);
        (await (await hub.PlaceAsync(hub.Welfare, hub.NewOrder(Flow.Unknown))).ReasonsAsync()).ShouldBe(["accession.measureLapsed"]);
    }

    [Fact]
    public async Task Publication_OfAnUnverifiedText_IsRefusedWithEveryGround()
    {
        await using var hub = await TestHub.StartAsync(acceded: false);
        Bytes32.TryParse(Unknown.Hash, out var hash).ShouldBeTrue();
        var publication = SignedDocument.Sign(new ProtocolPublication { Protocol = hash, Places = ["https://voorbeeld.be/protocol"], At = hub.Clock.Second() }, hub.Source.Signing).Compact;
        (await (await hub.TellAsync(publication)).ReasonsAsync()).ShouldBe(
            ["ground.collectionUnverified", "ground.unverified", "ground.recipientUnverified", "authorisation.unverified", "protocol.notAdvised", "protocol.notSigned"], ignoreOrder: true);
        (await EntriesAsync(hub)).Count.ShouldBe(ShippedProtocols.All.Count);
        hub.Count("SELECT count(*) FROM decision_record WHERE point = 'publish' AND outcome = 'refuse'").ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"event":"x"}""")]
    [InlineData("""{"event":1}""")]
    [InlineData("""{"other":"x"}""")]
    [InlineData("[]")]
    [InlineData("{")]
    public async Task Body_OfAnotherShape_IsRefused(string body)
    {
        await using var hub = await TestHub.StartAsync(acceded: false);
        var answer = await hub.Node.SendAsync(HttpMethod.Post, RegisterReader.Path, System.Text.Encoding.UTF8.GetBytes(body), null);
        ((int)answer.StatusCode).ShouldBeOneOf(400, 422);
        (await EntriesAsync(hub)).Count.ShouldBe(ShippedProtocols.All.Count);
    }

    private static string Act(TestHub hub, Accession accession, Party? signer = null) =>
        SignedDocument.Sign(new AccessionAct { Accession = accession, At = hub.Clock.Second() }, (signer ?? hub.Welfare).Signing).Compact;

    private static async Task<List<RegisterEntry>> EntriesAsync(TestHub hub)
    {
        var page = JsonNode.Parse(await (await hub.Node.SendAsync(HttpMethod.Get, RegisterReader.Path, null, null)).Content.ReadAsStringAsync())!;
        return [.. page["items"]!.AsArray().Select(item => new RegisterEntry
        {
            Sequence = (long)item!["sequence"]!, At = (DateTimeOffset)item["at"]!, Event = (string)item["event"]!, Chain = (string)item["chain"]!,
        })];
    }
}
