using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace Bereik.House.Tests;

public sealed partial class TourTests
{
    public static TheoryData<string> Pages => ["README.md", "docs/tour.md", "docs/threat-model.md", "docs/glossary.md"];

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

    [Fact]
    public void ThreatModel_TestsItNames_Exist()
    {
        var classes = Repository.Files("tests", "*.cs").Select(file => Path.GetFileNameWithoutExtension(file)!).ToHashSet();
        foreach (Match test in TestClass().Matches(Repository.Read("docs/threat-model.md"))) classes.ShouldContain(test.Groups[1].Value);
    }

    [GeneratedRegex("`(src/[^`]+)`")]
    private static partial Regex SourcePath();

    [GeneratedRegex(@"\]\(([^)#:]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("`([A-Za-z]+Tests)`")]
    private static partial Regex TestClass();
}
