using System.Text;
using Bereik.Exchange.Protocols;
using Shouldly;
using Xunit;

namespace Bereik.Domain.Tests;

// The cases that a protocol publishes are run, and none of its clauses is idle.
public sealed class CaseTests
{
    public static TheoryData<string> Protocols => [.. ShippedProtocols.All.Select(protocol => protocol.Id)];

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Cases_OfAShippedProtocol_ComeOutAsTheySay(string id) =>
        ProtocolCases.Run(Find(id)).Where(result => !result.IsAsExpected).Select(result => $"{result.Case.Id}: {result.Decision.Outcome} {string.Join(", ", result.Decision.Reasons.Select(reason => reason.Code))}").ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Clause_Dropped_TurnsACaseRed(string id) => ProtocolCases.Uncovered(Find(id)).ShouldBeEmpty();

    [Fact]
    public void Shipped_AreTheSixOfTheRegister() => ShippedProtocols.All.Select(protocol => protocol.Id).ShouldBe(
        ["gbo-gedeeld-beroepsgeheim", "groeipakket-brief", "groeipakket-match", "groeipakket-onbekend", "ksz-raadpleging", "lokale-actor-doorverwijzing"]);

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Canonical_OfAShippedProtocol_ReadsBackAsTheSame(string id)
    {
        var file = ShippedProtocols.Files.Single(candidate => candidate.Protocol!.Id == id);
        var read = ProtocolJson.Read(file.Canonical.Span).Value;
        read.Hash.ShouldBe(file.Protocol!.Hash);
        read.Clauses.Select(clause => clause.Id).ShouldBe(file.Protocol.Clauses.Select(clause => clause.Id));
        Encoding.UTF8.GetString(file.Canonical.Span).ShouldNotContain("\n");
    }

    private static Protocol Find(string id) => ShippedProtocols.All.Single(protocol => protocol.Id == id);
}
