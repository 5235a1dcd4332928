using Bereik.Cli;
using Shouldly;
using Xunit;
using static Bereik.Magda.Tests.Samples;

namespace Bereik.Magda.Tests;

public sealed class MagdaFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bereik-magda-").FullName;

    public MagdaFolderTests()
    {
        Put("GeefKindVoordelen-02.00/85650112345.xml", Family);
        Put("GeefKindVoordelen-02.00/notfound.xml", Benefits("", Exception("30001", "FOUT", "Geen gegevens \"gevonden\" – niets")));
        Put("GeefKindVoordelen-02.00/broken.xml", Family[..^40]);
        Put("GeefPersoon-02.02/75680836687.xml", Message("GeefPersoon", "02.02.0000", PersonNamespace, "<Persoon><INSZ>75680836687</INSZ></Persoon>"));
        Put("empty.xml", "");
        Put("foreign.xml", "<html/>");
        Put("note.txt", "geen antwoord");
        Put(".hidden", "");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Folder_WithBrokenForeignAndEmptyFiles_ReadsTheRestInOrder()
    {
        var files = MagdaFolder.Read(_folder).ToArray();
        files.Select(f => f.Path).ShouldBe(
        [
            "GeefKindVoordelen-02.00/85650112345.xml", "GeefKindVoordelen-02.00/broken.xml", "GeefKindVoordelen-02.00/notfound.xml",
            "GeefPersoon-02.02/75680836687.xml", "empty.xml", "foreign.xml", "note.txt",
        ]);
        files.Where(f => f.Error is not null).Select(f => f.Error!.Code).ShouldBe(
            [MagdaErrorCodes.BrokenXml, MagdaErrorCodes.Empty, MagdaErrorCodes.ForeignXml, MagdaErrorCodes.BrokenXml]);
        files.Single(f => f.Path.EndsWith("broken.xml", StringComparison.Ordinal)).Error!.Line.ShouldBeGreaterThan(1);
    }

    [Fact]
    public void Folder_ReadLazily_OpensOneFileAtATime()
    {
        using var files = MagdaFolder.Read(_folder).GetEnumerator();
        files.MoveNext().ShouldBeTrue();
        File.Delete(Path.Combine(_folder, "GeefKindVoordelen-02.00/notfound.xml"));
        files.MoveNext();
        files.MoveNext();
        files.Current.Error!.Code.ShouldBe(MagdaErrorCodes.Unavailable);
    }

    [Fact]
    public void Path_OfOneFileOrNothing_GivesOneResult()
    {
        var file = MagdaFolder.Read(Path.Combine(_folder, "GeefKindVoordelen-02.00/85650112345.xml")).ShouldHaveSingleItem();
        file.Path.ShouldBe("85650112345.xml");
        file.Answer.ShouldNotBeNull();
        MagdaFolder.Read(Path.Combine(_folder, "nergens")).ShouldHaveSingleItem().Error!.Code.ShouldBe(MagdaErrorCodes.Unavailable);
    }

    [Fact]
    public void Command_WithJson_PrintsExactlyOneObjectAnAnswer()
    {
        var (code, output, error) = Run("magda", "read", _folder, "--month", "2020-09", "--json");
        code.ShouldBe(1);
        output.ShouldBe("""
            {"file":"GeefKindVoordelen-02.00/85650112345.xml","service":"GeefKindVoordelen","insz":"85650112345","children":[{"insz":"12630198765","socialSupplement":true},{"insz":"15670145678","socialSupplement":false}],"exceptions":[]}
            {"file":"GeefKindVoordelen-02.00/notfound.xml","service":"GeefKindVoordelen","insz":null,"children":[],"exceptions":[{"id":"30001","type":"FOUT","text":"Geen gegevens \u0022gevonden\u0022 \u2013 niets"}]}
            {"file":"GeefPersoon-02.02/75680836687.xml","service":"GeefPersoon","insz":"75680836687","children":[],"exceptions":[]}

            """, StringCompareShould.IgnoreLineEndings);
        var complaints = error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        complaints.Length.ShouldBe(4);
        complaints[0].ShouldStartWith("GeefKindVoordelen-02.00/broken.xml, line ");
        complaints[0].ShouldEndWith("(magda-broken-xml).");
        complaints[1].ShouldBe("empty.xml: the file is empty (magda-empty).");
    }

    [Theory]
    [InlineData("2020-10", false)]
    [InlineData(null, true)]
    public void Command_OnOneFile_AnswersForTheMonthOrForAny(string? month, bool expected)
    {
        var file = Path.Combine(_folder, "GeefKindVoordelen-02.00", "85650112345.xml");
        var (code, output, error) = month is null ? Run("magda", "read", file, "--json") : Run("magda", "read", file, "--month", month, "--json");
        code.ShouldBe(0);
        error.ShouldBeEmpty();
        output.ShouldStartWith("{\"file\":\"85650112345.xml\"");
        output.ShouldContain($"{{\"insz\":\"12630198765\",\"socialSupplement\":{(expected ? "true" : "false")}}}");
    }

    [Fact]
    public void Command_WithAMonthThatIsNone_ComplainsOnStandardErrorOnly()
    {
        var (code, output, error) = Run("magda", "read", _folder, "--month", "2020-13", "--json");
        code.ShouldNotBe(0);
        output.ShouldBeEmpty();
        error.ShouldContain("--month takes a month as yyyy-MM");
    }

    [Fact]
    public void Command_WithoutJson_PrintsATable()
    {
        var (_, output, _) = Run("magda", "read", _folder);
        output.ShouldContain("supplement");
        output.ShouldContain("3 answers read, 4 files unreadable.");
    }

    [Fact]
    public void Command_WithoutArguments_PrintsAnOverview()
    {
        var (code, output, _) = Run();
        code.ShouldBe(0);
        output.ShouldContain("bereik magda read PATH");
    }

    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = CommandLine.Run(args, output, error);
        return (code, output.ToString(), error.ToString());
    }

    private void Put(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
