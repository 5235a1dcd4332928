namespace Bereik.Node.Tests.Logs;

// Runs on from a fixed instant, and can be moved.
internal sealed class MovableClock(DateTimeOffset start) : TimeProvider
{
    private readonly long begun = System.GetTimestamp();
    private TimeSpan moved = TimeSpan.Zero;

    public void Move(TimeSpan by) => moved += by;

    public override DateTimeOffset GetUtcNow() => start + moved + System.GetElapsedTime(begun);

    public DateTimeOffset Second() => DateTimeOffset.FromUnixTimeSeconds(GetUtcNow().ToUnixTimeSeconds());
}
