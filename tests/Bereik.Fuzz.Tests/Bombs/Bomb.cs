using System.Diagnostics;
using System.Text;
using Shouldly;

namespace Bereik.Fuzz.Tests.Bombs;

// An input that is small to send and dear to read, or large with one thing in it. Read once to warm up, once to measure.
internal static class Bomb
{
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(30);

    // Ends with the code, in time (wide: by the clock, on a machine that may be busy; what grows with the square takes far longer), and with so much memory at the most.
    public static void ShouldEnd(byte[] bomb, Func<byte[], string> read, string code, long mostBytes)
    {
        read(bomb).ShouldBe(code);
        var begun = Stopwatch.GetTimestamp();
        var before = GC.GetAllocatedBytesForCurrentThread();
        read(bomb);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(mostBytes);
        Stopwatch.GetElapsedTime(begun).ShouldBeLessThan(MostTime);
    }

    public static byte[] Of(string text) => Encoding.UTF8.GetBytes(text);

    public static string Many(string text, int times) => new StringBuilder(text.Length * times).Insert(0, text, times).ToString();
}
