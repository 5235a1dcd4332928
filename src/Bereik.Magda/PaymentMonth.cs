using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Bereik.Magda;

/// <summary>
/// A calendar month in a payment period (nl: maand), written <c>yyyy-MM</c>. Has no day and no zone.
/// </summary>
public readonly record struct PaymentMonth : IComparable<PaymentMonth>
{
    private readonly int _index;

    private PaymentMonth(int index) => _index = index;

    /// <summary>The year, 1 to 9999.</summary>
    public int Year => (_index / 12) + 1;

    /// <summary>The month in the year, 1 to 12.</summary>
    public int Month => (_index % 12) + 1;

    /// <summary>The first day of the month.</summary>
    public DateOnly FirstDay => new(Year, Month, 1);

    /// <summary>The month that holds <paramref name="day"/>.</summary>
    /// <param name="day">Any day, Europe/Brussels.</param>
    public static PaymentMonth Of(DateOnly day) => new(((day.Year - 1) * 12) + day.Month - 1);

    /// <summary>The month that lies <paramref name="months"/> later (or earlier when negative).</summary>
    /// <param name="months">Number of months.</param>
    public PaymentMonth AddMonths(int months) => Of(FirstDay.AddMonths(months));

    /// <summary>Reads exactly <c>yyyy-MM</c>, ASCII digits, month 01 to 12.</summary>
    /// <param name="text">The text, without white space around it.</param>
    /// <param name="month">The month when the text has that shape.</param>
    /// <returns>False for every other text; never throws.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out PaymentMonth month)
    {
        month = default;
        if (text is not { Length: 7 } || text[4] != '-')
            return false;
        foreach (var i in (ReadOnlySpan<int>)[0, 1, 2, 3, 5, 6])
            if (!char.IsAsciiDigit(text[i]))
                return false;

        var year = int.Parse(text.AsSpan(0, 4), CultureInfo.InvariantCulture);
        var inYear = int.Parse(text.AsSpan(5, 2), CultureInfo.InvariantCulture);
        if (year < 1 || inYear is < 1 or > 12)
            return false;
        month = new PaymentMonth(((year - 1) * 12) + inYear - 1);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(PaymentMonth other) => _index.CompareTo(other._index);

    /// <summary>Whether the left month lies before the right one.</summary>
    /// <param name="left">A month.</param>
    /// <param name="right">Another month.</param>
    public static bool operator <(PaymentMonth left, PaymentMonth right) => left._index < right._index;

    /// <summary>Whether the left month lies after the right one.</summary>
    /// <param name="left">A month.</param>
    /// <param name="right">Another month.</param>
    public static bool operator >(PaymentMonth left, PaymentMonth right) => left._index > right._index;

    /// <summary>Whether the left month is the right one or lies before it.</summary>
    /// <param name="left">A month.</param>
    /// <param name="right">Another month.</param>
    public static bool operator <=(PaymentMonth left, PaymentMonth right) => left._index <= right._index;

    /// <summary>Whether the left month is the right one or lies after it.</summary>
    /// <param name="left">A month.</param>
    /// <param name="right">Another month.</param>
    public static bool operator >=(PaymentMonth left, PaymentMonth right) => left._index >= right._index;

    /// <summary>The month as <c>yyyy-MM</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year:0000}-{Month:00}");
}
