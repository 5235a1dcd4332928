namespace Bereik.Domain;

/// <summary>State of a protocol (nl: stand van een protocol).</summary>
public enum ProtocolState
{
    /// <summary>Proposed (nl: ontwerp).</summary>
    Draft,

    /// <summary>Both officers advised (nl: geadviseerd).</summary>
    Advised,

    /// <summary>Every party signed the same text (nl: ondertekend).</summary>
    SignedByAll,

    /// <summary>Made public, not in force yet (nl: bekendgemaakt).</summary>
    Published,

    /// <summary>In force (nl: in werking).</summary>
    InForce,

    /// <summary>Its last day is over (nl: verlopen).</summary>
    Expired,

    /// <summary>Suspended (nl: geschorst).</summary>
    Suspended,

    /// <summary>Ended (nl: beëindigd).</summary>
    Ended,
}

/// <summary>How a protocol stands on a day (nl: stand van een protocol), computed from signed events and nothing else.</summary>
public sealed record ProtocolStanding
{
    private ProtocolStanding()
    {
    }

    /// <summary>The state.</summary>
    public required ProtocolState State { get; init; }

    /// <summary>The advices that count, the latest of each side.</summary>
    public required IReadOnlyList<RegisterEvent.Advised> Advices { get; init; }

    /// <summary>The parties that must sign and have signed.</summary>
    public required IReadOnlyList<Party> SignedBy { get; init; }

    /// <summary>The parties that must sign and have not.</summary>
    public required IReadOnlyList<Party> MissingSignatures { get; init; }

    /// <summary>The publication that counts; null when there is none.</summary>
    public required RegisterEvent.Published? Publication { get; init; }

    /// <summary>The suspensions that hold, in their order. Each is lifted only by whom it came from.</summary>
    public required IReadOnlyList<RegisterEvent.Suspended> Suspensions { get; init; }

    /// <summary>The first suspension that holds; null when there is none.</summary>
    public RegisterEvent.Suspended? Suspension => Suspensions.Count > 0 ? Suspensions[0] : null;

    /// <summary>Whether an organisation suspended it, and so may lift that; what others suspended stays.</summary>
    /// <param name="organisation">The organisation.</param>
    public bool IsSuspendedBy(OrganisationId organisation) => Suspensions.Any(held => held.By == organisation);

    /// <summary>The end; null when none was given.</summary>
    public required RegisterEvent.Ended? End { get; init; }

    /// <summary>Why it cannot be made public on this day; permit when it can.</summary>
    public required Decision Publishable { get; init; }

    /// <summary>The first day on which it no longer ran; null while it runs.</summary>
    public required DateOnly? StoppedOn { get; init; }

    // Every stop by itself, with what led to it: days of grace are counted from each.
    internal IReadOnlyList<(DateOnly On, SanctionTrigger? Trigger)> Stops { get; init; } = [];

    /// <summary>Computes it.</summary>
    /// <param name="protocol">The text.</param>
    /// <param name="events">Verified events; their sequence is their order. Those of other texts are passed over.</param>
    /// <param name="covers">Hashes of earlier texts than which this one is not wider: an advice on them counts still.</param>
    /// <param name="today">The day, Europe/Brussels.</param>
    public static ProtocolStanding Of(Protocol protocol, IEnumerable<RegisterEvent> events, IReadOnlySet<string> covers, DateOnly today)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(covers);
        var mustSign = MustSign(protocol);
        var advices = new Dictionary<Party, RegisterEvent.Advised>();
        var suspensions = new List<RegisterEvent.Suspended>();
        var signed = new HashSet<Party>();
        RegisterEvent.Published? publication = null;
        RegisterEvent.Ended? end = null;
        foreach (var one in RegisterEvent.InOrder(events))
        {
            if (one is RegisterEvent.Advised { Party: Party.Source or Party.Recipient } advised && MayAdvise(protocol, advised))
            {
                // What an officer says of this text is not undone by what is said later of an earlier one.
                var isOnThis = one.ProtocolHash == protocol.Hash;
                if (isOnThis || (covers.Contains(one.ProtocolHash) && advices.GetValueOrDefault(advised.Party)?.ProtocolHash != protocol.Hash)) advices[advised.Party] = advised;
            }

            if (one.ProtocolHash != protocol.Hash) continue;
            switch (one)
            {
                case RegisterEvent.SignedText when PartyOf(protocol, one) is { } party && mustSign.Contains(party):
                    signed.Add(party);
                    break;

                // INVARIANT: a publication counts only where everything before it was in order on its own day; one that was written in otherwise changes nothing.
                case RegisterEvent.Published made when PartyOf(protocol, one) == Party.Source && PublicationOf(protocol, advices, signed, made.Places, BelgianTime.DayOf(made.At)).Outcome == Outcome.Permit:
                    publication ??= made;
                    break;
                case RegisterEvent.Suspended { Organisation: null } stopped when PartyOf(protocol, one) is Party.Source or Party.Hub:
                    suspensions.Add(stopped);
                    break;

                // INVARIANT: who lifts its own suspension leaves those of others standing.
                case RegisterEvent.Resumed { Organisation: null }:
                    suspensions.RemoveAll(stopped => stopped.By == one.By);
                    break;
                case RegisterEvent.Ended { Organisation: null } ended when PartyOf(protocol, one) is Party.Source && (end is null || ended.On < end.On):
                    end = ended;
                    break;
            }
        }

        var force = protocol.Find<Clause.EntryIntoForce>();
        var isAdvised = IsAdvised(advices, today);
        var isSigned = mustSign.Count > 0 && mustSign.All(signed.Contains);
        var state = end is not null && end.On <= today ? ProtocolState.Ended
            : suspensions.Count > 0 ? ProtocolState.Suspended
            : publication is not null && (force is null || today > force.Until) ? ProtocolState.Expired
            : publication is not null ? today >= force!.From ? ProtocolState.InForce : ProtocolState.Published
            : isAdvised && isSigned ? ProtocolState.SignedByAll
            : isAdvised ? ProtocolState.Advised
            : ProtocolState.Draft;

        // INVARIANT: whichever came first: ending what was suspended or has expired gives nobody new days.
        List<(DateOnly On, SanctionTrigger? Trigger)> stops = [.. suspensions.Select(stopped => (BelgianTime.DayOf(stopped.At), (SanctionTrigger?)stopped.Trigger))];
        if (end is not null && end.On <= today) stops.Add((end.On, null));
        if (publication is not null && (force is null || today > force.Until)) stops.Add((force?.Until.AddDays(1) ?? BelgianTime.DayOf(publication.At), null));
        return new ProtocolStanding
        {
            State = state,
            Advices = [.. advices.Values.OrderBy(advice => advice.Party)],
            SignedBy = [.. mustSign.Where(signed.Contains)],
            MissingSignatures = [.. mustSign.Where(party => !signed.Contains(party))],
            Publication = publication,
            Suspensions = suspensions,
            End = end,
            Publishable = PublicationOf(protocol, advices, signed, ["-"], today),
            StoppedOn = stops.Count > 0 ? stops.Min(stop => stop.On) : null,
            Stops = stops,
        };
    }

    /// <summary>The parties whose signature a text needs. Recipients sign by their accession.</summary>
    /// <param name="protocol">The text.</param>
    public static IReadOnlyList<Party> MustSign(Protocol protocol)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        return [.. (protocol.Find<Clause.Roles>()?.Parties ?? []).Select(role => role.Party).Where(party => party is Party.Source or Party.Hub or Party.Pseudonymiser).Append(Party.Source).Distinct().Order()];
    }

    /// <summary>Which party of a text an event comes from.</summary>
    /// <param name="protocol">The text.</param>
    /// <param name="one">The event.</param>
    /// <returns>Null for an organisation that is no party: a recipient signs in its accession.</returns>
    public static Party? PartyOf(Protocol protocol, RegisterEvent one)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        ArgumentNullException.ThrowIfNull(one);
        return one.ByKind switch
        {
            OrganisationKind.Hub => Party.Hub,
            OrganisationKind.Pseudonymiser => Party.Pseudonymiser,
            _ => one.By == protocol.Source ? Party.Source : null,
        };
    }

    // The recipients' side of a standard text advises through the keeper of the register; each local government's own officer advises again at its accession.
    internal static bool MayAdvise(Protocol protocol, RegisterEvent.Advised advised) => (advised.Party, PartyOf(protocol, advised)) is (Party.Source, Party.Source) or (Party.Recipient, Party.Hub);

    private static bool IsAdvised(Dictionary<Party, RegisterEvent.Advised> advices, DateOnly today) =>
        new[] { Party.Source, Party.Recipient }.All(party => advices.TryGetValue(party, out var advised) && advised.Advice.IsReasoned && advised.Advice.On <= today);

    private static Decision PublicationOf(Protocol protocol, Dictionary<Party, RegisterEvent.Advised> advices, HashSet<Party> signed, IReadOnlyList<string> places, DateOnly day) =>
        Decide.Publish(protocol, new PublicationFacts
        {
            Today = day,
            Advices = advices.ToDictionary(entry => entry.Key, entry => entry.Value.Advice),
            SignedBy = signed,
            Places = places,
        });
}

/// <summary>What is known when a text is to be made public (nl: feiten over een bekendmaking). A fact that is not there refuses.</summary>
public sealed record PublicationFacts
{
    /// <summary>The day, Europe/Brussels.</summary>
    public required DateOnly Today { get; init; }

    /// <summary>The advice of each side.</summary>
    public required IReadOnlyDictionary<Party, OfficerAdvice>? Advices { get; init; }

    /// <summary>The parties that signed this text.</summary>
    public required IReadOnlySet<Party>? SignedBy { get; init; }

    /// <summary>Where it is made public.</summary>
    public required IReadOnlyList<string>? Places { get; init; }
}
