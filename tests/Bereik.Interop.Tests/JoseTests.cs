using System.Text;
using System.Text.Json.Nodes;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Signatures;
using Bereik.Sealing.Packages;
using Bereik.Sealing.Pseudonyms;
using Shouldly;
using Xunit;

namespace Bereik.Interop.Tests;

// What docs/integrate.md says, run as it stands there, with a library that shares nothing with ours.
public sealed class JoseTests(Jose jose)
{
    private const string Rows = "naam;straat;opmerking\nAn Peeters;Molenstraat 12;\"een; twee\"\nBé Ångström;Dorp 1 😀;\n\"C \"\"de\"\" Vos\";;\"twee\nregels\"\n";

    [Fact]
    public void Page_Programs_AreAllRunHere() => Jose.Programs.Keys.Order().ShouldBe(["assertion.mjs", "event.mjs", "open.mjs", "seal.mjs"]);

    [Fact]
    public async Task PackageByTheCommand_OpenedWithJose_GivesItsRows()
    {
        using var bench = new Workbench();
        bench.Seal(bench.Write("rows.csv", Rows)).Code.ShouldBe(0);
        var (code, output, error) = await jose.NodeAsync("open.mjs", bench.At("rows.bereik"), bench.At("recipient.jwk"), bench.At("signer.pub.jwk"));
        (code, error).ShouldBe((0, ""));
        var records = JsonNode.Parse(output)!.AsArray().OrderBy(record => (int)record!["_row"]!).ToList();
        records.Select(record => (string)record!["naam"]!).ShouldBe(["An Peeters", "Bé Ångström", "C \"de\" Vos"]);
        records.Select(record => (string)record!["straat"]!).ShouldBe(["Molenstraat 12", "Dorp 1 😀", ""]);
        records.Select(record => (string)record!["opmerking"]!).ShouldBe(["een; twee", "", "twee\nregels"]);
    }

    [Fact]
    public async Task PackageOfTheRealWriter_OpenedWithJoseForItsOrder_GivesItsRecords()
    {
        using var bench = new Workbench();
        var (order, package) = await WriteAsync(bench);
        var (code, output, error) = await jose.NodeAsync("open.mjs", package, bench.At("recipient.jwk"), bench.At("signer.pub.jwk"), order);
        (code, error).ShouldBe((0, ""));
        JsonNode.Parse(output)!.AsArray().Select(record => (string)record!["street"]!).Order().ShouldBe(["Straat 0", "Straat 1", "Straat 2", "Straat 3", "Straat 4"]);

        // And as a hub delivers it, with fewer rows.
        var lines = await File.ReadAllLinesAsync(package, TestContext.Current.CancellationToken);
        var delivered = bench.Write("delivered.bereik", string.Join('\n', lines.Take(1).Concat(lines.Skip(1).Where((_, index) => index % 2 == 0))) + "\n");
        (code, output, error) = await jose.NodeAsync("open.mjs", delivered, bench.At("recipient.jwk"), bench.At("signer.pub.jwk"), order);
        (code, error).ShouldBe((0, ""));
        JsonNode.Parse(output)!.AsArray().Count.ShouldBeLessThanOrEqualTo(5);

        // The command opens it too, to the same rows.
        Workbench.Records(bench.Open(package, more: "--json").Output).Count.ShouldBe(5);
    }

    [Fact]
    public async Task PackageOfTheRealWriter_ForAnotherOrder_IsRefused()
    {
        using var bench = new Workbench();
        var (_, package) = await WriteAsync(bench);
        var (other, _) = await WriteAsync(bench);
        var (code, output, error) = await jose.NodeAsync("open.mjs", package, bench.At("recipient.jwk"), bench.At("signer.pub.jwk"), other);
        (code, output).ShouldBe((1, ""));
        error.ShouldContain("another order");
    }

    [Fact]
    public async Task PackageByJose_OpenedByTheCommand_GivesItsRecords()
    {
        using var bench = new Workbench();
        var records = bench.Write("records.json", """[{"naam":"An","plaats":"Aalst"},{"naam":"Bé 😀","plaats":"Geel; Mol"}]""");
        var (code, _, error) = await jose.NodeAsync("seal.mjs", records, bench.At("recipient.pub.jwk"), bench.At("signer.jwk"), bench.At("jose.bereik"));
        (code, error).ShouldBe((0, ""));
        var opened = bench.Open(bench.At("jose.bereik"));
        (opened.Code, opened.Error).ShouldBe((0, ""));
        opened.Output.Split('\n')[0].ShouldBe("naam;plaats");
        opened.Output.Split('\n').Skip(1).Order(StringComparer.Ordinal).ShouldBe(["", "An;Aalst", "Bé 😀;\"Geel; Mol\""]);
        var told = bench.Open(bench.At("jose.bereik"), more: "--json");
        Workbench.Records(told.Output).Select(record => (string)record!["naam"]!).Order(StringComparer.Ordinal).ShouldBe(["An", "Bé 😀"]);

        // Jose opens its own too.
        (await jose.NodeAsync("open.mjs", bench.At("jose.bereik"), bench.At("recipient.jwk"), bench.At("signer.pub.jwk"))).Code.ShouldBe(0);
    }

    public static TheoryData<string, bool> Touched()
    {
        var data = new TheoryData<string, bool>();
        foreach (var what in new[] { "manifest", "signature", "sealed", "token", "swapped", "repeated", "added", "cut", "otherSigner", "otherRecipient" })
        {
            data.Add(what, false);
            data.Add(what, true);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Touched))]
    public async Task PackageThatWasTouched_BothReaders_RefuseIt(string what, bool byJose)
    {
        using var bench = new Workbench();
        if (byJose) (await jose.NodeAsync("seal.mjs", bench.Write("records.json", """[{"naam":"An"},{"naam":"Bé"}]"""), bench.At("recipient.pub.jwk"), bench.At("signer.jwk"), bench.At("rows.bereik"))).Code.ShouldBe(0);
        else bench.Seal(bench.Write("rows.csv", Rows)).Code.ShouldBe(0);
        var lines = (await File.ReadAllTextAsync(bench.At("rows.bereik"), TestContext.Current.CancellationToken)).Split('\n').ToList();
        switch (what)
        {
            case "manifest": lines[0] = WithAnotherMonth(lines[0]); break;
            case "signature": lines[0] = Flip(lines[0], lines[0].Length - 20); break;
            case "sealed": lines[5] = Flip(lines[5], lines[5].Length - 100); break;
            case "token": lines[5] = Flip(lines[5], lines[5].IndexOf('[', StringComparison.Ordinal) + 10); break;
            case "swapped": (lines[5], lines[6]) = (lines[6], lines[5]); break;
            case "repeated": lines.Insert(6, lines[5]); break;
            case "added": lines.Insert(6, Flip(lines[5], lines[5].IndexOf('[', StringComparison.Ordinal) + 10)); break;
            case "cut": lines.RemoveAt(lines.Count - 1); break;
        }

        var touched = bench.Write("touched.bereik", string.Join('\n', lines));
        var (recipient, signer) = (what == "otherRecipient" ? "other-recipient" : "recipient", what == "otherSigner" ? "other-signer" : "signer");
        var ours = bench.Open(touched, recipient, signer);
        (ours.Code, ours.Output).ShouldBe((1, ""));
        ours.Error.ShouldContain(what switch
        {
            "manifest" or "signature" => "manifest.signature",
            "sealed" or "token" or "added" => "row.tampered",
            "swapped" => "row.order",
            "repeated" => "row.duplicate",
            "cut" => "envelope.truncated",
            "otherSigner" => "manifest.sourceKey",
            _ => "manifest.recipientKey",
        });
        var theirs = await jose.NodeAsync("open.mjs", touched, bench.At($"{recipient}.jwk"), bench.At($"{signer}.pub.jwk"));
        (theirs.Code, theirs.Output).ShouldBe((1, ""));
        theirs.Error.ShouldContain(what switch
        {
            "manifest" or "signature" or "otherSigner" => "signature verification failed",
            "cut" => "the last line does not end",
            "otherRecipient" => "for another key",
            _ => "a row was changed, added, moved or repeated",
        });
    }

    [Fact]
    public async Task Assertion_MadeWithJose_IsSignedAsATokenEndpointAsks()
    {
        using var bench = new Workbench();
        var (code, output, error) = await jose.NodeAsync("assertion.mjs", bench.At("signer.jwk"), "client-1", "urn:bereik:ocmw-aalst");
        (code, error).ShouldBe((0, ""));
        var key = SigningPublicKey.FromJwk(await File.ReadAllTextAsync(bench.At("signer.pub.jwk"), TestContext.Current.CancellationToken)).Value;
        var claims = SignedDocument.Open<ClientAssertion>(output.TrimEnd(), key).Value.Document;
        (claims.Iss, claims.Sub, claims.Aud, claims.Exp - claims.Iat).ShouldBe(("client-1", "client-1", ClientAssertion.IssuerOf("ocmw-aalst"), 60));
    }

    [Fact]
    public async Task Event_OfANode_IsVerifiedWithJoseAndByItsKeyOnly()
    {
        using var bench = new Workbench();
        using var signer = SigningKey.FromJwk(await File.ReadAllTextAsync(bench.At("signer.jwk"), TestContext.Current.CancellationToken)).Value;
        var signed = SignedDocument.Sign(
            new ExchangeEvent
            {
                Id = Guid.Parse("9f0c3c1e-6b1d-4a55-9d0a-3f2b8f3f7a10"), Sequence = 57, Exchange = "4b1e7f2a-1c55-4e0b-8f0a-0d6b8a1c2e3f", Number = 3, Type = EventTypes.ListDelivered,
                By = "ocmw-aalst", Organisation = "ocmw-aalst", At = new DateTimeOffset(2026, 11, 26, 8, 0, 0, TimeSpan.Zero),
            },
            signer);
        var (code, output, error) = await jose.NodeWithAsync("event.mjs", signed.Compact, bench.At("signer.pub.jwk"));
        (code, error).ShouldBe((0, ""));
        output.TrimEnd().ShouldBe("""{"id":"9f0c3c1e-6b1d-4a55-9d0a-3f2b8f3f7a10","sequence":57,"exchange":"4b1e7f2a-1c55-4e0b-8f0a-0d6b8a1c2e3f","number":3,"type":"list.delivered","by":"ocmw-aalst","organisation":"ocmw-aalst","at":"2026-11-26T08:00:00Z"}""");
        foreach (var (text, key) in new[] { (signed.Compact, "other-signer"), (Flip(signed.Compact, signed.Compact.Length - 20), "signer") })
        {
            var refused = await jose.NodeWithAsync("event.mjs", text, bench.At($"{key}.pub.jwk"));
            (refused.Code, refused.Output).ShouldBe((1, ""));
        }
    }

    // As a source answers an order of an OCMW.
    private static async Task<(string Order, string Package)> WriteAsync(Workbench bench)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        using var local = SigningKey.Generate();
        using TokenKey one = TokenKey.Generate(), other = TokenKey.Generate();
        using var pair = Pair.Derive(one, other.PublicKey);
        var order = SignedDocument.Sign(
            new ListOrder
            {
                Id = Guid.NewGuid(), Nonce = Bytes32.Random(), Flow = "unknown", Protocol = "groeipakket-onbekend", ProtocolVersion = "1.0", ProtocolHash = Bytes32.Sha256("text"u8), Epoch = "2026Q4",
                Source = "opgroeien", Recipient = "ocmw-aalst", Nis = "41002", ReferenceMonth = "2026-10", KnownCount = 2, IssuedAt = now, ExpiresAt = now.AddDays(10),
            },
            local);
        using var tokens = new TokenMaker(pair, order.Context);
        using var agreement = Base(99);
        using var signer = SigningKey.FromJwk(await File.ReadAllTextAsync(bench.At("signer.jwk"))).Value;
        var task = new EnvelopeTask
        {
            Order = order, SourceKey = signer, RecipientKey = SealingPublicKey.FromJwk(await File.ReadAllTextAsync(bench.At("recipient.pub.jwk"))).Value, Tokens = tokens, Agreement = agreement, Band = 256, PaddedSize = 1024, Now = now,
        };
        using var output = new MemoryStream();
        await EnvelopeWriter.WriteAsync(task, 5, Row, output, bench.Folder, CancellationToken.None);
        var name = Guid.NewGuid().ToString("N");
        await File.WriteAllBytesAsync(bench.At($"{name}.bereik"), output.ToArray());
        return (bench.Write($"{name}.order", order.Compact), bench.At($"{name}.bereik"));

        SourceRow Row(int index)
        {
            using var person = Base(index);
            return new SourceRow([tokens.Token(person)], Encoding.UTF8.GetBytes($$"""{"beneficiaries":[{"givenNames":"An","familyName":"Peeters"}],"street":"Straat {{index}}","houseNumber":"1","postcode":"9300","place":"Aalst","referenceMonth":"2026-10"}"""));
        }
    }

    private static PseudonymBase Base(int person) => PseudonymBase.Import(Enumerable.Range(0, 64).Select(i => (byte)(i * 7 + person)).ToArray());

    private static string WithAnotherMonth(string line)
    {
        var parts = line.Split('.');
        var payload = Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(parts[1]));
        var month = payload.IndexOf("referenceMonth", StringComparison.Ordinal) + "referenceMonth':'2026-1".Length;
        return $"{parts[0]}.{System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload[..month] + (payload[month] == '2' ? '1' : '2') + payload[(month + 1)..]))}.{parts[2]}";
    }

    // Another letter of the alphabet, at a place that is no last one of a value: always other bytes, never another spelling of the same.
    private static string Flip(string line, int at) => $"{line[..at]}{(line[at] == 'A' ? 'B' : 'A')}{line[(at + 1)..]}";
}
