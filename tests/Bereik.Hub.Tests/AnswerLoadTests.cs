using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using Bereik.Exchange.Invitations;
using Bereik.Hub.Answers;
using Bereik.Hub.Letters;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Bereik.Hub.Tests;

// Somebody tries codes on the answer page as fast as the hub answers, over many connections, while people answer their letters.
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
        using var load = new Load(hub, wave, right);
        var before = Process.GetCurrentProcess().WorkingSet64;
        var begun = Stopwatch.GetTimestamp();
        var attack = Enumerable.Range(0, Connections).Select(connection => Task.Run(() => load.TryWrongCodesAsync(connection, wrong))).ToList();
        var (waited, tried) = (new List<TimeSpan>(), new List<TimeSpan>());
        var (most, waiting) = (before, 0);
        for (var at = 0; at < right; at++)
        {
            // Spread over the whole attack, and the last ones before it ends.
            while (load.Wrong < (long)wrong * at / right)
            {
                (most, waiting) = (Math.Max(most, Sample()), Math.Max(waiting, derivations.Count));
                await Task.Delay(Look, TestContext.Current.CancellationToken);
            }

            // By turns a letter that nobody else tries, and one that others do.
            (at % 2 == 0 ? waited : tried).Add(await load.SayYesAsync((at % 2 * (right / 2)) + (at / 2)));
        }

        await Task.WhenAll(attack);
        var took = Stopwatch.GetElapsedTime(begun);
        List<TimeSpan> all = [.. waited, .. tried];
        var rate = (load.Wrong + right) / took.TotalSeconds;
        output.WriteLine($"{load.Wrong} wrong codes and {load.Busy} times busy, {load.Unknown} numbers that there are not, over {Connections} connections in {took.TotalSeconds:0.0} s, {Environment.ProcessorCount} at once, {rate:0.0} a second; {right} right ones taken: {Told(all)}; letters that nobody else tried {Told(waited)}; those that others did {Told(tried)}; at most {waiting} waiting; {(most - before) / 1_048_576} MiB more than before.");
        load.Accepted.ShouldBe(0);
        hub.Hub.Count("SELECT count(*) FROM answer").ShouldBe(right);

        // The short run stands beside other tests on a machine that may be busy: then nobody waits for more turns than three seconds hold elsewhere.
        Share(all, 95).ShouldBeLessThan(wrong == Fewer ? TimeSpan.FromSeconds(Math.Max(Soon.TotalSeconds, Turns / rate)) : Soon);
        Share(waited, 50).ShouldBeLessThan(Share(tried, 50), "who tries a letter takes time from that letter, and not from others");
        waiting.ShouldBeLessThanOrEqualTo(Derivations.MostInAll);
        derivations.Remembered.ShouldBeLessThanOrEqualTo(Derivations.MostRemembered);
        derivations.Count.ShouldBe(0);

        // What runs at once takes 32 MiB each; the rest is room for requests.
        (most - before).ShouldBeLessThan(((Environment.ProcessorCount * 32L) + 256) * 1_048_576);
    }

    // So many of a hundred waited no longer.
    private static TimeSpan Share(List<TimeSpan> waits, int percent) => waits.Order().ElementAt((int)Math.Ceiling(waits.Count * percent / 100.0) - 1);

    private static string Told(List<TimeSpan> waits) => $"median {Share(waits, 50).TotalMilliseconds:0} ms, p95 {Share(waits, 95).TotalMilliseconds:0} ms, longest {waits.Max().TotalMilliseconds:0} ms";

    private static long Sample()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private sealed class Load(LetterHub hub, MadeWave wave, int right) : IDisposable
    {
        private readonly HttpClient browser = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });
        private long wrong;
        private long busy;
        private long unknown;
        private long accepted;

        public long Wrong => Interlocked.Read(ref wrong);

        public long Busy => Interlocked.Read(ref busy);

        public long Unknown => Interlocked.Read(ref unknown);

        public long Accepted => Interlocked.Read(ref accepted);

        // Until so many were answered as wrong by all connections together.
        public async Task TryWrongCodesAsync(int connection, int until)
        {
            while (Wrong < until)
            {
                // One in eight tries letters that people answer (every second of theirs), one in sixteen invents numbers, the others have letters of their own.
                switch (connection % 16)
                {
                    case 0:
                        Count(await SendAsync(LetterNumber.Random(), AnswerVisitor.WrongCode()));
                        await Task.Delay(Look);
                        break;
                    case 7 or 15:
                        Count(await SendAsync(wave.Letters[(right / 2) + RandomNumberGenerator.GetInt32(right / 2)].Number, AnswerVisitor.WrongCode()));
                        break;
                    default:
                        Count(await SendAsync(wave.Letters[right + RandomNumberGenerator.GetInt32(OtherLetters)].Number, AnswerVisitor.WrongCode()));
                        break;
                }
            }
        }

        public async Task<TimeSpan> SayYesAsync(int letter)
        {
            string printed;
            using (var code = wave.Codes.Code(letter)) printed = AnswerVisitor.Printed(code);
            var begun = Stopwatch.GetTimestamp();
            while (true)
            {
                var (status, page) = await SendAsync(wave.Letters[letter].Number, printed);
                if (status == HttpStatusCode.OK)
                {
                    page.ShouldContain("download=\"bewijs-ja.jws\"");
                    return Stopwatch.GetElapsedTime(begun);
                }

                status.ShouldBe(HttpStatusCode.ServiceUnavailable);
            }
        }

        public void Dispose() => browser.Dispose();

        private void Count((HttpStatusCode Status, string Page) answer)
        {
            switch (answer.Status)
            {
                case HttpStatusCode.UnprocessableEntity:
                    Interlocked.Increment(ref wrong);
                    break;
                case HttpStatusCode.ServiceUnavailable:
                    Interlocked.Increment(ref busy);
                    break;
                case HttpStatusCode.NotFound:
                    Interlocked.Increment(ref unknown);
                    break;
                default:
                    Interlocked.Increment(ref accepted);
                    break;
            }
        }

        // The form of the answer page, as a browser sends it.
        private async Task<(HttpStatusCode Status, string Page)> SendAsync(LetterNumber number, string code)
        {
            using var form = new FormUrlEncodedContent([new("stap", "ja-zeker"), new("taal", "nl"), new("nummer", number.Text), new("code", code)]);
            using var answer = await browser.PostAsync(new Uri(hub.Hub.Node.Url + AnswerPages.Path), form);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
    }
}

// Nothing else runs meanwhile: it measures how long people wait.
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
