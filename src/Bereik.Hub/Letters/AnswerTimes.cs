using Bereik.Domain;

namespace Bereik.Hub.Letters;

// When what somebody answered goes on (nl: ronde). Never at the instant at which it was said: that would tell its recipient or its source more than the answer.
internal sealed class AnswerTimes(HubSettings settings)
{
    // A yes that was given with help and that nobody else stood for in this many days lapses.
    public const int DaysToCountersign = 14;

    // An erased yes is known to its holder for this many days more.
    public const int DaysRemembered = 30;

    private static readonly TimeOnly Hour = new(3, 0);
    private static readonly TimeSpan UsualHold = TimeSpan.FromHours(72);

    // How long a yes that was given with help waits, at least.
    public TimeSpan Hold => settings.Answers.HoldSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : UsualHold;

    // How often work looks whether something is due.
    public TimeSpan Look => settings.Answers.ReleaseSeconds is { } seconds ? TimeSpan.FromSeconds(Math.Clamp(seconds / 2, 0.1, 60)) : TimeSpan.FromMinutes(1);

    // The release that comes next: each working day at the same hour.
    public DateTimeOffset NextRelease(DateTimeOffset after)
    {
        if (settings.Answers.ReleaseSeconds is { } seconds) return after.AddSeconds(seconds);
        var day = BelgianTime.DayOf(after);
        return BelgianTime.IsWorkingDay(day) && after < BelgianTime.At(day, Hour) ? BelgianTime.At(day, Hour) : BelgianTime.At(BelgianTime.AddWorkingDays(day, 1), Hour);
    }

    // The round that comes next, in which a source is told: each day at the same hour.
    public DateTimeOffset NextRound(DateTimeOffset after)
    {
        if (settings.Answers.ReleaseSeconds is { } seconds) return after.AddSeconds(seconds);
        var day = BelgianTime.DayOf(after);
        return BelgianTime.At(after < BelgianTime.At(day, Hour) ? day : day.AddDays(1), Hour);
    }

    // The last day whose roots are due at an instant.
    public static DateOnly DueDay(DateTimeOffset now)
    {
        var today = BelgianTime.DayOf(now);
        return today.AddDays(now >= BelgianTime.At(today, Hour) ? -1 : -2);
    }

    // When the roots after those are due.
    public static DateTimeOffset NextRoots(DateTimeOffset now) => BelgianTime.At(DueDay(now).AddDays(2), Hour);
}
