using Bereik.Exchange.Invitations;
using Bereik.Source.Letters;
using Shouldly;
using Xunit;

namespace Bereik.Source.Tests;

// What a process has in memory is everybody's who runs in it: nothing else runs meanwhile.
[Collection(nameof(Alone))]
public sealed class LetterMemoryTests
{
    // INVARIANT: memory does not grow with the letters. What they are written to is no file here, so that only the writer counts.
    [Fact]
    public void File_OfAThousandLetters_IsWrittenWithinBounds()
    {
        using var writer = TestLetters.Writer();
        var (early, late, written) = (0L, 0L, 0);
        var pages = writer.Write(new Counter(count => written = count), Many(1000), (_, outcome) =>
        {
            if (outcome.Page == 250) early = Environment.WorkingSet;
            if (outcome.Page == 1000) late = Environment.WorkingSet;
        });
        pages.ShouldBe(1000);
        written.ShouldBeGreaterThan(1_000_000);
        (late - early).ShouldBeLessThan(48L << 20);
    }

    private static IEnumerable<Letter> Many(int count) => Enumerable.Range(0, count).Select(index => TestLetters.Letter with
    {
        Name = $"Persoon Nummer {index}", Number = LetterNumber.Random().Printed, Code = TestLetters.CodeOf(index),
    });

    private sealed class Counter(Action<int> told) : MemoryStream
    {
        private int written;

        public override void Write(byte[] buffer, int offset, int count) => told(written += count);

        public override void Write(ReadOnlySpan<byte> buffer) => told(written += buffer.Length);
    }
}

[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
