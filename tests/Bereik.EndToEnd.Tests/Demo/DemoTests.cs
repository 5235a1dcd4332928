using Bereik.Cli.Network;
using Bereik.EndToEnd.Tests.Network;
using Bereik.EndToEnd.Tests.Scanning;
using Shouldly;
using Xunit;

namespace Bereik.EndToEnd.Tests.Demo;

public sealed class DemoFixture : IAsyncLifetime
{
    internal DemoOutcome Result { get; private set; } = null!;

    internal TownOracle Town { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Result = await DemoOutcome.RunAsync("--families", "300", "--seed", "11");
        Result.ExitCode.ShouldBe(0, Result.Output);
        Town = new TownOracle(Path.Combine(Result.Data, "town", "town.json"));
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Directory.GetParent(Result.Data)!.FullName, recursive: true);
        return ValueTask.CompletedTask;
    }
}

public sealed class DemoTests(DemoFixture demo) : IClassFixture<DemoFixture>
{
    [Fact]
    public void Unknown_EachOcmw_EqualsTheTruthHouseholdByHousehold()
    {
        var total = 0;
        foreach (var (nis, _, ocmw) in demo.Town.Municipalities)
        {
            var received = demo.Result.ReadExport(ocmw, "unknown").Select(row =>
                $"{string.Join(" + ", row[0].Split(" | ").Order(StringComparer.Ordinal))} | {row[1]} {row[2]} {row[3]} {row[4]}").Order(StringComparer.Ordinal).ToList();
            received.ShouldBe(demo.Town.Unknown(nis, ocmw).Order(StringComparer.Ordinal).ToList(), customMessage: ocmw);
            demo.Result.Summary!.RootElement.GetProperty("unknown").GetProperty(ocmw).GetProperty("delivered").GetInt32().ShouldBe(received.Count);
            total += received.Count;
        }

        total.ShouldBeGreaterThan(20);
    }

    [Fact]
    public void Match_EachGemeente_EqualsTheTruthChildByChild()
    {
        var total = 0;
        foreach (var (nis, gemeente, _) in demo.Town.Municipalities)
        {
            var received = demo.Result.ReadExport(gemeente, "match").Select(row => row[0]).ToHashSet();
            received.ShouldBe(demo.Town.Match(gemeente, nis), ignoreOrder: true, customMessage: gemeente);
            total += received.Count;
        }

        total.ShouldBeGreaterThan(50);
    }

    // The nodes count what the simulated people did, and of no, later and silence nothing.
    [Fact]
    public void Letters_AskedAnsweredAndTakenBack_AreCountedByTheNodes()
    {
        var (messenger, simulated) = (demo.Result.Summary!.RootElement.GetProperty("messenger"), demo.Result.Summary.RootElement.GetProperty("simulated"));
        int Of(string name) => messenger.GetProperty(name).GetInt32();
        int Did(string name) => simulated.GetProperty(name).GetInt32();
        Of("invited").ShouldBe(60);
        Of("yes").ShouldBe(Did("yes"));
        Of("released").ShouldBe(Did("yes"));
        Of("objected").ShouldBe(Did("never"));
        Of("confirmed").ShouldBe(Did("yes") - 4);
        Of("withdrawn").ShouldBe(1);
        Of("erased").ShouldBe(2);
        (Did("yes") + Did("no") + Did("later") + Did("never") + Did("silent")).ShouldBe(Of("invited"));
        Did("no").ShouldBeGreaterThan(0);
        Did("silent").ShouldBeGreaterThan(0);

        var letters = File.ReadAllBytes(Path.Combine(demo.Result.Export, "brieven-001.pdf"));
        letters.AsSpan(0, 5).SequenceEqual("%PDF-"u8).ShouldBeTrue();
    }

    // The code of a letter stands on paper and at the source until it is posted; the number may be at the hub. Neither is in any node's log.
    [Fact]
    public void Letters_TheirCodes_AreNowhereButAtTheSourceBeforeTheyArePosted()
    {
        var wave = demo.Result.Summary!.RootElement.GetProperty("messenger").GetProperty("wave").GetString()!;
        var letters = OpenedLetter.Of(Path.Combine(demo.Result.Data, "opgroeien", "data"), wave);
        var words = letters.SelectMany(letter => new[] { letter.Code, letter.Code.Replace("-", "", StringComparison.Ordinal) }).ToList();
        var hub = string.Concat(Files("hub").Concat(Files("ocmw-aalst")));
        words.ShouldAllBe(word => !hub.Contains(word, StringComparison.OrdinalIgnoreCase));
        var logs = string.Concat(Directory.EnumerateDirectories(demo.Result.Data).Select(node => Path.Combine(node, "log")).Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder)).Select(Text));
        words.Concat(letters.SelectMany(letter => new[] { letter.Number, letter.Number.Replace("-", "", StringComparison.Ordinal) })).ShouldAllBe(word => !logs.Contains(word, StringComparison.OrdinalIgnoreCase));

        // It counts because the same words are found where they do lie.
        var source = string.Concat(Files("opgroeien"));
        words.ShouldContain(word => source.Contains(word, StringComparison.Ordinal));
    }

    private IEnumerable<string> Files(string node) => Directory.EnumerateFiles(Path.Combine(demo.Result.Data, node), "*", SearchOption.AllDirectories).Where(file => new FileInfo(file).Length < 200_000_000).Select(Text);

    private static string Text(string file) => System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file));

    [Theory]
    [InlineData("hub")]
    [InlineData("pseudonymiser")]
    public void BlindNode_ItsWholeFolder_HoldsNothingAboutAnyPerson(string node)
    {
        new PersonScanner(demo.Town.Words()).Scan(Path.Combine(demo.Result.Data, node)).ShouldBeEmpty();
    }

    [Fact]
    public void SourceFolder_SameScanner_FindsThePersonsItMayHold()
    {
        // The scan above counts because the same words are found where they do lie.
        new PersonScanner(demo.Town.Words().Take(400)).Scan(Path.Combine(demo.Result.Data, "opgroeien")).ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("opgroeien")]
    [InlineData("ocmw-aalst")]
    [InlineData("gemeente-aalst")]
    public void EdgeNode_ItsLog_HoldsNothingAboutAnyPerson(string node)
    {
        new PersonScanner(demo.Town.Words()).Scan(Path.Combine(demo.Result.Data, node, "log")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Log_OfTheWholeRun_VerifiesInFullFromTheFilesAlone()
    {
        var data = Path.Combine(demo.Result.Data, "hub", "data");
        var key = (await LedgerTests.RunAsync("log", "vkey", "--data", data)).Output.Trim();
        var verified = await LedgerTests.RunAsync("verify", "--log", Path.Combine(data, "log"), "--vkey", key, "--full", "--seen", Path.Combine(demo.Result.Data, "seen"));
        verified.Code.ShouldBe(0, verified.Output + verified.Error);
    }

    [Fact]
    public void UnknownExport_Header_HasNoNumberBirthDateChildOrAmount()
    {
        var header = File.ReadLines(Path.Combine(demo.Result.Export, "ocmw-aalst-unknown.csv")).First();
        foreach (var word in new[] { "insz", "birth", "child", "amount" }) header.ShouldNotContain(word);
    }
}
