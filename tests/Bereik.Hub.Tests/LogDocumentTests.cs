using System.Net;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Log;
using Bereik.Exchange.Oprf;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Register;
using Bereik.Exchange.Signatures;
using Bereik.Node.Logs;
using Bereik.Node.Requests;
using Bereik.Tests.Shared;
using Shouldly;
using Xunit;

namespace Bereik.Hub.Tests;

// What nodes sign for the log itself. The signature in the document is the proof of who sends it.
public sealed class LogDocumentTests
{
    [Fact]
    public async Task Document_BroughtAgain_GivesTheSameIndex()
    {
        await using var hub = await TestHub.StartAsync();
        var round = hub.RoundOf(hub.Welfare);
        var first = await hub.BringAsync(round);
        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        first.Headers.GetValues(ILogPromises.Header).Count().ShouldBe(1);
        var index = (long)(await first.JsonAsync())["index"]!;
        var again = await hub.BringAsync(round);
        again.Headers.Contains(ILogPromises.Header).ShouldBeFalse();
        ((long)(await again.JsonAsync())["index"]!).ShouldBe(index);

        // Also signed anew: what was signed is the same.
        var resigned = SignedDocument.Sign(SignedDocument.Parse<RoundRoots>(round).Value.Document, hub.Welfare.Signing).Compact;
        resigned.ShouldNotBe(round);
        ((long)(await (await hub.BringAsync(resigned)).JsonAsync())["index"]!).ShouldBe(index);
        var entry = (LogEntry.RoundPublished)(await hub.EntriesAsync())[(int)index];
        (entry.By, entry.Document).ShouldBe((hub.Welfare.Id, round));
    }

    [Fact]
    public async Task Body_OfAnotherShape_IsMalformed()
    {
        await using var hub = await TestHub.StartAsync();
        foreach (var body in new[] { "{}", "[]", "{\"document\":1}", "{\"document\":\"x\",\"more\":\"y\"}", "x" })
        {
            (await hub.Node.SendAsync(HttpMethod.Post, LogDesk.Path, System.Text.Encoding.ASCII.GetBytes(body), null)).StatusCode.ShouldBe(HttpStatusCode.BadRequest, body);
        }

        (await hub.BringAsync(new string('x', 70_000))).StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        await IsRefusedAsync(hub, "jws.parts", "x");
        await IsRefusedAsync(hub, "jws.header", SignedDocument.Sign(hub.NewOrder(Flow.Unknown), hub.Welfare.Signing).Compact);
    }

    [Fact]
    public async Task Key_First_IsThePinnedOneAndSignsItself()
    {
        await using var hub = await TestHub.StartAsync(acceded: false, stated: false);
        await IsRefusedAsync(hub, "key.organisation", State(hub, "niemand", hub.Welfare.Signing, hub.Welfare.Signing));
        using var stranger = SigningKey.Generate();
        await IsRefusedAsync(hub, "key.firstMissing", State(hub, hub.Welfare.Id, stranger, stranger));
        await IsRefusedAsync(hub, "key.firstMissing", State(hub, hub.Welfare.Id, stranger, hub.Welfare.Signing));
        await IsRefusedAsync(hub, "key.signer", State(hub, hub.Welfare.Id, hub.Welfare.Signing, stranger));
        var first = State(hub, hub.Welfare.Id, hub.Welfare.Signing, hub.Welfare.Signing);
        await IsRefusedAsync(hub, "jws.signature", first[..^6] + "AAAAAA");
        var entry = (LogEntry.KeyStated)await TakenAsync(hub, first);
        (entry.By, entry.Document).ShouldBe((hub.Welfare.Id, first));

        // Stated again in other words, it stands where it stood.
        var index = (long)(await (await hub.BringAsync(first)).JsonAsync())["index"]!;
        hub.Clock.Move(TimeSpan.FromMinutes(1));
        ((long)(await (await hub.BringAsync(State(hub, hub.Welfare.Id, hub.Welfare.Signing, hub.Welfare.Signing))).JsonAsync())["index"]!).ShouldBe(index);
    }

    [Fact]
    public async Task Key_Successor_IsSignedByItsPredecessorAndCountsAtOnce()
    {
        await using var hub = await TestHub.StartAsync(acceded: false, stated: false);
        using var next = SigningKey.Generate();
        using var third = SigningKey.Generate();
        await TakenAsync(hub, State(hub, hub.Welfare.Id, hub.Welfare.Signing, hub.Welfare.Signing));
        await IsRefusedAsync(hub, "key.signer", State(hub, hub.Welfare.Id, next, next));
        await IsRefusedAsync(hub, "key.signer", State(hub, hub.Welfare.Id, next, hub.Municipality.Signing));
        await IsRefusedAsync(hub, "key.ofAnother", State(hub, hub.Welfare.Id, hub.Municipality.Signing, hub.Welfare.Signing));
        await TakenAsync(hub, State(hub, hub.Welfare.Id, next, hub.Welfare.Signing));

        // Two successors of one key would be two organisations.
        await IsRefusedAsync(hub, "key.signer", State(hub, hub.Welfare.Id, third, hub.Welfare.Signing));
        var claims = RequestClaims.For(hub.Welfare.Id, hub.Hub.Id, hub.Clock.GetUtcNow(), "GET", $"/v1/orders/{Guid.Empty}", []);
        async Task<HttpStatusCode> AskAsync(SigningKey key, int seconds) => (await hub.Node.SendAsync(HttpMethod.Get, $"/v1/orders/{Guid.Empty}", null, SignedDocument.Sign(claims with { Jti = RequestClaims.For("x1", "x2", hub.Clock.GetUtcNow(), "GET", "/", []).Jti, Iat = claims.Iat + seconds }, key).Compact, token: await hub.Node.TokenAsync(hub.Welfare, key: key))).StatusCode;
        (await AskAsync(next, 0)).ShouldBe(HttpStatusCode.NotFound);
        (await (await hub.PlaceAsync(hub.Welfare, SignedDocument.Sign(hub.NewOrder(Flow.Unknown), next).Compact)).ReasonsAsync()).ShouldBe(["accession.missing"]);
        await TakenAsync(hub, SignedDocument.Sign(RoundOf(hub), next).Compact);

        // And after a new start.
        await hub.StopAsync();
        await hub.AgainAsync();
        (await AskAsync(next, 1)).ShouldBe(HttpStatusCode.NotFound);
        await TakenAsync(hub, State(hub, hub.Welfare.Id, third, next));
    }

    [Fact]
    public async Task Key_Revoked_CountsNoMore()
    {
        await using var hub = await TestHub.StartAsync(acceded: false, stated: false);
        using var next = SigningKey.Generate();
        await TakenAsync(hub, State(hub, hub.Welfare.Id, hub.Welfare.Signing, hub.Welfare.Signing));
        await IsRefusedAsync(hub, "key.unknown", Revoke(hub, hub.Welfare.Id, next.Kid, hub.Welfare.Signing));
        await TakenAsync(hub, State(hub, hub.Welfare.Id, next, hub.Welfare.Signing));
        await TakenAsync(hub, Revoke(hub, hub.Welfare.Id, hub.Welfare.Signing.Kid, next));
        await IsRefusedAsync(hub, "key.revoked", State(hub, hub.Welfare.Id, hub.Welfare.Signing, next));
        hub.Clock.Move(TimeSpan.FromMinutes(1));
        await IsRefusedAsync(hub, "key.revoked", Revoke(hub, hub.Welfare.Id, hub.Welfare.Signing.Kid, next));
        await IsRefusedAsync(hub, "key.signer", Revoke(hub, hub.Welfare.Id, next.Kid, hub.Welfare.Signing));
        await IsRefusedAsync(hub, "jws.kid", hub.RoundOf(hub.Welfare));
        (await hub.SendAsync(hub.Welfare, HttpMethod.Get, $"/v1/orders/{Guid.Empty}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await hub.StopAsync();
        await hub.AgainAsync();
        (await hub.SendAsync(hub.Welfare, HttpMethod.Get, $"/v1/orders/{Guid.Empty}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Key_OfAnotherUse_IsStatedByTheSigningKeyOfWhoMayHoldIt()
    {
        await using var hub = await TestHub.StartAsync(acceded: false, stated: false);
        using var token = TokenKey.Generate();
        foreach (var party in new[] { hub.Welfare, hub.Pseudonymiser }) await TakenAsync(hub, State(hub, party.Id, party.Signing, party.Signing));
        string Of(Party party, KeyUse use, string kid, string? key, SigningKey? signer = null) =>
            SignedDocument.Sign(new KeyStatement { Organisation = party.Id, Use = use, Kid = kid, Key = key, At = hub.Clock.Second() }, signer ?? party.Signing).Compact;
        var oprf = OprfServer.Generate();
        var point = StrictBase64Url.Encode(oprf.PublicKey);
        await TakenAsync(hub, Of(hub.Welfare, KeyUse.Sealing, hub.Welfare.Sealing.Kid, hub.Welfare.Sealing.PublicKey.ToJwk()));
        await TakenAsync(hub, Of(hub.Welfare, KeyUse.Token, token.Kid, token.PublicKey.ToJwk()));
        await TakenAsync(hub, Of(hub.Pseudonymiser, KeyUse.Oprf, point, point));
        await IsRefusedAsync(hub, "key.use", Of(hub.Welfare, KeyUse.Oprf, point, point));
        await IsRefusedAsync(hub, "key.use", Of(hub.Pseudonymiser, KeyUse.Token, token.Kid, token.PublicKey.ToJwk()));
        await IsRefusedAsync(hub, "key.signer", Of(hub.Welfare, KeyUse.Token, token.Kid, null, hub.Municipality.Signing));
        await TakenAsync(hub, Of(hub.Welfare, KeyUse.Token, token.Kid, null));
        (await hub.EntriesAsync()).OfType<LogEntry.KeyStated>().Count().ShouldBe(7);
    }

    [Theory]
    [InlineData("welfareCentre")]
    [InlineData("mutualitySocialService")]
    [InlineData("referrer")]
    public async Task Key_OfALocalNodeWithoutLists_IsForSealingAndNeverForTokens(string kind)
    {
        using var party = new Party("zonder-lijsten", kind) { Nis = ["41002"] };
        using var token = TokenKey.Generate();
        await using var hub = await TestHub.StartAsync(settings => settings["peers"]!.AsArray().Add(party.AsPeer()), acceded: false, stated: false);
        string Of(KeyUse use, string kid, string key) => SignedDocument.Sign(new KeyStatement { Organisation = party.Id, Use = use, Kid = kid, Key = key, At = hub.Clock.Second() }, party.Signing).Compact;
        await TakenAsync(hub, State(hub, party.Id, party.Signing, party.Signing));
        await TakenAsync(hub, Of(KeyUse.Sealing, party.Sealing.Kid, party.Sealing.PublicKey.ToJwk()));
        await IsRefusedAsync(hub, "key.use", Of(KeyUse.Token, token.Kid, token.PublicKey.ToJwk()));

        // It publishes the roots of its days as every local node does.
        await TakenAsync(hub, SignedDocument.Sign(RoundOf(hub) with { Organisation = party.Id }, party.Signing).Compact);
    }

    [Fact]
    public async Task Root_OverAPackage_IsTakenOnceAndOnlyAsItWasDelivered()
    {
        await using var hub = await TestHub.StartAsync();
        var (order, _) = await hub.FetchedAsync(Flow.Unknown);
        var waiting = await hub.PlacedAsync(Flow.Unknown, new Month(2026, 9));
        var today = BelgianTime.DayOf(hub.Clock.GetUtcNow());
        var band = ShippedProtocols.Of(Flow.Unknown).Band;
        foreach (var (code, change) in new (string, Func<PersonsRoot, PersonsRoot>)[]
        {
            ("root.order", root => root with { Order = Guid.NewGuid() }),
            ("root.notFetched", root => root with { Order = waiting.Document.Id }),
            ("root.handle", root => root with { Handle = Bytes32.Random() }),
            ("root.manifest", root => root with { Manifest = Bytes32.Random() }),
            ("root.slots", root => root with { Slots = band + 1 }),
            ("root.eraseBy", root => root with { EraseBy = today.AddDays(-1) }),
            ("root.eraseBy", root => root with { EraseBy = today.AddDays(367) }),
            ("document.inFuture", root => root with { At = root.At.AddHours(1) }),
        }) await IsRefusedAsync(hub, code, await hub.RootOfAsync(order, change));
        await IsRefusedAsync(hub, "root.order", await hub.RootOfAsync(order, signer: hub.Municipality));
        await IsRefusedAsync(hub, "jws.kid", await hub.RootOfAsync(order, signer: new Party("vreemd", "municipality")));
        var taken = await hub.RootOfAsync(order, root => root with { Slots = 2 * band });
        var entry = (LogEntry.PersonsRooted)await TakenAsync(hub, taken);
        (entry.Order, entry.Handle, entry.By, entry.Document).ShouldBe((order.Document.Id, (await hub.DeliveryAsync(order)).Handle, hub.Welfare.Id, taken));
        await IsRefusedAsync(hub, "root.another", await hub.RootOfAsync(order));
    }

    [Fact]
    public async Task Root_OverARejectedPackage_IsRefused()
    {
        await using var hub = await TestHub.StartAsync();
        var (order, manifest) = await hub.FetchedAsync(Flow.Unknown);
        (await hub.ReceiveAsync(order, manifest.Hash, "rejected")).EnsureSuccessStatusCode();
        await IsRefusedAsync(hub, "root.rejected", await hub.RootOfAsync(order));
    }

    [Fact]
    public async Task End_OfADisclosure_IsTakenFromWhoReceivedItOnceOfAKind()
    {
        await using var hub = await TestHub.StartAsync();
        var (order, manifest) = await hub.FetchedAsync(Flow.Unknown);
        (await hub.ReceiveAsync(order, manifest.Hash)).EnsureSuccessStatusCode();
        var handle = (await hub.DeliveryAsync(order)).Handle;
        string End(DisclosureEndKind kind, Bytes32? of = null, Party? signer = null) =>
            SignedDocument.Sign(new DisclosureEnd { Handle = of ?? handle, Kind = kind, Cause = DisclosureEndCause.Deadline, At = hub.Clock.Second() }, (signer ?? hub.Welfare).Signing).Compact;
        await IsRefusedAsync(hub, "end.handle", End(DisclosureEndKind.Erased, Bytes32.Random()));
        await IsRefusedAsync(hub, "end.handle", End(DisclosureEndKind.Erased, signer: hub.Municipality));
        await IsRefusedAsync(hub, "jws.kid", End(DisclosureEndKind.Erased, signer: new Party("vreemd", "municipality")));
        await TakenAsync(hub, End(DisclosureEndKind.Withdrawn));
        var erased = (LogEntry.DisclosureEnded)await TakenAsync(hub, End(DisclosureEndKind.Erased));
        (erased.By, erased.Handle).ShouldBe((hub.Welfare.Id, handle));
        hub.Clock.Move(TimeSpan.FromMinutes(1));
        await IsRefusedAsync(hub, "end.again", End(DisclosureEndKind.Erased));
    }

    [Fact]
    public async Task Round_IsTakenOnceADayFromALocalNode()
    {
        await using var hub = await TestHub.StartAsync();
        var today = BelgianTime.DayOf(hub.Clock.GetUtcNow());
        await IsRefusedAsync(hub, "round.organisation", hub.RoundOf(hub.Welfare, signer: hub.Municipality));
        await IsRefusedAsync(hub, "round.organisation", hub.RoundOf(hub.Source));
        await IsRefusedAsync(hub, "round.day", hub.RoundOf(hub.Welfare, today.AddDays(1)));
        await IsRefusedAsync(hub, "jws.kid", hub.RoundOf(new Party("vreemd", "municipality")));
        await TakenAsync(hub, hub.RoundOf(hub.Welfare));
        await IsRefusedAsync(hub, "round.again", hub.RoundOf(hub.Welfare));
        await TakenAsync(hub, hub.RoundOf(hub.Municipality));
        await TakenAsync(hub, hub.RoundOf(hub.Welfare, today.AddDays(-1)));
        await IsRefusedAsync(hub, "jws.signature", hub.RoundOf(hub.Welfare, today.AddDays(-2))[..^6] + "AAAAAA");
    }

    // Nothing is refused for good because a key is not in the log yet: it comes first.
    [Fact]
    public async Task Step_ByAnOrganisationWhoseKeyTheLogDoesNotShow_WaitsForIt()
    {
        await using var hub = await TestHub.StartAsync(acceded: false, stated: false);
        var order = hub.NewOrder(Flow.Unknown);
        async Task<List<(HttpStatusCode, string?)>> TryAsync()
        {
            var answers = new List<(HttpStatusCode, string?)>();
            var signed = RegisterDocuments.SignProtocol(Acceding.FileOf(Flow.Unknown).Canonical.Span, hub.Welfare.Signing);
            foreach (var answer in new[] { await hub.TellAsync(signed), await hub.PlaceAsync(hub.Welfare, order), await hub.BringAsync(hub.RoundOf(hub.Welfare)) }) answers.Add((answer.StatusCode, answer.IsSuccessStatusCode ? null : await answer.CauseAsync()));
            return answers;
        }

        var size = (await hub.EntriesAsync()).Count;
        foreach (var answer in await TryAsync()) answer.ShouldBe((HttpStatusCode.ServiceUnavailable, "key.notStated"));
        (await hub.EntriesAsync()).Count.ShouldBe(size);
        await TakenAsync(hub, hub.Welfare.Statement(hub.Clock.GetUtcNow()));
        (await TryAsync()).ShouldBe([(HttpStatusCode.Created, null), (HttpStatusCode.UnprocessableEntity, "order.refused"), (HttpStatusCode.OK, null)]);
    }

    [Fact]
    public async Task Register_AStepByAKeyThatWasRevoked_IsRefused()
    {
        await using var hub = await TestHub.StartAsync(acceded: false);
        using var next = SigningKey.Generate();
        var text = Acceding.FileOf(Flow.Unknown);
        var old = RegisterDocuments.SignProtocol(text.Canonical.Span, hub.Welfare.Signing);
        (await hub.TellAsync(old)).StatusCode.ShouldBe(HttpStatusCode.Created);
        await TakenAsync(hub, State(hub, hub.Welfare.Id, next, hub.Welfare.Signing));
        await TakenAsync(hub, Revoke(hub, hub.Welfare.Id, hub.Welfare.Signing.Kid, next));
        (await (await hub.TellAsync(RegisterDocuments.SignProtocol(Acceding.FileOf(Flow.Match).Canonical.Span, hub.Welfare.Signing))).CauseAsync()).ShouldBe("jws.kid");

        // What it signed before stays where it is.
        (await hub.TellAsync(old)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await hub.TellAsync(RegisterDocuments.SignProtocol(text.Canonical.Span, next))).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    private static RoundRoots RoundOf(TestHub hub) => SignedDocument.Parse<RoundRoots>(hub.RoundOf(hub.Welfare)).Value.Document;

    private static string State(TestHub hub, string organisation, SigningKey key, SigningKey signer) =>
        SignedDocument.Sign(new KeyStatement { Organisation = organisation, Use = KeyUse.Signing, Kid = key.Kid, Key = key.PublicKey.ToJwk(), At = hub.Clock.Second() }, signer).Compact;

    private static string Revoke(TestHub hub, string organisation, string kid, SigningKey signer) =>
        SignedDocument.Sign(new KeyStatement { Organisation = organisation, Use = KeyUse.Signing, Kid = kid, At = hub.Clock.Second() }, signer).Compact;

    // Its entry, where the answer says that it stands.
    private static async Task<LogEntry> TakenAsync(TestHub hub, string document)
    {
        var answer = await hub.BringAsync(document);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return (await hub.EntriesAsync())[(int)(await answer.JsonAsync())["index"]!];
    }

    // Refused with a stable code, and nothing of it in log or store.
    private static async Task IsRefusedAsync(TestHub hub, string code, string document)
    {
        var entries = (await hub.EntriesAsync()).Count;
        var stored = hub.Count("SELECT count(*) FROM log_document");
        var answer = await hub.BringAsync(document);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, await answer.Content.ReadAsStringAsync());
        (await answer.CauseAsync()).ShouldBe(code);
        ((string?)(await answer.JsonAsync())["code"]).ShouldBe("document.refused");
        (await hub.EntriesAsync()).Count.ShouldBe(entries);
        hub.Count("SELECT count(*) FROM log_document").ShouldBe(stored);
    }
}
