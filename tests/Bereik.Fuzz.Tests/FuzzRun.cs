using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Bereik.Fuzz.Tests.Mutating;
using Bereik.Fuzz.Tests.Parsing;
using CsCheck;

namespace Bereik.Fuzz.Tests;

// Runs a parser over mutated inputs: no exception, no hang, no flood of memory, and what it accepts it writes back to the same bytes.
internal sealed class FuzzRun
{
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Hanging = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Sample = TimeSpan.FromMilliseconds(100);
    private readonly ForeignParser parser;
    private readonly IReadOnlyList<byte[]> corpus;
    private readonly ConcurrentDictionary<string, long> codes = new(StringComparer.Ordinal);
    private volatile byte[]? present;
    private long startedAt;
    private long inputs;
    private double slowest;
    private byte[] slowestInput = [];
    private double mostPerByte;
    private long most;

    public FuzzRun(ForeignParser parser)
    {
        this.parser = parser;
        corpus = Corpus.Of(parser.Name);
        if (corpus.Count == 0) throw new InvalidOperationException($"There is no corpus of {parser.Name}.");
    }

    // The share of inputs that got past the first check.
    public double Share => codes.Where(code => parser.IsPastTheFirst(code.Key)).Sum(code => code.Value) / (double)inputs;

    public string Report { get; private set; } = "";

    // A seed is printed with what failed, and the input is written down: the same seed makes the same input.
    public void Run(long count, string? seed = null)
    {
        foreach (var item in corpus) Try(item);
        codes.Clear();
        inputs = 0;
        var clock = Stopwatch.StartNew();
        using var watchdog = new Timer(_ => EndWhenItHangs(), null, Hanging, TimeSpan.FromSeconds(5));
        new Inputs(parser, corpus).Sample(Try, iter: count, threads: 1, seed: seed, print: input => WriteDown(input));
        Report = string.Create(CultureInfo.InvariantCulture,
            $"{parser.Name,-20}{inputs,9} inputs {inputs / clock.Elapsed.TotalSeconds,9:0}/s  past the first check {Share,6:0.0%}  accepted {codes.GetValueOrDefault(Verdict.Accepted) / (double)inputs,6:0.0%}  {codes.Count,3} outcomes  slowest {slowest,6:0.0} ms  most {most / 1024.0,7:0} kB, {mostPerByte,5:0} a byte");
    }

    // The most frequent outcomes, for whoever wants to know where inputs end.
    public IEnumerable<string> Outcomes => codes.OrderByDescending(code => code.Value).Take(12).Select(code => string.Create(CultureInfo.InvariantCulture, $"    {code.Key} {code.Value / (double)inputs:0.0%}"));

    // Where the input lies that took longest, to look at.
    public string WriteSlowest() => WriteDown(slowestInput);

    private void Try(byte[] input)
    {
        var (verdict, time, allocated) = Measure(input);

        if (time > MostTime && IsSlow(input)) throw new InvalidDataException($"An input took {time.TotalMilliseconds} ms.");

        // The first of a kind pays for what is made once: tables, compiled patterns, code.
        if (allocated > Bound(input)) allocated = Measure(input).Allocated;
        if (allocated > Bound(input)) throw new InvalidDataException($"An input of {input.Length} bytes took {allocated} bytes of memory, and may take {Bound(input)}.");
        if (verdict.Written is { } written && !written.AsSpan().SequenceEqual(input)) throw new InvalidDataException("What was accepted is written otherwise.");
        inputs++;
        if (time.TotalMilliseconds > slowest) (slowest, slowestInput) = (time.TotalMilliseconds, input);
        most = Math.Max(most, allocated);
        if (input.Length > 1024) mostPerByte = Math.Max(mostPerByte, allocated / (double)input.Length);
        codes.AddOrUpdate(verdict.Code, 1, (_, before) => before + 1);
    }

    private long Bound(byte[] input) => parser.MostBytesBesides + ((long)input.Length * parser.MostBytesPerByte);

    // Another process may have had the processor: slow is what takes that long of this one's own time, or every time also when what others took is left out.
    private bool IsSlow(byte[] input)
    {
        for (var again = 0; again < 4; again++)
        {
            var before = Environment.CpuUsage.TotalTime;
            var time = Measure(input).Time;
            var own = Environment.CpuUsage.TotalTime - before;
            if (own > MostTime) return true;
            if (time <= MostTime) return false;

            // What waits for something else uses next to none of its time.
            if (own > time / 50 && time * OwnShare() <= MostTime) return false;
        }

        return true;
    }

    // Which part of the time this process has a processor when it wants one, as measured now.
    private static double OwnShare()
    {
        var (before, begun) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        while (Environment.CpuUsage.TotalTime - before < Sample) Thread.SpinWait(1000);
        return Math.Min(1, Sample / Stopwatch.GetElapsedTime(begun));
    }

    private (Verdict Verdict, TimeSpan Time, long Allocated) Measure(byte[] input)
    {
        Volatile.Write(ref startedAt, Stopwatch.GetTimestamp());
        present = input;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var begun = Stopwatch.GetTimestamp();
        var verdict = parser.Read(input);
        var time = Stopwatch.GetElapsedTime(begun);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        present = null;
        return (verdict, time, allocated);
    }

    // A parser that never comes back cannot be stopped from within: the input is written down and the process ends.
    private void EndWhenItHangs()
    {
        if (present is { } input && Stopwatch.GetElapsedTime(Volatile.Read(ref startedAt)) > Hanging) Environment.FailFast($"{parser.Name} hangs on {WriteDown(input)}.");
    }

    private string WriteDown(byte[] input)
    {
        var folder = Path.Combine(Folder(), "fuzz");
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, $"{parser.Name}-{Convert.ToHexStringLower(SHA256.HashData(input))[..16]}");
        File.WriteAllBytes(file, input);
        return file;
    }

    private static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Bereik.slnx"))) folder = folder.Parent;
        return Path.Combine(folder?.FullName ?? AppContext.BaseDirectory, "artifacts");
    }

    private sealed class Inputs(ForeignParser parser, IReadOnlyList<byte[]> corpus) : Gen<byte[]>
    {
        public override byte[] Generate(PCG pcg, Size? min, out Size size)
        {
            var input = Mutation.Make(new Dice(pcg), corpus, parser.Shape, parser.Parts);
            size = new Size((ulong)input.Length);
            return input;
        }
    }
}
