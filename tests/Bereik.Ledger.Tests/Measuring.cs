using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace Bereik.Ledger.Tests;

/// <summary>Measures appends: so many clients, each with so many appends under way, for so many seconds.</summary>
internal static class Measuring
{
    private const int EntryBytes = 250;

    public static async Task<int> RunAsync(string folder, int clients, int depth, int seconds)
    {
        using var key = NoteSigner.Generate("log.example/measure", NoteKeyKind.Ed25519);
        var options = new LogWriterOptions { Folder = Path.Combine(folder, "log"), JournalFolder = Path.Combine(folder, "log-journal"), Key = key };
        await using var writer = LogWriter.Create(options);
        var counts = new long[clients * depth];
        var times = new List<long>[clients * depth];
        var watch = Stopwatch.StartNew();
        var cpu = Environment.CpuUsage.TotalTime;
        await Task.WhenAll(Enumerable.Range(0, clients * depth).Select(client => Task.Run(async () =>
        {
            var entry = RandomNumberGenerator.GetBytes(EntryBytes);
            times[client] = [];
            while (watch.Elapsed.TotalSeconds < seconds)
            {
                BitConverter.TryWriteBytes(entry, counts[client]++);
                var before = Stopwatch.GetTimestamp();
                await writer.AppendAsync(entry, default);
                if (watch.Elapsed.TotalSeconds > 1) times[client].Add(Stopwatch.GetTimestamp() - before);
            }
        })));
        var all = times.SelectMany(one => one).Order().ToList();
        string At(double part) => (all[(int)(all.Count * part)] * 1e6 / Stopwatch.Frequency).ToString("0", CultureInfo.InvariantCulture);
        await Console.Out.WriteLineAsync(FormattableString.Invariant($"{clients} x {depth}: {counts.Sum() / watch.Elapsed.TotalSeconds:0} /s, p50 {At(0.5)} us, p99 {At(0.99)} us, p99.9 {At(0.999)} us, max {At(0.999999)} us, cpu {(Environment.CpuUsage.TotalTime - cpu) / watch.Elapsed:0.00}, published {writer.Published.Text.Split('\n')[1]} of {writer.Durable.Size}"));
        watch.Restart();
        await writer.DisposeAsync();
        await Console.Out.WriteLineAsync($"close {watch.ElapsedMilliseconds} ms");
        watch.Restart();
        await using var again = LogWriter.Open(options);
        await Console.Out.WriteLineAsync($"open {watch.ElapsedMilliseconds} ms");
        watch.Restart();
        await LogCheck.CheckAsync(new FolderLog(options.Folder), again.Durable, null, default);
        await Console.Out.WriteLineAsync($"check {watch.ElapsedMilliseconds} ms");
        return 0;
    }
}
