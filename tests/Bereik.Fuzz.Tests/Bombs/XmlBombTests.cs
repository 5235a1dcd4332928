using Bereik.Fuzz.Tests.Parsing;
using Bereik.Magda;
using Xunit;

namespace Bereik.Fuzz.Tests.Bombs;

// MAGDA answers: no document type, so no entity of any kind; depth, length and number have an end.
public sealed class XmlBombTests
{
    private const long Most = 64L << 20;

    public static TheoryData<string, string> Bombs => new()
    {
        { "entities within entities", MagdaErrorCodes.DoctypeForbidden },
        { "one long entity, often", MagdaErrorCodes.DoctypeForbidden },
        { "an entity from elsewhere", MagdaErrorCodes.DoctypeForbidden },
        { "a definition from elsewhere", MagdaErrorCodes.DoctypeForbidden },
        { "depth", MagdaErrorCodes.TooDeep },
        { "one text", MagdaErrorCodes.TextTooLong },
        { "one text in pieces", MagdaErrorCodes.TextTooLong },
        { "attributes", MagdaErrorCodes.ForeignXml },
        { "namespaces", MagdaErrorCodes.ForeignXml },
        { "comments", MagdaErrorCodes.TooLarge },
        { "size", MagdaErrorCodes.TooLarge },
    };

    [Theory]
    [MemberData(nameof(Bombs))]
    public void Answer_ThatIsABomb_IsRefusedInTimeAndMemory(string kind, string code) => Bomb.ShouldEnd(Make(kind), input => Parsers.Of("magda").Read(input).Code, code, Most);

    private static byte[] Make(string kind)
    {
        const string Start = "<w:GeefPersoonResponse xmlns:w=\"http://magda.vlaanderen.be/persoon/soap/geefpersoon/v02_02\"><Repliek><Context><Naam>";
        return Bomb.Of(kind switch
        {
            "entities within entities" => $"<!DOCTYPE a [<!ENTITY b \"x\">{string.Concat(Enumerable.Range(0, 30).Select(i => $"<!ENTITY b{i} \"{Bomb.Many(i == 0 ? "&b;" : $"&b{i - 1};", 10)}\">"))}]><a>&b29;</a>",
            "one long entity, often" => $"<!DOCTYPE a [<!ENTITY b \"{new string('x', 100_000)}\">]><a>{Bomb.Many("&b;", 100_000)}</a>",
            "an entity from elsewhere" => "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///dev/zero\">]><a>&b;</a>",
            "a definition from elsewhere" => "<!DOCTYPE a SYSTEM \"http://127.0.0.1:1/a.dtd\"><a/>",
            "depth" => Start + Bomb.Many("<a>", 1_000_000),
            "one text" => Start + new string('x', 10 << 20),
            "one text in pieces" => Start + Bomb.Many("<![CDATA[xxxxxxxxxx]]>", 200_000),
            "attributes" => $"<a {string.Concat(Enumerable.Range(0, 100_000).Select(i => $"b{i}='' "))}/>",
            "namespaces" => $"<a {string.Concat(Enumerable.Range(0, 100_000).Select(i => $"xmlns:b{i}='u' "))}/>",
            "comments" => Start + Bomb.Many("<!---->", 3 << 20),
            _ => new string(' ', (16 << 20) + 1),
        });
    }
}
