namespace Bereik.Source.Tests;

// Runs on from a fixed instant in the middle of a quarter, and can be moved.
internal sealed class MovableClock(DateTimeOffset start) : TimeProvider
{
    private readonly long begun = System.GetTimestamp();
    private TimeSpan moved = TimeSpan.Zero;

    // Where every clock begins.
    public static DateTimeOffset Beginning { get; } = new(2026, 11, 20, 10, 0, 0, TimeSpan.Zero);

    public static MovableClock InTheQuarter() => new(Beginning);

    public void Move(TimeSpan by) => moved += by;

    public override DateTimeOffset GetUtcNow() => start + moved + System.GetElapsedTime(begun);

    public DateTimeOffset Second()
    {
        var now = GetUtcNow();
        return new DateTimeOffset(now.Ticks - now.Ticks % TimeSpan.TicksPerSecond, TimeSpan.Zero);
    }
}
