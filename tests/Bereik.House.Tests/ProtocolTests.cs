using System.Reflection;
using Bereik.Domain;
using Bereik.Exchange.Protocols;
using Shouldly;
using Xunit;

namespace Bereik.House.Tests;

public sealed class ProtocolTests
{
    [Fact]
    public void ShippedProtocols_EachFlow_HasOne()
    {
        ShippedProtocols.All.Select(protocol => protocol.Flow).Distinct().Order().ShouldBe(Enum.GetValues<Flow>());
    }

    [Fact]
    public void ShippedProtocols_GroundUnverified_AllOfThem()
    {
        // Nobody has verified a legal ground yet. Whoever changes this does so with both DPOs' names in the document.
        ShippedProtocols.All.ShouldAllBe(protocol => protocol.Ground == GroundState.Unverified);
    }

    [Fact]
    public void Reason_ThatNamesAClause_FindsItInEveryProtocolOfItsFlow()
    {
        var reasons = typeof(Reasons).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (Reason)field.GetValue(null)!).ToList();
        reasons.Select(reason => reason.Code).ShouldBeUnique();
        foreach (var protocol in ShippedProtocols.All)
        {
            foreach (var reason in reasons.Where(reason => reason.Clause is not null)) protocol.Clause(reason.Clause!).ShouldNotBeNull($"{protocol.Id}: {reason.Clause}");
        }
    }

    [Fact]
    public void ShippedProtocol_Clauses_AreUniqueAndInBothLanguages()
    {
        foreach (var protocol in ShippedProtocols.All)
        {
            protocol.Clauses.Select(clause => clause.Id).ShouldBeUnique();
            protocol.Clauses.ShouldAllBe(clause => clause.Nl.Length > 10 && clause.En.Length > 10);
        }
    }

    [Fact]
    public void UnknownProtocol_Fields_NameNoNumberBirthDateChildOrAmount()
    {
        string[] never = ["insz", "ssin", "birth", "child", "amount", "phone", "mail"];
        foreach (var field in ShippedProtocols.Of(Flow.Unknown).Fields)
        {
            never.ShouldAllBe(word => !field.Contains(word, StringComparison.OrdinalIgnoreCase));
        }

        ShippedProtocols.Of(Flow.Match).Fields.ShouldBeEmpty();
    }
}
