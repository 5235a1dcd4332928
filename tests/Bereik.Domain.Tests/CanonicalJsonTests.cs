using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Bereik.Exchange.Protocols;
using Shouldly;
using Xunit;

namespace Bereik.Domain.Tests;

// RFC 8785: the number samples of its appendix B and the test data of its authors.
public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData("0000000000000000", "0")]
    [InlineData("8000000000000000", "0")]
    [InlineData("0000000000000001", "5e-324")]
    [InlineData("8000000000000001", "-5e-324")]
    [InlineData("7fefffffffffffff", "1.7976931348623157e+308")]
    [InlineData("ffefffffffffffff", "-1.7976931348623157e+308")]
    [InlineData("4340000000000000", "9007199254740992")]
    [InlineData("c340000000000000", "-9007199254740992")]
    [InlineData("4430000000000000", "295147905179352830000")]
    [InlineData("44b52d02c7e14af5", "9.999999999999997e+22")]
    [InlineData("44b52d02c7e14af6", "1e+23")]
    [InlineData("44b52d02c7e14af7", "1.0000000000000001e+23")]
    [InlineData("444b1ae4d6e2ef4e", "999999999999999700000")]
    [InlineData("444b1ae4d6e2ef4f", "999999999999999900000")]
    [InlineData("444b1ae4d6e2ef50", "1e+21")]
    [InlineData("3eb0c6f7a0b5ed8c", "9.999999999999997e-7")]
    [InlineData("3eb0c6f7a0b5ed8d", "0.000001")]
    [InlineData("41b3de4355555553", "333333333.3333332")]
    [InlineData("41b3de4355555554", "333333333.33333325")]
    [InlineData("41b3de4355555555", "333333333.3333333")]
    [InlineData("41b3de4355555556", "333333333.3333334")]
    [InlineData("41b3de4355555557", "333333333.33333343")]
    [InlineData("becbf647612f3696", "-0.0000033333333333333333")]
    [InlineData("43143ff3c1cb0959", "1424953923781206.2")]
    public void Number_OfTheAppendix_IsWrittenAsThere(string bits, string text) =>
        CanonicalJson.Number(BitConverter.UInt64BitsToDouble(ulong.Parse(bits, NumberStyles.HexNumber, CultureInfo.InvariantCulture))).ShouldBe(text);

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Number_WithoutAValue_IsRefused(double number) => Should.Throw<ArgumentException>(() => CanonicalJson.Number(number));

    [Theory]
    [InlineData("""{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}""", """{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}""")]
    [InlineData("""{"1":{"f":{"f":"hi","F":5},"\n":56.0},"10":{},"":"empty","a":{},"111":[{"e":"yes","E":"no"}],"A":{}}""", """{"":"empty","1":{"\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{"E":"no","e":"yes"}],"A":{},"a":{}}""")]
    [InlineData("""[56,{"d":true,"10":null,"1":[]}]""", """[56,{"1":[],"10":null,"d":true}]""")]
    [InlineData("""{"Unnormalized Unicode":"A\u030a"}""", "{\"Unnormalized Unicode\":\"A\u030a\"}")]
    [InlineData("""{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}""", "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\",\"😀\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}")]
    public void Document_OfTheTestData_IsWrittenAsThere(string input, string canonical) => Encoding.UTF8.GetString(CanonicalJson.Write(JsonNode.Parse(input))).ShouldBe(canonical);

    [Fact]
    public void Text_WithHalfAPair_IsRefused() => Should.Throw<ArgumentException>(() => CanonicalJson.Write(JsonValue.Create("\ud800")));

    // Whoever changes one character of what is signed, signs something else; another spelling of the same is refused before it is read.
    [Fact]
    public void Protocol_InAnySpellingButTheCanonical_IsRefused()
    {
        var canonical = Encoding.UTF8.GetString(ShippedProtocols.Files[0].Canonical.Span);
        ProtocolJson.Read(Encoding.UTF8.GetBytes(canonical)).IsOk.ShouldBeTrue();
        foreach (var other in new[] { canonical + "\n", " " + canonical, canonical.Replace("\"flow\":", "\"flow\": ", StringComparison.Ordinal), canonical.Replace("\"flow\"", "\"\\u0066low\"", StringComparison.Ordinal) })
        {
            ProtocolJson.Read(Encoding.UTF8.GetBytes(other)).TryGet(out _, out var error).ShouldBeFalse();
            error.Code.ShouldBe("protocol.notCanonical");
        }

        ProtocolJson.Read("{"u8).TryGet(out _, out var broken).ShouldBeFalse();
        broken.Code.ShouldBe("protocol.json");
    }
}
