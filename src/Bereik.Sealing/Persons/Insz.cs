namespace Bereik.Sealing.Persons;

/// <summary>Which numbers are accepted.</summary>
/// <param name="AllowSynthetic">True in demo and tests only: accepts month + 60, which no register hands out.</param>
public readonly record struct InszRules(bool AllowSynthetic)
{
    /// <summary>The rules of production: real numbers only.</summary>
    public static InszRules Real => new(false);

    /// <summary>The rules of demo and tests: synthetic numbers too.</summary>
    public static InszRules WithSynthetic => new(true);
}

/// <summary>Why a text is no INSZ.</summary>
public enum InszError
{
    /// <summary>It is one.</summary>
    None,

    /// <summary>Nothing there.</summary>
    Empty,

    /// <summary>Not 11 digits, and none of the shapes below.</summary>
    Length,

    /// <summary>Another character than a digit, or punctuation that is not <c>YY.MM.DD-NNN.CC</c>.</summary>
    Characters,

    /// <summary>No such month or day: a month past 12 after BIS or synthetic is taken off, a day past 31; both may be 00.</summary>
    DateShape,

    /// <summary>The check digits fit neither century.</summary>
    CheckDigits,

    /// <summary>A synthetic number, where only real ones are accepted.</summary>
    SyntheticNotAllowed,

    /// <summary>A spreadsheet wrote it as <c>8.46309E+10</c>; the digits are gone.</summary>
    ScientificNotation,

    /// <summary>A spreadsheet took away leading zeros: only digits, fewer than 11.</summary>
    LostLeadingZeros,

    /// <summary>A spreadsheet added decimals: <c>.0</c> or <c>,00</c>.</summary>
    DecimalSuffix,
}

/// <summary>
/// A person's national number (nl: INSZ, identificatienummer van de sociale zekerheid): 11 digits, <c>YYMMDD NNN CC</c>; a register number,
/// a BIS number (month + 20 or + 40) or a synthetic one (month + 60).
/// </summary>
/// <remarks>SECURITY: never printed: <see cref="ToString"/> gives a fixed word and <see cref="Reveal"/> is the only way to the digits.
/// Nothing may be inferred from it, so it has no birth date and no sex.</remarks>
public readonly struct Insz : IEquatable<Insz>
{
    // Zero is no INSZ: 000000 000 has check digits 97, so default(Insz) can never have been parsed.
    private readonly long digits;

    private Insz(long digits) => this.digits = digits;

    /// <summary>Reads a number: 11 digits, or the punctuated form <c>YY.MM.DD-NNN.CC</c>; white space around it is ignored.</summary>
    /// <param name="text">What was written; never kept or repeated.</param>
    /// <param name="rules">Whether synthetic numbers are accepted.</param>
    /// <param name="insz">The number, when the result is <see cref="InszError.None"/>.</param>
    public static InszError Parse(ReadOnlySpan<char> text, InszRules rules, out Insz insz)
    {
        insz = default;
        text = text.Trim();
        if (text.IsEmpty) return InszError.Empty;
        if (text.Length == 15 && text[2] == '.' && text[5] == '.' && text[8] == '-' && text[12] == '.')
        {
            text = string.Concat(string.Concat(text[..2], text[3..5], text[6..8]), text[9..12], text[13..]);
        }

        if (FindSpreadsheetDamage(text) is not InszError.None and var damage) return damage;
        if (text.ContainsAnyExceptInRange('0', '9')) return InszError.Characters;
        if (text.Length != 11) return InszError.Length;

        var value = 0L;
        foreach (var c in text) value = value * 10 + (c - '0');
        var error = Check(value, rules);
        if (error == InszError.None) insz = new Insz(value);
        return error;
    }

    /// <summary>Reads a number that must be one.</summary>
    /// <exception cref="FormatException">It is none; the message holds the reason, not the text.</exception>
    public static Insz Parse(ReadOnlySpan<char> text, InszRules rules) =>
        Parse(text, rules, out var insz) is var error and not InszError.None ? throw new FormatException($"No INSZ: {error}.") : insz;

    /// <summary>The 11 digits. SECURITY: for the store, a message to the register or a worker who may see it; never for a log, error or URL.</summary>
    public string Reveal()
    {
        ThrowIfNone();
        return digits.ToString("D11", System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Writes the 11 digits in ASCII, so that the caller can zero them.</summary>
    public void RevealTo(Span<byte> ascii)
    {
        ThrowIfNone();
        if (!System.Buffers.Text.Utf8Formatter.TryFormat(digits, ascii, out var written, new System.Buffers.StandardFormat('D', 11)) || written != 11)
            throw new ArgumentException("Room for 11 bytes is needed.", nameof(ascii));
    }

    /// <summary>True for a synthetic number (month + 60).</summary>
    public bool IsSynthetic => digits / 10_000_000 % 100 >= 60;

    /// <summary>True for the same number.</summary>
    public bool Equals(Insz other) => digits == other.digits;

    /// <summary>True for the same number.</summary>
    public override bool Equals(object? obj) => obj is Insz other && Equals(other);

    /// <summary>A hash for tables in memory, other in every process; never stored or sent.</summary>
    public override int GetHashCode() => HashCode.Combine(digits);

    /// <summary>The word "insz", never the number.</summary>
    public override string ToString() => "insz";

    /// <summary>True for the same number.</summary>
    public static bool operator ==(Insz left, Insz right) => left.Equals(right);

    /// <summary>True for another number.</summary>
    public static bool operator !=(Insz left, Insz right) => !left.Equals(right);

    private void ThrowIfNone()
    {
        if (digits == 0) throw new InvalidOperationException("No number was read.");
    }

    private static InszError Check(long value, InszRules rules)
    {
        var nine = value / 100;
        var check = (int)(value % 100);
        var month = (int)(value / 10_000_000 % 100);
        var day = (int)(value / 100_000 % 100);
        var isSynthetic = month >= 60;
        // BIS: + 20 (sex unknown) or + 40 (known); synthetic: + 60. A foreign or unknown birth date has 00 for month, day or both.
        if (month % 20 > 12 || month > 72 || day > 31) return InszError.DateShape;

        // At most one century fits, since 2,000,000,000 mod 97 is not 0; a synthetic number's century says nothing.
        if (check != 97 - nine % 97 && check != 97 - (2_000_000_000 + nine) % 97) return InszError.CheckDigits;
        return isSynthetic && !rules.AllowSynthetic ? InszError.SyntheticNotAllowed : InszError.None;
    }

    private static InszError FindSpreadsheetDamage(ReadOnlySpan<char> text)
    {
        var digits = text.IndexOfAnyExceptInRange('0', '9');
        if (digits < 0) return text.Length is > 0 and < 11 ? InszError.LostLeadingZeros : InszError.None;
        var rest = text[digits..];
        var e = rest.IndexOfAny('e', 'E');
        if (digits > 0 && e >= 0 && e + 1 < rest.Length
            && IsDecimals(rest[..e], mayBeEmpty: true)
            && !rest[(e + 1)..].TrimStart("+").ContainsAnyExceptInRange('0', '9'))
            return InszError.ScientificNotation;
        return digits > 0 && IsDecimals(rest, mayBeEmpty: false) && rest[1..].Trim('0').IsEmpty && digits <= 11 ? InszError.DecimalSuffix : InszError.None;
    }

    private static bool IsDecimals(ReadOnlySpan<char> text, bool mayBeEmpty) =>
        text.IsEmpty ? mayBeEmpty : text[0] is '.' or ',' && text.Length > 1 && !text[1..].ContainsAnyExceptInRange('0', '9');
}
