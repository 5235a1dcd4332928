using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Bereik.Node.Ui;
using Shouldly;
using Xunit;

namespace Bereik.Node.Tests.Ui;

/// <summary>Every resx under src/ in Dutch has a whole English counterpart; nodes added later are covered by being there.</summary>
public sealed class TextsTests
{
    public static TheoryData<string> DutchFiles() =>
    [
        .. Directory.EnumerateFiles(Sources.Path("src"), "*.resx", SearchOption.AllDirectories)
            .Where(file => !file.Contains("node_modules") && !file.EndsWith(".en.resx", StringComparison.Ordinal))
            .Select(file => Path.GetRelativePath(Sources.Root, file)),
    ];

    [Theory]
    [MemberData(nameof(DutchFiles))]
    public void Texts_InDutchAndEnglish_HaveTheSameKeysAndPlaceholders(string file)
    {
        var dutch = Sources.Path(file);
        var english = dutch[..^".resx".Length] + ".en.resx";
        File.Exists(english).ShouldBeTrue($"{file} has no English counterpart");
        Differences(Read(dutch), Read(english)).ShouldBeEmpty();
    }

    [Fact]
    public void Texts_OfEveryProject_RepeatNoKeyOfTheSharedOnes()
    {
        var shared = Read(Sources.Path("src/Bereik.Node/Resources/Texts.resx")).Select(text => text.Key).ToHashSet();
        foreach (var row in DutchFiles().Where(row => !row.Data.Contains("Bereik.Node")))
            Read(Sources.Path(row.Data)).Select(text => text.Key).ShouldAllBe(key => !shared.Contains(key), row.Data);
    }

    [Fact]
    public void Differences_MissingEmptyExtraOrOtherPlaceholder_AreFound()
    {
        List<KeyValuePair<string, string>> dutch = [new("A", "een"), new("B", "{0} van {1}"), new("C", "drie"), new("D", "vier"), new("D", "vijf")];
        List<KeyValuePair<string, string>> english = [new("B", "{0} of all"), new("C", " "), new("D", "four"), new("E", "five")];
        Differences(dutch, english).ShouldBe(["A: not in English", "B: other placeholders", "C: empty", "D: twice", "E: not in Dutch"]);
    }

    [Fact]
    public void Text_MissingKey_ThrowsInDevelopmentOnly()
    {
        Should.Throw<KeyNotFoundException>(() => new Texts([], throwOnMissing: true)["Ui.Bestaat.Niet"]);
        new Texts([], throwOnMissing: false)["Ui.Bestaat.Niet"].ShouldBe("Ui.Bestaat.Niet");
    }

    [Fact]
    public void Text_InEitherLanguage_ComesFromItsResource()
    {
        var texts = new Texts([], throwOnMissing: true);
        var before = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("nl-BE");
            texts["Ui.Days.Left", 3].ShouldBe("nog 3 dagen");
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en-BE");
            texts["Ui.Days.Left", 3].ShouldBe("3 days left");
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    [Fact]
    public void EveryKeyUsedInAPage_OfThisProject_Exists()
    {
        var keys = Read(Sources.Path("src/Bereik.Node/Resources/Texts.resx")).Select(text => text.Key).ToHashSet();
        var used = Directory.EnumerateFiles(Sources.Path("src/Bereik.Node/Ui"), "*.razor")
            .SelectMany(file => Regex.Matches(File.ReadAllText(file), "T\\[\"([A-Za-z.]+[A-Za-z])\"").Select(match => match.Groups[1].Value)).ToList();
        used.Count.ShouldBeGreaterThan(30);
        used.ShouldAllBe(key => keys.Contains(key));
    }

    // What somebody asked for stands in the register of decisions under these words.
    [Fact]
    public void EveryActThatIsDecidedOn_HasItsWords()
    {
        var keys = DutchFiles().SelectMany(row => Read(Sources.Path(row.Data))).Select(text => text.Key).ToHashSet();
        var acts = Directory.EnumerateFiles(Sources.Path("src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Regex.Matches(File.ReadAllText(file), """(?:DecisionPoint\.\w+, |Logged\.By\([\w.()]+, |DoAsync\(id, actor, )\x22([a-z]+\.[a-z]+)\x22""").Select(match => match.Groups[1].Value)).Distinct().ToList();
        acts.Count.ShouldBeGreaterThan(20);
        acts.Where(act => !keys.Contains($"Decisions.Act.{act}")).ShouldBeEmpty();
    }

    private static List<KeyValuePair<string, string>> Read(string file) =>
        [.. XDocument.Load(file).Root!.Elements("data").Select(data => KeyValuePair.Create((string)data.Attribute("name")!, (string?)data.Element("value") ?? ""))];

    private static List<string> Differences(List<KeyValuePair<string, string>> dutch, List<KeyValuePair<string, string>> english)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var texts in new[] { dutch, english })
        {
            found.UnionWith(texts.GroupBy(text => text.Key).Where(group => group.Count() > 1).Select(group => $"{group.Key}: twice"));
            found.UnionWith(texts.Where(text => string.IsNullOrWhiteSpace(text.Value)).Select(text => $"{text.Key}: empty"));
        }
        var (nl, en) = (dutch.ToLookup(text => text.Key, text => text.Value), english.ToLookup(text => text.Key, text => text.Value));
        found.UnionWith(nl.Where(group => !en.Contains(group.Key)).Select(group => $"{group.Key}: not in English"));
        found.UnionWith(en.Where(group => !nl.Contains(group.Key)).Select(group => $"{group.Key}: not in Dutch"));
        found.UnionWith(nl.Where(group => en.Contains(group.Key) && !Placeholders(group.First()).SetEquals(Placeholders(en[group.Key].First())))
            .Select(group => $"{group.Key}: other placeholders"));
        return [.. found];
    }

    private static HashSet<string> Placeholders(string text) => [.. Regex.Matches(text, "\\{\\d+").Select(match => match.Value)];
}
