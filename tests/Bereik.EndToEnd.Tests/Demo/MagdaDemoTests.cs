using Bereik.EndToEnd.Tests.Network;
using Shouldly;
using Xunit;

namespace Bereik.EndToEnd.Tests.Demo;

public sealed class MagdaDemoTests
{
    private static readonly string[] Children = ["03682420896", "09641045378", "10632439323", "11721827616", "14692401047", "17683010819"];

    [Theory]
    [InlineData("2020-03", 6)]
    [InlineData("2020-10", 0)]
    public async Task Match_OnTheRealMessages_ReturnsTheChildrenOfThatMonth(string month, int expected)
    {
        if (expected == 0) LongTests.Only();
        var magda = Path.Combine(Root(), "..", "shared", "magda", "responses");
        Assert.SkipUnless(Directory.Exists(magda), "The MAGDA messages are not beside this checkout.");
        var residents = Path.GetTempFileName();
        await File.WriteAllLinesAsync(residents, [.. Children, "01620345635"]);

        var result = await DemoOutcome.RunAsync("--magda", magda, "--month", month, "--residents", residents);

        result.ExitCode.ShouldBe(0, result.Output);
        var received = Directory.GetFiles(result.Export, "*-match.csv").SelectMany(File.ReadLines).Select(line => line.Split(';')[0]).Where(number => char.IsAsciiDigit(number[0])).ToList();
        received.ShouldBe(expected == 0 ? [] : Children, ignoreOrder: true);
        if (expected > 0) result.Output.ShouldContain("1 gezin: hoofdverblijfplaats niet gekend");
        Directory.Delete(Directory.GetParent(result.Data)!.FullName, recursive: true);
        File.Delete(residents);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Bereik.slnx"))) folder = folder.Parent;
        return folder.FullName;
    }
}
