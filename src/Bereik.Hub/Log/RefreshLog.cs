namespace Bereik.Hub.Log;

// Has the checkpoint cosigned anew when nothing is appended, so that its readers can tell a quiet log from one that is kept from them. A witness
// that was silent is asked again sooner.
internal sealed class RefreshLog(HubLog log, LogWitness witness, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = Look;
        var again = clock.GetUtcNow();
        try
        {
            using var timer = new PeriodicTimer(Look, clock);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var now = clock.GetUtcNow();
                if (witness.State == WitnessState.Fresh)
                {
                    pause = Look;
                    again = witness.CosignedAt + Period;
                }

                if (now < again) continue;
                log.Refresh();
                pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
                again = now + pause;
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }
}
