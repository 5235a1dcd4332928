using System.Net;
using Shouldly;
using Xunit;

namespace Bereik.Local.Tests;

/// <summary>What people do with received rows: only what the purpose allows, until the last day.</summary>
public sealed class WorkplaceTests
{
    [Fact]
    public async Task MatchRow_ForOutreach_IsRefusedEverywhere()
    {
        await using var local = await TestLocal.StartAsync(isOcmw: false);
        (await local.ListAsync(ListTests.Child(TestNumbers.Of(0)))).State.ShouldBe("received");
        var row = local.Query("SELECT id FROM grant_row").ShouldHaveSingleItem();
        (await local.PageAsync("/werklijst", HttpStatusCode.Forbidden)).ShouldContain("purpose.notGranted");
        (await local.PageAsync("/werklijst/print", HttpStatusCode.Forbidden)).ShouldContain("purpose.notGranted");
        var taken = await local.PostAsync("/lijsten", $"/werklijst/{row}/toewijzen");
        taken.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await taken.Content.ReadAsStringAsync()).ShouldContain("purpose.notGranted");
    }

    [Fact]
    public async Task OutreachRow_InTheGrantPage_IsRefused()
    {
        await using var local = await TestLocal.StartAsync();
        await local.ListAsync(ListTests.Household(10));
        (await local.PageAsync("/toekenning", HttpStatusCode.Forbidden)).ShouldContain("purpose.notGranted");
    }

    [Fact]
    public async Task Household_Taken_HasItsWorkerAndAStrangersIdDoesNot()
    {
        await using var local = await TestLocal.StartAsync();
        await local.ListAsync(ListTests.Household(10));
        var row = local.Query("SELECT id FROM household").ShouldHaveSingleItem();
        (await local.PostAsync("/werklijst", $"/werklijst/{row}/toewijzen")).StatusCode.ShouldBe(HttpStatusCode.Found);
        local.Query("SELECT assigned_name FROM household").ShouldBe(["Lies Werker"]);
        (await local.PostAsync("/werklijst", $"/werklijst/{Guid.NewGuid()}/toewijzen")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("/lijsten")]
    [InlineData("/werklijst")]
    [InlineData("/werklijst/print")]
    [InlineData("/gegevens")]
    [InlineData("/gegevens/1/gebruiken")]
    [InlineData("/gegevens/1/weggooien")]
    [InlineData("/werklijst/11111111-1111-1111-1111-111111111111/toewijzen")]
    public async Task Form_WithoutItsHiddenField_IsRefused(string action)
    {
        await using var local = await TestLocal.StartAsync();
        var answer = await local.PostBareAsync(action, ("maand", TestLocal.Month), ("akkoord", "ja"));
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("form.stale");
        local.Query("SELECT count(*) FROM ordered_list").ShouldBe(["0"]);
    }

    [Fact]
    public async Task Worklist_SearchedSortedAndPrinted_ShowsTheSameRows()
    {
        await using var local = await TestLocal.StartAsync();
        await local.ListAsync(ListTests.Household(10, "Peeters", "Zandstraat"), ListTests.Household(11, "Çelik", "Beekweg"), ListTests.Household(12, "Peeters", "Akkerlaan"));
        var byStreet = await local.PageAsync("/werklijst?volgorde=straat");
        Places(byStreet, "Akkerlaan", "Beekweg", "Zandstraat").ShouldBeInOrder();

        foreach (var action in new[] { "/werklijst", "/werklijst/print" })
        {
            var found = await (await local.PostAsync("/werklijst", action, ("zoek", "peeters akker"), ("volgorde", "straat"))).Content.ReadAsStringAsync();
            found.ShouldContain("Akkerlaan");
            found.ShouldNotContain("Zandstraat");
            found.ShouldNotContain("Beekweg");
        }

        // Without the mark under the letter, as a keyboard types it.
        (await (await local.PostAsync("/werklijst", "/werklijst", ("zoek", "celik"))).Content.ReadAsStringAsync()).ShouldContain("Beekweg");
        (await local.PageAsync("/werklijst/print")).ShouldContain("Zandstraat");
    }

    [Fact]
    public async Task Name_ThatIsMarkup_StaysText()
    {
        await using var local = await TestLocal.StartAsync();
        await local.ListAsync(ListTests.Household(10, "<script>alert(1)</script>", "\"><img src=x>"));
        foreach (var path in new[] { "/werklijst", "/werklijst/print" })
        {
            var page = await local.PageAsync(path);
            page.ShouldNotContain("<script>alert");
            page.ShouldNotContain("<img");
            page.ShouldContain("&lt;script&gt;");
        }
    }

    [Fact]
    public async Task Export_IsSafeInASpreadsheetAndOnlyWhereAllowed()
    {
        await using var local = await TestLocal.StartAsync();
        var (id, _, _) = await local.ListAsync(ListTests.Household(10, "Peeters", "=HYPERLINK(\"x\");y"));
        var rows = (await local.PageAsync($"/v1/lists/{id}/export")).TrimEnd('\n').Split('\n');
        rows[0].ShouldBe("names;street;house_number;box;postcode;place;reference_month;inform_by;delete_by;purpose;protocol;clause");
        rows.Length.ShouldBe(2);
        rows[1].ShouldStartWith("An Peeters;\"'=HYPERLINK(\"\"x\"\");y\";1;;9300;Aalst;2026-10;");
        await local.PageAsync($"/v1/lists/{Guid.NewGuid()}/export", HttpStatusCode.NotFound);

        await using var closed = await TestLocal.StartAsync(change: settings => settings["allowExport"] = false);
        (await closed.PageAsync($"/v1/lists/{id}/export", HttpStatusCode.Forbidden)).ShouldContain("export.off");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rows_PastTheirLastDay_AreGoneFromPagesStoreAndBytes(bool isOcmw)
    {
        await using var local = await TestLocal.StartAsync(isOcmw, people: isOcmw ? null : $"insz\n{TestNumbers.Of(0)}\n{TestNumbers.Of(1)}\n");
        var (id, _, _) = await local.ListAsync(isOcmw ? ListTests.Household(10) : ListTests.Child(TestNumbers.Of(0)));
        await local.UntilQuietAsync();
        var table = isOcmw ? "household" : "grant_row";
        var last = DateOnly.Parse(local.Query($"SELECT inform_by FROM {table}").Single(), System.Globalization.CultureInfo.InvariantCulture);
        var record = isOcmw ? local.Bytes("SELECT record FROM household").Single() : null;
        if (record is not null) local.Holds(record).ShouldBeTrue("the search finds what is there");

        await local.MoveAsync(last.ToDateTime(new TimeOnly(12, 0), DateTimeKind.Utc) - local.Clock.GetUtcNow());
        await local.EraseAsync();
        local.Query($"SELECT count(*) FROM {table}").ShouldBe(["1"], "the last day itself still counts");

        await local.MoveAsync(TimeSpan.FromDays(1));
        if (isOcmw) (await local.PageAsync("/werklijst")).ShouldNotContain("An10 Peeters", customMessage: "refused by its day before it is erased");
        await local.EraseAsync();
        local.Query($"SELECT count(*) FROM {table}").ShouldBe(["0"]);
        if (record is not null) local.Holds(record).ShouldBeFalse();
        (await local.PageAsync($"/lijsten/{id}")).ShouldContain("gewist", Case.Insensitive);
    }

    [Fact]
    public async Task EmptyWorklist_SaysWhyItIsEmpty()
    {
        await using var local = await TestLocal.StartAsync();
        var nothing = await local.PageAsync("/werklijst");
        local.Other.States.Clear();
        local.Other.States.Enqueue("requested");
        var id = await local.OrderAsync();
        await local.UntilAsync(id, "sent");
        var waiting = await local.PageAsync("/werklijst");
        local.Other.States.Enqueue("approved");
        local.Other.States.Dequeue();
        await local.UntilAsync(id, "received");
        var found = await local.PageAsync("/werklijst");

        new[] { Why(nothing), Why(waiting), Why(found) }.Distinct().Count().ShouldBe(3);
    }

    private static string Why(string page) => page[page.IndexOf("id=\"resultaat\"", StringComparison.Ordinal)..];

    private static List<int> Places(string page, params string[] texts) => [.. texts.Select(text => page.IndexOf(text, StringComparison.Ordinal))];
}
