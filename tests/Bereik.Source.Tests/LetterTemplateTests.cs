using System.Text;
using Bereik.Exchange.Letters;
using Shouldly;
using Xunit;

namespace Bereik.Source.Tests;

public sealed class LetterTemplateTests
{
    private const string Small = """
        id: proef-brief
        version: '0.1'
        protocol: groeipakket-brief
        sender:
          name: Groeipakket
          line: Opgroeien, Brussel
        parts:
          - id: phone
            filledBy: recipient
            kind: phone
            most: 16
            nl: Het nummer.
            en: The number.
            example: 053 00 00 01
        blocks:
          - id: call
            place: main
            style: text
            text: Bel {phone} of surf naar {site}
        languages: []

        """;

    [Fact]
    public void Template_ThatShips_IsRead()
    {
        TestLetters.Template.Id.ShouldBe("groeipakket-brief");
        TestLetters.Template.Hash.Length.ShouldBe(43);
        TestLetters.Template.Parts.Where(part => part.FilledBy == LetterFiller.Recipient).Select(part => part.Id).ShouldBe(["municipality", "service", "street", "contact", "phone", "hours", "offer"]);
    }

    [Fact]
    public void Template_WithOtherWords_HasAnotherHash()
    {
        var hash = LetterFile.Read(Encoding.UTF8.GetBytes(Small)).Template!.Hash;
        LetterFile.Read(Encoding.UTF8.GetBytes(Small.Replace("Bel {phone}", "Bel ons: {phone}", StringComparison.Ordinal).Replace("    text: Bel ons: {phone} of surf naar {site}", "    text: 'Bel ons: {phone} of surf naar {site}'", StringComparison.Ordinal))).Template!.Hash.ShouldNotBe(hash);
        LetterFile.Read(Encoding.UTF8.GetBytes($"# a remark\n{Small}")).Template!.Hash.ShouldBe(hash);
    }

    [Theory]
    [InlineData("of surf naar {site}", "of surf naar {page}", "letter.part.unknown", 16)]
    [InlineData("of surf naar {site}", "of surf naar site}", "letter.part.unknown", 16)]
    [InlineData("Bel {phone} of", "Bel ons of", "letter.part.unused", 8)]
    [InlineData("style: text", "style: shout", "value.unknown", 18)]
    [InlineData("place: main", "place: envelope", "value.unknown", 17)]
    [InlineData("most: 16", "most: 160", "value.range", 11)]
    [InlineData("most: 16", "most: 8", "value.length", 8)]
    [InlineData("version: '0.1'", "version: '0.1'\nlogo: ocmw.png", "key.unknown", 3)]
    [InlineData("languages: []", "", "key.missing", 1)]
    [InlineData("    style: text", "    style: text\n    style: text", "yaml.duplicateKey", 19)]
    public void Template_ThatIsWrong_IsRefusedWithItsPlace(string was, string becomes, string code, int line)
    {
        var file = LetterFile.Read(Encoding.UTF8.GetBytes(Small.Replace(was, becomes, StringComparison.Ordinal)));
        file.Template.ShouldBeNull();
        var error = file.Errors.ShouldHaveSingleItem();
        (error.Code, error.Line).ShouldBe((code, line));
    }

    [Fact]
    public void Template_WithTheCodeTwice_IsRefused()
    {
        const string Twice = "  - id: one\n    place: main\n    style: code\n    text: Uw code\n  - id: two\n    place: answer\n    style: code\n    text: Uw code\nlanguages: []";
        LetterFile.Read(Encoding.UTF8.GetBytes(Small.Replace("languages: []", Twice, StringComparison.Ordinal))).Errors.ShouldHaveSingleItem().Code.ShouldBe("letter.block.twice");
    }

    [Theory]
    [InlineData("phone", "053 00 00 01", true)]
    [InlineData("phone", "0800 12 345", true)]
    [InlineData("phone", "+32 53 00 00 01", true)]
    [InlineData("phone", "bel ons", false)]
    [InlineData("phone", "0900", false)]
    [InlineData("lastDay", "2027-02-26", true)]
    [InlineData("lastDay", "2027-02-30", false)]
    [InlineData("lastDay", "26/02/2027", false)]
    [InlineData("dpo", "dpo@groeipakket.example", true)]
    [InlineData("dpo", "dpo", false)]
    [InlineData("contact", "Fatima en Jan (Rechten)", true)]
    [InlineData("contact", "L'équipe d'accueil", true)]
    [InlineData("contact", "Jan\nPeeters", false)]
    [InlineData("contact", "jan@ocmw.example", false)]
    [InlineData("contact", "www.ocmw.example/hulp", false)]
    [InlineData("contact", " Jan", false)]
    [InlineData("contact", "Jan  Peeters", false)]
    [InlineData("contact", "Jan {phone}", false)]
    [InlineData("contact", "Jan!", false)]
    public void Part_OfItsShape_IsFilledIn(string part, string value, bool expected)
    {
        using var writer = TestLetters.Writer(parts: (part, value));
        writer.Problems.ShouldBe(expected ? [] : [new LetterProblem("letter.part.shape", part)]);
    }

    // What a municipality fills in is held to the same lists as the text.
    [Theory]
    [InlineData("met een premie", "letter.forbidden.money")]
    [InlineData("voor mensen in armoede", "letter.forbidden.word")]
    [InlineData("met 50 euro", "letter.forbidden.amount")]
    [InlineData("maar antwoord snel", "letter.forbidden.urgency")]
    [InlineData("volgens artikel 60", "letter.forbidden.law")]
    public void Part_WithWhatMayNotStandThere_IsRefused(string offer, string code)
    {
        using var writer = TestLetters.Writer(parts: ("offer", offer));
        writer.Problems.Select(problem => problem.Code).ShouldBe([code]);
    }

    [Fact]
    public void Day_InTheLetter_IsDutch()
    {
        using var writer = TestLetters.Writer(parts: ("lastDay", "2027-03-01"));
        using var page = writer.Lay(TestLetters.Letter).Page!;
        page.Dutch.ShouldContain("Zo zegt u ja, tot 1 maart 2027");
    }
}
