using System.Globalization;

namespace Bereik.Domain;

/// <summary>A calendar month (nl: maand), such as the reference month of a list (nl: referentiemaand).</summary>
public readonly record struct Month : IComparable<Month>
{
    private readonly int number;

    /// <summary>Makes a month.</summary>
    /// <param name="year">Year, 1900 to 2999.</param>
    /// <param name="month">Month of the year, 1 to 12.</param>
    public Month(int year, int month)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(year, 1900);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(year, 2999);
        ArgumentOutOfRangeException.ThrowIfLessThan(month, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(month, 12);
        number = year * 12 + month - 1;
    }

    /// <summary>Year, four digits.</summary>
    public int Year => number / 12;

    /// <summary>Month of the year, 1 to 12.</summary>
    public int MonthOfYear => number % 12 + 1;

    /// <summary>The first day.</summary>
    public DateOnly FirstDay => new(Year, MonthOfYear, 1);

    /// <summary>The month that a day lies in.</summary>
    /// <param name="day">A day in Europe/Brussels.</param>
    public static Month Of(DateOnly day) => new(day.Year, day.Month);

    /// <summary>Another month.</summary>
    /// <param name="months">How many months later; negative for earlier.</param>
    public Month Plus(int months) => new((number + months) / 12, (number + months) % 12 + 1);

    /// <summary>Reads <c>yyyy-MM</c>, exactly seven characters.</summary>
    /// <param name="text">The text; may be null.</param>
    /// <param name="month">The month, when the result is true.</param>
    /// <returns>False when it is not a month from 1900 to 2999.</returns>
    public static bool TryParse(string? text, out Month month)
    {
        month = default;
        if (text is not { Length: 7 } || text[4] != '-') return false;
        if (!int.TryParse(text.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var year)) return false;
        if (!int.TryParse(text.AsSpan(5, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var part)) return false;
        if (year is < 1900 or > 2999 || part is < 1 or > 12) return false;
        month = new Month(year, part);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(Month other) => number.CompareTo(other.number);

    /// <summary>Whether one month lies before another.</summary>
    public static bool operator <(Month left, Month right) => left.number < right.number;

    /// <summary>Whether one month lies after another.</summary>
    public static bool operator >(Month left, Month right) => left.number > right.number;

    /// <summary>Whether one month lies before another or is the same.</summary>
    public static bool operator <=(Month left, Month right) => left.number <= right.number;

    /// <summary>Whether one month lies after another or is the same.</summary>
    public static bool operator >=(Month left, Month right) => left.number >= right.number;

    /// <summary>As <c>yyyy-MM</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year:0000}-{MonthOfYear:00}");
}
