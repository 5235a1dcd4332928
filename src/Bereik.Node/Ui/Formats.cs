using System.Globalization;

namespace Bereik.Node.Ui;

/// <summary>Dates and numbers as people in Belgium read them, in the language of the request.</summary>
/// <param name="clock">Gives the instant of now; days are those of Europe/Brussels.</param>
public sealed class Formats(TimeProvider clock)
{
    private static readonly TimeZoneInfo Brussels = TimeZoneInfo.FindSystemTimeZoneById("Europe/Brussels");

    /// <summary>Today, Europe/Brussels.</summary>
    public DateOnly Today => DayOf(clock.GetUtcNow());

    /// <summary>The Europe/Brussels day of an instant.</summary>
    public static DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, Brussels).DateTime);

    /// <summary>Such as <c>23 november 2026</c>.</summary>
    public static string Day(DateOnly day) => day.ToString("d MMMM yyyy", CultureInfo.CurrentCulture);

    /// <summary>The Europe/Brussels day of an instant, such as <c>23 november 2026</c>.</summary>
    public static string Day(DateTimeOffset instant) => Day(DayOf(instant));

    /// <summary>Such as <c>23 november 2026, 14:05</c>, Europe/Brussels.</summary>
    public static string Moment(DateTimeOffset instant) =>
        TimeZoneInfo.ConvertTime(instant, Brussels).ToString("d MMMM yyyy, HH:mm", CultureInfo.CurrentCulture);

    /// <summary>Such as <c>maart 2020</c> for a month given as <c>2020-03</c>; what is no month is returned as it is.</summary>
    public static string Month(string month) =>
        DateOnly.TryParseExact(month + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day.ToString("MMMM yyyy", CultureInfo.CurrentCulture)
            : month;

    /// <summary>Such as <c>1.234</c>.</summary>
    public static string Number(long number) => number.ToString("N0", CultureInfo.CurrentCulture);

    /// <summary>Whole days from today up to and including nothing of <paramref name="day"/>: 0 today, negative when past.</summary>
    public int DaysUntil(DateOnly day) => day.DayNumber - Today.DayNumber;
}
