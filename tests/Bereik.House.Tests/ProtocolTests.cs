using Bereik.Domain;
using Bereik.Exchange.Log;
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
    public void Reason_InACase_NamesAClauseOfItsProtocol()
    {
        foreach (var protocol in ShippedProtocols.All)
        {
            var clauses = protocol.Cases.SelectMany(example => example.Reasons).Select(code => Reasons.All[code].Clause).OfType<string>().Distinct().ToList();
            clauses.ShouldNotBeEmpty();
            foreach (var clause in clauses) protocol.Clause(clause).ShouldNotBeNull($"{protocol.Id}: {clause}");
        }
    }

    [Fact]
    public void Schema_BesideTheProtocols_IsThatOfTheTypes() => Repository.Read("protocols/protocol.schema.json").ShouldBe(ProtocolSchema.Write());

    [Fact]
    public void ErrorPage_IsThatOfTheReasons() => Repository.Read("docs/errors.md").ShouldBe(ReasonPage.Write());

    [Fact]
    public void LogPage_IsThatOfTheTypes()
    {
        var page = Repository.Read("docs/ledger-events.md");
        page.ShouldBe(LogEntryPage.Write());
        foreach (var name in LogEntryFormat.Types.Keys) page.ShouldContain($"\n## {name}\n");
    }

    [Fact]
    public void Protocols_InTheFolder_AreThoseThatShip() =>
        Directory.GetFiles(Path.Combine(Repository.Root, "protocols"), "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal).ShouldBe(ShippedProtocols.All.Select(protocol => protocol.Id));

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
