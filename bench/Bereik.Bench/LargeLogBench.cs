using System.Diagnostics;
using System.Globalization;
using System.Text;
using Bereik.Ledger;

namespace Bereik.Bench;

/// <summary>A log of many entries: the memory that writing it takes, and how long a new process needs from opening it to a verified checkpoint in hand.</summary>
internal static class LargeLogBench
{
    private const int Batch = 4_096;

    public static async Task<int> RunAsync(string[] args)
    {
        var entries = Figures.Option(args, "--entries", 10_000_000);
        var restarts = Figures.Option(args, "--restarts", 5);
        var folder = Path.Combine(Path.GetTempPath(), $"bereik-bench-{Environment.ProcessId}");
        Directory.CreateDirectory(folder);
        try
        {
            using var key = NoteSigner.Generate("bench.example/log", NoteKeyKind.Ed25519);
            await File.WriteAllTextAsync(Path.Combine(folder, "key"), key.Export());
            var atTenth = 0L;
            var (watch, tenth) = (Stopwatch.StartNew(), TimeSpan.Zero);
            Checkpoint durable;
            await using (var log = LogWriter.Create(Options(folder, key)))
            {
                var pending = new List<Task<LogPosition>>(Batch);
                for (var i = 0; i < entries; i++)
                {
                    pending.Add(log.AppendAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"entry {i:D34}")), CancellationToken.None));
                    if (pending.Count < Batch) continue;
                    await Task.WhenAll(pending);
                    pending.Clear();
                    if (atTenth == 0 && i >= entries / 10) (atTenth, tenth) = (Peak(), watch.Elapsed);
                }

                await Task.WhenAll(pending);
                durable = log.Durable;
            }

            if (durable.Size != entries) throw new InvalidDataException("The log does not have what was appended.");
            Console.WriteLine(FormattableString.Invariant($"{entries} entries of 40 bytes in {watch.Elapsed.TotalSeconds:N1} s; a tenth of them in {tenth.TotalSeconds:N1} s"));
            Console.WriteLine(FormattableString.Invariant($"peak memory: {Peak() >> 20} MB, after a tenth {atTenth >> 20} MB, ratio {(double)Peak() / atTenth:N2}"));
            var (millis, memory) = (new List<double>(), new List<double>());
            for (var i = 0; i < restarts; i++)
            {
                var (code, output) = Figures.Start(Environment.ProcessPath!, folder, "reopen", folder);
                if (code != 0 || output.Trim().Split(' ') is not [var size, var took, var peak] || long.Parse(size, CultureInfo.InvariantCulture) != entries) throw new InvalidDataException("The log was not opened as it was left.");
                millis.Add(double.Parse(took, CultureInfo.InvariantCulture));
                memory.Add(double.Parse(peak, CultureInfo.InvariantCulture));
            }

            Figures.Report("milliseconds from opening to a verified checkpoint that takes entries", millis, "N1");
            Figures.Report("peak memory of such a process, MB", memory);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // In a process of its own: open, read the checkpoint as a reader would, and take one entry that is there already.
    public static async Task<int> ReopenAsync(string folder)
    {
        if (!NoteSigner.TryParse(await File.ReadAllTextAsync(Path.Combine(folder, "key")), out var key)) return 1;
        using (key)
        {
            var watch = Stopwatch.StartNew();
            await using var log = LogWriter.Open(Options(folder, key));
            var bytes = await new FolderLog(Path.Combine(folder, "public")).ReadAsync("checkpoint", CancellationToken.None);
            if (!Checkpoint.TryOpen(bytes, key.Verifier, out _, out var checkpoint, out _) || checkpoint.Size != log.Durable.Size) return 1;
            watch.Stop();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{checkpoint.Size} {watch.Elapsed.TotalMilliseconds:F2} {Peak() >> 20}"));
            return 0;
        }
    }

    private static LogWriterOptions Options(string folder, NoteSigner key) => new() { Folder = Path.Combine(folder, "public"), JournalFolder = Path.Combine(folder, "journal"), Key = key };

    private static long Peak() => Process.GetCurrentProcess().PeakWorkingSet64;
}
