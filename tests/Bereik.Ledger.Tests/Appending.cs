using System.Security.Cryptography;

namespace Bereik.Ledger.Tests;

/// <summary>A program that appends until it is killed, and prints what was acknowledged: <c>index hash</c>, a line each.</summary>
internal static class Appending
{
    private const int Clients = 24;

    // Small, so that files of the journal come and go.
    public const int SegmentBytes = 64 * 1024;

    public static LogWriterOptions Options(string folder, NoteSigner key) =>
        new() { Folder = Path.Combine(folder, "log"), JournalFolder = Path.Combine(folder, "log-journal"), Key = key, SegmentBytes = SegmentBytes };

    public static async Task<int> RunAsync(string folder, string secret)
    {
        if (!NoteSigner.TryParse(secret, out var key)) return 2;
        var options = Options(folder, key);
        LogWriter writer;
        try
        {
            writer = LogWriter.Open(options);
        }
        catch (LogBrokenException missing) when (missing.Code == "log.missing")
        {
            writer = LogWriter.Create(options);
        }

        await using var output = Console.OpenStandardOutput();
        var gate = new Lock();
        async Task AppendAsync()
        {
            while (true)
            {
                var position = await writer.AppendAsync(RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(1, 400)), default);
                var line = System.Text.Encoding.ASCII.GetBytes(FormattableString.Invariant($"{position.Index} {position.Leaf}\n"));
                lock (gate) output.Write(line);
                await Task.Delay(RandomNumberGenerator.GetInt32(0, 8));
            }
        }

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(AppendAsync)));
        return 0;
    }
}
