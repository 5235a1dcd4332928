using System.Text;
using Bereik.Exchange.Protocols;
using Shouldly;
using Xunit;

namespace Bereik.Domain.Tests;

// The framework that ships, and how a fault in such a file is told.
public sealed class FrameworkTests
{
    private static readonly string Good = File.ReadAllText(Path.Combine(Root(), "framework", "vertrouwenskader.yaml"));

    [Fact]
    public void Shipped_AsItIs_HasNoError()
    {
        var file = FrameworkFile.Read(Encoding.UTF8.GetBytes(Good));
        file.Errors.ShouldBeEmpty();
        file.Framework.ShouldNotBeNull().Hash.ShouldBe(FrameworkFile.Shipped.Hash);
        file.Framework.Hash.Length.ShouldBe(43);
        FrameworkFile.Find(file.Framework.Hash).ShouldBe(FrameworkFile.Shipped);
        FrameworkFile.Find("another").ShouldBeNull();
        FrameworkFile.Find("").ShouldBeNull();
    }

    [Fact]
    public void Shipped_Measures_AreThirtyThreeOfWhichTenBlock()
    {
        var measures = FrameworkFile.Shipped.Measures;
        measures.Select(measure => measure.Id).ShouldBe(Enumerable.Range(1, 33).Select(number => $"K{number:00}"));
        measures.Where(measure => measure.Blocking).Select(measure => measure.Id).ShouldBe(["K01", "K02", "K03", "K05", "K06", "K11", "K15", "K17", "K18", "K32"]);
        measures.Select(measure => measure.Nl).ShouldBeUnique();
        measures.Select(measure => measure.En).ShouldBeUnique();
        foreach (var theme in Enum.GetValues<MeasureTheme>()) measures.ShouldContain(measure => measure.Theme == theme);
        FrameworkFile.Shipped.GraceDays.ShouldBe(30);
        FrameworkFile.Shipped.NoGrace.ShouldBe([SanctionTrigger.UnlawfulUse]);
    }

    [Fact]
    public void Protocols_EachOfThem_AskForTheFrameworkThatShips() =>
        ShippedProtocols.All.ShouldAllBe(protocol => protocol.Find<Clause.Security>()!.Framework == FrameworkFile.Shipped.Version);

    [Fact]
    public void Hash_OfOneWordChanged_IsAnother() =>
        Read(Good.Replace("renewalMonths: 36", "renewalMonths: 35", StringComparison.Ordinal)).Framework.ShouldNotBeNull().Hash.ShouldNotBe(FrameworkFile.Shipped.Hash);

    [Theory]
    [InlineData("graceDays: 30", "graceDays: 30\nmaxAge: 3", "key.unknown", 1)]
    [InlineData("    theme: people", "    theem: people", "key.unknown", 0)]
    [InlineData("    theme: people", "    theme: persons", "value.unknown", 0)]
    [InlineData("  - id: K02", "  - id: K01", "value.duplicate", 0)]
    [InlineData("  - id: K02", "  - id: K2", "value.shape", 0)]
    [InlineData("    renewalMonths: 36", "    renewalMonths: 0", "value.range", 0)]
    [InlineData("    renewalMonths: 36", "    renewalMonths: 61", "value.range", 0)]
    [InlineData("    renewalMonths: 36", "    renewalMonths: '36'", "value.type", 0)]
    [InlineData("    renewalMonths: 36", "    renewalMonths: nooit", "value.type", 0)]
    [InlineData("    blocking: true", "    blocking: yes", "yaml.ambiguous", 0)]
    [InlineData("graceDays: 30", "graceDays: 91", "value.range", 0)]
    [InlineData("noGrace: [unlawfulUse]", "noGrace: []", "value.tooFew", 0)]
    [InlineData("noGrace: [unlawfulUse]", "noGrace: [rudeness]", "value.unknown", 0)]
    [InlineData("    checks: [document]", "    checks: []", "value.tooFew", 0)]
    [InlineData("version: '0.1'", "version: 0.1", "yaml.ambiguous", 0)]
    [InlineData("version: '0.1'", "version: '0.1'\nversion: '0.1'", "yaml.duplicateKey", 1)]
    public void File_WithOneFault_IsToldByCodeAndLine(string old, string now, string code, int further)
    {
        var at = Good.IndexOf(old, StringComparison.Ordinal);
        at.ShouldBeGreaterThan(0);
        var file = Read(string.Concat(Good.AsSpan(0, at), now, Good.AsSpan(at + old.Length)));
        file.Framework.ShouldBeNull();

        // A list is told where it begins, an entry that stands twice at its first key.
        file.Errors.Select(error => (error.Code, error.Line)).ShouldContain((code, Good[..at].Count(c => c == '\n') + 1 + further));
    }

    [Fact]
    public void File_WithoutAMeasureThatBlocks_IsRefused()
    {
        var error = Read(Good.Replace("blocking: true", "blocking: false", StringComparison.Ordinal)).Errors.ShouldHaveSingleItem();
        (error.Code, error.Line).ShouldBe(("framework.nothingBlocks", 3));
    }

    [Fact]
    public void File_WithoutAMeasureOrNoneAtAll_IsRefused()
    {
        Read(Good[..Good.IndexOf("measures:", StringComparison.Ordinal)] + "measures: []\n").Errors.Select(error => error.Code).ShouldContain("value.tooFew");
        Read("").Errors.ShouldHaveSingleItem().Code.ShouldBe("yaml.empty");
        Read("- a\n").Errors.ShouldHaveSingleItem().Code.ShouldBe("value.type");
    }

    [Fact]
    public void Schema_BesideTheFramework_IsThatOfTheTypes() => File.ReadAllText(Path.Combine(Root(), "framework", "framework.schema.json")).ShouldBe(ProtocolSchema.WriteFramework());

    private static FrameworkFile Read(string text) => FrameworkFile.Read(Encoding.UTF8.GetBytes(text));

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Bereik.slnx"))) folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar))!;
        return folder;
    }
}
