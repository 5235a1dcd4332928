using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace Bereik.House.Tests;

public sealed partial class TourTests
{
    public static TheoryData<string> Pages => ["README.md", "docs/tour.md", "docs/threat-model.md", "docs/asvs.md", "docs/operate/secrets.md", "docs/glossary.md"];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_FilesItNames_Exist(string page)
    {
        var text = Repository.Read(page);
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, page))!;
        foreach (Match path in SourcePath().Matches(text)) File.Exists(Path.Combine(Repository.Root, path.Groups[1].Value)).ShouldBeTrue(path.Groups[1].Value);
        foreach (Match link in Link().Matches(text)) Path.Exists(Path.Combine(folder, link.Groups[1].Value)).ShouldBeTrue(link.Groups[1].Value);
    }

    [Fact]
    public void Tour_Itself_NamesManyFiles() => SourcePath().Count(Repository.Read("docs/tour.md")).ShouldBeGreaterThan(15);

    // A class, or one test in it: `OrderTests` or `OrderTests.Order_OfAnotherOrganisation_IsRefused`. Several projects may have a class of the same name.
    [Theory]
    [InlineData("docs/threat-model.md", 40)]
    [InlineData("docs/asvs.md", 60)]
    public void Page_TestsItNames_Exist(string page, int atLeast)
    {
        var named = TestName().Matches(Repository.Read(page)).ToList();
        named.Count.ShouldBeGreaterThan(atLeast);
        foreach (var test in named) IsThere(test.Groups[1].Value, test.Groups[2].Value).ShouldBeTrue(test.Value);
    }

    [Theory]
    [InlineData("TourTests", "", true)]
    [InlineData("TourTests", "Page_FilesItNames_Exist", true)]
    [InlineData("TourTests", "Page_FilesItNames", false)]
    [InlineData("NoSuchTests", "", false)]
    public void Test_ThatIsNamed_IsLookedFor(string type, string test, bool expected) => IsThere(type, test).ShouldBe(expected);

    // INVARIANT: who says "prevented" or "detected" names a test.
    [Fact]
    public void ThreatModel_CollusionsThatArePreventedOrDetected_NameATest()
    {
        var table = Repository.Read("docs/threat-model.md").Split("## Two parties together")[1].Split("\n## ")[0].Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1).Select(line => line.Split('|')).ToList();
        table.Count.ShouldBeGreaterThan(12);
        foreach (var row in table) row[3].Trim().ShouldStartWith(row[3].Trim()[..3] is "pre" ? "prevented" : row[3].Trim()[..3] is "det" ? "detected" : "inherent");
        foreach (var row in table.Where(row => !row[3].Trim().StartsWith("inherent", StringComparison.Ordinal))) TestName().IsMatch(row[4]).ShouldBeTrue(row[1]);
    }

    // A row of the list either names a test, says why it has none, or says that it is not done.
    [Fact]
    public void Asvs_RowsWithoutATest_SayWhy()
    {
        foreach (var row in Repository.Read("docs/asvs.md").Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1).Select(line => line.Split('|')))
        {
            (TestName().IsMatch(row[4]) || row[3].Trim().Length > 4).ShouldBeTrue(row[1]);
            if (row[3].Trim() == "done") TestName().IsMatch(row[4]).ShouldBeTrue(row[1]);
        }
    }

    private static bool IsThere(string type, string test) => Repository.Files("tests", $"{type}.cs").Any(file => test.Length == 0 || Regex.IsMatch(File.ReadAllText(file), $@"\b(void|Task) {test}\("));

    [GeneratedRegex("`(src/[^`]+)`")]
    private static partial Regex SourcePath();

    [GeneratedRegex(@"\]\(([^)#:]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`([A-Za-z]+(?:Tests|Properties))(?:\.([A-Za-z0-9_]+))?`")]
    private static partial Regex TestName();
}
