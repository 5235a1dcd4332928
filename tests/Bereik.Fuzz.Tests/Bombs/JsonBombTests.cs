using System.Text;
using Bereik.Exchange;
using Bereik.Fuzz.Tests.Parsing;
using Shouldly;
using Xunit;

namespace Bereik.Fuzz.Tests.Bombs;

// Whatever is JSON: depth has an end before the stack has, numbers are not computed with, and no parser makes much more of a text than the text.
public sealed class JsonBombTests
{
    private const long Most = 64L << 20;

    public static TheoryData<string, string> Bombs
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var parser in new[] { "protocol-json", "canonical-json", "audit-json", "settings-hub", "register-signatures", "document-body", "problem", "household-record", "evaluate-request", "evaluate-response", "log-entry", "jwk-public", "epoch-key" })
            {
                foreach (var kind in new[] { "brackets", "braces", "a number", "an exponent", "one text", "one key, often", "keys", "escapes" }) data.Add(parser, kind);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Bombs))]
    public void Json_ThatIsABomb_EndsInTimeAndMemory(string parser, string kind)
    {
        var bomb = Make(kind);
        var code = Parsers.Of(parser).Read(bomb).Code;
        if (parser is not ("canonical-json" or "audit-json")) code.ShouldNotBe(Verdict.Accepted);
        Bomb.ShouldEnd(bomb, input => Parsers.Of(parser).Read(input).Code, code, Most);
    }

    // Within a signature as well: the payload is JSON of whoever signed.
    [Theory]
    [InlineData("order")]
    [InlineData("manifest")]
    [InlineData("request-claims")]
    public void Payload_ThatIsABomb_IsRefused(string parser)
    {
        var valid = Encoding.ASCII.GetString(Corpus.Of(parser)[0]).Split('.');
        foreach (var kind in new[] { "brackets", "braces", "a number", "one key, often", "escapes" })
        {
            Bomb.ShouldEnd(Encoding.ASCII.GetBytes($"{valid[0]}.{StrictBase64Url.Encode(Make(kind))}.{valid[2]}"), input => Parsers.Of(parser).Read(input).Code, "document.json", Most);
        }
    }

    private static byte[] Make(string kind) => Bomb.Of(kind switch
    {
        "brackets" => new string('[', 200_000),
        "braces" => Bomb.Many("{\"a\":", 50_000),
        "a number" => $"{{\"a\":{new string('9', 200_000)}}}",
        "an exponent" => "{\"a\":1e999999999}",
        "one text" => $"{{\"a\":\"{new string('x', 250_000)}\"}}",
        "one key, often" => $"{{{Bomb.Many("\"a\":1,", 40_000)}\"a\":1}}",
        "keys" => $"{{{string.Concat(Enumerable.Range(0, 20_000).Select(i => $"\"a{i}\":1,"))}\"a\":1}}",
        _ => $"{{\"a\":\"{Bomb.Many("\\u0000", 40_000)}\"}}",
    });
}
