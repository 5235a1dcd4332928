using System.Security.Cryptography;

namespace Bereik.Exchange.Invitations;

/// <summary>The number of one letter (nl: briefnummer): 40 random bits and a check character. It finds the invitation, and opens nothing.</summary>
/// <remarks>SECURITY: whoever has it can object in a person's place, so it is not to be guessed and not printed: write <see cref="Text"/> on purpose.</remarks>
public readonly record struct LetterNumber
{
    /// <summary>Length in characters of the canonical text.</summary>
    public const int TextLength = RandomCharacters + Checks;

    /// <summary>Random bits in it.</summary>
    public const int Bits = 40;

    private const int RandomCharacters = Bits / CodeAlphabet.Bits;
    private const int Checks = 1;
    private const int Group = 3;

    private readonly ulong bits;

    private LetterNumber(ulong bits) => this.bits = bits;

    /// <summary>Nine characters of <c>0-9 A-Z</c> without I, L, O and U: the form on the wire and in stores.</summary>
    public string Text => string.Create(TextLength, bits, static (text, bits) =>
    {
        Span<byte> values = stackalloc byte[TextLength];
        for (var i = 0; i < RandomCharacters; i++) values[i] = (byte)(bits >> (CodeAlphabet.Bits * (RandomCharacters - 1 - i)) & 31);
        CodeAlphabet.AddChecks(values, Checks);
        for (var i = 0; i < TextLength; i++) text[i] = CodeAlphabet.Symbols[values[i]];
    });

    /// <summary>The form in a letter: three groups of three with a dash between.</summary>
    public string Printed
    {
        get
        {
            var text = Text;
            return $"{text[..Group]}-{text[Group..(2 * Group)]}-{text[(2 * Group)..]}";
        }
    }

    /// <summary>Draws a number. Two draws may meet (one time in 880 among 50,000): who makes a wave draws again, and a store refuses the second.</summary>
    public static LetterNumber Random()
    {
        Span<byte> bytes = stackalloc byte[8];
        bytes.Clear();
        RandomNumberGenerator.Fill(bytes[(8 - (Bits / 8))..]);
        return new LetterNumber(System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes));
    }

    /// <summary>Reads the canonical text; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out LetterNumber number)
    {
        Span<byte> values = stackalloc byte[TextLength];
        number = default;
        return CodeAlphabet.TryParse(text, values) && TryTake(values, out number);
    }

    /// <summary>Reads what a person typed: small letters, white space and dashes anywhere, O for 0, I and L for 1. False when it is no letter number.</summary>
    public static bool TryRead(ReadOnlySpan<char> typed, out LetterNumber number)
    {
        Span<byte> values = stackalloc byte[TextLength];
        number = default;
        return CodeAlphabet.TryRead(typed, values) && TryTake(values, out number);
    }

    /// <summary>The words "letter number", never which.</summary>
    public override string ToString() => "letter number";

    private static bool TryTake(ReadOnlySpan<byte> values, out LetterNumber number)
    {
        number = default;
        if (!CodeAlphabet.HasChecks(values, Checks)) return false;
        var bits = 0UL;
        foreach (var value in values[..RandomCharacters]) bits = (bits << CodeAlphabet.Bits) | value;
        number = new LetterNumber(bits);
        return true;
    }
}
