using Bereik.Exchange.Letters;
using Bereik.Source.Letters;
using Bereik.Source.Waves;
using Shouldly;
using Xunit;

namespace Bereik.Source.Tests;

// The letter that confirms an objection: the same window and the same lists of what may not be in it, without a code.
public sealed class ObjectionLetterTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("bereik-bezwaren-").FullName;

    private static readonly LetterSettings Settings = new() { AnswerPage = WaveTown.AnswerPage, Phone = "02 000 00 02", Officer = "dpo@groeipakket.example", Signer = "An Voorbeeld", ReplyNumber = "DA 000-000-0, Knooppunt Bereik, 1000 Brussel" };

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Letter_ComesOutReadsEasily_AndItsAddressLiesInTheWindow()
    {
        using var writer = ConfirmObjections.Writer(Settings, new DateOnly(2027, 1, 25));
        writer.Problems.ShouldBeEmpty();
        writer.Reading!.Figure.ShouldBeGreaterThan(75);
        var letter = TestLetters.Letter with { Code = "", Address = ["Burgemeester Van Boeckelstraat 124 bus 12", "9999 Onze-Lieve-Vrouw-Waver"] };
        var (file, outcomes) = TestLetters.Write(folder, writer, letter);
        outcomes.ShouldHaveSingleItem().Problems.ShouldBeEmpty();
        var inSight = TestLetters.Words(file, 1).Where(word => LetterWindow.Ever.Touches(word.Box)).ToList();
        string.Join(' ', inSight.Select(word => word.Word)).ShouldBe(string.Join(' ', letter.Address.Prepend(letter.Name)));
        inSight.ShouldAllBe(word => LetterWindow.Always.Holds(word.Box));
        TestLetters.Pages(file).ShouldHaveSingleItem().Split(letter.Number).Length.ShouldBe(2, "the number, once");
    }

    // The list still holds: a word that is forbidden in every letter is forbidden in this one.
    [Fact]
    public void Letter_WithAForbiddenWord_DoesNotComeOut()
    {
        var template = ConfirmObjections.Template with { Blocks = [.. ConfirmObjections.Template.Blocks.Select(block => block.Id == "what" ? block with { Text = "U kreeg een brief over armoede en een premie van 10 euro." } : block)] };
        using var writer = new LetterWriter(template, LetterVariant.First, LetterText.Examples(template), TestLetters.Rules, LetterChecks.OfNews);
        writer.Problems.Select(problem => problem.Code).ShouldBe(["letter.forbidden.amount", "letter.forbidden.word", "letter.forbidden.money"]);
    }

    // What may go without a code is this letter alone: the one that asks for a yes does not come out without.
    [Fact]
    public void Letter_ThatAsksForAYes_NeedsItsCode()
    {
        using var writer = TestLetters.Writer();
        writer.Fits(TestLetters.Letter).ShouldBeTrue();
        writer.Fits(TestLetters.Letter with { Code = "" }).ShouldBeFalse();
    }
}
