using System.Text.RegularExpressions;
using System.Xml.Linq;
using Bereik.Cli;
using Bereik.Cli.Kit;
using Bereik.Domain;
using Bereik.Exchange.Protocols;
using Shouldly;
using Xunit;

namespace Bereik.EndToEnd.Tests;

/// <summary>The documents of an accession: everything that is known is in them, and what is blank is for a council to fill in.</summary>
public sealed partial class KitTests : IDisposable
{
    // What neither a protocol, nor the framework, nor a list of municipalities can know.
    private static readonly HashSet<string> ForTheCouncil = new(StringComparer.Ordinal)
    {
        "datum van de zitting", "nummer van het agendapunt", "aanwezige leden", "kosten en budget, of ‘geen’", "uitslag van de stemming",
        "datum van het advies", "gunstig, gunstig onder voorwaarden of ongunstig", "samenvatting van het advies", "ja, of nee met de reden", "reden, of ‘niet van toepassing’", "ja of nee",
        "naam van de dienst", "functie van de teamverantwoordelijke", "functie van de vervanger", "aantal gezinnen dat het team in zes weken kan bezoeken",
        "mailbox of telefoonnummer van de functie, niet van een persoon", "andere gemeenten van het samenwerkingsverband, met NIS-code", "naam van het voordeel", "titel en datum van het reglement",
        "datum van de herziening", "naam en handtekening van de algemeen directeur", "naam en handtekening van de voorzitter",
        "waarom een brief via de bron hier niet volstaat", "waarom een aanvraag door de inwoner zelf niet volstaat",
        "geschat aantal betrokkenen per jaar", "hoe de dienst er plaatselijk mee werkt", "kans en ernst", "restrisico", "andere risico's",
        "mening van betrokkenen of hun verenigingen, of waarom ze niet gevraagd is", "naam, functie en datum", "datum van goedkeuring",
        "e-mailadres van de functionaris", "telefoonnummer en uren", "e-mailadres van de dienst", "adres en openingsuren van het loket", "webadres van het protocol",
        "naam en ondernemingsnummer van de uitbater van het knooppunt", "naam en ondernemingsnummer van de uitbater van de pseudonimiseringsdienst", "naam en ondernemingsnummer van de leverancier van de software",
        "land en plaats van de servers", "namen van andere verwerkers, of ‘geen’", "datum van de overeenkomst", "naam, functie, datum en handtekening",
        "naam en ondernemingsnummer van de partner", "naam en contact van het gezamenlijke aanspreekpunt",
        "bewijs", "plan en dag, bij ‘voldaan met plan’", "datum", "functie van wie attesteert",
        "naam van de medewerker", "begindatum", "einddatum", "functiebeschrijving of bepaling waaruit dit blijkt", "datum en handtekening van de medewerker", "datum waarop de toegang stopte",
        "naam en functie van de eerste persoon", "naam en functie van de tweede persoon", "datum en handtekening van de eerste persoon", "datum en handtekening van de tweede persoon",
        "meldpunt voor incidenten",
    };

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("bereik-kit");

    public static TheoryData<string> Shipped => [.. ShippedProtocols.All.Select(protocol => protocol.Id)];

    private string Out => Path.Combine(folder.FullName, "kit");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Kit_ShippedProtocol_SaysWhatIsKnownAndAsksOnlyTheRest(string id)
    {
        var protocol = ShippedProtocols.All.Single(protocol => protocol.Id == id);
        var (code, output, error) = Run("--organisation", "OVO001995", "--protocol", id, "--out", Out);
        code.ShouldBe(0, error);
        error.ShouldContain("not verified");
        var files = Directory.GetFiles(Out).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal).ToList();
        string[] joint = protocol.Find<Clause.Roles>()!.Parties.Any(role => role.Role == ProcessingRole.JointController) ? ["10-onderlinge-regeling.html"] : [];
        files.ShouldBe(
        [
            "01-modelbesluit.html", "02-effectbeoordeling.html", "03-verwerkingsregister.html", "04-privacyverklaring.html", "05-verwerkersovereenkomst.html",
            "06-attestformulier.html", "07-attest-medewerker.html", "08-werkinstructie.html", "09-protocol.html", .. joint, "index.html",
        ]);
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(files.Count);

        var texts = files.ToDictionary(name => name, name => Text(name));
        foreach (var name in files)
        {
            var page = Page(name);
            page.Root!.Attribute("lang")!.Value.ShouldBe("nl");
            page.Descendants().Where(element => element.Name.LocalName is "script" or "img" or "link").ShouldBeEmpty();
            texts[name].ShouldContain("Ontwerp, alleen ter voorbereiding.");
            texts[name].ShouldContain("voorgesteld");
            // Markup that was escaped a second time, or a piece that was put into an ordinary string.
            texts[name].ShouldNotContain("<");
            texts[name].ShouldNotContain("Bereik.");
            foreach (var blank in Blanks(page)) ForTheCouncil.ShouldContain(blank, name);
        }

        var council = protocol.Find<Clause.PartiesClause>()!.Recipients.Contains(OrganisationKind.PublicCentreForWelfare) ? "raad voor maatschappelijk welzijn" : "gemeenteraad";
        texts["01-modelbesluit.html"].ShouldContain($"Modelbesluit van de {council}");
        foreach (var name in new[] { "01-modelbesluit.html", "09-protocol.html", "index.html" }) texts[name].ShouldContain(protocol.Hash);
        foreach (var name in new[] { "01-modelbesluit.html", "06-attestformulier.html", "index.html" }) texts[name].ShouldContain(FrameworkFile.Shipped.Hash);
        foreach (var reference in protocol.Clauses.OfType<Clause.Ground>().SelectMany(ground => ground.References))
        {
            texts["01-modelbesluit.html"].ShouldContain(reference.Act);
            texts["index.html"].ShouldContain(reference.Act);
        }

        foreach (var field in protocol.Find<Clause.FieldsClause>()!.Shared) texts["02-effectbeoordeling.html"].ShouldContain(field.Necessity.Nl);
        foreach (var name in new[] { "02-effectbeoordeling.html", "04-privacyverklaring.html", "08-werkinstructie.html" })
        {
            foreach (var use in protocol.Find<Clause.ForbiddenUses>()!.Uses) texts[name].ShouldContain(KitWords.Of(use), Case.Sensitive, name);
        }

        foreach (var days in new[] { protocol.InformByDays, protocol.DeleteByDays, protocol.Find<Clause.Retention>()!.ContactDays })
        {
            texts["08-werkinstructie.html"].ShouldContain($"Dag {days}:");
            texts["04-privacyverklaring.html"].ShouldContain($"{days} dagen");
        }

        texts["04-privacyverklaring.html"].ShouldContain("U hoeft niets te doen");
        foreach (var measure in FrameworkFile.Shipped.Measures) texts["06-attestformulier.html"].ShouldContain($"{measure.Id} {(measure.Blocking ? "verplicht " : "")}{measure.Nl}");
        foreach (var clause in protocol.Clauses.Where(clause => clause.Standing == Standing.Uncertain)) texts["index.html"].ShouldContain($"{clause.Nl} onzeker, te beslissen door de functionaris");
        texts["09-protocol.html"].ShouldContain(protocol.Clauses[^1].Nl);
    }

    [Theory]
    [InlineData("no Flemish municipality has this OVO code", "OVO999999", "groeipakket-onbekend")]
    [InlineData("no Flemish municipality has this OVO code", "", "groeipakket-onbekend")]
    [InlineData("Borsbeek merged into Antwerpen. Use its code, OVO001999.", "OVO002030", "groeipakket-match")]
    [InlineData("is for an OCMW, and Herstappe has none", "OVO002094", "groeipakket-onbekend")]
    [InlineData("no protocol ships under this id", "OVO001995", "groeipakket-bestaat-niet")]
    public void Kit_WrongInput_IsRefusedAndNothingIsWritten(string sentence, string organisation, string protocol)
    {
        var (code, output, error) = Run("--organisation", organisation, "--protocol", protocol, "--out", Out);
        code.ShouldBe(1);
        error.ShouldContain(sentence);
        output.ShouldBeEmpty();
        Directory.Exists(Out).ShouldBeFalse();
    }

    [Fact]
    public void Kit_HerstappeAsGemeente_Accedes() => Run("--organisation", "OVO002094", "--protocol", "groeipakket-match", "--out", Out).Code.ShouldBe(0);

    [Fact]
    public void Kit_CodeThatOutlivedAMerger_IsTheMunicipalityOfToday()
    {
        Run("--organisation", "OVO002021", "--protocol", "groeipakket-onbekend", "--out", Out).Code.ShouldBe(0);
        Text("index.html").ShouldContain("Het OCMW van Bilzen-Hoeselt");
    }

    [Fact]
    public void Kit_FolderThatIsAFileOrHoldsSomething_IsLeftAlone()
    {
        var file = Path.Combine(folder.FullName, "notes.txt");
        File.WriteAllText(file, "mine");
        foreach (var (target, sentence) in new[] { (file, "this is a file"), (folder.FullName, "this folder is not empty"), (Path.Combine(file, "kit"), "cannot be written to") })
        {
            var (code, output, error) = Run("--organisation", "OVO001995", "--protocol", "groeipakket-onbekend", "--out", target);
            code.ShouldBe(1);
            error.ShouldContain(sentence);
            output.ShouldBeEmpty();
        }

        File.ReadAllText(file).ShouldBe("mine");
        folder.GetFileSystemInfos().Length.ShouldBe(1);
    }

    [Fact]
    public void Kit_TextOfAProtocolFile_StaysText()
    {
        var path = Path.Combine(folder.FullName, "own.yaml");
        var yaml = File.ReadAllText(ShippedFile("groeipakket-onbekend.yaml"));
        const string Title = "nl: Groeipakket, gezinnen die het OCMW nog niet kent";
        yaml.ShouldContain(Title);
        File.WriteAllText(path, yaml.Replace(Title, "nl: 'A </title><script>alert(1)</script> & \"b\"'", StringComparison.Ordinal));
        var (code, _, error) = Run("--organisation", "OVO001995", "--protocol", path, "--out", Out);
        code.ShouldBe(0, error);
        foreach (var name in Directory.GetFiles(Out).Select(file => Path.GetFileName(file)!)) Page(name).Descendants().ShouldNotContain(element => element.Name.LocalName == "script");
        Text("09-protocol.html").ShouldContain("A </title><script>alert(1)</script> & \"b\"");
    }

    [Fact]
    public void Kit_ProtocolFileWithAnError_NamesTheLine()
    {
        var path = Path.Combine(folder.FullName, "own.yaml");
        File.WriteAllText(path, "id: own\n");
        var (code, output, error) = Run("--organisation", "OVO001995", "--protocol", path, "--out", Out);
        code.ShouldBe(1);
        error.ShouldContain("own.yaml:1:");
        output.ShouldBeEmpty();
        Directory.Exists(Out).ShouldBeFalse();
    }

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        return (CommandLine.Run(["protocol", "kit", .. arguments], output, error), output.ToString(), error.ToString());
    }

    private static string ShippedFile(string name)
    {
        var above = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(above.FullName, "Bereik.slnx"))) above = above.Parent!;
        return Path.Combine(above.FullName, "protocols", name);
    }

    private static IEnumerable<string> Blanks(XDocument page) =>
        page.Descendants().Where(element => element.Attribute("class")?.Value == "invullen" && element.Value.StartsWith('[')).Select(element => element.Value[1..^1]);

    private XDocument Page(string name) => XDocument.Load(Path.Combine(Out, name));

    private string Text(string name) => Spaces().Replace(string.Join(' ', Page(name).Root!.Element("body")!.DescendantNodes().OfType<XText>().Select(text => text.Value)), " ");

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
