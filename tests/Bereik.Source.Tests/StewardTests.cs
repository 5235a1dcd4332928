using System.Net;
using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Envelopes;
using Bereik.Exchange.Signatures;
using Shouldly;
using Xunit;

namespace Bereik.Source.Tests;

public sealed class StewardTests
{
    [Fact]
    public async Task Approval_SendsTheDecisionAndTheEnvelope_AndNothingBefore()
    {
        await using var source = await TestSource.StartAsync(MagdaMessages.Town);
        var order = source.Place(source.NewOrder(Flow.Unknown));
        var id = order.Document.Id;
        var request = await source.StateAsync(id, "ready");
        ((int)request["selected"]!).ShouldBe(2);
        request["withheld"]!.ToJsonString().ShouldBe("""[{"reason":"address.safe","count":1}]""");
        request["reported"]!.ToJsonString().ShouldBe("""[{"reason":"domicile.unknown","count":1}]""");
        source.Hub.Decisions.ShouldBeEmpty();
        source.Hub.Envelopes.Keys.ShouldBeEmpty();

        var page = await source.GetAsync(TestSource.Page(id));
        page.ShouldContain("Naam van ocmw-aalst");
        page.ShouldContain("Het OCMW biedt deze gezinnen hulp aan om hun rechten te krijgen.");
        (await source.PostAsync(TestSource.Page(id), $"{TestSource.Page(id)}/goedkeuren")).StatusCode.ShouldBe(HttpStatusCode.Found);
        await source.StateAsync(id, "deposited");

        var decision = SignedDocument.Open<SourceDecision>(source.Hub.Decisions[id.ToString()], source.Parties.Source.Signing.PublicKey).Value.Document;
        (decision.Outcome, decision.Order, decision.AcceptsKnownSet).ShouldBe(("permit", order.Hash, false));
        (await RowsAsync(source, order)).ShouldBe(EnvelopeFormat.CheckRows + 2);
        await TestSource.EventuallyAsync(() => Directory.GetFileSystemEntries(Path.Combine(source.Data, "envelopes")).Length == 0 ? "gone" : null);
        (await source.PostBareAsync($"{TestSource.Page(id)}/goedkeuren")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await source.PostAsync("/register", $"{TestSource.Page(id)}/goedkeuren")).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Match_LeavesUnsealedTokensOfEveryChildThatMayLiveThere()
    {
        await using var source = await TestSource.StartAsync(MagdaMessages.Town);
        var order = await source.DepositedAsync(source.NewOrder(Flow.Match));
        (await RowsAsync(source, order)).ShouldBe(EnvelopeFormat.CheckRows + 4);
    }

    [Fact]
    public async Task Refusal_NeedsAReasonAndTellsIt()
    {
        await using var source = await TestSource.StartAsync(MagdaMessages.Town);
        var order = source.Place(source.NewOrder(Flow.Unknown)).Document;
        await source.StateAsync(order.Id, "ready");
        var without = await source.PostAsync(TestSource.Page(order.Id), $"{TestSource.Page(order.Id)}/weigeren", ("reden", " "));
        without.Headers.Location!.OriginalString.ShouldEndWith("?fout=reden");
        (await source.GetAsync(without.Headers.Location.OriginalString)).ShouldContain("govuk-error-summary");
        (await source.PostAsync(TestSource.Page(order.Id), $"{TestSource.Page(order.Id)}/weigeren", ("reden", "An Peeters belde."))).Headers.Location!.OriginalString.ShouldEndWith("?fout=reden");
        source.Hub.Decisions.ShouldBeEmpty();

        await source.PostAsync(TestSource.Page(order.Id), $"{TestSource.Page(order.Id)}/weigeren", ("reden", "source.knownSetDoubtful"), ("toelichting", "An Peeters belde hierover."));
        await TestSource.EventuallyAsync(() => source.Hub.Decisions.IsEmpty ? null : "sent");
        var decision = source.Hub.Decision(order.Id);
        (decision.Outcome, decision.Reasons.Single().Code, decision.Reasons.Single().Text).ShouldBe(("refuse", "source.knownSetDoubtful", "De lijst van gekende personen lijkt niet te kloppen."));
        source.Hub.Decisions.Values.ShouldAllBe(sent => !sent.Contains("Peeters", StringComparison.Ordinal));
        (await source.GetAsync(TestSource.Page(order.Id))).ShouldContain("An Peeters belde hierover.", customMessage: "the note stays at the source");
        await source.StateAsync(order.Id, "refused");
        source.Hub.Envelopes.Keys.ShouldBeEmpty();
    }

    [Fact]
    public async Task HeldRequest_IsApprovedOnlyWhenTheKnownSetIsSignedFor()
    {
        await using var source = await TestSource.StartAsync(MagdaMessages.Town);
        var order = source.Place(source.NewOrder(Flow.Unknown) with { KnownCount = 0 }).Document;
        ((bool)(await source.StateAsync(order.Id, "ready"))["held"]!).ShouldBeTrue();
        var action = $"{TestSource.Page(order.Id)}/goedkeuren";
        (await source.PostAsync(TestSource.Page(order.Id), action)).Headers.Location!.OriginalString.ShouldEndWith("?fout=gekendeLijst");
        source.Hub.Decisions.ShouldBeEmpty();
        await source.PostAsync(TestSource.Page(order.Id), action, ("gekendeLijst", "ja"));
        await source.StateAsync(order.Id, "deposited");
        source.Hub.Decision(order.Id).AcceptsKnownSet.ShouldBeTrue();
    }

    [Fact]
    public async Task KnownCount_MuchSmallerThanInTheLastOrder_IsHeld()
    {
        await using var source = await TestSource.StartAsync(MagdaMessages.Town);
        await source.DepositedAsync(source.NewOrder(Flow.Unknown, "2026-09"));
        var order = source.Place(source.NewOrder(Flow.Unknown) with { KnownCount = 79 }).Document;
        ((bool)(await source.StateAsync(order.Id, "ready"))["held"]!).ShouldBeTrue();
        (await source.GetAsync(TestSource.Page(order.Id))).ShouldContain("order.knownSetReview");
    }

    [Fact]
    public async Task Register_IsNotReadBetweenApprovalAndDeposit()
    {
        await using var source = await TestSource.StartAsync(MagdaMessages.Town);
        source.Hub.TakesDeposits = false;
        var order = source.Place(source.NewOrder(Flow.Unknown)).Document;
        await source.StateAsync(order.Id, "ready");
        await source.PostAsync(TestSource.Page(order.Id), $"{TestSource.Page(order.Id)}/goedkeuren");
        await source.PostAsync("/register", "/register/inlezen");
        await Task.Delay(1500);
        ((string?)(await source.RegisterAsync())["imports"]![0]!["state"]).ShouldBe("waiting");
        source.Hub.TakesDeposits = true;
        await source.StateAsync(order.Id, "deposited");
        ((int)(await source.ImportedAsync(2))["unchanged"]!).ShouldBe(8);
    }

    [Fact]
    public async Task Request_AfterAnImport_IsCountedAnew()
    {
        await using var source = await TestSource.StartAsync(MagdaMessages.Town);
        var order = source.Place(source.NewOrder(Flow.Unknown)).Document;
        await source.StateAsync(order.Id, "ready");
        MagdaMessages.Write(source.Magda, "GeefPersoon-02.02", TestNumbers.Of(30), MagdaMessages.Person(TestNumbers.Of(30), "Gezin3", "9"));
        await source.PostAsync("/register", "/register/inlezen");
        await source.ImportedAsync(2);
        for (var i = 0; i < 200 && (int?)(await source.StateAsync(order.Id, "ready"))["selected"] != 3; i++) await Task.Delay(50);
        ((int)(await source.StateAsync(order.Id, "ready"))["selected"]!).ShouldBe(3);
    }

    private static async Task<int> RowsAsync(TestSource source, SignedDocument<ListOrder> order)
    {
        using var bytes = new MemoryStream(source.Hub.Envelopes[order.Document.Id.ToString()]);
        var reader = new EnvelopeReader(bytes);
        var manifest = (await reader.ReadManifestAsync(CancellationToken.None)).Value;
        var recipient = order.Document.Flow == "match" ? source.Parties.Municipality : source.Parties.Welfare;
        ManifestBinding.FindMismatch(manifest, order, source.Parties.Source.Signing.PublicKey, recipient.Sealing.PublicKey.Kid, 256, "2026Q4", source.Clock.GetUtcNow()).ShouldBeNull();
        while (await reader.ReadRowAsync(CancellationToken.None) is { } row) row.IsOk.ShouldBeTrue();
        return reader.RowCount;
    }
}
