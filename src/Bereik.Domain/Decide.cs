namespace Bereik.Domain;

/// <summary>
/// The one place that permits a disclosure (nl: beslissen). Pure: the same protocol, request and facts give the same
/// decision, with every reason. What is unknown or missing refuses.
/// </summary>
public static class Decide
{
    /// <summary>An order with less time than this before its epoch ends is refused, since its steps would cross it.</summary>
    public static readonly TimeSpan LeastTimeInEpoch = TimeSpan.FromMinutes(30);

    /// <summary>May this organisation order this list?</summary>
    /// <param name="protocol">The protocol named in the order; null when the node does not have it.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="facts">What the node knows.</param>
    /// <returns>Refuse when any refusing reason holds, else hold when the known set needs review, else permit.</returns>
    public static Decision Order(Protocol? protocol, OrderRequest request, OrderFacts facts)
    {
        if (protocol is null)
        {
            return new Decision(Outcome.Refuse, [Reasons.ProtocolUnknown]);
        }

        var refusals = new List<Reason>();
        void Refuse(bool when, Reason reason)
        {
            if (when) refusals.Add(reason);
        }

        Refuse(protocol.Hash != request.ProtocolHash, Reasons.ProtocolDiffers);
        Refuse(protocol.Flow != request.Flow, Reasons.FlowNotInProtocol);
        Refuse(protocol.Source != request.Source, Reasons.SourceNotInProtocol);
        Refuse(facts.RecipientKind != protocol.Recipient, Reasons.RecipientNotInProtocol);
        Refuse(protocol.Ground != GroundState.Verified && !facts.SyntheticOnly, Reasons.GroundUnverified);
        Refuse(!facts.Territory.Contains(request.Nis), Reasons.OutsideTerritory);
        Refuse(request.ReferenceMonth > Month.Of(BelgianTime.DayOf(facts.Now)), Reasons.MonthInFuture);
        Refuse(request.Epoch != Epoch.At(facts.Now), Reasons.EpochNotCurrent);
        Refuse(
            request.ExpiresAt > request.Epoch.End || facts.Now + LeastTimeInEpoch > request.Epoch.End,
            Reasons.EpochCrossed);
        Refuse(request.ExpiresAt <= facts.Now, Reasons.OrderExpired);
        Refuse(request.ExpiresAt > request.IssuedAt.AddDays(protocol.AnswerWithinDays), Reasons.TermTooLong);
        Refuse(facts.ContextSeen, Reasons.ContextReused);
        Refuse(facts.AlreadyDelivered, Reasons.AlreadyDelivered);
        Refuse(facts.AnotherOpen, Reasons.AnotherOpen);
        Refuse(facts.EarlierAttempts > protocol.Repeats, Reasons.TooManyAttempts);
        Refuse(!OperatorsDisjoint(facts.Operators, request.Flow), Reasons.OperatorsOverlap);
        Refuse((request.KnownCount is null) != (request.Flow != Flow.Unknown), Reasons.KnownCountMissing);
        Refuse(request.KnownCount < 0, Reasons.KnownCountMissing);
        if (refusals.Count > 0) return new Decision(Outcome.Refuse, refusals);

        var holds = new List<Reason>();
        if (request.KnownCount is { } known)
        {
            if (known == 0) holds.Add(Reasons.KnownSetEmpty);
            else if (known < protocol.KnownFloor) holds.Add(Reasons.KnownSetBelowFloor);
            if (facts.EarlierKnownCount is { } earlier && Shrank(earlier, known, protocol.KnownShrinkPercent)) holds.Add(Reasons.KnownSetShrank);
        }

        return holds.Count > 0 ? new Decision(Outcome.Hold, holds) : new Decision(Outcome.Permit, []);
    }

    /// <summary>May a row that was received under this protocol be read or assigned for this purpose?</summary>
    /// <param name="protocol">The protocol that the row carries; null when the node does not have that text.</param>
    /// <param name="purpose">What somebody wants to do with it.</param>
    /// <returns>Permit only for the purpose of the protocol's own flow.</returns>
    public static Decision Use(Protocol? protocol, Purpose purpose)
    {
        if (protocol is null) return new Decision(Outcome.Refuse, [Reasons.ProtocolUnknown]);
        return protocol.Flow.Purpose() == purpose ? new Decision(Outcome.Permit, []) : new Decision(Outcome.Refuse, [Reasons.PurposeNotGranted]);
    }

    /// <summary>May a row be read or assigned for this purpose today?</summary>
    /// <param name="protocol">As in the other form.</param>
    /// <param name="purpose">As in the other form.</param>
    /// <param name="today">Today, Europe/Brussels.</param>
    /// <param name="deleteBy">The last day on which the row may be there.</param>
    /// <returns>Refuse for another purpose and after that day, with both reasons when both hold.</returns>
    public static Decision Use(Protocol? protocol, Purpose purpose, DateOnly today, DateOnly deleteBy)
    {
        var reasons = Use(protocol, purpose).Reasons.ToList();
        if (today > deleteBy) reasons.Add(Reasons.RetentionOver);
        return new Decision(reasons.Count > 0 ? Outcome.Refuse : Outcome.Permit, reasons);
    }

    private static bool Shrank(int earlier, int now, int percent) => (long)now * 100 < (long)earlier * (100 - percent);

    // A party that runs two of the roles would hold what design keeps apart, so the same name, or no name, refuses.
    private static bool OperatorsDisjoint(IReadOnlyDictionary<OrganisationKind, string?> operators, Flow flow)
    {
        OrganisationKind[] needed =
        [
            OrganisationKind.Hub, OrganisationKind.Pseudonymiser, OrganisationKind.Source,
            flow == Flow.Match ? OrganisationKind.Municipality : OrganisationKind.PublicCentreForWelfare,
        ];
        var names = needed.Select(kind => operators.GetValueOrDefault(kind)).ToList();
        return names.All(name => !string.IsNullOrWhiteSpace(name)) && names.Distinct(StringComparer.OrdinalIgnoreCase).Count() == needed.Length;
    }
}
