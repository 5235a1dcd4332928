namespace Bereik.Domain;

/// <summary>
/// Belgian days (nl: Belgische dagen). Instants are kept in UTC; terms such as "inform by day 28" are counted in days of Europe/Brussels.
/// </summary>
public static class BelgianTime
{
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Brussels");

    /// <summary>The day on which an instant falls in Brussels.</summary>
    /// <param name="instant">Any instant.</param>
    public static DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, Zone).DateTime);

    /// <summary>The instant, in UTC, at which a day begins in Brussels.</summary>
    /// <param name="day">A day in Brussels.</param>
    public static DateTimeOffset StartOf(DateOnly day) => At(day, TimeOnly.MinValue);

    /// <summary>The instant, in UTC, at which a clock in Brussels shows a time on a day. Of an hour that is there twice, the second; one that is skipped counts as winter time.</summary>
    /// <param name="day">A day in Brussels.</param>
    /// <param name="time">The time there.</param>
    public static DateTimeOffset At(DateOnly day, TimeOnly time)
    {
        var local = day.ToDateTime(time);
        return new DateTimeOffset(local, Zone.GetUtcOffset(local)).ToUniversalTime();
    }

    /// <summary>The day that lies a number of working days after another (nl: werkdagen): no Saturday, no Sunday, none of the ten legal holidays (KB 18 April 1974).</summary>
    /// <param name="day">The day from which is counted; it does not count itself.</param>
    /// <param name="count">How many working days, not negative.</param>
    public static DateOnly AddWorkingDays(DateOnly day, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        while (count > 0)
        {
            day = day.AddDays(1);
            if (IsWorkingDay(day)) count--;
        }

        return day;
    }

    /// <summary>Whether a day is a working day.</summary>
    /// <param name="day">The day.</param>
    public static bool IsWorkingDay(DateOnly day)
    {
        if (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday) return false;
        if ((day.Month, day.Day) is (1, 1) or (5, 1) or (7, 21) or (8, 15) or (11, 1) or (11, 11) or (12, 25)) return false;
        return day.DayNumber - Easter(day.Year).DayNumber is not (1 or 39 or 50);
    }

    // The Gregorian computus of Meeus, Jones and Butcher.
    private static DateOnly Easter(int year)
    {
        var (a, b, c) = (year % 19, year / 100, year % 100);
        var h = ((19 * a) + b - (b / 4) - ((b - ((b + 8) / 25) + 1) / 3) + 15) % 30;
        var l = (32 + (2 * (b % 4)) + (2 * (c / 4)) - h - (c % 4)) % 7;
        var m = (a + (11 * h) + (22 * l)) / 451;
        var day = h + l - (7 * m) + 114;
        return new DateOnly(year, day / 31, (day % 31) + 1);
    }

    /// <summary>Today in Brussels.</summary>
    /// <param name="clock">The node's clock.</param>
    public static DateOnly Today(this TimeProvider clock) => DayOf(clock.GetUtcNow());
}
