using Shouldly;
using Xunit;

namespace Bereik.Domain.Tests;

// The life of a yes, walked exhaustively: every standing that can be reached from both beginnings, every step of every side.
public sealed class ConsentStandingTests
{
    private static readonly ConsentAct[] Acts = Enum.GetValues<ConsentAct>();

    private static readonly ConsentSide[] Sides = Enum.GetValues<ConsentSide>();

    private static HashSet<ConsentStanding> Reachable()
    {
        var seen = new HashSet<ConsentStanding> { ConsentStanding.Begun(ConsentAssurance.Bearer), ConsentStanding.Begun(ConsentAssurance.Assisted) };
        for (var queue = new Queue<ConsentStanding>(seen); queue.TryDequeue(out var at);)
        {
            foreach (var next in Acts.SelectMany(act => Sides.Select(side => at.After(act, side))))
            {
                if (next is not null && seen.Add(next)) queue.Enqueue(next);
            }
        }

        return seen;
    }

    [Fact]
    public void Standings_ThatCanBeReached_AreThese() => Reachable().Select(at => $"{at.State}{(at.IsHandedOut ? " out" : "")}{(at.IsErased ? " erased" : "")}").Order(StringComparer.Ordinal).ShouldBe(
    [
        "Closed out", "Closed out erased", "Confirmed out", "Denied out", "Denied out erased", "Expired erased", "Expired out", "Expired out erased", "Given", "Held",
        "Objected erased", "Objected out", "Objected out erased", "Received out", "Released", "Released out", "Withdrawn erased", "Withdrawn out", "Withdrawn out erased",
    ]);

    // What was never handed out is gone with the step that ends it; what was handed out is gone by the recipient's word alone.
    [Fact]
    public void Ended_BeforeItWasHandedOut_LeavesNothing()
    {
        foreach (var at in Reachable().Where(at => at.IsOver && !at.IsHandedOut)) at.IsErased.ShouldBeTrue(at.ToString());
        foreach (var at in Reachable().Where(at => !at.IsOver)) at.IsErased.ShouldBeFalse(at.ToString());
        foreach (var at in Reachable())
        {
            foreach (var side in Sides) (at.After(ConsentAct.Erase, side) is not null).ShouldBe(side == ConsentSide.Recipient && at.IsOver && !at.IsErased, $"{side} at {at}");
        }
    }

    [Fact]
    public void Holder_WhateverTheStanding_CanOnlyTakeBackObjectOrStandForIt()
    {
        foreach (var at in Reachable())
        {
            foreach (var act in Acts)
            {
                var expected = act switch
                {
                    ConsentAct.Withdraw => !at.IsOver,
                    ConsentAct.Never => !at.IsOver || at is { State: ConsentState.Withdrawn, IsErased: false },
                    ConsentAct.Countersign => at.State == ConsentState.Held,
                    _ => false,
                };
                (at.After(act, ConsentSide.Holder) is not null).ShouldBe(expected, $"{act} at {at}");
            }
        }
    }

    // Nothing is released that nobody stands for; nothing is handed out that was not released; nothing is confirmed that did not arrive.
    [Theory]
    [InlineData(ConsentAct.Release, ConsentSide.Hub, "Given")]
    [InlineData(ConsentAct.HandOut, ConsentSide.Hub, "Released;Released out")]
    [InlineData(ConsentAct.Receive, ConsentSide.Recipient, "Released out")]
    [InlineData(ConsentAct.Confirm, ConsentSide.Recipient, "Received out")]
    [InlineData(ConsentAct.Deny, ConsentSide.Recipient, "Received out")]
    [InlineData(ConsentAct.Close, ConsentSide.Recipient, "Confirmed out;Received out")]
    public void Step_ByItsOwnSide_OnlyFrom(ConsentAct act, ConsentSide by, string from)
    {
        var can = Reachable().Where(at => at.After(act, by) is not null).Select(at => $"{at.State}{(at.IsHandedOut ? " out" : "")}").Order(StringComparer.Ordinal);
        string.Join(';', can).ShouldBe(from);
        foreach (var side in Sides.Where(side => side != by)) Reachable().ShouldAllBe(at => at.After(act, side) == null, $"{act} by {side}");
    }

    // What is over stays over, and never becomes valid again.
    [Fact]
    public void Over_WhateverFollows_IsNeverValidAgain()
    {
        foreach (var at in Reachable().Where(at => at.IsOver))
        {
            at.IsValid.ShouldBeFalse();
            foreach (var next in Acts.SelectMany(act => Sides.Select(side => at.After(act, side))).OfType<ConsentStanding>()) next.IsOver.ShouldBeTrue($"{at} to {next}");
        }
    }
}
