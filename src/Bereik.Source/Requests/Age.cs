using System.Globalization;

namespace Bereik.Source.Requests;

// Of age or not, by a day of birth as the register writes it: yyyy-MM-dd, where month and day may be 00.
internal static class Age
{
    private const int Majority = 18;

    // Certainly eighteen or older; an unknown part of the day counts as the last one possible.
    public static bool IsAdultOn(DateOnly day, string? birthDay) => AdultFrom(birthDay) is { } from && from <= day;

    // Certainly, or for all that is known, younger than eighteen; not when no birth day is known.
    public static bool IsMinorOn(DateOnly day, string? birthDay) => AdultFrom(birthDay) is { } from && from > day;

    private static DateOnly? AdultFrom(string? text)
    {
        if (text is not { Length: 10 } || !Part(text.AsSpan(0, 4), out var year) || !Part(text.AsSpan(5, 2), out var month) || !Part(text.AsSpan(8, 2), out var day)) return null;
        if (year is < 1 or > 9999 - Majority) return null;
        if (month is < 1 or > 12) (month, day) = (12, 31);
        var last = DateTime.DaysInMonth(year, month);
        return new DateOnly(year, month, day < 1 || day > last ? last : day).AddYears(Majority);
    }

    private static bool Part(ReadOnlySpan<char> text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
