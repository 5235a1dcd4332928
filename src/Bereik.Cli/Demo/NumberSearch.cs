namespace Bereik.Cli.Demo;

/// <summary>
/// Looks for known national numbers in every file of a folder, as digits in UTF-8 or UTF-16, also within a database page. The numbers
/// are those that went into the demo, so that "none found" is a fact and not a promise. Names and other encodings are not looked for.
/// </summary>
internal static class NumberSearch
{
    private const int Digits = 11;
    private const long TopDigit = 10_000_000_000;

    /// <summary>Every run of exactly eleven digits in the files of some folders, as numbers.</summary>
    public static HashSet<long> Collect(IEnumerable<string> paths)
    {
        var found = new HashSet<long>();
        foreach (var file in paths.SelectMany(FilesOf)) Scan(file, (number, isWhole) => isWhole && found.Add(number));
        return found;
    }

    /// <summary>How many of the numbers stand in the folder, in how many files and bytes was looked.</summary>
    public static (int Found, int Files, long Bytes) Count(HashSet<long> numbers, string folder)
    {
        var found = new HashSet<long>();
        var (files, bytes) = (0, 0L);
        foreach (var file in FilesOf(folder))
        {
            files++;
            bytes += Scan(file, (number, _) => numbers.Contains(number) && found.Add(number));
        }

        return (found.Count, files, bytes);
    }

    private static IEnumerable<string> FilesOf(string path) =>
        File.Exists(path) ? [path] : Directory.Exists(path) ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories) : [];

    // Three readers look at every byte: one for single bytes, two for UTF-16 at even and odd places.
    private static long Scan(string file, Func<long, bool, bool> see)
    {
        Span<Run> runs = [default, default, default];
        var buffer = new byte[1 << 16];
        var total = 0L;
        byte before = 1;
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            int read;
            while ((read = stream.Read(buffer)) > 0)
            {
                for (var i = 0; i < read; i++)
                {
                    var now = buffer[i];
                    runs[0].Take(now, see);
                    // In UTF-16 a digit is itself beside a zero byte; both byte orders are read.
                    ref var wide = ref runs[1 + (int)((total + i) & 1)];
                    if (now == 0 && char.IsAsciiDigit((char)before)) wide.Take(before, see);
                    else if (before == 0 && char.IsAsciiDigit((char)now)) wide.Take(now, see);
                    else wide.Take(0, see);
                    before = now;
                }

                total += read;
            }

            foreach (ref var run in runs) run.Take(0, see);
            return total;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return total; // a temporary file that went while we looked, or a lock
        }
    }

    private struct Run
    {
        private long number;
        private int length;

        public void Take(byte read, Func<long, bool, bool> see)
        {
            if (read is >= (byte)'0' and <= (byte)'9')
            {
                if (length >= Digits) see(number, false);
                number = ((number % TopDigit) * 10) + (read - '0');
                length++;
                return;
            }

            if (length >= Digits) see(number, length == Digits);
            number = 0;
            length = 0;
        }
    }
}
