using System.Diagnostics;
using System.Text.Json;
using System.Xml.Linq;
using Shouldly;
using Xunit;

namespace Bereik.House.Tests;

// The checks of what Bereik is made of, each seen to refuse: build/supply-chain.py and build/audit.sh.
public sealed class SupplyChainTests : IDisposable
{
    private const string Vulnerable = """{"projects":[{"path":"a.csproj","frameworks":[{"framework":"net10.0","topLevelPackages":[{"id":"Newtonsoft.Json","resolvedVersion":"12.0.1","vulnerabilities":[{"severity":"High","advisoryurl":"https://github.com/advisories/GHSA-5crp-9r3c-p9vr"}]}]}]}]}""";
    private const string Clean = """{"projects":[{"path":"a.csproj"}]}""";
    private readonly string folder = Directory.CreateTempSubdirectory("bereik-house-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Bill_OfThisRepository_NamesEveryPinnedPackageWithItsHash()
    {
        var file = Path.Combine(folder, "sbom.json");
        (await PythonAsync("sbom", file)).Code.ShouldBe(0);
        using var bill = JsonDocument.Parse(await File.ReadAllTextAsync(file));
        bill.RootElement.GetProperty("bomFormat").GetString().ShouldBe("CycloneDX");
        var components = bill.RootElement.GetProperty("components").EnumerateArray().ToList();
        var named = components.Select(one => $"{one.GetProperty("name").GetString()} {one.GetProperty("version").GetString()}").ToHashSet();
        foreach (var pinned in XDocument.Parse(Repository.Read("Directory.Packages.props")).Descendants("PackageVersion")) named.ShouldContain($"{(string)pinned.Attribute("Include")!} {(string)pinned.Attribute("Version")!}");
        named.ShouldContain(one => one.StartsWith("libsodium ", StringComparison.Ordinal));
        named.ShouldContain(one => one.StartsWith("govuk-frontend ", StringComparison.Ordinal));
        components.ShouldAllBe(one => one.GetProperty("hashes").GetArrayLength() == 1 && one.GetProperty("licenses").GetArrayLength() == 1);
    }

    [Fact]
    public async Task Bill_OfAFolderWithoutLockFiles_Fails() => (await PythonAsync("sbom", Path.Combine(folder, "sbom.json"), "--root", folder)).Code.ShouldBe(1);

    [Fact]
    public async Task Licences_OfThisRepository_AreOnTheList()
    {
        var (code, said) = await PythonAsync("licences");
        code.ShouldBe(0, said);
    }

    [Theory]
    [InlineData("""<license type="expression">MIT</license>""", 0)]
    [InlineData("""<license type="expression">MIT OR GPL-3.0-only</license>""", 0)]
    [InlineData("""<license type="expression">(MIT OR GPL-3.0-only) AND Apache-2.0</license>""", 0)]
    [InlineData("""<license type="expression">GPL-3.0-only</license>""", 1)]
    [InlineData("""<license type="expression">MIT AND GPL-3.0-only</license>""", 1)]
    [InlineData("""<license type="expression">MIT OR</license>""", 1)]
    [InlineData("""<license type="expression">MIT Apache-2.0</license>""", 1)]
    [InlineData("""<license type="file">LICENSE.txt</license>""", 1)]
    [InlineData("<licenseUrl>https://voorbeeld.example/licence</licenseUrl>", 1)]
    [InlineData("", 1)]
    public async Task Licence_OfAPackage_CountsAsItsNuspecSays(string stated, int expected)
    {
        await PackageAsync(stated);
        var (code, said) = await PythonAsync("licences", "--root", folder, "--cache", Path.Combine(folder, "cache"));
        code.ShouldBe(expected, said);
        if (expected == 1) said.ShouldContain("Some.Package 1.0.0");
    }

    [Fact]
    public async Task Licence_OfAPackageThatIsNotThere_IsNotTakenForGood()
    {
        await PackageAsync("""<license type="expression">MIT</license>""");
        (await PythonAsync("licences", "--root", folder, "--cache", Path.Combine(folder, "elsewhere"))).Code.ShouldBe(1);
    }

    [Theory]
    [InlineData("GPL-3.0-only", 1)]
    [InlineData("ISC", 0)]
    public async Task Licence_OfAPackageOfNpm_Counts(string licence, int expected)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "package-lock.json"), """{"packages":{"":{"name":"x"},"node_modules/some":{"version":"1.0.0","license":"LICENCE"}}}""".Replace("LICENCE", licence, StringComparison.Ordinal));
        (await PythonAsync("licences", "--root", folder, "--cache", folder)).Code.ShouldBe(expected);
    }

    // The registry as a stub: what it says of the package that is known to be vulnerable, and of our own.
    [Theory]
    [InlineData(Vulnerable, Clean, 0, "none of our packages")]
    [InlineData(Vulnerable, Vulnerable, 1, "Newtonsoft.Json 12.0.1")]
    [InlineData(Clean, Clean, 0, "audit not available")]
    [InlineData("", Clean, 0, "audit not available")]
    [InlineData(Vulnerable, "", 1, "could not be listed")]
    public async Task Audit_WithARegistry_SaysWhatItCanKnow(string known, string own, int expected, string sentence)
    {
        var stub = Path.Combine(folder, "dotnet");
        await File.WriteAllTextAsync(stub, $$"""
            #!/bin/sh
            case "$1 $2" in
                restore*) exit 0 ;;
                *vulnerable.csproj) said='{{known}}' ;;
                *) said='{{own}}' ;;
            esac
            [ -n "$said" ] && printf '%s' "$said"
            """);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(stub, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var (code, said) = await RunAsync(Path.Combine(Repository.Root, "build", "audit.sh"), stub);
        code.ShouldBe(expected, said);
        said.ShouldContain(sentence);
    }

    private async Task PackageAsync(string stated)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "packages.lock.json"), """{"version":2,"dependencies":{"net10.0":{"Some.Package":{"type":"Direct","resolved":"1.0.0","contentHash":"AAAA"},"bereik.other":{"type":"Project"}}}}""");
        var place = Directory.CreateDirectory(Path.Combine(folder, "cache", "some.package", "1.0.0")).FullName;
        await File.WriteAllTextAsync(Path.Combine(place, "some.package.nuspec"), $"""<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"><metadata><id>Some.Package</id>{stated}</metadata></package>""");
        await File.WriteAllTextAsync(Path.Combine(place, "LICENSE.txt"), "Anything");
    }

    private static Task<(int Code, string Said)> PythonAsync(params string[] arguments) => RunAsync("python3", [Path.Combine(Repository.Root, "build", "supply-chain.py"), .. arguments]);

    private static async Task<(int Code, string Said)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var said = await process.StandardOutput.ReadToEndAsync() + await errors;
        await process.WaitForExitAsync();
        return (process.ExitCode, said);
    }
}
