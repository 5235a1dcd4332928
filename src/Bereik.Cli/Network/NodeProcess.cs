using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Bereik.Cli.Network;

/// <summary>
/// One node as a process of this machine (nl: draaiende knoop). What it says goes to <c>NODE/log/node.log</c>. It stops when this
/// program ends, however it ends: its standard input closes then.
/// </summary>
public sealed class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);
    private static readonly HttpClient Health = new() { Timeout = TimeSpan.FromSeconds(2) };

    private readonly string program;
    private readonly string url;
    private readonly string folder;
    private readonly TimeProvider clock;
    private Process? process;
    private StreamWriter? log;
    private long peakBytes;

    /// <summary>Prepares a node or the login; <see cref="Start"/> starts it.</summary>
    /// <param name="id">Organisation id, or <see cref="NetworkPlan.LoginId"/>.</param>
    /// <param name="program">Name of the program, for example <c>Bereik.Hub</c>.</param>
    /// <param name="url">Where it listens.</param>
    /// <param name="folder">Its own folder, with <c>settings.json</c>.</param>
    /// <param name="clock">For the time that starting and stopping may take.</param>
    public NodeProcess(string id, string program, string url, string folder, TimeProvider clock)
    {
        Id = id;
        this.program = program;
        this.url = url;
        this.folder = folder;
        this.clock = clock;
    }

    /// <summary>Organisation id, or <see cref="NetworkPlan.LoginId"/>.</summary>
    public string Id { get; }

    /// <summary>Whether the process runs.</summary>
    public bool IsRunning => process is { HasExited: false };

    /// <summary>Exit code of a process that ended; null while it runs or before it was started.</summary>
    public int? ExitCode => process is { HasExited: true } ended ? ended.ExitCode : null;

    /// <summary>The file that holds what the node said.</summary>
    public string LogFile => Path.Combine(folder, "log", "node.log");

    /// <summary>The most memory that the node held at any moment so far, in bytes, over all its starts; 0 where the system does not tell.</summary>
    public long PeakMemoryBytes
    {
        get
        {
            ReadPeakMemory();
            return peakBytes;
        }
    }

    /// <summary>Starts the process; returns before it listens.</summary>
    public void Start()
    {
        if (IsRunning) throw new InvalidOperationException("The node runs already.");
        Directory.CreateDirectory(Path.GetDirectoryName(LogFile)!);
        log?.Dispose();
        var writer = new StreamWriter(new FileStream(LogFile, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        log = writer;
        var start = new ProcessStartInfo(NodeProgram.Find(program), ["--config", Path.Combine(folder, "settings.json")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = folder,
        };

        // The login of a demo believes everybody and starts nowhere else; a node does not read it.
        if (program == NodeProgram.Login) start.Environment["DOTNET_ENVIRONMENT"] = "Development";

        // Many short lives on one machine: what a runtime learns while it runs costs more here than it brings.
        start.Environment["DOTNET_TieredPGO"] = "0";
        process?.Dispose();
        process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, said) => WriteLine(writer, said.Data);
        process.ErrorDataReceived += (_, said) => WriteLine(writer, said.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Waits until the node answers on <c>/health</c>.</summary>
    /// <param name="cancel">Stops waiting.</param>
    /// <exception cref="NodeStartException">It ended, or did not answer within a minute; the message holds the last of what it said.</exception>
    public async Task WaitUntilHealthyAsync(CancellationToken cancel = default)
    {
        var begun = clock.GetTimestamp();
        while (true)
        {
            if (!IsRunning) throw new NodeStartException(Id, await LastWordsAsync());
            if (await IsHealthyAsync(cancel)) return;
            if (clock.GetElapsedTime(begun) > StartTime) throw new NodeStartException(Id, await LastWordsAsync());
            await Task.Delay(TimeSpan.FromMilliseconds(50), clock, cancel);
        }
    }

    /// <summary>Waits until the process ends by itself.</summary>
    /// <param name="cancel">Stops waiting.</param>
    public Task WaitForExitAsync(CancellationToken cancel = default) => process?.WaitForExitAsync(cancel) ?? Task.CompletedTask;

    /// <summary>Stops the node as an operator would (SIGTERM), and kills it when it has not stopped within ten seconds.</summary>
    public async Task StopAsync()
    {
        if (process is not { } stopping) return;
        ReadPeakMemory();
        if (IsRunning)
        {
            using var patience = new CancellationTokenSource(StopTime, clock);
            try
            {
                Signals.Terminate(stopping);
                await stopping.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                await KillAsync();
            }
        }
    }

    /// <summary>Kills the process at once (SIGKILL), as a power cut would.</summary>
    public async Task KillAsync()
    {
        if (process is not { } killed) return;
        ReadPeakMemory();
        killed.Kill();
        await killed.WaitForExitAsync();
    }

    /// <summary>Stops the node if it runs, starts it again and waits until it answers.</summary>
    /// <param name="cancel">Stops waiting.</param>
    public async Task RestartAsync(CancellationToken cancel = default)
    {
        await StopAsync();
        Start();
        await WaitUntilHealthyAsync(cancel);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        process?.Dispose();
        process = null;
        if (log is not null) await log.DisposeAsync();
        log = null;
    }

    private async Task<bool> IsHealthyAsync(CancellationToken cancel)
    {
        try
        {
            using var answer = await Health.GetAsync(new Uri(url + "/health"), cancel);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<string> LastWordsAsync()
    {
        if (process is { HasExited: true } ended) await ended.WaitForExitAsync();
        await using var file = new FileStream(LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        var lines = (await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return string.Join('\n', lines.TakeLast(8));
    }

    // The kernel keeps the highest resident size of a living process; it is gone once the process ended.
    private void ReadPeakMemory()
    {
        try
        {
            if (!IsRunning || !OperatingSystem.IsLinux()) return;
            var line = File.ReadLines($"/proc/{process!.Id}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            var kilobytes = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(1);
            if (long.TryParse(kilobytes, CultureInfo.InvariantCulture, out var found)) peakBytes = Math.Max(peakBytes, found * 1024);
        }
        catch (IOException)
        {
            // It ended in between.
        }
    }

    private static void WriteLine(StreamWriter writer, string? line)
    {
        if (line is null) return;
        lock (writer)
        {
            try
            {
                writer.WriteLine(line);
            }
            catch (ObjectDisposedException)
            {
                // A last line after the log was closed.
            }
        }
    }
}

/// <summary>A node could not start (nl: de knoop start niet).</summary>
/// <param name="node">Organisation id.</param>
/// <param name="lastWords">The last lines that it said.</param>
public sealed class NodeStartException(string node, string lastWords)
    : Exception(lastWords.Length > 0 ? $"The node {node} did not start. It said:\n{lastWords}" : $"The node {node} did not start, and said nothing.");

/// <summary>The signal that asks a process to stop.</summary>
internal static partial class Signals
{
    private const int SigTerm = 15;

    public static void Terminate(Process process)
    {
        if (OperatingSystem.IsWindows()) process.StandardInput.Close();
        else if (Kill(process.Id, SigTerm) != 0) process.Kill();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int process, int signal);
}
