using System.Text;
using Bereik.Exchange;
using Bereik.Exchange.Envelopes;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Signatures;
using Bereik.Sealing.Packages;
using Bereik.Sealing.Pseudonyms;
using Shouldly;
using Xunit;

namespace Bereik.Sealing.Tests;

public sealed class HostileHubTests
{
    [Theory]
    [InlineData("unknown", 38)]
    [InlineData("match", 2)]
    public async Task Package_HonestHub_GivesExactlyTheRows(string flow, int expected)
    {
        using var exchange = new OneExchange(flow);
        var set = exchange.TokenSet(3, 5);
        var opened = (await exchange.OpenAsync(exchange.Deliver(await exchange.WriteAsync(40), set), t => t with { OwnTokens = set })).Value;
        opened.Rows.Count.ShouldBe(expected);
        opened.Package.RowCount.ShouldBe(expected);
        if (flow == "unknown")
            opened.Rows.Select(r => Encoding.UTF8.GetString(r.Json.Span)).Order().ShouldBe(Enumerable.Range(0, 40).Where(i => i is not (3 or 5)).Select(i => $"{{\"n\":{i}}}").Order());
        opened.Rows[0].ToString().ShouldBe("opened row");
        opened.ToString().ShouldBe("package");
    }

    [Theory]
    [InlineData("swap", "row.order")]
    [InlineData("duplicate", "row.duplicate")]
    [InlineData("replay", "row.tampered")]
    [InlineData("insert", "row.tampered")]
    [InlineData("editToken", "row.tampered")]
    [InlineData("editSealed", "row.tampered")]
    [InlineData("dropSealed", "row.tampered")]
    [InlineData("space", "row.shape")]
    [InlineData("truncate", "row.shape")]
    public async Task Rows_Touched_Detected(string attack, string code)
    {
        using var exchange = new OneExchange("unknown");
        var lines = exchange.Deliver(await exchange.WriteAsync(40), exchange.TokenSet(3));
        using var other = new OneExchange("unknown");
        switch (attack)
        {
            case "swap": (lines[4], lines[5]) = (lines[5], lines[4]); break;
            case "duplicate": lines.Insert(5, lines[4]); break;
            case "replay": lines[5] = (await other.WriteAsync(3))[1]; break;
            case "insert": lines.Insert(5, Encoding.ASCII.GetString(RowLine.Write([.. Enumerable.Range(0, 8).Select(_ => Token.Random())], "a.b.c.d.e")).TrimEnd()); break;
            case "editToken": lines[5] = lines[5].Replace(lines[5].Substring(12, 43), Token.Random().ToBase64Url(), StringComparison.Ordinal); break;
            case "editSealed": lines[5] = lines[5][..^3] + (lines[5][^3] == 'A' ? 'Q' : 'A') + lines[5][^2..]; break;
            case "dropSealed": lines[5] = lines[5][..lines[5].IndexOf(",\"sealed", StringComparison.Ordinal)] + "}"; break;
            case "space": lines[5] += " "; break;
            default: lines[5] = lines[5][..100]; break;
        }

        (await exchange.OpenAsync(lines)).Error.Code.ShouldBe(code);
    }

    [Fact]
    public async Task Manifest_OtherThanOrdered_EachDetectedWithItsCode()
    {
        using var exchange = new OneExchange("unknown");
        var lines = exchange.Deliver(await exchange.WriteAsync(40), exchange.TokenSet(3));
        async Task<string> Code(Func<PackageTask, PackageTask> change) => (await exchange.OpenAsync(lines, change)).Error.Code;
        using var other = new OneExchange("unknown");
        (await Code(t => t with { Order = other.Order })).ShouldBe("manifest.exchange");
        (await Code(t => t with { Order = SignedDocument.Sign(exchange.Order.Document with { Nonce = Bytes32.Random() }, exchange.LocalKey) })).ShouldBe("manifest.order");
        (await Code(t => t with { RecipientKey = SealingKey.Generate() })).ShouldBe("manifest.recipientKey");
        (await Code(t => t with { SourceKey = other.SourceKey.PublicKey })).ShouldBe("manifest.sourceKey");
        (await Code(t => t with { Epoch = "2027Q1" })).ShouldBe("manifest.epoch");
        (await Code(t => t with { Band = 1000 })).ShouldBe("manifest.band");
        (await Code(t => t with { Now = OneExchange.Now.AddDays(10) })).ShouldBe("manifest.expired");
        (await Code(t => t with { Tokens = other.LocalTokens })).ShouldBe("manifest.agreement");
        (await Code(t => t with { Agreement = OneExchange.Base(-2) })).ShouldBe("manifest.agreement");
        (await Code(t => t with { Choice = CheckChoice.Draw() })).ShouldBe("checkRows.unexpected");
        (await Code(t => t with { OwnTokens = exchange.TokenSet(7) })).ShouldBe("row.notAsked");
        lines[0] = (await other.WriteAsync(1))[0];
        (await exchange.OpenAsync(lines)).Error.Code.ShouldBe("manifest.sourceKey");
    }

    [Fact]
    public async Task Manifest_AnyBitFlipped_NeverOpens()
    {
        using var exchange = new OneExchange("unknown");
        var lines = exchange.Deliver(await exchange.WriteAsync(10), exchange.TokenSet(3));
        var random = new Random(7);
        var whole = Encoding.ASCII.GetBytes(string.Join('\n', lines));
        for (var run = 0; run < 300; run++)
        {
            var bytes = whole.ToArray();
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            (await exchange.OpenAsync([.. Encoding.Latin1.GetString(bytes).Split('\n')])).IsOk.ShouldBeFalse();
        }
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("match")]
    public async Task Hub_WithholdsOrAddsACheckRow_Detected(string flow)
    {
        using var exchange = new OneExchange(flow);
        var all = await exchange.WriteAsync(40);
        var lines = exchange.Deliver(all, exchange.TokenSet(3));
        var checks = Enumerable.Range(0, 64).Select(exchange.LocalTokens.CheckToken).ToHashSet();
        lines.RemoveAt(lines.FindIndex(1, line => RowLine.Read(Encoding.ASCII.GetBytes(line))!.Value.Tokens.Any(checks.Contains)));
        (await exchange.OpenAsync(lines)).Error.ShouldBe(new ParseError("checkRows.missing", "1"));
        (await exchange.OpenAsync(all)).Error.Code.ShouldBe("checkRows.unexpected");
    }

    [Theory]
    [InlineData(0.10, 0.97)]
    [InlineData(0.05, 0.81)]
    public void Withholding_FractionOfManyRows_CaughtAsOftenAsTheFormulaSays(double fraction, double published)
    {
        const int due = 2032, runs = 20_000;
        var withheld = (int)(due * fraction);
        var chance = Withholding.ChanceOfDetection(due, withheld);
        chance.ShouldBe(published, 0.011);
        var random = new Random(1);
        var caught = 0;
        var rows = Enumerable.Range(0, due).ToArray();
        for (var run = 0; run < runs; run++)
        {
            // Rows 0 to 31 are the check rows; the hub cannot tell, so it takes any.
            var isCaught = false;
            for (var i = 0; i < withheld; i++)
            {
                var j = random.Next(i, due);
                (rows[i], rows[j]) = (rows[j], rows[i]);
                isCaught |= rows[i] < 32;
            }

            if (isCaught) caught++;
        }

        ((double)caught / runs).ShouldBe(chance, 5 * Math.Sqrt(chance * (1 - chance) / runs));
        Withholding.ChanceOfDetection(due, 1).ShouldBe(32.0 / due, 1e-12);
    }

    [Fact]
    public async Task Withholding_OnRealEnvelopes_CaughtExactlyWhenACheckRowIsMissing()
    {
        var random = new Random(3);
        for (var run = 0; run < 10; run++)
        {
            using var exchange = new OneExchange("match");
            var lines = exchange.Deliver(await exchange.WriteAsync(20), exchange.TokenSet(Enumerable.Range(0, 20).ToArray()));
            var checks = Enumerable.Range(0, 64).Select(exchange.LocalTokens.CheckToken).ToHashSet();
            var removed = lines[random.Next(1, lines.Count)];
            lines.Remove(removed);
            var isCheck = RowLine.Read(Encoding.ASCII.GetBytes(removed))!.Value.Tokens.Any(checks.Contains);
            (await exchange.OpenAsync(lines)).IsOk.ShouldBe(!isCheck);
        }
    }

    [Fact]
    public async Task Rows_Written_HaveOneSizeRandomSlotsAndARandomToken()
    {
        using var exchange = new OneExchange("unknown");
        var first = await exchange.WriteAsync(40, i => $"{{\"name\":\"{new string('x', i * 10)}\"}}");
        var reader = new EnvelopeReader(new MemoryStream(Encoding.ASCII.GetBytes(string.Join('\n', first) + "\n")));
        var manifest = (await reader.ReadManifestAsync(CancellationToken.None)).Value;
        manifest.Document.Rows.Count.ShouldBe(128);
        var slots = new List<int>();
        var sizes = new HashSet<int>();
        var makeable = Enumerable.Range(0, 40).Select(i => exchange.LocalTokens.Token(OneExchange.Base(i))).Concat(Enumerable.Range(0, 64).Select(exchange.LocalTokens.CheckToken)).ToHashSet();
        while (await reader.ReadRowAsync(CancellationToken.None) is { } row)
        {
            slots.Add(row.Value.Slot);
            sizes.Add(row.Value.Sealed!.Split('.')[3].Length);
            // So whoever guesses a person still lacks 32 random bytes of the row's digest.
            row.Value.Tokens.Count(makeable.Contains).ShouldBe(1);
            row.Value.ToString().ShouldBe("row");
            row.Value.Tokens[0].ToString().ShouldBe("token");
        }

        slots.Count.ShouldBe(104);
        slots.ShouldBe(slots.Order());
        sizes.Count.ShouldBe(1);
        slots.ShouldNotBe(Enumerable.Range(0, 104));
        await Should.ThrowAsync<ArgumentException>(() => exchange.WriteAsync(1, _ => new string('x', 600)));
    }
}
