using Bereik.Source.Letters;
using Shouldly;
using Xunit;

namespace Bereik.Source.Tests;

public sealed class ReadingLevelTests
{
    // Counted by hand, by the rules of hyphenation.
    [Theory]
    [InlineData("u", 1)]
    [InlineData("brief", 1)]
    [InlineData("nieuwe", 2)]
    [InlineData("leeuw", 1)]
    [InlineData("groeipakket", 3)]
    [InlineData("toeslag", 2)]
    [InlineData("sociale", 4)]
    [InlineData("maatschappelijk", 4)]
    [InlineData("beroepsgeheim", 4)]
    [InlineData("bezwaar", 2)]
    [InlineData("geïnteresseerd", 5)]
    [InlineData("beëindigen", 4)]
    [InlineData("coördinatie", 5)]
    [InlineData("januari", 4)]
    [InlineData("functionaris", 5)]
    [InlineData("gegevensbescherming", 6)]
    [InlineData("energierekening", 6)]
    [InlineData("type", 2)]
    [InlineData("royaal", 2)]
    [InlineData("mooi", 1)]
    [InlineData("zo'n", 1)]
    [InlineData("OCMW", 4)]
    public void Word_ItsSyllables_AreCounted(string word, int expected) => ReadingLevel.SyllablesOf(word).ShouldBe(expected);

    [Fact]
    public void Text_ItsFigure_IsThatOfTheFormula()
    {
        // Two sentences, eight words, eleven syllables: 206.84 - 0.93 x 4 - 77 x 11/8.
        var level = ReadingLevel.Of(["U kiest zelf. Het OCMW hoort dat niet."]);
        (level.Sentences, level.Words, level.Syllables).ShouldBe((2, 8, 11));
        level.Figure.ShouldBe(206.84 - 3.72 - 105.875, 0.001);
    }

    [Fact]
    public void Figures_AndPages_EndNoSentence()
    {
        ReadingLevel.Of(["Bel 053 00 00 01 van 9.30 tot 12 uur, of surf naar antwoord.bereik.example"]).Sentences.ShouldBe(1);
        ReadingLevel.Of(["12 345", ""]).Figure.ShouldBe(0);
    }

    [Fact]
    public void OfficialText_BesideOurs_IsMuchHarder()
    {
        var official = ReadingLevel.Of(["Overeenkomstig de toepasselijke regelgeving betreffende de verwerking van persoonsgegevens informeren wij u dat uw identificatiegegevens uitsluitend na voorafgaandelijke toestemming aan het openbaar centrum voor maatschappelijk welzijn meegedeeld kunnen worden."]);
        official.Figure.ShouldBeLessThan(30);
        using var writer = TestLetters.Writer();
        writer.Reading!.Figure.ShouldBeGreaterThan(78);
    }
}
