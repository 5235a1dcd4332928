using System.Diagnostics;
using Shouldly;
using Xunit;

namespace Bereik.Hub.Tests;

// What lies beside the hub and the pseudonymiser, and what stops the assembly that handles persons from lying there.
public sealed class BlindNodeTests
{
    private static readonly string[] Allowed =
    [
        "Bereik.Domain.dll", "Bereik.Exchange.dll", "Bereik.Ledger.dll", "Bereik.Node.dll", "Bereik.Node.resources.dll", "Bereik.Hub.resources.dll",
        "jose-jwt.dll", "NSec.Cryptography.dll", "YamlDotNet.dll",
        "Microsoft.Data.Sqlite.dll", "Microsoft.EntityFrameworkCore.dll", "Microsoft.EntityFrameworkCore.Abstractions.dll",
        "Microsoft.EntityFrameworkCore.Relational.dll", "Microsoft.EntityFrameworkCore.Sqlite.dll",
        "Microsoft.Extensions.DependencyModel.dll",
        "OpenIddict.Abstractions.dll", "OpenIddict.Server.dll", "OpenIddict.Server.AspNetCore.dll", "Microsoft.Bcl.Cryptography.dll",
        "Microsoft.IdentityModel.Abstractions.dll", "Microsoft.IdentityModel.JsonWebTokens.dll", "Microsoft.IdentityModel.Logging.dll", "Microsoft.IdentityModel.Tokens.dll",
        "Microsoft.AspNetCore.Authentication.OpenIdConnect.dll", "Microsoft.IdentityModel.Protocols.dll", "Microsoft.IdentityModel.Protocols.OpenIdConnect.dll", "System.IdentityModel.Tokens.Jwt.dll",
        "Fido2.dll", "Fido2.Models.dll", "Microsoft.Bcl.Memory.dll", "Microsoft.AspNetCore.OpenApi.dll", "Microsoft.OpenApi.dll",
        "SQLitePCLRaw.batteries_v2.dll", "SQLitePCLRaw.core.dll", "SQLitePCLRaw.provider.e_sqlite3.dll",
    ];

    // What draws the square code on a receipt of the hub, and what it brings and does not use.
    private static readonly string[] AllowedAtHub = ["QRCoder.dll", "System.Drawing.Common.dll", "Microsoft.Win32.SystemEvents.dll"];

    // Native libraries, one a platform, without their extension.
    private static readonly string[] AllowedNative = ["libsodium", "e_sqlite3", "libe_sqlite3"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Bereik.Hub")]
    [InlineData("Bereik.Pseudonymiser")]
    public void OutputFolder_AsBuilt_HoldsOnlyAllowedAssemblies(string node) => Unexpected(node, OutputFolder(node)).ShouldBeEmpty();

    [Theory]
    [InlineData("Bereik.Hub")]
    [InlineData("Bereik.Pseudonymiser")]
    public async Task PublishedFolder_HoldsOnlyAllowedAssemblies(string node)
    {
        var folder = RunningNode.NewFolder();
        var (code, output) = await RunAsync(
            "publish", Path.Combine(Root(), "src", node, $"{node}.csproj"), "-c", Configuration(), "--no-build", "--nologo", "-v", "q", "-o", folder);
        code.ShouldBe(0, output);
        File.Exists(Path.Combine(folder, $"{node}.dll")).ShouldBeTrue();
        Unexpected(node, folder).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Bereik.Hub")]
    [InlineData("Bereik.Pseudonymiser")]
    public void OutputFolder_WithTheAssemblyThatHandlesPersons_IsReported(string node)
    {
        var copy = RunningNode.NewFolder();
        foreach (var file in Directory.EnumerateFiles(OutputFolder(node))) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        File.Copy(Path.Combine(OutputFolder("Bereik.Sealing"), "Bereik.Sealing.dll"), Path.Combine(copy, "Bereik.Sealing.dll"));
        Unexpected(node, copy).ShouldBe(["Bereik.Sealing.dll"]);
    }

    [Theory]
    [InlineData("Bereik.Hub")]
    [InlineData("Bereik.Pseudonymiser")]
    public async Task Build_WithAReferenceToTheAssemblyThatHandlesPersons_Fails(string node)
    {
        var (code, output) = await BuildCopyAsync(node, withSealing: true);
        code.ShouldNotBe(0);
        output.ShouldContain("BEREIK001");
    }

    [Fact]
    public async Task Build_WithoutIt_PassesTheSameGuard()
    {
        var (code, output) = await BuildCopyAsync("Bereik.Hub", withSealing: false);
        code.ShouldBe(0, output);
    }

    // Every assembly and native library in a folder that is not on the list; the node's own assembly is.
    private static List<string> Unexpected(string node, string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".dll" or ".exe" or ".so" or ".dylib")
            .Select(file => Path.GetFileName(file)!)
            .Where(name => name != $"{node}.dll" && name != $"{node}.exe" && !Allowed.Contains(name) && !(node == "Bereik.Hub" && AllowedAtHub.Contains(name)) && !AllowedNative.Contains(Path.GetFileNameWithoutExtension(name)))
            .Distinct().Order(StringComparer.Ordinal),
    ];

    // The project file itself, moved and renamed so that it writes nothing over the real one, and nothing else changed.
    private static async Task<(int Code, string Output)> BuildCopyAsync(string node, bool withSealing)
    {
        var root = Root();
        var source = Path.Combine(root, "src", node);
        var name = $"{node}.Guard{Guid.NewGuid():N}";
        var folder = Directory.CreateDirectory(Path.Combine(root, "artifacts", "guard", name)).FullName;
        var project = Path.Combine(folder, $"{name}.csproj");
        var text = (await File.ReadAllTextAsync(Path.Combine(source, $"{node}.csproj"), Cancel)).Replace("\"../", $"\"{Path.Combine(root, "src")}/", StringComparison.Ordinal);
        if (withSealing) text = text.Replace("</Project>", $"<ItemGroup><ProjectReference Include=\"{root}/src/Bereik.Sealing/Bereik.Sealing.csproj\" /></ItemGroup></Project>", StringComparison.Ordinal);
        await File.WriteAllTextAsync(project, text, Cancel);
        try
        {
            var (restored, complaints) = await RunAsync("restore", project, "--nologo", "-v", "q");
            if (restored != 0) return (restored, complaints);
            return withSealing
                ? await RunAsync("build", project, "-c", Configuration(), "--no-restore", "--nologo", "-v", "q", "-p:BuildProjectReferences=false")
                : await RunAsync("msbuild", project, "-t:RefuseSealing", $"-p:Configuration={Configuration()}", "-p:BuildProjectReferences=false", "-nologo", "-v:q");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            foreach (var left in Directory.GetDirectories(Path.Combine(root, "artifacts"), name, new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 })) Directory.Delete(left, recursive: true);
        }
    }

    private static async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(Cancel);
        var errors = process.StandardError.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        return (process.ExitCode, await output + await errors);
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Bereik.slnx"))) folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar))!;
        return folder;
    }

    private static string Configuration() => Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)) == "release" ? "Release" : "Debug";

    private static string OutputFolder(string project) =>
        Path.Combine(Root(), "artifacts", "bin", project, Configuration() == "Release" ? "release" : "debug");
}
