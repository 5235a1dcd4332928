using System.Net;
using System.Text;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Invitations;
using Bereik.Exchange.Signatures;
using Bereik.Sealing.Invitations;
using Shouldly;
using Xunit;

namespace Bereik.Source.Tests;

// A wave of letters at a real source, from the order to the post.
public sealed class WaveTests
{
    private const int Families = 30;

    [Fact]
    public async Task Wave_Approved_IsPrintedSealedAndOpened_AndItsKeyIsGone()
    {
        await using var source = await WaveTown.StartAsync(Families);
        var order = WaveTown.NewOrder(source, 24, reminder: true);
        source.Hub.TakesDeposits = false;
        source.Place(order);
        var ready = await source.StateAsync(order.Id, "ready");
        ((int)ready["selected"]!).ShouldBe(Families);
        var page = await source.GetAsync(TestSource.Page(order.Id));
        foreach (var words in new[] { "Het OCMW weet niet dat u deze brief krijgt.", "Welzijnsschakel Voorbeeldstad", "9 lezers", "Hebt u al geantwoord? Dan hoeft u niets te doen.", "Leescijfer: " }) page.Contains(words, StringComparison.Ordinal).ShouldBeTrue(words);
        source.Hub.Decisions.ShouldBeEmpty();
        await source.ApproveAsync(order.Id).ShouldRedirectAsync(TestSource.Page(order.Id));

        // Its key is there while it is made, and can be found: the search below would see it.
        var kept = await TestSource.EventuallyAsync(() => source.Read($"SELECT hex(wave_key) FROM wave WHERE id = '{order.Id}' AND wave_key IS NOT NULL").SingleOrDefault());
        StoreHolds(source, Convert.FromHexString(kept)).ShouldBeTrue();
        await TestSource.EventuallyAsync(() => File.Exists(Path.Combine(source.Folder(order.Id), "brieven-001.pdf")) ? "printed" : null);
        (await source.FetchAsync($"/golven/{order.Id}/bestanden/brieven-001.pdf")).StatusCode.ShouldBe(HttpStatusCode.NotFound, "what cannot be answered is not handed out");
        source.Hub.TakesDeposits = true;
        await source.StateAsync(order.Id, "deposited");
        await source.LoggedAsync("wave.keyDestroyed");
        StoreHolds(source, Convert.FromHexString(kept)).ShouldBeFalse();

        // What lies at the hub is what was signed, for so many letters, under the words of the letter.
        var part = source.Hub.Invitations[(order.Id.ToString(), 0)];
        var opening = SignedDocument.Open<WaveOpening>(source.Hub.Openings[order.Id.ToString()], source.Parties.Source.Signing.PublicKey).Value.Document;
        opening.Parts.ShouldBe([Bytes32.Sha256(part)]);
        (opening.Letters, opening.AnswerBy.DayNumber - opening.OpensOn.DayNumber).ShouldBe((24, 42));

        // Each letter, its page, its reminder and its sealed record are of one person, and no code or number stands twice.
        var (letters, reminders) = (WaveTown.PagesOf(source.Folder(order.Id), "brieven"), WaveTown.PagesOf(source.Folder(order.Id), "herinnering"));
        var texts = WaveTown.Texts(source.Folder(order.Id));
        (texts.Count, letters.Count, reminders.Count).ShouldBe((24, 24, 24));
        texts.Select(text => (string)text["code"]!).Distinct().Count().ShouldBe(24);
        texts.Select(text => (string)text["name"]!).Distinct().Count().ShouldBe(24);
        var invitations = Encoding.UTF8.GetString(part).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => SealedInvitation.Parse(Encoding.UTF8.GetBytes(line)).Value).ToDictionary(invitation => invitation.Number.Printed);
        invitations.Count.ShouldBe(24);
        var binding = new InvitationBinding(order.Id, order.ProtocolHash, source.Parties.Welfare.Sealing.PublicKey.Kid);
        for (var at = 0; at < 24; at++)
        {
            var (number, code, name) = ((string)texts[at]["number"]!, (string)texts[at]["code"]!, (string)texts[at]["name"]!);
            foreach (var sheet in new[] { letters[at], reminders[at] }) (sheet.Contains(number, StringComparison.Ordinal) && sheet.Contains(code, StringComparison.Ordinal) && sheet.Contains(name, StringComparison.Ordinal)).ShouldBeTrue($"page {at + 1}");
            if (at > 1) continue;
            SecretCode.TryRead(code, out var secret).ShouldBeTrue();
            using var key = InvitationKey.Derive(secret!, invitations[number].Salt);
            var said = InvitationSeal.Open(OuterSeal.Open(invitations[number], binding, key)!, invitations[number].Number, binding, source.Parties.Source.Signing.PublicKey, source.Parties.Welfare.Sealing)!.Document;
            $"{said.Person.GivenNames} {said.Person.FamilyName}".ShouldBe(name);
            said.Notice.ShouldBe(opening.Notice);
        }

        // Neither code nor number stands in what the node wrote of itself, in its events or in its register of decisions; nor, of the codes, anything in the store.
        var written = string.Join('\n', source.Log.Lines.Concat(source.Read("SELECT facts FROM decision_record")).Concat(source.Read("SELECT document FROM node_event")));
        foreach (var text in texts)
        {
            foreach (var secret in new[] { (string)text["code"]!, (string)text["number"]! }) (written.Contains(secret, StringComparison.Ordinal) || written.Contains(Bare(secret), StringComparison.Ordinal)).ShouldBeFalse("a secret was written");
            StoreHolds(source, Encoding.ASCII.GetBytes(Bare((string)text["code"]!))).ShouldBeFalse();
        }
    }

    [Fact]
    public async Task Files_AreHandedOutToTheSteward_AndGoneOnceTheyArePosted()
    {
        await using var source = await WaveTown.StartAsync();
        var id = await source.OpenedAsync(WaveTown.NewOrder(source));
        (await source.GetAsync($"/golven/{id}")).Contains("brieven-001.pdf", StringComparison.Ordinal).ShouldBeTrue();
        using (var file = await source.FetchAsync($"/golven/{id}/bestanden/brieven-001.pdf"))
        {
            (file.StatusCode, file.Content.Headers.ContentType!.MediaType).ShouldBe((HttpStatusCode.OK, "application/pdf"));
        }

        source.Read("SELECT outcome || ' ' || who FROM decision_record WHERE act = 'letters.handOut'").ShouldBe([$"permit {Bereik.Tests.Shared.SignedIn.Name}"]);
        foreach (var other in new[] { "brieven-001.ndjson", "verzegeld-001.ndjson", "..%2Fstore.key", "brieven-002.pdf" }) (await source.FetchAsync($"/golven/{id}/bestanden/{other}")).StatusCode.ShouldBe(HttpStatusCode.NotFound, other);

        await source.PostAsync($"/golven/{id}", $"/golven/{id}/gepost").ShouldRedirectAsync($"/golven/{id}?gedaan=gepost");
        Directory.Exists(source.Folder(id)).ShouldBeFalse();
        await source.LoggedAsync("letters.posted");
        await source.LoggedAsync("letters.filesDeleted");
        (await source.FetchAsync($"/golven/{id}/bestanden/brieven-001.pdf")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await source.PostAsync("/register", $"/golven/{id}/gepost")).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Files_ThatNobodyPosted_AreGoneWithinFourteenDays_AndLaterWhichLetterWentToWhom()
    {
        await using var source = await WaveTown.StartAsync();
        var id = await source.OpenedAsync(WaveTown.NewOrder(source));
        source.Clock.Move(TimeSpan.FromDays(13));
        await source.LookedAsync();
        Directory.GetFiles(source.Folder(id)).ShouldNotBeEmpty();
        source.Clock.Move(TimeSpan.FromDays(1));
        await source.LoggedAsync("letters.filesDeleted");
        Directory.Exists(source.Folder(id)).ShouldBeFalse();

        // The last day to answer is the 45th; thirty days after it nobody can say whose letter it was. That they were written to stays.
        source.Clock.Move(TimeSpan.FromDays(42 + 3 + 30 - 14));
        await source.LookedAsync();
        source.Read("SELECT number FROM wave_letter").Count.ShouldBe(24);
        source.Clock.Move(TimeSpan.FromDays(1));
        await source.LoggedAsync("letters.forgotten");
        source.Read("SELECT number FROM wave_letter").ShouldBeEmpty();
        source.Read("SELECT person FROM written_to").Count.ShouldBe(24);
    }

    [Fact]
    public async Task NextWave_OfTheSameMonth_GoesToOtherPeople()
    {
        await using var source = await WaveTown.StartAsync(50);
        var first = await source.OpenedAsync(WaveTown.NewOrder(source, 25));
        var firstNames = WaveTown.Texts(source.Folder(first)).Select(text => (string)text["name"]!).ToList();
        var next = WaveTown.NewOrder(source, 25);
        source.Place(next);
        var ready = await source.StateAsync(next.Id, "ready");
        ((int)ready["selected"]!).ShouldBe(25);
        ready["withheld"]!.ToJsonString().ShouldBe("""[{"reason":"letter.alreadyWritten","count":25}]""");
        await source.ApproveAsync(next.Id).ShouldRedirectAsync(TestSource.Page(next.Id));
        await source.StateAsync(next.Id, "deposited");
        var names = WaveTown.Texts(source.Folder(next.Id)).Select(text => (string)text["name"]!).ToList();
        names.Intersect(firstNames).ShouldBeEmpty();
        names.Count.ShouldBe(25);

        // In random order: that it is the order of the register, or the same as of another draw, has no chance worth naming.
        foreach (var drawn in new[] { firstNames, names }) drawn.SequenceEqual(drawn.OrderBy(name => int.Parse(name[8..name.IndexOf(' ', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture))).ShouldBeFalse();
    }

    [Fact]
    public async Task Suspension_WhileAWaveIsMade_LeavesNothingOfIt()
    {
        await using var source = await WaveTown.StartAsync();
        source.Hub.TakesDeposits = false;
        var order = WaveTown.NewOrder(source);
        source.Place(order);
        await source.ApproveAsync(order.Id).ShouldRedirectAsync(TestSource.Page(order.Id));
        await TestSource.EventuallyAsync(() => File.Exists(Path.Combine(source.Folder(order.Id), "brieven-001.pdf")) ? "printed" : null);
        source.Hub.Register = Bereik.Tests.Shared.Acceding.After(
            source.Hub.Register, Bereik.Tests.Shared.Acceding.Stop(Exchange.Protocols.ShippedProtocols.Of(Flow.Messenger), source.Parties.Welfare.Id, Exchange.Register.StopKind.Suspend, source.Parties.Hub.Signing, source.Clock.GetUtcNow()), source.Clock.GetUtcNow());
        await source.StateAsync(order.Id, "refused");
        await source.LoggedAsync("wave.keyDestroyed");
        Directory.Exists(source.Folder(order.Id)).ShouldBeFalse();
        source.Read("SELECT person FROM written_to").ShouldBeEmpty();
        source.Read("SELECT number FROM wave_letter").ShouldBeEmpty();
        source.Hub.Openings.ShouldBeEmpty();
    }

    private static string Bare(string printed) => printed.Replace("-", "", StringComparison.Ordinal);

    // In the file of the store or in its write-ahead log.
    internal static bool StoreHolds(TestSource source, byte[] bytes) => new[] { source.Store, source.Store + "-wal" }.Where(File.Exists).Any(file =>
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var all = new byte[stream.Length];
        stream.ReadExactly(all);
        return all.AsSpan().IndexOf(bytes) >= 0;
    });
}
