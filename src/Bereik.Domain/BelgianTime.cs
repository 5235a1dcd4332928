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

    /// <summary>Today in Brussels.</summary>
    /// <param name="clock">The node's clock.</param>
    public static DateOnly Today(this TimeProvider clock) => DayOf(clock.GetUtcNow());
}
