using System.Text;
using System.Text.Json;
using Bereik.Domain;
using Bereik.Exchange.Protocols;
using Bereik.Source.Requests;
using CsCheck;
using Shouldly;
using Xunit;

namespace Bereik.Source.Tests;

public sealed class RecordFormatTests
{
    private static readonly Household Family = new([("An Maria", "Peeters"), ("Tom", "Claes")], "Molenstraat", "12", "3", "9300", "Aalst");
    private static readonly Month October = new(2026, 10);

    [Fact]
    public void Record_UnderTheShippedProtocol_IsAsDocumented() =>
        Encoding.UTF8.GetString(RecordFormat.Write(Family with { Beneficiaries = [("An Maria", "Peeters")] }, October, ShippedProtocols.Of(Flow.Unknown).Fields))
            .ShouldBe("""{"beneficiaries":[{"givenNames":"An Maria","familyName":"Peeters"}],"street":"Molenstraat","houseNumber":"12","box":"3","postcode":"9300","place":"Aalst","referenceMonth":"2026-10"}""");

    [Fact]
    public void ListProtocols_NameOnlyFieldsThatARecordHas() =>
        ShippedProtocols.All.Where(protocol => protocol.Flow is Flow.Match or Flow.Unknown).SelectMany(protocol => protocol.Fields).Distinct().ShouldBeSubsetOf(RecordFormat.Fields);

    [Fact]
    public void Record_OfAnySetOfFields_HoldsThoseAndNoOther() =>
        Gen.Bool.Array[8].Sample(chosen =>
        {
            var fields = RecordFormat.Fields.Where((_, at) => chosen[at]).ToList();
            using var json = JsonDocument.Parse(RecordFormat.Write(Family, October, fields));
            Names(json.RootElement).Where(name => name != "beneficiaries").Distinct().ShouldBe(fields, ignoreOrder: true);
        });

    [Fact]
    public void Record_WithoutABox_HasNoSuchMember() =>
        Encoding.UTF8.GetString(RecordFormat.Write(Family with { Box = null }, October, RecordFormat.Fields)).ShouldNotContain("box");

    [Fact]
    public void PersonalTypes_Printed_ShowNothing()
    {
        Family.ToString().ShouldBe("[gezin]");
        new SelectedRow([TestNumbers.Of(1)], Family, []).ToString().ShouldBe("[rij]");
        RandomRegister.Person(1, RandomRegister.At("1")).ToString().ShouldBe("[record]");
        RandomRegister.At("1").ToString().ShouldBe("[persoon]");
        new Register.BenefitFact(TestNumbers.Of(1), TestNumbers.Of(2), true, "2026-01", null).ToString().ShouldBe("[toeslag]");
    }

    private static IEnumerable<string> Names(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Names(member.Value).Prepend(member.Name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Names),
        _ => [],
    };
}
