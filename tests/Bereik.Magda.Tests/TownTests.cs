using System.Security.Cryptography;
using System.Text.Json;
using System.Xml;
using System.Xml.Schema;
using Bereik.Cli.Demo;
using Bereik.Exchange.Reference;
using Shouldly;
using Xunit;
using static Bereik.Magda.Tests.Samples;

namespace Bereik.Magda.Tests;

public sealed class TownTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bereik-town-").FullName;

    private static TownOptions Options(int families = 300, int seed = 7) =>
        new() { Seed = seed, Families = families, ReferenceMonth = Month("2026-10"), Today = new DateOnly(2026, 11, 20) };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Write_SameOptionsTwice_GivesTheSameBytes()
    {
        var first = Digest(Write("a", Options()));
        Digest(Write("b", Options())).ShouldBe(first);
        Digest(Write("c", Options(seed: 8))).ShouldNotBe(first);

        string Digest(string folder)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                hash.AppendData(System.Text.Encoding.UTF8.GetBytes(Path.GetRelativePath(folder, file)));
                hash.AppendData(File.ReadAllBytes(file));
            }

            return Convert.ToHexString(hash.GetHashAndReset());
        }
    }

    [Fact]
    public void Write_ATown_AllAnswersReadWithoutAFinding()
    {
        var summary = Town.Write(Options(), _folder, cancellationToken: TestContext.Current.CancellationToken);
        var files = MagdaFolder.Read(summary.MagdaFolder).ToArray();
        files.Length.ShouldBe(summary.AnswerFiles);
        files.ShouldAllBe(f => f.Answer != null && f.Answer.Findings.Count == 0 && f.Answer.Outcome != MagdaOutcome.Failed);
    }

    [Fact]
    public void Write_ATown_TruthAndAnswersAgree()
    {
        var summary = Town.Write(Options(), _folder, cancellationToken: TestContext.Current.CancellationToken);
        var month = Month("2026-10");
        var read = MagdaFolder.Read(Path.Combine(summary.MagdaFolder, "GeefKindVoordelen-02.00"))
            .SelectMany(f => ((MagdaContent.ChildBenefits)f.Answer!.Content).Children).Where(c => c.HasSocialSupplement(month)).Select(c => c.Insz.Digits).Order().ToArray();
        using var town = JsonDocument.Parse(File.ReadAllBytes(summary.TruthFile));
        var truth = town.RootElement.GetProperty("families").EnumerateArray().SelectMany(f => f.GetProperty("children").EnumerateArray())
            .Where(c => c.GetProperty("periods").EnumerateArray().Any(p => p.GetProperty("category").GetString() == "SOCIAAL"
                && string.CompareOrdinal(p.GetProperty("begin").GetString(), "2026-10") <= 0
                && (p.GetProperty("end").GetString() is not { } end || string.CompareOrdinal("2026-10", end) <= 0)))
            .Select(c => c.GetProperty("insz").GetString()!).Order().ToArray();
        read.ShouldBe(truth);
        read.Length.ShouldBe(summary.ChildrenWithSupplement);
    }

    [Fact]
    public void Write_ATown_HasEveryShapeAndTheRightShareOfSupplements()
    {
        var summary = Town.Write(Options(2_000), _folder, cancellationToken: TestContext.Current.CancellationToken);
        summary.Families.ShouldBe(2_000);
        summary.Shapes.Keys.Order().ShouldBe(
        [
            "co-parents", "collective-address", "deceased-beneficiary", "minor-beneficiary", "no-domicile", "reference-address", "safe-address",
            "single-parent", "three-generations", "two-parents", "unregistered",
        ]);
        (summary.FamiliesWithSupplement / 2_000.0).ShouldBeInRange(0.28, 0.34);

        using var town = JsonDocument.Parse(File.ReadAllBytes(summary.TruthFile));
        var families = town.RootElement.GetProperty("families").EnumerateArray().ToArray();
        var homes = families.SelectMany(f => f.GetProperty("homes").EnumerateArray()).ToArray();
        homes.Select(h => h.GetProperty("kind").GetString()).Distinct().Order().ShouldBe(["collective", "home", "none", "reference", "safe", "unregistered"]);
        homes.Select(h => h.GetProperty("registerNis").GetString()).Distinct().ShouldContain("44045");
        homes.Select(h => h.GetProperty("nis").GetString()).Distinct().ShouldContain("44021");
        families.ShouldContain(f => f.GetProperty("homes").GetArrayLength() == 2
            && f.GetProperty("homes")[0].GetProperty("nis").GetString() != f.GetProperty("homes")[1].GetProperty("nis").GetString());
        families.SelectMany(f => f.GetProperty("adults").EnumerateArray()).ShouldContain(a => a.GetProperty("linked").GetArrayLength() > 0);
        MagdaFolder.Read(summary.MagdaFolder).SelectMany(f => f.Answer!.ReplacedNumbers).ShouldNotBeEmpty();
    }

    [Fact]
    public void Write_ATown_NumbersAreSyntheticValidAndUnique()
    {
        var summary = Town.Write(Options(2_000), _folder, cancellationToken: TestContext.Current.CancellationToken);
        using var town = JsonDocument.Parse(File.ReadAllBytes(summary.TruthFile));
        var persons = town.RootElement.GetProperty("families").EnumerateArray()
            .SelectMany(f => f.GetProperty("adults").EnumerateArray().Concat(f.GetProperty("children").EnumerateArray()))
            .SelectMany(p => p.GetProperty("linked").EnumerateArray().Prepend(p.GetProperty("insz")));
        var others = town.RootElement.GetProperty("otherClients").EnumerateArray().Concat(town.RootElement.GetProperty("otherResidents").EnumerateArray()).Select(o => o.GetProperty("insz"));
        var numbers = persons.Concat(others).Select(n => n.GetString()!).ToArray();
        numbers.ShouldBeUnique();
        foreach (var number in numbers)
        {
            number.Length.ShouldBe(11);
            int.Parse(number[2..4], null).ShouldBeInRange(61, 72);
            var (nine, check) = (long.Parse(number[..9], null), long.Parse(number[9..], null));
            (97 - (nine % 97) == check || 97 - ((nine + 2_000_000_000) % 97) == check).ShouldBeTrue();
        }
    }

    [Fact]
    public void Write_ATown_ListsHaveTheirColumnsAndTheThreeMunicipalitiesExist()
    {
        var summary = Town.Write(Options(), _folder, cancellationToken: TestContext.Current.CancellationToken);
        summary.Places.Count.ShouldBe(3);
        foreach (var place in summary.Places)
        {
            var municipality = Municipalities.Resolve(place.Nis, new DateOnly(2026, 11, 20)).ShouldBeOfType<MunicipalityLookup.Current>().Municipality;
            (municipality.Name, municipality.HasOcmw).ShouldBe((place.Name, true));
            var residents = File.ReadAllLines(place.ResidentsFile);
            residents[0].ShouldBe("insz;given_name;family_name;linked");
            residents.Length.ShouldBeGreaterThan(3);
            residents.ShouldAllBe(r => r.Split(';', StringSplitOptions.None).Length == 4);
            var known = File.ReadAllLines(place.KnownFile);
            known[0].ShouldBe("insz;opened;closed;linked");
            known.Length.ShouldBeGreaterThan(3);
            known.ShouldAllBe(r => r.Split(';', StringSplitOptions.None).Length == 4);
        }
    }

    [Fact]
    public void Write_ATown_AnswersFollowTheSchemas()
    {
        var xsd = Shared("magda/xsd");
        Assert.SkipUnless(xsd is not null, "../shared/magda is not beside the repository.");
        var summary = Town.Write(Options(150), _folder, cancellationToken: TestContext.Current.CancellationToken);
        foreach (var (service, schema) in new[]
        {
            ("GeefKindVoordelen-02.00", "Gezin.GeefKindVoordelenDienst-02.00/WebService/GeefKindVoordelenResponse.xsd"),
            ("GeefPersoon-02.02", "Persoon.GeefPersoonDienst-02.02/WebService/GeefPersoonResponse.xsd"),
            ("GeefGezinssamenstelling-02.02", "Persoon.GeefGezinssamenstellingDienst-02.02/WebService/GeefGezinssamenstellingResponse.xsd"),
        })
        {
            List<string> complaints = [];
            var schemas = new XmlSchemaSet { XmlResolver = new XmlUrlResolver() };
            schemas.Add(null, Path.Combine(xsd!, schema));
            schemas.Compile();
            foreach (var file in Directory.EnumerateFiles(Path.Combine(summary.MagdaFolder, service)))
            {
                var settings = new XmlReaderSettings { ValidationType = ValidationType.Schema, Schemas = schemas, ValidationFlags = XmlSchemaValidationFlags.ReportValidationWarnings };
                settings.ValidationEventHandler += (_, e) => complaints.Add(e.Message);
                using var reader = XmlReader.Create(file, settings);
                while (reader.Read())
                {
                }
            }

            complaints.Distinct().ShouldBeEmpty(service);
        }
    }

    [Fact]
    public void Write_OverAnEarlierTown_LeavesNothingOfIt()
    {
        Town.Write(Options(), _folder, cancellationToken: TestContext.Current.CancellationToken);
        var summary = Town.Write(Options(40, 9), _folder, cancellationToken: TestContext.Current.CancellationToken);
        MagdaFolder.Read(summary.MagdaFolder).Count().ShouldBe(summary.AnswerFiles);
    }

    [Fact]
    public void Write_OverAnswersOfOthers_IsRefused()
    {
        var theirs = Path.Combine(_folder, "magda", "theirs.xml");
        Directory.CreateDirectory(Path.GetDirectoryName(theirs)!);
        File.WriteAllText(theirs, "<a/>");
        Should.Throw<IOException>(() => Town.Write(Options(), _folder, cancellationToken: TestContext.Current.CancellationToken));
        File.Exists(theirs).ShouldBeTrue();
    }

    private string Write(string name, TownOptions options)
    {
        var folder = Path.Combine(_folder, name);
        Town.Write(options, folder, cancellationToken: TestContext.Current.CancellationToken);
        return folder;
    }
}
