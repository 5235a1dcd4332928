using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Bereik.Source.Tests;

public sealed class ImportTests
{
    [Fact]
    public async Task Import_OfTheSameFolderAgain_ChangesNothing_AndOfAChangedFileOnlyThat()
    {
        await using var source = await TestSource.StartAsync(MagdaMessages.Town);
        Counts(await source.ImportedAsync(1)).ShouldBe((8, 0, 0, 0));
        var before = await source.RegisterAsync();
        ((int)before["persons"]!, (int)before["children"]!, (int)before["families"]!).ShouldBe((4, 4, 4));

        Counts(await AgainAsync(source, 2)).ShouldBe((0, 0, 8, 0));
        MagdaMessages.Write(source.Magda, "GeefPersoon-02.02", TestNumbers.Of(0), MagdaMessages.Person(TestNumbers.Of(0), "Anders", "1"));
        Counts(await AgainAsync(source, 3)).ShouldBe((0, 1, 7, 0));
        var after = await source.RegisterAsync();
        ((int)after["persons"]!, (int)after["children"]!, (int)after["families"]!).ShouldBe((4, 4, 4));
    }

    [Fact]
    public async Task Import_WithBrokenFiles_NamesEachWithItsPlaceAndGoesOn()
    {
        await using var source = await TestSource.StartAsync(folder =>
        {
            MagdaMessages.Town(folder);
            MagdaMessages.Write(folder, "GeefPersoon-02.02", "a-leeg", "");
            MagdaMessages.Write(folder, "GeefPersoon-02.02", "b-stuk", "<a>");
            MagdaMessages.Write(folder, "GeefPersoon-02.02", "c-vreemd", "<a/>");
            MagdaMessages.Write(folder, "GeefKindVoordelen-02.00", "d-nummer", MagdaMessages.Benefits(TestNumbers.Of(70), "85610100100"));
        });
        var import = await source.ImportedAsync(1);
        Counts(import).ShouldBe((8, 0, 0, 4));
        var errors = import["errors"]!.AsArray().Select(error => ((string)error!["file"]!, (string)error["code"]!, (int)error["line"]! > 0)).OrderBy(error => error.Item1, StringComparer.Ordinal);
        errors.ShouldBe([
            ("GeefKindVoordelen-02.00/d-nummer.xml", "insz.checkDigits", true), ("GeefPersoon-02.02/a-leeg.xml", "magda-empty", false),
            ("GeefPersoon-02.02/b-stuk.xml", "magda-broken-xml", true), ("GeefPersoon-02.02/c-vreemd.xml", "magda-foreign-xml", true),
        ], ignoreOrder: true);
        var page = await source.GetAsync("/register");
        page.ShouldContain("insz.checkDigits");
        page.ShouldNotContain("85610100100");
    }

    [Fact]
    public async Task Import_OfCsv_TellsRowsThatComeTwice()
    {
        const string header = "record;insz;given_names;family_name;birth_day;deceased;household;address_kind;safe_until;nis;street;house_number;box;postcode;place;former;child;begin;end";
        var row = $"person;{TestNumbers.Of(1)};An;Peeters;1985-01-01;;;main;;41002;Molenstraat;1;;9300;Aalst;;;;";
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, $"{header}\n{row}\n{row}\nbenefit;{TestNumbers.Of(1)};;;;;;;;;;;;;;;{TestNumbers.Of(2)};2026-01;\n");
        await using var source = await TestSource.StartAsync(change: settings => settings["register"] = new JsonObject { ["csv"] = file });
        var import = await source.ImportedAsync(1);
        Counts(import).ShouldBe((2, 0, 0, 1));
        ((string)import["errors"]![0]!["code"]!, (int)import["errors"]![0]!["line"]!).ShouldBe(("csv.rowTwice", 3));
        Counts(await AgainAsync(source, 2)).ShouldBe((0, 0, 2, 1));
        File.Delete(file);
    }

    [Fact]
    public async Task Import_OfAFolder_TakesOutWhatIsGoneOrCannotBeReadAnyMore_AndNothingWhenTheFolderIsEmpty()
    {
        await using var source = await TestSource.StartAsync(MagdaMessages.Town);
        MagdaMessages.Write(source.Magda, "GeefPersoon-02.02", TestNumbers.Of(0), "<a>");
        var broken = await AgainAsync(source, 2);
        (Counts(broken), (int)broken["removed"]!).ShouldBe(((0, 0, 7, 1), 1));
        ((int)(await source.RegisterAsync())["persons"]!).ShouldBe(3, "an address that cannot be read today is not an address");

        var files = Directory.GetFiles(source.Magda, "*.xml", SearchOption.AllDirectories);
        File.Delete(files.First(file => file.Contains("GeefKindVoordelen", StringComparison.Ordinal)));
        var gone = await AgainAsync(source, 3);
        ((int)gone["removed"]!, (int)gone["unchanged"]!).ShouldBe((1, 6));
        ((int)(await source.RegisterAsync())["children"]!).ShouldBe(3);

        foreach (var file in Directory.GetFiles(source.Magda, "*.xml", SearchOption.AllDirectories)) File.Delete(file);
        var empty = await AgainAsync(source, 4);
        ((int)empty["removed"]!, (string?)empty["errors"]![0]!["code"]).ShouldBe((0, "register.empty"));
        ((int)(await source.RegisterAsync())["persons"]!).ShouldBe(3);
    }

    [Fact]
    public async Task Import_OfCsv_TakesOutVanishedRows_ButNotAfterARowThatDoesNotSayWhomItIsAbout()
    {
        const string header = "record;insz;given_names;family_name;birth_day;deceased;household;address_kind;safe_until;nis;street;house_number;box;postcode;place;former;child;begin;end";
        string Row(int at, string family = "Peeters", string? number = null) => $"person;{number ?? TestNumbers.Of(at)};An;{family};1985-01-01;;;main;;41002;Molenstraat;{at};;9300;Aalst;;;;";
        var file = Path.GetTempFileName();
        async Task WriteAsync(params string[] rows) => await File.WriteAllLinesAsync(file, [header, .. rows]);
        await WriteAsync(Row(1), Row(2), Row(3));
        await using var source = await TestSource.StartAsync(change: settings => settings["register"] = new JsonObject { ["csv"] = file });

        await WriteAsync(Row(1), Row(2, number: "85610100100"));
        var unsure = await AgainAsync(source, 2);
        (Counts(unsure), (int)unsure["removed"]!).ShouldBe(((0, 0, 1, 1), 0));

        // The same person, written with points: the same row. The other row says whom it is about and nothing more that can be read.
        var number = TestNumbers.Of(1);
        await WriteAsync(Row(1, number: $"{number[..2]}.{number[2..4]}.{number[4..6]}-{number[6..9]}.{number[9..]}"), Row(2, family: ""));
        var sure = await AgainAsync(source, 3);
        (Counts(sure), (int)sure["removed"]!).ShouldBe(((0, 1, 0, 1), 2));
        ((int)(await source.RegisterAsync())["persons"]!).ShouldBe(1);
        File.Delete(file);
    }

    private static async Task<JsonObject> AgainAsync(TestSource source, int runs)
    {
        await source.PostAsync("/register", "/register/inlezen");
        return await source.ImportedAsync(runs);
    }

    private static (int New, int Changed, int Unchanged, int InError) Counts(JsonObject import) =>
        ((int)import["new"]!, (int)import["changed"]!, (int)import["unchanged"]!, (int)import["inError"]!);
}
