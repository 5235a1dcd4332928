namespace Bereik.Exchange.Invitations;

/// <summary>
/// The thirty-two characters of letter numbers and secret codes, and their check characters (nl: tekens van een code). A text is a polynomial over GF(32),
/// first character highest, that a generator divides: <c>x - a</c> with one check character, <c>(x - a)(x - a²)</c> with two. Format in <c>docs/formats/invitation.md</c>.
/// </summary>
internal static class CodeAlphabet
{
    /// <summary>Crockford's: no I, L, O and U. Value 0 to 31 in this order.</summary>
    public const string Symbols = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>The most characters that a person's typing may have, separators included.</summary>
    public const int MostTyped = 64;

    /// <summary>Bits of one character.</summary>
    public const int Bits = 5;

    private const int Generator = 2;
    private const int Modulus = 0b100101;

    /// <summary>Reads the canonical characters and nothing else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, Span<byte> values)
    {
        if (text.Length != values.Length) return false;
        for (var i = 0; i < text.Length; i++)
        {
            var value = Symbols.IndexOf(text[i], StringComparison.Ordinal);
            if (value < 0) return false;
            values[i] = (byte)value;
        }

        return true;
    }

    /// <summary>Reads what a person typed: small letters, white space and dashes anywhere, O for 0, I and L for 1.</summary>
    public static bool TryRead(ReadOnlySpan<char> typed, Span<byte> values)
    {
        if (typed.Length > MostTyped) return false;
        var count = 0;
        foreach (var c in typed)
        {
            if (IsSeparator(c)) continue;
            var value = ValueOf(c);
            if (value < 0 || count == values.Length) return false;
            values[count++] = (byte)value;
        }

        return count == values.Length;
    }

    /// <summary>Fills the last <paramref name="checks"/> places.</summary>
    public static void AddChecks(Span<byte> values, int checks)
    {
        // The remainder of message times x^checks: long division, the dividend being all but the last places.
        Span<byte> divisor = stackalloc byte[checks + 1];
        MakeDivisor(divisor);
        var remainder = values[^checks..];
        remainder.Clear();
        foreach (var value in values[..^checks])
        {
            var factor = value ^ remainder[0];
            for (var i = 0; i < checks; i++) remainder[i] = (byte)((i + 1 < checks ? remainder[i + 1] : 0) ^ Multiply(factor, divisor[i + 1]));
        }
    }

    /// <summary>True when the check characters fit.</summary>
    public static bool HasChecks(ReadOnlySpan<byte> values, int checks)
    {
        var root = 1;
        for (var k = 0; k < checks; k++)
        {
            root = Multiply(root, Generator);
            var sum = 0;
            foreach (var value in values) sum = Multiply(sum, root) ^ value;
            if (sum != 0) return false;
        }

        return true;
    }

    /// <summary>Product in GF(32), modulo x^5 + x^2 + 1.</summary>
    internal static int Multiply(int a, int b)
    {
        var product = 0;
        for (; b > 0; b >>= 1)
        {
            if ((b & 1) != 0) product ^= a;
            a <<= 1;
            if ((a & 32) != 0) a ^= Modulus;
        }

        return product;
    }

    private static void MakeDivisor(Span<byte> divisor)
    {
        divisor.Clear();
        divisor[0] = 1;
        var root = 1;
        for (var degree = 1; degree < divisor.Length; degree++)
        {
            root = Multiply(root, Generator);
            for (var i = degree; i > 0; i--) divisor[i] = (byte)(divisor[i] ^ Multiply(divisor[i - 1], root));
        }
    }

    private static bool IsSeparator(char c) => char.IsWhiteSpace(c) || c is '-' or '\u00ad' or '\u2212' or (>= '\u2010' and <= '\u2015');

    // By hand and not by culture: in Turkish the small i is no small form of I.
    private static int ValueOf(char c) => (c is >= 'a' and <= 'z' ? (char)(c - 'a' + 'A') : c) switch
    {
        'O' => 0,
        'I' or 'L' => 1,
        var plain => Symbols.IndexOf(plain, StringComparison.Ordinal),
    };
}
