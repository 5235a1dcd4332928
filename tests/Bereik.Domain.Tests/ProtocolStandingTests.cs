using System.Text;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Register;
using Shouldly;
using Xunit;

namespace Bereik.Domain.Tests;

// How a text stands, by the events that were signed about it.
public sealed class ProtocolStandingTests
{
    private static readonly Protocol Verified = Ordinary.VerifiedBut(null);
    private static readonly DateOnly First = new(2027, 1, 1);
    private static readonly string[] Names = ["source", "hub", "pseudonymiser", "recipient", "outsider"];
    private static readonly DateOnly Last = new(2028, 12, 31);
    private static readonly string Good = Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(Root(), "protocols", "groeipakket-onbekend.yaml")));

    [Fact]
    public void Life_FromDraftToTheLastDay_GoesThroughEachState()
    {
        var life = new Life(Verified).Drafted(Actor.Source);
        life.Protocol().State.ShouldBe(ProtocolState.Draft);
        life.Advised(Actor.Source).Protocol().State.ShouldBe(ProtocolState.Draft);
        life.Advised(Actor.Hub).Protocol().State.ShouldBe(ProtocolState.Advised);
        life.Signed(Actor.Source).Signed(Actor.Hub).Protocol().MissingSignatures.ShouldBe([Party.Pseudonymiser]);
        life.Protocol().State.ShouldBe(ProtocolState.Advised);
        life.Protocol().Publishable.Reasons.ShouldBe([Reasons.ProtocolNotSigned]);
        life.Signed(Actor.Pseudonymiser).Protocol().State.ShouldBe(ProtocolState.SignedByAll);
        life.Protocol().Publishable.Outcome.ShouldBe(Outcome.Permit);
        life.Published(Actor.Source).Protocol().State.ShouldBe(ProtocolState.Published);
        life.Protocol(First.AddDays(-1)).State.ShouldBe(ProtocolState.Published);
        life.Protocol(First).State.ShouldBe(ProtocolState.InForce);
        life.Protocol(Last).State.ShouldBe(ProtocolState.InForce);
        life.Protocol(Last).StoppedOn.ShouldBeNull();
        life.Protocol(Last.AddDays(1)).State.ShouldBe(ProtocolState.Expired);
        life.Protocol(Last.AddDays(1)).StoppedOn.ShouldBe(Last.AddDays(1));
    }

    // Without an advice nothing else is told: the state is the last step that is complete.
    [Fact]
    public void Signatures_WithoutAdvice_AreADraft() =>
        new Life(Verified).Signed(Actor.Source).Signed(Actor.Hub).Signed(Actor.Pseudonymiser).Protocol().State.ShouldBe(ProtocolState.Draft);

    [Fact]
    public void Advice_Unfavourable_CountsOnlyWithTheReasonWhyItIsNotFollowed()
    {
        var against = Ordinary.Advice with { Outcome = AdviceOutcome.Unfavourable };
        new Life(Verified).Advised(Actor.Source).Advised(Actor.Hub, against).Protocol().State.ShouldBe(ProtocolState.Draft);
        new Life(Verified).Advised(Actor.Source).Advised(Actor.Hub, against with { NotFollowed = "De partijen wegen het anders, zie het verslag." }).Protocol().State.ShouldBe(ProtocolState.Advised);
        new Life(Verified).Advised(Actor.Source).Advised(Actor.Hub).Advised(Actor.Hub, against).Protocol().State.ShouldBe(ProtocolState.Draft);
    }

    [Fact]
    public void Advice_OfADayToCome_CountsFromThatDay()
    {
        var life = new Life(Verified).Advised(Actor.Source).Advised(Actor.Hub, Ordinary.Advice with { On = Ordinary.Today.AddDays(3) });
        life.Protocol(Ordinary.Today.AddDays(2)).State.ShouldBe(ProtocolState.Draft);
        life.Protocol(Ordinary.Today.AddDays(3)).State.ShouldBe(ProtocolState.Advised);
        life.Signed(Actor.Source).Signed(Actor.Hub).Signed(Actor.Pseudonymiser).Published(Actor.Source).Protocol(First).Publication.ShouldBeNull();
    }

    [Fact]
    public void Advice_ByAnotherThanWhoMayGiveIt_IsPassedOver()
    {
        new Life(Verified).Advised(Actor.Source).Advised(Actor.Source, party: Party.Recipient).Protocol().State.ShouldBe(ProtocolState.Draft);
        new Life(Verified).Advised(Actor.Hub).Advised(Actor.Hub, party: Party.Source).Protocol().State.ShouldBe(ProtocolState.Draft);
        new Life(Verified).Advised(Actor.Source).Advised(Actor.Recipient, party: Party.Recipient).Protocol().State.ShouldBe(ProtocolState.Draft);
        new Life(Verified).Advised(Actor.Source).Advised(Actor.Hub, party: Party.Hub).Protocol().State.ShouldBe(ProtocolState.Draft);
    }

    [Theory]
    [InlineData("source")]
    [InlineData("hub")]
    [InlineData("pseudonymiser")]
    public void Publication_BeforeASignature_NeverCounts(string late)
    {
        var missing = late switch { "source" => Actor.Source, "hub" => Actor.Hub, _ => Actor.Pseudonymiser };
        var life = new Life(Verified).Advised(Actor.Source).Advised(Actor.Hub);
        foreach (var party in new[] { Actor.Source, Actor.Hub, Actor.Pseudonymiser }.Where(party => party != missing)) life.Signed(party);
        life.Published(Actor.Source).Signed(missing);
        life.Protocol().State.ShouldBe(ProtocolState.SignedByAll);
        life.Protocol(First).State.ShouldBe(ProtocolState.SignedByAll);

        // Made public again, now that everybody signed, it counts.
        life.Published(Actor.Source).Protocol(First).State.ShouldBe(ProtocolState.InForce);
    }

    [Fact]
    public void Publication_ByAnotherThanTheSource_DoesNotCount()
    {
        var life = new Life(Verified).Advised(Actor.Source).Advised(Actor.Hub).Signed(Actor.Source).Signed(Actor.Hub).Signed(Actor.Pseudonymiser);
        foreach (var other in new[] { Actor.Hub, Actor.Pseudonymiser, Actor.Recipient, Actor.Outsider }) life.Published(other);
        life.Protocol(First).State.ShouldBe(ProtocolState.SignedByAll);
    }

    [Fact]
    public void Publication_AfterTheLastDay_DoesNotCount() =>
        new Life(Verified).On(Last.AddDays(1)).UntilPublished().Protocol().State.ShouldBe(ProtocolState.SignedByAll);

    [Theory]
    [InlineData("machtiging", "authorisation.unverified")]
    [InlineData("rechtsgrond-verzameling", "ground.collectionUnverified")]
    [InlineData("rechtsgrond-mededeling", "ground.unverified")]
    [InlineData("rechtsgrond-ontvanger", "ground.recipientUnverified")]
    public void Protocol_WithOneUnverifiedGround_NeverComesIntoForce(string clause, string code)
    {
        var life = new Life(Ordinary.VerifiedBut(clause)).UntilPublished().Published(Actor.Source).Resumed(Actor.Source).On(First).Published(Actor.Source);
        life.Protocol(First).State.ShouldBe(ProtocolState.SignedByAll);
        life.Protocol(First).Publication.ShouldBeNull();
        life.Protocol(First).Publishable.Reasons.Select(reason => reason.Code).ShouldBe([code]);
    }

    [Fact]
    public void Shipped_WhateverTheEvents_NeverComeIntoForce()
    {
        foreach (var protocol in ShippedProtocols.All)
        {
            var source = new Actor(protocol.Source.Value, OrganisationKind.Source);
            var life = new Life(protocol).Advised(source).Advised(Actor.Hub).Signed(source).Signed(Actor.Hub).Signed(Actor.Pseudonymiser).Published(source);
            life.Protocol(First).State.ShouldBe(ProtocolState.SignedByAll);
        }
    }

    [Theory]
    [InlineData("source", true)]
    [InlineData("hub", true)]
    [InlineData("pseudonymiser", false)]
    [InlineData("recipient", false)]
    [InlineData("outsider", false)]
    public void Suspension_OfTheProtocol_IsBySourceOrHub(string by, bool counts)
    {
        var life = new Life(Verified).UntilPublished().On(First.AddDays(10)).Suspended(Named(by));
        life.Protocol().State.ShouldBe(counts ? ProtocolState.Suspended : ProtocolState.InForce);
        life.Protocol().StoppedOn.ShouldBe(counts ? First.AddDays(10) : null);
        foreach (var other in Names.Where(other => other != by)) life.Resumed(Named(other));
        life.Protocol().State.ShouldBe(counts ? ProtocolState.Suspended : ProtocolState.InForce);
        life.Resumed(Named(by)).Protocol().State.ShouldBe(ProtocolState.InForce);
        life.Protocol().StoppedOn.ShouldBeNull();
    }

    [Fact]
    public void Suspension_BySourceAndHub_HoldsUntilBothLiftIt()
    {
        var life = new Life(Verified).UntilPublished().On(First).Suspended(Actor.Source).Suspended(Actor.Hub).Resumed(Actor.Hub);
        life.Protocol().State.ShouldBe(ProtocolState.Suspended);
        life.Resumed(Actor.Source).Protocol().State.ShouldBe(ProtocolState.InForce);
    }

    [Fact]
    public void Suspension_AfterAnother_DoesNotMoveTheDayOnWhichItStopped()
    {
        var life = new Life(Verified).UntilPublished().On(First).Suspended(Actor.Source).On(First.AddDays(40)).Suspended(Actor.Source).Suspended(Actor.Hub);
        life.Protocol().StoppedOn.ShouldBe(First);
        life.Protocol().Suspensions.Count.ShouldBe(3);
    }

    [Fact]
    public void Suspension_OfAnAccession_IsNotOfTheProtocol() => new Life(Verified).UntilPublished().On(First).Suspended(Actor.Source, Actor.Recipient).Protocol().State.ShouldBe(ProtocolState.InForce);

    [Fact]
    public void End_OfTheProtocol_IsBySourceAloneAndForGood()
    {
        var life = new Life(Verified).UntilPublished().On(First);
        foreach (var other in new[] { Actor.Hub, Actor.Pseudonymiser, Actor.Recipient, Actor.Outsider }) life.Ended(other);
        life.Protocol().State.ShouldBe(ProtocolState.InForce);
        life.Ended(Actor.Source, on: First.AddMonths(3)).Protocol(First.AddMonths(3).AddDays(-1)).State.ShouldBe(ProtocolState.InForce);
        life.Protocol(First.AddMonths(3)).State.ShouldBe(ProtocolState.Ended);

        // A later day does not put it off, and neither does anything else.
        life.Ended(Actor.Source, on: First.AddMonths(9)).Resumed(Actor.Source).UntilPublished();
        life.Protocol(First.AddMonths(3)).State.ShouldBe(ProtocolState.Ended);
        life.Protocol(First.AddMonths(3)).StoppedOn.ShouldBe(First.AddMonths(3));
    }

    // Otherwise ending what was suspended would make usable again what was not.
    [Fact]
    public void End_AfterASuspension_GivesNoDayOfUseMore()
    {
        var life = new Life(Verified).UntilPublished().On(First).Suspended(Actor.Source);
        RegisterFacts.LastDayOfUse(life.Protocol(), null, Ordinary.Framework).ShouldBe(First.AddDays(30));
        life.On(First.AddDays(60)).Ended(Actor.Source);
        life.Protocol().State.ShouldBe(ProtocolState.Ended);
        RegisterFacts.LastDayOfUse(life.Protocol(), null, Ordinary.Framework).ShouldBe(First.AddDays(30));
    }

    [Fact]
    public void Suspension_AfterTheLastDay_GivesNoDayOfUseMore()
    {
        var life = new Life(Verified).UntilPublished().On(Last.AddDays(40)).Suspended(Actor.Hub);
        life.Protocol().State.ShouldBe(ProtocolState.Suspended);
        life.Protocol().StoppedOn.ShouldBe(Last.AddDays(1));
        RegisterFacts.LastDayOfUse(life.Protocol(), null, Ordinary.Framework).ShouldBe(Last.AddDays(31));
    }

    [Theory]
    [InlineData("    days: 90", "    days: 91", false)]
    [InlineData("    days: 90", "    days: 60", true)]
    [InlineData("nl: Een OCMW vraagt alleen", "nl: Het OCMW vraagt alleen", true)]
    public void Version_ThatIsWider_NeedsNewAdvice(string old, string now, bool isCovered)
    {
        var earlier = Read(Good);
        var later = Read(Good.Replace("version: '0.2'", "version: '0.3'", StringComparison.Ordinal).Replace(old, now, StringComparison.Ordinal));
        var covers = ProtocolLineage.Covers(later, [earlier, later]);
        covers.Contains(earlier.Hash).ShouldBe(isCovered);
        ProtocolLineage.Covers(earlier, [earlier, later]).ShouldBeEmpty();
        var life = new Life(later).Advised(Actor.Source, hash: earlier.Hash).Advised(Actor.Hub, hash: earlier.Hash);
        life.Protocol(covers: covers).State.ShouldBe(isCovered ? ProtocolState.Advised : ProtocolState.Draft);
        life.Advised(Actor.Source).Advised(Actor.Hub).Protocol(covers: covers).State.ShouldBe(ProtocolState.Advised);
    }

    [Fact]
    public void Version_OfAnotherProtocol_CoversNothing()
    {
        var earlier = Read(Good);
        var other = Read(Good.Replace("version: '0.2'", "version: '0.3'", StringComparison.Ordinal).Replace("id: groeipakket-onbekend", "id: groeipakket-ander", StringComparison.Ordinal));
        ProtocolLineage.Covers(other, [earlier]).ShouldBeEmpty();
        ProtocolLineage.Number("1.10").ShouldBeGreaterThan(ProtocolLineage.Number("1.9"));
    }

    // What an officer says against a text is not undone by what is said later of an earlier one.
    [Fact]
    public void Advice_OnAnEarlierText_DoesNotUndoAnAdviceOnThisOne()
    {
        var covers = new HashSet<string> { "an earlier text" };
        var life = new Life(Verified).Advised(Actor.Source).Advised(Actor.Hub, Ordinary.Advice with { Outcome = AdviceOutcome.Unfavourable }).Advised(Actor.Hub, hash: "an earlier text");
        life.Protocol(covers: covers).State.ShouldBe(ProtocolState.Draft);
        life.Advised(Actor.Hub).Protocol(covers: covers).State.ShouldBe(ProtocolState.Advised);
    }

    // A signature is over these bytes: none of an earlier text counts, however little changed.
    [Fact]
    public void Signature_OnAnEarlierText_DoesNotCount() => new Life(Verified).Signed(Actor.Source, "an earlier text").Protocol(covers: new HashSet<string> { "an earlier text" }).SignedBy.ShouldBeEmpty();

    [Fact]
    public void MustSign_WhereAPartyStandsTwiceOrNot_AsksTheSourceAnyway()
    {
        ProtocolStanding.MustSign(Verified).ShouldBe([Party.Source, Party.Hub, Party.Pseudonymiser]);
        ProtocolStanding.MustSign(Verified.Without(Verified.Clause("rollen")!)).ShouldBe([Party.Source]);
        ProtocolStanding.MustSign(Ordinary.Shared).ShouldBe([Party.Source, Party.Hub]);
        var roles = Verified.Find<Clause.Roles>()!;
        var twice = Verified with { Clauses = [.. Verified.Clauses.Select(clause => clause == roles ? roles with { Parties = [.. roles.Parties, .. roles.Parties] } : clause)] };
        ProtocolStanding.MustSign(twice).ShouldBe([Party.Source, Party.Hub, Party.Pseudonymiser]);
    }

    private static Actor Named(string name) => name switch { "source" => Actor.Source, "hub" => Actor.Hub, "pseudonymiser" => Actor.Pseudonymiser, "recipient" => Actor.Recipient, _ => Actor.Outsider };

    private static Protocol Read(string text) => ProtocolFile.Read(Encoding.UTF8.GetBytes(text)).Protocol.ShouldNotBeNull();

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Bereik.slnx"))) folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar))!;
        return folder;
    }
}
