using Bereik.Exchange.Protocols;
using CsCheck;
using Shouldly;
using Xunit;

namespace Bereik.Domain.Tests;

// A thousand registers for each law: the ordinary life of a protocol and an accession, with events left out, put in another place, and others put in between.
public sealed class StandingProperties(ITestOutputHelper output)
{
    private const int Cases = 1000;
    private static readonly Actor[] Actors = [Actor.Source, Actor.Hub, Actor.Pseudonymiser, Actor.Recipient, Actor.Outsider];
    private static readonly DateOnly[] Days = [new(2026, 12, 28), new(2027, 2, 1), new(2027, 2, 1), new(2027, 2, 1), new(2028, 1, 15), new(2029, 1, 1)];

    private sealed record Register(Protocol Protocol, IReadOnlyList<RegisterEvent> Events, DateOnly Today)
    {
        public ProtocolStanding Standing => Life.ProtocolOf(Protocol, Events, Today);

        public AccessionStanding? Accession => Life.AccessionOf(Protocol, Events, Today, Actor.Recipient);

        public bool IsRunning => Standing.State is ProtocolState.Published or ProtocolState.InForce;

        public bool IsActive => Accession is { IsActive: true };

        public Register Without(RegisterEvent one) => this with { Events = [.. Events.Where(other => other != one)] };
    }

    // One step of a life: which kind, by whom, after how many days.
    private static readonly Gen<(int Kind, int By, int At, int Days, bool OtherText)[]> Extras =
        Gen.Select(Gen.Int[0, 11], Gen.Int[0, Actors.Length - 1], Gen.Int[0, 9], Gen.Int[-5, 60], Gen.Int[0, 9].Select(chance => chance == 0)).Array[0, 4];

    private static readonly Gen<Register> Registers =
        from at in Gen.Int[0, ShippedProtocols.All.Count - 1]
        from unverified in Gen.Int[0, 19]
        from kept in Gen.Int[0, 99].Array[9]
        from swapped in Gen.Int[0, 7]
        from isSwapped in Gen.Int[0, 9]
        from extras in Extras
        from day in Gen.Int[0, Days.Length - 1]
        select Make(at, unverified, kept, isSwapped == 0 ? swapped : null, extras, Days[day]);

    // INVARIANT: less is never more. What stops, or speaks against, may well be what held it back.
    [Fact]
    public void Standing_WithoutAnAdviceSignaturePublicationOrAccession_IsNeverRunningWhereItWasNot()
    {
        var states = new int[Enum.GetValues<ProtocolState>().Length];
        var active = 0;
        Registers.Sample(
            one =>
            {
                Interlocked.Increment(ref states[(int)one.Standing.State]);
                if (one.IsActive) Interlocked.Increment(ref active);
                foreach (var part in one.Events.Where(IsFavourable).Select(one.Without))
                {
                    if (!one.IsRunning) part.IsRunning.ShouldBeFalse();
                    if (!one.IsActive) part.IsActive.ShouldBeFalse();
                }
            }, iter: Cases);
        output.WriteLine($"{Cases} registers: {string.Join(", ", states.Select((count, state) => $"{count} {(ProtocolState)state}"))}; {active} accessions active.");
        (states[(int)ProtocolState.Published] + states[(int)ProtocolState.InForce]).ShouldBeInRange(Cases / 10, Cases * 9 / 10);
        active.ShouldBeInRange(Cases / 10, Cases * 9 / 10);
    }

    [Fact]
    public void Standing_WithAStopMore_IsNeverRunningWhereItWasNot() => Gen.Select(Registers, Gen.Int[0, Actors.Length - 1], Gen.Int[0, 3]).Sample(
        (one, by, kind) =>
        {
            var origin = new EventOrigin(1000, BelgianTime.StartOf(one.Today), Actors[by].Organisation, Actors[by].Kind);
            var hash = one.Protocol.Hash;
            OrganisationId? whose = kind % 2 == 0 ? Actor.Recipient.Organisation : null;
            RegisterEvent stop = kind < 2
                ? new RegisterEvent.Suspended { Origin = origin, ProtocolHash = hash, Organisation = whose, Trigger = SanctionTrigger.UnlawfulUse, Because = "Misbruik." }
                : new RegisterEvent.Ended { Origin = origin, ProtocolHash = hash, Organisation = whose, On = one.Today, Because = "Gedaan." };
            var stopped = one with { Events = [.. one.Events, stop] };
            if (!one.IsRunning) stopped.IsRunning.ShouldBeFalse();
            if (!one.IsActive) stopped.IsActive.ShouldBeFalse();

            // Nor does a stop more give anybody a day of use more.
            if (LastDay(one) is { } last) LastDay(stopped).ShouldNotBeNull().ShouldBeLessThanOrEqualTo(last);
        }, iter: Cases);

    [Fact]
    public void Standing_OfEventsGivenInAnotherOrder_IsTheSame() => Gen.Select(Registers, Gen.Int[0, int.MaxValue]).Sample(
        (one, seed) =>
        {
            var turned = one.Events.ToArray();
            new Random(seed).Shuffle(turned);
            ShouldBeTheSame(one with { Events = turned }, one);
        }, iter: Cases);

    // Anybody can read an old document and bring it again.
    [Fact]
    public void Standing_WithADocumentWrittenInAgain_IsTheSame() => Registers.Sample(
        one =>
        {
            foreach (var old in one.Events) ShouldBeTheSame(one with { Events = [.. one.Events, old with { Origin = old.Origin with { Sequence = 1000, At = old.At.AddDays(30) } }] }, one);
        }, iter: Cases / 10);

    [Fact]
    public void Standing_WithoutEventsOfOutsidersAndOfOtherTexts_IsTheSame()
    {
        var passedOver = 0;
        Registers.Sample(
            one =>
            {
                List<RegisterEvent> ours = [.. one.Events.Where(other => other.By != Actor.Outsider.Organisation && other.ProtocolHash == one.Protocol.Hash)];
                Interlocked.Add(ref passedOver, one.Events.Count - ours.Count);
                ShouldBeTheSame(one with { Events = ours }, one);
            }, iter: Cases);
        output.WriteLine($"{passedOver} events were passed over.");
        passedOver.ShouldBeGreaterThan(Cases / 10);
    }

    // The pseudonymiser and a recipient have no say over the protocol but their own signature, and the pseudonymiser none over an accession.
    [Fact]
    public void Standing_WithoutWhatAPartyHasNoSayIn_IsTheSame() => Registers.Sample(
        one =>
        {
            List<RegisterEvent> ours = [.. one.Events.Where(other => other is RegisterEvent.SignedText || other.By != Actor.Pseudonymiser.Organisation)];
            ShouldBeTheSame(one with { Events = ours }, one);
            List<RegisterEvent> notOfRecipients = [.. one.Events.Where(other => other.By != Actor.Recipient.Organisation)];
            Life.ProtocolOf(one.Protocol, notOfRecipients, one.Today).State.ShouldBe(one.Standing.State);
        }, iter: Cases);

    private static DateOnly? LastDay(Register one) => RegisterFacts.LastDayOfUse(one.Standing, one.Accession, Ordinary.Framework);

    private static void ShouldBeTheSame(Register after, Register before)
    {
        var (now, then) = (after.Standing, before.Standing);
        (now.State, now.StoppedOn, now.Publication, now.Suspension, now.End).ShouldBe((then.State, then.StoppedOn, then.Publication, then.Suspension, then.End));
        now.SignedBy.ShouldBe(then.SignedBy);
        now.MissingSignatures.ShouldBe(then.MissingSignatures);
        now.Advices.ShouldBe(then.Advices);
        now.Publishable.Reasons.ShouldBe(then.Publishable.Reasons);
        var (own, earlier) = (after.Accession, before.Accession);
        (own?.Act, own?.StoppedOn, own?.Suspension, own?.End, own?.Fact).ShouldBe((earlier?.Act, earlier?.StoppedOn, earlier?.Suspension, earlier?.End, earlier?.Fact));
        LastDay(after).ShouldBe(LastDay(before));
    }

    // An advice speaks for it when it is reasoned and not of a day to come; the latest counts, so any other holds back what came before.
    private static bool IsFavourable(RegisterEvent one) => one switch
    {
        RegisterEvent.Advised { Advice: var advice } => advice.Outcome != AdviceOutcome.Unfavourable && advice.On <= BelgianTime.DayOf(one.At),
        RegisterEvent.SignedText or RegisterEvent.Published or RegisterEvent.Acceded => true,
        _ => false,
    };

    private static Register Make(int at, int unverified, int[] kept, int? swapped, (int Kind, int By, int At, int Days, bool OtherText)[] extras, DateOnly today)
    {
        string[] grounds = ["machtiging", "rechtsgrond-verzameling", "rechtsgrond-mededeling", "rechtsgrond-ontvanger"];
        var protocol = Ordinary.VerifiedBut(unverified < grounds.Length ? grounds[unverified] : null, ShippedProtocols.All[at]);
        var source = new Actor(protocol.Source.Value, OrganisationKind.Source);
        var kind = protocol.Find<Clause.PartiesClause>()!.Recipients[0];
        var recipient = Actor.Recipient with { Kind = kind };
        var act = Ordinary.Accession(protocol) with
        {
            Kind = kind, Regulation = "Reglement van 3 maart 2025",
            Decision = Ordinary.Accession().Decision with { Body = kind == OrganisationKind.Municipality ? DecidingBody.MunicipalCouncil : DecidingBody.SocialWelfareCouncil },
        };
        List<Func<Life, Life>> steps =
        [
            life => life.Drafted(source), life => life.Advised(source), life => life.Advised(Actor.Hub), life => life.Signed(source), life => life.Signed(Actor.Hub), life => life.Signed(Actor.Pseudonymiser),
            life => life.Published(source), life => life.Signed(recipient), life => life.Acceded(recipient, act),
        ];
        if (swapped is { } left) (steps[left], steps[left + 1]) = (steps[left + 1], steps[left]);
        steps = [.. steps.Where((_, index) => kept[index] < 97)];
        foreach (var extra in extras)
        {
            var by = Actors[extra.By] == Actor.Source ? source : Actors[extra.By] == Actor.Recipient ? recipient : Actors[extra.By];
            steps.Insert(Math.Min(extra.At, steps.Count), Step(by, recipient, act, extra.Kind, extra.Days, extra.OtherText ? "another text" : null));
        }

        var written = new Life(protocol);
        foreach (var step in steps) step(written.On(written.Day.AddDays(1)));
        return new Register(protocol, written.Events, today);
    }

    private static Func<Life, Life> Step(Actor by, Actor recipient, Accession act, int kind, int days, string? hash) => kind switch
    {
        0 => life => life.Drafted(by),
        1 => life => life.Advised(by, hash: hash, party: days % 2 == 0 ? Party.Source : Party.Recipient),
        2 => life => life.Advised(by, Ordinary.Advice with { Outcome = AdviceOutcome.Unfavourable }, hash, days % 2 == 0 ? Party.Source : Party.Recipient),
        3 => life => life.Advised(by, Ordinary.Advice with { On = life.Day.AddDays(days) }, hash, days % 2 == 0 ? Party.Source : Party.Recipient),
        4 => life => life.Signed(by, hash),
        5 => life => life.Published(by, hash),
        6 => life => life.Acceded(by, act with { Organisation = by.Id }),
        7 => life => life.Suspended(by, days % 2 == 0 ? recipient : null, days % 3 == 0 ? SanctionTrigger.UnlawfulUse : SanctionTrigger.AuditFailed, hash),
        8 or 9 => life => life.Resumed(by, days % 2 == 0 ? recipient : null, hash),
        _ => life => life.Ended(by, days % 2 == 0 ? recipient : null, life.Day.AddDays(days), hash),
    };
}
