namespace Bereik.Domain;

/// <summary>How the accession of one organisation to one text stands on a day (nl: stand van een toetreding), computed from signed events and nothing else.</summary>
public sealed record AccessionStanding
{
    private AccessionStanding()
    {
    }

    /// <summary>The event of the accession.</summary>
    public required RegisterEvent.Acceded Act { get; init; }

    /// <summary>The suspension that holds; null when there is none.</summary>
    public required RegisterEvent.Suspended? Suspension { get; init; }

    /// <summary>The end; null when none was given.</summary>
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

    /// <summary>The same as facts of a decision.</summary>
    public AccessionFact Fact => new(Suspension is not null, IsEnded, Lapsed.Count > 0, ReviewOverdue);

    /// <summary>Computes it.</summary>
    /// <param name="protocol">The text.</param>
    /// <param name="organisation">The organisation.</param>
    /// <param name="events">Verified events, in their order.</param>
    /// <param name="framework">The framework that the accession answers; null when this node does not have it.</param>
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
        RegisterEvent.Suspended? suspension = null;
        RegisterEvent.Ended? end = null;
        var hasSigned = false;
        foreach (var one in events.Where(one => one.ProtocolHash == protocol.Hash).OrderBy(one => one.Sequence))
        {
            switch (one)
            {
                case RegisterEvent.SignedText when one.By == organisation:
                    hasSigned = true;
                    break;

                // INVARIANT: an accession counts only when its organisation signed the text itself before, and every condition held on the day it came in.
                case RegisterEvent.Acceded acceded when one.By == organisation && hasSigned && Decide.Accede(protocol, acceded.Accession, facts(acceded)).Outcome == Outcome.Permit:
                    (act, end) = (acceded, null);
                    break;
                case RegisterEvent.Suspended stopped when stopped.Organisation == organisation && MayStop(protocol, organisation, one):
                    suspension = stopped;
                    break;
                case RegisterEvent.Resumed resumed when resumed.Organisation == organisation && suspension is not null && suspension.By == one.By:
                    suspension = null;
                    break;
                case RegisterEvent.Ended ended when ended.Organisation == organisation && MayStop(protocol, organisation, one) && (end is null || ended.On < end.On):
                    end = ended;
                    break;
            }
        }

        if (act is null) return null;
        var blocking = (framework?.Measures ?? []).Where(measure => measure.Blocking).ToList();
        var lapsed = blocking.Where(measure => LastDay(act.Accession, measure) is not { } last || last < today).ToList();
        List<DateOnly> stops = [];
        if (suspension is not null) stops.Add(BelgianTime.DayOf(suspension.At));
        if (end is not null && end.On <= today) stops.Add(end.On);
        stops.AddRange(lapsed.Select(measure => LastDay(act.Accession, measure)?.AddDays(1) ?? BelgianTime.DayOf(act.At)));
        if (framework is null) stops.Add(BelgianTime.DayOf(act.At));
        if (act.Accession.ReviewBy < today) stops.Add(act.Accession.ReviewBy.AddDays(1));
        return new AccessionStanding
        {
            Act = act,
            Suspension = suspension,
            End = end,
            Lapsed = framework is null ? ["?"] : [.. lapsed.Select(measure => measure.Id)],
            ReviewOverdue = act.Accession.ReviewBy < today,
            StoppedOn = stops.Count > 0 ? stops.Min() : null,
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
        var ends = new List<DateOnly>();
        void Add(DateOnly? stopped, SanctionTrigger? trigger)
        {
            if (stopped is not { } day) return;
            var grace = framework is null || (trigger is { } why && framework.NoGrace.Contains(why)) ? 0 : framework.GraceDays;
            ends.Add(grace == 0 ? day.AddDays(-1) : day.AddDays(grace));
        }

        Add(protocol.StoppedOn, protocol.Suspension?.Trigger);
        if (accession is not null) Add(accession.StoppedOn, accession.Suspension?.Trigger);
        return ends.Count > 0 ? ends.Min() : null;
    }
}
