using System.Diagnostics;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace Bereik.House.Tests;

// The list of what programs may not use is only worth what the build does with it: every line of it stops a build.
public sealed partial class BannedSymbolTests : IDisposable
{
    private const string Header = "using System;\nusing System.Threading;\nusing Microsoft.Extensions.Logging;\nnamespace Guard;\n/// <summary>Uses what may not be used.</summary>\npublic static class Use\n{\n";

    // One use of each entry of build/BannedSymbols.txt, by the entry's own id.
    private static readonly Dictionary<string, string> Uses = new(StringComparer.Ordinal)
    {
        ["P:System.DateTime.Now"] = "_ = DateTime.Now;",
        ["P:System.DateTime.UtcNow"] = "_ = DateTime.UtcNow;",
        ["P:System.DateTime.Today"] = "_ = DateTime.Today;",
        ["P:System.DateTimeOffset.Now"] = "_ = DateTimeOffset.Now;",
        ["P:System.DateTimeOffset.UtcNow"] = "_ = DateTimeOffset.UtcNow;",
        ["M:System.Threading.Thread.Sleep(System.Int32)"] = "Thread.Sleep(1);",
        ["M:System.Threading.Thread.Sleep(System.TimeSpan)"] = "Thread.Sleep(TimeSpan.Zero);",
        ["T:System.Random"] = "_ = new Random(1);",
        ["T:Microsoft.Extensions.Logging.LoggerExtensions"] = "log.LogInformation(\"x\");",
        ["M:HarfBuzzSharp.Blob.FromStream(System.IO.Stream)"] = "_ = HarfBuzzSharp.Blob.FromStream(System.IO.Stream.Null);",
    };

    private readonly string root = Directory.CreateTempSubdirectory("bereik-guard-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task EveryEntry_UsedInAProgram_StopsTheBuild()
    {
        var entries = Repository.Read("build/BannedSymbols.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(';')[0]).ToList();
        Uses.Keys.Order(StringComparer.Ordinal).ShouldBe(entries.Order(StringComparer.Ordinal), "a use of every entry, and an entry of every use");

        // One method a line, so that the place of each error tells the entry.
        var first = Header.Count(c => c == '\n') + 1;
        var (code, output) = await BuildAsync(string.Concat(entries.Select((entry, index) => $"    internal static void Use{index}(ILogger log) {{ {Uses[entry]} }}\n")));
        code.ShouldNotBe(0);
        Refusal().Matches(output).Select(match => int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) - first).Distinct().Order()
            .ShouldBe(Enumerable.Range(0, entries.Count), output);
    }

    [Fact]
    public async Task Program_WithoutThem_PassesTheSameBuild()
    {
        var (code, output) = await BuildAsync("    /// <summary>Nothing banned.</summary>\n    public static DateTimeOffset Now(TimeProvider clock) => (clock ?? TimeProvider.System).GetUtcNow();\n");
        code.ShouldBe(0, output);
    }

    // A program of its own under src, in a house with the same build settings.
    private async Task<(int Code, string Output)> BuildAsync(string body)
    {
        foreach (var name in new[] { "Directory.Build.props", "Directory.Packages.props", "global.json", "build/BannedSymbols.txt" }) Write(name, Repository.Read(name));
        Write("src/Guard/Guard.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\"><ItemGroup><FrameworkReference Include=\"Microsoft.AspNetCore.App\" /><PackageReference Include=\"HarfBuzzSharp\" /></ItemGroup></Project>");
        Write("src/Guard/Use.cs", Header + body + "}\n");
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["build", Path.Combine(root, "src", "Guard"), "--nologo", "-v", "q", "-nodeReuse:false"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = root,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await errors);
    }

    private void Write(string name, string text)
    {
        var file = Path.Combine(root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    [GeneratedRegex(@"Use\.cs\((\d+),\d+\): error RS0030")]
    private static partial Regex Refusal();
}
