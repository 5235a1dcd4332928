using System.Diagnostics;
using System.Text.RegularExpressions;
using Xunit;

[assembly: AssemblyFixture(typeof(Bereik.Interop.Tests.Jose))]

namespace Bereik.Interop.Tests;

/// <summary>The programs of docs/integrate.md, taken out of the page as they stand there, beside the one library that they name.</summary>
public sealed partial class Jose : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly string folder = Path.Combine(AppContext.BaseDirectory, "jose");
    private string? missing;

    /// <summary>The programs of the page, by name.</summary>
    public static IReadOnlyDictionary<string, string> Programs { get; } =
        Program().Matches(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "integrate.md"))).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(folder);
        foreach (var name in new[] { "package.json", "package-lock.json" }) File.Copy(Path.Combine(AppContext.BaseDirectory, name), Path.Combine(folder, name), overwrite: true);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "programs"))) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        foreach (var (name, text) in Programs) await File.WriteAllTextAsync(Path.Combine(folder, name), text);
        try
        {
            var (code, _, said) = await RunAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], null);
            if (code != 0) missing = $"npm could not install the library: {said}";
        }
        catch (Exception absent) when (absent is System.ComponentModel.Win32Exception or TimeoutException)
        {
            missing = "Node.js with npm is not on this machine, or npm does not answer.";
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Starts a program that goes on until its input closes; skips the test where the libraries are not to be had.</summary>
    public Process Start(string program, params string[] arguments)
    {
        Assert.SkipWhen(missing is not null, missing ?? "");
        return Process.Start(new ProcessStartInfo("node", [program, .. arguments]) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    /// <summary>Runs a program of the page; skips the test where the library is not to be had.</summary>
    public Task<(int Code, string Output, string Error)> NodeAsync(string program, params string[] arguments) => NodeWithAsync(program, null, arguments);

    public async Task<(int Code, string Output, string Error)> NodeWithAsync(string program, string? input, params string[] arguments)
    {
        Assert.SkipWhen(missing is not null, missing ?? "");
        return await RunAsync("node", [program, .. arguments], input);
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(string command, string[] arguments, string? input)
    {
        using var process = new Process { StartInfo = new ProcessStartInfo(command, arguments) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true } };
        process.Start();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{command} did not end.");
        }

        return (process.ExitCode, await output, await error);
    }

    [GeneratedRegex(@"^```js (\S+)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Program();
}
