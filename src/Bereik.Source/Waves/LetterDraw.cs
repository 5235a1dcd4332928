using System.Security.Cryptography;
using Bereik.Exchange.Invitations;

namespace Bereik.Source.Waves;

// Chance, where a wave needs it (nl: loting).
internal static class LetterDraw
{
    // Who of all comes in the wave, and in which order: as likely for each, and nothing of it can be foretold.
    public static List<T> Of<T>(IEnumerable<T> all, int most)
    {
        var drawn = all.ToArray();
        RandomNumberGenerator.Shuffle<T>(drawn);
        return [.. drawn.Take(most)];
    }

    // So many numbers that no two letters have, whenever they were sent. What is drawn twice is drawn again.
    public static List<LetterNumber> Numbers(int count, IReadOnlySet<string> kept, Func<LetterNumber> draw)
    {
        var (numbers, seen) = (new List<LetterNumber>(count), new HashSet<string>(StringComparer.Ordinal));
        while (numbers.Count < count)
        {
            var number = draw();
            if (!kept.Contains(number.Text) && seen.Add(number.Text)) numbers.Add(number);
        }

        return numbers;
    }
}
