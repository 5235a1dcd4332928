using System.Text.RegularExpressions;
using System.Xml.Linq;
using Shouldly;
using Xunit;

namespace Bereik.House.Tests;

public sealed partial class LayoutTests
{
    private static readonly Dictionary<string, XDocument> Projects = Repository.Files("src", "*.csproj").ToDictionary(file => Path.GetFileNameWithoutExtension(file)!, file => XDocument.Load(file));

    [Theory]
    [InlineData("Bereik.Hub")]
    [InlineData("Bereik.Pseudonymiser")]
    [InlineData("Bereik.Node")]
    [InlineData("Bereik.Exchange")]
    public void BlindProject_References_NeverReachThePersons(string project)
    {
        Reach(project).ShouldNotContain("Bereik.Sealing");
        Reach(project).ShouldNotContain("Bereik.Magda");
        Reach(project).ShouldNotContain("Bereik.Edge");
    }

    [Fact]
    public void Reach_OfAnEdge_HoldsThePersons()
    {
        // The guard above counts because this walk does find the assembly where it is referenced.
        Reach("Bereik.Source").ShouldContain("Bereik.Sealing");
    }

    // INVARIANT: nothing outside the domain can make or alter a decision into one that permits. Its tests can no more than its users.
    [Theory]
    [InlineData(typeof(Domain.Decision))]
    [InlineData(typeof(Domain.FieldDecision))]
    public void Decision_OutsideTheDomain_CannotBeMadeToPermit(Type type)
    {
        type.GetConstructors().ShouldBeEmpty();
        type.GetProperties().Where(property => property.SetMethod is { IsPublic: true }).ShouldBeEmpty();
        typeof(Domain.Decision).Assembly.GetCustomAttributesData().Select(attribute => attribute.AttributeType.Name).ShouldNotContain("InternalsVisibleToAttribute");
        type.GetMethods(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Static).Where(method => method.ReturnType == type).Select(method => method.Name).ShouldBeSubsetOf(["Refusal"]);

        // A property hands out what was decided; only a method could decide.
        typeof(Domain.Decision).Assembly.GetExportedTypes().SelectMany(made => made.GetMethods()).Where(method => method.ReturnType == typeof(Domain.Decision) && method.DeclaringType != typeof(Domain.Decision) && !method.IsSpecialName)
            .Select(method => method.DeclaringType!.Name).Distinct().ShouldBe(["Decide"]);
    }

    [Fact]
    public void Domain_Packages_None()
    {
        Projects["Bereik.Domain"].Descendants("PackageReference").ShouldBeEmpty();
        Reach("Bereik.Domain").ShouldBe(["Bereik.Domain"]);
    }

    [Fact]
    public void Cli_References_NoNode()
    {
        // A node runs from its own folder: a hub started beside Bereik.Sealing.dll would not be blind.
        foreach (var node in new[] { "Bereik.Hub", "Bereik.Pseudonymiser", "Bereik.Source", "Bereik.Local" }) Reach("Bereik.Cli").ShouldNotContain(node);
    }

    [Fact]
    public void Packages_InTheTable_AreThoseInTheProps()
    {
        var pinned = XDocument.Parse(Repository.Read("Directory.Packages.props")).Descendants("PackageVersion").Select(item => (string)item.Attribute("Include")!).Order().ToList();
        var table = PackageRow().Matches(Repository.Read("docs/decisions/0002-packages.md")).Select(match => match.Groups[1].Value).Where(name => name != "package").Order().ToList();
        table.ShouldBe(pinned);
        var used = Repository.Files("src", "*.csproj").Concat(Repository.Files("tests", "*.csproj")).Append(Path.Combine(Repository.Root, "Directory.Build.props")).SelectMany(file => XDocument.Load(file).Descendants("PackageReference")).Select(item => (string)item.Attribute("Include")!).ToHashSet();
        pinned.ShouldAllBe(name => used.Contains(name));
    }

    [Fact]
    public void Sources_UnfinishedWork_HasNoMarks()
    {
        foreach (var file in Repository.Files("src", "*.cs").Concat(Repository.Files("tests", "*.cs")).Where(file => !file.EndsWith("LayoutTests.cs", StringComparison.Ordinal)))
        {
            Unfinished().IsMatch(File.ReadAllText(file)).ShouldBeFalse(Path.GetFileName(file));
        }
    }

    private static HashSet<string> Reach(string project)
    {
        var seen = new HashSet<string>();
        var queue = new Queue<string>([project]);
        while (queue.TryDequeue(out var next))
        {
            if (!seen.Add(next)) continue;
            foreach (var reference in Projects[next].Descendants("ProjectReference")) queue.Enqueue(Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!));
        }

        return seen;
    }

    [GeneratedRegex(@"^\| ([A-Za-z.\-]+[A-Za-z0-9.\-]*) \|", RegexOptions.Multiline)]
    private static partial Regex PackageRow();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|NotImplementedException)\b")]
    private static partial Regex Unfinished();
}
