using System.Net;
using Bereik.Domain;
using Shouldly;
using Xunit;

namespace Bereik.Source.Tests;

// What comes back of letters: objections, and that somebody was not the one.
public sealed class WaveMessageTests
{
    [Fact]
    public async Task Objection_IsTakenUpConfirmedAndHonoured_AndUndoneByItsNumber()
    {
        await using var source = await WaveTown.StartAsync(30);
        var id = await source.OpenedAsync(WaveTown.NewOrder(source, 24, reminder: true));
        var (objector, other) = (WaveTown.Texts(source.Folder(id))[3], WaveTown.Texts(source.Folder(id))[5]);
        var number = (string)objector["number"]!;
        Say(source, id, "objection", number);
        Say(source, id, "objection", number);
        await TestSource.EventuallyAsync(() => source.Hub.Taken == 2 ? "taken" : null);
        var file = await TestSource.EventuallyAsync(() => Directory.Exists(Path.Combine(source.Data, "bezwaren")) ? Directory.GetFiles(Path.Combine(source.Data, "bezwaren"), "*.pdf").SingleOrDefault() : null);
        await TestSource.EventuallyAsync(() => source.Read("SELECT batch FROM objection_file").SingleOrDefault());

        // One letter, to who objected, with the number and no code, and the way back.
        var sheet = TestLetters.Pages(file).ShouldHaveSingleItem();
        foreach (var words in new[] { (string)objector["name"]!, number, "Wij schrijven u hierover niet meer.", "Wie het nummer van uw brief kent, kan dit ook zeggen.", "Bel 02 000 00 02 en zeg het nummer van uw brief." }) sheet.Contains(words, StringComparison.Ordinal).ShouldBeTrue(words);
        foreach (var secret in new[] { (string)objector["code"]!, (string)other["name"]! }) sheet.Contains(secret, StringComparison.Ordinal).ShouldBeFalse();

        // Their letter, and its reminder, must be pulled out; the steward is told which and where.
        var page = await source.GetAsync($"/golven/{id}");
        (page.Contains(number, StringComparison.Ordinal), page.Contains((string)other["number"]!, StringComparison.Ordinal)).ShouldBe((true, false));

        // No letter of a next month, and no list of families to reach.
        var next = WaveTown.NewOrder(source, month: "2026-11");
        source.Place(next);
        (await source.StateAsync(next.Id, "ready"))["withheld"]!.ToJsonString().ShouldBe("""[{"reason":"objection.taken","count":1}]""");
        var list = source.NewOrder(Flow.Unknown);
        source.Place(list);
        var ready = await source.StateAsync(list.Id, "ready");
        ((int)ready["selected"]!, ready["withheld"]!.ToJsonString()).ShouldBe((29, """[{"reason":"objection.taken","count":1}]"""));

        // By its number it is undone; a number that nobody objected with undoes nothing.
        await source.PostAsync("/bezwaren", "/bezwaren/opheffen", ("nummer", (string)other["number"]!)).ShouldRedirectAsync("/bezwaren?fout=onbekend");
        await source.PostAsync("/bezwaren", "/bezwaren/opheffen", ("nummer", "geen nummer")).ShouldRedirectAsync("/bezwaren?fout=nummer");
        source.Read("SELECT number FROM objection").Count.ShouldBe(1);
        await source.PostAsync("/bezwaren", "/bezwaren/opheffen", ("nummer", number.ToLowerInvariant())).ShouldRedirectAsync("/bezwaren?gedaan=opgeheven");
        source.Read("SELECT number FROM objection").ShouldBeEmpty();
        await source.LoggedAsync("objection.lifted");

        // The file of confirmations is handed out, and gone once it was posted.
        var batch = source.Read("SELECT batch FROM objection_file").Single();
        (await source.FetchAsync($"/bezwaren/bestanden/{batch}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await source.LoggedAsync("objections.handOut");
        await source.PostAsync("/bezwaren", $"/bezwaren/bestanden/{batch}/gepost").ShouldRedirectAsync("/bezwaren?gedaan=gepost");
        File.Exists(file).ShouldBeFalse();
        await source.LoggedAsync("objections.filesDeleted");
        var written = string.Join('\n', source.Log.Lines.Concat(source.Read("SELECT facts || subject FROM decision_record")).Concat(source.Read("SELECT subject FROM work")));
        foreach (var secret in new[] { number, number.Replace("-", "", StringComparison.Ordinal), (string)objector["name"]! }) written.Contains(secret, StringComparison.Ordinal).ShouldBeFalse("a letter number was written");
    }

    [Fact]
    public async Task Objections_OfAnUnusualNumber_WaitForTheSteward()
    {
        await using var source = await WaveTown.StartAsync(30);
        var id = await source.OpenedAsync(WaveTown.NewOrder(source));
        var numbers = WaveTown.Texts(source.Folder(id)).Select(text => (string)text["number"]!).ToList();

        // Five of 24 is what is usual at most; a sixth is held, and so is what comes after it.
        Say(source, id, "objection", numbers[..5]);
        await CountAsync(source, "taken", 5);
        Say(source, id, "objection", numbers[5], numbers[6]);
        await CountAsync(source, "held", 2);
        (await source.GetAsync(TestSource.Page(id))).Contains("2 bezwaren wachten op uw beslissing", StringComparison.Ordinal).ShouldBeTrue();

        // Until then nobody of them is written to; nor is anything confirmed.
        var next = WaveTown.NewOrder(source, month: "2026-11");
        source.Place(next);
        (await source.StateAsync(next.Id, "ready"))["withheld"]!.ToJsonString().ShouldBe("""[{"reason":"objection.taken","count":7}]""");
        await TestSource.EventuallyAsync(() => source.Read("SELECT batch FROM objection_file").SingleOrDefault());
        await source.PostAsync($"/golven/{id}", $"/golven/{id}/bezwaren", ("besluit", "opnemen")).ShouldRedirectAsync($"/golven/{id}?gedaan=opgenomen");
        await CountAsync(source, "taken", 7);
        await TestSource.EventuallyAsync(() => source.Read("SELECT batch FROM objection_file").Count == 2 ? "confirmed" : null);

        // The next lot is set aside, and counts for nothing.
        Say(source, id, "objection", numbers[10..20]);
        await CountAsync(source, "held", 10);
        await source.PostAsync($"/golven/{id}", $"/golven/{id}/bezwaren", ("besluit", "opzij")).ShouldRedirectAsync($"/golven/{id}?gedaan=opzij");
        await CountAsync(source, "held", 0);
        source.Read("SELECT number FROM objection").Count.ShouldBe(7);
        foreach (var act in new[] { "objections.taken", "objections.setAside" }) await source.LoggedAsync(act);
        (await source.PostAsync("/register", $"/golven/{id}/bezwaren", ("besluit", "opzij"))).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Objection_WhenTheLetterIsForgotten_IsCountedAndOfNobody()
    {
        await using var source = await WaveTown.StartAsync(30);
        var id = await source.OpenedAsync(WaveTown.NewOrder(source));
        var number = (string)WaveTown.Texts(source.Folder(id))[0]["number"]!;
        source.Clock.Move(TimeSpan.FromDays(42 + 3 + 31));
        await source.LoggedAsync("letters.forgotten");
        Say(source, id, "objection", number);
        await TestSource.EventuallyAsync(() => source.Hub.Taken == 1 ? "taken" : null);
        source.Read("SELECT number FROM objection").ShouldBeEmpty();
        source.Read("SELECT CAST(unresolved AS TEXT) FROM wave").ShouldBe(["1"]);
    }

    [Fact]
    public async Task Denial_AtAFirstContact_IsAnAlarmWithItsRate()
    {
        await using var source = await WaveTown.StartAsync(30);
        var id = await source.OpenedAsync(WaveTown.NewOrder(source, 25));
        (await source.GetAsync(TestSource.Page(id))).Contains("dat was ik niet", StringComparison.Ordinal).ShouldBeFalse();
        Say(source, id, "denied");
        Say(source, id, "denied");
        await TestSource.EventuallyAsync(() => source.Read("SELECT CAST(denied AS TEXT) FROM wave").Single() == "2" ? "told" : null);
        var page = await source.GetAsync(TestSource.Page(id));
        foreach (var words in new[] { "2 keer zei iemand bij het eerste contact: dat was ik niet", "Dat is 8,0 op 100 brieven" }) page.Contains(words, StringComparison.Ordinal).ShouldBeTrue(words);

        // The message is told once more, as after a kill: it counts once.
        source.Hub.Taken = 0;
        await source.LookedAsync();
        source.Read("SELECT CAST(denied AS TEXT) FROM wave").ShouldBe(["2"]);
    }

    private static void Say(TestSource source, Guid wave, string kind, params IReadOnlyList<string> numbers)
    {
        foreach (var number in numbers.Count == 0 ? [null!] : numbers)
        {
            source.Hub.Messages.Enqueue((source.Hub.Messages.Count + 1, wave.ToString(), kind, number?.Replace("-", "", StringComparison.Ordinal)));
        }
    }

    private static Task<string> CountAsync(TestSource source, string state, int count) =>
        TestSource.EventuallyAsync(() => source.Read($"SELECT number FROM objection WHERE state = '{state}'").Count == count ? state : null);
}
