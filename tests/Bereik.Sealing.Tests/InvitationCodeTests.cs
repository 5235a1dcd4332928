using Bereik.Exchange.Invitations;
using Bereik.Sealing.Invitations;
using CsCheck;
using Shouldly;
using Xunit;

namespace Bereik.Sealing.Tests;

// What people copy from a letter: whatever they may do to its look reads the same, and one slip reads as nothing.
public sealed class InvitationCodeTests
{
    private const string Symbols = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    // Each symbol with all that stands for it.
    private static readonly string[] Spellings = [.. Symbols.Select(symbol => symbol switch { '0' => "0Oo", '1' => "1IiLl", _ => $"{symbol}{char.ToLowerInvariant(symbol)}" })];

    private static readonly string[] Separators = ["", "", "", "-", " ", "  ", " - ", "\u00a0", "\u202f", "\u2011", "\u2013", "\u2212", "\u00ad", "\t"];

    [Fact]
    public void Alphabet_WhatLooksAlike_IsNotInItTwice()
    {
        CodeAlphabet.Symbols.ShouldBe(Symbols);
        Symbols.Distinct().Count().ShouldBe(32);
        Symbols.IndexOfAny(['I', 'L', 'O', 'U']).ShouldBe(-1);
    }

    [Fact]
    public void LetterNumber_AnyOneCharacterWrongOrTwoNeighboursSwapped_IsNone()
    {
        for (var round = 0; round < 100; round++)
        {
            var text = LetterNumber.Random().Text;
            LetterNumber.TryParse(text, out _).ShouldBeTrue();
            foreach (var wrong in Wrong(text)) (LetterNumber.TryParse(wrong, out _) || LetterNumber.TryRead(wrong, out _)).ShouldBeFalse();
        }
    }

    // And any two that change places, however far apart.
    [Fact]
    public void SecretCode_AnyOneOrTwoCharactersWrongOrTwoSwapped_IsNone()
    {
        using var codes = WaveCodes.Draw();
        for (var round = 0; round < 50; round++)
        {
            var text = TextOf(codes, round);
            IsCode(text).ShouldBeTrue();
            foreach (var wrong in Wrong(text)) IsCode(wrong).ShouldBeFalse();
            for (var i = 0; i < text.Length; i++)
                for (var j = i + 1; j < text.Length; j++)
                    if (text[i] != text[j]) IsCode(With(With(text, i, text[j]), j, text[i])).ShouldBeFalse();
        }

        // The code is linear, so two wrong in one text stand for two wrong in any.
        var one = TextOf(codes, 0);
        foreach (var first in Substitutions(one, 0, one.Length))
            foreach (var second in Substitutions(first.Text, first.At + 1, one.Length)) IsCode(second.Text).ShouldBeFalse();
    }

    [Fact]
    public void LetterNumber_TypedInAnyWay_IsTheSame() => Gen.Select(Gen.ULong, Typing(9)).Sample((seed, typing) =>
    {
        var number = NumberOf(seed);
        var typed = Type(number.Text, typing);
        return LetterNumber.TryRead(typed, out var read) && read == number && read.Text == number.Text && LetterNumber.TryParse(typed, out _) == (typed == number.Text);
    });

    [Fact]
    public void SecretCode_TypedInAnyWay_IsTheSame() => Gen.Select(Gen.ULong, Typing(14)).Sample((seed, typing) =>
    {
        using var code = SecretCode.FromBits(BitConverter.GetBytes(seed));
        var typed = Type(Canonical(code), typing);
        if (!SecretCode.TryRead(typed, out var read)) return false;
        using (read) return read.Ascii.SequenceEqual(code.Ascii);
    });

    [Fact]
    public void Typing_OfAnythingElse_IsNoNumberAndNoCode()
    {
        Gen.String[0, 80].Sample(typed =>
        {
            var plain = new string([.. typed.Where(char.IsLetterOrDigit)]);
            if (LetterNumber.TryRead(typed, out var number)) return number.Text.Length == 9 && plain.Length == 9;
            return !SecretCode.TryRead(typed, out _) || plain.Length == 14;
        });
        var text = LetterNumber.Random().Text;
        foreach (var wrong in new[] { "", " ", text[..8], text + "0", $"{text[..4]}.{text[4..]}", $"{text[..8]}U", $"{text[..8]}é", new string(' ', 56) + text, text.Replace(text[0], 'Ａ') })
            LetterNumber.TryRead(wrong, out _).ShouldBeFalse(wrong);
        LetterNumber.TryRead(new string(' ', 55) + text, out _).ShouldBeTrue();
        foreach (var wrong in new[] { text.ToLowerInvariant(), $"{text[..3]}-{text[3..]}", $" {text}" }.Where(wrong => wrong != text)) LetterNumber.TryParse(wrong, out _).ShouldBeFalse(wrong);
    }

    [Fact]
    public void Printed_InGroups_IsReadBack()
    {
        var number = LetterNumber.Random();
        number.Printed.ShouldMatch("^[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3}$");
        LetterNumber.TryRead(number.Printed, out var read).ShouldBeTrue();
        read.ShouldBe(number);
        using var codes = WaveCodes.Draw();
        using var code = codes.Code(3);
        var printed = Printed(code);
        printed.ShouldMatch("^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}$");
        printed.Replace("-", "", StringComparison.Ordinal).ShouldBe(Canonical(code));
    }

    [Fact]
    public void Wave_OfAHundredThousand_HasNoCodeTwiceAndTheSameAgain()
    {
        using var codes = WaveCodes.Draw();
        using var resumed = WaveCodes.Import(codes.Export());
        using var other = WaveCodes.Draw();
        var seen = new HashSet<string>();
        for (var i = 0; i < 100_000; i++) seen.Add(TextOf(codes, i)).ShouldBeTrue();
        foreach (var i in new[] { 0, 1, 49_999, 99_999 })
        {
            TextOf(resumed, i).ShouldBe(TextOf(codes, i));
            seen.ShouldNotContain(TextOf(other, i));
        }
    }

    [Fact]
    public void Secrets_Disposed_AreZeroAndRefuseUse()
    {
        var codes = WaveCodes.Draw();
        var code = codes.Code(0);
        var bytes = code.Ascii;
        var key = InvitationKey.Derive(code, InvitationSalt.Random());
        var sealKey = key.SealKey;
        bytes.ContainsAnyExcept((byte)0).ShouldBeTrue();
        sealKey.ContainsAnyExcept((byte)0).ShouldBeTrue();
        code.Dispose();
        key.Dispose();
        codes.Dispose();
        bytes.ContainsAnyExcept((byte)0).ShouldBeFalse();
        sealKey.ContainsAnyExcept((byte)0).ShouldBeFalse();
        Should.Throw<ObjectDisposedException>(() => InvitationKey.Derive(code, InvitationSalt.Random()));
        Should.Throw<ObjectDisposedException>(() => Printed(code));
        Should.Throw<ObjectDisposedException>(() => key.SealKey.Length);
        Should.Throw<ObjectDisposedException>(() => codes.Code(0));
        Should.Throw<ObjectDisposedException>(codes.Export);
    }

    private static Gen<(int Spelling, int Separator)[]> Typing(int length) => Gen.Select(Gen.Int[0, 59], Gen.Int[0, Separators.Length - 1]).Array[length + 1];

    private static string Type(string text, (int Spelling, int Separator)[] typing) =>
        string.Concat(text.Select((symbol, i) => $"{Separators[typing[i].Separator]}{Spelled(symbol, typing[i].Spelling)}")) + Separators[typing[^1].Separator];

    private static char Spelled(char symbol, int choice)
    {
        var all = Spellings[Symbols.IndexOf(symbol, StringComparison.Ordinal)];
        return all[choice % all.Length];
    }

    private static LetterNumber NumberOf(ulong seed)
    {
        Span<byte> values = stackalloc byte[9];
        for (var i = 0; i < 8; i++) values[i] = (byte)(seed >> (5 * i) & 31);
        CodeAlphabet.AddChecks(values, 1);
        return LetterNumber.TryParse(string.Concat(values.ToArray().Select(value => Symbols[value])), out var number) ? number : throw new InvalidOperationException("No number.");
    }

    private static IEnumerable<string> Wrong(string text)
    {
        foreach (var (wrong, _) in Substitutions(text, 0, text.Length)) yield return wrong;
        for (var i = 0; i + 1 < text.Length; i++)
            if (text[i] != text[i + 1]) yield return With(With(text, i, text[i + 1]), i + 1, text[i]);
    }

    private static IEnumerable<(string Text, int At)> Substitutions(string text, int from, int to)
    {
        for (var at = from; at < to; at++)
            foreach (var symbol in Symbols)
                if (symbol != text[at]) yield return (With(text, at, symbol), at);
    }

    private static string With(string text, int at, char symbol) => $"{text[..at]}{symbol}{text[(at + 1)..]}";

    private static bool IsCode(string text)
    {
        var isCode = SecretCode.TryRead(text, out var code);
        code?.Dispose();
        return isCode;
    }

    private static string TextOf(WaveCodes codes, int index)
    {
        using var code = codes.Code(index);
        return Canonical(code);
    }

    private static string Canonical(SecretCode code) => System.Text.Encoding.ASCII.GetString(code.Ascii);

    private static string Printed(SecretCode code)
    {
        Span<char> printed = stackalloc char[SecretCode.PrintedLength];
        code.Print(printed);
        return new string(printed);
    }
}
