namespace Bereik.Local.Tests;

// Runs on from a fixed instant in the middle of a quarter, and can be moved.
internal sealed class MovableClock(DateTimeOffset start) : TimeProvider
{
    private readonly long begun = System.GetTimestamp();
    private TimeSpan moved = TimeSpan.Zero;

    public void Move(TimeSpan by) => moved += by;

    public override DateTimeOffset GetUtcNow() => start + moved + System.GetElapsedTime(begun);

    public DateTimeOffset Second()
    {
        var now = GetUtcNow();
        return new DateTimeOffset(now.Ticks - now.Ticks % TimeSpan.TicksPerSecond, TimeSpan.Zero);
    }
}
