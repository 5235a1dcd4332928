using System.Text.Json.Nodes;
using Bereik.Cli.Envelopes;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Signatures;
using Bereik.Sealing.Packages;
using Bereik.Sealing.Pseudonyms;
using Shouldly;
using Xunit;

namespace Bereik.Interop.Tests;

public sealed class EnvelopeCommandTests
{
    [Theory]
    [InlineData("naam;straat\nAn;Dorp 1\n")]
    [InlineData("a;b;c\n;;\n\"een; twee\";\"\"\"\";\"twee\nregels\"\n=1+1;Ångström 😀;'x\n")]
    [InlineData("getal\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n")]
    public void Rows_SealedAndOpened_AreTheSameBytes(string csv)
    {
        using var bench = new Workbench();
        bench.Seal(bench.Write("rows.csv", csv)).Code.ShouldBe(0);
        var (code, output, error) = bench.Open(bench.At("rows.bereik"));
        (code, output, error).ShouldBe((0, csv, ""));
    }

    [Fact]
    public void Rows_ThatAreLong_GetOneLargerSize()
    {
        using var bench = new Workbench();
        var csv = $"a\n{new string('x', 5000)}\nkort\n";
        bench.Seal(bench.Write("rows.csv", csv)).Code.ShouldBe(0);
        bench.Open(bench.At("rows.bereik")).Output.ShouldBe(csv);
        File.ReadLines(bench.At("rows.bereik")).Skip(1).Select(line => line.Length).Distinct().Count().ShouldBeLessThanOrEqualTo(3);
    }

    [Fact]
    public void Package_AsJson_IsOneDocumentAndNothingElse()
    {
        using var bench = new Workbench();
        bench.Seal(bench.Write("rows.csv", "naam;leeg\nAn;\n")).Output.ShouldBe("");
        var (code, output, error) = bench.Open(bench.At("rows.bereik"), more: "--json");
        (code, error).ShouldBe((0, ""));
        var told = JsonNode.Parse(output)!.AsObject();
        told.Select(member => member.Key).ShouldBe(["package", "flow", "protocol", "protocolVersion", "source", "recipient", "referenceMonth", "issuedAt", "expiresAt", "signedBy", "records"]);
        told["records"]!.ToJsonString().ShouldBe("""[{"_row":2,"naam":"An","leeg":""}]""");
    }

    [Fact]
    public void BadRows_AreAllToldAndNothingIsWritten()
    {
        using var bench = new Workbench();
        bench.Write("rows.bereik", "earlier");
        var (code, output, error) = bench.Seal(bench.Write("rows.csv", $"naam;straat\nAn\nBé;Dorp\nC;d;e\nD;x\u0001y\nE;{new string('x', 70_000)}\n"));
        (code, output).ShouldBe((1, ""));
        error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => string.Join(':', line.Split("rows.csv:")[1].Split(':').TakeWhile(part => part[0] != ' '))).ShouldBe(["2", "4", "5:2", "6"]);
        error.ShouldContain("row.columns");
        error.ShouldContain("cell.control");
        error.ShouldContain("row.tooLong");
        error.ShouldNotContain("Dorp");
        File.ReadAllText(bench.At("rows.bereik")).ShouldBe("earlier");
        Directory.GetFiles(bench.Folder, "*.part").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("", "file.empty")]
    [InlineData("a;b\n", "file.empty")]
    [InlineData("a;a\n1;2\n", "column.twice")]
    [InlineData("a;\n1;2\n", "column.name")]
    [InlineData("a;_row\n1;2\n", "column.name")]
    [InlineData("a;b\n\"x;2\n", "row.quotes")]
    public void FileThatCannotBeSealed_IsToldWhy(string csv, string code)
    {
        using var bench = new Workbench();
        var (exit, _, error) = bench.Seal(bench.Write("rows.csv", csv));
        exit.ShouldBe(1);
        error.ShouldContain(code);
        File.Exists(bench.At("rows.bereik")).ShouldBeFalse();
    }

    [Fact]
    public void FileThatIsNoUtf8_IsToldWithItsRow()
    {
        using var bench = new Workbench();
        File.WriteAllBytes(bench.At("rows.csv"), [.. "a;b\n1;2\n"u8, 0xE9, .. ";3\n"u8]);
        var (exit, _, error) = bench.Seal(bench.At("rows.csv"));
        exit.ShouldBe(1);
        error.ShouldContain("rows.csv:3: file.encoding");
    }

    [Theory]
    [InlineData("--to", "recipient.jwk", "jwk.private")]
    [InlineData("--to", "signer.pub.jwk", "jwk.use")]
    [InlineData("--to", "none.jwk", "key.unreadable")]
    [InlineData("--signer", "recipient.jwk", "jwk.use")]
    [InlineData("--signer", "signer.pub.jwk", "key.open")]
    [InlineData("--in", "none.csv", "file.unreadable")]
    [InlineData("--out", "none/rows.bereik", "file.unwritable")]
    public void Seal_WithSomethingElse_SaysWhat(string option, string name, string code)
    {
        using var bench = new Workbench();
        var given = new Dictionary<string, string> { ["--to"] = "recipient.pub.jwk", ["--signer"] = "signer.jwk", ["--in"] = "rows.csv", ["--out"] = "rows.bereik", [option] = name };
        bench.Write("rows.csv", "a\n1\n");
        var (exit, output, error) = Workbench.Run(["envelope", "seal", .. given.SelectMany(one => new[] { one.Key, bench.At(one.Value) })]);
        (exit, output).ShouldBe((1, ""));
        error.ShouldContain(code);
    }

    [Fact]
    public void Envelope_WithoutItsOptions_ExitsWithTwo() => Workbench.Run("envelope", "open").Code.ShouldBe(2);

    [Fact]
    public async Task Package_PastItsTime_DoesNotOpen()
    {
        using var bench = new Workbench();
        await using (var file = File.Create(bench.At("old.bereik")))
        {
            using var signer = SigningKey.FromJwk(File.ReadAllText(bench.At("signer.jwk"))).Value;
            await HandPackage.SealAsync([[.. "{}"u8]], SealingPublicKey.FromJwk(File.ReadAllText(bench.At("recipient.pub.jwk"))).Value, signer, file, bench.Folder, TimeProvider.System.GetUtcNow().AddDays(-31), CancellationToken.None);
        }

        var (code, output, error) = bench.Open(bench.At("old.bereik"));
        (code, output).ShouldBe((1, ""));
        error.ShouldContain("manifest.expired");
    }

    [Fact]
    public async Task PackageOfAMatch_HasNothingToOpen()
    {
        using var bench = new Workbench();
        using var signer = SigningKey.FromJwk(File.ReadAllText(bench.At("signer.jwk"))).Value;
        using TokenKey one = TokenKey.Generate(), other = TokenKey.Generate();
        using var pair = Pair.Derive(one, other.PublicKey);
        var now = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        var order = SignedDocument.Sign(
            new ListOrder
            {
                Id = Guid.NewGuid(), Nonce = Bytes32.Random(), Flow = "match", Protocol = "groeipakket-match", ProtocolVersion = "1.0", ProtocolHash = Bytes32.Random(), Epoch = "2026Q4",
                Source = "opgroeien", Recipient = "aalst", KnownCount = 20, Nis = "41002", ReferenceMonth = "2026-10", IssuedAt = now, ExpiresAt = now.AddDays(1),
            },
            signer);
        using var tokens = new TokenMaker(pair, order.Context);
        using var agreement = PseudonymBase.Import(new byte[PseudonymBase.Length]);
        var task = new EnvelopeTask
        {
            Order = order, SourceKey = signer, RecipientKey = SealingPublicKey.FromJwk(File.ReadAllText(bench.At("recipient.pub.jwk"))).Value, Tokens = tokens, Agreement = agreement, Band = 128, PaddedSize = 0, Now = now,
        };
        await using (var file = File.Create(bench.At("match.bereik"))) await EnvelopeWriter.WriteAsync(task, 0, _ => throw new InvalidOperationException(), file, bench.Folder, CancellationToken.None);
        var (code, output, error) = bench.Open(bench.At("match.bereik"));
        (code, output).ShouldBe((1, ""));
        error.ShouldContain("package.notSealed");
    }

    [Theory]
    [InlineData("[1]", "record.json")]
    [InlineData("{\"a\":1,\"a\":2}", "record.json")]
    [InlineData("{\"a\":\"\\ud800\"}", "record.json")]
    public async Task RecordThatIsNoObject_IsRefusedWhole(string json, string code)
    {
        using var bench = new Workbench();
        await using (var file = File.Create(bench.At("odd.bereik")))
        {
            using var signer = SigningKey.FromJwk(File.ReadAllText(bench.At("signer.jwk"))).Value;
            await HandPackage.SealAsync([[.. "{\"a\":\"1\"}"u8], System.Text.Encoding.UTF8.GetBytes(json)], SealingPublicKey.FromJwk(File.ReadAllText(bench.At("recipient.pub.jwk"))).Value, signer, file, bench.Folder, TimeProvider.System.GetUtcNow(), CancellationToken.None);
        }

        var (exit, output, error) = bench.Open(bench.At("odd.bereik"));
        (exit, output).ShouldBe((1, ""));
        error.ShouldContain(code);
    }
}
