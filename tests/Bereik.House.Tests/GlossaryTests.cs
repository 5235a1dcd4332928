using System.Text.RegularExpressions;
using System.Xml.Linq;
using Bereik.Domain;
using Shouldly;
using Xunit;

namespace Bereik.House.Tests;

public sealed partial class GlossaryTests
{
    private static readonly Type[] DomainTypes = [.. typeof(Protocol).Assembly.GetExportedTypes().Where(type => !type.IsNested).OrderBy(type => type.Name)];

    public static TheoryData<string> Names => [.. DomainTypes.Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void DomainType_Summary_CarriesItsDutchWord(string name)
    {
        Summary(name).ShouldMatch(@"\(nl: [^)]+\)", $"{name} has no Dutch word in its summary");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void DomainType_Glossary_NamesIt(string name)
    {
        Repository.Read("docs/glossary.md").ShouldContain($"`{name}`", customMessage: $"{name} is not in the glossary");
    }

    [Fact]
    public void Glossary_NamesInIt_Exist()
    {
        var known = DomainTypes.Select(type => type.Name).ToHashSet();
        var section = Repository.Read("docs/glossary.md").Split("## Types")[1];
        foreach (Match name in CodeWord().Matches(section)) known.ShouldContain(name.Groups[1].Value);
    }

    private static string Summary(string name)
    {
        var type = DomainTypes.Single(candidate => candidate.Name == name);
        var xml = XDocument.Load(Path.ChangeExtension(typeof(Protocol).Assembly.Location, ".xml"));
        var member = xml.Descendants("member").Single(element => (string?)element.Attribute("name") == $"T:{type.FullName}");
        return member.Element("summary")!.Value;
    }

    [GeneratedRegex(@"^\| `([A-Za-z]+)` \|", RegexOptions.Multiline)]
    private static partial Regex CodeWord();
}
