using Shouldly;
using Xunit;

namespace Bereik.Domain.Tests;

// The life of a referral, walked exhaustively: every standing that can be reached, every step of either side.
public sealed class ReferralStandingTests
{
    private static readonly ReferralAct[] Acts = Enum.GetValues<ReferralAct>();

    private static readonly ReferralSide[] Sides = Enum.GetValues<ReferralSide>();

    private static HashSet<ReferralStanding> Reachable()
    {
        var seen = new HashSet<ReferralStanding> { ReferralStanding.Begun };
        for (var queue = new Queue<ReferralStanding>(seen); queue.TryDequeue(out var at);)
        {
            foreach (var next in Acts.SelectMany(act => Sides.Select(side => at.After(act, side))).Append(at.Lapsed()))
            {
                if (next is not null && seen.Add(next)) queue.Enqueue(next);
            }
        }

        return seen;
    }

    [Fact]
    public void Standings_ThatCanBeReached_AreThese() => Reachable().Select(at => $"{at.State}{(at.IsReceived ? " received" : "")}{(at.IsErased ? " erased" : "")}").Order(StringComparer.Ordinal).ShouldBe(
    [
        "Accepted received", "Closed received", "Closed received erased", "Contacted received", "Declined received", "Declined received erased", "Expired", "Expired erased", "Expired received", "Expired received erased",
        "Revoked", "Revoked erased", "Revoked received", "Revoked received erased", "Sent", "Sent received",
    ]);

    [Fact]
    public void Sender_WhateverTheStanding_CanOnlyTakeBack()
    {
        foreach (var at in Reachable())
        {
            foreach (var act in Acts) (at.After(act, ReferralSide.Sender) is not null).ShouldBe(act == ReferralAct.Revoke && !at.IsErased, $"{act} at {at}");
        }
    }

    [Fact]
    public void TakingBack_WheneverItComes_StopsEverythingButErasing()
    {
        foreach (var at in Reachable().Where(at => !at.IsErased))
        {
            var revoked = at.After(ReferralAct.Revoke, ReferralSide.Sender).ShouldNotBeNull();
            revoked.State.ShouldBe(ReferralState.Revoked);
            Acts.Where(act => revoked.After(act, ReferralSide.Recipient) is not null).ShouldBe([ReferralAct.Revoke, ReferralAct.Erase]);
        }
    }

    [Fact]
    public void Erased_IsTheEnd()
    {
        foreach (var at in Reachable().Where(at => at.IsErased))
        {
            at.IsOver.ShouldBeTrue();
            foreach (var act in Acts) Sides.ShouldAllBe(side => at.After(act, side) == null);
            at.Lapsed().ShouldBe(at);
        }
    }

    [Fact]
    public void Contact_NeedsThatSomebodyTookItUp_AndThatItArrived()
    {
        foreach (var at in Reachable())
        {
            (at.After(ReferralAct.Contact, ReferralSide.Recipient) is not null).ShouldBe(at.State == ReferralState.Accepted);
            (at.After(ReferralAct.Accept, ReferralSide.Recipient) is not null).ShouldBe(at is { State: ReferralState.Sent, IsReceived: true });
        }
    }

    [Fact]
    public void Time_ChangesWhatNobodyTookUpAndNothingElse()
    {
        foreach (var at in Reachable()) at.Lapsed().State.ShouldBe(at.State == ReferralState.Sent ? ReferralState.Expired : at.State);
    }

    [Fact]
    public void Names_OnTheWire_AreReadBack()
    {
        foreach (var state in Enum.GetValues<ReferralState>()) (ReferralNames.TryParse(state.WireName(), out ReferralState read) && read == state).ShouldBeTrue();
        foreach (var act in Acts) (ReferralNames.TryParse(act.WireName(), out ReferralAct read) && read == act).ShouldBeTrue();
        foreach (var cause in Enum.GetValues<DeclineCause>()) (ReferralNames.TryParse(cause.WireName(), out DeclineCause read) && read == cause).ShouldBeTrue();
        foreach (var text in new[] { null, "", "Sent", "sent ", "erased" }) ReferralNames.TryParse(text, out ReferralState _).ShouldBeFalse();
    }
}
