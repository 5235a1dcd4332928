using System.Text.Json.Nodes;
using Bereik.Exchange.Keys;
using Shouldly;
using Xunit;

namespace Bereik.Interop.Tests;

public sealed class KeygenTests
{
    [Theory]
    [InlineData("signing", "sig")]
    [InlineData("sealing", "enc")]
    [InlineData(null, null)]
    public void Keygen_ForAUse_MakesBothHalvesAndTellsTheThumbprint(string? use, string? written)
    {
        using var bench = new Workbench();
        var (code, output, error) = Workbench.Run(["keygen", "--out", bench.At("K.jwk"), .. use is null ? Array.Empty<string>() : ["--use", use]]);
        (code, error).ShouldBe((0, ""));
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(bench.At("K.jwk")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var (secret, open) = (Jwk(bench.At("K.jwk")), Jwk(bench.At("K.pub.jwk")));
        ((string?)secret["use"], (string?)open["use"], (string)open["kid"]!, secret.ContainsKey("d"), open.ContainsKey("d")).ShouldBe((written, written, output.TrimEnd(), true, false));
        var (asSigning, asSealing) = (SigningKey.FromJwk(secret.ToJsonString()), SealingKey.FromJwk(secret.ToJsonString()));
        (asSigning.IsOk, asSealing.IsOk).ShouldBe((use != "sealing", use != "signing"));
        if (asSigning.IsOk) asSigning.Value.Dispose();
        if (asSealing.IsOk) asSealing.Value.Dispose();
    }

    [Theory]
    [InlineData("K.jwk")]
    [InlineData("K.pub.jwk")]
    public void Keygen_WhereAKeyIs_OverwritesNothing(string there)
    {
        using var bench = new Workbench();
        bench.Write(there, "mine");
        var (code, output, error) = Workbench.Run("keygen", "--out", bench.At("K.jwk"));
        (code, output).ShouldBe((1, ""));
        error.ShouldContain("key.exists");
        File.ReadAllText(bench.At(there)).ShouldBe("mine");
        File.Exists(bench.At(there == "K.jwk" ? "K.pub.jwk" : "K.jwk")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("key.name", "--out", "K.pub.jwk")]
    [InlineData("key.name", "--out", "K.pem")]
    [InlineData("key.use", "--out", "K.jwk", "--use", "both")]
    public void Keygen_AskedWrongly_SaysWhatIsMeant(string code, params string[] arguments)
    {
        var (exit, output, error) = Workbench.Run(["keygen", .. arguments]);
        (exit, output).ShouldBe((2, ""));
        error.ShouldContain(code);
        File.Exists(arguments[1]).ShouldBeFalse();
    }

    [Fact]
    public void Keygen_WhereItCannotWrite_LeavesNothing()
    {
        using var bench = new Workbench();
        var (code, output, error) = Workbench.Run("keygen", "--out", bench.At("none/K.jwk"));
        (code, output).ShouldBe((1, ""));
        error.ShouldContain("key.unwritable");
    }

    private static JsonObject Jwk(string file) => JsonNode.Parse(File.ReadAllText(file))!.AsObject();
}
