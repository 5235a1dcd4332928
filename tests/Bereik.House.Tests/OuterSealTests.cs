using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace Bereik.House.Tests;

// The one exception to "the hub opens nothing": under the outer seal of an invitation lies another seal. It is taken off in one file, which is read before anything else when the hub is reviewed.
public sealed partial class OuterSealTests
{
    private const string TheFile = "OpenInvitation.cs";

    [Fact]
    public void Hub_TakesAnOuterSealOff_InOneFile()
    {
        Naming(@"src/Bereik.Hub").ShouldBe([TheFile]);
        Opens().Count(Repository.Read($"src/Bereik.Hub/Letters/{TheFile}")).ShouldBe(1);
    }

    // No other node has anything to take off: who seals makes it, who receives gets what lies under it.
    [Theory]
    [InlineData("src/Bereik.Pseudonymiser")]
    [InlineData("src/Bereik.Node")]
    [InlineData("src/Bereik.Local")]
    [InlineData("src/Bereik.Source")]
    [InlineData("src/Bereik.Cli")]
    public void OtherProject_NeverTakesOneOff(string project) => Repository.Files(project, "*.cs").Where(file => Opens().IsMatch(File.ReadAllText(file))).ShouldBeEmpty();

    // The seal cannot be reached by another name either: by an alias, by its members or by reflection on it.
    private static List<string> Naming(string project) =>
        [.. Repository.Files(project, "*.cs").Concat(Repository.Files(project, "*.razor")).Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && File.ReadAllText(file).Contains("OuterSeal", StringComparison.Ordinal)).Select(file => Path.GetFileName(file)!)];

    [GeneratedRegex(@"\bOuterSeal\s*\.\s*Open\b")]
    private static partial Regex Opens();
}
