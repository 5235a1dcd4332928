using System.Globalization;
using Spectre.Console;

namespace Bereik.Cli.Demo;

/// <summary>Where a demo shows how far it is.</summary>
internal interface IDemoScreen
{
    /// <summary>How far one thing is.</summary>
    /// <param name="label">What it is; the same text each time.</param>
    /// <param name="state">What is happening to it.</param>
    /// <param name="done">How much of it is done.</param>
    /// <param name="total">How much there is; 0 when that is unknown.</param>
    void Show(string label, string state, long done = 0, long total = 0);

    /// <summary>It is finished.</summary>
    /// <param name="label">What it is.</param>
    /// <param name="state">How it ended.</param>
    void End(string label, string state);
}

/// <summary>Shows progress as bars on a terminal, as lines elsewhere.</summary>
internal static class DemoScreen
{
    public static async Task<T> RunAsync<T>(TextWriter output, TimeProvider clock, Func<IDemoScreen, Task<T>> work)
    {
        if (Console.IsOutputRedirected || output != Console.Out || !AnsiConsole.Profile.Capabilities.Ansi)
        {
            await using var lines = new DemoLines(output, clock);
            return await work(lines);
        }

        return await AnsiConsole.Progress().AutoClear(false).HideCompleted(false)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 20 }, new PercentageColumn(), new SpinnerColumn())
            .StartAsync(context => work(new DemoBars(context)));
    }

    private sealed class DemoBars(ProgressContext context) : IDemoScreen
    {
        private readonly Dictionary<string, ProgressTask> bars = new(StringComparer.Ordinal);

        public void Show(string label, string state, long done, long total)
        {
            if (!bars.TryGetValue(label, out var bar)) bars[label] = bar = context.AddTask(Markup.Escape(label));
            bar.Description = Markup.Escape($"{label}: {state}");
            bar.IsIndeterminate = total <= 0;
            bar.MaxValue = Math.Max(total, 1);
            // A full bar stops counting; it fills when the thing ended.
            bar.Value = total > 0 ? Math.Min(done, total * 0.99) : 0;
        }

        public void End(string label, string state)
        {
            Show(label, state, 0, 1);
            bars[label].Value = 1;
            bars[label].StopTask();
        }
    }
}

/// <summary>Progress as lines: each new state at once, numbers every two seconds, and at least one line every four.</summary>
internal sealed class DemoLines : IDemoScreen, IAsyncDisposable
{
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Seldom = TimeSpan.FromSeconds(4);

    private readonly Dictionary<string, (string State, string Line, long At)> shown = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private readonly TextWriter output;
    private readonly TimeProvider clock;
    private readonly ITimer timer;
    private readonly long begun;
    private string? current;
    private long last;

    public DemoLines(TextWriter output, TimeProvider clock)
    {
        this.output = output;
        this.clock = clock;
        begun = last = clock.GetTimestamp();
        timer = clock.CreateTimer(_ => SayThatItGoesOn(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    public void Show(string label, string state, long done, long total)
    {
        var line = total > 0 ? string.Create(CultureInfo.InvariantCulture, $"{label}: {state} ({done}/{total})") : $"{label}: {state}";
        lock (gate)
        {
            current = line;
            if (shown.TryGetValue(label, out var before) && (before.Line == line || (before.State == state && clock.GetElapsedTime(before.At) < Often))) return;
            shown[label] = (state, line, clock.GetTimestamp());
            Write(line);
        }
    }

    public void End(string label, string state)
    {
        lock (gate)
        {
            current = null;
            shown[label] = (state, label, clock.GetTimestamp());
            Write($"{label}: {state}");
        }
    }

    public ValueTask DisposeAsync() => timer.DisposeAsync();

    private void SayThatItGoesOn()
    {
        lock (gate)
        {
            if (clock.GetElapsedTime(last) >= Seldom) Write(current ?? "...");
        }
    }

    private void Write(string line)
    {
        last = clock.GetTimestamp();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.GetElapsedTime(begun).TotalSeconds,4:0} s  {line}"));
        output.Flush();
    }
}
