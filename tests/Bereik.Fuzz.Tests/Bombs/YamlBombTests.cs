using Bereik.Exchange.Protocols;
using Bereik.Fuzz.Tests.Parsing;
using Xunit;

namespace Bereik.Fuzz.Tests.Bombs;

// Texts of protocols: nothing refers to anything else, depth and size have an end.
public sealed class YamlBombTests
{
    private const long Most = 64L << 20;

    public static TheoryData<string, string> Bombs => new()
    {
        { "anchors", "yaml.anchor" },
        { "an alias alone", "yaml.alias" },
        { "a merge key", "yaml.anchor" },
        { "brackets", "yaml.tooDeep" },
        { "braces", "yaml.tooDeep" },
        { "lists in lists", "yaml.tooDeep" },
        { "indents", "yaml.tooDeep" },
        { "one long scalar", "value.type" },
        { "one block scalar", "key.unknown" },
        { "one key, often", "yaml.duplicateKey" },
        { "keys", "key.missing" },
        { "documents", "yaml.severalDocuments" },
        { "size", "yaml.tooLarge" },
    };

    [Theory]
    [MemberData(nameof(Bombs))]
    public void Text_ThatIsABomb_IsRefusedInTimeAndMemory(string kind, string code) => Bomb.ShouldEnd(
        Make(kind), input => ProtocolFile.Read(input).Errors.Any(error => error.Code == code) ? code : ProtocolFile.Read(input).Errors[0].Code, code, Most);

    [Fact]
    public void Text_AsLongAsItMayBe_IsReadInTime() => Bomb.ShouldEnd(
        [.. Corpus.Of("protocol-yaml")[0], .. Bomb.Of(Bomb.Many("# x\n", (ProtocolFile.MostBytes - Corpus.Of("protocol-yaml")[0].Length) / 4))], input => Parsers.Of("protocol-yaml").Read(input).Code, Verdict.Accepted, Most);

    private static byte[] Make(string kind) => Bomb.Of(kind switch
    {
        "anchors" => "a: &a [x,x,x,x,x,x,x,x,x]\n" + string.Concat(Enumerable.Range(0, 12).Select(i => $"b{i}: &b{i} [{Bomb.Many(i == 0 ? "*a," : $"*b{i - 1},", 9)}]\n")),
        "an alias alone" => "a: *b\n",
        "a merge key" => "a: &a {b: c}\nd: {<<: *a}\n",
        "brackets" => "a: " + new string('[', 250_000),
        "braces" => "a: " + Bomb.Many("{a: ", 60_000),
        "lists in lists" => Bomb.Many("- ", 125_000),
        "indents" => string.Concat(Enumerable.Range(0, 700).Select(i => new string(' ', i) + "a:\n")),
        "one long scalar" => new string('x', 250_000),
        "one block scalar" => "a: |\n" + Bomb.Many("  x\n", 60_000),
        "one key, often" => Bomb.Many("a: b\n", 50_000),
        "keys" => string.Concat(Enumerable.Range(0, 3_000).Select(i => $"a{i}: b\n")),
        "documents" => "a: b\n" + Bomb.Many("---\na: b\n", 20_000),
        _ => new string('#', ProtocolFile.MostBytes + 1),
    });
}
