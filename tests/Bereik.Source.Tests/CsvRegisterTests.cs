using System.Text;
using Bereik.Sealing.Persons;
using Bereik.Source.Register;
using Shouldly;
using Xunit;

namespace Bereik.Source.Tests;

public sealed class CsvRegisterTests : IDisposable
{
    private readonly string file = Path.GetTempFileName();

    public void Dispose() => File.Delete(file);

    [Fact]
    public void File_AsDocumented_GivesPersonsBenefitsAndLinks()
    {
        var rows = Read(Header, PersonRow(), BenefitRow());
        rows.ShouldAllBe(row => row.Error == null);
        var person = rows[0].Record!.Persons.ShouldHaveSingleItem();
        person.ShouldBe(new PersonFact
        {
            Number = TestNumbers.Of(1),
            IsSubject = true,
            Household = "csv gezin 1",
            GivenNames = "An Maria",
            FamilyName = "Peeters; \"de lange\"",
            BirthDay = "1985-00-00",
            AddressKind = AddressKind.Main,
            Nis = "41002",
            Street = "Molenstraat",
            HouseNumber = "12",
            Box = "0003",
            Postcode = "9300",
            Place = "Aalst",
        });
        rows[0].Record!.Links.ShouldBe([(TestNumbers.Of(2), TestNumbers.Of(1))]);
        rows[1].Record!.Benefits.ShouldBe([new BenefitFact(TestNumbers.Of(3), TestNumbers.Of(1), true, "2026-01", "2026-12")]);
    }

    [Theory]
    [InlineData("insz", "", "insz.empty")]
    [InlineData("insz", "12", "insz.lostLeadingZeros")]
    [InlineData("insz", "123456789012", "insz.length")]
    [InlineData("insz", "8563010012x", "insz.characters")]
    [InlineData("insz", "85991212345", "insz.dateShape")]
    [InlineData("insz", "85610100100", "insz.checkDigits")]
    [InlineData("insz", "8,56101E+10", "insz.scientificNotation")]
    [InlineData("insz", "85610100200.0", "insz.decimalSuffix")]
    [InlineData("record", "", "csv.valueMissing")]
    [InlineData("record", "persoon", "csv.valueShape")]
    [InlineData("given_names", " ", "csv.valueMissing")]
    [InlineData("family_name", "", "csv.valueMissing")]
    [InlineData("birth_day", "1985-13-01", "csv.valueShape")]
    [InlineData("birth_day", "1/1/1985", "csv.valueShape")]
    [InlineData("deceased", "ja", "csv.valueShape")]
    [InlineData("address_kind", "", "csv.valueMissing")]
    [InlineData("address_kind", "thuis", "csv.valueShape")]
    [InlineData("safe_until", "2026-02-30", "csv.valueShape")]
    [InlineData("nis", "", "csv.valueMissing")]
    [InlineData("nis", "4100", "csv.valueShape")]
    [InlineData("former", "1", "insz.lostLeadingZeros")]
    public void PersonRow_WithAWrongField_IsPassedOverWithItsPlace(string column, string value, string code) => ShouldPassOver(PersonRow, column, value, code);

    [Theory]
    [InlineData("child", "", "insz.empty")]
    [InlineData("begin", "", "csv.valueMissing")]
    [InlineData("begin", "2026-13", "csv.valueShape")]
    [InlineData("end", "12-2026", "csv.valueShape")]
    [InlineData("end", "2025-12", "csv.periodReversed")]
    public void BenefitRow_WithAWrongField_IsPassedOverWithItsPlace(string column, string value, string code) => ShouldPassOver(BenefitRow, column, value, code);

    [Fact]
    public void SyntheticNumber_AtANodeForRealOnes_IsRefused()
    {
        File.WriteAllText(file, string.Join('\n', Header, PersonRow()));
        CsvRegister.Read(file, InszRules.Real).Single().Error!.Code.ShouldBe("insz.syntheticNotAllowed");
    }

    [Fact]
    public void Header_ThatIsAbsentOrWrong_IsNamed()
    {
        ReadText("").Single().Error!.Code.ShouldBe(RegisterCodes.HeaderMissing);
        ReadText(Header.Replace(";nis;", ";", StringComparison.Ordinal)).Single().Error.ShouldBe(new RecordError(RegisterCodes.ColumnMissing, 1, "nis"));
        ReadText(Header + ";extra").Single().Error!.Code.ShouldBe(RegisterCodes.ColumnUnknown);
        ReadText(Header + ";nis").Single().Error!.Code.ShouldBe(RegisterCodes.ColumnUnknown);
    }

    [Fact]
    public void Bytes_ThatAreNoUtf8_EndTheFileWithAnError()
    {
        File.WriteAllBytes(file, [.. Encoding.UTF8.GetBytes(Header + "\n" + PersonRow() + "\n"), 0xff, 0xfe, (byte)'\n']);
        CsvRegister.Read(file, TestNumbers.Rules).Last().Error!.Code.ShouldBeOneOf(RegisterCodes.RowBroken, RegisterCodes.HeaderMissing);
    }

    [Fact]
    public void Row_LongerThanItMayBe_EndsTheFileWithAnError() =>
        Read(Header, PersonRow(), PersonRow("street", new string('x', 20_000))).Last().Error!.Code.ShouldBe(RegisterCodes.RowBroken);

    [Fact]
    public void Documentation_NamesEveryColumnAndCode()
    {
        var text = File.ReadAllText(Path.Combine(Repository(), "docs", "formats", "register-csv.md"));
        foreach (var column in CsvRegister.Columns) text.ShouldContain($"`{column}`");
        foreach (var code in typeof(RegisterCodes).GetFields().Select(field => (string)field.GetRawConstantValue()!)) text.ShouldContain($"`{code}`");
        foreach (var error in Enum.GetValues<InszError>().Where(error => error != InszError.None)) text.ShouldContain($"`{RegisterCodes.Of(error)}`");
    }

    private static string Header => string.Join(';', CsvRegister.Columns);

    private void ShouldPassOver(Func<string?, string?, string> row, string column, string value, string code)
    {
        var rows = Read(Header, PersonRow(), row(column, value), BenefitRow());
        rows.Count.ShouldBe(3);
        rows[1].Record.ShouldBeNull();
        rows[1].Error.ShouldBe(new RecordError(code, 3, column));
        rows[2].Record.ShouldNotBeNull();
    }

    private static string PersonRow() => PersonRow(null, null);

    private static string BenefitRow() => BenefitRow(null, null);

    private static string PersonRow(string? column, string? value) => Row(column, value, new()
    {
        ["record"] = "person", ["insz"] = TestNumbers.Of(1), ["given_names"] = " An  Maria ", ["family_name"] = "\"Peeters; \"\"de lange\"\"\"", ["birth_day"] = "1985-00-00",
        ["household"] = "gezin 1", ["address_kind"] = "main", ["nis"] = "41002", ["street"] = "Molenstraat", ["house_number"] = "12", ["box"] = "0003", ["postcode"] = "9300",
        ["place"] = "Aalst", ["former"] = TestNumbers.Of(2),
    });

    private static string BenefitRow(string? column, string? value) => Row(column, value, new()
    {
        ["record"] = "benefit", ["insz"] = TestNumbers.Of(1), ["child"] = TestNumbers.Of(3), ["begin"] = "2026-01", ["end"] = "2026-12",
    });

    private static string Row(string? column, string? value, Dictionary<string, string> fields)
    {
        if (column is not null) fields[column] = value!;
        return string.Join(';', CsvRegister.Columns.Select(name => fields.GetValueOrDefault(name, "")));
    }

    private List<CsvRow> Read(params string[] lines) => ReadText(string.Join('\n', lines) + "\n");

    private List<CsvRow> ReadText(string text)
    {
        File.WriteAllText(file, text);
        return [.. CsvRegister.Read(file, TestNumbers.Rules)];
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Bereik.slnx"))) folder = folder.Parent;
        return folder.FullName;
    }
}
