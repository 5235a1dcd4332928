using System.Net;
using System.Text;
using Bereik.Local.Files;
using Shouldly;
using Xunit;

namespace Bereik.Local.Tests;

public sealed class PersonFileTests
{
    private static readonly DateOnly Today = new(2026, 11, 23);
    private static readonly string Good = TestNumbers.Of(1);

    [Theory]
    [InlineData("8,46E+10", "insz.scientificNotation")]
    [InlineData("8.46309E+10", "insz.scientificNotation")]
    [InlineData("123456789", "insz.lostLeadingZeros")]
    [InlineData("85660100112,00", "insz.decimalSuffix")]
    [InlineData("", "insz.empty")]
    [InlineData("856601001", "insz.lostLeadingZeros")]
    [InlineData("8566010011234", "insz.length")]
    [InlineData("85x60100112", "insz.characters")]
    [InlineData("99999900101", "insz.dateShape")]
    [InlineData("85660100100", "insz.checkDigits")]
    public async Task Number_MangledOrWrong_IsExplainedWithItsPlaceAndTheOthersGoOn(string number, string code)
    {
        var (people, count) = await ReadAsync("known", $"insz;opened;closed\n{Good};2026-01-05;\n\"{number}\";2026-01-05;\n{TestNumbers.Of(2)};2026-01-05;\n");
        people.Select(person => person.Insz).ShouldBe([Good, TestNumbers.Of(2)]);
        count.Accepted.ShouldBe(2);
        count.Rejected.ShouldBe(1);
        count.Errors.ShouldBe([new RowError(3, "insz", code)]);
    }

    [Theory]
    [InlineData("", "", "opened", "date.missing")]
    [InlineData("05/01/2026", "", "opened", "date.shape")]
    [InlineData("46027", "", "opened", "date.serial")]
    [InlineData("2026-11-24", "", "opened", "date.future")]
    [InlineData("2026-02-30", "", "opened", "date.shape")]
    [InlineData("2026-01-05", "2025-12-31", "closed", "date.order")]
    [InlineData("2026-01-05", "gisteren", "closed", "date.shape")]
    public async Task Day_Wrong_RejectsTheRow(string opened, string closed, string column, string code)
    {
        var (people, count) = await ReadAsync("known", $"insz;opened;closed\n{Good};{opened};{closed}\n");
        people.ShouldBeEmpty();
        count.Errors.ShouldBe([new RowError(2, column, code)]);
    }

    [Fact]
    public async Task Row_WithTwoFaults_TellsBoth()
    {
        var (_, count) = await ReadAsync("known", "insz;opened;closed\n85660100100;gisteren;\n");
        count.Errors.Select(error => error.Code).ShouldBe(["insz.checkDigits", "date.shape"]);
    }

    [Fact]
    public async Task LinkedNumber_Wrong_IsToldAndTheRowStays()
    {
        var (people, count) = await ReadAsync("known", $"insz;opened;closed;linked\n{Good};2026-01-05;;{TestNumbers.Of(3)} 85660100100\n");
        people.ShouldHaveSingleItem().Linked.ShouldBe([TestNumbers.Of(3)]);
        count.Accepted.ShouldBe(1);
        count.Errors.ShouldBe([new RowError(2, "linked", "insz.checkDigits")]);
    }

    [Theory]
    [InlineData("comma", "insz,opened,closed\n{0},2026-01-05,\n")]
    [InlineData("crlf", "insz;opened;closed\r\n{0};2026-01-05;\r\n")]
    [InlineData("mark", "\ufeffinsz;opened;closed\n{0};2026-01-05;\n")]
    [InlineData("quotes", "\"insz\";\"opened\";\"closed\"\n\"{0}\";\"2026-01-05\";\"\"\n")]
    [InlineData("capitals and another order", "Opened;INSZ;Closed\n2026-01-05;{0};\n")]
    [InlineData("blank lines", "insz;opened;closed\n\n{0};2026-01-05;\n;;\n\n")]
    [InlineData("no last line end", "insz;opened;closed\n{0};2026-01-05;")]
    public async Task File_InAnyUsualForm_IsRead(string form, string text)
    {
        var (people, count) = await ReadAsync("known", text.Replace("{0}", Good, StringComparison.Ordinal));
        people.ShouldHaveSingleItem(form).Insz.ShouldBe(Good);
        count.Errors.ShouldBeEmpty(form);
    }

    [Fact]
    public async Task Number_WithDotsAndDashes_IsTheSameNumber()
    {
        var number = TestNumbers.Of(4);
        var written = $"{number[..2]}.{number[2..4]}.{number[4..6]}-{number[6..9]}.{number[9..]}";
        (await ReadAsync("residents", $"insz\n{written}\n")).People.ShouldHaveSingleItem().Insz.ShouldBe(number);
    }

    [Fact]
    public async Task Residents_OneNumberALineWithoutHeader_AreRead() =>
        (await ReadAsync("residents", $"{Good}\n{TestNumbers.Of(2)}\n")).People.Count.ShouldBe(2);

    [Theory]
    [InlineData("file.empty", "")]
    [InlineData("file.empty", "\n\n")]
    [InlineData("file.empty", "insz;opened;closed\n")]
    [InlineData("file.header", "naam;voornaam\nPeeters;An\n")]
    [InlineData("file.header", "insz\n85660100100\n")]
    [InlineData("file.quotes", "insz;opened;closed\n\"85660100100;2026-01-05;\n")]
    public async Task File_OfWhichNothingCanBeRead_IsRefusedAsAWhole(string code, string text)
    {
        var (people, count) = await ReadAsync("known", text);
        people.ShouldBeEmpty();
        (count.Accepted, count.Rejected).ShouldBe((0, 0));
        count.Errors.ShouldHaveSingleItem().Code.ShouldBe(code);
    }

    [Fact]
    public async Task File_InAnotherEncoding_IsRefusedAsAWhole()
    {
        var reader = new PersonFileReader("residents", TestNumbers.Rules, Today);
        using var file = new MemoryStream(Encoding.Latin1.GetBytes($"insz;given_name\n{Good};Zoë\n"));
        (await reader.ReadAsync(file, _ => ValueTask.CompletedTask, CancellationToken.None)).Errors.ShouldHaveSingleItem().Code.ShouldBe("file.encoding");
    }

    [Fact]
    public async Task File_WithManyFaults_TellsTheFirstThousandAndCountsAll()
    {
        var (_, count) = await ReadAsync("known", "insz;opened;closed\n" + string.Concat(Enumerable.Repeat("1;2026-01-05;\n", 1500)));
        count.Rejected.ShouldBe(1500);
        count.Errors.Count.ShouldBe(1000);
    }

    [Fact]
    public async Task Upload_IsOfferedAndReplacesOnlyAfterAYes_AndTheOldBytesAreGone()
    {
        await using var local = await TestLocal.StartAsync();
        var old = TestNumbers.Of(0);
        local.Holds(old).ShouldBeTrue("the check below counts because it can find");
        (await local.UploadAsync(Encoding.UTF8.GetBytes($"insz;opened;closed\n{TestNumbers.Of(7)};2026-01-05;\n85660100100;2026-01-05;\n"))).StatusCode.ShouldBe(HttpStatusCode.Found);
        local.Query("SELECT insz FROM known_person p JOIN person_file f ON f.id = p.file_id WHERE f.state = 'current'").ShouldBe([old]);
        var page = await local.PageAsync("/gegevens");
        page.ShouldContain("insz.checkDigits");
        page.ShouldNotContain("85660100100");

        var offered = local.Query("SELECT id FROM person_file WHERE state = 'offered'").ShouldHaveSingleItem();
        (await local.PostAsync("/gegevens", $"/gegevens/{offered}/gebruiken")).StatusCode.ShouldBe(HttpStatusCode.Found);
        local.Query("SELECT insz FROM known_person").ShouldBe([TestNumbers.Of(7)]);
        local.Holds(old).ShouldBeFalse();
    }

    [Fact]
    public async Task Upload_OfWhichNobodyCanBeRead_CannotReplaceAnything()
    {
        await using var local = await TestLocal.StartAsync();
        await local.UploadAsync("insz;opened;closed\n85660100100;2026-01-05;\n"u8.ToArray());
        var offered = local.Query("SELECT id FROM person_file WHERE state = 'offered'").ShouldHaveSingleItem();
        (await local.PageAsync("/gegevens")).ShouldNotContain("/gebruiken");
        (await local.PostAsync("/gegevens", $"/gegevens/{offered}/gebruiken")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        local.Query("SELECT count(*) FROM known_person p JOIN person_file f ON f.id = p.file_id WHERE f.state = 'current'").ShouldBe(["1"]);
        (await local.UploadAsync("naam\nPeeters\n"u8.ToArray())).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Theory]
    [InlineData("2024-11-24", true)]
    [InlineData("2024-11-23", false)]
    [InlineData("", true)]
    public async Task Client_ClosedTwentyFourMonthsAgo_CountsUpToTheDay(string closed, bool counts)
    {
        await using var local = await TestLocal.StartAsync(people: $"insz;opened;closed\n{TestNumbers.Of(0)};2020-01-05;{closed}\n{TestNumbers.Of(1)};2026-01-05;\n");
        (await local.PageAsync("/lijsten")).ShouldContain(counts ? "2 personen tellen vandaag als gekend" : "1 personen tellen vandaag als gekend");
    }

    private static async Task<(List<PersonRow> People, FileCount Count)> ReadAsync(string kind, string text)
    {
        var people = new List<PersonRow>();
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(text));
        var count = await new PersonFileReader(kind, TestNumbers.Rules, Today).ReadAsync(
            file, person =>
            {
                people.Add(person);
                return ValueTask.CompletedTask;
            }, CancellationToken.None);
        return (people, count);
    }
}
