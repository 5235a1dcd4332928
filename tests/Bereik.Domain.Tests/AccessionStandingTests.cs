using Shouldly;
using Xunit;

namespace Bereik.Domain.Tests;

// How the accession of one organisation stands, by the events that were signed about it.
public sealed class AccessionStandingTests
{
    private static readonly Protocol Verified = Ordinary.VerifiedBut(null);
    private static readonly Protocol Match = Ordinary.VerifiedBut(null, Ordinary.Match);
    private static readonly DateOnly First = new(2027, 1, 1);
    private static readonly string[] Names = ["source", "hub", "pseudonymiser", "recipient", "outsider"];
    private static readonly Actor Municipality = new("gemeente-aalst", OrganisationKind.Municipality);

    [Fact]
    public void Accession_InOrder_IsActive()
    {
        var standing = new Life(Verified).UntilAcceded().Accession().ShouldNotBeNull();
        standing.IsActive.ShouldBeTrue();
        standing.StoppedOn.ShouldBeNull();
        standing.Lapsed.ShouldBeEmpty();
        standing.Fact.ShouldBe(new AccessionFact(Suspended: false, Ended: false, MeasureLapsed: false, ReviewOverdue: false));
    }

    [Fact]
    public void Accession_WithoutTheOwnSignatureOverTheTextBefore_DoesNotCount()
    {
        new Life(Verified).UntilPublished().Acceded(Actor.Recipient).Accession().ShouldBeNull();
        new Life(Verified).UntilPublished().Acceded(Actor.Recipient).Signed(Actor.Recipient).Accession().ShouldBeNull();
        new Life(Verified).UntilPublished().Signed(Actor.Recipient, "an earlier text").Acceded(Actor.Recipient).Accession().ShouldBeNull();
        new Life(Verified).UntilPublished().Signed(Municipality).Acceded(Actor.Recipient).Accession().ShouldBeNull();
    }

    [Fact]
    public void Accession_BeforeTheProtocolIsPublished_DoesNotCountOnRealNumbers() =>
        new Life(Verified).Signed(Actor.Recipient).Acceded(Actor.Recipient).UntilPublished().Accession(First).ShouldBeNull();

    [Fact]
    public void Accession_OfTheMunicipality_DoesNotServeTheOcmw()
    {
        var act = Ordinary.Accession(Match) with
        {
            Organisation = Municipality.Id, Kind = OrganisationKind.Municipality, Regulation = "Reglement van 3 maart 2025", Decision = new CouncilDecision { Body = DecidingBody.MunicipalCouncil, On = Ordinary.Today, Number = "12" },
        };
        var life = new Life(Match).UntilPublished().Signed(Municipality).Acceded(Municipality, act);
        life.Accession(of: Municipality).ShouldNotBeNull().IsActive.ShouldBeTrue();
        life.Accession(of: Actor.Recipient).ShouldBeNull();
    }

    // One cannot join for another, nor under another kind than one's own.
    [Fact]
    public void Accession_SignedByAnother_DoesNotCount()
    {
        var life = new Life(Verified).UntilPublished().Signed(Actor.Recipient).Signed(Municipality).Acceded(Municipality);
        life.Accession().ShouldBeNull();
        life.Accession(of: Municipality).ShouldBeNull();
        var pretender = Actor.Recipient with { Kind = OrganisationKind.Municipality };
        new Life(Verified).UntilPublished().Signed(pretender).Acceded(pretender).Accession().ShouldBeNull();
    }

    // What the facts say of signer and day gives way to what the event says.
    [Fact]
    public void Accession_WithFactsOfAnotherDayOrSigner_IsJudgedOnItsOwn()
    {
        var early = Ordinary.Accession(Verified) with { Decision = Ordinary.Accession().Decision with { On = Ordinary.Today.AddDays(5) } };
        var life = new Life(Verified).UntilPublished().Signed(Actor.Recipient).Acceded(Actor.Recipient, early);
        AccessionStanding.Of(Verified, Actor.Recipient.Organisation, life.Events, Ordinary.Framework, _ => Ordinary.AccessionFacts with { Today = Ordinary.Today.AddDays(9) }, Ordinary.Today.AddDays(9)).ShouldBeNull();

        // Nor does a node that mistakes the signer for who is named let one join for another.
        var other = new Life(Verified).UntilPublished().Signed(Municipality).Acceded(Municipality);
        AccessionStanding.Of(Verified, Municipality.Organisation, other.Events, Ordinary.Framework, _ => Ordinary.AccessionFacts, Ordinary.Today).ShouldBeNull();
        var pretender = Actor.Recipient with { Kind = OrganisationKind.Municipality };
        var pretended = new Life(Verified).UntilPublished().Signed(pretender).Acceded(pretender);
        AccessionStanding.Of(Verified, pretender.Organisation, pretended.Events, Ordinary.Framework, _ => Ordinary.AccessionFacts, Ordinary.Today).ShouldBeNull();
    }

    [Theory]
    [InlineData("K02", 12)]
    [InlineData("K01", 24)]
    public void Measure_OnItsLastDay_HoldsAndTheDayAfterHasLapsed(string id, int months)
    {
        // The others, and the review, are renewed later, so that this one alone decides.
        var life = new Life(Verified).UntilPublished().Signed(Actor.Recipient);
        var last = Ordinary.Today.AddMonths(months);
        var renewedOn = last.AddMonths(-6);
        var renewed = Ordinary.Accession(Verified) with { ReviewBy = renewedOn.AddYears(1), Measures = [.. Ordinary.Accession().Measures.Select(answer => answer.Id == id ? answer : answer with { On = renewedOn })] };
        life.On(renewedOn).Acceded(Actor.Recipient, renewed);
        life.Accession(last).ShouldNotBeNull().IsActive.ShouldBeTrue();
        var lapsed = life.Accession(last.AddDays(1)).ShouldNotBeNull();
        lapsed.IsActive.ShouldBeFalse();
        lapsed.Lapsed.ShouldBe([id]);
        lapsed.StoppedOn.ShouldBe(last.AddDays(1));
        lapsed.Fact.MeasureLapsed.ShouldBeTrue();
    }

    [Fact]
    public void Measure_ThatDoesNotBlock_MayLapse()
    {
        var act = Ordinary.Accession(Verified).Answering("K04", answer => answer with { On = Ordinary.Today.AddYears(-3) }).Answering("K07", answer => answer with { State = MeasureState.NotMet });
        new Life(Verified).UntilPublished().Signed(Actor.Recipient).Acceded(Actor.Recipient, act).Accession().ShouldNotBeNull().IsActive.ShouldBeTrue();
    }

    [Theory]
    [InlineData(MeasureState.Planned)]
    [InlineData(MeasureState.NotMet)]
    public void Measure_ThatBlocksAndIsNotMet_KeepsTheAccessionFromCounting(MeasureState state)
    {
        var act = Ordinary.Accession(Verified).Answering("K17", answer => answer with { State = state, Plan = "Tegen de zomer", PlanBy = Ordinary.Today.AddMonths(6) });
        new Life(Verified).UntilPublished().Signed(Actor.Recipient).Acceded(Actor.Recipient, act).Accession().ShouldBeNull();
        Decide.Accede(Verified, act, Ordinary.AccessionFacts).Reasons.ShouldBe([Reasons.MeasureLapsed]);
    }

    [Fact]
    public void Review_OnItsDay_HoldsAndTheDayAfterIsOverdue()
    {
        var review = Ordinary.Today.AddMonths(3);
        var life = new Life(Verified).UntilPublished().Signed(Actor.Recipient).Acceded(Actor.Recipient, Ordinary.Accession(Verified) with { ReviewBy = review });
        life.Accession(review).ShouldNotBeNull().IsActive.ShouldBeTrue();
        var overdue = life.Accession(review.AddDays(1)).ShouldNotBeNull();
        (overdue.IsActive, overdue.ReviewOverdue, overdue.StoppedOn).ShouldBe((false, true, review.AddDays(1)));

        // Joining again, with all of it looked at again, makes it active.
        var again = Ordinary.Accession(Verified) with { ReviewBy = review.AddYears(1) };
        life.On(review.AddDays(2)).Acceded(Actor.Recipient, again).Accession().ShouldNotBeNull().IsActive.ShouldBeTrue();
    }

    [Fact]
    public void Framework_ThatIsNotHereOrIsAnother_LetsNothingRun()
    {
        var life = new Life(Verified).UntilAcceded();
        foreach (var framework in new[] { null, Ordinary.Framework with { Hash = "another" } })
        {
            var standing = AccessionStanding.Of(Verified, Actor.Recipient.Organisation, life.Events, framework, _ => Ordinary.AccessionFacts, Ordinary.Today).ShouldNotBeNull();
            standing.IsActive.ShouldBeFalse();
            standing.Fact.MeasureLapsed.ShouldBeTrue();
            standing.StoppedOn.ShouldBe(Ordinary.Today);
        }
    }

    [Theory]
    [InlineData("source", true)]
    [InlineData("hub", true)]
    [InlineData("recipient", true)]
    [InlineData("pseudonymiser", false)]
    [InlineData("outsider", false)]
    public void Suspension_ByWhoMay_IsLiftedByTheSameAlone(string by, bool counts)
    {
        var life = new Life(Verified).UntilAcceded().On(First).Suspended(Named(by), Actor.Recipient);
        life.Accession().ShouldNotBeNull().IsActive.ShouldBe(!counts);
        foreach (var other in Names.Where(other => other != by)) life.Resumed(Named(other), Actor.Recipient);
        life.Accession().ShouldNotBeNull().IsActive.ShouldBe(!counts);
        life.Resumed(Named(by), Actor.Recipient).Accession().ShouldNotBeNull().IsActive.ShouldBeTrue();
    }

    [Fact]
    public void Suspension_BySource_IsNotLiftedByTheOrganisation()
    {
        var life = new Life(Verified).UntilAcceded().On(First).Suspended(Actor.Source, Actor.Recipient, SanctionTrigger.UnlawfulUse);

        // By suspending itself too and lifting that, or by joining again.
        life.Suspended(Actor.Recipient, Actor.Recipient).Resumed(Actor.Recipient, Actor.Recipient).Accession().ShouldNotBeNull().Fact.Suspended.ShouldBeTrue();
        life.Signed(Actor.Recipient).Acceded(Actor.Recipient).Accession().ShouldNotBeNull().Fact.Suspended.ShouldBeTrue();
        life.Resumed(Actor.Source, Actor.Recipient).Accession().ShouldNotBeNull().IsActive.ShouldBeTrue();
    }

    // A lifting and an accession of before, brought again by whoever has them.
    [Fact]
    public void Document_WrittenInAgain_ChangesNothing()
    {
        var life = new Life(Verified).UntilAcceded().Suspended(Actor.Source, Actor.Recipient).Resumed(Actor.Source, Actor.Recipient).Suspended(Actor.Source, Actor.Recipient);
        RegisterEvent Again(RegisterEvent old) => old with { Origin = old.Origin with { Sequence = life.Events.Count + 1 } };
        life.Events.Add(Again(life.Events.OfType<RegisterEvent.Resumed>().Single()));
        life.Accession().ShouldNotBeNull().Fact.Suspended.ShouldBeTrue();
        life = new Life(Verified).UntilAcceded().Ended(Actor.Recipient, Actor.Recipient);
        life.Events.Add(Again(life.Events.OfType<RegisterEvent.Acceded>().Single()));
        life.Accession().ShouldNotBeNull().Fact.Ended.ShouldBeTrue();
    }

    [Fact]
    public void Suspension_OfTheProtocolOrOfAnother_IsNotOfThisAccession()
    {
        var life = new Life(Verified).UntilAcceded().On(First).Suspended(Actor.Source).Suspended(Actor.Source, Municipality).Ended(Actor.Source, Municipality);
        life.Accession().ShouldNotBeNull().IsActive.ShouldBeTrue();
    }

    [Fact]
    public void End_OfAnAccession_HoldsFromItsDay()
    {
        var life = new Life(Verified).UntilAcceded().Ended(Actor.Recipient, Actor.Recipient, First);
        life.Accession(First.AddDays(-1)).ShouldNotBeNull().IsActive.ShouldBeTrue();
        var ended = life.Accession(First).ShouldNotBeNull();
        (ended.IsActive, ended.IsEnded, ended.StoppedOn).ShouldBe((false, true, First));
        life.Ended(Actor.Pseudonymiser, Actor.Recipient, First.AddDays(-9)).Ended(Actor.Outsider, Actor.Recipient, First.AddDays(-9)).Accession(First.AddDays(-1)).ShouldNotBeNull().IsActive.ShouldBeTrue();
    }

    [Fact]
    public void End_ByTheOrganisationItself_IsUndoneByJoiningAgain() =>
        new Life(Verified).UntilAcceded().Ended(Actor.Recipient, Actor.Recipient).Acceded(Actor.Recipient).Accession().ShouldNotBeNull().IsActive.ShouldBeTrue();

    // Also where it had given notice itself before or after, for an earlier day.
    [Theory]
    [InlineData("source")]
    [InlineData("hub")]
    public void End_BySourceOrHub_IsNotUndoneByJoiningAgain(string by)
    {
        new Life(Verified).UntilAcceded().Ended(Named(by), Actor.Recipient).Acceded(Actor.Recipient).Accession().ShouldNotBeNull().Fact.Ended.ShouldBeTrue();
        var life = new Life(Verified).UntilAcceded().Ended(Named(by), Actor.Recipient, First.AddDays(5)).Ended(Actor.Recipient, Actor.Recipient, First).Acceded(Actor.Recipient);
        life.Accession(First).ShouldNotBeNull().IsActive.ShouldBeTrue();
        life.Accession(First.AddDays(5)).ShouldNotBeNull().Fact.Ended.ShouldBeTrue();
    }

    [Fact]
    public void Accession_OfHerstappe_HasNoOcmw()
    {
        var act = Ordinary.Accession(Verified) with { Territory = [new TerritoryPeriod { Nis = "73028", From = Ordinary.Today }] };
        Decide.Accede(Verified, act, Ordinary.AccessionFacts).Reasons.ShouldBe([Reasons.NoWelfareCentre]);
        new Life(Verified).UntilPublished().Signed(Actor.Recipient).Acceded(Actor.Recipient, act).Accession().ShouldBeNull();
    }

    // Moerbeke goes into Lokeren: its code ends on the last day of 2024, that of the new municipality begins the day after. The organisation stays.
    [Fact]
    public void Territory_AtAMerger_IsForEachCodeInItsDays()
    {
        var facts = Ordinary.AccessionFacts with
        {
            Today = new DateOnly(2024, 11, 20),
            Municipalities = new Dictionary<string, MunicipalityFact> { ["44045"] = new(null, new DateOnly(2024, 12, 31), HasWelfareCentre: true), ["46029"] = new(new DateOnly(2025, 1, 1), null, HasWelfareCentre: true) },
        };
        var before = new TerritoryPeriod { Nis = "44045", From = new DateOnly(2024, 11, 20), Until = new DateOnly(2024, 12, 31) };
        var after = new TerritoryPeriod { Nis = "46029", From = new DateOnly(2025, 1, 1) };
        var day = facts.Today;
        var act = Ordinary.Accession(Verified) with
        {
            Territory = [before, after], ReviewBy = day.AddYears(1), Decision = Ordinary.Accession().Decision with { On = day }, Advice = Ordinary.Advice with { On = day },
            Measures = [.. Ordinary.Accession().Measures.Select(answer => answer with { On = day })],
        };
        Decide.Accede(Verified, act, facts).Outcome.ShouldBe(Outcome.Permit);
        act.Covers("44045", new DateOnly(2024, 12, 31)).ShouldBeTrue();
        act.Covers("44045", new DateOnly(2025, 1, 1)).ShouldBeFalse();
        act.Covers("46029", new DateOnly(2024, 12, 31)).ShouldBeFalse();
        act.Covers("46029", new DateOnly(2025, 1, 1)).ShouldBeTrue();
        act.Covers("41002", new DateOnly(2025, 1, 1)).ShouldBeFalse();

        foreach (var wrong in new[] { before with { From = new DateOnly(2025, 1, 1), Until = null }, after with { From = day, Until = new DateOnly(2024, 12, 31) }, after with { Until = after.From.AddDays(-1) } })
        {
            Decide.Accede(Verified, act with { Territory = [wrong] }, facts).Reasons.ShouldBe([Reasons.TerritoryInvalid]);
        }
    }

    [Fact]
    public void LastDayOfUse_AfterAStop_IsThirtyDaysLater()
    {
        var life = new Life(Verified).UntilAcceded();
        LastDay(life).ShouldBeNull();
        LastDay(life.On(First).Suspended(Actor.Source, Actor.Recipient)).ShouldBe(First.AddDays(30));
        RegisterFacts.LastDayOfUse(life.Protocol(), life.Accession(), null).ShouldBe(First.AddDays(-1));
        LastDay(life.Resumed(Actor.Source, Actor.Recipient)).ShouldBeNull();
    }

    [Fact]
    public void LastDayOfUse_AfterUnlawfulUse_IsTheDayBefore()
    {
        LastDay(new Life(Verified).UntilAcceded().On(First).Suspended(Actor.Source, Actor.Recipient, SanctionTrigger.UnlawfulUse)).ShouldBe(First.AddDays(-1));
        LastDay(new Life(Verified).UntilAcceded().On(First).Suspended(Actor.Hub, trigger: SanctionTrigger.UnlawfulUse)).ShouldBe(First.AddDays(-1));
    }

    // A milder stop before or after does not bring back the days that unlawful use took.
    [Fact]
    public void LastDayOfUse_OfSeveralStops_IsTheEarliest()
    {
        LastDay(new Life(Verified).UntilAcceded().On(First).Suspended(Actor.Hub, Actor.Recipient).On(First.AddDays(5)).Suspended(Actor.Source, Actor.Recipient, SanctionTrigger.UnlawfulUse)).ShouldBe(First.AddDays(4));
        LastDay(new Life(Verified).UntilAcceded().On(First).Suspended(Actor.Source, Actor.Recipient, SanctionTrigger.UnlawfulUse).On(First.AddDays(5)).Suspended(Actor.Source, Actor.Recipient)).ShouldBe(First.AddDays(-1));
        LastDay(new Life(Verified).UntilAcceded().On(First).Ended(Actor.Source).On(First.AddDays(5)).Suspended(Actor.Source, Actor.Recipient)).ShouldBe(First.AddDays(30));
    }

    [Fact]
    public void LastDayOfUse_AfterALapse_FollowsTheFramework()
    {
        var life = new Life(Verified).UntilAcceded().On(Ordinary.Today.AddMonths(12).AddDays(1));
        var stopped = life.Accession().ShouldNotBeNull();
        stopped.Lapsed.ShouldContain("K02");
        RegisterFacts.LastDayOfUse(life.Protocol(), stopped, Ordinary.Framework).ShouldBe(life.Day.AddDays(30));
        RegisterFacts.LastDayOfUse(life.Protocol(), stopped, Ordinary.Framework with { NoGrace = [SanctionTrigger.MeasureLapsed] }).ShouldBe(life.Day.AddDays(-1));
    }

    private static DateOnly? LastDay(Life life) => RegisterFacts.LastDayOfUse(life.Protocol(), life.Accession(), Ordinary.Framework);

    private static Actor Named(string name) => name switch { "source" => Actor.Source, "hub" => Actor.Hub, "pseudonymiser" => Actor.Pseudonymiser, "recipient" => Actor.Recipient, _ => Actor.Outsider };
}
