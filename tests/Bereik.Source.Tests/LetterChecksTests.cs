using System.Text.RegularExpressions;
using System.Xml.Linq;
using Bereik.Domain;
using Bereik.Exchange.Letters;
using Bereik.Exchange.Protocols;
using Bereik.Source.Letters;
using Shouldly;
using Xunit;

namespace Bereik.Source.Tests;

// The lists of what a letter must contain and must not contain. Each item is seen to refuse a text that breaks it and nothing else.
public sealed class LetterChecksTests
{
    // What breaks one check: another text in one block.
    public static TheoryData<string, string, string> Texts => new()
    {
        { "letter.missing.sender", "day", "Vandaag" },
        { "letter.missing.sender", "signer", "Het team" },
        { "letter.missing.why", "why", "Wij schrijven u over uw Groeipakket. Er is soms recht op meer hulp, {offer}." },
        { "letter.missing.offer", "offer", "Het OCMW van {municipality} kijkt dat gratis met u na. U kunt terecht bij {service}, {street}." },
        { "letter.missing.offer", "why", "U krijgt een sociale toeslag bij uw Groeipakket. Daarom schrijven wij u." },
        { "letter.missing.unknown", "unknown", "U kiest zelf of wij uw naam doorgeven." },
        { "letter.missing.data", "data", "Dan krijgt het OCMW van ons alleen uw naam, uw voornaam en uw adres. Een maatschappelijk werker neemt contact met u op. Het OCMW mag uw gegevens alleen daarvoor gebruiken, van {from} tot {until}." },
        { "letter.missing.data", "data", "Dan krijgt het OCMW van ons uw gegevens. Een maatschappelijk werker met beroepsgeheim neemt contact met u op. Het OCMW mag uw gegevens alleen daarvoor gebruiken, van {from} tot {until}." },
        { "letter.missing.data", "data", "Dan krijgt het OCMW van ons alleen uw naam, uw voornaam en uw adres. Een maatschappelijk werker met beroepsgeheim neemt contact met u op. Het OCMW mag uw gegevens alleen daarvoor gebruiken." },
        { "letter.missing.answers", "post", "Schrijf een brief" },
        { "letter.missing.answers", "visit", "Schrijf een brief" },
        { "letter.missing.answers", "neverHeading", "Wilt u iets anders?" },
        { "letter.missing.answers", "answerHeading", "Zo zegt u ja" },
        { "letter.missing.noEffect", "noEffect", "Dan geven wij niets door." },
        { "letter.missing.change", "change", "U mag later iets anders zeggen." },
        { "letter.missing.help", "help", "Hulp nodig? Bel {phone}, {hours}. Iemand die u vertrouwt, mag u helpen." },
        { "letter.missing.help", "help", "Hulp nodig? Bel {phone}. Een tolk is gratis. Iemand die u vertrouwt, mag u helpen." },
        { "letter.missing.rights", "rights", "Opgroeien en het OCMW zijn elk verantwoordelijk voor hun deel. Uw gegevens inkijken, verbeteren of bezwaar maken? Schrijf naar {dpo}." },
        { "letter.missing.rights", "rights", "Uw gegevens inkijken, verbeteren of bezwaar maken? Schrijf naar {dpo}. Een klacht kan bij de Vlaamse Toezichtcommissie." },
        { "letter.missing.fraud", "fraud", "Wij vragen nooit uw bankrekening, uw pincode of geld." },
        { "letter.forbidden.amount", "greeting", "Het gaat om 50 euro in de maand" },
        { "letter.forbidden.amount", "greeting", "Het gaat om € 50 in de maand" },
        { "letter.forbidden.amount", "greeting", "Het gaat om 1.250 in een jaar" },
        { "letter.forbidden.word", "greeting", "Dit is voor mensen in armoede" },
        { "letter.forbidden.word", "greeting", "U bent deel van een kwetsbare groep" },
        { "letter.forbidden.word", "greeting", "U hoort bij onze doelgroep" },
        { "letter.forbidden.money", "greeting", "U krijgt dan een premie" },
        { "letter.forbidden.money", "greeting", "Er is geld voor u" },
        { "letter.forbidden.urgency", "greeting", "Dit is uw laatste kans" },
        { "letter.forbidden.urgency", "greeting", "Antwoord snel" },
        { "letter.forbidden.urgency", "greeting", "Beste mevrouw, beste heer!" },
        { "letter.forbidden.law", "greeting", "Dit doen wij volgens artikel 8" },
        { "letter.forbidden.law", "greeting", "Dit staat in het decreet" },
        { "letter.forbidden.ticked", "slipHeading", "[x] Ja, het OCMW van {municipality} mag mijn naam en adres krijgen" },
        { "letter.forbidden.question", "greeting", "Wat is uw inkomen?" },
        { "letter.forbidden.question", "greeting", "Vul in hoeveel schulden u hebt" },
        { "letter.forbidden.question", "greeting", "Bent u ziek?" },
        { "letter.forbidden.page", "greeting", "Surf naar bit.ly/abc" },
        { "letter.forbidden.page", "greeting", "Surf naar www.voorbeeld.com" },
        { "letter.page.overflow", "greeting", string.Concat(Enumerable.Repeat("U mag altijd bellen. ", 18)).TrimEnd() },
        { "letter.text.letters", "greeting", "Beste 您好" },
    };

    // What breaks one check: something that is the letter's own.
    public static TheoryData<string, string> Letters => new()
    {
        { "letter.missing.codeBlock", "code without check character" },
        { "letter.missing.codeBlock", "code with a wrong character" },
        { "letter.missing.codeBlock", "number in small letters" },
        { "letter.forbidden.insz", "number in the address" },
        { "letter.forbidden.person", "child in the name" },
        { "letter.forbidden.person", "child in the name, in other letters" },
        { "letter.forbidden.codeTwice", "code in the name" },
        { "letter.window.other", "service in the address" },
        { "letter.address.shape", "no postcode" },
        { "letter.address.shape", "no street" },
        { "letter.address.letters", "Chinese name" },
        { "letter.address.letters", "turned direction" },
        { "letter.address.tooLarge", "eight lines" },
        { "letter.address.tooLarge", "word of 60 letters" },
    };

    // What breaks one check: something on the page that layout never puts there.
    public static TheoryData<string> Pages => ["letter.forbidden.tracking", "letter.forbidden.recipientLarger", "letter.page.small", "letter.page.outside", "letter.window.address", "letter.window.other"];

    // What breaks one check: the variant, the rules or the parts.
    public static TheoryData<string> Others => ["letter.reading", "letter.reminder", "letter.language", "letter.forbidden.page", "letter.part.missing", "letter.part.unknown", "letter.part.tooLong", "letter.part.shape"];

    [Theory]
    [InlineData(LetterVariant.First)]
    [InlineData(LetterVariant.Reminder)]
    public void Letter_AsItShips_PassesEveryCheck(LetterVariant variant)
    {
        using var writer = TestLetters.Writer(variant);
        writer.Problems.ShouldBeEmpty();
        var (page, problems) = writer.Lay(TestLetters.Letter);
        using (page) problems.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Text_ThatBreaksOneCheck_IsRefusedForIt(string code, string block, string words) => Reasons(TestLetters.Letter, TestLetters.With(block, words)).ShouldBe([code]);

    [Theory]
    [MemberData(nameof(Letters))]
    public void Letter_ThatBreaksOneCheck_IsRefusedForIt(string code, string how)
    {
        var letter = TestLetters.Letter;
        Reasons(how switch
        {
            "code without check character" => letter with { Code = letter.Code[..^2] },
            "code with a wrong character" => letter with { Code = $"{letter.Code[..^1]}{(letter.Code[^1] == '0' ? '1' : '0')}" },
            "number in small letters" => letter with { Number = "abc-def-ghj" },
            "number in the address" => letter with { Address = ["Kerkstraat 1, 85.73.01-001.23", "9999 Voorbeeldstad"] },
            "child in the name" => letter with { Name = "De ouders van Emma Peeters", Withheld = ["Emma Peeters"] },
            "child in the name, in other letters" => letter with { Name = "De ouders van EMMA PEETERS", Withheld = ["Émma Peeters"] },
            "code in the name" => letter with { Name = letter.Code },
            "service in the address" => letter with { Address = ["p.a. OCMW, Kerkstraat 1", "9999 Voorbeeldstad"] },
            "no postcode" => letter with { Address = ["Kerkstraat 1", "Voorbeeldstad"] },
            "no street" => letter with { Address = [] },
            "Chinese name" => letter with { Name = "王小明" },
            "turned direction" => letter with { Name = "Fatima \u202Eissirdi" },
            "eight lines" => letter with { Address = ["p.a. de conciërge", "Residentie Zon", "Blok B", "Derde verdieping", "Deur links", "Kerkstraat 1", "9999 Voorbeeldstad"] },
            _ => letter with { Name = new string('W', 60) },
        }).ShouldBe([code]);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_ThatBreaksOneCheck_IsRefusedForIt(string code)
    {
        using var writer = TestLetters.Writer();
        using var fonts = new LetterFonts();
        using var page = writer.Lay(TestLetters.Letter).Page!;
        PageWords Words(PageRole role, string words, float points, float left, float line) => new(role, fonts.Shape(words, LetterFace.Regular, points)!, left, line);
        var broken = page with
        {
            Items = code switch
            {
                "letter.forbidden.tracking" => [.. page.Items.Select(item => item is PagePicture picture ? picture with { Holds = picture.Holds + "?u=12345" } : item)],
                "letter.forbidden.recipientLarger" => [.. page.Items, Words(PageRole.Body, "OCMW", 24, 20, 280)],
                "letter.page.small" => [.. page.Items, Words(PageRole.Body, "klein", 11, 20, 280)],
                "letter.page.outside" => [.. page.Items, Words(PageRole.Body, "daarbuiten", 12, 205, 280)],
                "letter.window.address" => [.. page.Items.Select(item => item is PageWords { Role: PageRole.Address } words ? words with { Line = words.Line + 20, Box = words.Box with { Top = words.Box.Top + 20, Bottom = words.Box.Bottom + 20 } } : item)],
                _ => [.. page.Items, Words(PageRole.Body, "toeslag", 12, 96, 60)],
            },
        };
        LetterChecks.Run(LetterChecks.All, broken, eachLetter: false).Concat(LetterChecks.Run(LetterChecks.All, broken, eachLetter: true)).Select(problem => problem.Code).ShouldBe([code]);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void Rules_ThatOneTextDoesNotMeet_RefuseIt(string code)
    {
        using var writer = code switch
        {
            "letter.reading" => TestLetters.Writer(rules: TestLetters.Rules with { LeastReading = 90 }),
            "letter.reminder" => TestLetters.Writer(template: TestLetters.With("again", block => block with { Only = null })),
            "letter.language" => TestLetters.Writer(template: TestLetters.With("greeting", block => block with { Language = "fr", Text = "Madame, Monsieur" })),
            "letter.forbidden.page" => TestLetters.Writer(rules: new() { AnswerPage = new("https://antwoord.bereik.example/?u=1") }),
            "letter.part.missing" => TestLetters.Writer(parts: ("phone", "")),
            "letter.part.unknown" => TestLetters.Writer(parts: ("slogan", "Samen sterk")),
            "letter.part.tooLong" => TestLetters.Writer(parts: ("service", new string('a', 31))),
            _ => TestLetters.Writer(parts: ("offer", "met hulp: www.voorbeeld.example")),
        };
        writer.Problems.Select(problem => problem.Code).ShouldBe([code]);
        Should.Throw<InvalidOperationException>(() => writer.Write(Stream.Null, [TestLetters.Letter], (_, _) => { }));
    }

    // INVARIANT: a check that no text is seen to fail proves nothing.
    [Fact]
    public void Codes_EachOne_IsBrokenInATest()
    {
        var broken = Texts.Select(row => row.Data.Item1).Concat(Letters.Select(row => row.Data.Item1)).Concat(Pages.Select(row => row.Data)).Concat(Others.Select(row => row.Data)).Distinct();
        broken.Order(StringComparer.Ordinal).ShouldBe(LetterChecks.Codes.Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Texts.resx")]
    [InlineData("Texts.en.resx")]
    public void Codes_EachOne_HasItsSentence(string file)
    {
        var texts = XDocument.Load(Path.Combine(Root, "src/Bereik.Source/Resources", file)).Descendants("data").Select(text => (string)text.Attribute("name")!).ToHashSet();
        LetterChecks.Codes.Select(code => $"L{code[1..]}").ShouldAllBe(key => texts.Contains(key));
    }

    [Fact]
    public void Codes_EachOne_StandsOnItsPage()
    {
        var page = File.ReadAllText(Path.Combine(Root, "docs/letter.md"));
        var named = Regex.Matches(page, @"`(letter\.[A-Za-z.]+)`").Select(match => match.Groups[1].Value).Where(name => LetterChecks.Codes.Contains(name)).Distinct();
        named.Order(StringComparer.Ordinal).ShouldBe(LetterChecks.Codes.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Refusal_ForSeveralReasons_TellsThemAll()
    {
        var template = TestLetters.With("greeting", "Dit is uw laatste kans op 50 euro") with { Sender = TestLetters.Template.Sender };
        Reasons(TestLetters.Letter, template with { Blocks = [.. template.Blocks.Where(block => block.Id != "fraud")] }).ShouldBe(["letter.missing.fraud", "letter.forbidden.amount", "letter.forbidden.urgency"]);
    }

    [Fact]
    public void Language_ThatTheProtocolNames_MayStandThere()
    {
        using var writer = TestLetters.Writer(template: TestLetters.With("greeting", block => block with { Language = "fr", Text = "Madame, Monsieur" }), rules: TestLetters.Rules with { LanguageGround = "Bestuurstaalwet, artikel 12" });
        writer.Problems.ShouldBeEmpty();
    }

    // The father has the name of his son: it is his own name that stands there.
    [Fact]
    public void Name_OfTheAddresseeHimself_MayStandThere() => Reasons(TestLetters.Letter with { Name = "Jan Peeters", Withheld = ["Jan Peeters", "Emma Peeters"] }).ShouldBeEmpty();

    [Fact]
    public void Data_InTheLetter_AreThoseOfTheProtocol()
    {
        ShippedProtocols.All.Single(protocol => protocol.Id == TestLetters.Template.Protocol).Flow.ShouldBe(Flow.Messenger);
        // Name, first name and address: what the letter says is all that the protocol lets go.
        ShippedProtocols.Of(Flow.Messenger).Fields.ShouldBe(["givenNames", "familyName", "street", "houseNumber", "box", "postcode", "place"], ignoreOrder: true);
        TestLetters.Template.Blocks.Single(block => block.Id == "data").Text.ShouldContain("alleen uw naam, uw voornaam en uw adres");
    }

    // Whoever fills every part to its end still has a letter on one side.
    [Theory]
    [InlineData(LetterVariant.First)]
    [InlineData(LetterVariant.Reminder)]
    public void Parts_AsLongAsTheyMayBe_FitOnOneSide(LetterVariant variant)
    {
        var words = string.Concat(Enumerable.Repeat("Samenhulp voor ", 8));
        using var writer = TestLetters.Writer(variant, parts: TestLetters.Template.Parts.Where(part => part.Kind == LetterPartKind.Text).Select(part => (part.Id, words[..(part.Most - 1)] + "a")).Append(("dpo", "functionaris@groeipakket.example")));
        writer.Problems.ShouldBeEmpty();
    }

    [Fact]
    public void PersonalTypes_Printed_ShowNothing()
    {
        TestLetters.Letter.ToString().ShouldBe("[brief]");
        using var writer = TestLetters.Writer();
        using var page = writer.Lay(TestLetters.Letter).Page!;
        page.ToString().ShouldBe("[bladzijde]");
        page.Items.OfType<PageWords>().First().ToString().ShouldBe("[woorden]");
        page.Items.OfType<PagePicture>().Single().ToString().ShouldBe("[beeldcode]");
        page.Text.ToString().ShouldBe("[brieftekst]");
    }

    private static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Bereik.slnx"))) folder = folder.Parent;
            return folder!.FullName;
        }
    }

    private static List<string> Reasons(Letter letter, LetterTemplate? template = null)
    {
        using var writer = TestLetters.Writer(template: template);
        if (writer.Problems.Count > 0) return [.. writer.Problems.Select(problem => problem.Code)];
        var (page, problems) = writer.Lay(letter);
        using (page) return [.. problems.Select(problem => problem.Code)];
    }
}
