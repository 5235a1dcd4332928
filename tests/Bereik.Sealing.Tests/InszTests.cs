using System.Globalization;
using Bereik.Sealing.Persons;
using CsCheck;
using Shouldly;
using Xunit;

namespace Bereik.Sealing.Tests;

public sealed class InszTests
{
    [Theory]
    [InlineData("84630946812", InszError.None)]
    [InlineData("84.63.09-468.12", InszError.None)]
    [InlineData(" 20620515960 ", InszError.None)]
    [InlineData("84630946813", InszError.CheckDigits)]
    [InlineData("84730946812", InszError.DateShape)]
    [InlineData("8463094681", InszError.LostLeadingZeros)]
    [InlineData("846309468123", InszError.Length)]
    [InlineData("8463094681a", InszError.Characters)]
    [InlineData("84-63-09-468-12", InszError.Characters)]
    [InlineData("8.46309E+10", InszError.ScientificNotation)]
    [InlineData("8,46309E+10", InszError.ScientificNotation)]
    [InlineData("84630946812.0", InszError.DecimalSuffix)]
    [InlineData("84630946812,00", InszError.DecimalSuffix)]
    [InlineData("", InszError.Empty)]
    [InlineData("٨٤٦٣٠٩٤٦٨١٢", InszError.Characters)]
    public void Parse_Text_GivesReason(string text, InszError expected) =>
        Insz.Parse(text, InszRules.WithSynthetic, out _).ShouldBe(expected);

    [Fact]
    public void Parse_SyntheticWhereNotAllowed_Refused() =>
        Insz.Parse("84630946812", InszRules.Real, out _).ShouldBe(InszError.SyntheticNotAllowed);

    [Fact]
    public void Insz_Printed_IsAFixedWord()
    {
        var insz = Insz.Parse("84630946812", InszRules.WithSynthetic);
        $"{insz}".ShouldBe("insz");
        insz.Reveal().ShouldBe("84630946812");
        Should.Throw<InvalidOperationException>(() => default(Insz).Reveal());
    }

    [Fact]
    public void Parse_MadeNumberInEitherCentury_AcceptedAndOneDigitChangedRefused() =>
        Gen.Select(Gen.Int[0, 99], Gen.Int[0, 3], Gen.Int[0, 12], Gen.Int[0, 31], Gen.Int[0, 999], Gen.Bool, Gen.Int[0, 10], Gen.Int[1, 9]).Sample(
            (year, step, month, day, number, isLater, place, change) =>
            {
                var nine = ((year * 100L + step * 20 + month) * 100 + day) * 1000 + number;
                var check = 97 - ((isLater ? 2_000_000_000 : 0) + nine) % 97;
                var text = (nine * 100 + check).ToString("D11", CultureInfo.InvariantCulture);
                if (text.TrimStart('0').Length == 0) return;
                Insz.Parse(text, InszRules.WithSynthetic).Reveal().ShouldBe(text);

                // Where the other century happens to fit the changed number, it is another number and no mistake.
                var digits = text.ToCharArray();
                digits[place] = (char)('0' + (digits[place] - '0' + change) % 10);
                var changed = new string(digits);
                if (Insz.Parse(changed, InszRules.WithSynthetic, out var other) == InszError.None) other.Reveal().ShouldBe(changed);
            }, iter: 5000);
}
