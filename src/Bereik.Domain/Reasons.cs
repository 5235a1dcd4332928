namespace Bereik.Domain;

/// <summary>Every reason that a decision on an order can give (nl: redenen), each with its stable code.</summary>
public static class Reasons
{
    /// <summary>The node has no protocol of that name and version.</summary>
    public static readonly Reason ProtocolUnknown = new("protocol.unknown", null, "Dit protocol is hier niet bekend.", "This protocol is not known here.");

    /// <summary>The order was made under another text.</summary>
    public static readonly Reason ProtocolDiffers = new("protocol.differs", null, "De aanvraag gebruikt een andere tekst van het protocol dan dit knooppunt.", "The order uses another text of the protocol than this node.");

    /// <summary>The protocol does not allow this kind of exchange.</summary>
    public static readonly Reason FlowNotInProtocol = new("flow.notInProtocol", "doel", "Het protocol laat deze soort uitwisseling niet toe.", "The protocol does not allow this kind of exchange.");

    /// <summary>The protocol is not with this source.</summary>
    public static readonly Reason SourceNotInProtocol = new("source.notInProtocol", "partijen", "Deze bron is geen partij bij het protocol.", "This source is no party to the protocol.");

    /// <summary>The asking organisation is of another kind, or not registered.</summary>
    public static readonly Reason RecipientNotInProtocol = new("recipient.notInProtocol", "partijen", "Uw organisatie is geen ontvanger in dit protocol.", "Your organisation is no recipient in this protocol.");

    /// <summary>The legal ground is not verified and the node works on real numbers.</summary>
    public static readonly Reason GroundUnverified = new("ground.unverified", "rechtsgrond", "De rechtsgrond is nog niet nagekeken. Dit protocol werkt alleen op verzonnen gegevens.", "The legal ground has not been verified. This protocol runs on synthetic data only.");

    /// <summary>The municipality is not the asker's own.</summary>
    public static readonly Reason OutsideTerritory = new("order.outsideTerritory", "grondgebied", "U kunt alleen een lijst aanvragen voor uw eigen gemeente.", "You can only order a list for your own municipality.");

    /// <summary>The reference month has not begun.</summary>
    public static readonly Reason MonthInFuture = new("order.monthInFuture", "periodiciteit", "De referentiemaand is nog niet begonnen.", "The reference month has not begun.");

    /// <summary>The tokens' epoch is not the current one.</summary>
    public static readonly Reason EpochNotCurrent = new("order.epochNotCurrent", null, "De aanvraag is voor een ander kwartaal gemaakt. Maak ze opnieuw.", "The order was made for another quarter. Make it again.");

    /// <summary>The order would run into the next epoch.</summary>
    public static readonly Reason EpochCrossed = new("order.epochCrossed", null, "De aanvraag zou over het einde van het kwartaal lopen. Maak ze opnieuw in het nieuwe kwartaal.", "The order would run past the end of the quarter. Make it again in the new quarter.");

    /// <summary>The order's time is over.</summary>
    public static readonly Reason OrderExpired = new("order.expired", "termijn", "De termijn van deze aanvraag is voorbij.", "The time of this order is over.");

    /// <summary>The order asks for more time than the protocol gives.</summary>
    public static readonly Reason TermTooLong = new("order.termTooLong", "termijn", "De aanvraag loopt langer dan het protocol toelaat.", "The order runs longer than the protocol allows.");

    /// <summary>A context may be used once.</summary>
    public static readonly Reason ContextReused = new("order.contextReused", null, "Deze aanvraag is al eens gebruikt.", "This order has been used before.");

    /// <summary>One delivered list per protocol, recipient and month.</summary>
    public static readonly Reason AlreadyDelivered = new("periodicity.exceeded", "periodiciteit", "Deze lijst is al geleverd voor deze maand.", "This list has already been delivered for this month.");

    /// <summary>An earlier order for the same list is not finished.</summary>
    public static readonly Reason AnotherOpen = new("order.anotherOpen", "periodiciteit", "Er loopt al een aanvraag voor deze lijst en deze maand.", "An order for this list and month is already under way.");

    /// <summary>Repeating an order is limited, since each repeat tells a little more.</summary>
    public static readonly Reason TooManyAttempts = new("order.tooManyAttempts", "periodiciteit", "Deze lijst is voor deze maand al te vaak aangevraagd.", "This list has been ordered too often for this month.");

    /// <summary>Hub, pseudonymiser and both edges must be run by four different operators.</summary>
    public static readonly Reason OperatorsOverlap = new("operators.overlap", "rollen", "Knooppunt, pseudonimiseringsdienst, bron en ontvanger moeten door vier verschillende uitbaters gedraaid worden.", "Hub, pseudonymiser, source and recipient must be run by four different operators.");

    /// <summary>An order of unknown families must state how many people are known, and only such an order.</summary>
    public static readonly Reason KnownCountMissing = new("order.knownCountMissing", "eigen-gegevens", "Het aantal gekende personen ontbreekt of hoort niet bij deze aanvraag.", "The number of known people is missing or does not belong in this order.");

    /// <summary>An empty known set would yield every family.</summary>
    public static readonly Reason KnownSetEmpty = new("order.knownSetEmpty", "eigen-gegevens", "De lijst van gekende personen is leeg: dan zou elk gezin geleverd worden.", "The list of known people is empty: every family would be delivered.");

    /// <summary>The known set is smaller than agreed.</summary>
    public static readonly Reason KnownSetBelowFloor = new("order.knownSetBelowFloor", "eigen-gegevens", "Er zijn minder gekende personen dan het protocol verwacht.", "There are fewer known people than the protocol expects.");

    /// <summary>The known set is much smaller than last time.</summary>
    public static readonly Reason KnownSetShrank = new("order.knownSetReview", "eigen-gegevens", "Er zijn veel minder gekende personen dan bij de vorige aanvraag.", "There are far fewer known people than in the last order.");

    /// <summary>A row may be used only for what its protocol was made for.</summary>
    public static readonly Reason PurposeNotGranted = new("purpose.notGranted", "doel", "Deze gegevens zijn voor een ander doel gekregen. Het protocol laat dit gebruik niet toe.", "This data was received for another purpose. The protocol does not allow this use.");

    /// <summary>The days for which a row may be kept are over.</summary>
    public static readonly Reason RetentionOver = new("retention.over", "bewaartermijn", "De bewaartermijn van deze gegevens is voorbij.", "The time for which this data may be kept is over.");
}
