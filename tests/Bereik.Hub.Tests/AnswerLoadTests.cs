using System.Diagnostics;
using System.Security.Cryptography;
using Bereik.Exchange.Invitations;
using Bereik.Hub.Letters;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Bereik.Hub.Tests;

// Somebody tries codes as fast as the hub answers, over many connections, while people answer their letters.
[Collection(nameof(Alone))]
public sealed class AnswerLoadTests(ITestOutputHelper output)
{
    private const int Connections = 64;
    private const int Fewer = 600;
    private const int OtherLetters = 30;

    // What two processors derive in three seconds, at 41 ms each (docs/performance.md). A machine that is busy with other things takes longer for them, and nobody waits for more of them.
    private const int Turns = 146;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    [Theory]
    [InlineData(Fewer, 20)]
    [InlineData(10_000, 100)]
    public async Task RightCodes_AmongWrongOnesAtTheFullRate_AreTakenSoonAndNoWrongOneIs(int wrong, int right)
    {
        Assert.SkipUnless(wrong == Fewer || Environment.GetEnvironmentVariable("BEREIK_LONG_TESTS") == "1", "A long test: ./test.sh --long runs it.");
        await using var hub = await LetterHub.StartAsync();
        var wave = await hub.OpenedAsync(right + OtherLetters, right);
        var derivations = hub.Hub.Node.Services.GetRequiredService<Derivations>();
        var load = new Load(hub, wave, right);
        var before = Process.GetCurrentProcess().WorkingSet64;
        var begun = Stopwatch.GetTimestamp();
        var attack = Enumerable.Range(0, Connections).Select(connection => Task.Run(() => load.TryWrongCodesAsync(connection, wrong))).ToList();
        var waited = new List<TimeSpan>();
        var (most, waiting) = (before, 0);
        for (var letter = 0; letter < right; letter++)
        {
            // Spread over the whole attack, and the last ones before it ends.
            while (load.Wrong < (long)wrong * letter / right)
            {
                (most, waiting) = (Math.Max(most, Sample()), Math.Max(waiting, derivations.Count));
                await Task.Delay(Look, TestContext.Current.CancellationToken);
            }

            waited.Add(await load.SayYesAsync(letter));
        }

        await Task.WhenAll(attack);
        var took = Stopwatch.GetElapsedTime(begun);
        waited.Sort();
        var p95 = waited[(int)Math.Ceiling(waited.Count * 0.95) - 1];
        output.WriteLine($"{load.Wrong} wrong codes and {load.Busy} times busy over {Connections} connections in {took.TotalSeconds:0.0} s, {Environment.ProcessorCount} at once, {(load.Wrong + right) / took.TotalSeconds:0.0} a second; {right} right ones taken, median {waited[waited.Count / 2].TotalMilliseconds:0} ms, p95 {p95.TotalMilliseconds:0} ms, longest {waited[^1].TotalMilliseconds:0} ms; at most {waiting} waiting; {(most - before) / 1_048_576} MiB more than before.");
        load.Accepted.ShouldBe(0);
        hub.Hub.Count("SELECT count(*) FROM answer").ShouldBe(right);
        p95.ShouldBeLessThan(TimeSpan.FromTicks(Math.Max(Soon.Ticks, took.Ticks * Turns / (load.Wrong + right))));
        waiting.ShouldBeLessThanOrEqualTo(Derivations.MostInAll);
        derivations.Remembered.ShouldBeLessThanOrEqualTo(Derivations.MostRemembered);
        derivations.Count.ShouldBe(0);

        // What runs at once takes 32 MiB each; the rest is room for requests.
        (most - before).ShouldBeLessThan(((Environment.ProcessorCount * 32L) + 256) * 1_048_576);
    }

    private static long Sample()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private sealed class Load(LetterHub hub, MadeWave wave, int right)
    {
        private long wrong;
        private long busy;
        private long accepted;

        public long Wrong => Interlocked.Read(ref wrong);

        public long Busy => Interlocked.Read(ref busy);

        public long Accepted => Interlocked.Read(ref accepted);

        // Until so many were answered as wrong by all connections together.
        public async Task TryWrongCodesAsync(int connection, int until)
        {
            while (Wrong < until)
            {
                var answer = await hub.WrongAsync(Target(connection));
                if (answer.Outcome == YesOutcome.WrongCode) Interlocked.Increment(ref wrong);
                else if (answer.Outcome == YesOutcome.Busy) Interlocked.Increment(ref busy);
                else Interlocked.Increment(ref accepted);
            }
        }

        public async Task<TimeSpan> SayYesAsync(int letter)
        {
            var begun = Stopwatch.GetTimestamp();
            while (true)
            {
                var answer = await hub.YesAsync(wave, letter);
                if (answer.Outcome == YesOutcome.Taken) return Stopwatch.GetElapsedTime(begun);
                answer.Outcome.ShouldBe(YesOutcome.Busy);
            }
        }

        // Half invents numbers; of the others half has letters of its own, and half the very letters that people answer.
        private LetterNumber Target(int connection) => (connection % 4) switch
        {
            0 or 1 => LetterNumber.Random(),
            2 => wave.Letters[right + RandomNumberGenerator.GetInt32(OtherLetters)].Number,
            _ => wave.Letters[RandomNumberGenerator.GetInt32(right)].Number,
        };
    }
}

// Nothing else runs meanwhile: it measures how long people wait.
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
