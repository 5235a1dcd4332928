namespace Bereik.Domain;

/// <summary>How the accession of one organisation to one text stands on a day (nl: stand van een toetreding), computed from signed events and nothing else.</summary>
public sealed record AccessionStanding
{
    private AccessionStanding()
    {
    }

    /// <summary>The event of the accession.</summary>
    public required RegisterEvent.Acceded Act { get; init; }

    /// <summary>The suspensions that hold, in their order. Each is lifted only by whom it came from.</summary>
    public required IReadOnlyList<RegisterEvent.Suspended> Suspensions { get; init; }

    /// <summary>The first suspension that holds; null when there is none.</summary>
    public RegisterEvent.Suspended? Suspension => Suspensions.Count > 0 ? Suspensions[0] : null;

    /// <summary>Whether an organisation suspended it, and so may lift that; what others suspended stays.</summary>
    /// <param name="organisation">The organisation.</param>
    public bool IsSuspendedBy(OrganisationId organisation) => Suspensions.Any(held => held.By == organisation);

    /// <summary>The end that counts; null when none was given.</summary>
    public required RegisterEvent.Ended? End { get; init; }

    /// <summary>Codes of blocking measures that are no longer met.</summary>
    public required IReadOnlyList<string> Lapsed { get; init; }

    /// <summary>Whether the day of review is over.</summary>
    public required bool ReviewOverdue { get; init; }

    /// <summary>The first day on which it no longer ran; null while it runs.</summary>
    public required DateOnly? StoppedOn { get; init; }

    /// <summary>Whether it ended on this day.</summary>
    public required bool IsEnded { get; init; }

    /// <summary>Whether orders may be made under it.</summary>
    public bool IsActive => StoppedOn is null;

    // Every stop by itself, with what led to it: days of grace are counted from each.
    internal IReadOnlyList<(DateOnly On, SanctionTrigger? Trigger)> Stops { get; init; } = [];

    /// <summary>The same as facts of a decision.</summary>
    public AccessionFact Fact => new(Suspension is not null, IsEnded, Lapsed.Count > 0, ReviewOverdue);

    /// <summary>Computes it.</summary>
    /// <param name="protocol">The text.</param>
    /// <param name="organisation">The organisation.</param>
    /// <param name="events">Verified events; their sequence is their order.</param>
    /// <param name="framework">The framework that the accession answers; null when this node does not have it. Another one counts as none.</param>
    /// <param name="facts">What this node knew on the day of an accession; decides whether it counts.</param>
    /// <param name="today">The day, Europe/Brussels.</param>
    /// <returns>Null when there is no accession that counts.</returns>
    public static AccessionStanding? Of(
        Protocol protocol, OrganisationId organisation, IEnumerable<RegisterEvent> events, Framework? framework, Func<RegisterEvent.Acceded, AccessionFacts> facts, DateOnly today)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(facts);
        RegisterEvent.Acceded? act = null;
        var suspensions = new List<RegisterEvent.Suspended>();
        RegisterEvent.Ended? ownEnd = null;
        RegisterEvent.Ended? end = null;
        var hasSigned = false;
        foreach (var one in RegisterEvent.InOrder(events.Where(one => one.ProtocolHash == protocol.Hash)))
        {
            switch (one)
            {
                case RegisterEvent.SignedText when one.By == organisation:
                    hasSigned = true;
                    break;

                // INVARIANT: an accession counts only when its organisation signed the text itself before, and every condition held on the day it came in.
                // An organisation that left may come back; one that source or hub put out comes back under another text only.
                case RegisterEvent.Acceded acceded when one.By == organisation && hasSigned && Counts(protocol, acceded, facts(acceded)):
                    (act, ownEnd) = (acceded, null);
                    break;
                case RegisterEvent.Suspended stopped when stopped.Organisation == organisation && MayStop(protocol, organisation, one):
                    suspensions.Add(stopped);
                    break;

                // INVARIANT: who lifts its own suspension leaves those of others standing: nobody gets out of one by suspending itself too.
                case RegisterEvent.Resumed resumed when resumed.Organisation == organisation:
                    suspensions.RemoveAll(stopped => stopped.By == one.By);
                    break;
                case RegisterEvent.Ended ended when ended.Organisation == organisation && one.By == organisation:
                    ownEnd = Earlier(ownEnd, ended);
                    break;
                case RegisterEvent.Ended ended when ended.Organisation == organisation && MayStop(protocol, organisation, one):
                    end = Earlier(end, ended);
                    break;
            }
        }

        if (act is null) return null;
        if (ownEnd is not null) end = Earlier(end, ownEnd);
        if (framework?.Hash != act.Accession.FrameworkHash) framework = null;
        var blocking = (framework?.Measures ?? []).Where(measure => measure.Blocking).ToList();
        var lapsed = blocking.Where(measure => LastDay(act.Accession, measure) is not { } last || last < today).ToList();
        List<(DateOnly On, SanctionTrigger? Trigger)> stops = [.. suspensions.Select(stopped => (BelgianTime.DayOf(stopped.At), (SanctionTrigger?)stopped.Trigger))];
        if (end is not null && end.On <= today) stops.Add((end.On, null));
        stops.AddRange(lapsed.Select(measure => (LastDay(act.Accession, measure)?.AddDays(1) ?? BelgianTime.DayOf(act.At), (SanctionTrigger?)SanctionTrigger.MeasureLapsed)));
        if (framework is null) stops.Add((BelgianTime.DayOf(act.At), null));
        if (act.Accession.ReviewBy < today) stops.Add((act.Accession.ReviewBy.AddDays(1), null));
        return new AccessionStanding
        {
            Act = act,
            Suspensions = suspensions,
            End = end,
            Lapsed = framework is null ? ["?"] : [.. lapsed.Select(measure => measure.Id)],
            ReviewOverdue = act.Accession.ReviewBy < today,
            StoppedOn = stops.Count > 0 ? stops.Min(stop => stop.On) : null,
            Stops = stops,
            IsEnded = end is not null && end.On <= today,
        };
    }

    /// <summary>Whether an organisation may suspend or end this accession: itself, the source and the hub may.</summary>
    /// <param name="protocol">The text.</param>
    /// <param name="organisation">Whose accession.</param>
    /// <param name="one">The event.</param>
    public static bool MayStop(Protocol protocol, OrganisationId organisation, RegisterEvent one)
    {
        ArgumentNullException.ThrowIfNull(one);
        return one.By == organisation || ProtocolStanding.PartyOf(protocol, one) is Party.Source or Party.Hub;
    }

    // What the event itself says, its signer and its day, is not taken from the facts.
    private static bool Counts(Protocol protocol, RegisterEvent.Acceded acceded, AccessionFacts facts) =>
        acceded.Accession.Organisation == acceded.By.Value && acceded.Accession.Kind == acceded.ByKind
        && Decide.Accede(protocol, acceded.Accession, facts with { Today = BelgianTime.DayOf(acceded.At) }).Outcome == Outcome.Permit;

    private static RegisterEvent.Ended Earlier(RegisterEvent.Ended? one, RegisterEvent.Ended other) => one is null || other.On < one.On ? other : one;

    /// <summary>The last day on which a measure counts as met.</summary>
    /// <param name="accession">The accession.</param>
    /// <param name="measure">The measure.</param>
    /// <returns>Null when it is not met: a plan does not do for a blocking measure.</returns>
    public static DateOnly? LastDay(Accession accession, Measure measure)
    {
        ArgumentNullException.ThrowIfNull(accession);
        ArgumentNullException.ThrowIfNull(measure);
        var answer = accession.Measures.FirstOrDefault(answer => answer.Id == measure.Id);
        return answer is null || answer.State == MeasureState.NotMet || (measure.Blocking && answer.State != MeasureState.Met) ? null : answer.On.AddMonths(measure.RenewalMonths);
    }
}

/// <summary>An accession as facts (nl: toetreding als feit).</summary>
/// <param name="Suspended">Whether it is suspended.</param>
/// <param name="Ended">Whether it has ended.</param>
/// <param name="MeasureLapsed">Whether a blocking measure is no longer met.</param>
/// <param name="ReviewOverdue">Whether its day of review is over.</param>
public sealed record AccessionFact(bool Suspended, bool Ended, bool MeasureLapsed, bool ReviewOverdue);

/// <summary>What the register says, as this node last read it (nl: feiten uit het register). A fact that it does not have stays null and refuses.</summary>
public sealed record RegisterFacts
{
    /// <summary>How long ago the register was read; null when it never was.</summary>
    public required TimeSpan? Age { get; init; }

    /// <summary>State of the protocol; null when it is not in the register.</summary>
    public required ProtocolState? State { get; init; }

    /// <summary>The accession of the organisation that asks; null when there is none.</summary>
    public required AccessionFact? Accession { get; init; }

    /// <summary>The last day on which what was received may be used, once protocol or accession has stopped; null while both run.</summary>
    public required DateOnly? UsableUntil { get; init; }

    /// <summary>The last day of use after a stop.</summary>
    /// <param name="protocol">How the protocol stands.</param>
    /// <param name="accession">How the accession stands; null when there is none.</param>
    /// <param name="framework">The framework; null gives no day of grace.</param>
    /// <returns>Null while both run.</returns>
    public static DateOnly? LastDayOfUse(ProtocolStanding protocol, AccessionStanding? accession, Framework? framework)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        DateOnly LastDay((DateOnly On, SanctionTrigger? Trigger) stop)
        {
            var grace = framework is null || (stop.Trigger is { } why && framework.NoGrace.Contains(why)) ? 0 : framework.GraceDays;
            return grace == 0 ? stop.On.AddDays(-1) : stop.On.AddDays(grace);
        }

        var ends = protocol.Stops.Concat(accession?.Stops ?? []).Select(LastDay).ToList();
        return ends.Count > 0 ? ends.Min() : null;
    }
}
