using Bereik.Exchange.Contracts;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Signatures;
using Shouldly;
using Xunit;

namespace Bereik.Verify.Tests;

public sealed class ErasureCheckTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("bereik-erasure-").FullName;
    private readonly SigningKey key = SigningKey.Generate();

    public void Dispose()
    {
        key.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Certificate_BySomebodysKey_HoldsWithThatKeyAlone()
    {
        using var other = SigningKey.Generate();
        var (file, pub, stranger) = (In("attest.jws", Signed().Compact), In("pub.jwk", key.PublicKey.ToJwk()), In("other.jwk", other.PublicKey.ToJwk()));
        var (code, output, _) = WrittenLog.Run("verify", "--erasure", file, "--key", pub);
        code.ShouldBe(0, output);
        output.ShouldContain("ocmw-aalst verklaart");
        output.ShouldContain("1 gezinnen, want er is een eigen dossier, op een andere grond");
        output.ShouldContain("2 dagen te laat");
        output.ShouldContain("geen bewijs");
        WrittenLog.Run("verify", "--erasure", file, "--key", pub, "--json").Output.ShouldContain("\"ok\":true");
        Refused(file, stranger).ShouldContain("erasure.otherKey");
    }

    [Fact]
    public void Certificate_Changed_IsRefused()
    {
        var pub = In("pub.jwk", key.PublicKey.ToJwk());
        var parts = Signed().Compact.Split('.');
        using var other = SigningKey.Generate();
        var forged = SignedDocument.Sign(Signed().Document with { Cause = ErasureCause.Deadline, OtherFile = null }, other).Compact.Split('.');
        Refused(In("forged.jws", $"{parts[0]}.{forged[1]}.{parts[2]}"), pub).ShouldContain("erasure.signature");
        Refused(In("none.jws", "no certificate"), pub).ShouldContain("erasure.document");
        Refused(Path.Combine(folder, "absent.jws"), pub).ShouldContain("erasure.unreadable");
    }

    [Fact]
    public void Command_WithoutAKeyOrWithMore_IsAMistake()
    {
        var (file, pub) = (In("attest.jws", Signed().Compact), In("pub.jwk", key.PublicKey.ToJwk()));
        foreach (var (args, code) in new (string[], string)[]
        {
            (["verify", "--erasure", file], "erasure.key"), (["verify", "--erasure", file, "--key", file], "erasure.key"), (["verify", "--erasure", file, "--key", pub, "--full"], "erasure.option"), (["verify", "--key", pub], "erasure.option"),
        })
        {
            var (exit, _, error) = WrittenLog.Run(args);
            exit.ShouldBe(2);
            error.ShouldContain(code);
        }
    }

    private static string Refused(string file, string pub)
    {
        var (code, _, error) = WrittenLog.Run("verify", "--erasure", file, "--key", pub);
        code.ShouldBe(1);
        return error;
    }

    private SignedDocument<ErasureCertificate> Signed() => SignedDocument.Sign(
        new ErasureCertificate
        {
            Id = Guid.NewGuid(), Organisation = "ocmw-aalst", Kind = ErasedKind.Household, Cause = ErasureCause.OwnFile, OtherFile = true, Due = new DateOnly(2026, 12, 21), Count = 1, Ids = [Guid.NewGuid()], At = new DateTimeOffset(2026, 12, 24, 9, 0, 0, TimeSpan.Zero),
        },
        key);

    private string In(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
